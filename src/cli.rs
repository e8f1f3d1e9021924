//! The command line: one file a command. Everything but the portal prints and ends; what the screen can do, a command can.
//!
//! Standard output carries data alone, through [`console::Console`]; notes, warnings and errors go to standard error.
//! Exit codes stand in [`exit`]. Terminal modes are the portal's, behind [`crate::runtime`]; here [`login`] alone keeps a
//! token that is typed from being shown.

mod api;
mod args;
mod completions;
mod config;
mod console;
mod crash;
mod data;
mod docs;
mod doctor;
mod exit;
mod export;
mod find;
mod graph;
mod init;
mod issue;
mod keys;
mod lint;
mod list;
mod log;
mod login;
mod logout;
mod man;
mod new;
mod open;
mod passages;
mod pick;
mod place;
mod portal;
mod progress;
mod query;
mod reference;
mod repo;
mod runs;
mod show;
mod style;
mod sync;
mod table;
mod template;
mod welcome;
mod work;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use color_eyre::eyre::{Report, Result};

use args::{Cli, Command, Format, Global};
use console::Console;
pub use crash::keep_crashes;
use exit::{Exit, Failure};

use crate::search::Query;

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    install_reports();
    let arguments = std::env::args_os().map(|argument| {
        let negated = argument.to_str().and_then(Query::shield);
        negated.map_or(argument, Into::into)
    });
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help that nobody reads any more is no failure.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage.into()
            } else {
                Exit::Done.into()
            };
        }
    };
    match log::start(&cli.global) {
        Ok(folder) => keep_crashes(folder),
        Err(error) => return failed(&error.into(), &cli.global).into(),
    }
    let Some(command) = cli.command else {
        return match portal::run(&cli.global) {
            Ok(code) => code,
            Err(error) => failed(&error, &cli.global).into(),
        };
    };
    if let Command::Template(template::TemplateCommand::Preview(args)) = &command {
        return match template::preview(args, &cli.global) {
            Ok(code) => code,
            Err(error) => failed(&error, &cli.global).into(),
        };
    }
    let mut console = Console::new(&cli.global);
    let ended = run(&command, &cli.global, &mut console)
        .and_then(|code| Ok(console.out.flush().map(|()| code)?));
    match ended {
        Ok(code) => code,
        Err(error) => {
            // What was written before the error is still worth having.
            let _ = console.out.flush();
            failed(&error, &cli.global).into()
        }
    }
}

/// The definition of the command line, for what is made from it: manual pages, completions, the reference.
pub fn command() -> clap::Command {
    let mut command = Cli::command();
    command.build();
    command
}

fn run(command: &Command, global: &Global, console: &mut Console) -> Result<ExitCode> {
    let ended = match command {
        // The portal says itself how it ended.
        Command::Open(args) => return place::run(args, global, console),
        Command::Sync(args) => sync::run(args, global, console),
        Command::List(args) => list::run(args, global, console),
        Command::Find(args) => find::run(args, global, console),
        Command::Pick(args) => return pick::run(args, global, console),
        Command::Query(args) => query::run(args, global, console),
        Command::Show(args) => show::run(args, global, console),
        Command::Graph(args) => graph::run(args, global, console),
        Command::Api(args) => api::run(args, global, console),
        Command::Repo(args) => repo::run(args, global, console),
        Command::Docs(args) => docs::run(args, global, console),
        Command::New(args) => new::run(args, global, console),
        Command::Runs(command) => runs::run(command, global, console),
        Command::Template(command) => template::run(command, global, console),
        Command::Lint(args) => lint::run(args, global, console),
        Command::Export(args) => export::run(args, global, console),
        Command::Init(args) => init::run(args, global, console),
        Command::Doctor => doctor::run(global, console),
        Command::Login(args) => login::run(args, global, console),
        Command::Logout(args) => logout::run(args, global, console),
        Command::Config(command) => config::run(command, global, console),
        Command::Keys(args) => keys::run(args, global, console),
        Command::Completions(args) => completions::run(args, console),
        Command::Man(args) => man::run(args, console),
    };
    Ok(ended?.into())
}

/// Panics are ours to answer for: they are told with where to report them; user errors never show a backtrace.
fn install_reports() {
    let hooks = color_eyre::config::HookBuilder::default()
        .panic_section(
            "This is a mistake in stagedoor, not yours. Please report it with the text above.",
        )
        .display_env_section(false)
        .install();
    // Only a second installation can fail, and reports look plainer then.
    drop(hooks);
}

/// Tells an error and gives the exit code for it.
fn failed(error: &Report, global: &Global) -> Exit {
    if exit::is_broken_pipe(error) {
        return Exit::Done;
    }
    tracing::error!(error = %format_args!("{error:#}"), "the command failed");
    let stderr = io::stderr();
    let report = exit::report(error, style::wanted(global.color, &stderr));
    // Nobody is left to be told if this fails.
    let _ = stderr.lock().write_all(report.as_bytes());
    Exit::of(error)
}

/// The format asked for, if it is one of `known`; their first without `-o`.
fn format(global: &Global, known: &[Format]) -> Result<Format, Failure> {
    match global.output {
        None => Ok(known.first().copied().unwrap_or(Format::Table)),
        Some(format) if known.contains(&format) => Ok(format),
        Some(format) => {
            let names: Vec<&str> = known.iter().map(|format| format.as_str()).collect();
            Err(Failure::usage(format!(
                "this command cannot print as {}; use -o {}",
                format.as_str(),
                names.join(", -o ")
            )))
        }
    }
}

/// A full reference in a list: its name, with the namespace where that is not the default one.
fn short_ref(reference: &str) -> &str {
    let rest = reference
        .split_once(':')
        .map_or(reference, |(_, rest)| rest);
    rest.strip_prefix("default/").unwrap_or(rest)
}
