//! What raises a row besides the words: what its user starred, visited or owns, its kind and its lifecycle.

use std::collections::HashMap;

use super::find::Context;
use crate::catalog::index::{RowSet, Summary};
use crate::catalog::{Index, Kind, Row};

/// How many of the latest visits count.
const VISITS: u32 = 32;

/// The user's part in the ranking, looked up once a search.
pub(super) struct Weights {
    /// The starred rows.
    pub(super) stars: RowSet,
    visits: HashMap<Row, u32>,
    owners: Vec<String>,
}

impl Weights {
    pub(super) fn new(index: &Index, context: &Context) -> Self {
        let starred = context.stars.iter().filter_map(|star| index.row_of(star));
        let stars = RowSet::of(index.len(), starred);
        let mut visits = HashMap::new();
        for (visit, age) in context.visits.iter().zip(0..VISITS) {
            if let Some(row) = index.row_of(visit) {
                visits.entry(row).or_insert(VISITS - age);
            }
        }
        Self {
            stars,
            visits,
            owners: context
                .identity
                .everyone()
                .map(ToString::to_string)
                .collect(),
        }
    }

    /// The weight of a row among rows that fit the words equally well, from 0 to 160: less than a grade in itself,
    /// enough for a starred service to stand before a stranger's.
    pub(super) fn of(&self, summary: &Summary<'_>) -> u32 {
        let mut weight = match Kind::parse(summary.kind) {
            Kind::Component => 20,
            Kind::Api | Kind::System | Kind::Template => 16,
            Kind::Group | Kind::User | Kind::Domain => 14,
            Kind::Resource | Kind::Other => 12,
            Kind::Location => 0,
        };
        weight += match summary.lifecycle {
            "production" => 10,
            "deprecated" => 0,
            _ => 5,
        };
        if self.stars.contains(summary.row) {
            weight += 60;
        }
        weight += self.visits.get(&summary.row).copied().unwrap_or_default();
        if self.is_mine(summary) {
            weight += 30;
        }
        weight
    }

    /// The order of a list for which no words are given: starred, then recent, then mine, then the rest.
    pub(super) fn of_listed(&self, summary: &Summary<'_>) -> u32 {
        if self.stars.contains(summary.row) {
            1000
        } else if let Some(visit) = self.visits.get(&summary.row) {
            500 + visit
        } else if self.is_mine(summary) {
            250
        } else {
            0
        }
    }

    fn is_mine(&self, summary: &Summary<'_>) -> bool {
        self.owners.iter().any(|owner| owner == summary.owner)
    }
}
