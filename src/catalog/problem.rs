//! What can be wrong with descriptors, templates and docs, and where.
//!
//! [`Rule`] is the one table of findings: screens, `lint` and the docs take their words from it.

mod rule;

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use rule::{Rule, RuleInfo, Theme};

use super::EntityRef;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Backstage's parser, schemas, policies or validators would refuse it.
    Error,
    /// The descriptor itself is fine, but something is not as its author meant.
    Warning,
    /// Good to know.
    Info,
}

impl Level {
    /// The level in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A position in a file. `line` and `column` count from 1; 0 where only the file is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Place {
    /// A path or URL, as its user can open it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (0, _) => f.write_str(&self.file),
            (line, 0) => write!(f, "{}:{line}", self.file),
            (line, column) => write!(f, "{}:{line}:{column}", self.file),
        }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Which rule found it.
    pub rule: Rule,
    /// How bad it is; the rule's own level unless the place makes a difference.
    pub level: Level,
    /// One sentence that says what is wrong here. Cleaned.
    pub message: String,
    /// Where.
    pub place: Place,
    /// How many characters what is wrong takes from its place on, on that line; 0 where only the beginning is known.
    pub length: u32,
    /// What was probably meant, as it would be written there. Cleaned.
    pub suggestion: Option<String>,
    /// The entity it concerns, where one could be made out.
    pub entity: Option<EntityRef>,
    /// The entity that is missed: once some source has it, there is nothing wrong any more.
    pub missing: Option<EntityRef>,
}

impl Problem {
    /// A finding of `rule` at `place`, at the rule's own level.
    pub fn new(rule: Rule, place: Place, message: impl Into<String>) -> Self {
        Self {
            rule,
            level: rule.level(),
            message: message.into(),
            place,
            length: 0,
            suggestion: None,
            entity: None,
            missing: None,
        }
    }

    /// The same finding, about the `length` characters at its place.
    #[must_use]
    pub fn over(mut self, length: u32) -> Self {
        self.length = length;
        self
    }

    /// The same finding, as bad as its place makes it.
    #[must_use]
    pub fn of_level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// The same finding, with what was probably meant.
    #[must_use]
    pub fn suggesting(mut self, suggestion: Option<String>) -> Self {
        self.suggestion = suggestion;
        self
    }

    /// What to do about it, in one sentence: what was probably meant, or else what the rule has to say.
    pub fn remedy(&self) -> Cow<'static, str> {
        match (self.rule, &self.suggestion) {
            (Rule::UnquotedValue | Rule::Schema | Rule::KindSchema, Some(meant)) => {
                format!("Write `{meant}`.").into()
            }
            (_, Some(meant)) => format!("Did you mean `{meant}`?").into(),
            (rule, None) => rule.remedy().into(),
        }
    }

    /// The same finding, about `entity`.
    #[must_use]
    pub fn about(mut self, entity: EntityRef) -> Self {
        self.entity = Some(entity);
        self
    }

    /// The same finding, which holds only while no source has `missing`.
    #[must_use]
    pub fn unless(mut self, missing: EntityRef) -> Self {
        self.missing = Some(missing);
        self
    }
}
