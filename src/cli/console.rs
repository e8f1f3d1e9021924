//! Where commands write: data to standard output, everything else to standard error.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use super::args::Global;
use super::style::{self, Ink, paint};
use crate::catalog::text;

/// The two streams of a command, and how to write on them.
pub(crate) struct Console {
    /// Standard output, locked and buffered.
    pub(crate) out: BufWriter<StdoutLock<'static>>,
    /// Whether standard output is coloured.
    pub(crate) color: bool,
    /// The columns of the terminal that standard output is; `None` where it is none.
    pub(crate) width: Option<usize>,
    talk: Talk,
    pub(crate) color_errors: bool,
}

/// How much is said beside the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Talk {
    /// Errors alone.
    Quiet,
    Normal,
    /// Details, too.
    Verbose,
}

impl Console {
    pub(crate) fn new(global: &Global) -> Self {
        let stdout = io::stdout();
        let terminal_width = stdout
            .is_terminal()
            .then(|| rustix::termios::tcgetwinsize(&stdout).ok())
            .flatten()
            .map(|size| usize::from(size.ws_col))
            .filter(|columns| *columns > 0);
        Self {
            color: style::wanted(global.color, &stdout),
            color_errors: style::wanted(global.color, &io::stderr()),
            width: terminal_width,
            talk: match (global.quiet, global.verbose) {
                (true, _) => Talk::Quiet,
                (false, false) => Talk::Normal,
                (false, true) => Talk::Verbose,
            },
            out: BufWriter::with_capacity(64 << 10, stdout.lock()),
        }
    }

    /// `text` in `ink`, if standard output is coloured.
    pub(crate) fn paint(&self, ink: Ink, text: &str) -> String {
        paint(ink, text, self.color)
    }

    /// Something the user should know of, on standard error.
    pub(crate) fn warn(&self, message: &str) {
        if self.talk > Talk::Quiet {
            self.tell(Ink::Warn, "warning:", message);
        }
    }

    /// Something good to know, on standard error.
    pub(crate) fn note(&self, message: &str) {
        if self.talk > Talk::Quiet {
            self.tell(Ink::Dim, "note:", message);
        }
    }

    /// A detail for who asked for more, on standard error.
    pub(crate) fn detail(&self, message: &str) {
        if self.talk == Talk::Verbose {
            self.tell(Ink::Dim, "info:", message);
        }
    }

    /// A step of something longer, on standard error.
    pub(crate) fn step(&self, sign: &str, ink: Ink, name: &str) {
        if self.talk > Talk::Quiet {
            self.tell(ink, sign, name);
        }
    }

    /// Why the work failed, on standard error.
    pub(crate) fn fail(&self, message: &str) {
        self.tell(Ink::Bad, "error:", message);
    }

    /// Whether someone reads standard error and wants to see progress there.
    pub(crate) fn shows_progress(&self) -> bool {
        self.talk > Talk::Quiet && io::stderr().is_terminal()
    }

    /// Whether more is wanted than usual.
    pub(crate) fn is_verbose(&self) -> bool {
        self.talk > Talk::Normal
    }

    /// Whether only data and errors are wanted.
    pub(crate) fn is_quiet(&self) -> bool {
        self.talk == Talk::Quiet
    }

    fn tell(&self, ink: Ink, label: &str, message: &str) {
        let label = paint(ink, label, self.color_errors);
        // Who cannot be told anything cannot be told that either.
        let _ = writeln!(io::stderr(), "{label} {}", text::clean(message));
    }
}
