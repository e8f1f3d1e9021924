//! What is hit if an entity goes: by level how much, and whose it is.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use super::{DEEPEST, Graph, Tree, Walk, explore};
use crate::catalog::entity_ref::short_ref;
use crate::catalog::index::{Facet, Neighbor, RowSet};
use crate::catalog::text::{count, counted};
use crate::catalog::{Index, RelationType, Row};

/// What is hit if an entity goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Impact {
    /// The entities that are hit, with the links by which; node 0 is the one that goes.
    pub graph: Graph,
    /// How much is hit, the nearest first; counted whole, whatever the graph leaves out.
    pub levels: Vec<Level>,
    /// Whose it is on all levels together, who has most first.
    pub owners: Vec<Owner>,
    /// Whether more is hit beyond the depth that was asked for.
    pub goes_on: bool,
}

/// What is hit at one distance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// How many links from the one that goes.
    pub depth: u32,
    /// How many entities.
    pub count: usize,
    /// Whose they are, who has most first.
    pub owners: Vec<Owner>,
}

/// An owner with the number of entities that are hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The full reference; empty for what nobody owns.
    pub entity_ref: String,
    /// How many of theirs are hit.
    pub count: usize,
}

impl Impact {
    /// What is hit as a tree, each entity below that by which it is hit.
    pub fn tree(&self) -> Tree {
        self.graph.tree_of(false, breaks)
    }

    /// For each node of the graph that by which it is hit, and what it is to that, read from the one that is hit:
    /// `dependsOn`, `consumesApi`. None for the one that goes.
    pub fn causes(&self) -> Vec<Option<(RelationType, usize)>> {
        let depth = |node: usize| self.graph.nodes.get(node).map(|node| node.depth);
        let mut causes = vec![None; self.graph.nodes.len()];
        for edge in &self.graph.edges {
            for (hit, is, by) in [
                (edge.source, edge.relation_type, edge.target),
                (edge.target, edge.relation_type.inverse(), edge.source),
            ] {
                let nearer = depth(by).map(|depth| depth + 1) == depth(hit);
                if let Some(cause @ None) = causes.get_mut(hit)
                    && nearer
                    && breaks(is.inverse())
                {
                    *cause = Some((is, by));
                }
            }
        }
        causes
    }

    /// How many entities are hit.
    pub fn count(&self) -> usize {
        self.levels.iter().map(|level| level.count).sum()
    }
}

/// What is hit, directly or by way of others, if `start` goes: what depends on it, the APIs it provides and their
/// consumers, and its parts. Of `walk` only depth, fan and limit count; the last two bound the graph alone.
pub fn impact(index: &Index, start: Row, walk: &Walk) -> Impact {
    let of_any_kind = Walk {
        kinds: Vec::new(),
        ..walk.clone()
    };
    let mut impact = Impact {
        graph: explore(index, start, &of_any_kind, |relation_type, _| {
            breaks(relation_type)
        }),
        ..Impact::default()
    };
    let mut hit = RowSet::of(index.len(), [start]);
    let mut missing = HashSet::new();
    let mut all = HashMap::new();
    let mut level = vec![start];
    for depth in 1..=walk.depth.min(DEEPEST) + 1 {
        let mut next = Vec::new();
        let mut lost = 0;
        let links = level.iter().flat_map(|row| index.relations(*row));
        for (_, neighbor) in links.filter(|(relation_type, _)| breaks(*relation_type)) {
            match neighbor {
                Neighbor::Entity(row) if !hit.contains(row) => {
                    hit.insert(row);
                    next.push(row);
                }
                Neighbor::Missing(text) if missing.insert(text) => lost += 1,
                _ => {}
            }
        }
        if next.is_empty() && lost == 0 {
            break;
        }
        if depth > walk.depth {
            impact.goes_on = true;
            break;
        }
        let mut owners: HashMap<&str, usize> = HashMap::new();
        for row in &next {
            *owners.entry(index.value(Facet::Owner, *row)).or_default() += 1;
        }
        for (owner, count) in &owners {
            *all.entry(*owner).or_default() += count;
        }
        impact.levels.push(Level {
            depth,
            count: next.len() + lost,
            owners: ranked(owners),
        });
        level = next;
    }
    impact.owners = ranked(all);
    impact
}

/// Owners in words, who has most first: `2 teams: payments 9, shop 4; 1 without an owner`. At most `most` are named.
pub fn owners_in_words(owners: &[Owner], most: usize) -> String {
    let (named, nobody): (Vec<&Owner>, Vec<&Owner>) = owners
        .iter()
        .partition(|owner| !owner.entity_ref.is_empty());
    let all_groups = named
        .iter()
        .all(|owner| owner.entity_ref.starts_with("group:"));
    let noun = if all_groups { "team" } else { "owner" };
    let mut words: Vec<String> = named
        .iter()
        .take(most)
        .map(|owner| {
            format!(
                "{} {}",
                short_ref(&owner.entity_ref, "group"),
                count(owner.count)
            )
        })
        .collect();
    if named.len() > most {
        words.push(format!("and {} more", count(named.len() - most)));
    }
    let mut text = match named.len() {
        0 => String::new(),
        all => format!("{}: {}", counted(all, noun), words.join(", ")),
    };
    for owner in nobody {
        let lead = if text.is_empty() { "" } else { "; " };
        let _ = write!(text, "{lead}{} without an owner", count(owner.count));
    }
    text
}

/// Whether what stands at the other end is hit.
fn breaks(relation_type: RelationType) -> bool {
    matches!(
        relation_type,
        RelationType::DependencyOf
            | RelationType::ProvidesApi
            | RelationType::ApiConsumedBy
            | RelationType::HasPart
    )
}

/// Who has most first; what nobody owns last.
fn ranked(owners: HashMap<&str, usize>) -> Vec<Owner> {
    let mut ranked: Vec<(&str, usize)> = owners.into_iter().collect();
    ranked.sort_by_key(|&(owner, count)| (owner.is_empty(), std::cmp::Reverse(count), owner));
    ranked
        .into_iter()
        .map(|(owner, count)| Owner {
            entity_ref: owner.to_owned(),
            count,
        })
        .collect()
}
