//! Tokens → the expression, with what was not understood beside it.

use std::iter::Peekable;
use std::ops::Range;
use std::vec::IntoIter;

use super::address;
use super::key::{Column, Flag, Key};
use super::token::{Item, Lexeme, Token, tokens};
use super::{Expr, Issue, Node, Query, Term};
use crate::catalog::Kind;
use crate::catalog::ask::Updated;
use crate::catalog::filter::{Condition, Filter};
use crate::catalog::index::Facet;
use crate::catalog::nearest::nearest;

/// The fields of entities below which a word without `=` means "this field exists".
pub(crate) const FIELD_ROOTS: [&str; 4] = ["metadata.", "spec.", "relations.", "status."];

/// So many terms are read, and so many of them may be words, each of which is looked for in every row.
const MOST_TERMS: usize = 64;
const MOST_WORDS: usize = 16;
/// So many values are compared, of all terms: each may be looked for among all values of a column.
const MOST_VALUES: usize = 256;
/// So much of what is wrong is told.
const MOST_ISSUES: usize = 64;
const LONGEST_MESSAGE: usize = 1_000;
/// Parentheses may be nested so deep.
const DEEPEST: usize = 32;
/// No name is longer, and no word that is looked for.
const LONGEST_WORD: usize = 256;

/// Reads a query.
pub(super) fn parse(text: &str) -> Query {
    let mut parser = Parser {
        tokens: tokens(text).into_iter().peekable(),
        issues: Vec::new(),
        terms: 0,
        words: 0,
        values: 0,
        end: text.len(),
        left_out: None,
        too_deep: false,
    };
    let expr = parser.either(0);
    if let Some(from) = parser.left_out {
        parser.issues.push(Issue::new(
            from..text.len(),
            format!(
                "a query has at most {MOST_TERMS} parts, {MOST_WORDS} words and {MOST_VALUES} values; the rest is left out"
            ),
        ));
    }
    parser.issues.sort_by_key(|issue| issue.span.start);
    parser.issues.truncate(MOST_ISSUES);
    Query {
        expr,
        issues: parser.issues,
    }
}

struct Parser {
    tokens: Peekable<IntoIter<Token>>,
    issues: Vec<Issue>,
    terms: usize,
    words: usize,
    values: usize,
    end: usize,
    /// Where what is left out begins, for there is too much.
    left_out: Option<usize>,
    /// Whether it was said that something is nested too deep.
    too_deep: bool,
}

impl Parser {
    /// Runs parted by `OR`, up to the `)` that closes them.
    fn either(&mut self, depth: usize) -> Option<Expr> {
        let mut runs: Vec<Expr> = Vec::new();
        // An `OR` that has something before it and waits for something behind it.
        let mut waiting: Option<Range<usize>> = None;
        loop {
            let run = self.run(depth);
            let is_empty = run.is_none();
            runs.extend(run);
            if !is_empty {
                waiting = None;
            }
            let Some(token) = self
                .tokens
                .next_if(|token| matches!(token.what, Lexeme::Or))
            else {
                break;
            };
            if is_empty {
                self.dangling(&token.span);
            } else {
                waiting = Some(token.span);
            }
        }
        if let Some(span) = waiting {
            self.dangling(&span);
        }
        group(runs, Node::Or)
    }

    fn dangling(&mut self, span: &Range<usize>) {
        self.issues.push(Issue::new(
            span.clone(),
            "OR stands between two things; in quotes it is a word",
        ));
    }

    /// What stands side by side, up to an `OR`, a `)` or the end.
    fn run(&mut self, depth: usize) -> Option<Expr> {
        let mut parts = Vec::new();
        let mut urls: Vec<Expr> = Vec::new();
        loop {
            match self.tokens.peek().map(|token| &token.what) {
                None | Some(Lexeme::Or) => break,
                Some(Lexeme::Close) if depth > 0 => break,
                Some(Lexeme::And | Lexeme::Close) => {
                    self.tokens.next();
                }
                Some(Lexeme::Item(item)) if item.is_url() => {
                    let (filters, span) = self.url();
                    urls.extend(group(filters, Node::Or).map(|expr| Expr { span, ..expr }));
                }
                Some(_) => parts.extend(self.one(depth)),
            }
        }
        // Repeated `filter=` mean OR, wherever they stand, as in an address.
        parts.extend(group(urls, Node::Or));
        group(parts, Node::And)
    }

