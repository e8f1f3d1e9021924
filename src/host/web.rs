//! The rest of the web: files behind URLs, those of repositories on known Git hosts among them.
//!
//! A file of a GitHub is read by one query where we are signed in; wildcards, other hosts and nobody's eyes go by `git`.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tokio::sync::{Mutex, watch};
use url::Url;

use super::auth::{git_login, host_of};
use super::azure;
use super::backstage::BackstageHost;
use super::bitbucket_cloud;
use super::bitbucket_server;
use super::budget::Waiting;
use super::gerrit;
use super::git::{GitHost, GitList};
use super::gitea;
use super::github;
use super::gitlab;
use super::http::{Cached, Http};
use super::rest::RestApi;
use super::scm::ScmUrl;
use super::tree::TreeEntry;
use super::{Address, Context, File, Found, Host, HostError, MAX_FILE, object_id};
use crate::config::source::{is_glob, web_address};
use crate::config::{GitSource, HostKind, Instance, Provider, Secret};

/// The account under which files at commits are kept: whoever may open this cache may read them.
const AT_COMMIT: &str = "at commit";

/// The commit at the tip of a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tip {
    /// The web address of the repository.
    pub repository: String,
    /// The branch.
    pub branch: String,
    /// The commit, or whatever else is sure to change when a file does.
    pub commit: String,
}

/// The web, as one source sees it. What was read once is not asked for again.
#[derive(Debug)]
pub(super) struct Web {
    context: Arc<Context>,
    http: Arc<Http>,
    githubs: Mutex<HashMap<String, Arc<github::Api>>>,
    gitlabs: Mutex<HashMap<String, Arc<gitlab::Api>>>,
    /// The APIs of hosts whose kind has no more than that.
    rests: Mutex<HashMap<(HostKind, String), Arc<RestApi>>>,
    repositories: Mutex<HashMap<String, Arc<GitHost>>>,
    /// How `git` is let in, by host: looking for a token may start programs.
    logins: Mutex<HashMap<String, Option<(String, Secret)>>>,
    seen: Mutex<HashMap<(String, bool), Vec<File>>>,
    /// The commits at the tips of branches, by web address of the repository and branch.
    tips: Mutex<HashMap<(String, String), String>>,
    /// Hosts that could not be reached, and why; they are not tried again.
    down: Mutex<HashMap<String, HostError>>,
}

impl Web {
    /// The web behind `http`.
    pub(super) fn new(context: Context, http: Arc<Http>) -> Self {
        Self {
            context: Arc::new(context),
            http,
            githubs: Mutex::default(),
            gitlabs: Mutex::default(),
            rests: Mutex::default(),
            repositories: Mutex::default(),
            logins: Mutex::default(),
            seen: Mutex::default(),
            tips: Mutex::default(),
            down: Mutex::default(),
        }
    }

    /// What hosts need to know of the program.
    pub(super) fn context(&self) -> &Context {
        &self.context
    }

    /// How many requests were made so far, by host; what `git` and `ssh` ask is not counted.
    pub(super) fn requests(&self) -> BTreeMap<String, usize> {
        self.http.requests()
    }

    /// The host that is waited for, as that changes.
    pub(super) fn waiting(&self) -> watch::Receiver<Option<Waiting>> {
        self.http.waiting()
    }

    /// The GitHub at `host`.
    pub(super) async fn github(&self, host: &str) -> Arc<github::Api> {
        let mut apis = self.githubs.lock().await;
        if let Some(api) = apis.get(host) {
            return Arc::clone(api);
        }
        let Context { config, env, .. } = &*self.context;
        let api = Arc::new(github::Api::open(host, config, env, Arc::clone(&self.http)).await);
        apis.insert(host.to_owned(), Arc::clone(&api));
        api
    }

    /// The GitLab at `host`.
    pub(super) async fn gitlab(&self, host: &str) -> Arc<gitlab::Api> {
        let mut apis = self.gitlabs.lock().await;
        if let Some(api) = apis.get(host) {
            return Arc::clone(api);
        }
        let Context { config, env, .. } = &*self.context;
        let api = Arc::new(gitlab::Api::open(host, config, env, Arc::clone(&self.http)).await);
        apis.insert(host.to_owned(), Arc::clone(&api));
        api
    }

    /// The REST API of the `host` of `kind`.
    pub(super) async fn rest(&self, kind: HostKind, host: &str) -> Arc<RestApi> {
        let mut apis = self.rests.lock().await;
        if let Some(api) = apis.get(&(kind, host.to_owned())) {
            return Arc::clone(api);
        }
        let Context { config, env, .. } = &*self.context;
        let api = RestApi::open(kind, host, config, env, Arc::clone(&self.http)).await;
        let api = Arc::new(api);
        apis.insert((kind, host.to_owned()), Arc::clone(&api));
        api
    }

