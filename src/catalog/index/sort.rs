//! Sorting: the rows of a set in the order of a column.

use std::cmp::{Ordering, Reverse};

use super::layout::{Section, Texts};
use super::{Facet, Index, Row, RowSet};

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
    /// The tags as they are listed: the first, then the second, and so on.
    Tags,
    /// The title.
    Title,
    /// The description, as much of it as the list keeps.
    Description,
}

impl Column {
    /// Every column.
    pub const ALL: [Self; 11] = [
        Self::Name,
        Self::Kind,
        Self::Type,
        Self::Owner,
        Self::System,
        Self::Lifecycle,
        Self::Namespace,
        Self::Problems,
        Self::Tags,
        Self::Title,
        Self::Description,
    ];

    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Kind => "kind",
            Self::Type => "type",
            Self::Owner => "owner",
            Self::System => "system",
            Self::Lifecycle => "lifecycle",
            Self::Namespace => "namespace",
            Self::Problems => "problems",
            Self::Tags => "tags",
            Self::Title => "title",
            Self::Description => "description",
        }
    }

    /// The column called `name`, and whether it is turned around: `-title`.
    pub fn parse(name: &str) -> Option<(Self, bool)> {
        let (name, descending) = match name.strip_prefix('-') {
            Some(name) => (name, true),
            None => (name, false),
        };
        let mut all = Self::ALL.into_iter();
        let column = all.find(|column| column.name() == name)?;
        Some((column, descending))
    }
}

impl Index {
    /// `rows` ordered by `column`, without regard to case; rows with equal values stay in order of name, rows without a
    /// value come last either way.
    pub fn sort(&self, rows: &RowSet, column: Column, descending: bool) -> Vec<Row> {
        match column {
            Column::Name if descending => {
                let mut sorted: Vec<Row> = rows.iter().collect();
                sorted.reverse();
                sorted
            }
            Column::Name => rows.iter().collect(),
            Column::Problems => self.sort_by_problems(rows, descending),
            Column::Kind => self.sort_by_value(rows, Facet::Kind, descending),
            Column::Type => self.sort_by_value(rows, Facet::Type, descending),
            Column::Owner => self.sort_by_value(rows, Facet::Owner, descending),
            Column::System => self.sort_by_value(rows, Facet::System, descending),
            Column::Lifecycle => self.sort_by_value(rows, Facet::Lifecycle, descending),
            Column::Namespace => self.sort_by_value(rows, Facet::Namespace, descending),
            Column::Tags => self.sort_by_text(rows, Texts::TAGS, descending),
            Column::Title => self.sort_by_text(rows, Texts::FOLDED_TITLES, descending),
            Column::Description => self.sort_by_text(rows, Texts::DESCRIPTIONS, descending),
        }
    }

    fn sort_by_problems(&self, rows: &RowSet, descending: bool) -> Vec<Row> {
        let counts: &[u32] = self.numbers(Section::PROBLEMS);
        let count = |row: &Row| counts.get(row.0 as usize).copied().unwrap_or(0);
        let mut sorted: Vec<Row> = rows.iter().collect();
        if descending {
            sorted.sort_by_key(|row| Reverse(count(row)));
        } else {
            sorted.sort_by_key(count);
        }
        sorted
    }

    /// Values are numbered in their order, and the rows of each are listed in theirs: nothing has to be compared.
    fn sort_by_value(&self, rows: &RowSet, facet: Facet, descending: bool) -> Vec<Row> {
        let count = self
            .layout
            .as_ref()
            .map_or(0, |layout| layout.text_count(Texts::values(facet)));
        let nth = |at: usize| if descending { count - 1 - at } else { at };
        let mut sorted: Vec<Row> = Vec::with_capacity(rows.count());
        for postings in (0..count).map(|at| self.postings(facet, nth(at))) {
            let of_value = postings.iter().map(|&row| Row(row));
            sorted.extend(of_value.filter(|row| rows.contains(*row)));
        }
        let mut rest = self.without_value(facet);
        rest.intersect(rows);
        sorted.extend(rest.iter());
        sorted
    }

    fn sort_by_text(&self, rows: &RowSet, texts: Texts, descending: bool) -> Vec<Row> {
        let (starts, run) = self
            .layout
            .as_ref()
            .map_or((&[][..], &[][..]), |layout| layout.run(texts));
        let text = |row: Row| {
            let at = row.0 as usize;
            match starts.get(at..).unwrap_or_default() {
                [start, end, ..] => run.get(*start as usize..*end as usize),
                _ => None,
            }
            .unwrap_or_default()
        };
        let (texts, bare): (Vec<Row>, Vec<Row>) =
            rows.iter().partition(|row| !text(*row).is_empty());
        // Most are told apart by their beginnings, which lie side by side.
        let mut keyed: Vec<([u8; KEY], Row)> =
            texts.into_iter().map(|row| (key(text(row)), row)).collect();
        keyed.sort_unstable_by(|(key, row), (other_key, other)| {
            let order = key
                .cmp(other_key)
                .then_with(|| folded(text(*row), text(*other)));
            let order = if descending { order.reverse() } else { order };
            order.then(row.cmp(other))
        });
        keyed.into_iter().map(|(_, row)| row).chain(bare).collect()
    }
}

/// Bytes of a text by which most are told apart.
const KEY: usize = 12;

/// The beginning of `text` in lower case, as far as ASCII has one.
fn key(text: &[u8]) -> [u8; KEY] {
    let mut key = [0; KEY];
    for (to, from) in key.iter_mut().zip(text) {
        *to = from.to_ascii_lowercase();
    }
    key
}

fn folded(a: &[u8], b: &[u8]) -> Ordering {
    let lower = |text| <[u8]>::iter(text).map(u8::to_ascii_lowercase);
    lower(a).cmp(lower(b))
}
