//! The rows in whose name or title a word stands.
//!
//! The index knows the runs of all names and titles (what stands between separators) and where each stands, so that a run is
//! graded once, however many rows have it. What goes over several runs (`paymentgate`, initials) must be graded in the
//! text itself; the rows where that may be are kept apart.

use memchr::memmem;

use super::fold::{Needle, Text};
use super::grade::{Grade, Slipped};
use super::score::{Fit, How};
use super::slips::{Near, Slips};
use crate::catalog::fold::char_mask;
use crate::catalog::index::{Place, RowSet};
use crate::catalog::{Index, Row};

/// How a word can stand within a run of a name or a title, but for slips or as it was typed; the least worth first, of
/// equals the name later, and last what has no slip.
const STANDS: [How; 24] = [
    title_but(2, false, false),
    title_but(2, true, false),
    name_but(2, false, false),
    title_but(1, false, false),
    name_but(2, true, false),
    title_but(2, true, true),
    title_but(1, true, false),
    name_but(1, false, false),
    name_but(2, true, true),
    name_but(1, true, false),
    title_but(1, true, true),
    How::Title(Grade::Substring),
    name_but(1, true, true),
    How::Name(Grade::Substring),
    How::Title(Grade::WordStart),
    How::Title(Grade::Word),
    How::Name(Grade::WordStart),
    How::Name(Grade::Word),
    How::Title(Grade::Prefix(false)),
    How::Title(Grade::Prefix(true)),
    How::Name(Grade::Prefix(false)),
    How::Name(Grade::Prefix(true)),
    How::Title(Grade::Exact),
    How::Name(Grade::Exact),
];
/// So many of them are worth less than what has the letters in their order can be.
const DOUBTFUL: u8 = 2;

/// Where one row of so many is left, rows are looked at one by one.
const FEW: usize = 16;

const fn name_but(slips: u32, is_word: bool, is_all: bool) -> How {
    How::Name(Grade::Near(Slipped::new(slips, is_word, is_all)))
}

const fn title_but(slips: u32, is_word: bool, is_all: bool) -> How {
    How::Title(Grade::Near(Slipped::new(slips, is_word, is_all)))
}

/// What standing so is worth: its place in [`STANDS`], counted from one.
fn worth(is_title: bool, grade: Grade) -> u8 {
    let how = if is_title {
        How::Title(grade)
    } else {
        How::Name(grade)
    };
    let place = STANDS.iter().position(|stand| *stand == how);
    place
        .and_then(|at| u8::try_from(at + 1).ok())
        .unwrap_or_default()
}

/// The rows in whose name or title one word stands as it was typed or, once that is asked for, but for slips.
pub(super) struct Named {
    /// By row: the best of [`STANDS`], counted from one. Nothing where no row is known.
    best: Vec<u8>,
    /// The rows with one of those, or where the text must be looked at.
    pub(super) rows: RowSet,
    /// The rows where the text must be looked at.
    maybe: RowSet,
}

impl Named {
    /// Where `needle` stands in `index`.
    pub(super) fn new(index: &Index, needle: &Needle) -> Self {
        if needle.literal || needle.chars.len() > needle.tight.len() {
            // It may go over any number of runs.
            let maybe = with_letters(index, needle, &RowSet::all(index.len()));
            return Self {
                best: Vec::new(),
                rows: maybe.clone(),
                maybe,
            };
        }
        let text: String = needle.chars.iter().collect();
        let mut named = Self {
            best: vec![0; index.len()],
            rows: RowSet::none(index.len()),
            maybe: RowSet::none(index.len()),
        };
        each_run(index, text.as_bytes(), |run| {
            named.add(index, run.number, run.stands(needle, &text));
        });
        named.add_going_on(index, needle);
        if needle.tight.len() > 1 {
            for starts in [index.name_starts(), index.title_starts()] {
                named.maybe.union(&RowSet::with_bits(starts, needle.mask));
            }
        }
        for (number, _) in (0..).zip(index.run_begins()).filter(|(_, of)| **of == 0) {
            let places = index.places_of_run(number);
            places.for_each(|place| named.maybe.insert(place.row));
        }
        named.rows.union(&named.maybe);
        named
    }

    /// Of a word that is not looked for in names.
    pub(super) fn nowhere() -> Self {
        Self {
            best: Vec::new(),
            rows: RowSet::default(),
            maybe: RowSet::default(),
        }
    }

