//! Documentation of entities: from their source into the store, and from the store to the reader.

use std::collections::BTreeMap;

use crate::catalog::EntityRef;

use super::{Session, SyncError};

/// The files of one documentation site by their path from the folder of `mkdocs.yml`: `mkdocs.yml` itself (or
/// `mkdocs.yaml`) and the Markdown pages, with their text.
pub type Files = BTreeMap<String, String>;

/// The documentation of `entity` as it is kept; `None` where nothing is kept.
pub fn load(session: &Session, entity: &EntityRef) -> Result<Option<Files>, SyncError> {
    let _ = (session, entity);
    Ok(None)
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
