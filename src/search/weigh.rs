//! What raises a row besides the words: what its user starred, visited or owns, its kind and its lifecycle.

use std::collections::HashMap;

use super::find::Context;
use crate::catalog::graph::owned_by;
use crate::catalog::index::{Facet, RowSet};
use crate::catalog::{Index, Kind, Row};

/// How many of the latest visits count.
const VISITS: u32 = 32;

/// The weights of all rows, looked up once a search.
pub(super) struct Weights<'a> {
    /// The starred rows.
    pub(super) stars: RowSet,
    visits: HashMap<Row, u32>,
    mine: RowSet,
    kinds: ByValue<'a>,
    lifecycles: ByValue<'a>,
}

impl<'a> Weights<'a> {
    pub(super) fn new(index: &'a Index, context: &Context) -> Self {
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
            kinds: ByValue::new(index, Facet::Kind, of_kind),
            lifecycles: ByValue::new(index, Facet::Lifecycle, of_lifecycle),
        }
    }

    /// The weight of a row among rows that fit the words equally well, from 0 to 152: less than a grade in itself,
    /// enough for a starred service to stand before a stranger's.
    pub(super) fn of(&self, row: Row) -> u32 {
        let visited = if self.visits.is_empty() {
            0
        } else {
            self.visits.get(&row).copied().unwrap_or_default()
        };
        self.kinds.of(row)
            + self.lifecycles.of(row)
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

/// The weights of a facet's values, and which of them each row has.
struct ByValue<'a> {
    weights: Vec<u32>,
    places: &'a [u32],
}

impl<'a> ByValue<'a> {
    fn new(index: &'a Index, facet: Facet, weight: fn(&str) -> u32) -> Self {
        Self {
            weights: index
                .facet_values(facet)
                .map(|count| weight(count.value))
                .collect(),
            places: index.places(facet),
        }
    }

    fn of(&self, row: Row) -> u32 {
        let place = self.places.get(row.0 as usize);
        let weight = place.and_then(|place| self.weights.get(*place as usize));
        weight.copied().unwrap_or_default()
    }
}