    /// Of a word that may stand in any name.
    #[cfg(test)]
    pub(super) fn anywhere(index: &Index) -> Self {
        Self {
            best: Vec::new(),
            rows: RowSet::all(index.len()),
            maybe: RowSet::all(index.len()),
        }
    }

    /// Whether only the text of `row` tells how the word stands in it.
    pub(super) fn must_be_read(&self, row: Row) -> bool {
        self.maybe.contains(row)
    }

    /// Whether the row could be worth more for having the word's letters in their order.
    pub(super) fn is_doubtful(&self, row: Row) -> bool {
        self.best
            .get(row.0 as usize)
            .is_none_or(|best| *best <= DOUBTFUL)
    }

    /// How the word stands in a row that need not be read; `None` where it does not.
    pub(super) fn of(&self, row: Row) -> Option<Fit> {
        let best = usize::from(*self.best.get(row.0 as usize)?);
        STANDS.get(best.checked_sub(1)?).copied().map(Fit::of)
    }

    /// Takes in what the run with this number is worth, by kind of place.
    fn add(&mut self, index: &Index, run: usize, stands: [u8; Place::KINDS]) {
        if stands == [0; Place::KINDS] {
            return;
        }
        for place in index.places_of_run(run) {
            let worth = stands.get(place.kind).copied().unwrap_or_default();
            self.offer(place.row, worth);
        }
    }

    fn offer(&mut self, row: Row, worth: u8) {
        if let Some(best) = self.best.get_mut(row.0 as usize)
            && worth > *best
        {
            *best = worth;
            self.rows.insert(row);
        }
    }

    /// Takes in the rows where the word stands but for slips.
    pub(super) fn forgive(&mut self, index: &Index, needle: &Needle, slips: &Slips) {
        let mut text = Text::default();
        let reads_all = self.best.is_empty();
        let masks = Masks::of(index);
        let (starts, runs) = index.runs();
        let runs = starts.windows(2).map(|ends| match *ends {
            // Behind each stands a line feed.
            [start, end] => runs.get(start as usize..(end as usize).saturating_sub(1)),
            _ => None,
        });
        for ((number, run), &begins) in runs.enumerate().zip(index.run_begins()) {
            let run = run.unwrap_or_default();
            // Where its words start nobody knows.
            let is_odd = begins == 0;
            if !is_odd && !slips.may_be_in_run(run, begins) {
                continue;
            }
            text.set_run(str::from_utf8(run).unwrap_or_default(), begins);
            let near = slips.find(&text);
            let next = slips.going_on(&text);
            let is_read = is_odd || reads_all && near.is_some();
            if is_read || next.is_some() {
                let next = next.unwrap_or_default();
                for Place { row, kind } in index.places_of_run(number) {
                    let goes_on = || {
                        let (all, starts) = masks.get(kind, row);
                        starts & next != 0 && needle.may_nearly_be_in(all, slips.most)
                    };
                    if is_read || !Place::is_whole(kind) && goes_on() {
                        self.maybe.insert(row);
                        self.rows.insert(row);
                    }
                }
            }
            if let Some(near) = near {
                self.add(index, number, stands_nearly(&near, &text));
            }
        }
    }

    /// Takes in the rows with a run that ends with the beginning of the needle, where the next may go on with its rest.
    fn add_going_on(&mut self, index: &Index, needle: &Needle) {
        let mut head = String::new();
        let masks = Masks::of(index);
        for pair in needle.tight.windows(2) {
            let [last, next] = *pair else { continue };
            head.push(last);
            if memmem::find(index.runs().1, head.as_bytes()).is_none() {
                return;
            }
            let length = head.chars().count();
            let next = char_mask(next.encode_utf8(&mut [0; 4]));
            each_run(index, format!("{head}\n").as_bytes(), |run| {
                let begin = run.text.chars().count() - length;
                if begin >= 64 || run.begins >> begin & 1 == 0 {
                    return;
                }
                for Place { row, kind } in index.places_of_run(run.number) {
                    let (all, starts) = masks.get(kind, row);
                    if needle.may_be_in(all) && starts & next == next {
                        self.maybe.insert(row);
                    }
                }
            });
        }
    }
}

/// One run of the index.
struct Run<'a> {
    number: usize,
    text: &'a str,
    begins: u64,
}

