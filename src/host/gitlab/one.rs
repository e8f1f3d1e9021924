//! One project by REST: what became of it, its tree, its descriptor.

use serde::Deserialize;

use super::TREE_PAGES;
use super::listing::Listing;
use crate::config::source::is_glob;
use crate::host::HostError;
use crate::host::glob::{self, Glob};
use crate::host::repositories::{Descriptor, Files, Listed, Repository, Standing};

/// A project as REST has it.
#[derive(Deserialize)]
struct Project {
    id: u64,
    path_with_namespace: String,
    #[serde(default)]
    archived: bool,
    #[serde(default)]
    visibility: String,
    #[serde(default)]
    topics: Vec<String>,
    default_branch: Option<String>,
    #[serde(rename = "forked_from_project")]
    origin: Option<serde::de::IgnoredAny>,
}

/// An entry of a tree.
#[derive(Deserialize)]
struct Entry {
    id: String,
    path: String,
    #[serde(rename = "type")]
    kind: String,
}

impl Listing<'_> {
    /// What became of a project that no list shows. Its files are asked for by themselves.
    pub(super) async fn standing(&self, id: &str) -> Result<Standing, HostError> {
        match self
            .api
            .rest()
            .json::<Project>(&["projects", id], &[])
            .await
        {
            Ok(found) if self.is_ours(&found.body.path_with_namespace) => {
                Ok(Standing::There(Box::new(found.body.into())))
            }
            Ok(_) => Ok(Standing::Elsewhere),
            Err(HostError::NotFound { .. }) => Ok(Standing::Gone),
            // What holds for all is no standing of one.
            Err(error @ (HostError::Busy { .. } | HostError::Unreachable { .. })) => Err(error),
            Err(error) => Ok(Standing::Withheld(error)),
        }
    }

    /// The descriptors of one project.
    pub(super) async fn descriptors(
        &self,
        repository: &Repository,
    ) -> Result<Vec<Descriptor>, HostError> {
        let branch = self.provider.branch.as_deref().unwrap_or("HEAD");
        let at = repository.commit.as_deref().unwrap_or(branch);
        if is_glob(self.provider.path()) {
            return self.matching(repository, at).await;
        }
        for path in self.provider.spellings() {
            let parts = ["projects", &repository.id, "repository", "files", path];
            let reference = [("ref", at)];
            let blob = self
                .api
                .rest()
                .header(&parts, &reference, "x-gitlab-blob-id");
            match blob.await {
                Ok(Some(blob)) => {
                    return Ok(vec![Descriptor {
                        path: path.to_owned(),
                        blob,
                        text: None,
                    }]);
                }
                Ok(None) => return Err(self.strange("a file without an id")),
                Err(HostError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Vec::new())
    }

    /// The files of a project that match the pattern.
    async fn matching(
        &self,
        repository: &Repository,
        at: &str,
    ) -> Result<Vec<Descriptor>, HostError> {
        let pattern = self.provider.path();
        let glob = Glob::new(pattern)?;
        let folder = glob::folder(pattern);
        let mut found = Vec::new();
        let mut page = 1;
        for _ in 0..TREE_PAGES {
            let number = page.to_string();
            let mut query = vec![
                ("ref", at),
                ("recursive", "true"),
                ("per_page", "100"),
                ("page", number.as_str()),
            ];
            if !folder.is_empty() {
                query.push(("path", folder.as_str()));
            }
            let parts = ["projects", &repository.id, "repository", "tree"];
            let entries = self.api.rest().json::<Vec<Entry>>(&parts, &query).await?;
            let next = entries.number("x-next-page");
            let matching = entries.body.into_iter();
            let matching = matching.filter(|it| it.kind == "blob" && glob.matches(&it.path));
            found.extend(matching.map(|entry| Descriptor {
                path: entry.path,
                blob: entry.id,
                text: None,
            }));
            match next {
                Some(next) => page = next,
                None => return Ok(found),
            }
        }
        Err(HostError::Failed {
            place: format!("{}/{}", self.api.rest().web(), repository.name),
            reason: format!(
                "holds more than {} files and folders; name it as git+https://…",
                TREE_PAGES * 100
            ),
        })
    }
}

impl From<Project> for Listed {
    fn from(project: Project) -> Self {
        Self {
            repository: Repository {
                id: project.id.to_string(),
                name: project.path_with_namespace,
                project: None,
                is_archived: project.archived,
                is_fork: project.origin.is_some(),
                visibility: project.visibility,
                topics: project.topics,
                branch: project.default_branch,
                commit: None,
                revision: None,
            },
            files: Files::Ask,
        }
    }
}
