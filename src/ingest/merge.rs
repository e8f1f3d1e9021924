//! All files → one catalog: which description of an entity counts, and what Backstage would have taken.
//!
//! Of two files that describe the same entity the first counts, in one file the last document. Backstage takes a file
//! whole or not at all, and the targets of a Location all or none; what it would leave out is kept here, but marked.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::crawl::{Crawl, Node, Parent};
use super::document::{Document, Stated, place, sentence};
use super::rules::DEFAULT;
use super::{Found, Ingested, IngestedEntity, Root, Standing, check, token};
use crate::catalog::backstage::RootLocation;
use crate::catalog::{EntityRef, Level, Place, Problem, Provenance, Relation, Rule};

/// How many Locations are followed back to a root.
const MOST_STEPS: usize = 64;

/// An entity on its way into the result.
pub(super) struct Candidate {
    pub(super) document: Document,
    /// The name of its file.
    pub(super) file: String,
}

impl Candidate {
    /// Where its name stands.
    fn name_at(&self) -> Place {
        place(&self.file, self.document.name)
    }

    fn provenance(&self) -> &Provenance {
        &self.document.entity.provenance
    }
}

/// Puts together what `crawl` found.
pub(super) fn merge(crawl: Crawl, roots: &[Root]) -> Ingested {
    let acceptance = Acceptance::compute(&crawl, roots);
    let mut ingested = Ingested {
        problems: crawl.problems,
        files: crawl.nodes.iter().filter(|node| !node.known).count(),
        roots: acceptance.roots(roots),
        ..Ingested::default()
    };
    ingested.problems.extend(kept_out(&crawl.nodes, roots));
    let mut candidates = Vec::new();
    for (n, node) in crawl.nodes.into_iter().enumerate() {
        ingested.problems.extend(node.reading.problems);
        ingested.templates.extend(node.reading.templates);
        ingested.templated += usize::from(node.reading.templated);
        let emitted = acceptance.emitted(n);
        let origin = acceptance.origins.get(n).and_then(|&root| roots.get(root));
        let file = node.name;
        for (d, mut document) in node.reading.documents.into_iter().enumerate() {
            let provenance = &mut document.entity.provenance;
            provenance.unseen = !emitted;
            if let Some(root) = origin {
                provenance.origin = root.location.to_string();
            }
            provenance.refused = !(emitted && document.sound && !acceptance.failed(n, d));
            candidates.push(Candidate {
                document,
                file: file.clone(),
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

/// A word for each source about what Backstage's own rules keep out of it, at the first such entity.
fn kept_out(nodes: &[Node], roots: &[Root]) -> Vec<Problem> {
    let mut sources: Vec<(&str, Place, usize)> = Vec::new();
    for node in nodes {
        let Some(root) = roots.get(node.root) else {
            continue;
        };
        for mark in &node.reading.kept_out {
            match sources
                .iter_mut()
                .find(|(source, ..)| *source == root.source)
            {
                Some((.., count)) => *count += 1,
                None => sources.push((&root.source, place(&node.name, *mark), 1)),
            }
        }
    }
    let problem = |(_, place, count)| {
        let message = format!(
            "Backstage takes only {} where catalog.rules says nothing: it leaves out the files of {count} other entities of this source",
            DEFAULT.join(", ")
        );
        Problem {
            level: Level::Info,
            ..Problem::new(Rule::NotAllowed, place, message)
        }
    };
    sources.into_iter().map(problem).collect()
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
        let (earlier, later) = (first.provenance(), candidate.provenance());
        let later_counts = earlier.location == later.location || (earlier.unseen && !later.unseen);
        losers.push(if later_counts {
            std::mem::replace(winner, n)
        } else {
            n
        });
    }
    let mut lost = vec![false; candidates.len()];
    let mut again: BTreeMap<usize, (Place, usize)> = BTreeMap::new();
    for loser in losers {
        let entity_ref = candidates.get(loser).map(|c| &c.document.entity.entity_ref);
        let kept = entity_ref.and_then(|entity_ref| winners.get(entity_ref));
        if let (Some(lost), Some(candidate), Some(&kept)) =
            (lost.get_mut(loser), candidates.get(loser), kept)
            && let Some(winner) = candidates.get(kept)
        {
            *lost = true;
            problems.push(duplicate(candidate, winner));
            let (_, count) = again
                .entry(kept)
                .or_insert_with(|| (candidate.name_at(), 0));
            *count += 1;
        }
    }
    drop(winners);
    for (kept, (place, others)) in again {
        let kept = candidates.get(kept);
        problems.extend(kept.map(|kept| described_again(kept, &place, others)));
    }
    candidates
        .into_iter()
        .zip(lost)
        .filter_map(|(candidate, lost)| (!lost).then_some(candidate))
        .collect()
}

/// The finding at a description that does not count.
fn duplicate(candidate: &Candidate, kept: &Candidate) -> Problem {
    let entity_ref = candidate.document.entity.entity_ref.clone();
    let message = format!(
        "{entity_ref} is described here, but the description at {} counts",
        kept.name_at()
    );
    let problem = Problem::new(
        Rule::DuplicateEntity,
        candidate.name_at(),
        sentence(&message),
    );
    let length = token::length(entity_ref.name());
    problem.over(length).about(entity_ref)
}

/// The word at a description that counts, one of whose `others` is at `place`.
fn described_again(kept: &Candidate, place: &Place, others: usize) -> Problem {
    let entity_ref = kept.document.entity.entity_ref.clone();
    let more = match others {
        0 | 1 => String::new(),
        2 => " and one place more".to_owned(),
        n => format!(" and {} places more", n - 1),
    };
    let message =
        format!("{entity_ref} is described again at {place}{more}; the description here counts");
    let problem = Problem {
        level: Level::Info,
        ..Problem::new(Rule::DuplicateEntity, kept.name_at(), sentence(&message))
    };
    let length = token::length(entity_ref.name());
    problem.over(length).about(entity_ref)
}

/// What Backstage would have come upon.
struct Acceptance {
    /// For each file, whether a location that leads to it is taken.
    emitted: Vec<bool>,
    /// For each file, the root to which Backstage says it belongs.
    origins: Vec<usize>,
    /// The Locations that are given up.
    failed: HashSet<Parent>,
}

impl Acceptance {
    fn compute(crawl: &Crawl, roots: &[Root]) -> Self {
        let mut failed = crawl.failed.clone();
        failed.extend((0..roots.len()).filter_map(|n| {
            let refused = roots.get(n)?.standing == Standing::Refused;
            refused.then_some(Parent::Root(n))
        }));
        for node in crawl.nodes.iter().filter(|node| node.reading.broken) {
            failed.extend(node.parents.iter().copied());
        }
        // The files of a folder that was walked are locations of their own.
        let alone = |parent: Parent| matches!(parent, Parent::Root(n) if roots.get(n).is_some_and(|root| root.found == Found::Walked && root.standing != Standing::Refused));
        let mut this = Self {
            emitted: vec![false; crawl.nodes.len()],
            origins: crawl.nodes.iter().map(|node| node.root).collect(),
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
                this.belong(&crawl.nodes, alone);
                return this;
            }
        }
    }

    /// Finds the origin of each file. What leads there last has the last word, as each overwrites what the one before
    /// said; what leads back to itself has none.
    fn belong(&mut self, nodes: &[Node], alone: impl Fn(Parent) -> bool) {
        let last: Vec<Option<Parent>> = nodes
            .iter()
            .enumerate()
            .map(|(n, node)| {
                let mut leading = node.parents.iter().rev().copied();
                leading.find(|&parent| {
                    !matches!(parent, Parent::Entity(own, _) if own == n)
                        && (alone(parent) || self.takes(parent, nodes))
                })
            })
            .collect();
        for (n, own) in self.origins.iter_mut().enumerate() {
            let mut at = n;
            // A longer chain is a circle.
            for _ in 0..MOST_STEPS {
                match last.get(at) {
                    Some(Some(Parent::Entity(above, _))) => at = *above,
                    Some(Some(Parent::Root(root))) => {
                        *own = *root;
                        break;
                    }
                    _ => break,
                }
            }
        }
    }

    /// Those of `roots` that are taken.
    fn roots(&self, roots: &[Root]) -> Vec<RootLocation> {
        let taken = roots
            .iter()
            .enumerate()
            .filter(|(n, _)| !self.failed.contains(&Parent::Root(*n)));
        taken
            .map(|(_, root)| RootLocation {
                location: root.location.to_string(),
                optional: root.standing == Standing::Optional,
            })
            .collect()
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
