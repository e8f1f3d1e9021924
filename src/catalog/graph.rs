//! Walks over the relations: what is near an entity, and what breaks if it goes.
//!
//! A walk gives plain data, [`Graph`], for screens and commands to draw; each entity is in it once, so circles end.

mod draw;

use std::collections::{BTreeSet, HashMap};

use super::index::Neighbor;
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
    /// The number of the node that it goes from.
    pub source: usize,
    /// What it means.
    pub relation_type: RelationType,
    /// The number of the node that it goes to.
    pub target: usize,
}

/// What a walk found. Node 0 is the start; the others come by depth, then in the order of the relations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    /// The entities.
    pub nodes: Vec<Node>,
    /// The links between them that the walk may go along, each once.
    pub edges: Vec<Edge>,
    /// Whether there was more than the limit of nodes.
    pub truncated: bool,
}

/// What is near `start`; empty if there is no such row.
pub fn walk(index: &Index, start: Row, walk: &Walk) -> Graph {
    let follow = |relation_type: RelationType| {
        let way = match walk.direction {
            Direction::Both => true,
            Direction::Out => is_forward(relation_type),
            Direction::In => !is_forward(relation_type),
        };
        let wanted = walk.types.is_empty()
            || walk.types.contains(&relation_type)
            || walk.types.contains(&relation_type.inverse());
        way && wanted
    };
    explore(index, start, walk.depth, walk.limit, follow)
}

/// What breaks, directly or by way of others, if `start` goes: what depends on it, the APIs it provides and their
/// consumers, and its parts.
pub fn impact(index: &Index, start: Row, depth: u32, limit: usize) -> Graph {
    explore(index, start, depth, limit, |relation_type| {
        matches!(
            relation_type,
            RelationType::DependencyOf
                | RelationType::ProvidesApi
                | RelationType::ApiConsumedBy
                | RelationType::HasPart
        )
    })
}

/// Whether the relation is read from the one that needs, belongs or uses.
fn is_forward(relation_type: RelationType) -> bool {
    matches!(
        relation_type,
        RelationType::OwnedBy
            | RelationType::PartOf
            | RelationType::ProvidesApi
            | RelationType::ConsumesApi
            | RelationType::DependsOn
            | RelationType::MemberOf
            | RelationType::ChildOf
    )
}

fn explore(
    index: &Index,
    start: Row,
    depth: u32,
    limit: usize,
    follow: impl Fn(RelationType) -> bool,
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
        limit,
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
            for (relation_type, neighbor) in index.relations(row).filter(|(t, _)| follow(*t)) {
                search.link(index, next, level < depth, relation_type, neighbor);
            }
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
        self.edges.insert(if is_forward(relation_type) {
            Edge {
                source: from,
                relation_type,
                target: to,
            }
        } else {
            Edge {
                source: to,
                relation_type: relation_type.inverse(),
                target: from,
            }
        });
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
pub(super) mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalog::index::IndexEntry;
    use crate::catalog::{Entity, Provenance, Relation};

    /// An index of components with these links; a name that begins with `?` is missing.
    pub(super) fn index(links: &[(&str, RelationType, &str)]) -> Index {
        let entity_ref = |name: &str| EntityRef::new("component", "default", name);
        let names: BTreeSet<&str> = links
            .iter()
            .flat_map(|(a, _, b)| [*a, *b])
            .filter(|n| !n.starts_with('?'))
            .collect();
        let entities: Vec<Entity> = names
            .iter()
            .map(|name| Entity {
                entity_ref: entity_ref(name),
                body: json!({"kind": "Component", "metadata": {"name": name}}),
                provenance: Provenance::default(),
            })
            .collect();
        let entries: Vec<_> = entities
            .iter()
            .map(|entity| IndexEntry {
                entity,
                problems: 0,
            })
            .collect();
        let relations: Vec<_> = links
            .iter()
            .map(|(a, relation_type, b)| Relation {
                source: entity_ref(a),
                relation_type: *relation_type,
                target: entity_ref(b),
            })
            .flat_map(|relation| [relation.inverse(), relation])
            .collect();
        Index::of(&entries, &relations).unwrap()
    }

    pub(super) fn row(index: &Index, name: &str) -> Row {
        index
            .row_of(&EntityRef::new("component", "default", name))
            .unwrap()
    }

    fn names(graph: &Graph) -> Vec<(&str, u32)> {
        graph
            .nodes
            .iter()
            .map(|n| (n.entity_ref.name(), n.depth))
            .collect()
    }

    use RelationType::{ConsumesApi, DependsOn, PartOf, ProvidesApi};

    #[test]
    fn circles_end_and_each_link_is_there_once() {
        let index = index(&[
            ("a", DependsOn, "b"),
            ("b", DependsOn, "c"),
            ("c", DependsOn, "a"),
            ("a", DependsOn, "a"),
        ]);
        let graph = walk(
            &index,
            row(&index, "a"),
            &Walk {
                depth: 9,
                ..Walk::default()
            },
        );
        assert_eq!(names(&graph), [("a", 0), ("b", 1), ("c", 1)]);
        assert_eq!(graph.edges.len(), 4);
        assert!(!graph.truncated);
    }

    #[test]
    fn depth_direction_and_type_bound_the_walk() {
        let index = index(&[
            ("a", DependsOn, "b"),
            ("b", DependsOn, "c"),
            ("x", DependsOn, "a"),
            ("a", PartOf, "?gone"),
        ]);
        let a = row(&index, "a");
        let near = walk(&index, a, &Walk::default());
        assert_eq!(names(&near).len(), 4);
        assert_eq!(near.nodes.iter().filter(|n| n.row.is_none()).count(), 1);
        let out = walk(
            &index,
            a,
            &Walk {
                depth: 2,
                direction: Direction::Out,
                types: vec![RelationType::DependencyOf],
                ..Walk::default()
            },
        );
        assert_eq!(names(&out), [("a", 0), ("b", 1), ("c", 2)]);
        let few = walk(
            &index,
            a,
            &Walk {
                limit: 2,
                ..Walk::default()
            },
        );
        assert_eq!((few.nodes.len(), few.truncated), (2, true));
    }

    #[test]
    fn what_breaks_goes_by_way_of_apis_and_dependencies() {
        let index = index(&[
            ("svc", ProvidesApi, "api"),
            ("web", ConsumesApi, "api"),
            ("job", DependsOn, "web"),
            ("svc", DependsOn, "db"),
            ("svc", PartOf, "sys"),
        ]);
        let graph = impact(&index, row(&index, "svc"), 5, 100);
        assert_eq!(
            names(&graph),
            [("svc", 0), ("api", 1), ("web", 2), ("job", 3)]
        );
    }
}
