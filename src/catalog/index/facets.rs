//! Narrowing, counting and sorting: what a selection of facet values leaves, and how many rows each further choice
//! would have.

use std::collections::{BTreeMap, BTreeSet};

use super::{Facet, RowSet};

/// A value of a facet with the number of rows that have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FacetCount<'a> {
    /// The value, as [`Summary`](super::Summary) has it.
    pub value: &'a str,
    /// How many rows have it.
    pub count: usize,
}

/// A column by which the list can be sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The name; the order of rows.
    Name,
    /// The kind, in the order of [`Kind`](crate::catalog::Kind).
    Kind,
    /// `spec.type`.
    Type,
    /// The owner.
    Owner,
    /// The system.
    System,
    /// `spec.lifecycle`.
    Lifecycle,
    /// The namespace.
    Namespace,
    /// The number of findings.
    Problems,
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
