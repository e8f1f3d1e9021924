//! `stagedoor new`: runs a software template.

mod ask;
mod print;
mod template;
mod values;

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use color_eyre::eyre::{Result, WrapErr};

use super::args::{Format, Global};
use super::console::Console;
use super::data;
use super::exit::{Exit, Failure};
use super::work;
use crate::scaffolder::form;
use crate::scaffolder::journal::{self, Journal};
use crate::scaffolder::run::{Event, Job, Report, Status};
use crate::scaffolder::{Answers, Template};
use crate::sync;
use template::Chosen;
use values::Values;

pub(crate) use values::read_values;

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The template: an entity reference, a name, or a file
    #[arg(value_name = "TEMPLATE")]
    template: String,

    /// The answers, in YAML or JSON: parameters, or an object with only the keys parameters, secrets, user, catalog,
    /// mocks, taskId
    #[arg(long, value_name = "FILE")]
    values: Option<PathBuf>,

    /// One answer; the value is read as YAML; repeatable, wins over --values
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,

    /// Carry out local actions in --out, only simulate those with remote effects
    #[arg(long)]
    dry_run: bool,

    /// The workspace: an empty folder, or one that is made
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Where stagedoor:publish:local makes new repositories [default: the folder you stand in]
    #[arg(long, value_name = "DIR")]
    repositories: Option<PathBuf>,

    /// Do not ask before it runs
    #[arg(short, long)]
    yes: bool,
}

pub(crate) fn run(args: &NewArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = super::format(global, &[Format::Table, Format::Json, Format::Yaml])?;
    let mut values = Values::read(args.values.as_deref(), &args.set)?;
    let chosen = Chosen::open(&args.template, global, console)?;
    let template = &chosen.template;
    if let Some(host) = sync::runs::runs_at(&chosen.session, &template.source) {
        console.note(&format!("{} runs at {host}", template.entity_ref));
    }
    complete(template, &mut values.answers)?;
    if !args.yes && !args.dry_run && ask::can() && !ask::confirm(template, &values.answers)? {
        return Ok(Exit::Interrupted);
    }
    let (workspace, temporary) = workspace(args)?;
    let task_id = values.task_id.clone().unwrap_or_else(journal::new_id);
    let user = values.user.clone().unwrap_or_else(|| chosen.user());
    let outside = chosen.outside(std::mem::take(&mut values.catalog));
    let mocks = std::mem::take(&mut values.mocks);
    let repositories = match &args.repositories {
        Some(folder) => folder.clone(),
        None => std::env::current_dir()?,
    };
    let job = Job {
        template,
        answers: &values.answers,
        user,
        task_id,
        workspace: &workspace,
        repositories: Some(&repositories),
        dry_run: args.dry_run,
        strict: false,
        mocks,
    };
    let report = carry_out(&job, &outside, &chosen, format == Format::Table, console)?;
    match format {
        Format::Json => data::write_json(&mut console.out, &report)?,
        Format::Yaml => data::write_yaml(&mut console.out, &serde_json::to_value(&report)?)?,
        _ => print::report(
            &report,
            (!temporary).then_some(workspace.as_path()),
            console,
        )?,
    }
    if temporary {
        // What a run leaves behind in a folder nobody asked for is of no use.
        let _ = std::fs::remove_dir_all(&workspace);
    }
    Ok(match report.status {
        Status::Completed => Exit::Done,
        Status::Failed => Exit::Failed,
        Status::Cancelled => Exit::Interrupted,
    })
}

/// Fills in defaults and asks for what is missing; without a terminal, missing answers are an error that names them.
fn complete(template: &Template, answers: &mut Answers) -> Result<()> {
    let mut page_at = 0;
    // Answers on one page decide which pages follow.
    while let Some(number) = form::pages(template, answers).get(page_at).copied() {
        page_at += 1;
        let Some(page) = template.pages.get(number) else {
            continue;
        };
        form::enter(page, answers);
        if ask::can() && !form::check(page, answers).is_empty() {
            ask::page(page, answers)?;
        }
    }
    let wrong: Vec<String> = form::pages(template, answers)
        .into_iter()
        .filter_map(|number| template.pages.get(number))
        .flat_map(|page| form::check(page, answers))
        .map(|error| {
            let name = error.path.trim_start_matches('/').replace('/', ".");
            format!("{name}: {}", error.message)
        })
        .collect();
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "{} cannot run with these values:\n  {}",
        template.entity_ref,
        wrong.join("\n  ")
    ))
    .help("--set NAME=VALUE, or --values FILE")
    .into())
}

/// The folder to work in, and whether it is only for this run.
fn workspace(args: &NewArgs) -> Result<(PathBuf, bool)> {
    let Some(out) = &args.out else {
        let folder = tempfile::Builder::new().prefix("stagedoor-").tempdir()?;
        return Ok((folder.keep(), true));
    };
    let taken = match std::fs::read_dir(out) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => {
            return Err(error).wrap_err_with(|| format!("{} cannot be used", out.display()));
        }
    };
    if taken {
        return Err(Failure::usage(format!("{} is not empty", out.display()))
            .help("--out with a folder that is empty or does not exist yet")
            .into());
    }
    std::fs::create_dir_all(out).wrap_err_with(|| format!("{} cannot be made", out.display()))?;
    Ok((out.canonicalize()?, false))
}

/// Runs `job` on a thread of its own, tells its log as it comes, and keeps its journal. A dry run leaves none.
fn carry_out(
    job: &Job<'_>,
    outside: &template::World,
    chosen: &Chosen,
    tell: bool,
    console: &Console,
) -> Result<Report> {
    let mut journal = if job.dry_run {
        None
    } else {
        Some(Journal::begin(&chosen.session.dir.join("runs"), job)?)
    };
    let report = work::run(async |cancel| {
        tokio::task::block_in_place(|| {
            let mut hear = |event: Event| {
                if tell {
                    print::event(&event, job.template, console);
                }
                if let Some(kept) = &mut journal
                    && let Err(error) = kept.event(&event)
                {
                    console.warn(&error.to_string());
                    journal = None;
                }
            };
            let stop = || cancel.is_cancelled();
            sync::runs::carry_out(&chosen.session, job, outside, &stop, &mut hear)
        })
    })?;
    if let Some(journal) = journal {
        journal.finish(&report)?;
    }
    Ok(report)
}

/// One session for the outside world and for the catalog.
pub(crate) type SharedSession = Arc<sync::Session>;
