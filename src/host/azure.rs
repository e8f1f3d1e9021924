//! The repositories of an organisation or project on Azure DevOps, by REST.
//!
//! One request lists them all, but says nothing of their commits, and nothing lists the files of many. So each that holds
//! descriptors is looked at each time, by one request for the folder that holds them: that has the ids of the files and the
//! commit. Those that held none are looked at once in a while.
//!
//! What is not there is told from what is not shown by the kind of the refusal, never by its status alone. Who is not
//! signed in is shown a page for people, with a status that is no refusal.

mod facts;
mod files;
mod listing;

use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::repositories::{
    Descriptor, Look, Page, Repository, RepositoryHost, Sizes, Standing, one_by_one,
};
use super::rest::RestApi;
use super::scm::ScmUrl;
use super::{HostError, Text, Wanted};
use crate::config::Provider;
pub(super) use facts::facts;
use files::Files;
pub(super) use files::file;
use listing::Listing;

/// How many repositories, and how many texts, are asked for at once.
const AT_ONCE: usize = 8;
/// How many texts, or ids to look up, are asked for before that is kept.
const BATCH: usize = 100;
/// The version of the API that is asked for; Azure DevOps Server has it since 2020.
const VERSION: (&str, &str) = ("api-version", "6.0");

/// The repositories of one organisation, or of one of its projects.
#[derive(Debug)]
pub struct AzureHost {
    provider: Provider,
    api: Arc<RestApi>,
}

/// Where an organisation's API is: below its name, which may hold slashes, or at a host of its own.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    organisation: &'a str,
    /// `None` for all projects.
    project: Option<&'a str>,
}

impl<'a> Place<'a> {
    /// The one that `owner` names: `ORG`, `ORG/PROJECT` or `ORG/*`.
    fn of(owner: &'a str) -> Self {
        match owner.rsplit_once('/') {
            Some((organisation, project)) => Self {
                organisation,
                project: Some(project).filter(|project| *project != "*"),
            },
            None => Self {
                organisation: owner,
                project: None,
            },
        }
    }

    /// The parts of the path to the organisation at `host`.
    fn parts(self, host: &str) -> Vec<&'a str> {
        if host.ends_with(".visualstudio.com") {
            return Vec::new();
        }
        self.organisation.split('/').collect()
    }
}

impl AzureHost {
    /// What `provider` names, asked over `api`.
    pub(super) fn new(provider: &Provider, api: Arc<RestApi>) -> Self {
        Self {
            provider: provider.clone(),
            api,
        }
    }

    fn place(&self) -> Place<'_> {
        Place::of(&self.provider.owner)
    }

    fn listing(&self) -> Listing<'_> {
        Listing {
            api: &self.api,
            place: self.place(),
        }
    }

    /// The branch of `repository` that is read.
    fn branch<'a>(&'a self, repository: &'a Repository) -> Option<&'a str> {
        let branch = self.provider.branch.as_ref();
        branch.or(repository.branch.as_ref()).map(String::as_str)
    }
}

impl RepositoryHost for AzureHost {
    fn sizes(&self) -> Sizes {
        Sizes {
            // The list comes whole; less of it cannot be asked for.
            page: 1,
            batch: BATCH,
            at_once: AT_ONCE,
        }
    }

    async fn page(&self, _cursor: Option<&str>, _size: usize) -> Result<Page, HostError> {
        self.listing().all().await
    }

    async fn files(&self, repository: &Repository) -> Result<Vec<Descriptor>, HostError> {
        let look = self.look(repository, &[]).await?;
        Ok(look.map(|look| look.files).unwrap_or_default())
    }

    async fn look(
        &self,
        repository: &Repository,
        _known: &[Descriptor],
    ) -> Result<Option<Look>, HostError> {
        let Some(branch) = self.branch(repository) else {
            return Ok(Some(Look {
                files: Vec::new(),
                commit: None,
            }));
        };
        let files = Files {
            api: &self.api,
            place: self.place(),
            repository: &repository.id,
            name: &repository.name,
        };
        let configured = self.provider.branch.is_some();
        let paths = self.provider.spellings();
        files.look(branch, configured, &paths).await.map(Some)
    }

    async fn look_up(&self, lost: &[&Repository]) -> Result<Vec<Standing>, HostError> {
        let listing = self.listing();
        let asked: Vec<_> = lost.iter().map(|it| listing.standing(&it.id)).collect();
        stream::iter(asked).buffered(AT_ONCE).try_collect().await
    }

    async fn texts(&self, wanted: &[&Wanted]) -> Result<Vec<Text>, HostError> {
        let ask = async |wanted: &Wanted| {
            let files = Files {
                api: &self.api,
                place: self.place(),
                repository: &wanted.repository,
                name: &wanted.name,
            };
            files.blob(&wanted.blob).await
        };
        let asked = wanted.iter().map(|wanted| ask(wanted)).collect();
        one_by_one(asked, AT_ONCE).await
    }

    /// As Backstage's provider has it: the branch is named only where the configuration does.
    fn address(&self, repository: &Repository, path: &str) -> Option<String> {
        repository.branch.as_ref()?;
        let (project, name) = repository.name.split_once('/')?;
        let mut parts = self.place().parts(self.api.host());
        parts.extend([project, "_git", name]);
        let reference = self.provider.branch.as_deref().unwrap_or("HEAD");
        let root = ScmUrl::of_azure(self.api.web(), &parts, reference)?;
        Some(root.with_path(path).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organisation_and_its_project_are_told_apart() {
        let of = |owner| {
            let place = Place::of(owner);
            (place.organisation, place.project)
        };
        assert_eq!(of("acme"), ("acme", None));
        assert_eq!(of("acme/The Shop"), ("acme", Some("The Shop")));
        assert_eq!(of("tfs/Main/*"), ("tfs/Main", None));
        assert_eq!(Place::of("tfs/Main/*").parts("tfs.dev"), ["tfs", "Main"]);
        assert_eq!(Place::of("acme").parts("acme.visualstudio.com"), [""; 0]);
    }
}
