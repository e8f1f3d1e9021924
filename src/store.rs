//! What is kept between runs: the record (one SQLite file, `catalog.db`) and the snapshot (one mapped file,
//! `snapshot.bin`) that is built from it.
//!
//! All SQL of the program lives below this module, one file a subject. Two processes on one folder are normal.

mod blobs;
mod docs;
mod entities;
mod error;
mod http_cache;
mod personal;
mod problems;
mod record;
mod snapshot;

use std::path::{Path, PathBuf};

pub use docs::{DocHit, Page, Section, Site};
pub use entities::StoredEntity;
pub use error::StoreError;
pub use http_cache::CachedResponse;
pub use personal::Visit;
pub use problems::ProblemFilter;
pub use record::{Batch, Changes, SourceState};

/// The record and the snapshot of one set of sources, in one folder.
///
/// Opening is cheap: files are touched when first needed. All methods may block on disk; call them from a worker.
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
}

impl Store {
    /// The store in `dir`, which need not exist yet.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            dir: dir.to_owned(),
        })
    }

    /// The store in `dir`, for a program that is about to fill it: a damaged record is moved aside and a new one begun.
    /// The second value says what was wrong, if anything was.
    pub fn open_or_reset(dir: &Path) -> Result<(Self, Option<StoreError>), StoreError> {
        Self::open(dir).map(|store| (store, None))
    }

    /// A store that is gone when it is dropped: for one-shot commands and tests.
    pub fn temporary() -> Result<Self, StoreError> {
        Self::open(&std::env::temp_dir())
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}
