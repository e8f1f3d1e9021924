//! `stagedoor doctor`: whether everything that the portal needs is there.

mod hosts;

use std::io::{self, IsTerminal, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::process::{Command, Stdio};
use std::time::Duration;

use color_eyre::eyre::Result;
use serde_json::{Map, Value};
use termprofile::{DetectorSettings, TermProfile};

use super::args::{Format, Global};
use super::console::Console;
use super::data;
use super::exit::Exit;
use super::open;
use super::style::Ink;
use super::work;
use crate::catalog::text;
use crate::config::{Env, Instance, Source};
use crate::runtime::look::Look;
use crate::sync::{self, Session};

/// How long a host may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// One thing that was looked at.
struct Check {
    what: &'static str,
    state: State,
    found: String,
    /// More of the same for programs.
    facts: Map<String, Value>,
}

impl Check {
    fn new(what: &'static str, state: State, found: impl Into<String>) -> Self {
        Self {
            what,
            state,
            found: found.into(),
            facts: Map::new(),
        }
    }

    fn json(&self) -> Value {
        let mut all = Map::new();
        all.insert("check".to_owned(), self.what.into());
        all.insert("state".to_owned(), self.state.as_str().into());
        all.insert("found".to_owned(), self.found.as_str().into());
        all.extend(self.facts.clone());
        Value::Object(all)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Ok,
    /// It works without.
    Note,
    Wrong,
    /// A host does not let us in.
    NotSignedIn,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Wrong | Self::NotSignedIn => "wrong",
        }
    }
}

pub(crate) fn run(global: &Global, console: &mut Console) -> Result<Exit> {
    let format = super::format(global, &[Format::Table, Format::Json])?;
    let session = Session::open(&open::options(global), Env::process())?;
    let mut checks = vec![config(&session), git(), terminal()];
    checks.extend(look(&session));
    checks.push(cache(&session));
    checks.extend(hosts::checks(&session)?);
    checks.extend(
        sync::waiting(&session)
            .into_iter()
            .map(|waiting| Check::new("host", State::Note, waiting.to_string())),
    );
    for source in &session.set.sources {
        checks.push(source_state(source, &session));
    }
    match format {
        Format::Json => {
            let all: Vec<Value> = checks.iter().map(Check::json).collect();
            data::write_json(&mut console.out, &all)?;
        }
        _ => {
            for check in &checks {
                let (ink, sign) = match check.state {
                    State::Ok => (Ink::Good, "✓ ok"),
                    State::Note => (Ink::Dim, "· note"),
                    State::Wrong | State::NotSignedIn => (Ink::Bad, "✗ wrong"),
                };
                let sign = console.paint(ink, &format!("{sign:8}"));
                let found = text::one_line(&check.found);
                writeln!(console.out, "{sign}{:10}{found}", check.what)?;
            }
        }
    }
    let has = |state| checks.iter().any(|check| check.state == state);
    Ok(if has(State::NotSignedIn) {
        Exit::NotSignedIn
    } else if has(State::Wrong) {
        Exit::Failed
    } else {
        Exit::Done
    })
}

fn config(session: &Session) -> Check {
    let files: Vec<String> = session
        .config
        .files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    if files.is_empty() {
        return Check::new(
            "config",
            State::Note,
            "none; stagedoor init writes one".to_owned(),
        );
    }
    Check::new("config", State::Ok, files.join(", "))
}

/// What of theme, signs and keys cannot be followed.
fn look(session: &Session) -> Vec<Check> {
    let look = Look::of(&session.config, &session.env, TermProfile::Ansi16, false);
    let faults = look.faults.into_iter();
    faults
        .map(|fault| Check::new("look", State::Wrong, fault))
        .collect()
}

fn git() -> Check {
    let version = Command::new("git")
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())
        .and_then(|output| String::from_utf8(output.stdout).ok());
    match version {
        Some(version) => Check::new("git", State::Ok, version.trim().to_owned()),
        None => Check::new(
            "git",
            State::Wrong,
            "not found; install git: repositories are read and published with it".to_owned(),
        ),
    }
}

fn terminal() -> Check {
    if !io::stdout().is_terminal() {
        return Check::new(
            "terminal",
            State::Note,
            "standard output is none; the portal needs one".to_owned(),
        );
    }
    let profile = TermProfile::detect(&io::stdout(), DetectorSettings::default());
    let size = rustix::termios::tcgetwinsize(io::stdout())
        .map(|size| format!("{}×{}", size.ws_col, size.ws_row))
        .unwrap_or_default();
    Check::new(
        "terminal",
        State::Ok,
        format!("{size}, colours: {profile:?}"),
    )
}

