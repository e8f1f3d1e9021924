//! The other end of a repository: what the tip of its branch is, asked in the cheapest way there is.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use url::Url;

use super::super::auth::host_of;
use super::super::http::Http;
use super::super::{Context, HostError};
use super::https::{self, Lane, Speech, WebRemote};
use super::repository::{Tip, tip};
use super::run::Git;
use super::ssh::{Destination, Refused, SshLine};
use crate::config::Secret;

/// How long `git` may take to find out what we could not.
const PATIENCE: Duration = Duration::from_secs(20);

/// The other end of one repository.
#[derive(Debug)]
pub(super) struct Remote {
    pub(super) git: Git,
    url: String,
    way: Way,
}

/// How it is asked.
#[derive(Debug)]
enum Way {
    /// By `git`: repositories of this machine, and what only `git` knows how to reach.
    Git,
    /// Over HTTP.
    Web(Box<Web>),
    /// Over SSH.
    Ssh { line: Arc<SshLine>, path: String },
}

/// What asking over HTTP needs.
#[derive(Debug)]
struct Web {
    url: Url,
    http: Arc<Http>,
    context: Arc<Context>,
    lane: Arc<Lane>,
    login: Option<(String, Secret)>,
    moved: OnceLock<Url>,
}

impl Remote {
    /// The other end at `url`, as `git clone` takes it; `login` is the user name and token for its host.
    pub(super) async fn open(
        url: &str,
        context: &Arc<Context>,
        http: &Arc<Http>,
        login: Option<(String, Secret)>,
    ) -> Result<Self, HostError> {
        let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
        let lines = &context.lines;
        let mut ssh = None;
        let way = match scheme {
            "https" | "http" => match Url::parse(url) {
                Ok(parsed) => Way::Web(Box::new(Web {
                    lane: https::lane(&parsed, lines),
                    url: parsed,
                    http: Arc::clone(http),
                    context: Arc::clone(context),
                    login: login.clone(),
                    moved: OnceLock::new(),
                })),
                Err(_) => Way::Git,
            },
            "ssh" => {
                let (destination, path) = Destination::of(url)?;
                if lines.ssh().is_custom().await {
                    Way::Git
                } else {
                    let line = lines.ssh().to(&destination);
                    ssh = Some(Arc::clone(&line));
                    Way::Ssh { line, path }
                }
            }
            _ => Way::Git,
        };
        let dir: &Path = &context.dir.join("git");
        let host = Url::parse(url).ok().as_ref().and_then(host_of);
        let bundle = host.and_then(|host| context.config.host(&host)?.ca_bundle.clone());
        Ok(Self {
            git: Git::new(dir, login, ssh).trusting(bundle),
            url: url.to_owned(),
            way,
        })
    }

    /// The address, as `git clone` takes it.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// The address to which its host was found to have moved the repository.
    pub(super) fn moved_to(&self) -> Option<&str> {
        match &self.way {
            Way::Web(web) => web.moved.get().map(Url::as_str),
            _ => None,
        }
    }

    /// The tip of `reference`, else of the default branch, by its full name; `None` where there is no such branch or tag,
    /// or no commit at all.
    pub(super) async fn tip(&self, reference: Option<&str>) -> Result<Option<Tip>, HostError> {
        match &self.way {
            Way::Git => self.by_git(reference).await,
            Way::Ssh { line, path } => match line.tip(path, reference).await {
                Ok(tip) => Ok(tip),
                Err(Refused::Host(error)) => Err(error),
                Err(Refused::Said(complaint)) => Err(self.git.complaint(&self.url, &complaint)),
            },
            Way::Web(web) => self.by_web(web, reference).await,
        }
    }

    async fn by_web(&self, web: &Web, reference: Option<&str>) -> Result<Option<Tip>, HostError> {
        let Web {
            url,
            http,
            context,
            lane,
            login,
            moved,
        } = web;
        let _permit = lane.permit().await;
        if lane.speech() == Speech::OnlyGit {
            return self.by_git(reference).await;
        }
        let remote = WebRemote {
            url,
            http,
            lane,
            login: login.as_ref(),
            context,
            moved,
        };
        let tip = remote.tip(reference).await;
        let Err(error) = tip else {
            lane.answered();
            return tip;
        };
        if !lane.is_hopeful() || !may_know_more(&error) {
            return Err(error);
        }
        let asked = self.by_git(reference);
        let Ok(Ok(tip)) = tokio::time::timeout(PATIENCE, asked).await else {
            return Err(error);
        };
        lane.speaks(Speech::OnlyGit);
        Ok(tip)
    }

    /// Whether `error` says nothing of this repository alone: whoever asks for others there will be told the same.
    pub(super) fn is_of_host(&self, error: &HostError) -> bool {
        match error {
            HostError::Busy { .. } | HostError::Unreachable { .. } | HostError::Cancelled => true,
            HostError::NotSignedIn { .. } | HostError::Overloaded { .. } => match &self.way {
                Way::Ssh { .. } => true,
                Way::Web(web) => web.lane.refuses(),
                Way::Git => false,
            },
            _ => false,
        }
    }

    async fn by_git(&self, reference: Option<&str>) -> Result<Option<Tip>, HostError> {
        let wanted = reference.unwrap_or("HEAD");
        let arguments = ["ls-remote", "--symref", "--", &self.url, wanted];
        let listed = self.git.run_anywhere(&self.url, &arguments).await?;
        Ok(tip(&String::from_utf8_lossy(&listed), reference))
    }
}

/// Whether `git` may succeed all the same: it has settings of its own for proxies, certificates and passwords, and speaks
/// with servers that hand out files.
fn may_know_more(error: &HostError) -> bool {
    matches!(
        error,
        HostError::NotSignedIn { .. }
            | HostError::NotFound { .. }
            | HostError::Unreachable { .. }
            | HostError::Failed { .. }
    )
}
