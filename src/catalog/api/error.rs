//! Why a definition has no outline.

use super::Format;

/// Why there is no outline.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutlineError {
    /// It is too long to be read while somebody waits.
    #[error("the definition is longer than 8 MiB, so only its source is shown")]
    TooLarge,
    /// There is no text in it.
    #[error("the definition is empty; give spec.definition its text, or a $text that points to it")]
    Empty,
    /// It is neither YAML nor JSON.
    #[error(
        "line {line} of the definition: {message}; correct it there (until then its source is shown)"
    )]
    Syntax {
        /// The line in the definition, from 1.
        line: usize,
        /// What the parser found.
        message: String,
    },
    /// It has more values, or deeper ones, than a definition that people wrote.
    #[error("the definition has too many values to be read, so only its source is shown; split it")]
    TooMany,
    /// It is data, but nothing in it says that it is what it was declared to be.
    #[error("the definition names no {} version; {}", .0.label(), .0.advice())]
    Unversioned(Format),
    /// It is of a format whose operations are not read.
    #[error("operations of {} are not read, so its source is shown", .0.label())]
    NotRead(Format),
}

impl OutlineError {
    /// Whether the definition's author has something to correct.
    pub fn is_mistake(&self) -> bool {
        matches!(
            self,
            Self::Empty | Self::Syntax { .. } | Self::Unversioned(_)
        )
    }

    /// The same as a finding about a definition that was declared to be of `format`.
    pub fn finding(&self, format: Format) -> String {
        match self {
            Self::Syntax { message, .. } => {
                format!(
                    "The definition cannot be read as {}: {message}.",
                    format.label()
                )
            }
            Self::Unversioned(_) => format!("The definition names no {} version.", format.label()),
            _ => "The definition is empty.".to_owned(),
        }
    }

    /// The line in the definition, from 1, where it is known.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Syntax { line, .. } => Some(*line),
            _ => None,
        }
    }
}
