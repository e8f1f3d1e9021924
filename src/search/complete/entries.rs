//! Labels and annotations, whose keys and values only the record knows: what to ask it, and its answer as completions.

use std::cmp::Reverse;
use std::ops::Range;

use super::{Completion, MOST, What, Word, quoted, rest};
use crate::catalog::Index;
use crate::catalog::ask::Entries;
use crate::catalog::index::RowSet;
use crate::search::find::Context;
use crate::search::query::Key;

/// A label or an annotation that is being typed.
pub struct Entering<'a> {
    word: Word<'a>,
    wanted: Entries,
    /// What of the text a completion replaces, in bytes.
    span: Range<usize>,
}

impl<'a> Entering<'a> {
    /// The one at `cursor`, a place in `text` in bytes; `None` where something else is typed.
    pub fn at(text: &'a str, cursor: usize) -> Option<Self> {
        let word = Word::at(text, cursor)?;
        let (key, entry) = word.typed().split_once(':')?;
        let Some(Key::Entry(field)) = Key::parse(&key.to_lowercase()) else {
            return None;
        };
        let of = field.rsplit('.').next()?;
        let (key, typed) = match entry.split_once('=') {
            Some((key, values)) => (Some(key), values.rsplit(',').next()?),
            None => (None, entry),
        };
        let plain = |text: &str| text.trim_matches('"').to_lowercase();
        Some(Self {
            span: cursor - typed.len()..word.end,
            wanted: Entries {
                of,
                key: key.map(plain),
                typed: plain(typed),
            },
            word,
        })
    }

    /// What the record is to be asked.
    pub fn wanted(&self) -> &Entries {
        &self.wanted
    }

    /// The rows that the rest of the query leaves, of which is counted.
    pub fn left(&self, index: &Index, context: &Context) -> RowSet {
        rest(index, context, self.word.text, &self.word)
    }

    /// What the record counted, as what could be typed next: what begins so first, then the most frequent.
    pub fn offers(&self, mut counted: Vec<(String, usize)>) -> Vec<Completion> {
        let later = |text: &str| !text.to_lowercase().starts_with(&self.wanted.typed);
        counted.sort_by_cached_key(|(text, count)| (later(text), Reverse(*count)));
        counted.truncate(MOST);
        let (sign, what) = match self.wanted.key {
            None => ("=", What::Key),
            Some(_) => ("", What::Value),
        };
        let offers = counted.into_iter().map(|(text, count)| Completion {
            span: self.span.clone(),
            text: quoted(&text) + sign,
            label: text + sign,
            what,
            count: Some(count),
            hint: "",
        });
        offers.collect()
    }
}
