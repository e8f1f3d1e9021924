//! `stagedoor man`: the manual page, one section a command.

use std::io::Write;

use clap::{Args, CommandFactory};
use clap_mangen::Man;
use color_eyre::eyre::Result;

use super::args::Cli;
use super::console::Console;
use super::exit::{Exit, Failure};

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The command whose page to print; the program's own without it
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(crate) fn run(args: &ManArgs, console: &mut Console) -> Result<Exit> {
    let mut program = Cli::command();
    program.build();
    let command = match &args.command {
        None => program,
        Some(name) => program
            .find_subcommand(name)
            .cloned()
            .ok_or_else(|| {
                Failure::usage(format!("there is no command {name}"))
                    .help("stagedoor --help, for the commands there are")
            })?
            .display_name(format!("stagedoor-{name}")),
    };
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    console.out.write_all(&page)?;
    Ok(Exit::Done)
}
