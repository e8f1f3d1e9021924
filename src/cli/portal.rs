//! `stagedoor` alone: opens the portal. `stagedoor open` does so at a place of it.

use std::ffi::{OsStr, OsString};
use std::process::ExitCode;
use std::sync::Arc;

use color_eyre::eyre::Result;

use super::args::{Global, When};
use super::exit::{Exit, Failure};
use super::open;
use super::welcome::{self, Way};
use crate::config::Env;
use crate::runtime::{self, Launch, RuntimeError};
use crate::sync::Session;

pub(crate) fn run(global: &Global) -> Result<ExitCode> {
    let session = Session::open(&open::options(global), Env::process())?;
    let chosen = match welcome::ask(&session, global)? {
        Way::Out(code) => return Ok(ExitCode::from(code)),
        Way::Portal(None) => return open_at(launch(Arc::new(session), global)),
        Way::Portal(Some(chosen)) => chosen,
    };
    drop(session);
    let session = Session::open(&open::options(&chosen), Env::process())?;
    open_at(launch(Arc::new(session), &chosen))
}

/// The portal of `session` at home.
pub(super) fn launch(session: Arc<Session>, global: &Global) -> Launch {
    Launch {
        options: again(global),
        accessible: global.accessible,
        ..Launch::home(session, colors(global))
    }
}

/// The options that say where everything comes from and where it is kept, to be given once more.
fn again(global: &Global) -> Vec<OsString> {
    let mut options = Vec::new();
    let mut put = |option: &str, value: &OsStr| options.extend([option.into(), value.to_owned()]);
    for file in &global.config {
        put("--config", file.as_os_str());
    }
    for source in &global.source {
        put("--source", source.as_ref());
    }
    if let Some(folder) = &global.cache_dir {
        put("--cache-dir", folder.as_os_str());
    }
    if global.offline {
        options.push("--offline".into());
    }
    options
}

/// Whether colours are wanted, as the command line says.
pub(super) fn colors(global: &Global) -> Option<bool> {
    match global.color {
        When::Auto => None,
        When::Always => Some(true),
        When::Never => Some(false),
    }
}

/// Opens the portal at `launch`, until it is left.
pub(super) fn open_at(launch: Launch) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let ended = runtime.block_on(runtime::run(launch));
    // A task that waits for a host must not hold up the end.
    runtime.shutdown_background();
    told(ended)
}

/// What came of something that has the terminal, with the exit code of what hindered it.
pub(super) fn told<T>(ended: Result<T, RuntimeError>) -> Result<T> {
    ended.map_err(|error| match error {
        RuntimeError::Refused(refusal) => Failure::new(Exit::Usage, refusal.to_string()).into(),
        other => other.into(),
    })
}
