//! Walks over the relations: what is near an entity, and what breaks if it goes.

use super::{EntityRef, Index, RelationType, Row};

/// Which way a walk goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Both ways.
    #[default]
    Both,
    /// From an entity to what it is owned by, part of, depends on.
    Out,
    /// From an entity to what it owns, contains, is needed by.
    In,
}

/// How far a walk goes, and along what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    /// How many links from the start.
    pub depth: u32,
    /// Which way.
    pub direction: Direction,
    /// Along which relations, in either of their two names; empty for all.
    pub types: Vec<RelationType>,
    /// At most so many nodes.
    pub limit: usize,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            depth: 1,
            direction: Direction::Both,
            types: Vec::new(),
            limit: 500,
        }
    }
}

/// One end of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its reference.
    pub entity_ref: EntityRef,
    /// Its row; `None` if it points to nothing.
    pub row: Option<Row>,
    /// How many links from the start.
    pub depth: u32,
}

/// One link, in its forward sense (`ownedBy`, `partOf`, `dependsOn`, …).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// The number of the node that states it.
    pub source: usize,
    /// What it means.
    pub relation_type: RelationType,
    /// The number of the node it points to.
    pub target: usize,
}

/// What a walk found. Node 0 is the start; nodes come in order of depth, then as the index sorts them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    /// The entities.
    pub nodes: Vec<Node>,
    /// The links between them, each once.
    pub edges: Vec<Edge>,
    /// Whether the walk ended at its limit of nodes.
    pub truncated: bool,
}

/// What is near `start`; empty if there is no such row.
pub fn walk(index: &Index, start: Row, walk: &Walk) -> Graph {
    let _ = (index, start, walk);
    Graph::default()
}

/// What breaks, directly or by others, if `start` goes: what depends on it, consumes its APIs, is part of it.
pub fn impact(index: &Index, start: Row, depth: u32, limit: usize) -> Graph {
    let _ = (index, start, depth, limit);
    Graph::default()
}
