//! All files → one catalog: which description of an entity counts, and what Backstage would have taken.
//!
//! Of two files that describe the same entity the first counts, in one file the last document. Backstage takes a file
//! whole or not at all, and the targets of a Location all or none; what it would leave out is kept here, but marked.

use std::collections::{HashMap, HashSet};

use super::crawl::{Crawl, Node, Parent};
use super::document::{Document, Stated, place, sentence};
use super::yaml::Mark;
use super::{Found, Ingested, IngestedEntity, Root, check};
use crate::catalog::{EntityRef, Problem, Relation, Rule};

/// An entity on its way into the result.
pub(super) struct Candidate {
    pub(super) document: Document,
    /// The name of its file.
    pub(super) file: String,
    /// Whether Backstage would have come upon it.
    emitted: bool,
}

impl Candidate {
    fn location(&self) -> &str {
        &self.document.entity.provenance.location
    }
}

/// Puts together what `crawl` found.
pub(super) fn merge(crawl: Crawl, roots: &[Root]) -> Ingested {
    let acceptance = Acceptance::compute(&crawl, roots);
    let mut ingested = Ingested {
        problems: crawl.problems,
        files: crawl.nodes.len(),
        ..Ingested::default()
    };
    let mut candidates = Vec::new();
    for (n, node) in crawl.nodes.into_iter().enumerate() {
        ingested.problems.extend(node.reading.problems);
        ingested.templates.extend(node.reading.templates);
        ingested.templated += usize::from(node.reading.templated);
        let emitted = acceptance.emitted(n);
        let file = node.name;
        for (d, mut document) in node.reading.documents.into_iter().enumerate() {
            document.entity.provenance.refused =
                !(emitted && document.sound && !acceptance.failed(n, d));
            candidates.push(Candidate {
                document,
                file: file.clone(),
                emitted,
            });
        }
    }
    let candidates = without_duplicates(candidates, &mut ingested.problems);
    check::check(&candidates, &mut ingested.problems);
    ingested.entities = candidates
        .into_iter()
        .map(|candidate| IngestedEntity {
            relations: both_ways(candidate.document.stated),
            entity: candidate.document.entity,
        })
        .collect();
    ingested
}

/// Each relation and its inverse, sorted, once.
fn both_ways(stated: Vec<Stated>) -> Vec<Relation> {
    let mut relations = Vec::with_capacity(2 * stated.len());
    for Stated { relation, .. } in stated {
        relations.push(relation.inverse());
        relations.push(relation);
    }
    relations.sort_unstable();
    relations.dedup();
    relations
}

/// Leaves one description of each entity, in the order of the candidates.
fn without_duplicates(candidates: Vec<Candidate>, problems: &mut Vec<Problem>) -> Vec<Candidate> {
    let mut winners: HashMap<&EntityRef, usize> = HashMap::with_capacity(candidates.len());
    let mut losers = Vec::new();
    for (n, candidate) in candidates.iter().enumerate() {
        let entity_ref = &candidate.document.entity.entity_ref;
        let Some(winner) = winners.get_mut(entity_ref) else {
            winners.insert(entity_ref, n);
            continue;
        };
        let Some(first) = candidates.get(*winner) else {
            continue;
        };
        let later_counts =
            first.location() == candidate.location() || (candidate.emitted && !first.emitted);
        let (loser, kept) = if later_counts {
            (*winner, n)
        } else {
            (n, *winner)
        };
        *winner = kept;
        losers.push((loser, kept));
    }
    let mut lost = vec![false; candidates.len()];
    for (loser, kept) in losers {
        if let (Some(lost), Some(candidate), Some(kept)) = (
            lost.get_mut(loser),
            candidates.get(loser),
            candidates.get(kept),
        ) {
            *lost = true;
            problems.push(duplicate(candidate, kept));
        }
    }
    drop(winners);
    candidates
        .into_iter()
        .zip(lost)
        .filter_map(|(candidate, lost)| (!lost).then_some(candidate))
        .collect()
}

fn duplicate(candidate: &Candidate, kept: &Candidate) -> Problem {
    let at = |candidate: &Candidate| {
        let line = candidate.document.entity.provenance.line;
        place(&candidate.file, Mark { line, column: 1 })
    };
    let entity_ref = candidate.document.entity.entity_ref.clone();
    let message = format!(
        "{entity_ref} is described here, but the description at {} counts",
        at(kept)
    );
    Problem::new(Rule::DuplicateEntity, at(candidate), sentence(&message)).about(entity_ref)
}

/// What Backstage would have come upon.
struct Acceptance {
    /// For each file, whether a location that leads to it is taken.
    emitted: Vec<bool>,
    /// The Locations that are given up.
    failed: HashSet<Parent>,
}

impl Acceptance {
    fn compute(crawl: &Crawl, roots: &[Root]) -> Self {
        let mut failed = crawl.failed.clone();
        for node in crawl.nodes.iter().filter(|node| node.reading.broken) {
            failed.extend(node.parents.iter().copied());
        }
        // The files of a folder that was walked are locations of their own.
        let alone = |parent: Parent| matches!(parent, Parent::Root(n) if roots.get(n).is_some_and(|root| root.found == Found::Walked));
        let mut this = Self {
            emitted: vec![false; crawl.nodes.len()],
            failed,
        };
        loop {
            let mut changed = false;
            for (n, node) in crawl.nodes.iter().enumerate() {
                let taken = !node.reading.broken
                    && node
                        .parents
                        .iter()
                        .any(|&parent| alone(parent) || this.takes(parent, &crawl.nodes));
                if let Some(emitted) = this.emitted.get_mut(n)
                    && taken
                    && !*emitted
                {
                    *emitted = true;
                    changed = true;
                }
            }
            if !changed {
                return this;
            }
        }
    }

    fn takes(&self, parent: Parent, nodes: &[Node]) -> bool {
        !self.failed.contains(&parent)
            && match parent {
                Parent::Root(_) => true,
                Parent::Entity(n, d) => {
                    let document = nodes.get(n).and_then(|node| node.reading.documents.get(d));
                    self.emitted(n) && document.is_some_and(|document| document.sound)
                }
            }
    }

    fn emitted(&self, node: usize) -> bool {
        self.emitted.get(node).copied().unwrap_or_default()
    }

    fn failed(&self, node: usize, document: usize) -> bool {
        self.failed.contains(&Parent::Entity(node, document))
    }
}
