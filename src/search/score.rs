//! How well the words of a query fit a row, and where.
//!
//! Every word must fit somewhere. Names and titles are graded ([`super::grade`]); the rest of the row counts less
//! ([`super::beside`]). Of several words none counts more than the start of a name, unless together they are one. `OR`
//! takes the better of its sides; what must not be there is looked for as it is written.
//!
//! The text of a row is only read where the index does not tell how a word stands in it ([`super::named`]).

use super::explain::Reason;
use super::filter::Filter;
use super::find::{Context, Field, Hit};
use super::fold::{Needle, Text};
use super::grade::{Grade, Grader};
use super::plan::{Part, Plan};
use super::query::{Issue, Query};
use super::wanted::{Reach, Wanted};
use crate::catalog::index::{RowSet, Summary};
use crate::catalog::{Index, Row};

/// A score is counted in hundredths of a point.
pub(super) const POINT: u32 = 100;
/// The points of a row that fits a filter where `OR` allows a word instead.
const FILTERED: u32 = 150;
/// What a title is worth less than a name; more where it is all of it, so that nothing raises it above an exact name.
const TITLE: u32 = 40;
const WHOLE_TITLE: u32 = 400;
/// What one of several words can be worth: as much as the first word of a name.
const ONE_OF_SEVERAL: u32 = 1030;
/// What it adds that all of several words are in the name, and that they begin words of it in their order.
const TOGETHER: u32 = 40;
const IN_ORDER: u32 = 60;
/// Names of so many characters are no longer better than longer ones, and each one less is worth so much.
const LONG: u32 = 40;
const SHORTER: u32 = 3;

/// How something fits, and with how many points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit {
    pub(super) points: u32,
    pub(super) how: How,
}

/// Where something fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Name(Grade),
    Title(Grade),
    /// Beside name and title.
    Beside(Field),
    /// A filter that stands where a word could.
    Filter,
}

impl Fit {
    /// What fits so.
    pub(super) fn of(how: How) -> Self {
        let points = match how {
            How::Name(grade) => grade.points(),
            How::Title(Grade::Exact) => Grade::Exact.points() - WHOLE_TITLE,
            How::Title(grade) => grade.points() - TITLE,
            How::Beside(_) => 0,
            How::Filter => FILTERED,
        };
        Self { points, how }
    }

    pub(super) fn field(self) -> Field {
        match self.how {
            How::Name(_) => Field::Name,
            How::Title(_) => Field::Title,
            How::Beside(field) => field,
            How::Filter => Field::Listed,
        }
    }

    fn is_sure(self) -> bool {
        match self.how {
            How::Name(grade) | How::Title(grade) => grade.is_sure(),
            How::Beside(_) | How::Filter => true,
        }
    }
}

