//! The list of repositories, and what became of one.

use serde::Deserialize;
use serde_json::Value;

use super::{Place, VERSION, files};
use crate::host::HostError;
use crate::host::repositories::{Files, Listed, Page, Repository, Standing};
use crate::host::rest::RestApi;

/// The repositories of one organisation or project.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listing<'a> {
    pub(super) api: &'a RestApi,
    pub(super) place: Place<'a>,
}

#[derive(Deserialize)]
struct List {
    value: Vec<Node>,
}

/// A repository as the API has it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    id: String,
    name: String,
    project: Project,
    /// `refs/heads/main`; none where nothing was ever pushed.
    default_branch: Option<String>,
    #[serde(default)]
    is_disabled: bool,
    #[serde(default)]
    is_fork: bool,
}

#[derive(Deserialize)]
struct Project {
    name: String,
    #[serde(default)]
    visibility: String,
}

impl Listing<'_> {
    /// All of them: the list has no pages.
    pub(super) async fn all(&self) -> Result<Page, HostError> {
        let mut parts = self.place.parts(self.api.host());
        parts.extend(self.place.project);
        parts.extend(["_apis", "git", "repositories"]);
        let list = self.api.json::<List>(&parts, &[VERSION]).await;
        let list = list.map_err(|error| match error {
            HostError::NotFound { .. } => HostError::Failed {
                place: format!("{}/{}", self.api.web(), self.name()),
                reason: "is not there, or hidden from you; check the name of the organisation and of the project".to_owned(),
            },
            error => error,
        })?;
        let mut listed: Vec<Listed> = list.body.value.into_iter().map(Node::listed).collect();
        listed.sort_by(|a, b| a.repository.name.cmp(&b.repository.name));
        Ok(Page {
            total: Some(listed.len()),
            listed,
            ..Page::default()
        })
    }

    /// What became of the repository `id`, which the list does not show any more.
    pub(super) async fn standing(&self, id: &str) -> Result<Standing, HostError> {
        let mut parts = self.place.parts(self.api.host());
        parts.extend(["_apis", "git", "repositories", id]);
        let url = self.api.address(&parts, &[VERSION])?;
        let (found, answer) = self.api.found(&url).await?;
        if !found {
            return Ok(
                if files::kind(&answer).starts_with("GitRepositoryNotFound") {
                    Standing::Gone
                } else {
                    Standing::Withheld(self.api.not_signed_in(
                        "it does not show a repository that it showed before".to_owned(),
                    ))
                },
            );
        }
        let value: Value = serde_json::from_slice(&answer).unwrap_or_default();
        let node = Node::deserialize(&value).map_err(|error| HostError::Failed {
            place: url.to_string(),
            reason: format!("its answer cannot be read: {error}"),
        })?;
        let is_ours = self
            .place
            .project
            .is_none_or(|project| project.eq_ignore_ascii_case(&node.project.name));
        Ok(if is_ours {
            Standing::There(Box::new(node.listed()))
        } else {
            Standing::Elsewhere
        })
    }

    fn name(&self) -> String {
        let project = self.place.project.into_iter();
        let parts: Vec<&str> = std::iter::once(self.place.organisation)
            .chain(project)
            .collect();
        parts.join("/")
    }
}

impl Node {
    fn listed(self) -> Listed {
        let branch = self.default_branch.map(|name| {
            let short = name.strip_prefix("refs/heads/");
            short.map_or_else(|| name.clone(), str::to_owned)
        });
        let repository = Repository {
            id: self.id,
            name: format!("{}/{}", self.project.name, self.name),
            project: Some(self.project.name),
            // One that is disabled cannot even be read.
            is_archived: self.is_disabled,
            is_fork: self.is_fork,
            visibility: self.project.visibility,
            branch,
            ..Repository::default()
        };
        Listed {
            repository,
            files: Files::Ask,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_read_as_the_api_writes_them() {
        let text = r#"{"count": 2, "value": [
            {"id": "7f-1", "name": "svc", "project": {"id": "p", "name": "The Shop", "visibility": "private"},
             "defaultBranch": "refs/heads/release/1", "size": 1, "isDisabled": true, "isFork": true},
            {"id": "7f-2", "name": "new", "project": {"id": "p", "name": "The Shop"}}]}"#;
        let list: List = serde_json::from_str(text).unwrap();
        let listed: Vec<Repository> = list
            .value
            .into_iter()
            .map(|it| it.listed().repository)
            .collect();
        assert_eq!(listed[0].name, "The Shop/svc");
        assert_eq!(listed[0].branch.as_deref(), Some("release/1"));
        assert!(listed[0].is_archived && listed[0].is_fork);
        assert_eq!(
            (listed[1].branch.as_ref(), listed[1].is_archived),
            (None, false)
        );
        assert_eq!(listed[1].revision, None);
    }
}
