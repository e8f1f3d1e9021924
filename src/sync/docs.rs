//! Documentation of entities: from their source into the store, and from the store to the reader.

mod collect;
pub mod files;
mod revision;
mod served;
mod tree;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::catalog::entity::{TECHDOCS_ENTITY, TECHDOCS_ENTITY_PATH};
use crate::catalog::entity_ref::{DEFAULT_NAMESPACE, RefContext};
use crate::catalog::{Entity, EntityRef, Place};
use crate::config::Source;
use crate::host::{self, backstage::BackstageHost};
use crate::host::{Address, Connection, HostError, Split, local_files};
use crate::store::Page;
use crate::techdocs::{self, Sources, source::CONFIGS};

use super::reader::HostReader;
use super::refresh::{is_younger, now};
use super::{Manner, Session, SyncError};

pub(super) use collect::{Collected, collect};
pub use revision::ensure_docs_at;
use served::Served;
pub use tree::FolderTree;

/// The largest site that is kept, in bytes of its pages.
const MAX_SITE: usize = 64 << 20;
/// For how long a running Backstage is not asked again whether it built docs anew.
const FRESH: Duration = Duration::from_mins(5);
/// How long docs that are kept wait for the word that they are still the same.
const PATIENCE: Duration = Duration::from_secs(2);

/// The files of one documentation site.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Files {
    /// The entity whose docs these are: the one asked for, or the one it names in `techdocs-entity`.
    pub entity: Option<EntityRef>,
    /// The text that is kept of its configuration: all that it inherits, includes and generates is written out.
    pub config: String,
    /// Its pages by their path from the docs folder, with their text: Markdown, or a finished site's HTML.
    pub pages: BTreeMap<String, String>,
}

/// The docs of one entity, as they are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SiteFiles {
    /// The entity.
    pub(super) entity: EntityRef,
    /// The text that is kept of its configuration ([`techdocs::Sources::kept`]).
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
    let home = home(session, entity)?;
    let entity = &owner(session, entity)?;
    let Some(mut site) = session.store.site(entity)? else {
        return Ok(None);
    };
    if let Some(home) = home {
        site.config.push_str(&techdocs::source::opens_at(&home));
    }
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

/// The documentation of the entity that is `asked` for: as it is kept, else brought from its source now and kept. Of a running Backstage it is
/// what that serves, brought again where it was built anew.
///
/// `None` where the entity has no docs.
pub async fn ensure_docs(
    session: &Session,
    asked: &EntityRef,
    cancel: &CancellationToken,
) -> Result<Option<Files>, SyncError> {
    let kept = load(session, asked)?;
    let owner = owner(session, asked)?;
    let Some(stored) = session.store.entity(&owner)? else {
        return Ok(kept);
    };
    let entity = stored.entity;
    let source = session
        .set
        .sources
        .iter()
        .find(|source| source.to_string() == entity.provenance.source);
    let is_served = matches!(source, Some(Source::Backstage(_)));
    let comes_along = source.is_none_or(comes_along);
    if kept.is_some() && (session.offline || (!is_served && comes_along)) {
        return Ok(kept);
    }
    let Some(source) = source.filter(|_| entity.has_docs()) else {
        return Ok(kept);
    };
    if session.offline && !source.is_local() {
        return Err(SyncError::Host(HostError::Unreachable {
            place: entity.provenance.location,
            reason: "its docs are not kept yet, and --offline was given".to_owned(),
        }));
    }
    let connection = Arc::new(session.connect(source, Manner::Usual).await?);
    let Some(host) = connection.backstage() else {
        if kept.is_some() && revision::is_same(session, &connection, &entity).await {
            return Ok(kept);
        }
        return match from_source(session, connection, entity, cancel).await {
            Ok(()) => load(session, asked),
            // What is kept was good when it was read.
            Err(error) if kept.is_some() => {
                tracing::warn!(entity = %owner, %error, "docs could not be brought again");
                Ok(kept)
            }
            Err(error) => Err(error),
        };
    };
    let refreshed = tokio::select! {
        biased;
        () = cancel.cancelled() => Err(HostError::Cancelled.into()),
        done = refresh(session, host, &entity) => done,
    };
    match refreshed {
        Ok(()) => load(session, asked),
        // What is kept was good when it was read.
        Err(error) if kept.is_some() => {
            tracing::warn!(entity = %owner, %error, "docs could not be brought again");
            Ok(kept)
        }
        Err(SyncError::Host(error)) if !error.is_passing() => {
            let served = error.to_string();
            match from_source(session, Arc::clone(&connection), entity, cancel).await {
                Ok(()) => load(session, asked),
                Err(SyncError::Host(HostError::Failed { place, reason })) => {
                    Err(SyncError::Host(HostError::Failed {
                        place,
                        reason: format!(
                            "{reason}; and the Backstage serves no docs of it: {served}"
                        ),
                    }))
                }
                Err(error) => Err(error),
            }
        }
        Err(error) => Err(error),
    }
}

