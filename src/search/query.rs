//! The query language: words, `"phrases"`, `key:value`, links, states, `-`, `OR`, parentheses, references
//! (`api:orders`), saved queries (`@name`), and Backstage's filter strings for any field.
//!
//! Every text is a query: what cannot be understood is reported at its place and left out, the rest still works. What
//! stands side by side narrows; `OR` binds less than that. Values of one column that stand side by side add up, as in
//! Backstage's own filters.

mod address;
mod key;
mod parse;
#[cfg(test)]
mod tests;
mod token;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::catalog::Kind;
use crate::catalog::ask::Updated;
use crate::catalog::filter::Condition;

pub use key::{Column, Flag, KEYS, Key, Link};
pub(super) use parse::FIELD_ROOTS;

/// The value of `owner:` that stands for the user and their groups.
pub const MINE: &str = "mine";

/// The shortest text that is looked for in docs, in characters.
const SHORTEST_PASSAGE: usize = 3;

/// How deep saved queries may name each other, and how many are put in: each may name others many times.
const DEEPEST_SAVED: usize = 8;
const MOST_SAVED: usize = 32;

/// Queries that were kept, by name.
pub type Saved = BTreeMap<String, String>;

/// The name that `text` gives to a saved query, as it is kept: one word in lower case, without its `@`. `None` where it is
/// no name: anything but letters, digits, `-`, `_` and `.`.
pub fn saved_name(text: &str) -> Option<String> {
    let text = text.trim();
    let name = text.strip_prefix('@').unwrap_or(text).to_lowercase();
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    (!name.is_empty() && name.chars().all(is_plain)).then_some(name)
}

/// A parsed query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// What was understood; `None` where nothing is asked for.
    pub expr: Option<Expr>,
    /// What was not.
    pub issues: Vec<Issue>,
}

/// An expression with where it stands in the text, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    /// Where it stands. What comes out of one word has the span of that word.
    pub span: Range<usize>,
    /// What it is.
    pub node: Node,
}

/// What an [`Expr`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// All of them hold; terms of one column that are side by side here add up.
    And(Vec<Expr>),
    /// At least one of them holds.
    Or(Vec<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// One thing that is asked for.
    Term(Term),
}

/// One thing a query asks for. Text in it is in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// A word, matched loosely.
    Word(String),
    /// A text that must appear as it is.
    Phrase(String),
    /// A column has one of these values.
    Column(Column, Vec<String>),
    /// A state.
    Flag(Flag),
    /// A link to one of the entities so called.
    Link(Link, Vec<String>),
    /// A field of the entity, by Backstage's rules.
    Field(Condition),
    /// When it last changed.
    Updated(Updated),
    /// A saved query, by name.
    Saved(String),
}

/// A part of a query that was not understood, or that this catalog cannot answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Where it stands in the text, in bytes.
    pub span: Range<usize>,
    /// What is wrong and what would be right, in one sentence.
    pub message: String,
}

impl Issue {
    pub(super) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
        }
    }
}

impl Expr {
    /// Its terms, each with where it stands, and those of saved queries not.
    pub fn terms(&self) -> Vec<(&Range<usize>, &Term)> {
        match &self.node {
            Node::And(parts) | Node::Or(parts) => parts.iter().flat_map(Self::terms).collect(),
            Node::Not(inner) => inner.terms(),
            Node::Term(term) => vec![(&self.span, term)],
        }
    }

    /// What must all hold: the parts of an [`Node::And`], or itself.
    pub fn conjuncts(&self) -> &[Expr] {
        match &self.node {
            Node::And(parts) => parts,
            _ => std::slice::from_ref(self),
        }
    }
}

impl Query {
    /// Reads `text`; never fails.
    pub fn parse(text: &str) -> Self {
        parse::parse(text)
    }

    /// What must all hold.
    pub fn conjuncts(&self) -> &[Expr] {
        self.expr.as_ref().map_or(&[], Expr::conjuncts)
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.expr.is_none()
    }

    /// The text to look for in docs: all words, phrases in quotes. `None` where a filter or a `-` narrows the catalog, which does not narrow
    /// docs, and where the text is so short that it would be in all of them.
    pub fn passage(&self) -> Option<String> {
        let word = |part: &Expr| match &part.node {
            Node::Term(Term::Word(word)) => Some(word.clone()),
            Node::Term(Term::Phrase(phrase)) => Some(format!("\"{phrase}\"")),
            _ => None,
        };
        let words: Option<Vec<String>> = self.conjuncts().iter().map(word).collect();
        let text = words?.join(" ");
        (text.chars().count() >= SHORTEST_PASSAGE).then_some(text)
    }

