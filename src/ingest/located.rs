//! A document with the places of its nodes: for those who check it more closely than ingest does.

use std::borrow::Cow;
use std::iter::Peekable;
use std::str::CharIndices;
use std::sync::Arc;

use serde_json::Value;

use super::document::place;
use super::{Location, SourceFile};
use crate::catalog::yaml::{Mark, Marks};
use crate::catalog::{EntityRef, Place};

/// An entity's document as it was read, and where each node of it stands.
#[derive(Debug)]
pub struct Located {
    /// The entity.
    pub entity_ref: EntityRef,
    /// The document; placeholders are resolved, nothing else is filled in.
    pub body: Value,
    /// The file it stands in.
    pub location: Location,
    marks: Marks,
    name: String,
    bytes: Arc<[u8]>,
}

impl Located {
    pub(super) fn new(entity_ref: EntityRef, body: Value, marks: Marks, file: &SourceFile) -> Self {
        Self {
            entity_ref,
            body,
            location: file.location.clone(),
            marks,
            name: file.name.clone(),
            bytes: Arc::clone(&file.bytes),
        }
    }

    /// Where the node at the JSON pointer `pointer` stands; what is missing stands where the nearest does that holds it.
    pub fn place(&self, pointer: &str) -> Place {
        place(&self.name, self.marks.find(&self.body, pointer))
    }

    /// Where the key of the node at `pointer` stands.
    pub fn place_of_key(&self, pointer: &str) -> Place {
        place(&self.name, self.marks.find_key(&self.body, pointer))
    }

    /// Where the byte `offset` of the text at `pointer` stands in the file, whichever way the text is quoted or folded;
    /// where the text stands if it is not written there.
    pub fn place_inside(&self, pointer: &str, offset: usize) -> Place {
        let mark = self.marks.find(&self.body, pointer);
        let text = self.body.pointer(pointer).and_then(Value::as_str);
        let inside = text.and_then(|text| inside(&self.bytes, mark, text, offset));
        place(&self.name, inside.unwrap_or(mark))
    }
}

/// The place of the byte `offset` of `text`, which is written at `mark` of `content`.
fn inside(content: &[u8], mark: Mark, text: &str, offset: usize) -> Option<Mark> {
    let written = from(content, mark)?;
    let mut scalar = Scalar::new(&written);
    // White space is written in many ways; the other characters show the way.
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        let passed = scalar.find(c)?;
        if at >= offset {
            return Some(moved(written.get(..passed)?, mark));
        }
    }
    Some(moved(written.get(..scalar.end)?, mark))
}

/// What is written from `mark` on.
fn from(content: &[u8], mark: Mark) -> Option<Cow<'_, str>> {
    let before = usize::try_from(mark.line.checked_sub(1)?).ok()?;
    let start = match before.checked_sub(1) {
        None => 0,
        Some(before) => memchr::memchr_iter(b'\n', content).nth(before)? + 1,
    };
    let rest = content.get(start..)?;
    let rest =
        std::str::from_utf8(rest).map_or_else(|_| String::from_utf8_lossy(rest), Cow::Borrowed);
    let bom = if start == 0 && rest.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    let columns = usize::try_from(mark.column.checked_sub(1)?).ok()?;
    let (column, _) = rest.get(bom..)?.char_indices().nth(columns)?;
    Some(match rest {
        Cow::Borrowed(rest) => Cow::Borrowed(rest.get(bom + column..)?),
        Cow::Owned(rest) => Cow::Owned(rest.get(bom + column..)?.to_owned()),
    })
}

/// `mark` after `passed`.
fn moved(passed: &str, mark: Mark) -> Mark {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    match passed.rsplit_once('\n') {
        None => Mark {
            line: mark.line,
            column: mark.column.saturating_add(count(passed.chars().count())),
        },
        Some((before, last)) => Mark {
            line: mark
                .line
                .saturating_add(count(before.matches('\n').count() + 1)),
            column: count(last.chars().count() + 1),
        },
    }
}

