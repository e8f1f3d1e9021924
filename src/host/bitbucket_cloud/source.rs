//! What one repository holds: a file, or the files that match a pattern.

use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;

use crate::catalog::codeowners::PATHS;
use crate::host::glob::{self, Glob};
use crate::host::http::text;
use crate::host::repositories::with_owners;
use crate::host::rest::{Rest, RestApi};
use crate::host::scm::ScmUrl;
use crate::host::{HostError, MAX_FILE, object_id};

use super::listing::page_of;

/// How deep folders are looked through, and how many pages of them.
const DEPTH: &str = "20";
const PAGES: usize = 50;

/// The content of one repository at a commit, or at the tip of a branch.
#[derive(Debug)]
pub(super) struct Source<'a> {
    pub(super) rest: &'a RestApi,
    pub(super) workspace: &'a str,
    /// Its id, which stays when it is renamed, or its name.
    pub(super) repository: &'a str,
    pub(super) at: &'a str,
}

/// What reading a file gave.
#[derive(Debug)]
pub(super) struct Read {
    /// Its content; `None` where there is no such file.
    pub(super) text: Option<Vec<u8>>,
    /// Whether the host says that little is left of its limit.
    pub(super) is_near_limit: bool,
}

/// A page of a folder.
#[derive(Deserialize)]
struct Entries {
    values: Vec<Entry>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    path: String,
    #[serde(rename = "type")]
    kind: String,
}

/// A branch.
#[derive(Deserialize)]
struct Branch {
    target: Target,
}

#[derive(Deserialize)]
struct Target {
    hash: String,
}

impl Source<'_> {
    /// The file at `path`.
    pub(super) async fn read(&self, path: &str) -> Result<Read, HostError> {
        let at = self.commit().await?;
        let answer = self.rest.raw(&self.parts(&at, path), &[], MAX_FILE).await;
        match answer {
            Ok(Rest { body, headers, .. }) => {
                let near = text(&headers, "x-ratelimit-nearlimit");
                // A folder of that name is told as a list.
                let kind = text(&headers, "content-type").unwrap_or_default();
                let is_json = Path::new(path).extension().is_some_and(|end| end == "json");
                let is_list = kind.starts_with("application/json") && !is_json;
                Ok(Read {
                    text: (!is_list).then_some(body),
                    is_near_limit: near.is_some_and(|near| near.eq_ignore_ascii_case("true")),
                })
            }
            Err(HostError::NotFound { .. }) => Ok(Read {
                text: None,
                is_near_limit: false,
            }),
            Err(error) => Err(error),
        }
    }

    /// The paths of the files that match `pattern`, and where there are such of the `CODEOWNERS` that was met.
    pub(super) async fn matching(&self, pattern: &str) -> Result<Vec<String>, HostError> {
        let glob = Glob::new(pattern)?;
        // A slash at its end asks for a list.
        let folder = format!("{}/", glob::folder(pattern));
        let folder = folder.trim_start_matches('/');
        let at = self.commit().await?;
        let parts = self.parts(&at, folder);
        let mut paths = Vec::new();
        let mut page: Option<String> = None;
        for _ in 0..PAGES {
            let mut query = vec![
                ("max_depth", DEPTH),
                ("pagelen", "100"),
                ("fields", "next,values.path,values.type"),
            ];
            query.extend(page.as_deref().map(|page| ("page", page)));
            let entries = match self.rest.json::<Entries>(&parts, &query).await {
                Ok(entries) => entries.body,
                Err(HostError::NotFound { .. }) => return Ok(Vec::new()),
                Err(error) => return Err(error),
            };
            let files = entries.values.into_iter();
            let files = files
                .filter(|it| it.kind == "commit_file")
                .map(|it| it.path);
            paths.extend(files.filter(|it| glob.matches(it) || PATHS.contains(&it.as_str())));
            page = entries.next.as_deref().and_then(page_of);
            if page.is_none() {
                return Ok(with_owners(paths, |path| glob.matches(path)));
            }
        }
        Err(HostError::Failed {
            place: format!("{}/{}/{}", self.rest.web(), self.workspace, self.repository),
            reason: format!(
                "holds more than {} files and folders; name it as git+https://…",
                PAGES * 100
            ),
        })
    }

    /// What is read: a branch with a slash in its name would be read as a branch and a folder.
    async fn commit(&self) -> Result<String, HostError> {
        if !self.at.contains('/') {
            return Ok(self.at.to_owned());
        }
        let mut parts = vec!["repositories", self.workspace, self.repository];
        parts.extend(["refs", "branches"]);
        parts.extend(self.at.split('/'));
        let fields = [("fields", "target.hash")];
        let branch = self.rest.json::<Branch>(&parts, &fields).await?;
        Ok(branch.body.target.hash)
    }

    fn parts<'a>(&'a self, at: &'a str, path: &'a str) -> Vec<&'a str> {
        let mut parts = vec!["repositories", self.workspace, self.repository, "src", at];
        parts.extend(path.split('/'));
        parts
    }
}

/// The object id and content of the file at `scm`; `None` where it is not there, or nobody signed in.
pub(in crate::host) async fn file(
    rest: &RestApi,
    scm: &ScmUrl,
) -> Result<Option<(String, Arc<[u8]>)>, HostError> {
    let Some((workspace, repository)) = scm.repository.split_once('/') else {
        return Ok(None);
    };
    if !rest.is_signed_in() {
        return Ok(None);
    }
    let source = Source {
        rest,
        workspace,
        repository,
        at: &scm.reference,
    };
    let read = source.read(&scm.path).await?;
    Ok(read.text.map(|text| (object_id(&text), text.into())))
}
