//! Files of this machine: folders, files and globs, read without leaving their root.
//!
//! A file inside a Git work tree behaves like a `url` location of that repository: what it points to may stand anywhere
//! in the work tree, `/` is the work tree's root, and URLs of `origin` at the checked-out branch read the work tree.
//! Outside a work tree nothing above the folder of the source is read.

mod expand;
mod folder;
mod pattern;
mod root;
mod walk;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Address, File, Found, Host, HostError, MAX_FILE, is_descriptor};
use crate::config::source::{glob_root, is_glob, normalize};

pub use folder::Folder;
pub(super) use root::work_tree_root;
pub use root::{origin_of, work_tree_of};
pub use walk::{local_files, local_folders};

use root::Roots;

/// The files of this machine, as one source sees them.
#[derive(Debug)]
pub struct LocalFiles {
    target: Target,
    roots: Roots,
}

impl Host for LocalFiles {
    async fn discover(&self) -> Result<Vec<Found>, HostError> {
        self.find()
    }

    fn resolve(&self, base: &Address, target: &str) -> Result<Address, HostError> {
        match base {
            Address::Path(base) => self.resolve_path(base, target),
            Address::Url(_) => base.resolve(target, None),
        }
    }

    async fn search(
        &self,
        base: &Address,
        at: &Address,
        globs: bool,
    ) -> Option<Result<Vec<File>, HostError>> {
        let (Address::Path(base), Address::Path(at)) = (base, at) else {
            return None;
        };
        Some(if globs {
            self.matching(base, at)
        } else {
            read(at, &self.roots.of(base).path).map(|file| vec![file])
        })
    }
}

/// What the source names.
#[derive(Debug)]
enum Target {
    Folder(PathBuf),
    File(PathBuf),
    Glob(PathBuf),
}

impl LocalFiles {
    /// All YAML files below `folder`.
    pub fn folder(folder: &Path) -> Self {
        Self {
            target: Target::Folder(folder.to_owned()),
            roots: Roots::new(folder.to_owned()),
        }
    }

    /// One file.
    pub fn file(file: &Path) -> Self {
        Self {
            target: Target::File(file.to_owned()),
            roots: Roots::new(file.parent().unwrap_or(file).to_owned()),
        }
    }

    /// The files that match `glob`.
    pub fn glob(glob: &Path) -> Self {
        Self {
            target: Target::Glob(glob.to_owned()),
            roots: Roots::new(glob_root(glob)),
        }
    }

    /// The folder at `path`, whose files stay within its root.
    pub(super) fn folder_at(&self, path: &Path) -> Folder {
        // The root of a folder is that of the files in it.
        Folder::within(path, &self.roots.of(&path.join("x")).path)
    }

    /// The descriptors there are.
    fn find(&self) -> Result<Vec<Found>, HostError> {
        let found = |path: PathBuf, named: bool| Found {
            address: Address::Path(path),
            named,
            wanted: None,
        };
        match &self.target {
            Target::File(file) if file.is_file() => Ok(vec![found(file.clone(), true)]),
            Target::File(path) => Err(missing(path)),
            // A folder that is gone, such as a disk that is not mounted, is no empty catalog.
            Target::Glob(glob) if !glob_root(glob).is_dir() => Err(missing(&glob_root(glob))),
            Target::Glob(glob) => Ok(vec![found(glob.clone(), true)]),
            Target::Folder(folder) if !folder.is_dir() => Err(missing(folder)),
            Target::Folder(folder) => {
                let files = walk::yaml_files(folder)?;
                let found = files.into_iter().map(|path| {
                    let named = is_descriptor(&path.to_string_lossy());
                    found(path, named)
                });
                Ok(found.collect())
            }
        }
    }

