//! `stagedoor template update`: brings repositories up to date with the template they were made from.

mod prepare;
mod tell;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use color_eyre::eyre::Result;
use serde_json::Map;

use super::super::args::{Format, Global};
use super::super::console::Console;
use super::super::exit::{Exit, Failure};
use super::super::new::{SharedSession, Values, ask};
use super::super::open::Catalog;
use super::super::{data, format, work};
use crate::scaffolder::journal::Record;
use crate::scaffolder::run::{Aim, Status};
use crate::scaffolder::update::{Merged, Target, Update, Wish};
use crate::sync::outside::Hosts;
use crate::sync::runs::kept::{self, Order};
use crate::sync::update::candidates;

use ask::Letter;
use prepare::Prepared;
use tell::{Outcome, State};

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of the command line")]
#[command(after_help = "\
The template is rendered as it was when the repository was made and as it is now, with the answers that the repository
remembers in .stagedoor-answers.yaml; what changed between the two is merged three ways and proposed on a branch. Files
that both sides changed hold Git's markers, and the command ends with 1. Without --yes it shows what would change and asks.")]
pub(crate) struct UpdateArgs {
    /// The repository: a folder, an address, or an entity of it [default: the folder you stand in]
    #[arg(value_name = "REPO", conflicts_with = "all")]
    repository: Option<String>,

    /// All repositories that came from --template
    #[arg(long, requires = "template")]
    all: bool,

    /// The template, where it is another than your catalog has: a reference, a name, or a file
    #[arg(long, value_name = "TEMPLATE")]
    template: Option<String>,

    /// With --all: look for .stagedoor-answers.yaml in every repository of the catalog
    #[arg(long, requires = "all")]
    search: bool,

    /// Other answers, and secrets, which are not kept: as for `new`
    #[arg(long, value_name = "FILE")]
    values: Option<PathBuf>,

    /// One other answer; the value is read as YAML; repeatable, wins over --values
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,

    /// The commit of the template to begin at, where the one that is remembered is gone
    #[arg(long, value_name = "COMMIT")]
    from: Option<String>,

    /// The branch to make [default: stagedoor/TEMPLATE-COMMIT]
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,

    /// Make the branch, and ask nobody to merge it
    #[arg(long)]
    no_request: bool,

    /// Refuse where files have to be settled by hand
    #[arg(long)]
    no_conflicts: bool,

    /// Show what would change, as a patch, and do nothing
    #[arg(long)]
    dry_run: bool,

    /// Do not ask before the branch is made
    #[arg(short, long)]
    yes: bool,
}

/// What all repositories of one command have in common.
struct Desk<'a> {
    session: SharedSession,
    catalog: Option<Catalog>,
    global: &'a Global,
    format: Format,
}

pub(super) fn run(args: &UpdateArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = format(global, &[Format::Table, Format::Json, Format::Yaml])?;
    if !args.yes && !args.dry_run && !ask::can() {
        return Err(Failure::usage("no branch is made without a yes")
            .help("--yes makes it; --dry-run shows what would change")
            .into());
    }
    let desk = Desk::open(args.template.as_deref(), global, format, console)?;
    let targets = if args.all {
        let template = args.template.as_deref().unwrap_or_default();
        desk.all(template, args.search)?
    } else {
        vec![desk.target(args.repository.as_deref())?]
    };
    if targets.is_empty() {
        console.note(
            "no repository is known to have come from it; --search looks into all of the catalog",
        );
    }
    let mut outcomes = Vec::new();
    for target in targets {
        let wish = Wish {
            target,
            template: args.template.clone().unwrap_or_default(),
            branch: args.branch.clone(),
            from: args.from.clone(),
            to: None,
            conflicts: !args.no_conflicts,
            request: !args.no_request,
        };
        let name = wish.target.to_string();
        match desk.one(wish, args, console) {
            Ok(outcome) => outcomes.push(outcome),
            Err(error) if args.all && Exit::of(&error) != Exit::Interrupted => {
                outcomes.push(Outcome::failed(name, &error));
            }
            Err(error) => return Err(error),
        }
        if let (Format::Table, Some(outcome)) = (format, outcomes.last()) {
            tell::outcome(outcome, console)?;
        }
    }
    let values = || outcomes.iter().map(Outcome::value);
    match (format, args.all) {
        (Format::Json, true) => data::write_json(&mut console.out, &values().collect::<Vec<_>>())?,
        (Format::Json, false) => data::write_json(&mut console.out, &values().next())?,
        (Format::Yaml, true) => data::write_yaml(&mut console.out, &values().collect())?,
        (Format::Yaml, false) => {
            data::write_yaml(&mut console.out, &values().next().unwrap_or_default())?;
        }
        _ => {}
    }
    let worst = outcomes.iter().map(Outcome::exit);
    Ok(worst.max_by_key(|exit| exit.code()).unwrap_or(Exit::Done))
}

/// Goes on with the update that `record` is.
pub(in crate::cli) fn resume(
    record: &Record,
    wish: &Wish,
    values: Values,
    global: &Global,
    console: &mut Console,
) -> Result<Exit> {
    let format = format(global, &[Format::Table, Format::Json, Format::Yaml])?;
    let named = Some(wish.template.as_str()).filter(|name| !name.is_empty());
    let desk = Desk::open(named, global, format, console)?;
    let mut given = Values {
        answers: record.answers(),
        ..Values::default()
    };
    given.add(values);
    let prepared = desk.prepare(wish.clone(), given, true, console)?;
    let outcome = match prepared {
        Prepared::Current { .. } => {
            return Err(Failure::work("the repository is up to date by now").into());
        }
        Prepared::Update(update, behind) => {
            desk.carry_out(&update, behind, Some(record), console)?
        }
    };
    match format {
        Format::Json => data::write_json(&mut console.out, &outcome.value())?,
        Format::Yaml => data::write_yaml(&mut console.out, &outcome.value())?,
        _ => tell::outcome(&outcome, console)?,
    }
    Ok(outcome.exit())
}

