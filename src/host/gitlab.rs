//! The projects of a group on a GitLab: by GraphQL, with the texts of their descriptors, which cost nothing more once
//! the host looks into a repository.
//!
//! What changed since is told by the list of last activities, which GitLab keeps no finer than an hour; what had any is
//! read again.

mod api;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::Deserialize;
use serde_json::{Value, json};

pub(super) use api::Api;

use super::glob::Glob;
use super::http::{date, text};
use super::repositories::{
    Descriptor, Files, Listed, Page, Repository, RepositoryHost, Sizes, Standing,
};
use super::scm::{ScmUrl, encode};
use super::{HostError, Text, Wanted, object_id};
use crate::config::Provider;
use crate::config::source::is_glob;

const LISTED: &str = include_str!("gitlab/listed.graphql");
const PROJECTS: &str = include_str!("gitlab/projects.graphql");
const BY_ID: &str = include_str!("gitlab/by_id.graphql");

/// How many projects the host looks into for one request, and how many a list names that it does not look into.
const PAGE: usize = 20;
const LIST: usize = 100;
/// How many requests for files of single projects are on their way at once.
const AT_ONCE: usize = 4;
/// How long an activity may go unnoted, and some more.
const SLACK: Duration = Duration::from_mins(75);
/// The most pages of one tree.
const MAX_TREE: usize = 1_000;

/// The projects of one group.
#[derive(Debug)]
pub struct GitlabHost {
    provider: Provider,
    api: Api,
}

/// A project as GraphQL has it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    id: String,
    full_path: String,
    archived: Option<bool>,
    is_forked: Option<bool>,
    visibility: Option<String>,
    last_activity_at: Option<String>,
    topics: Option<Vec<String>>,
    repository: Option<Tree>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tree {
    root_ref: Option<String>,
    #[serde(default)]
    empty: bool,
    blobs: Option<Blobs>,
}

#[derive(Debug, Deserialize)]
struct Blobs {
    nodes: Vec<Blob>,
}

#[derive(Debug, Deserialize)]
struct Blob {
    path: String,
    oid: String,
    #[serde(rename = "rawTextBlob")]
    text: Option<String>,
}

/// A project as the list of last activities has it.
#[derive(Debug, Deserialize)]
struct Active {
    id: u64,
    last_activity_at: Option<String>,
}

/// An entry of a tree.
#[derive(Debug, Deserialize)]
struct Entry {
    id: String,
    path: String,
    #[serde(rename = "type")]
    kind: String,
}

impl GitlabHost {
    /// What `provider` names, asked over `api`.
    pub(super) fn new(provider: &Provider, api: Api) -> Self {
        Self {
            provider: provider.clone(),
            api,
        }
    }

    /// The paths at which a descriptor may stand.
    fn paths(&self) -> Vec<&str> {
        match self.provider.path() {
            "catalog-info.yaml" => vec!["catalog-info.yaml", "catalog-info.yml"],
            path => vec![path],
        }
    }

    async fn ask(&self, query: &str, more: Value) -> Result<(Value, SystemTime), HostError> {
        let mut variables = json!({
            "paths": self.paths(),
            "ref": self.provider.branch,
            "files": !is_glob(self.provider.path()),
        });
        if let (Some(variables), Value::Object(more)) = (variables.as_object_mut(), more) {
            variables.extend(more);
        }
        // Older hosts do not know the field, and need not where forks are read.
        let listed = if self.provider.filters.allow_forks {
            LISTED.to_owned()
        } else {
            LISTED.replacen("  topics\n", "  topics\n  isForked\n", 1)
        };
        self.api
            .query(&format!("{query}{listed}"), &variables)
            .await
    }

    async fn by_id(&self, ids: &[&str]) -> Result<Vec<Node>, HostError> {
        let more = json!({ "ids": ids, "first": ids.len() });
        let (data, _) = self.ask(BY_ID, more).await?;
        self.nodes(&data["projects"])
    }

    fn nodes(&self, list: &Value) -> Result<Vec<Node>, HostError> {
        Vec::<Node>::deserialize(&list["nodes"]).map_err(|error| HostError::Failed {
            place: format!("{}/{}", self.api.web(), self.provider.owner),
            reason: format!("the host's answer cannot be read: {error}"),
        })
    }

