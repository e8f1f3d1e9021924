//! What the terminal can do, from what its environment says. Nothing is asked of the terminal itself, so that no late
//! answer can leak into the shell.

use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use terminal_colorsaurus::{Error, QueryOptions, ThemeMode};
use termprofile::{DetectorSettings, TermProfile};

/// What the terminal can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capability {
    /// Which colours are wanted and understood.
    pub profile: TermProfile,
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
        Ok(Self {
            profile: TermProfile::detect(&io::stdout(), DetectorSettings::default()),
            remote: is_remote(),
        })
    }
}

/// How long the answers may take: from a terminal here, and from one at the other end of a network.
const NEAR: Duration = Duration::from_secs(1);
const FAR: Duration = Duration::from_secs(2);

/// Whether a question was asked whose answer may still come.
static OWED: AtomicBool = AtomicBool::new(false);

/// Whether the terminal was asked something that it did not answer in time, and may answer yet.
pub fn owes_an_answer() -> bool {
    OWED.load(Ordering::Relaxed)
}

/// Whether the terminal's background is light: what `COLORFGBG` says, else what the terminal answers. Ask before anything
/// else reads its input; a terminal that does not answer the question still answers the one behind it, so that nothing
/// comes late and lands in the shell.
pub fn is_light() -> bool {
    let told = std::env::var("COLORFGBG").ok();
    let ground = told
        .as_deref()
        .and_then(|pair| pair.rsplit(';').next()?.parse::<u8>().ok());
    if let Some(ground) = ground {
        return ground == 7 || ground == 15;
    }
    let mut options = QueryOptions::default();
    options.timeout = if is_remote() { FAR } else { NEAR };
    let told = terminal_colorsaurus::theme_mode(options);
    let is_late = matches!(told, Err(Error::Timeout(_)));
    OWED.store(is_late, Ordering::Relaxed);
    told.is_ok_and(|mode| mode == ThemeMode::Light)
}

/// Whether the user sits at the other end of an SSH connection.
pub fn is_remote() -> bool {
    ["SSH_CONNECTION", "SSH_TTY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some())
}
