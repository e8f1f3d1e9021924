//! The folder a run works in. Nothing is read or written outside of it, symbolic links included.

use std::fs;
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};

use walkdir::WalkDir;

use super::outside::Content;
use super::run::TreeEntry;

/// The most entries that are listed.
const MAX_ENTRIES: usize = 100_000;

/// A jail: a folder, and paths that stay inside of it.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    root: PathBuf,
}

/// Why a file of the workspace could not be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WorkspaceError {
    /// The words are Backstage's (`resolveSafeChildPath`).
    #[error(
        "Relative path is not allowed to refer to a directory outside its parent: {path:?} leaves the workspace"
    )]
    Outside {
        /// The path as given.
        path: String,
    },
    /// The folder for the workspace holds something already.
    #[error("{0} is not empty; name a new or an empty folder")]
    NotEmpty(PathBuf),
    /// The operating system refused.
    #[error("{path}: {source}")]
    Io {
        /// The path in the workspace.
        path: String,
        /// What went wrong.
        source: io::Error,
    },
}

fn failed(path: &str) -> impl FnOnce(io::Error) -> WorkspaceError {
    let path = path.to_owned();
    move |source| WorkspaceError::Io { path, source }
}

/// The relative `path` without `.` and `..`; `None` if it leads out of where it starts.
pub(crate) fn inner_path(path: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

impl Workspace {
    /// A workspace in `folder`, which is made if it does not exist and must be empty.
    pub(crate) fn new(folder: &Path) -> Result<Self, WorkspaceError> {
        let shown = folder.display().to_string();
        fs::create_dir_all(folder).map_err(failed(&shown))?;
        let root = fs::canonicalize(folder).map_err(failed(&shown))?;
        let mut entries = fs::read_dir(&root).map_err(failed(&shown))?;
        if entries.next().is_some() {
            return Err(WorkspaceError::NotEmpty(folder.to_owned()));
        }
        Ok(Self { root })
    }

    /// The workspace in `folder`, with what is in it.
    pub(crate) fn open(folder: &Path) -> Result<Self, WorkspaceError> {
        let root = fs::canonicalize(folder).map_err(failed(&folder.display().to_string()))?;
        Ok(Self { root })
    }

    /// The place of `path`, which may be absolute if it lies inside. It need not exist; no link on the way leads out.
    pub(crate) fn resolve(&self, path: &str) -> Result<PathBuf, WorkspaceError> {
        let outside = || WorkspaceError::Outside {
            path: path.to_owned(),
        };
        let mut place = PathBuf::new();
        for component in self.root.join(path).components() {
            match component {
                Component::ParentDir => {
                    place.pop();
                }
                Component::CurDir => {}
                other => place.push(other),
            }
        }
        if path.contains('\0') || !place.starts_with(&self.root) {
            return Err(outside());
        }
        // The deepest part that exists decides where the rest will be; a dangling link counts as leading out.
        let mut existing = place.as_path();
        while fs::symlink_metadata(existing).is_err() {
            existing = existing.parent().ok_or_else(outside)?;
        }
        match fs::canonicalize(existing) {
            Ok(real) if real.starts_with(&self.root) => Ok(place),
            _ => Err(outside()),
        }
    }

    /// Like [`Self::resolve`], but a link at the end is meant itself, not what it leads to.
    pub(crate) fn entry(&self, path: &str) -> Result<PathBuf, WorkspaceError> {
        let trimmed = path.trim_end_matches('/');
        let (parent, name) = trimmed.rsplit_once('/').unwrap_or(("", trimmed));
        if matches!(name, "" | "." | "..") {
            return self.resolve(path);
        }
        Ok(self.resolve(parent)?.join(name))
    }

    /// Makes a folder and those around it.
    pub(crate) fn make_folder(&self, path: &str) -> Result<(), WorkspaceError> {
        fs::create_dir_all(self.resolve(path)?).map_err(failed(path))
    }

    /// Puts `content` at `path`, making the folders around it; a link is put in the place of what was there.
    pub(crate) fn put(&self, path: &str, content: &Content) -> Result<(), WorkspaceError> {
        let place = match content {
            Content::Link(_) => self.entry(path)?,
            _ => self.resolve(path)?,
        };
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent).map_err(failed(path))?;
        }
        match content {
            Content::Folder => fs::create_dir_all(&place).map_err(failed(path)),
            Content::Link(target) => {
                if fs::symlink_metadata(&place).is_ok_and(|data| !data.is_dir()) {
                    fs::remove_file(&place).map_err(failed(path))?;
                }
                symlink(target, &place).map_err(failed(path))
            }
            Content::File { bytes, mode } => {
                let mut options = fs::OpenOptions::new();
                let file = options
                    .write(true)
                    .create(true)
                    .truncate(true)
                    .mode(mode & 0o777)
                    .open(&place);
                file.and_then(|mut file| io::Write::write_all(&mut file, bytes))
                    .map_err(failed(path))
            }
        }
    }

    /// Puts a file of `bytes` at `path`, making the folders around it. The mode of a file that is there stays.
    pub(crate) fn write(&self, path: &str, bytes: Vec<u8>) -> Result<(), WorkspaceError> {
        self.put(path, &Content::File { bytes, mode: 0o644 })
    }

    /// Like [`Self::write`], but the folder must be there.
    pub(crate) fn overwrite(&self, path: &str, bytes: &[u8]) -> Result<(), WorkspaceError> {
        fs::write(self.resolve(path)?, bytes).map_err(failed(path))
    }

    /// Adds `bytes` to the end of the file at `path`, which is made if it is not there; its folder must be.
    pub(crate) fn append(&self, path: &str, bytes: &[u8]) -> Result<(), WorkspaceError> {
        let mut options = fs::OpenOptions::new();
        let file = options.append(true).create(true).open(self.resolve(path)?);
        file.and_then(|mut file| io::Write::write_all(&mut file, bytes))
            .map_err(failed(path))
    }

    /// Puts `content` at `path` with just the mode it has, whatever this program's own mask is.
    pub(crate) fn copy(&self, path: &str, content: &Content) -> Result<(), WorkspaceError> {
        self.put(path, content)?;
        if let Content::File { mode, .. } = content {
            let place = self.resolve(path)?;
            let mode = fs::Permissions::from_mode(mode & 0o777);
            fs::set_permissions(place, mode).map_err(failed(path))?;
        }
        Ok(())
    }

    /// The error that `path` leads out.
    pub(crate) fn outside(path: &str) -> WorkspaceError {
        WorkspaceError::Outside {
            path: path.to_owned(),
        }
    }

    /// `path` from the root, without `.`, `..` and what else is needless; empty for the root itself.
    pub(crate) fn inner(&self, path: &str) -> Result<String, WorkspaceError> {
        let outside = || Self::outside(path);
        let path = if path.starts_with('/') {
            let inner = Path::new(path).strip_prefix(&self.root);
            inner.ok().and_then(Path::to_str).ok_or_else(outside)?
        } else {
            path
        };
        inner_path(path).ok_or_else(outside)
    }

    /// Whether something is at `path`, a dangling link included.
    pub(crate) fn exists(&self, path: &str) -> Result<bool, WorkspaceError> {
        Ok(fs::symlink_metadata(self.entry(path)?).is_ok())
    }

    /// The content of the file at `path`.
    pub(crate) fn read(&self, path: &str) -> Result<Vec<u8>, WorkspaceError> {
        fs::read(self.resolve(path)?).map_err(failed(path))
    }

    /// Everything in it, sorted by path; links are not followed.
    pub(crate) fn tree(&self) -> Vec<TreeEntry> {
        Self::tree_of(&self.root)
    }

    /// The paths of all files, by every way that leads to them inside: links to files, and what lies behind links to
    /// folders.
    pub(crate) fn files(&self) -> Vec<String> {
        let inner = |path: &Path| {
            let inner = path.strip_prefix(&self.root).ok()?;
            Some(inner.to_string_lossy().into_owned())
        };
        let stays = |path: &Path| inner(path).is_some_and(|inner| self.resolve(&inner).is_ok());
        WalkDir::new(&self.root)
            .min_depth(1)
            .follow_links(true)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(|entry| stays(entry.path()))
            .filter_map(Result::ok)
            .take(MAX_ENTRIES)
            .filter(|entry| entry.file_type().is_file())
            .filter_map(|entry| inner(entry.path()))
            .collect()
    }

    /// Everything in `folder`, with paths that count from it.
    pub(crate) fn tree_of(folder: &Path) -> Vec<TreeEntry> {
        WalkDir::new(folder)
            .min_depth(1)
            .sort_by_file_name()
            .into_iter()
            .filter_map(Result::ok)
            .take(MAX_ENTRIES)
            .filter_map(|entry| {
                let mut path = entry
                    .path()
                    .strip_prefix(folder)
                    .ok()?
                    .to_string_lossy()
                    .into_owned();
                let kind = entry.file_type();
                let data = entry.metadata().ok()?;
                let mut mode = 0;
                let mut size = 0;
                let mut target = None;
                if kind.is_dir() {
                    path.push('/');
                } else if kind.is_symlink() {
                    let link = fs::read_link(entry.path()).ok()?;
                    target = Some(link.to_string_lossy().into_owned());
                } else {
                    mode = data.permissions().mode() & 0o777;
                    size = data.len();
                }
                Some(TreeEntry {
                    path,
                    mode,
                    size,
                    target,
                })
            })
            .collect()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn no_path_leaves_the_workspace() {
        let folder = tempfile::tempdir().unwrap();
        let jail = folder.path().join("jail");
        let workspace = Workspace::new(&jail).unwrap();
        fs::write(folder.path().join("secret"), "x").unwrap();
        symlink("..", jail.join("up")).unwrap();
        symlink("../new", jail.join("dangling")).unwrap();
        symlink("inner", jail.join("fine")).unwrap();
        fs::create_dir(jail.join("inner")).unwrap();
        for path in [
            "../secret",
            "a/../../secret",
            "/etc/passwd",
            "up/secret",
            "dangling",
        ] {
            assert!(
                matches!(workspace.resolve(path), Err(WorkspaceError::Outside { .. })),
                "{path}"
            );
        }
        for path in ["a/b/../c", "./x", "fine/y", ""] {
            assert!(workspace.resolve(path).is_ok(), "{path}");
        }
        let file = Content::File {
            bytes: b"y".to_vec(),
            mode: 0o755,
        };
        assert!(workspace.put("dangling", &file).is_err());
        workspace.put("deep/run.sh", &file).unwrap();
        let tree = workspace.tree();
        let made = tree
            .iter()
            .find(|entry| entry.path == "deep/run.sh")
            .unwrap();
        assert_eq!(made.mode & 0o700, 0o700);
    }

    #[test]
    fn a_folder_in_use_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("x"), "").unwrap();
        let error = Workspace::new(folder.path()).unwrap_err().to_string();
        assert!(error.contains("not empty"), "{error}");
    }
}
