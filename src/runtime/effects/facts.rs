//! Telling the facts of an entity's repository: what is kept at once, and what its host says behind it.

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use tokio::sync::mpsc::Sender;
use tokio_util::sync::CancellationToken;

use crate::app::page::entity::{Kept, Told};
use crate::app::{Answer, Msg};
use crate::catalog::EntityRef;
use crate::sync::facts::{self, KeptFacts};
use crate::sync::{Session, SyncError};

/// Tells what there is to tell of the repository of `entity_ref`; asks its host where what is kept is old, or `anew`.
pub(super) async fn tell(
    session: Arc<Session>,
    entity_ref: EntityRef,
    anew: bool,
    messages: Sender<Msg>,
    cancel: CancellationToken,
) {
    let mut kept = None;
    let found = find(&session, &entity_ref, anew, &messages, &cancel, &mut kept);
    let told = Box::pin(found).await;
    let told = match told {
        // Nobody waits for it any more.
        Err(SyncError::Cancelled) => return,
        Err(error) => {
            tracing::warn!(%error, "the facts of a repository could not be had");
            Told::Failed(error.to_string(), kept)
        }
        Ok(told) => told,
    };
    let _ = messages
        .send(Msg::Answer(Answer::Facts(entity_ref, told)))
        .await;
}

async fn find(
    session: &Session,
    entity_ref: &EntityRef,
    anew: bool,
    messages: &Sender<Msg>,
    cancel: &CancellationToken,
    kept: &mut Option<Kept>,
) -> Result<Told, SyncError> {
    let Some(stored) = session.store.entity(entity_ref)? else {
        return Ok(Told::Nowhere("the catalog has no such entity".to_owned()));
    };
    if let Some(made_up) = facts::of_demo(&stored.entity) {
        return Ok(Told::Known(Kept {
            facts: Arc::new(made_up),
            asked: None,
        }));
    }
    let at = match facts::repository(session, &stored.entity) {
        Ok(at) => at,
        Err(why) => return Ok(Told::Nowhere(why)),
    };
    if let Some(known) = facts::kept(session, &at)? {
        let is_fresh = facts::is_fresh(&known);
        let known = shown(known);
        if is_fresh && !anew {
            return Ok(Told::Known(known));
        }
        *kept = Some(known);
    }
    let asking = Told::Asking(kept.clone());
    let _ = messages
        .send(Msg::Answer(Answer::Facts(entity_ref.clone(), asking)))
        .await;
    Box::pin(facts::ask(session, &at, cancel))
        .await
        .map(shown)
        .map(Told::Known)
}

fn shown(kept: KeptFacts) -> Kept {
    let since = kept.asked.duration_since(UNIX_EPOCH);
    Kept {
        facts: Arc::new(kept.facts),
        asked: Some(since.unwrap_or_default().as_secs()),
    }
}
