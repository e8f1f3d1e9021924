//! Blocks between slashes, pymdownx' `blocks`:
//!
//! ```text
//! /// note | Title
//!     open: true
//!
//! Content.
//! ///
//! ```

use super::{Parser, find, unindented};
use crate::techdocs::markdown::chunk::{Chunk, Mark};
use crate::techdocs::markdown::dom::{Id, Text};
use crate::techdocs::markdown::raw::tag::is_block;

/// The names that are admonitions, of pymdownx' own and of TechDocs' list.
const CALLOUTS: &[&str] = &[
    "abstract",
    "admonition",
    "attention",
    "bug",
    "caution",
    "danger",
    "error",
    "example",
    "failure",
    "hint",
    "important",
    "info",
    "new",
    "note",
    "question",
    "quote",
    "settings",
    "success",
    "tip",
    "warning",
];

/// An opening line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Opening<'l> {
    slashes: usize,
    name: &'l str,
    argument: Option<&'l str>,
}

/// What is set below an opening line.
#[derive(Debug, Default)]
struct Settings<'t> {
    kind: &'t str,
    open: bool,
    new: bool,
    select: bool,
}

impl Parser<'_> {
    /// A block that opens here, with all up to the line that ends it.
    pub(super) fn slash(&mut self, parent: Id, block: &Chunk, rest: &mut Vec<Chunk>) -> bool {
        if !self.options.slash_blocks {
            return false;
        }
        let is_opening = |line: &str| opening(line).is_some_and(|opening| is_known(opening.name));
        let Some((start, end)) = find(block, Mark::Slash, is_opening) else {
            return false;
        };
        let line = block.part(start, end);
        let Some(opening) = opening(line.text()) else {
            return false;
        };
        if start > 1 {
            self.blocks(parent, vec![block.part(0, start - 1)]);
        }
        let number = self.line(&line);
        let first = block.since((end + 1).min(block.text().len()));
        let (set, skipped) = settings(first.text());
        let target = self.open_slash(parent, opening, &set, number);
        let mut next = Some(first.since(skipped));
        let mut content = Vec::new();
        while let Some(chunk) = next.take().or_else(|| rest.pop()) {
            match closing(chunk.text(), opening.slashes) {
                Some((start, end)) => {
                    content.push(chunk.before_line(start));
                    let behind = chunk.since((end + 1).min(chunk.text().len()));
                    if !behind.text().is_empty() {
                        rest.push(behind);
                    }
                    break;
                }
                None => content.push(chunk),
            }
        }
        let is_text = !is_block(self.tree.tag(target)) || self.tree.tag(target) == "p";
        if is_text {
            let text: Vec<&str> = content.iter().map(Chunk::text).collect();
            let text = text.join("\n\n");
            self.tree.edit(target).text = Text::open(text.trim_matches('\n'));
        } else {
            self.blocks(target, content);
        }
        if opening.name == "define" {
            self.defined(target);
        }
        true
    }

    /// The element that a block becomes; what it holds goes into the one that is given back.
    fn open_slash(
        &mut self,
        parent: Id,
        opening: Opening<'_>,
        set: &Settings<'_>,
        line: u32,
    ) -> Id {
        let name = opening.name;
        if name == "tab" {
            let label = opening.argument.unwrap_or_default();
            return self.open_tab(parent, line, label, set.new, set.select);
        }
        if name == "define" {
            return self.tree.append(parent, "dl", line);
        }
        if name.ends_with("caption") {
            return self.tree.append(parent, "figcaption", line);
        }
        if name == "html" {
            return self.open_html(parent, opening.argument.unwrap_or("div"), line);
        }
        let (details, kind) = match name.strip_prefix("details") {
            Some(kind) => (true, kind.trim_start_matches('-')),
            None => (false, if name == "admonition" { "" } else { name }),
        };
        let kind = if kind.is_empty() { set.kind } else { kind };
        let tag = if details { "details" } else { "div" };
        let id = self.tree.append(parent, tag, line);
        if !details {
            self.tree.edit(id).add_class("admonition");
        }
        if !kind.is_empty() {
            self.tree.edit(id).add_class(kind);
        }
        if set.open {
            self.tree.edit(id).set("open", "open");
        }
        let title = match opening.argument {
            Some(title) => title.to_owned(),
            None => titled(kind),
        };
        if !title.is_empty() {
            let tag = if details { "summary" } else { "p" };
            let head = self.tree.append(id, tag, line);
            self.tree.edit(head).text = Text::open(title);
            if !details {
                self.tree.edit(head).set("class", "admonition-title");
            }
        }
        id
    }

    /// `/// html | div.class#id`.
    fn open_html(&mut self, parent: Id, selector: &str, line: u32) -> Id {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let end = selector.find(|c| !is_name(c)).unwrap_or(selector.len());
        let (tag, mut rest) = selector.split_at_checked(end).unwrap_or((selector, ""));
        let tag = tag.to_ascii_lowercase();
        let is_safe = !tag.is_empty() && !matches!(tag.as_str(), "script" | "style" | "iframe");
        let id = self
            .tree
            .append(parent, if is_safe { &tag } else { "div" }, line);
        while let Some(sign @ ('.' | '#')) = rest.chars().next() {
            let body = rest.get(1..).unwrap_or_default();
            let end = body.find(['.', '#', '[', ' ']).unwrap_or(body.len());
            let (name, behind) = body.split_at_checked(end).unwrap_or((body, ""));
            if sign == '.' {
                self.tree.edit(id).add_class(name);
            } else {
                self.tree.edit(id).set("id", name);
            }
            rest = behind;
        }
        id
    }

    /// Paragraphs become terms, items of lists their meanings.
    fn defined(&mut self, list: Id) {
        let mut held = Vec::new();
        for child in std::mem::take(&mut self.tree.edit(list).children) {
            if matches!(self.tree.tag(child), "ul" | "ol") {
                for item in std::mem::take(&mut self.tree.edit(child).children) {
                    "dd".clone_into(&mut self.tree.edit(item).tag);
                    held.push(item);
                }
            } else {
                if self.tree.tag(child) == "p" {
                    "dt".clone_into(&mut self.tree.edit(child).tag);
                }
                held.push(child);
            }
        }
        self.tree.edit(list).children = held;
    }
}

