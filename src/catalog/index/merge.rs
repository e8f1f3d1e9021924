//! Newer rows put into an index: both are read column by column and laid out as one, for a small part of what laying out
//! every entity takes. What comes out is to the byte what [`IndexBuilder`](super::IndexBuilder) makes of all of them.

mod facet;
mod packed;
mod relation;
mod splice;

use std::ops::Range;

use bytemuck::{AnyBitPattern, NoUninit};

use super::layout::{Section, Texts, Writer, narrow};
use super::{Facet, Index, IndexError, Row};
use crate::catalog::{EntityRef, Kind};

use splice::{Both, Side, Spliced};

impl Index {
    /// The bytes of this index with what `newer` holds in place of the entities with one of the references `changed`, in
    /// any order. `newer` is laid out of those of them that there still are, with all relations that are shown at them.
    pub fn merged(&self, newer: &Self, changed: &[EntityRef]) -> Result<Vec<u8>, IndexError> {
        let merge = Merge::new(Both { older: self, newer }, changed)?;
        let mut out = Writer::new(merge.rows.len);
        for texts in [
            Texts::NAMES,
            Texts::FOLDED_NAMES,
            Texts::TITLES,
            Texts::FOLDED_TITLES,
            Texts::DESCRIPTIONS,
            Texts::TAGS,
        ] {
            merge.texts(&mut out, texts, &merge.rows)?;
        }
        merge.column::<u64>(&mut out, Section::NAME_MASKS);
        merge.column::<u64>(&mut out, Section::NAME_STARTS);
        merge.column::<u64>(&mut out, Section::TITLE_MASKS);
        merge.column::<u64>(&mut out, Section::TITLE_STARTS);
        merge.column::<u32>(&mut out, Section::PROBLEMS);
        merge.column::<u8>(&mut out, Section::ERRORS);
        merge.column::<u8>(&mut out, Section::DOCS);
        merge.by_ref(&mut out)?;
        merge.words(&mut out)?;
        merge.runs(&mut out)?;
        for facet in Facet::ALL {
            merge.facet(&mut out, facet)?;
        }
        merge.relations(&mut out)?;
        Ok(out.finish())
    }

    /// By what rows are ordered.
    fn sort_key(&self, row: Row) -> (&str, Kind, String, &str) {
        let kind = self.value(Facet::Kind, row).to_lowercase();
        (
            self.folded_name(row),
            Kind::parse(&kind),
            kind,
            self.value(Facet::Namespace, row),
        )
    }
}

/// Two indexes on their way to be one.
struct Merge<'a> {
    sides: Both<&'a Index>,
    /// The rows of the older one that are not there any more, or that the newer one has instead.
    gone: Vec<Row>,
    /// Where in the older one's order by reference these stand.
    gone_by_ref: Vec<usize>,
    rows: Spliced,
}

impl<'a> Merge<'a> {
    fn new(sides: Both<&'a Index>, changed: &[EntityRef]) -> Result<Self, IndexError> {
        let (older, newer) = (sides.older, sides.newer);
        let places = changed.iter().map(|changed| older.place_of(changed));
        let mut gone_by_ref: Vec<usize> = places.filter_map(Result::ok).collect();
        gone_by_ref.sort_unstable();
        gone_by_ref.dedup();
        let by_ref: &[u32] = older.numbers(Section::BY_REF);
        let gone = gone_by_ref.iter().filter_map(|at| by_ref.get(*at));
        let gone: Vec<Row> = gone.copied().map(Row).collect();
        let insertions = newer.rows().map(|row| {
            let key = newer.sort_key(row);
            let at = partition(older.len(), |at| older.sort_key(Row(at)) < key);
            (at, row.0 as usize)
        });
        let rows = Spliced::new(
            &Both::of(|side| sides.get(side).len()),
            gone.iter().map(|row| row.0 as usize),
            insertions,
        )?;
        Ok(Self {
            sides,
            gone,
            gone_by_ref,
            rows,
        })
    }

