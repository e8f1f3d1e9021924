//! The query language: words, `"phrases"`, `column:value`, `has:`, `is:`, `-` before any of them, references
//! (`api:orders`), and Backstage's `key=value` for the columns that the index has.
//!
//! Every text is a query: what cannot be understood is reported at its place and left out, the rest still works.
//! Different columns narrow each other; values of one column add up, as in Backstage's own filters.

mod token;

use std::ops::Range;

use crate::catalog::Kind;
use crate::catalog::index::Facet;
use token::{Token, tokens};

/// The value of `owner:` that stands for the user and their groups.
pub const MINE: &str = "mine";

/// The shortest text that is looked for in docs, in characters.
const SHORTEST_PASSAGE: usize = 3;

/// A parsed query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// What was understood, in the order of the text.
    pub parts: Vec<Part>,
    /// What was not.
    pub issues: Vec<Issue>,
}

/// One thing a query asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where it stands in the text, in bytes.
    pub span: Range<usize>,
    /// Whether a `-` stands before it.
    pub negated: bool,
    /// What it asks for.
    pub what: What,
}

/// What a [`Part`] asks for. Text in it is in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A word, matched loosely.
    Word(String),
    /// A text that must appear as it is.
    Phrase(String),
    /// A column has one of these values.
    Column(Column, Vec<String>),
    /// A state.
    Flag(Flag),
}

/// What stands before the `:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// One of the index's facets.
    Facet(Facet),
    /// The name, exactly.
    Name,
}

/// A state by which a query narrows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// `has:docs`: says where its docs are.
    Docs,
    /// `has:owner`: names an owner.
    Owner,
    /// `is:broken`: has findings of level error or warning.
    Broken,
    /// `is:starred`: starred by its user.
    Starred,
    /// `is:mine`: the same as `owner:mine`.
    Mine,
}

/// A part of a query that was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Where it stands in the text, in bytes.
    pub span: Range<usize>,
    /// What is wrong and what would be right, in one sentence.
    pub message: String,
}

impl Query {
    /// The text to look for in docs: all words. `None` where a filter or a `-` narrows the catalog, which does not narrow
    /// docs, and where the text is so short that it would be in all of them.
    pub fn passage(&self) -> Option<String> {
        let word = |part: &Part| match &part.what {
            What::Word(word) | What::Phrase(word) if !part.negated => Some(word.clone()),
            _ => None,
        };
        let words: Option<Vec<String>> = self.parts.iter().map(word).collect();
        let text = words?.join(" ");
        (text.chars().count() >= SHORTEST_PASSAGE).then_some(text)
    }

    /// Reads `text`; never fails.
    pub fn parse(text: &str) -> Self {
        let mut query = Self::default();
        for token in tokens(text) {
            match understand(&token) {
                Ok(found) => query.parts.extend(found.into_iter().map(|what| Part {
                    span: token.span.clone(),
                    negated: token.negated,
                    what,
                })),
                Err(message) => query.issues.push(Issue {
                    span: token.span,
                    message,
                }),
            }
        }
        query
    }

    /// `argument` in a form that no command line takes for an option: `-tag:go` with a minus sign instead of the hyphen.
    /// Anything that is no negated filter stays as it is.
    pub fn shield(argument: &str) -> Option<String> {
        let body = argument.strip_prefix('-')?;
        let (key, _) = body.split_once([':', '='])?;
        let known = Column::parse(key).is_some()
            || Column::of_field(key).is_some()
            || ["has", "is"].contains(&key)
            || Kind::parse(key) != Kind::Other;
        known.then(|| format!("{}{body}", token::MINUS))
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

impl Column {
    /// The columns with the words that people write for them.
    const NAMES: [(&'static str, Self); 9] = [
        ("kind", Self::Facet(Facet::Kind)),
        ("type", Self::Facet(Facet::Type)),
        ("owner", Self::Facet(Facet::Owner)),
        ("system", Self::Facet(Facet::System)),
        ("lifecycle", Self::Facet(Facet::Lifecycle)),
        ("tag", Self::Facet(Facet::Tag)),
        ("tags", Self::Facet(Facet::Tag)),
        ("namespace", Self::Facet(Facet::Namespace)),
        ("name", Self::Name),
    ];

    /// The column called `name`, as in `owner:`.
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find_map(|&(text, column)| (text == name).then_some(column))
    }

    /// The column that holds the field `key` of Backstage's filters, as in `spec.owner=`.
    pub fn of_field(key: &str) -> Option<Self> {
        match key {
            "relations.ownedby" => Some(Self::Facet(Facet::Owner)),
            "relations.partof" => Some(Self::Facet(Facet::System)),
            "kind" => Some(Self::Facet(Facet::Kind)),
            _ => {
                let (group, name) = key.split_once('.')?;
                let column = Self::parse(name)?;
                let expected = match column {
                    Self::Facet(Facet::Tag | Facet::Namespace) | Self::Name => "metadata",
                    Self::Facet(_) => "spec",
                };
                (group == expected && name != "kind" && name != "tag").then_some(column)
            }
        }
    }

    /// The word for it, as written before the `:`.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find_map(|&(text, column)| (column == self).then_some(text))
            .unwrap_or_default()
    }
}

impl Flag {
    /// The states as they are written.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("has:docs", Self::Docs),
        ("has:owner", Self::Owner),
        ("is:broken", Self::Broken),
        ("is:starred", Self::Starred),
        ("is:mine", Self::Mine),
    ];

