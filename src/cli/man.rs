//! `stagedoor man`: the manual, a page a command.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Command};
use clap_mangen::Man;
use color_eyre::eyre::{Result, WrapErr};

use super::console::Console;
use super::exit::{Exit, Failure};

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The command whose page to print, as in `template eval`; the program's own without it
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,

    /// Write the pages of all commands to this folder, as a package lays them out
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    dir: Option<PathBuf>,
}

pub(crate) fn run(args: &ManArgs, console: &mut Console) -> Result<Exit> {
    let program = super::command();
    if let Some(dir) = &args.dir {
        std::fs::create_dir_all(dir)
            .wrap_err_with(|| format!("{} cannot be made", dir.display()))?;
        for command in all(&program) {
            let file = dir.join(format!("{}.1", name(command)));
            std::fs::write(&file, page(command)?)
                .wrap_err_with(|| format!("{} cannot be written", file.display()))?;
        }
        return Ok(Exit::Done);
    }
    let wanted = format!("stagedoor {}", args.command.join(" "));
    let wanted = wanted.trim_end().replace(' ', "-");
    let command = all(&program)
        .into_iter()
        .find(|command| name(command) == wanted)
        .ok_or_else(|| {
            Failure::usage(format!("there is no command {}", args.command.join(" ")))
                .help("stagedoor --help, for the commands there are")
        })?;
    console.out.write_all(&page(command)?)?;
    Ok(Exit::Done)
}

/// The program and all its commands.
fn all(program: &Command) -> Vec<&Command> {
    let mut pages = vec![program];
    let mut at = 0;
    while let Some(above) = pages.get(at) {
        let below = above.get_subcommands();
        pages.extend(below.filter(|command| command.get_name() != "help"));
        at += 1;
    }
    pages
}

/// What a command's page is called: `stagedoor-template-eval`.
fn name(command: &Command) -> &str {
    let display = command.get_display_name();
    display.unwrap_or_else(|| command.get_name())
}

fn page(command: &Command) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command.clone()).render(&mut page)?;
    Ok(page)
}
