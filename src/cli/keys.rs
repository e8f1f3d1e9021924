//! `stagedoor keys`: the keys in force, and what is wrong with those that the configuration asks for.

use std::io::Write;

use clap::Args;
use color_eyre::eyre::Result;
use serde_json::{Value, json};
use termprofile::TermProfile;

use super::args::{Format, Global};
use super::console::Console;
use super::data;
use super::exit::Exit;
use super::style::Ink;
use super::table::{Cell, Table};
use crate::app::Keymap;
use crate::app::command::{COMMANDS, Info};
use crate::config::{Config, Env};
use crate::runtime::look::Look;

#[derive(Debug, Args)]
#[command(after_help = "\
  stagedoor keys                 all of them, in the order of the help
  stagedoor keys sort            those whose command or key is about a word
  stagedoor keys --check         whether theme, signs and keys of the configuration hold
Keys are changed in app-config.yaml, under stagedoor.keys:
  keys:
    preset: vim                  or default, emacs
    catalog.sort: [o, f3]        in place of the keys it has
    app.find: [default, ctrl-f]  beside them
    app.home: g h                one key after another
    app.sync: []                 none")]
pub(crate) struct KeysArgs {
    /// Only commands whose id, help or key has this text
    #[arg(value_name = "TEXT")]
    text: Vec<String>,
    /// Print only what is wrong; exit code 1 if something is
    #[arg(long, conflicts_with = "text")]
    check: bool,
}

pub(crate) fn run(args: &KeysArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = super::format(global, &[Format::Table, Format::Json])?;
    let env = Env::process();
    let config = Config::load(&global.config, &env)?;
    let look = Look::of(&config, &env, TermProfile::Ansi16, false);
    if args.check {
        if format == Format::Json {
            data::write_json(&mut console.out, &look.faults)?;
        } else {
            for fault in &look.faults {
                writeln!(console.out, "{fault}")?;
            }
        }
        return Ok(if look.faults.is_empty() {
            Exit::Done
        } else {
            Exit::Failed
        });
    }
    for fault in &look.faults {
        console.warn(fault);
    }
    let wanted = args.text.join(" ").to_lowercase();
    let rows: Vec<(&Info, Vec<String>)> = COMMANDS
        .iter()
        .map(|info| (info, chords(&look.keymap, info)))
        .filter(|(info, chords)| {
            let text = format!("{} {} {}", info.id, info.help, chords.join(" ")).to_lowercase();
            text.contains(&wanted)
        })
        .collect();
    if format == Format::Json {
        let all: Vec<Value> = rows
            .iter()
            .map(|(info, chords)| {
                json!({
                    "command": info.id,
                    "context": info.context.title(),
                    "keys": chords,
                    "help": info.help,
                    "danger": info.danger.words(),
                })
            })
            .collect();
        data::write_json(&mut console.out, &all)?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&["KEYS", "COMMAND", "WHERE", "DOES"]);
    for (info, chords) in &rows {
        table.row([
            Cell::new(&chords.join(", "), Ink::Bold),
            Cell::from(info.id),
            Cell::new(info.context.title(), Ink::Dim),
            Cell::from(info.help),
        ]);
    }
    table.write(console)?;
    Ok(Exit::Done)
}

fn chords(keymap: &Keymap, info: &Info) -> Vec<String> {
    keymap
        .chords(info.command)
        .map(ToString::to_string)
        .collect()
}
