//! A graph as a tree from its start, for whoever draws it with lines: each entity is drawn out where it is nearest, each
//! link is in it once. Where a circle or a second way leads to an entity again it is named and not followed.

use super::{Direction, Edge, Graph, RelationType};

/// What hangs on one entity, by relation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree {
    /// A group for each relation.
    pub groups: Vec<Group>,
}

/// The links of one entity along one relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The relation, read from the start outwards.
    pub relation_type: RelationType,
    /// The entities at the other ends.
    pub twigs: Vec<Twig>,
    /// How many more there are that the graph leaves out.
    pub hidden: usize,
}

/// The other end of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twig {
    /// The number of the node.
    pub node: usize,
    /// Where it is drawn out, if not here.
    pub seen: Option<Seen>,
    /// What hangs on it.
    pub tree: Tree,
}

/// Where an entity is drawn out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Before.
    Above,
    /// Later.
    Below,
}

impl Group {
    /// How many links it stands for.
    pub fn count(&self) -> usize {
        self.twigs.len() + self.hidden
    }
}

impl Graph {
    /// The graph as a tree. `direction` says which links hang on an entity: those that leave it, those that come to it,
    /// or both. With `brief`, links that only repeat where something belongs are left out: most of what surrounds an
    /// entity has the same owner and system, and that is worth a line once.
    pub fn tree(&self, direction: Direction, brief: bool) -> Tree {
        self.tree_of(brief, |relation_type| match direction {
            Direction::Both => true,
            Direction::Out => relation_type.is_forward(),
            Direction::In => !relation_type.is_forward(),
        })
    }

    /// The graph as a tree of the links that `hangs` lets through, each read from the entity it would hang on.
    pub(super) fn tree_of(&self, brief: bool, hangs: impl Fn(RelationType) -> bool) -> Tree {
        let mut ends: Vec<Vec<End>> = vec![Vec::new(); self.nodes.len()];
        for (number, edge) in self.edges.iter().enumerate() {
            let Edge {
                source,
                relation_type,
                target,
            } = *edge;
            let mut end = |at: usize, relation_type, to| {
                if let Some(ends) = ends.get_mut(at).filter(|_| hangs(relation_type)) {
                    ends.push(End {
                        relation_type,
                        to,
                        edge: number,
                    });
                }
            };
            end(source, relation_type, target);
            end(target, relation_type.inverse(), source);
        }
        for ends in &mut ends {
            ends.sort_unstable();
        }
        let mut drawing = Drawing {
            graph: self,
            ends,
            brief,
            drawn: vec![false; self.nodes.len()],
            used: vec![false; self.edges.len()],
        };
        drawing.take(0);
        drawing.tree(0)
    }

    fn depth_of(&self, node: usize) -> u32 {
        self.nodes.get(node).map_or(0, |node| node.depth)
    }
}

/// A link as one of its ends sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct End {
    relation_type: RelationType,
    to: usize,
    edge: usize,
}

struct Drawing<'a> {
    graph: &'a Graph,
    ends: Vec<Vec<End>>,
    brief: bool,
    /// By node whether it is drawn out.
    drawn: Vec<bool>,
    /// By edge whether it is in the tree.
    used: Vec<bool>,
}

impl Drawing<'_> {
    /// Takes a node for the place at hand; whether it was free.
    fn take(&mut self, node: usize) -> bool {
        match self.drawn.get_mut(node) {
            Some(drawn) => !std::mem::replace(drawn, true),
            None => false,
        }
    }

    /// The links of a node that are not in the tree yet.
    fn links(&mut self, node: usize) -> Vec<End> {
        let level = self.graph.depth_of(node);
        let mut links = self
            .ends
            .get_mut(node)
            .map(std::mem::take)
            .unwrap_or_default();
        links.retain(|end| !std::mem::replace(&mut self.used[end.edge], true));
        if self.brief && level > 0 {
            let shown = |node: usize| {
                self.drawn.get(node) == Some(&true) || self.graph.depth_of(node) <= level
            };
            links.retain(|end| !(is_frame(end.relation_type) && shown(end.to)));
        }
        links
    }

    // As deep as the graph at most, which `DEEPEST` bounds.
    fn tree(&mut self, node: usize) -> Tree {
        let level = self.graph.depth_of(node);
        let links = self.links(node);
        let mut groups: Vec<Group> = Vec::new();
        for End {
            relation_type, to, ..
        } in links
        {
            let before = self.drawn.get(to) == Some(&true);
            let nearest = self.graph.depth_of(to) == level + 1;
            let here = nearest && self.take(to);
            let twig = Twig {
                node: to,
                seen: match (here, before) {
                    (true, _) => None,
                    (false, true) => Some(Seen::Above),
                    (false, false) => Some(Seen::Below),
                },
                tree: if here { self.tree(to) } else { Tree::default() },
            };
            match groups.last_mut() {
                Some(group) if group.relation_type == relation_type => group.twigs.push(twig),
                _ => groups.push(Group {
                    relation_type,
                    twigs: vec![twig],
                    hidden: 0,
                }),
            }
        }
        for more in self.graph.more.iter().filter(|more| more.node == node) {
            match groups
                .iter_mut()
                .find(|group| group.relation_type == more.relation_type)
            {
                Some(group) => group.hidden = more.count,
                None => groups.push(Group {
                    relation_type: more.relation_type,
                    twigs: Vec::new(),
                    hidden: more.count,
                }),
            }
        }
        Tree { groups }
    }
}

/// Whether a link says where something belongs.
fn is_frame(relation_type: RelationType) -> bool {
    matches!(
        relation_type,
        RelationType::OwnedBy
            | RelationType::OwnerOf
            | RelationType::PartOf
            | RelationType::HasPart
            | RelationType::ChildOf
            | RelationType::ParentOf
    )
}
