//! What can be wrong with descriptors, templates and docs, and where.
//!
//! [`Rule`] is the one table of findings: screens, `lint` and the docs take their words from it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::EntityRef;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Backstage's parser, schemas, policies or validators would refuse it.
    Error,
    /// Backstage takes it, but something is not as its author meant.
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

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident $code:literal $level:ident $remedy:literal;)*) => {
        /// The kinds of finding, each with a stable code, a level and what to do about it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $($(#[$doc])* $name,)* }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable code, as in `lint --format json`.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// How bad it is.
            pub fn level(self) -> Level {
                match self { $(Self::$name => Level::$level),* }
            }

            /// What to do, in one sentence.
            pub fn remedy(self) -> &'static str {
                match self { $(Self::$name => $remedy),* }
            }
        }
    };
}

rules! {
    /// The document is not YAML.
    YamlSyntax "yaml-syntax" Error "Correct the YAML at this place.";
    /// A document's root is not an object.
    NotAnObject "not-an-object" Error "Write the entity as a mapping with apiVersion, kind and metadata.";
    /// `apiVersion`, `kind` or `metadata.name` is missing or no text.
    Envelope "envelope" Error "Give the entity an apiVersion, a kind and a metadata.name, each a non-empty text.";
    /// A field of the envelope has the wrong type or an unknown name.
    Schema "schema" Error "Write the field as Backstage's schema has it.";
    /// A field's text is not of the allowed form.
    FieldFormat "field-format" Error "Use only the characters that are allowed here.";
    /// A field of the kind's `spec` is missing or of the wrong type.
    KindSchema "kind-schema" Error "Give the kind's required fields, with the right types.";
    /// No validator knows this kind and API version.
    UnknownKind "unknown-kind" Error "Use a kind and apiVersion that Backstage knows, or teach it yours with a plugin.";
    /// A reference cannot be read.
    BadReference "bad-reference" Error "Write the reference as [<kind>:][<namespace>/]<name>.";
    /// A reference points to nothing.
    DanglingReference "dangling-reference" Warning "Correct the name, or add the entity that is meant.";
    /// The same entity is described twice.
    DuplicateEntity "duplicate-entity" Warning "Keep one of the two descriptions, or give one another name.";
    /// A Location's target cannot be read.
    UnreachableTarget "unreachable-target" Error "Correct the target, or mark the Location's presence as optional.";
    /// A `$text`, `$json` or `$yaml` placeholder cannot be read.
    Placeholder "placeholder" Error "Correct the path behind the placeholder.";
    /// A placeholder in a file location: we read it, Backstage does not.
    PlaceholderInFile "placeholder-in-file" Info "Backstage resolves placeholders only in url locations; serve this file from a repository.";
    /// The location's rules do not allow this kind.
    NotAllowed "not-allowed" Error "Allow the kind in catalog.rules, or move the entity to a location that may hold it.";
    /// A limit on size, depth or number was reached.
    Limit "limit" Error "Split the file, or make it smaller.";
    /// A template's parameters or steps are not as the scaffolder wants them.
    Template "template" Warning "Correct the template's parameters or steps.";
    /// A docs page links to nothing, or stands in the nav but is missing.
    Docs "docs" Warning "Correct the path, or add the page.";
}

impl Rule {
    /// The rule with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.code() == code)
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
            entity: None,
            missing: None,
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
