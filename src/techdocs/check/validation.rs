//! `validation`: how much the site itself makes of each fault.

use serde_yaml::Value;

use crate::catalog::Level;

/// What MkDocs knows to leave alone, to mention or to warn of (<https://www.mkdocs.org/user-guide/configuration/#validation>).
/// `None` is what nobody said anything about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Validation {
    /// Pages that are not in the nav.
    pub(super) omitted_files: Said,
    /// Pages of the nav that are not there.
    pub(super) nav_not_found: Said,
    /// Lines of the nav that begin with a slash.
    pub(super) nav_absolute: Said,
    /// Links to what is not there.
    pub(super) not_found: Said,
    /// Links that begin with a slash.
    pub(super) absolute: Said,
    /// Links to what has no extension, which MkDocs does not look for.
    pub(super) unrecognized: Said,
    /// Links to headings that are not there.
    pub(super) anchors: Said,
}

/// What a site makes of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Said {
    /// Nothing is said.
    #[default]
    Nothing,
    /// It is none.
    Ignore,
    /// It is one of this level.
    As(Level),
    /// What begins with a slash begins at the docs folder, and is looked for there.
    InDocs,
}

impl Said {
    /// The level of a fault that is of `usual` level where nothing is said; `None` where it is none.
    pub(super) fn level(self, usual: Level) -> Option<Level> {
        match self {
            Self::Nothing | Self::InDocs => Some(usual),
            Self::Ignore => None,
            Self::As(level) => Some(level),
        }
    }

    fn read(value: &Value) -> Self {
        match value.as_str() {
            Some("warn") => Self::As(Level::Warning),
            Some("info") => Self::As(Level::Info),
            Some("ignore") => Self::Ignore,
            Some("relative_to_docs") => Self::InDocs,
            _ => Self::Nothing,
        }
    }
}

impl Validation {
    /// What the configuration `raw` says. What stands outside of `nav` and `links` counts for both.
    pub(super) fn read(raw: &Value) -> Self {
        let told = raw.get("validation");
        let said = |part: &str, key: &str| {
            let own = told.and_then(|told| told.get(part)?.get(key));
            let shared = || told.and_then(|told| told.get(key));
            own.or_else(shared).map(Said::read).unwrap_or_default()
        };
        Self {
            omitted_files: said("nav", "omitted_files"),
            nav_not_found: said("nav", "not_found"),
            nav_absolute: said("nav", "absolute_links"),
            not_found: said("links", "not_found"),
            absolute: said("links", "absolute_links"),
            unrecognized: said("links", "unrecognized_links"),
            anchors: said("links", "anchors"),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_for_both_counts_where_nothing_else_is_said() {
        let text = "validation:\n  absolute_links: warn\n  anchors: ignore\n  nav: {absolute_links: relative_to_docs}\n";
        let said = Validation::read(&serde_yaml::from_str(text).unwrap());
        assert_eq!(said.absolute, Said::As(Level::Warning));
        assert_eq!(said.nav_absolute, Said::InDocs);
        assert_eq!(said.anchors.level(Level::Warning), None);
        assert_eq!(said.not_found.level(Level::Warning), Some(Level::Warning));
    }
}