    /// What `target`, written in the file `base`, points to: a path of this machine, or a URL elsewhere.
    fn resolve_path(&self, base: &Path, target: &str) -> Result<Address, HostError> {
        let root = self.roots.of(base);
        let address = Address::Path(base.to_owned()).resolve(target, Some(&root.path))?;
        Ok(match address {
            Address::Url(url) => root.path_of(&url).map_or(Address::Url(url), Address::Path),
            path @ Address::Path(_) => path,
        })
    }

    /// Where `target`, written in the file `base`, leads, and the root it must lie in.
    pub(super) fn locate(
        &self,
        base: &Path,
        target: &str,
    ) -> Result<(PathBuf, PathBuf), HostError> {
        match self.resolve_path(base, target)? {
            Address::Path(path) => Ok((self.roots.of(base).path.clone(), path)),
            Address::Url(url) => Err(HostError::NotFound { place: url }),
        }
    }

    /// The paths that `target`, written in the file `base`, matches, sorted; `None` where it is no glob.
    pub(super) fn expand(
        &self,
        base: &Path,
        target: &str,
    ) -> Result<Option<Vec<PathBuf>>, HostError> {
        match self.resolve_path(base, target)? {
            Address::Path(path) => self.matches(base, &path),
            Address::Url(_) => Ok(None),
        }
    }

    /// The paths that `pattern` matches, if it is a glob. Where that matches nothing, a path with such a name is meant.
    fn matches(&self, base: &Path, pattern: &Path) -> Result<Option<Vec<PathBuf>>, HostError> {
        let text = pattern.to_string_lossy();
        if !is_glob(&text) {
            return Ok(None);
        }
        let root = self.roots.of(base);
        if !glob_root(pattern).starts_with(&root.path) {
            return if pattern.exists() {
                Ok(None)
            } else {
                Err(refused(pattern, &root.path))
            };
        }
        let found = expand::expand(&text);
        Ok((!found.is_empty() || !pattern.exists()).then_some(found))
    }

    /// The files that `path`, which may be a glob, matches, sorted by name.
    fn matching(&self, base: &Path, path: &Path) -> Result<Vec<File>, HostError> {
        let root = self.roots.of(base);
        match self.matches(base, path)? {
            None => Ok(vec![read(path, &root.path)?]),
            Some(paths) => paths.iter().map(|path| read(path, &root.path)).collect(),
        }
    }
}

fn missing(path: &Path) -> HostError {
    HostError::NotFound {
        place: path.display().to_string(),
    }
}

/// Reads the file at `path`, which must lie below `root` once all links are followed.
fn read(path: &Path, root: &Path) -> Result<File, HostError> {
    let lexical = normalize(path);
    if !lexical.starts_with(root) {
        return Err(refused(path, root));
    }
    let io = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => HostError::NotFound {
            place: path.display().to_string(),
        },
        _ => HostError::Failed {
            place: path.display().to_string(),
            reason: error.to_string(),
        },
    };
    let real = fs::canonicalize(&lexical).map_err(io)?;
    let real_root = fs::canonicalize(root).map_err(io)?;
    if !real.starts_with(&real_root) {
        return Err(refused(path, root));
    }
    let file = fs::File::open(&real).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    // A pipe or device would never end.
    if !metadata.is_file() {
        return Err(HostError::Failed {
            place: path.display().to_string(),
            reason: "is a folder or device, not a file".to_owned(),
        });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(MAX_FILE)).unwrap_or(0));
    file.take(MAX_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(io)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(HostError::TooLarge {
            place: path.display().to_string(),
            limit: MAX_FILE,
        });
    }
    Ok(File {
        address: Address::Path(lexical),
        bytes: bytes.into(),
        blob: None,
        commit: None,
    })
}

