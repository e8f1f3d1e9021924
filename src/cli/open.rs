//! What every reading command does first: find the set of sources, fill an empty cache from local ones, open the index.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use color_eyre::eyre::Result;

use super::args::Global;
use super::console::Console;
use super::exit::{Exit, Failure};
use super::progress::Progress;
use super::work;
use crate::catalog::Index;
use crate::config::{Env, SourceSet};
use crate::runtime::personal::{self, Answers};
use crate::search::{Context, Query};
use crate::store::{Mended, SourceState, Store};
use crate::sync::{self, Options, Session, SyncError};

/// One set of sources with its catalog.
pub(crate) struct Catalog {
    pub(crate) session: Arc<Session>,
    pub(crate) store: Arc<Store>,
    pub(crate) index: Index,
}

/// What the global options say about the set of sources.
pub(crate) fn options(global: &Global) -> Options {
    Options {
        config: global.config.clone(),
        sources: global.source.clone(),
        cache_dir: global.cache_dir.clone(),
        offline: global.offline,
        heal: false,
    }
}

/// Opens the set of sources that the global options name.
pub(crate) fn session(global: &Global, console: &Console) -> Result<Session> {
    session_with(&options(global), console)
}

/// Opens a set of sources and says what it is, where its user named none.
pub(crate) fn session_with(options: &Options, console: &Console) -> Result<Session> {
    let session = Session::open(options, Env::process())?;
    if let Some(healed) = &session.healed {
        console.warn(&format!("{healed}; it was moved aside and is built anew"));
    }
    for file in &session.config.files {
        console.detail(&format!("config {}", file.display()));
    }
    console.detail(&format!("cache {}", session.dir.display()));
    if let Some(hint) = &session.set.hint {
        console.note(hint);
    }
    Ok(session)
}

impl Catalog {
    /// Opens the catalog for reading. Local sources are read where they are newer than what is kept; no host is asked.
    pub(crate) fn open(global: &Global, console: &Console) -> Result<Self> {
        let session = session(global, console)?;
        let progress = Progress::new(console);
        let ensured = work::run(async |cancel| {
            sync::ensure(&session, &|step| progress.step(&step), &cancel).await
        })?;
        progress.clear();
        let failed = match ensured {
            Ok(_) => None,
            Err(SyncError::Cancelled) => return Err(SyncError::Cancelled.into()),
            Err(error) => Some(error),
        };
        let store = Arc::clone(&session.store);
        let (index, mended) = store.index_told()?;
        match mended {
            Some(mended @ Mended::OtherVersion { .. }) => console.note(&mended.to_string()),
            Some(mended) => console.warn(&mended.to_string()),
            None => {}
        }
        let states = store.sources()?;
        if index.is_empty() {
            if let Some(error) = failed {
                return Err(error.into());
            }
            check_that_something_is_kept(&session.set, &states)?;
            console.note(
                "the catalog is empty; `stagedoor doctor` shows where entities are looked for",
            );
        } else if let Some(error) = failed {
            console.warn(&format!("{error}; shown is what was kept before"));
        }
        for state in &states {
            warn_of(state, console);
        }
        Ok(Self {
            session: Arc::new(session),
            store,
            index,
        })
    }

    /// Who uses it, what they starred, visited and saved, and what the record answers to `query`.
    pub(crate) fn context(&self, query: &Query) -> Result<Context> {
        let context = personal::context(&self.store, &self.index, &self.session)?;
        let answers = Answers::default();
        let context = answers.asked(&self.store, &self.index, query, &context, &|| false)?;
        Ok(context.into_owned())
    }
}

/// An empty catalog is an error where a host was never asked with success: the user would take it for the truth.
fn check_that_something_is_kept(set: &SourceSet, states: &[SourceState]) -> Result<(), Failure> {
    for source in set.sources.iter().filter(|source| !source.is_local()) {
        let name = source.to_string();
        let state = states.iter().find(|state| state.name == name);
        if state.is_some_and(|state| state.last_ok.is_some()) {
            continue;
        }
        let why = state
            .and_then(|state| state.last_error.as_deref())
            .map(|error| format!(": {error}"))
            .unwrap_or_default();
        return Err(Failure::new(
            Exit::Unreachable,
            format!("nothing of {name} is kept yet{why}"),
        )
        .help("stagedoor sync, to read it"));
    }
    Ok(())
}

fn warn_of(state: &SourceState, console: &Console) {
    let Some(error) = &state.last_error else {
        return;
    };
    let kept = match state.last_ok {
        Some(then) => format!("shown is what it had {} ago", age(then)),
        None => "nothing of it is kept".to_owned(),
    };
    console.warn(&format!("{}: {error}; {kept}", state.name));
}

/// The time since `then`, in the largest unit that fits: "3 h".
pub(crate) fn age(then: SystemTime) -> String {
    span(SystemTime::now().duration_since(then).unwrap_or_default())
}

fn span(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_in_one_unit() {
        for (seconds, expected) in [(5, "5 s"), (61, "1 min"), (7_300, "2 h"), (200_000, "2 d")] {
            assert_eq!(span(Duration::from_secs(seconds)), expected);
        }
    }
}
