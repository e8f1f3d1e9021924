//! Pages beside the catalog that are found with it: of a documentation site, a wiki, a place for questions.

/// One page, or one section of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ElsewherePage {
    /// What tells it from the others of its source.
    pub key: String,
    /// What tells one state of it from the next.
    pub version: String,
    /// Where to read it.
    pub url: String,
    /// Its title.
    pub title: String,
    /// The section of its page, or what it is part of: a space, tags.
    pub heading: String,
    /// Its text.
    pub text: String,
}
