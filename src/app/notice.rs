//! Short messages to the user, shown above the footer until the next key and kept in the [log](super::log).

use super::command::Command;

/// What happened, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How to mark it.
    pub tone: Tone,
    /// One sentence.
    pub text: String,
    /// The command that tries again what failed.
    pub again: Option<Command>,
}

/// How a notice is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something worked.
    Done,
    /// Something to know.
    Info,
    /// Something failed.
    Failed,
}

impl Notice {
    /// Something worked.
    pub fn done(text: impl Into<String>) -> Self {
        Self::of(Tone::Done, text)
    }

    /// Something to know.
    pub fn info(text: impl Into<String>) -> Self {
        Self::of(Tone::Info, text)
    }

    /// Something failed.
    pub fn failed(text: impl Into<String>) -> Self {
        Self::of(Tone::Failed, text)
    }

    fn of(tone: Tone, text: impl Into<String>) -> Self {
        Self {
            tone,
            text: text.into(),
            again: None,
        }
    }

    /// The same with the command that tries it again.
    #[must_use]
    pub fn or(self, again: Command) -> Self {
        Self {
            again: Some(again),
            ..self
        }
    }
}
