//! `stagedoor template preview`: a template's form and what it makes, while its files change.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use color_eyre::eyre::Result;

use super::super::args::Global;
use super::super::console::Console;
use super::super::exit::Failure;
use super::super::new::{Chosen, Values};
use super::super::{open, portal};
use crate::app::Route;
use crate::config::Env;
use crate::runtime::Launch;
use crate::sync::{Options, Session};

#[derive(Debug, Args)]
pub(crate) struct PreviewArgs {
    /// The template's file
    #[arg(value_name = "FILE")]
    template: PathBuf,

    /// Answers to begin with, in YAML or JSON
    #[arg(long, value_name = "FILE")]
    values: Option<PathBuf>,

    /// One answer to begin with; the value is read as YAML; repeatable, wins over --values
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

/// Opens the portal at the preview of a template. Nothing is run, nothing is kept.
pub(crate) fn preview(args: &PreviewArgs, global: &Global) -> Result<ExitCode> {
    let file = args.template.to_string_lossy();
    if !args.template.is_file() {
        return Err(Failure::usage(format!("{file} is no file")).into());
    }
    let values = Values::read(args.values.as_deref(), &args.set)?;
    let template = Chosen::open(&file, global, &Console::new(global))?
        .template
        .entity_ref;
    let options = Options {
        sources: vec![file.into_owned()],
        ..open::options(global)
    };
    let mut session = Session::open(&options, Env::process())?;
    let folder = args.template.canonicalize()?;
    session.watched = folder.parent().map(Path::to_owned);
    portal::open_at(Launch {
        route: Route::Preview {
            template: template.clone(),
        },
        drafts: [(template, values.answers)].into(),
        ..portal::launch(Arc::new(session), global)
    })
}
