//! The read-only index over all entities: list columns, sorted names, facets and adjacency, laid out in one run of
//! bytes that a start can map instead of read.
//!
//! This module knows the layout; [`crate::catalog`] does no I/O, so who holds the bytes (a mapped file, a vector) does
//! not matter here.

use std::sync::Arc;

mod facets;
mod rows;

pub use facets::{Column, FacetCount, Selection};
pub use rows::RowSet;

use super::{Entity, EntityRef, Relation, RelationType};

/// A run of bytes that somebody holds: a mapped file or a vector.
pub type SharedBytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// The number of an entity in an [`Index`]: rows are sorted by name, then kind, then namespace. Valid for that index only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row(pub u32);

/// What the list shows of one entity; all text is borrowed from the index. Missing text is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary<'a> {
    /// Its number.
    pub row: Row,
    /// The kind as written.
    pub kind: &'a str,
    /// The namespace, in lower case.
    pub namespace: &'a str,
    /// The name as written.
    pub name: &'a str,
    /// The title (for people and groups the profile's display name).
    pub title: &'a str,
    /// `spec.type`.
    pub entity_type: &'a str,
    /// The owner as a full reference in lower case.
    pub owner: &'a str,
    /// The system as a full reference in lower case.
    pub system: &'a str,
    /// `spec.lifecycle`.
    pub lifecycle: &'a str,
    /// The first 200 characters of the description, on one line.
    pub description: &'a str,
    /// The tags, parted by single spaces.
    pub tags: &'a str,
    /// How many findings of level error or warning it has.
    pub problems: u32,
    /// Whether it says where its docs are.
    pub has_docs: bool,
}

/// A column by which the list can be narrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// The kind.
    Kind,
    /// `spec.type`.
    Type,
    /// The owner.
    Owner,
    /// The system.
    System,
    /// `spec.lifecycle`.
    Lifecycle,
    /// One of the tags.
    Tag,
    /// The namespace.
    Namespace,
}

impl Facet {
    /// Every facet, in the order in which a screen shows them.
    pub const ALL: [Self; 7] = [
        Self::Kind,
        Self::Type,
        Self::Owner,
        Self::Lifecycle,
        Self::System,
        Self::Tag,
        Self::Namespace,
    ];
}

/// The other end of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Neighbor<'a> {
    /// An entity of the catalog.
    Entity(Row),
    /// A full reference that points to nothing.
    Missing(&'a str),
}

/// One entity with what else the index keeps about it: the input of [`Index::build`].
#[derive(Debug)]
pub struct IndexEntry<'a> {
    /// The entity.
    pub entity: &'a Entity,
    /// Findings of level error or warning.
    pub problems: u32,
}

/// Why bytes are no index.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Another program, an older or a newer version wrote them.
    #[error("not a catalog snapshot of this version")]
    Version,
    /// There is more text than the layout can address (4 GiB a column).
    #[error("the catalog is too large for a snapshot: more than 4 GiB in one column")]
    TooLarge,
    /// They are cut off or changed.
    #[error("the catalog snapshot is damaged: {0}")]
    Damaged(&'static str),
}

/// The read-only index. Cheap to clone; shared by every screen and command.
#[derive(Clone)]
pub struct Index {
    bytes: SharedBytes,
}