    /// The repository of `source`.
    pub(super) async fn git(&self, source: &GitSource) -> Result<Arc<GitHost>, HostError> {
        let key = source.to_string();
        let mut repositories = self.repositories.lock().await;
        if let Some(repository) = repositories.get(&key) {
            return Ok(Arc::clone(repository));
        }
        let url = Url::parse(&source.remote).ok();
        let web = url.filter(|url| matches!(url.scheme(), "https" | "http"));
        let login = match web.as_ref().and_then(host_of) {
            Some(host) => self.git_login(&host).await,
            None => None,
        };
        let host = GitHost::open(source, &self.context, &self.http, login).await?;
        let host = Arc::new(host);
        repositories.insert(key, Arc::clone(&host));
        Ok(host)
    }

    /// The repositories that `provider` lists.
    pub(super) async fn git_list(&self, provider: &Provider) -> GitList {
        let login = self.git_login(&provider.host).await;
        GitList::new(provider, &self.context, &self.http, login)
    }

    /// The running Backstage `instance`.
    pub(super) fn backstage(&self, instance: &Instance) -> BackstageHost {
        BackstageHost::new(instance, &self.context, Arc::clone(&self.http))
    }

    /// Remembers the commits at the tips of branches: what was read there once is never asked for again.
    pub(super) async fn know(&self, tips: impl IntoIterator<Item = Tip>) {
        let mut known = self.tips.lock().await;
        for tip in tips {
            known.insert((tip.repository, tip.branch), tip.commit);
        }
    }

    /// The files at `at`, which may be a glob where `globs` and the address is a Git host's.
    pub(super) async fn search(&self, at: &Address, globs: bool) -> Result<Vec<File>, HostError> {
        let Address::Url(text) = at else {
            return Err(HostError::Refused {
                place: at.name(),
                root: "the repository of the file that names it".to_owned(),
            });
        };
        let key = (text.clone(), globs);
        if let Some(files) = self.seen.lock().await.get(&key) {
            return Ok(files.clone());
        }
        if self.context.offline {
            return Err(HostError::Unreachable {
                place: text.clone(),
                reason: "no host is asked now; `stagedoor sync` asks".to_owned(),
            });
        }
        let host = at.host().unwrap_or_default();
        if let Some(error) = self.down.lock().await.get(&host) {
            return Err(error.clone());
        }
        let repository =
            ScmUrl::parse(text).and_then(|scm| Some((self.context.repository(&scm)?, scm)));
        let files = match repository {
            Some((source, scm)) => self.at_tip(&source, &scm, globs).await,
            None => self.plain(text).await.map(|file| vec![file]),
        };
        if let Err(error @ (HostError::Unreachable { .. } | HostError::Untrusted { .. })) = &files {
            self.down.lock().await.insert(host, error.clone());
        }
        let files = files?;
        self.seen.lock().await.insert(key, files.clone());
        Ok(files)
    }

    /// The files at `scm`: kept from when they were read at the commit that its branch still is at, else read now.
    async fn at_tip(
        &self,
        source: &GitSource,
        scm: &ScmUrl,
        globs: bool,
    ) -> Result<Vec<File>, HostError> {
        let branch = (scm.repository_url(), scm.reference.clone());
        let tip = self.tips.lock().await.get(&branch).cloned();
        let one = tip.filter(|_| !(globs && is_glob(&scm.path)));
        let (Some(commit), Some(cache)) = (one, &self.context.cache) else {
            return self.of_repository(source, scm, globs).await;
        };
        let fixed = ScmUrl {
            reference: commit,
            ..scm.clone()
        };
        let key = fixed.to_string();
        if let Some(kept) = cache.get(AT_COMMIT, &key) {
            return Ok(vec![File {
                address: Address::Url(scm.to_string()),
                bytes: kept.body.into(),
                blob: kept.etag,
                commit: None,
            }]);
        }
        let files = self.of_repository(source, scm, globs).await?;
        if let [file] = files.as_slice() {
            let kept = Cached {
                etag: file.blob.clone(),
                last_modified: None,
                body: file.bytes.to_vec(),
            };
            cache.put(AT_COMMIT, &key, &kept);
        }
        Ok(files)
    }

    async fn of_repository(
        &self,
        source: &GitSource,
        scm: &ScmUrl,
        globs: bool,
    ) -> Result<Vec<File>, HostError> {
        // One that is not there, or not text: git tells which.
        if !(globs && is_glob(&scm.path))
            && let Some((blob, bytes)) = self.by_api(scm).await?
        {
            return Ok(vec![File {
                address: Address::Url(scm.to_string()),
                bytes,
                blob: Some(blob),
                commit: None,
            }]);
        }
        let repository = self.git(source).await?;
        let at = Address::Url(scm.to_string());
        let found = repository.search(&at, &at, globs).await;
        found.unwrap_or_else(|| {
            Err(HostError::NotFound {
                place: scm.to_string(),
            })
        })
    }

