//! Lists as `mdx_truly_sane_lists` has them: nested by two columns unless the site says otherwise, never of two kinds at
//! once; and what is indented
//! below their items.

use super::{Parser, State};
use crate::techdocs::markdown::chunk::{Chunk, dedented};
use crate::techdocs::markdown::dom::Id;

/// What takes indented blocks: the tags of items, and of what holds them.
pub(super) struct Takers {
    items: &'static [&'static str],
    lists: &'static [&'static str],
    /// What is made where there is no item.
    item: &'static str,
}

/// `ListIndentProcessor`.
pub(super) const ITEMS: &Takers = &Takers {
    items: &["li"],
    lists: &["ul", "ol"],
    item: "li",
};

/// `DefListIndentProcessor`.
pub(super) const DEFINITIONS: &Takers = &Takers {
    items: &["dd", "li"],
    lists: &["dl", "ol", "ul"],
    item: "dd",
};

/// A kind of list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Ordered,
    Bulleted,
}

impl Kind {
    fn tag(self) -> &'static str {
        match self {
            Self::Ordered => "ol",
            Self::Bulleted => "ul",
        }
    }

    /// What stands behind the marker of a line that begins an item of this kind.
    fn item(self, line: &str, indent: usize) -> Option<&str> {
        let body = super::unindented(line, indent - 1)?;
        let behind = match self {
            Self::Ordered => numbered(body)?,
            Self::Bulleted => body.strip_prefix(['*', '+', '-'])?,
        };
        spaced(behind)
    }
}

/// What stands behind `1.`.
fn numbered(body: &str) -> Option<&str> {
    let rest = body.trim_start_matches(|c: char| c.is_ascii_digit());
    (rest.len() < body.len()).then(|| rest.strip_prefix('.'))?
}

/// What stands behind at least one space.
fn spaced(text: &str) -> Option<&str> {
    text.starts_with(' ').then(|| text.trim_start_matches(' '))
}

/// Whether the line is an item of either kind, one level down.
fn is_below(line: &str, indent: usize) -> bool {
    let body = line.trim_start_matches(' ');
    let spaces = line.len() - body.len();
    let marker = numbered(body).or_else(|| body.strip_prefix(['*', '+', '-']));
    (indent..indent * 2).contains(&spaces) && marker.and_then(spaced).is_some()
}

impl Parser<'_> {
    /// `TrulySaneOListProcessor` and `TrulySaneUListProcessor`.
    pub(super) fn list(&mut self, parent: Id, block: &Chunk, kind: Kind) -> bool {
        let first = block.lines().next().unwrap_or_default();
        let indent = self.options.list_indent;
        if kind.item(first, indent).is_none() {
            return false;
        }
        let mut items = items(block, kind, indent).into_iter();
        let tag = kind.tag();
        let list = match self.last_of(parent, &[tag]) {
            Some(list) => {
                self.loosen(list);
                if let Some(first) = items.next() {
                    let number = self.line(&first);
                    let item = self.tree.append(list, "li", number);
                    self.within(Some(State::LooseList), item, first);
                }
                list
            }
            None if matches!(self.tree.tag(parent), "ol" | "ul") => parent,
            None => {
                let number = self.line(block);
                self.tree.append(parent, tag, number)
            }
        };
        for content in items {
            let item = match self.tree.last(list) {
                Some(last) if content.is_indented(indent) => last,
                _ => {
                    let number = self.line(&content);
                    self.tree.append(list, "li", number)
                }
            };
            self.within(Some(State::List), item, content);
        }
        true
    }

    /// The last item of a list that goes on after an empty line gets paragraphs.
    fn loosen(&mut self, list: Id) {
        let Some(item) = self.tree.last(list) else {
            return;
        };
        self.tree.wrap_text(item);
        if let Some(last) = self.tree.last(item) {
            let tail = std::mem::take(&mut self.tree.edit(last).tail);
            if !tail.is_empty() {
                let line = self.tree.get(item).line;
                let paragraph = self.tree.append(item, "p", line);
                let text = &mut self.tree.edit(paragraph).text;
                tail.words.trim_start().clone_into(&mut text.words);
            }
        }
    }

    /// What is indented below a list belongs to the item that stands so far in.
    pub(super) fn indented(&mut self, parent: Id, block: &Chunk, takers: &Takers) -> bool {
        let indent = self.options.list_indent;
        let is_item = takers.items.contains(&self.tree.tag(parent));
        if !block.is_indented(indent)
            || self.is_state(State::Detabbed)
            || !(is_item || self.last_of(parent, takers.lists).is_some())
        {
            return false;
        }
        let (level, sibling) = self.level(parent, block, takers);
        let block = block.loose_detab(indent * level);
        self.states.push(State::Detabbed);
        let is_list = |parser: &Self, id| takers.lists.contains(&parser.tree.tag(id));
        let last_item = self.last_of(sibling, takers.items);
        if is_item {
            let inner = self.tree.last(parent).filter(|last| is_list(self, *last));
            self.within(None, inner.unwrap_or(parent), block);
        } else if takers.items.contains(&self.tree.tag(sibling)) {
            self.within(None, sibling, block);
        } else if let Some(item) = last_item {
            self.tree.wrap_text(item);
            self.chunk(item, &block);
        } else {
            let number = self.line(&block);
            let item = self.tree.append(sibling, takers.item, number);
            self.within(None, item, block);
        }
        self.states.pop();
        true
    }

    /// How many levels in `block` belongs, and to what there.
    fn level(&self, parent: Id, block: &Chunk, takers: &Takers) -> (usize, Id) {
        let text = block.text();
        let spaces = text.len() - text.trim_start_matches(' ').len();
        let wanted = spaces / self.options.list_indent;
        let mut level = usize::from(self.is_state(State::List));
        let mut parent = parent;
        while wanted > level {
            let Some(child) = self.tree.last(parent) else {
                break;
            };
            let tag = self.tree.tag(child);
            if takers.lists.contains(&tag) {
                level += 1;
            } else if !takers.items.contains(&tag) {
                break;
            }
            parent = child;
        }
        (level, parent)
    }
}

/// The items of a block, each without its marker; those one level down still have theirs.
fn items(block: &Chunk, kind: Kind, indent: usize) -> Vec<Chunk> {
    let mut items: Vec<(usize, String)> = Vec::new();
    for (number, line) in block.lines().enumerate() {
        let item = kind.item(line, indent);
        let below = item.is_none() && is_below(line, indent);
        match items.last_mut() {
            Some((_, last)) if item.is_none() && (!below || dedented(last, indent).is_some()) => {
                last.push('\n');
                last.push_str(line);
            }
            _ => items.push((block.at + number, item.unwrap_or(line).to_owned())),
        }
    }
    items
        .into_iter()
        .map(|(at, text)| Chunk::new(text, at))
        .collect()
}
