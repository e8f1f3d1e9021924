//! The lines of a container → text that CommonMark reads as Python-Markdown would, with placeholders for the blocks
//! that CommonMark does not know.
//!
//! What is evened out on the way: lists and what lies in them are set anew with the indentation that CommonMark wants;
//! a list marker within a paragraph is text; `#Title` is a heading; definitions of references, footnotes and
//! abbreviations are no text. A placeholder is a paragraph of its own: `OPEN number CLOSE`.

mod raw;
mod take;

use super::source::{CLOSE, OPEN, SourceLine};
use super::{fence, syntax};
use crate::techdocs::document::Code;

/// A block that was taken out of the text.
#[derive(Debug)]
pub(super) enum Part<'a> {
    /// Fenced code.
    Code(Code),
    /// An admonition or detail.
    Callout(syntax::Callout<'a>, Vec<SourceLine<'a>>),
    /// Content tabs.
    Tabs(Vec<(&'a str, Vec<SourceLine<'a>>)>),
    /// A quotation.
    Quote(Vec<SourceLine<'a>>),
    /// Markdown within HTML.
    Nested(Vec<SourceLine<'a>>),
    /// HTML.
    Html(String),
    /// What only a build can fill in.
    Absent(String),
}

/// A container's text, ready for CommonMark.
#[derive(Debug, Default)]
pub(super) struct Plain<'a> {
    /// The text.
    pub(super) text: String,
    /// The number of each of its lines in the file.
    pub(super) numbers: Vec<u32>,
    /// What was taken out, each with the number of its first line.
    pub(super) parts: Vec<(u32, Part<'a>)>,
    /// The footnotes that stood there: label and content.
    pub(super) footnotes: Vec<(String, Vec<SourceLine<'a>>)>,
}

/// Scans `lines`. Where `flat`, nothing that nests is taken out: the page is as deep as it may get.
pub(super) fn scan<'a>(lines: &[SourceLine<'a>], flat: bool) -> Plain<'a> {
    let mut scanner = Scanner {
        lines,
        at: 0,
        flat,
        plain: Plain::default(),
        levels: Vec::new(),
        run: Run::None,
        run_indent: 0,
        run_lines: 0,
        after_part: false,
    };
    while let Some(line) = scanner.lines.get(scanner.at) {
        scanner.line(*line);
    }
    scanner.plain
}

/// What the lines since the last blank one are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    None,
    Paragraph,
    List,
    Code,
}

/// An open item of a list.
#[derive(Debug, Clone, Copy)]
struct Level {
    /// Where its marker stands in the source.
    marker: usize,
    /// Where its text stands in the source.
    content: usize,
    /// Where its text stands in what is given out.
    emitted: usize,
}

struct Scanner<'l, 'a> {
    lines: &'l [SourceLine<'a>],
    at: usize,
    flat: bool,
    plain: Plain<'a>,
    levels: Vec<Level>,
    run: Run,
    run_indent: usize,
    run_lines: usize,
    after_part: bool,
}

