//! Sources and what they gave: written whole, each in one transaction.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::time::SystemTime;

use rusqlite::{OptionalExtension, Transaction, params};
use xxhash_rust::xxh3::Xxh3;

use super::connection::{milliseconds, now, time};
use super::error::Fault;
use super::newer::Touched;
use super::refs::Known;
use super::{Store, StoreError, full_text, operations, problems};
use crate::catalog::backstage::RootLocation;
use crate::catalog::{Packed, Problem, Provenance, Relation};

/// What one source gave in one sweep.
#[derive(Debug, Default)]
pub struct Batch {
    /// The entities, each with the relations that it states, in both directions. Of two with one reference the first
    /// is kept.
    pub entities: Vec<(Packed, Vec<Relation>)>,
    /// What was wrong.
    pub problems: Vec<Problem>,
    /// The locations that it named or found and that a Backstage would have read whole.
    pub roots: Vec<RootLocation>,
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
        self.write(|tx| {
            let id = source_id(tx, source)?;
            let mut touched = Touched::none(tx)?;
            let changes = Replacement::new(tx, id, &mut touched)?.run(&batch.entities)?;
            let other_problems = problems::replace(tx, id, &batch.problems, &mut touched)?;
            replace_roots(tx, id, &batch.roots)?;
            tx.execute(
                "UPDATE source SET last_ok = ?2, last_tried = ?2, last_error = NULL, entities = ?3
                 WHERE id = ?1",
                params![
                    id,
                    now(),
                    changes.added + changes.changed + changes.unchanged
                ],
            )?;
            if other_problems || changes.added + changes.changed + changes.removed > 0 {
                self.note_change(tx, &touched)?;
            }
            Ok(changes)
        })
    }

    /// Notes that `source` was read and is as before.
    pub fn mark_unchanged(&self, source: &str) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.execute(
                "UPDATE source SET last_ok = ?2, last_tried = ?2, last_error = NULL WHERE id = ?1",
                params![source_id(tx, source)?, now()],
            )?;
            Ok(())
        })
    }

    /// Notes that `source` could not be read; what it gave before stays.
    pub fn mark_failed(&self, source: &str, error: &str) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.execute(
                "UPDATE source SET last_tried = ?2, last_error = ?3 WHERE id = ?1",
                params![source_id(tx, source)?, now(), error],
            )?;
            Ok(())
        })
    }

    /// Notes that `source`, though just put in place, was last read whole `then`: not all could be read now.
    pub fn mark_partial(&self, source: &str, then: SystemTime) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.execute(
                "UPDATE source SET last_ok = ?2 WHERE id = ?1",
                params![source_id(tx, source)?, milliseconds(then)],
            )?;
            Ok(())
        })
    }

    /// Forgets every source that is not among `names`; of two sources with the same entity the earlier name wins.
    pub fn retain_sources(&self, names: &[&str]) -> Result<(), StoreError> {
        self.write(|tx| {
            let before = sources(tx)?;
            let mut touched = Touched::none(tx)?;
            for source in &before {
                if !names.contains(&source.name.as_str()) {
                    let id = source_id(tx, &source.name)?;
                    Replacement::new(tx, id, &mut touched)?.run(&[])?;
                    problems::replace(tx, id, &[], &mut touched)?;
                    replace_roots(tx, id, &[])?;
                    tx.execute("DELETE FROM source WHERE id = ?1", [id])?;
                }
            }
            for (position, name) in (0_i64..).zip(names) {
                let id = source_id(tx, name)?;
                tx.execute(
                    "UPDATE source SET position = ?2 WHERE id = ?1",
                    params![id, position],
                )?;
            }
            let order = |states: &[SourceState]| -> Vec<String> {
                let filled = states.iter().filter(|state| state.entities > 0);
                filled.map(|state| state.name.clone()).collect()
            };
            let (mut before, after) = (order(&before), order(&sources(tx)?));
            if before != after {
                before.retain(|name| names.contains(&name.as_str()));
                if before != after {
                    // Which of two descriptions of one entity counts may be another now, of any of them.
                    touched.add_all();
                }
                self.note_change(tx, &touched)?;
            }
            Ok(())
        })
    }

    /// Every source that was ever tried, in order.
    pub fn sources(&self) -> Result<Vec<SourceState>, StoreError> {
        self.read(|tx| Ok(sources(tx)?))
    }

    /// The note kept under `key`.
    pub fn note(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.read(|tx| {
            let note = tx.query_row("SELECT value FROM note WHERE key = ?1", [key], |row| {
                row.get(0)
            });
            Ok(note.optional()?)
        })
    }

    /// Keeps a note under `key`.
    pub fn set_note(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.execute("REPLACE INTO note VALUES (?1, ?2)", [key, value])?;
            Ok(())
        })
    }

    /// Counts a change that the snapshot does not show yet. Called before the commit, under the write lock.
    fn note_change(&self, tx: &Transaction<'_>, touched: &Touched) -> Result<(), Fault> {
        let path = self.stale_path();
        File::create(&path).map_err(|source| StoreError::Io { path, source })?;
        tx.execute(
            "UPDATE meta SET value = value + 1 WHERE key = 'generation'",
            [],
        )?;
        Ok(touched.note(tx)?)
    }
}

