//! The catalog as a Backstage with the same sources would answer it at `GET /api/catalog/entities`.
//!
//! Of several sources that describe one entity the first one counts that such a Backstage would come upon at all; where
//! it refuses that one, it shows none. Only entities that it takes state relations.

use std::ops::ControlFlow;

use rusqlite::{Connection, params};
use serde_json::Value;

use super::entities::{all_were_read, from_row, relation_type};
use super::error::Fault;
use super::{Store, StoreError, refs};
use crate::catalog::backstage::{self, RootLocation};
use crate::catalog::{EntityRef, Integrations, Relation};

/// True of an entity `e` that Backstage shows.
const IS_TAKEN: &str = "e.provenance ->> 'refused' IS NULL AND NOT EXISTS (
    SELECT 1 FROM entity o JOIN source mine ON mine.id = e.source JOIN source other ON other.id = o.source
    WHERE o.ref = e.ref AND (other.position, other.id) < (mine.position, mine.id)
    AND o.provenance ->> 'unseen' IS NULL)";

impl Store {
    /// Hands every entity that Backstage would show to `visit`, sorted by its reference, until it breaks; without `uid`
    /// and `etag`. `hosts` are those that it has integrations for.
    pub fn each_in_backstage(
        &self,
        hosts: &Integrations,
        mut visit: impl FnMut(&EntityRef, Value) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        self.read_apart(|tx| {
            let mut roots = roots(tx)?;
            let mut statement = tx.prepare(&format!(
                "SELECT kind, namespace, name, body, provenance, sum, e.ref
                 FROM entity e JOIN ref ON ref.id = e.ref WHERE {IS_TAKEN}
                 ORDER BY kind || ':' || namespace || '/' || name"
            ))?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let entity = from_row(row)?;
                let entity_ref = entity.entity_ref.clone();
                while let Some((first, root)) =
                    roots.pop_if(|(root, _)| root.as_str() < entity_ref.as_str())
                {
                    if visit(&first, root.entity(hosts)).is_break() {
                        return Ok(());
                    }
                }
                let relations = relations(tx, row.get(6)?, &entity_ref)?;
                if visit(&entity_ref, backstage::entity(entity, &relations, hosts)).is_break() {
                    return Ok(());
                }
            }
            for (entity_ref, root) in roots.into_iter().rev() {
                if visit(&entity_ref, root.entity(hosts)).is_break() {
                    return Ok(());
                }
            }
            let kept = tx.query_row("SELECT count(*) FROM entity", [], |row| row.get(0))?;
            all_were_read(tx, kept)
        })
    }
}

/// The locations of all sources that Backstage would have read whole, the last by their references first.
fn roots(connection: &Connection) -> Result<Vec<(EntityRef, RootLocation)>, Fault> {
    let mut statement =
        connection.prepare("SELECT location, min(optional) FROM root GROUP BY location")?;
    let roots = statement.query_map([], |row| {
        let root = RootLocation {
            location: row.get(0)?,
            optional: row.get(1)?,
        };
        Ok((root.entity_ref(), root))
    })?;
    let mut roots = roots.collect::<rusqlite::Result<Vec<_>>>()?;
    roots.sort_unstable_by(|(a, _), (b, _)| b.as_str().cmp(a.as_str()));
    Ok(roots)
}

/// The relations at the entity with the reference number `id` that entities state which Backstage shows.
fn relations(connection: &Connection, id: i64, source: &EntityRef) -> Result<Vec<Relation>, Fault> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT DISTINCT kind, namespace, name, type
         FROM relation r JOIN entity e ON e.id = r.entity JOIN ref ON ref.id = r.target
         WHERE r.shown_at = ?1 AND {IS_TAKEN}"
    ))?;
    let mut rows = statement.query(params![id])?;
    let mut relations = Vec::new();
    while let Some(row) = rows.next()? {
        relations.push(Relation {
            source: source.clone(),
            relation_type: relation_type(row, 3)?,
            target: refs::from_row(row, 0)?,
        });
    }
    Ok(relations)
}
