//! What a host of repositories answers, whatever its kind: the seam between the hosts and the one engine that keeps
//! what they hold fresh (`sync::refresh`).
//!
//! A [`RepositoryHost`] only asks and tells: it decides nothing about order, retries, page sizes, filters or deletion,
//! and keeps nothing between calls. A new kind of host is a file beside `github.rs` that implements the trait, a variant
//! of [`Repositories`], its keys in `config::provider`, and its side of the forge in `tests/support/forge`.

use std::future::Future;
use std::sync::Arc;

use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};

use super::azure::AzureHost;
use super::bitbucket_cloud::BitbucketCloudHost;
use super::bitbucket_server::BitbucketServerHost;
use super::gerrit::GerritHost;
use super::git::GitList;
use super::gitea::GiteaHost;
use super::github::GithubHost;
use super::gitlab::GitlabHost;
use super::{HostError, Text, Wanted};
use crate::catalog::codeowners::PATHS;

/// A repository as its host describes it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Repository {
    /// The host's own id, which stays when the repository is renamed.
    pub id: String,
    /// Its path at the host: `owner/name`, for some kinds with more parts.
    pub name: String,
    /// The key of the project it belongs to, for kinds where that is no part of its path.
    #[serde(default)]
    pub project: Option<String>,
    /// Whether it can only be read.
    pub is_archived: bool,
    /// Whether it is a fork.
    pub is_fork: bool,
    /// `public`, `private` or `internal`, in the host's own spelling.
    pub visibility: String,
    /// Its topics; empty where nobody asked for them.
    pub topics: Vec<String>,
    /// The default branch; `None` where nothing was ever pushed.
    pub branch: Option<String>,
    /// The commit at the tip of the branch that is read, where known.
    pub commit: Option<String>,
    /// Whatever is sure to change when a file does: the commit, else a time of change; `None` where the host tells
    /// neither.
    pub revision: Option<String>,
}

impl Repository {
    /// The last part of its path.
    pub fn short_name(&self) -> &str {
        let name = self.name.as_str();
        name.rsplit_once('/').map_or(name, |(_, name)| name)
    }
}

/// A file that holds descriptors, or the `CODEOWNERS` of a repository that has such.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Descriptor {
    /// Its path in the repository, without a slash in front.
    pub path: String,
    /// The Git object id of its content.
    pub blob: String,
    /// Its content, where the host gave that along.
    #[serde(skip)]
    pub text: Option<Arc<[u8]>>,
}

/// What a page says about the descriptors of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Files {
    /// These, and no others.
    Known(Vec<Descriptor>),
    /// Nothing: [`RepositoryHost::files`] knows.
    Ask,
    /// The host would not say, and why; what was known stays.
    Withheld(HostError),
}

/// A repository and its descriptors, as far as the page tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The repository.
    pub repository: Repository,
    /// Its descriptors.
    pub files: Files,
}

/// A page of repositories.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The repositories.
    pub listed: Vec<Listed>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<String>,
    /// How many repositories there are in all, where the host tells.
    pub total: Option<usize>,
    /// The moment from which [`RepositoryHost::recent`] can go on, in the host's own terms.
    pub mark: Option<String>,
    /// Why the page is known to leave some out; nothing is gone because of its absence then.
    pub partial: Option<HostError>,
}

/// What a look at one repository tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Its descriptors, and no others.
    pub files: Vec<Descriptor>,
    /// The commit they were read at, where the look itself found that out.
    pub commit: Option<String>,
}

/// What became of a repository that no list shows any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is there, perhaps under another name.
    There(Box<Listed>),
    /// It belongs to somebody else now.
    Elsewhere,
    /// It is gone, or hidden from us for good.
    Gone,
    /// The host would not say.
    Withheld(HostError),
}

/// What a host can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// How many repositories a page holds at most.
    pub page: usize,
    /// How many texts, or ids to look up, one request may name.
    pub batch: usize,
    /// How many repositories may be asked for their files at once.
    pub at_once: usize,
}

/// One owner's repositories on a host.
///
/// Every call may be repeated. An error means that nothing is known; [`HostError::Overloaded`] that less should be asked
/// for at once.
pub trait RepositoryHost: Send + Sync {
    /// What the host can carry.
    fn sizes(&self) -> Sizes;

    /// The repositories from `cursor` on, about `size` of them, in an order in which a push moves none.
    fn page(
        &self,
        cursor: Option<&str>,
        size: usize,
    ) -> impl Future<Output = Result<Page, HostError>> + Send;

    /// The repositories that changed since `mark` (those that did not may be among them), with a mark for the next time;
    /// `None` where the host cannot tell, and everything has to be looked at.
    fn recent(
        &self,
        _mark: &str,
        _cursor: Option<&str>,
        _size: usize,
    ) -> impl Future<Output = Result<Option<Page>, HostError>> + Send {
        async { Ok(None) }
    }

    /// The descriptors of one repository.
    fn files(
        &self,
        repository: &Repository,
    ) -> impl Future<Output = Result<Vec<Descriptor>, HostError>> + Send;

