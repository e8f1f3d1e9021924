//! The files of one repository: its tree, the content behind a path, an object.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::host::glob::Glob;
use crate::host::links::{LINKS, linked};
use crate::host::repositories::{Descriptor, code_owners};
use crate::host::rest::RestApi;
use crate::host::scm::ScmUrl;
use crate::host::{HostError, Text, object_id};

/// The most pages of a tree that are read, of 1,000 entries each (`DEFAULT_GIT_TREES_PER_PAGE`).
const TREE_PAGES: usize = 100;
const TREE_PAGE: &str = "1000";
/// The modes of entries that are files, and of those that are links.
const FILES: [&str; 3] = ["100644", "100755", "100664"];
const LINK: &str = "120000";

/// The files of one repository at a branch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Files<'a> {
    api: &'a RestApi,
    owner: &'a str,
    name: &'a str,
    branch: &'a str,
}

/// A page of a tree.
#[derive(Deserialize)]
struct Tree {
    tree: Option<Vec<Entry>>,
    #[serde(default)]
    truncated: bool,
}

/// An entry of a tree.
#[derive(Deserialize)]
struct Entry {
    path: String,
    mode: String,
    sha: String,
}

/// A file or a link, or an object.
#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "Gitea's own name")]
struct Content {
    #[serde(rename = "type", default)]
    kind: String,
    sha: String,
    content: Option<String>,
    /// Where a link leads.
    target: Option<String>,
}

/// The object id and content of the file at `scm`; `None` where there is no such file.
pub(in crate::host) async fn file(
    api: &RestApi,
    scm: &ScmUrl,
) -> Result<Option<(String, Arc<[u8]>)>, HostError> {
    let url = scm.repository_url();
    let name = url.strip_prefix(api.web()).unwrap_or(&scm.repository);
    let files = Files::of(api, name.trim_start_matches('/'), &scm.reference);
    let Some(content) = files.content(&scm.path).await? else {
        return Ok(None);
    };
    let text = match content.text(&files)? {
        Some(text) => text,
        None => files.blob(&content.sha).await?,
    };
    Ok(Some((content.sha, text)))
}

impl<'a> Files<'a> {
    /// Those of `repository`, `OWNER/NAME`, at `branch`.
    pub(super) fn of(api: &'a RestApi, repository: &'a str, branch: &'a str) -> Self {
        let (owner, name) = repository.split_once('/').unwrap_or(("", repository));
        Self {
            api,
            owner,
            name,
            branch,
        }
    }

    /// The first of `paths` that is a file in the root.
    pub(super) async fn in_root(&self, paths: &[&str]) -> Result<Vec<Descriptor>, HostError> {
        let entries = self.tree(false).await?;
        let entry = |path: &&str| entries.iter().find(|entry| entry.path == *path);
        for entry in paths.iter().filter_map(entry) {
            if let Some(found) = self.descriptor(entry).await? {
                return self.with_owners(vec![found], &entries).await;
            }
        }
        Ok(Vec::new())
    }

    /// The files that match `pattern`.
    pub(super) async fn matching(&self, pattern: &str) -> Result<Vec<Descriptor>, HostError> {
        let glob = Glob::new(pattern)?;
        let entries = self.tree(true).await?;
        let mut found = Vec::new();
        for entry in entries.iter().filter(|entry| glob.matches(&entry.path)) {
            found.extend(self.descriptor(entry).await?);
        }
        self.with_owners(found, &entries).await
    }

    /// `found`, where that is anything, with the `CODEOWNERS` among `entries`: what is not listed is not asked for.
    async fn with_owners(
        &self,
        mut found: Vec<Descriptor>,
        entries: &[Entry],
    ) -> Result<Vec<Descriptor>, HostError> {
        let of = |path: &str| entries.iter().find(|entry| entry.path == path);
        let owners = code_owners(|path| of(path).is_some()).and_then(of);
        if let Some(owners) = owners.filter(|_| !found.is_empty()) {
            found.extend(self.descriptor(owners).await?);
        }
        Ok(found)
    }

    /// The file at `path`, with its text.
    pub(super) async fn at(&self, path: &str) -> Result<Vec<Descriptor>, HostError> {
        let Some(content) = self.content(path).await? else {
            return Ok(Vec::new());
        };
        Ok(vec![Descriptor {
            path: path.to_owned(),
            text: content.text(self)?,
            blob: content.sha,
        }])
    }

