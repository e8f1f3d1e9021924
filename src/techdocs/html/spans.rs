//! Text that flows, with its marks, links and images.

use super::blocks::Reader;
use super::inline::{Inline, Mark};
use super::tree::{Element, Node};
use crate::catalog::text::one_line;
use crate::techdocs::document::{Face, Image, Span};
use crate::techdocs::markdown::entity;

/// A paragraph being put together.
#[derive(Debug, Default)]
pub(super) struct Words {
    inline: Inline,
    faces: Vec<Face>,
    /// Whether white space is due before the next word.
    gap: bool,
    /// Whether there is something already.
    begun: bool,
    /// The line of the source at which it begins.
    pub(super) line: u32,
    /// The images in it, by their indexes in the document.
    pub(super) images: Vec<usize>,
    /// Whether it holds anything but images.
    pub(super) says: bool,
}

impl Words {
    /// The spans; `None` where there are no words.
    pub(super) fn finish(self, reader: &mut Reader) -> Option<Vec<Span>> {
        let spans = self.inline.finish(&mut reader.document.links);
        let says_something = spans.iter().any(|span| !span.text.trim().is_empty());
        says_something.then_some(spans)
    }
}

impl Reader {
    /// The spans of what `element` holds.
    pub(super) fn spans(&mut self, element: &Element<'_>) -> Vec<Span> {
        let mut words = Words::default();
        self.flow(&element.children, &mut words);
        words.finish(self).unwrap_or_default()
    }

