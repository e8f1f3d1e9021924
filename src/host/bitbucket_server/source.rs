//! What one repository holds: its latest commit, a file, the files that match a pattern.

use std::sync::Arc;

use serde::Deserialize;

use crate::catalog::codeowners::PATHS;
use crate::host::glob::{self, Glob};
use crate::host::repositories::with_owners;
use crate::host::rest::RestApi;
use crate::host::scm::ScmUrl;
use crate::host::{HostError, MAX_FILE, object_id};

/// The most pages of files that are read, and how many files each has.
const PAGES: usize = 100;
const PAGE: &str = "1000";

/// The content of one repository.
#[derive(Debug)]
pub(super) struct Source<'a> {
    pub(super) rest: &'a RestApi,
    /// `KEY/SLUG`.
    pub(super) name: &'a str,
    /// The commit, branch or tag; without one the default branch.
    pub(super) at: Option<&'a str>,
}

/// A page of anything.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rows<T> {
    values: Vec<T>,
    #[serde(default)]
    is_last_page: bool,
    next_page_start: Option<usize>,
}

#[derive(Deserialize)]
struct Commit {
    id: String,
}

impl Source<'_> {
    /// The commit at the tip of the default branch.
    pub(super) async fn latest(&self) -> Result<String, HostError> {
        let commits = self
            .rest
            .json::<Rows<Commit>>(&self.parts("commits", ""), &[("limit", "1")])
            .await?;
        let latest = commits.body.values.into_iter().next();
        latest
            .map(|commit| commit.id)
            .ok_or_else(|| HostError::NotFound {
                place: format!("{}/{} (it has no commit)", self.rest.web(), self.name),
            })
    }

    /// The content of the file at `path`; `None` where there is none.
    pub(super) async fn read(&self, path: &str) -> Result<Option<Vec<u8>>, HostError> {
        let at = self.at.map(|at| ("at", at));
        let at: Vec<_> = at.into_iter().collect();
        let answer = self.rest.raw(&self.parts("raw", path), &at, MAX_FILE).await;
        match answer {
            Ok(answer) => Ok(Some(answer.body)),
            Err(HostError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The paths of the files that match `pattern`, and where there are such of the `CODEOWNERS` that was met.
    pub(super) async fn matching(&self, pattern: &str) -> Result<Vec<String>, HostError> {
        let glob = Glob::new(pattern)?;
        // Its files are told by their paths in it.
        let folder = glob::folder(pattern);
        let mut found = Vec::new();
        let mut start = 0;
        for _ in 0..PAGES {
            let from = start.to_string();
            let mut query = vec![("limit", PAGE), ("start", from.as_str())];
            query.extend(self.at.map(|at| ("at", at)));
            let parts = self.parts("files", &folder);
            let files = match self.rest.json::<Rows<String>>(&parts, &query).await {
                Ok(files) => files.body,
                Err(HostError::NotFound { .. }) => return Ok(Vec::new()),
                Err(error) => return Err(error),
            };
            let slash = if folder.is_empty() { "" } else { "/" };
            let paths = files
                .values
                .into_iter()
                .map(|path| format!("{folder}{slash}{path}"));
            found.extend(paths.filter(|it| glob.matches(it) || PATHS.contains(&it.as_str())));
            match files.next_page_start.filter(|next| *next > start) {
                Some(next) if !files.is_last_page => start = next,
                _ => return Ok(with_owners(found, |path| glob.matches(path))),
            }
        }
        Err(HostError::Failed {
            place: format!("{}/{}", self.rest.web(), self.name),
            reason: format!("holds more than {PAGES} pages of files; name it as git+https://…"),
        })
    }

    fn parts<'a>(&'a self, what: &'a str, path: &'a str) -> Vec<&'a str> {
        let (project, slug) = self.name.split_once('/').unwrap_or_default();
        let mut parts = vec!["projects", project, "repos", slug, what];
        parts.extend(path.split('/').filter(|part| !part.is_empty()));
        parts
    }
}

/// The object id and content of the file at `scm`; `None` where it is not there, or nobody signed in.
pub(in crate::host) async fn file(
    rest: &RestApi,
    scm: &ScmUrl,
) -> Result<Option<(String, Arc<[u8]>)>, HostError> {
    // `projects/KEY/repos/SLUG`, in front of which the server's own path may stand.
    let mut steps = scm.repository.rsplit('/');
    let (slug, _, owner, kind) = (steps.next(), steps.next(), steps.next(), steps.next());
    let (Some(slug), Some(owner), Some(kind)) = (slug, owner, kind) else {
        return Ok(None);
    };
    if !rest.is_signed_in() {
        return Ok(None);
    }
    let tilde = if kind == "users" { "~" } else { "" };
    let source = Source {
        rest,
        name: &format!("{tilde}{owner}/{slug}"),
        at: Some(scm.reference.as_str()).filter(|at| *at != "HEAD"),
    };
    let text = source.read(&scm.path).await?;
    Ok(text.map(|text| (object_id(&text), text.into())))
}
