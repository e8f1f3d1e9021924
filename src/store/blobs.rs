//! File contents by Git object id, so that what did not change is never fetched twice.

use std::time::Duration;

use rusqlite::{OptionalExtension, params};

use super::connection::now;
use super::{Store, StoreError};

impl Store {
    /// The content with this object id.
    pub fn blob(&self, oid: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|tx| {
            let content = tx
                .prepare_cached("SELECT content FROM blob WHERE oid = ?1")?
                .query_row([oid], |row| row.get(0));
            Ok(content.optional()?)
        })
    }

    /// Those of `oids` that are not here, in their order. The others count as used now.
    pub fn unknown_blobs<'a>(&self, oids: &[&'a str]) -> Result<Vec<&'a str>, StoreError> {
        self.write(|tx| {
            let mut touch = tx.prepare_cached("UPDATE blob SET used = ?2 WHERE oid = ?1")?;
            let mut unknown = Vec::new();
            for oid in oids {
                if touch.execute(params![oid, now()])? == 0 {
                    unknown.push(*oid);
                }
            }
            Ok(unknown)
        })
    }

    /// Keeps contents by their object ids.
    pub fn keep_blobs(&self, blobs: &[(&str, &[u8])]) -> Result<(), StoreError> {
        self.write(|tx| {
            let mut keep = tx.prepare_cached("REPLACE INTO blob VALUES (?1, ?2, ?3)")?;
            for (oid, content) in blobs {
                keep.execute(params![oid, content, now()])?;
            }
            Ok(())
        })
    }

    /// Forgets contents and answers of hosts that were not used for `age`.
    pub fn forget_unused(&self, age: Duration) -> Result<(), StoreError> {
        let age = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
        let before = now().saturating_sub(age);
        self.write(|tx| {
            tx.execute("DELETE FROM blob WHERE used < ?1", [before])?;
            tx.execute("DELETE FROM http_cache WHERE used < ?1", [before])?;
            Ok(())
        })
    }
}
