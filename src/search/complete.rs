//! What could be typed next: keys, their values with how many entities have them, saved queries.
//!
//! Plain data for whoever shows it: the finder, the catalog's filter box. Values are counted among what the rest of the
//! query leaves, its words not asked. Labels and annotations are in no index: [`Entering`] says what to ask the record.

mod columns;
mod entries;

use std::ops::Range;

use columns::{begins, holders, of_facet};
pub use entries::Entering;

use super::filter::{Filter, has_words};
use super::find::Context;
use super::query::{Column, FIELD_ROOTS, Flag, KEYS, Key, MINE, Query};
use super::values::{Named, in_domain, linked, without_value};
use crate::catalog::graph::owned_by;
use crate::catalog::index::{Facet, RowSet};
use crate::catalog::{Index, Kind};

/// So many are offered at most.
const MOST: usize = 50;
/// Beside keys, so many values that begin as what is typed.
const MOST_BESIDE: usize = 5;
/// In catalogs with more entities states are offered without their counts, some of which take too long.
const COUNTED: usize = 200_000;
/// The spans of time that are offered.
const SPANS: [(&str, &str); 4] = [
    ("<1d", "in the last day"),
    ("<7d", "in the last week"),
    ("<1m", "in the last month"),
    (">1y", "not for a year"),
];
/// The fields of Backstage's filters that are offered, with the column that has their values.
const FIELDS: [(&str, Facet); 7] = [
    ("kind", Facet::Kind),
    ("spec.type", Facet::Type),
    ("spec.lifecycle", Facet::Lifecycle),
    ("metadata.tags", Facet::Tag),
    ("metadata.namespace", Facet::Namespace),
    ("relations.ownedby", Facet::Owner),
    ("relations.partof", Facet::System),
];

/// One thing that could stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What of the text it replaces, in bytes.
    pub span: Range<usize>,
    /// What is put there.
    pub text: String,
    /// What to show of it: the key, or the value as people write it.
    pub label: String,
    /// What it is.
    pub what: What,
    /// How many entities it would leave, where that is known.
    pub count: Option<usize>,
    /// A few words about it; may be empty.
    pub hint: &'static str,
}

/// What a [`Completion`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A key, after which a value is typed.
    Key,
    /// A value, with which a term is whole.
    Value,
    /// A saved query.
    Saved,
}

impl Completion {
    /// `text` with it put in, and where the cursor then stands. A whole term at the end is followed by a space.
    pub fn apply(&self, text: &str) -> (String, usize) {
        let before = text.get(..self.span.start).unwrap_or(text);
        let after = text.get(self.span.end..).unwrap_or_default();
        let space = if self.what != What::Key && after.is_empty() {
            " "
        } else {
            ""
        };
        let head = format!("{before}{}{space}", self.text);
        let cursor = head.len();
        (head + after, cursor)
    }
}

/// What could stand at `cursor`, a place in `text` in bytes; the best first.
pub fn complete(index: &Index, context: &Context, text: &str, cursor: usize) -> Vec<Completion> {
    let Some(word) = Word::at(text, cursor) else {
        return Vec::new();
    };
    let mut offers = match word.split() {
        Typed::Saved(name) => saved(context, &name),
        Typed::Key(key) => {
            let mut offers = keys(index, &key);
            if key.chars().count() > 1 {
                let left = rest(index, context, text, &word);
                offers.extend(values_beside(index, &left, &key));
            }
            offers
        }
        Typed::Value(key, value) => {
            let left = rest(index, context, text, &word);
            values(index, context, &left, key, &value)
        }
        Typed::Field(facet, value) => {
            let left = rest(index, context, text, &word);
            let mut offers = of_facet(index, facet, &left, &value);
            for offer in &mut offers {
                // Fields are compared whole: references in full.
                offer.text = quoted(&offer.whole);
            }
            offers
        }
    };
    offers.truncate(MOST);
    let span = word.replaced();
    offers
        .into_iter()
        .map(|offer| Completion {
            span: span.clone(),
            text: offer.text,
            label: offer.label,
            what: offer.what,
            count: offer.count,
            hint: offer.hint,
        })
        .collect()
}

/// A completion before its place is known.
#[derive(Debug)]
struct Offer {
    text: String,
    label: String,
    /// The value in full, where it is a reference.
    whole: String,
    what: What,
    count: Option<usize>,
    hint: &'static str,
}

impl Offer {
    fn value(label: &str, count: Option<usize>) -> Self {
        Self {
            text: quoted(label),
            label: label.to_owned(),
            whole: label.to_owned(),
            what: What::Value,
            count,
            hint: "",
        }
    }
}

/// The word that the cursor is in or behind.
struct Word<'a> {
    text: &'a str,
    /// Where it begins, behind a `-` and the like.
    start: usize,
    cursor: usize,
    /// Where it ends, behind the cursor.
    end: usize,
}

