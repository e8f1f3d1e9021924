//! Finding and ranking rows of the index.
//!
//! Every word of a query must fit somewhere. Names and titles are graded ([`super::grade`]); a word that fits neither is
//! looked for in the rest of the row ([`super::beside`]), which is worth less than any fit of a name. Only the best rows are kept while the
//! index is walked, and only for those are the matched characters looked up.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::time::{Duration, Instant};

use super::Identity;
use super::beside::Beside;
use super::filter::filter;
use super::fold::{Needle, Text};
use super::grade::{Grade, Grader};
use super::query::{Issue, Query, What};
use super::weigh::Weights;
use crate::catalog::index::{Facet, RowSet, Summary};
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
    /// What the query asks for that this catalog does not have.
    pub notices: Vec<Issue>,
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
    let (kept, notices) = filter(index, query, context, &weights.stars);
    let mut search = Search::new(index, query);
    let mut best = Best::new(limit.min(index.len()));
    let mut found = Found {
        notices,
        ..Found::default()
    };
    let mut matched = RowSet::none(index.len());
    for (row, at) in kept.iter().zip(0_u32..) {
        if at % BREATH == 0 && cancel() {
            found.cancelled = true;
            break;
        }
        let Some((points, field)) = search.score(index, row) else {
            continue;
        };
        matched.insert(row);
        let score = match field {
            Field::Listed => weights.of_listed(row),
            _ => points + weights.of(row) * 64,
        };
        best.offer(score, row, field);
    }
    found.total = matched.count();
    found.by_kind = by_kind(index, &matched);
    found.hits = best
        .into_sorted()
        .map(|(score, row, field)| search.hit(index, score, row, field))
        .collect();
    found.elapsed = started.elapsed();
    found
}

fn by_kind(index: &Index, rows: &RowSet) -> Vec<(Kind, usize)> {
    let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
    for count in index.facet_counts(Facet::Kind, rows) {
        *counts.entry(Kind::parse(count.value)).or_default() += count.count;
    }
    counts.into_iter().collect()
}

/// The needles of one query and the memory that grading reuses.
struct Search<'a> {
    wanted: Vec<Wanted>,
    /// All words as one, where there are several.
    joined: Option<Needle>,
    unwanted: Vec<Needle>,
    name_masks: &'a [u64],
    title_masks: &'a [u64],
    grader: Grader,
    name: Text,
    title: Text,
}

/// One word, and where it stands beside names and titles.
struct Wanted {
    needle: Needle,
    beside: Beside,
}

impl<'a> Search<'a> {
    fn new(index: &'a Index, query: &Query) -> Self {
        let needles = |negated: bool| -> Vec<Needle> {
            query
                .parts
                .iter()
                .filter(|part| part.negated == negated)
                .filter_map(|part| match &part.what {
                    What::Word(word) => Needle::new(word, false),
                    What::Phrase(phrase) => Needle::new(phrase, true),
                    What::Column(..) | What::Flag(_) => None,
                })
                .collect()
        };
        let wanted = needles(false);
        Self {
            joined: (wanted.len() > 1)
                .then(|| Needle::joined(&wanted))
                .flatten(),
            wanted: wanted
                .into_iter()
                .map(|needle| Wanted {
                    beside: Beside::new(index, &needle),
                    needle,
                })
                .collect(),
            unwanted: needles(true),
            name_masks: index.name_masks(),
            title_masks: index.title_masks(),
            grader: Grader::new(),
            name: Text::default(),
            title: Text::default(),
        }
    }

    /// How well a row fits, times 64, and where; `None` if a word fits nowhere or an unwanted one does.
    fn score(&mut self, index: &Index, row: Row) -> Option<(u32, Field)> {
        if self.is_unwanted(index, row) {
            return None;
        }
        if self.wanted.is_empty() {
            return Some((0, Field::Listed));
        }
        let mask_of = |masks: &[u64]| masks.get(row.0 as usize).copied().unwrap_or_default();
        let masks = (mask_of(self.name_masks), mask_of(self.title_masks));
        let (mut in_names, mut in_titles) = (false, false);
        for Wanted { needle, beside } in &self.wanted {
            let (name, title) = (needle.may_be_in(masks.0), needle.may_be_in(masks.1));
            if !name && !title && beside.of(row).is_none() {
                return None;
            }
            in_names |= name;
            in_titles |= title;
        }
        self.name.set(if in_names { index.name(row) } else { "" });
        self.title
            .set(if in_titles { index.title(row) } else { "" });
        // The words in their order as one run are better than each by itself.
        if let Some(joined) = &self.joined
            && let Some((points, field)) = best_of(
                self.grader.grade(joined, &self.name),
                self.grader.grade(joined, &self.title),
            )
        {
            return Some((points * 64 + brevity(&self.name), field));
        }
        let mut sum = 0;
        let mut worst = Field::Listed;
        for Wanted { needle, beside } in &self.wanted {
            let name = needle
                .may_be_in(masks.0)
                .then(|| self.grader.grade(needle, &self.name));
            let title = needle
                .may_be_in(masks.1)
                .then(|| self.grader.grade(needle, &self.title));
            let (points, field) =
                best_of(name.flatten(), title.flatten()).or_else(|| beside.of(row))?;
            sum += points;
            worst = worst.max(field);
        }
        let words = u32::try_from(self.wanted.len()).unwrap_or(1);
        Some((sum * 64 / words + brevity(&self.name), worst))
    }

    fn is_unwanted(&self, index: &Index, row: Row) -> bool {
        !self.unwanted.is_empty()
            && index.summary(row).is_some_and(|summary| {
                self.unwanted
                    .iter()
                    .any(|needle| stands_in_row(needle, &summary))
            })
    }

    fn hit(&mut self, index: &Index, score: u32, row: Row, field: Field) -> Hit {
        let mut hit = Hit {
            row,
            score,
            field,
            name_matches: Vec::new(),
            title_matches: Vec::new(),
        };
        if let Some(summary) = index.summary(row) {
            self.name.set(summary.name);
            self.title.set(summary.title);
            for Wanted { needle, .. } in &self.wanted {
                self.grader
                    .positions(needle, &self.name, &mut hit.name_matches);
                self.grader
                    .positions(needle, &self.title, &mut hit.title_matches);
            }
        }
        for matches in [&mut hit.name_matches, &mut hit.title_matches] {
            matches.sort_unstable();
            matches.dedup();
        }
        hit
    }
}

/// A little more for a short name: the word is a larger part of it.
fn brevity(name: &Text) -> u32 {
    let length = u32::try_from(name.len()).unwrap_or(u32::MAX);
    63_u32.saturating_sub(length) * 8
}

/// The better of a name's and a title's grade; a title is worth a little less.
fn best_of(name: Option<Grade>, title: Option<Grade>) -> Option<(u32, Field)> {
    let name = name.map(|grade| (grade.points(), Field::Name));
    let title = title.map(|grade| (grade.points() - 40, Field::Title));
    match (name, title) {
        (Some(name), Some(title)) if title.0 > name.0 => Some(title),
        (name, title) => name.or(title),
    }
}

fn stands_in_row(needle: &Needle, summary: &Summary<'_>) -> bool {
    [
        summary.name,
        summary.title,
        summary.tags,
        summary.description,
    ]
    .into_iter()
    .any(|text| needle.stands_in(text).is_some())
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
