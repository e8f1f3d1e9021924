//! The places where the token for a host may be, in their order; the first that has one wins.

mod renew;

use std::fmt;

use super::tokens::Tokens;
use super::{files, is_here, program};
use crate::config::{Config, Env, HostKind, Secret};

/// A token, and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The token. It is for one host only.
    pub token: Secret,
    /// The user name that was found with it.
    pub user: Option<String>,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a token came from. `Display` names it for people, and never tells the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// `integrations.*[].token`.
    Configuration,
    /// `stagedoor.hosts[].tokenCommand`.
    Command,
    /// This environment variable.
    Variable(&'static str),
    /// The login of GitHub's command line.
    Gh,
    /// The login of GitLab's command line.
    Glab,
    /// The login of Gitea's command line.
    Tea,
    /// What `stagedoor login` kept.
    Own,
    /// The credential helper of `git`.
    Git,
    /// The netrc file.
    Netrc,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Configuration => "the configuration",
            Self::Command => "tokenCommand",
            Self::Variable(name) => name,
            Self::Gh => "gh",
            Self::Glab => "glab",
            Self::Tea => "tea",
            Self::Own => "stagedoor login",
            Self::Git => "git's credential helper",
            Self::Netrc => "netrc",
        })
    }
}

/// One place to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Configuration,
    Command,
    Variables(&'static [&'static str]),
    Gh,
    Glab,
    Tea,
    Own,
    Git,
    Netrc,
}

use Step::{Command, Configuration, Gh, Git, Glab, Netrc, Own, Tea, Variables};

/// The places for `host`, in their order; hosts differ only in their variables and in the program that is theirs.
fn steps(host: &str, kind: Option<HostKind>) -> impl Iterator<Item = Step> {
    let (variables, theirs): (&[&str], _) = match kind {
        // As `gh` has it: tokens for the cloud are never shown to a server of somebody's own.
        Some(HostKind::Github)
            if host == "github.com" || host.ends_with(".ghe.com") || is_here(host) =>
        {
            (&["GH_TOKEN", "GITHUB_TOKEN"], Some(Gh))
        }
        Some(HostKind::Github) => (
            &["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"],
            Some(Gh),
        ),
        Some(HostKind::Gitlab) => (&["GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN"], Some(Glab)),
        Some(HostKind::Gitea) => (&["GITEA_TOKEN", "FORGEJO_TOKEN"], Some(Tea)),
        Some(HostKind::BitbucketCloud) => (&["BITBUCKET_TOKEN", "BITBUCKET_ACCESS_TOKEN"], None),
        Some(HostKind::BitbucketServer) => (&["BITBUCKET_SERVER_TOKEN"], None),
        Some(HostKind::Azure) => (&["AZURE_DEVOPS_EXT_PAT"], None),
        Some(HostKind::Gerrit | HostKind::Git) | None => (&[], None),
    };
    [Configuration, Command, Variables(variables)]
        .into_iter()
        .chain(theirs)
        .chain([Own, Git, Netrc])
}

/// The user name that `git` gives at a host of `kind` with a token that was found together with `user`; `None` where it
/// has to find both by itself.
pub(super) fn git_user(kind: HostKind, user: Option<&str>) -> Option<String> {
    let fixed = match (kind, user) {
        (HostKind::Github, _) => "x-access-token",
        (HostKind::Gitlab, _) | (HostKind::Gitea, None) => "oauth2",
        // A token of a person, which goes with an address at the API.
        (HostKind::BitbucketCloud, Some(user)) if user.contains('@') => {
            "x-bitbucket-api-token-auth"
        }
        (HostKind::BitbucketCloud | HostKind::BitbucketServer, None) => "x-token-auth",
        // What is configured may be a password, which goes with no other name.
        (
            HostKind::Gitea
            | HostKind::Gerrit
            | HostKind::BitbucketCloud
            | HostKind::BitbucketServer,
            Some(user),
        ) => user,
        (HostKind::Azure, _) => "pat",
        (HostKind::Gerrit, None) | (HostKind::Git, _) => return None,
    };
    Some(fixed.to_owned())
}

/// The token for `host`, and where it came from; nobody is asked, so that one of ours may have ended.
pub async fn login(
    host: &str,
    kind: Option<HostKind>,
    config: &Config,
    env: &Env,
) -> Option<Login> {
    first(steps(host, kind), host, kind, config, env).await
}

/// The same, where one of ours that has ended is renewed.
pub async fn renewed(
    host: &str,
    kind: Option<HostKind>,
    config: &Config,
    env: &Env,
) -> Option<Login> {
    let found = login(host, kind, config, env).await?;
    Some(renew::renew(found, host, kind, config, env).await)
}

/// The same without what `git` looks for by itself.
pub(super) async fn login_for_git(
    host: &str,
    kind: Option<HostKind>,
    config: &Config,
    env: &Env,
) -> Option<Login> {
    let before = steps(host, kind).take_while(|step| *step != Git);
    let found = first(before, host, kind, config, env).await?;
    Some(renew::renew(found, host, kind, config, env).await)
}

async fn first(
    steps: impl Iterator<Item = Step>,
    host: &str,
    kind: Option<HostKind>,
    config: &Config,
    env: &Env,
) -> Option<Login> {
    let look = Look {
        host,
        kind,
        config,
        env,
    };
    for step in steps {
        if let Some(login) = look.at(step).await {
            tracing::debug!(host, origin = %login.origin, "a token was found");
            return Some(login);
        }
    }
    None
}

