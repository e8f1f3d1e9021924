//! How well the words of a query fit a row, and where.
//!
//! Every word must fit somewhere. Names and titles are graded ([`super::grade`]); a word that fits neither is looked for
//! in the rest of the row ([`super::beside`]). `OR` takes the better of its sides; what must not be there is looked for
//! as it is written.

use super::beside::Beside;
use super::filter::Filter;
use super::find::{Context, Field, Hit};
use super::fold::{Needle, Text};
use super::grade::{Grade, Grader};
use super::plan::{Part, Plan};
use super::query::{Issue, Query};
use crate::catalog::index::{RowSet, Summary};
use crate::catalog::{Index, Row};

/// A score is counted in hundredths of a point.
pub(super) const POINT: u32 = 100;
/// The points of a row that fits a filter where `OR` allows a word instead.
const FILTERED: u32 = 150;
/// What a title is worth less than a name.
const TITLE: u32 = 40;
/// Names of so many characters are no longer better than longer ones.
const LONG: u32 = 40;

/// How many points something fits with, and where.
type Fit = (u32, Field);

/// The words of one query and the memory that grading reuses.
pub(super) struct Search<'a> {
    index: &'a Index,
    words: Vec<Wanted>,
    /// The words that must all fit, by number.
    plain: Vec<usize>,
    /// Those as one, where there are several.
    joined: Option<Needle>,
    /// What must hold besides.
    parts: Vec<Part>,
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

/// The characters that the name and the title of a row have.
#[derive(Debug, Clone, Copy)]
struct Masks {
    name: u64,
    title: u64,
}

impl<'a> Search<'a> {
    /// Prepares a search: with the rows that the filters leave, and what is to be said of the query.
    pub(super) fn new(
        index: &'a Index,
        query: &Query,
        context: &'a Context,
        stars: &'a RowSet,
    ) -> (Self, RowSet, Vec<Issue>) {
        let query = query.expanded(&context.saved);
        let filter = Filter {
            index,
            context,
            stars,
            notices: query.issues,
        };
        let mut plan = Plan::new(query.expr.as_ref(), filter);
        let plain: Vec<&Needle> = plan
            .plain
            .iter()
            .filter_map(|at| plan.words.get(*at))
            .map(|word| &word.needle)
            .collect();
        let joined = (plain.len() > 1).then(|| Needle::joined(&plain)).flatten();
        let words = std::mem::take(&mut plan.words).into_iter();
        let search = Self {
            index,
            words: words
                .map(|word| Wanted {
                    beside: if word.unwanted {
                        Beside::nowhere()
                    } else {
                        Beside::new(index, &word.needle)
                    },
                    needle: word.needle,
                })
                .collect(),
            plain: std::mem::take(&mut plan.plain),
            joined,
            parts: std::mem::take(&mut plan.parts),
            name_masks: index.name_masks(),
            title_masks: index.title_masks(),
            grader: Grader::new(),
            name: Text::default(),
            title: Text::default(),
        };
        let kept = std::mem::take(&mut plan.kept);
        (search, kept, plan.into_notices())
    }

    /// Whether filters alone decide.
    pub(super) fn is_listing(&self) -> bool {
        self.plain.is_empty() && self.parts.is_empty()
    }

    /// How well a row fits, in hundredths of a point, and where; `None` if it does not.
    pub(super) fn score(&mut self, row: Row) -> Option<Fit> {
        if self.is_listing() {
            return Some((0, Field::Listed));
        }
        let masks = self.read(row)?;
        let mut sum = 0;
        let mut count = 0;
        let mut worst = Field::Listed;
        for at in 0..self.plain.len() {
            let (points, field) = self.word(*self.plain.get(at)?, row, masks)?;
            sum += points;
            count += 1;
            worst = worst.max(field);
        }
        // The words in their order as one run are mostly better than each by itself.
        if let Some((points, field)) = self.run()
            && points * count > sum
        {
            (sum, worst) = (points * count, field);
        }
        let parts = std::mem::take(&mut self.parts);
        for part in &parts {
            let fit = self.part(part, row, masks);
            let Some((points, field)) = fit else {
                self.parts = parts;
                return None;
            };
            if !matches!(part, Part::Not(_)) {
                sum += points;
                count += 1;
                worst = worst.max(field);
            }
        }
        self.parts = parts;
        Some((sum * POINT / count.max(1) + self.brevity(), worst))
    }

