//! The files of a docs site where they lie: its images, the file of a page, and the page that an address means.

use std::path::Path;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::super::reader::{HostReader, location};
use super::super::{Manner, Session, SyncError};
use super::{address, folder_of, owner};
use crate::catalog::entity::TECHDOCS_REF;
use crate::catalog::{Entity, EntityRef, Place};
use crate::host::Address;
use crate::ingest::{ReadError, Reader};
use crate::techdocs::Config;

/// Where the files of a site lie.
struct Home {
    entity: Entity,
    /// The file that describes the entity.
    base: Address,
    /// The site's folder, as that file names it.
    folder: String,
}

/// The home of the docs of `entity`; `None` where it has none, or where they are served by a running Backstage.
fn home(session: &Session, entity: &EntityRef) -> Result<Option<Home>, SyncError> {
    let owner = owner(session, entity)?;
    let Some(entity) = session.store.entity(&owner)?.map(|stored| stored.entity) else {
        return Ok(None);
    };
    let folder = entity.annotation(TECHDOCS_REF).and_then(folder_of);
    let folder = folder.map(str::to_owned);
    let base = address(&entity.provenance.location);
    Ok(base.zip(folder).map(|(base, folder)| Home {
        entity,
        base,
        folder,
    }))
}

impl Home {
    /// The docs folder, as the file that describes the entity would name it.
    fn docs(&self, session: &Session) -> Result<String, SyncError> {
        let owner = &self.entity.entity_ref;
        let config = session.store.site(owner)?.map(|site| site.config);
        let config = config.filter(|config| !config.is_empty()).map_or_else(
            || Config::absent(owner.name()),
            |text| Config::parse("mkdocs.yml", &text).0,
        );
        Ok(format!("{}/{}", self.folder, config.docs_dir))
    }
}

/// The bytes of files below the docs folder of `entity`, in their order; `None` for what is not there. What is larger
/// than `most` bytes, or lies outside of where the source may be read, is an error.
pub async fn files(
    session: &Session,
    entity: &EntityRef,
    paths: Vec<String>,
    most: usize,
    cancel: &CancellationToken,
) -> Result<Vec<Option<Vec<u8>>>, SyncError> {
    let Some(home) = home(session, entity)? else {
        return Ok(vec![None; paths.len()]);
    };
    let mut sources = session.set.sources.iter();
    let source = sources.find(|source| source.to_string() == home.entity.provenance.source);
    let Some(source) = source.filter(|source| source.is_local() || !session.offline) else {
        return Ok(vec![None; paths.len()]);
    };
    let docs = home.docs(session)?;
    let connection = Arc::new(session.connect(source, Manner::Usual).await?);
    let (handle, token) = (Handle::current(), cancel.clone());
    let read = tokio::task::spawn_blocking(move || {
        let reader = HostReader::new(&connection, handle, &token);
        let base = location(&home.base);
        let read = |path: &String| {
            let target = format!("{docs}/{path}");
            if let Ok(Address::Path(file)) = home.base.resolve(&target, None)
                && std::fs::metadata(file).is_ok_and(|data| data.len() > most as u64)
            {
                return None;
            }
            match reader.read(&base, &target) {
                Ok(file) => Some(file.bytes.to_vec()),
                Err(ReadError::NotFound { .. }) => None,
                Err(error) => {
                    tracing::debug!(%error, "a file of docs cannot be read");
                    None
                }
            }
        };
        paths.iter().map(read).collect()
    });
    Ok(read.await?)
}

