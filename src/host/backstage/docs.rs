//! The docs that an instance serves (`@backstage/plugin-techdocs-backend`): what it built of an entity's `mkdocs.yml`,
//! file by file.

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{BackstageHost, HostError, MAX_ANSWER};
use crate::catalog::Entity;

/// What an instance tells of a site that it has built.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct SiteMetadata {
    /// What the site calls itself.
    #[serde(default)]
    pub site_name: Option<String>,
    /// What tells the source of one build from the next.
    #[serde(default)]
    etag: Option<String>,
    /// When it was built.
    #[serde(default)]
    build_timestamp: Option<Value>,
    /// Its files, their paths parted by `/`; none where the builder did not say.
    #[serde(default)]
    pub files: Vec<String>,
}

impl SiteMetadata {
    /// What tells one build from the next; `None` where nothing does.
    pub fn revision(&self) -> Option<String> {
        let built = self.build_timestamp.as_ref().map(ToString::to_string);
        let etag = self.etag.clone();
        (built.is_some() || etag.is_some())
            .then(|| format!("{} {}", built.unwrap_or_default(), etag.unwrap_or_default()))
    }
}

impl BackstageHost {
    /// What the instance tells of the docs of `entity`; [`HostError::NotFound`] where it has built none.
    pub async fn docs_metadata(&self, entity: &Entity) -> Result<SiteMetadata, HostError> {
        let url = self.docs_url("metadata/techdocs", entity, "")?;
        let token = self.token().await;
        // A build is asked after each time its docs are opened; that it is still the same is told without its files.
        let get = async |token: Option<crate::config::Secret>| {
            let who = if token.is_some() { "user" } else { "public" };
            let account = format!("{who}@{}", self.host);
            let asked = self
                .http
                .get(&url, &account, MAX_ANSWER, |request| match &token {
                    Some(token) => request.bearer_auth(token.expose()),
                    None => request,
                });
            asked.await
        };
        let bytes = match get(token).await {
            Err(HostError::NotSignedIn { .. }) if self.token.is_none() => {
                get(Some(self.new_guest().await?)).await
            }
            answer => answer,
        };
        let bytes = bytes.map_err(|error| match error {
            HostError::NotSignedIn { reason, .. } => self.refused(&reason),
            error => error,
        })?;
        Self::read(&url, &bytes)
    }

    /// Has the instance build the docs of `entity` where it builds docs itself, and waits for it.
    pub async fn build_docs(&self, entity: &Entity) -> Result<(), HostError> {
        let url = self.docs_url("sync", entity, "")?;
        let request = |client: &reqwest::Client| client.get(url.clone());
        let bytes = self.bytes(&url, "text/event-stream", request).await?;
        let text = String::from_utf8_lossy(&bytes);
        match text.split_once("event: error") {
            None => Ok(()),
            Some((_, rest)) => {
                let said = rest.lines().find_map(|line| line.strip_prefix("data: "));
                let said = said.and_then(|said| serde_json::from_str::<String>(said).ok());
                Err(HostError::Failed {
                    place: url.to_string(),
                    reason: crate::catalog::text::one_line(
                        &said.unwrap_or_else(|| "the docs could not be built".to_owned()),
                    ),
                })
            }
        }
    }

    /// The file at `path` of the docs of `entity`.
    pub async fn docs_file(&self, entity: &Entity, path: &str) -> Result<Vec<u8>, HostError> {
        let url = self.docs_url("static/docs", entity, path)?;
        let request = |client: &reqwest::Client| client.get(url.clone());
        self.bytes(&url, "text/html, application/json", request)
            .await
    }

    /// The address of what `part` of the API has of `entity`. Kind, namespace and name are as written: an instance that
    /// wants them in lower case makes them so itself.
    fn docs_url(&self, part: &str, entity: &Entity, path: &str) -> Result<Url, HostError> {
        let mut url = self.url("/api/techdocs")?;
        if let Ok(mut segments) = url.path_segments_mut() {
            segments
                .extend(part.split('/'))
                .push(entity.namespace())
                .push(entity.kind_name())
                .push(entity.name())
                .extend(path.split('/').filter(|segment| !segment.is_empty()));
        }
        Ok(url)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_build_is_told_from_the_next_where_the_instance_says() {
        let of = |text: &str| serde_json::from_str::<SiteMetadata>(text).unwrap();
        let plain = of(r#"{"site_name": "A", "site_description": "None"}"#);
        assert_eq!(plain.revision(), None);
        let built = of(r#"{"site_name": "A", "build_timestamp": 17, "etag": "x", "files": ["a"]}"#);
        assert_eq!(built.revision().as_deref(), Some("17 x"));
        assert_eq!(built.files, ["a"]);
    }
}
