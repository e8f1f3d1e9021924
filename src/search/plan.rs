//! A query made ready for one index: the rows that its filters leave, and what of it must be scored row by row.

use super::filter::{Filter, has_words};
use super::fold::Needle;
use super::query::{Expr, Node, Term};
use crate::catalog::index::RowSet;

/// What comes of a query.
pub(super) struct Plan<'a> {
    filter: Filter<'a>,
    /// The rows that the filters leave.
    pub(super) kept: RowSet,
    /// The words, wherever they stand.
    pub(super) words: Vec<Word>,
    /// The words that must all fit, by number.
    pub(super) plain: Vec<usize>,
    /// What must hold besides.
    pub(super) parts: Vec<Part>,
    /// Whether a word has letters: dashes between such words say nothing.
    has_letters: bool,
}

/// A word of the query.
pub(super) struct Word {
    pub(super) needle: Needle,
    /// Whether it must not be there: it is then looked for as it is written.
    pub(super) unwanted: bool,
}

/// A part of a query with words in it.
#[derive(Debug)]
pub(super) enum Part {
    /// The word with this number.
    Word(usize),
    /// Filters alone.
    Rows(RowSet),
    /// All of them.
    All(Vec<Part>),
    /// One of them.
    Any(Vec<Part>),
    /// Not this.
    Not(Box<Part>),
}

impl<'a> Plan<'a> {
    /// Prepares `expr`, in which no saved query is left.
    pub(super) fn new(expr: Option<&Expr>, filter: Filter<'a>) -> Self {
        let mut plan = Self {
            kept: RowSet::all(filter.index.len()),
            filter,
            words: Vec::new(),
            plain: Vec::new(),
            parts: Vec::new(),
            has_letters: false,
        };
        if let Some(expr) = expr {
            let terms = expr.terms();
            plan.has_letters = terms
                .iter()
                .any(|(_, term)| matches!(term, Term::Word(w) if has_letters(w)));
            plan.narrow(expr.conjuncts());
        }
        plan
    }

    /// What is to be said of the query.
    pub(super) fn into_notices(self) -> Vec<super::Issue> {
        let mut notices = self.filter.notices;
        notices.sort_by_key(|notice| notice.span.start);
        notices
    }

    /// Takes in what must all hold.
    fn narrow(&mut self, parts: &[Expr]) {
        let (wordy, filters): (Vec<&Expr>, Vec<&Expr>) = parts.iter().partition(|p| has_words(p));
        let rows = self.filter.all(&filters, false);
        self.kept.intersect(&rows);
        for expr in wordy {
            match &expr.node {
                Node::And(parts) => self.narrow(parts),
                Node::Term(term) => {
                    let word = self.word(term, false);
                    self.plain.extend(word);
                }
                _ => {
                    let part = self.part(expr, false);
                    self.parts.extend(part);
                }
            }
        }
    }

    fn part(&mut self, expr: &Expr, negated: bool) -> Option<Part> {
        if !has_words(expr) {
            return Some(Part::Rows(self.filter.rows(expr, negated)));
        }
        Some(match &expr.node {
            Node::And(parts) => {
                let (wordy, filters): (Vec<&Expr>, Vec<&Expr>) =
                    parts.iter().partition(|p| has_words(p));
                let mut all: Vec<Part> = Vec::new();
                if !filters.is_empty() {
                    all.push(Part::Rows(self.filter.all(&filters, negated)));
                }
                all.extend(
                    wordy
                        .into_iter()
                        .filter_map(|part| self.part(part, negated)),
                );
                Part::All(all)
            }
            Node::Or(parts) => Part::Any(
                parts
                    .iter()
                    .filter_map(|part| self.part(part, negated))
                    .collect(),
            ),
            Node::Not(inner) => Part::Not(Box::new(self.part(inner, true)?)),
            Node::Term(term) => Part::Word(self.word(term, negated)?),
        })
    }

    /// The number of a word; `None` where nothing is left of it to look for.
    fn word(&mut self, term: &Term, unwanted: bool) -> Option<usize> {
        let needle = match term {
            Term::Word(word) if self.has_letters && !has_letters(word) => None,
            Term::Word(word) => Needle::new(word, false),
            Term::Phrase(phrase) => Needle::new(phrase, true),
            _ => None,
        }?;
        self.words.push(Word { needle, unwanted });
        Some(self.words.len() - 1)
    }
}

fn has_letters(word: &str) -> bool {
    word.chars().any(char::is_alphanumeric)
}
