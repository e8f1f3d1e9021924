//! `stagedoor new`: runs a software template.

use std::path::{Path, PathBuf};

use clap::Args;
use color_eyre::eyre::{Result, WrapErr};
use serde_json::{Map, Value};

use super::args::Global;
use super::console::Console;
use super::exit::{Exit, Failure};

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

    /// Do not ask before it runs
    #[arg(short, long)]
    yes: bool,
}

pub(crate) fn run(_args: &NewArgs, _global: &Global, _console: &mut Console) -> Result<Exit> {
    Err(Failure::work("templates cannot be run yet").into())
}

/// The object in a file of values, YAML or JSON.
pub(crate) fn read_values(file: &Path) -> Result<Map<String, Value>> {
    let text = std::fs::read_to_string(file)
        .wrap_err_with(|| format!("{} cannot be read", file.display()))
        .map_err(|error| error.wrap_err(Failure::usage("the values cannot be read")))?;
    match serde_yaml::from_str(&text) {
        Ok(Value::Object(values)) => Ok(values),
        Ok(Value::Null) => Ok(Map::new()),
        Ok(_) => {
            Err(Failure::usage(format!("{}: must hold an object of values", file.display())).into())
        }
        Err(error) => {
            Err(Failure::usage(format!("{}: not valid YAML: {error}", file.display())).into())
        }
    }
}
