//! Narrowing and counting: what a selection of facet values leaves, and how many rows each further choice
//! would have.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::{NO_VALUE, Section, Texts};
use super::{Facet, Index, Row, RowSet};

/// A value of a facet with the number of rows that have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FacetCount<'a> {
    /// The value, as [`Summary`](super::Summary) has it.
    pub value: &'a str,
    /// How many rows have it.
    pub count: usize,
}

/// What to narrow the list to: any of the values of a facet, and every facet that has values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// The values to keep, by facet, in any case; the empty text stands for rows without a value.
    pub values: BTreeMap<Facet, BTreeSet<String>>,
    /// Keep rows with (or without) docs.
    pub has_docs: Option<bool>,
    /// Keep rows with (or without) findings.
    pub has_problems: Option<bool>,
    /// Keep rows that one of these owns: full references in lower case.
    pub owned_by: Option<BTreeSet<String>>,
    /// Keep rows of this set: what was starred, or found by a search.
    pub within: Option<RowSet>,
}

impl Selection {
    /// Whether it keeps every row.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether `value` of `facet` is chosen.
    pub fn has(&self, facet: Facet, value: &str) -> bool {
        self.values
            .get(&facet)
            .is_some_and(|values| values.contains(value))
    }

    /// Chooses `value` of `facet`, or lets it go.
    pub fn toggle(&mut self, facet: Facet, value: &str) {
        let values = self.values.entry(facet).or_default();
        if !values.remove(value) {
            values.insert(value.to_owned());
        }
        if values.is_empty() {
            self.values.remove(&facet);
        }
    }

    /// Chooses `value` of `facet`, beside what is chosen of it already.
    #[must_use]
    pub fn with(mut self, facet: Facet, value: &str) -> Self {
        self.values
            .entry(facet)
            .or_default()
            .insert(value.to_owned());
        self
    }
}

