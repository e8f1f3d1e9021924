//! The GraphQL that is asked, and what is read from the answers. The queries are valid against the published schema.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Api;
use crate::host::HostError;

const SWEEP: &str = include_str!("sweep.graphql");
const TEXTS: &str = include_str!("texts.graphql");
const FILE: &str = include_str!("file.graphql");

/// One page of an owner's repositories.
pub(super) struct Sweep<'a> {
    /// The organisation or user.
    pub(super) owner: &'a str,
    /// Where the page before ended.
    pub(super) cursor: Option<&'a str>,
    /// How many repositories.
    pub(super) first: usize,
    /// The descriptor, as Git writes it.
    pub(super) path: String,
    /// Its other spelling.
    pub(super) other_path: String,
    /// Whether topics are needed.
    pub(super) topics: bool,
}

/// What a page holds.
pub(super) struct Page {
    pub(super) repositories: Vec<Repository>,
    /// The cursor of the next page.
    pub(super) next: Option<String>,
}

/// A repository.
#[derive(Debug)]
pub(super) struct Repository {
    /// Its id at the host.
    pub(super) id: String,
    /// `owner/name`.
    pub(super) name_with_owner: String,
    pub(super) is_archived: bool,
    pub(super) is_fork: bool,
    pub(super) visibility: String,
    /// The default branch, and its tip.
    pub(super) branch: Option<String>,
    pub(super) commit: Option<String>,
    /// The object ids of the descriptor in its two spellings.
    pub(super) descriptor: Option<String>,
    pub(super) other_descriptor: Option<String>,
    pub(super) topics: Vec<String>,
}

impl Repository {
    /// The name without the owner.
    pub(super) fn name(&self) -> &str {
        let name = self.name_with_owner.as_str();
        name.rsplit_once('/').map_or(name, |(_, name)| name)
    }
}

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
    default_branch_ref: Option<Branch>,
    yaml: Option<Object>,
    yml: Option<Object>,
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

impl From<Node> for Repository {
    fn from(node: Node) -> Self {
        let topics = node
            .repository_topics
            .as_ref()
            .and_then(|topics| topics.get("nodes")?.as_array())
            .into_iter()
            .flatten()
            .filter_map(|node| node.pointer("/topic/name")?.as_str().map(str::to_owned))
            .collect();
        let (branch, tip) = node
            .default_branch_ref
            .map_or((None, None), |branch| (Some(branch.name), branch.target));
        Self {
            id: node.id,
            name_with_owner: node.name_with_owner,
            is_archived: node.is_archived,
            is_fork: node.is_fork,
            visibility: node.visibility,
            branch,
            commit: tip.map(|tip| tip.oid),
            descriptor: node.yaml.and_then(Object::file),
            other_descriptor: node.yml.and_then(Object::file),
            topics,
        }
    }
}

impl Sweep<'_> {
    /// Asks for the page. Anything that is missing from it is an error: a sweep that is not whole is not believed.
    pub(super) async fn ask(&self, api: &Api) -> Result<Page, HostError> {
        let variables = json!({
            "owner": self.owner,
            "cursor": self.cursor,
            "first": self.first,
            "path": self.path,
            "otherPath": self.other_path,
            "topics": self.topics,
        });
        let answer = api.query(SWEEP, &variables).await?;
        if let Some(error) = answer.errors.into_iter().next() {
            return Err(api.error(&error, self.owner));
        }
        let repositories = answer.data.pointer("/repositoryOwner/repositories");
        let Some(repositories) = repositories else {
            return Err(HostError::NotFound {
                place: format!("{}/{}", api.web(), self.owner),
            });
        };
        let strange = |reason: String| HostError::Failed {
            place: format!("{}/{}", api.web(), self.owner),
            reason: format!("the host's answer cannot be read: {reason}"),
        };
        let nodes = repositories.get("nodes").cloned().unwrap_or_default();
        let nodes: Vec<Node> =
            serde_json::from_value(nodes).map_err(|error| strange(error.to_string()))?;
        let info = repositories
            .get("pageInfo")
            .ok_or_else(|| strange("it has no pageInfo".to_owned()))?;
        let more = info.get("hasNextPage").and_then(Value::as_bool) == Some(true);
        let next = info.get("endCursor").and_then(Value::as_str);
        Ok(Page {
            repositories: nodes.into_iter().map(Repository::from).collect(),
            next: next.filter(|_| more).map(str::to_owned),
        })
    }
}

/// The texts of one path in several repositories.
pub(super) struct Texts<'a> {
    /// The repositories' ids.
    pub(super) ids: &'a [&'a str],
    /// The path, as Git writes it.
    pub(super) path: String,
}

impl Texts<'_> {
    /// Asks for the texts, in the order of the ids; `None` where there is none, or not all of it.
    pub(super) async fn ask(&self, api: &Api) -> Result<Vec<Option<String>>, HostError> {
        let variables = json!({ "ids": self.ids, "path": self.path });
        let answer = api.query(TEXTS, &variables).await?;
        let nodes = answer.data.get("nodes").and_then(Value::as_array);
        let Some(nodes) = nodes.filter(|nodes| nodes.len() == self.ids.len()) else {
            return Err(answer.errors.first().map_or_else(
                || HostError::Failed {
                    place: api.web().to_owned(),
                    reason: "the host left out some of the texts it was asked for".to_owned(),
                },
                |error| api.error(error, api.web()),
            ));
        };
        Ok(nodes
            .iter()
            .map(|node| whole_text(node.get("file")?))
            .collect())
    }
}

/// The text of a file at `path` (as Git writes it) in `owner/name`; `None` where it is not there, or not text.
pub(super) async fn file(
    api: &Api,
    repository: &str,
    path: &str,
) -> Result<Option<(String, String)>, HostError> {
    let (owner, name) = repository.split_once('/').unwrap_or((repository, ""));
    let variables = json!({ "owner": owner, "name": name, "path": path });
    let answer = api.query(FILE, &variables).await?;
    if let Some(error) = answer.errors.into_iter().next() {
        return Err(api.error(&error, repository));
    }
    let object = answer.data.pointer("/repository/object");
    Ok(object.and_then(|object| {
        let oid = object.get("oid")?.as_str()?.to_owned();
        Some((oid, whole_text(object)?))
    }))
}

fn whole_text(object: &Value) -> Option<String> {
    let cut = object.get("isTruncated").and_then(Value::as_bool) == Some(true);
    object
        .get("text")?
        .as_str()
        .filter(|_| !cut)
        .map(str::to_owned)
}
