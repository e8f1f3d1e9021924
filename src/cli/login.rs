//! `stagedoor login`: asks for a token, tries it at its host, and keeps it where only its owner can read it.

mod code;
mod typed;

use std::io::{self, IsTerminal, Read};

use clap::Args;
use color_eyre::eyre::Result;
use url::Url;

use super::args::Global;
use super::console::Console;
use super::exit::{Exit, Failure};
use super::work;
use crate::config::{Config, Env, HostKind, Secret};
use crate::sync::signin::{self, Credential, Origin, Tokens};

/// The longest token that is read, in bytes.
const MOST: u64 = 64 << 10;

#[derive(Debug, Args)]
#[command(after_help = "\
The token is typed without being shown, tried at the host, and kept in a file that only you can read. Tokens from the
configuration, from variables such as GITHUB_TOKEN, and the logins of gh, glab and tea come first and need no login here.
Where the configuration names an application of a GitHub or GitLab (clientId under stagedoor.hosts), a code is shown
instead, which is typed at a page of the host.")]
pub(crate) struct LoginArgs {
    /// The host: github.com, gitlab.acme.dev…
    host: String,
    /// Read the token from standard input
    #[arg(long)]
    with_token: bool,
    /// What kind of host it is, where neither its name nor the configuration tells
    #[arg(long, value_name = "KIND", value_parser = HostKind::ALL.map(HostKind::key))]
    kind: Option<String>,
    /// The user name or email address that goes with the token, at a Bitbucket or Gerrit
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
}

pub(crate) fn run(args: &LoginArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let env = Env::process();
    let config = Config::load(&global.config, &env)?;
    let host = host(&args.host)?;
    let kind = kind(args, &host, &config, &env)?;
    let tokens = Tokens::of(&env).ok_or_else(|| {
        Failure::work("this user has no folder to keep a token in").help("set HOME")
    })?;
    if global.offline {
        return Err(
            Failure::usage("a token is tried at its host before it is kept")
                .help("stagedoor login without --offline")
                .into(),
        );
    }
    let client_id = config
        .host(&host)
        .and_then(|host| host.client_id.as_deref());
    let client_id = client_id.filter(|_| !args.with_token);
    let mut renewal = None;
    let token = if args.with_token {
        given()?
    } else if let Some(client_id) = client_id.filter(|_| code::is_known_to(kind)) {
        let Some(grant) = code::sign_in(&host, kind, client_id, &config, console)? else {
            return Ok(Exit::Interrupted);
        };
        renewal = grant.renewal;
        grant.token
    } else {
        console.note(&format!(
            "a token for {host} is made at {}",
            page(&host, kind)
        ));
        match typed::secret(&format!("Token for {host}: "))? {
            Some(token) => token,
            None => return Ok(Exit::Interrupted),
        }
    };
    if token.expose().is_empty() {
        return Err(Failure::usage("no token was given").into());
    }
    // It goes into a header: a line break or a control character in it is a slip of the hand.
    if !token.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(
            Failure::usage("this is no token: it holds a space or an unusual character").into(),
        );
    }
    let credential = Credential {
        user: args.user.clone(),
        token,
    };
    let account = work::run(async |_| signin::ask(&host, kind, Some(&credential), &config).await)??;
    signin::keep(&tokens, &host, kind, credential, renewal)?;
    let who = account.login.as_deref().unwrap_or("an app");
    console.note(&format!(
        "signed in at {host} as {who}; the token is kept in {}, unencrypted and readable by you alone",
        tokens.file().display()
    ));
    for hint in &account.hints {
        console.warn(hint);
    }
    if let Some(url) = &account.single_sign_on {
        console.warn(&format!("to authorise it, open {url}"));
    }
    let first = work::run(async |_| signin::origin(&host, Some(kind), &config, &env).await)?;
    if let Some(origin) = first.filter(|origin| *origin != Origin::Own) {
        console.warn(&format!(
            "there is a token from {origin}, too; it comes first and is used"
        ));
    }
    Ok(Exit::Done)
}

/// The host in what was written, which may be its address.
pub(super) fn host(text: &str) -> Result<String, Failure> {
    let wrong =
        || Failure::usage(format!("{text:?} is no host")).help("stagedoor login github.com");
    let rest = text.trim().trim_end_matches('/');
    let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
    let url = Url::parse(&format!("http://{rest}")).map_err(|_| wrong())?;
    let host = url
        .host_str()
        .filter(|host| !host.is_empty())
        .ok_or_else(wrong)?;
    if url.path() != "/" || !url.username().is_empty() || url.query().is_some() {
        return Err(wrong());
    }
    let host = host.to_ascii_lowercase();
    Ok(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}

fn kind(args: &LoginArgs, host: &str, config: &Config, env: &Env) -> Result<HostKind, Failure> {
    let named = HostKind::ALL
        .into_iter()
        .find(|kind| args.kind.as_deref() == Some(kind.key()));
    named.or_else(|| signin::kind(host, config, env)).ok_or_else(|| {
        Failure::usage(format!("what kind of host {host} is is not known")).help(format!(
            "stagedoor login {host} --kind gitlab, or name it under integrations: in the configuration"
        ))
    })
}

/// Where a token is made, with the scopes that are needed.
fn page(host: &str, kind: HostKind) -> String {
    match kind {
        HostKind::Github => {
            format!("https://{host}/settings/tokens/new?description=stagedoor&scopes=repo,read:org")
        }
        HostKind::Gitlab => format!(
            "https://{host}/-/user_settings/personal_access_tokens?name=stagedoor&scopes=read_api,read_repository"
        ),
        HostKind::Gitea => format!("https://{host}/user/settings/applications"),
        HostKind::BitbucketCloud => {
            "https://id.atlassian.com/manage-profile/security/api-tokens".to_owned()
        }
        HostKind::BitbucketServer => format!("https://{host}/plugins/servlet/access-tokens/manage"),
        HostKind::Azure => format!("https://{host}/ORGANISATION/_usersSettings/tokens"),
        HostKind::Gerrit => format!("https://{host}/settings/#HTTPCredentials"),
        HostKind::Git => format!("https://{host}"),
    }
}

/// The token on standard input.
fn given() -> Result<Secret> {
    let stdin = io::stdin().lock();
    if stdin.is_terminal() {
        return Err(
            Failure::usage("--with-token reads the token from standard input")
                .help(
                    "stagedoor login HOST --with-token < FILE, or without --with-token to type it",
                )
                .into(),
        );
    }
    let mut text = String::new();
    stdin.take(MOST).read_to_string(&mut text)?;
    Ok(Secret::new(text))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_host_may_be_written_as_its_address() {
        for (text, expected) in [
            ("GitHub.com", "github.com"),
            ("https://gitlab.acme.dev/", "gitlab.acme.dev"),
            ("localhost:3000", "localhost:3000"),
        ] {
            assert_eq!(host(text).unwrap(), expected);
        }
        for text in ["", "https://github.com/acme", "me@github.com", "a b"] {
            assert!(host(text).is_err(), "{text}");
        }
    }
}
