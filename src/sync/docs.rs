//! Documentation of entities: from their source into the store, and from the store to the reader.

mod collect;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::catalog::entity::TECHDOCS_ENTITY;
use crate::catalog::entity_ref::{DEFAULT_NAMESPACE, RefContext};
use crate::catalog::{Entity, EntityRef, Place};
use crate::config::Source;
use crate::host::{Address, HostError, local_files};
use crate::store::Page;

use super::reader::HostReader;
use super::{Manner, Session, SyncError};

pub(super) use collect::{Collected, collect};

/// The names of the file that describes a site.
pub const CONFIGS: [&str; 2] = ["mkdocs.yml", "mkdocs.yaml"];

/// The files of one documentation site.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Files {
    /// The entity whose docs these are: the one asked for, or the one it names in `techdocs-entity`.
    pub entity: Option<EntityRef>,
    /// The text of its `mkdocs.yml`; empty where it has none.
    pub config: String,
    /// Its Markdown pages by their path from the docs folder, with their text.
    pub pages: BTreeMap<String, String>,
}

/// The docs of one entity, as they are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SiteFiles {
    /// The entity.
    pub(super) entity: EntityRef,
    /// The text of its `mkdocs.yml`; empty where it has none.
    pub(super) config: String,
    /// What tells one state of it from the next.
    pub(super) revision: String,
    /// Its pages.
    pub(super) pages: Vec<Page>,
}

/// The documentation of `entity` as it is kept; `None` where nothing is kept.
///
/// An entity that names another one in `backstage.io/techdocs-entity` has that one's.
pub fn load(session: &Session, entity: &EntityRef) -> Result<Option<Files>, SyncError> {
    let entity = &owner(session, entity)?;
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
        entity: Some(entity.clone()),
        config: site.config,
        pages,
    }))
}

/// The documentation of `entity`: as it is kept, else brought from its source now and kept.
///
/// `None` where the entity has no docs.
pub async fn ensure_docs(
    session: &Session,
    entity: &EntityRef,
    cancel: &CancellationToken,
) -> Result<Option<Files>, SyncError> {
    if let Some(files) = load(session, entity)? {
        return Ok(Some(files));
    }
    let owner = owner(session, entity)?;
    let Some(stored) = session.store.entity(&owner)? else {
        return Ok(None);
    };
    let entity = stored.entity;
    if !entity.has_docs() {
        return Ok(None);
    }
    let source = session
        .set
        .sources
        .iter()
        .find(|source| source.to_string() == entity.provenance.source);
    let Some(source) = source.filter(|source| !matches!(source, Source::Backstage(_))) else {
        return Ok(None);
    };
    if session.offline && !source.is_local() {
        return Err(SyncError::Host(HostError::Unreachable {
            place: entity.provenance.location,
            reason: "its docs are not kept yet, and --offline was given".to_owned(),
        }));
    }
    let connection = Arc::new(session.connect(source, Manner::Usual).await?);
    let handle = Handle::current();
    let token = cancel.clone();
    let collected = tokio::task::spawn_blocking(move || {
        let reader = HostReader::new(&connection, handle, &token);
        collect(&[&entity.into()], &reader)
    })
    .await?;
    put(session, &collected)?;
    if let Some(problem) = collected.failures.first() {
        return Err(SyncError::Host(HostError::Failed {
            place: problem.place.to_string(),
            reason: problem.message.clone(),
        }));
    }
    load(session, &owner)
}

/// The folders below `folder` that hold a site, whether an entity names it or not; sorted.
pub fn folders(folder: &Path) -> Vec<PathBuf> {
    let is_config = |path: &str| {
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
        CONFIGS.contains(&name)
    };
    // A folder that cannot be read has no site that could be checked.
    let configs = local_files(folder, is_config).unwrap_or_default();
    let mut folders: Vec<PathBuf> = configs
        .iter()
        .filter_map(|config| Some(config.parent()?.to_owned()))
        .collect();
    folders.dedup();
    folders
}

/// Whether the docs of `source` are brought with its entities: where they cost no request each.
pub(super) fn comes_along(source: &Source) -> bool {
    source.is_local() || matches!(source, Source::Git(_))
}

/// Keeps what was collected, where it changed.
pub(super) fn put(session: &Session, collected: &Collected) -> Result<(), SyncError> {
    let kept: BTreeMap<EntityRef, String> = session.store.sites()?.into_iter().collect();
    for site in &collected.sites {
        if kept.get(&site.entity) != Some(&site.revision) {
            session
                .store
                .put_site(&site.entity, &site.config, &site.revision, &site.pages)?;
        }
    }
    Ok(())
}

/// Whose docs `entity` shows: another entity's where it says so, else its own.
fn owner(session: &Session, entity: &EntityRef) -> Result<EntityRef, SyncError> {
    let Some(stored) = session.store.entity(entity)? else {
        return Ok(entity.clone());
    };
    let context = RefContext {
        kind: Some("component"),
        namespace: DEFAULT_NAMESPACE,
    };
    Ok(stored
        .entity
        .annotation(TECHDOCS_ENTITY)
        .and_then(|text| EntityRef::parse(text, context).ok())
        .unwrap_or_else(|| entity.clone()))
}

/// Where `entity` is described.
pub(super) fn place(entity: &Entity) -> Place {
    Place {
        file: address(&entity.provenance.location)
            .map(|address| address.name())
            .unwrap_or_default(),
        line: entity.provenance.line,
        column: 0,
    }
}

/// The address of the file that describes an entity, from its provenance.
pub(super) fn address(location: &str) -> Option<Address> {
    Address::parse(location)
}
