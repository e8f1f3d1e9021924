//! Template text → pieces: plain text, `${{ }}`, `{% %}`; comments, raw blocks and whitespace control are dealt with here.

use super::fault::Error;
use super::{Engine, Options};

/// A piece of a template.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece<'a> {
    pub(super) kind: PieceKind<'a>,
    /// Where it begins.
    pub(super) at: usize,
}

/// What a piece is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum PieceKind<'a> {
    /// Plain text.
    Text(String),
    /// The inside of `${{ }}` and where it begins.
    Variable(&'a str, usize),
    /// The inside of `{% %}` without surrounding blanks, and where it begins.
    Block(&'a str, usize),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Opening {
    Variable,
    Block,
    Comment,
}

/// Splits `source` into pieces.
pub(super) fn scan(source: &str, options: Options) -> Result<Vec<Piece<'_>>, Error> {
    let mut scanner = Scanner {
        source,
        options,
        variable: if options.cookiecutter { "{{" } else { "${{" },
        index: 0,
        text: String::new(),
        text_at: 0,
        pieces: Vec::new(),
        found: [None; 4],
    };
    scanner.run()?;
    Ok(scanner.pieces)
}

struct Scanner<'a> {
    source: &'a str,
    options: Options,
    variable: &'static str,
    index: usize,
    text: String,
    text_at: usize,
    pieces: Vec<Piece<'a>>,
    found: [Option<usize>; 4],
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.index..).unwrap_or_default()
    }

    fn run(&mut self) -> Result<(), Error> {
        while self.index < self.source.len() {
            let variable = self.variable;
            let opening = [
                (self.next(0, variable), Opening::Variable),
                (self.next(1, "{%"), Opening::Block),
                (self.next(2, "{#"), Opening::Comment),
            ]
            .into_iter()
            .min_by_key(|(at, _)| *at)
            .filter(|(at, _)| *at < self.source.len());
            let comment_end = self.next(3, "#}");
            let Some((at, opening)) = opening.filter(|(at, _)| *at < comment_end) else {
                if comment_end < self.source.len() {
                    return Err(error(comment_end, "Unexpected end of comment"));
                }
                self.take_text(self.source.len() - self.index);
                break;
            };
            self.take_text(at - self.index);
            self.tag(opening)?;
        }
        self.flush();
        Ok(())
    }

    /// Where `mark` comes next, the end of the text if it does not. Remembered in `slot`, so that a text with many tags of
    /// one sort is not searched for the others again and again.
    fn next(&mut self, slot: usize, mark: &str) -> usize {
        if self.found[slot].is_none_or(|at| at < self.index) {
            let found = self.rest().find(mark);
            self.found[slot] = Some(found.map_or(self.source.len(), |at| self.index + at));
        }
        self.found[slot].unwrap_or(self.source.len())
    }

    fn tag(&mut self, opening: Opening) -> Result<(), Error> {
        let start = self.index;
        let (open, close) = match opening {
            Opening::Variable => (self.variable, "}}"),
            Opening::Block => ("{%", "%}"),
            Opening::Comment => ("{#", "#}"),
        };
        if opening == Opening::Block && self.options.lstrip_blocks {
            self.strip_indent();
        }
        self.index += open.len();
        if self.rest().starts_with('-') {
            self.text.truncate(self.text.trim_end().len());
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
        self.index += end + close.len();
        match opening {
            Opening::Comment => {}
            Opening::Variable => self.push(PieceKind::Variable(trimmed, inside_at), start),
            Opening::Block => {
                let trimmed = trimmed.trim_end_matches(is_blank);
                if let Some(name) = ["raw", "verbatim"].into_iter().find(|n| *n == trimmed) {
                    return self.raw(name, start, trim_right);
                }
                self.push(PieceKind::Block(trimmed, inside_at), start);
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
            let rest = self.source.get(marker + 2..).unwrap_or_default();
            let Some((inside, _)) = rest.split_once("%}") else {
                break;
            };
            let end = marker + 2 + inside.len() + 2;
            let word = inside.trim();
            if word == name {
                depth += 1;
            } else if word.strip_prefix("end") == Some(name) {
                depth -= 1;
            } else {
                index = marker + 2;
                continue;
            }
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
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        if before
            .get(line..)
            .is_some_and(|line| line.trim().is_empty())
        {
            let kept = self.text.rfind('\n').map_or(0, |at| at + 1);
            self.text.truncate(kept);
        }
    }

    fn take_text(&mut self, length: usize) {
        if self.text.is_empty() {
            self.text_at = self.index;
        }
        self.text
            .push_str(self.rest().get(..length).unwrap_or_default());
        self.index += length;
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            let at = self.text_at;
            self.push(PieceKind::Text(text), at);
        }
    }

    fn push(&mut self, kind: PieceKind<'a>, at: usize) {
        self.pieces.push(Piece { kind, at });
    }
}

fn error(at: usize, message: impl Into<String>) -> Error {
    Error {
        at,
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
