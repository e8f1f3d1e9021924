//! The repositories of an organisation or user on a GitHub, by GraphQL: object ids of all descriptors first, then texts
//! of those that are not known yet.
//!
//! The sweep goes by name, so that a push in the meantime moves no repository past the cursor. What changed since is
//! told by two lists in one request: last pushed, and last updated, which covers renames, archives and changes of
//! visibility.

mod api;
mod facts;
mod listing;
mod people;
mod texts;

use std::sync::Arc;

pub(super) use api::Api;
pub(super) use facts::facts;
pub use people::GithubPeople;

use super::glob::Glob;
use super::repositories::{Descriptor, Files, Page, Repository, RepositoryHost, Sizes, Standing};
use super::scm::ScmUrl;
use super::{HostError, Text, Wanted, object_id};
use crate::catalog::codeowners::PATHS;
use crate::config::Provider;
use crate::config::source::is_glob;
use listing::{Listing, expression};

/// The most repositories of one page, as GitHub allows.
const PAGE: usize = 100;
/// How many trees are asked for at once.
const AT_ONCE: usize = 4;

/// The repositories of one owner.
#[derive(Debug)]
pub struct GithubHost {
    provider: Provider,
    api: Arc<Api>,
}

impl GithubHost {
    /// What `provider` names, asked over `api`.
    pub(super) fn new(provider: &Provider, api: Arc<Api>) -> Self {
        Self {
            provider: provider.clone(),
            api,
        }
    }

    fn listing(&self) -> Listing<'_> {
        Listing {
            api: &self.api,
            provider: &self.provider,
        }
    }
}

impl RepositoryHost for GithubHost {
    fn sizes(&self) -> Sizes {
        Sizes {
            page: self.provider.page_size.unwrap_or(PAGE),
            batch: PAGE,
            at_once: AT_ONCE,
        }
    }

    async fn page(&self, cursor: Option<&str>, size: usize) -> Result<Page, HostError> {
        self.listing().page(cursor, size).await
    }

    async fn recent(
        &self,
        mark: &str,
        cursor: Option<&str>,
        size: usize,
    ) -> Result<Option<Page>, HostError> {
        // Two lists are asked for in one request.
        let size = (size / 2).max(1);
        self.listing().recent(mark, cursor, size).await
    }

    async fn files(&self, repository: &Repository) -> Result<Vec<Descriptor>, HostError> {
        let gone = || HostError::NotFound {
            place: format!("{}/{}", self.api.web(), repository.name),
        };
        if is_glob(self.provider.path()) {
            let glob = Glob::new(self.provider.path())?;
            let commit = repository.commit.as_ref().ok_or_else(gone)?;
            let tree = self.api.tree(&repository.name, commit).await?;
            let is_wanted = |path: &str| glob.matches(path) || PATHS.contains(&path);
            let matching = tree.into_iter().filter(|(path, _)| is_wanted(path));
            return Ok(matching
                .map(|(path, blob)| Descriptor {
                    path,
                    blob,
                    text: None,
                })
                .collect());
        }
        let standing = self.listing().look_up(&[&repository.id]).await?;
        match standing.into_iter().next() {
            Some(Standing::There(listed)) => match listed.files {
                Files::Known(files) => Ok(files),
                Files::Withheld(error) => Err(error),
                Files::Ask => Ok(Vec::new()),
            },
            Some(Standing::Withheld(error)) => Err(error),
            Some(Standing::Elsewhere | Standing::Gone) | None => Err(gone()),
        }
    }

    async fn look_up(&self, lost: &[&Repository]) -> Result<Vec<Standing>, HostError> {
        let ids: Vec<&str> = lost.iter().map(|it| it.id.as_str()).collect();
        self.listing().look_up(&ids).await
    }

    async fn texts(&self, wanted: &[&Wanted]) -> Result<Vec<Text>, HostError> {
        let paths: Vec<(&str, String)> = wanted
            .iter()
            .map(|wanted| {
                let path = expression(&self.provider, &wanted.path);
                (wanted.repository.as_str(), path)
            })
            .collect();
        let given = texts::texts(&self.api, &paths).await?;
        let mut results = Vec::with_capacity(wanted.len());
        for (wanted, text) in wanted.iter().zip(given) {
            // Cut short, not UTF-8, or pushed meanwhile: then the object itself is asked for.
            let text = text.filter(|text| object_id(text.as_bytes()) == wanted.blob);
            results.push(match text {
                Some(text) => Ok(text.into_bytes().into()),
                None => self.api.blob(&wanted.name, &wanted.blob).await,
            });
        }
        Ok(results)
    }

    fn address(&self, repository: &Repository, path: &str) -> Option<String> {
        let branch = self
            .provider
            .branch
            .as_ref()
            .or(repository.branch.as_ref())?;
        let remote = format!("{}/{}", self.api.web(), repository.name);
        let root = ScmUrl::of_remote(&remote, branch)?;
        Some(root.with_path(path).to_string())
    }
}
