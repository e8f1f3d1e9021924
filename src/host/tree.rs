//! Whole folders as a template wants them: files with their modes, links as links, empty folders.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use include_dir::DirEntry;
use walkdir::WalkDir;

use super::{Address, Host, HostError, LocalFiles, demo};

/// The most that a tree may hold, in bytes and in entries.
const MAX_TREE: u64 = 512 << 20;
const MAX_ENTRIES: usize = 100_000;

/// One entry of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeEntry {
    /// Its path from the tree's root, with `/` between names.
    pub path: String,
    /// What it is.
    pub node: TreeNode,
}

/// What stands at a path of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TreeNode {
    /// A file.
    File {
        /// Its content.
        bytes: Vec<u8>,
        /// The permission bits: `0o644`, `0o755`.
        mode: u32,
    },
    /// A folder.
    Folder,
    /// A symbolic link with its target as written.
    Link(String),
}

/// The tree at `target`, relative to the file at `base`. The tree of a file of this machine lies in that file's Git
/// work tree, or beside the file; the demo's within the demo.
pub fn tree(base: &Address, target: &str) -> Result<Vec<TreeEntry>, HostError> {
    if demo::path(base).is_some() {
        let at = base.resolve(target, None)?;
        return demo_tree(&demo::path(&at).unwrap_or_default(), target);
    }
    let (root, path) = local(base, target)?;
    local_tree(&root, &path)
}

/// The file at `target`, relative to the file at `base`, within the same bounds as [`tree`].
pub fn file(base: &Address, target: &str) -> Result<Vec<u8>, HostError> {
    if demo::path(base).is_some() {
        let at = base.resolve(target, None)?;
        let path = demo::path(&at).unwrap_or_default();
        let file = demo::FILES.get_file(path.trim_end_matches('/'));
        return file
            .map(|file| file.contents().to_vec())
            .ok_or_else(|| missing(target));
    }
    let (root, path) = local(base, target)?;
    let path = inside(&root, &path)?;
    let size = fs::metadata(&path)
        .map_err(|error| failed(&path, &error))?
        .len();
    if size > MAX_TREE {
        return Err(HostError::TooLarge {
            place: path.display().to_string(),
            limit: MAX_TREE,
        });
    }
    fs::read(&path).map_err(|error| failed(&path, &error))
}

/// The address of what `target`, relative to the file at `base`, names on another host; `None` where [`tree()`] and [`file()`]
/// reach it.
pub fn remote(base: &Address, target: &str) -> Result<Option<Address>, HostError> {
    if demo::path(base).is_some() && !target.contains("://") {
        return Ok(None);
    }
    let at = match base {
        Address::Path(file) => LocalFiles::file(file).resolve(base, target)?,
        Address::Url(_) => base.resolve(target, None)?,
    };
    Ok(matches!(at, Address::Url(_)).then_some(at))
}

fn local(base: &Address, target: &str) -> Result<(PathBuf, PathBuf), HostError> {
    let Address::Path(file) = base else {
        return Err(missing(target));
    };
    LocalFiles::file(file).locate(file, target)
}

fn demo_tree(path: &str, target: &str) -> Result<Vec<TreeEntry>, HostError> {
    let path = path.trim_end_matches('/');
    let dir = demo::FILES.get_dir(path).ok_or_else(|| missing(target))?;
    let mut entries = Vec::new();
    let mut waiting: Vec<&DirEntry<'_>> = dir.entries().iter().collect();
    while let Some(entry) = waiting.pop() {
        let relative = entry.path().strip_prefix(path).unwrap_or(entry.path());
        let node = match entry {
            DirEntry::Dir(dir) => {
                waiting.extend(dir.entries());
                TreeNode::Folder
            }
            DirEntry::File(file) => TreeNode::File {
                bytes: file.contents().to_vec(),
                mode: 0o644,
            },
        };
        entries.push(TreeEntry {
            path: relative.to_string_lossy().into_owned(),
            node,
        });
    }
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(entries)
}