impl<'a> Scanner<'_, 'a> {
    fn line(&mut self, line: SourceLine<'a>) {
        let (body, indent) = (line.body(), line.indent());
        if line.is_blank() {
            self.emit(0, "", line.number);
            self.run = Run::None;
            self.at += 1;
            return;
        }
        let marker = syntax::marker(body).filter(|_| syntax::rule(body).is_none());
        if self.run == Run::Code && indent < self.content() + 4 {
            self.run = Run::None;
        }
        if self.run == Run::None {
            self.leave_items(indent, marker.is_some());
            self.run_indent = indent;
            self.run_lines = 0;
            if indent >= self.content() + 4 && !self.is_within_reach(body, indent) {
                self.run = Run::Code;
            }
        }
        if self.run == Run::Code {
            self.emit(self.emitted() + indent - self.content(), body, line.number);
            self.at += 1;
        } else if !self.take(line) {
            match marker {
                Some(marker) if !self.is_in_paragraph(marker.sign, indent) => {
                    self.item(line, marker);
                }
                _ => self.text(line, marker.is_some()),
            }
            self.at += 1;
        }
    }

    /// Leaves the items of lists that a line with this indentation, after a blank one, does not belong to.
    fn leave_items(&mut self, indent: usize, is_marker: bool) {
        while let Some(level) = self.levels.last() {
            let needed = level.marker + if is_marker { 0 } else { 2 };
            if indent >= needed {
                break;
            }
            self.levels.pop();
        }
    }

    /// Whether a line that is indented like code is none, because authors indent by four whatever the marker's width.
    fn is_within_reach(&self, body: &str, indent: usize) -> bool {
        let depth = self.levels.len();
        let special = fence::open(body).is_some()
            || syntax::callout(body).is_some()
            || syntax::tab(body).is_some()
            || syntax::marker(body).is_some();
        depth > 0 && special && indent < depth * 4 + 4
    }

    /// In Python-Markdown a list needs a blank line before it.
    fn is_in_paragraph(&self, sign: &str, indent: usize) -> bool {
        self.run == Run::Paragraph && sign != ":" && indent >= self.run_indent
    }

    fn item(&mut self, line: SourceLine<'a>, marker: syntax::Marker<'a>) {
        let indent = line.indent();
        while self
            .levels
            .last()
            .is_some_and(|level| indent < level.marker + 2)
        {
            self.levels.pop();
        }
        let column = self.emitted();
        let sign = match marker.sign {
            "*" | "+" => "-",
            sign => sign,
        };
        let width = if sign == ":" { 4 } else { sign.len() + 1 };
        let lead = format!("{sign:<width$}");
        self.levels.push(Level {
            marker: indent,
            content: indent + marker.width,
            emitted: column + width,
        });
        self.run = Run::List;
        self.run_indent = indent;
        if fence::open(marker.rest).is_some() {
            // The code's first line stands behind the marker.
            let first = SourceLine {
                text: line
                    .text
                    .get(line.text.len() - marker.rest.len()..)
                    .unwrap_or_default(),
                number: line.number,
            };
            let code = self.take_code(first, indent + marker.width);
            let number = self.plain.parts.len();
            self.plain.parts.push((line.number, Part::Code(code)));
            self.emit(column, &format!("{lead}{OPEN}{number}{CLOSE}"), line.number);
            self.after_part = true;
        } else {
            self.emit(column, &format!("{lead}{}", marker.rest), line.number);
        }
    }

    fn text(&mut self, line: SourceLine<'a>, is_marker: bool) {
        let body = line.body();
        let column = self.emitted();
        if let Some(level) = syntax::tight_heading(body) {
            let (marks, rest) = body.split_at_checked(level).unwrap_or((body, ""));
            self.emit(column, &format!("{marks} {rest}"), line.number);
            self.run = Run::None;
            return;
        }
        if syntax::is_heading(body) {
            self.emit(column, body, line.number);
            self.run = Run::None;
            return;
        }
        let underlines = !body.trim_end().contains(' ') && self.run == Run::Paragraph;
        match syntax::rule(body) {
            Some('-') if underlines && self.run_lines == 1 => {
                self.emit(column, body, line.number);
                self.run = Run::None;
            }
            Some(_) => {
                self.emit(column, "", line.number);
                self.emit(column, "***", line.number);
                self.run = Run::None;
            }
            None => {
                let is_underline = self.run_lines > 1 && body.trim_end().chars().all(|c| c == '=');
                if is_marker || is_underline {
                    self.emit(column, &escaped(body), line.number);
                } else {
                    self.emit(column, body, line.number);
                }
                if self.run == Run::None {
                    self.run = Run::Paragraph;
                }
                self.run_lines += 1;
            }
        }
    }

    /// Where the text of the innermost item stands in the source.
    fn content(&self) -> usize {
        self.levels.last().map_or(0, |level| level.content)
    }

    /// Where the text of the innermost item is given out.
    fn emitted(&self) -> usize {
        self.levels.last().map_or(0, |level| level.emitted)
    }

    fn emit(&mut self, column: usize, text: &str, number: u32) {
        if self.after_part && !text.is_empty() {
            self.plain.text.push('\n');
            self.plain.numbers.push(number);
        }
        self.after_part = false;
        if !text.is_empty() {
            self.plain.text.extend(std::iter::repeat_n(' ', column));
        }
        self.plain.text.push_str(text);
        self.plain.text.push('\n');
        self.plain.numbers.push(number);
    }

    /// Puts a placeholder for `part`, which stands at `indent` in the source.
    fn place(&mut self, part: Part<'a>, number: u32) {
        let column = self.emitted();
        if self.run != Run::None {
            self.emit(0, "", number);
        }
        let placeholder = format!("{OPEN}{}{CLOSE}", self.plain.parts.len());
        self.plain.parts.push((number, part));
        self.emit(column, &placeholder, number);
        self.after_part = true;
        self.run = Run::None;
    }
}

/// `body` with its first mark taken literally.
fn escaped(body: &str) -> String {
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = body.split_at_checked(digits).unwrap_or(("", body));
    format!("{number}\\{rest}")
}

#[cfg(test)]
mod tests {
    use super::super::source::Prepared;
    use super::*;

    fn text(source: &str) -> String {
        let prepared = Prepared::new(source);
        scan(&prepared.lines(), false)
            .text
            .replace(OPEN, "<")
            .replace(CLOSE, ">")
    }

    #[test]
    fn lists_are_set_as_commonmark_wants_them() {
        assert_eq!(text("1. a\n  - b\n\n      c\n"), "1. a\n   - b\n\n     c\n");
        assert_eq!(
            text("* a\n\n    b\n\n    + c\n* d\n"),
            "- a\n\n  b\n\n  - c\n- d\n"
        );
        assert_eq!(
            text("words\n- no list\n1. none\n"),
            "words\n\\- no list\n1\\. none\n"
        );
        assert_eq!(text("- a\n\n        code\n"), "- a\n\n        code\n");
    }

    #[test]
    fn blocks_that_commonmark_does_not_know_leave_a_placeholder() {
        assert_eq!(text("a\n!!! note\n    b\n\n    c\nd\n"), "a\n\n<0>\n\nd\n");
        assert_eq!(
            text("- a\n\n    ```sh\n    x\n    ```\n- b\n"),
            "- a\n\n  <0>\n\n- b\n"
        );
        assert_eq!(text("=== \"A\"\n\n    a\n\n=== \"B\"\n\n    b\n"), "<0>\n");
        assert_eq!(text("- ```\n  x\n  ```\n"), "- <0>\n");
    }

    #[test]
    fn headings_rules_and_definitions_are_python_markdowns() {
        assert_eq!(text("#Title\n- a\n"), "# Title\n- a\n");
        assert_eq!(text("a\nb\n---\n"), "a\nb\n\n***\n");
        assert_eq!(text("a\n---\n"), "a\n---\n");
        assert_eq!(text("[a]: b\n*[X]: y\n[^1]: n\n    more\nt\n"), "t\n");
    }
}
