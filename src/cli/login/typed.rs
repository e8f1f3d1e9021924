//! Asking for a secret on a terminal that does not show what is typed.

use std::io::{self, BufRead, IsTerminal, Write};

use color_eyre::eyre::Result;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::exit::Failure;
use crate::cli::work;
use crate::config::Secret;

/// The terminal while it shows nothing; it shows again when this is dropped.
struct Silent {
    before: Termios,
}

impl Silent {
    fn new() -> io::Result<Self> {
        let stdin = io::stdin();
        let before = tcgetattr(&stdin)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        // The line's end alone is shown.
        silent.local_modes.insert(LocalModes::ECHONL);
        tcsetattr(&stdin, OptionalActions::Flush, &silent)?;
        Ok(Self { before })
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        // A terminal that has gone needs nothing any more.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }
}

/// The line that is typed after `question`; `None` where it was interrupted.
pub(super) fn secret(question: &str) -> Result<Option<Secret>> {
    if !io::stdin().is_terminal() {
        return Err(
            Failure::usage("a token is typed on a terminal, and there is none")
                .help("stagedoor login HOST --with-token < FILE")
                .into(),
        );
    }
    let typed = work::run(async |_| {
        // Both are caught before anything is hidden.
        let mut interrupted = signal(SignalKind::interrupt())?;
        let mut ended = signal(SignalKind::terminate())?;
        let _silent = Silent::new()?;
        let mut stderr = io::stderr();
        write!(stderr, "{question}")?;
        stderr.flush()?;
        let line = tokio::task::spawn_blocking(|| {
            let mut line = String::new();
            io::stdin()
                .lock()
                .read_line(&mut line)
                .map(|_| Secret::new(line))
        });
        tokio::select! {
            _ = interrupted.recv() => Ok(None),
            _ = ended.recv() => Ok(None),
            line = line => line.map_err(io::Error::other)?.map(Some),
        }
    })?;
    let typed: io::Result<Option<Secret>> = typed;
    if matches!(typed, Ok(None)) {
        // The question stands on a line of its own.
        let _ = writeln!(io::stderr());
    }
    Ok(typed?)
}
