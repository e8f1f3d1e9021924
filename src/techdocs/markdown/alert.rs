//! GitHub's and GitLab's alerts → admonitions, as `mkdocs-github-admonitions-plugin` writes them. Lines stay where they
//! are.

use std::borrow::Cow;

use crate::catalog::text::capitalized;

/// `text` with admonitions in place of alerts.
pub(super) fn converted(text: &str) -> Cow<'_, str> {
    if !text.contains("[!") {
        return Cow::Borrowed(text);
    }
    let quoted = quoted(text);
    match fenced(&quoted) {
        Some(both) => Cow::Owned(both),
        None => Cow::Owned(quoted),
    }
}

/// Each line of a text with whether it lies in code between fences at the left edge.
fn lines(text: &str) -> Vec<(&str, bool)> {
    let mut open = false;
    let mut lines: Vec<(&str, bool)> = Vec::new();
    let mut since = None;
    for line in text.split_inclusive('\n') {
        if line.starts_with("```") {
            open = !open;
            since = open.then_some(lines.len());
            lines.push((line, true));
        } else {
            lines.push((line, open));
        }
    }
    // A fence that never closes holds nothing.
    if let Some(since) = since.filter(|_| open) {
        lines.iter_mut().skip(since).for_each(|line| line.1 = false);
    }
    lines
}

/// `> [!NOTE]`, and the lines with `>` below it.
fn quoted(text: &str) -> String {
    let lines = lines(text);
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    while let Some((line, in_code)) = lines.get(at) {
        at += 1;
        let opening = line
            .strip_prefix('>')
            .filter(|_| !in_code)
            .and_then(opening);
        let Some(opening) = opening else {
            out.push_str(line);
            continue;
        };
        let is_body = |(line, _): &&(&str, bool)| line.starts_with('>') && line.ends_with('\n');
        let body: Vec<&str> = lines
            .get(at..)
            .unwrap_or_default()
            .iter()
            .take_while(is_body)
            .map(|(line, _)| *line)
            .collect();
        if body.is_empty() {
            out.push_str(line);
            continue;
        }
        at += body.len();
        out.push_str(&opening);
        for line in &body {
            let words = line.get(1..).unwrap_or_default();
            out.push_str("    ");
            out.push_str(words.strip_prefix(' ').unwrap_or(words));
        }
    }
    out
}

/// `>>> [!NOTE]`, and the lines below it up to `>>>`; `None` where there is none.
fn fenced(text: &str) -> Option<String> {
    if !text.contains(">>> ") {
        return None;
    }
    let lines = lines(text);
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    // Whether nothing ends below what was looked at last.
    let mut unended = false;
    while let Some((line, in_code)) = lines.get(at) {
        at += 1;
        let opening = line
            .strip_prefix(">>>")
            .filter(|_| !in_code)
            .and_then(opening);
        let Some(opening) = opening.filter(|_| !unended) else {
            out.push_str(line);
            continue;
        };
        let rest = lines.get(at..).unwrap_or_default();
        let end = rest.iter().position(|(line, _)| line.starts_with(">>>"));
        unended = end.is_none();
        let Some(end) = end.filter(|end| *end > 0) else {
            out.push_str(line);
            continue;
        };
        out.push_str(&opening);
        for (line, _) in rest.iter().take(end) {
            out.push_str("    ");
            out.push_str(line);
        }
        out.push('\n');
        at += end + 1;
    }
    Some(out)
}

/// The admonition's opening line that the alert's stands for: `[!NOTE] Title`.
fn opening(rest: &str) -> Option<String> {
    let body = rest.trim_start_matches(' ');
    let (name, title) = body.strip_prefix("[!")?.split_once(']')?;
    if rest.len() - body.len() > 3 || !title.ends_with('\n') {
        return None;
    }
    let name = name.to_lowercase();
    let kind = match name.as_str() {
        "note" | "tip" | "warning" => name.as_str(),
        "important" => "warning",
        "caution" => "danger",
        _ => return None,
    };
    let title = match title.trim() {
        "" => capitalized(&name),
        title => title.to_owned(),
    };
    Some(format!("!!! {kind} \"{title}\"\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_become_admonitions() {
        assert_eq!(
            converted("a\n> [!CAUTION]\n> b\n>\n> c\nd\n"),
            "a\n!!! danger \"Caution\"\n    b\n    \n    c\nd\n"
        );
        assert_eq!(
            converted(">>> [!tip] Mind\nb\n>>>\nc\n"),
            "!!! tip \"Mind\"\n    b\n\nc\n"
        );
        for text in [
            "> [!other]\n> b\n",
            "> [!note]\n",
            "```\n> [!note]\n> b\n```\n",
        ] {
            assert_eq!(converted(text), text);
        }
    }
}
