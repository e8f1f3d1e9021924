//! A run that is written down as it goes, from its beginning or from where it failed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{carry_out, runs_at};
use crate::config::Env;
use crate::scaffolder::journal::{self, Journal, JournalError, Record, State};
use crate::scaffolder::outside::Outside;
use crate::scaffolder::run::{Aim, Event, Job, LogLevel, Past, PastError};
use crate::scaffolder::workspace::Workspace;
use crate::scaffolder::{Answers, Template};
use crate::sync::Session;

/// What to run.
#[derive(Debug)]
pub struct Order<'a> {
    /// The template.
    pub template: &'a Template,
    /// The answers.
    pub answers: &'a Answers,
    /// `{ref, entity}` of who runs it; `null` if unknown.
    pub user: Value,
    /// `context.task.id`; the run's id without one.
    pub task_id: Option<String>,
    /// The folder for the files, absolute; without one they go with the journal.
    pub out: Option<&'a Path>,
    /// Where `stagedoor:publish:local` may make repositories.
    pub repositories: &'a Path,
    /// Unknown inputs are refused instead of dropped with a warning.
    pub strict: bool,
    /// Outputs given for actions by id instead of carrying them out.
    pub mocks: Map<String, Value>,
    /// The run that this one takes up.
    pub earlier: Option<&'a Record>,
    /// What it is for beside.
    pub aim: Aim<'a>,
}

/// Why nothing was run.
#[derive(Debug, thiserror::Error)]
pub enum KeptError {
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// What was done cannot be taken up.
    #[error(transparent)]
    Past(#[from] PastError),
    /// It is no run that ended early.
    #[error("the run {id} is {state}; only one that failed, was stopped or broke off goes on")]
    State {
        /// The run.
        id: String,
        /// Where it stands.
        state: &'static str,
    },
    /// It runs elsewhere.
    #[error("this template runs at {0}, which does not take runs up; start a new one")]
    Elsewhere(String),
    /// The user's folder holds what the run did not put there.
    #[error("{folder} holds {path}, which the run did not make; move it away, then resume again")]
    Foreign {
        /// The folder.
        folder: PathBuf,
        /// The path in it.
        path: String,
    },
}

/// The folder in which runs are kept: below the one that the user named for everything, else in that for state. They are no
/// cache: nothing brings them back.
pub fn folder(named: Option<&Path>, env: &Env) -> PathBuf {
    named.unwrap_or_else(|| env.state_dir()).join("runs")
}

/// Runs `order` and keeps its journal. Blocks.
pub fn run(
    session: &Arc<Session>,
    order: &Order<'_>,
    outside: &dyn Outside,
    stop: &dyn Fn() -> bool,
    events: &mut dyn FnMut(Event),
) -> Result<Record, KeptError> {
    let runs = session.runs.as_path();
    journal::sweep(runs);
    let past = match order.earlier {
        Some(earlier) => Some(past(session, runs, earlier, order)?),
        None => None,
    };
    let id = order
        .earlier
        .map_or_else(journal::new_id, |it| it.id.clone());
    let own = runs.join(&id).join("workspace");
    let task_id = order.earlier.map(|earlier| earlier.task_id.clone());
    let job = Job {
        template: order.template,
        answers: order.answers,
        user: order.user.clone(),
        task_id: task_id
            .or_else(|| order.task_id.clone())
            .unwrap_or_else(|| id.clone()),
        started: order.earlier.map_or_else(journal::now, |it| it.started),
        past: past.as_ref(),
        workspace: order.out.unwrap_or(&own),
        repositories: Some(order.repositories),
        dry_run: false,
        strict: order.strict,
        mocks: order.mocks.clone(),
        aim: order.aim,
    };
    let mut journal = Journal::begin(runs, &id, &job, order.out, order.earlier)?;
    let mut unwritten = false;
    let mut hear = |event: Event| {
        let kept = journal.event(&event);
        events(event);
        // Said once: the reason will not go away by itself.
        if let Err(error) = kept
            && !std::mem::replace(&mut unwritten, true)
        {
            events(Event::Log {
                step: None,
                level: LogLevel::Warning,
                line: error.to_string(),
            });
        }
    };
    let report = carry_out(session, &job, outside, stop, &mut hear);
    Ok(journal.finish(&report)?)
}

/// What `earlier` left for `order`, with an empty workspace where its own is of no use.
fn past(
    session: &Session,
    runs: &Path,
    earlier: &Record,
    order: &Order<'_>,
) -> Result<Past, KeptError> {
    let state = earlier.state(runs);
    if !state.can_go_on() {
        let (id, state) = (earlier.id.clone(), state.word());
        return Err(KeptError::State { id, state });
    }
    let sources = [&order.template.source, &earlier.source];
    let mut hosts = sources.into_iter().filter_map(|it| runs_at(session, it));
    if let Some(host) = hosts.next() {
        return Err(KeptError::Elsewhere(host));
    }
    let as_before = state != State::BrokenOff && earlier.is_answered_by(order.answers);
    let past = Past::of(
        order.template,
        &earlier.steps,
        &earlier.made,
        earlier.has_files(runs),
        as_before,
    )?;
    if !past.workspace_stands {
        match &earlier.out {
            Some(out) => empty(out, earlier)?,
            None => journal::clear(runs, earlier)?,
        }
    }
    Ok(past)
}

/// Takes away what the run put into the folder `out` of the user, and nothing else.
fn empty(out: &Path, earlier: &Record) -> Result<(), KeptError> {
    let there = Workspace::tree_of(out);
    let foreign = there
        .iter()
        .find(|entry| !earlier.tree.iter().any(|known| known == *entry));
    if let Some(foreign) = foreign {
        return Err(KeptError::Foreign {
            folder: out.to_owned(),
            path: foreign.path.clone(),
        });
    }
    for entry in there.iter().rev() {
        let path = out.join(&entry.path);
        let gone = if entry.path.ends_with('/') {
            std::fs::remove_dir(&path)
        } else {
            std::fs::remove_file(&path)
        };
        gone.map_err(|source| JournalError::Io { path, source })?;
    }
    Ok(())
}
