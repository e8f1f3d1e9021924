//! Roots → all files they lead to, level by level: what the configuration names comes before what Locations lead to, as
//! Backstage processes it. Each file is read once, however many Locations lead to it, so circles end.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use rayon::prelude::*;

use super::document::{Input, Reading, place, sentence};
use super::rules::Compiled;
use super::seen::{Seen, known_as, seen};
use super::{
    Found, Location, LocationType, Match, Options, ReadError, Reader, Root, SourceFile, Standing,
};
use crate::catalog::yaml::Mark;
use crate::catalog::{EntityRef, Place, Problem, Rule};

/// How many requests are answered before what they brought is parsed and let go.
const REQUESTS_AT_ONCE: usize = 256;

/// A file that was read, and what led to it.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) location: Location,
    /// The root that led to it first.
    pub(super) root: usize,
    pub(super) found: Found,
    pub(super) reading: Reading,
    /// What led to it; the first of them read it.
    pub(super) parents: Vec<Parent>,
    /// Whether the same file is there already, from other roots.
    pub(super) known: bool,
}

/// What leads to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Parent {
    /// A configured location, by its number.
    Root(usize),
    /// A Location entity: the number of its file, and its own in it.
    Entity(usize, usize),
}

/// All that was read.
#[derive(Debug, Default)]
pub(super) struct Crawl {
    /// The files, in the order in which they were come upon.
    pub(super) nodes: Vec<Node>,
    /// What could not be read.
    pub(super) problems: Vec<Problem>,
    /// The parents one of whose targets could not be read, though it should be there.
    pub(super) failed: HashSet<Parent>,
}

/// Files that somebody asks for.
struct Request {
    parent: Parent,
    root: usize,
    base: Location,
    target: String,
    /// Where Backstage looks for it.
    seen: Seen,
    required: bool,
    place: Place,
    about: Option<EntityRef>,
}

impl Request {
    /// The files it asks for. A path without a dot in front is one of the folder `cwd` to Backstage; where there is none,
    /// it is looked for beside its file.
    fn search(&self, reader: &dyn Reader, cwd: &Path) -> Result<Vec<Match>, ReadError> {
        let is_path = self.base.location_type == LocationType::File && !self.target.contains("://");
        if is_path && !self.target.starts_with(['.', '/']) {
            let there = cwd.join(&self.target);
            match reader.search(&self.base, &there.to_string_lossy()) {
                Ok(files) if !files.is_empty() => return Ok(files),
                _ => {}
            }
        }
        reader.search(&self.base, &self.target)
    }
}

/// Reads `roots` and all they lead to.
pub(super) fn crawl(roots: &[Root], reader: &dyn Reader, options: &Options) -> Crawl {
    let mut state = State {
        roots,
        reader,
        options,
        rules: options.rules.compile(),
        known: HashMap::new(),
        count: vec![0; roots.len()],
        depth: 0,
        crawl: Crawl::default(),
    };
    let requests = state.roots();
    let given = roots.iter().map(|root| root.files.clone()).collect();
    let mut first = 0;
    state.read(&requests, given);
    while first < state.crawl.nodes.len() {
        let mut requests = state.targets(first);
        first = state.crawl.nodes.len();
        state.depth += 1;
        if state.depth > options.limits.location_depth {
            let depth = state.depth;
            for request in requests.drain(..) {
                let message = format!("Locations lead to Locations more than {depth} levels deep");
                state.fail(&request, Rule::Limit, &message);
            }
        }
        let given = requests.iter().map(|_| None).collect();
        state.read(&requests, given);
    }
    state.crawl
}

struct State<'a> {
    roots: &'a [Root],
    reader: &'a dyn Reader,
    options: &'a Options,
    rules: Compiled,
    /// The number of each file's node.
    known: HashMap<Location, usize>,
    /// How many files each root led to.
    count: Vec<usize>,
    /// How many Locations led to what is read now.
    depth: u32,
    crawl: Crawl,
}