    /// Adds `nodes` to a paragraph; blocks among them are parted by breaks.
    pub(super) fn flow(&mut self, nodes: &[Node<'_>], words: &mut Words) {
        for node in nodes {
            match node {
                Node::Text(text) => self.words(&entity::decoded(text), words),
                Node::Element(element) => self.inline(element, words),
            }
        }
    }

    /// Adds an element to a paragraph.
    pub(super) fn inline(&mut self, element: &Element<'_>, words: &mut Words) {
        if is_silent(element) {
            return;
        }
        match element.name.as_ref() {
            "a" => {
                if element.is("footnote-ref") {
                    let label = element.text(&|_| false);
                    self.literal(&format!("[{}]", label.trim()), Face::Footnote, words);
                    words.says = true;
                    return;
                }
                let href = element.attribute("href").unwrap_or_default();
                if href.is_empty() {
                    self.flow(&element.children, words);
                    return;
                }
                Self::close_gap(words);
                let links = &mut self.document.links;
                words.inline.open_link(&href, self.line, links);
                self.flow(&element.children, words);
                words.inline.close_link(&mut self.document.links);
            }
            "br" => {
                words.gap = false;
                words.inline.line_break();
            }
            "img" => self.image(element, words),
            "span" if element.is("arithmatex") => {
                self.literal(&one_line(&formula(element)), Face::Formula, words);
                words.says = true;
            }
            "input" => {}
            name => {
                let mark = mark(name);
                if let Some(mark) = mark {
                    Self::close_gap(words);
                    words.inline.open(mark);
                    if let Mark::Face(face) = mark {
                        words.faces.push(face);
                    }
                } else if !is_flowing(name) && words.begun {
                    words.gap = false;
                    words.inline.line_break();
                }
                self.flow(&element.children, words);
                if let Some(mark) = mark {
                    words.inline.close(mark);
                    if matches!(mark, Mark::Face(_)) {
                        words.faces.pop();
                    }
                }
            }
        }
    }

    fn image(&mut self, element: &Element<'_>, words: &mut Words) {
        let alt = one_line(&element.attribute("alt").unwrap_or_default());
        if element.classes().any(|class| class.contains("emoji")) {
            self.words(&alt, words);
            return;
        }
        let source = element.attribute("src").unwrap_or_default();
        let is_inline = source.starts_with("data:");
        let name = source.rsplit('/').next().unwrap_or_default();
        let shown = match (alt.is_empty(), name) {
            (false, _) => alt.clone(),
            (true, name) if !name.is_empty() && !is_inline => name.to_owned(),
            _ => "image".to_owned(),
        };
        words.images.push(self.document.images.len());
        self.document.images.push(Image {
            alt,
            source: if is_inline { String::new() } else { source },
            line: self.line,
        });
        self.literal(&shown, Face::Image, words);
    }

    fn literal(&mut self, text: &str, face: Face, words: &mut Words) {
        Self::close_gap(words);
        words.inline.literal(text, face);
        self.begin(words);
    }

    /// There is something in the paragraph.
    fn begin(&self, words: &mut Words) {
        if !std::mem::replace(&mut words.begun, true) {
            words.line = self.line;
        }
    }

    /// Words with their white space folded.
    fn words(&mut self, text: &str, words: &mut Words) {
        let face = words.faces.last().copied().unwrap_or_default();
        let mut folded = String::with_capacity(text.len());
        let mut rest = text;
        loop {
            let word = rest.trim_start();
            let (space, word) = rest
                .split_at_checked(rest.len() - word.len())
                .unwrap_or(("", word));
            if !space.is_empty() {
                words.gap |= words.begun;
                if self.line > 0 {
                    let lines = memchr::memchr_iter(b'\n', space.as_bytes()).count();
                    self.line = self
                        .line
                        .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
                }
            }
            if word.is_empty() {
                break;
            }
            let end = word.find(char::is_whitespace).unwrap_or(word.len());
            let (word, behind) = word.split_at_checked(end).unwrap_or((word, ""));
            if std::mem::take(&mut words.gap) {
                folded.push(' ');
            }
            folded.push_str(word);
            self.begin(words);
            words.says = true;
            rest = behind;
        }
        if !folded.is_empty() {
            words.inline.literal(&folded, face);
        }
    }

    /// Puts the white space that is due before what is set otherwise.
    fn close_gap(words: &mut Words) {
        if std::mem::take(&mut words.gap) {
            words.inline.literal(" ", Face::Text);
        }
    }
}

/// The formula in an element that arithmatex made, without what parts it from text.
pub(super) fn formula(element: &Element<'_>) -> String {
    // Where the site keeps a preview beside the formula, only the preview is text.
    let text = element.text(&|inner| inner.name == "script");
    let text = text.trim();
    let pairs = [("\\(", "\\)"), ("\\[", "\\]")];
    let inner = pairs
        .iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    inner.unwrap_or(text).trim().to_owned()
}

/// How a tag within a paragraph sets its text.
fn mark(name: &str) -> Option<Mark> {
    Some(match name {
        "b" | "strong" => Mark::Strong,
        "i" | "em" | "cite" | "var" | "dfn" => Mark::Emphasis,
        "s" | "del" | "strike" => Mark::Strike,
        "u" | "ins" => Mark::Underline,
        "mark" => Mark::Face(Face::Mark),
        "code" | "tt" | "samp" => Mark::Face(Face::Code),
        "kbd" => Mark::Face(Face::Key),
        _ => return None,
    })
}

/// Whether an element is none of the author's words: signs that the theme adds.
pub(super) fn is_silent(element: &Element<'_>) -> bool {
    const CLASSES: &[&str] = &[
        "headerlink",
        "footnote-backref",
        "md-content__button",
        "md-source-file",
        "toc",
        "linenos",
        "linenodiv",
    ];
    matches!(element.name.as_ref(), "nav" | "form" | "button" | "head")
        || element.classes().any(|class| CLASSES.contains(&class))
}

/// Whether a tag stands within a paragraph.
pub(super) fn is_flowing(name: &str) -> bool {
    const FLOWING: &[&str] = &[
        "a", "abbr", "bdi", "bdo", "big", "br", "font", "img", "input", "label", "picture", "q",
        "small", "source", "span", "sub", "sup", "time", "wbr", "data", "output", "ruby", "rt",
        "rp",
    ];
    FLOWING.contains(&name) || mark(name).is_some()
}