    /// One term or group, with what negates it.
    fn one(&mut self, depth: usize) -> Option<Expr> {
        let mut negated = false;
        let mut start = None;
        while let Some(token) = self
            .tokens
            .next_if(|token| matches!(token.what, Lexeme::Not))
        {
            negated = !negated;
            start = start.or(Some(token.span.start));
        }
        // Only what follows is negated: not an `OR`, not the end of the group.
        let Token { span, what } = self
            .tokens
            .next_if(|token| !matches!(token.what, Lexeme::Or | Lexeme::And | Lexeme::Close))?;
        let span = start.unwrap_or(span.start)..span.end;
        match what {
            Lexeme::Open => {
                if depth == DEEPEST {
                    if !std::mem::replace(&mut self.too_deep, true) {
                        self.issues
                            .push(Issue::new(span, "this is nested too deep"));
                    }
                    return None;
                }
                let inner = self.either(depth + 1);
                let close = self
                    .tokens
                    .next_if(|token| matches!(token.what, Lexeme::Close));
                let end = close.map_or(self.end, |token| token.span.end);
                // The parentheses stay a group of their own: values within do not add up with those outside.
                inner.map(|inner| {
                    let span = span.start..end;
                    match inner.node {
                        Node::Term(_) => {
                            sign(span.clone(), Node::And(vec![Expr { ..inner }]), negated)
                        }
                        node => sign(span, node, negated),
                    }
                })
            }
            Lexeme::Stray => {
                self.issues.push(Issue::new(
                    span,
                    "this ) closes nothing; in quotes it is text",
                ));
                None
            }
            Lexeme::Item(item) => {
                let negated = negated != item.negated;
                let found = self.understand(&item, &span)?;
                Some(sign(span, found, negated))
            }
            Lexeme::Close | Lexeme::Or | Lexeme::And | Lexeme::Not => None,
        }
    }

    /// What a word of the text asks for; what is wrong with it is an issue.
    fn understand(&mut self, item: &Item, span: &Range<usize>) -> Option<Node> {
        let found = match understand(item) {
            Ok(found) => found,
            Err(message) => {
                self.wrong(span, message);
                return None;
            }
        };
        if !self.has_room(&found) {
            self.left_out = self.left_out.or(Some(span.start));
            return None;
        }
        let either = whole_reference(item);
        let of = |terms: Vec<Term>| {
            let parts = terms.into_iter().map(|term| Expr {
                span: span.clone(),
                node: Node::Term(term),
            });
            group(parts.collect(), Node::And)
        };
        let found = of(found);
        let either = either.and_then(of);
        let sides: Vec<Expr> = found.into_iter().chain(either).collect();
        group(sides, Node::Or).map(|expr| expr.node)
    }

    /// Tells what is wrong at `span`, without repeating a whole pasted page.
    fn wrong(&mut self, span: &Range<usize>, message: String) {
        let message = if message.len() > LONGEST_MESSAGE {
            "this is too long to be a name or a value; in quotes it is text".to_owned()
        } else {
            message
        };
        self.issues.push(Issue::new(span.clone(), message));
    }

    /// Counts `found`, and says whether a query may have that much.
    fn has_room(&mut self, found: &[Term]) -> bool {
        self.terms += found.len();
        for term in found {
            match term {
                Term::Word(_) | Term::Phrase(_) => self.words += 1,
                Term::Column(_, values) | Term::Link(_, values) => self.values += values.len(),
                Term::Field(condition) => self.values += condition.values.len(),
                Term::Flag(_) | Term::Updated(_) | Term::Saved(_) => {}
            }
        }
        self.terms <= MOST_TERMS && self.words <= MOST_WORDS && self.values <= MOST_VALUES
    }

