//! `stagedoor runs resume`: goes on with a run where it ended.

use std::path::PathBuf;

use clap::Args;
use color_eyre::eyre::Result;

use super::super::args::{Format, Global};
use super::super::console::Console;
use super::super::exit::{Exit, Failure};
use super::super::format;
use super::super::new::{Chosen, Run, Values, complete};
use crate::scaffolder::journal::{Record, not_given};
use crate::scaffolder::run::Aim;
use crate::sync::runs::kept::Order;

#[derive(Debug, Args)]
#[command(after_help = "\
Steps that were done stay done; where the answers have changed, those that only write files are done again. A repository
that the run has made already is filled, not made twice.")]
pub(crate) struct ResumeArgs {
    /// The run: its id, a part of it, or `last`
    #[arg(value_name = "RUN", default_value = "last")]
    run: String,

    /// Other answers, and secrets, which are not kept: as for `new`
    #[arg(long, value_name = "FILE")]
    values: Option<PathBuf>,

    /// One other answer; the value is read as YAML; repeatable, wins over --values
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

pub(super) fn run(args: &ResumeArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = format(global, &[Format::Table, Format::Json, Format::Yaml])?;
    let (_, record) = super::find(global, &args.run)?;
    if let Some(wish) = &record.update {
        let values = Values::read(args.values.as_deref(), &args.set)?;
        return super::super::template::resume(&record, wish, values, global, console);
    }
    let mut values = Values {
        answers: record.answers(),
        ..Values::default()
    };
    values.add(Values::read(args.values.as_deref(), &args.set)?);
    let chosen = open(&record, global, console)?;
    complete(&chosen.template, &mut values.answers)?;
    given_again(&record, &values)?;
    let user = values.user.clone().unwrap_or_else(|| chosen.user());
    let outside = chosen.outside(std::mem::take(&mut values.catalog));
    let here = std::env::current_dir()?;
    let run = Run {
        order: Order {
            template: &chosen.template,
            answers: &values.answers,
            user,
            task_id: None,
            out: record.out.as_deref(),
            repositories: record.repositories.as_deref().unwrap_or(&here),
            strict: false,
            mocks: std::mem::take(&mut values.mocks),
            earlier: Some(&record),
            aim: if record.remember {
                Aim::Remember
            } else {
                Aim::Plain
            },
        },
        outside: &outside,
        session: &chosen.session,
        format,
    };
    run.carry_out(console)
}

/// The template of `record`, as it is now.
fn open(record: &Record, global: &Global, console: &Console) -> Result<Chosen> {
    let file = record.location.strip_prefix("file:");
    match file.filter(|file| std::path::Path::new(file).is_file()) {
        Some(file) => Chosen::named(file, &record.template, global),
        None => Chosen::open(&record.template, global, console),
    }
}

/// What was kept back of the answers must be given anew.
fn given_again(record: &Record, values: &Values) -> Result<()> {
    let missing: Vec<&str> = not_given(&record.withheld, &values.answers)
        .into_iter()
        .map(|name| name.trim_start_matches('/'))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(", ");
    Err(
        Failure::usage(format!("secrets are not kept; give again: {names}"))
            .help("--values FILE, with `secrets: {NAME: …}` beside `parameters`")
            .into(),
    )
}
