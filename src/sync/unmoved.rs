//! Whether a Git repository is still where it was when it was read: then nothing more is done.
//!
//! A repository whose descriptors lead elsewhere is read each time, since what stands there may change by itself.

use serde::{Deserialize, Serialize};

use crate::config::Source;
use crate::host::Connection;
use crate::host::git::GitHost;
use crate::ingest;
use crate::store::Store;

use super::fresh::Fingerprint;
use super::source::Gave;
use super::{SyncError, rules};

/// What is remembered of a reading.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    revision: String,
    /// How it was read, and by which version of this program: others may read the same otherwise.
    manner: String,
}

impl Known {
    async fn now(host: &GitHost, options: &ingest::Options) -> Result<Self, SyncError> {
        Ok(Self {
            revision: host.revision().await?.to_owned(),
            manner: format!("{} {}", env!("CARGO_PKG_VERSION"), rules::manner(options)),
        })
    }
}

/// Whether what is kept of `source`, which is `host`, is what stands there.
pub(super) async fn is_unmoved(
    host: &GitHost,
    source: &Source,
    store: &Store,
    options: &ingest::Options,
) -> Result<bool, SyncError> {
    let name = source.to_string();
    let mut states = store.sources()?.into_iter();
    if !states.any(|state| state.name == name && state.last_ok.is_some()) {
        return Ok(false);
    }
    let note = store.note(&Fingerprint::key(source))?;
    let known: Option<Known> = note.and_then(|note| serde_json::from_str(&note).ok());
    match known {
        Some(known) => Ok(known == Known::now(host, options).await?),
        None => Ok(false),
    }
}

/// What to remember of `gave`, which was read of `host`: nothing where it was not all, or not all of this repository.
pub(super) async fn note(
    host: &GitHost,
    connection: &Connection,
    gave: &Gave,
    options: &ingest::Options,
) -> Result<String, SyncError> {
    let is_whole = gave.passing.own.is_none() && gave.passing.hosts.is_empty();
    if !is_whole || connection.has_led_elsewhere() {
        return Ok(String::new());
    }
    let known = Known::now(host, options).await?;
    Ok(serde_json::to_string(&known).unwrap_or_default())
}
