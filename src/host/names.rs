//! What lies below a folder of a repository, by name; and contents of those files that are wanted, in one go.

use std::sync::Arc;

use super::demo;
use super::scm::ScmUrl;
use super::web::Web;
use super::{Address, HostError};

/// A file below a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Its path from the folder, parted by `/`.
    pub path: String,
    /// The Git object id of its content, where that is known without reading it.
    pub blob: Option<String>,
}

/// The contents of some files, in the order in which they were asked for; `None` where there is none.
pub(super) type Contents = Vec<Option<Arc<[u8]>>>;

/// The demo's files below the folder at `at`, sorted.
pub(super) fn of_demo(at: &Address) -> Vec<Name> {
    let folder = demo::path(at).unwrap_or_default();
    let folder = folder.trim_matches('/');
    let mut names = Vec::new();
    demo::each_file(|path, _| {
        let below = if folder.is_empty() {
            Some(path)
        } else {
            path.strip_prefix(folder)
                .and_then(|rest| rest.strip_prefix('/'))
        };
        names.extend(below.map(|path| Name {
            path: path.to_owned(),
            blob: None,
        }));
    });
    names.sort_by(|a, b| a.path.cmp(&b.path));
    names
}

/// The contents of the demo's `files`.
pub(super) fn demo_contents(files: &[Address]) -> Contents {
    let read = |at: &Address| {
        let file = demo::FILES.get_file(demo::path(at)?)?;
        Some(file.contents().into())
    };
    files.iter().map(read).collect()
}

/// The paths of `files` in their repository.
pub(super) fn paths(files: &[Address]) -> Vec<String> {
    let path = |file: &Address| ScmUrl::parse(&file.name()).map(|scm| scm.path);
    files
        .iter()
        .map(|file| path(file).unwrap_or_default())
        .collect()
}

impl Web {
    /// The files of a repository below the folder at `at`, sorted.
    pub(super) async fn names(&self, at: &Address) -> Result<Vec<Name>, HostError> {
        let (repository, scm) = self.repository_at(at).await?;
        repository.names(&scm.path).await
    }

    /// The contents of `files`, which stand in one repository at one reference.
    pub(super) async fn contents(&self, files: &[Address]) -> Result<Contents, HostError> {
        let Some(first) = files.first() else {
            return Ok(Vec::new());
        };
        let (repository, _) = self.repository_at(first).await?;
        repository.contents(&paths(files)).await
    }
}
