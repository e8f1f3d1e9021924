//! What changed in the record since the snapshot was built, so that this alone is read again and merged into it.
//!
//! The table `newer` holds every reference of which the changes behind `meta.newer_since` changed something that a
//! snapshot shows; it may hold more. With a snapshot of that change or a later one they make the present one. Any other
//! snapshot is built anew.

use std::collections::HashSet;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Transaction};

use super::connection::State;
use super::error::Fault;
use super::snapshot::Header;
use super::{entities, refs};
use crate::catalog::index::{IndexBuilder, Tally};
use crate::catalog::{EntityRef, Index};

/// So many references are noted in any record.
const FEW: usize = 100;
/// Where more than one in so many entities changed, reading all of them again is as quick.
const PART: usize = 4;

/// The references that a change touches.
#[derive(Debug)]
pub(super) struct Touched {
    /// Their numbers; `None` where there are too many to note, or where it is not known.
    refs: Option<HashSet<i64>>,
    most: usize,
}

impl Touched {
    /// None yet.
    pub(super) fn none(tx: &Transaction<'_>) -> rusqlite::Result<Self> {
        let entities: usize =
            tx.query_row("SELECT coalesce(sum(entities), 0) FROM source", [], |row| {
                row.get(0)
            })?;
        Ok(Self {
            refs: Some(HashSet::new()),
            most: FEW.max(entities / PART),
        })
    }

    /// Adds the reference numbered `id`.
    pub(super) fn add(&mut self, id: i64) {
        if let Some(refs) = &mut self.refs {
            refs.insert(id);
            if refs.len() > self.most {
                self.refs = None;
            }
        }
    }

    /// Adds every reference there is.
    pub(super) fn add_all(&mut self) {
        self.refs = None;
    }

    /// Adds the references at which the relations of the entity in `row` are shown. Called before it is removed.
    pub(super) fn add_shown(&mut self, tx: &Transaction<'_>, row: i64) -> rusqlite::Result<()> {
        if self.refs.is_none() {
            return Ok(());
        }
        let mut statement =
            tx.prepare_cached("SELECT DISTINCT shown_at FROM relation WHERE entity = ?1")?;
        let mut rows = statement.query([row])?;
        while let Some(row) = rows.next()? {
            self.add(row.get(0)?);
        }
        Ok(())
    }

    /// Notes them, after the change was counted.
    pub(super) fn note(&self, tx: &Transaction<'_>) -> rusqlite::Result<()> {
        let Some(refs) = &self.refs else {
            return forget(tx);
        };
        let mut insert = tx.prepare_cached("INSERT OR IGNORE INTO newer VALUES (?1)")?;
        for id in refs {
            insert.execute([id])?;
        }
        let noted: usize = tx.query_row("SELECT count(*) FROM newer", [], |row| row.get(0))?;
        if noted > self.most {
            forget(tx)?;
        }
        Ok(())
    }
}

/// Begins to note anew: with a snapshot of the present change, or without any.
pub(super) fn forget(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    tx.execute_batch(
        "DELETE FROM newer;
         UPDATE meta SET value = (SELECT value FROM meta WHERE key = 'generation') WHERE key = 'newer_since'",
    )
}

/// The snapshot `index` with what changed since; `None` where that is not known, or too much.
pub(super) fn merged(
    connection: &Connection,
    header: Header,
    index: &Index,
) -> Result<Option<Arc<Vec<u8>>>, Fault> {
    let Some(ids) = since(connection, header)? else {
        return Ok(None);
    };
    if index.is_empty() || ids.len() > FEW.max(index.len() / PART) {
        return Ok(None);
    }
    let mut builder = IndexBuilder::default();
    let mut changed = Vec::with_capacity(ids.len());
    for id in ids {
        changed.push(read_again(connection, id, &mut builder)?);
    }
    let newer = Index::open(Arc::new(builder.finish()?))?;
    let bytes = Arc::new(index.merged(&newer, &changed)?);
    // A reference that was forgotten to be noted must not cost an entity.
    let entities: usize =
        connection.query_row("SELECT count(DISTINCT ref) FROM entity", [], |row| {
            row.get(0)
        })?;
    let is_whole = Index::open(bytes.clone())?.len() == entities;
    if !is_whole {
        tracing::warn!(
            entities,
            "what changed was not all noted; all is read again"
        );
    }
    Ok(is_whole.then_some(bytes))
}

/// The references of which anything may differ from what a snapshot with `header` shows, or `None` for all.
fn since(connection: &Connection, header: Header) -> rusqlite::Result<Option<Vec<i64>>> {
    let since: Option<i64> = connection
        .query_row(
            "SELECT value FROM meta WHERE key = 'newer_since'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    let state = State::of(connection)?;
    if state.id != header.id || since.is_none_or(|since| header.generation < since) {
        return Ok(None);
    }
    // An entity brings its relations, which are shown at their other ends too, and it is what findings may have missed.
    let mut statement = connection.prepare(
        "SELECT ref FROM newer
         UNION SELECT shown_at FROM newer CROSS JOIN entity ON entity.ref = newer.ref
             CROSS JOIN relation ON relation.entity = entity.id
         UNION SELECT problem.ref FROM problem CROSS JOIN newer ON newer.ref = problem.missing
             WHERE problem.ref IS NOT NULL",
    )?;
    let ids = statement.query_map([], |row| row.get(0))?;
    ids.collect::<rusqlite::Result<_>>().map(Some)
}

/// Gives what is now kept under the reference numbered `id` to `builder`; answers with the reference.
fn read_again(
    connection: &Connection,
    id: i64,
    builder: &mut IndexBuilder,
) -> Result<EntityRef, Fault> {
    let Some(stored) = entities::by_ref(connection, id)? else {
        return Ok(refs::by_number(connection, id)?);
    };
    let tally: Tally = stored.problems.iter().map(|it| it.level).collect();
    builder.push(&stored.entity, tally)?;
    for relation in &stored.relations {
        let source = builder.intern(&relation.source)?;
        let target = builder.intern(&relation.target)?;
        builder.relate(source, relation.relation_type, target);
    }
    Ok(stored.entity.entity_ref)
}