/// What is typed of a word.
enum Typed {
    Saved(String),
    Key(String),
    Value(Key, String),
    Field(Facet, String),
}

impl<'a> Word<'a> {
    /// `None` where nothing can be completed: within a phrase.
    fn at(text: &'a str, cursor: usize) -> Option<Self> {
        let head = text.get(..cursor)?;
        let mut start = 0;
        let mut in_phrase = false;
        let mut in_quotes = false;
        for (at, c) in head.char_indices() {
            let begins = at == start && !in_quotes;
            match c {
                // Behind a phrase the next word begins.
                '"' if in_phrase => (in_phrase, start) = (false, at + 1),
                _ if in_phrase => {}
                '"' if begins => in_phrase = true,
                '"' => in_quotes = !in_quotes,
                _ if in_quotes => {}
                '(' | '-' | '\u{2212}' if begins => start = at + c.len_utf8(),
                _ if c.is_whitespace() || c == ')' => start = at + c.len_utf8(),
                _ => {}
            }
        }
        if in_phrase {
            return None;
        }
        let tail = text.get(cursor..)?;
        let stops = |c: char| c.is_whitespace() || matches!(c, ')' | ',' | ':' | '=' | '"');
        let end = cursor + tail.find(stops).unwrap_or(tail.len());
        Some(Self {
            text,
            start,
            cursor,
            end,
        })
    }

    fn typed(&self) -> &'a str {
        self.text.get(self.start..self.cursor).unwrap_or_default()
    }

    fn split(&self) -> Typed {
        let typed = self.typed().to_lowercase();
        if let Some(name) = typed.strip_prefix('@') {
            return Typed::Saved(name.to_owned());
        }
        let last = |value: &str| {
            let value = value.rsplit(',').next().unwrap_or_default();
            value.trim_start_matches('"').to_owned()
        };
        if let Some((key, value)) = typed.split_once(':')
            && let Some(key) = Key::parse(key)
        {
            return Typed::Value(key, last(value));
        }
        if let Some((field, value)) = typed.rsplit(',').next().and_then(|it| it.split_once('='))
            && let Some((_, facet)) = FIELDS.iter().find(|(name, _)| *name == field)
        {
            return Typed::Field(*facet, value.trim_start_matches('"').to_owned());
        }
        Typed::Key(typed)
    }

    /// What of the text a completion replaces: what is typed of a value, or of the whole word.
    fn replaced(&self) -> Range<usize> {
        let typed = self.typed();
        let from = match typed.rfind([':', ',', '=']) {
            Some(at) if !typed.starts_with('@') => at + 1,
            _ => 0,
        };
        // A quote that was opened for the value is put anew.
        self.start + from..self.end
    }
}

/// The rows that the query leaves without the word that is typed, and without other words.
fn rest(index: &Index, context: &Context, text: &str, word: &Word<'_>) -> RowSet {
    // What stands on the other side of an `OR` narrows nothing.
    if text.split_whitespace().any(|word| word == "OR") {
        return RowSet::all(index.len());
    }
    let before = text.get(..word.start).unwrap_or_default();
    let before = before.trim_end_matches(['-', '\u{2212}']);
    let after = text.get(word.end..).unwrap_or_default();
    let query = Query::parse(&format!("{before} {after}")).expanded(&context.saved);
    let stars = context.stars.iter().filter_map(|star| index.row_of(star));
    let stars = RowSet::of(index.len(), stars);
    let mut filter = Filter {
        index,
        context,
        stars: &stars,
        notices: Vec::new(),
    };
    let filters: Vec<_> = query.conjuncts().iter().filter(|p| !has_words(p)).collect();
    filter.all(&filters, true)
}

fn saved(context: &Context, typed: &str) -> Vec<Offer> {
    let names = context.saved.keys().filter(|name| name.starts_with(typed));
    names
        .map(|name| Offer {
            text: format!("@{name}"),
            what: What::Saved,
            ..Offer::value(name, None)
        })
        .collect()
}

/// The keys that begin as `typed`; the fields of Backstage's filters only once one is begun.
fn keys(index: &Index, typed: &str) -> Vec<Offer> {
    let key = |name: &str, sign: char, count, hint| Offer {
        text: format!("{name}{sign}"),
        label: format!("{name}{sign}"),
        whole: String::new(),
        what: What::Key,
        count,
        hint,
    };
    let count = |what: Key| match what {
        Key::Column(Column::Facet(facet)) => {
            Some(index.len() - without_value(index, facet).count())
        }
        _ => None,
    };
    let mut offers: Vec<Offer> = KEYS
        .iter()
        .filter(|(name, _, hint)| name.starts_with(typed) && !hint.is_empty())
        .map(|&(name, what, hint)| key(name, ':', count(what), hint))
        .collect();
    if FIELD_ROOTS.iter().any(|root| typed.starts_with(root)) {
        let fields = FIELDS.iter().filter(|(name, _)| name.starts_with(typed));
        offers.extend(fields.map(|(name, _)| key(name, '=', None, "as in Backstage's filters")));
    }
    offers
}