/// The local file of a page of the docs of `entity`; `None` where it lies on a host.
pub fn page_file(
    session: &Session,
    entity: &EntityRef,
    page: &str,
    line: u32,
) -> Result<Option<Place>, SyncError> {
    let Some(home) = home(session, entity)? else {
        return Ok(None);
    };
    let docs = home.docs(session)?;
    let mut targets = vec![format!("{docs}/{page}")];
    // A folder's README stands in for an index that is not there.
    if let Some(folder) = page.strip_suffix("index.md") {
        targets.push(format!("{docs}/{folder}README.md"));
        targets.push(format!("{}/README.md", home.folder));
    }
    let files = targets
        .iter()
        .filter_map(|target| match home.base.resolve(target, None) {
            Ok(Address::Path(file)) => Some(file),
            _ => None,
        });
    let file = files.into_iter().find(|file| file.is_file());
    Ok(file.map(|file| Place {
        file: file.display().to_string(),
        line,
        column: 1,
    }))
}

/// The page that `url` leads to, with the entity that has it and its anchor. `url` is the address of a file on a host, or
/// a path from the page `page` of `from`. Entities with docs are looked through: those of `candidates`.
pub fn page_at(
    session: &Session,
    from: &EntityRef,
    url: &str,
    page: &str,
    candidates: impl Iterator<Item = EntityRef>,
) -> Result<Option<(EntityRef, String, Option<String>)>, SyncError> {
    let (plain, anchor) = url
        .split_once('#')
        .map_or((url, None), |(url, anchor)| (url, Some(anchor)));
    let anchor = anchor
        .filter(|anchor| !anchor.is_empty())
        .map(str::to_owned);
    let wanted = if Url::parse(plain).is_ok() {
        comparable(plain)
    } else {
        let Some(home) = home(session, from)? else {
            return Ok(None);
        };
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        match home
            .base
            .resolve(&format!("{}/{folder}/{plain}", home.docs(session)?), None)
        {
            Ok(address) => comparable(&address.name()),
            Err(_) => return Ok(None),
        }
    };
    let mut best: Option<(usize, EntityRef, String)> = None;
    for entity in candidates {
        let Some(home) = home(session, &entity)? else {
            continue;
        };
        // Whether its site is the right one shows before its configuration is read.
        let folder = home.base.resolve(&home.folder, None);
        if !folder.is_ok_and(|folder| wanted.starts_with(&comparable(&folder.name()))) {
            continue;
        }
        let Ok(docs) = home.base.resolve(&home.docs(session)?, None) else {
            continue;
        };
        let docs = comparable(&docs.name());
        let Some(below) = wanted
            .strip_prefix(docs.as_str())
            .filter(|rest| rest.starts_with('/'))
        else {
            continue;
        };
        if best
            .as_ref()
            .is_none_or(|(length, ..)| docs.len() > *length)
        {
            best = Some((docs.len(), entity, below.trim_matches('/').to_owned()));
        }
    }
    Ok(best.map(|(_, entity, page)| (entity, page, anchor)))
}

/// An address or a path in a form in which two that mean the same file are the same: without `blob`, `tree`, `raw` and the
/// query, so that a page on any view of a repository is found.
fn comparable(name: &str) -> String {
    let plain = name.split_once('?').map_or(name, |(plain, _)| plain);
    let mut path = plain.to_owned();
    for view in [
        "/-/blob/", "/-/tree/", "/-/raw/", "/-/edit/", "/blob/", "/tree/", "/raw/", "/edit/",
    ] {
        if plain.contains("://") && path.contains(view) {
            path = path.replacen(view, "/@/", 1);
            break;
        }
    }
    let path = path.trim_end_matches('/').to_owned();
    if plain.contains("://") {
        return path;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in Path::new(&path).to_str().unwrap_or_default().split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::comparable;

    #[test]
    fn views_of_one_file_are_the_same() {
        let blob = comparable("https://github.com/acme/x/blob/main/docs/a.md?plain=1");
        assert_eq!(
            blob,
            comparable("https://github.com/acme/x/tree/main/docs/a.md")
        );
        assert_eq!(
            comparable("https://gitlab.com/acme/x/-/blob/main/docs"),
            "https://gitlab.com/acme/x/@/main/docs"
        );
        assert_eq!(comparable("/w/a/./docs/../docs/b.md"), "/w/a/docs/b.md");
    }
}
