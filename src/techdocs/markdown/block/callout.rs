//! Admonitions, details and content tabs: an opening line, and below it what is indented by four columns, over as many
//! blocks as there are.

use super::{Parser, find};
use crate::catalog::text::capitalized;
use crate::techdocs::markdown::chunk::{Chunk, Mark};
use crate::techdocs::markdown::dom::{Id, Text};

/// How far the content is indented, in columns.
const INDENT: usize = 4;
/// The classes of content tabs.
const TABS: &str = "tabbed-set tabbed-alternate";

/// An opening line.
#[derive(Debug, PartialEq, Eq)]
enum Opening<'l> {
    /// `!!! note "Title"`: classes and title.
    Admonition(&'l str, Option<&'l str>),
    /// `??? note "Title"`, `???+`: classes, title, whether it is open.
    Detail(Option<&'l str>, Option<&'l str>, bool),
    /// `=== "Label"`: label, whether it begins a new set, whether it is the one in sight.
    Tab(&'l str, bool, bool),
}

/// What may go on below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Admonition,
    Detail,
    Tab,
}

/// Whether a line opens what is looked for.
type IsMarked = fn(&str) -> bool;

impl Parser<'_> {
    /// What opens or goes on with an admonition, a detail or a tab.
    pub(super) fn container(&mut self, parent: Id, block: &Chunk, rest: &mut Vec<Chunk>) -> bool {
        if !self.options.callouts {
            return false;
        }
        let kinds: [(Kind, Mark, IsMarked); 3] = [
            (Kind::Admonition, Mark::Callout, |line| {
                matches!(opening(line), Some(Opening::Admonition(..)))
            }),
            (Kind::Detail, Mark::Detail, |line| {
                matches!(opening(line), Some(Opening::Detail(..)))
            }),
            (Kind::Tab, Mark::Tab, |line| {
                matches!(opening(line), Some(Opening::Tab(..)))
            }),
        ];
        for (kind, mark, is_marked) in kinds {
            if let Some((start, end)) = find(block, mark, is_marked) {
                if start > 1 {
                    self.blocks(parent, vec![block.part(0, start - 1)]);
                }
                let line = block.part(start, end);
                let body = block.since((end + 1).min(block.text().len()));
                self.open(parent, &line, &body, rest);
                return true;
            }
            if let Some((sibling, indent)) = self.continued(parent, block, kind) {
                let (content, behind) = block.detab(indent);
                let target = if matches!(self.tree.tag(sibling), "li" | "dd")
                    && !self.tree.get(sibling).text.is_empty()
                {
                    self.text_last(sibling);
                    sibling
                } else if kind == Kind::Tab && self.is_tabs(sibling) {
                    self.last_tab(sibling).unwrap_or(sibling)
                } else {
                    sibling
                };
                self.chunk(target, &content);
                rest.extend(behind);
                return true;
            }
        }
        false
    }

    fn open(&mut self, parent: Id, line: &Chunk, body: &Chunk, rest: &mut Vec<Chunk>) {
        let number = self.line(line);
        let target = match opening(line.text()) {
            Some(Opening::Admonition(classes, title)) => {
                let classes = folded(classes);
                let div = self.tree.append(parent, "div", number);
                self.tree
                    .edit(div)
                    .set("class", format!("admonition {classes}"));
                let title = title.map_or_else(|| default_title(&classes), str::to_owned);
                if !title.is_empty() {
                    let id = self.tree.append(div, "p", number);
                    self.tree.edit(id).text = Text::open(title);
                    self.tree.edit(id).set("class", "admonition-title");
                }
                div
            }
            Some(Opening::Detail(classes, title, open)) => {
                let classes = classes.map(folded).unwrap_or_default();
                let details = self.tree.append(parent, "details", number);
                if !classes.is_empty() {
                    self.tree.edit(details).set("class", classes.clone());
                }
                if open {
                    self.tree.edit(details).set("open", "open");
                }
                let title = title.map_or_else(|| default_title(&classes), str::to_owned);
                let summary = self.tree.append(details, "summary", number);
                self.tree.edit(summary).text = Text::open(title);
                details
            }
            Some(Opening::Tab(label, new, chosen)) => {
                self.open_tab(parent, number, label, new, chosen)
            }
            None => parent,
        };
        let (content, behind) = body.detab(INDENT);
        self.chunk(target, &content);
        rest.extend(behind);
    }

    /// A new tab, in the set that `parent` ends with or in a new one.
    pub(super) fn open_tab(
        &mut self,
        parent: Id,
        line: u32,
        label: &str,
        new: bool,
        chosen: bool,
    ) -> Id {
        let known = self.tree.last(parent).filter(|last| self.is_tabs(*last));
        let set = if let Some(set) = known.filter(|_| !new) {
            set
        } else {
            let set = self.tree.append(parent, "div", line);
            self.tree.edit(set).set("class", TABS);
            for class in ["tabbed-labels", "tabbed-content"] {
                let part = self.tree.append(set, "div", line);
                self.tree.edit(part).set("class", class);
            }
            set
        };
        let (labels, content) = match self.tree.get(set).children.as_slice() {
            [.., labels, content] => (*labels, *content),
            _ => (set, set),
        };
        let id = self.tree.append(labels, "label", line);
        self.tree.edit(id).text = Text::open(label);
        if chosen {
            self.tree.edit(id).set("class", "tabbed-chosen");
        }
        let block = self.tree.append(content, "div", line);
        self.tree.edit(block).set("class", "tabbed-block");
        block
    }

    /// The element at the end of `parent` that `block` goes on with, and how far it is indented for that.
    fn continued(&self, parent: Id, block: &Chunk, kind: Kind) -> Option<(Id, usize)> {
        if !block.is_indented(INDENT) {
            return None;
        }
        let mut sibling = self.tree.last(parent)?;
        let element = self.tree.get(sibling);
        let is_of_kind = match kind {
            Kind::Admonition => {
                let classes = element.attribute("class").unwrap_or_default();
                element.tag == "div" && classes.contains("admonition")
            }
            Kind::Detail => element.tag == "details",
            Kind::Tab => self.is_tabs(sibling),
        };
        if !is_of_kind {
            return None;
        }
        let is_list = |id: Id| matches!(self.tree.tag(id), "ul" | "ol" | "dl");
        let mut indent = 0;
        let mut last = match kind {
            Kind::Tab => self.last_tab(sibling),
            _ => self.tree.last(sibling),
        };
        while let Some(inner) = last.filter(|_| block.is_indented(indent + INDENT * 2)) {
            let mut list = inner;
            if kind == Kind::Tab && !is_list(list) && self.has_class(list, "tabbed-block") {
                match self.tree.last(list).filter(|below| is_list(*below)) {
                    Some(below) => list = below,
                    None => break,
                }
            }
            if !is_list(list) {
                break;
            }
            sibling = self.tree.last(list)?;
            last = self.tree.last(sibling);
            indent += INDENT;
        }
        Some((sibling, indent + INDENT))
    }

    fn has_class(&self, id: Id, class: &str) -> bool {
        self.tree.get(id).attribute("class") == Some(class)
    }

    fn is_tabs(&self, id: Id) -> bool {
        self.tree.tag(id) == "div" && self.has_class(id, TABS)
    }

    /// The last tab of a set.
    fn last_tab(&self, set: Id) -> Option<Id> {
        self.tree.last(self.tree.last(set)?)
    }

    /// Moves an item's text into a paragraph behind what it holds.
    pub(super) fn text_last(&mut self, item: Id) {
        if self.tree.get(item).text.is_empty() {
            return;
        }
        let (text, line) = {
            let item = self.tree.edit(item);
            (std::mem::take(&mut item.text), item.line)
        };
        let paragraph = self.tree.append(item, "p", line);
        self.tree.edit(paragraph).text = text;
    }
}

