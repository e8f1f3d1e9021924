//! Connections to the record: opened when first needed, one for writing and one for reading, so that a long write
//! never keeps a screen waiting.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use super::error::{Fault, StoreError};
use super::migrations::{format, is_current, migrate};
use super::{Store, snapshot};

/// How long to wait for another process that writes.
const PATIENCE: Duration = Duration::from_secs(15);

/// The two connections to one record.
#[derive(Debug, Default)]
pub(super) struct Connections {
    writer: Mutex<Option<Connection>>,
    reader: Mutex<Option<Connection>>,
}

impl Store {
    /// The record.
    pub(super) fn record_path(&self) -> PathBuf {
        self.dir.join("catalog.db")
    }

    /// Runs `work` in a transaction that holds the record's only write lock, and keeps what it wrote unless it fails.
    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let path = self.record_path();
        let mut slot = lock(&self.connections.writer);
        let connection = match &mut *slot {
            Some(connection) => connection,
            none => none.insert(self.connect(Access::Create)?),
        };
        let run = || {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let answer = work(&transaction)?;
            transaction.commit()?;
            Ok(answer)
        };
        run().map_err(|fault: Fault| fault.at(&path))
    }

    /// The same where nobody else writes at this moment; else fails at once.
    pub(super) fn write_at_once<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let mut connection = self.connect(Access::Existing)?;
        let run = || {
            connection.busy_timeout(Duration::ZERO)?;
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let answer = work(&transaction)?;
            transaction.commit()?;
            Ok(answer)
        };
        run().map_err(|fault: Fault| fault.at(&self.record_path()))
    }

    /// Runs `work` on one state of the record. Where there is no record yet, on an empty one.
    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let mut slot = lock(&self.connections.reader);
        let connection = match &mut *slot {
            Some(connection) => connection,
            none => match self.connect_to_read()? {
                Reader::Record(connection) => none.insert(connection),
                Reader::Nothing(mut connection) => {
                    return read_on(&mut connection, &self.record_path(), work);
                }
            },
        };
        read_on(connection, &self.record_path(), work)
    }

    /// As [`Store::read`], on a connection of its own: `work` may take long and may itself use the store.
    pub(super) fn read_apart<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let (Reader::Record(mut connection) | Reader::Nothing(mut connection)) =
            self.connect_to_read()?;
        read_on(&mut connection, &self.record_path(), work)
    }

    /// Moves what was committed from the log into the record and waits until it is on the disk.
    pub(super) fn checkpoint(&self) {
        let slot = lock(&self.connections.writer);
        if let Some(connection) = &*slot {
            // A reader may hold it up; the log keeps everything until the next time.
            let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        }
    }

    /// Closes both connections.
    pub(super) fn disconnect(&self) {
        lock(&self.connections.writer).take();
        lock(&self.connections.reader).take();
    }

    fn connect_to_read(&self) -> Result<Reader, StoreError> {
        let path = self.record_path();
        if path.exists() || snapshot::header(&self.snapshot_path()).is_some() {
            return self.connect(Access::Existing).map(Reader::Record);
        }
        let empty = || {
            let mut connection = Connection::open_in_memory()?;
            migrate(&mut connection, &path)?;
            Ok(Reader::Nothing(connection))
        };
        empty().map_err(|fault: Fault| fault.at(&path))
    }

    /// Opens the record and checks that the snapshot was not built from a later state of it, or from another one:
    /// then the record was lost.
    fn connect(&self, access: Access) -> Result<Connection, StoreError> {
        let path = self.record_path();
        // Before the record is read: what is published meanwhile makes the record newer, never older.
        let snapshot = snapshot::header(&self.snapshot_path());
        let lost = |detail: &str| StoreError::Damaged {
            path: path.clone(),
            detail: detail.to_owned(),
        };
        if !path.exists() {
            if snapshot.is_some() || access == Access::Existing {
                return Err(lost("the file is missing"));
            }
            std::fs::create_dir_all(&self.dir).map_err(|source| StoreError::Io {
                path: self.dir.clone(),
                source,
            })?;
        }
        let open = || {
            let mut connection = Connection::open(&path)?;
            connection.busy_timeout(PATIENCE)?;
            connection.set_prepared_statement_cache_capacity(64);
            if snapshot.is_some() && format(&connection)? == 0 {
                return Err(Fault::Damaged("its tables are gone".to_owned()));
            }
            use_log(&connection)?;
            // Nothing is written but by the functions of this module, which keep the references whole themselves;
            // checking each of a million relations again would take as long as writing it.
            connection.execute_batch(
                "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY;
                 PRAGMA cache_size = -32000",
            )?;
            migrate(&mut connection, &path)?;
            let state = State::of(&connection)?;
            if snapshot.is_some_and(|s| s.id != state.id || s.generation > state.generation) {
                return Err(Fault::Damaged(
                    "it lacks changes that snapshot.bin has".to_owned(),
                ));
            }
            Ok(connection)
        };
        open()
            .or_else(|fault: Fault| match access {
                Access::Existing if fault.is_of_the_disk() => {
                    self.connect_as_it_lies(snapshot).ok_or(fault)
                }
                _ => Err(fault),
            })
            .map_err(|fault| fault.at(&path))
    }

    /// Opens the record where nothing can be written beside it, as SQLite does to read a log: on a disk that is full or
    /// was mounted to be read only. `None` where the log holds changes, or where it is not whole.
    fn connect_as_it_lies(&self, snapshot: Option<snapshot::Header>) -> Option<Connection> {
        let path = self.record_path();
        let log = path.with_extension("db-wal");
        if std::fs::metadata(log).is_ok_and(|log| log.len() > 0) {
            return None;
        }
        let mut url = url::Url::from_file_path(std::path::absolute(&path).ok()?).ok()?;
        url.set_query(Some("immutable=1"));
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(url.as_str(), flags).ok()?;
        let state = State::of(&connection).ok()?;
        let is_whole = is_current(&connection).ok()?
            && snapshot.is_none_or(|it| it.id == state.id && it.generation <= state.generation);
        is_whole.then_some(connection)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Create,
    Existing,
}

