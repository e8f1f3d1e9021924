//! `stagedoor template`: tools for authors of templates, and updates of what templates made.

mod drift;
mod eval;
mod preview;
mod test;
mod update;

use clap::Subcommand;
use color_eyre::eyre::Result;

use super::args::Global;
use super::console::Console;
use super::exit::Exit;

pub(super) use preview::preview;
pub(super) use update::resume;

#[derive(Debug, Subcommand)]
pub(crate) enum TemplateCommand {
    /// Evaluate template text
    Eval(eval::EvalArgs),
    /// Show a template's form and what it makes, both live while its files change
    Preview(preview::PreviewArgs),
    /// Run a template on the values in its folder tests/ and compare what it makes
    Test(test::TestArgs),
    /// Bring a repository up to date with the template it was made from
    Update(update::UpdateArgs),
    /// List the repositories that were made from templates, and how far they are behind
    Drift(drift::DriftArgs),
}

pub(crate) fn run(
    command: &TemplateCommand,
    global: &Global,
    console: &mut Console,
) -> Result<Exit> {
    match command {
        TemplateCommand::Eval(args) => eval::run(args, global, console),
        // It ends as the portal does; whoever parsed the arguments opened it.
        TemplateCommand::Preview(_) => Ok(Exit::Done),
        TemplateCommand::Test(args) => test::run(args, global, console),
        TemplateCommand::Update(args) => update::run(args, global, console),
        TemplateCommand::Drift(args) => drift::run(args, global, console),
    }
}
