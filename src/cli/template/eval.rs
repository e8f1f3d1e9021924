//! `stagedoor template eval`: what template text gives.

use std::io::{Read, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use color_eyre::eyre::{Result, WrapErr};
use serde_json::{Map, Value};

use super::super::args::{Format, Global};
use super::super::console::Console;
use super::super::exit::{Exit, Failure};
use super::super::new::read_values;
use super::super::{data, format};
use crate::catalog::text;
use crate::scaffolder::expr::{self, Context, Engine, Options};
use crate::scaffolder::js;

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

    /// Drop the first line break after a {% %}: trimBlocks of fetch:template
    #[arg(long)]
    trim_blocks: bool,

    /// Drop the blanks before a {% %} that begins a line: lstripBlocks of fetch:template
    #[arg(long)]
    lstrip_blocks: bool,
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

pub(super) fn run(args: &EvalArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = format(global, &[Format::Table, Format::Json])?;
    let values = match &args.values {
        Some(file) => read_values(file)?,
        None => Map::new(),
    };
    let context = Context::new(&values.into());
    let text = text_of(&args.text)?;
    let options = Options {
        engine: match args.engine {
            EngineArg::Current => Engine::Current,
            EngineArg::Legacy => Engine::Legacy,
        },
        cookiecutter: args.mode == Mode::Cookiecutter,
        trim_blocks: args.trim_blocks,
        lstrip_blocks: args.lstrip_blocks,
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
            let json = js::stringify(&answer.into(), "  ");
            writeln!(console.out, "{}", text::escaped(&json))?;
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
