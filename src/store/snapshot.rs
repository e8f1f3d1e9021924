//! The snapshot: the index of all entities in one file, rebuilt from the record when it is missing, damaged or old.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::connection::State;
use super::entities::{all_were_read, from_row, relation_type};
use super::error::Fault;
use super::mapped::Mapped;
use super::{Store, StoreError, doubles, problems, refs};
use crate::catalog::index::{IndexBuilder, Tally};
use crate::catalog::{Index, Level};

/// The bytes before the index: six words and two to spare, so that the index begins at a multiple of 64.
const HEADER_LEN: usize = 64;
const MAGIC: u64 = u64::from_le_bytes(*b"stgsnap1");

/// What the file says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    /// The record it was built from.
    pub(super) id: i64,
    /// The change of the record that it shows.
    pub(super) generation: i64,
    /// The length of the index.
    len: u64,
    /// The digest of the index.
    sum: u64,
}

impl Header {
    /// As written: magic, the four fields, and a digest of these five.
    fn to_bytes(self) -> [u8; HEADER_LEN] {
        let words = [
            MAGIC,
            self.id.cast_unsigned(),
            self.generation.cast_unsigned(),
            self.len,
            self.sum,
        ];
        let mut bytes = [0; HEADER_LEN];
        for (to, word) in bytes.chunks_exact_mut(8).zip(words) {
            to.copy_from_slice(&word.to_le_bytes());
        }
        let digest = xxh3_64(&bytes[..40]);
        bytes[40..48].copy_from_slice(&digest.to_le_bytes());
        bytes
    }

    /// `None` if these bytes are no header, or one that was changed.
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; HEADER_LEN] = bytes.get(..HEADER_LEN)?.try_into().ok()?;
        let word = |at: usize| {
            let word = bytes.get(8 * at..8 * at + 8)?;
            Some(u64::from_le_bytes(word.try_into().ok()?))
        };
        let header = Self {
            id: word(1)?.cast_signed(),
            generation: word(2)?.cast_signed(),
            len: word(3)?,
            sum: word(4)?,
        };
        (header.to_bytes() == *bytes).then_some(header)
    }

    fn state(self) -> State {
        State {
            id: self.id,
            generation: self.generation,
        }
    }
}

/// The header of the file at `path`, if it is a snapshot.
pub(super) fn header(path: &Path) -> Option<Header> {
    let mut bytes = [0; HEADER_LEN];
    File::open(path).ok()?.read_exact(&mut bytes).ok()?;
    Header::from_bytes(&bytes)
}

impl Store {
    pub(super) fn snapshot_path(&self) -> PathBuf {
        self.dir.join("snapshot.bin")
    }

    /// The empty file that is there while the record may be newer than the snapshot.
    pub(super) fn stale_path(&self) -> PathBuf {
        self.dir.join("snapshot.stale")
    }

    /// The snapshot as it lies, for a first frame: its header is checked, its content is not, and it may be older than
    /// the record. `None` where there is none. Follow it with [`Store::index_unless`] on a worker.
    pub fn quick_index(&self) -> Option<Index> {
        self.map_snapshot()
            .map(|(_, mapped)| Index::open(mapped).ok())?
    }

    /// The index, checked whole; rebuilt from the record where the snapshot is missing, damaged or older. Empty where
    /// nothing was ever synced.
    pub fn index(&self) -> Result<Index, StoreError> {
        if !self.stale_path().exists()
            && let Some((_, index)) = self.sound_snapshot()
        {
            return Ok(index);
        }
        if !self.record_path().exists() && !self.snapshot_path().exists() {
            return Ok(Index::empty());
        }
        match self.publish() {
            // Another process writes for long, or the folder cannot be written: the index is built for this process only.
            Err(StoreError::Busy { .. } | StoreError::Io { .. }) => {
                let bytes = self.read_apart(|tx| build(tx))?;
                Ok(Index::open(Arc::new(bytes))?)
            }
            other => other,
        }
    }

    /// The index as [`Store::index`] gives it; `None` where `shown` is the same, checked to the last bit.
    pub fn index_unless(&self, shown: &Index) -> Result<Option<Index>, StoreError> {
        let is_shown = !self.stale_path().exists()
            && header(&self.snapshot_path()).is_some_and(|header| {
                header.len == shown.bytes().len() as u64 && header.sum == xxh3_64(shown.bytes())
            });
        if is_shown {
            return Ok(None);
        }
        self.index().map(Some)
    }

