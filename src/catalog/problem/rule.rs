//! A row of the table of findings, and how the table becomes the type [`Rule`].

use std::fmt;

use super::Level;

/// What a rule is about: how the docs group them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Theme {
    /// The text of a file.
    Yaml,
    /// What all entities have: the envelope and the metadata.
    Entity,
    /// What one kind of entities has.
    Kind,
    /// How entities refer to each other.
    Reference,
    /// Which files are read, and what they lead to.
    Location,
    /// Templates of the scaffolder.
    Template,
    /// Documentation sites.
    Docs,
    /// What a running Backstage says of its entities. `lint`, which reads files, finds none of it.
    Instance,
}

impl Theme {
    /// Every theme, in the order of the docs.
    pub const ALL: &'static [Self] = &[
        Self::Yaml,
        Self::Entity,
        Self::Kind,
        Self::Reference,
        Self::Location,
        Self::Template,
        Self::Docs,
        Self::Instance,
    ];

    /// The theme as a heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Yaml => "YAML",
            Self::Entity => "Envelope and metadata",
            Self::Kind => "Kinds and their fields",
            Self::Reference => "References",
            Self::Location => "Files and locations",
            Self::Template => "Templates",
            Self::Docs => "Docs",
            Self::Instance => "A running Backstage",
        }
    }
}

/// What the table says about a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleInfo {
    /// The stable code, as in `lint --format json`.
    pub code: &'static str,
    /// How bad it is, unless the place makes a difference.
    pub level: Level,
    /// What it is about.
    pub theme: Theme,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// What Backstage does with it: one sentence.
    pub backstage: &'static str,
    /// Why that is not as it should be: one sentence.
    pub why: &'static str,
    /// What to do: one sentence, as a command.
    pub remedy: &'static str,
    /// What `lint --fix` does about it, where it can do anything: the end of a sentence about it.
    pub fix: Option<&'static str>,
}

/// Makes the type [`Rule`] of the rows of the table.
macro_rules! rules {
    ($($name:ident { $($field:ident: $value:expr),* $(,)? })*) => {
        /// The kinds of finding, each with a stable code, a level and what to do about it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "the table says what each one is")]
        pub enum Rule { $($name,)* }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The rule's row of the table.
            pub fn info(self) -> &'static RuleInfo {
                match self { $(Self::$name => &RuleInfo { $($field: $value),* },)* }
            }
        }
    };
}

mod table;

pub use table::Rule;

impl Rule {
    /// The rule with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.code() == code)
    }

    /// The stable code, as in `lint --format json`.
    pub fn code(self) -> &'static str {
        self.info().code
    }

    /// How bad it is.
    pub fn level(self) -> Level {
        self.info().level
    }

    /// What is wrong, in a few words.
    pub fn title(self) -> &'static str {
        self.info().title
    }

    /// Why that is not as it should be, in one sentence.
    pub fn why(self) -> &'static str {
        self.info().why
    }

    /// What to do, in one sentence.
    pub fn remedy(self) -> &'static str {
        self.info().remedy
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_fit_into_addresses() {
        let mut seen = HashSet::new();
        for rule in Rule::ALL {
            let code = rule.code();
            assert!(seen.insert(code), "{code} is there twice");
            assert!(
                code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
                "{code}"
            );
            assert_eq!(Rule::parse(code), Some(*rule));
        }
    }

    #[test]
    fn sentences_are_sentences() {
        for rule in Rule::ALL {
            let info = rule.info();
            for sentence in [info.backstage, info.why, info.remedy] {
                let capital = sentence.chars().next().is_some_and(char::is_uppercase);
                assert!(capital && sentence.ends_with('.'), "{rule}: {sentence}");
            }
            for words in [Some(info.title), info.fix].into_iter().flatten() {
                assert!(!words.ends_with('.'), "{rule}: {words}");
            }
        }
    }
}