enum Reader {
    Record(Connection),
    /// There is no record yet; this one is empty and in memory.
    Nothing(Connection),
}

/// Which record it is, and at which change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct State {
    /// Tells it from any other record.
    pub(super) id: i64,
    /// Counts the changes that the snapshot shows.
    pub(super) generation: i64,
}

impl State {
    /// The state that `connection` sees.
    pub(super) fn of(connection: &Connection) -> rusqlite::Result<Self> {
        connection.query_row(
            "SELECT (SELECT value FROM meta WHERE key = 'id'),
                    (SELECT value FROM meta WHERE key = 'generation')",
            [],
            |row| {
                Ok(Self {
                    id: row.get(0)?,
                    generation: row.get(1)?,
                })
            },
        )
    }
}

/// Switches to write-ahead logging. Two processes that make a new record at once get in each other's way here without
/// SQLite waiting for either, so this waits itself.
fn use_log(connection: &Connection) -> rusqlite::Result<()> {
    let mut tries = 0;
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && tries < 100 =>
            {
                tries += 1;
                std::thread::sleep(Duration::from_millis(20));
            }
            other => return other,
        }
    }
}

fn read_on<T>(
    connection: &mut Connection,
    path: &Path,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
) -> Result<T, StoreError> {
    let run = || work(&connection.transaction()?);
    run().map_err(|fault: Fault| fault.at(path))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // A panic elsewhere rolled its transaction back; the connection itself is sound.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The present as the record keeps it: milliseconds since 1970.
pub(super) fn now() -> i64 {
    milliseconds(SystemTime::now())
}

/// A time as it is kept.
pub(super) fn milliseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH);
    since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
}

/// A kept time.
pub(super) fn time(milliseconds: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0))
}

/// A limit as SQLite takes it.
pub(super) fn capped(limit: usize) -> u32 {
    u32::try_from(limit).unwrap_or(u32::MAX)
}
