//! Signing in: which token each host of a session gets, what the host says of it, and the tokens that `login` keeps.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use super::{Session, SyncError};
use crate::catalog::entity_ref::DEFAULT_NAMESPACE;
use crate::catalog::{Entity, EntityRef};
use crate::config::{Config, Env, HostKind, Source};
pub use crate::host::auth::account::Account;
pub use crate::host::auth::chain::Origin;
pub use crate::host::auth::credential::Credential;
use crate::host::auth::device::Device;
pub use crate::host::auth::device::{Grant, Invitation};
use crate::host::auth::tokens::Kept;
pub use crate::host::auth::tokens::{Renewal, Tokens, TokensError};
use crate::host::auth::{account, chain, kind_of};
use crate::host::http::Http;
use crate::store::{Store, StoreError};

/// The note that holds who sits here; empty where nobody was found.
const ME: &str = "me";
/// How long finding out an account may take.
const ACCOUNT: Duration = Duration::from_secs(10);

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
            Source::Provider(_) | Source::People(_) => {
                let known = source.known_host();
                known
                    .map(|(host, kind)| (host.to_owned(), Some(kind).filter(|kind| kind.has_api())))
            }
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

/// Looks for the token of `host`, and asks it about that unless no host may be asked.
pub async fn look_at(session: &Session, host: String, kind: Option<HostKind>) -> HostCheck {
    let Session { config, env, .. } = session;
    let kind = kind.or_else(|| kept_kind(&host, env));
    let login = if session.offline {
        chain::login(&host, kind, config, env).await
    } else {
        chain::renewed(&host, kind, config, env).await
    };
    let mut integrations = config.integrations.iter();
    let integration = integrations.find(|integration| integration.host == host);
    let account = match kind {
        Some(kind) if !session.offline => {
            let credential = login.clone().map(Credential::from);
            Some(ask(&host, kind, credential.as_ref(), config).await)
        }
        _ => None,
    };
    HostCheck {
        kind,
        origin: login.map(|login| login.origin),
        unset: integration.and_then(|integration| integration.unset.clone()),
        is_distrusted: config.host(&host).is_some_and(|host| host.is_distrusted),
        needs_token: session.set.sources.iter().any(|source| {
            let is_people = matches!(source, Source::People(_));
            source.known_host().is_some_and(|(known, kind)| {
                known == host && (kind == HostKind::Github || is_people)
            })
        }),
        account,
        host,
    }
}

