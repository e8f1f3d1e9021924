//! The files around a folder of this machine, by name and by content, none of them outside of its Git work tree.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::root::work_tree_root;
use crate::config::source::normalize;

/// The most files that are listed of a folder.
const MAX_FILES: usize = 100_000;

/// A folder with the root that its files do not leave.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
    /// With all links followed.
    root: PathBuf,
}

impl Folder {
    /// The folder at `path`. Its root is the Git work tree around it, else it is its own.
    pub fn new(path: &Path) -> Self {
        // What has no folder in front lies in this one.
        let path = Path::new(".").join(path);
        let path = std::path::absolute(&path).unwrap_or(path);
        let root = work_tree_root(&path).unwrap_or_else(|| path.clone());
        Self::within(&path, &root)
    }

    /// The folder at `path`, whose files do not leave `root`.
    pub(in crate::host) fn within(path: &Path, root: &Path) -> Self {
        Self {
            path: normalize(path),
            root: root.canonicalize().unwrap_or_else(|_| root.to_owned()),
        }
    }

    /// The path of `file`, which counts from the folder, parted by `/`; it may begin with `..`.
    pub fn path(&self, file: &str) -> PathBuf {
        normalize(&self.path.join(file))
    }

    /// The files below `folder`, relative to it, parted by `/` and sorted. Links are followed within the root; `.git` and
    /// `node_modules` are passed by. None where there is no such folder.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let Some(folder) = self.inside(&self.path(folder)) else {
            return Vec::new();
        };
        let is_wanted = |entry: &walkdir::DirEntry| {
            let name = entry.file_name();
            entry.depth() == 0
                || (name != ".git"
                    && name != "node_modules"
                    && (!entry.path_is_symlink() || self.inside(entry.path()).is_some()))
        };
        let mut names: Vec<String> = WalkDir::new(&folder)
            .follow_links(true)
            .into_iter()
            .filter_entry(is_wanted)
            // A folder that cannot be read, and a link that leads back, cost only themselves.
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .filter_map(|entry| {
                let name = entry.path().strip_prefix(&folder).ok()?;
                Some(name.to_string_lossy().replace('\\', "/"))
            })
            .take(MAX_FILES)
            .collect();
        names.sort();
        names
    }

    /// The first `limit` bytes of `file`; `None` where there is no such file within the root.
    pub fn read(&self, file: &str, limit: u64) -> Option<Vec<u8>> {
        let path = self.inside(&self.path(file))?;
        let file = File::open(&path).ok()?;
        // Neither folders nor pipes, which would never end.
        if !file.metadata().ok()?.is_file() {
            return None;
        }
        let mut bytes = Vec::new();
        file.take(limit).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// `path` with all links followed, where that lies within the root.
    fn inside(&self, path: &Path) -> Option<PathBuf> {
        let path = path.canonicalize().ok()?;
        path.starts_with(&self.root).then_some(path)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn nothing_outside_of_the_root_is_listed_or_read() {
        let dir = tempfile::tempdir().unwrap();
        let site = dir.path().join("site");
        fs::create_dir_all(site.join("docs/a")).unwrap();
        fs::write(site.join("docs/a/x.md"), "x").unwrap();
        fs::write(dir.path().join("secret"), "s").unwrap();
        symlink(dir.path().join("secret"), site.join("docs/out.md")).unwrap();
        symlink(dir.path(), site.join("docs/up")).unwrap();
        symlink(site.join("docs"), site.join("docs/loop")).unwrap();
        symlink(site.join("docs/a/x.md"), site.join("docs/y.md")).unwrap();
        let folder = Folder::new(&site);
        assert_eq!(folder.names("docs"), ["a/x.md", "y.md"]);
        assert_eq!(folder.read("docs/y.md", 10).unwrap(), b"x");
        for outside in ["../secret", "docs/out.md", "docs/up/secret", "/etc/passwd"] {
            assert_eq!(folder.read(outside, 10), None, "{outside}");
        }
        assert_eq!(folder.names(".."), NOTHING);
    }

    const NOTHING: [&str; 0] = [];
}
