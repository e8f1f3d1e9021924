//! What belongs to the person at the keyboard: stars, visits, and queries that they saved.

use std::collections::BTreeMap;
use std::time::SystemTime;

use rusqlite::{OptionalExtension, params};

use super::connection::{capped, now, time};
use super::{Store, StoreError, refs};
use crate::catalog::EntityRef;

/// After so many milliseconds a visit counts half: two weeks.
const HALF_LIFE: f64 = 14.0 * 24.0 * 3_600_000.0;

/// How often and when an entity was last looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// The entity.
    pub entity: EntityRef,
    /// How often.
    pub count: u32,
    /// When last.
    pub last: SystemTime,
    /// How many visits it is worth now: each counts one on its day, and half with every two weeks since.
    pub heat: f64,
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
            let id = refs::number(tx, entity)?;
            let now = now();
            let before = tx
                .prepare_cached("SELECT heat, last FROM visit WHERE ref = ?1")?
                .query_row([id], |row| Ok(cooled(row.get(0)?, row.get(1)?, now)))
                .optional()?;
            tx.execute(
                "INSERT INTO visit (ref, count, last, heat) VALUES (?1, 1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET count = count + 1, last = excluded.last, heat = excluded.heat",
                params![id, now, before.unwrap_or(0.0) + 1.0],
            )?;
            Ok(())
        })
    }

    /// The entities looked at, the latest first.
    pub fn visits(&self, limit: usize) -> Result<Vec<Visit>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached(
                "SELECT kind, namespace, name, count, last, heat FROM visit JOIN ref ON ref.id = visit.ref
                 ORDER BY last DESC, count DESC, kind, namespace, name LIMIT ?1",
            )?;
            let now = now();
            let visits = statement.query_map([capped(limit)], |row| {
                Ok(Visit {
                    entity: refs::from_row(row, 0)?,
                    count: row.get(3)?,
                    last: time(row.get(4)?),
                    heat: cooled(row.get(5)?, row.get(4)?, now),
                })
            })?;
            Ok(visits.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Saves a query under a name, in place of what had that name; `None` forgets it. Says whether the name was taken.
    pub fn save_query(&self, name: &str, text: Option<&str>) -> Result<bool, StoreError> {
        self.keep_query(name, text, None)
    }

    /// The same with how the catalog page shows it.
    pub fn save_view(&self, name: &str, text: &str, view: &str) -> Result<bool, StoreError> {
        self.keep_query(name, Some(text), Some(view))
    }

    fn keep_query(
        &self,
        name: &str,
        text: Option<&str>,
        view: Option<&str>,
    ) -> Result<bool, StoreError> {
        self.write(|tx| {
            let had = tx.execute("DELETE FROM query WHERE name = ?1", [name])? > 0;
            if let Some(text) = text {
                tx.execute(
                    "INSERT INTO query (name, text, view) VALUES (?1, ?2, ?3)",
                    params![name, text, view],
                )?;
            }
            Ok(had)
        })
    }

    /// The names of the saved queries, each with how the catalog page shows it, where it was saved there.
    pub fn views(&self) -> Result<BTreeMap<String, Option<String>>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached("SELECT name, view FROM query")?;
            let views = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(views.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The saved queries, by name.
    pub fn queries(&self) -> Result<BTreeMap<String, String>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached("SELECT name, text FROM query")?;
            let queries = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(queries.collect::<rusqlite::Result<_>>()?)
        })
    }
}

/// What is left `now` of the heat that there was at `then`, in milliseconds.
#[expect(clippy::cast_precision_loss, reason = "a rounded time decays as well")]
fn cooled(heat: f64, then: i64, now: i64) -> f64 {
    let age = now.saturating_sub(then).max(0) as f64;
    heat * (-age / HALF_LIFE).exp2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_cool_down() {
        let day = 24 * 3_600_000;
        assert!((cooled(4.0, 0, 14 * day) - 2.0).abs() < 1e-9);
        assert!((cooled(4.0, 0, 28 * day) - 1.0).abs() < 1e-9);
        assert!((cooled(4.0, day, 0) - 4.0).abs() < 1e-9, "a clock set back");
    }
}
