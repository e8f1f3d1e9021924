//! A page of a finished site → [`Document`]: the HTML that MkDocs with Material for MkDocs makes of Markdown, read back.
//!
//! A site that is only served, as by a running Backstage, has no Markdown to read. What Python-Markdown, pymdownx and the
//! theme make of each block is known, so the same blocks come out: admonitions, tabs, code with its language, footnotes,
//! tasks. Tags that are not known are looked through; scripts and styles never count.

mod blocks;
mod callout;
mod code;
mod facts;
mod inline;
mod list;
mod nav;
pub(super) mod notes;
mod spans;
pub(super) mod token;
mod traces;
mod tree;

use super::document::Document;
use super::markdown::remark;
pub use facts::{Facts, facts};
pub(super) use list::{ListItem, last_list};
pub use nav::{SiteNav, nav, page_at};
pub use notes::without_notes;
pub use traces::Traces;
pub(super) use traces::WRITTEN;

/// How much of a page is read, in bytes.
const MAX_PAGE: usize = 4 << 20;
/// What a page begins with that is HTML from its first byte on.
const MARK: &str = "<!doctype html>";

/// Whether a page is HTML as a whole, and no Markdown with some HTML in it.
pub fn is_page(text: &str) -> bool {
    let start = text.trim_start().get(..MARK.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(MARK))
}

/// Whether the file at `path` is a page of a finished site.
pub fn is_page_file(path: &str) -> bool {
    super::path::is_html(path)
}

/// The part of the page `text` that its author wrote, as a page of its own: the article, without what the theme puts
/// around it.
pub fn article(text: &str) -> String {
    let parts = [
        ("<article class=\"md-content", "</article>"),
        ("<article", "</article>"),
        ("<main", "</main>"),
        ("<body", "</body>"),
    ];
    let part = parts.into_iter().find_map(|(open, close)| {
        let start = text.find(open)?;
        text.get(start..text.rfind(close)?)
    });
    format!("{MARK}\n{}", part.unwrap_or(text))
}

/// Reads a page. Never fails: what is not understood is shown for its words.
pub fn parse(text: &str) -> Document {
    let mut end = text.len().min(MAX_PAGE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut document = document(text.get(..end).unwrap_or_default());
    if end < text.len() {
        let remark = remark("The page is longer than 4 MiB; the rest is not shown.");
        document.blocks.push(remark);
    }
    document
}

/// Reads HTML of any length.
pub(in crate::techdocs) fn document(html: &str) -> Document {
    document_of(&tree::read(html))
}

/// Reads HTML of any length, with what a check of it asks for.
pub(in crate::techdocs) fn traced(html: &str) -> (Document, Traces) {
    let nodes = tree::read(html);
    (document_of(&nodes), Traces::of(&nodes))
}

fn document_of(nodes: &[tree::Node<'_>]) -> Document {
    let mut reader = blocks::Reader::default();
    let blocks = reader.page(nodes);
    let mut document = reader.document;
    document.blocks = blocks;
    document
}

#[cfg(test)]
mod tests;
