//! YAML as npm `yaml` reads it, which is what Backstage uses: a stream of documents, each a JSON value with the place of
//! every node in it.
//!
//! The stream is split here and each document read for itself, so that a broken one does not cost the others. The reader
//! is written after YAML 1.2.2 and after what npm `yaml` was seen to do where that is something else.

mod block;
mod directive;
mod entry;
mod flow;
mod key;
mod literal;
mod marks;
mod node;
mod plain;
mod property;
mod quoted;
mod reader;
mod scalar;
mod split;
#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests;

use serde_json::Value;

pub(crate) use marks::{Mark, Marks, size};

/// What bounds the reading of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The deepest nesting; no more than [`Packed::MAX_DEPTH`](super::Packed::MAX_DEPTH).
    pub depth: usize,
    /// How many keys and values there may be.
    pub nodes: usize,
    /// How many nodes aliases may add; 64 bytes of text count as one.
    pub alias_nodes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            depth: super::Packed::MAX_DEPTH,
            nodes: 1_000_000,
            alias_nodes: 100_000,
        }
    }
}

/// One document of a stream.
#[derive(Debug)]
pub(crate) struct Document {
    /// Its content; text and keys are cleaned.
    pub(crate) value: Value,
    /// Where each node of it stands.
    pub(crate) marks: Marks,
    /// Its first line in the file, from 1.
    pub(crate) line: u32,
    /// Whether a key in it begins with `$`, as those of placeholders do.
    pub(crate) dollar_keys: bool,
}

/// Why a document could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure<'a> {
    /// Where.
    pub(crate) mark: Mark,
    /// What is wrong.
    pub(crate) message: String,
    /// Whether a limit of ours was reached; the YAML itself may be fine.
    pub(crate) limit: bool,
    /// The text of the document.
    pub(crate) text: &'a str,
    /// The first line of that text in the file, from 1.
    pub(crate) line: u32,
}

/// The documents of `text`, one at a time. Documents without content are left out.
pub(crate) fn documents<'a>(
    text: &'a str,
    bounds: &'a Bounds,
) -> impl Iterator<Item = Result<Document, Failure<'a>>> + 'a {
    split::split(text)
        .map(|piece| document(piece, bounds))
        .filter(|result| !matches!(result, Ok(document) if document.value.is_null()))
}

fn document<'a>(piece: split::Piece<'a>, bounds: &Bounds) -> Result<Document, Failure<'a>> {
    let line = piece.line.saturating_add(1);
    match reader::load(piece, bounds) {
        Ok(loaded) => Ok(Document {
            value: loaded.value,
            marks: loaded.marks,
            line: line.saturating_add(piece.lead),
            dollar_keys: loaded.dollar_keys,
        }),
        Err(error) => Err(Failure {
            mark: error.mark,
            message: error.message,
            limit: error.limit,
            text: piece.text,
            line,
        }),
    }
}