    /// The filters of a pasted `filter=a=b,c&filter=d=e`.
    fn url(&mut self) -> (Vec<Expr>, Range<usize>) {
        let Some(Token {
            span,
            what: Lexeme::Item(item),
        }) = self.tokens.next()
        else {
            return (Vec::new(), 0..0);
        };
        let mut filters = Vec::new();
        for filter in item.text.split('&') {
            let filter = filter.trim_start_matches(['?', '&']);
            let filter = filter.strip_prefix("filter=").unwrap_or(filter);
            match fields(filter) {
                Ok(terms) => {
                    if !self.has_room(&terms) {
                        self.left_out = self.left_out.or(Some(span.start));
                        break;
                    }
                    let parts = terms.into_iter().map(|term| Expr {
                        span: span.clone(),
                        node: Node::Term(term),
                    });
                    filters.extend(group(parts.collect(), Node::And));
                }
                Err(message) => self.wrong(&span, message),
            }
        }
        if item.negated
            && let Some(inner) = group(std::mem::take(&mut filters), Node::Or)
        {
            filters.push(sign(span.clone(), inner.node, true));
        }
        (filters, span)
    }
}

impl Item {
    /// Whether it is the part of an address that filters.
    fn is_url(&self) -> bool {
        !self.quoted && (self.text.starts_with("filter=") || self.text.starts_with("?filter="))
    }
}

/// `parts` as one: nothing of none, itself of one.
fn group(mut parts: Vec<Expr>, node: fn(Vec<Expr>) -> Node) -> Option<Expr> {
    let first = parts.first()?.span.start;
    let last = parts.last()?.span.end;
    if parts.len() == 1 {
        return parts.pop();
    }
    Some(Expr {
        span: first.min(last)..first.max(last),
        node: node(parts),
    })
}

fn sign(span: Range<usize>, node: Node, negated: bool) -> Expr {
    let inner = Expr {
        span: span.clone(),
        node,
    };
    if negated {
        Expr {
            span,
            node: Node::Not(Box::new(inner)),
        }
    } else {
        inner
    }
}

/// What `item` asks for, or what is wrong with it.
fn understand(item: &Item) -> Result<Vec<Term>, String> {
    let text = &item.text;
    if item.quoted {
        return Ok(vec![Term::Phrase(cut(text))]);
    }
    if let Some(name) = address::called(text) {
        return Ok(vec![Term::Word(cut(name))]);
    }
    // `@scope/name` is a package's name.
    if let Some(name) = text.strip_prefix('@')
        && !name.is_empty()
        && !name.contains('/')
    {
        return Ok(vec![Term::Saved(name.to_owned())]);
    }
    if FIELD_ROOTS.iter().any(|root| text.starts_with(root)) && !is_colon_form(item) {
        return fields(text);
    }
    let Some((key, separator, value)) = &item.key else {
        return Ok(vec![Term::Word(cut(text))]);
    };
    if *separator == '=' {
        return fields(text);
    }
    if value.is_empty() && Key::parse(key).is_none() && Kind::parse(key) == Kind::Other {
        // Titles have colons: `ADR-7: Pay by card`.
        return Ok(vec![Term::Word(cut(key))]);
    }
    if value.is_empty() {
        return Err(format!(
            "{key}: wants a value; write it without a space in between"
        ));
    }
    match Key::parse(key) {
        Some(Key::Column(column)) => Ok(vec![Term::Column(column, values(value))]),
        Some(Key::Link(link)) => Ok(vec![Term::Link(link, values(value))]),
        Some(Key::State(key)) => state(key, value),
        Some(Key::Entry(field)) => Ok(vec![Term::Field(entry(field, value))]),
        Some(Key::Updated) => Updated::parse(value).map(|it| vec![Term::Updated(it)]),
        None if Kind::parse(key) != Kind::Other => Ok(reference(key, value)),
        // A company may have kinds of its own: their references are whole.
        None if value.contains('/') && is_one_word(key) && near(key).is_none() => {
            Ok(reference(key, value))
        }
        None => Err(unknown(key)),
    }
}

fn cut(word: &str) -> String {
    word.chars().take(LONGEST_WORD).collect()
}

