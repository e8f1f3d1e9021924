//! `stagedoor logout`: forgets the token that `login` kept.

use clap::Args;
use color_eyre::eyre::Result;

use super::args::Global;
use super::console::Console;
use super::exit::Exit;
use super::login;
use super::work;
use crate::config::{Config, Env};
use crate::sync::signin::{self, Tokens};

#[derive(Debug, Args)]
#[command(after_help = "\
The token stays valid at its host: revoke it there if others may have seen it.")]
pub(crate) struct LogoutArgs {
    /// The host: github.com, gitlab.acme.dev…
    host: String,
}

pub(crate) fn run(args: &LogoutArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let env = Env::process();
    let config = Config::load(&global.config, &env)?;
    let host = login::host(&args.host)?;
    let kind = signin::kind(&host, &config, &env);
    let had = match Tokens::of(&env) {
        Some(tokens) => tokens.forget(&host)?,
        None => false,
    };
    console.note(&if had {
        format!("the token for {host} is forgotten; it stays valid until it is revoked there")
    } else {
        format!("no token is kept for {host}")
    });
    let other = work::run(async |_| signin::origin(&host, kind, &config, &env).await)?;
    if let Some(origin) = other {
        console.note(&format!("there is a token from {origin}; it is used"));
    }
    Ok(Exit::Done)
}
