//! The files of one repository: the folder that holds descriptors, and objects.

use std::sync::Arc;

use serde::Deserialize;

use super::{Place, VERSION};
use crate::config::source::is_glob;
use crate::host::glob::Glob;
use crate::host::repositories::{Descriptor, Look, code_owners};
use crate::host::rest::RestApi;
use crate::host::scm::ScmUrl;
use crate::host::{HostError, Text, object_id};

/// The files of one repository.
#[derive(Debug, Clone, Copy)]
pub(super) struct Files<'a> {
    pub(super) api: &'a RestApi,
    pub(super) place: Place<'a>,
    /// Its id, or its name where the project is part of `place`.
    pub(super) repository: &'a str,
    /// What people call it.
    pub(super) name: &'a str,
}

#[derive(Deserialize)]
struct Items {
    value: Vec<Item>,
}

/// An entry of a folder.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    path: String,
    object_id: String,
    /// `blob`, `tree`, or `commit` for a submodule.
    git_object_type: String,
    commit_id: Option<String>,
}

/// The object id and content of the file at `scm`; `None` where there is no such file.
pub(in crate::host) async fn file(
    api: &RestApi,
    scm: &ScmUrl,
) -> Result<Option<(String, Arc<[u8]>)>, HostError> {
    let Some((owner, repository)) = scm.azure_names() else {
        return Ok(None);
    };
    let files = Files {
        api,
        place: Place::of(&owner),
        repository: &repository,
        name: &repository,
    };
    let mut query = vec![("path", scm.path.as_str()), ("includeContent", "false")];
    query.extend(version(&scm.reference));
    let url = files.address(&["items"], &query)?;
    let (found, answer) = api.found(&url).await?;
    if !found {
        return files.absent(&answer, true).map(|()| None);
    }
    let item: Item = files.read(&answer)?;
    if item.git_object_type != "blob" {
        return Ok(None);
    }
    let text = files.blob(&item.object_id).await?;
    Ok(Some((item.object_id, text)))
}

impl Files<'_> {
    /// The descriptors at `branch`: the first of `paths` that is there, or all that match where it is a pattern.
    /// `configured`: whether the configuration names the branch, which need not be there then.
    pub(super) async fn look(
        &self,
        branch: &str,
        configured: bool,
        paths: &[&str],
    ) -> Result<Look, HostError> {
        let first = paths.first().copied().unwrap_or_default();
        let pattern = is_glob(first);
        let fixed = first
            .find(['*', '?', '[', '{'])
            .map_or(first, |at| first.get(..at).unwrap_or_default());
        let folder = fixed.rsplit_once('/').map_or("", |(folder, _)| folder);
        let scope = format!("/{folder}");
        let level = if pattern { "Full" } else { "OneLevel" };
        let mut query = vec![("scopePath", scope.as_str()), ("recursionLevel", level)];
        query.extend(version(branch));
        let url = self.address(&["items"], &query)?;
        let (found, answer) = self.api.found(&url).await?;
        if !found {
            self.absent(&answer, configured)?;
            return Ok(Look {
                files: Vec::new(),
                commit: None,
            });
        }
        let items: Items = self.read(&answer)?;
        let commit = items.value.iter().find_map(|item| item.commit_id.clone());
        let blobs: Vec<&Item> = items
            .value
            .iter()
            .filter(|item| item.git_object_type == "blob")
            .collect();
        let at = |path: &str| blobs.iter().copied().find(|item| item.path() == path);
        let mut found: Vec<&Item> = if pattern {
            let glob = Glob::new(first)?;
            let blobs = blobs.iter().copied();
            blobs.filter(|item| glob.matches(item.path())).collect()
        } else {
            paths.iter().find_map(|path| at(path)).into_iter().collect()
        };
        if !found.is_empty() {
            // What is not in the same folder is not asked for.
            found.extend(code_owners(|path| at(path).is_some()).and_then(at));
        }
        let files = found.into_iter().map(Item::descriptor).collect();
        Ok(Look { files, commit })
    }

    /// The object `id`.
    pub(super) async fn blob(&self, id: &str) -> Text {
        let query = [("$format", "octetStream")];
        let url = self.address(&["blobs", id], &query)?;
        let (found, content) = self.api.found(&url).await?;
        if !found {
            return Err(self
                .api
                .not_signed_in(format!("it does not show {}", self.name)));
        }
        // It is kept under its id for every repository that has the same.
        if object_id(&content) != id {
            return Err(HostError::Overloaded {
                place: url.to_string(),
                reason: "the content is not what its id says".to_owned(),
            });
        }
        Ok(content.into())
    }

    /// Makes sure that a refusal says that the file or branch is not there, rather than that we may not see it.
    fn absent(&self, answer: &[u8], branch_may_lack: bool) -> Result<(), HostError> {
        let kind = kind(answer);
        if kind.starts_with("GitItemNotFound") {
            return Ok(());
        }
        if kind.starts_with("GitUnresolvableToCommit") {
            return if branch_may_lack {
                Ok(())
            } else {
                Err(HostError::Overloaded {
                    place: format!("{}/{}", self.api.web(), self.name),
                    reason: "its default branch has just become another".to_owned(),
                })
            };
        }
        Err(self
            .api
            .not_signed_in(format!("it does not show {}", self.name)))
    }

    fn address(&self, below: &[&str], query: &[(&str, &str)]) -> Result<url::Url, HostError> {
        let mut parts = self.place.parts(self.api.host());
        parts.extend(self.place.project);
        parts.extend(["_apis", "git", "repositories", self.repository]);
        parts.extend(below);
        let query: Vec<(&str, &str)> = query.iter().copied().chain([VERSION]).collect();
        self.api.address(&parts, &query)
    }

    fn read<T: serde::de::DeserializeOwned>(&self, answer: &[u8]) -> Result<T, HostError> {
        serde_json::from_slice(answer).map_err(|error| HostError::Failed {
            place: format!("{}/{}", self.api.web(), self.name),
            reason: format!("the host's answer cannot be read: {error}"),
        })
    }
}

impl Item {
    /// Its path without a slash in front.
    fn path(&self) -> &str {
        self.path.trim_start_matches('/')
    }

    fn descriptor(&self) -> Descriptor {
        Descriptor {
            path: self.path().to_owned(),
            blob: self.object_id.clone(),
            text: None,
        }
    }
}

/// How a query names the branch `reference`; nothing for the default one.
fn version(reference: &str) -> impl Iterator<Item = (&str, &str)> {
    let named = [
        ("versionDescriptor.version", reference),
        ("versionDescriptor.versionType", "branch"),
    ];
    named.into_iter().filter(move |_| reference != "HEAD")
}

/// What a refusal says that it is: `GitItemNotFoundException`; empty where it does not say.
pub(super) fn kind(answer: &[u8]) -> String {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Refusal {
        type_key: String,
    }
    let refusal: Refusal = serde_json::from_slice(answer).unwrap_or_default();
    refusal.type_key
}
