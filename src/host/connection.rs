//! What a sync holds of one source: its host, and the way to the rest of the web.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;

use super::azure::{self, AzureHost};
use super::backstage::BackstageHost;
use super::bitbucket_cloud::{self, BitbucketCloudHost};
use super::bitbucket_server::{self, BitbucketServerHost};
use super::budget::{Budgets, Waiting};
use super::demo::{self, Demo};
use super::facts::RepositoryAt;
use super::gerrit::{self, GerritHost};
use super::git::GitHost;
use super::gitea::{self, GiteaHost, GiteaPeople};
use super::github::{self, GithubHost, GithubPeople};
use super::gitlab::{self, GitlabHost, GitlabPeople};
use super::http::{Http, HttpCache};
use super::names::{self, Name};
use super::people::PeopleHost;
use super::repositories::Repositories;
use super::rest::Call;
use super::scm::{ScmUrl, web_url};
use super::tree::TreeEntry;
use super::web::{Tip, UrlHost, Web};
use super::{Address, File, Folder, Found, Host, HostError, Lines, LocalFiles};
use crate::catalog::facts::Facts;
use crate::config::{Config, Env, GitSource, HostKind, People, Provider, Secret, Source};

/// What hosts need to know of the program they work for.
#[derive(Debug, Clone)]
pub struct Context {
    /// The configuration: addresses and tokens of hosts.
    pub config: Arc<Config>,
    /// The environment: tokens.
    pub env: Arc<Env>,
    /// The folder in which repositories are kept.
    pub dir: PathBuf,
    /// Where answers are kept.
    pub cache: Option<Arc<dyn HttpCache>>,
    /// How much hosts may be asked.
    pub budgets: Arc<Budgets>,
    /// The connections that all sources share.
    pub lines: Arc<Lines>,
    /// How long to wait, in all, for hosts that say "later".
    pub patience: Duration,
    /// Whether no host may be asked.
    pub offline: bool,
    /// The sources of the set: what they say of hosts holds for all that leads there.
    pub sources: Vec<Source>,
}

impl Context {
    /// Whether `host` is a GitHub: the cloud, a tenant of it, or one that the configuration or a source names as such.
    pub(super) fn is_github(&self, host: &str) -> bool {
        host.ends_with(".ghe.com") || self.is_of(HostKind::Github, host)
    }

    /// Whether `host` is a GitLab: the cloud, or one that the configuration or a source names as such.
    pub(super) fn is_gitlab(&self, host: &str) -> bool {
        self.is_of(HostKind::Gitlab, host)
    }

    /// Whether `host` is of `kind`: its cloud, or one that the configuration or a source names as such.
    pub(super) fn is_of(&self, kind: HostKind, host: &str) -> bool {
        let is_named = |source: &Source| source.known_host() == Some((host, kind));
        kind.cloud() == Some(host)
            || self.sources.iter().any(is_named)
            || self.config.integration(kind, host).is_some()
    }

    /// The repository that holds `at`: one of a source, which says how to reach it, else one of a known Git host.
    pub(super) fn repository(&self, at: &ScmUrl) -> Option<GitSource> {
        let reference = Some(at.reference.clone()).filter(|reference| reference != "HEAD");
        let named = self.sources.iter().find_map(|source| match source {
            Source::Git(git) => {
                let name = git.reference.as_deref().unwrap_or("HEAD");
                let root = ScmUrl::of_remote(&git.remote, name)?;
                (root.repository_url() == at.repository_url()).then(|| git.remote.clone())
            }
            Source::Provider(list) if list.kind == HostKind::Git && list.host == at.host => {
                let web = at.repository_url();
                let mut remotes = list.repositories.iter();
                remotes.find(|remote| web_url(remote) == web).cloned()
            }
            _ => None,
        });
        let remote = named
            .or_else(|| gerrit::remote(at, self))
            .or_else(|| self.is_git_host(&at.host).then(|| at.clone_url()))?;
        Some(GitSource {
            remote,
            reference,
            path: None,
        })
    }

    /// Whether `host` is known to be a host of repositories.
    pub(super) fn is_git_host(&self, host: &str) -> bool {
        let mut kinds = HostKind::ALL.into_iter();
        self.is_github(host) || kinds.any(|kind| self.is_of(kind, host))
    }
}

/// One opened source.
#[derive(Debug)]
pub struct Connection {
    host: AnyHost,
    web: Arc<Web>,
    has_led_elsewhere: AtomicBool,
}

