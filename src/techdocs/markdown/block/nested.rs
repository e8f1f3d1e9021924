//! Markdown within HTML: `MarkdownInHtmlProcessor`.

use super::Parser;
use crate::techdocs::markdown::chunk::Chunk;
use crate::techdocs::markdown::dom::{Id, Text};
use crate::techdocs::markdown::stash::{self, Raw};

impl Parser<'_> {
    /// An element that was taken out comes back, its content parsed.
    pub(super) fn nested(&mut self, parent: Id, block: &Chunk, rest: &mut Vec<Chunk>) -> bool {
        let Some((number, length)) = stash::placeholder(block.text()) else {
            return false;
        };
        let Some(Raw::Element(id)) = self.stash.get(number) else {
            return false;
        };
        let id = *id;
        self.stash.clear(number);
        self.tree.edit(parent).children.push(id);
        self.element(id);
        let behind = block.since(length);
        if !behind.text().is_empty() {
            rest.push(behind);
        }
        true
    }

    /// Parses the text of an element as its attribute `markdown` says.
    fn element(&mut self, id: Id) {
        let element = self.tree.edit(id);
        let reading = element.attribute("markdown").unwrap_or("off").to_owned();
        element.attributes.retain(|(key, _)| key != "markdown");
        let line = element.line;
        match reading.as_str() {
            "block" => {
                let text = std::mem::take(&mut element.text).words;
                let text = text.trim_end_matches('\n');
                // The lines of its text count from its own.
                let at = self.numbers.len();
                let lines = u32::try_from(text.split('\n').count()).unwrap_or(u32::MAX);
                self.numbers.extend(line..line.saturating_add(lines));
                let chunk = Chunk::new(text.to_owned(), at);
                self.chunk(id, &chunk);
            }
            "span" => {
                let text = std::mem::take(&mut element.text).words;
                self.span(id, &text);
            }
            _ => {
                element.text.atomic = true;
                let children = element.children.clone();
                for child in children {
                    self.element(child);
                    self.tree.edit(child).tail.atomic = true;
                }
            }
        }
    }

    /// Puts elements that stand in the text of `id` back.
    fn span(&mut self, id: Id, text: &str) {
        let mut rest = text;
        let mut last: Option<Id> = None;
        while let Some(at) = rest.find(stash::OPEN) {
            let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.add(id, last, before);
            let found = stash::placeholder(tail);
            let element = found.and_then(|(number, length)| match self.stash.get(number) {
                Some(Raw::Element(child)) => Some((*child, number, length)),
                _ => None,
            });
            let length = match (element, found) {
                (Some((child, number, length)), _) => {
                    self.stash.clear(number);
                    self.tree.edit(id).children.push(child);
                    self.element(child);
                    last = Some(child);
                    length
                }
                (None, Some((_, length))) => {
                    self.add(id, last, tail.get(..length).unwrap_or_default());
                    length
                }
                (None, None) => {
                    self.add(id, last, tail.get(..1).unwrap_or_default());
                    1
                }
            };
            rest = tail.get(length..).unwrap_or_default();
        }
        self.add(id, last, rest);
    }

    /// Adds text behind `last`, or to `id` where there is none.
    fn add(&mut self, id: Id, last: Option<Id>, text: &str) {
        let place: &mut Text = match last {
            Some(last) => &mut self.tree.edit(last).tail,
            None => &mut self.tree.edit(id).text,
        };
        place.words.push_str(text);
    }
}
