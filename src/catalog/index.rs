//! The read-only index over all entities: list columns, sorted names, facets and adjacency, laid out in one run of
//! bytes that a start can map instead of read.
//!
//! This module knows the layout; [`crate::catalog`] does no I/O, so who holds the bytes (a mapped file, a vector) does
//! not matter here.

use std::sync::Arc;

mod blocks;
mod build;
mod facets;
mod layout;
mod merge;
mod read;
mod rows;
mod runs;
mod sort;
mod steps;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
mod words;

pub use build::{IndexBuilder, RefId};
pub use facets::{FacetCount, Selection};
pub use rows::RowSet;
pub use runs::Place;
pub use sort::Column;

use layout::Layout;

use super::{Entity, Level};

/// A run of bytes that somebody holds: a mapped file or a vector.
pub trait Bytes: Send + Sync {
    /// The bytes.
    fn bytes(&self) -> &[u8];

    /// Whether nobody has changed them since they are held; of a file another program may.
    fn are_unchanged(&self) -> bool {
        true
    }
}

impl Bytes for Vec<u8> {
    fn bytes(&self) -> &[u8] {
        self
    }
}

/// Bytes that several indexes read.
pub type SharedBytes = Arc<dyn Bytes>;

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
    /// Its findings of level error and warning.
    pub problems: Tally,
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
    /// Its findings.
    pub problems: Tally,
}

/// How many findings there are of the levels that need a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Findings of level error; an index counts up to 255 of an entity.
    pub errors: u32,
    /// Findings of level warning.
    pub warnings: u32,
}

impl Tally {
    /// How many there are together.
    pub fn total(self) -> u32 {
        self.errors.saturating_add(self.warnings)
    }

    /// Whether nothing needs a look.
    pub fn is_empty(self) -> bool {
        self.total() == 0
    }

    /// Counts `count` more of `level`; what is only good to know is not counted.
    pub fn add(&mut self, level: Level, count: u32) {
        let of_level = match level {
            Level::Error => &mut self.errors,
            Level::Warning => &mut self.warnings,
            Level::Info => return,
        };
        *of_level = of_level.saturating_add(count);
    }
}

impl FromIterator<Level> for Tally {
    fn from_iter<I: IntoIterator<Item = Level>>(levels: I) -> Self {
        let mut tally = Self::default();
        levels.into_iter().for_each(|level| tally.add(level, 1));
        tally
    }
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
    /// `None` in an index of nothing.
    layout: Option<Arc<Layout>>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("len", &self.len()).finish()
    }
}