impl Run<'_> {
    /// How `needle`, which is `text`, stands in it, by kind of place: as [`super::grade`] grades it in the whole text.
    fn stands(&self, needle: &Needle, text: &str) -> [u8; Place::KINDS] {
        let mut stands = [0; Place::KINDS];
        let length = self.text.chars().count();
        let is_begin = |at: usize| at < 64 && self.begins >> at & 1 == 1;
        let hay = self.text.as_bytes();
        let found = hay.windows(text.len()).enumerate();
        for (at, _) in found.filter(|(_, window)| *window == text.as_bytes()) {
            let from = self.text.get(..at).map_or(0, |head| head.chars().count());
            let to = from + needle.chars.len();
            let is_edge = to == length || is_begin(to);
            for (kind, best) in stands.iter_mut().enumerate() {
                let grade = match (from, is_edge) {
                    (0, _) if Place::is_whole(kind) && to == length => Grade::Exact,
                    (0, word) if Place::is_first(kind) => Grade::Prefix(word),
                    (_, true) if is_begin(from) => Grade::Word,
                    _ if is_begin(from) => Grade::WordStart,
                    _ if needle.is_short() => continue,
                    _ => Grade::Substring,
                };
                *best = (*best).max(worth(Place::is_title(kind), grade));
            }
        }
        stands
    }
}

/// Calls `visit` with each run in which `piece` stands; behind each run stands a line feed.
fn each_run(index: &Index, piece: &[u8], mut visit: impl FnMut(Run<'_>)) {
    let (starts, text) = index.runs();
    let mut number = 0;
    let mut last = None;
    for at in memmem::find_iter(text, piece) {
        let here = starts.get(number..).unwrap_or_default();
        number += here.partition_point(|start| *start as usize <= at).max(1) - 1;
        if last.replace(number) != Some(number)
            && let Some(run) = run(index, number)
        {
            visit(run);
        }
    }
}

fn run(index: &Index, number: usize) -> Option<Run<'_>> {
    let (starts, text) = index.runs();
    let [start, end] = *starts.get(number..number + 2)? else {
        return None;
    };
    let text = text.get(start as usize..end as usize)?;
    Some(Run {
        number,
        text: str::from_utf8(text.strip_suffix(b"\n")?).ok()?,
        begins: *index.run_begins().get(number)?,
    })
}

/// The rows of `within` in whose name or title the letters of `needle` stand in their order, whatever is between them.
pub(super) fn with_letters(index: &Index, needle: &Needle, within: &RowSet) -> RowSet {
    let mut found = RowSet::none(index.len());
    let is_few = within.count() < index.len() / FEW;
    let mut look = |masks: &[u64], (starts, text): (&[u32], &[u8])| {
        let mut rows = within.clone();
        if !is_few {
            rows.intersect(&RowSet::with_bits(masks, needle.mask));
        }
        for row in rows.iter() {
            let mask = masks.get(row.0 as usize).copied().unwrap_or_default();
            if is_few && !needle.may_be_in(mask) {
                continue;
            }
            let span = starts.get(row.0 as usize..).unwrap_or_default();
            if let [start, end, ..] = *span
                && let Some(text) = text.get(start as usize..end as usize)
                && needle.has_letters_in(text)
            {
                found.insert(row);
            }
        }
    };
    look(index.name_masks(), index.names());
    look(index.title_masks(), index.titles());
    found
}

/// How a word stands in a run, which is `text`, but for slips, by kind of place.
fn stands_nearly(near: &Near, text: &Text) -> [u8; Place::KINDS] {
    std::array::from_fn(|kind| {
        let is_all = Place::is_whole(kind) && near.is_all(text);
        let slipped = Slipped::new(near.slips, near.is_word, is_all);
        worth(Place::is_title(kind), Grade::Near(slipped))
    })
}

/// The characters of names and titles, and those with which their words start.
struct Masks<'a> {
    names: (&'a [u64], &'a [u64]),
    titles: (&'a [u64], &'a [u64]),
}

impl<'a> Masks<'a> {
    fn of(index: &'a Index) -> Self {
        Self {
            names: (index.name_masks(), index.name_starts()),
            titles: (index.title_masks(), index.title_starts()),
        }
    }

    /// Those of the name or the title of `row`, as the kind of a place there says.
    fn get(&self, kind: usize, row: Row) -> (u64, u64) {
        let (all, starts) = if Place::is_title(kind) {
            self.titles
        } else {
            self.names
        };
        let of_row = |masks: &[u64]| masks.get(row.0 as usize).copied().unwrap_or_default();
        (of_row(all), of_row(starts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_worth_more_stands_later() {
        let points: Vec<u32> = STANDS.iter().map(|how| Fit::of(*how).points).collect();
        assert!(points.is_sorted(), "{points:?}");
    }
}
