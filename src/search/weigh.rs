//! What raises a row besides the words: what its user starred, visited or owns, its kind and its lifecycle.

use std::collections::HashMap;

use super::explain::Reason;
use super::find::Context;
use super::score::POINT;
use crate::catalog::graph::owned_by;
use crate::catalog::index::{Facet, RowSet};
use crate::catalog::{Index, Kind, Row};

/// A star, and what the user or one of their groups owns.
const STARRED: u32 = 60;
const MINE: u32 = 30;
/// What countless visits are worth; a few are worth half of that.
const VISITED: f64 = 40.0;
const A_FEW: f64 = 3.0;

/// The weights of all rows, looked up once a search.
pub(super) struct Weights<'a> {
    pub(super) index: &'a Index,
    /// The starred rows.
    pub(super) stars: RowSet,
    /// What was visited, with the place among the latest.
    recent: HashMap<Row, u32>,
    /// The points of what was visited.
    heat: HashMap<Row, u32>,
    mine: RowSet,
    kinds: ByValue<'a>,
    lifecycles: ByValue<'a>,
}

impl<'a> Weights<'a> {
    pub(super) fn new(index: &'a Index, context: &Context) -> Self {
        let starred = context.stars.iter().filter_map(|star| index.row_of(star));
        let mut recent = HashMap::new();
        for (visit, place) in context.visits.iter().zip(0_u32..) {
            if let Some(row) = index.row_of(visit) {
                recent.entry(row).or_insert(place);
            }
        }
        let heat = context.heat.iter();
        Self {
            index,
            stars: RowSet::of(index.len(), starred),
            recent,
            heat: heat
                .filter_map(|(visited, heat)| Some((index.row_of(visited)?, of_heat(*heat))))
                .collect(),
            mine: owned_by(index, context.identity.everyone()),
            kinds: ByValue::new(index, Facet::Kind, of_kind),
            lifecycles: ByValue::new(index, Facet::Lifecycle, of_lifecycle),
        }
    }

    /// The weight of a row among rows that fit the words equally well, from 0 to 180 points: about as much as there is
    /// between one way of fitting and the next, so that a starred service stands before a stranger's.
    pub(super) fn of(&self, row: Row) -> u32 {
        let visited = if self.heat.is_empty() {
            0
        } else {
            self.heat.get(&row).copied().unwrap_or_default()
        };
        self.kinds.of(row)
            + self.lifecycles.of(row)
            + visited
            + if self.stars.contains(row) { STARRED } else { 0 }
            + if self.mine.contains(row) { MINE } else { 0 }
    }

    /// The parts of [`Weights::of`].
    pub(super) fn reasons(&self, row: Row) -> Vec<Reason> {
        let of_set = |rows: &RowSet, points| if rows.contains(row) { points } else { 0 };
        let value = |facet| self.index.value(facet, row);
        [
            (
                format!("its kind is {}", value(Facet::Kind)),
                self.kinds.of(row),
            ),
            (
                match value(Facet::Lifecycle) {
                    "" => "it has no lifecycle".to_owned(),
                    lifecycle => format!("its lifecycle is {lifecycle}"),
                },
                self.lifecycles.of(row),
            ),
            ("you starred it".to_owned(), of_set(&self.stars, STARRED)),
            ("it is yours".to_owned(), of_set(&self.mine, MINE)),
            (
                "you visit it".to_owned(),
                self.heat.get(&row).copied().unwrap_or_default(),
            ),
        ]
        .map(|(words, points)| Reason::new(words, points * POINT))
        .into()
    }

    /// The order of a list for which no words are given: starred, then recent, then mine, then the rest.
    pub(super) fn of_listed(&self, row: Row) -> u32 {
        if self.stars.contains(row) {
            1000
        } else if let Some(place) = self.recent.get(&row) {
            900 - place.min(&500)
        } else if self.mine.contains(row) {
            250
        } else {
            0
        }
    }

    /// Why [`Weights::of_listed`] is what it is.
    pub(super) fn reasons_of_listed(&self, row: Row) -> Vec<Reason> {
        let words = if self.stars.contains(row) {
            "you starred it"
        } else if self.recent.contains_key(&row) {
            "you visited it lately"
        } else {
            "it is yours"
        };
        vec![Reason::new(words, self.of_listed(row))]
    }
}

/// The points of what is worth so many visits now: 10 for one, 20 for three, 30 for nine.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 40"
)]
fn of_heat(visits: f64) -> u32 {
    let visits = visits.clamp(0.0, 1e6);
    (VISITED * visits / (visits + A_FEW)).round() as u32
}

fn of_kind(kind: &str) -> u32 {
    match Kind::parse(kind) {
        Kind::Component => 40,
        Kind::Api | Kind::System | Kind::Template => 36,
        Kind::Group | Kind::User | Kind::Domain => 34,
        Kind::Resource | Kind::AiResource | Kind::Other => 32,
        Kind::Location => 0,
    }
}

fn of_lifecycle(lifecycle: &str) -> u32 {
    match lifecycle {
        // Most kinds have none.
        "production" | "" => 10,
        "deprecated" => 0,
        _ => 5,
    }
}

/// The weights of a facet's values, and which of them each row has.
struct ByValue<'a> {
    weights: Vec<u32>,
    places: &'a [u32],
    /// The weight of a row without a value.
    without: u32,
}

impl<'a> ByValue<'a> {
    fn new(index: &'a Index, facet: Facet, weight: fn(&str) -> u32) -> Self {
        Self {
            weights: index
                .facet_values(facet)
                .map(|count| weight(count.value))
                .collect(),
            places: index.places(facet),
            without: weight(""),
        }
    }

    fn of(&self, row: Row) -> u32 {
        let place = self.places.get(row.0 as usize);
        let weight = place.and_then(|place| self.weights.get(*place as usize));
        weight.copied().unwrap_or(self.without)
    }
}
