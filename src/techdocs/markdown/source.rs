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
    let (title, body) = parted(&cleaned);
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
        title,
        cut: end < text.len(),
    }
}

/// The front matter of a page and what is below: `mkdocs.utils.meta.get_data`.
fn parted(text: &str) -> (Option<String>, &str) {
    match yaml(text) {
        Some((yaml, below)) => match serde_yaml::from_str::<Value>(yaml) {
            Ok(value @ Value::Mapping(_)) => (title(&value), below.trim_start_matches('\n')),
            // A key that is given twice is no error to MkDocs: the last one counts.
            Err(error) if error.to_string().contains("duplicate entry") => {
                let titles = yaml.lines().rev().find_map(|line| {
                    let value = line.strip_prefix("title:")?;
                    serde_yaml::from_str::<Value>(value).ok()
                });
                let title = titles.as_ref().and_then(titled);
                (title, below.trim_start_matches('\n'))
            }
            _ => (None, text),
        },
        None => keys(text),
    }
}

/// What stands between two lines of `---` at the top, and what is below.
fn yaml(text: &str) -> Option<(&str, &str)> {
    let blank = [' ', '\t'];
    let rest = text.strip_prefix("---")?.trim_start_matches(blank);
    let rest = rest.strip_prefix('\n')?;
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        let end = at + line.len();
        let mark = line
            .strip_suffix('\n')
            .map(|line| line.trim_end_matches(blank));
        if at > 0 && matches!(mark, Some("---" | "...")) {
            return Some((rest.get(..at)?, rest.get(end..)?));
        }
        at = end;
    }
    None
}

/// Front matter without marks: lines of `Key: value` at the top, up to the first other line or an empty one.
fn keys(text: &str) -> (Option<String>, &str) {
    let mut title: Option<String> = None;
    let mut key = "";
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim_end_matches('\n');
        let next = at + line.len();
        if body.trim().is_empty() {
            at = next;
            break;
        }
        let value = if let Some((name, value)) = key_line(body) {
            key = name;
            value
        } else if let Some(value) = more(body).filter(|_| !key.is_empty()) {
            value
        } else {
            break;
        };
        if key.eq_ignore_ascii_case("title") {
            title = Some(match title {
                Some(title) => format!("{title} {}", value.trim()),
                None => value.trim().to_owned(),
            });
        }
        at = next;
    }
    let title = title.map(|title| one_line(&title));
    let below = text.get(at..).unwrap_or_default();
    (
        title.filter(|title| !title.is_empty()),
        below.trim_start_matches('\n'),
    )
}

/// `Key: value`, at most three spaces in.
fn key_line(line: &str) -> Option<(&str, &str)> {
    let body = line.trim_start_matches(' ');
    let (key, value) = body.split_once(':')?;
    let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let is_near = line.len() - body.len() <= 3;
    (is_near && !key.is_empty() && key.chars().all(is_key)).then_some((key, value))
}

/// A line that goes on with the value of the one above.
fn more(line: &str) -> Option<&str> {
    line.strip_prefix("    ")
        .or_else(|| line.strip_prefix('\t'))
}

/// The `title` of front matter.
fn title(front: &Value) -> Option<String> {
    titled(front.get("title")?)
}

/// A value as a title.
fn titled(title: &Value) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_is_yaml_or_lines_of_keys() {
        let of = |text| parted(text);
        let is = |title: &str, below| (Some(title.to_owned()), below);
        assert_eq!(of("---\ntitle: A\n---\n\nb"), is("A", "b"));
        assert_eq!(of("---\ntitle: A\ntitle: B\n---\nb"), is("B", "b"));
        assert_eq!(of("---\n- a\n---\nb"), (None, "---\n- a\n---\nb"));
        assert_eq!(of("---\na: b\n---"), (None, "---\na: b\n---"));
        assert_eq!(of("Title: A\n    b\nOther: c\nd"), is("A b", "d"));
        assert_eq!(of("Note: this\n\n# A"), (None, "# A"));
        assert_eq!(of("# A\nTitle: b"), (None, "# A\nTitle: b"));
        assert_eq!(of("\n\na"), (None, "a"));
    }
}