    fn parse(key: &str, value: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find_map(|&(text, flag)| (text.split_once(':') == Some((key, value))).then_some(flag))
    }
}

/// What `token` asks for, or what is wrong with it.
fn understand(token: &Token) -> Result<Vec<What>, String> {
    let Some((key, separator, value)) = &token.key else {
        return Ok(vec![if token.quoted {
            What::Phrase(token.text.clone())
        } else {
            What::Word(token.text.clone())
        }]);
    };
    if value.is_empty() {
        return Err(format!(
            "{key}{separator} wants a value; write it without a space in between"
        ));
    }
    if *separator == '=' {
        let column = Column::of_field(key).or_else(|| Column::parse(key));
        return match column {
            Some(column) => Ok(vec![What::Column(column, vec![value.clone()])]),
            None => Err(format!(
                "search cannot filter by {key}; use kind, spec.owner, spec.type, spec.system, spec.lifecycle, \
                 metadata.tags, metadata.name or metadata.namespace"
            )),
        };
    }
    if let Some(column) = Column::parse(key) {
        return Ok(vec![What::Column(column, values(value))]);
    }
    if key == "has" || key == "is" {
        return match Flag::parse(key, value) {
            Some(flag) => Ok(vec![What::Flag(flag)]),
            None => Err(format!(
                "{key}:{value} is not known; there are has:docs, has:owner, is:broken, is:starred and is:mine"
            )),
        };
    }
    if Kind::parse(key) != Kind::Other {
        return Ok(reference(key, value));
    }
    Err(format!(
        "{key}: is not known; there are owner:, kind:, type:, system:, tag:, lifecycle:, namespace:, name:, has: and is:"
    ))
}

/// The values of `value`, parted by commas.
fn values(value: &str) -> Vec<String> {
    value
        .split(',')
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
        .collect()
}

/// `kind:name` or `kind:namespace/name`, asked for as a kind, a namespace and a word.
fn reference(kind: &str, rest: &str) -> Vec<What> {
    let mut parts = vec![What::Column(
        Column::Facet(Facet::Kind),
        vec![kind.to_owned()],
    )];
    let name = match rest.split_once('/') {
        Some((namespace, name)) if !namespace.is_empty() => {
            parts.push(What::Column(
                Column::Facet(Facet::Namespace),
                vec![namespace.to_owned()],
            ));
            name
        }
        _ => rest,
    };
    if !name.is_empty() {
        parts.push(What::Word(name.to_owned()));
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A query in the words of the test table: `-` for negated, `~` for a word, quotes for a phrase.
    fn told(text: &str) -> String {
        let query = Query::parse(text);
        let mut told: Vec<String> = query
            .parts
            .iter()
            .map(|part| {
                let what = match &part.what {
                    What::Word(word) => format!("~{word}"),
                    What::Phrase(phrase) => format!("{phrase:?}"),
                    What::Column(column, values) => {
                        format!("{}:{}", column.name(), values.join("|"))
                    }
                    What::Flag(flag) => format!("{flag:?}"),
                };
                format!("{}{what}", if part.negated { "-" } else { "" })
            })
            .collect();
        told.extend(query.issues.iter().map(|issue| {
            format!(
                "!{}",
                text.get(issue.span.clone()).unwrap_or("span off the text")
            )
        }));
        told.join(" ")
    }

    #[test]
    fn queries_are_read_part_by_part() {
        for (text, expected) in [
            ("", ""),
            ("Payment gateway", "~payment ~gateway"),
            ("\"card payments\" x", "\"card payments\" ~x"),
            ("owner:team-a", "owner:team-a"),
            ("tag:go,java -tag:legacy", "tag:go|java -tag:legacy"),
            ("Kind:API", "kind:api"),
            ("owner:\"team a\"", "owner:team a"),
            ("has:docs is:broken -is:starred", "Docs Broken -Starred"),
            (
                "kind=component spec.owner=team-a",
                "kind:component owner:team-a",
            ),
            (
                "metadata.tags=go relations.ownedBy=group:default/a",
                "tag:go owner:group:default/a",
            ),
            ("api:orders", "kind:api ~orders"),
            ("component:shop/cart", "kind:component namespace:shop ~cart"),
            ("-", "~-"),
            ("a-b", "~a-b"),
            ("\u{2212}tag:go", "-tag:go"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn negated_filters_are_shielded_and_options_are_not() {
        for (argument, negated) in [
            ("-tag:go", true),
            ("-spec.owner=a", true),
            ("-is:broken", true),
            ("-o", false),
            ("--limit=3", false),
            ("-ojson", false),
            ("tag:go", false),
        ] {
            let shielded = Query::shield(argument);
            assert_eq!(shielded.is_some(), negated, "{argument}");
            if let Some(shielded) = shielded {
                assert!(Query::parse(&shielded).parts[0].negated);
            }
        }
    }

    #[test]
    fn what_is_not_understood_is_reported_in_its_place() {
        for (text, expected) in [
            ("pay owner: x", "~pay ~x !owner:"),
            ("pay colour:red", "~pay !colour:red"),
            ("is:lost", "!is:lost"),
            ("spec.colour=red pay", "~pay !spec.colour=red"),
            ("spec.kind=x", "!spec.kind=x"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_text_is_a_query(text in "\\PC{0,40}|[-a-z:=\",. ]{0,30}") {
            let query = Query::parse(&text);
            let spans = query.parts.iter().map(|p| &p.span).chain(query.issues.iter().map(|i| &i.span));
            for span in spans {
                prop_assert!(text.get(span.clone()).is_some());
            }
        }
    }
}
