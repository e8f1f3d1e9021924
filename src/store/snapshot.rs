//! The snapshot: the index of all entities in one file, rebuilt from the record when it is missing, damaged or old.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;
use xxhash_rust::xxh3::xxh3_64;

use super::connection::State;
use super::entities::{all_were_read, from_row, relation_type};
use super::error::Fault;
use super::mapped::Mapped;
use super::{Store, StoreError, doubles, newer, problems, refs};
use crate::catalog::index::{Bytes, IndexBuilder, IndexError, Tally};
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
    /// The digest of the index, as it states it itself.
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

/// Why a snapshot cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unsound {
    /// There is none.
    Absent,
    /// It is not what was written.
    Damaged,
    /// Another version of the program wrote it.
    OtherVersion,
}

/// What was wrong with a snapshot; what is shown is right.
#[derive(Debug, thiserror::Error)]
pub enum Mended {
    /// It was not what was written.
    #[error("{} was damaged; it was built anew", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// It was of another version.
    #[error("{} was written by another version of stagedoor; it was built anew", path.display())]
    OtherVersion {
        /// The file.
        path: PathBuf,
    },
    /// It cannot be written, so that it is built for each command.
    #[error("{0}; until then each command takes longer")]
    NotKept(StoreError),
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

    /// The snapshot as it lies, for a first frame: what is read of it is compared with its digests, the rest is not, and
    /// it may be older than the record. `None` where there is none. Follow it with [`Store::index_unless`] on a worker.
    pub fn quick_index(&self) -> Option<Index> {
        self.open_snapshot().ok().map(|(_, index)| index)
    }

    /// What the file of the snapshot holds now, as [`Index::digest`] says it; `None` where there is no sound one.
    pub fn published(&self) -> Option<u64> {
        header(&self.snapshot_path()).map(|header| header.sum)
    }

    /// The index, checked whole and against the record; built from it where the snapshot is missing, damaged or older.
    /// Empty where nothing was ever synced.
    pub fn index(&self) -> Result<Index, StoreError> {
        self.index_told().map(|(index, _)| index)
    }

    /// The same, and what was wrong with the snapshot, if anything was.
    pub fn index_told(&self) -> Result<(Index, Option<Mended>), StoreError> {
        let found = self.sound_snapshot();
        if let Ok((header, index)) = &found
            && self.shows_the_record(*header)
        {
            return Ok((index.clone(), None));
        }
        if !self.record_path().exists() && !self.snapshot_path().exists() {
            return Ok((Index::empty(), None));
        }
        let path = self.snapshot_path();
        let mended = match &found {
            Err(Unsound::Damaged) => Some(Mended::Damaged { path }),
            Err(Unsound::OtherVersion) => Some(Mended::OtherVersion { path }),
            Ok(_) | Err(Unsound::Absent) => None,
        };
        match self.publish() {
            // Another process writes for long, or the folder cannot be written: the index is built for this process only.
            Err(error @ (StoreError::Busy { .. } | StoreError::Io { .. })) => {
                let (bytes, _) = self.read_apart(|tx| renewed(tx, &found))?;
                Ok((Index::open(bytes)?, Some(Mended::NotKept(error))))
            }
            other => Ok((other?, mended)),
        }
    }

    /// The index as [`Store::index_told`] gives it; `None` where `shown` is the same and nothing that was read of it is
    /// damaged.
    pub fn index_unless(
        &self,
        shown: &Index,
    ) -> Result<Option<(Index, Option<Mended>)>, StoreError> {
        let header = header(&self.snapshot_path());
        let is_shown = header.is_some_and(|header| {
            header.sum == shown.digest() && !shown.is_damaged() && self.shows_the_record(header)
        });
        if is_shown {
            return Ok(None);
        }
        self.index_told().map(Some)
    }

    /// Whether a snapshot shows the latest change of the record. One whose record cannot be read is all there is.
    fn shows_the_record(&self, header: Header) -> bool {
        if self.record_path().exists()
            && let Ok(state) = self.read(|tx| Ok(State::of(tx)?))
            && state != header.state()
        {
            return false;
        }
        if self.stale_path().exists() {
            // Who left it was killed before its change was kept, or writes at this moment and removes it when it is done.
            self.unmark(header);
        }
        true
    }