/// Every kind of host.
#[derive(Debug)]
enum AnyHost {
    Demo(Demo),
    Files(LocalFiles),
    Url(UrlHost),
    Git(Arc<GitHost>),
    Repositories(Box<Repositories>),
    People(Box<PeopleHost>),
    Backstage(BackstageHost),
}

/// Calls the same method of whichever host it is.
macro_rules! each_host {
    ($self:expr, $host:ident => $call:expr, repositories => $other:expr) => {
        match &$self.host {
            AnyHost::Demo($host) => $call,
            AnyHost::Files($host) => $call,
            AnyHost::Url($host) => $call,
            AnyHost::Git($host) => $call,
            AnyHost::Repositories(_) | AnyHost::People(_) | AnyHost::Backstage(_) => $other,
        }
    };
}

impl Connection {
    /// Opens `source`; asks nothing of its host yet.
    pub async fn open(source: &Source, context: Context) -> Result<Self, HostError> {
        let http = Http::new(
            context.cache.clone(),
            Arc::clone(&context.budgets),
            context.patience,
        )
        .over(&context.lines)
        .trusting(&context.config);
        let offline = context.offline;
        let web = Arc::new(Web::new(context, Arc::new(http)));
        if offline && !source.is_local() {
            return Err(HostError::Unreachable {
                place: source.to_string(),
                reason: "no host is asked with --offline".to_owned(),
            });
        }
        let host = match source {
            Source::Demo => AnyHost::Demo(Demo),
            Source::Folder(path) => AnyHost::Files(LocalFiles::folder(path)),
            Source::File(path) => AnyHost::Files(LocalFiles::file(path)),
            Source::Glob(path) => AnyHost::Files(LocalFiles::glob(path)),
            Source::Url(url) => AnyHost::Url(UrlHost::new(url, Arc::clone(&web))),
            Source::Git(git) => AnyHost::Git(web.git(git).await?),
            Source::Provider(provider) => {
                let repositories = Self::repositories_of(provider, &web).await;
                AnyHost::Repositories(Box::new(repositories))
            }
            Source::People(people) => {
                let host = Self::people_of(people, &web).await?;
                AnyHost::People(Box::new(host))
            }
            Source::Backstage(instance) => AnyHost::Backstage(web.backstage(instance)),
            Source::Unsupported { text, reason } => {
                return Err(HostError::Failed {
                    place: text.clone(),
                    reason: reason.clone(),
                });
            }
        };
        Ok(Self {
            host,
            web,
            has_led_elsewhere: AtomicBool::new(false),
        })
    }

    async fn repositories_of(provider: &Provider, web: &Web) -> Repositories {
        match provider.kind {
            HostKind::Github => {
                let api = web.github(&provider.host).await;
                Repositories::Github(GithubHost::new(provider, api))
            }
            HostKind::Gitlab => {
                let api = web.gitlab(&provider.host).await;
                Repositories::Gitlab(GitlabHost::new(provider, api))
            }
            HostKind::BitbucketCloud => {
                let rest = web.rest(provider.kind, &provider.host).await;
                let host = BitbucketCloudHost::new(provider, rest);
                Repositories::BitbucketCloud(host)
            }
            HostKind::Git => Repositories::Git(web.git_list(provider).await),
            HostKind::Gitea => {
                let api = web.rest(HostKind::Gitea, &provider.host).await;
                Repositories::Gitea(GiteaHost::new(provider, api))
            }
            HostKind::BitbucketServer => {
                let rest = web.rest(provider.kind, &provider.host).await;
                let host = BitbucketServerHost::new(provider, rest);
                Repositories::BitbucketServer(host)
            }
            HostKind::Azure => {
                let api = web.rest(provider.kind, &provider.host).await;
                Repositories::Azure(AzureHost::new(provider, api))
            }
            HostKind::Gerrit => {
                let api = web.rest(HostKind::Gerrit, &provider.host).await;
                Repositories::Gerrit(GerritHost::new(provider, api))
            }
        }
    }

