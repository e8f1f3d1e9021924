//! The page about the command line: every command with its arguments, options and fine print, as `--help` has them.

use std::fmt::Write;

use clap::{Arg, Command};

use super::{cell, expect_page};

#[test]
fn commands() {
    let program = stagedoor::cli::command();
    let mut page = String::from(
        "# Commands\n\nAll of the command line, as `--help` and the manual pages have it. What commands are for, and their exit codes: \
         [the command line](../guide/command-line.md).\n\n## Everywhere\n\nThese stand before or after any command.\n",
    );
    let everywhere = |arg: &Arg| arg.is_global_set();
    options(&mut page, &program, everywhere);
    for command in program.get_subcommands() {
        write(&mut page, command, 2);
    }
    expect_page("reference/commands.md", &page);
}

/// A section for `command` and one for each below it.
fn write(page: &mut String, command: &Command, level: usize) {
    if command.get_name() == "help" {
        return;
    }
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let name = name.strip_prefix("stagedoor ").unwrap_or(name);
    let about = command.get_long_about().or(command.get_about()).unwrap();
    writeln!(page, "\n{} {name}\n\n{about}.", "#".repeat(level)).unwrap();
    if command.has_subcommands() {
        for below in command.get_subcommands() {
            write(page, below, level + 1);
        }
        return;
    }
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    writeln!(page, "\n```text\n{usage}\n```").unwrap();
    options(page, command, |arg| !arg.is_global_set());
    if let Some(more) = command.get_after_long_help().or(command.get_after_help()) {
        writeln!(page, "\n```text\n{}\n```", more.to_string().trim()).unwrap();
    }
}

/// The table of those arguments and options that are `wanted`.
fn options(page: &mut String, command: &Command, wanted: impl Fn(&Arg) -> bool) {
    let mut rows = String::new();
    for arg in command.get_arguments().filter(|arg| wanted(arg)) {
        if arg.is_hide_set() || ["help", "version"].contains(&arg.get_id().as_str()) {
            continue;
        }
        let about = arg
            .get_long_help()
            .or(arg.get_help())
            .map(ToString::to_string);
        let mut about = about.unwrap_or_default().replace('\n', " ");
        let values: Vec<String> = arg
            .get_possible_values()
            .iter()
            .filter(|value| !value.is_hide_set() && arg.get_action().takes_values())
            .map(|value| format!("`{}`", value.get_name()))
            .collect();
        if !values.is_empty() {
            write!(about, ": {}", values.join(", ")).unwrap();
        }
        let defaults = arg.get_default_values();
        if let Some(default) = defaults.first().filter(|_| arg.get_action().takes_values()) {
            write!(about, "; `{}` otherwise", default.to_string_lossy()).unwrap();
        }
        writeln!(rows, "| {} | {} |", written(arg), cell(&about)).unwrap();
    }
    if !rows.is_empty() {
        write!(page, "\n| option | meaning |\n|---|---|\n{rows}").unwrap();
    }
}

/// How an argument is written: `-o`, `--output FORMAT`.
fn written(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    let value: Vec<&str> = names.iter().map(clap::builder::Str::as_str).collect();
    let value = value.join(" ");
    let Some(long) = arg.get_long() else {
        return match arg.get_short() {
            Some(short) => format!("`-{short} {value}`"),
            None => format!("`{value}`"),
        };
    };
    let short = arg.get_short().map(|short| format!("`-{short}`, "));
    let takes = if arg.get_action().takes_values() {
        format!(" {value}")
    } else {
        String::new()
    };
    format!("{}`--{long}{takes}`", short.unwrap_or_default())
}
