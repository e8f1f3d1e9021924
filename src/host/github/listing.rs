//! Lists of repositories: the queries, and what is read from their answers. The queries are valid against the published
//! schema.

use serde::Deserialize;
use serde_json::{Value, json};

use super::api::{Answer, Api, QueryError};
use crate::config::Provider;
use crate::config::source::is_glob;
use crate::host::HostError;
use crate::host::repositories::{Descriptor, Files, Listed, Page, Repository, Standing};

const LISTED: &str = include_str!("listed.graphql");
const SWEEP: &str = include_str!("sweep.graphql");
const RECENT: &str = include_str!("recent.graphql");
const LOOK_UP: &str = include_str!("look_up.graphql");

/// Where GitHub looks for `CODEOWNERS`, in its order.
const OWNERS: [&str; 3] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/// What is asked of each repository of a list.
#[derive(Debug)]
pub(super) struct Listing<'a> {
    pub(super) api: &'a Api,
    pub(super) provider: &'a Provider,
}

/// A repository as GraphQL has it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    id: String,
    name_with_owner: String,
    #[serde(default)]
    is_archived: bool,
    #[serde(default)]
    is_fork: bool,
    #[serde(default)]
    visibility: String,
    pushed_at: Option<String>,
    updated_at: Option<String>,
    default_branch_ref: Option<Branch>,
    tip: Option<Object>,
    yaml: Option<Object>,
    yml: Option<Object>,
    github_owners: Option<Object>,
    root_owners: Option<Object>,
    docs_owners: Option<Object>,
    repository_topics: Option<Value>,
}

#[derive(Deserialize)]
struct Branch {
    name: String,
    target: Option<Object>,
}

#[derive(Deserialize)]
struct Object {
    #[serde(rename = "__typename")]
    kind: Option<String>,
    oid: String,
}

impl Object {
    /// The object id, where it is a file's.
    fn file(self) -> Option<String> {
        let is_file = self.kind.as_deref().is_none_or(|kind| kind == "Blob");
        is_file.then_some(self.oid)
    }
}

