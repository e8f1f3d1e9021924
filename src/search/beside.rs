//! Where else than in a name or a title a word stands: in tags, kinds, types, owners, systems and descriptions.
//!
//! Looked up once a search, not once a row: the values of a facet are few, and so are the words of all descriptions.

use super::described::described;
use super::find::Field;
use super::fold::{Needle, Text};
use super::slips::Slips;
use crate::catalog::index::{Facet, RowSet};
use crate::catalog::{Index, Row};

/// How a word stands in a value; the place in the points of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Whole,
    Start,
    Inside,
}

/// The columns that are looked through, with the points of a word that is whole, begins a word, or stands inside of one.
/// Kinds and types are only meant where they are whole.
const COLUMNS: [(Field, Facet, [u32; 3]); 5] = [
    (Field::Kind, Facet::Kind, [720, 0, 0]),
    (Field::Tags, Facet::Tag, [540, 450, 290]),
    (Field::Kind, Facet::Type, [530, 0, 0]),
    (Field::Owner, Facet::Owner, [500, 420, 280]),
    (Field::Owner, Facet::System, [500, 420, 280]),
];
/// In a description at the start of a word, and inside.
const DESCRIPTION: [u32; 2] = [380, 240];
/// How much less a value is worth that is meant but for a slip.
const SLIPPED: u32 = 120;

/// The rows that have one word beside their names, by how much that is worth.
pub(super) struct Beside {
    /// The most worth first.
    found: Vec<(u32, Field, RowSet)>,
}

impl Beside {
    /// Where `needle` stands in `index`. A short one must be whole.
    pub(super) fn new(index: &Index, needle: &Needle) -> Self {
        let mut beside = Self::nowhere();
        for (field, facet, points) in COLUMNS {
            let standing: Vec<(usize, How)> = standing(index, facet, needle).collect();
            for (how, points) in [How::Whole, How::Start, How::Inside]
                .into_iter()
                .zip(points)
            {
                if points == 0 || (how != How::Whole && needle.is_short()) {
                    continue;
                }
                let places = standing.iter().filter(|(_, of)| *of == how);
                let rows = index.rows_of(facet, places.map(|(place, _)| *place));
                beside.add(points, field, rows);
            }
        }
        let (start, inside) = described(index, needle);
        let [at_start, within] = DESCRIPTION;
        beside.add(at_start, Field::Description, start);
        beside.add(within, Field::Description, inside);
        beside.sort();
        beside
    }

    /// Of a word that is not looked for beside names.
    pub(super) fn nowhere() -> Self {
        Self { found: Vec::new() }
    }

    /// Adds the rows with a value that is meant but for slips.
    pub(super) fn forgive(&mut self, index: &Index, slips: &Slips) {
        let mut text = Text::default();
        for (field, facet, [whole, ..]) in COLUMNS {
            let values = index.facet_values(facet).enumerate();
            let places = values.filter(|(_, count)| {
                let name = name_of(facet, count.value);
                slips.may_be_all_of(name) && {
                    text.set(name);
                    slips.find(&text).is_some_and(|near| near.is_all(&text))
                }
            });
            let rows = index.rows_of(facet, places.map(|(place, _)| place));
            self.add(whole.saturating_sub(SLIPPED), field, rows);
        }
        self.sort();
    }

    /// What the best place of the word beside the name of `row` is worth.
    pub(super) fn of(&self, row: Row) -> Option<(u32, Field)> {
        self.found
            .iter()
            .find(|(.., rows)| rows.contains(row))
            .map(|(points, field, _)| (*points, *field))
    }

    /// Adds all rows that have the word beside their names.
    pub(super) fn add_to(&self, rows: &mut RowSet) {
        for (.., found) in &self.found {
            rows.union(found);
        }
    }

    fn add(&mut self, points: u32, field: Field, rows: RowSet) {
        if !rows.is_empty() {
            self.found.push((points, field, rows));
        }
    }

    fn sort(&mut self) {
        self.found
            .sort_by_key(|(points, ..)| std::cmp::Reverse(*points));
    }
}

/// What of a value people type: of a reference its name.
fn name_of(facet: Facet, value: &str) -> &str {
    match facet {
        Facet::Owner | Facet::System => value.split_once('/').map_or(value, |(_, name)| name),
        _ => value,
    }
}

/// The values of `facet` in which `needle` stands: their places, and how it does.
fn standing<'a>(
    index: &'a Index,
    facet: Facet,
    needle: &'a Needle,
) -> impl Iterator<Item = (usize, How)> {
    let values = index.facet_values(facet).enumerate();
    values.filter_map(move |(place, count)| {
        let text = name_of(facet, count.value);
        let how = match needle.stands_in(text)? {
            _ if text.chars().count() == needle.chars.len() => How::Whole,
            true => How::Start,
            false => How::Inside,
        };
        Some((place, how))
    })
}
