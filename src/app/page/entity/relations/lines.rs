//! What the tab shows, line by line.

use super::{Scope, Shape};
use crate::app::model::Shared;
use crate::app::narrow::Narrow;
use crate::catalog::entity_ref::short_ref;
use crate::catalog::graph::{
    Direction, Graph, Impact, Node, Tree, Walk, impact, owners_in_words, ownership, path, walk,
};
use crate::catalog::index::Facet;
use crate::catalog::text::{count, counted};
use crate::catalog::{EntityRef, RelationType, Row};

/// Of one entity so many links of one relation are drawn unless all are asked for.
const FAN: usize = 12;
/// How many entities each half of a drawing has at most.
const LIMIT: usize = 1_000;
/// How many owners are named.
const OWNERS: usize = 6;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// The entity itself, in its box.
    Center,
    /// A link with its other end.
    Branch(Branch),
    /// An entity of a list.
    Hit(Hit),
    /// What leads from the entity above to the one below.
    Link(&'static str),
    /// The title of a part, and how much it has.
    Heading(String, String),
    /// A sentence.
    Note(String),
    /// Space.
    Gap,
}

/// A link of the drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// For each level but the last whether a line runs through.
    pub through: Vec<bool>,
    /// Whether it is the last of its level, seen from the entity in the middle.
    pub last: bool,
    /// Whether it is drawn above the entity in the middle.
    pub above: bool,
    /// What the link means, from the middle outwards, with the number where there are several; empty where the link
    /// nearer to the middle says it already.
    pub label: String,
    /// Its other end.
    pub end: End,
}

/// The other end of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// An entity.
    Entity {
        /// Which.
        entity_ref: EntityRef,
        /// Whether the catalog has it.
        known: bool,
        /// Whether it is drawn out in another place.
        elsewhere: bool,
    },
    /// The ends that are left out.
    More {
        /// The entity that they hang on.
        of: EntityRef,
        /// The relation, read from there.
        along: RelationType,
        /// How many.
        count: usize,
    },
}

/// An entity of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Which.
    pub entity_ref: EntityRef,
    /// Whether the catalog has it.
    pub known: bool,
    /// How it comes to be here; may be empty.
    pub how: String,
    /// Its owner; may be empty.
    pub owner: String,
}

impl Line {
    /// Whether the cursor can stand on it.
    pub fn can_be_selected(&self) -> bool {
        matches!(self, Self::Center | Self::Branch(_) | Self::Hit(_))
    }

    /// Whether it is about the same thing as a line of an earlier drawing.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self.about(), other.about()) {
            (Some(about), Some(other)) => about == other,
            _ => self == other,
        }
    }

    fn about(&self) -> Option<&EntityRef> {
        match self {
            Self::Hit(hit) => Some(&hit.entity_ref),
            Self::Branch(Branch {
                end:
                    End::Entity {
                        entity_ref,
                        elsewhere: false,
                        ..
                    },
                ..
            }) => Some(entity_ref),
            _ => None,
        }
    }
}

/// What is shown.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub(super) lines: Vec<Line>,
    pub(super) summary: String,
    pub(super) truncated: bool,
}

/// Makes the lines for an entity.
pub(super) fn make(
    entity_ref: &EntityRef,
    scope: &Scope,
    unfolded: &[(EntityRef, RelationType)],
    narrow: &Narrow,
    shared: &Shared,
) -> Made {
    let Some(row) = shared.index.row_of(entity_ref) else {
        return Made {
            lines: vec![Line::Center],
            ..Made::default()
        };
    };
    let bounds = Walk {
        // What is looked for may be among what is left out else.
        fan: if narrow.is_on() { usize::MAX } else { FAN },
        limit: LIMIT,
        unfolded: unfolded.to_vec(),
        ..scope.walk()
    };
    match &scope.shape {
        Shape::Near => near(row, scope, &bounds, shared),
        Shape::Impact => hit(row, &bounds, shared),
        Shape::Ownership => owned(row, &bounds, shared),
        Shape::Path(to) => way(row, to, scope, shared),
    }
}

fn near(row: Row, scope: &Scope, bounds: &Walk, shared: &Shared) -> Made {
    let mut made = Made {
        summary: format!(
            "depth {} · {} · {}",
            scope.depth,
            match scope.direction {
                Direction::Both => "both ways",
                Direction::Out => "what it stands on",
                Direction::In => "what stands on it",
            },
            scope.relations_in_words()
        ),
        ..Made::default()
    };
    let mut half = |direction| {
        let wanted = scope.direction == direction || scope.direction == Direction::Both;
        if !wanted {
            return Vec::new();
        }
        let ways = Walk {
            direction,
            ..bounds.clone()
        };
        let graph = walk(&shared.index, row, &ways);
        made.truncated |= graph.truncated;
        let tree = graph.tree(direction, true);
        branches(&graph, &tree, direction == Direction::In)
    };
    let (mut above, below) = (half(Direction::In), half(Direction::Out));
    above.reverse();
    made.lines = above;
    made.lines.push(Line::Center);
    made.lines.extend(below);
    made
}

fn owned(row: Row, bounds: &Walk, shared: &Shared) -> Made {
    let ownership = ownership(&shared.index, row, bounds);
    let mut lines = vec![Line::Center];
    let graph = &ownership.graph;
    lines.extend(branches(graph, &graph.tree(Direction::Both, false), false));
    let summary = match ownership.owned {
        Some(owned) if owned.groups == 0 => {
            format!("owns {}", counted(owned.directly, "entity"))
        }
        Some(owned) => format!(
            "owns {}: {} directly, {} through {}",
            counted(owned.directly + owned.through, "entity"),
            count(owned.directly),
            count(owned.through),
            counted(owned.groups, "group")
        ),
        None if graph.edges.is_empty() => "nobody owns it".to_owned(),
        None => "its owner, the groups above that, the people in it".to_owned(),
    };
    Made {
        truncated: graph.truncated,
        lines,
        summary,
    }
}

