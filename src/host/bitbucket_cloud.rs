//! The repositories of a workspace on Bitbucket Cloud, by its REST API.
//!
//! Lists tell the commit at the tip of each main branch: what was not pushed is not looked at. What was is asked for the one
//! file by itself, with its text; no request there gives files of several repositories, its Git leaves nothing out of what is
//! fetched, and its search is behind the truth. Requests for files are many on the first day and few from then on, and no
//! more of them are made once the host says that its limit is near.

mod facts;
mod listing;
mod source;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub(super) use facts::facts;
pub(super) use source::file;

use super::repositories::{Descriptor, Page, Repository, RepositoryHost, Sizes, Standing};
use super::rest::RestApi;
use super::scm::ScmUrl;
use super::{HostError, Text, Wanted, object_id};
use crate::config::Provider;
use crate::config::source::is_glob;
use listing::Listing;
use source::Source;

/// The most repositories that a page holds.
const PAGE: usize = 100;
/// How many repositories or texts are asked for between two times that it is kept; each is a request of its own.
const BATCH: usize = 25;
/// How many repositories are asked for their files at once.
const AT_ONCE: usize = 4;
/// How long a host is left alone whose limit, which is counted by the hour, is near.
const NEAR_LIMIT: Duration = Duration::from_mins(15);

/// The repositories of one workspace.
#[derive(Debug)]
pub struct BitbucketCloudHost {
    provider: Provider,
    rest: Arc<RestApi>,
    /// Whether the host said that little is left of its limit.
    is_near_limit: AtomicBool,
}

impl BitbucketCloudHost {
    /// What `provider` names, asked over `rest`.
    pub(super) fn new(provider: &Provider, rest: Arc<RestApi>) -> Self {
        Self {
            provider: provider.clone(),
            rest,
            is_near_limit: AtomicBool::new(false),
        }
    }

    fn listing(&self) -> Listing<'_> {
        Listing {
            rest: &self.rest,
            workspace: &self.provider.owner,
        }
    }

    /// The content of the repository with the id `repository`, as it is at `commit`, else at the tip of `branch`.
    fn source<'a>(
        &'a self,
        repository: &'a str,
        commit: Option<&'a str>,
        branch: Option<&'a str>,
    ) -> Source<'a> {
        Source {
            rest: &self.rest,
            workspace: &self.provider.owner,
            repository,
            at: commit.or(branch).unwrap_or("HEAD"),
        }
    }

    /// The file at `path` as a descriptor, where it is there.
    async fn descriptor(
        &self,
        source: &Source<'_>,
        path: &str,
    ) -> Result<Option<Descriptor>, HostError> {
        if self.is_near_limit.load(Ordering::Relaxed) {
            return Err(HostError::Busy {
                host: self.rest.host().to_owned(),
                reason: "most of its hourly limit is used, and others need it, too".to_owned(),
                retry_after: NEAR_LIMIT,
            });
        }
        let read = source.read(path).await?;
        self.is_near_limit
            .fetch_or(read.is_near_limit, Ordering::Relaxed);
        Ok(read.text.map(|text| Descriptor {
            path: path.to_owned(),
            blob: object_id(&text),
            text: Some(text.into()),
        }))
    }
}

impl RepositoryHost for BitbucketCloudHost {
    fn sizes(&self) -> Sizes {
        Sizes {
            page: self.provider.page_size.unwrap_or(PAGE),
            batch: BATCH,
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
        let commit = repository.commit.as_deref();
        let source = self.source(&repository.id, commit, repository.branch.as_deref());
        let pattern = self.provider.path();
        let mut found = Vec::new();
        if is_glob(pattern) {
            for path in source.matching(pattern).await? {
                found.extend(self.descriptor(&source, &path).await?);
            }
        } else {
            // Another spelling of the name would be another request for each repository that has neither.
            found.extend(self.descriptor(&source, pattern).await?);
        }
        Ok(found)
    }

    async fn look_up(&self, lost: &[&Repository]) -> Result<Vec<Standing>, HostError> {
        let mut standings = Vec::with_capacity(lost.len());
        for repository in lost {
            standings.push(self.listing().standing(&repository.id).await?);
        }
        Ok(standings)
    }

    async fn texts(&self, wanted: &[&Wanted]) -> Result<Vec<Text>, HostError> {
        let mut texts = Vec::with_capacity(wanted.len());
        for wanted in wanted {
            let commit = wanted.commit.as_deref();
            let source = self.source(&wanted.repository, commit, None);
            let text = match source.read(&wanted.path).await {
                Ok(read) => read.text.filter(|text| object_id(text) == wanted.blob),
                // What holds for all is no answer for one.
                Err(error @ (HostError::Busy { .. } | HostError::Unreachable { .. })) => {
                    return Err(error);
                }
                Err(error) => {
                    texts.push(Err(error));
                    continue;
                }
            };
            texts.push(text.map(Into::into).ok_or_else(|| HostError::NotFound {
                place: format!("{}/{}: {}", self.rest.web(), wanted.name, wanted.path),
            }));
        }
        Ok(texts)
    }

    fn address(&self, repository: &Repository, path: &str) -> Option<String> {
        let branch = repository.branch.as_ref()?;
        let root = format!("{}/{}", self.rest.web(), repository.name);
        let root = ScmUrl::below(&root, "/src/", branch)?;
        Some(root.with_path(path).to_string())
    }
}
