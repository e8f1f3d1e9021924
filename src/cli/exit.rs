//! How commands end: the exit codes that scripts depend on, and the one report of an error.

use std::fmt::Write as _;
use std::io;
use std::process::ExitCode;

use color_eyre::eyre::Report;

use super::style::{Ink, paint};
use crate::catalog::text;
use crate::config::{ConfigError, SourceError};
use crate::sync::{Class, SyncError};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All is done.
    Done,
    /// Problems were found, or the work failed.
    Failed,
    /// Wrong usage or configuration.
    Usage,
    /// Not signed in, or not allowed.
    NotSignedIn,
    /// A host could not be reached and nothing that is kept could serve.
    Unreachable,
    /// Ctrl-C.
    Interrupted,
}

impl Exit {
    /// The process's exit code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NotSignedIn => 3,
            Self::Unreachable => 4,
            Self::Interrupted => 130,
        }
    }

    /// How an error ends the program.
    pub(crate) fn of(error: &Report) -> Self {
        for cause in error.chain() {
            if let Some(failure) = cause.downcast_ref::<Failure>() {
                return failure.exit;
            }
            if let Some(error) = cause.downcast_ref::<SyncError>() {
                return Self::of_sync(error);
            }
            if cause.is::<ConfigError>() || cause.is::<SourceError>() {
                return Self::Usage;
            }
        }
        Self::Failed
    }

    fn of_sync(error: &SyncError) -> Self {
        match error {
            SyncError::Cancelled => Self::Interrupted,
            other => other.class().into(),
        }
    }
}

impl From<Class> for Exit {
    fn from(class: Class) -> Self {
        match class {
            Class::Failed => Self::Failed,
            Class::Usage => Self::Usage,
            Class::Unreachable => Self::Unreachable,
            Class::NotSignedIn => Self::NotSignedIn,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// An error of the command line itself: what is wrong, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Failure {
    exit: Exit,
    message: String,
    help: Option<String>,
}

impl Failure {
    /// The command was given something it cannot use.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// The work could not be done.
    pub(crate) fn work(message: impl Into<String>) -> Self {
        Self::new(Exit::Failed, message)
    }

    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            help: None,
        }
    }

    /// The same, with what to do next.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Whether the reader of our output has gone, as `head` does: nothing is wrong then.
pub(crate) fn is_broken_pipe(error: &Report) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

/// The report of an error for standard error: what, because of what, and what to do.
pub(crate) fn report(error: &Report, color: bool) -> String {
    let mut report = format!("{} ", paint(Ink::Bad, "error:", color));
    let mut before = String::new();
    for cause in error.chain() {
        let message = text::clean(&cause.to_string()).into_owned();
        // A cause that the message above already tells is not told twice.
        if before.contains(&message) {
            continue;
        }
        if before.is_empty() {
            let _ = writeln!(report, "{message}");
        } else {
            let _ = writeln!(report, "  {} {message}", paint(Ink::Dim, "because:", color));
        }
        before = message;
    }
    for failure in error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<Failure>())
    {
        if let Some(help) = &failure.help {
            let help = text::clean(help).replace('\n', "\n         ");
            let _ = writeln!(report, "  {} {help}", paint(Ink::Dim, "try:", color));
        }
    }
    report
}

#[cfg(test)]
mod tests {
    use color_eyre::eyre::{Report, WrapErr, eyre};

    use super::*;

    #[test]
    fn each_error_has_its_exit_code() {
        let cases: [(Report, Exit); 5] = [
            (Failure::usage("x").into(), Exit::Usage),
            (
                Failure::new(Exit::Unreachable, "x").into(),
                Exit::Unreachable,
            ),
            (SyncError::Cancelled.into(), Exit::Interrupted),
            (
                SyncError::UnknownSource {
                    name: "x".to_owned(),
                    known: Vec::new(),
                }
                .into(),
                Exit::Usage,
            ),
            (eyre!("x"), Exit::Failed),
        ];
        for (error, exit) in cases {
            assert_eq!(Exit::of(&error), exit, "{error}");
        }
        let wrapped = Err::<(), _>(Report::from(Failure::usage("x"))).wrap_err("while");
        assert_eq!(wrapped.map_err(|error| Exit::of(&error)), Err(Exit::Usage));
    }

    #[test]
    fn a_report_says_what_why_and_what_to_do() {
        let error = Report::from(Failure::usage("no such \u{1b}[31mthing").help("another"))
            .wrap_err("cannot show it");
        assert_eq!(
            report(&error, false),
            "error: cannot show it\n  because: no such [31mthing\n  try: another\n"
        );
    }

    #[test]
    fn a_reader_that_left_is_no_error() {
        let error = Report::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert!(is_broken_pipe(&error));
        assert!(!is_broken_pipe(&eyre!("x")));
    }
}