    /// The object `id`.
    pub(super) async fn blob(&self, id: &str) -> Text {
        let parts = ["repos", self.owner, self.name, "git", "blobs", id];
        let content = self.api.json::<Content>(&parts, &[]).await?.body;
        content.text(self)?.ok_or_else(|| HostError::Failed {
            place: self.place(id),
            reason: "is larger than the host gives (DEFAULT_MAX_BLOB_SIZE of its configuration)"
                .to_owned(),
        })
    }

    /// The file that `entry` is, or leads to.
    async fn descriptor(&self, entry: &Entry) -> Result<Option<Descriptor>, HostError> {
        if entry.mode == LINK {
            return Ok(self.at(&entry.path).await?.pop());
        }
        Ok(FILES.contains(&entry.mode.as_str()).then(|| Descriptor {
            path: entry.path.clone(),
            blob: entry.sha.clone(),
            text: None,
        }))
    }

    /// What stands in the root; with `all`, in the folders as well.
    async fn tree(&self, all: bool) -> Result<Vec<Entry>, HostError> {
        let mut entries = Vec::new();
        let all = if all { "true" } else { "false" };
        for page in 1..=TREE_PAGES {
            let page = page.to_string();
            let query = [
                ("recursive", all),
                ("page", page.as_str()),
                ("per_page", TREE_PAGE),
            ];
            let parts = ["repos", self.owner, self.name, "git", "trees", self.branch];
            let tree = match self.api.json::<Tree>(&parts, &query).await {
                Ok(tree) => tree.body,
                // It is a bad request to a Gitea where there is no such branch.
                Err(error @ HostError::Failed { .. }) => {
                    let has_branch = self.has_branch().await?;
                    return if has_branch {
                        Err(error)
                    } else {
                        Ok(Vec::new())
                    };
                }
                Err(error) => return Err(error),
            };
            let more = tree.tree.unwrap_or_default();
            let is_last = !tree.truncated || more.is_empty();
            entries.extend(more);
            if is_last {
                return Ok(entries);
            }
        }
        Err(HostError::Failed {
            place: self.place(""),
            reason: format!(
                "holds more than {TREE_PAGES},000 files and folders; name it as git+https://…"
            ),
        })
    }

    async fn has_branch(&self) -> Result<bool, HostError> {
        let parts = ["repos", self.owner, self.name, "branches", self.branch];
        match self.api.json::<IgnoredAny>(&parts, &[]).await {
            Ok(_) => Ok(true),
            Err(HostError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The file at `path`, through links that stay in the repository.
    async fn content(&self, path: &str) -> Result<Option<Content>, HostError> {
        let mut path = path.to_owned();
        for _ in 0..=LINKS {
            let mut parts = vec!["repos", self.owner, self.name, "contents"];
            parts.extend(path.split('/'));
            let reference = [("ref", self.branch)];
            let found = match self.api.json::<Value>(&parts, &reference).await {
                Ok(found) => found.body,
                Err(HostError::NotFound { .. }) => return Ok(None),
                Err(error) => return Err(error),
            };
            if found.is_array() {
                // A folder.
                return Ok(None);
            }
            let content = Content::deserialize(found).map_err(|error| HostError::Failed {
                place: self.place(&path),
                reason: format!("the host's answer cannot be read: {error}"),
            })?;
            match (content.kind.as_str(), &content.target) {
                ("file", _) => return Ok(Some(content)),
                ("symlink", Some(target)) => match linked(&path, target) {
                    Some(next) => path = next,
                    None => return Ok(None),
                },
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    fn place(&self, path: &str) -> String {
        let (web, owner, name) = (self.api.web(), self.owner, self.name);
        format!("{web}/{owner}/{name}/{path}")
    }
}

impl Content {
    /// The text, where it was given along.
    fn text(&self, files: &Files<'_>) -> Result<Option<Arc<[u8]>>, HostError> {
        let Some(content) = &self.content else {
            return Ok(None);
        };
        let digits: Vec<u8> = content
            .bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        let bytes = STANDARD.decode(digits).ok();
        // It is kept under its id for every repository that has the same. Ids of 64 digits are made otherwise.
        let bytes = bytes.filter(|it| self.sha.len() != 40 || object_id(it) == self.sha);
        match bytes {
            Some(bytes) => Ok(Some(bytes.into())),
            None => Err(HostError::Failed {
                place: files.place(&self.sha),
                reason: "the content is not what its id says; try again later".to_owned(),
            }),
        }
    }
}