    /// Builds the snapshot from the record unless it is up to date, puts it in place of the old one and opens it.
    pub fn publish(&self) -> Result<Index, StoreError> {
        // What the snapshot shows must not be lost with the power, or the record would seem damaged.
        self.write(|_| Ok(()))?;
        self.checkpoint();
        self.write(|tx| {
            let state = State::of(tx)?;
            let index = match self.sound_snapshot() {
                Some((header, index)) if header.state() == state => index,
                before => {
                    let why = match before {
                        Some(_) => "the record changed",
                        None if self.snapshot_path().exists() => "it was damaged",
                        None => "there was none",
                    };
                    let index = self.write_snapshot(state, &build(tx)?)?;
                    tracing::info!(why, entities = index.len(), "the snapshot was built");
                    index
                }
            };
            let mark = self.stale_path();
            match fs::remove_file(&mark) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(Fault::Store(StoreError::Io {
                        path: mark,
                        source: error,
                    }))
                }
                _ => Ok(index),
            }
        })
    }

    /// Writes beside the old snapshot and renames over it. The write lock is held, so there is no other writer, and a
    /// file that a killed process left is written over.
    fn write_snapshot(&self, state: State, index: &[u8]) -> Result<Index, Fault> {
        let path = self.snapshot_path();
        let beside = self.dir.join("snapshot.tmp");
        let header = Header {
            id: state.id,
            generation: state.generation,
            len: index.len() as u64,
            sum: xxh3_64(index),
        };
        let write = || {
            let mut file = File::create(&beside)?;
            file.write_all(&header.to_bytes())?;
            file.write_all(index)?;
            file.sync_all()?;
            fs::rename(&beside, &path)?;
            Mapped::open(&path, HEADER_LEN)
        };
        let mapped = write().map_err(|source| StoreError::Io {
            path: path.clone(),
            source,
        })?;
        Ok(Index::open(Arc::new(mapped))?)
    }

    /// The snapshot, if its header is sound and it has the length stated there.
    fn map_snapshot(&self) -> Option<(Header, Arc<Mapped>)> {
        let mapped = Mapped::open(&self.snapshot_path(), HEADER_LEN).ok()?;
        let header = Header::from_bytes(mapped.whole())?;
        let len = u64::try_from(mapped.as_ref().len()).ok()?;
        (len == header.len).then(|| (header, Arc::new(mapped)))
    }

    /// The snapshot, if it is what was written, to the last bit.
    fn sound_snapshot(&self) -> Option<(Header, Index)> {
        let (header, mapped) = self.map_snapshot()?;
        let mut hasher = Xxh3::new();
        hasher.update((*mapped).as_ref());
        if hasher.digest() != header.sum {
            return None;
        }
        Some((header, Index::open(mapped).ok()?))
    }
}

/// Lays out what the record holds, one entity at a time.
fn build(connection: &Connection) -> Result<Vec<u8>, Fault> {
    let mut problems = problem_counts(connection)?;
    let mut builder = IndexBuilder::default();
    let shadowed = doubles::shadowed(connection)?;
    for (entity_ref, problem) in doubles::findings(connection, None)? {
        problems
            .entry(entity_ref)
            .or_default()
            .add(problem.level, 1);
    }
    let mut statement = connection.prepare(
        "SELECT kind, namespace, name, body, provenance, sum, e.ref, e.id
         FROM entity e JOIN ref ON ref.id = e.ref",
    )?;
    let mut rows = statement.query([])?;
    let mut read = 0;
    while let Some(row) = rows.next()? {
        read += 1;
        if !shadowed.contains_key(&row.get(7)?) {
            let count = problems.get(&row.get(6)?).copied().unwrap_or_default();
            builder.push(&from_row(row)?, count)?;
        }
    }
    all_were_read(connection, read)?;

    let mut known = HashMap::new();
    let mut statement = connection.prepare("SELECT kind, namespace, name, id FROM ref")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        known.insert(
            row.get::<_, i64>(3)?,
            builder.intern(&refs::from_row(row, 0)?)?,
        );
    }
    let mut statement =
        connection.prepare("SELECT shown_at, type, target, entity FROM relation")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (source, target) = (known.get(&row.get(0)?), known.get(&row.get(2)?));
        if let (Some(&source), Some(&target)) = (source, target)
            && !shadowed.contains_key(&row.get(3)?)
        {
            builder.relate(source, relation_type(row, 1)?, target);
        }
    }
    Ok(builder.finish()?)
}

/// How many findings there are, by the number of the entity's reference.
fn problem_counts(connection: &Connection) -> rusqlite::Result<HashMap<i64, Tally>> {
    let mut counts: HashMap<i64, Tally> = HashMap::new();
    for level in [Level::Error, Level::Warning] {
        let mut statement = connection.prepare(&format!(
            "SELECT ref, count(*) FROM problem
             WHERE ref IS NOT NULL AND level = ?1 AND {} GROUP BY ref",
            problems::STANDS
        ))?;
        let mut rows = statement.query([level.as_str()])?;
        while let Some(row) = rows.next()? {
            counts
                .entry(row.get(0)?)
                .or_default()
                .add(level, row.get(1)?);
        }
    }
    Ok(counts)
}
