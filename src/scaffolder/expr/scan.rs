//! Template text → pieces: plain text, `${{ }}`, `{% %}`; comments, raw blocks and whitespace control are dealt with here.

use std::ops::Range;

use memchr::memchr2_iter;

use super::ast::{Span, offset};
use super::fault::Error;
use super::{Engine, Options};

/// A piece of a template.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Piece {
    pub(super) kind: PieceKind,
    /// What it says: the text itself, the inside of a tag without the blanks around it.
    pub(super) inside: Span,
    /// Where it begins.
    pub(super) at: u32,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum PieceKind {
    /// Plain text.
    Text,
    /// `${{ }}`
    Variable,
    /// `{% %}`
    Block,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Opening {
    Variable,
    Block,
    Comment,
}

/// Splits `source` into pieces.
pub(super) fn scan(source: &str, options: Options) -> Result<Vec<Piece>, Error> {
    let mut scanner = Scanner {
        source,
        options,
        index: 0,
        text: Vec::new(),
        pieces: Vec::new(),
    };
    scanner.run()?;
    Ok(scanner.pieces)
}

struct Scanner<'a> {
    source: &'a str,
    options: Options,
    index: usize,
    /// The text since the last tag: one range, or more where something was left out.
    text: Vec<Range<usize>>,
    pieces: Vec<Piece>,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.index..).unwrap_or_default()
    }

    fn run(&mut self) -> Result<(), Error> {
        while let Some((at, opening)) = self.next() {
            let Some(opening) = opening else {
                return Err(error(at, "Unexpected end of comment"));
            };
            self.take_text(at - self.index);
            self.tag(opening)?;
        }
        self.take_text(self.source.len() - self.index);
        self.flush();
        Ok(())
    }

    /// Where the next tag opens, and as what: `None` for the end of a comment that never began.
    fn next(&self) -> Option<(usize, Option<Opening>)> {
        let bytes = self.source.as_bytes();
        let marks = memchr2_iter(b'{', b'#', bytes.get(self.index..)?);
        marks.map(|at| self.index + at).find_map(|at| {
            Some(match (bytes[at], bytes.get(at + 1)?) {
                (b'{', b'%') => (at, Some(Opening::Block)),
                (b'{', b'#') => (at, Some(Opening::Comment)),
                (b'{', b'{') if self.options.cookiecutter => (at, Some(Opening::Variable)),
                (b'{', b'{') if at > self.index && bytes[at - 1] == b'$' => {
                    (at - 1, Some(Opening::Variable))
                }
                (b'#', b'}') => (at, None),
                _ => return None,
            })
        })
    }

    fn tag(&mut self, opening: Opening) -> Result<(), Error> {
        let start = self.index;
        let (open, close) = match opening {
            Opening::Variable if self.options.cookiecutter => ("{{", "}}"),
            Opening::Variable => ("${{", "}}"),
            Opening::Block => ("{%", "%}"),
            Opening::Comment => ("{#", "#}"),
        };
        if opening == Opening::Block && self.options.lstrip_blocks {
            self.strip_indent();
        }
        self.index += open.len();
        if self.rest().starts_with('-') {
            self.trim_text();
            self.index += 1;
        }
        self.flush();
        let rest = self.rest();
        let end = match opening {
            Opening::Comment => rest.find(close),
            _ => code_end(rest, close),
        };
        let Some(end) = end else {
            let what = match opening {
                Opening::Variable => "variable",
                Opening::Block => "block",
                Opening::Comment => "comment",
            };
            return Err(error(start, format!("Unterminated {what} tag")));
        };
        let inside = rest.get(..end).unwrap_or_default();
        // In `{#-#}` the dash stands at both ends.
        let is_dash = opening == Opening::Comment && inside.is_empty() && self.behind_dash();
        let trim_right = inside.ends_with('-') || is_dash;
        let inside = inside.strip_suffix('-').unwrap_or(inside);
        let trimmed = inside.trim_start_matches(is_blank);
        let inside_at = self.index + (inside.len() - trimmed.len());
        let span = |text: &str| Span::new(offset(inside_at), text.len());
        self.index += end + close.len();
        match opening {
            Opening::Comment => {}
            Opening::Variable => self.push(PieceKind::Variable, span(trimmed), start),
            Opening::Block => {
                let trimmed = trimmed.trim_end_matches(is_blank);
                if let Some(name) = ["raw", "verbatim"].into_iter().find(|n| *n == trimmed) {
                    return self.raw(name, start, trim_right);
                }
                self.push(PieceKind::Block, span(trimmed), start);
            }
        }
        self.after(opening, trim_right);
        Ok(())
    }

    /// Whether a dash stands before what comes next.
    fn behind_dash(&self) -> bool {
        let before = self.source.get(..self.index).unwrap_or_default();
        before.ends_with('-')
    }

    /// Skips what whitespace control drops behind a tag.
    fn after(&mut self, opening: Opening, trim_right: bool) {
        let rest = self.rest();
        if trim_right {
            self.index += rest.len() - rest.trim_start().len();
        } else if opening == Opening::Block && self.options.trim_blocks {
            if rest.starts_with("\r\n") {
                self.index += 2;
            } else if rest.starts_with('\n') {
                self.index += 1;
            }
        }
    }

    /// Takes everything up to the matching `{% endraw %}` as text.
    fn raw(&mut self, name: &'static str, start: usize, trim_right: bool) -> Result<(), Error> {
        if !trim_right {
            self.after(Opening::Block, false);
        }
        let (mut depth, mut index, mut last) = (1, self.index, self.index);
        while let Some(found) = self.source.get(index..).and_then(|rest| rest.find("{%")) {
            let marker = index + found;
            index = marker + 2;
            let rest = self.source.get(index..).unwrap_or_default();
            let word = rest.trim_start();
            let (word, change) = match word.strip_prefix("end") {
                Some(word) => (word, -1),
                None => (word, 1),
            };
            let behind = word.strip_prefix(name).map(str::trim_start);
            let Some(behind) = behind.and_then(|behind| behind.strip_prefix("%}")) else {
                continue;
            };
            depth += change;
            let end = self.source.len() - behind.len();
            if depth == 0 {
                self.take_text(marker - self.index);
                self.index = end;
                self.after(Opening::Comment, trim_right);
                return Ok(());
            }
            index = end;
            last = end;
        }
        if self.options.engine == Engine::Legacy {
            // The older engine goes on behind the last such tag.
            self.take_text(last - self.index);
            return Ok(());
        }
        Err(error(start, format!("Missing \"end{name}\" tag")))
    }

    /// Drops the blanks before a tag that begins a line.
    fn strip_indent(&mut self) {
        let before = self.source.get(..self.index).unwrap_or_default();
        let before = before.trim_end_matches(|c: char| c.is_whitespace() && c != '\n');
        if before.is_empty() || before.ends_with('\n') {
            while let Some(run) = self.text.last_mut() {
                let line = self
                    .source
                    .get(run.clone())
                    .and_then(|text| text.rfind('\n'));
                if let Some(at) = line {
                    run.end = run.start + at + 1;
                    return;
                }
                self.text.pop();
            }
        }
    }

    /// Drops the blanks at the end of the text since the last tag.
    fn trim_text(&mut self) {
        while let Some(run) = self.text.last_mut() {
            let kept = self
                .source
                .get(run.clone())
                .map_or(0, |text| text.trim_end().len());
            if kept > 0 {
                run.end = run.start + kept;
                return;
            }
            self.text.pop();
        }
    }

    fn take_text(&mut self, length: usize) {
        let end = self.index + length;
        if length > 0 {
            self.text.push(self.index..end);
        }
        self.index = end;
    }

    fn flush(&mut self) {
        self.pieces.extend(self.text.drain(..).map(|run| {
            let at = offset(run.start);
            Piece {
                kind: PieceKind::Text,
                inside: Span::new(at, run.len()),
                at,
            }
        }));
    }

    fn push(&mut self, kind: PieceKind, inside: Span, at: usize) {
        self.pieces.push(Piece {
            kind,
            inside,
            at: offset(at),
        });
    }
}

