//! Lists of projects by GraphQL: the queries, and what is read from their answers. The queries are valid against the
//! published schema.

use serde::Deserialize;
use serde_json::{Value, json};

use super::api::{Answer, Api, QueryError};
use super::{gid, number, recent};
use crate::config::Provider;
use crate::config::source::is_glob;
use crate::host::repositories::{Descriptor, Files, Listed, Page, Repository};
use crate::host::{HostError, object_id};

const LISTED: &str = include_str!("listed.graphql");
const SWEEP: &str = include_str!("sweep.graphql");
const KNOWN: &str = include_str!("known.graphql");

/// Where GitLab looks for `CODEOWNERS`, in its order. Each path costs seven points.
const OWNERS: [&str; 3] = ["CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// What is asked of each project of a list.
#[derive(Debug)]
pub(super) struct Listing<'a> {
    pub(super) api: &'a Api,
    pub(super) provider: &'a Provider,
    /// Whether the ids of the descriptors are asked for along with their projects.
    pub(super) files: bool,
    /// Whether those of `CODEOWNERS` are, too.
    pub(super) owners: bool,
}

/// A project as GraphQL has it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    id: String,
    full_path: String,
    archived: Option<bool>,
    visibility: Option<String>,
    is_forked: Option<bool>,
    topics: Option<Vec<String>>,
    repository: Option<Content>,
}

/// Its repository; there is none for who may not see code.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Content {
    root_ref: Option<String>,
    tree: Option<Tree>,
    blobs: Option<Blobs>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tree {
    last_commit: Option<Commit>,
}

#[derive(Deserialize)]
struct Commit {
    sha: String,
}

#[derive(Deserialize)]
struct Blobs {
    nodes: Vec<Blob>,
}

#[derive(Deserialize)]
struct Blob {
    path: String,
    oid: String,
    #[serde(rename = "rawTextBlob")]
    text: Option<String>,
}