fn refused(path: &Path, root: &Path) -> HostError {
    HostError::Refused {
        place: path.display().to_string(),
        root: root.display().to_string(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// A folder that holds `files`; names that end in `/` are folders.
    fn tree(files: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for name in files {
            let path = dir.path().join(name);
            if name.ends_with('/') {
                fs::create_dir_all(path).unwrap();
            } else {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, format!("# {name}\n")).unwrap();
            }
        }
        dir
    }

    fn names(files: &[File], root: &Path) -> Vec<String> {
        files
            .iter()
            .map(|file| {
                file.address
                    .name()
                    .replace(&format!("{}/", root.display()), "")
            })
            .collect()
    }

    #[test]
    fn a_folder_gives_its_yaml_and_passes_over_what_is_built() {
        let dir = tree(&[
            "a/catalog-info.yaml",
            "b.yml",
            "c.txt",
            ".backstage/d.yaml",
            "node_modules/e.yaml",
            ".git/f.yaml",
            "target/g.yaml",
            "target/CACHEDIR.TAG",
        ]);
        let found = LocalFiles::folder(dir.path()).find().unwrap();
        let found: Vec<(String, bool)> = found
            .iter()
            .map(|found| {
                let name = found.address.name();
                (
                    name.replace(&format!("{}/", dir.path().display()), ""),
                    found.named,
                )
            })
            .collect();
        let expected = [
            (".backstage/d.yaml", false),
            ("a/catalog-info.yaml", true),
            ("b.yml", false),
        ];
        assert_eq!(
            found,
            expected.map(|(name, named)| (name.to_owned(), named))
        );
    }

    #[test]
    fn globs_are_matched_below_their_root_and_sorted() {
        let dir = tree(&["x/b.yaml", "x/a.yaml", "x/y/c.yaml", "x/.d.yaml", "z.yaml"]);
        let root = dir.path();
        let files = LocalFiles::folder(root);
        let base = root.join("z.yaml");
        let matched = files.matching(&base, &root.join("x/*.yaml")).unwrap();
        assert_eq!(names(&matched, root), ["x/a.yaml", "x/b.yaml"]);
        let matched = files.matching(&base, &root.join("x/**/*.yaml")).unwrap();
        assert_eq!(
            names(&matched, root),
            ["x/a.yaml", "x/b.yaml", "x/y/c.yaml"]
        );
        assert_eq!(files.matching(&base, &root.join("no/*.yaml")).unwrap(), []);
    }

    #[test]
    fn nothing_outside_the_root_is_read_by_path_or_by_link() {
        let dir = tree(&["out/secret.yaml", "in/x.yaml"]);
        let inner = dir.path().join("in");
        std::os::unix::fs::symlink("../out/secret.yaml", inner.join("link.yaml")).unwrap();
        std::os::unix::fs::symlink("../out", inner.join("folder")).unwrap();
        let files = LocalFiles::folder(&inner);
        let base = inner.join("x.yaml");
        for path in [
            "../out/secret.yaml",
            "link.yaml",
            "folder/secret.yaml",
            "../out/*.yaml",
        ] {
            let result = files.matching(&base, &inner.join(path));
            assert!(
                matches!(result, Err(HostError::Refused { .. })),
                "{path}: {result:?}"
            );
        }
        assert!(files.matching(&base, &base).is_ok());
    }

    #[test]
    fn in_a_work_tree_the_whole_work_tree_can_be_reached() {
        let dir = tree(&["repo/.git/HEAD", "repo/a/x.yaml", "repo/y.yaml", "z.yaml"]);
        let repo = dir.path().join("repo");
        let files = LocalFiles::file(&repo.join("a/x.yaml"));
        let base = repo.join("a/x.yaml");
        for (target, expected) in [
            ("../y.yaml", Some("y.yaml")),
            ("/y.yaml", Some("y.yaml")),
            ("../../z.yaml", None),
        ] {
            let address = files.resolve_path(&base, target).unwrap();
            let path = PathBuf::from(address.name());
            let read = files.matching(&base, &path).ok();
            let read = read.map(|read| names(&read, &repo).concat());
            assert_eq!(read.as_deref(), expected, "{target}");
        }
    }
}
