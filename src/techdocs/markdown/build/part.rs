//! Placeholders become the blocks that they stand for.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::super::inline::push;
use super::super::scan::Part;
use super::super::source::{CLOSE, OPEN, SourceLine};
use super::super::{html, remark, syntax};
use super::Builder;
use crate::catalog::text::clean;
use crate::techdocs::document::{Admonition, BlockKind, Face, Span, SpanStyle, Tabs};

/// The number of the part that a paragraph of these spans stands for.
pub(super) fn placeholder(spans: &[Span]) -> Option<usize> {
    let [span] = spans else {
        return None;
    };
    span.text
        .strip_prefix(OPEN)?
        .strip_suffix(CLOSE)?
        .parse()
        .ok()
}

/// The id that an attribute list at a heading's end asks for; the list is dropped.
pub(super) fn heading_id(spans: &mut [Span]) -> Option<String> {
    let last = spans
        .last_mut()
        .filter(|span| span.style.face == Face::Text)?;
    let at = last.text.rfind('{')?;
    let (words, attributes) = last.text.split_at_checked(at)?;
    let attributes = attributes.trim_end();
    if !syntax::is_attributes(attributes) {
        return None;
    }
    let id = attributes
        .trim_matches(['{', '}', ':'])
        .split_whitespace()
        .find_map(|word| word.strip_prefix('#'));
    let id = id.map(str::to_owned);
    last.text = words.trim_end().to_owned();
    id
}

impl<'a> Builder<'_, 'a> {
    /// Puts the part of this number here; each is used once.
    pub(super) fn part(&mut self, number: usize) {
        let Some((line, part)) = self.parts.get_mut(number).and_then(Option::take) else {
            return;
        };
        self.line = line;
        let depth = self.depth + self.frames.depth();
        match part {
            Part::Code(code) => {
                let kind = self.page.code(code);
                self.block(kind);
            }
            Part::Callout(callout, lines) => {
                let title = match callout.title {
                    Some(title) => title.to_owned(),
                    None => capitalised(callout.name),
                };
                self.admonition(callout.name, &title, callout.fold, &lines);
            }
            Part::Tabs(tabs) => {
                // Labels are shown without their marks.
                let label = |label: &str| super::super::plain(&title_spans(label));
                let labels = tabs.iter().map(|(text, _)| label(text)).collect();
                let known = &mut self.page.document.tab_labels;
                let group = u32::try_from(known.len()).unwrap_or(u32::MAX);
                known.push(labels);
                let mut read = Tabs {
                    group,
                    tabs: Vec::new(),
                };
                for (text, lines) in tabs {
                    let blocks = self.page.blocks(&lines, depth + 1);
                    read.tabs.push((label(text), blocks));
                }
                self.block(BlockKind::Tabs(read));
            }
            Part::Quote(lines) => {
                if let Some((name, title)) = alert(&lines) {
                    self.admonition(name, &title, None, lines.get(1..).unwrap_or_default());
                } else {
                    let blocks = self.page.blocks(&lines, depth + 1);
                    self.block(BlockKind::Quote(blocks));
                }
            }
            Part::Nested(lines) => {
                for block in self.page.blocks(&lines, depth + 1) {
                    self.frames.push(block);
                }
            }
            Part::Html(text) => html::block(self, &text),
            Part::Absent(text) => {
                let mut block = remark(&text);
                block.line = line;
                self.frames.push(block);
            }
        }
    }

    fn admonition(
        &mut self,
        name: &str,
        title: &str,
        fold: Option<bool>,
        lines: &[SourceLine<'a>],
    ) {
        let depth = self.depth + self.frames.depth() + 1;
        let fold_number = fold.map(|_| {
            self.page.folds += 1;
            self.page.folds - 1
        });
        let title = title_spans(title);
        let blocks = self.page.blocks(lines, depth);
        self.block(BlockKind::Admonition(Admonition {
            name: name.to_owned(),
            title,
            fold: fold_number,
            open: fold.unwrap_or(true),
            blocks,
        }));
    }
}

/// The spans of a title: code, strong and emphasis are read; links lead nowhere from there.
fn title_spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut style = SpanStyle::default();
    for event in Parser::new(text) {
        let (text, face) = match event {
            Event::Text(text) => (text, Face::Text),
            Event::Code(text) => (text, Face::Code),
            Event::Start(Tag::Strong) => {
                style.strong = true;
                continue;
            }
            Event::End(TagEnd::Strong) => {
                style.strong = false;
                continue;
            }
            Event::Start(Tag::Emphasis) => {
                style.emphasis = true;
                continue;
            }
            Event::End(TagEnd::Emphasis) => {
                style.emphasis = false;
                continue;
            }
            _ => continue,
        };
        push(&mut spans, &clean(&text), SpanStyle { face, ..style }, None);
    }
    spans
}

/// Name and title of a quotation that is an alert as GitHub has it: `[!NOTE]`, with a title of its own as GitLab has it.
fn alert<'a>(lines: &[SourceLine<'a>]) -> Option<(&'a str, String)> {
    let (name, title) = lines.first()?.body().strip_prefix("[!")?.split_once(']')?;
    let known = [
        "note",
        "tip",
        "important",
        "warning",
        "caution",
        "danger",
        "info",
    ];
    if !known.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return None;
    }
    let title = title.trim();
    let title = if title.is_empty() {
        capitalised(&name.to_lowercase())
    } else {
        title.to_owned()
    };
    Some((name, title))
}

/// The first letter in upper case.
fn capitalised(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
