//! Scalars in single and double quotes.

use std::borrow::Cow;

use super::plain::fold;
use super::reader::{Reader, Result};

impl<'a> Reader<'a> {
    /// The quoted scalar that begins here; its further lines are indented by more than `parent`.
    pub(super) fn quoted(&mut self, quote: u8, parent: isize) -> Result<Cow<'a, str>> {
        self.pos += 1;
        let start = self.pos;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let special = match quote {
            b'"' => memchr::memchr3(b'"', b'\\', b'\n', rest),
            _ => memchr::memchr2(b'\'', b'\n', rest),
        };
        if let Some(length) = special {
            let end = start + length;
            let doubled = quote == b'\'' && self.byte_at(end + 1) == Some(b'\'');
            if self.byte_at(end) == Some(quote) && !doubled {
                self.pos = end + 1;
                return Ok(Cow::Borrowed(self.slice(start, end)));
            }
        }
        self.quoted_parts(quote, parent).map(Cow::Owned)
    }

    /// The same for text with escapes or several lines.
    fn quoted_parts(&mut self, quote: u8, parent: isize) -> Result<String> {
        let opened = self.mark(self.pos - 1);
        let mut text = String::new();
        // What was written as an escape is not trimmed.
        let mut fixed = 0;
        loop {
            let from = self.pos;
            let rest = self.bytes.get(from..).unwrap_or_default();
            let length = match quote {
                b'"' => memchr::memchr3(b'"', b'\\', b'\n', rest),
                _ => memchr::memchr2(b'\'', b'\n', rest),
            };
            let Some(length) = length else {
                text.push_str(self.slice(from, self.bytes.len()));
                let doubled = from == self.bytes.len() && self.doubled(quote);
                self.pos = self.bytes.len();
                return if doubled {
                    Ok(text)
                } else {
                    self.unclosed(quote, opened.line)
                };
            };
            self.pos = from + length;
            text.push_str(self.slice(from, self.pos));
            match self.byte() {
                Some(b'\n') => {
                    let (end, doubled) = (self.pos, self.doubled(quote));
                    let (line, line_start) = (self.line, self.line_start);
                    let kept = text
                        .get(fixed..)
                        .unwrap_or_default()
                        .trim_end_matches([' ', '\t', '\r']);
                    text.truncate(fixed + kept.len());
                    let blanks = match self.quoted_line(quote, parent, opened.line) {
                        Err(_) if doubled => {
                            (self.pos, self.line, self.line_start) = (end, line, line_start);
                            return Ok(text);
                        }
                        blanks => blanks?,
                    };
                    fold(&mut text, blanks);
                    fixed = text.len();
                }
                Some(b'\\') => {
                    self.escape(&mut text, quote, parent, opened.line)?;
                    fixed = text.len();
                }
                _ if quote == b'\'' && self.byte_at(self.pos + 1) == Some(b'\'') => {
                    text.push('\'');
                    self.pos += 2;
                }
                _ => {
                    self.pos += 1;
                    return Ok(text);
                }
            }
        }
    }

    /// Whether two single quotes stand before this place. To `yaml` the second of them closes text that nothing else does.
    fn doubled(&self, quote: u8) -> bool {
        quote == b'\'' && self.slice(0, self.pos).ends_with("''")
    }

    fn unclosed<T>(&self, quote: u8, opened: u32) -> Result<T> {
        self.fail(format!(
            "the text in quotes that begins on line {opened} has no closing {}, or goes on where it is not indented",
            char::from(quote)
        ))
    }

    /// Goes to where a quoted scalar goes on behind the end of a line; how many blank lines lie between.
    fn quoted_line(&mut self, quote: u8, parent: isize, opened: u32) -> Result<usize> {
        let mut blanks = 0;
        let end_of_line = self.mark(self.pos);
        loop {
            self.next_line();
            let at = self.after_spaces(self.pos);
            let indent = self.column(at);
            self.pos = at;
            self.skip_blanks();
            match self.byte() {
                Some(b'\r') if self.byte_at(self.pos + 1) == Some(b'\n') => self.pos += 1,
                _ => {}
            }
            let tab = self.byte_at(at) == Some(b'\t');
            match self.byte() {
                Some(b'\n') if indent > parent || !tab => blanks += 1,
                Some(_) if indent > parent => return Ok(blanks),
                _ => {
                    return self.unclosed(quote, opened).map_err(|mut error| {
                        error.mark = end_of_line;
                        error
                    });
                }
            }
        }
    }

    /// The escape that begins here.
    fn escape(&mut self, text: &mut String, quote: u8, parent: isize, opened: u32) -> Result<()> {
        let c = match self.byte_at(self.pos + 1) {
            Some(b'0') => '\0',
            Some(b'a') => '\u{7}',
            Some(b'b') => '\u{8}',
            Some(b't' | b'\t') => '\t',
            Some(b'n') => '\n',
            Some(b'v') => '\u{b}',
            Some(b'f') => '\u{c}',
            Some(b'r') => '\r',
            Some(b'e') => '\u{1b}',
            Some(b' ') => ' ',
            Some(b'"') => '"',
            Some(b'/') => '/',
            Some(b'\\') => '\\',
            Some(b'N') => '\u{85}',
            Some(b'_') => '\u{a0}',
            Some(b'L') => '\u{2028}',
            Some(b'P') => '\u{2029}',
            Some(b'x') => return self.code(text, 2),
            Some(b'u') => return self.code(text, 4),
            Some(b'U') => return self.code(text, 8),
            Some(b'\n') => return self.escaped_line(1, quote, parent, opened),
            Some(b'\r') if self.byte_at(self.pos + 2) == Some(b'\n') => {
                return self.escaped_line(2, quote, parent, opened);
            }
            None => {
                self.pos = self.bytes.len();
                return self.unclosed(quote, opened);
            }
            Some(_) => return self.bad_escape(2),
        };
        text.push(c);
        self.pos += 2;
        Ok(())
    }

    /// An escaped end of line is nothing; what follows it goes on.
    fn escaped_line(&mut self, length: usize, quote: u8, parent: isize, opened: u32) -> Result<()> {
        self.pos += length;
        let at = self.after_spaces(self.pos + 1);
        let indent = self.column(at) - self.column(self.pos + 1);
        let blank = {
            let mut end = at;
            while matches!(self.byte_at(end), Some(b' ' | b'\t' | b'\r')) {
                end += 1;
            }
            self.byte_at(end) == Some(b'\n')
        };
        if !blank && (indent <= parent || at == self.bytes.len()) {
            return self.unclosed(quote, opened);
        }
        self.next_line();
        self.skip_blanks();
        Ok(())
    }

    /// A character by its number in `digits` hexadecimal digits; one beyond the first plane may be written as the two
    /// halves that JSON makes of it.
    fn code(&mut self, text: &mut String, digits: usize) -> Result<()> {
        const HIGH: std::ops::Range<u32> = 0xd800..0xdc00;
        const LOW: std::ops::Range<u32> = 0xdc00..0xe000;
        let Some(number) = self.hexadecimal(self.pos + 2, digits) else {
            return self.bad_escape(2 + digits);
        };
        self.pos += 2 + digits;
        if HIGH.contains(&number)
            && self.slice(self.pos, self.pos + 2) == "\\u"
            && let Some(low) = self.hexadecimal(self.pos + 2, 4)
            && LOW.contains(&low)
        {
            self.pos += 6;
            let number = 0x1_0000 + ((number - HIGH.start) << 10) + (low - LOW.start);
            text.extend(char::from_u32(number));
            return Ok(());
        }
        if HIGH.contains(&number) || LOW.contains(&number) {
            text.push(char::REPLACEMENT_CHARACTER);
            return Ok(());
        }
        let Some(c) = char::from_u32(number) else {
            self.pos -= 2 + digits;
            return self.bad_escape(2 + digits);
        };
        text.push(c);
        Ok(())
    }

    fn hexadecimal(&self, at: usize, digits: usize) -> Option<u32> {
        let text = self.text.get(at..at + digits)?;
        let all = text.bytes().all(|b| b.is_ascii_hexdigit());
        all.then(|| u32::from_str_radix(text, 16).ok())?
    }

    fn bad_escape(&self, length: usize) -> Result<()> {
        let shown: String = self
            .slice(self.pos, self.bytes.len())
            .chars()
            .take(length)
            .collect();
        self.fail(format!(
            "{shown} is no escape; write \\\\ for a backslash, or use single quotes"
        ))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::catalog::yaml::tests::{fails, reads};

    #[test]
    fn escapes_and_folded_lines() {
        reads(&[
            (
                r#""\x41\u263a\U0001f600\t\n\\\"\/ \_""#,
                json!("A☺😀\t\n\\\"/ \u{a0}"),
            ),
            (r#""\ud83d\ude00""#, json!("😀")),
            (r#""\ud83d""#, json!("\u{fffd}")),
            ("\"a  \n  b\\\n  c\n\n  d \\\n  e\"", json!("a bc\nd e")),
            ("a: 'it''s\n\n  so'", json!({"a": "it's\nso"})),
            ("a: ''''\nb: ''", json!({"a": "'", "b": ""})),
            ("a: \"b # c\r\n  d\"", json!({"a": "b # c d"})),
        ]);
    }

    #[test]
    fn text_in_quotes_has_an_end_and_is_indented() {
        fails(&[
            (
                "a: \"b",
                "1:6 the text in quotes that begins on line 1 has no closing \"",
            ),
            (
                "a: 'b\nc'",
                "1:6 the text in quotes that begins on line 1 has no closing '",
            ),
            (
                "a: \"b\n\n  c",
                "3:4 the text in quotes that begins on line 1",
            ),
            (r#"a: "\q""#, r"1:5 \q is no escape"),
            (r#"a: "\xZZ""#, r"1:5 \xZZ is no escape"),
            (r#"a: "\U00110000""#, r"1:5 \U00110000 is no escape"),
        ]);
    }

    #[test]
    fn what_yaml_takes_for_closed_is_closed() {
        reads(&[("a: 'b''\nc: d", json!({"a": "b'", "c": "d"}))]);
    }
}