    /// The query with every `@name` replaced by what is saved under it. What is not saved is an issue.
    #[must_use]
    pub fn expanded(&self, saved: &Saved) -> Self {
        let mut putting = Putting {
            saved,
            put: 0,
            issues: self.issues.clone(),
        };
        let expr = self.expr.as_ref();
        let expr = expr.and_then(|expr| putting.expand(expr, DEEPEST_SAVED));
        let issues = putting.issues;
        Self { expr, issues }
    }

    /// `argument` in a form that no command line takes for an option: `-tag:go` with a minus sign instead of the hyphen.
    /// Anything that is no negated filter stays as it is.
    pub fn shield(argument: &str) -> Option<String> {
        let body = argument.strip_prefix('-')?;
        let known = body.starts_with(['(', '@', '"'])
            || body.split_once([':', '=']).is_some_and(|(key, _)| {
                let key = key.to_lowercase();
                Key::parse(&key).is_some()
                    || Kind::parse(&key) != Kind::Other
                    || FIELD_ROOTS.iter().any(|root| key.starts_with(root))
            });
        known.then(|| format!("{}{body}", token::MINUS))
    }
}

/// Puts saved queries in the place of their names.
struct Putting<'a> {
    saved: &'a Saved,
    /// How many were put in.
    put: usize,
    issues: Vec<Issue>,
}

impl Putting<'_> {
    /// `expr` with saved queries put in; all of one takes the place of its name.
    fn expand(&mut self, expr: &Expr, depth: usize) -> Option<Expr> {
        let node = match &expr.node {
            Node::And(parts) => Node::And(self.each(parts, depth)),
            Node::Or(parts) => Node::Or(self.each(parts, depth)),
            Node::Not(inner) => Node::Not(Box::new(self.expand(inner, depth)?)),
            Node::Term(Term::Saved(name)) => return self.put(name, &expr.span, depth),
            Node::Term(_) => return Some(expr.clone()),
        };
        if matches!(&node, Node::And(parts) | Node::Or(parts) if parts.is_empty()) {
            return None;
        }
        Some(Expr {
            span: expr.span.clone(),
            node,
        })
    }

    fn each(&mut self, parts: &[Expr], depth: usize) -> Vec<Expr> {
        let parts = parts.iter();
        parts.filter_map(|part| self.expand(part, depth)).collect()
    }

    /// What is saved as `name`, which stands at `span`.
    fn put(&mut self, name: &str, span: &Range<usize>, depth: usize) -> Option<Expr> {
        let message = match self.saved.get(name) {
            None if self.saved.is_empty() => {
                format!("no query is saved as {name}; `stagedoor query {name} TEXT` saves one")
            }
            None => {
                let names = self.saved.keys().map(|name| format!("@{name}"));
                let names: Vec<String> = names.collect();
                format!(
                    "no query is saved as {name}; there are {}",
                    names.join(", ")
                )
            }
            Some(_) if depth == 0 => format!("@{name} names itself, by way of others"),
            Some(_) if self.put == MOST_SAVED => {
                format!("a query takes in at most {MOST_SAVED} saved ones; the rest is left out")
            }
            Some(text) => {
                self.put += 1;
                let query = parse::parse(text);
                let issues = query.issues.into_iter();
                self.issues.extend(
                    issues.map(|issue| {
                        Issue::new(span.clone(), format!("@{name}: {}", issue.message))
                    }),
                );
                let mut inner = query.expr?;
                take_place(&mut inner, span);
                return self.expand(&inner, depth - 1);
            }
        };
        let issue = Issue::new(span.clone(), message);
        // Of many names that are left out one is told of.
        if !self.issues.contains(&issue) {
            self.issues.push(issue);
        }
        None
    }
}

/// Gives `expr` and all within the place `span`: theirs are of another text.
fn take_place(expr: &mut Expr, span: &Range<usize>) {
    expr.span = span.clone();
    match &mut expr.node {
        Node::And(parts) | Node::Or(parts) => {
            for part in parts {
                take_place(part, span);
            }
        }
        Node::Not(inner) => take_place(inner, span),
        Node::Term(_) => {}
    }
}
