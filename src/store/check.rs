//! Whether the record is sound, and a new beginning where it is not.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::entities::{all_were_read, from_row};
use super::error::Fault;
use super::{Store, StoreError, refs};
use crate::catalog::EntityRef;

impl Store {
    /// The store in `dir`, for a program that is about to fill it: a damaged record is moved aside and a new one begun,
    /// with the stars, visits and saved queries that could still be read. The second value says what was wrong, if anything was.
    pub fn open_or_reset(dir: &Path) -> Result<(Self, Option<StoreError>), StoreError> {
        let store = Self::open(dir)?;
        match store.check() {
            Ok(()) => Ok((store, None)),
            Err(damage @ StoreError::Damaged { .. }) => {
                store.begin_anew()?;
                tracing::warn!(error = %damage, "the record was moved aside and begun anew");
                Ok((store, Some(damage)))
            }
            Err(error) => Err(error),
        }
    }

    /// Reads the whole record and says what is wrong with it, if anything is.
    pub fn check(&self) -> Result<(), StoreError> {
        self.read_apart(|tx| {
            let verdict: String = tx.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            if verdict != "ok" {
                return Err(Fault::Damaged(verdict));
            }
            let mut statement = tx.prepare(
                "SELECT kind, namespace, name, body, provenance, sum FROM entity JOIN ref ON ref.id = entity.ref",
            )?;
            let mut rows = statement.query([])?;
            let mut read = 0;
            while let Some(row) = rows.next()? {
                from_row(row)?;
                read += 1;
            }
            all_were_read(tx, read)?;
            let (kept, stated): (i64, i64) = tx.query_row(
                "SELECT (SELECT count(*) FROM relation), (SELECT coalesce(sum(relations), 0) FROM entity)",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            if kept == stated {
                Ok(())
            } else {
                Err(Fault::Damaged(format!(
                    "it holds {kept} of {stated} relations"
                )))
            }
        })
    }

    /// Moves the record aside, removes what was made from it, and begins a new one.
    fn begin_anew(&self) -> Result<(), StoreError> {
        self.disconnect();
        let record = self.record_path();
        let (stars, visits) = salvage(&record).unwrap_or_default();
        let queries = salvage_queries(&record).unwrap_or_default();
        let views = salvage_views(&record).unwrap_or_default();
        if record.exists() {
            let aside = with_suffix(&record, ".damaged");
            fs::rename(&record, aside).map_err(|source| StoreError::Io {
                path: record.clone(),
                source,
            })?;
        }
        for path in [
            with_suffix(&record, "-wal"),
            with_suffix(&record, "-shm"),
            self.snapshot_path(),
            self.stale_path(),
        ] {
            match fs::remove_file(&path) {
                Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                    return Err(StoreError::Io { path, source });
                }
                _ => {}
            }
        }
        self.write(|tx| {
            for (entity, at) in &stars {
                let id = refs::number(tx, entity)?;
                tx.execute("INSERT OR IGNORE INTO star VALUES (?1, ?2)", [id, *at])?;
            }
            for (entity, count, last) in &visits {
                let id = refs::number(tx, entity)?;
                tx.execute(
                    "INSERT OR IGNORE INTO visit VALUES (?1, ?2, ?3, min(?2, 8))",
                    [id, *count, *last],
                )?;
            }
            for (name, text) in &queries {
                tx.execute(
                    "INSERT OR IGNORE INTO query (name, text) VALUES (?1, ?2)",
                    [name, text],
                )?;
            }
            for (name, view) in &views {
                tx.execute("UPDATE query SET view = ?2 WHERE name = ?1", [name, view])?;
            }
            Ok(())
        })
    }
}

type Stars = Vec<(EntityRef, i64)>;
type Visits = Vec<(EntityRef, i64, i64)>;

/// Stars and visits of a damaged record, as far as they can be read.
fn salvage(record: &Path) -> rusqlite::Result<(Stars, Visits)> {
    let connection = Connection::open_with_flags(record, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let mut statement = connection
        .prepare("SELECT kind, namespace, name, at FROM star JOIN ref ON ref.id = star.ref")?;
    let stars = statement.query_map([], |row| Ok((refs::from_row(row, 0)?, row.get(3)?)))?;
    let stars = stars.map_while(Result::ok).collect();
    let mut statement = connection.prepare(
        "SELECT kind, namespace, name, count, last FROM visit JOIN ref ON ref.id = visit.ref",
    )?;
    let visits = statement.query_map([], |row| {
        Ok((refs::from_row(row, 0)?, row.get(3)?, row.get(4)?))
    })?;
    Ok((stars, visits.map_while(Result::ok).collect()))
}

/// The saved queries of a damaged record, as far as they can be read.
fn salvage_queries(record: &Path) -> rusqlite::Result<Vec<(String, String)>> {
    let connection = Connection::open_with_flags(record, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let mut statement = connection.prepare("SELECT name, text FROM query")?;
    let queries = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(queries.map_while(Result::ok).collect())
}

/// How the catalog page shows them; a record of before has none.
fn salvage_views(record: &Path) -> rusqlite::Result<Vec<(String, String)>> {
    let connection = Connection::open_with_flags(record, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let mut statement =
        connection.prepare("SELECT name, view FROM query WHERE view IS NOT NULL")?;
    let views = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(views.map_while(Result::ok).collect())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
