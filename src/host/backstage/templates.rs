//! What an instance can run: its actions, and the templates of its catalog.

use serde::Deserialize;
use serde_json::Value;

use super::{BackstageHost, HostError};
use crate::catalog::EntityRef;

impl BackstageHost {
    /// The ids of the actions that its scaffolder has.
    pub async fn actions(&self) -> Result<Vec<String>, HostError> {
        #[derive(Deserialize)]
        struct Action {
            id: String,
        }
        let url = self.url("/api/scaffolder/v2/actions")?;
        let actions: Vec<Action> = self
            .signed_in(&url, |client| client.get(url.clone()))
            .await?;
        Ok(actions.into_iter().map(|action| action.id).collect())
    }

    /// The entity `entity_ref` as the instance has it; `None` where it has none.
    pub async fn entity(&self, entity_ref: &EntityRef) -> Result<Option<Value>, HostError> {
        let mut url = self.url("/api/catalog/entities/by-name")?;
        if let Ok(mut segments) = url.path_segments_mut() {
            let kind = entity_ref.kind().to_lowercase();
            segments.extend([&kind, entity_ref.namespace(), entity_ref.name()]);
        }
        match self.signed_in(&url, |client| client.get(url.clone())).await {
            Ok(entity) => Ok(Some(entity)),
            Err(HostError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
