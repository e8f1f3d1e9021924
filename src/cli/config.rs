//! `stagedoor config`: the configuration as it was understood.

use std::io::Write;

use clap::Subcommand;
use color_eyre::eyre::Result;
use serde_json::Value;

use super::args::{Format, Global};
use super::console::Console;
use super::data;
use super::exit::Exit;
use super::open;
use crate::app::command::COMMANDS;
use crate::config::schema::SCHEMA;
use crate::config::{Config, Env};

/// Where the schema has the keys.
const KEYS: &str = "/properties/stagedoor/properties/keys";

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print the merged configuration; secrets are left out
    Show,
    /// Print the files it is read from, and where data is kept
    Path,
    /// Print the JSON Schema of the keys that are read
    Schema,
}

pub(crate) fn run(command: &ConfigCommand, global: &Global, console: &mut Console) -> Result<Exit> {
    match command {
        ConfigCommand::Schema => data::write_json(&mut console.out, &schema()?)?,
        ConfigCommand::Show => {
            let format = super::format(global, &[Format::Yaml, Format::Json])?;
            let config = Config::load(&global.config, &Env::process())?;
            match format {
                Format::Json => data::write_json(&mut console.out, &config.redacted)?,
                _ => data::write_yaml(&mut console.out, &config.redacted)?,
            }
        }
        ConfigCommand::Path => {
            let session = open::session(global, console)?;
            for file in &session.config.files {
                writeln!(console.out, "config  {}", file.display())?;
            }
            if session.config.files.is_empty()
                && let Some(dir) = session.env.config_dir()
            {
                let file = dir.join("app-config.yaml");
                writeln!(console.out, "config  {} (not there)", file.display())?;
            }
            writeln!(console.out, "cache   {}", session.dir.display())?;
        }
    }
    Ok(Exit::Done)
}

/// The schema, with a row of `stagedoor.keys` for each command.
fn schema() -> Result<Value> {
    let mut schema: Value = serde_json::from_str(SCHEMA)?;
    if let Some(keys) = schema.pointer_mut(KEYS).and_then(Value::as_object_mut) {
        let row = keys.insert("additionalProperties".to_owned(), Value::Bool(false));
        let row = row.unwrap_or_default();
        if let Some(Value::Object(rows)) = keys.get_mut("properties") {
            for info in COMMANDS {
                let mut row = row.clone();
                row["description"] = info.help.into();
                row["default"] = info.keys.into();
                rows.insert(info.id.to_owned(), row);
            }
        }
    }
    Ok(schema)
}
