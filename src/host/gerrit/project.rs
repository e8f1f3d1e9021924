//! The files of one project: content by the API, trees by Gitiles.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::host::glob::Glob;
use crate::host::http::text;
use crate::host::links::{LINKS, linked};
use crate::host::repositories::Descriptor;
use crate::host::rest::RestApi;
use crate::host::{HostError, MAX_FILE, Text, object_id};

/// The mode of a link in a tree.
const LINK: u32 = 0o120_000;

/// One project at a commit or branch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Project<'a> {
    api: &'a RestApi,
    name: &'a str,
    /// `commits` or `branches`, and which.
    at: [&'a str; 2],
}

/// A tree as Gitiles has it, of all folders.
#[derive(Deserialize)]
struct Tree {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    mode: u32,
    name: String,
    id: String,
    #[serde(rename = "type")]
    kind: String,
}

impl<'a> Project<'a> {
    /// The project `name` at `commit`.
    pub(super) fn at_commit(api: &'a RestApi, name: &'a str, commit: &'a str) -> Self {
        Self {
            api,
            name,
            at: ["commits", commit],
        }
    }

    /// The project `name` at the tip of `branch`.
    pub(super) fn at_branch(api: &'a RestApi, name: &'a str, branch: &'a str) -> Self {
        Self {
            at: ["branches", branch],
            ..Self::at_commit(api, name, "")
        }
    }

    /// The content of the file at `path`, through links that stay in the project; `None` where there is none. What a
    /// submodule holds is in another project.
    pub(super) async fn content(&self, path: &str) -> Result<Option<Arc<[u8]>>, HostError> {
        let mut path = path.to_owned();
        for _ in 0..=LINKS {
            let Some((kind, content)) = self.object(&path).await? else {
                return Ok(None);
            };
            match kind.as_str() {
                "x-git/gitlink" => return Ok(None),
                "x-git/symlink" => {
                    let target = String::from_utf8_lossy(&content);
                    match linked(&path, &target) {
                        Some(next) => path = next,
                        None => return Ok(None),
                    }
                }
                _ => return Ok(Some(content.into())),
            }
        }
        Ok(None)
    }

    /// What kind of thing stands at `path`, and what is in it: of a link where it leads, of a submodule its commit.
    async fn object(&self, path: &str) -> Result<Option<(String, Vec<u8>)>, HostError> {
        let [at, which] = self.at;
        let parts = ["projects", self.name, at, which, "files", path, "content"];
        let answer = match self.api.raw(&parts, &[], MAX_FILE).await {
            Ok(answer) => answer,
            Err(HostError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let kind = text(&answer.headers, "x-fyi-content-type").unwrap_or_default();
        let digits = answer.body.into_iter();
        let digits: Vec<u8> = digits.filter(|byte| !byte.is_ascii_whitespace()).collect();
        match STANDARD.decode(digits) {
            Ok(bytes) => Ok(Some((kind.to_owned(), bytes))),
            Err(error) => Err(self.failed(&format!("{path}: the content cannot be read: {error}"))),
        }
    }

    /// The content of the file at `path`, which has to have the object id `blob`.
    pub(super) async fn text(&self, path: &str, blob: &str) -> Text {
        let text = self.content(path).await?;
        let text = text.ok_or_else(|| HostError::NotFound {
            place: format!("{}/{}: {path}", self.api.web(), self.name),
        })?;
        // It is kept under its id for every project that has the same.
        if object_id(&text) != blob {
            return Err(self.failed(&format!(
                "{path}: the content is not what its id says; try again later"
            )));
        }
        Ok(text)
    }

    /// The files that match `pattern`, by one request to Gitiles.
    pub(super) async fn matching(&self, pattern: &str) -> Result<Vec<Descriptor>, HostError> {
        let glob = Glob::new(pattern)?;
        // With a password, what lies below Gerrit is asked through the same door as its API.
        let door = self.api.base().strip_suffix("/a");
        let below = self.api.web().strip_prefix(door.unwrap_or(self.api.base()));
        let Some(below) = below else {
            return Err(self.failed(
                "paths with wildcards need a Gitiles below the address of Gerrit; name the projects as git+https://…",
            ));
        };
        let mut parts: Vec<&str> = below.split('/').filter(|it| !it.is_empty()).collect();
        parts.extend(self.name.split('/'));
        parts.extend(["+", self.at[1], ""]);
        let query = [("format", "JSON"), ("recursive", "1")];
        let tree = self.api.json::<Tree>(&parts, &query).await?.body;
        let files = tree.entries.into_iter();
        let mut found = Vec::new();
        for entry in files.filter(|it| it.kind == "blob" && glob.matches(&it.name)) {
            if entry.mode != LINK {
                found.push(Descriptor {
                    path: entry.name,
                    blob: entry.id,
                    text: None,
                });
            } else if let Some(text) = self.content(&entry.name).await? {
                // Its id is that of what the link says.
                found.push(Descriptor {
                    path: entry.name,
                    blob: object_id(&text),
                    text: Some(text),
                });
            }
        }
        Ok(found)
    }

    fn failed(&self, reason: &str) -> HostError {
        HostError::Failed {
            place: format!("{}/{}", self.api.web(), self.name),
            reason: reason.to_owned(),
        }
    }
}
