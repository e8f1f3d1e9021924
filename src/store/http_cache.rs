//! Answers of hosts, with what is needed to ask whether they changed.

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
        let _ = (account, url);
        Ok(None)
    }

    /// Keeps an answer.
    pub fn keep_response(
        &self,
        account: &str,
        url: &str,
        response: &CachedResponse,
    ) -> Result<(), StoreError> {
        let _ = (account, url, response);
        Ok(())
    }
}
