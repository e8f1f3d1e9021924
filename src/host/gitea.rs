//! The repositories of an organisation or user on a Gitea or Forgejo, by REST.
//!
//! Nothing there lists the files of many repositories. What is listed is when each changed last; only of those that did
//! the tree is asked for, which has the ids of its files, and then the texts that nobody has read yet. A tree that cannot
//! be had is an error, never a repository without files.
//!
//! The sweep goes by age, so that a push in the meantime moves no repository. What changed since is told by the same list
//! in the order of change; mirrors stand there by their last commit, and are looked at by themselves.

mod cursor;
mod facts;
mod files;
mod listing;
mod people;

use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::repositories::{
    Descriptor, Page, Repository, RepositoryHost, Sizes, Standing, one_by_one,
};
use super::rest::RestApi;
use super::scm::ScmUrl;
use super::{HostError, Text, Wanted};
use crate::config::Provider;
use crate::config::source::is_glob;
pub(super) use facts::facts;
use files::Files;
pub(super) use files::file;
use listing::Listing;
pub use people::GiteaPeople;

/// The most repositories of one page; a server may give fewer (`MAX_RESPONSE_ITEMS`).
const PAGE: usize = 50;
/// How many repositories, and how many texts, are asked for at once.
const AT_ONCE: usize = 5;

/// The repositories of one owner.
#[derive(Debug)]
pub struct GiteaHost {
    provider: Provider,
    api: Arc<RestApi>,
}

impl GiteaHost {
    /// What `provider` names, asked over `api`.
    pub(super) fn new(provider: &Provider, api: Arc<RestApi>) -> Self {
        Self {
            provider: provider.clone(),
            api,
        }
    }

    fn listing(&self) -> Listing<'_> {
        Listing {
            api: &self.api,
            owner: &self.provider.owner,
        }
    }

    /// The branch of `repository` that is read.
    fn branch<'a>(&'a self, repository: &'a Repository) -> Option<&'a str> {
        let branch = self.provider.branch.as_ref();
        branch.or(repository.branch.as_ref()).map(String::as_str)
    }
}

impl RepositoryHost for GiteaHost {
    fn sizes(&self) -> Sizes {
        Sizes {
            page: self.provider.page_size.unwrap_or(PAGE).min(PAGE),
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
        self.listing().recent(mark, cursor, size).await
    }

    async fn files(&self, repository: &Repository) -> Result<Vec<Descriptor>, HostError> {
        let Some(branch) = self.branch(repository) else {
            return Ok(Vec::new());
        };
        let files = Files::of(&self.api, &repository.name, branch);
        match self.provider.spellings().as_slice() {
            [pattern] if is_glob(pattern) => files.matching(pattern).await,
            [path] if path.contains('/') => files.at(path).await,
            paths => files.in_root(paths).await,
        }
    }

    async fn look_up(&self, lost: &[&Repository]) -> Result<Vec<Standing>, HostError> {
        let listing = self.listing();
        let asked: Vec<_> = lost.iter().map(|it| listing.standing(&it.id)).collect();
        stream::iter(asked).buffered(AT_ONCE).try_collect().await
    }

    async fn texts(&self, wanted: &[&Wanted]) -> Result<Vec<Text>, HostError> {
        let ask = async |wanted: &Wanted| {
            let files = Files::of(&self.api, &wanted.name, "");
            files.blob(&wanted.blob).await
        };
        let asked = wanted.iter().map(|wanted| ask(wanted)).collect();
        one_by_one(asked, AT_ONCE).await
    }

    fn address(&self, repository: &Repository, path: &str) -> Option<String> {
        let branch = self.branch(repository)?;
        let root = format!("{}/{}", self.api.web(), repository.name);
        let root = ScmUrl::below(&root, "/src/branch/", branch)?;
        Some(root.with_path(path).to_string())
    }
}
