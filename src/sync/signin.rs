//! Signing in: which token each host of a session gets, what the host says of it, and the tokens that `login` keeps.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use super::{Session, SyncError};
use crate::config::{Config, Env, HostKind, Secret, Source};
pub use crate::host::auth::account::Account;
pub use crate::host::auth::chain::Origin;
use crate::host::auth::tokens::Kept;
pub use crate::host::auth::tokens::{Tokens, TokensError};
use crate::host::auth::{account, chain, kind_of};
use crate::host::http::Http;

/// What there is to say of one host.
#[derive(Debug)]
pub struct HostCheck {
    /// The host's name.
    pub host: String,
    /// What kind of host it is, where that is known.
    pub kind: Option<HostKind>,
    /// Where the token for it came from; `None` where there is none.
    pub origin: Option<Origin>,
    /// A variable that the configured token waits for and that is not set.
    pub unset: Option<String>,
    /// Whether the configuration names a `tokenCommand` that is not run, since it may be somebody else's.
    pub is_distrusted: bool,
    /// Whether a source cannot be read from it without a token.
    pub needs_token: bool,
    /// What the host says; `None` where it was not asked.
    pub account: Option<Result<Account, SyncError>>,
}

/// The hosts that the configuration and the sources of `session` name, each once.
fn hosts(session: &Session) -> Vec<(String, Option<HostKind>)> {
    let config = &session.config;
    let mut all: Vec<(String, Option<HostKind>)> = Vec::new();
    let integrations = config.integrations.iter();
    all.extend(integrations.map(|host| (host.host.clone(), Some(host.kind))));
    for source in &session.set.sources {
        let host = match source {
            Source::Provider(provider) => Some((provider.host.clone(), Some(provider.kind))),
            Source::Url(text) => known(text, config),
            Source::Git(git) => known(&git.remote, config),
            _ => None,
        };
        all.extend(host);
    }
    let settings = config.hosts.iter();
    all.extend(settings.map(|host| (host.host.clone(), kind_of(&host.host, config))));
    let mut seen = Vec::new();
    all.retain(|(host, _)| {
        let is_new = !seen.contains(host);
        seen.push(host.clone());
        is_new
    });
    all
}

/// The host behind `url`, where its kind is known.
fn known(url: &str, config: &Config) -> Option<(String, Option<HostKind>)> {
    let url = url::Url::parse(url).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = crate::host::auth::host_of(&url)?;
    let kind = kind_of(&host, config)?;
    Some((host, Some(kind)))
}

/// Looks for the token of each host that `session` names, and asks the host about it unless no host may be asked.
pub async fn check(session: &Session) -> Vec<HostCheck> {
    let checks = hosts(session).into_iter().map(async |(host, kind)| {
        let Session { config, env, .. } = session;
        let kind = kind.or_else(|| kept_kind(&host, env));
        let login = chain::login(&host, kind, config, env).await;
        let mut integrations = config.integrations.iter();
        let integration = integrations.find(|integration| integration.host == host);
        let account = match kind {
            Some(kind) if !session.offline => {
                let token = login.as_ref().map(|login| &login.token);
                Some(ask(&host, kind, token, config).await)
            }
            _ => None,
        };
        HostCheck {
            kind,
            origin: login.map(|login| login.origin),
            unset: integration.and_then(|integration| integration.unset.clone()),
            is_distrusted: config.host(&host).is_some_and(|host| host.is_distrusted),
            needs_token: session.set.sources.iter().any(|source| {
                matches!(source, Source::Provider(provider)
                    if provider.host == host && provider.kind == HostKind::Github)
            }),
            account,
            host,
        }
    });
    join_all(checks).await
}

/// What kind of host a kept token is for.
fn kept_kind(host: &str, env: &Env) -> Option<HostKind> {
    Tokens::of(env)?.get(host).ok()??.kind
}

/// The kind of `host`, where its name, the configuration or a kept token tells.
pub fn kind(host: &str, config: &Config, env: &Env) -> Option<HostKind> {
    kind_of(host, config).or_else(|| kept_kind(host, env))
}

/// Where the token for `host` comes from now.
pub async fn origin(
    host: &str,
    kind: Option<HostKind>,
    config: &Config,
    env: &Env,
) -> Option<Origin> {
    let login = chain::login(host, kind, config, env).await?;
    Some(login.origin)
}

/// Asks `host` who `token` makes us.
pub async fn ask(
    host: &str,
    kind: HostKind,
    token: Option<&Secret>,
    config: &Config,
) -> Result<Account, SyncError> {
    let http = Http::new(None, Arc::default(), Duration::ZERO);
    Ok(account::look(host, kind, token, config, &http).await?)
}

/// Keeps `token` for `host`.
pub fn keep(tokens: &Tokens, host: &str, kind: HostKind, token: Secret) -> Result<(), TokensError> {
    let kept = Kept {
        token,
        kind: Some(kind),
    };
    tokens.keep(host, &kept)
}
