//! The text of one document and where in it the reader is: gaps, marks, bounds, errors.
//!
//! What a document means is spread over the files beside this one, each with its part of [`Reader`]: `block`, `flow`,
//! the scalars (`plain`, `quoted`, `literal`) and `property` for anchors, aliases and tags. All of it is one pass from left
//! to right, without look-ahead over more than a scalar.

use std::cell::Cell;

use serde_json::Value;

use super::Bounds;
use super::marks::{Mark, Marks};
use super::property::{Anchors, Tags};
use super::scalar;
use super::split::Piece;

/// Why one document could not be read.
#[derive(Debug, Clone)]
pub(super) struct ReadError {
    pub(super) mark: Mark,
    pub(super) message: String,
    pub(super) limit: bool,
}

pub(super) type Result<T> = std::result::Result<T, ReadError>;

/// One document as read.
pub(super) struct Loaded {
    pub(super) value: Value,
    pub(super) marks: Marks,
    pub(super) dollar_keys: bool,
}

/// Reads one document.
pub(super) fn load(piece: Piece<'_>, bounds: &Bounds) -> Result<Loaded> {
    let mut reader = Reader::new(piece.text, piece.line.saturating_add(1), bounds);
    let value = reader.document()?;
    if piece.trailing {
        return reader.fail("there is text behind the `...` that ends a document");
    }
    Ok(Loaded {
        value,
        marks: reader.marks,
        dollar_keys: reader.dollar_keys,
    })
}

/// What lies between two tokens: white space, comments, ends of lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gap {
    /// Whether the next token is the first of its line.
    pub(super) newline: bool,
    /// If so, how many spaces it is indented by.
    pub(super) indent: isize,
    /// Whether there is a tab in front of the next token, behind the indentation.
    pub(super) tab: bool,
    /// How many ends of lines there are in it.
    pub(super) lines: usize,
    /// Where the next token begins.
    end: usize,
}