impl Index {
    /// Lays out `entries` and `relations` (both directions are in it; order and duplicates do not matter).
    pub fn build(
        entries: &[IndexEntry<'_>],
        relations: &[Relation],
    ) -> Result<Vec<u8>, IndexError> {
        let _ = (entries, relations);
        Ok(Vec::new())
    }

    /// An index of `entries` and `relations`, held in memory.
    pub fn of(entries: &[IndexEntry<'_>], relations: &[Relation]) -> Result<Self, IndexError> {
        Self::open(Arc::new(Self::build(entries, relations)?))
    }

    /// Reads the layout of `bytes`: constant time; offsets are checked so that no later access can fail.
    pub fn open(bytes: SharedBytes) -> Result<Self, IndexError> {
        Ok(Self { bytes })
    }

    /// An index of nothing.
    pub fn empty() -> Self {
        Self {
            bytes: Arc::new(Vec::new()),
        }
    }

    /// How many entities there are.
    pub fn len(&self) -> usize {
        self.bytes.as_ref().as_ref().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every row, in order of name.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = Row> + ExactSizeIterator + use<> {
        (0..u32::try_from(self.len()).unwrap_or(0)).map(Row)
    }

    /// What the list shows of `row`; `None` if there is no such row.
    pub fn summary(&self, row: Row) -> Option<Summary<'_>> {
        let _ = row;
        None
    }

    /// The row of an entity, by its reference.
    pub fn row_of(&self, entity_ref: &EntityRef) -> Option<Row> {
        let _ = entity_ref;
        None
    }

    /// The reference of a row.
    pub fn entity_ref(&self, row: Row) -> Option<EntityRef> {
        self.summary(row)
            .map(|s| EntityRef::new(s.kind, s.namespace, s.name))
    }

    /// Every row, ordered by full reference.
    pub fn rows_by_ref(&self) -> impl Iterator<Item = Row> {
        self.rows()
    }

    /// The name of `row` as written; empty if there is no such row.
    pub fn name(&self, row: Row) -> &str {
        let _ = row;
        ""
    }

    /// The title of `row`, empty where it has none.
    pub fn title(&self, row: Row) -> &str {
        let _ = row;
        ""
    }

    /// The name of `row` in lower case, for matching.
    pub fn folded_name(&self, row: Row) -> &str {
        let _ = row;
        ""
    }

    /// The title of `row` in lower case, for matching; empty where it has none.
    pub fn folded_title(&self, row: Row) -> &str {
        let _ = row;
        ""
    }

    /// The [`char_mask`] of the folded name of `row`.
    pub fn name_mask(&self, row: Row) -> u64 {
        let _ = row;
        0
    }

    /// The [`char_mask`] of the folded title of `row`; 0 where it has none.
    pub fn title_mask(&self, row: Row) -> u64 {
        let _ = row;
        0
    }

    /// The relations shown at `row`, sorted by type, then target.
    pub fn relations(&self, row: Row) -> impl Iterator<Item = (RelationType, Neighbor<'_>)> {
        let _ = row;
        std::iter::empty()
    }

    /// The values of `facet` with the number of their rows, ordered as [`Index::sort`] orders the column.
    pub fn facet_values(&self, facet: Facet) -> impl Iterator<Item = FacetCount<'_>> {
        let _ = facet;
        std::iter::empty()
    }

    /// The rows that `selection` leaves.
    pub fn select(&self, selection: &Selection) -> RowSet {
        let _ = selection;
        RowSet::all(self.len())
    }

    /// How many of `rows` have each value of `facet`; values that none of them has are left out.
    pub fn facet_counts(&self, facet: Facet, rows: &RowSet) -> Vec<FacetCount<'_>> {
        let _ = (facet, rows);
        Vec::new()
    }

    /// For each facet the counts that its choices would have: of the rows that the rest of `selection` leaves.
    pub fn counts(&self, selection: &Selection) -> Vec<(Facet, Vec<FacetCount<'_>>)> {
        let _ = selection;
        Vec::new()
    }

    /// `rows` ordered by `column`; rows with equal values stay in order of name, rows without a value come last.
    pub fn sort(&self, rows: &RowSet, column: Column, descending: bool) -> Vec<Row> {
        let _ = (column, descending);
        rows.iter().collect()
    }
}

/// The characters of a folded text as bits: a text can hold a needle only if it has all bits of the needle's mask.
pub fn char_mask(folded: &str) -> u64 {
    folded.chars().fold(0, |mask, c| {
        let bit = match c {
            'a'..='z' => u32::from(c) - u32::from('a'),
            '0'..='9' => 26 + u32::from(c) - u32::from('0'),
            '-' => 36,
            '_' => 37,
            '.' => 38,
            ' ' => 39,
            other => 40 + u32::from(other) % 24,
        };
        mask | 1 << bit
    })
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("len", &self.len()).finish()
    }
}
