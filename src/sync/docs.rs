//! Documentation of entities: from their source into the store, and from the store to the reader.

use std::collections::BTreeMap;

use tokio_util::sync::CancellationToken;

use crate::catalog::EntityRef;
use crate::config::Source;
use crate::host::Connection;

use super::{Session, SyncError};

/// The files of one documentation site.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Files {
    /// The text of its `mkdocs.yml`; empty where it has none.
    pub config: String,
    /// Its Markdown pages by their path from the docs folder, with their text.
    pub pages: BTreeMap<String, String>,
}

/// The documentation of `entity` as it is kept; `None` where nothing is kept.
pub fn load(session: &Session, entity: &EntityRef) -> Result<Option<Files>, SyncError> {
    let Some(site) = session.store.site(entity)? else {
        return Ok(None);
    };
    let mut pages = BTreeMap::new();
    for (path, _) in site.pages {
        if let Some(text) = session.store.page(entity, &path)? {
            pages.insert(path, text);
        }
    }
    Ok(Some(Files {
        config: site.config,
        pages,
    }))
}

/// The documentation of `entity`: as it is kept, else brought from its source now.
///
/// `None` where the entity has no docs.
pub async fn ensure_docs(
    session: &Session,
    entity: &EntityRef,
) -> Result<Option<Files>, SyncError> {
    load(session, entity)
}

/// Brings the documentation of all entities of `source`, where that costs no network.
#[expect(clippy::unused_async, reason = "outline")]
pub(super) async fn bring(
    session: &Session,
    source: &Source,
    connection: &Connection,
    cancel: &CancellationToken,
) -> Result<(), SyncError> {
    let _ = (session, source, connection, cancel);
    Ok(())
}
