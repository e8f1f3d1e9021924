//! `stagedoor runs clean`: forgets runs, and removes what those that failed made at hosts, after asking.

use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::Arc;

use clap::Args;
use color_eyre::eyre::Result;
use serde_json::Value;

use super::super::args::Global;
use super::super::console::Console;
use super::super::exit::{Exit, Failure};
use super::super::open;
use crate::catalog::text::one_line;
use crate::config::Env;
use crate::scaffolder::journal::{self, State};
use crate::scaffolder::outside::{Outside, Request};
use crate::scaffolder::run::{Made, Status, Thing};
use crate::sync::Session;
use crate::sync::outside::Hosts;

/// A day, in seconds.
const DAY: u64 = 86_400;

#[derive(Debug, Args)]
#[command(after_help = "\
Without a run it forgets those that completed. A repository that a failed run made is removed only when you say so: when
asked on a terminal, or by --remove-made together with --yes.")]
pub(crate) struct CleanArgs {
    /// Runs: their ids, parts of them, or `last`
    #[arg(value_name = "RUN")]
    runs: Vec<String>,

    /// All runs that have ended, failed ones too
    #[arg(long, conflicts_with = "runs")]
    all: bool,

    /// Only runs that began so many days ago
    #[arg(long, value_name = "DAYS")]
    older_than: Option<u64>,

    /// Also remove what failed runs made at hosts: repositories
    #[arg(long)]
    remove_made: bool,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

pub(super) fn run(args: &CleanArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let runs = super::folder(global);
    let mut records = Vec::new();
    for text in &args.runs {
        records.push(super::find(global, text)?.1);
    }
    if args.runs.is_empty() {
        records = journal::list(&runs);
        let wanted = |state| match state {
            State::Ended(Status::Completed) => true,
            State::Running => false,
            _ => args.all,
        };
        records.retain(|record| wanted(record.state(&runs)));
    }
    if let Some(days) = args.older_than {
        let limit = journal::now().saturating_sub(days.saturating_mul(DAY));
        records.retain(|record| record.started <= limit);
    }
    let asks = !args.yes && io::stdin().is_terminal() && io::stderr().is_terminal();
    let mut exit = Exit::Done;
    for mut record in records {
        let failed = record.status != Some(Status::Completed);
        let mut declined = false;
        let made: Vec<Made> = record.made.iter().filter(|_| failed).cloned().collect();
        for made in made.iter().filter(|made| made.kind == Thing::Repository) {
            let place = one_line(if made.url.is_empty() {
                &made.name
            } else {
                &made.url
            });
            let removes = if asks {
                ask(&format!(
                    "Remove {place}, which this run made, with all that is in it?"
                ))?
            } else {
                args.remove_made && args.yes
            };
            if !removes {
                console.warn(&format!("{place} stays there; the run made it"));
                declined |= asks;
                continue;
            }
            match remove(made, global) {
                Ok(()) => {
                    journal::unmade(&runs, &record.id, made)?;
                    record.made.retain(|known| !known.is_at(made));
                    console.note(&format!("removed {place}"));
                }
                Err(error) => {
                    console.fail(&format!("{error:#}"));
                    exit = Exit::Failed;
                }
            }
        }
        // What could not be removed must not be forgotten; what was not to be removed can still be filled.
        if exit == Exit::Failed && !record.made.is_empty() {
            continue;
        }
        if declined {
            let id = &record.id;
            console.note(&format!(
                "the run stays, too: `stagedoor runs resume {id}` goes on; with --yes it is forgotten"
            ));
            continue;
        }
        journal::forget(&runs, &record.id)?;
        console.note(&format!("forgot the run {}", record.id));
    }
    Ok(exit)
}

fn ask(question: &str) -> Result<bool> {
    let mut stderr = io::stderr().lock();
    write!(stderr, "{question} [y/N] ")?;
    stderr.flush()?;
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line)?;
    Ok(read > 0 && line.trim().eq_ignore_ascii_case("y"))
}

/// Removes what a run made, if it is still the same thing.
fn remove(made: &Made, global: &Global) -> Result<()> {
    let session = Arc::new(Session::open(&open::options(global), Env::process())?);
    let hosts = Hosts::new(Arc::clone(&session), Arc::clone(&session.store));
    let call = |method| {
        hosts.http(&Request {
            method,
            host: made.host.clone(),
            path: made.path.clone(),
            body: Value::Null,
            token: None,
        })
    };
    let there = call("GET")?;
    if there.status == 404 {
        return Ok(());
    }
    let id = crate::scaffolder::run::id_of(&there.body);
    if made.id.is_none() || id != made.id {
        let name = &made.name;
        return Err(Failure::work(format!(
            "{name} is not removed: it cannot be told that this run made it"
        ))
        .help("look at it, and remove it at the host")
        .into());
    }
    let gone = call("DELETE")?;
    if matches!(gone.status, 200..=299 | 404) {
        return Ok(());
    }
    let said = gone.body.get("message").and_then(Value::as_str);
    let said = said.unwrap_or("no reason given");
    Err(Failure::work(format!(
        "{} is not removed: {} {said}",
        made.name, gone.status
    ))
    .into())
}
