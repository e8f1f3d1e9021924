//! The read-only index over all entities: list columns, sorted names, facets and adjacency, laid out in one run of
//! bytes that a start can map instead of read.
//!
//! This module knows the layout; [`crate::catalog`] does no I/O, so who holds the bytes (a mapped file, a vector) does
//! not matter here.

use std::sync::Arc;

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
    pub fn build(entries: &[IndexEntry<'_>], relations: &[Relation]) -> Vec<u8> {
        let _ = (entries, relations);
        Vec::new()
    }

    /// Reads the layout of `bytes`: constant time; offsets are checked so that no later access can fail.
    pub fn open(bytes: SharedBytes) -> Result<Self, IndexError> {
        Ok(Self { bytes })
    }

    /// An index of nothing.
    pub fn empty() -> Self {
        Self {
            bytes: Arc::new(Self::build(&[], &[])),
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

    /// The relations shown at `row`, sorted by type, then target.
    pub fn relations(&self, row: Row) -> impl Iterator<Item = (RelationType, Neighbor<'_>)> {
        let _ = row;
        std::iter::empty()
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("len", &self.len()).finish()
    }
}
