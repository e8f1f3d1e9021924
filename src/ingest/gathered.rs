//! Several sets of roots, each with a reader of its own, as one catalog.

use std::collections::HashMap;

use super::crawl::{Crawl, Parent, crawl};
use super::{Found, Ingested, Location, Options, Reader, Root, merge};

/// What a set of roots led to, before it is put together with others.
#[derive(Debug)]
pub struct Gathered {
    crawl: Crawl,
    roots: Vec<Root>,
}

/// Reads `roots` and all they lead to, as [`super::ingest`] does, and leaves it at that.
pub fn gather(roots: Vec<Root>, reader: &dyn Reader, options: &Options) -> Gathered {
    let crawl = crawl(&roots, reader, options);
    Gathered { crawl, roots }
}

/// Puts together what several sets of roots led to: entities, references and duplicates across all of them. A file that
/// more than one of them led to counts once.
pub fn join(parts: impl IntoIterator<Item = Gathered>) -> Ingested {
    let mut all = Gathered {
        crawl: Crawl::default(),
        roots: Vec::new(),
    };
    for part in parts {
        all.append(part);
    }
    merge::merge(all.crawl, &all.roots)
}

impl Gathered {
    fn append(&mut self, part: Self) {
        let (nodes, roots) = (self.crawl.nodes.len(), self.roots.len());
        let moved = |parent: Parent| match parent {
            Parent::Root(n) => Parent::Root(n + roots),
            Parent::Entity(n, d) => Parent::Entity(n + nodes, d),
        };
        let known: HashMap<Location, usize> = self
            .crawl
            .nodes
            .iter()
            .enumerate()
            .map(|(n, node)| (node.location.clone(), n))
            .collect();
        for mut node in part.crawl.nodes {
            node.root += roots;
            node.parents = node.parents.into_iter().map(moved).collect();
            let same = known.get(&node.location);
            if let Some(same) = same.and_then(|&n| self.crawl.nodes.get_mut(n)) {
                // Who named the file outright wants to know all that is wrong with it.
                if same.found == Found::Walked && node.found == Found::Named {
                    same.found = node.found;
                    std::mem::swap(&mut same.reading, &mut node.reading);
                }
                node.reading = super::document::Reading::default();
                node.known = true;
            }
            self.crawl.nodes.push(node);
        }
        self.crawl.problems.extend(part.crawl.problems);
        self.crawl
            .failed
            .extend(part.crawl.failed.into_iter().map(moved));
        self.roots.extend(part.roots);
    }
}
