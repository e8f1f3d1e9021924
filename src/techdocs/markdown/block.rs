//! Lines → elements: Python-Markdown's `BlockParser` and its processors, in the order of their priorities.
//!
//! A block is what stands between empty lines. Each is handed to the processors in turn; the first that knows it takes
//! it, or a part of it, and what is left goes round again. Rules that look odd here are Python-Markdown's.

mod callout;
mod define;
mod leaf;
mod list;
mod math;
mod nested;
mod slash;
mod table;

use std::collections::HashMap;

use super::chunk::{Chunk, Mark};
use super::dom::{Id, Tree};
use super::fence::Fences;
use super::options::Options;
use super::stash::Stash;

/// How deep blocks may lie within each other; what lies deeper is shown as text.
const MAX_DEPTH: usize = 64;

/// What the parser is in, as `BlockParser.state` tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    List,
    LooseList,
    Detabbed,
    Quote,
    Slash,
}

/// What a page defines for all of its text.
#[derive(Debug, Default)]
pub(super) struct Definitions {
    /// Where references lead, by their label in lower case: address and title.
    pub(super) references: HashMap<String, (String, String)>,
    /// The footnotes, in order: label and text.
    pub(super) footnotes: Vec<(String, Chunk)>,
    /// The places of footnotes by their label.
    pub(super) labels: HashMap<String, usize>,
    /// What abbreviations stand for.
    pub(super) abbreviations: HashMap<String, String>,
}

/// The parser of a page's blocks.
pub(super) struct Parser<'p> {
    pub(super) tree: Tree,
    pub(super) stash: Stash,
    pub(super) definitions: Definitions,
    pub(super) options: &'p Options,
    fences: Fences,
    /// Of each line that is parsed, its number in the source, from 1.
    numbers: Vec<u32>,
    states: Vec<State>,
    /// Blocks between slashes that are open, the innermost one last.
    slashes: Vec<slash::Entry>,
    /// How many figures each prefix has counted.
    figures: HashMap<String, usize>,
    /// Captions, and what is to stand before them.
    captions: Vec<(Id, String)>,
    depth: usize,
}

impl<'p> Parser<'p> {
    /// A parser of lines that have these numbers in the source.
    pub(super) fn new(
        tree: Tree,
        stash: Stash,
        fences: Fences,
        numbers: Vec<u32>,
        options: &'p Options,
    ) -> Self {
        Self {
            tree,
            stash,
            definitions: Definitions::default(),
            options,
            fences,
            numbers,
            states: Vec::new(),
            slashes: Vec::new(),
            figures: HashMap::new(),
            captions: Vec::new(),
            depth: 0,
        }
    }

    /// Parses a text into `parent`.
    pub(super) fn chunk(&mut self, parent: Id, chunk: &Chunk) {
        self.blocks(parent, chunk.split());
    }

    /// Parses blocks into `parent`.
    fn blocks(&mut self, parent: Id, mut blocks: Vec<Chunk>) {
        blocks.reverse();
        self.depth += 1;
        while let Some(block) = blocks.pop() {
            if self.depth > MAX_DEPTH {
                self.paragraph(parent, &block);
            } else {
                self.block(parent, &block, &mut blocks);
            }
        }
        self.depth -= 1;
    }

    /// Parses one block; what is left of it goes on top of `rest`, where the next blocks stand, the next one last.
    fn block(&mut self, parent: Id, block: &Chunk, rest: &mut Vec<Chunk>) {
        let _ = self.container(parent, block, rest)
            || self.nested(parent, block, rest)
            || self.empty(parent, block, rest)
            || self.indented(parent, block, list::ITEMS)
            || self.slash(parent, block, rest)
            || self.indented(parent, block, list::DEFINITIONS)
            || self.code(parent, block, rest)
            || self.formula(parent, block)
            || self.table(parent, block)
            || self.heading(parent, block, rest)
            || self.underlined(parent, block, rest)
            || self.rule(parent, block, rest)
            || self.list(parent, block, list::Kind::Ordered)
            || self.list(parent, block, list::Kind::Bulleted)
            || self.definition(parent, block, rest)
            || self.quote(parent, block)
            || self.footnote(block, rest)
            || self.abbreviation(block, rest)
            || self.reference(block, rest)
            || self.paragraph(parent, block);
    }

    /// Parses `chunk` as one block into `parent`, in this state.
    fn within(&mut self, state: Option<State>, parent: Id, chunk: Chunk) {
        self.states.extend(state);
        self.blocks(parent, vec![chunk]);
        if state.is_some() {
            self.states.pop();
        }
    }

    fn is_state(&self, state: State) -> bool {
        self.states.last() == Some(&state)
    }

    /// The line of the source at which `chunk` begins.
    fn line(&self, chunk: &Chunk) -> u32 {
        let blank = chunk.text().len() - chunk.text().trim_start_matches('\n').len();
        let number = self.numbers.get(chunk.at + blank);
        number.or(self.numbers.last()).copied().unwrap_or_default()
    }

    /// The last child of `parent` if it has one of these tags.
    fn last_of(&self, parent: Id, tags: &[&str]) -> Option<Id> {
        let last = self.tree.last(parent)?;
        tags.contains(&self.tree.tag(last)).then_some(last)
    }
}

/// Where a line with `mark` begins and ends in `chunk`.
fn find(chunk: &Chunk, mark: Mark, is_marked: fn(&str) -> bool) -> Option<(usize, usize)> {
    chunk.find(mark, is_marked)
}

/// `line` without up to `most` spaces before it.
fn unindented(line: &str, most: usize) -> Option<&str> {
    let body = line.trim_start_matches(' ');
    (line.len() - body.len() <= most).then_some(body)
}
