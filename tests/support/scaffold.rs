//! The world of a template in tests: folders of this machine, entities that a test names, answers it gives for hosts.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{Hash, Hasher};
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde_json::Value as Json;
use stagedoor::catalog::{Entity, EntityRef};
use stagedoor::ingest::{
    Found, Location, Match, Options, ReadError, Reader, Root, SourceFile, Standing, ingest,
};
use stagedoor::scaffolder::outside::{
    Access, Content, File, Files, GitLogin, Outside, OutsideError, Request, Response,
};
use stagedoor::scaffolder::template::Template;

/// A world of folders.
#[derive(Default)]
pub(crate) struct World {
    /// The entities there are.
    pub(crate) entities: BTreeMap<String, Json>,
    /// Makes up an entity for a reference that is not there.
    pub(crate) make_up: Option<fn(&EntityRef) -> Json>,
    /// The kinds of the hosts there are.
    pub(crate) hosts: BTreeMap<String, String>,
    /// What hosts answer, by method and path.
    pub(crate) answers: BTreeMap<String, Response>,
    /// The folder that sources may lie in; the template's own by default.
    pub(crate) root: Option<PathBuf>,
    /// The address of the pages of all hosts; that of the host by default.
    pub(crate) base: Option<String>,
    /// Who we are at all hosts.
    pub(crate) access: Option<Access>,
    /// What hosts were asked.
    pub(crate) asked: Mutex<Vec<Request>>,
}

/// The place of `url` beside the template at `location`, within the world's root.
fn beside(world: &World, location: &str, url: &str) -> Result<PathBuf, OutsideError> {
    let file = Path::new(location.strip_prefix("file:").unwrap_or(location));
    let folder = file.parent().unwrap_or(Path::new("/"));
    let root = world.root.as_deref().unwrap_or(folder);
    let start = match url.strip_prefix('/') {
        Some(rest) => root.join(rest),
        None => folder.join(url),
    };
    let mut place = PathBuf::new();
    for component in start.components() {
        match component {
            Component::ParentDir => {
                place.pop();
            }
            Component::CurDir => {}
            other => place.push(other),
        }
    }
    if url.contains("://") || !place.starts_with(root) {
        return Err(OutsideError::Refused(url.to_owned()));
    }
    Ok(place)
}

fn walk(root: &Path, folder: &Path, out: &mut Files) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let data = fs::symlink_metadata(&path)?;
        let content = if data.is_symlink() {
            Content::Link(fs::read_link(&path)?.to_string_lossy().into_owned())
        } else if data.is_dir() {
            walk(root, &path, out)?;
            Content::Folder
        } else {
            Content::File {
                bytes: fs::read(&path)?,
                mode: data.permissions().mode() & 0o777,
            }
        };
        let inner = path.strip_prefix(root).unwrap_or(&path);
        out.push(File {
            path: inner.to_string_lossy().into_owned(),
            content,
        });
    }
    Ok(())
}

impl Outside for World {
    fn tree(&self, location: &str, url: &str) -> Result<Files, OutsideError> {
        let place = beside(self, location, url)?;
        let mut files = Files::new();
        walk(&place, &place, &mut files)
            .map_err(|error| OutsideError::Failed(format!("{}: {error}", place.display())))?;
        Ok(files)
    }

    fn file(&self, location: &str, url: &str) -> Result<Vec<u8>, OutsideError> {
        let place = beside(self, location, url)?;
        fs::read(&place).map_err(|_| OutsideError::NotFound(place.display().to_string()))
    }

    fn entity(&self, entity_ref: &EntityRef) -> Option<Entity> {
        let known = self.entities.get(&entity_ref.to_string()).cloned();
        let body = known.or_else(|| self.make_up.map(|make_up| make_up(entity_ref)))?;
        Some(Entity {
            entity_ref: entity_ref.clone(),
            body,
            provenance: stagedoor::catalog::Provenance::default(),
        })
    }

    fn http(&self, request: &Request) -> Result<Response, OutsideError> {
        let key = format!("{} {}", request.method, request.path);
        if let Ok(mut asked) = self.asked.lock() {
            asked.push(request.clone());
        }
        let answer = self.answers.get(&key).cloned();
        if let Some(answer) = &answer
            && self.host_type(&request.host).as_deref() == Some("github")
        {
            write_down(request, answer.status);
        }
        answer.ok_or(OutsideError::NotFound(key))
    }

    fn git_login(&self, _host: &str) -> Option<GitLogin> {
        None
    }

    fn host_type(&self, host: &str) -> Option<String> {
        self.hosts.get(host).cloned()
    }

    fn access(&self, _host: &str) -> Access {
        self.access.clone().unwrap_or(Access::Unknown)
    }

    fn pages(&self, host: &str) -> (String, String) {
        let base = self
            .base
            .clone()
            .unwrap_or_else(|| format!("https://{host}"));
        (base.clone(), base)
    }
}

/// Writes down what a GitHub is asked where `STAGEDOOR_EXCHANGES` names a folder: `tests/schemas` holds it against what GitHub
/// publishes. What it would answer is made up here, and is not held.
fn write_down(request: &Request, status: u16) {
    let Some(folder) = std::env::var_os("STAGEDOOR_EXCHANGES") else {
        return;
    };
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let exchange = serde_json::json!({
        "method": request.method,
        "path": format!("/api/v3{path}"),
        "query": query,
        "body": request.body,
        "status": status,
        "headers": {},
        "answer": null,
    })
    .to_string();
    let mut name = std::hash::DefaultHasher::new();
    exchange.hash(&mut name);
    let file = Path::new(&folder).join(format!("scaffolder-{:016x}.json", name.finish()));
    // Whole or not at all: another test may write the same.
    let new = file.with_extension(format!("{:?}", std::thread::current().id()));
    let written = fs::write(&new, exchange).and_then(|()| fs::rename(&new, &file));
    assert!(written.is_ok(), "{}: {written:?}", file.display());
}

/// Reads what lies beside a file.
struct Beside;

impl Reader for Beside {
    fn search(&self, base: &Location, target: &str) -> Result<Vec<Match>, ReadError> {
        Ok(vec![Match::Read(self.read(base, target)?)])
    }

    fn read(&self, base: &Location, target: &str) -> Result<SourceFile, ReadError> {
        let folder = Path::new(&base.target).parent().unwrap_or(Path::new("/"));
        let place = folder.join(target);
        let bytes = fs::read(&place).map_err(|_| ReadError::NotFound {
            target: target.to_owned(),
        })?;
        let name = place.to_string_lossy().into_owned();
        Ok(SourceFile {
            location: Location::file(name.clone()),
            name,
            bytes: Arc::from(bytes),
            blob: None,
            commit: None,
        })
    }
}

/// The template in the file at `path`.
pub(crate) fn template(path: &Path) -> Result<Template, String> {
    let target = path.to_string_lossy().into_owned();
    let location = Location::file(target);
    let file = Beside
        .read(&location, &location.target)
        .map_err(|error| error.to_string())?;
    let root = Root {
        source: "test".to_owned(),
        location,
        files: Some(vec![file]),
        found: Found::Named,
        standing: Standing::default(),
    };
    let found = ingest(&[root], &Beside, &Options::default());
    let mut templates = found
        .entities
        .iter()
        .filter(|e| e.entity.entity_ref.kind() == "template");
    let first = templates.next();
    let first = first.ok_or_else(|| format!("no template: {:?}", found.problems))?;
    Template::read(&first.entity.unpack()).map_err(|error| error.to_string())
}
