//! Cleaning of text from outside, so that it never drives the terminal; text in columns; numbers as text.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// `text` without control characters, escape sequences' introducers and bidirectional overrides.
///
/// Newlines and tabs are kept (a screen expands tabs itself); `\r\n` becomes `\n`. Everything that enters from a file
/// or a host goes through here once, before it is kept.
pub fn clean(text: &str) -> Cow<'_, str> {
    // Nearly all text is ASCII, of which a look at its bytes says all.
    let is_odd = |byte: u8| byte >= 0x7f || (byte < b' ' && !matches!(byte, b'\n' | b'\t'));
    if text.bytes().any(is_odd) && text.chars().any(is_unwanted) {
        Cow::Owned(text.chars().filter(|c| !is_unwanted(*c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// JSON with what [`clean`] would take out written as `\u…`: harmless, and whole.
pub fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if is_unwanted(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// `text` on one line: cleaned, with runs of white space folded into one space.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().filter(|c| !is_unwanted(*c)));
    }
    line
}

/// `text` with its first letter in upper case, as a title has it.
pub fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

/// C0 and C1 controls but newline and tab, and the characters that reorder or hide text.
fn is_unwanted(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{0}'..='\u{1f}'
        | '\u{7f}'..='\u{9f}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{061c}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => true,
        _ => false,
    }
}

/// How many columns `text` takes.
pub fn width(text: &str) -> usize {
    // Most texts are plain, and for those the tables need not be asked.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.len();
    }
    UnicodeWidthStr::width(text)
}

/// `text` in at most `columns` columns, cut at its end with `…`.
pub fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut left = columns.saturating_sub(1);
    for grapheme in text.graphemes(true) {
        let wide = width(grapheme);
        if wide > left {
            break;
        }
        left -= wide;
        cut.push_str(grapheme);
    }
    if columns > 0 {
        cut.push('…');
    }
    cut
}

/// Words of `text` on lines of at most `columns` columns; words that are longer are cut.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        let mut taken = 0;
        for word in paragraph.split_whitespace() {
            let word = cut(word, columns);
            let wide = width(&word);
            if !line.is_empty() && taken + 1 + wide > columns {
                lines.push(std::mem::take(&mut line));
                taken = 0;
            }
            if !line.is_empty() {
                line.push(' ');
                taken += 1;
            }
            line.push_str(&word);
            taken += wide;
        }
        lines.push(line);
    }
    lines
}

/// A number with thousands apart: `12,751`.
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun: `1 problem`, `3 problems`.
pub fn counted(number: usize, noun: &str) -> String {
    let many = match noun {
        _ if number == 1 => noun.to_owned(),
        _ if noun.ends_with('y') => format!("{}ies", noun.trim_end_matches('y')),
        _ => format!("{noun}s"),
    };
    format!("{} {many}", count(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_overrides_lose_their_power() {
        assert_eq!(clean("a\u{1b}[31mb\r\nc\u{202e}d\u{9b}2J"), "a[31mb\ncd2J");
        assert!(matches!(clean("plain\ttext\n"), Cow::Borrowed(_)));
        assert_eq!(one_line("  a\n\n b\tc "), "a b c");
        assert_eq!(escaped("\"\u{feff}a\u{9b}\""), r#""\ufeffa\u009b""#);
    }

    #[test]
    fn plain_texts_are_as_wide_as_the_tables_say_and_wrap_at_their_words() {
        for text in [
            "",
            "plain ~ text",
            "支付",
            "e\u{301}",
            "a\tb",
            "👩\u{200d}🚀 x",
        ] {
            assert_eq!(width(text), UnicodeWidthStr::width(text), "{text:?}");
        }
        assert_eq!(wrap("one two 支付 three", 8), ["one two", "支付", "three"]);
        assert_eq!(wrap("one two 支付 three", 10), ["one two", "支付 three"]);
        assert_eq!(wrap("a\n\nunbreakable", 5), ["a", "", "unbr…"]);
    }
}
