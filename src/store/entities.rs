//! Entities, read back whole.

use std::ops::ControlFlow;

use super::{Store, StoreError};
use crate::catalog::{Entity, EntityRef, Problem, Relation};

/// An entity with all that the record holds about it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEntity {
    /// The entity.
    pub entity: Entity,
    /// The relations shown at it, whoever states them, sorted by type, then target.
    pub relations: Vec<Relation>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

impl Store {
    /// The entity with this reference.
    pub fn entity(&self, entity_ref: &EntityRef) -> Result<Option<StoredEntity>, StoreError> {
        let _ = entity_ref;
        Ok(None)
    }

    /// Every entity, ordered by reference. At 100,000 this takes hundreds of megabytes: prefer
    /// [`Store::each_entity`].
    pub fn entities(&self) -> Result<Vec<StoredEntity>, StoreError> {
        let mut all = Vec::new();
        self.each_entity(|entity| {
            all.push(entity);
            ControlFlow::Continue(())
        })?;
        Ok(all)
    }

    /// Hands every entity to `visit`, ordered by reference, until it breaks.
    pub fn each_entity(
        &self,
        visit: impl FnMut(StoredEntity) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let _ = visit;
        Ok(())
    }
}