    /// Takes in the name and the title of a row, as far as they are needed; `None` where a word that must fit cannot.
    fn read(&mut self, row: Row) -> Option<Masks> {
        let of_row = |masks: &[u64]| masks.get(row.0 as usize).copied().unwrap_or_default();
        let masks = Masks {
            name: of_row(self.name_masks),
            title: of_row(self.title_masks),
        };
        for at in &self.plain {
            let Wanted { needle, beside } = self.words.get(*at)?;
            if !needle.may_be_in(masks.name)
                && !needle.may_be_in(masks.title)
                && beside.of(row).is_none()
            {
                return None;
            }
        }
        let may_be_in = |mask: u64| self.words.iter().any(|word| word.needle.may_be_in(mask));
        let (in_name, in_title) = (may_be_in(masks.name), may_be_in(masks.title));
        self.name
            .set(if in_name { self.index.name(row) } else { "" });
        self.title
            .set(if in_title { self.index.title(row) } else { "" });
        Some(masks)
    }

    /// How a word fits the row that was read.
    fn word(&mut self, at: usize, row: Row, masks: Masks) -> Option<Fit> {
        let Wanted { needle, beside } = self.words.get(at)?;
        let mut grade = |mask: u64, text: &Text| {
            needle
                .may_be_in(mask)
                .then(|| self.grader.grade(needle, text))
                .flatten()
        };
        let name = grade(masks.name, &self.name);
        let title = grade(masks.title, &self.title);
        best_of(name, title).or_else(|| beside.of(row))
    }

    /// How all words as one run fit the row that was read.
    fn run(&mut self) -> Option<Fit> {
        let joined = self.joined.as_ref()?;
        best_of(
            self.grader.grade(joined, &self.name),
            self.grader.grade(joined, &self.title),
        )
    }

    fn part(&mut self, part: &Part, row: Row, masks: Masks) -> Option<Fit> {
        match part {
            Part::Word(at) => self.word(*at, row, masks),
            Part::Rows(rows) => rows.contains(row).then_some((FILTERED, Field::Listed)),
            Part::Not(inner) => (!self.holds(inner, row)).then_some((0, Field::Listed)),
            Part::Any(parts) => parts
                .iter()
                .filter_map(|part| self.part(part, row, masks))
                .max_by_key(|(points, _)| *points),
            Part::All(parts) => {
                let mut all = (0, Field::Listed);
                let mut count = 0;
                for part in parts {
                    let (points, field) = self.part(part, row, masks)?;
                    if !matches!(part, Part::Not(_) | Part::Rows(_)) {
                        all = (all.0 + points, all.1.max(field));
                        count += 1;
                    }
                }
                Some(match count {
                    0 => (FILTERED, Field::Listed),
                    count => (all.0 / count, all.1),
                })
            }
        }
    }

    /// Whether a part is true of a row, its words as they are written.
    fn holds(&self, part: &Part, row: Row) -> bool {
        match part {
            Part::Word(at) => self
                .words
                .get(*at)
                .zip(self.index.summary(row))
                .is_some_and(|(word, summary)| stands_in_row(&word.needle, &summary)),
            Part::Rows(rows) => rows.contains(row),
            Part::Not(inner) => !self.holds(inner, row),
            Part::All(parts) => parts.iter().all(|part| self.holds(part, row)),
            Part::Any(parts) => parts.iter().any(|part| self.holds(part, row)),
        }
    }

    /// A little more for a short name: the words are a larger part of it.
    fn brevity(&self) -> u32 {
        let length = u32::try_from(self.name.len()).unwrap_or(u32::MAX);
        LONG.saturating_sub(length) * POINT / 2
    }

    /// A row that was found, with the characters that matched.
    pub(super) fn hit(&mut self, score: u32, row: Row, field: Field) -> Hit {
        let mut hit = Hit {
            row,
            score,
            field,
            name_matches: Vec::new(),
            title_matches: Vec::new(),
        };
        if let Some(summary) = self.index.summary(row) {
            self.name.set(summary.name);
            self.title.set(summary.title);
            for Wanted { needle, .. } in &self.words {
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

/// The better of a name's and a title's grade.
fn best_of(name: Option<Grade>, title: Option<Grade>) -> Option<Fit> {
    let name = name.map(|grade| (grade.points(), Field::Name));
    let title = title.map(|grade| (grade.points() - TITLE, Field::Title));
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