    /// A section with a number a row.
    fn column<T: AnyBitPattern + NoUninit>(&self, out: &mut Writer, section: Section) {
        let columns = Both::of(|side| self.sides.get(side).numbers::<T>(section));
        let mut all: Vec<T> = Vec::with_capacity(self.rows.len);
        for (side, rows) in &self.rows.spans {
            let part = columns.get(*side).get(rows.clone());
            all.extend_from_slice(part.unwrap_or_default());
        }
        out.section(section, &all);
    }

    /// Texts, by where `spliced` says that they stand.
    fn texts(&self, out: &mut Writer, texts: Texts, spliced: &Spliced) -> Result<(), IndexError> {
        let runs = Both::of(|side| self.sides.get(side).all_texts(texts));
        let mut starts = Vec::with_capacity(spliced.len + 1);
        starts.push(0);
        let mut text: Vec<u8> = Vec::with_capacity(runs.older.1.len());
        for (side, range) in &spliced.spans {
            let (begins, bytes) = runs.get(*side);
            let Some([first, rest @ ..]) = begins.get(range.start..=range.end) else {
                continue;
            };
            let last = rest.last().unwrap_or(first);
            let base = text.len();
            let part = bytes.get(*first as usize..*last as usize);
            text.extend_from_slice(part.unwrap_or_default());
            for begin in rest {
                starts.push(narrow(base + begin.saturating_sub(*first) as usize)?);
            }
        }
        out.run(texts, &starts, &text);
        Ok(())
    }

    /// What lies in a section at `rows`, which follow one another, by where each of them begins.
    fn range(&self, side: Side, starts: Section, rows: &Range<usize>) -> Range<usize> {
        let starts: &[u32] = self.sides.get(side).numbers(starts);
        match (starts.get(rows.start), starts.get(rows.end)) {
            (Some(start), Some(end)) => *start as usize..*end as usize,
            _ => 0..0,
        }
    }

    /// Where what lies at each row begins.
    fn starts(&self, section: Section) -> Result<Vec<u32>, IndexError> {
        let both = Both::of(|side| self.sides.get(side).numbers::<u32>(section));
        let mut all = Vec::with_capacity(self.rows.len + 1);
        all.push(0);
        for (side, rows) in &self.rows.spans {
            if let Some([first, rest @ ..]) = both.get(*side).get(rows.start..=rows.end) {
                let base = all.last().copied().unwrap_or_default();
                for start in rest {
                    all.push(narrow(
                        base as usize + start.saturating_sub(*first) as usize,
                    )?);
                }
            }
        }
        Ok(all)
    }

    fn by_ref(&self, out: &mut Writer) -> Result<(), IndexError> {
        let orders = Both::of(|side| self.sides.get(side).numbers::<u32>(Section::BY_REF));
        let insertions = (0..).zip(orders.newer).map(|(number, row)| {
            let entity_ref = self.sides.newer.entity_ref(Row(*row));
            let at = entity_ref.map(|it| self.sides.older.place_of(&it));
            (at.map_or(0, |at| at.unwrap_or_else(|at| at)), number)
        });
        let spliced = Spliced::new(
            &Both::of(|side| orders.get(side).len()),
            self.gone_by_ref.iter().copied(),
            insertions,
        )?;
        let mut all = Vec::with_capacity(spliced.len);
        for (side, range) in &spliced.spans {
            let part = orders.get(*side).get(range.clone()).unwrap_or_default();
            all.extend(self.rows.mapped(*side, part.iter().copied()));
        }
        out.section(Section::BY_REF, &all);
        Ok(())
    }
}

/// The first of `len` numbers for which `is_before` does not hold; it holds for all before that one.
fn partition(len: usize, is_before: impl Fn(u32) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = usize::midpoint(low, high);
        if u32::try_from(middle).is_ok_and(&is_before) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}