    /// The object id and content of the file at `scm` as the API of its host gives it; `None` where nobody is
    /// told unless signed in, or there is no such text.
    async fn by_api(&self, scm: &ScmUrl) -> Result<Option<(String, Arc<[u8]>)>, HostError> {
        let ScmUrl {
            host,
            repository,
            reference,
            path,
            ..
        } = scm;
        if let Some((host, project)) = gerrit::of(scm, &self.context) {
            let api = self.rest(HostKind::Gerrit, &host).await;
            return gerrit::file(&api, &project, scm).await;
        }
        if self.context.is_github(host) {
            let api = self.github(host).await;
            if api.is_signed_in() {
                let file = api.file(repository, reference, path).await?;
                return Ok(file.map(|(oid, text)| (oid, text.into_bytes().into())));
            }
        } else if self.context.is_gitlab(host) {
            let api = self.gitlab(host).await;
            if api.rest().is_signed_in() {
                let file = api.file(repository, reference, path).await?;
                return Ok(file.map(|bytes| (object_id(&bytes), bytes.into())));
            }
        } else if self.context.is_of(HostKind::BitbucketCloud, host) {
            let rest = self.rest(HostKind::BitbucketCloud, host).await;
            return bitbucket_cloud::file(&rest, scm).await;
        } else if self.context.is_of(HostKind::Gitea, host) {
            return gitea::file(&*self.rest(HostKind::Gitea, host).await, scm).await;
        } else if self.context.is_of(HostKind::BitbucketServer, host) {
            let rest = self.rest(HostKind::BitbucketServer, host).await;
            return bitbucket_server::file(&rest, scm).await;
        } else if self.context.is_of(HostKind::Azure, host) {
            let rest = self.rest(HostKind::Azure, host).await;
            return azure::file(&rest, scm).await;
        }
        Ok(None)
    }

    /// The repository that holds what stands at `at`, where one is known.
    pub(super) fn repository_of(&self, at: &ScmUrl) -> Option<GitSource> {
        self.context.repository(at)
    }

    /// The tree at the address `at` of a repository.
    pub(super) async fn tree(&self, at: &Address) -> Result<Vec<TreeEntry>, HostError> {
        let (repository, scm) = self.repository_at(at).await?;
        repository.tree(&scm.path).await
    }

    /// The repository in which `at` stands, and where.
    pub(super) async fn repository_at(
        &self,
        at: &Address,
    ) -> Result<(Arc<GitHost>, ScmUrl), HostError> {
        let scm = ScmUrl::parse(&at.name());
        let Some((source, scm)) = scm.and_then(|scm| Some((self.context.repository(&scm)?, scm)))
        else {
            return Err(HostError::Failed {
                place: at.name(),
                reason: "is no folder of a repository on a known Git host".to_owned(),
            });
        };
        Ok((self.git(&source).await?, scm))
    }

    /// The user name and token with which `git` is let in at `host`.
    pub(super) async fn git_login(&self, host: &str) -> Option<(String, Secret)> {
        let mut logins = self.logins.lock().await;
        if let Some(login) = logins.get(host) {
            return login.clone();
        }
        let login = git_login(host, &self.context).await;
        logins.insert(host.to_owned(), login.clone());
        login
    }

    async fn plain(&self, text: &str) -> Result<File, HostError> {
        let url = &web_address(text).map_err(|reason| HostError::Failed {
            place: text.to_owned(),
            reason,
        })?;
        let bytes = self.http.get(url, "", MAX_FILE, |request| request).await?;
        Ok(File {
            address: Address::Url(url.to_string()),
            bytes: bytes.into(),
            blob: None,
            commit: None,
        })
    }
}

/// One URL as a source.
#[derive(Debug)]
pub(super) struct UrlHost {
    url: String,
    web: Arc<Web>,
}

impl UrlHost {
    /// What stands at `url`.
    pub(super) fn new(url: &str, web: Arc<Web>) -> Self {
        Self {
            url: url.to_owned(),
            web,
        }
    }
}

impl Host for UrlHost {
    async fn discover(&self) -> Result<Vec<Found>, HostError> {
        let address = Address::Url(self.url.clone());
        // Read now, so that a host that cannot be reached is no empty catalog; kept for when it is read as descriptors.
        self.web.search(&address, true).await?;
        Ok(vec![Found {
            address,
            named: true,
            wanted: None,
        }])
    }

    async fn search(
        &self,
        _base: &Address,
        _at: &Address,
        _globs: bool,
    ) -> Option<Result<Vec<File>, HostError>> {
        None
    }
}
