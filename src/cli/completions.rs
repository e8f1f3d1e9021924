//! `stagedoor completions`: what makes a shell complete our commands.

use clap::Args;
use clap_complete::Shell;
use color_eyre::eyre::Result;

use super::console::Console;
use super::exit::Exit;

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(crate) fn run(args: &CompletionsArgs, console: &mut Console) -> Result<Exit> {
    // Written to memory first: clap_complete knows no way to fail, a closed pipe does.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "stagedoor", &mut script);
    std::io::Write::write_all(&mut console.out, &script)?;
    Ok(Exit::Done)
}
