//! What belongs to the person at the keyboard: stars and visits.

use std::time::SystemTime;

use super::{Store, StoreError};
use crate::catalog::EntityRef;

/// How often and when an entity was last looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The entity.
    pub entity: EntityRef,
    /// How often.
    pub count: u32,
    /// When last.
    pub last: SystemTime,
}

impl Store {
    /// Stars `entity`, or takes the star away.
    pub fn set_star(&self, entity: &EntityRef, starred: bool) -> Result<(), StoreError> {
        let _ = (entity, starred);
        Ok(())
    }

    /// The starred entities, the latest first.
    pub fn stars(&self) -> Result<Vec<EntityRef>, StoreError> {
        Ok(Vec::new())
    }

    /// Notes that `entity` was looked at.
    pub fn visit(&self, entity: &EntityRef) -> Result<(), StoreError> {
        let _ = entity;
        Ok(())
    }

    /// The entities looked at, the latest first.
    pub fn visits(&self, limit: usize) -> Result<Vec<Visit>, StoreError> {
        let _ = limit;
        Ok(Vec::new())
    }
}
