//! Tokens of `stagedoor login` that end: the next one is asked for shortly before, and kept in place of the last.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{Login, Origin};
use crate::config::{Config, Env, HostKind};
use crate::host::HostError;
use crate::host::auth::device::Device;
use crate::host::auth::tokens::{Kept, Tokens};
use crate::host::http::Http;

/// How long before its end a token is renewed: a request that begins now must not find it ended.
const EARLY: Duration = Duration::from_mins(5);

/// `login`, or the next one where it is one of ours that ends. One that cannot be renewed now is tried as it is: the host
/// says what is wrong with it.
pub(super) async fn renew(
    login: Login,
    host: &str,
    kind: Option<HostKind>,
    config: &Config,
    env: &Env,
) -> Login {
    if login.origin != Origin::Own {
        return login;
    }
    let next = next(&login, host, kind, config, env).await;
    next.unwrap_or(login)
}

async fn next(
    login: &Login,
    host: &str,
    kind: Option<HostKind>,
    config: &Config,
    env: &Env,
) -> Option<Login> {
    let tokens = Tokens::of(env)?;
    let kept = tokens.get(host).ok()??;
    let renewal = kept.renewal.clone()?;
    if renewal.until > SystemTime::now() + EARLY {
        return None;
    }
    let http = Http::new(None, Arc::default(), Duration::ZERO).trusting(config);
    let device = Device::of(kind.or(kept.kind)?, host, &renewal.client_id, config, &http)?;
    let token = match device.renew(&renewal).await {
        Ok(grant) => {
            let next = Kept {
                token: grant.token.clone(),
                renewal: grant.renewal,
                ..kept
            };
            if let Err(error) = tokens.keep(host, &next) {
                tracing::warn!(host, %error, "a renewed token could not be kept");
            }
            grant.token
        }
        // What a token is renewed by is good for once: another process may have been first.
        Err(error @ HostError::NotSignedIn { .. }) => {
            let now = tokens.get(host).ok()??;
            if now.token == login.token {
                tracing::warn!(host, %error, "a token could not be renewed");
                return None;
            }
            now.token
        }
        Err(error) => {
            tracing::warn!(host, %error, "a token could not be renewed now");
            return None;
        }
    };
    Some(Login {
        token,
        ..login.clone()
    })
}