impl Listing<'_> {
    /// The variables that all lists have.
    fn variables(&self) -> Value {
        let provider = self.provider;
        let files = !is_glob(provider.path());
        let topics = [
            &provider.filters.topics_include,
            &provider.filters.topics_exclude,
        ];
        json!({
            "path": expression(provider, provider.path()),
            "otherPath": expression(provider, other_path(provider.path())),
            "githubOwners": expression(provider, OWNERS[0]),
            "rootOwners": expression(provider, OWNERS[1]),
            "docsOwners": expression(provider, OWNERS[2]),
            "tip": provider.branch.as_deref().unwrap_or("HEAD"),
            "branch": provider.branch.is_some(),
            "files": files,
            "topics": topics.iter().any(|topics| !topics.is_empty()),
        })
    }

    /// The further variables of a page of the owner's.
    fn of_owner(&self, cursor: Option<&str>, size: usize) -> Value {
        json!({ "owner": self.provider.owner, "cursor": cursor, "first": size })
    }

    /// The page that begins at `cursor`, by name.
    pub(super) async fn page(&self, cursor: Option<&str>, size: usize) -> Result<Page, HostError> {
        let answer = self.ask(SWEEP, self.of_owner(cursor, size)).await?;
        let list = self.list(&answer, "repositories")?;
        Ok(Page {
            next: list.next,
            total: list.total,
            mark: answer.mark(),
            partial: answer.partial.clone().or(list.partial),
            listed: list
                .nodes
                .into_iter()
                .map(|(node, failed)| self.listed(node, failed))
                .collect(),
        })
    }

    /// Those that changed since `mark`; `None` where too many did.
    pub(super) async fn recent(
        &self,
        mark: &str,
        cursor: Option<&str>,
        size: usize,
    ) -> Result<Option<Page>, HostError> {
        let answer = self.ask(RECENT, self.of_owner(cursor, size)).await?;
        let pushed = self.list(&answer, "pushed")?;
        let updated = self.list(&answer, "updated")?;
        // Times of one form are ordered like their texts.
        let is_since = |time: &Option<String>| time.as_deref().is_some_and(|time| time >= mark);
        let further = pushed
            .nodes
            .last()
            .is_some_and(|(node, _)| is_since(&node.pushed_at));
        let overflows = updated.nodes.len() >= size
            && updated
                .nodes
                .last()
                .is_some_and(|(node, _)| is_since(&node.updated_at));
        if overflows && updated.nodes.len() < pushed.total.unwrap_or(usize::MAX) {
            return Ok(None);
        }
        let nodes = pushed.nodes.into_iter().chain(updated.nodes);
        Ok(Some(Page {
            next: pushed.next.filter(|_| further),
            total: pushed.total,
            mark: answer.mark(),
            partial: answer
                .partial
                .clone()
                .or(pushed.partial)
                .or(updated.partial),
            listed: nodes
                .map(|(node, failed)| self.listed(node, failed))
                .collect(),
        }))
    }

    /// What became of the repositories with these ids.
    pub(super) async fn look_up(&self, ids: &[&str]) -> Result<Vec<Standing>, HostError> {
        let answer = self.ask(LOOK_UP, json!({ "ids": ids })).await?;
        let nodes = answer.data.get("nodes").and_then(Value::as_array);
        let Some(nodes) = nodes.filter(|nodes| nodes.len() == ids.len()) else {
            let first = answer.errors.first();
            return Err(first.map_or_else(
                || self.strange("it left out some of what it was asked for"),
                |error| self.api.error(error, &self.provider.owner),
            ));
        };
        let standing = |(number, node): (usize, &Value)| {
            let failed = answer
                .errors
                .iter()
                .find(|error| error.is_at(&["nodes"], number));
            let failed = failed.map(|error| self.api.error(error, &self.provider.owner));
            match (Node::deserialize(node), failed) {
                (Ok(node), failed) if self.is_ours(&node) => {
                    Standing::There(Box::new(self.listed(node, failed)))
                }
                (Ok(_), _) => Standing::Elsewhere,
                (Err(_), None | Some(HostError::NotFound { .. })) => Standing::Gone,
                (Err(_), Some(error)) => Standing::Withheld(error),
            }
        };
        Ok(nodes.iter().enumerate().map(standing).collect())
    }

    fn is_ours(&self, node: &Node) -> bool {
        let owner = node.name_with_owner.split('/').next().unwrap_or_default();
        owner.eq_ignore_ascii_case(&self.provider.owner)
    }

    async fn ask(&self, query: &str, more: Value) -> Result<Answer, HostError> {
        let mut variables = self.variables();
        if let (Some(variables), Value::Object(more)) = (variables.as_object_mut(), more) {
            variables.extend(more);
        }
        self.api
            .query(&format!("{query}{LISTED}"), &variables)
            .await
    }

    /// The list `name` of the owner. Errors that concern one node stay with it, others concern all.
    fn list(&self, answer: &Answer, name: &str) -> Result<List, HostError> {
        let owner = &self.provider.owner;
        let place = ["repositoryOwner", name, "nodes"];
        let Some(list) = answer
            .data
            .pointer(&format!("/repositoryOwner/{name}"))
            .filter(|it| !it.is_null())
        else {
            return Err(answer.errors.first().map_or_else(
                || HostError::NotFound {
                    place: format!("{}/{owner}", self.api.web()),
                },
                |error| self.api.error(error, owner),
            ));
        };
        let info = list.get("pageInfo");
        let more = info.is_some_and(|info| info["hasNextPage"].as_bool() == Some(true));
        let next = info.and_then(|info| info["endCursor"].as_str());
        let given = list.get("nodes").and_then(Value::as_array);
        let given = given.ok_or_else(|| self.strange("a page without repositories"))?;
        let mut nodes = Vec::with_capacity(given.len());
        for (number, node) in given.iter().enumerate() {
            let failed = answer
                .errors
                .iter()
                .find(|error| error.is_at(&place, number));
            let failed = failed.map(|error| self.api.error(error, owner));
            // One that is withheld whole is looked for by its id once the sweep has ended.
            if !node.is_null() {
                let node =
                    Node::deserialize(node).map_err(|error| self.strange(&error.to_string()))?;
                nodes.push((node, failed));
            }
        }
        let partial = answer.errors.iter().find(|error| !error.is_in(&place));
        Ok(List {
            nodes,
            next: next.filter(|_| more).map(str::to_owned),
            total: list
                .get("totalCount")
                .and_then(Value::as_u64)
                .and_then(|total| usize::try_from(total).ok()),
            partial: partial.map(|error| self.api.error(error, owner)),
        })
    }

    fn listed(&self, node: Node, failed: Option<HostError>) -> Listed {
        let path = self.provider.path();
        let asked_for_files = !is_glob(path);
        let topics = node
            .repository_topics
            .as_ref()
            .and_then(|topics| topics.get("nodes")?.as_array())
            .into_iter()
            .flatten()
            .filter_map(|node| node.pointer("/topic/name")?.as_str().map(str::to_owned))
            .collect();
        let (branch, head) = node
            .default_branch_ref
            .map_or((None, None), |branch| (Some(branch.name), branch.target));
        let commit = match self.provider.branch {
            Some(_) => node.tip,
            None => head,
        };
        let commit = commit.map(|commit| commit.oid);
        let spelled = [(path, node.yaml), (other_path(path), node.yml)];
        let owners = [node.github_owners, node.root_owners, node.docs_owners];
        let owners = OWNERS.into_iter().zip(owners);
        let files = match failed {
            Some(error) => Files::Withheld(error),
            None if commit.is_none() => Files::Known(Vec::new()),
            None if !asked_for_files => Files::Ask,
            None => {
                let first = |(path, object): (&str, Option<Object>)| {
                    Some(Descriptor {
                        path: path.to_owned(),
                        blob: object?.file()?,
                        text: None,
                    })
                };
                let descriptor = spelled.into_iter().find_map(first);
                // Who owns files without a descriptor is of no use.
                let owners = descriptor.as_ref().and(owners.into_iter().find_map(first));
                Files::Known(descriptor.into_iter().chain(owners).collect())
            }
        };
        Listed {
            repository: Repository {
                id: node.id,
                name: node.name_with_owner,
                project: None,
                is_archived: node.is_archived,
                is_fork: node.is_fork,
                visibility: node.visibility,
                topics,
                branch,
                revision: commit.clone(),
                commit,
            },
            files,
        }
    }

    fn strange(&self, reason: &str) -> HostError {
        HostError::Failed {
            place: format!("{}/{}", self.api.web(), self.provider.owner),
            reason: format!("the host's answer cannot be read: {reason}"),
        }
    }
}

/// One list of an answer.
struct List {
    nodes: Vec<(Node, Option<HostError>)>,
    next: Option<String>,
    total: Option<usize>,
    partial: Option<HostError>,
}

impl QueryError {
    /// Whether it concerns the node `number` of the list at `place`.
    fn is_at(&self, place: &[&str], number: usize) -> bool {
        self.is_in(place)
            && self.path.get(place.len()).and_then(Value::as_u64) == Some(number as u64)
    }

    /// Whether it concerns one node of the list at `place`.
    fn is_in(&self, place: &[&str]) -> bool {
        self.path.len() > place.len()
            && place
                .iter()
                .zip(&self.path)
                .all(|(key, at)| at.as_str() == Some(key))
    }
}

/// `path` at the branch that is read, as Git writes it.
pub(super) fn expression(provider: &Provider, path: &str) -> String {
    let reference = provider.branch.as_deref().unwrap_or("HEAD");
    format!("{reference}:{path}")
}

/// The other spelling of the descriptor's name, where it has its usual one.
fn other_path(path: &str) -> &str {
    match path {
        "catalog-info.yaml" => "catalog-info.yml",
        path => path,
    }
}
