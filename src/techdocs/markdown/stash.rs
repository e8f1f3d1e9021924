//! What was taken out of the text and put back at the end: HTML, code, Markdown within HTML. In the text stands a
//! placeholder between two control characters, which no page has.

use super::dom::Id;

/// Begins a placeholder; Python-Markdown's `STX`.
pub(super) const OPEN: char = '\u{2}';
/// Ends a placeholder; Python-Markdown's `ETX`.
pub(super) const CLOSE: char = '\u{3}';

/// What was taken out.
#[derive(Debug, Clone)]
pub(super) enum Raw {
    /// HTML that goes out as it stands.
    Html(String),
    /// An element whose content is Markdown.
    Element(Id),
}

/// All that was taken out of a page.
#[derive(Debug, Default)]
pub(super) struct Stash {
    parts: Vec<Raw>,
}

impl Stash {
    /// Keeps `html`; what to write in its place.
    pub(super) fn html(&mut self, html: impl Into<String>) -> String {
        self.keep(Raw::Html(html.into()))
    }

    /// Keeps an element; what to write in its place.
    pub(super) fn element(&mut self, id: Id) -> String {
        self.keep(Raw::Element(id))
    }

    fn keep(&mut self, raw: Raw) -> String {
        self.parts.push(raw);
        format!("{OPEN}h{}{CLOSE}", self.parts.len() - 1)
    }

    /// What has this number.
    pub(super) fn get(&self, number: usize) -> Option<&Raw> {
        self.parts.get(number)
    }

    /// Replaces what has this number by nothing.
    pub(super) fn clear(&mut self, number: usize) {
        if let Some(part) = self.parts.get_mut(number) {
            *part = Raw::Html(String::new());
        }
    }
}

/// The number of the placeholder that `text` begins with, and the placeholder's length.
pub(super) fn placeholder(text: &str) -> Option<(usize, usize)> {
    numbered(text, 'h')
}

/// The number of the placeholder of the kind `kind` that `text` begins with, and the placeholder's length.
pub(super) fn numbered(text: &str, kind: char) -> Option<(usize, usize)> {
    let digits = text.strip_prefix(OPEN)?.strip_prefix(kind)?;
    let (number, _) = digits.split_once(CLOSE)?;
    Some((number.parse().ok()?, number.len() + 3))
}