/// The lines of what hangs on the start, from the middle outwards.
fn branches(graph: &Graph, tree: &Tree, above: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    hang(graph, 0, tree, above, &mut Vec::new(), &mut lines);
    lines
}

// As deep as the graph, which is bounded.
fn hang(
    graph: &Graph,
    node: usize,
    tree: &Tree,
    above: bool,
    through: &mut Vec<bool>,
    lines: &mut Vec<Line>,
) {
    for (at, group) in tree.groups.iter().enumerate() {
        let last_group = at + 1 == tree.groups.len();
        let along = group.relation_type;
        let mut label = match group.count() {
            1 => along.label().to_owned(),
            several => format!("{} {}", along.label(), count(several)),
        };
        let mut push = |end, last, through: &[bool], lines: &mut Vec<Line>| {
            lines.push(Line::Branch(Branch {
                through: through.to_vec(),
                last,
                above,
                label: std::mem::take(&mut label),
                end,
            }));
        };
        for (at, twig) in group.twigs.iter().enumerate() {
            let Some(target) = graph.nodes.get(twig.node) else {
                continue;
            };
            let last = last_group && group.hidden == 0 && at + 1 == group.twigs.len();
            let end = End::Entity {
                entity_ref: target.entity_ref.clone(),
                known: target.row.is_some(),
                elsewhere: twig.seen.is_some(),
            };
            push(end, last, through, lines);
            through.push(!last);
            hang(graph, twig.node, &twig.tree, above, through, lines);
            through.pop();
        }
        if let Some(of) = graph.nodes.get(node).filter(|_| group.hidden > 0) {
            let end = End::More {
                of: of.entity_ref.clone(),
                along,
                count: group.hidden,
            };
            push(end, last_group, through, lines);
        }
    }
}

fn hit(row: Row, bounds: &Walk, shared: &Shared) -> Made {
    let whole = Walk {
        fan: usize::MAX,
        ..bounds.clone()
    };
    let impact = impact(&shared.index, row, &whole);
    let depth = counted(bounds.depth as usize, "step");
    if impact.levels.is_empty() {
        return Made {
            summary: "nothing in the catalog is hit if it goes".to_owned(),
            lines: vec![Line::Note(
                "Nothing depends on it, nothing consumes its APIs, and it has no parts.".to_owned(),
            )],
            truncated: false,
        };
    }
    let mut lines = vec![Line::Note(owners_in_words(&impact.owners, OWNERS))];
    let by = causes(&impact);
    for level in &impact.levels {
        lines.push(Line::Gap);
        lines.push(Line::Heading(
            counted(level.depth as usize, "step"),
            count(level.count),
        ));
        let nodes = impact.graph.nodes.iter().zip(&by);
        let here = nodes.filter(|(node, _)| node.depth == level.depth);
        let mut shown = 0;
        for (node, by) in here {
            lines.push(Line::Hit(listed(node, by.clone(), shared)));
            shown += 1;
        }
        if shown < level.count {
            lines.push(Line::Note(format!("… {} more", count(level.count - shown))));
        }
    }
    Made {
        lines,
        summary: format!(
            "{} hit if it goes, within {depth}{}",
            counted(impact.count(), "entity"),
            if impact.goes_on {
                " · more further out"
            } else {
                ""
            }
        ),
        truncated: impact.graph.truncated,
    }
}

/// For each node in words by what it is hit: `consumes payments-v2`.
fn causes(impact: &Impact) -> Vec<String> {
    let words = impact.causes().into_iter().map(|cause| {
        let (is, by) = cause?;
        let by = impact.graph.nodes.get(by)?;
        Some(format!("{} {}", is.label(), by.entity_ref.name()))
    });
    words.map(Option::unwrap_or_default).collect()
}

fn listed(node: &Node, how: String, shared: &Shared) -> Hit {
    let owner = node
        .row
        .map_or("", |row| shared.index.value(Facet::Owner, row));
    Hit {
        entity_ref: node.entity_ref.clone(),
        known: node.row.is_some(),
        how,
        owner: short_ref(owner, "group").to_owned(),
    }
}

fn way(row: Row, to: &EntityRef, scope: &Scope, shared: &Shared) -> Made {
    let goal = to.humanize(None);
    let found = shared
        .index
        .row_of(to)
        .and_then(|to| path(&shared.index, row, to, &scope.walk()));
    let along = scope.relations_in_words();
    let Some(graph) = found else {
        return Made {
            lines: vec![
                Line::Center,
                Line::Gap,
                Line::Note(format!("No way leads from here to {goal}.")),
            ],
            summary: format!("to {goal} · {along}"),
            truncated: false,
        };
    };
    let mut lines = Vec::new();
    for (at, node) in graph.nodes.iter().enumerate() {
        if let Some(edge) = at.checked_sub(1).and_then(|before| graph.edges.get(before)) {
            lines.push(Line::Link(if edge.source < edge.target {
                edge.relation_type.label()
            } else {
                edge.relation_type.inverse().label()
            }));
        }
        lines.push(Line::Hit(listed(node, String::new(), shared)));
    }
    let steps = counted(graph.edges.len(), "step");
    Made {
        lines,
        summary: format!("to {goal} · {steps} · {along}"),
        truncated: false,
    }
}
