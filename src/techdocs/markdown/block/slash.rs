//! Blocks between slashes, pymdownx' `blocks`:
//!
//! ```text
//! /// note | Title
//!     open: true
//!
//! Content.
//! ///
//! ```
//!
//! A block stays open over as many blocks of text as it takes, through items of lists and out of them again; where the
//! text of one container ends before it closes, it waits for more where it was opened.

mod element;
mod header;

use super::{Parser, State, find};
use crate::techdocs::markdown::chunk::{Chunk, Mark};
use crate::techdocs::markdown::dom::{Id, Text};
use header::{closing, opening, parted};

/// The indentation of what an item of a list holds, in columns.
const TAB: usize = 4;

/// A block that is open.
#[derive(Debug)]
pub(super) struct Entry {
    slashes: usize,
    /// The element that it becomes.
    element: Id,
    /// The element whose text is added to.
    target: Id,
    /// What it was opened in.
    parent: Id,
    /// Whether it waits for more in its parent.
    waits: bool,
    content: Content,
    /// Whether its paragraphs and lists become terms and meanings.
    defines: bool,
}

/// How what stands in a block is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Blocks,
    Span,
    Raw,
    /// HTML that goes out as it stands.
    Html,
}

impl Parser<'_> {
    /// What opens a block, or goes on with one that is open.
    pub(super) fn slash(&mut self, parent: Id, block: &Chunk, rest: &mut Vec<Chunk>) -> bool {
        if !self.options.blocks.any() {
            return false;
        }
        if let Some((number, parent)) = self.waiting(parent) {
            rest.push(block.clone());
            self.capture(parent, number);
            if let Some(entry) = self.slashes.get_mut(number) {
                entry.waits = false;
            }
            self.fill(parent, rest);
            return true;
        }
        let is_opening = |line: &str| opening(line).is_some();
        let Some((start, end)) = find(block, Mark::Slash, is_opening) else {
            return false;
        };
        let line = block.part(start, end);
        let behind = block.since((end + 1).min(block.text().len()));
        let known = opening(line.text()).and_then(|opening| {
            let (set, skipped) = parted(behind.text(), opening.slashes)?;
            let made = self.made(&opening, &set)?;
            Some((opening, set, made, skipped))
        });
        let Some((opening, set, made, skipped)) = known else {
            return false;
        };
        if start > 1 {
            self.blocks(parent, vec![block.part(0, start - 1)]);
        }
        let left = behind.since(skipped);
        if !left.text().is_empty() {
            rest.push(left);
        }
        if matches!(self.tree.tag(parent), "li" | "dd") {
            self.text_last(parent);
        }
        let number = self.line(&line);
        let entry = self.open_slash(parent, &opening, &made, &set, number);
        self.slashes.push(entry);
        self.fill(parent, rest);
        true
    }

    /// The innermost open block, if it waits for more in `parent` or in what that ends with: its place, and where.
    fn waiting(&self, parent: Id) -> Option<(usize, Id)> {
        let entry = self.slashes.last().filter(|entry| entry.waits)?;
        let mut place = Some(parent);
        while let Some(id) = place {
            if entry.parent == id {
                let number = self
                    .slashes
                    .iter()
                    .position(|entry| entry.waits && entry.parent == id)?;
                return Some((number, id));
            }
            place = self.tree.last(id);
        }
        None
    }

    /// What came to stand behind a block that is open, such as an admonition that went on, belongs into it.
    fn capture(&mut self, parent: Id, number: usize) {
        let Some(entry) = self.slashes.get(number) else {
            return;
        };
        let (element, target) = (entry.element, entry.target);
        if let Some(last) = self.tree.last(parent).filter(|last| *last != element) {
            self.tree.edit(parent).children.pop();
            self.tree.edit(target).children.push(last);
        }
    }

    /// Hands blocks to those that are open until all are closed or nothing is left.
    fn fill(&mut self, parent: Id, rest: &mut Vec<Chunk>) {
        while let Some((target, element, slashes, content)) = self
            .slashes
            .last()
            .map(|entry| (entry.target, entry.element, entry.slashes, entry.content))
        {
            let Some(block) = rest.pop() else {
                if let Some(entry) = self.slashes.last_mut() {
                    entry.waits = true;
                }
                return;
            };
            let items = if self.slashes.len() > 1 {
                self.items_above(parent, element)
            } else {
                0
            };
            let (block, behind) = if items > 0 {
                let (inner, behind) = block.detab(items * TAB);
                if inner.text().is_empty() && behind.is_some() {
                    (block, None)
                } else {
                    (inner, behind)
                }
            } else {
                (block, None)
            };
            rest.extend(behind);
            let ending = closing(block.text(), slashes);
            let good = match ending {
                Some((start, end)) => {
                    let bad = block.since(end.min(block.text().len()));
                    if !bad.text().is_empty() {
                        rest.push(bad);
                    }
                    block.part(0, start.saturating_sub(1))
                }
                None => block,
            };
            if ending.is_none() || !good.text().is_empty() {
                self.content(target, &good, content);
            }
            if ending.is_some() {
                self.end();
            }
        }
    }

    /// How many items of lists lie between `parent` and `element`.
    fn items_above(&self, parent: Id, element: Id) -> usize {
        let mut items = 0;
        let mut place = Some(parent);
        while let Some(id) = place.filter(|id| *id != element) {
            items += usize::from(matches!(self.tree.tag(id), "li" | "dd"));
            place = self.tree.last(id);
        }
        if place.is_some() { items } else { 0 }
    }

    /// Adds what stands in a block to its element.
    fn content(&mut self, target: Id, block: &Chunk, content: Content) {
        if content == Content::Blocks {
            self.states.push(State::Slash);
            self.chunk(target, block);
            self.states.pop();
            return;
        }
        let reverted = self.fences.reverted(block.text());
        let text = reverted.as_deref().unwrap_or(block.text());
        let text = text.trim_matches('\n');
        let place = match self.tree.last(target) {
            Some(child) => &mut self.tree.edit(child).tail,
            None => &mut self.tree.edit(target).text,
        };
        if !place.words.is_empty() && !text.is_empty() {
            place.words.push_str("\n\n");
        }
        place.words.push_str(text);
        place.atomic = content != Content::Span;
    }

    /// Closes the innermost block.
    fn end(&mut self) {
        let Some(entry) = self.slashes.pop() else {
            return;
        };
        match entry.content {
            Content::Raw | Content::Html => {
                let text = std::mem::take(&mut self.tree.edit(entry.target).text).words;
                let text = if entry.content == Content::Raw {
                    crate::techdocs::markdown::write::escaped(&text)
                } else {
                    text
                };
                let placeholder = self.stash.html(text);
                self.tree.edit(entry.target).text = Text::atomic(placeholder);
            }
            Content::Blocks if entry.defines => self.defined(entry.element),
            Content::Blocks | Content::Span => {}
        }
    }

    /// Paragraphs become terms, items of lists their meanings.
    fn defined(&mut self, list: Id) {
        let mut held = Vec::new();
        for child in std::mem::take(&mut self.tree.edit(list).children) {
            match self.tree.tag(child) {
                "dt" | "dd" => held.push(child),
                "ul" | "ol" => {
                    for item in std::mem::take(&mut self.tree.edit(child).children) {
                        self.tree.edit(item).tag = "dd".into();
                        held.push(item);
                    }
                }
                "p" => {
                    self.tree.edit(child).tag = "dt".into();
                    held.push(child);
                }
                _ => {
                    let line = self.tree.get(child).line;
                    let term = self.tree.create("dt", line);
                    self.tree.edit(term).children.push(child);
                    held.push(term);
                }
            }
        }
        self.tree.edit(list).children = held;
    }
}
