//! Finding and ranking rows of the index: its filters leave some, its words are scored in those ([`super::score`]).
//!
//! Only the best rows are kept while the index is walked, and only for those are the matched characters looked up.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::time::{Duration, Instant};

use super::Identity;
use super::query::{Issue, Query, Saved};
use super::score::{POINT, Search};
use super::wanted::Reach;
use super::weigh::Weights;
use crate::catalog::ask::Ask;
use crate::catalog::index::{Facet, RowSet};
use crate::catalog::{EntityRef, Index, Kind, Row};

/// So many rows that have the words as they were typed are enough: what has only their letters is then not looked for.
const ENOUGH: usize = 200;
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
    /// How far from what was typed the words may be in what was found.
    pub reach: Reach,
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
    find_in_steps(index, query, context, limit, cancel, &mut |_| {})
}

/// The same; `early` is given what has the words as they were typed, where there is something that does, before more is
/// looked for.
pub fn find_in_steps(
    index: &Index,
    query: &Query,
    context: &Context,
    limit: usize,
    cancel: &dyn Fn() -> bool,
    early: &mut dyn FnMut(Found),
) -> Found {
    let weights = Weights::new(index, context);
    let mut course = Course::new(&weights, query, context, limit, cancel);
    course.answer(early)
}

/// The same by reading every row, for tests.
#[cfg(test)]
pub(super) fn find_plainly(index: &Index, query: &Query, context: &Context, limit: usize) -> Found {
    let weights = Weights::new(index, context);
    let mut course = Course::new(&weights, query, context, limit, &|| false);
    course.search.read_all();
    course.answer(&mut |_| {})
}

/// All rows that `query` matches as [`find`] finds them, unranked, and what is to be said of it.
pub fn matching(index: &Index, query: &Query, context: &Context) -> (RowSet, Vec<Issue>) {
    let weights = Weights::new(index, context);
    let mut course = Course::new(&weights, query, context, 0, &|| false);
    if course.search.is_listing() {
        return (course.kept, course.notices);
    }
    let walk = course.walk_far(&mut |_, _| {});
    (walk.matched, course.notices)
}

/// One search: the rows that its filters leave are walked over, once or twice.
struct Course<'a> {
    weights: &'a Weights<'a>,
    search: Search<'a>,
    kept: RowSet,
    notices: Vec<Issue>,
    limit: usize,
    cancel: &'a dyn Fn() -> bool,
    started: Instant,
}

/// What a walk over the rows finds.
struct Walk {
    matched: RowSet,
    best: Best,
    reach: Reach,
    is_cancelled: bool,
}

impl<'a> Course<'a> {
    fn new(
        weights: &'a Weights<'a>,
        query: &Query,
        context: &'a Context,
        limit: usize,
        cancel: &'a dyn Fn() -> bool,
    ) -> Self {
        let started = Instant::now();
        let (search, kept, notices) = Search::new(weights.index, query, context, &weights.stars);
        Self {
            weights,
            search,
            kept,
            notices,
            limit: limit.min(weights.index.len()),
            cancel,
            started,
        }
    }

    fn answer(&mut self, early: &mut dyn FnMut(Found)) -> Found {
        let walk = self.walk_far(&mut |course, walk| {
            if !walk.matched.is_empty() {
                let found = course.found(walk);
                early(found);
            }
        });
        self.found(&walk)
    }

    fn found(&mut self, walk: &Walk) -> Found {
        let best = walk.best.sorted();
        Found {
            total: walk.matched.count(),
            by_kind: by_kind(self.weights.index, &walk.matched),
            hits: best
                .into_iter()
                .map(|(score, row, field)| self.search.hit(score, row, field))
                .collect(),
            notices: self.notices.clone(),
            reach: walk.reach,
            elapsed: self.started.elapsed(),
            cancelled: walk.is_cancelled,
        }
    }

    /// Walks over the rows: for the words as they were typed; where few have them so, for their letters in their order;
    /// where none does, for slips of the keyboard, too. What the first walk finds is handed to `first`, if there is a second.
    fn walk_far(&mut self, first: &mut dyn FnMut(&mut Self, &Walk)) -> Walk {
        let walk = self.walk();
        let further = match walk.matched.count() {
            _ if walk.is_cancelled || self.search.is_listing() => Reach::Typed,
            0 => Reach::Forgiving,
            1..ENOUGH => Reach::Loose,
            _ => Reach::Typed,
        };
        if further == Reach::Typed {
            return walk;
        }
        first(self, &walk);
        if self.search.extend(further, &self.kept) {
            return self.walk();
        }
        walk
    }

    /// Scores the rows as far as the search reaches now.
    fn walk(&mut self) -> Walk {
        let rows = self.search.candidates(self.kept.clone());
        let mut walk = Walk {
            matched: RowSet::none(self.weights.index.len()),
            best: Best::new(self.limit),
            reach: self.search.reach,
            is_cancelled: false,
        };
        for (row, at) in rows.iter().zip(0_u32..) {
            if at % BREATH == 0 && (self.cancel)() {
                walk.is_cancelled = true;
                break;
            }
            let Some(score) = self.search.score(row) else {
                continue;
            };
            walk.matched.insert(row);
            let value = if self.search.is_listing() {
                self.weights.of_listed(row)
            } else {
                score.value + self.weights.of(row) * POINT
            };
            walk.best.offer(value, row, score.field);
        }
        walk
    }
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

    /// The best first.
    fn sorted(&self) -> Vec<(u32, Row, Field)> {
        let best = self.heap.clone().into_sorted_vec().into_iter();
        best.map(|Reverse((score, Reverse(row), field))| (score, row, field))
            .collect()
    }
}