impl Desk<'_> {
    fn one(&self, wish: Wish, args: &UpdateArgs, console: &mut Console) -> Result<Outcome> {
        let values = Values::read(args.values.as_deref(), &args.set)?;
        let name = wish.target.to_string();
        let (update, behind) = match self.prepare(wish, values, false, console)? {
            Prepared::Update(update, behind) => (update, behind),
            Prepared::Current { template, revision } => {
                return Ok(Outcome::current(name, &template, &revision));
            }
        };
        let told = self.blocking(|stop| {
            let merged = update.merged(stop, &mut |line| console.warn(line))?;
            let patch = args
                .dry_run
                .then(|| update.patch(merged, stop))
                .transpose()?;
            Ok::<_, crate::scaffolder::update::UpdateError>((merged.clone(), patch))
        })?;
        let (merged, patch) = told?;
        let mut outcome = Outcome::of(&update, &merged, behind);
        if merged.is_nothing() {
            outcome.state = State::Nothing;
            return Ok(outcome);
        }
        if args.no_conflicts && !merged.conflicts.is_empty() {
            outcome.state = State::Refused;
            return Ok(outcome);
        }
        if let Some(patch) = patch {
            outcome.patch = Some(patch);
            return Ok(outcome);
        }
        if !args.yes {
            tell::plan(&outcome, console);
            if !self.agreed(&update, &merged, console)? {
                outcome.state = State::Declined;
                outcome.is_told = true;
                return Ok(outcome);
            }
        }
        let mut outcome = self.carry_out(&update, behind, None, console)?;
        outcome.is_told = !args.yes;
        Ok(outcome)
    }

    /// Asks whether the branch shall be made, and shows what changes line by line to who wants to see it first.
    fn agreed(&self, update: &Update, merged: &Merged, console: &Console) -> Result<bool> {
        let question = question(update);
        loop {
            match ask::letter(&question)? {
                Letter::Some('y') => return Ok(true),
                Letter::Some('d') => {
                    let patch = self.blocking(|stop| update.patch(merged, stop))??;
                    tell::patch(&patch, console.color_errors, &mut io::stderr())?;
                }
                _ => return Ok(false),
            }
        }
    }

    fn carry_out(
        &self,
        update: &Update,
        behind: usize,
        earlier: Option<&Record>,
        console: &mut Console,
    ) -> Result<Outcome> {
        let template = update.template();
        let here = std::env::current_dir()?;
        let order = Order {
            template: &template,
            answers: &update.theirs.answers,
            user: self.user(),
            task_id: None,
            out: None,
            repositories: &here,
            strict: false,
            mocks: Map::new(),
            earlier,
            aim: Aim::Update(update),
        };
        let hosts = self.hosts();
        let told = self.format == Format::Table;
        let record = self.blocking(|stop| {
            kept::run(&self.session, &order, &hosts, stop, &mut |event| {
                if told {
                    super::super::new::event(&event, &template, console);
                }
            })
        })??;
        let merged = self.blocking(|stop| update.merged(stop, &mut |_| {}).cloned())?;
        let mut outcome = match merged {
            Ok(merged) => Outcome::of(update, &merged, behind),
            Err(error) => Outcome::failed(update.wish.target.to_string(), &error.into()),
        };
        outcome.ran(&record);
        if record.status != Some(Status::Completed) {
            let id = &record.id;
            console.note(&format!(
                "`stagedoor runs resume {id}` goes on where it ended"
            ));
        }
        Ok(outcome)
    }

    /// Does `work` on a thread that may wait.
    fn blocking<T>(&self, work: impl FnOnce(&dyn Fn() -> bool) -> T) -> Result<T> {
        let _ = self;
        work::run(async |cancel| tokio::task::block_in_place(|| work(&|| cancel.is_cancelled())))
    }

    fn hosts(&self) -> Hosts {
        Hosts::new(Arc::clone(&self.session), Arc::clone(&self.session.store))
    }

    /// All repositories that may have come from `template`.
    fn all(&self, template: &str, search: bool) -> Result<Vec<Target>> {
        let template = self.template(template)?;
        let (session, hosts) = (&self.session, self.hosts());
        let found = candidates(session, &hosts, Some(&template.entity_ref), search)?;
        let memories = self.blocking(|_| crate::sync::update::remembered(session, &found))??;
        let name = template.entity_ref.to_string();
        // What remembers nothing, or something else, did not come from it; what could not be read is told by its update.
        let came = found
            .into_iter()
            .zip(memories)
            .filter(|(_, memory)| match memory {
                Ok(memory) => memory
                    .as_ref()
                    .is_some_and(|memory| memory.template == name),
                Err(_) => true,
            });
        Ok(came.map(|(candidate, _)| candidate.target).collect())
    }
}

/// What may be answered: yes, no, or that the changes be shown first.
const CHOICE: &str = "[y/N, d shows the changes] ";

fn question(update: &Update) -> String {
    let branch = update.branch();
    match (&update.wish.target, update.wish.request) {
        (Target::Hosted { .. }, true) => {
            format!("Push the branch {branch} and ask to merge it? {CHOICE}")
        }
        (Target::Hosted { .. }, false) => format!("Push the branch {branch}? {CHOICE}"),
        (Target::Folder(_), _) => format!("Make the branch {branch} there? {CHOICE}"),
    }
}
