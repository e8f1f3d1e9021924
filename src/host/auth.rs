//! Who we are to a host: one chain of places where a token may be ([`chain`]), the first that has one wins.
//!
//! A token belongs to one host and is never shown; where it came from ([`Origin`]) is. How it is sent with a request is in
//! [`credential`], what `stagedoor login` keeps in [`tokens`], and what a host says of a token in [`account`].

pub mod account;
pub mod chain;
pub mod credential;
pub mod device;
mod files;
mod program;
pub mod tokens;

use url::Url;

use super::Context;
use crate::config::source::is_loopback;
use crate::config::{Config, HostKind, Secret};
pub use chain::{Login, Origin};

/// The name of the host of `url`, with a port where it has one.
pub fn host_of(url: &Url) -> Option<String> {
    let host = url.host_str()?.to_ascii_lowercase();
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}

/// What to do to be let in at `host`, which is of `kind`.
pub(super) fn remedy_of(kind: HostKind, host: &str) -> String {
    let or_variable = |names: &str| {
        format!(
            "run `stagedoor login {host} --kind {}`, put a token for it under integrations: in the configuration, or set {names}",
            kind.key()
        )
    };
    match kind {
        HostKind::Github | HostKind::Git => remedy(host),
        HostKind::Gitlab => gitlab_remedy(host),
        HostKind::Gitea => format!(
            "run `stagedoor login {host} --kind gitea` with a token that has the scopes read:organization and read:repository, put one for it under integrations: in the configuration, or set GITEA_TOKEN and GITEA_SERVER_URL=https://{host}"
        ),
        HostKind::BitbucketCloud => {
            or_variable("BITBUCKET_EMAIL and BITBUCKET_TOKEN, or BITBUCKET_ACCESS_TOKEN")
        }
        HostKind::BitbucketServer => or_variable("BITBUCKET_SERVER_TOKEN"),
        HostKind::Azure => or_variable("AZURE_DEVOPS_EXT_PAT"),
        HostKind::Gerrit => format!(
            "put username and password for it under integrations.gerrit in the configuration, or into ~/.netrc; make the password under Settings, HTTP Credentials, at https://{host}"
        ),
    }
}

/// What to do to be let in at `host`.
pub(super) fn remedy(host: &str) -> String {
    match host {
        "github.com" | "api.github.com" => {
            "run `gh auth login` or `stagedoor login github.com`, or set GITHUB_TOKEN".to_owned()
        }
        "gitlab.com" => gitlab_remedy(host),
        _ => format!(
            "run `stagedoor login {host}`, put a token for it under integrations: in the configuration, or run `gh auth login --hostname {host}` if it is a GitHub"
        ),
    }
}

/// What to do to be let in at the GitLab `host`.
pub(super) fn gitlab_remedy(host: &str) -> String {
    let scopes = "with the scopes read_api and read_repository";
    let variables = if host == "gitlab.com" {
        "GITLAB_TOKEN".to_owned()
    } else {
        format!("GITLAB_TOKEN and GITLAB_HOST={host}")
    };
    format!(
        "run `glab auth login --hostname {host}`, or `stagedoor login {host}` with a token {scopes}, or set {variables}"
    )
}

/// The kind of `host`, where its name or the configuration tells.
pub fn kind_of(host: &str, config: &Config) -> Option<HostKind> {
    if host == "github.com" || host.ends_with(".ghe.com") {
        return Some(HostKind::Github);
    }
    let integration = config
        .integrations
        .iter()
        .find(|integration| integration.host.eq_ignore_ascii_case(host))
        .map(|integration| integration.kind);
    let provider = || {
        let mut providers = config.providers.iter();
        let provider = providers.find(|it| it.host == host && it.kind.has_api());
        provider.map(|provider| provider.kind)
    };
    let cloud = || {
        let mut kinds = HostKind::ALL.into_iter();
        kinds.find(|kind| kind.cloud() == Some(host))
    };
    let people = || {
        let mut people = config.people.iter();
        people.find(|people| people.host == host).map(|it| it.kind)
    };
    integration.or_else(provider).or_else(people).or_else(cloud)
}

/// Whether `host` is this machine.
pub(super) fn is_here(host: &str) -> bool {
    Url::parse(&format!("http://{host}")).is_ok_and(|url| is_loopback(&url))
}

/// The token with which `git` is let in at `host`, and the user name that goes with it. What `git` finds by itself, in its
/// credential helper or the netrc file, is left to it.
pub(super) async fn git_login(host: &str, context: &Context) -> Option<(String, Secret)> {
    let kind = if context.is_github(host) {
        Some(HostKind::Github)
    } else {
        context
            .sources
            .iter()
            .find_map(|source| {
                let (known, kind) = source.known_host()?;
                (known == host && kind.has_api()).then_some(kind)
            })
            .or_else(|| kind_of(host, &context.config))
    };
    let kind = kind?;
    let login = chain::login_for_git(host, Some(kind), &context.config, &context.env).await?;
    let user = chain::git_user(kind, login.user.as_deref())?;
    Some((user, login.token))
}

/// The user name and password that `git` itself would find for `host`, of which nothing else is known.
pub(super) async fn git_credential(host: &str, context: &Context) -> Option<(String, Secret)> {
    let login = chain::renewed(host, None, &context.config, &context.env).await?;
    Some((login.user?, login.token))
}