/// What a line opens.
fn opening(line: &str) -> Option<Opening<'_>> {
    if let Some(rest) = line.strip_prefix("!!!") {
        let (classes, title) = words_and_title(rest.strip_prefix(' ').unwrap_or(rest))?;
        return Some(Opening::Admonition(classes?, title));
    }
    if let Some(rest) = line.strip_prefix("???") {
        let open = rest.starts_with('+');
        let rest = rest.strip_prefix('+').unwrap_or(rest);
        let trimmed = rest.strip_prefix(' ').unwrap_or(rest);
        let (classes, title) = words_and_title(trimmed).or_else(|| words_and_title(rest))?;
        return Some(Opening::Detail(classes, title, open));
    }
    let rest = line.strip_prefix("===")?;
    let quoted = rest.trim_start_matches(['!', '+']);
    let marks = rest.get(..rest.len() - quoted.len())?;
    if !matches!(marks, "" | "!" | "+" | "+!" | "!+") {
        return None;
    }
    let label = spaced_title(quoted)?;
    Some(Opening::Tab(
        label,
        marks.contains('!'),
        marks.contains('+'),
    ))
}

/// Words, of which each may be a class, and behind them perhaps a title in quotation marks.
fn words_and_title(text: &str) -> Option<(Option<&str>, Option<&str>)> {
    let is_class = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ');
    let end = text.find(|c| !is_class(c)).unwrap_or(text.len());
    let (words, behind) = text.split_at_checked(end)?;
    let title = if behind.is_empty() {
        None
    } else {
        let spaces = words.len() - words.trim_end_matches(' ').len();
        let from = end - spaces;
        Some(spaced_title(text.get(from..)?).or_else(|| {
            // Where there are no words, one space may have been taken already.
            (words.is_empty()).then(|| quoted(behind)).flatten()
        })?)
    };
    let words = words.trim_end_matches(' ');
    if words.starts_with(' ') || (words.is_empty() && title.is_none()) {
        return None;
    }
    Some((Some(words).filter(|words| !words.is_empty()), title))
}