/// What a line opens.
fn opening(line: &str) -> Option<Opening<'_>> {
    let body = unindented(line, 3)?;
    let behind = body.trim_start_matches('/');
    let slashes = body.len() - behind.len();
    let (name, argument) = match behind.split_once('|') {
        Some((name, argument)) => (name, Some(argument.trim_matches(' '))),
        None => (behind, None),
    };
    let name = name.trim_matches(' ');
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    (slashes >= 3 && !name.is_empty() && name.chars().all(is_name)).then_some(Opening {
        slashes,
        name,
        argument,
    })
}

/// Whether there is a block of this name.
fn is_known(name: &str) -> bool {
    CALLOUTS.contains(&name)
        || matches!(name, "tab" | "define" | "html" | "details")
        || name.ends_with("caption")
        || name
            .strip_prefix("details-")
            .is_some_and(|kind| CALLOUTS.contains(&kind))
}

/// Where the line stands that ends a block of so many slashes.
fn closing(text: &str, slashes: usize) -> Option<(usize, usize)> {
    let mut at = 0;
    for line in text.split('\n') {
        let body = unindented(line, 3).map(|body| body.trim_end_matches(' '));
        if body.is_some_and(|body| body.len() == slashes && body.bytes().all(|byte| byte == b'/')) {
            return Some((at, at + line.len()));
        }
        at += line.len() + 1;
    }
    None
}

/// The settings that `text` begins with, each on an indented line, and how many bytes they take.
fn settings(text: &str) -> (Settings<'_>, usize) {
    let mut set = Settings::default();
    let mut taken = 0;
    for line in text.split('\n') {
        let Some((key, value)) = line
            .strip_prefix("    ")
            .and_then(|line| line.split_once(':'))
        else {
            break;
        };
        let value = value.trim();
        match key.trim() {
            "type" => set.kind = value.trim_matches(['"', '\'']),
            "open" => set.open = value.eq_ignore_ascii_case("true"),
            "new" => set.new = value.eq_ignore_ascii_case("true"),
            "select" => set.select = value.eq_ignore_ascii_case("true"),
            _ => {}
        }
        taken += line.len() + 1;
    }
    (set, taken.min(text.len()))
}

/// A kind as a title: each word with a capital.
fn titled(kind: &str) -> String {
    let words = kind.split(['-', '_']).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(crate::catalog::text::capitalized).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opening_lines_have_a_name_and_an_argument() {
        let of = |line| opening(line).map(|it| (it.slashes, it.name, it.argument));
        assert_eq!(of("/// note"), Some((3, "note", None)));
        assert_eq!(of("  //// tab | A b "), Some((4, "tab", Some("A b"))));
        assert_eq!(of("///"), None);
        assert_eq!(of("// note"), None);
        assert_eq!(closing("a\n///\nb", 3), Some((2, 5)));
        assert_eq!(closing("a\n////\nb", 3), None);
        assert!(is_known("details-tip") && !is_known("other"));
    }
}
