//! Docs at another branch, tag, commit or pull request than the one that is read otherwise; and whether what is kept is
//! still what its source has.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use super::tree::SiteTree;
use super::{FRESH, Files, PATIENCE, collect, folder_of, owner};
use crate::catalog::entity::TECHDOCS_REF;
use crate::catalog::{Entity, EntityRef};
use crate::host::scm::ScmUrl;
use crate::host::{Address, Connection, HostError, WorkTree, demo, work_tree_of};
use crate::sync::reader::HostReader;
use crate::sync::refresh::{is_younger, now};
use crate::sync::{Manner, Session, SyncError};

/// How many sites at revisions are kept, the last that were read.
const KEPT: usize = 8;
/// Where the names of those that are kept stand.
const LIST: &str = "docs-at";

/// A site as it is kept at a revision.
#[derive(Serialize, Deserialize)]
struct Kept {
    config: String,
    pages: std::collections::BTreeMap<String, String>,
}

/// The documentation of `entity` at `revision`: a branch, a tag, a commit, or a pull request as `pr/12`. Where its source
/// cannot be asked now, what was read at that revision before. It is kept beside the docs of the entity, which stay.
///
/// `None` where the entity has no docs.
pub async fn ensure_docs_at(
    session: &Session,
    entity: &EntityRef,
    revision: &str,
    cancel: &CancellationToken,
) -> Result<Option<Files>, SyncError> {
    let owner = owner(session, entity)?;
    let Some(stored) = session.store.entity(&owner)? else {
        return Ok(None);
    };
    let entity = stored.entity;
    if entity.annotation(TECHDOCS_REF).is_none() {
        return Ok(None);
    }
    let key = format!("{LIST}:{owner}@{revision}");
    let kept = match bring(session, entity, revision, cancel).await {
        Ok(kept) => {
            keep(session, &key, &kept)?;
            kept
        }
        Err(error) => {
            let note = session.store.note(&key)?;
            let kept = note.and_then(|note| serde_json::from_str(&note).ok());
            if kept.is_some() {
                tracing::warn!(entity = %owner, %error, "docs could not be brought again");
            }
            kept.ok_or(error)?
        }
    };
    Ok(Some(Files {
        entity: Some(owner),
        config: kept.config,
        pages: kept.pages,
    }))
}

async fn bring(
    session: &Session,
    entity: Entity,
    revision: &str,
    cancel: &CancellationToken,
) -> Result<Kept, SyncError> {
    let failed = |place: &str, reason: String| HostError::Failed {
        place: place.to_owned(),
        reason,
    };
    let name = entity.entity_ref.to_string();
    let mut sources = session.set.sources.iter();
    let source = sources.find(|source| source.to_string() == entity.provenance.source);
    let source =
        source.ok_or_else(|| failed(&name, "its source is not configured any more".to_owned()))?;
    let connection = Arc::new(session.connect(source, Manner::Usual).await?);
    let (handle, token) = (Handle::current(), cancel.clone());
    let revision = revision.to_owned();
    let read = tokio::task::spawn_blocking(move || {
        let reader = HostReader::new(&connection, handle, &token);
        let target = entity
            .annotation(TECHDOCS_REF)
            .unwrap_or_default()
            .to_owned();
        let at = collect::folder(&entity, &target, &reader)?;
        let tree = at_revision(&reader, &at, &revision)?;
        collect::read(&entity, &target, &tree, Some(&revision))
    });
    let (site, _) = read.await?.map_err(|reason| failed(&name, reason))?;
    let pages = site.pages.into_iter();
    Ok(Kept {
        config: site.config,
        pages: pages.map(|page| (page.path, page.text)).collect(),
    })
}

/// The files around the site at `at`, as they were at `revision`: a work tree's own, else those that its origin has.
fn at_revision<'r>(
    reader: &'r HostReader<'r>,
    at: &Address,
    revision: &str,
) -> Result<SiteTree<'r>, String> {
    if demo::path(at).is_some() {
        return Err("the demo has no revisions".to_owned());
    }
    let Address::Path(path) = at else {
        return Ok(SiteTree::new(
            reader,
            at,
            &reader.at_revision(at, revision)?,
        ));
    };
    let past = WorkTree::open(path, revision).map_err(|error| error.to_string())?;
    if let Some((past, folder)) = past {
        return Ok(SiteTree::past(reader, past, folder));
    }
    let unknown = || {
        format!(
            "{} knows no branch, tag, commit or pull request '{revision}'",
            path.display()
        )
    };
    let (root, origin) = work_tree_of(&path.join("mkdocs.yml")).ok_or_else(unknown)?;
    let folder = path.strip_prefix(&root).map_err(|_| unknown())?;
    let origin = origin.and_then(|origin| ScmUrl::of_remote(&origin, "HEAD"));
    let there = origin
        .ok_or_else(unknown)?
        .with_path(&folder.to_string_lossy());
    let there = reader.at_revision(&Address::Url(there.to_string()), revision)?;
    Ok(SiteTree::new(reader, at, &there))
}

/// Keeps a site at a revision, and lets go of those that were read longest ago.
fn keep(session: &Session, key: &str, kept: &Kept) -> Result<(), SyncError> {
    let Ok(text) = serde_json::to_string(kept) else {
        return Ok(());
    };
    let store = &session.store;
    let known = store.note(LIST)?.unwrap_or_default();
    let mut known: Vec<&str> = known.lines().filter(|known| *known != key).collect();
    known.push(key);
    while known.len() > KEPT {
        store.set_note(known.remove(0), "")?;
    }
    store.set_note(key, &text)?;
    store.set_note(LIST, &known.join("\n"))?;
    Ok(())
}

/// Whether the docs of `entity` that are kept are those that its repository has now: asked for once in a while, by one
/// small request. Where that cannot be told, they are.
pub(super) async fn is_same(session: &Session, connection: &Connection, entity: &Entity) -> bool {
    let key = format!("docs:{}", entity.entity_ref);
    let note = session.store.note(&key).ok().flatten().unwrap_or_default();
    let (asked, commit) = note.split_once(' ').unwrap_or((&note, ""));
    if asked.parse().is_ok_and(|then| is_younger(then, FRESH)) {
        return true;
    }
    let place = super::address(&entity.provenance.location);
    let folder = entity.annotation(TECHDOCS_REF).and_then(folder_of);
    let (Some(place), Some(folder)) = (place, folder) else {
        return true;
    };
    let at = connection.resolve(&place, folder);
    let Some(scm) = at.ok().and_then(|at| ScmUrl::parse(&at.name())) else {
        return true;
    };
    let Ok(Ok(now_at)) = tokio::time::timeout(PATIENCE, connection.revision(&scm)).await else {
        return true;
    };
    let noted = session.store.set_note(&key, &format!("{} {now_at}", now()));
    noted.is_err() || now_at == commit
}
