//! `stagedoor template`: tools for authors of templates.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum};
use color_eyre::eyre::{Result, WrapErr};
use serde_json::{Map, Value};

use super::args::{Format, Global};
use super::console::Console;
use super::data;
use super::exit::{Exit, Failure};
use super::new::{Chosen, Values, read_values};
use super::{open, portal};
use crate::app::Route;
use crate::catalog::text;
use crate::config::Env;
use crate::runtime::Launch;
use crate::scaffolder::expr::{self, Context, Engine};
use crate::sync::{Options, Session};

#[derive(Debug, Subcommand)]
pub(crate) enum TemplateCommand {
    /// Evaluate template text
    Eval(EvalArgs),
    /// Show a template's form and what it makes, both live while its files change
    Preview(PreviewArgs),
}

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
        ..Launch::home(Arc::new(session), portal::colors(global))
    })
}

#[derive(Debug, Args)]
pub(crate) struct EvalArgs {
    /// The text, or - for standard input
    #[arg(value_name = "TEXT", allow_hyphen_values = true)]
    text: String,

    /// The context: an object with what the text can use, in YAML or JSON
    #[arg(long, value_name = "FILE")]
    values: Option<PathBuf>,

    /// Which generation of the scaffolder to follow
    #[arg(long, value_name = "ENGINE", default_value = "current")]
    engine: EngineArg,

    /// What the text is
    #[arg(long, value_name = "MODE", default_value = "string")]
    mode: Mode,
}

/// What `--engine` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EngineArg {
    Current,
    Legacy,
}

/// What `--mode` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// A step's input: the type is kept, an error leaves the text
    Value,
    /// What fetch:template does to a file
    String,
    /// The same with its cookiecutterCompat
    Cookiecutter,
}

pub(crate) fn run(
    command: &TemplateCommand,
    global: &Global,
    console: &mut Console,
) -> Result<Exit> {
    let args = match command {
        TemplateCommand::Eval(args) => args,
        // It ends as the portal does; whoever parsed the arguments opened it.
        TemplateCommand::Preview(_) => return Ok(Exit::Done),
    };
    let format = super::format(global, &[Format::Table, Format::Json])?;
    let values = match &args.values {
        Some(file) => read_values(file)?,
        None => Map::new(),
    };
    let context = Context::new(&values.into());
    let text = text_of(&args.text)?;
    let options = expr::Options {
        engine: match args.engine {
            EngineArg::Current => Engine::Current,
            EngineArg::Legacy => Engine::Legacy,
        },
        cookiecutter: args.mode == Mode::Cookiecutter,
        ..expr::Options::default()
    };
    let result = match args.mode {
        Mode::Value => expr::render_value(&Value::String(text), &context, options),
        Mode::String | Mode::Cookiecutter => Some(
            expr::render_string(&text, &context, options)
                .map_err(|error| Failure::work(error.to_string()))?
                .into(),
        ),
    };
    match (format, result) {
        (Format::Json, result) => {
            let answer: Map<String, Value> = result
                .map(|result| ("result".to_owned(), result))
                .into_iter()
                .collect();
            // Escaped, the ends of lines are as they were written; elsewhere they are no part of the data.
            let json = serde_json::to_string_pretty(&answer)?;
            writeln!(console.out, "{}", text::clean(&json))?;
        }
        (_, Some(Value::String(result))) => {
            let lines: Vec<_> = result.split("\r\n").map(text::clean).collect();
            write!(console.out, "{}", lines.join("\r\n"))?;
        }
        (_, Some(result)) => data::write_json(&mut console.out, &result)?,
        (_, None) => {}
    }
    Ok(Exit::Done)
}

/// The text to evaluate: as given, or standard input byte for byte.
fn text_of(argument: &str) -> Result<String> {
    if argument != "-" {
        return Ok(argument.to_owned());
    }
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .wrap_err("standard input is not UTF-8 text")?;
    Ok(text)
}
