//! Code, as pymdownx' highlighter writes it: numbered lines beside it, marked lines within.

use super::blocks::{Reader, gather};
use super::tree::{Element, Node};
use crate::catalog::text::one_line;
use crate::techdocs::document::{BlockKind, Code};
use crate::techdocs::markdown::entity;

impl Reader {
    /// The code in `element`, which is a `pre` or holds one.
    pub(super) fn code(&mut self, element: &Element<'_>) -> BlockKind {
        let mut blocks = Vec::new();
        if element.name == "pre" {
            blocks.push(element);
        } else {
            gather(element, "pre", &[], &mut blocks);
        }
        // The numbers of the lines stand in a block of their own, before the code.
        let pre = blocks.last().copied().unwrap_or(element);
        let inner = pre.find(&|inner| inner.name == "code");
        let mut lines = Lines::default();
        lines.add(&inner.unwrap_or(pre).children);
        let title = element.find(&|inner| inner.is("filename"));
        let named = [Some(element), Some(pre), inner];
        let language = named.into_iter().flatten().find_map(language);
        if let Some(marked) = element.attribute("data-marked") {
            lines.marked = marked_lines(&marked);
        }
        let is_diagram = pre.is("mermaid") || language.as_deref() == Some("mermaid");
        let language = if is_diagram {
            Some("mermaid".to_owned())
        } else {
            language
        };
        let mut text = lines.text.trim_matches('\n').to_owned();
        text.push('\n');
        let at = self.document.codes.len();
        self.document.codes.push(Code {
            language,
            title: title.map(|title| one_line(&title.text(&|_| false))),
            text,
            marked: lines.marked,
        });
        if is_diagram {
            BlockKind::Diagram(at)
        } else {
            BlockKind::Code(at)
        }
    }
}

/// The text of a block of code as it is read.
#[derive(Default)]
struct Lines {
    text: String,
    marked: Vec<u32>,
}

impl Lines {
    fn add(&mut self, nodes: &[Node<'_>]) {
        for node in nodes {
            match node {
                Node::Text(text) => self.text.push_str(&entity::decoded(text)),
                Node::Element(element) if element.is("linenos") || element.is("lineno") => {}
                Node::Element(element) => {
                    if element.name == "br" {
                        self.text.push('\n');
                    }
                    if element.is("hll") {
                        let line = self.text.matches('\n').count() + 1;
                        self.marked.extend(u32::try_from(line));
                    }
                    self.add(&element.children);
                }
            }
        }
    }
}

/// The line numbers of `1 3-4`.
fn marked_lines(value: &str) -> Vec<u32> {
    let mut lines = Vec::new();
    for part in value.split_whitespace() {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        if let (Ok(first), Ok(last)) = (first.parse::<u32>(), last.parse::<u32>()) {
            lines.extend((first..=last).take(1_000));
        }
    }
    lines
}

/// The language that a class names; `text` is what the highlighter calls no language.
fn language(element: &Element<'_>) -> Option<String> {
    let mut classes = element.classes();
    let language = classes.find_map(|class| class.strip_prefix("language-"))?;
    (!matches!(language, "text" | "")).then(|| language.to_ascii_lowercase())
}
