//! Front matter: the YAML between two `---` at the top of a page.

use serde_yaml::Value;

use super::source::SourceLine;
use crate::catalog::text::one_line;

/// The lines of front matter, if there is any, and the page below it.
pub(super) fn split<'l, 'a>(
    lines: &'l [SourceLine<'a>],
) -> (Option<&'l [SourceLine<'a>]>, &'l [SourceLine<'a>]) {
    let is_fence = |line: &SourceLine<'_>| line.text.trim_end() == "---";
    let ends = |line: &SourceLine<'_>| matches!(line.text.trim_end(), "---" | "...");
    if !lines.first().is_some_and(is_fence) {
        return (None, lines);
    }
    match lines.iter().skip(1).position(ends) {
        Some(end) => (lines.get(1..=end), lines.get(end + 2..).unwrap_or_default()),
        None => (None, lines),
    }
}

/// The `title` that the front matter gives.
pub(super) fn title(front: &[SourceLine<'_>]) -> Option<String> {
    let text: Vec<&str> = front.iter().map(|line| line.text).collect();
    let value: Value = serde_yaml::from_str(&text.join("\n")).ok()?;
    let title = value.get("title")?;
    let title = title
        .as_str()
        .map(one_line)
        .or_else(|| title.as_i64().map(|number| number.to_string()));
    title.filter(|title| !title.is_empty())
}