    async fn people_of(people: &People, web: &Web) -> Result<PeopleHost, HostError> {
        let failed = |reason: String| HostError::Failed {
            place: people.to_string(),
            reason,
        };
        if people.owners.is_empty() && people.kind != HostKind::Gitlab {
            return Err(failed(
                "names no organisation; Backstage asks those that its app is installed in, here they have to be named under orgs:".to_owned(),
            ));
        }
        match people.kind {
            HostKind::Github => {
                let api = web.github(&people.host).await;
                Ok(PeopleHost::Github(GithubPeople::new(people, api)))
            }
            HostKind::Gitlab => {
                let api = web.gitlab(&people.host).await;
                Ok(PeopleHost::Gitlab(GitlabPeople::new(people, api)))
            }
            HostKind::Gitea => {
                let api = web.rest(people.kind, &people.host).await;
                Ok(PeopleHost::Gitea(GiteaPeople::new(people, api)))
            }
            kind => Err(failed(format!(
                "the people of a {} cannot be read yet",
                kind.name()
            ))),
        }
    }

    /// How many requests were made so far, by host; what `git` and `ssh` ask is not counted.
    pub fn requests(&self) -> BTreeMap<String, usize> {
        self.web.requests()
    }

    /// The host that is waited for, as that changes.
    pub fn waiting(&self) -> watch::Receiver<Option<Waiting>> {
        self.web.waiting()
    }

    /// The host of repositories that the source is, where it is one.
    pub fn repositories(&self) -> Option<&Repositories> {
        match &self.host {
            AnyHost::Repositories(repositories) => Some(repositories),
            _ => None,
        }
    }

    /// The host of people that the source is, where it is one.
    pub fn people(&self) -> Option<&PeopleHost> {
        match &self.host {
            AnyHost::People(people) => Some(people),
            _ => None,
        }
    }

    /// The Git repository that the source is, where it is one.
    pub fn git(&self) -> Option<&GitHost> {
        match &self.host {
            AnyHost::Git(repository) => Some(repository),
            _ => None,
        }
    }

    /// Whether anything that was looked for so far stands elsewhere on the web than the source itself.
    pub fn has_led_elsewhere(&self) -> bool {
        self.has_led_elsewhere.load(Ordering::Relaxed)
    }

    /// The running Backstage that the source is, where it is one.
    pub fn backstage(&self) -> Option<&BackstageHost> {
        match &self.host {
            AnyHost::Backstage(instance) => Some(instance),
            _ => None,
        }
    }

    /// Remembers the commits at the tips of branches: what was read there once is not asked for again.
    pub async fn know(&self, tips: impl IntoIterator<Item = Tip>) {
        self.web.know(tips).await;
    }

    /// The descriptors there are; see [`Host::discover`]. None for a host of repositories or people and a running Backstage.
    pub async fn discover(&self) -> Result<Vec<Found>, HostError> {
        each_host!(self, host => host.discover().await, repositories => Ok(Vec::new()))
    }

    /// What `target`, written in the file at `base`, points to.
    pub fn resolve(&self, base: &Address, target: &str) -> Result<Address, HostError> {
        each_host!(self, host => host.resolve(base, target), repositories => base.resolve(target, None))
    }

    /// The files that `target`, written in the file at `base`, matches, sorted by name.
    pub async fn search(&self, base: &Address, target: &str) -> Result<Vec<File>, HostError> {
        self.look(base, target, true).await
    }

    /// The paths that `target`, written in the file at `base`, matches on this machine, sorted; `None` where it is no
    /// glob, or none of paths. What is behind them is for [`Connection::read`], one by one.
    pub fn expand(&self, base: &Address, target: &str) -> Result<Option<Vec<PathBuf>>, HostError> {
        match (&self.host, base) {
            (AnyHost::Files(files), Address::Path(base)) => files.expand(base, target),
            _ => Ok(None),
        }
    }

    /// The one file that `target`, written in the file at `base`, names.
    pub async fn read(&self, base: &Address, target: &str) -> Result<File, HostError> {
        let files = self.look(base, target, false).await?;
        files.into_iter().next().ok_or_else(|| HostError::NotFound {
            place: target.to_owned(),
        })
    }

    /// The tree at the address `at` of a repository.
    pub async fn tree(&self, at: &Address) -> Result<Vec<TreeEntry>, HostError> {
        self.web.tree(at).await
    }

    /// The repository that holds what stands at `at`, where it is one of a source or at a host that is known.
    pub fn repository_of(&self, at: &ScmUrl) -> Option<GitSource> {
        self.web.repository_of(at)
    }