impl State<'_> {
    /// What the roots themselves ask for.
    fn roots(&self) -> Vec<Request> {
        let request = |(n, root): (usize, &Root)| Request {
            parent: Parent::Root(n),
            root: n,
            base: root.location.clone(),
            target: root.location.target.clone(),
            seen: Seen::At(root.location.clone()),
            required: root.standing != Standing::Optional,
            place: place(&root.location.target, Mark::default()),
            about: None,
        };
        self.roots.iter().enumerate().map(request).collect()
    }

    /// What the Locations ask for that stand in the nodes from `first` on.
    fn targets(&mut self, first: usize) -> Vec<Request> {
        let mut requests = Vec::new();
        for (n, node) in self.crawl.nodes.iter().enumerate().skip(first) {
            for (d, document) in node.reading.documents.iter().enumerate() {
                let Some(targets) = &document.targets else {
                    continue;
                };
                let parent = Parent::Entity(n, d);
                if targets.refused {
                    self.crawl.failed.insert(parent);
                }
                let own = targets.own.unwrap_or(node.location.location_type);
                let Options { hosts, cwd, .. } = self.options;
                requests.extend(targets.requests.iter().map(|(target, mark)| Request {
                    parent,
                    root: node.root,
                    base: node.location.clone(),
                    target: target.clone(),
                    seen: seen(&node.location, own, target, hosts, cwd),
                    required: targets.required,
                    place: place(&node.name, *mark),
                    about: Some(document.entity.entity_ref.clone()),
                }));
            }
        }
        requests
    }

    /// Reads the files that `requests` ask for, some at a time, so that not all texts are in memory at once.
    fn read(&mut self, requests: &[Request], given: Vec<Option<Vec<SourceFile>>>) {
        let mut given = given.into_iter();
        for requests in requests.chunks(REQUESTS_AT_ONCE) {
            let given = given.by_ref().take(requests.len()).collect();
            let found = self.find(requests, given);
            let first = self.crawl.nodes.len() - found.len();
            self.parse(first, found);
        }
    }

    /// What `requests` ask for and is new, where it is not given already; each has its node.
    fn find(&mut self, requests: &[Request], given: Vec<Option<Vec<SourceFile>>>) -> Vec<Match> {
        let (reader, cwd) = (self.reader, &self.options.cwd);
        let results: Vec<_> = requests
            .par_iter()
            .zip(given)
            .map(|(request, files)| match files {
                Some(files) => Ok(files.into_iter().map(Match::Read).collect()),
                None => request.search(reader, cwd),
            })
            .collect();
        let mut new = Vec::new();
        for (request, result) in requests.iter().zip(results) {
            if let Seen::Nowhere(why) = &request.seen {
                self.fail(request, Rule::UnreachableTarget, why);
            }
            match result {
                Err(_) if matches!(request.seen, Seen::Nowhere(_)) => {}
                Ok(files) if files.is_empty() && request.required => {
                    self.fail(
                        request,
                        Rule::UnreachableTarget,
                        &format!("the target {} matches no file", request.target),
                    );
                }
                Ok(files) => self.admit(request, files, &mut new),
                Err(ReadError::NotFound { .. }) if !request.required => {}
                Err(error @ ReadError::TooLarge { .. }) => {
                    self.fail(request, Rule::Limit, &error.to_string());
                }
                Err(error) => self.fail(request, Rule::UnreachableTarget, &error.to_string()),
            }
        }
        new
    }

    /// Gives each of `files` that is new a node, and notes for the others who else led there.
    fn admit(&mut self, request: &Request, files: Vec<Match>, new: &mut Vec<Match>) {
        let found = match request.parent {
            Parent::Root(n) => self.roots.get(n).map_or(Found::Named, |root| root.found),
            Parent::Entity(..) => Found::Named,
        };
        let limit = self.options.limits.files_per_root;
        for file in files {
            let location = self.known_as(request, file.location());
            if let Some(node) = self
                .known
                .get(&location)
                .and_then(|&n| self.crawl.nodes.get_mut(n))
            {
                node.parents.push(request.parent);
                if found == Found::Named {
                    node.found = found;
                }
                continue;
            }
            if self
                .count
                .get(request.root)
                .is_none_or(|&count| count >= limit)
            {
                self.fail(
                    request,
                    Rule::Limit,
                    &format!("more than {limit} files; the rest is not read"),
                );
                break;
            }
            if let Some(count) = self.count.get_mut(request.root) {
                *count += 1;
            }
            self.known.insert(location.clone(), self.crawl.nodes.len());
            self.crawl.nodes.push(Node {
                name: file.name().to_owned(),
                location,
                root: request.root,
                found,
                reading: Reading::default(),
                parents: vec![request.parent],
                known: false,
            });
            new.push(file);
        }
    }

    /// The location by which Backstage knows `found`, or its own where Backstage does not come there.
    fn known_as(&mut self, request: &Request, found: &Location) -> Location {
        let Seen::At(at) = &request.seen else {
            return found.clone();
        };
        let known = known_as(found, at);
        if known.is_none() && request.about.is_some() {
            let message = format!(
                "the target {} is {} here, but Backstage looks for {}",
                request.target, found.target, at.target
            );
            self.fail(request, Rule::UnreachableTarget, &message);
        }
        known.unwrap_or_else(|| found.clone())
    }

    /// Reads `found`, which belongs to the nodes from `first` on.
    fn parse(&mut self, first: usize, found: Vec<Match>) {
        let (roots, reader, rules, options) = (self.roots, self.reader, &self.rules, self.options);
        let depth = self.depth;
        let Some(nodes) = self.crawl.nodes.get_mut(first..) else {
            return;
        };
        nodes.par_iter_mut().zip(found).for_each(|(node, found)| {
            let Some(root) = roots.get(node.root) else {
                return;
            };
            let file = match found {
                Match::Read(file) => Ok(file),
                Match::There { location, .. } => reader.read(&location, &location.target),
            };
            let mut file = match file {
                Ok(file) => file,
                Err(error) => {
                    node.reading = Reading::failed(&node.name, &error);
                    return;
                }
            };
            file.location = node.location.clone();
            let input = Input {
                file: &file,
                source: &root.source,
                origin: &root.location,
                found: node.found,
                depth,
                reader,
                rules,
                options,
            };
            node.reading = input.read();
        });
    }

    fn fail(&mut self, request: &Request, rule: Rule, message: &str) {
        let mut problem = Problem::new(rule, request.place.clone(), sentence(message));
        problem.entity.clone_from(&request.about);
        self.crawl.problems.push(problem);
        self.crawl.failed.insert(request.parent);
    }
}
