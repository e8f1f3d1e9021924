//! Finding and ranking rows of the index: its filters leave some, its words are scored in those ([`super::score`]).
//!
//! Only the best rows are kept while the index is walked, and only for those are the matched characters looked up.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::time::{Duration, Instant};

use super::Identity;
use super::query::{Issue, Query, Saved};
use super::score::{POINT, Search};
use super::weigh::Weights;
use crate::catalog::ask::Ask;
use crate::catalog::index::{Facet, RowSet};
use crate::catalog::{EntityRef, Index, Kind, Row};

/// After how many rows `cancel` is asked again.
const BREATH: u32 = 4096;

/// What ranking knows about the user.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Who they are.
    pub identity: Identity,
    /// What they starred, in their order.
    pub stars: Vec<EntityRef>,
    /// What they visited, the latest first.
    pub visits: Vec<EntityRef>,
    /// How much they visit it: visits, each of which counts less with every day.
    pub heat: HashMap<EntityRef, f64>,
    /// The queries that are saved, by name.
    pub saved: Saved,
    /// What the record answered to [`Query::asks`]; what it was not asked matches nothing.
    pub answers: HashMap<Ask, RowSet>,
}

/// Where a query's words were found, from the best place to the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// No word was asked for: the filters alone chose it.
    Listed,
    /// In the name.
    Name,
    /// In the title.
    Title,
    /// A tag.
    Tags,
    /// Its kind or type.
    Kind,
    /// In the owner or the system.
    Owner,
    /// In the description.
    Description,
}

impl Field {
    /// The field's name, in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::Name => "name",
            Self::Title => "title",
            Self::Tags => "tags",
            Self::Kind => "kind",
            Self::Owner => "owner",
            Self::Description => "description",
        }
    }
}

/// One row that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The row, of the index that was searched.
    pub row: Row,
    /// How good it is; higher is better, comparable within one answer only.
    pub score: u32,
    /// Where the words were found: the least good place of all words.
    pub field: Field,
    /// Positions of matched characters in the name as shown, ascending.
    pub name_matches: Vec<u32>,
    /// Positions of matched characters in the title, ascending.
    pub title_matches: Vec<u32>,
}

/// The answer to a query.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The best rows, the best first.
    pub hits: Vec<Hit>,
    /// How many rows match in all.
    pub total: usize,
    /// How many of them are of each kind, in the order of [`Kind`]; kinds without any are left out.
    pub by_kind: Vec<(Kind, usize)>,
    /// What was not understood of the query, and what it asks for that this catalog does not have.
    pub notices: Vec<Issue>,
    /// Whether nothing has the words as they were typed, so that slips of the keyboard were forgiven.
    pub forgiven: bool,
    /// How long it took.
    pub elapsed: Duration,
    /// Whether it was cancelled; the rest is then of no use.
    pub cancelled: bool,
}

/// Finds the `limit` best rows for `query`. `cancel` is asked now and then; once it says yes, the search ends.
///
/// A query without words lists what its filters leave: starred, recent, mine, then the rest, each by name.
pub fn find(
    index: &Index,
    query: &Query,
    context: &Context,
    limit: usize,
    cancel: &dyn Fn() -> bool,
) -> Found {
    let started = Instant::now();
    let weights = Weights::new(index, context);
    let (mut search, kept, notices) = Search::new(index, query, context, &weights.stars);
    let limit = limit.min(index.len());
    let mut walk = Walk::new(index, &weights, limit);
    let mut cancelled = !walk.go(&mut search, &kept, cancel);
    let mut forgiven = false;
    if !cancelled && !walk.is_sure && search.forgive() {
        // Nothing has the words as they were typed: perhaps they were typed wrong.
        forgiven = true;
        walk = Walk::new(index, &weights, limit);
        cancelled = !walk.go(&mut search, &kept, cancel);
    }
    Found {
        total: walk.matched.count(),
        by_kind: by_kind(index, &walk.matched),
        hits: walk
            .best
            .into_sorted()
            .map(|(score, row, field)| search.hit(score, row, field))
            .collect(),
        notices,
        forgiven,
        elapsed: started.elapsed(),
        cancelled,
    }
}

/// What a walk over the rows finds.
struct Walk<'a> {
    weights: &'a Weights<'a>,
    matched: RowSet,
    best: Best,
    /// Whether a row has all words as they were typed.
    is_sure: bool,
}

impl<'a> Walk<'a> {
    fn new(index: &Index, weights: &'a Weights<'a>, limit: usize) -> Self {
        Self {
            weights,
            matched: RowSet::none(index.len()),
            best: Best::new(limit),
            is_sure: false,
        }
    }

    /// Scores the rows of `kept`; `false` if it was cancelled.
    fn go(&mut self, search: &mut Search<'_>, kept: &RowSet, cancel: &dyn Fn() -> bool) -> bool {
        for (row, at) in kept.iter().zip(0_u32..) {
            if at % BREATH == 0 && cancel() {
                return false;
            }
            let Some(score) = search.score(row) else {
                continue;
            };
            self.matched.insert(row);
            self.is_sure |= score.is_sure;
            let value = if search.is_listing() {
                self.weights.of_listed(row)
            } else {
                score.value + self.weights.of(row) * POINT
            };
            self.best.offer(value, row, score.field);
        }
        true
    }
}

/// All rows that `query` matches as [`find`] finds them, unranked, and what is to be said of it.
pub fn matching(index: &Index, query: &Query, context: &Context) -> (RowSet, Vec<Issue>) {
    let weights = Weights::new(index, context);
    let (mut search, kept, notices) = Search::new(index, query, context, &weights.stars);
    if search.is_listing() {
        return (kept, notices);
    }
    let (rows, is_sure) = matched(&mut search, &kept, index.len());
    if is_sure || !search.forgive() {
        return (rows, notices);
    }
    (matched(&mut search, &kept, index.len()).0, notices)
}

/// The rows of `kept` that match, and whether one has all words as they were typed.
fn matched(search: &mut Search<'_>, kept: &RowSet, len: usize) -> (RowSet, bool) {
    let mut matched = RowSet::none(len);
    let mut is_sure = false;
    for row in kept.iter() {
        if let Some(score) = search.score(row) {
            matched.insert(row);
            is_sure |= score.is_sure;
        }
    }
    (matched, is_sure)
}

fn by_kind(index: &Index, rows: &RowSet) -> Vec<(Kind, usize)> {
    let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
    for count in index.facet_counts(Facet::Kind, rows) {
        *counts.entry(Kind::parse(count.value)).or_default() += count.count;
    }
    counts.into_iter().collect()
}

/// The best rows so far: the worst of them on top of the heap, to be replaced.
struct Best {
    limit: usize,
    heap: BinaryHeap<Reverse<(u32, Reverse<Row>, Field)>>,
}

impl Best {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            heap: BinaryHeap::with_capacity(limit + 1),
        }
    }

    fn offer(&mut self, score: u32, row: Row, field: Field) {
        // Rows come in the order of their names, so that a later one never displaces its equal.
        let is_worse = self.heap.len() >= self.limit
            && self
                .heap
                .peek()
                .is_none_or(|Reverse((worst, ..))| score <= *worst);
        if is_worse {
            return;
        }
        self.heap.push(Reverse((score, Reverse(row), field)));
        if self.heap.len() > self.limit {
            self.heap.pop();
        }
    }

    fn into_sorted(self) -> impl Iterator<Item = (u32, Row, Field)> {
        self.heap
            .into_sorted_vec()
            .into_iter()
            .map(|Reverse((score, Reverse(row), field))| (score, row, field))
    }
}