/// Whole terms whose value begins as `typed`, which is no key.
fn values_beside(index: &Index, left: &RowSet, typed: &str) -> Vec<Offer> {
    let mut offers = Vec::new();
    for facet in [
        Facet::Owner,
        Facet::Tag,
        Facet::System,
        Facet::Type,
        Facet::Kind,
    ] {
        let name = Column::Facet(facet).name();
        let begun = of_facet(index, facet, left, typed);
        let begun = begun
            .into_iter()
            .filter(|offer| begins(&offer.label, typed));
        offers.extend(begun.take(MOST_BESIDE).map(|offer| Offer {
            text: format!("{name}:{}", offer.text),
            label: format!("{name}:{}", offer.label),
            ..offer
        }));
    }
    offers.sort_by_key(|offer| std::cmp::Reverse(offer.count));
    offers.truncate(MOST_BESIDE);
    offers
}

/// The values of `key` that have `typed` in them, those that begin so first.
fn values(index: &Index, context: &Context, left: &RowSet, key: Key, typed: &str) -> Vec<Offer> {
    match key {
        Key::Column(Column::Facet(Facet::Owner)) => {
            let mut offers = holders(index, left, typed);
            if MINE.starts_with(typed) {
                let mut mine = owned_by(index, context.identity.everyone());
                mine.intersect(left);
                let hint = "what you and your groups own";
                let count = Some(mine.count());
                offers.insert(
                    0,
                    Offer {
                        hint,
                        ..Offer::value(MINE, count)
                    },
                );
            }
            offers
        }
        Key::Column(Column::Facet(facet)) => of_facet(index, facet, left, typed),
        Key::Column(Column::Domain) => {
            let count = |name: &str| {
                let mut rows = in_domain(index, Named::parse(name));
                rows.intersect(left);
                Some(rows.count())
            };
            named(index, typed, |kind| kind == Kind::Domain, count)
        }
        Key::Column(Column::Name) => named(index, typed, |_| true, |_| None),
        Key::Link(link) => {
            let count = |name: &str| {
                let mut rows = linked(index, link.types(), Named::parse(name));
                rows.intersect(left);
                Some(rows.count())
            };
            let mut offers = named(index, typed, |_| true, count);
            offers.retain(|offer| offer.count != Some(0));
            offers
        }
        Key::State(of) => states(index, context, left, of, typed),
        Key::Updated => SPANS
            .iter()
            .filter(|(span, _)| span.starts_with(typed))
            .map(|&(span, hint)| Offer {
                hint,
                ..Offer::value(span, None)
            })
            .collect(),
        // See `Entering`.
        Key::Entry(_) => Vec::new(),
    }
}

/// Names of entities that begin as `typed`, each once.
fn named(
    index: &Index,
    typed: &str,
    fits: impl Fn(Kind) -> bool,
    count: impl Fn(&str) -> Option<usize>,
) -> Vec<Offer> {
    let rows = Named::parse(typed).beginning().rows(index);
    let mut names: Vec<&str> = rows
        .filter(|row| fits(Kind::parse(index.value(Facet::Kind, *row))))
        .map(|row| index.folded_name(row))
        .take(MOST * 4)
        .collect();
    names.dedup();
    let offers = names.into_iter().take(MOST);
    offers.map(|name| Offer::value(name, count(name))).collect()
}

fn states(
    index: &Index,
    context: &Context,
    left: &RowSet,
    of: &'static str,
    typed: &str,
) -> Vec<Offer> {
    let counted = |name: &str| {
        let query = Query::parse(&format!("{of}:{name}"));
        let stars = context.stars.iter().filter_map(|star| index.row_of(star));
        let stars = RowSet::of(index.len(), stars);
        let mut filter = Filter {
            index,
            context,
            stars: &stars,
            notices: Vec::new(),
        };
        let mut rows = filter.rows(query.expr.as_ref()?, true);
        rows.intersect(left);
        Some(rows.count())
    };
    Flag::of(of)
        .filter(|(name, _)| name.starts_with(typed))
        .map(|(name, _)| {
            let count = (index.len() <= COUNTED).then(|| counted(name)).flatten();
            Offer::value(name, count)
        })
        .collect()
}

/// In quotes, where it would be parted else.
fn quoted(value: &str) -> String {
    if value.contains(|c: char| c.is_whitespace() || matches!(c, '(' | ')')) {
        format!("\"{}\"", value.replace('"', ""))
    } else {
        value.to_owned()
    }
}
