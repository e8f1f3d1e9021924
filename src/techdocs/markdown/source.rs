//! The text of a page on its way to the parser: bounded, cleaned, in lines that know where they came from.

use std::borrow::Cow;

use serde_yaml::Value;

use super::stash::{CLOSE, OPEN};
use crate::catalog::text::{clean, one_line};

/// How much of a page is read, in bytes.
const MAX_BYTES: usize = 4 << 20;

/// Text, and of each of its lines the number in the page's file, from 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Source {
    /// The text; lines are parted by `\n`.
    pub(super) text: String,
    /// The numbers of its lines.
    pub(super) numbers: Vec<u32>,
}

impl Source {
    /// The lines with their numbers.
    pub(super) fn lines(&self) -> impl Iterator<Item = (&str, u32)> {
        let numbers = self.numbers.iter().copied();
        self.text
            .split('\n')
            .zip(numbers.chain(std::iter::repeat(0)))
    }

    /// Adds a line.
    pub(super) fn push(&mut self, line: &str, number: u32) {
        if !self.numbers.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        self.numbers.push(number);
    }
}

/// A page as it is written.
pub(super) struct Page {
    /// Its text below the front matter.
    pub(super) source: Source,
    /// The title that the front matter gives.
    pub(super) title: Option<String>,
    /// Whether the page was longer than is read.
    pub(super) cut: bool,
}

/// Bounds, cleans and parts `text`.
pub(super) fn page(text: &str) -> Page {
    let mut end = text.len().min(MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text_read = text.get(..end).unwrap_or_default();
    let text_read = if text_read.contains('\r') {
        Cow::Owned(text_read.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text_read)
    };
    let cleaned = clean(&text_read);
    let (front, body) = parted(&cleaned);
    let skipped = cleaned.len() - body.len();
    let head = cleaned.get(..skipped).unwrap_or_default();
    let first = head.matches('\n').count() + 1;
    let lines = memchr::memchr_iter(b'\n', body.as_bytes()).count() + 1;
    let numbers = (first..first + lines).map(|line| u32::try_from(line).unwrap_or(u32::MAX));
    Page {
        source: Source {
            text: body.to_owned(),
            numbers: numbers.collect(),
        },
        title: front.as_ref().and_then(title),
        cut: end < text.len(),
    }
}

/// The front matter of a page, where it has some that is YAML, and what is below: `mkdocs.utils.meta.get_data`.
fn parted(text: &str) -> (Option<Value>, &str) {
    let none = (None, text);
    let Some(rest) = text.strip_prefix("---") else {
        return none;
    };
    let rest = rest.trim_start_matches([' ', '\t']);
    let Some(rest) = rest.strip_prefix('\n') else {
        return none;
    };
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        let body = line.trim_end();
        if matches!(body, "---" | "...") && line.starts_with(body) {
            let yaml = rest.get(..at).unwrap_or_default();
            let below = rest.get(at + line.len()..).unwrap_or_default();
            return match serde_yaml::from_str::<Value>(yaml) {
                Ok(value @ Value::Mapping(_)) => (Some(value), below.trim_start_matches('\n')),
                _ => none,
            };
        }
        at += line.len();
    }
    none
}

/// The `title` of front matter.
fn title(front: &Value) -> Option<String> {
    let title = front.get("title")?;
    let title = title
        .as_str()
        .map(one_line)
        .or_else(|| title.as_i64().map(|number| number.to_string()));
    title.filter(|title| !title.is_empty())
}

/// `NormalizeWhitespace`: tabs become spaces to the next multiple of four, lines of spaces become empty ones.
pub(super) fn normalized(source: Source) -> Source {
    let is_blank = |line: &str| !line.is_empty() && line.bytes().all(|byte| byte == b' ');
    if !source.text.contains(['\t', OPEN, CLOSE]) && !source.text.split('\n').any(is_blank) {
        return source;
    }
    let mut text = String::with_capacity(source.text.len() + source.text.len() / 8);
    for (number, line) in source.text.split('\n').enumerate() {
        if number > 0 {
            text.push('\n');
        }
        let from = text.len();
        let mut column = 0;
        for c in line.chars() {
            if c == '\t' {
                let spaces = 4 - column % 4;
                text.extend(std::iter::repeat_n(' ', spaces));
                column += spaces;
            } else {
                text.push(c);
                column += 1;
            }
        }
        // The first line of a page stays as it is.
        if number > 0 && text.get(from..).is_some_and(is_blank) {
            text.truncate(from);
        }
    }
    Source { text, ..source }
}