    /// The commit at which the repository that holds `at` stands.
    pub async fn revision(&self, at: &ScmUrl) -> Result<String, HostError> {
        let source = self.repository_of(at).ok_or_else(|| HostError::Failed {
            place: at.to_string(),
            reason: "is in no repository on a known Git host".to_owned(),
        })?;
        let repository = self.web.git(&source).await?;
        Ok(repository.revision().await?.to_owned())
    }

    /// The folder at `at`, where that is one of this machine, and of this source.
    pub fn folder(&self, at: &Address) -> Option<Folder> {
        match (&self.host, at) {
            (AnyHost::Files(files), Address::Path(path)) => Some(files.folder_at(path)),
            _ => None,
        }
    }

    /// The files below the folder of a repository at `at`, sorted; nothing is brought but their names.
    pub async fn names(&self, at: &Address) -> Result<Vec<Name>, HostError> {
        match &self.host {
            AnyHost::Demo(_) if demo::path(at).is_some() => Ok(names::of_demo(at)),
            AnyHost::Git(git) => match git.own(at).await? {
                Some(folder) => git.names(&folder.path).await,
                None => self.web.names(at).await,
            },
            _ => self.web.names(at).await,
        }
    }

    /// The contents of `files`, which stand in one repository, in their order; `None` where there is no such file.
    pub async fn contents(&self, files: &[Address]) -> Result<Vec<Option<Arc<[u8]>>>, HostError> {
        let Some(first) = files.first() else {
            return Ok(Vec::new());
        };
        match &self.host {
            AnyHost::Demo(_) if demo::path(first).is_some() => Ok(names::demo_contents(files)),
            AnyHost::Git(git) if git.own(first).await?.is_some() => {
                git.contents(&names::paths(files)).await
            }
            _ => self.web.contents(files).await,
        }
    }

    /// The same place as `at`, which is on a Git host, at a branch, tag, commit or pull request (`pr/12`).
    pub fn at_revision(&self, at: &Address, revision: &str) -> Result<Address, HostError> {
        self.web.at_revision(at, revision)
    }

    /// The file at the address `at`.
    pub async fn file(&self, at: &Address) -> Result<File, HostError> {
        let files = self.web.search(at, false).await?;
        files
            .into_iter()
            .next()
            .ok_or_else(|| HostError::NotFound { place: at.name() })
    }

    /// The status and answer of a call to the API of a host. Refusals are statuses here, too: what they mean depends on the
    /// call.
    pub async fn call(&self, call: &Call<'_>) -> Result<(u16, Value), HostError> {
        match call.kind {
            HostKind::Github => self.web.github(call.host).await.rest().change(call).await,
            HostKind::Gitlab => self.web.gitlab(call.host).await.rest().change(call).await,
            kind => self.web.rest(kind, call.host).await.change(call).await,
        }
    }

    /// What the host of the repository `at` tells of it, asked once.
    pub(super) async fn facts_once(&self, at: &RepositoryAt) -> Result<Facts, HostError> {
        let rest = async || self.web.rest(at.kind, &at.host).await;
        match at.kind {
            HostKind::Github => github::facts(&*self.web.github(&at.host).await, at).await,
            HostKind::Gitlab => gitlab::facts(&*self.web.gitlab(&at.host).await, at).await,
            HostKind::Gitea => gitea::facts(&*rest().await, at).await,
            HostKind::BitbucketCloud => bitbucket_cloud::facts(&*rest().await, at).await,
            HostKind::BitbucketServer => bitbucket_server::facts(&*rest().await, at).await,
            HostKind::Azure => azure::facts(&*rest().await, at).await,
            HostKind::Gerrit => gerrit::facts(&*rest().await, at).await,
            HostKind::Git => Err(HostError::Failed {
                place: at.host.clone(),
                reason: "plain Git tells nothing of a repository but its files".to_owned(),
            }),
        }
    }

    /// The user name and token with which `git` is let in at `host`.
    pub async fn git_login(&self, host: &str) -> Option<(String, Secret)> {
        self.web.git_login(host).await
    }

    async fn look(
        &self,
        base: &Address,
        target: &str,
        globs: bool,
    ) -> Result<Vec<File>, HostError> {
        let at = self.resolve(base, target)?;
        // Files of repositories are read like those that any other source points to.
        if let Some(files) =
            each_host!(self, host => host.search(base, &at, globs).await, repositories => None)
        {
            return files;
        }
        self.has_led_elsewhere.store(true, Ordering::Relaxed);
        self.web.search(&at, globs).await
    }
}