impl Listing<'_> {
    /// The page that begins at `cursor`, newest project first: a push moves none.
    pub(super) async fn page(&self, cursor: Option<&str>, size: usize) -> Result<Page, HostError> {
        let group = self.provider.owner.as_str();
        let more = json!({ "group": group, "cursor": cursor, "first": size, "texts": false });
        let answer = self.ask(SWEEP, more).await?;
        let list = &answer.data["group"]["projects"];
        if list.is_null() {
            return Err(match answer.errors.first() {
                Some(error) => self.api.error(error, group),
                None => self.no_group(),
            });
        }
        let place = ["group", "projects", "nodes"];
        let info = &list["pageInfo"];
        let next = info["endCursor"].as_str();
        let has_next = info["hasNextPage"].as_bool() == Some(true);
        let partial = answer.errors.iter().find(|it| it.node(&place).is_none());
        Ok(Page {
            listed: self.nodes(&answer, &list["nodes"], &place)?,
            next: next.filter(|_| has_next).map(str::to_owned),
            total: None,
            mark: recent::mark(answer.date),
            partial: partial.map(|error| self.api.error(error, group)),
        })
    }

    /// Those of the projects with these ids that are shown to us.
    pub(super) async fn known(&self, ids: &[&str]) -> Result<Vec<Listed>, HostError> {
        let gids: Vec<String> = ids.iter().map(|id| gid(id)).collect();
        // Of a few projects, which may well have changed, the texts may come along.
        let more = json!({ "ids": gids, "first": ids.len(), "texts": true });
        let answer = self.ask(KNOWN, more).await?;
        let place = ["projects", "nodes"];
        if let Some(error) = answer.errors.iter().find(|it| it.node(&place).is_none()) {
            return Err(self.api.error(error, &self.provider.owner));
        }
        self.nodes(&answer, &answer.data["projects"]["nodes"], &place)
    }

    /// Whether the path `name` lies in the group.
    pub(super) fn is_ours(&self, name: &str) -> bool {
        let group = &self.provider.owner;
        let parts = name.split_at_checked(group.len());
        parts
            .is_some_and(|(start, rest)| start.eq_ignore_ascii_case(group) && rest.starts_with('/'))
    }

    async fn ask(&self, query: &str, more: Value) -> Result<Answer, HostError> {
        let owners = OWNERS.into_iter().filter(|_| self.owners);
        let paths = self.provider.spellings().into_iter().chain(owners);
        let paths: Vec<&str> = paths.collect();
        let mut variables = json!({
            "paths": paths,
            "ref": self.provider.branch.as_deref().unwrap_or("HEAD"),
            "files": self.files && !is_glob(self.provider.path()),
        });
        if let (Some(variables), Value::Object(more)) = (variables.as_object_mut(), more) {
            variables.extend(more);
        }
        // Servers of before 2024 do not know the field: only who leaves forks out needs it.
        let listed = if self.provider.filters.allow_forks {
            LISTED.to_owned()
        } else {
            LISTED.replacen("  archived", "  archived\n  isForked", 1)
        };
        self.api
            .query(&format!("{query}{listed}"), &variables)
            .await
    }

    fn nodes(
        &self,
        answer: &Answer,
        nodes: &Value,
        place: &[&str],
    ) -> Result<Vec<Listed>, HostError> {
        let nodes = nodes
            .as_array()
            .ok_or_else(|| self.strange("a page without projects"))?;
        let mut listed = Vec::with_capacity(nodes.len());
        // One that is withheld whole is looked for by its id once the sweep has ended.
        for (at, node) in nodes.iter().enumerate().filter(|(_, node)| !node.is_null()) {
            let node = Node::deserialize(node).map_err(|error| self.strange(&error.to_string()))?;
            let failed = answer.errors.iter().find(|it| it.node(place) == Some(at));
            listed.push(self.listed(node, failed));
        }
        Ok(listed)
    }

    fn listed(&self, node: Node, failed: Option<&QueryError>) -> Listed {
        let content = node.repository.unwrap_or_default();
        let commit = content.tree.and_then(|tree| tree.last_commit);
        let commit = commit.map(|commit| commit.sha);
        let withheld = failed.map(|error| self.api.error(error, &node.full_path));
        let files = match (withheld, content.blobs) {
            (Some(HostError::NotFound { .. }), _) => Files::Known(Vec::new()),
            (Some(error), _) => Files::Withheld(error),
            (None, Some(blobs)) => Files::Known(self.first_of_each(blobs.nodes)),
            (None, None) if commit.is_some() => Files::Ask,
            (None, None) => Files::Known(Vec::new()),
        };
        Listed {
            repository: Repository {
                id: number(&node.id).to_owned(),
                name: node.full_path,
                project: None,
                is_archived: node.archived.unwrap_or_default(),
                is_fork: node.is_forked.unwrap_or_default(),
                visibility: node.visibility.unwrap_or_default(),
                topics: node.topics.unwrap_or_default(),
                branch: content.root_ref,
                revision: commit.clone(),
                commit,
            },
            files,
        }
    }

    /// The descriptor among `blobs`, of several spellings the first; and the `CODEOWNERS` beside it.
    fn first_of_each(&self, mut blobs: Vec<Blob>) -> Vec<Descriptor> {
        let mut first = |paths: &[&str]| {
            let mut places = paths.iter();
            let at = places.find_map(|path| blobs.iter().position(|blob| blob.path == *path))?;
            Some(blobs.swap_remove(at))
        };
        let found = first(&self.provider.spellings());
        let owners = found.as_ref().and_then(|_| first(&OWNERS));
        let descriptor = |blob: Blob| Descriptor {
            // What is not what its id says was changed on the way: it is asked for as it is.
            text: blob
                .text
                .filter(|text| object_id(text.as_bytes()) == blob.oid)
                .map(|text| text.into_bytes().into()),
            path: blob.path,
            blob: blob.oid,
        };
        let found = found.into_iter().chain(owners);
        found.map(descriptor).collect()
    }

    /// GitLab says nothing of a group that is not there, and of one that is not shown to us.
    fn no_group(&self) -> HostError {
        if self.api.rest().is_signed_in() {
            return HostError::Failed {
                place: format!("{}/{}", self.api.rest().web(), self.provider.owner),
                reason: "there is no such group, or the token may not see it; check the name, and that the token has the scope read_api and its user a role in the group".to_owned(),
            };
        }
        self.api
            .rest()
            .not_signed_in(format!("it shows no group {}", self.provider.owner))
    }

    pub(super) fn strange(&self, reason: &str) -> HostError {
        HostError::Failed {
            place: format!("{}/{}", self.api.rest().web(), self.provider.owner),
            reason: format!("the host's answer cannot be read: {reason}"),
        }
    }
}
