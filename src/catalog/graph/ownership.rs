//! Who owns what, resolved: through the parents of groups and the members of groups.
//!
//! This is the one place that knows what "mine" is: the finder's `owner:mine`, the home page and `graph --ownership`
//! all ask here.

use std::collections::{BTreeSet, HashMap};

use super::{DEEPEST, Edge, Graph, More, Node, Walk, explore};
use crate::catalog::index::{Facet, RowSet, Selection};
use crate::catalog::{EntityRef, Index, Kind, RelationType, Row};

/// Who owns an entity, or what a group or person owns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ownership {
    /// Of a group: the groups below it, and what all of them own. Of a person: their groups, those groups' parents, and
    /// what all of them own. Of anything else: its owner, the groups above that, and the people in it. Node 0 is the
    /// start.
    pub graph: Graph,
    /// How many entities a group or person owns, themselves and through groups; `None` for anything else.
    pub owned: Option<Owned>,
}

/// How much a group or person owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Owned {
    /// What names the group or person itself as its owner.
    pub directly: usize,
    /// What they own through other groups.
    pub through: usize,
    /// How many groups those are, with those that own nothing.
    pub groups: usize,
}

/// The groups of a person: those they are a member of, nearest first, then the parents of those. Backstage's default
/// sign-in resolvers stop at the first; its ownership card goes on to the parents, as we do.
pub fn groups_of(index: &Index, person: &EntityRef) -> Vec<EntityRef> {
    let Some(row) = index.row_of(person) else {
        return Vec::new();
    };
    let graph = explore(index, row, &everything(), upwards);
    let groups = graph.nodes.into_iter().skip(1);
    groups.map(|node| node.entity_ref).collect()
}

/// What names one of `holders` as its owner.
pub fn owned_by<'a>(index: &Index, holders: impl IntoIterator<Item = &'a EntityRef>) -> RowSet {
    let owners: BTreeSet<String> = holders.into_iter().map(ToString::to_string).collect();
    if owners.is_empty() {
        return RowSet::none(index.len());
    }
    index.select(&Selection {
        owned_by: Some(owners),
        ..Selection::default()
    })
}

/// Who owns `start`, or what it owns. Of `walk` only fan and limit count.
pub fn ownership(index: &Index, start: Row, walk: &Walk) -> Ownership {
    let whole = Walk {
        depth: DEEPEST,
        types: Vec::new(),
        kinds: Vec::new(),
        ..walk.clone()
    };
    match Kind::parse(index.value(Facet::Kind, start)) {
        Kind::Group => holdings(
            index,
            explore(index, start, &everything(), |relation_type, _| {
                relation_type == RelationType::ParentOf
            }),
            &whole,
        ),
        Kind::User => holdings(index, explore(index, start, &everything(), upwards), &whole),
        _ => Ownership {
            graph: explore(index, start, &whole, |relation_type, depth| match depth {
                0 => relation_type == RelationType::OwnedBy,
                1 => matches!(
                    relation_type,
                    RelationType::ChildOf | RelationType::HasMember | RelationType::MemberOf
                ),
                _ => relation_type == RelationType::ChildOf,
            }),
            owned: None,
        },
    }
}

/// From a person to their groups, from there to the parents.
fn upwards(relation_type: RelationType, depth: u32) -> bool {
    relation_type
        == match depth {
            0 => RelationType::MemberOf,
            _ => RelationType::ChildOf,
        }
}

fn everything() -> Walk {
    Walk {
        depth: DEEPEST,
        ..Walk::default()
    }
}

/// Adds to a graph of owners what they own.
fn holdings(index: &Index, mut graph: Graph, walk: &Walk) -> Ownership {
    let holders = graph.nodes.len();
    let rows = owned_by(index, graph.nodes.iter().map(|node| &node.entity_ref));
    let numbers: HashMap<String, usize> = (graph.nodes.iter().enumerate())
        .map(|(at, node)| (node.entity_ref.to_string(), at))
        .collect();
    let known: HashMap<Row, usize> = (graph.nodes.iter().enumerate())
        .filter_map(|(at, node)| Some((node.row?, at)))
        .collect();
    let mut counts = vec![0_usize; holders];
    for row in rows.iter() {
        let Some(&holder) = numbers.get(index.value(Facet::Owner, row)) else {
            continue;
        };
        counts[holder] += 1;
        let node = match known.get(&row) {
            Some(&node) => node,
            None if !room(&graph, holder, counts[holder], walk) => {
                leave_out(&mut graph, holder, walk);
                continue;
            }
            None => {
                let Some(entity_ref) = index.entity_ref(row) else {
                    continue;
                };
                let depth = graph.nodes.get(holder).map_or(0, |node| node.depth) + 1;
                graph.nodes.push(Node {
                    entity_ref,
                    row: Some(row),
                    depth,
                });
                graph.nodes.len() - 1
            }
        };
        graph
            .edges
            .push(Edge::read(node, RelationType::OwnedBy, holder));
    }
    graph.edges.sort_unstable();
    let directly = counts.first().copied().unwrap_or(0);
    Ownership {
        graph,
        owned: Some(Owned {
            directly,
            through: counts.iter().skip(1).sum(),
            groups: holders.saturating_sub(1),
        }),
    }
}

/// Whether the `count`th thing of a holder is shown.
fn room(graph: &Graph, holder: usize, count: usize, walk: &Walk) -> bool {
    let whole = graph
        .nodes
        .get(holder)
        .is_some_and(|node| walk.unfolds(&node.entity_ref, RelationType::OwnerOf));
    graph.nodes.len() < walk.limit && (whole || count <= walk.fan)
}

/// Counts something that there is no room for.
fn leave_out(graph: &mut Graph, holder: usize, walk: &Walk) {
    if graph.nodes.len() >= walk.limit {
        graph.truncated = true;
        return;
    }
    let of = |more: &&mut More| more.node == holder;
    match graph.more.iter_mut().find(of) {
        Some(more) => more.count += 1,
        None => graph.more.push(More {
            node: holder,
            relation_type: RelationType::OwnerOf,
            count: 1,
        }),
    }
}
