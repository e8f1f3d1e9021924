//! The catalog as a Backstage with the same sources would answer it at `GET /api/catalog/entities`.
//!
//! Of several sources that describe one entity that one counts which such a Backstage would come upon first: the one to
//! which the fewest Locations lead, then the first in the configuration. Where it refuses that one, it shows none. Only entities that it takes state relations.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use rusqlite::Connection;
use serde_json::Value;

use super::doubles::DOUBLED;
use super::entities::{all_were_read, from_row, relation_type};
use super::error::Fault;
use super::{Store, StoreError, refs};
use crate::catalog::backstage::{self, RootLocation};
use crate::catalog::{EntityRef, Integrations, Relation};

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
            let left_out = left_out(tx)?;
            let mut statement = tx.prepare(
                "SELECT kind, namespace, name, body, provenance, sum, e.ref, e.id
                 FROM entity e JOIN ref ON ref.id = e.ref
                 ORDER BY kind || ':' || namespace || '/' || name",
            )?;
            let mut rows = statement.query([])?;
            let mut read = 0;
            while let Some(row) = rows.next()? {
                read += 1;
                if left_out.contains(&row.get(7)?) {
                    continue;
                }
                let entity = from_row(row)?;
                let entity_ref = entity.entity_ref.clone();
                while let Some((first, root)) =
                    roots.pop_if(|(root, _)| root.as_str() < entity_ref.as_str())
                {
                    if visit(&first, root.entity(hosts)).is_break() {
                        return Ok(());
                    }
                }
                let relations = relations(tx, row.get(6)?, &entity_ref, &left_out)?;
                if visit(&entity_ref, backstage::entity(entity, &relations, hosts)).is_break() {
                    return Ok(());
                }
            }
            for (entity_ref, root) in roots.into_iter().rev() {
                if visit(&entity_ref, root.entity(hosts)).is_break() {
                    return Ok(());
                }
            }
            all_were_read(tx, read)
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

/// One of several descriptions of an entity.
struct Description {
    row: i64,
    location: String,
    /// What decides which one Backstage comes upon first: how many Locations lead there, then the configuration.
    order: (u32, i64, i64),
}

/// The rows of the entities that Backstage does not show.
///
/// Of several descriptions in different files the first counts, and of the same file the last, since each takes the
/// place of the one before.
fn left_out(connection: &Connection) -> Result<HashSet<i64>, Fault> {
    let mut statement =
        connection.prepare("SELECT id FROM entity WHERE provenance ->> 'refused' IS NOT NULL")?;
    let refused = statement.query_map([], |row| row.get(0))?;
    let mut left_out = refused.collect::<rusqlite::Result<HashSet<i64>>>()?;
    let mut statement = connection.prepare(&format!(
        "SELECT e.ref, e.id, e.provenance ->> 'location', coalesce(e.provenance ->> 'depth', 0), s.position, s.id
         FROM entity e JOIN source s ON s.id = e.source
         WHERE e.ref IN {DOUBLED} AND e.provenance ->> 'unseen' IS NULL"
    ))?;
    let mut rows = statement.query([])?;
    let mut doubled: HashMap<i64, Vec<Description>> = HashMap::new();
    while let Some(row) = rows.next()? {
        doubled.entry(row.get(0)?).or_default().push(Description {
            row: row.get(1)?,
            location: row.get(2)?,
            order: (row.get(3)?, row.get(4)?, row.get(5)?),
        });
    }
    for mut descriptions in doubled.into_values() {
        descriptions.sort_by_key(|description| description.order);
        let Some(first) = descriptions.first() else {
            continue;
        };
        let same = |description: &&Description| description.location == first.location;
        let counts = descriptions.iter().rfind(same).map(|last| last.row);
        let others = descriptions.iter().map(|description| description.row);
        left_out.extend(others.filter(|&row| Some(row) != counts));
    }
    Ok(left_out)
}

/// The relations at the entity with the reference number `id`, but for those that only rows of `left_out` state.
fn relations(
    connection: &Connection,
    id: i64,
    source: &EntityRef,
    left_out: &HashSet<i64>,
) -> Result<Vec<Relation>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT kind, namespace, name, type, entity FROM relation r JOIN ref ON ref.id = r.target
         WHERE r.shown_at = ?1",
    )?;
    let mut rows = statement.query([id])?;
    let mut relations = Vec::new();
    while let Some(row) = rows.next()? {
        if !left_out.contains(&row.get(4)?) {
            relations.push(Relation {
                source: source.clone(),
                relation_type: relation_type(row, 3)?,
                target: refs::from_row(row, 0)?,
            });
        }
    }
    Ok(relations)
}
