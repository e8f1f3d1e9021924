//! Pages beside the catalog, brought to be found with it: asked when sources are read, never while somebody types.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::report::{Failure, SourceReport};
use super::{Manner, Session, SyncError};
use crate::config::Elsewhere;
use crate::host::elsewhere::fetch;

/// Asks the sources of pages that were last asked longer ago than `age`, and keeps what changed. A source that fails
/// keeps what it had; the reports of those are returned.
pub async fn refresh(
    session: &Session,
    age: Duration,
    cancel: &CancellationToken,
) -> Result<Vec<SourceReport>, SyncError> {
    let sources = &session.config.elsewhere;
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    let states = session.store.elsewhere_sources()?;
    if session.offline || (sources.is_empty() && states.is_empty()) {
        return Ok(Vec::new());
    }
    session.prepare()?;
    session.store.retain_elsewhere(&names)?;
    let mut failed = Vec::new();
    for source in sources {
        let state = states.iter().find(|state| state.name == source.name);
        let is_fresh =
            state.is_some_and(|state| state.asked.elapsed().is_ok_and(|then| then < age));
        if is_fresh || cancel.is_cancelled() {
            continue;
        }
        tracing::info!(source = source.name, "asking for pages");
        let brought = tokio::select! {
            biased;
            () = cancel.cancelled() => Err(SyncError::Cancelled),
            brought = bring(session, source) => brought,
        };
        if let Err(error) = brought {
            if matches!(error, SyncError::Cancelled) {
                return Err(error);
            }
            let message = error.to_string();
            session
                .store
                .mark_elsewhere_failed(&source.name, &message)?;
            failed.push(SourceReport {
                source: format!("search:{}", source.name),
                failure: Some(Failure {
                    class: error.class(),
                    message,
                }),
                ..SourceReport::default()
            });
        }
    }
    Ok(failed)
}

async fn bring(session: &Session, source: &Elsewhere) -> Result<(), SyncError> {
    let known = session.store.elsewhere_versions(&source.name)?;
    let context = session.context(Manner::Usual);
    let found = fetch(source, &known, &context).await?;
    let store = &session.store;
    store.put_elsewhere(&source.name, &found.keys, &found.pages)?;
    Ok(())
}
