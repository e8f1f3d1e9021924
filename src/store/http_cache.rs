//! Answers of hosts, with what is needed to ask whether they changed.

use rusqlite::{OptionalExtension, params};

use super::connection::now;
use super::{Store, StoreError};

/// An answer that may be used again if the host says that nothing changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CachedResponse {
    /// The `ETag` header.
    pub etag: Option<String>,
    /// The `Last-Modified` header.
    pub last_modified: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Store {
    /// The answer kept for `url` as `account` saw it. `account` names who asked (never a token); empty for nobody.
    pub fn cached_response(
        &self,
        account: &str,
        url: &str,
    ) -> Result<Option<CachedResponse>, StoreError> {
        self.read(|tx| {
            let response = tx
                .prepare_cached(
                    "SELECT etag, last_modified, body FROM http_cache WHERE account = ?1 AND url = ?2",
                )?
                .query_row([account, url], |row| {
                    Ok(CachedResponse {
                        etag: row.get(0)?,
                        last_modified: row.get(1)?,
                        body: row.get(2)?,
                    })
                });
            Ok(response.optional()?)
        })
    }

    /// Keeps an answer.
    pub fn keep_response(
        &self,
        account: &str,
        url: &str,
        response: &CachedResponse,
    ) -> Result<(), StoreError> {
        let CachedResponse {
            etag,
            last_modified,
            body,
        } = response;
        self.write(|tx| {
            tx.prepare_cached("REPLACE INTO http_cache VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
                .execute(params![account, url, etag, last_modified, body, now()])?;
            Ok(())
        })
    }
}