/// A title in quotation marks behind at least one space, and nothing behind it.
fn spaced_title(text: &str) -> Option<&str> {
    let trimmed = text.trim_start_matches(' ');
    (trimmed.len() < text.len()).then(|| quoted(trimmed))?
}

fn quoted(text: &str) -> Option<&str> {
    text.trim_end_matches(' ')
        .strip_prefix('"')?
        .strip_suffix('"')
}

/// Classes in lower case, with single spaces between them.
fn folded(classes: &str) -> String {
    let words: Vec<&str> = classes.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ").to_lowercase()
}

/// The title where none is given: the first class.
fn default_title(classes: &str) -> String {
    capitalized(classes.split(' ').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opening_lines_are_told_from_text() {
        use Opening::{Admonition, Detail, Tab};
        assert_eq!(opening("!!! note"), Some(Admonition("note", None)));
        assert_eq!(
            opening("!!!danger inline end \"Mind \"it\"\"  "),
            Some(Admonition("danger inline end", Some("Mind \"it\"")))
        );
        assert_eq!(opening("!!! note \"\""), Some(Admonition("note", Some(""))));
        assert_eq!(opening("!!! note: more"), None);
        assert_eq!(opening("!!! \"Title\""), None);
        assert_eq!(
            opening("??? \"More\""),
            Some(Detail(None, Some("More"), false))
        );
        assert_eq!(opening("???+ tip"), Some(Detail(Some("tip"), None, true)));
        assert_eq!(opening("???"), None);
        assert_eq!(opening("===! \"A b\""), Some(Tab("A b", true, false)));
        assert_eq!(opening("===\"A\""), None);
        assert_eq!(opening("==="), None);
    }
}
