//! The projects of a group on a GitLab, with those of its subgroups: object ids of all descriptors by GraphQL first, then
//! texts of those that are not known yet.
//!
//! The sweep goes by age, so that a push in the meantime moves no project past the cursor. What changed since is told by
//! two lists of the REST API, last active and last updated. A server that finds the ids of descriptors too complex to
//! tell beside their projects is asked for them one by one.

mod api;
mod facts;
mod listing;
mod one;
mod people;
mod recent;
mod texts;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub(super) use api::Api;
pub(super) use facts::facts;
pub use people::GitlabPeople;

use super::repositories::{Descriptor, Page, Repository, RepositoryHost, Sizes, Standing};
use super::scm::ScmUrl;
use super::{HostError, Text, Wanted, object_id};
use crate::config::Provider;
use listing::Listing;

/// The most projects of one page. GitLab allows 100, but each is some calls of the server to its storage, and it ends a
/// query after 30 seconds.
const PAGE: usize = 50;
/// How many projects are asked for their files at once.
const AT_ONCE: usize = 4;
/// The most pages of a tree that are read.
const TREE_PAGES: usize = 100;
/// The least page that is ever asked for.
const LEAST: usize = 5;

/// The projects of one group.
#[derive(Debug)]
pub struct GitlabHost {
    provider: Provider,
    api: Arc<Api>,
    /// Whether the server was found not to tell descriptors beside projects, or `CODEOWNERS` beside descriptors.
    is_light: AtomicBool,
    without_owners: AtomicBool,
}

impl GitlabHost {
    /// What `provider` names, asked over `api`.
    pub(super) fn new(provider: &Provider, api: Arc<Api>) -> Self {
        Self {
            provider: provider.clone(),
            api,
            is_light: AtomicBool::new(false),
            without_owners: AtomicBool::new(false),
        }
    }

    fn listing(&self) -> Listing<'_> {
        Listing {
            api: &self.api,
            provider: &self.provider,
            files: !self.is_light.load(Ordering::Relaxed),
            owners: !self.without_owners.load(Ordering::Relaxed),
        }
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
        let mut page = self.listing().page(cursor, size).await;
        // A hint is not worth a smaller page.
        if let Err(HostError::Overloaded { reason, .. }) = &page
            && reason.contains("max complexity")
            && !self.without_owners.swap(true, Ordering::Relaxed)
        {
            page = self.listing().page(cursor, size).await;
        }
        if let Err(HostError::Overloaded { reason, .. }) = &page
            && is_hopeless(reason, size)
        {
            self.is_light.store(true, Ordering::Relaxed);
            page = self.listing().page(cursor, size).await;
        }
        let mut page = page?;
        if cursor.is_none() && page.next.is_some() {
            // What cannot be counted is looked at whole more often.
            page.total = self.listing().count().await.unwrap_or_default();
        }
        Ok(page)
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
        self.listing().descriptors(repository).await
    }

    async fn look_up(&self, lost: &[&Repository]) -> Result<Vec<Standing>, HostError> {
        let ids: Vec<&str> = lost.iter().map(|it| it.id.as_str()).collect();
        let listing = self.listing();
        let mut shown = listing.known(&ids).await?;
        let mut standings = Vec::with_capacity(ids.len());
        for id in ids {
            let at = shown.iter().position(|it| it.repository.id == id);
            standings.push(match at.map(|at| shown.swap_remove(at)) {
                Some(listed) if listing.is_ours(&listed.repository.name) => {
                    Standing::There(Box::new(listed))
                }
                Some(_) => Standing::Elsewhere,
                // A list leaves out what it does not show; only the project itself says that it is gone.
                None => listing.standing(id).await?,
            });
        }
        Ok(standings)
    }

    async fn texts(&self, wanted: &[&Wanted]) -> Result<Vec<Text>, HostError> {
        let reference = self.provider.branch.as_deref().unwrap_or("HEAD");
        let mut given = texts::texts(&self.api, reference, wanted).await?;
        let mut results = Vec::with_capacity(wanted.len());
        for wanted in wanted {
            let text = given.remove(&(wanted.repository.clone(), wanted.path.clone()));
            // Not text, or pushed meanwhile: then the object itself is asked for.
            let text = text.filter(|text| object_id(text.as_bytes()) == wanted.blob);
            results.push(match text {
                Some(text) => Ok(text.into_bytes().into()),
                None => self.blob(wanted).await,
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
        let root = format!("{}/{}", self.api.rest().web(), repository.name);
        Some(
            ScmUrl::below(&root, "/-/blob/", branch)?
                .with_path(path)
                .to_string(),
        )
    }
}

impl GitlabHost {
    /// The object that is wanted.
    async fn blob(&self, wanted: &Wanted) -> Text {
        let Wanted {
            repository, blob, ..
        } = wanted;
        let parts = ["projects", repository, "repository", "blobs", blob, "raw"];
        let content = self.api.rest().bytes(&parts, &[]).await?;
        // It is kept under its id for every project that has the same.
        if object_id(&content) != *blob {
            return Err(HostError::Failed {
                place: format!("{}/{}", self.api.rest().web(), wanted.name),
                reason: format!(
                    "{}: the content is not what its id says; try again later",
                    wanted.path
                ),
            });
        }
        Ok(content.into())
    }
}

/// Whether no page would be small enough for a server that refuses one of `size` for `reason`: `Query has complexity of
/// 271, which exceeds max complexity of 250`. Each project on a page costs 1 % (GitLab's `base_field.rb`).
fn is_hopeless(reason: &str, size: usize) -> bool {
    let numbers = reason.split(|c: char| !c.is_ascii_digit());
    let mut numbers = numbers.filter_map(|number| number.parse::<usize>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(score), Some(limit)) if reason.contains("max complexity") => {
            score.saturating_mul(100 + LEAST) > limit.saturating_mul(100 + size)
        }
        _ => false,
    }
}

/// The id of a project as GraphQL writes it.
fn gid(number: &str) -> String {
    format!("gid://gitlab/Project/{number}")
}

/// The number in an id that GraphQL wrote.
fn number(gid: &str) -> &str {
    gid.rsplit_once('/').map_or(gid, |(_, number)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_hopeless_where_no_smaller_one_would_do() {
        let refused = |score: usize, limit: usize| {
            format!("Query has complexity of {score}, which exceeds max complexity of {limit}")
        };
        assert!(!is_hopeless(&refused(271, 250), 50));
        assert!(!is_hopeless(&refused(350, 250), 50));
        assert!(is_hopeless(&refused(400, 250), 50));
        assert!(!is_hopeless("Timeout on Group.projects", 50));
    }
}
