//! The values of a facet, and the rows that have each.

use std::collections::HashMap;

use super::super::build::value_key;
use super::super::layout::{NO_VALUE, Section, Texts, Writer, narrow};
use super::super::{Facet, IndexError};
use super::splice::{Both, Side, Spliced};
use super::{Merge, partition};

/// The values of a facet as they are now.
struct Values {
    spliced: Spliced,
    /// By number of the older index: that of the newer one, where both have it.
    twins: HashMap<usize, usize>,
}

impl Merge<'_> {
    pub(super) fn facet(&self, out: &mut Writer, facet: Facet) -> Result<(), IndexError> {
        let values = self.values(facet)?;
        self.postings(out, facet, &values)?;
        self.texts(out, Texts::values(facet), &values.spliced)?;
        self.codes(out, facet, &values)
    }

    fn values(&self, facet: Facet) -> Result<Values, IndexError> {
        let names = Both::of(|side| {
            let values = self.sides.get(side).facet_values(facet);
            values.collect::<Vec<_>>()
        });
        let mut left: Vec<usize> = names.older.iter().map(|value| value.count).collect();
        for row in &self.gone {
            for code in self.sides.older.codes(facet, *row) {
                if let Some(count) = left.get_mut(*code as usize) {
                    *count = count.saturating_sub(1);
                }
            }
        }
        let mut twins = HashMap::new();
        let mut insertions = Vec::new();
        for (number, value) in names.newer.iter().enumerate() {
            let key = value_key(facet, value.value);
            let of = |at: usize| names.older.get(at).map_or("", |value| value.value);
            let at = partition(names.older.len(), |at| {
                value_key(facet, of(at as usize)) < key
            });
            if of(at) == value.value {
                twins.insert(at, number);
            } else {
                insertions.push((at, number));
            }
        }
        let without_rows = left.iter().enumerate().filter(|(_, count)| **count == 0);
        let gone = without_rows
            .map(|(at, _)| at)
            .filter(|at| !twins.contains_key(at));
        let lens = Both::of(|side| names.get(side).len());
        let mut spliced = Spliced::new(&lens, gone, insertions)?;
        for (older, newer) in &twins {
            let place = spliced.places.older.get(*older).copied();
            if let (Some(to), Some(place)) = (spliced.places.newer.get_mut(*newer), place) {
                *to = place;
            }
        }
        Ok(Values { spliced, twins })
    }

    /// By value the rows that have it.
    fn postings(&self, out: &mut Writer, facet: Facet, values: &Values) -> Result<(), IndexError> {
        let (section, starts) = (Section::postings(facet), Section::posting_starts(facet));
        let of = |side: Side, number: usize| {
            let layout = self.sides.get(side).layout.as_ref();
            let rows: &[u32] = layout.map_or(&[], |layout| layout.part(section, starts, number));
            self.rows.mapped(side, rows.iter().copied())
        };
        let mut begins = vec![0];
        let mut all: Vec<u32> = Vec::with_capacity(self.rows.len);
        for (side, range) in &values.spliced.spans {
            for number in range.clone() {
                let first = all.len();
                all.extend(of(*side, number));
                let twin = values.twins.get(&number).filter(|_| *side == Side::Older);
                if let Some(twin) = twin {
                    all.extend(of(Side::Newer, *twin));
                    all.get_mut(first..).unwrap_or_default().sort_unstable();
                }
                begins.push(narrow(all.len())?);
            }
        }
        out.section(starts, &begins);
        out.section(section, &all);
        Ok(())
    }

    /// By row the numbers of its values.
    fn codes(&self, out: &mut Writer, facet: Facet, values: &Values) -> Result<(), IndexError> {
        let codes = Both::of(|side| self.sides.get(side).numbers::<u32>(Section::codes(facet)));
        let mut all: Vec<u32> = Vec::with_capacity(codes.older.len());
        let mut starts = Vec::new();
        if facet == Facet::Tag {
            starts = self.starts(Section::TAG_STARTS)?;
        }
        for (side, rows) in &self.rows.spans {
            let part = match facet {
                Facet::Tag => self.range(*side, Section::TAG_STARTS, rows),
                _ => rows.clone(),
            };
            let part = codes.get(*side).get(part).unwrap_or_default();
            // What has no value has none now.
            const { assert!(NO_VALUE == super::splice::GONE) };
            all.extend(part.iter().map(|code| values.spliced.place(*side, *code)));
        }
        out.section(Section::codes(facet), &all);
        if facet == Facet::Tag {
            out.section(Section::TAG_STARTS, &starts);
        }
        Ok(())
    }
}
