//! The runs of all names and titles (what stands between separators) with the places where they stand, so that a search
//! reads a vocabulary instead of every name.
//!
//! A place is the step from the row of the one before, times eight, and what stands beside the run there.

use std::collections::HashMap;

use super::layout::{Section, Texts, Writer, narrow};
use super::steps::{numbers, push};
use super::{Index, IndexError, Row};
use crate::catalog::fold::{Run, runs};

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The row.
    pub row: Row,
    /// What of it, as a number below [`Place::KINDS`]: see the other functions.
    pub kind: usize,
}

impl Place {
    /// How many kinds of places there are.
    pub const KINDS: usize = 6;

    /// Whether the kind is a title, else a name.
    pub const fn is_title(kind: usize) -> bool {
        kind >= 3
    }

    /// Whether a run of this kind is the first of its text.
    pub const fn is_first(kind: usize) -> bool {
        kind % 3 != 2
    }

    /// Whether a run of this kind is all of its text, but for separators.
    pub const fn is_whole(kind: usize) -> bool {
        kind.is_multiple_of(3)
    }
}

/// Collects runs, row by row.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// By text, and where words start in it: the number of the run.
    numbers: HashMap<String, Vec<(u64, usize)>>,
    /// By number: where it stood last, and all its places.
    places: Vec<(u32, Vec<u8>)>,
}

impl Runs {
    /// Takes in the runs of `row`; rows come in their order.
    pub(super) fn add(&mut self, row: u32, name: &str, title: &str) {
        for (text, kinds) in [(name, 0), (title, 3)] {
            let found = runs(text);
            let is_whole = found.len() == 1;
            for (at, run) in found.into_iter().enumerate() {
                let kind = kinds
                    + match at {
                        0 if is_whole => 0,
                        0 => 1,
                        _ => 2,
                    };
                self.put(run, row, kind);
            }
        }
    }

    fn put(&mut self, run: Run, row: u32, kind: u32) {
        let next = self.places.len();
        let number = if let Some(known) = self.numbers.get_mut(&run.text) {
            if let Some((_, number)) = known.iter().find(|(begins, _)| *begins == run.begins) {
                *number
            } else {
                known.push((run.begins, next));
                next
            }
        } else {
            self.numbers.insert(run.text, vec![(run.begins, next)]);
            next
        };
        if number == next {
            self.places.push((0, Vec::new()));
        }
        if let Some((last, places)) = self.places.get_mut(number) {
            push(places, (row - *last) << 3 | kind);
            *last = row;
        }
    }

    /// Lays them out, ordered by their texts.
    pub(super) fn write(self, out: &mut Writer) -> Result<(), IndexError> {
        let all = self.numbers.iter();
        let mut all: Vec<(&str, u64, usize)> = all
            .flat_map(|(text, known)| known.iter().map(|(begins, at)| (&**text, *begins, *at)))
            .collect();
        all.sort_unstable();
        // A line feed parts each from the next, so that nothing is found across two.
        let texts: Vec<String> = all.iter().map(|(text, ..)| format!("{text}\n")).collect();
        out.texts(Texts::RUNS, texts.iter().map(String::as_str))?;
        let begins: Vec<u64> = all.iter().map(|(_, begins, _)| *begins).collect();
        out.section(Section::RUN_BEGINS, &begins);
        let mut starts = vec![0_u32];
        let mut bytes = Vec::new();
        for (.., number) in &all {
            if let Some((_, places)) = self.places.get(*number) {
                bytes.extend_from_slice(places);
            }
            starts.push(narrow(bytes.len())?);
        }
        out.section(Section::RUN_PLACE_STARTS, &starts);
        out.section(Section::RUN_PLACES, &bytes);
        Ok(())
    }
}

impl Index {
    /// The folded runs of all names and titles in one run of bytes, in order, each once and with a line feed behind it;
    /// before it where each begins and the end of the last.
    pub fn runs(&self) -> (&[u32], &[u8]) {
        self.all_texts(Texts::RUNS)
    }

    /// By run of [`Index::runs`] the [`begins`](Run::begins) of it.
    pub fn run_begins(&self) -> &[u64] {
        self.numbers(Section::RUN_BEGINS)
    }

    /// Where the run numbered `run` stands, row by row.
    pub fn places_of_run(&self, run: usize) -> impl Iterator<Item = Place> {
        let packed = self.layout.as_ref().map_or(&[][..], |layout| {
            layout.part::<u8>(Section::RUN_PLACES, Section::RUN_PLACE_STARTS, run)
        });
        let mut row = 0_u32;
        numbers(packed).map(move |place| {
            row = row.wrapping_add(place >> 3);
            Place {
                row: Row(row),
                kind: (place & 7) as usize,
            }
        })
    }
}
