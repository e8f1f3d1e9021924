//! What is kept between runs: the record (one SQLite file, `catalog.db`) and the snapshot (one mapped file,
//! `snapshot.bin`) that is built from it.
//!
//! All SQL of the program lives below this module, one file a subject. Two processes on one folder are normal: SQLite's
//! write lock orders all writers, of the snapshot too.
//!
//! # Which of the two is newer
//!
//! A start must not open SQLite before its first frame, and still must not show an old snapshot for good. So whoever
//! changes the record creates the empty file `snapshot.stale` before committing, and whoever has published the latest
//! change removes it, both while holding the write lock. Killed at any moment, at worst the file is there though it
//! need not be: then the next reader compares the generations that the record and the snapshot state.

mod asked;
mod backstage;
mod blobs;
mod check;
mod connection;
mod docs;
mod doubles;
mod elsewhere;
mod entities;
mod entries;
mod error;
mod facts;
mod full_text;
mod http_cache;
mod inventory;
mod left;
mod mapped;
mod migrations;
mod newer;
mod operations;
mod personal;
mod problems;
mod record;
mod refs;
mod snapshot;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;

use std::path::{Path, PathBuf};

use connection::Connections;

pub use docs::{Page, Section, Site};
pub use elsewhere::{ElsewhereHit, ElsewhereState};
pub use entities::StoredEntity;
pub use error::StoreError;
pub use facts::KeptFacts;
pub use full_text::{DescriptionHit, DocHit};
pub use http_cache::CachedResponse;
pub use inventory::{InventoryChange, InventoryRow};
pub use left::Left;
pub use operations::{ApiRow, Operation, OperationHit};
pub use personal::Visit;
pub use problems::ProblemFilter;
pub use record::{Batch, Changes, SourceState};
pub use snapshot::Mended;

/// The record and the snapshot of one set of sources, in one folder.
///
/// Opening is cheap: files are touched when first needed. All methods may block on disk; call them from a worker.
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
    connections: Connections,
    /// The folder of a [`Store::temporary`], removed with it.
    temporary: Option<tempfile::TempDir>,
}

impl Store {
    /// The store in `dir`, which need not exist yet.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        if dir.exists() && !dir.is_dir() {
            return Err(StoreError::Io {
                path: dir.to_owned(),
                source: std::io::ErrorKind::NotADirectory.into(),
            });
        }
        Ok(Self {
            dir: dir.to_owned(),
            connections: Connections::default(),
            temporary: None,
        })
    }

    /// A store that is gone when it is dropped: for one-shot commands and tests.
    pub fn temporary() -> Result<Self, StoreError> {
        let dir = tempfile::Builder::new()
            .prefix("stagedoor-")
            .tempdir()
            .map_err(|source| StoreError::Io {
                path: std::env::temp_dir(),
                source,
            })?;
        let mut store = Self::open(dir.path())?;
        store.temporary = Some(dir);
        Ok(store)
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}