/// Whether it is `metadata.name:x`, which no filter is.
fn is_colon_form(item: &Item) -> bool {
    matches!(&item.key, Some((_, ':', _)))
}

fn unknown(key: &str) -> String {
    if FIELD_ROOTS.iter().any(|root| key.starts_with(root)) {
        return format!("fields are compared with =; write {key}=VALUE");
    }
    match near(key) {
        Some(near) => format!("{key}: is not known; did you mean {near}:?"),
        None => format!(
            "{key}: is not known; there are {}, and in quotes it is text",
            names()
                .map(|name| format!("{name}:"))
                .collect::<Vec<_>>()
                .join(" ")
        ),
    }
}

fn names() -> impl Iterator<Item = &'static str> {
    let shown = super::KEYS.iter().filter(|(.., words)| !words.is_empty());
    shown.map(|(name, ..)| *name)
}

/// The key that was probably meant.
fn near(key: &str) -> Option<&'static str> {
    nearest(key, names())
}

fn is_one_word(key: &str) -> bool {
    key.chars().all(char::is_alphanumeric)
}

/// `system:default/x` asks for what is in the system, and is its own reference, which people paste.
fn whole_reference(item: &Item) -> Option<Vec<Term>> {
    let (key, ':', value) = item.key.as_ref().filter(|_| !item.quoted)? else {
        return None;
    };
    let is_whole = matches!(key.as_str(), "system" | "domain")
        && value.contains('/')
        && !value.contains([':', ',']);
    is_whole.then(|| reference(key, value))
}

/// `has:docs,owner`: both.
fn state(key: &str, value: &str) -> Result<Vec<Term>, String> {
    let flags: Result<Vec<Term>, String> = values(value)
        .iter()
        .map(|value| {
            Flag::parse(key, value).map(Term::Flag).ok_or_else(|| {
                let known: Vec<&str> = Flag::of(key).map(|(text, _)| text).collect();
                format!("{key}:{value} is not known; there are {}", known.join(", "))
            })
        })
        .collect();
    flags
}

/// The conditions of one of Backstage's filter strings; a comma means both.
fn fields(text: &str) -> Result<Vec<Term>, String> {
    let filter = Filter::parse(&[text.to_owned()]).map_err(|error| error.to_string())?;
    let conditions = filter.into_conditions().into_iter().flatten();
    Ok(conditions.map(field).collect())
}

/// A condition; one on a column's plain name, which no field has, is meant as `owner:`.
fn field(condition: Condition) -> Term {
    match Key::parse(&condition.key) {
        Some(Key::Column(column))
            if column != Column::Facet(Facet::Kind) && !condition.values.is_empty() =>
        {
            Term::Column(column, condition.values)
        }
        _ => Term::Field(condition),
    }
}

/// `key` or `key=value` below a field; several values are parted by commas.
fn entry(field: &str, text: &str) -> Condition {
    let (key, wanted) = match text.split_once('=') {
        // The value is still to be typed.
        Some((key, "")) => (key.trim(), Vec::new()),
        Some((key, value)) => (
            key.trim(),
            value.split(',').map(|v| v.trim().to_owned()).collect(),
        ),
        None => (text, Vec::new()),
    };
    Condition {
        key: format!("{field}.{key}"),
        values: wanted,
    }
}

/// The values of `value`, parted by commas.
fn values(value: &str) -> Vec<String> {
    value
        .split(',')
        .map(str::trim)
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
        .collect()
}

/// `kind:name` or `kind:namespace/name`, asked for as a kind, a namespace and a word.
fn reference(kind: &str, rest: &str) -> Vec<Term> {
    let column = |facet, value: &str| Term::Column(Column::Facet(facet), vec![value.to_owned()]);
    let mut terms = vec![column(Facet::Kind, kind)];
    let name = match rest.split_once('/') {
        Some((namespace, name)) if !namespace.is_empty() => {
            terms.push(column(Facet::Namespace, namespace));
            name
        }
        _ => rest,
    };
    if !name.is_empty() {
        terms.push(Term::Word(cut(name)));
    }
    terms
}
