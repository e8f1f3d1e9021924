//! The root that a local file does not leave: its Git work tree, else the folder of its source.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::super::scm::{ScmUrl, web_url};

/// A folder that files below it do not leave.
#[derive(Debug)]
pub(super) struct Root {
    /// The folder.
    pub(super) path: PathBuf,
    /// Whether it is the root of a Git work tree.
    pub(super) is_work_tree: bool,
    /// The web address of `origin` and the checked-out branch, asked for once and only when needed.
    origin: OnceLock<Option<(String, String)>>,
}

impl Root {
    fn new(path: PathBuf, is_work_tree: bool) -> Self {
        Self {
            path,
            is_work_tree,
            origin: OnceLock::new(),
        }
    }

    /// The path in this work tree that `url` names, where that is an address of `origin` at the checked-out branch.
    pub(super) fn path_of(&self, url: &str) -> Option<PathBuf> {
        let scm = ScmUrl::parse(url)?;
        let (origin, branch) = self.origin()?;
        let same = scm.repository_url().eq_ignore_ascii_case(origin)
            && (scm.reference == *branch || scm.reference == "HEAD");
        same.then(|| self.path.join(scm.path))
    }

    /// The web address of `origin` and the checked-out branch; `None` outside a work tree or without an origin.
    pub(super) fn origin(&self) -> Option<&(String, String)> {
        if !self.is_work_tree {
            return None;
        }
        self.origin
            .get_or_init(|| {
                let origin = git(&self.path, &["config", "--get", "remote.origin.url"])?;
                let branch = git(&self.path, &["symbolic-ref", "--short", "HEAD"])?;
                Some((web_url(&origin), branch))
            })
            .as_ref()
    }
}

/// The root of the Git work tree around the file at `path`, and the web address of its `origin` where it has one.
pub fn work_tree_of(path: &Path) -> Option<(PathBuf, Option<String>)> {
    let root = work_tree(path.parent()?, &mut HashMap::new())?;
    let origin = git(&root.path, &["config", "--get", "remote.origin.url"]);
    Some((root.path.clone(), origin.map(|origin| web_url(&origin))))
}

/// The web address of `origin` of the work tree around the file at `path`; `None` where there is none.
pub fn origin_of(path: &Path) -> Option<String> {
    let root = work_tree(path.parent()?, &mut HashMap::new())?;
    root.origin().map(|(origin, _)| origin.clone())
}

/// The root of the work tree around `folder`; `None` where there is none.
pub(in crate::host) fn work_tree_root(folder: &Path) -> Option<PathBuf> {
    let root = work_tree(folder, &mut HashMap::new())?;
    Some(root.path.clone())
}

/// The first line of what `git` says in `folder`; nothing where it fails.
fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The roots of the files of one source, each found once.
#[derive(Debug)]
pub(super) struct Roots {
    /// The root of files that are in no work tree.
    fallback: Arc<Root>,
    /// The work tree around each folder that was asked about.
    work_trees: Mutex<HashMap<PathBuf, Option<Arc<Root>>>>,
}

impl Roots {
    pub(super) fn new(fallback: PathBuf) -> Self {
        Self {
            fallback: Arc::new(Root::new(fallback, false)),
            work_trees: Mutex::default(),
        }
    }

    /// The root of `file`.
    pub(super) fn of(&self, file: &Path) -> Arc<Root> {
        let folder = file.parent().unwrap_or(file);
        let mut known = self
            .work_trees
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match work_tree(folder, &mut known) {
            Some(root) => root,
            None if folder.starts_with(&self.fallback.path) => Arc::clone(&self.fallback),
            None => Arc::new(Root::new(folder.to_owned(), false)),
        }
    }
}

/// The work tree around `folder`: its own, or that of the folder above.
fn work_tree(folder: &Path, known: &mut HashMap<PathBuf, Option<Arc<Root>>>) -> Option<Arc<Root>> {
    if let Some(root) = known.get(folder) {
        return root.clone();
    }
    let root = if is_work_tree(folder) {
        Some(Arc::new(Root::new(folder.to_owned(), true)))
    } else {
        folder.parent().and_then(|above| work_tree(above, known))
    };
    known.insert(folder.to_owned(), root.clone());
    root
}

/// Whether `dir` is the root of a work tree: `.git` is a repository, or a file that leads to one.
fn is_work_tree(dir: &Path) -> bool {
    let git = dir.join(".git");
    git.join("HEAD").is_file() || git.is_file()
}
