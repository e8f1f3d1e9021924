//! `stagedoor runs`: what became of runs of templates, and going on with one that failed.

mod clean;
mod resume;
mod show;

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use clap::Subcommand;
use color_eyre::eyre::Result;
use serde_json::{Value, json};

use super::args::{Format, Global};
use super::console::Console;
use super::data;
use super::exit::{Exit, Failure};
use super::open;
use super::style::Ink;
use super::table::{Cell, Table};
use crate::config::Env;
use crate::scaffolder::journal::{self, Record, State};
use crate::scaffolder::run::Status;
use crate::sync::runs::kept;

#[derive(Debug, Subcommand)]
pub(crate) enum RunsCommand {
    /// All runs, latest first
    List,
    /// One run: its answers, steps, log and results
    Show(show::ShowArgs),
    /// Go on with a run that failed, was stopped or broke off, where it ended
    Resume(resume::ResumeArgs),
    /// Forget runs, and remove what failed ones made at hosts
    Clean(clean::CleanArgs),
}

pub(crate) fn run(command: &RunsCommand, global: &Global, console: &mut Console) -> Result<Exit> {
    match command {
        RunsCommand::List => list(global, console),
        RunsCommand::Show(args) => show::run(args, global, console),
        RunsCommand::Resume(args) => resume::run(args, global, console),
        RunsCommand::Clean(args) => clean::run(args, global, console),
    }
}

fn list(global: &Global, console: &mut Console) -> Result<Exit> {
    let formats = [Format::Table, Format::Json, Format::Yaml, Format::Name];
    let format = super::format(global, &formats)?;
    let runs = folder(global);
    let records = journal::list(&runs);
    let values = || {
        records
            .iter()
            .map(|record| value(record, record.state(&runs)))
    };
    match format {
        Format::Json => data::write_json(&mut console.out, &values().collect::<Vec<_>>())?,
        Format::Yaml => data::write_yaml(&mut console.out, &values().collect())?,
        Format::Name => {
            use std::io::Write as _;
            for record in &records {
                writeln!(console.out, "{}", record.id)?;
            }
        }
        _ => {
            let mut table = Table::new(&["RUN", "STATE", "TEMPLATE", "BY", "AGE", "STEPS"]);
            for record in &records {
                table.row(row(record, record.state(&runs)));
            }
            table.write(console)?;
        }
    }
    if records.is_empty() {
        console.note("no template was run yet; `stagedoor new TEMPLATE` runs one");
    }
    Ok(Exit::Done)
}

fn row(record: &Record, state: State) -> [Cell; 6] {
    let done = record
        .steps
        .iter()
        .filter(|step| step.state.is_over())
        .count();
    let began = SystemTime::UNIX_EPOCH + Duration::from_secs(record.started);
    [
        Cell::new(&record.id, Ink::Bold),
        Cell::new(state.word(), ink(state)),
        Cell::from(super::short_ref(&record.template)),
        Cell::from(record.by.as_deref().map_or("", super::short_ref)),
        Cell::new(&open::age(began), Ink::Dim),
        Cell::new(&format!("{done}/{}", record.steps.len()), Ink::Dim),
    ]
}

fn ink(state: State) -> Ink {
    match state {
        State::Running => Ink::Accent,
        State::Ended(Status::Completed) => Ink::Good,
        State::Ended(Status::Cancelled) => Ink::Dim,
        State::BrokenOff | State::Ended(Status::Failed) => Ink::Bad,
    }
}

/// A run as data: the record, and where it stands.
fn value(record: &Record, state: State) -> Value {
    let mut value = serde_json::to_value(record).unwrap_or_default();
    value["state"] = json!(state.word());
    value["links"] = (record.report().links().iter())
        .map(|link| json!({ "title": link.title, "url": link.url, "entityRef": link.entity_ref }))
        .collect();
    value
}

/// The folder in which runs are kept.
fn folder(global: &Global) -> PathBuf {
    let env = Env::process();
    let named = global.cache_dir.as_ref().map(|dir| env.cwd().join(dir));
    kept::folder(named.as_deref(), &env)
}

/// The run that `text` means: its id, a part of it that no other has, or `last`.
fn find(global: &Global, text: &str) -> Result<(PathBuf, Record)> {
    let runs = folder(global);
    let mut records = journal::list(&runs);
    records.retain(|record| text == "last" || record.id.contains(text));
    let unknown = || {
        Failure::usage(format!("there is no run {text}"))
            .help("`stagedoor runs list` names them; `last` is the latest")
    };
    if text != "last" && records.iter().all(|record| record.id != text) && records.len() > 1 {
        return Err(
            Failure::usage(format!("{text} could be any of {} runs", records.len()))
                .help("more of its id")
                .into(),
        );
    }
    let exact = records.iter().position(|record| record.id == text);
    match records.into_iter().nth(exact.unwrap_or(0)) {
        Some(record) => Ok((runs, record)),
        None => Err(unknown().into()),
    }
}
