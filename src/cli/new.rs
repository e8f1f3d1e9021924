//! `stagedoor new`: runs a software template.

pub(super) mod ask;
mod carry_out;
mod place;
mod print;
mod template;
mod values;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use color_eyre::eyre::{Result, WrapErr};

use super::args::{Format, Global};
use super::console::Console;
use super::exit::{Exit, Failure};
use crate::scaffolder::form;
use crate::scaffolder::journal;
use crate::scaffolder::run::{Aim, reaches_out, unknown_actions};
use crate::scaffolder::{Answers, Template};
use crate::sync;
use crate::sync::runs::kept::Order;

pub(super) use carry_out::Run;
pub(super) use print::event;
pub(super) use template::{Chosen, World};
pub(super) use values::Values;
pub(crate) use values::read_values;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of the command line")]
pub(crate) struct NewArgs {
    /// The template: an entity reference, a name, or a file
    #[arg(value_name = "TEMPLATE")]
    template: String,

    /// The answers, in YAML or JSON: parameters, or an object with only the keys parameters, secrets, user, catalog,
    /// mocks, taskId
    #[arg(long, value_name = "FILE")]
    values: Option<PathBuf>,

    /// Begin with the answers of the template's last run; --values and --set win over them
    #[arg(long)]
    last: bool,

    /// One answer; the value is read as YAML; repeatable, wins over --values
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,

    /// Carry out local actions in --out, only simulate those with remote effects
    #[arg(long)]
    dry_run: bool,

    /// Refuse inputs that an action does not take, instead of leaving them out with a warning
    #[arg(long)]
    strict: bool,

    /// The workspace: an empty folder, or one that is made
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Where stagedoor:publish:local makes new repositories [default: the folder you stand in]
    #[arg(long, value_name = "DIR")]
    repositories: Option<PathBuf>,

    /// Run the whole template at this running Backstage, not here: a name under stagedoor.backstage, its host, or its address
    #[arg(long, value_name = "INSTANCE")]
    at: Option<String>,

    /// Have the repository remember template, revision and answers in .stagedoor-answers.yaml, so that `template update`
    /// can bring it up to date [default: stagedoor.remember]
    #[arg(long, overrides_with = "no_remember")]
    remember: bool,

    /// Leave no such file in it
    #[arg(long, overrides_with = "remember")]
    no_remember: bool,

    /// Do not ask before it runs
    #[arg(short, long)]
    yes: bool,
}

pub(crate) fn run(args: &NewArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = super::format(global, &[Format::Table, Format::Json, Format::Yaml])?;
    let mut values = Values::read(args.values.as_deref(), &args.set)?;
    let mut chosen = Chosen::open(&args.template, global, console)?;
    match &args.at {
        Some(name) => place::move_to(&mut chosen, name)?,
        None if !args.yes && !args.dry_run && ask::can() => {
            place::offer(&mut chosen, &values, console)?;
        }
        None => {}
    }
    let template = &chosen.template;
    if let Some(host) = sync::runs::runs_at(&chosen.session, &template.source) {
        console.note(&format!("{} runs at {host}", template.entity_ref));
    }
    if args.last {
        values.answers = last(&chosen, &values.answers)?;
    }
    complete(template, &mut values.answers)?;
    let can_remember = sync::runs::runs_at(&chosen.session, &template.source).is_none();
    let mut remember =
        (args.remember || (!args.no_remember && chosen.session.config.remember)) && can_remember;
    if !args.yes && !args.dry_run && ask::can() {
        if !ask::confirm(template, &values.answers)? {
            return Ok(Exit::Interrupted);
        }
        if can_remember && !args.remember && !args.no_remember {
            remember = ask::remember(remember)?;
        }
    }
    let user = values.user.clone().unwrap_or_else(|| chosen.user());
    let outside = chosen.outside(std::mem::take(&mut values.catalog));
    if !args.yes && !args.dry_run && !ask::can() {
        // What cannot run at all says so by itself.
        let can_run = unknown_actions(template, &values.mocks, &outside).is_empty();
        if !can_remember || (can_run && reaches_out(template)) {
            return Err(Failure::usage(format!(
                "{} makes things beyond this folder: it does not run without a yes",
                template.entity_ref
            ))
            .help("--yes runs it; --dry-run shows what it would make and ask for")
            .into());
        }
    }
    let repositories = match &args.repositories {
        Some(folder) => folder.clone(),
        None => std::env::current_dir()?,
    };
    let out = args.out.as_deref().map(folder).transpose()?;
    let order = Order {
        template,
        answers: &values.answers,
        user,
        task_id: values.task_id.clone(),
        out: out.as_deref(),
        repositories: &repositories,
        strict: args.strict,
        mocks: std::mem::take(&mut values.mocks),
        earlier: None,
        aim: if remember { Aim::Remember } else { Aim::Plain },
    };
    let run = Run {
        order,
        outside: &outside,
        session: &chosen.session,
        format,
    };
    if args.dry_run {
        run.plan(console)
    } else {
        run.carry_out(console)
    }
}

/// The answers of the template's last run, with `given` over them.
fn last(chosen: &Chosen, given: &Answers) -> Result<Answers> {
    let name = chosen.template.entity_ref.to_string();
    let mut runs = journal::list(&chosen.session.runs).into_iter();
    let Some(record) = runs.find(|record| record.template == name) else {
        return Err(Failure::work(format!("{name} was not run from here yet")).into());
    };
    let mut answers = given.clone();
    for (key, value) in record.answers().parameters {
        answers.parameters.entry(key).or_insert(value);
    }
    Ok(answers)
}

/// Fills in defaults and asks for what is missing; without a terminal, missing answers are an error that names them.
pub(super) fn complete(template: &Template, answers: &mut Answers) -> Result<()> {
    complete_but(template, answers, &[], ask::can())
}

/// Like [`complete`], but what is missing at the paths `withheld`, or is a secret of that name, is not needed; nothing is
/// asked unless `asks`.
pub(super) fn complete_but(
    template: &Template,
    answers: &mut Answers,
    withheld: &[String],
    asks: bool,
) -> Result<()> {
    let is_wanted = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        !withheld.iter().any(|it| it == path || it == name)
    };
    let mut page_at = 0;
    // Answers on one page decide which pages follow.
    while let Some(number) = form::pages(template, answers).get(page_at).copied() {
        page_at += 1;
        let Some(page) = template.pages.get(number) else {
            continue;
        };
        form::fill(page, answers);
        let wrong = form::check(page, answers);
        if asks && wrong.iter().any(|error| is_wanted(&error.path)) {
            ask::page(page, answers, &is_wanted)?;
        }
    }
    let wrong: Vec<String> = form::pages(template, answers)
        .into_iter()
        .filter_map(|number| template.pages.get(number))
        .flat_map(|page| form::check(page, answers))
        .filter(|error| is_wanted(&error.path))
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

/// The folder that the user named, made if need be; one that holds something is refused.
fn folder(out: &Path) -> Result<PathBuf> {
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
    Ok(out.canonicalize()?)
}

/// One session for the outside world and for the catalog.
pub(crate) type SharedSession = Arc<sync::Session>;