fn local_tree(root: &Path, path: &Path) -> Result<Vec<TreeEntry>, HostError> {
    let folder = inside(root, path)?;
    if !folder.is_dir() {
        return Err(HostError::Failed {
            place: folder.display().to_string(),
            reason: "is a file, not a folder; name the folder, or use fetch:plain:file".to_owned(),
        });
    }
    let mut entries = Vec::new();
    let mut size = 0;
    let walk = WalkDir::new(&folder).min_depth(1).sort_by_file_name();
    // A repository's own store is no part of its content.
    let walk = walk
        .into_iter()
        .filter_entry(|entry| entry.file_name() != ".git");
    for entry in walk {
        let entry = entry.map_err(|error| HostError::Failed {
            place: folder.display().to_string(),
            reason: error.to_string(),
        })?;
        let at = entry.path();
        let relative = at.strip_prefix(&folder).unwrap_or(at);
        let kind = entry.file_type();
        let node = if kind.is_dir() {
            TreeNode::Folder
        } else if kind.is_symlink() {
            let link = fs::read_link(at).map_err(|error| failed(at, &error))?;
            TreeNode::Link(link.to_string_lossy().into_owned())
        } else if kind.is_file() {
            let metadata = entry.metadata().map_err(|error| HostError::Failed {
                place: at.display().to_string(),
                reason: error.to_string(),
            })?;
            size += metadata.len();
            if size > MAX_TREE || entries.len() > MAX_ENTRIES {
                return Err(HostError::TooLarge {
                    place: folder.display().to_string(),
                    limit: MAX_TREE,
                });
            }
            let bytes = fs::read(at).map_err(|error| failed(at, &error))?;
            TreeNode::File {
                bytes,
                mode: metadata.permissions().mode() & 0o777,
            }
        } else {
            continue;
        };
        entries.push(TreeEntry {
            path: relative.to_string_lossy().into_owned(),
            node,
        });
    }
    Ok(entries)
}

/// `path` with all links followed, which must still lie in `root`.
fn inside(root: &Path, path: &Path) -> Result<PathBuf, HostError> {
    let refused = || HostError::Refused {
        place: path.display().to_string(),
        root: root.display().to_string(),
    };
    if !path.starts_with(root) {
        return Err(refused());
    }
    let real = fs::canonicalize(path).map_err(|error| failed(path, &error))?;
    let real_root = fs::canonicalize(root).map_err(|error| failed(root, &error))?;
    if real.starts_with(&real_root) {
        Ok(real)
    } else {
        Err(refused())
    }
}

fn missing(target: &str) -> HostError {
    HostError::NotFound {
        place: target.to_owned(),
    }
}

fn failed(path: &Path, error: &std::io::Error) -> HostError {
    let place = path.display().to_string();
    match error.kind() {
        std::io::ErrorKind::NotFound => HostError::NotFound { place },
        _ => HostError::Failed {
            place,
            reason: error.to_string(),
        },
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn template_in(dir: &Path) -> Address {
        fs::create_dir_all(dir.join("t/skeleton/bin")).unwrap();
        fs::create_dir_all(dir.join("t/skeleton/empty")).unwrap();
        fs::write(dir.join("t/skeleton/bin/run"), "#!/bin/sh\n").unwrap();
        fs::set_permissions(
            dir.join("t/skeleton/bin/run"),
            fs::Permissions::from_mode(0o755),
        )
        .unwrap();
        symlink("bin/run", dir.join("t/skeleton/link")).unwrap();
        fs::create_dir_all(dir.join("shared")).unwrap();
        fs::write(dir.join("shared/a.txt"), "a").unwrap();
        Address::Path(dir.join("t/template.yaml"))
    }

    #[test]
    fn modes_links_and_empty_folders_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let entries = tree(&template_in(dir.path()), "./skeleton").unwrap();
        let names: Vec<&str> = entries.iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(names, ["bin", "bin/run", "empty", "link"]);
        assert!(matches!(
            entries[1].node,
            TreeNode::File { mode: 0o755, .. }
        ));
        assert_eq!(entries[3].node, TreeNode::Link("bin/run".into()));
    }

    #[test]
    fn outside_a_work_tree_nothing_above_the_template_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let template = template_in(dir.path());
        assert!(matches!(
            tree(&template, "../shared"),
            Err(HostError::Refused { .. })
        ));
        symlink(dir.path().join("shared"), dir.path().join("t/way-out")).unwrap();
        assert!(matches!(
            tree(&template, "./way-out"),
            Err(HostError::Refused { .. })
        ));
        assert!(matches!(
            file(&template, "./way-out/a.txt"),
            Err(HostError::Refused { .. })
        ));
        assert!(matches!(
            tree(&template, "./nowhere"),
            Err(HostError::NotFound { .. })
        ));
    }

    #[test]
    fn in_a_work_tree_all_of_it_is_reached() {
        let dir = tempfile::tempdir().unwrap();
        let template = template_in(dir.path());
        fs::create_dir(dir.path().join(".git")).unwrap();
        fs::write(dir.path().join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
        assert_eq!(file(&template, "/shared/a.txt").unwrap(), b"a");
        assert_eq!(tree(&template, "../shared").unwrap().len(), 1);
        assert!(matches!(
            tree(&template, "../../.."),
            Err(HostError::Refused { .. })
        ));
    }
}
