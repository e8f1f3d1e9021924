//! Colour on the command line: six inks of the terminal's own palette, and when to use them.

use std::io::IsTerminal;

use termprofile::{DetectorSettings, TermProfile};

use super::args::When;

/// What a piece of output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// What is read.
    Plain,
    /// Names.
    Bold,
    /// Labels, counts, ages.
    Dim,
    /// What was matched, what leads on.
    Accent,
    /// All is well.
    Good,
    /// Look at this.
    Warn,
    /// This failed.
    Bad,
}

impl Ink {
    /// The escape sequence that begins it; empty for plain text.
    fn start(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Bold => "\u{1b}[1m",
            Self::Dim => "\u{1b}[2m",
            Self::Accent => "\u{1b}[36m",
            Self::Good => "\u{1b}[32m",
            Self::Warn => "\u{1b}[33m",
            Self::Bad => "\u{1b}[31m",
        }
    }
}

/// `text` in `ink`, or as it is where `color` is off.
pub(crate) fn paint(ink: Ink, text: &str, color: bool) -> String {
    if color && ink != Ink::Plain && !text.is_empty() {
        format!("{}{text}\u{1b}[0m", ink.start())
    } else {
        text.to_owned()
    }
}

/// Whether output on `stream` is coloured.
pub(crate) fn wanted(when: When, stream: &impl IsTerminal) -> bool {
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => {
            stream.is_terminal()
                && TermProfile::detect(stream, DetectorSettings::default()) > TermProfile::NoColor
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_undone_behind_the_text() {
        assert_eq!(paint(Ink::Bad, "x", true), "\u{1b}[31mx\u{1b}[0m");
        assert_eq!(paint(Ink::Bad, "x", false), "x");
        assert_eq!(paint(Ink::Bad, "", true), "");
    }
}