/// How a row fits as a whole.
#[derive(Debug, Clone, Copy)]
pub(super) struct Score {
    /// Hundredths of a point.
    pub(super) value: u32,
    /// The least good place of all words.
    pub(super) field: Field,
}

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
    /// How far from what was typed the words may be.
    pub(super) reach: Reach,
    grader: Grader,
    /// The row whose texts were read last, and they.
    read: Option<Row>,
    name: Text,
    title: Text,
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
        let plain = plan.plain.iter().filter_map(|at| plan.words.get(*at));
        let plain: Vec<&Needle> = plain.map(|word| &word.needle).collect();
        let joined = (plain.len() > 1).then(|| Needle::joined(&plain)).flatten();
        let words = std::mem::take(&mut plan.words).into_iter();
        let search = Self {
            index,
            words: words
                .map(|word| Wanted::new(index, word.needle, word.unwanted))
                .collect(),
            plain: std::mem::take(&mut plan.plain),
            joined,
            parts: std::mem::take(&mut plan.parts),
            reach: Reach::Typed,
            grader: Grader::new(),
            read: None,
            name: Text::default(),
            title: Text::default(),
        };
        let kept = std::mem::take(&mut plan.kept);
        (search, kept, plan.into_notices())
    }

    /// Lets every row be read, whatever the index knows.
    #[cfg(test)]
    pub(super) fn read_all(&mut self) {
        for word in &mut self.words {
            word.named = super::named::Named::anywhere(self.index);
        }
    }

    /// Whether filters alone decide.
    pub(super) fn is_listing(&self) -> bool {
        self.plain.is_empty() && self.parts.is_empty()
    }

    /// Lets the words be as far from what was typed as `reach` says, in the rows of `kept`. `false` where no word may be any
    /// further.
    pub(super) fn extend(&mut self, reach: Reach, kept: &RowSet) -> bool {
        if reach == Reach::Typed {
            return false;
        }
        let mut reached = Reach::Typed;
        let mut left = kept.clone();
        // A long word leaves few rows in which the others need to be looked for.
        let mut order: Vec<usize> = (0..self.words.len()).collect();
        order.sort_by_key(|at| {
            let word = self.words.get(*at);
            let length = word.map_or(0, |word| word.needle.tight.len());
            (!self.plain.contains(at), std::cmp::Reverse(length))
        });
        for at in order {
            let Some(word) = self.words.get_mut(at) else {
                continue;
            };
            if word.loosen(self.index, &left) {
                reached = reached.max(Reach::Loose);
            }
            if reach == Reach::Forgiving && word.forgive(self.index) {
                reached = Reach::Forgiving;
            }
            if self.plain.contains(&at) {
                left.intersect(&word.rows());
            }
        }
        self.reach = reached;
        reached > Reach::Typed
    }

    /// The rows of `kept` that may fit: of every word those where it may stand.
    pub(super) fn candidates(&self, mut kept: RowSet) -> RowSet {
        for word in self.plain.iter().filter_map(|at| self.words.get(*at)) {
            kept.intersect(&word.rows());
        }
        for rows in self.parts.iter().filter_map(|part| self.rows(part)) {
            kept.intersect(&rows);
        }
        kept
    }

    /// The rows in which a part may hold; `None` where that is not known.
    fn rows(&self, part: &Part) -> Option<RowSet> {
        match part {
            Part::Word(at) => self.words.get(*at).map(Wanted::rows),
            Part::Rows(rows) => Some(rows.clone()),
            Part::Not(_) => None,
            Part::All(parts) => {
                let mut known = parts.iter().filter_map(|part| self.rows(part));
                let mut rows = known.next()?;
                known.for_each(|other| rows.intersect(&other));
                Some(rows)
            }
            Part::Any(parts) => {
                let mut rows = RowSet::none(self.index.len());
                for part in parts {
                    rows.union(&self.rows(part)?);
                }
                Some(rows)
            }
        }
    }

    /// How well a row fits; `None` if it does not.
    pub(super) fn score(&mut self, row: Row) -> Option<Score> {
        self.account(row, None)
    }

    /// Why a row has the score that it has, without what the user makes of it.
    pub(super) fn reasons(&mut self, row: Row) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if !self.is_listing() {
            self.account(row, Some(&mut reasons));
        }
        reasons
    }

    /// Scores a row and puts down why, if that is asked.
    fn account(&mut self, row: Row, mut reasons: Option<&mut Vec<Reason>>) -> Option<Score> {
        if self.is_listing() {
            return Some(Score {
                value: 0,
                field: Field::Listed,
            });
        }
        let mut sum = Sum::default();
        let several = self.plain.len() > 1;
        for at in 0..self.plain.len() {
            let number = *self.plain.get(at)?;
            let mut fit = self.word(number, row)?;
            if several {
                fit.points = fit.points.min(ONE_OF_SEVERAL);
            }
            sum.add(fit);
            if let Some(reasons) = &mut reasons {
                reasons.extend(self.reason(fit, number));
            }
        }
        let mut extra = match several && sum.worst == Field::Name {
            true if self.is_in_order(row) => (TOGETHER + IN_ORDER) * POINT,
            true => TOGETHER * POINT,
            false => 0,
        };
        // The words in their order as one run are mostly better than each by itself.
        if let Some(fit) = self.run(row)
            && fit.points * sum.count > sum.points
        {
            extra = 0;
            sum = Sum {
                points: fit.points * sum.count,
                ..Sum::of(fit, sum.count)
            };
            if let (Some(reasons), Some(joined)) = (&mut reasons, &self.joined) {
                reasons.clear();
                reasons.push(Reason::of_word(fit, joined));
            }
        }
        let parts = std::mem::take(&mut self.parts);
        for part in &parts {
            let fit = self.part(part, row);
            if let (Some(fit), Part::Word(_) | Part::All(_) | Part::Any(_)) = (fit, part) {
                sum.add(fit);
                if let Some(reasons) = &mut reasons {
                    reasons.push(Reason::of_group(fit));
                }
            } else if fit.is_none() {
                self.parts = parts;
                return None;
            }
        }
        self.parts = parts;
        let words = sum.points * POINT / sum.count.max(1);
        let brevity = match sum.worst {
            Field::Name | Field::Title => self.brevity(row),
            _ => 0,
        };
        if let Some(reasons) = reasons {
            Reason::share(reasons, words);
            reasons.push(Reason::new("all words are in the name", extra));
            reasons.push(Reason::new("the name is short", brevity));
        }
        Some(Score {
            value: words + extra + brevity,
            field: sum.worst,
        })
    }

    fn reason(&self, fit: Fit, word: usize) -> Option<Reason> {
        Some(Reason::of_word(fit, &self.words.get(word)?.needle))
    }

    /// Takes in the name and the title of a row.
    fn read(&mut self, row: Row) {
        if self.read.replace(row) != Some(row) {
            self.name.set(self.index.name(row));
            self.title.set(self.index.title(row));
        }
    }

    /// How a word fits a row.
    fn word(&mut self, at: usize, row: Row) -> Option<Fit> {
        let must_read = self.words.get(at)?.must_read(row);
        if must_read {
            self.read(row);
        }
        let word = self.words.get(at)?;
        let named = if must_read {
            let mask = |masks: &[u64]| masks.get(row.0 as usize).copied().unwrap_or_default();
            let (name, title) = (
                mask(self.index.name_masks()),
                mask(self.index.title_masks()),
            );
            best_of(
                word.grade(&mut self.grader, self.reach, name, &self.name),
                word.grade(&mut self.grader, self.reach, title, &self.title),
            )
        } else {
            word.named.of(row)
        };
        if named.is_some_and(Fit::is_sure) {
            return named;
        }
        let beside = word.beside.of(row).map(|(points, field)| Fit {
            points,
            how: How::Beside(field),
        });
        better(named, beside)
    }

    /// How all words as one run fit a row.
    fn run(&mut self, row: Row) -> Option<Fit> {
        self.joined.as_ref()?;
        self.read(row);
        let joined = self.joined.as_ref()?;
        best_of(
            self.grader.grade(joined, &self.name),
            self.grader.grade(joined, &self.title),
        )
    }

    fn part(&mut self, part: &Part, row: Row) -> Option<Fit> {
        let filtered = Fit::of(How::Filter);
        match part {
            Part::Word(at) => self.word(*at, row),
            Part::Rows(rows) => rows.contains(row).then_some(filtered),
            Part::Not(inner) => (!self.holds(inner, row)).then_some(filtered),
            Part::Any(parts) => parts
                .iter()
                .filter_map(|part| self.part(part, row))
                .max_by_key(|fit| fit.points),
            Part::All(parts) => {
                let mut sum = Sum::default();
                let mut worst: Option<Fit> = None;
                for part in parts {
                    let fit = self.part(part, row)?;
                    if !matches!(part, Part::Not(_) | Part::Rows(_)) {
                        sum.add(fit);
                        if worst.is_none_or(|worst| fit.points < worst.points) {
                            worst = Some(fit);
                        }
                    }
                }
                Some(match worst {
                    None => filtered,
                    Some(worst) => Fit {
                        points: sum.points / sum.count.max(1),
                        how: worst.how,
                    },
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
    fn brevity(&self, row: Row) -> u32 {
        let length = u32::try_from(self.index.name_len(row)).unwrap_or(u32::MAX);
        LONG.saturating_sub(length) * SHORTER * POINT
    }

    /// Whether each word begins a word of the name of its own, in their order.
    fn is_in_order(&mut self, row: Row) -> bool {
        self.read(row);
        let mut begins = self.name.begins.iter();
        self.plain.iter().all(|at| {
            self.words.get(*at).is_some_and(|word| {
                begins.any(|begin| self.name.has_tight(*begin as usize, &word.needle).is_some())
            })
        })
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
        if !self.is_listing() {
            self.read(row);
            for word in self.words.iter().filter(|word| !word.is_unwanted) {
                let slips = word.slips.as_ref();
                self.grader
                    .positions(&word.needle, slips, &self.name, &mut hit.name_matches);
                self.grader
                    .positions(&word.needle, slips, &self.title, &mut hit.title_matches);
            }
        }
        for matches in [&mut hit.name_matches, &mut hit.title_matches] {
            matches.sort_unstable();
            matches.dedup();
        }
        hit
    }
}

/// The points of several things, and what is said of them together.
#[derive(Debug, Clone, Copy)]
struct Sum {
    points: u32,
    count: u32,
    worst: Field,
}

impl Default for Sum {
    fn default() -> Self {
        Self {
            points: 0,
            count: 0,
            worst: Field::Listed,
        }
    }
}

impl Sum {
    /// One thing that stands for `count`.
    fn of(fit: Fit, count: u32) -> Self {
        Self {
            points: fit.points,
            count,
            worst: fit.field(),
        }
    }

    fn add(&mut self, fit: Fit) {
        self.points += fit.points;
        self.count += 1;
        self.worst = self.worst.max(fit.field());
    }
}

/// The better of a name's and a title's grade.
fn best_of(name: Option<Grade>, title: Option<Grade>) -> Option<Fit> {
    better(
        name.map(|grade| Fit::of(How::Name(grade))),
        title.map(|grade| Fit::of(How::Title(grade))),
    )
}

/// The one with more points, the first of equals.
fn better(first: Option<Fit>, second: Option<Fit>) -> Option<Fit> {
    match (first, second) {
        (Some(a), Some(b)) if b.points > a.points => Some(b),
        (a, b) => a.or(b),
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
