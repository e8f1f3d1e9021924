//! Walks over the relations: what is near an entity, what is hit if it goes, how two hang together, who owns what.
//!
//! A walk gives plain data, [`Graph`], for screens and commands to draw; each entity is in it once, so circles end.

mod draw;
mod impact;
mod ownership;
mod path;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
mod tree;

use std::collections::{BTreeSet, HashMap};

use super::index::{Facet, Neighbor};
use super::{EntityRef, Index, RelationType, Row};

pub use draw::MERMAID_EDGES;
pub use impact::{Impact, Level, Owner, impact, owners_in_words};
pub use ownership::{Owned, Ownership, groups_of, owned_by, ownership};
pub use path::path;
pub use tree::{Group, Seen, Tree, Twig};

/// No walk goes deeper: what is drawn is indented by each step.
pub const DEEPEST: u32 = 64;

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
    /// Only to entities of these kinds, in any case; empty for all.
    pub kinds: Vec<String>,
    /// Of one entity at most so many links of one relation.
    pub fan: usize,
    /// The links that are followed whole in spite of `fan`: of which entity, along which relation.
    pub unfolded: Vec<(EntityRef, RelationType)>,
    /// At most so many nodes.
    pub limit: usize,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            depth: 1,
            direction: Direction::Both,
            types: Vec::new(),
            kinds: Vec::new(),
            fan: usize::MAX,
            unfolded: Vec::new(),
            limit: usize::MAX,
        }
    }
}

impl Walk {
    /// Whether it goes along `relation_type`, read from where it stands.
    fn follows(&self, relation_type: RelationType) -> bool {
        let way = match self.direction {
            Direction::Both => true,
            Direction::Out => relation_type.is_forward(),
            Direction::In => !relation_type.is_forward(),
        };
        let wanted = self.types.is_empty()
            || self.types.contains(&relation_type)
            || self.types.contains(&relation_type.inverse());
        way && wanted
    }

    /// Whether it goes to `neighbor`.
    fn enters(&self, index: &Index, neighbor: Neighbor<'_>) -> bool {
        if self.kinds.is_empty() {
            return true;
        }
        let kind = match neighbor {
            Neighbor::Entity(row) => index.value(Facet::Kind, row),
            Neighbor::Missing(text) => text.split_once(':').map_or(text, |(kind, _)| kind),
        };
        self.kinds
            .iter()
            .any(|wanted| wanted.eq_ignore_ascii_case(kind))
    }

    /// Whether the links of `of` along `relation_type` are followed beyond `fan`.
    fn unfolds(&self, of: &EntityRef, relation_type: RelationType) -> bool {
        self.unfolded
            .iter()
            .any(|(entity_ref, along)| entity_ref == of && *along == relation_type)
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
    /// The number of the node that it goes from.
    pub source: usize,
    /// What it means.
    pub relation_type: RelationType,
    /// The number of the node that it goes to.
    pub target: usize,
}

impl Edge {
    /// The link that reads `relation_type` from the node number `from` to the node number `to`.
    fn read(from: usize, relation_type: RelationType, to: usize) -> Self {
        if relation_type.is_forward() {
            Self {
                source: from,
                relation_type,
                target: to,
            }
        } else {
            Self {
                source: to,
                relation_type: relation_type.inverse(),
                target: from,
            }
        }
    }
}

/// What a walk found. Node 0 is the start; the others come by depth, then in the order of the relations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    /// The entities.
    pub nodes: Vec<Node>,
    /// The links between them that the walk may go along, each once.
    pub edges: Vec<Edge>,
    /// Links that were left out because one entity has so many.
    pub more: Vec<More>,
    /// Whether there was more than the limit of nodes.
    pub truncated: bool,
}

/// Links of one entity along one relation that a graph leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct More {
    /// The number of the node.
    pub node: usize,
    /// The relation, read from that node.
    pub relation_type: RelationType,
    /// How many they are.
    pub count: usize,
}

/// What is near `start`; empty if there is no such row.
pub fn walk(index: &Index, start: Row, walk: &Walk) -> Graph {
    explore(index, start, walk, |relation_type, _| {
        walk.follows(relation_type)
    })
}

