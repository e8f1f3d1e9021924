//! Scalars without quotes.

use std::borrow::Cow;

use super::reader::{Reader, Result, is_blank, is_flow};

/// The bytes at which a plain scalar may end.
const MAY_END: [bool; 256] = {
    let mut table = [false; 256];
    let mut ends: &[u8] = b"\n:#,[]{}";
    while let [byte, rest @ ..] = ends {
        table[*byte as usize] = true;
        ends = rest;
    }
    table
};

impl<'a> Reader<'a> {
    /// The plain scalar that begins here, with the lines that go on with it: those indented by more than `parent`.
    pub(super) fn plain(&mut self, parent: isize, flow: bool) -> Result<Cow<'a, str>> {
        self.check_plain_start(flow)?;
        let start = self.pos;
        self.pos = self.plain_end(start, flow);
        let mut text = Cow::Borrowed(self.slice(start, self.pos));
        while let Some((blanks, begins)) = self.plain_goes_on(parent, flow) {
            let end = self.plain_end(begins, flow);
            let text = text.to_mut();
            fold(text, blanks);
            text.push_str(self.slice(begins, end));
            self.pos = end;
        }
        Ok(text)
    }

    fn check_plain_start(&self, flow: bool) -> Result<()> {
        match self.byte() {
            Some(byte @ (b'@' | b'`')) => self.fail(format!(
                "text cannot begin with `{}`, which YAML keeps for itself; put it in quotes",
                char::from(byte)
            )),
            Some(b'%') => self.fail("text cannot begin with `%`; put it in quotes"),
            Some(b',') => self.fail("text cannot begin with a comma; put it in quotes"),
            Some(byte @ (b']' | b'}')) => self.fail(format!(
                "this `{}` closes nothing; put the text in quotes if it belongs to it",
                char::from(byte)
            )),
            Some(byte @ (b'|' | b'>')) if flow => self.fail(format!(
                "text between brackets cannot begin with `{}`; put it in quotes",
                char::from(byte)
            )),
            Some(b'-') if flow && self.ends_plain_in_flow(self.pos + 1) => {
                self.fail("a list of lines with `-` cannot stand between brackets")
            }
            _ => Ok(()),
        }
    }

    fn ends_plain_in_flow(&self, at: usize) -> bool {
        self.byte_at(at).is_none_or(|b| is_blank(b) || is_flow(b))
    }

    /// Where the part of a plain scalar on this line ends that begins at `start`, without the white space at its end;
    /// `start` if there is none.
    fn plain_end(&self, start: usize, flow: bool) -> usize {
        let mut at = start;
        loop {
            let rest = self.bytes.get(at..).unwrap_or_default();
            let Some(length) = rest
                .iter()
                .position(|b| MAY_END.get(usize::from(*b)) == Some(&true))
            else {
                at = self.bytes.len();
                break;
            };
            at += length;
            let ends = match self.byte_at(at) {
                Some(b':') => self.blank_at(at + 1) || (flow && self.ends_plain_in_flow(at + 1)),
                Some(b'#') => at > start && matches!(self.byte_at(at - 1), Some(b' ' | b'\t')),
                Some(b'\n') | None => true,
                Some(_) => flow,
            };
            if ends {
                break;
            }
            at += 1;
        }
        let line_ends = self.byte_at(at) == Some(b'\n');
        let text = self.bytes.get(start..at).unwrap_or_default();
        let text = match text {
            [text @ .., b'\r'] if line_ends => text,
            text => text,
        };
        let trailing = text
            .iter()
            .rev()
            .take_while(|b| matches!(b, b' ' | b'\t'))
            .count();
        start + text.len() - trailing
    }

    /// If the plain scalar that ends here goes on below: how many blank lines come before, and where it goes on. Moves
    /// to that line.
    fn plain_goes_on(&mut self, parent: isize, flow: bool) -> Option<(usize, usize)> {
        let mut at = self.pos;
        let (mut lines, mut line_start) = (0, at);
        let mut indent = 0;
        while let Some(byte) = self.byte_at(at).filter(|b| is_blank(*b)) {
            at += 1;
            if byte == b'\t' && lines > 0 && isize::try_from(indent).is_ok_and(|n| n <= parent) {
                return None;
            }
            if byte == b'\n' {
                lines += 1;
                line_start = at;
                at = self.after_spaces(at);
                indent = at - line_start;
            }
        }
        let deep = isize::try_from(indent).is_ok_and(|indent| indent > parent);
        if lines == 0 || !deep {
            return None;
        }
        if self.byte().is_none() || self.byte_at(at) == Some(b'#') || self.plain_end(at, flow) == at
        {
            return None;
        }
        self.line = self
            .line
            .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.line_start = line_start;
        Some((lines - 1, at))
    }
}

/// What the end of a line and `blanks` blank lines after it become within a scalar: a space, or as many ends of lines as
/// there are blank ones.
pub(super) fn fold(text: &mut String, blanks: usize) {
    match blanks {
        0 => text.push(' '),
        _ => text.extend(std::iter::repeat_n('\n', blanks)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::catalog::yaml::tests::{fails, reads};

    #[test]
    fn lines_are_folded() {
        reads(&[
            ("a: b\n c\n  d\n", json!({"a": "b c d"})),
            ("a: b\n\n\n  c\n", json!({"a": "b\n\nc"})),
            ("a: b \t\r\n  c \r\n", json!({"a": "b c"})),
            ("- a\n  - b\n", json!(["a - b"])),
            ("a\n\tb", json!("a b")),
        ]);
    }

    #[test]
    fn indicators_within_text_are_text() {
        reads(&[
            ("a: http://x:80/#y", json!({"a": "http://x:80/#y"})),
            ("a: b :c\nd: e#f", json!({"a": "b :c", "d": "e#f"})),
            (
                "a: -x\nb: ?x\nc: :x",
                json!({"a": "-x", "b": "?x", "c": ":x"}),
            ),
            ("[a:b, c d]", json!(["a:b", "c d"])),
            ("a: b, [c]", json!({"a": "b, [c]"})),
        ]);
    }

    #[test]
    fn some_characters_begin_no_text() {
        fails(&[
            ("a: @b", "1:4 text cannot begin with `@`"),
            ("a: `b", "1:4 text cannot begin with ``"),
            ("a: %b", "1:4 text cannot begin with `%`"),
            ("a: ,b", "1:4 text cannot begin with a comma"),
            ("a: }b", "1:4 this `}` closes nothing"),
            ("[a, |]", "1:5 text between brackets cannot begin with `|`"),
            (
                "[- a]",
                "1:2 a list of lines with `-` cannot stand between brackets",
            ),
        ]);
    }
}
