//! How two entities hang together: the shortest way from one to the other.

use std::collections::HashMap;

use super::{Direction, Edge, Graph, Node, Walk};
use crate::catalog::index::Neighbor;
use crate::catalog::{Index, RelationType, Row};

/// The shortest way from `from` to `to` along what `walk` follows, its depth, fan and limit aside; `None` if no way
/// leads there. Node 0 is `from`, the last is `to`; of ways of equal length the same one is always found.
pub fn path(index: &Index, from: Row, to: Row, walk: &Walk) -> Option<Graph> {
    index.entity_ref(from)?;
    index.entity_ref(to)?;
    let back = Walk {
        direction: match walk.direction {
            Direction::Both => Direction::Both,
            Direction::Out => Direction::In,
            Direction::In => Direction::Out,
        },
        ..walk.clone()
    };
    let mut near = Side::new(from, walk);
    let mut far = Side::new(to, &back);
    let mut meets = (from == to).then_some(from);
    // Both ends reach out level by level, the one with less to look at first, so that hubs are seldom looked into.
    // All meeting points of the level on which they first meet are equally near.
    while meets.is_none() {
        let (reaches, other) = if near.edge.len() <= far.edge.len() {
            (&mut near, &far)
        } else {
            (&mut far, &near)
        };
        if reaches.edge.is_empty() {
            return None;
        }
        reaches.reach(index, to);
        let met = reaches.edge.iter().copied();
        meets = met.filter(|row| other.came_by.contains_key(row)).min();
    }
    let meets = meets?;
    let mut steps = near.steps(meets);
    steps.reverse();
    let onwards = far.steps(meets);
    let rows = std::iter::once(from)
        .chain(steps.iter().map(|step| step.to))
        .chain(onwards.iter().map(|step| step.from));
    let types = (steps.iter().map(|step| step.relation_type))
        .chain(onwards.iter().map(|step| step.relation_type.inverse()));
    let nodes = rows.zip(0..).map(|(row, depth)| {
        Some(Node {
            entity_ref: index.entity_ref(row)?,
            row: Some(row),
            depth,
        })
    });
    Some(Graph {
        nodes: nodes.collect::<Option<_>>()?,
        edges: types
            .enumerate()
            .map(|(at, relation_type)| Edge::read(at, relation_type, at + 1))
            .collect(),
        ..Graph::default()
    })
}

/// A link as it was gone along.
#[derive(Debug, Clone, Copy)]
struct Step {
    from: Row,
    relation_type: RelationType,
    to: Row,
}

/// What is reached from one end.
struct Side<'a> {
    walk: &'a Walk,
    /// By row the link by which it was reached first; none for the end itself.
    came_by: HashMap<Row, Option<Step>>,
    /// What was reached last.
    edge: Vec<Row>,
}

impl<'a> Side<'a> {
    fn new(end: Row, walk: &'a Walk) -> Self {
        Self {
            walk,
            came_by: HashMap::from([(end, None)]),
            edge: vec![end],
        }
    }

    /// Goes one link further. The kinds that `walk` enters do not bind the ends: the target is entered whatever it is.
    fn reach(&mut self, index: &Index, target: Row) {
        let edge = std::mem::take(&mut self.edge);
        for from in edge {
            for (relation_type, neighbor) in index.relations(from) {
                let Neighbor::Entity(to) = neighbor else {
                    continue;
                };
                let enters = || to == target || self.walk.enters(index, neighbor);
                if !self.walk.follows(relation_type) || self.came_by.contains_key(&to) || !enters()
                {
                    continue;
                }
                let step = Step {
                    from,
                    relation_type,
                    to,
                };
                self.came_by.insert(to, Some(step));
                self.edge.push(to);
            }
        }
    }

    /// The links from `row` back to the end.
    fn steps(&self, row: Row) -> Vec<Step> {
        let step = |row: Row| self.came_by.get(&row).copied().flatten();
        std::iter::successors(step(row), |last| step(last.from)).collect()
    }
}
