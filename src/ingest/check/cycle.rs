//! Parents that go round in a circle: of groups, domains and components, each of which should be a tree.

use std::collections::HashMap;

use crate::catalog::{EntityRef, Problem, RelationType, Rule};
use crate::ingest::document::{Stated, place, sentence};
use crate::ingest::merge::Candidate;

/// How many circles are told; whoever has more mends these first.
const MOST_CYCLES: usize = 100;

/// How many names of a circle a message holds at each end.
const MOST_NAMES: usize = 6;

/// Looks for circles. Each is told once, at the reference of the first of its entities by name.
pub(super) fn check(candidates: &[Candidate], problems: &mut Vec<Problem>) {
    let tree = Tree::of(candidates);
    for cycle in tree.cycles() {
        let Some(edge) = tree.edge(&cycle) else {
            continue;
        };
        let message = format!("the parents go round in a circle: {}", tree.path(&cycle));
        let source = &edge.candidate.document.entity.entity_ref;
        problems.push(
            Problem::new(
                Rule::ReferenceCycle,
                place(&edge.candidate.file, edge.stated.mark),
                sentence(&message),
            )
            .over(edge.stated.length)
            .about(source.clone()),
        );
    }
}

/// Who is below whom.
struct Tree<'a> {
    /// Those that have a parent or are one, in the order of their names.
    nodes: Vec<&'a EntityRef>,
    /// The parents of each.
    parents: Vec<Vec<Edge<'a>>>,
}

/// A parent, and the field that says so: the child's own, or the parent's list of its children.
#[derive(Clone, Copy)]
struct Edge<'a> {
    parent: usize,
    candidate: &'a Candidate,
    stated: &'a Stated,
}

impl<'a> Tree<'a> {
    fn of(candidates: &'a [Candidate]) -> Self {
        let mut edges = Vec::new();
        for candidate in candidates {
            for stated in &candidate.document.stated {
                let (source, target) = (&stated.relation.source, &stated.relation.target);
                // A circle of one is told as what it is.
                if source.kind() != target.kind() || source == target {
                    continue;
                }
                match stated.relation.relation_type {
                    RelationType::ChildOf | RelationType::PartOf => {
                        edges.push((source, target, candidate, stated));
                    }
                    RelationType::ParentOf => edges.push((target, source, candidate, stated)),
                    _ => {}
                }
            }
        }
        let mut nodes: Vec<&EntityRef> = edges
            .iter()
            .flat_map(|(child, parent, ..)| [*child, *parent])
            .collect();
        nodes.sort_unstable();
        nodes.dedup();
        let numbers: HashMap<&EntityRef, usize> = nodes
            .iter()
            .enumerate()
            .map(|(n, node)| (*node, n))
            .collect();
        let mut parents = vec![Vec::new(); nodes.len()];
        for (child, parent, candidate, stated) in edges {
            if let (Some(&child), Some(&parent)) = (numbers.get(child), numbers.get(parent))
                && let Some(parents) = parents.get_mut(child)
                && !parents.iter().any(|edge: &Edge<'_>| edge.parent == parent)
            {
                parents.push(Edge {
                    parent,
                    candidate,
                    stated,
                });
            }
        }
        Self { nodes, parents }
    }

    /// The circles, each from the first of its nodes on: one for each reference that closes one.
    fn cycles(&self) -> Vec<Vec<usize>> {
        const NEW: u8 = 0;
        const OPEN: u8 = 1;
        const DONE: u8 = 2;
        let mut state = vec![NEW; self.nodes.len()];
        let mut cycles: Vec<Vec<usize>> = Vec::new();
        for start in 0..self.nodes.len() {
            // The way up from `start`, each with the number of the parent to take next.
            let mut way: Vec<(usize, usize)> = vec![(start, 0)];
            if state.get(start) != Some(&NEW) {
                continue;
            }
            while let Some((node, next)) = way.last_mut() {
                let node = *node;
                let parent = self.parents.get(node).and_then(|edges| edges.get(*next));
                *next += 1;
                let new = match parent {
                    None => {
                        way.pop();
                        DONE
                    }
                    Some(edge) => {
                        match state.get(edge.parent) {
                            Some(&NEW) => way.push((edge.parent, 0)),
                            Some(&OPEN) if cycles.len() < MOST_CYCLES => {
                                cycles.extend(cycle(&way, edge.parent));
                            }
                            _ => {}
                        }
                        OPEN
                    }
                };
                if let Some(state) = state.get_mut(node) {
                    *state = new;
                }
            }
        }
        cycles.sort();
        cycles.dedup();
        cycles
    }

    /// The reference by which a circle begins.
    fn edge(&self, cycle: &[usize]) -> Option<Edge<'a>> {
        let (&first, &second) = (cycle.first()?, cycle.get(1)?);
        let edges = self.parents.get(first)?;
        edges.iter().find(|edge| edge.parent == second).copied()
    }

    /// A circle in words.
    fn path(&self, cycle: &[usize]) -> String {
        let mut names: Vec<String> = cycle
            .iter()
            .chain(cycle.first())
            .filter_map(|&n| self.nodes.get(n).map(ToString::to_string))
            .collect();
        if names.len() > 2 * MOST_NAMES {
            let cut = format!("({} more)", names.len() - 2 * MOST_NAMES);
            names.splice(MOST_NAMES..names.len() - MOST_NAMES, [cut]);
        }
        names.join(" → ")
    }
}

/// The end of `way` that leads from `first` back to it, from the smallest of it on.
fn cycle(way: &[(usize, usize)], first: usize) -> Option<Vec<usize>> {
    let from = way.iter().position(|(node, _)| *node == first)?;
    let mut cycle: Vec<usize> = way.iter().skip(from).map(|(node, _)| *node).collect();
    let least = cycle.iter().enumerate().min_by_key(|(_, node)| **node)?.0;
    cycle.rotate_left(least);
    Some(cycle)
}