    /// The same where no list tells what changed: `None` if nothing was pushed since the `commit` of the repository, at which
    /// `known` were its descriptors.
    fn look(
        &self,
        repository: &Repository,
        _known: &[Descriptor],
    ) -> impl Future<Output = Result<Option<Look>, HostError>> + Send {
        async {
            let files = self.files(repository).await?;
            Ok(Some(Look {
                files,
                commit: None,
            }))
        }
    }

    /// What became of these repositories, which are told by their ids, in their order.
    fn look_up(
        &self,
        lost: &[&Repository],
    ) -> impl Future<Output = Result<Vec<Standing>, HostError>> + Send;

    /// The texts of `wanted`, in its order; one that cannot be had is an error of its own.
    fn texts(
        &self,
        wanted: &[&Wanted],
    ) -> impl Future<Output = Result<Vec<Text>, HostError>> + Send;

    /// The web page of the file at `path` of the branch that is read; `None` for an empty repository.
    fn address(&self, repository: &Repository, path: &str) -> Option<String>;
}

/// Where the `CODEOWNERS` of a repository stands, as far as `has` knows its files: the first place that counts.
pub(super) fn code_owners(has: impl Fn(&str) -> bool) -> Option<&'static str> {
    PATHS.into_iter().find(|path| has(path))
}

/// Of `paths` those of descriptors, and where there are such the one `CODEOWNERS` that counts.
pub(super) fn with_owners(paths: Vec<String>, is_descriptor: impl Fn(&str) -> bool) -> Vec<String> {
    let owners = code_owners(|path| paths.iter().any(|it| it == path));
    let is_any = paths.iter().any(|path| is_descriptor(path));
    let is_wanted = |path: &String| is_descriptor(path) || owners == Some(path.as_str());
    paths
        .into_iter()
        .filter(|path| is_any && is_wanted(path))
        .collect()
}

/// The texts that `asked` give, in its order, for hosts that give no more than one at a time; `at_once` are asked for
/// together. What holds for all of them is no answer about one, and an error of the whole.
pub(super) async fn one_by_one<F>(asked: Vec<F>, at_once: usize) -> Result<Vec<Text>, HostError>
where
    F: Future<Output = Text>,
{
    let texts: Vec<Text> = stream::iter(asked).buffered(at_once).collect().await;
    let refused = texts.iter().find_map(|text| match text {
        Err(error @ (HostError::Busy { .. } | HostError::Unreachable { .. })) => {
            Some(error.clone())
        }
        _ => None,
    });
    refused.map_or(Ok(texts), Err)
}

/// Every kind of host of repositories.
#[derive(Debug)]
pub enum Repositories {
    /// GitHub: the cloud or an Enterprise Server.
    Github(GithubHost),
    /// GitLab: the cloud or one of somebody's own.
    Gitlab(GitlabHost),
    /// Bitbucket Cloud.
    BitbucketCloud(BitbucketCloudHost),
    /// Plain Git.
    Git(GitList),
    /// Gitea or Forgejo.
    Gitea(GiteaHost),
    /// Bitbucket Data Center.
    BitbucketServer(BitbucketServerHost),
    /// Azure DevOps: Services or Server.
    Azure(AzureHost),
    /// Gerrit.
    Gerrit(GerritHost),
}

/// Calls the same method of whichever host it is.
macro_rules! each_kind {
    ($self:expr, $host:ident => $call:expr) => {
        match $self {
            Self::Github($host) => $call,
            Self::Gitlab($host) => $call,
            Self::BitbucketCloud($host) => $call,
            Self::Git($host) => $call,
            Self::Gitea($host) => $call,
            Self::BitbucketServer($host) => $call,
            Self::Azure($host) => $call,
            Self::Gerrit($host) => $call,
        }
    };
}

impl RepositoryHost for Repositories {
    fn sizes(&self) -> Sizes {
        each_kind!(self, host => host.sizes())
    }

    async fn page(&self, cursor: Option<&str>, size: usize) -> Result<Page, HostError> {
        each_kind!(self, host => host.page(cursor, size).await)
    }

    async fn recent(
        &self,
        mark: &str,
        cursor: Option<&str>,
        size: usize,
    ) -> Result<Option<Page>, HostError> {
        each_kind!(self, host => host.recent(mark, cursor, size).await)
    }

    async fn files(&self, repository: &Repository) -> Result<Vec<Descriptor>, HostError> {
        each_kind!(self, host => host.files(repository).await)
    }

    async fn look(
        &self,
        repository: &Repository,
        known: &[Descriptor],
    ) -> Result<Option<Look>, HostError> {
        each_kind!(self, host => host.look(repository, known).await)
    }

    async fn look_up(&self, lost: &[&Repository]) -> Result<Vec<Standing>, HostError> {
        each_kind!(self, host => host.look_up(lost).await)
    }

    async fn texts(&self, wanted: &[&Wanted]) -> Result<Vec<Text>, HostError> {
        each_kind!(self, host => host.texts(wanted).await)
    }

    fn address(&self, repository: &Repository, path: &str) -> Option<String> {
        each_kind!(self, host => host.address(repository, path))
    }
}
