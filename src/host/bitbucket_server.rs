//! The repositories of a Bitbucket Data Center, or of one of its projects, by its REST API.
//!
//! Five requests list five thousand repositories, and tell of none whether something was pushed to it. So those that hold
//! descriptors are asked for their latest commit each time, and those that do not for the one file, once in a while. Git would
//! be no cheaper: where a server limits requests, it counts those of Git over HTTP as well.

mod facts;
mod listing;
mod source;

use std::sync::Arc;

pub(super) use facts::facts;
pub(super) use source::file;

use super::budget::Bucket;
use super::repositories::{Descriptor, Look, Page, Repository, RepositoryHost, Sizes, Standing};
use super::rest::RestApi;
use super::scm::ScmUrl;
use super::{HostError, Text, Wanted, object_id};
use crate::config::Provider;
use crate::config::source::is_glob;
use listing::Listing;
use source::Source;

/// The most repositories that a page holds (`page.max.repositories`).
const PAGE: usize = 1000;
/// How many texts are asked for between two times that they are kept; each is a request of its own.
const BATCH: usize = 50;
/// How many repositories are looked at at once.
const AT_ONCE: usize = 4;
/// How a server limits requests unless its administrators say otherwise, where they let it.
const BUCKET: Bucket = Bucket {
    size: 60,
    a_second: 5,
};

/// The repositories of one server.
#[derive(Debug)]
pub struct BitbucketServerHost {
    provider: Provider,
    rest: Arc<RestApi>,
}

impl BitbucketServerHost {
    /// What `provider` names, asked over `rest`.
    pub(super) fn new(provider: &Provider, rest: Arc<RestApi>) -> Self {
        rest.http().count_by(rest.host(), BUCKET);
        Self {
            provider: provider.clone(),
            rest,
        }
    }

    fn listing(&self) -> Listing<'_> {
        Listing {
            rest: &self.rest,
            project: &self.provider.owner,
        }
    }

    /// The content of the repository `name` at `commit`, else at the tip of its default branch.
    fn source<'a>(&'a self, name: &'a str, commit: Option<&'a str>) -> Source<'a> {
        Source {
            rest: &self.rest,
            name,
            at: commit,
        }
    }

    /// The descriptors in `source`.
    async fn descriptors(&self, source: &Source<'_>) -> Result<Vec<Descriptor>, HostError> {
        let pattern = self.provider.path();
        let paths = if is_glob(pattern) {
            source.matching(pattern).await?
        } else {
            // Another spelling of the name would be another request for each repository that has neither.
            vec![pattern.to_owned()]
        };
        let mut found = Vec::new();
        for path in paths {
            if let Some(text) = source.read(&path).await? {
                found.push(Descriptor {
                    blob: object_id(&text),
                    text: Some(text.into()),
                    path,
                });
            }
        }
        Ok(found)
    }
}

impl RepositoryHost for BitbucketServerHost {
    fn sizes(&self) -> Sizes {
        Sizes {
            page: PAGE,
            batch: BATCH,
            at_once: AT_ONCE,
        }
    }

    async fn page(&self, cursor: Option<&str>, size: usize) -> Result<Page, HostError> {
        self.listing().page(cursor, size).await
    }

    async fn files(&self, repository: &Repository) -> Result<Vec<Descriptor>, HostError> {
        let source = self.source(&repository.name, repository.commit.as_deref());
        self.descriptors(&source).await
    }

    async fn look(
        &self,
        repository: &Repository,
        known: &[Descriptor],
    ) -> Result<Option<Look>, HostError> {
        let tip = self.source(&repository.name, None);
        // Most hold nothing, which one request tells; what is found is looked at by its commit from the next time on.
        if known.is_empty() && !is_glob(self.provider.path()) {
            let files = self.descriptors(&tip).await?;
            return Ok(Some(Look {
                files,
                commit: None,
            }));
        }
        let commit = tip.latest().await?;
        if repository.commit.as_ref() == Some(&commit) {
            return Ok(None);
        }
        let files = self
            .descriptors(&self.source(&repository.name, Some(&commit)))
            .await?;
        Ok(Some(Look {
            files,
            commit: Some(commit),
        }))
    }

    async fn look_up(&self, lost: &[&Repository]) -> Result<Vec<Standing>, HostError> {
        self.listing().standings(lost).await
    }

    async fn texts(&self, wanted: &[&Wanted]) -> Result<Vec<Text>, HostError> {
        let mut texts = Vec::with_capacity(wanted.len());
        for wanted in wanted {
            let source = self.source(&wanted.name, wanted.commit.as_deref());
            texts.push(match source.read(&wanted.path).await {
                Ok(text) => text
                    .filter(|text| object_id(text) == wanted.blob)
                    .map(Into::into)
                    .ok_or_else(|| HostError::NotFound {
                        place: format!("{}/{}: {}", self.rest.web(), wanted.name, wanted.path),
                    }),
                // What holds for all is no answer for one.
                Err(error @ (HostError::Busy { .. } | HostError::Unreachable { .. })) => {
                    return Err(error);
                }
                Err(error) => Err(error),
            });
        }
        Ok(texts)
    }

    /// Without a branch in it, as Backstage writes it: that is the default one.
    fn address(&self, repository: &Repository, path: &str) -> Option<String> {
        let (project, slug) = repository.name.split_once('/')?;
        let root = format!(
            "{}/projects/{project}/repos/{slug}/browse/",
            self.rest.web()
        );
        Some(ScmUrl::parse(&root)?.with_path(path).to_string())
    }
}