    fn listed(&self, node: Node) -> Listed {
        let (branch, blobs) = match node.repository {
            Some(tree) if !tree.empty => (tree.root_ref, tree.blobs),
            _ => (None, None),
        };
        let files = match (&branch, blobs) {
            (None, _) => Files::Known(Vec::new()),
            (Some(_), None) => Files::Ask,
            (Some(_), Some(blobs)) => Files::Known(self.descriptor(blobs.nodes)),
        };
        Listed {
            repository: Repository {
                id: node.id,
                name: node.full_path,
                is_archived: node.archived == Some(true),
                is_fork: node.is_forked == Some(true),
                visibility: node.visibility.unwrap_or_default(),
                topics: node.topics.unwrap_or_default(),
                branch,
                commit: None,
                revision: node.last_activity_at,
            },
            files,
        }
    }

    /// The descriptor among the files that were asked for, in the spelling that comes first.
    fn descriptor(&self, blobs: Vec<Blob>) -> Vec<Descriptor> {
        let place = |blob: &Blob| self.paths().iter().position(|path| *path == blob.path);
        let first = blobs
            .into_iter()
            .min_by_key(|blob| place(blob).unwrap_or(usize::MAX));
        first
            .map(|blob| Descriptor {
                // A text that is not what its id says was changed on the way: it is asked for as it is.
                text: blob
                    .text
                    .filter(|text| object_id(text.as_bytes()) == blob.oid)
                    .map(|text| text.into_bytes().into()),
                path: blob.path,
                blob: blob.oid,
            })
            .into_iter()
            .collect()
    }

    /// The paths and object ids of all files of a project's branch.
    async fn tree(&self, repository: &Repository) -> Result<Vec<(String, String)>, HostError> {
        let branch = self.provider.branch.as_ref().or(repository.branch.as_ref());
        let reference = encode(branch.map_or("HEAD", String::as_str), true);
        let number = number(&repository.id);
        let mut all = Vec::new();
        for page in 1..=MAX_TREE {
            let path = format!(
                "projects/{number}/repository/tree?recursive=true&per_page={LIST}&page={page}&ref={reference}"
            );
            let (entries, headers, _) = self.api.get::<Vec<Entry>>(&path).await?;
            let files = entries.into_iter().filter(|entry| entry.kind == "blob");
            all.extend(files.map(|entry| (entry.path, entry.id)));
            if text(&headers, "x-next-page").is_none_or(str::is_empty) {
                return Ok(all);
            }
        }
        Err(HostError::Failed {
            place: format!("{}/{}", self.api.web(), repository.name),
            reason: "holds more files than are listed; name it as git+https://…".to_owned(),
        })
    }
}

impl RepositoryHost for GitlabHost {
    fn sizes(&self) -> Sizes {
        Sizes {
            page: self.provider.page_size.unwrap_or(PAGE),
            batch: PAGE,
            at_once: AT_ONCE,
        }
    }

    async fn page(&self, cursor: Option<&str>, size: usize) -> Result<Page, HostError> {
        let more = json!({ "group": self.provider.owner, "after": cursor, "first": size });
        let (data, at) = self.ask(PROJECTS, more).await?;
        let list = &data["group"]["projects"];
        if list.is_null() {
            // It says the same of a group that is hidden from us.
            return Err(HostError::NotFound {
                place: format!("{}/{}", self.api.web(), self.provider.owner),
            });
        }
        let info = &list["pageInfo"];
        let next = info["endCursor"]
            .as_str()
            .filter(|_| info["hasNextPage"] == true);
        let nodes = self.nodes(list)?;
        Ok(Page {
            listed: nodes.into_iter().map(|node| self.listed(node)).collect(),
            next: next.map(str::to_owned),
            total: None,
            mark: mark(at),
            partial: None,
        })
    }

