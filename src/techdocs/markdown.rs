//! Markdown as Python-Markdown with TechDocs' extensions reads it → [`Document`].
//!
//! Python-Markdown's block syntax (admonitions, details, tabs, fences at any indentation, footnotes, four-space lists)
//! is not CommonMark's, so the work is parted as Python-Markdown itself does it: [`scan`] walks the lines, takes such
//! blocks out and leaves a placeholder in their place, and brings what remains into a form that CommonMark reads
//! alike; pulldown-cmark reads that, and [`build`] puts blocks together, reading what was taken out when it comes to
//! its placeholder. Line numbers go along all the way.

mod build;
pub(super) mod entity;
mod fence;
mod front;
pub(super) mod html;
pub(super) mod inline;
mod keys;
mod polish;
mod refs;
mod scan;
pub(super) mod slug;
mod source;
mod syntax;

use super::document::{Block, BlockKind, Document, Face, Span, SpanStyle};

/// Reads a page. Never fails: what is not understood is shown as it stands.
pub fn parse(text: &str) -> Document {
    let prepared = source::Prepared::new(text);
    let all = prepared.lines();
    let (front, lines) = front::split(&all);
    let refs = refs::Refs::gather(lines);
    let mut page = build::Page::new(&refs);
    let mut blocks = page.blocks(lines, 0);
    blocks.extend(page.footnotes());
    if prepared.cut {
        blocks.push(remark(
            "The page is longer than 4 MiB; the rest is not shown.",
        ));
    }
    let mut document = page.document;
    document.title = front.and_then(front::title);
    document.blocks = blocks;
    document
}

/// What a page calls itself: by its front matter, else by the top heading that it begins with.
pub fn title_of(document: &Document) -> Option<String> {
    let heading = document.headings.first();
    let heading = heading.filter(|heading| heading.level == 1);
    let title = document.title.clone();
    title
        .or_else(|| heading.map(|heading| heading.text.clone()))
        .filter(|title| !title.is_empty())
}

/// A remark of the reader, as a block.
pub(super) fn remark(text: &str) -> Block {
    let style = SpanStyle {
        face: Face::Remark,
        ..SpanStyle::default()
    };
    let span = Span {
        text: text.to_owned(),
        style,
        link: None,
    };
    Block {
        line: 0,
        kind: BlockKind::Paragraph(vec![span]),
    }
}

/// The words of `spans` without their styles; images count for nothing.
pub(super) fn plain(spans: &[Span]) -> String {
    let read = spans
        .iter()
        .filter(|span| !matches!(span.style.face, Face::Image | Face::Footnote));
    let text: String = read.map(|span| span.text.as_str()).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