impl Index {
    /// The values of `facet` with the number of their rows, ordered as [`Index::sort`] orders the column.
    pub fn facet_values(&self, facet: Facet) -> impl Iterator<Item = FacetCount<'_>> {
        self.layout.iter().flat_map(move |layout| {
            (0..layout.text_count(Texts::values(facet))).map(move |at| FacetCount {
                value: layout.text(Texts::values(facet), at),
                count: layout.range(Section::posting_starts(facet), at).len(),
            })
        })
    }

    /// The rows that have one of the values of `facet` at `places` of [`Index::facet_values`].
    pub fn rows_of(&self, facet: Facet, places: impl IntoIterator<Item = usize>) -> RowSet {
        let mut rows = RowSet::none(self.len());
        for place in places {
            self.add_rows_of(facet, place, &mut rows);
        }
        rows
    }

    /// The rows that `selection` leaves.
    pub fn select(&self, selection: &Selection) -> RowSet {
        self.meet(&self.parts(selection), None)
    }

    /// How many of `rows` have each value of `facet`; values that none of them has are left out.
    pub fn facet_counts(&self, facet: Facet, rows: &RowSet) -> Vec<FacetCount<'_>> {
        let Some(layout) = &self.layout else {
            return Vec::new();
        };
        if rows.count() == self.len() {
            return self.facet_values(facet).filter(|v| v.count > 0).collect();
        }
        let mut counts = vec![0_usize; layout.text_count(Texts::values(facet))];
        let mut add = |code: u32| {
            if let Some(count) = counts.get_mut(code as usize) {
                *count += 1;
            }
        };
        if facet == Facet::Tag {
            let tags: &[u32] = self.numbers(Section::codes(facet));
            let starts: &[u32] = self.numbers(Section::TAG_STARTS);
            for row in rows.iter() {
                let at = row.0 as usize;
                if let Some([start, end]) = starts.get(at..at + 2) {
                    let of_row = tags.get(*start as usize..*end as usize);
                    of_row
                        .unwrap_or_default()
                        .iter()
                        .copied()
                        .for_each(&mut add);
                }
            }
        } else {
            let codes: &[u32] = self.numbers(Section::codes(facet));
            for row in rows.iter() {
                add(codes.get(row.0 as usize).copied().unwrap_or(NO_VALUE));
            }
        }
        let counted = counts
            .into_iter()
            .enumerate()
            .filter(|(_, count)| *count > 0);
        counted
            .map(|(at, count)| FacetCount {
                value: layout.text(Texts::values(facet), at),
                count,
            })
            .collect()
    }

    /// For each facet the counts that its choices would have: of the rows that the rest of `selection` leaves.
    pub fn counts(&self, selection: &Selection) -> Vec<(Facet, Vec<FacetCount<'_>>)> {
        let parts = self.parts(selection);
        let all = self.meet(&parts, None);
        let counts = |facet: Facet| {
            if selection.values.contains_key(&facet) {
                self.facet_counts(facet, &self.meet(&parts, Some(facet)))
            } else {
                self.facet_counts(facet, &all)
            }
        };
        Facet::ALL.map(|facet| (facet, counts(facet))).into()
    }

    /// What each part of `selection` leaves by itself, with the facet it is about.
    fn parts(&self, selection: &Selection) -> Vec<(Option<Facet>, RowSet)> {
        let mut parts = Vec::new();
        for (&facet, values) in &selection.values {
            parts.push((Some(facet), self.with_values(facet, values)));
        }
        if let Some(owners) = &selection.owned_by {
            parts.push((None, self.with_values(Facet::Owner, owners)));
        }
        if let Some(wanted) = selection.has_docs {
            let docs: &[u8] = self.numbers(Section::DOCS);
            parts.push((None, scan(docs, |flag| (flag != 0) == wanted)));
        }
        if let Some(wanted) = selection.has_problems {
            let problems: &[u32] = self.numbers(Section::PROBLEMS);
            parts.push((None, scan(problems, |count| (count > 0) == wanted)));
        }
        if let Some(rows) = &selection.within {
            parts.push((None, rows.clone()));
        }
        parts
    }

    /// The rows that all `parts` leave but those about `without`.
    fn meet(&self, parts: &[(Option<Facet>, RowSet)], without: Option<Facet>) -> RowSet {
        let mut rows = RowSet::all(self.len());
        for (facet, part) in parts {
            if without.is_none() || *facet != without {
                rows.intersect(part);
            }
        }
        rows
    }

    /// The rows that have one of `values`.
    fn with_values(&self, facet: Facet, values: &BTreeSet<String>) -> RowSet {
        let Some(layout) = &self.layout else {
            return RowSet::default();
        };
        let mut rows = RowSet::none(self.len());
        if values.contains("") {
            rows.union(&self.without_value(facet));
        }
        let texts = Texts::values(facet);
        for code in values
            .iter()
            .flat_map(|value| layout.find_folded(texts, value))
        {
            self.add_rows_of(facet, code, &mut rows);
        }
        rows
    }

    /// Adds the rows with the value numbered `code`.
    fn add_rows_of(&self, facet: Facet, code: usize, rows: &mut RowSet) {
        let postings = self.postings(facet, code);
        // Where many rows have the value, comparing every row is faster than setting bit after bit.
        if facet != Facet::Tag && postings.len() > self.len() / 16 {
            let codes: &[u32] = self.numbers(Section::codes(facet));
            rows.union(&scan(codes, |of_row| of_row as usize == code));
        } else {
            for &row in postings {
                rows.insert(Row(row));
            }
        }
    }

    /// The rows with the value numbered `code`, in order.
    pub(super) fn postings(&self, facet: Facet, code: usize) -> &[u32] {
        let starts = Section::posting_starts(facet);
        self.layout.as_ref().map_or(&[], |layout| {
            layout.part(Section::postings(facet), starts, code)
        })
    }

    /// The rows that have no value of `facet`.
    pub(super) fn without_value(&self, facet: Facet) -> RowSet {
        if facet == Facet::Tag {
            let bare = self.rows().filter(|&row| self.codes(facet, row).is_empty());
            RowSet::of(self.len(), bare)
        } else {
            scan(self.numbers(Section::codes(facet)), |code: u32| {
                code == NO_VALUE
            })
        }
    }
}

/// The rows whose item `keep` keeps.
fn scan<T: Copy>(items: &[T], keep: impl Fn(T) -> bool) -> RowSet {
    let mut rows = RowSet::none(items.len());
    for (word, items) in rows.words_mut().iter_mut().zip(items.chunks(64)) {
        // First a byte each, which the compiler does many at a time, then eight of them to a byte.
        let mut kept = [0_u8; 64];
        for (kept, item) in kept.iter_mut().zip(items) {
            *kept = u8::from(keep(*item));
        }
        for (eight, shift) in kept.chunks_exact(8).zip((0..64).step_by(8)) {
            let eight = u64::from_le_bytes(eight.try_into().unwrap_or_default());
            *word |= (eight.wrapping_mul(0x0102_0408_1020_4080) >> 56) << shift;
        }
    }
    rows
}