    async fn recent(
        &self,
        since: &str,
        cursor: Option<&str>,
        size: usize,
    ) -> Result<Option<Page>, HostError> {
        let group = encode(&self.provider.owner, true);
        let number = cursor.unwrap_or("1");
        let path = format!(
            "groups/{group}/projects?include_subgroups=true&order_by=last_activity_at&sort=desc&simple=true&per_page={LIST}&page={number}"
        );
        let (active, headers, at) = self.api.get::<Vec<Active>>(&path).await?;
        let count = active.len();
        // Times of one form are ordered like their texts.
        let is_since = |it: &Active| it.last_activity_at.as_deref().is_some_and(|at| at >= since);
        let ids: Vec<String> = active
            .iter()
            .filter(|it| is_since(it))
            .map(|it| format!("gid://gitlab/Project/{}", it.id))
            .collect();
        let mut listed = Vec::with_capacity(ids.len());
        for some in ids.chunks(size) {
            let some: Vec<&str> = some.iter().map(String::as_str).collect();
            let nodes = self.by_id(&some).await?;
            listed.extend(nodes.into_iter().map(|node| self.listed(node)));
        }
        let next = text(&headers, "x-next-page").filter(|next| !next.is_empty());
        Ok(Some(Page {
            listed,
            next: next.filter(|_| ids.len() == count).map(str::to_owned),
            total: None,
            mark: mark(at),
            partial: None,
        }))
    }

    async fn files(&self, repository: &Repository) -> Result<Vec<Descriptor>, HostError> {
        if is_glob(self.provider.path()) {
            let glob = Glob::new(self.provider.path())?;
            let tree = self.tree(repository).await?;
            let matching = tree.into_iter().filter(|(path, _)| glob.matches(path));
            return Ok(matching
                .map(|(path, blob)| Descriptor {
                    path,
                    blob,
                    text: None,
                })
                .collect());
        }
        let node = self.by_id(&[&repository.id]).await?.into_iter().next();
        match node.map(|node| self.listed(node).files) {
            Some(Files::Known(files)) => Ok(files),
            Some(Files::Ask | Files::Withheld(_)) => Ok(Vec::new()),
            None => Err(HostError::NotFound {
                place: format!("{}/{}", self.api.web(), repository.name),
            }),
        }
    }

    async fn look_up(&self, ids: &[&str]) -> Result<Vec<Standing>, HostError> {
        let nodes = self.by_id(ids).await?;
        let mut there: BTreeMap<String, Node> = nodes
            .into_iter()
            .map(|node| (node.id.clone(), node))
            .collect();
        let group = format!("{}/", self.provider.owner.to_ascii_lowercase());
        let standing = |id: &&str| match there.remove(*id) {
            None => Standing::Gone,
            Some(node) if node.full_path.to_ascii_lowercase().starts_with(&group) => {
                Standing::There(Box::new(self.listed(node)))
            }
            Some(_) => Standing::Elsewhere,
        };
        Ok(ids.iter().map(standing).collect())
    }

    async fn texts(&self, wanted: &[&Wanted]) -> Result<Vec<Text>, HostError> {
        let mut texts: Vec<Text> = Vec::with_capacity(wanted.len());
        for wanted in wanted {
            let (project, blob) = (number(&wanted.repository), &wanted.blob);
            let path = format!("projects/{project}/repository/blobs/{blob}/raw");
            texts.push(match self.api.raw(&path).await {
                Ok(content) if object_id(&content) == *blob => Ok(Arc::from(content)),
                Ok(_) => Err(HostError::Failed {
                    place: format!("{}/{}", self.api.web(), wanted.name),
                    reason: format!("the content of {} is not what its id says", wanted.path),
                }),
                Err(error @ HostError::Busy { .. }) => return Err(error),
                Err(error) => Err(error),
            });
        }
        Ok(texts)
    }

    fn address(&self, repository: &Repository, path: &str) -> Option<String> {
        let branch = self
            .provider
            .branch
            .as_ref()
            .or(repository.branch.as_ref())?;
        let (scheme, host) = self.api.web().split_once("://")?;
        let url = ScmUrl {
            scheme: scheme.to_owned(),
            host: host.to_owned(),
            repository: repository.name.clone(),
            infix: "/-/blob/",
            reference: branch.clone(),
            path: path.to_owned(),
        };
        Some(url.to_string())
    }
}

/// The number in a global id.
fn number(id: &str) -> &str {
    id.rsplit_once('/').map_or(id, |(_, number)| number)
}

/// From where changes are to be looked for that happen after `at`.
fn mark(at: SystemTime) -> Option<String> {
    Some(date::iso(at.checked_sub(SLACK)?))
}