/// Puts `roots` in place of those of a source. The snapshot does not show them.
fn replace_roots(
    tx: &Transaction<'_>,
    source: i64,
    roots: &[RootLocation],
) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM root WHERE source = ?1", [source])?;
    let mut insert = tx.prepare_cached("INSERT OR IGNORE INTO root VALUES (?1, ?2, ?3)")?;
    for RootLocation { location, optional } in roots {
        insert.execute(params![source, location, optional])?;
    }
    Ok(())
}

/// The number of the source, given now if it had none.
fn source_id(tx: &Transaction<'_>, name: &str) -> rusqlite::Result<i64> {
    tx.execute(
        "INSERT INTO source (name, position)
         SELECT ?1, (SELECT coalesce(max(position), -1) + 1 FROM source) WHERE true
         ON CONFLICT (name) DO NOTHING",
        [name],
    )?;
    tx.query_row("SELECT id FROM source WHERE name = ?1", [name], |row| {
        row.get(0)
    })
}

fn sources(tx: &Transaction<'_>) -> rusqlite::Result<Vec<SourceState>> {
    let mut statement = tx.prepare(
        "SELECT name, last_ok, last_tried, last_error, entities FROM source ORDER BY position, id",
    )?;
    let states = statement.query_map([], |row| {
        Ok(SourceState {
            name: row.get(0)?,
            last_ok: row.get::<_, Option<i64>>(1)?.map(time),
            last_tried: row.get::<_, Option<i64>>(2)?.map(time),
            last_error: row.get(3)?,
            entities: row.get(4)?,
        })
    })?;
    states.collect()
}

/// The digest of an entity's texts, as the record keeps it.
pub(super) fn sum(body: &str, provenance: &str) -> i64 {
    let mut hasher = Xxh3::new();
    hasher.update(body.as_bytes());
    hasher.update(&[0]);
    hasher.update(provenance.as_bytes());
    hasher.digest().cast_signed()
}

/// One source's entities on their way into the record. Only what differs is written.
struct Replacement<'a> {
    tx: &'a Transaction<'a>,
    source: i64,
    /// When what is new or other counts as changed; `None` while the source is read for the first time.
    changed: Option<i64>,
    /// The rows of what the source gave before and has not given again yet, by the number of the reference.
    before: HashMap<i64, i64>,
    /// The references that it gave by now, so that doubles are left out.
    seen: HashSet<i64>,
    known: Known<'a>,
    touched: &'a mut Touched,
}

