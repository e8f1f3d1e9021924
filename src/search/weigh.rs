//! What raises a row besides the words: what its user starred, visited or owns, its kind and its lifecycle.

use std::collections::HashMap;

use super::find::Context;
use crate::catalog::graph::owned_by;
use crate::catalog::index::{Facet, RowSet, Selection};
use crate::catalog::{Index, Kind, Row};

/// How many of the latest visits count.
const VISITS: u32 = 32;

/// The weights of all rows, looked up once a search.
pub(super) struct Weights {
    /// The starred rows.
    pub(super) stars: RowSet,
    visits: HashMap<Row, u32>,
    mine: RowSet,
    /// Rows of a kind or a lifecycle, with its weight; of each at most one holds a row.
    kinds: Vec<(u32, RowSet)>,
    lifecycles: Vec<(u32, RowSet)>,
}

impl Weights {
    pub(super) fn new(index: &Index, context: &Context) -> Self {
        let starred = context.stars.iter().filter_map(|star| index.row_of(star));
        let mut visits = HashMap::new();
        for (visit, age) in context.visits.iter().zip(0..VISITS) {
            if let Some(row) = index.row_of(visit) {
                visits.entry(row).or_insert(VISITS - age);
            }
        }
        Self {
            stars: RowSet::of(index.len(), starred),
            visits,
            mine: owned_by(index, context.identity.everyone()),
            kinds: by_value(index, Facet::Kind, of_kind),
            lifecycles: by_value(index, Facet::Lifecycle, of_lifecycle),
        }
    }

    /// The weight of a row among rows that fit the words equally well, from 0 to 152: less than a grade in itself,
    /// enough for a starred service to stand before a stranger's.
    pub(super) fn of(&self, row: Row) -> u32 {
        let of_value = |sets: &[(u32, RowSet)]| {
            sets.iter()
                .find(|(_, rows)| rows.contains(row))
                .map_or(0, |(weight, _)| *weight)
        };
        let visited = if self.visits.is_empty() {
            0
        } else {
            self.visits.get(&row).copied().unwrap_or_default()
        };
        of_value(&self.kinds)
            + of_value(&self.lifecycles)
            + visited
            + if self.stars.contains(row) { 60 } else { 0 }
            + if self.mine.contains(row) { 30 } else { 0 }
    }

    /// The order of a list for which no words are given: starred, then recent, then mine, then the rest.
    pub(super) fn of_listed(&self, row: Row) -> u32 {
        if self.stars.contains(row) {
            1000
        } else if let Some(visit) = self.visits.get(&row) {
            500 + visit
        } else if self.mine.contains(row) {
            250
        } else {
            0
        }
    }
}

fn of_kind(kind: &str) -> u32 {
    match Kind::parse(kind) {
        Kind::Component => 20,
        Kind::Api | Kind::System | Kind::Template => 16,
        Kind::Group | Kind::User | Kind::Domain => 14,
        Kind::Resource | Kind::AiResource | Kind::Other => 12,
        Kind::Location => 0,
    }
}

fn of_lifecycle(lifecycle: &str) -> u32 {
    match lifecycle {
        "production" => 10,
        "deprecated" => 0,
        _ => 5,
    }
}

/// The rows of the values of `facet` that have a weight, the most rows first.
fn by_value(index: &Index, facet: Facet, weight: fn(&str) -> u32) -> Vec<(u32, RowSet)> {
    let mut values: Vec<_> = index
        .facet_values(facet)
        .filter(|count| weight(count.value) > 0)
        .collect();
    values.sort_by_key(|count| std::cmp::Reverse(count.count));
    // A catalog with hundreds of lifecycles has none that means anything.
    values.truncate(16);
    values
        .into_iter()
        .map(|count| {
            let rows = index.select(&Selection::default().with(facet, count.value));
            (weight(count.value), rows)
        })
        .collect()
}