fn error(at: usize, message: impl Into<String>) -> Error {
    Error {
        at: offset(at),
        message: message.into(),
    }
}

/// What counts as a blank inside of a tag.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{a0}')
}

/// Where `close` stands in `code`, outside of quotes and regular expressions.
fn code_end(code: &str, close: &str) -> Option<usize> {
    let bytes = code.as_bytes();
    let mut index = 0;
    while index < bytes.len() {
        if bytes[index..].starts_with(close.as_bytes()) {
            return Some(index);
        }
        index = skip_token(bytes, index);
    }
    None
}

/// The index behind the quoted text, word, number or single byte at `index`.
pub(super) fn skip_token(bytes: &[u8], index: usize) -> usize {
    let first = bytes[index];
    if first == b'"' || first == b'\'' {
        return skip_quoted(bytes, index, first);
    }
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    if !is_word(first) {
        return index + 1;
    }
    let mut end = index;
    while end < bytes.len() && is_word(bytes[end]) {
        end += 1;
    }
    if &bytes[index..end] == b"r" && bytes.get(end) == Some(&b'/') {
        return skip_quoted(bytes, end, b'/');
    }
    end
}

fn skip_quoted(bytes: &[u8], start: usize, quote: u8) -> usize {
    let mut index = start + 1;
    while index < bytes.len() {
        match bytes[index] {
            b'\\' => index += 2,
            b if b == quote => return index + 1,
            _ => index += 1,
        }
    }
    bytes.len()
}
