//! JSON: Pygments' `JsonLexer`, which is a program of its own.

use super::{Class, Cursor, Out};

pub(super) fn read(code: &str, out: &mut Out) {
    let mut cursor = Cursor::new(code);
    while let Some(first) = cursor.peek() {
        let rest = cursor.rest();
        match first {
            '"' => {
                let text = cursor.take(string(rest, '"'));
                let is_key = cursor.rest().trim_start().starts_with(':');
                out.push(if is_key { Class::Key } else { Class::Text }, text);
            }
            '{' | '}' | '[' | ']' | ',' | ':' => out.push(Class::Punctuation, cursor.take(1)),
            '/' if rest.starts_with("//") => {
                let end = rest.find('\n').unwrap_or(rest.len());
                out.push(Class::Comment, cursor.take(end));
            }
            '/' if rest.starts_with("/*") => {
                let end = rest.find("*/").map_or(rest.len(), |at| at + 2);
                out.push(Class::Comment, cursor.take(end));
            }
            '-' | '0'..='9' => {
                let number = cursor.take_while(|c| c.is_ascii_digit() || "-+.eE".contains(c));
                let is_float = number.contains(['.', 'e', 'E']);
                out.push(
                    if is_float {
                        Class::Float
                    } else {
                        Class::Number
                    },
                    number,
                );
            }
            c if "truefalsn".contains(c)
                && ["true", "false", "null"]
                    .iter()
                    .any(|word| rest.starts_with(word)) =>
            {
                out.push(
                    Class::Constant,
                    cursor.take_while(|c| "trufalsen".contains(c)),
                );
            }
            c if c.is_whitespace() => {
                out.end();
                cursor.take_char();
            }
            _ => out.push(Class::Wrong, cursor.take_char()),
        }
    }
}

/// How long the text in quotation marks is that `text` begins with.
fn string(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            '\n' => return at,
            _ => {}
        }
    }
    text.len()
}
