//! Block scalars: `|` and `>`.

use super::marks::Mark;
use super::plain::fold;
use super::reader::{Reader, Result, fail_at};

/// What the first line of a block scalar says.
struct Header {
    folded: bool,
    /// The indentation it asks for, counted from its parent's.
    indent: Option<isize>,
    end: End,
}

/// What becomes of the ends of lines at the end.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Clip,
    Strip,
    Keep,
}

impl<'a> Reader<'a> {
    /// The block scalar that begins here, inside of what is indented by `parent`.
    pub(super) fn block_scalar(&mut self, parent: isize) -> Result<String> {
        let header = self.block_header()?;
        let indent = match header.indent {
            Some(more) => parent.max(0) + more,
            None => self.block_indent(parent)?,
        };
        let indent = usize::try_from(indent).unwrap_or_default();
        let mut text = String::new();
        // How many blank lines wait for what follows them.
        let mut blanks = 0;
        let mut any = false;
        let mut last_deep = false;
        while let Some(line) = self.block_line(indent) {
            if line.is_empty() {
                // Spaces behind the last end of a line are no line.
                blanks += usize::from(self.pos == self.line_start || !any);
                continue;
            }
            let deep = line.starts_with([' ', '\t']);
            if !any || !header.folded {
                text.extend(std::iter::repeat_n('\n', blanks + usize::from(any)));
            } else if deep || last_deep {
                text.extend(std::iter::repeat_n('\n', blanks + 1));
            } else {
                fold(&mut text, blanks);
            }
            text.push_str(line);
            (any, last_deep, blanks) = (true, deep, 0);
        }
        let next = self.after_spaces(self.pos);
        if self.byte_at(next) == Some(b'\t') {
            self.pos = next;
            return self.fail("there is a tab in the indentation of this text; indent with spaces");
        }
        match header.end {
            End::Clip if any => text.push('\n'),
            End::Clip | End::Strip => {}
            End::Keep => text.extend(std::iter::repeat_n('\n', blanks + usize::from(any))),
        }
        Ok(text)
    }

    fn block_header(&mut self) -> Result<Header> {
        let mut header = Header {
            folded: self.byte() == Some(b'>'),
            indent: None,
            end: End::Clip,
        };
        self.pos += 1;
        loop {
            match self.byte() {
                Some(b'-') if header.end == End::Clip => header.end = End::Strip,
                Some(b'+') if header.end == End::Clip => header.end = End::Keep,
                Some(digit @ b'1'..=b'9') if header.indent.is_none() => {
                    header.indent = Some(isize::from(digit - b'0'));
                }
                _ => break,
            }
            self.pos += 1;
        }
        let spaced = matches!(self.byte(), Some(b' ' | b'\t'));
        self.skip_blanks();
        match self.byte() {
            Some(b'#') if spaced => {
                let rest = self.bytes.get(self.pos..).unwrap_or_default();
                self.pos += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            }
            Some(b'#') => return self.fail("a comment needs a space before its `#`"),
            Some(b'\r') if self.byte_at(self.pos + 1) == Some(b'\n') => self.pos += 1,
            _ => {}
        }
        match self.byte() {
            None => {}
            Some(b'\n') => self.next_line(),
            Some(_) => {
                return self.fail(
                    "the text of a block (`|`, `>`) begins on the next line; put this in quotes if it is the text",
                );
            }
        }
        Ok(header)
    }

    /// The indentation of a block scalar that begins on this line: that of its first line with text.
    fn block_indent(&self, parent: isize) -> Result<isize> {
        let mut widest = 0;
        let mut start = self.pos;
        let mut line = self.line;
        loop {
            let at = self.after_spaces(start);
            let indent = at - start;
            let next = match self.byte_at(at) {
                Some(b'\n') => at + 1,
                Some(b'\r') if self.byte_at(at + 1) == Some(b'\n') => at + 2,
                _ => {
                    let ends = at == self.bytes.len();
                    let indent = isize::try_from(indent).unwrap_or(isize::MAX);
                    if ends {
                        return Ok(widest.max(indent).max(parent + 1));
                    }
                    if indent <= parent {
                        return Ok(widest.max(parent + 1));
                    }
                    if widest > indent {
                        return fail_at(
                            Mark {
                                line,
                                column: u32::try_from(indent).unwrap_or(u32::MAX).saturating_add(1),
                            },
                            "a blank line before this text is indented deeper than the text; say how deep, as in `|2`",
                        );
                    }
                    return Ok(indent);
                }
            };
            widest = widest.max(isize::try_from(indent).unwrap_or(isize::MAX));
            start = next;
            line = line.saturating_add(1);
        }
    }

    /// The next line of a block scalar without its indentation; `None` behind its end.
    fn block_line(&mut self, indent: usize) -> Option<&'a str> {
        let start = self.pos;
        if start == self.bytes.len() {
            return None;
        }
        let at = self.after_spaces(start);
        let rest = self.bytes.get(at..).unwrap_or_default();
        let end = at + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let blank = matches!(self.slice(at, end), "" | "\r");
        if !blank && at - start < indent {
            return None;
        }
        let line = self.slice((start + indent).min(end), end);
        self.pos = end;
        if end < self.bytes.len() {
            self.next_line();
        }
        Some(line.strip_suffix('\r').unwrap_or(line))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::catalog::yaml::tests::{fails, reads};

    #[test]
    fn ends_of_lines_at_the_end() {
        reads(&[
            ("a: |\n  x\n\n\nb: 1", json!({"a": "x\n", "b": 1})),
            ("a: |-\n  x\n\n", json!({"a": "x"})),
            ("a: |+\n  x\n\n\nb: 1", json!({"a": "x\n\n\n", "b": 1})),
            ("a: |\n  x", json!({"a": "x\n"})),
            ("a: |\nb: 1", json!({"a": "", "b": 1})),
            ("a: |+\n\n\n", json!({"a": "\n\n"})),
            ("a: |\r\n  x\r\n  y\r\n", json!({"a": "x\ny\n"})),
        ]);
    }

    #[test]
    fn indentation() {
        reads(&[
            ("a: |2\n    x\n   y\n", json!({"a": "  x\n y\n"})),
            ("a:\n- |1\n  x\n", json!({"a": [" x\n"]})),
            (
                "a: |\n\n  x\n    y\n # c\nb: 1",
                json!({"a": "\nx\n  y\n", "b": 1}),
            ),
            ("--- |\nx\n  y\n", json!("x\n  y\n")),
            ("a: |\n  x\n    \n  y", json!({"a": "x\n  \ny\n"})),
        ]);
    }

    #[test]
    fn folding() {
        reads(&[
            (
                "a: >\n  x\n  y\n\n  z\n    more\n  less\n\n",
                json!({"a": "x y\nz\n  more\nless\n"}),
            ),
            ("a: >-\n\n  x\n\n\n  y\n", json!({"a": "\nx\n\ny"})),
        ]);
    }

    #[test]
    fn mistakes() {
        fails(&[
            (
                "a: |x\n  y",
                "1:5 the text of a block (`|`, `>`) begins on the next line",
            ),
            ("a: |# c\n  x", "1:5 a comment needs a space before its `#`"),
            (
                "a: |\n   \n  x\n",
                "3:3 a blank line before this text is indented deeper",
            ),
            (
                "a: |\n  x\n\t\n  y",
                "3:1 there is a tab in the indentation",
            ),
            ("a: |\n  x\n y\nb: 1", "3:2 this is indented deeper"),
        ]);
    }
}