    /// Makes the snapshot show what the record holds, unless it does, and opens it. What changed is merged into the one
    /// that is there; without a sound one, or where much changed, it is built from all that the record holds. Either way
    /// a new file is put in place of the old one.
    pub fn publish(&self) -> Result<Index, StoreError> {
        // What the snapshot shows must not be lost with the power, or the record would seem damaged.
        self.write(|_| Ok(()))?;
        self.checkpoint();
        self.write(|tx| {
            let state = State::of(tx)?;
            let index = match self.sound_snapshot() {
                Ok((header, index)) if header.state() == state => index,
                before => {
                    let (bytes, how) = renewed(tx, &before)?;
                    let index = self.write_snapshot(state, &bytes)?;
                    newer::forget(tx)?;
                    tracing::info!(how, entities = index.len(), "the snapshot was built");
                    index
                }
            };
            self.remove_mark()?;
            Ok(index)
        })
    }

    /// Removes the mark that the record may be newer than a snapshot which is not; unless somebody writes at this moment.
    fn unmark(&self, header: Header) {
        // Whoever cannot write here leaves the mark; it costs each reader a look into the record.
        let _ = self.write_at_once(|tx| {
            if State::of(tx)? == header.state() {
                self.remove_mark()?;
            }
            Ok(())
        });
    }

    fn remove_mark(&self) -> Result<(), Fault> {
        let path = self.stale_path();
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(Fault::Store(StoreError::Io { path, source }))
            }
            _ => Ok(()),
        }
    }

    /// Writes beside the old snapshot and renames over it. The write lock is held, so there is no other writer, and a
    /// file that a killed process left is written over. Nobody waits until it is on the disk: what the power takes of it
    /// is missed by its digests, and the record has everything.
    fn write_snapshot(&self, state: State, index: &Arc<Vec<u8>>) -> Result<Index, Fault> {
        let path = self.snapshot_path();
        let beside = self.dir.join("snapshot.tmp");
        let header = Header {
            id: state.id,
            generation: state.generation,
            len: index.len() as u64,
            sum: Index::open(index.clone())?.digest(),
        };
        let write = || {
            let mut file = File::create(&beside)?;
            file.write_all(&header.to_bytes())?;
            file.write_all(index)?;
            fs::rename(&beside, &path)?;
            Mapped::open(&path, HEADER_LEN)
        };
        let mapped = write().map_err(|source| {
            // On a full disk half a snapshot is in the way of everything else.
            let _ = fs::remove_file(&beside);
            StoreError::Io {
                path: path.clone(),
                source,
            }
        })?;
        Ok(Index::open(Arc::new(mapped))?)
    }

    /// The snapshot, if its header is sound and it is of this version; its sections are not read yet.
    fn open_snapshot(&self) -> Result<(Header, Index), Unsound> {
        let mapped = match Mapped::open(&self.snapshot_path(), HEADER_LEN) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Unsound::Absent),
            other => other.map_err(|_| Unsound::Damaged)?,
        };
        let header = Header::from_bytes(mapped.whole()).ok_or(Unsound::Damaged)?;
        let len = mapped.bytes().len() as u64;
        let index = Index::open(Arc::new(mapped)).map_err(|error| match error {
            IndexError::Version => Unsound::OtherVersion,
            IndexError::TooLarge | IndexError::Damaged(_) => Unsound::Damaged,
        })?;
        if (header.len, header.sum) == (len, index.digest()) {
            Ok((header, index))
        } else {
            Err(Unsound::Damaged)
        }
    }

    /// The snapshot, if it is what was written, to the last bit.
    fn sound_snapshot(&self) -> Result<(Header, Index), Unsound> {
        let (header, index) = self.open_snapshot()?;
        if index.is_sound() {
            Ok((header, index))
        } else {
            Err(Unsound::Damaged)
        }
    }
}

/// What the record holds as an index, out of the snapshot that was `found` where that can be; and how.
fn renewed(
    connection: &Connection,
    found: &Result<(Header, Index), Unsound>,
) -> Result<(Arc<Vec<u8>>, &'static str), Fault> {
    let why = match found {
        Ok((header, index)) => {
            if let Some(bytes) = newer::merged(connection, *header, index)? {
                return Ok((bytes, "what changed was merged into it"));
            }
            "built anew: much has changed"
        }
        Err(Unsound::Damaged) => "built anew: it was damaged",
        Err(Unsound::OtherVersion) => "built anew: another version wrote it",
        Err(Unsound::Absent) => "built: there was none",
    };
    Ok((Arc::new(build(connection)?), why))
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