fn cache(session: &Session) -> Check {
    let place = session.dir.display();
    match session.store.index() {
        Ok(index) => Check::new(
            "cache",
            State::Ok,
            format!("{place}: {} entities", index.len()),
        ),
        Err(error) => Check::new("cache", State::Wrong, error.to_string()),
    }
}

fn source_state(source: &Source, session: &Session) -> Check {
    let (state, reach) = match source {
        Source::Backstage(instance) if !session.offline => shows(source, instance, session),
        _ => reach(source, session.offline),
    };
    let name = source.to_string();
    let known = session.store.sources().unwrap_or_default();
    let known = known.into_iter().find(|state| state.name == name);
    let is_stale = known.as_ref().is_some_and(|it| it.last_error.is_some());
    let state = match state {
        State::Ok if is_stale => State::Note,
        state => state,
    };
    let kept = known.map_or_else(
        || "not read yet".to_owned(),
        |state| match (state.last_ok, state.last_error) {
            (_, Some(error)) => format!("last sync failed: {error}"),
            (Some(then), None) => {
                format!("{} entities, {} ago", state.entities, open::age(then))
            }
            (None, None) => "not read yet".to_owned(),
        },
    );
    Check::new("source", state, format!("{name}: {reach}; {kept}"))
}

/// Whether an instance answers, and how it lets us in; never the token.
fn shows(source: &Source, instance: &Instance, session: &Session) -> (State, String) {
    let address = &instance.base_url;
    match work::run(async |_| sync::instance::look(session, source).await) {
        Ok(Ok(Some((entities, sign_in)))) => (
            State::Ok,
            format!("{address} lets us in {sign_in} and shows {entities} entities"),
        ),
        Ok(Ok(None)) => (State::Wrong, format!("{address} is no Backstage")),
        Ok(Err(error)) => (State::Wrong, error.to_string()),
        Err(error) => (State::Wrong, error.to_string()),
    }
}

/// Whether a source can be got at.
fn reach(source: &Source, offline: bool) -> (State, String) {
    let path = match source {
        Source::Demo => return (State::Ok, "built in".to_owned()),
        Source::Folder(path) | Source::File(path) => path,
        Source::Glob(_) => return (State::Ok, "local".to_owned()),
        Source::Url(text) => {
            let url = url::Url::parse(text).ok();
            let port = url.as_ref().and_then(url::Url::port_or_known_default);
            return host_answers(url.as_ref().and_then(url::Url::host_str), port, offline);
        }
        Source::Git(git) => {
            let url = url::Url::parse(&git.remote).ok();
            let port = url.as_ref().and_then(|url| match url.scheme() {
                "ssh" => Some(url.port().unwrap_or(22)),
                _ => url.port_or_known_default(),
            });
            return host_answers(url.as_ref().and_then(url::Url::host_str), port, offline);
        }
        Source::Unsupported { reason, .. } => return (State::Wrong, reason.clone()),
        Source::Backstage(instance) => {
            return host_answers(Some(&instance.host()), Some(443), offline);
        }
        Source::Provider(_) | Source::People(_) => {
            let host = source.known_host().map(|(host, _)| host);
            let url = url::Url::parse(&format!("https://{}", host.unwrap_or_default())).ok();
            let port = url.as_ref().and_then(url::Url::port_or_known_default);
            return host_answers(url.as_ref().and_then(url::Url::host_str), port, offline);
        }
    };
    if path.exists() {
        (State::Ok, "there".to_owned())
    } else {
        (State::Wrong, "not there; correct the path".to_owned())
    }
}

fn host_answers(host: Option<&str>, port: Option<u16>, offline: bool) -> (State, String) {
    let (Some(host), Some(port)) = (host, port) else {
        return (State::Ok, "local".to_owned());
    };
    if offline {
        return (State::Note, "not asked, --offline".to_owned());
    }
    let answered = (host, port)
        .to_socket_addrs()
        .ok()
        .and_then(|mut addresses| addresses.next())
        .is_some_and(|address| TcpStream::connect_timeout(&address, PATIENCE).is_ok());
    if answered {
        (State::Ok, format!("{host} answers"))
    } else {
        (
            State::Wrong,
            format!("{host} cannot be reached; check the network"),
        )
    }
}
