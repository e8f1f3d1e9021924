//! The files around a docs site: of a folder of this machine, or of a repository elsewhere.

use std::path::{Path, PathBuf};

use crate::catalog::text::clean;
use crate::host::{Address, Folder, WorkTree, demo, scm::ScmUrl};
use crate::sync::reader::HostReader;
use crate::techdocs::{Config, Tree};

/// The most that is read of one page, in bytes; what is longer is cut, and what reads it says so.
const MAX_PAGE: u64 = 8 << 20;

/// The files around a site in a folder of this machine.
#[derive(Debug)]
pub struct FolderTree {
    folder: Folder,
    /// The folder as it was named.
    named: PathBuf,
}

impl FolderTree {
    /// The files around the site in `folder`.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: Folder::new(folder),
            named: folder.to_owned(),
        }
    }

    /// The text of `file`, which counts from the site's folder; `None` where there is none within the work tree.
    pub fn text(&self, file: &str) -> Option<String> {
        self.folder
            .read(file, MAX_PAGE)
            .map(|bytes| text_of(&bytes))
    }
}

impl Tree for FolderTree {
    fn names(&self, folder: &str) -> Result<Vec<String>, String> {
        Ok(self.folder.names(folder))
    }

    fn texts(&self, files: &[&str]) -> Result<Vec<Option<String>>, String> {
        Ok(files.iter().map(|file| self.text(file)).collect())
    }

    fn name(&self, path: &str) -> String {
        self.named.join(path).display().to_string()
    }
}

/// The files around a site wherever its entity is described.
pub(super) struct SiteTree<'a> {
    reader: &'a HostReader<'a>,
    /// The file that names the site: a host that fails is the source's own only where that file is of it.
    base: Address,
    place: Place,
}

enum Place {
    Folder(Folder),
    Repository(ScmUrl),
    Demo(String),
    /// A work tree at a revision, and the folder in it.
    Past(WorkTree, String),
    /// Where only single files can be had, if those.
    Elsewhere(Address),
}

impl<'a> SiteTree<'a> {
    /// The files around the site in the folder at `at`, which the file at `base` names.
    pub(super) fn new(reader: &'a HostReader<'a>, base: &Address, at: &Address) -> Self {
        let place = if let Some(folder) = reader.folder(at) {
            Place::Folder(folder)
        } else if let Some(path) = demo::path(at) {
            Place::Demo(path.trim_matches('/').to_owned())
        } else {
            ScmUrl::parse(&at.name())
                .map_or_else(|| Place::Elsewhere(at.clone()), Place::Repository)
        };
        Self {
            reader,
            base: base.clone(),
            place,
        }
    }

    /// The files around the site in `folder` of the work tree `past`.
    pub(super) fn past(reader: &'a HostReader<'a>, past: WorkTree, folder: String) -> Self {
        Self {
            reader,
            base: Address::Path(folder.clone().into()),
            place: Place::Past(past, folder),
        }
    }

    /// Says in `config` where pages are edited, where the configuration does not and the address of the site does, as
    /// Backstage's generator does.
    pub(super) fn add_edit_links(&self, config: &mut Config) {
        let Place::Repository(scm) = &self.place else {
            return;
        };
        let infix = match scm.infix {
            "/blob/" | "/tree/" => "/edit/",
            "/-/blob/" | "/-/tree/" => "/-/edit/",
            _ => return,
        };
        if config.repo_url.is_none() && config.edit_uri.is_none() && scm.reference != "HEAD" {
            let docs = within(&scm.path, &config.docs_dir).unwrap_or_default();
            let edited = ScmUrl {
                infix,
                ..scm.with_path(&docs)
            };
            config.edit_uri = Some(edited.to_string());
        }
    }

    /// The site's folder, where it is one of this machine.
    pub(super) fn folder(&self) -> Option<PathBuf> {
        match &self.place {
            Place::Folder(folder) => Some(folder.path("")),
            _ => None,
        }
    }

    /// The address of `path`, which counts from the site's folder; `None` where that is outside of its root.
    fn address(&self, path: &str) -> Option<Address> {
        match &self.place {
            Place::Folder(folder) => Some(Address::Path(folder.path(path))),
            Place::Repository(scm) => {
                let path = within(&scm.path, path)?;
                Some(Address::Url(scm.with_path(&path).to_string()))
            }
            Place::Demo(folder) => Some(demo::address(&within(folder, path)?)),
            Place::Past(_, folder) => Some(Address::Path(within(folder, path)?.into())),
            Place::Elsewhere(at) => at.resolve(path, None).ok(),
        }
    }
}

impl Tree for SiteTree<'_> {
    fn names(&self, folder: &str) -> Result<Vec<String>, String> {
        if let Place::Folder(local) = &self.place {
            return Ok(local.names(folder));
        }
        if let Place::Past(past, root) = &self.place {
            let Some(folder) = within(root, folder) else {
                return Ok(Vec::new());
            };
            return past.names(&folder).map_err(|error| error.to_string());
        }
        let Some(at) = self.address(folder) else {
            return Ok(Vec::new());
        };
        let names = self
            .reader
            .names(&self.base, &at)
            .map_err(|error| error.to_string())?;
        Ok(names.into_iter().map(|name| name.path).collect())
    }

    fn texts(&self, files: &[&str]) -> Result<Vec<Option<String>>, String> {
        if let Place::Folder(local) = &self.place {
            let read = |file: &&str| {
                let bytes = local.read(file, MAX_PAGE)?;
                self.reader.note_local(&local.path(file));
                Some(text_of(&bytes))
            };
            return Ok(files.iter().map(read).collect());
        }
        let addresses: Vec<Option<Address>> = files.iter().map(|file| self.address(file)).collect();
        let wanted: Vec<Address> = addresses.iter().flatten().cloned().collect();
        let contents = if let Place::Past(past, _) = &self.place {
            let paths: Vec<String> = wanted.iter().map(Address::name).collect();
            past.contents(&paths).map_err(|error| error.to_string())?
        } else {
            let contents = self.reader.contents(&self.base, &wanted);
            contents.map_err(|error| error.to_string())?
        };
        let mut contents = contents.into_iter();
        let text = |address: Option<Address>| {
            let bytes = address.and_then(|_| contents.next())??;
            let end = bytes
                .len()
                .min(usize::try_from(MAX_PAGE).unwrap_or(usize::MAX));
            Some(text_of(bytes.get(..end).unwrap_or_default()))
        };
        Ok(addresses.into_iter().map(text).collect())
    }

    fn name(&self, path: &str) -> String {
        self.address(path)
            .map_or_else(|| path.to_owned(), |at| at.name())
    }
}

/// `path` seen from `folder`, both of one repository; `None` where it leaves that.
fn within(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn text_of(bytes: &[u8]) -> String {
    clean(&String::from_utf8_lossy(bytes)).into_owned()
}
