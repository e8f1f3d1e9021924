//! What the terminal can do, from what its environment says. Nothing is asked of the terminal itself, so that no late
//! answer can leak into the shell.

use std::io::{self, IsTerminal};

use termprofile::{DetectorSettings, TermProfile};

/// What the terminal can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capability {
    /// Whether colours are wanted and understood.
    pub colors: bool,
    /// Whether the terminal is at the other end of a network: frames are paced and nothing is opened here.
    pub remote: bool,
}

/// Why the portal cannot be opened here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Standard input or output is no terminal.
    #[error(
        "the portal needs a terminal; for scripts there are commands: try 'stagedoor list' or 'stagedoor --help'"
    )]
    NoTerminal,
    /// The terminal cannot place text.
    #[error(
        "the portal needs a terminal that can place text, and TERM is \"dumb\"; set TERM, or use 'stagedoor list'"
    )]
    Dumb,
}

impl Capability {
    /// What the terminal on standard input and output can do.
    pub fn detect() -> Result<Self, Refusal> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(Refusal::NoTerminal);
        }
        if std::env::var_os("TERM").is_none_or(|term| term == "dumb" || term.is_empty()) {
            return Err(Refusal::Dumb);
        }
        let profile = TermProfile::detect(&io::stdout(), DetectorSettings::default());
        Ok(Self {
            colors: profile > TermProfile::NoColor,
            remote: is_remote(),
        })
    }
}

/// Whether the user sits at the other end of an SSH connection.
pub fn is_remote() -> bool {
    ["SSH_CONNECTION", "SSH_TTY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some())
}
