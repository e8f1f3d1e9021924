//! What is due: host → ingest → store, with progress and cancellation.
//!
//! A [`Session`] is one opened set of sources: its configuration, its store and its folder. [`sync`] asks the hosts and
//! keeps what they answer; [`ensure`] fills an empty cache from sources that need no network; [`docs`] brings the
//! documentation of entities.

pub mod docs;
mod error;
mod report;
mod session;

use tokio_util::sync::CancellationToken;

pub use error::{Class, SyncError};
pub use report::{Failure, Phase, Progress, SourceReport, SyncReport};
pub use session::{Options, Session};

/// What to refresh.
#[derive(Debug, Clone, Default)]
pub struct SyncRequest {
    /// Only the sources with these names, as `Source` displays them; empty for all.
    pub only: Vec<String>,
    /// Whether everything is asked for again, whatever is known already.
    pub full: bool,
}

/// Where progress goes; called often, from several tasks.
pub type OnProgress<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// Asks the hosts of `session` and keeps what they answer.
///
/// A source that fails keeps what it had and is named in the report; an error is returned only where nothing could be
/// done at all.
pub async fn sync(
    session: &Session,
    request: &SyncRequest,
    on_progress: OnProgress<'_>,
    cancel: &CancellationToken,
) -> Result<SyncReport, SyncError> {
    let _ = (session, request, on_progress, cancel);
    Ok(SyncReport::default())
}

/// Reads the sources that need no network, where nothing of them is kept yet or their files are newer.
///
/// `None` where nothing had to be done.
pub async fn ensure(
    session: &Session,
    on_progress: OnProgress<'_>,
    cancel: &CancellationToken,
) -> Result<Option<SyncReport>, SyncError> {
    let _ = (session, on_progress, cancel);
    Ok(None)
}