/// Walks level by level from `start` along what `follow` lets through: a relation, read from a node of this depth.
fn explore(
    index: &Index,
    start: Row,
    walk: &Walk,
    follow: impl Fn(RelationType, u32) -> bool,
) -> Graph {
    let Some(entity_ref) = index.entity_ref(start) else {
        return Graph::default();
    };
    let mut search = Search {
        graph: Graph {
            nodes: vec![Node {
                entity_ref,
                row: Some(start),
                depth: 0,
            }],
            ..Graph::default()
        },
        rows: HashMap::from([(start, 0)]),
        missing: HashMap::new(),
        edges: BTreeSet::new(),
        limit: walk.limit,
    };
    let mut next = 0;
    // The nodes of the last level are looked at too, but only for links to what is there already.
    while let Some((row, level)) = search
        .graph
        .nodes
        .get(next)
        .map(|node| (node.row, node.depth))
    {
        if let Some(row) = row {
            let links = index
                .relations(row)
                .filter(|(relation_type, _)| follow(*relation_type, level))
                .filter(|(_, neighbor)| walk.enters(index, *neighbor));
            let comes_in = level < walk.depth.min(DEEPEST);
            search.links(index, next, comes_in, walk, links);
        }
        next += 1;
    }
    search.graph.edges = search.edges.into_iter().collect();
    search.graph
}

struct Search<'a> {
    graph: Graph,
    rows: HashMap<Row, usize>,
    missing: HashMap<&'a str, usize>,
    edges: BTreeSet<Edge>,
    limit: usize,
}

impl<'a> Search<'a> {
    /// Notes the links of the node number `from`, which come in the order of their types.
    fn links(
        &mut self,
        index: &Index,
        from: usize,
        comes_in: bool,
        walk: &Walk,
        links: impl Iterator<Item = (RelationType, Neighbor<'a>)>,
    ) {
        let mut run: Option<(RelationType, usize, usize)> = None;
        for (relation_type, neighbor) in links {
            let (seen, most) = match run {
                Some((of, seen, most)) if of == relation_type => (seen + 1, most),
                _ => (1, self.most(from, comes_in, walk, relation_type)),
            };
            run = Some((relation_type, seen, most));
            if seen <= most {
                self.link(index, from, comes_in, relation_type, neighbor);
            } else if let Some(more) = self
                .graph
                .more
                .last_mut()
                .filter(|more| (more.node, more.relation_type) == (from, relation_type))
            {
                more.count += 1;
            } else {
                self.graph.more.push(More {
                    node: from,
                    relation_type,
                    count: 1,
                });
            }
        }
    }

    /// How many links along `relation_type` are taken of a node.
    fn most(&self, from: usize, comes_in: bool, walk: &Walk, along: RelationType) -> usize {
        let node = self.graph.nodes.get(from);
        let whole = node.is_some_and(|node| walk.unfolds(&node.entity_ref, along));
        if comes_in && !whole {
            walk.fan
        } else {
            usize::MAX
        }
    }

    /// Notes a link from the node number `from`, and its other end where that may come `in` and there is room.
    fn link(
        &mut self,
        index: &Index,
        from: usize,
        comes_in: bool,
        relation_type: RelationType,
        neighbor: Neighbor<'a>,
    ) {
        let known = match neighbor {
            Neighbor::Entity(row) => self.rows.get(&row),
            Neighbor::Missing(text) => self.missing.get(text),
        };
        let to = match known {
            Some(&to) => to,
            None if !comes_in => return,
            None if self.graph.nodes.len() >= self.limit => {
                self.graph.truncated = true;
                return;
            }
            None => {
                let Some(to) = self.add(index, from, neighbor) else {
                    return;
                };
                to
            }
        };
        self.edges.insert(Edge::read(from, relation_type, to));
    }

    fn add(&mut self, index: &Index, from: usize, neighbor: Neighbor<'a>) -> Option<usize> {
        let number = self.graph.nodes.len();
        let depth = self.graph.nodes.get(from)?.depth + 1;
        let (entity_ref, row) = match neighbor {
            Neighbor::Entity(row) => {
                self.rows.insert(row, number);
                (index.entity_ref(row)?, Some(row))
            }
            Neighbor::Missing(text) => {
                self.missing.insert(text, number);
                (text.parse().ok()?, None)
            }
        };
        self.graph.nodes.push(Node {
            entity_ref,
            row,
            depth,
        });
        Some(number)
    }
}
