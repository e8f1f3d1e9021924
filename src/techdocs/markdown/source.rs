//! The text of a page before it is read: bounded, cleaned, without tabs, in numbered lines.

use std::borrow::Cow;

use crate::catalog::text::clean;

/// How much of a page is read, in bytes.
const MAX_BYTES: usize = 4 << 20;
/// Opens a placeholder for a block that the scanner took out; see [`super::scan`].
pub(super) const OPEN: char = '\u{f8f0}';
/// Ends a placeholder.
pub(super) const CLOSE: char = '\u{f8f1}';

/// A line of a page, or the part of it that lies within a container.
#[derive(Debug, Clone, Copy)]
pub(super) struct SourceLine<'a> {
    /// The text, without its end.
    pub(super) text: &'a str,
    /// Its number in the file, from 1.
    pub(super) number: u32,
}

impl<'a> SourceLine<'a> {
    /// The line without the white space before it.
    pub(super) fn body(&self) -> &'a str {
        self.text.trim_start_matches(' ')
    }

    /// How many spaces stand before the text.
    pub(super) fn indent(&self) -> usize {
        self.text.len() - self.body().len()
    }

    /// Whether nothing is on it.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The line without its first `columns` spaces, or without all that it has.
    pub(super) fn dedented(&self, columns: usize) -> Self {
        Self {
            text: self
                .text
                .get(columns.min(self.indent())..)
                .unwrap_or_default(),
            number: self.number,
        }
    }
}

/// The text of a page, ready to be read.
pub(super) struct Prepared {
    text: String,
    /// Whether the page was longer than is read.
    pub(super) cut: bool,
}

impl Prepared {
    /// Bounds and cleans `text`.
    pub(super) fn new(text: &str) -> Self {
        let mut end = text.len().min(MAX_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let cut = end < text.len();
        let head = text.get(..end).unwrap_or_default();
        let cleaned = clean(head);
        let is_placeholder = |c| matches!(c, OPEN | CLOSE);
        let text = if cleaned.contains(is_placeholder) {
            Cow::Owned(cleaned.replace(is_placeholder, ""))
        } else {
            cleaned
        };
        let text = if text.contains('\t') {
            expanded(&text)
        } else {
            text.into_owned()
        };
        Self { text, cut }
    }

    /// Its lines.
    pub(super) fn lines(&self) -> Vec<SourceLine<'_>> {
        let line = |(text, number)| SourceLine { text, number };
        self.text.lines().zip(1..).map(line).collect()
    }
}

/// `text` with tabs as spaces to the next multiple of 4, as Python-Markdown has it.
fn expanded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut column = 0;
    for c in text.chars() {
        match c {
            '\t' => {
                let spaces = 4 - column % 4;
                out.extend(std::iter::repeat_n(' ', spaces));
                column += spaces;
            }
            '\n' => {
                out.push('\n');
                column = 0;
            }
            c => {
                out.push(c);
                column += 1;
            }
        }
    }
    out
}
