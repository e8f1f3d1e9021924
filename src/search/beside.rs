//! Where else than in a name or a title a word stands: in tags, kinds, types, owners, systems and descriptions.
//!
//! Looked up once a search, not once a row: the values of a facet are few, and so are the words of all descriptions.

use super::described::described;
use super::find::Field;
use super::fold::Needle;
use crate::catalog::index::{Facet, RowSet};
use crate::catalog::{Index, Row};

/// The rows that have one word beside their names, by how much that is worth.
pub(super) struct Beside {
    /// The most worth first; each less than any fit of a name.
    found: Vec<(u32, Field, RowSet)>,
}

impl Beside {
    /// Where `needle` stands in `index`. A short one must be a whole tag, kind or type.
    pub(super) fn new(index: &Index, needle: &Needle) -> Self {
        let mut beside = Self { found: Vec::new() };
        for (points, field, facet) in [
            (190, Field::Tags, Facet::Tag),
            (180, Field::Kind, Facet::Kind),
            (180, Field::Kind, Facet::Type),
        ] {
            let places = standing(index, facet, needle);
            let whole = places.filter(|(_, text, _)| text.len() == needle.chars.len());
            let whole = index.rows_of(facet, whole.map(|(place, ..)| place));
            beside.add(points, field, whole);
        }
        if needle.is_short() {
            return beside;
        }
        for (start, inside, field, facet) in [
            (170, 140, Field::Tags, Facet::Tag),
            (150, 130, Field::Owner, Facet::Owner),
            (150, 130, Field::Owner, Facet::System),
        ] {
            let places: Vec<(usize, bool)> = standing(index, facet, needle)
                .map(|(place, _, at_start)| (place, at_start))
                .collect();
            let at = |start: bool| {
                let places = places.iter().filter(|(_, at_start)| *at_start == start);
                index.rows_of(facet, places.map(|(place, _)| *place))
            };
            beside.add(start, field, at(true));
            beside.add(inside, field, at(false));
        }
        let (start, inside) = described(index, needle);
        beside.add(110, Field::Description, start);
        beside.add(80, Field::Description, inside);
        beside
            .found
            .sort_by_key(|(points, ..)| std::cmp::Reverse(*points));
        beside
    }

    /// Of a word that is not looked for beside names.
    pub(super) fn nowhere() -> Self {
        Self { found: Vec::new() }
    }

    /// What the best place of the word beside the name of `row` is worth.
    pub(super) fn of(&self, row: Row) -> Option<(u32, Field)> {
        self.found
            .iter()
            .find(|(.., rows)| rows.contains(row))
            .map(|(points, field, _)| (*points, *field))
    }

    fn add(&mut self, points: u32, field: Field, rows: RowSet) {
        if !rows.is_empty() {
            self.found.push((points, field, rows));
        }
    }
}

/// The values of `facet` in which `needle` stands: their places, their names, and whether it is at the start of a word.
fn standing<'a>(
    index: &'a Index,
    facet: Facet,
    needle: &'a Needle,
) -> impl Iterator<Item = (usize, &'a str, bool)> {
    let values = index.facet_values(facet).enumerate();
    values.filter_map(move |(place, count)| {
        let text = match facet {
            Facet::Owner | Facet::System => {
                let name = count.value.split_once('/');
                name.map_or(count.value, |(_, name)| name)
            }
            _ => count.value,
        };
        Some((place, text, needle.stands_in(text)?))
    })
}