/// Brings the docs of `entity` that `host` serves, where they are not those that are kept.
async fn refresh(
    session: &Session,
    host: &BackstageHost,
    entity: &Entity,
) -> Result<(), SyncError> {
    let key = format!("docs:{}", entity.entity_ref);
    let kept = session.store.site(&entity.entity_ref)?;
    let asked = session.store.note(&key)?.and_then(|note| note.parse().ok());
    if kept.is_some() && asked.is_some_and(|then| is_younger(then, FRESH)) {
        return Ok(());
    }
    let metadata = if kept.is_some() {
        let asked = tokio::time::timeout(PATIENCE, host.docs_metadata(entity)).await;
        asked.unwrap_or_else(|_| {
            Err(HostError::Unreachable {
                place: host.base_url().to_owned(),
                reason: "it did not answer in time".to_owned(),
            })
        })?
    } else {
        served::built(host, entity).await?
    };
    let revision = kept.map(|site| site.revision);
    match served::served(host, entity, metadata, revision.as_deref()).await? {
        Served::Same => {}
        Served::Site(site) => {
            let store = &session.store;
            store.put_site(&site.entity, &site.config, &site.revision, &site.pages)?;
        }
    }
    session.store.set_note(&key, &now().to_string())?;
    Ok(())
}

/// Brings the docs of `entity` as Markdown, from where its descriptor says that they are.
async fn from_source(
    session: &Session,
    connection: Arc<Connection>,
    entity: Entity,
    cancel: &CancellationToken,
) -> Result<(), SyncError> {
    let handle = Handle::current();
    let token = cancel.clone();
    let collected = tokio::task::spawn_blocking(move || {
        let reader = HostReader::new(&connection, handle, &token);
        collect(&[&entity.into()], &reader)
    })
    .await?;
    put(session, &collected)?;
    match collected.failures.first() {
        None => Ok(()),
        Some(problem) => Err(SyncError::Host(HostError::Failed {
            place: problem.place.to_string(),
            reason: problem.message.clone(),
        })),
    }
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

/// When the docs of the site in `folder`, which is made of `sources`, were last changed, and the code beside them; in
/// seconds since 1970. `None` where no Git work tree tells.
pub fn last_changes(folder: &Path, sources: &Sources) -> Option<(u64, u64)> {
    let split = split(folder, sources)?;
    host::last_changes(&[split]).pop()?
}

/// The site in `folder` and what of it are docs; `None` where it is all docs.
fn split(folder: &Path, sources: &Sources) -> Option<Split> {
    let docs = sources.config.docs_dir.as_str();
    let apart = [&[docs][..], &CONFIGS].concat();
    (sources.text.is_some() && !docs.is_empty()).then(|| Split {
        folder: folder.to_owned(),
        apart: apart.into_iter().map(str::to_owned).collect(),
    })
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

/// The page of its docs that `entity` opens first, where it says so.
fn home(session: &Session, entity: &EntityRef) -> Result<Option<String>, SyncError> {
    let stored = session.store.entity(entity)?;
    let path = stored.and_then(|stored| {
        let path = stored.entity.annotation(TECHDOCS_ENTITY_PATH)?;
        Some(path.trim_matches('/').to_owned())
    });
    Ok(path.filter(|path| !path.is_empty()))
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

/// The folder of a site that `target`, the value of `backstage.io/techdocs-ref`, names, as the file that describes the entity
/// would name it. Some name the `mkdocs.yml` in it.
fn folder_of(target: &str) -> Option<&str> {
    let (kind, folder) = target.split_once(':')?;
    let folder = folder.trim().trim_end_matches('/');
    let named = CONFIGS.iter().find_map(|name| folder.strip_suffix(name));
    let named = named.filter(|above| above.is_empty() || above.ends_with('/'));
    let folder = named.map_or(folder, |folder| folder.trim_end_matches('/'));
    let folder = if folder.is_empty() { "." } else { folder };
    matches!(kind, "dir" | "url").then_some(folder)
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

#[cfg(test)]
mod tests {
    use super::folder_of;

    #[test]
    fn a_reference_names_a_folder_or_the_config_in_it() {
        assert_eq!(folder_of("dir:."), Some("."));
        assert_eq!(folder_of("dir: ./site/"), Some("./site"));
        assert_eq!(folder_of("dir:"), Some("."));
        assert_eq!(folder_of("dir:mkdocs.yml"), Some("."));
        let there = "https://acme.dev/x/tree/main/team";
        assert_eq!(folder_of(&format!("url:{there}/")), Some(there));
        assert_eq!(folder_of(&format!("url:{there}/mkdocs.yaml")), Some(there));
        assert_eq!(folder_of("dir:./my-mkdocs.yml"), Some("./my-mkdocs.yml"));
        assert_eq!(folder_of("github:acme/x"), None);
    }
}
