//! `...`: the place of all that is not named, of what a glob matches (`... | *.md`), or a regular expression
//! (`... | regex=^a`); `... | flat` leaves out folders.

use std::sync::Arc;

use globset::{GlobBuilder, GlobMatcher};
use regex::{Regex, RegexBuilder};

use super::{Kind, Node, Section, of_line, rest_of};
use crate::techdocs::config::nav::{Complaint, Line, Said};
use crate::techdocs::path;

/// The largest regular expression, once compiled, in bytes.
const MAX_REGEX: usize = 1 << 20;

/// A place for the rest.
#[derive(Debug, Clone)]
pub(super) struct Rest {
    text: String,
    is_flat: bool,
    pattern: Pattern,
}

#[derive(Debug, Clone)]
enum Pattern {
    All,
    /// `None` where it is none that could match.
    Glob(Option<Arc<GlobMatcher>>),
    Regex(Option<Arc<Regex>>),
}

impl PartialEq for Rest {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Rest {
    /// The place for all.
    pub(super) fn all() -> Self {
        Self {
            text: "...".to_owned(),
            is_flat: false,
            pattern: Pattern::All,
        }
    }

    /// Reads a line; `None` where it is no such place.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix("...")?.trim();
        let mut is_flat = false;
        if let Some(behind) = rest.strip_prefix('|').map(str::trim_start)
            && let Some(behind) = behind.strip_prefix("flat")
        {
            is_flat = true;
            rest = behind.trim_start();
        }
        let pattern = match rest.strip_prefix('|').map(str::trim) {
            None => Pattern::All,
            Some(pattern) => {
                if let Some(regex) = pattern.strip_prefix("regex=") {
                    let built = RegexBuilder::new(regex).size_limit(MAX_REGEX).build();
                    Pattern::Regex(built.ok().map(Arc::new))
                } else {
                    let glob = pattern.strip_prefix("glob=").unwrap_or(pattern);
                    let built = GlobBuilder::new(glob).literal_separator(true).build();
                    Pattern::Glob(built.ok().map(|glob| Arc::new(glob.compile_matcher())))
                }
            }
        };
        Some(Self {
            text: text.to_owned(),
            is_flat,
            pattern,
        })
    }

    /// Whether it takes all that is left: it comes after those that do not.
    pub(super) fn is_all(&self) -> bool {
        matches!(self.pattern, Pattern::All)
    }

    /// Whether it takes the file or folder at `path`.
    pub(super) fn matches(&self, path: Option<&str>) -> bool {
        match (&self.pattern, path) {
            (Pattern::All, _) => true,
            (Pattern::Glob(Some(glob)), Some(path)) => glob.is_match(path),
            (Pattern::Regex(Some(regex)), Some(path)) => regex.is_match(path),
            _ => false,
        }
    }
}

/// The places for the rest in the nav of `mkdocs.yml`, in their order.
pub(super) fn find(lines: &[Line], found: &mut Vec<Rest>) {
    for line in lines {
        if let Said::Section(lines) = &line.said {
            find(lines, found);
        } else if let Some(rest) = rest_of(line)
            && !found.contains(&rest)
        {
            found.push(rest);
        }
    }
}

/// The pages that `lines` name.
pub(super) fn named(lines: &[Line], found: &mut Vec<String>) {
    for line in lines {
        match &line.said {
            Said::Section(lines) => named(lines, found),
            Said::Text(text) => found.extend(path::normal("", text)),
        }
    }
}

/// What of `nodes` belongs to each of `rests`, without the pages `named` elsewhere.
pub(super) fn blocks(nodes: Vec<Node>, named: &[String], rests: &[Rest]) -> Vec<Vec<Node>> {
    let mut blocks: Vec<Vec<Node>> = rests.iter().map(|_| Vec::new()).collect();
    for node in nodes {
        let Node { title, kind } = node;
        match kind {
            Kind::Page(page) if !named.contains(&page) => {
                let at = rests.iter().position(|rest| rest.matches(Some(&page)));
                if let Some(block) = at.and_then(|at| blocks.get_mut(at)) {
                    let kind = Kind::Page(page);
                    block.push(Node { title, kind });
                }
            }
            Kind::Section(section) => {
                let inner = self::blocks(section.nodes, named, rests);
                let places = blocks.iter_mut().zip(rests).zip(inner);
                for ((block, rest), mut nodes) in places {
                    if rest.is_flat {
                        block.append(&mut nodes);
                    } else if !nodes.is_empty() {
                        let section = Section {
                            nodes,
                            ..Section::default()
                        };
                        block.push(Node {
                            title: title.clone(),
                            kind: Kind::Section(section),
                        });
                    }
                }
            }
            Kind::Page(_) | Kind::Url(_) => {}
        }
    }
    blocks
}

/// The nodes of `lines`, `blocks` in place of the `rests` that they belong to.
pub(super) fn inserted(
    lines: Vec<Line>,
    rests: &[Rest],
    blocks: &mut [Vec<Node>],
    complaints: &mut Vec<Complaint>,
) -> Vec<Node> {
    let mut nodes = Vec::new();
    for line in lines {
        if let Some(rest) = rest_of(&line) {
            let at = rests.iter().position(|other| *other == rest);
            let block = at.and_then(|at| blocks.get_mut(at));
            nodes.append(&mut block.map(std::mem::take).unwrap_or_default());
        } else if let Said::Section(inner) = line.said {
            let section = Section {
                nodes: inserted(inner, rests, blocks, complaints),
                is_explicit: true,
                ..Section::default()
            };
            nodes.push(Node {
                title: line.title,
                kind: Kind::Section(section),
            });
        } else {
            nodes.append(&mut of_line(line, complaints));
        }
    }
    nodes
}
