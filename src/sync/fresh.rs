//! Whether what is kept of a local source is still what its files say.
//!
//! A fingerprint covers path, size and time of change of the files that a source names and of those they led to. It is
//! kept as a note beside what was read.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use crate::config::Source;
use crate::host::{Address, Connection, HostError, demo};
use crate::store::Store;

/// What is kept of a source's files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fingerprint {
    hash: String,
    /// The files that were read besides those that the source names: targets of Locations, placeholders.
    linked: BTreeSet<PathBuf>,
}

impl Fingerprint {
    /// The key of the note that keeps the fingerprint of `source`.
    pub(super) fn key(source: &Source) -> String {
        format!("files:{source}")
    }

    /// The fingerprint that is kept of `source`.
    pub(super) fn kept(store: &Store, source: &Source) -> Option<Self> {
        let note = store.note(&Self::key(source)).ok()??;
        serde_json::from_str(&note).ok()
    }

    /// The files that were read besides those that the source names.
    pub(super) fn into_linked(self) -> BTreeSet<PathBuf> {
        self.linked
    }

    /// The fingerprint of `source` now, whose descriptors led to `read`; `None` for a source that has no local files.
    /// `manner` tells how files are read: what was read in another manner is not what they say.
    pub(super) async fn take(
        source: &Source,
        connection: &Connection,
        read: &BTreeSet<PathBuf>,
        manner: &str,
    ) -> Result<Option<Self>, HostError> {
        let named: BTreeSet<PathBuf> = match source {
            Source::Demo => return Ok(Some(Self::of_demo(manner))),
            Source::Folder(_) | Source::File(_) => connection
                .discover()
                .await?
                .into_iter()
                .filter_map(|found| path(found.address))
                .collect(),
            Source::Glob(glob) => {
                let base = Address::Path(glob.clone());
                let found = connection.expand(&base, &glob.to_string_lossy())?;
                found.unwrap_or_default().into_iter().collect()
            }
            Source::Url(_)
            | Source::Git(_)
            | Source::Provider(_)
            | Source::People(_)
            | Source::Backstage(_)
            | Source::Unsupported { .. } => {
                return Ok(None);
            }
        };
        let linked: BTreeSet<PathBuf> = read.difference(&named).cloned().collect();
        let mut hash = Xxh3::new();
        hash.update(manner.as_bytes());
        for path in named.iter().chain(&linked) {
            hash.update(path.as_os_str().as_encoded_bytes());
            hash.update(&state(path));
        }
        Ok(Some(Self {
            hash: format!("{:016x}", hash.digest()),
            linked,
        }))
    }

    /// Whether the files of `source` are still as they were when this was taken.
    pub(super) async fn holds(
        &self,
        source: &Source,
        connection: &Connection,
        manner: &str,
    ) -> Result<bool, HostError> {
        let now = Self::take(source, connection, &self.linked, manner).await?;
        Ok(now.is_some_and(|now| now.hash == self.hash))
    }

    /// The demo changes with the program only.
    fn of_demo(manner: &str) -> Self {
        let mut hash = Xxh3::new();
        hash.update(manner.as_bytes());
        demo::each_file(|path, bytes| {
            hash.update(path.as_bytes());
            hash.update(bytes);
        });
        Self {
            hash: format!("{:016x}", hash.digest()),
            linked: BTreeSet::new(),
        }
    }
}

fn path(address: Address) -> Option<PathBuf> {
    match address {
        Address::Path(path) => Some(path),
        Address::Url(_) => None,
    }
}

/// Size and time of change of the file at `path`; zeros where it is gone.
fn state(path: &Path) -> [u8; 24] {
    let mut state = [0; 24];
    if let Ok(metadata) = std::fs::metadata(path) {
        let changed = metadata
            .modified()
            .ok()
            .and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok())
            .map_or(0, |since| since.as_nanos());
        let (size, time) = state.split_at_mut(8);
        size.copy_from_slice(&metadata.len().to_le_bytes());
        time.copy_from_slice(&changed.to_le_bytes());
    }
    state
}