/// Looks for the token of each host that `session` names, and asks the host about it unless no host may be asked.
pub async fn check(session: &Session) -> Vec<HostCheck> {
    let looks = hosts(session).into_iter();
    let checks = looks.map(|(host, kind)| look_at(session, host, kind));
    let checks = join_all(checks).await;
    for check in &checks {
        if let Some(Ok(account)) = &check.account
            && let Some(login) = &account.login
            && let Err(error) = session.store.set_note(&account_key(&check.host), login)
        {
            tracing::warn!(%error, "an account could not be kept");
        }
    }
    checks
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

/// Finds out who sits here: the account at each host that a source is on, asked for once and again with `anew`, and the
/// person in the catalog who has it. What cannot be found out is no failure.
pub async fn learn(session: &Session, anew: bool) {
    if session.config.me.is_some() {
        return;
    }
    if let Err(error) = learn_accounts(session, anew).await {
        tracing::warn!(%error, "who sits here could not be kept");
    }
}

async fn learn_accounts(session: &Session, anew: bool) -> Result<(), StoreError> {
    let store = &session.store;
    let mut me = None;
    for (host, kind) in hosts(session) {
        let Some(kind) = kind else { continue };
        let key = account_key(&host);
        let mut login = store.note(&key)?.filter(|_| !anew);
        if login.is_none() && !session.offline {
            let asked = tokio::time::timeout(ACCOUNT, account_at(&host, kind, session)).await;
            // What was not found out is not asked for each time, either.
            let found = asked.ok().flatten().unwrap_or_default();
            store.set_note(&key, &found)?;
            login = Some(found);
        }
        let login = login.filter(|login| !login.is_empty());
        if let (Some(login), None) = (login, &me) {
            me = person(store, &host, kind, &login)?;
        }
    }
    let me = me.map(|me| me.to_string()).unwrap_or_default();
    if store.note(ME)?.unwrap_or_default() != me {
        store.set_note(ME, &me)?;
    }
    Ok(())
}

/// Who the catalog knows as the user of this set, as [`learn`] found out last.
pub(super) fn learned(session: &Session) -> Option<String> {
    let me = session.store.note(ME).ok()??;
    (!me.is_empty()).then_some(me)
}

fn account_key(host: &str) -> String {
    format!("account:{host}")
}

async fn account_at(host: &str, kind: HostKind, session: &Session) -> Option<String> {
    let login = chain::renewed(host, Some(kind), &session.config, &session.env).await?;
    let credential = Credential::from(login);
    let account = ask(host, kind, Some(&credential), &session.config).await;
    account.ok()?.login
}

/// The user who has the account `login` at `host`: one whose annotation says so, else one of that name.
///
/// The annotations are those of Backstage's org providers: `github.com/user-login` for every GitHub, and the own host of
/// any other in front of `/user-login`.
fn person(
    store: &Store,
    host: &str,
    kind: HostKind,
    login: &str,
) -> Result<Option<EntityRef>, StoreError> {
    let keys = match kind {
        HostKind::Github => vec!["github.com/user-login".to_owned()],
        HostKind::Gitlab => vec![
            format!("{host}/user-login"),
            "gitlab.com/user-login".to_owned(),
        ],
        _ => vec![format!("{host}/user-login")],
    };
    let has = |entity: &Entity, login: &str| {
        let mut said = keys.iter().filter_map(|key| entity.annotation(key));
        // For GitLab Backstage writes the address of the person's page there.
        let name = |said: &str| said.rsplit('/').next().unwrap_or(said).to_owned();
        said.next()
            .map(|said| name(said).eq_ignore_ascii_case(login))
    };
    let named = EntityRef::new("user", DEFAULT_NAMESPACE, login);
    let mut by_name = None;
    if let Some(stored) = store.entity(&named)? {
        match has(&stored.entity, login) {
            Some(true) => return Ok(Some(stored.entity.entity_ref)),
            None => by_name = Some(stored.entity.entity_ref),
            // It is somebody else's name.
            Some(false) => {}
        }
    }
    let mut annotated = None;
    store.each_of_kind("user", |entity| {
        if has(&entity, login) == Some(true) {
            annotated = Some(entity.entity_ref);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    Ok(annotated.or(by_name))
}

/// Asks `host` who `credential` makes us.
pub async fn ask(
    host: &str,
    kind: HostKind,
    credential: Option<&Credential>,
    config: &Config,
) -> Result<Account, SyncError> {
    let http = Http::new(None, Arc::default(), Duration::ZERO).trusting(config);
    Ok(account::look(host, kind, credential, config, &http).await?)
}

/// Asks `host` for a code that is typed at its page, for the application `client_id`; `None` where hosts of `kind` have
/// none.
pub async fn invite(
    host: &str,
    kind: HostKind,
    client_id: &str,
    config: &Config,
) -> Result<Option<Invitation>, SyncError> {
    let http = Http::new(None, Arc::default(), Duration::ZERO).trusting(config);
    match Device::of(kind, host, client_id, config, &http) {
        Some(device) => Ok(Some(device.invite().await?)),
        None => Ok(None),
    }
}

/// Waits until the code of `invitation` was typed; `None` where hosts of `kind` have none.
pub async fn wait(
    host: &str,
    kind: HostKind,
    client_id: &str,
    config: &Config,
    invitation: &Invitation,
) -> Result<Option<Grant>, SyncError> {
    let http = Http::new(None, Arc::default(), Duration::ZERO).trusting(config);
    match Device::of(kind, host, client_id, config, &http) {
        Some(device) => Ok(Some(device.wait(invitation).await?)),
        None => Ok(None),
    }
}

/// Keeps `credential` for `host`, and how it is renewed where it ends.
pub fn keep(
    tokens: &Tokens,
    host: &str,
    kind: HostKind,
    credential: Credential,
    renewal: Option<Renewal>,
) -> Result<(), TokensError> {
    let Credential { token, user } = credential;
    let kept = Kept {
        token,
        user,
        kind: Some(kind),
        renewal,
    };
    tokens.keep(host, &kept)
}