/// What a step needs to know.
struct Look<'a> {
    host: &'a str,
    kind: Option<HostKind>,
    config: &'a Config,
    env: &'a Env,
}

impl Look<'_> {
    async fn at(&self, step: Step) -> Option<Login> {
        let Self { host, env, .. } = *self;
        let mut user = None;
        let (token, origin) = match step {
            Configuration => {
                let (token, name) = self.configured().unzip();
                user = name.flatten();
                (token, Origin::Configuration)
            }
            Command => (self.by_command().await, Origin::Command),
            Variables(names) => return self.variable(names),
            Gh => {
                let words = ["gh", "auth", "token", "--hostname", host];
                (program::said(&words, "", env).await, Origin::Gh)
            }
            Glab => {
                let words = ["glab", "config", "get", "token", "--host", host];
                (program::said(&words, "", env).await, Origin::Glab)
            }
            Tea => (files::tea(host, env), Origin::Tea),
            Own => {
                let (token, name) = self.kept().unzip();
                user = name.flatten();
                (token, Origin::Own)
            }
            Git => {
                let (token, name) = self.credential().await.unzip();
                user = name.flatten();
                (token, Origin::Git)
            }
            Netrc => {
                let (token, name) = files::netrc(host, env).unzip();
                user = name.flatten();
                (token, Origin::Netrc)
            }
        };
        let token = token.filter(|token| !token.expose().is_empty())?;
        Some(Login {
            token,
            user,
            origin,
        })
    }

    fn configured(&self) -> Option<(Secret, Option<String>)> {
        let integration = self.config.integration(self.kind?, self.host)?;
        Some((integration.token.clone()?, integration.user.clone()))
    }

    async fn by_command(&self) -> Option<Secret> {
        let settings = self.config.host(self.host)?;
        let words: Vec<&str> = settings.token_command.iter().map(String::as_str).collect();
        program::said(&words, "", self.env).await
    }

    fn variable(&self, names: &[&'static str]) -> Option<Login> {
        if !self.variables_are_for_it() {
            return None;
        }
        names.iter().find_map(|&name| {
            let token = Secret::new(self.env.get(name)?);
            (!token.expose().is_empty()).then_some(Login {
                token,
                user: self.user_beside(name),
                origin: Origin::Variable(name),
            })
        })
    }

    /// The user name or address that goes with the token in the variable `name`. Access tokens stand for themselves.
    fn user_beside(&self, name: &str) -> Option<String> {
        let names: &[&str] = match name {
            "BITBUCKET_TOKEN" => &["BITBUCKET_EMAIL", "BITBUCKET_USERNAME"],
            "BITBUCKET_SERVER_TOKEN" => &["BITBUCKET_SERVER_USERNAME"],
            _ => &[],
        };
        let mut values = names.iter().filter_map(|name| self.env.get(name));
        values.find(|user| !user.is_empty()).map(str::to_owned)
    }

    /// Whether the variables of its kind speak of this host. Those of GitLab, Gitea and Bitbucket's server bear no host
    /// in their names, which is taken from another variable, as their command lines do.
    fn variables_are_for_it(&self) -> bool {
        let server = |names: &[&str]| {
            let server = names.iter().find_map(|name| self.env.get(name))?;
            let server = server.split_once("://").map_or(server, |(_, rest)| rest);
            Some(server.trim_end_matches('/').to_ascii_lowercase())
        };
        match self.kind {
            Some(HostKind::Gitlab) => {
                let theirs = server(&["GITLAB_HOST", "GL_HOST"]);
                let is_theirs = self.host == theirs.as_deref().unwrap_or("gitlab.com");
                is_theirs || (is_here(self.host) && theirs.is_none())
            }
            Some(kind @ (HostKind::Gitea | HostKind::BitbucketServer)) => {
                let address = match kind {
                    HostKind::Gitea => "GITEA_SERVER_URL",
                    _ => "BITBUCKET_SERVER_URL",
                };
                if let Some(theirs) = server(&[address]) {
                    return self.host == theirs;
                }
                let known = self.config.integrations.iter();
                let mut known = known.filter(|host| host.kind == kind);
                let only = known.next().filter(|_| known.next().is_none());
                is_here(self.host) || only.is_some_and(|only| only.host == self.host)
            }
            _ => true,
        }
    }

    fn kept(&self) -> Option<(Secret, Option<String>)> {
        match Tokens::of(self.env)?.get(self.host) {
            Ok(kept) => kept.map(|kept| (kept.token, kept.user)),
            Err(error) => {
                tracing::warn!(%error, "the kept tokens are not used");
                None
            }
        }
    }

    /// What `git credential fill` says, which never asks.
    async fn credential(&self) -> Option<(Secret, Option<String>)> {
        let protocol = if is_here(self.host) { "http" } else { "https" };
        let question = format!("protocol={protocol}\nhost={}\n\n", self.host);
        let words = ["git", "credential", "fill"];
        let answer = program::said(&words, &question, self.env).await?;
        let value = |key: &str| {
            let mut lines = answer.expose().lines();
            lines.find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
        };
        let user = value("username").map(str::to_owned);
        Some((Secret::new(value("password")?), user))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
