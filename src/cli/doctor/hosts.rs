//! What `doctor` says of hosts: who one is there, by which token, what that may do, and what is missing. Never a token.

use std::fmt::Write as _;

use color_eyre::eyre::Result;
use serde_json::{Map, Value, json};

use super::{Check, State};
use crate::cli::work;
use crate::config::HostKind;
use crate::sync::Session;
use crate::sync::signin::{self, Account, HostCheck};
use crate::sync::{Class, SyncError};

/// A line for each host that the session names.
pub(super) fn checks(session: &Session) -> Result<Vec<Check>> {
    let hosts = work::run(async |_| signin::check(session).await)?;
    Ok(hosts.iter().map(check).collect())
}

fn check(host: &HostCheck) -> Check {
    let name = &host.host;
    let from = host.origin.as_ref().map_or_else(
        || "no token".to_owned(),
        |origin| format!("token from {origin}"),
    );
    let (mut state, mut found) = match &host.account {
        None => {
            let why = match host.kind {
                Some(_) => "not asked, --offline",
                None => "what kind of host it is is not known",
            };
            (State::Note, format!("{name}: {from}; {why}"))
        }
        Some(Err(error)) => {
            let state = match error.class() {
                Class::NotSignedIn => State::NotSignedIn,
                _ => State::Wrong,
            };
            (state, format!("{from}; {error}"))
        }
        Some(Ok(account)) => {
            let state = match host.origin {
                _ if account.single_sign_on.is_some() => State::NotSignedIn,
                Some(_) => State::Ok,
                None if host.needs_token => State::NotSignedIn,
                None => State::Note,
            };
            (
                state,
                format!("{name}: {}{from}{}", who(account), more(account)),
            )
        }
    };
    if let Some(variable) = &host.unset {
        let _ = write!(found, "; {variable} is not set");
    }
    if host.is_distrusted {
        found.push_str(
            "; its tokenCommand is not run, since it does not stand in your own folder for configuration",
        );
    }
    if host.origin.is_none() && host.kind.is_some() && !matches!(host.account, Some(Err(_))) {
        let _ = write!(found, "; stagedoor login {name} keeps one");
        if host.needs_token && host.account.is_none() {
            state = State::Note;
        }
    }
    Check {
        facts: facts(host),
        ..Check::new("host", state, found)
    }
}

fn who(account: &Account) -> String {
    let login = account.login.as_deref();
    login.map_or_else(String::new, |login| format!("signed in as {login}, "))
}

/// What the token may do, for how long, and what is missing.
fn more(account: &Account) -> String {
    let mut text = String::new();
    if let Some(scopes) = &account.scopes {
        let scopes = match scopes.as_slice() {
            [] => "nothing private".to_owned(),
            scopes => scopes.join(", "),
        };
        let _ = write!(text, "; may {scopes}");
    }
    if let Some(expires) = &account.expires {
        let _ = write!(text, "; ends {expires}");
    }
    if let Some((left, limit)) = account.requests_left {
        let _ = write!(text, "; {left} of {limit} requests left");
    }
    for hint in &account.hints {
        let _ = write!(text, "; {hint}");
    }
    if let Some(url) = &account.single_sign_on {
        let _ = write!(text, ": open {url}");
    }
    text
}

fn facts(host: &HostCheck) -> Map<String, Value> {
    let account = host
        .account
        .as_ref()
        .and_then(|account| account.as_ref().ok());
    let error = host
        .account
        .as_ref()
        .and_then(|account| account.as_ref().err());
    let value = json!({
        "host": host.host,
        "kind": host.kind.map(HostKind::key),
        "tokenFrom": host.origin.as_ref().map(ToString::to_string),
        "variableNotSet": host.unset,
        "asked": host.account.is_some(),
        "answers": host.account.as_ref().map(answers),
        "login": account.and_then(|account| account.login.as_ref()),
        "scopes": account.and_then(|account| account.scopes.as_ref()),
        "expires": account.and_then(|account| account.expires.as_ref()),
        "requestsLeft": account.and_then(|account| account.requests_left).map(|(left, _)| left),
        "requestLimit": account.and_then(|account| account.requests_left).map(|(_, limit)| limit),
        "hints": account.map(|account| &account.hints),
        "singleSignOn": account.and_then(|account| account.single_sign_on.as_ref()),
        "error": error.map(ToString::to_string),
    });
    match value {
        Value::Object(facts) => facts,
        _ => Map::new(),
    }
}

/// Whether the host was there to be asked; one that refuses is.
fn answers(account: &Result<Account, SyncError>) -> bool {
    match account {
        Ok(_) => true,
        Err(error) => error.class() != Class::Unreachable,
    }
}
