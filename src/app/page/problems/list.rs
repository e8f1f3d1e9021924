//! What the list is made of: groups of findings, and lines.

use crate::catalog::{Level, Rule};

/// By what findings are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grouping {
    /// By the rule that found them.
    #[default]
    Cause,
    /// By the file they are in.
    File,
    /// By who owns what they are about.
    Owner,
}

impl Grouping {
    /// Every grouping, in the order in which one goes through them.
    pub const ALL: [Self; 3] = [Self::Cause, Self::File, Self::Owner];

    /// What stands on its tab.
    pub fn title(self) -> &'static str {
        match self {
            Self::Cause => "By cause",
            Self::File => "By file",
            Self::Owner => "By owner",
        }
    }

    /// The one after it.
    pub(super) fn next(self) -> Self {
        match self {
            Self::Cause => Self::File,
            Self::File => Self::Owner,
            Self::Owner => Self::Cause,
        }
    }
}

/// Which levels are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Levels {
    /// All of them.
    #[default]
    All,
    /// Errors alone.
    Errors,
    /// Errors and warnings.
    Warnings,
}

impl Levels {
    /// The words for it; none where all are listed.
    pub fn title(self) -> Option<&'static str> {
        match self {
            Self::All => None,
            Self::Errors => Some("errors"),
            Self::Warnings => Some("errors and warnings"),
        }
    }

    /// The choice after it.
    pub(super) fn next(self) -> Self {
        match self {
            Self::All => Self::Errors,
            Self::Errors => Self::Warnings,
            Self::Warnings => Self::All,
        }
    }

    /// Whether findings of `level` are listed.
    pub(super) fn has(self, level: Level) -> bool {
        match self {
            Self::All => true,
            Self::Errors => level == Level::Error,
            Self::Warnings => level <= Level::Warning,
        }
    }
}

/// What the findings of a group have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Sources that cannot be read.
    Sources,
    /// The rule that found them.
    Cause(Rule),
    /// The file they are in.
    File(String),
    /// Who owns what they are about, as a full reference; empty where nobody does.
    Owner(String),
}

/// Findings that have something in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What they have in common.
    pub key: Key,
    /// Whether they are the user's.
    pub mine: bool,
    /// The worst of their levels.
    pub level: Level,
    /// How many there are.
    pub count: usize,
    /// Whether its findings are folded away.
    pub folded: bool,
}

/// One line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// The head of a part, where there are two: the user's findings, or everybody else's; with their number.
    Part(bool, usize),
    /// The head of a group, by its number.
    Group(usize),
    /// A finding by its number, and whether it is the user's.
    Problem(usize, bool),
    /// A source that cannot be read, by its number.
    Source(usize),
    /// Space between groups.
    Gap,
}

/// Whether `text` holds `word`, which is in lower case, in any case. Mostly text is ASCII, and then nothing is copied.
pub(super) fn holds(text: &str, word: &str) -> bool {
    let (text_bytes, word_bytes) = (text.as_bytes(), word.as_bytes());
    if !word.is_ascii() {
        return text.to_lowercase().contains(word);
    }
    let Some(first) = word_bytes.first() else {
        return true;
    };
    text_bytes
        .windows(word_bytes.len())
        .any(|part| part[0].eq_ignore_ascii_case(first) && part.eq_ignore_ascii_case(word_bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_case_and_script() {
        assert!(holds("Payment-Gateway", "gate"));
        assert!(holds("Die ÜBERWEISUNG", "überw"));
        assert!(holds("x", ""));
        assert!(!holds("pay", "payment"));
        assert!(!holds("", "a"));
    }
}