impl<'a> Replacement<'a> {
    fn new(
        tx: &'a Transaction<'a>,
        source: i64,
        touched: &'a mut Touched,
    ) -> rusqlite::Result<Self> {
        let mut statement = tx.prepare("SELECT ref, id FROM entity WHERE source = ?1")?;
        let before = statement
            .query_map([source], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let was_read: bool = tx.query_row(
            "SELECT last_ok IS NOT NULL FROM source WHERE id = ?1",
            [source],
            |row| row.get(0),
        )?;
        Ok(Self {
            tx,
            source,
            changed: was_read.then(now),
            before,
            seen: HashSet::new(),
            known: Known::default(),
            touched,
        })
    }

    fn run(mut self, entities: &'a [(Packed, Vec<Relation>)]) -> Result<Changes, Fault> {
        let mut changes = Changes::default();
        for (entity, relations) in entities {
            let id = self.known.number(self.tx, &entity.entity_ref)?;
            if !self.seen.insert(id) {
                continue;
            }
            match self.before.remove(&id) {
                None => changes.added += 1,
                Some(row) if self.is_as_before(row, entity, relations)? => {
                    changes.unchanged += 1;
                    continue;
                }
                Some(row) => {
                    changes.changed += 1;
                    self.remove(row)?;
                }
            }
            self.touched.add(id);
            self.add(id, entity, relations)?;
        }
        changes.removed = self.before.len();
        for (id, row) in std::mem::take(&mut self.before) {
            self.touched.add(id);
            self.remove(row)?;
        }
        Ok(changes)
    }

    /// Compares texts, not only digests: a row that was damaged is not as before.
    fn is_as_before(
        &self,
        row: i64,
        entity: &Packed,
        relations: &[Relation],
    ) -> Result<bool, Fault> {
        let provenance = json(&entity.provenance)?;
        let mut statement = self
            .tx
            .prepare_cached("SELECT body, provenance, relation_sum FROM entity WHERE id = ?1")?;
        Ok(statement.query_row([row], |row| {
            Ok(row.get_ref(0)?.as_str()? == entity.json()
                && row.get_ref(1)?.as_str()? == provenance
                && row.get::<_, i64>(2)? == relation_sum(relations))
        })?)
    }

    fn add(&mut self, id: i64, entity: &'a Packed, relations: &'a [Relation]) -> Result<(), Fault> {
        let provenance = json(&entity.provenance)?;
        let mut insert = self.tx.prepare_cached(
            "INSERT INTO entity (ref, source, body, provenance, sum, relation_sum, relations, changed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        let row = insert.insert(params![
            id,
            self.source,
            entity.json(),
            provenance,
            sum(entity.json(), &provenance),
            relation_sum(relations),
            relations.len(),
            self.changed
        ])?;
        let mut relate = self
            .tx
            .prepare_cached("INSERT OR IGNORE INTO relation VALUES (?1, ?2, ?3, ?4)")?;
        let mut count = 0;
        for relation in relations {
            let shown_at = self.known.number(self.tx, &relation.source)?;
            let target = self.known.number(self.tx, &relation.target)?;
            let relation_type = relation.relation_type.as_str();
            count += relate.execute(params![row, shown_at, relation_type, target])?;
        }
        if count != relations.len() {
            self.tx
                .prepare_cached("UPDATE entity SET relations = ?2 WHERE id = ?1")?
                .execute(params![row, count])?;
        }
        full_text::add_entity(self.tx, row, &entity.unpack())?;
        Ok(())
    }

    fn remove(&mut self, row: i64) -> rusqlite::Result<()> {
        self.touched.add_shown(self.tx, row)?;
        for sql in [
            "DELETE FROM relation WHERE entity = ?1",
            "DELETE FROM entity_words WHERE rowid = ?1",
            "DELETE FROM entity WHERE id = ?1",
        ] {
            self.tx.prepare_cached(sql)?.execute([row])?;
        }
        operations::remove(self.tx, row)
    }
}

/// A provenance as the record keeps it.
fn json(provenance: &Provenance) -> Result<String, Fault> {
    serde_json::to_string(provenance).map_err(|error| Fault::Damaged(error.to_string()))
}

fn relation_sum(relations: &[Relation]) -> i64 {
    let mut hasher = Xxh3::new();
    for Relation {
        source,
        relation_type,
        target,
    } in relations
    {
        for part in [
            source.kind(),
            source.namespace(),
            source.name(),
            relation_type.as_str(),
            target.kind(),
            target.namespace(),
            target.name(),
        ] {
            hasher.update(part.as_bytes());
            hasher.update(&[0]);
        }
    }
    hasher.digest().cast_signed()
}