/// How a text is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Without quotes, or as a block.
    Plain,
    Single,
    Double,
}

/// A text as it is written in a file, read character by character.
struct Scalar<'a> {
    chars: Peekable<CharIndices<'a>>,
    style: Style,
    /// Behind the last character found.
    end: usize,
}

impl<'a> Scalar<'a> {
    fn new(written: &'a str) -> Self {
        let style = match written.chars().next() {
            Some('\'') => Style::Single,
            Some('"') => Style::Double,
            _ => Style::Plain,
        };
        let mut chars = written.char_indices().peekable();
        if style != Style::Plain {
            chars.next();
        } else if written.starts_with(['|', '>']) {
            // The head of a block: the text begins on the next line.
            while chars.next().is_some_and(|(_, c)| c != '\n') {}
        }
        Self {
            chars,
            style,
            end: 0,
        }
    }

    /// Where the next character is written that is no white space, if that is `wanted`.
    fn find(&mut self, wanted: char) -> Option<usize> {
        loop {
            let (at, c) = self.chars.next()?;
            let found = match (self.style, c) {
                (_, c) if c.is_whitespace() => continue,
                (Style::Double, '\\') => match self.chars.next()?.1 {
                    'n' | 't' | 'r' | '\n' | '\r' | ' ' => continue,
                    'x' => self.skip(2, wanted),
                    'u' => self.skip(4, wanted),
                    'U' => self.skip(8, wanted),
                    escaped => escaped,
                },
                (Style::Single, '\'') => {
                    self.chars.next_if(|(_, c)| *c == '\'')?;
                    '\''
                }
                (_, c) => c,
            };
            self.end = self.chars.peek().map_or(at + c.len_utf8(), |(at, _)| *at);
            return (found == wanted).then_some(at);
        }
    }

    /// Passes over the digits of an escape, which is taken to mean `wanted`.
    fn skip(&mut self, digits: usize, wanted: char) -> char {
        for _ in 0..digits {
            self.chars.next();
        }
        wanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::yaml::{Bounds, documents};

    /// The text in the file from where `needle` of the value of `a` is said to stand.
    fn found(file: &str, needle: &str) -> String {
        let bounds = Bounds::default();
        let Some(Ok(document)) = documents(file, &bounds).next() else {
            return "no document".to_owned();
        };
        let text = document.value["a"].as_str().unwrap_or_default();
        let mark = document.marks.find(&document.value, "/a");
        let offset = text.find(needle).unwrap_or(usize::MAX);
        let at = inside(file.as_bytes(), mark, text, offset);
        let rest = at.and_then(|mark| from(file.as_bytes(), mark));
        let rest = rest.unwrap_or("nowhere".into());
        rest.chars().take(needle.len()).collect()
    }

    #[test]
    fn places_within_texts_are_found_however_they_are_written() {
        for file in [
            "a: x ${{ here }}\n",
            "a: 'it''s ${{ here }}'\n",
            "a: \"\\\"q\\\" \\n\\u00e9 ${{ here }}\"\n",
            "b: 1\na: |\n  one\n    two\n  ${{ here }} x\nc: 2\n",
            "a: >-\n  one\n  two\n\n  ${{ here }}\n",
            "a: one\n  two ${{ here }}\n",
            "# é\na:   # say\n  \"one\n   two ${{ here }}\"\n",
            "\u{feff}b: 1\r\na: |\r\n  é ${{ here }}\r\n",
        ] {
            assert_eq!(found(file, "here"), "here", "{file}");
        }
    }

    #[test]
    fn what_is_written_elsewhere_has_no_place_here() {
        let mark = Mark { line: 1, column: 4 };
        assert_eq!(inside(b"a: *b\n", mark, "words of b", 3), None);
        assert_eq!(inside(b"", mark, "x", 0), None);
    }
}
