//! What belongs to the person at the keyboard: stars and visits.

use std::time::SystemTime;

use rusqlite::params;

use super::connection::{capped, now, time};
use super::{Store, StoreError, refs};
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
        self.write(|tx| {
            let id = refs::number(tx, entity)?;
            if starred {
                tx.execute(
                    "INSERT INTO star VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                    params![id, now()],
                )?;
            } else {
                tx.execute("DELETE FROM star WHERE ref = ?1", [id])?;
            }
            Ok(())
        })
    }

    /// The starred entities, the latest first.
    pub fn stars(&self) -> Result<Vec<EntityRef>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached(
                "SELECT kind, namespace, name FROM star JOIN ref ON ref.id = star.ref
                 ORDER BY at DESC, kind, namespace, name",
            )?;
            let stars = statement.query_map([], |row| refs::from_row(row, 0))?;
            Ok(stars.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Notes that `entity` was looked at.
    pub fn visit(&self, entity: &EntityRef) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.execute(
                "INSERT INTO visit VALUES (?1, 1, ?2)
                 ON CONFLICT DO UPDATE SET count = count + 1, last = excluded.last",
                params![refs::number(tx, entity)?, now()],
            )?;
            Ok(())
        })
    }

    /// The entities looked at, the latest first.
    pub fn visits(&self, limit: usize) -> Result<Vec<Visit>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached(
                "SELECT kind, namespace, name, count, last FROM visit JOIN ref ON ref.id = visit.ref
                 ORDER BY last DESC, count DESC, kind, namespace, name LIMIT ?1",
            )?;
            let visits = statement.query_map([capped(limit)], |row| {
                Ok(Visit {
                    entity: refs::from_row(row, 0)?,
                    count: row.get(3)?,
                    last: time(row.get(4)?),
                })
            })?;
            Ok(visits.collect::<rusqlite::Result<_>>()?)
        })
    }
}
