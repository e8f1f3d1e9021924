//! The relations of an entity as a drawing that can be walked: what it stands on below it, what stands on it above.
//!
//! Each entity is drawn out once, where it is nearest; where a circle or a second way leads to it again it is named and
//! not followed.

use std::collections::BTreeSet;

use crate::app::Cursor;
use crate::app::command::Command;
use crate::app::model::Shared;
use crate::catalog::graph::{Direction, Edge, Graph, Walk, walk};
use crate::catalog::{EntityRef, RelationType};

/// How deep the drawing goes at most.
const DEEPEST: u32 = 6;
/// How many entities each half has at most.
const LIMIT: usize = 300;

/// State of the relations tab.
#[derive(Debug)]
pub struct Relations {
    /// How deep it goes.
    pub depth: u32,
    /// Its branches from top to bottom: those above the entity come reversed, the nearest last.
    pub branches: Vec<Branch>,
    /// How many of the branches are above the entity.
    pub above: usize,
    /// Whether there is more than is drawn.
    pub truncated: bool,
    /// What is selected: a branch above, the entity itself, or a branch below.
    pub cursor: Cursor,
}

/// One line of the drawing: a link and the entity at its other end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// For each level but the last whether a line runs through.
    pub through: Vec<bool>,
    /// Whether it is the last of its level, seen from the entity in the middle.
    pub last: bool,
    /// What the link means, from the middle outwards.
    pub label: &'static str,
    /// The entity.
    pub entity_ref: EntityRef,
    /// Whether the catalog has it.
    pub known: bool,
    /// Whether it is drawn out in another place.
    pub elsewhere: bool,
}

impl Relations {
    /// The drawing around an entity.
    pub(super) fn of(entity_ref: &EntityRef, depth: u32, shared: &Shared) -> Self {
        let mut relations = Self {
            depth,
            branches: Vec::new(),
            above: 0,
            truncated: false,
            cursor: Cursor::default(),
        };
        let Some(row) = shared.index.row_of(entity_ref) else {
            return relations;
        };
        let half = |direction| {
            let ways = Walk {
                depth,
                direction,
                limit: LIMIT,
                ..Walk::default()
            };
            walk(&shared.index, row, &ways)
        };
        let (up, down) = (half(Direction::In), half(Direction::Out));
        relations.truncated = up.truncated || down.truncated;
        relations.branches = Tree::new(&up, Direction::In, depth).draw();
        relations.branches.reverse();
        relations.above = relations.branches.len();
        relations
            .branches
            .extend(Tree::new(&down, Direction::Out, depth).draw());
        relations.cursor.selected = relations.above;
        relations
    }

    /// How many things can be selected.
    pub fn len(&self) -> usize {
        self.branches.len() + 1
    }

    /// Whether it has no branches.
    pub fn is_empty(&self) -> bool {
        self.branches.is_empty()
    }

    /// The branch under the cursor; `None` for the entity in the middle.
    pub fn selected(&self) -> Option<&Branch> {
        let at = self.cursor.selected;
        match at.cmp(&self.above) {
            std::cmp::Ordering::Less => self.branches.get(at),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => self.branches.get(at - 1),
        }
    }

    /// Carries out a command; `false` if it has no use for it.
    pub(super) fn command(
        &mut self,
        command: Command,
        entity_ref: &EntityRef,
        shared: &Shared,
        rows: usize,
    ) -> bool {
        let depth = match command {
            Command::EntityDeeper => (self.depth + 1).min(DEEPEST),
            Command::EntityShallower => self.depth.saturating_sub(1).max(1),
            _ => return self.cursor.apply(command, self.len(), rows),
        };
        let before = self.selected().map(|branch| branch.entity_ref.clone());
        *self = Self::of(entity_ref, depth, shared);
        let same = |branch: &Branch| Some(&branch.entity_ref) == before.as_ref();
        if let Some(at) = self.branches.iter().position(same) {
            self.cursor.selected = at + usize::from(at >= self.above);
        }
        true
    }

    /// Whether it can be drawn deeper.
    pub(super) fn deepest(&self) -> bool {
        self.depth >= DEEPEST
    }
}

/// One half of the drawing.
struct Tree<'a> {
    graph: &'a Graph,
    direction: Direction,
    depth: u32,
    drawn: BTreeSet<usize>,
    branches: Vec<Branch>,
}

impl<'a> Tree<'a> {
    fn new(graph: &'a Graph, direction: Direction, depth: u32) -> Self {
        Self {
            graph,
            direction,
            depth,
            drawn: BTreeSet::from([0]),
            branches: Vec::new(),
        }
    }

    fn draw(mut self) -> Vec<Branch> {
        self.branch(0, 0, &mut Vec::new());
        self.branches
    }

    /// The links that lead on from a node, with the node they lead to.
    fn links(&self, node: usize) -> Vec<(Edge, usize)> {
        let edges = self.graph.edges.iter().copied();
        edges
            .filter_map(|edge| {
                let (here, there) = match self.direction {
                    Direction::In => (edge.target, edge.source),
                    _ => (edge.source, edge.target),
                };
                (here == node && there != node).then_some((edge, there))
            })
            .collect()
    }

    /// Whether a node is drawn, or will be, nearer to the middle than below `level`.
    fn drawn_above(&self, node: usize, level: u32) -> bool {
        let depth = self.graph.nodes.get(node).map(|node| node.depth);
        self.drawn.contains(&node) || depth.is_some_and(|depth| depth <= level)
    }

    fn branch(&mut self, node: usize, level: u32, through: &mut Vec<bool>) {
        if level >= self.depth {
            return;
        }
        let mut links = self.links(node);
        if level > 0 {
            links.retain(|(edge, to)| {
                !(is_frame(edge.relation_type) && self.drawn_above(*to, level))
            });
        }
        for (at, (edge, to)) in links.iter().enumerate() {
            let Some(target) = self.graph.nodes.get(*to) else {
                continue;
            };
            // Drawn out where it is nearest, and there only once.
            let nearest = target.depth == level + 1 && self.drawn.insert(*to);
            let last = at + 1 == links.len();
            let label = match self.direction {
                Direction::In => edge.relation_type.inverse().label(),
                _ => edge.relation_type.label(),
            };
            self.branches.push(Branch {
                through: through.clone(),
                last,
                label,
                entity_ref: target.entity_ref.clone(),
                known: target.row.is_some(),
                elsewhere: !nearest,
            });
            if nearest {
                through.push(!last);
                self.branch(*to, level + 1, through);
                through.pop();
            }
        }
    }
}

/// Whether a link says where something belongs. Of what surrounds an entity most has the same owner and system: that is
/// worth a line once.
fn is_frame(relation_type: RelationType) -> bool {
    matches!(
        relation_type,
        RelationType::OwnedBy | RelationType::PartOf | RelationType::ChildOf
    )
}
