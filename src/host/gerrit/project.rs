//! The files of one project: content by the API, trees by Gitiles.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::host::glob::Glob;
use crate::host::repositories::Descriptor;
use crate::host::rest::RestApi;
use crate::host::{HostError, Text, object_id};

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

    /// The content of the file at `path`; `None` where there is none.
    pub(super) async fn content(&self, path: &str) -> Result<Option<Arc<[u8]>>, HostError> {
        let [kind, which] = self.at;
        let parts = ["projects", self.name, kind, which, "files", path, "content"];
        let digits = match self.api.bytes(&parts, &[]).await {
            Ok(digits) => digits,
            Err(HostError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let digits: Vec<u8> = digits
            .into_iter()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        match STANDARD.decode(digits) {
            Ok(bytes) => Ok(Some(bytes.into())),
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
        let files = files.filter(|it| it.kind == "blob" && glob.matches(&it.name));
        Ok(files
            .map(|entry| Descriptor {
                path: entry.name,
                blob: entry.id,
                text: None,
            })
            .collect())
    }

    fn failed(&self, reason: &str) -> HostError {
        HostError::Failed {
            place: format!("{}/{}", self.api.web(), self.name),
            reason: reason.to_owned(),
        }
    }
}