/// A document that is being read.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    /// Where it is, in bytes.
    pub(super) pos: usize,
    /// The line, from 1.
    pub(super) line: u32,
    /// Where that line begins.
    pub(super) line_start: usize,
    pub(super) bounds: &'a Bounds,
    pub(super) marks: Marks,
    pub(super) anchors: Anchors<'a>,
    pub(super) tags: Tags<'a>,
    pub(super) dollar_keys: bool,
    /// How many keys were written twice in ways that are not the same to YAML.
    pub(super) replaced: usize,
    depth: usize,
    /// Whether all of it is printable ASCII.
    pub(super) clean: bool,
    /// Where a column was counted last, and that column from 0: a line may be as long as the file.
    counted: Cell<(usize, usize)>,
    last_gap: Gap,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, line: u32, bounds: &'a Bounds) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            pos: 0,
            line,
            line_start: 0,
            bounds,
            marks: Marks::for_bytes(text.len()),
            anchors: Anchors::default(),
            tags: Tags::default(),
            dollar_keys: false,
            replaced: 0,
            depth: 0,
            clean: scalar::is_clean_ascii(text),
            counted: Cell::new((0, 0)),
            last_gap: Gap {
                newline: true,
                indent: 0,
                tab: false,
                lines: 0,
                end: usize::MAX,
            },
        }
    }

    pub(super) fn byte(&self) -> Option<u8> {
        self.byte_at(self.pos)
    }

    pub(super) fn byte_at(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    pub(super) fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// Whether white space, the end of the line or the end of the text stands at `at`.
    pub(super) fn blank_at(&self, at: usize) -> bool {
        self.byte_at(at).is_none_or(is_blank)
    }

    /// The indentation of what stands at `at` on this line.
    pub(super) fn column(&self, at: usize) -> isize {
        isize::try_from(at.saturating_sub(self.line_start)).unwrap_or(isize::MAX)
    }

    /// The place of `at`, which is on this line.
    pub(super) fn mark(&self, at: usize) -> Mark {
        let characters = if self.clean {
            at.saturating_sub(self.line_start)
        } else {
            let (from, before) = match self.counted.get() {
                counted @ (from, _) if (self.line_start..=at).contains(&from) => counted,
                _ => (self.line_start, 0),
            };
            let characters = before + self.slice(from, at).chars().count();
            self.counted.set((at, characters));
            characters
        };
        Mark {
            line: self.line,
            column: u32::try_from(characters).map_or(u32::MAX, |n| n.saturating_add(1)),
        }
    }

    /// Takes note of where a node stands.
    pub(super) fn place(&mut self, mark: Mark) -> Result<()> {
        if self.marks.len() >= self.bounds.nodes {
            return Err(limit(
                mark,
                format!("more than {} keys and values", self.bounds.nodes),
            ));
        }
        self.marks.push(mark);
        Ok(())
    }

    /// An error here.
    pub(super) fn fail<T>(&self, message: impl Into<String>) -> Result<T> {
        fail_at(self.mark(self.pos), message)
    }

    /// Steps over the end of the line, which is here.
    pub(super) fn next_line(&mut self) {
        self.pos += 1;
        self.line = self.line.saturating_add(1);
        self.line_start = self.pos;
    }

    /// The place behind the spaces that begin at `at`.
    pub(super) fn after_spaces(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        at + rest.iter().take_while(|b| **b == b' ').count()
    }

    /// Skips spaces and tabs on this line; whether there was a tab.
    pub(super) fn skip_blanks(&mut self) -> bool {
        let mut tab = false;
        while let Some(byte) = self.byte().filter(|b| matches!(b, b' ' | b'\t')) {
            tab |= byte == b'\t';
            self.pos += 1;
        }
        tab
    }

    /// Goes to the next token. Asked again at the same place, the answer is the same.
    pub(super) fn gap(&mut self) -> Result<Gap> {
        if self.last_gap.end == self.pos {
            return Ok(self.last_gap);
        }
        let mut gap = Gap {
            newline: self.pos == self.line_start,
            indent: 0,
            tab: false,
            lines: 0,
            end: 0,
        };
        loop {
            if gap.newline {
                self.pos = self.after_spaces(self.pos);
                gap.indent = self.column(self.pos);
            }
            gap.tab = self.skip_blanks();
            match self.byte() {
                Some(b'#') => self.comment()?,
                Some(b'\r') if self.byte_at(self.pos + 1) == Some(b'\n') => self.pos += 1,
                _ => {}
            }
            if self.byte() != Some(b'\n') {
                break;
            }
            self.next_line();
            gap.newline = true;
            gap.lines += 1;
        }
        gap.end = self.pos;
        self.last_gap = gap;
        Ok(gap)
    }

    /// Skips the comment that begins here.
    fn comment(&mut self) -> Result<()> {
        if self.pos > self.line_start && !self.blank_at(self.pos - 1) {
            return self.fail("a comment needs a space before its `#`");
        }
        let rest = self.bytes.get(self.pos..).unwrap_or_default();
        self.pos += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        Ok(())
    }

    /// Goes one level deeper.
    pub(super) fn enter(&mut self, mark: Mark) -> Result<()> {
        if self.depth >= self.bounds.depth {
            return Err(limit(
                mark,
                format!("nested more than {} levels deep", self.bounds.depth),
            ));
        }
        self.depth += 1;
        Ok(())
    }

    /// Comes back from it.
    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }
}

/// A limit of ours that was reached at `mark`.
pub(super) fn limit(mark: Mark, message: String) -> ReadError {
    ReadError {
        mark,
        message,
        limit: true,
    }
}

/// An error at `mark`.
pub(super) fn fail_at<T>(mark: Mark, message: impl Into<String>) -> Result<T> {
    Err(ReadError {
        mark,
        message: message.into(),
        limit: false,
    })
}

/// White space, within a line or at its end.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r')
}

/// What has a meaning of its own in flow collections.
pub(super) fn is_flow(byte: u8) -> bool {
    matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}
