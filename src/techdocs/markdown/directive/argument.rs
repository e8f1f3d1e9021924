//! A directive as it is written: its file, and what is said behind it.

use super::Directives;

/// A directive.
#[derive(Debug)]
pub(super) struct Tag<'t> {
    /// All of it, with what stands before it on its line.
    pub(super) text: &'t str,
    /// The blanks and words that stand before it on its line.
    pub(super) indent: &'t str,
    /// Whether what is included is Markdown: `include-markdown`, and not `include`.
    pub(super) markdown: bool,
    /// The file that it names.
    pub(super) file: String,
    /// What is said behind the file.
    arguments: &'t str,
}

/// The directive whose opening mark stands at `at` in `text`; what stands before it may reach back to `from`.
pub(super) fn tag<'t>(text: &'t str, from: usize, at: usize, set: &Directives) -> Option<Tag<'t>> {
    let body = text.get(at..)?.strip_prefix(set.opening.as_str())?;
    let body = body.trim_start().strip_prefix("include")?;
    let (markdown, body) = match body.strip_prefix("-markdown") {
        Some(body) => (true, body),
        None => (false, body),
    };
    let named = body.trim_start();
    let quote = named.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    if named.len() == body.len() {
        return None;
    }
    let inner = named.get(1..)?;
    let length = closing(inner, quote).filter(|length| *length > 0)?;
    let file = unescaped(inner.get(..length)?, quote);
    let behind = inner.get(length + 1..)?;
    let end = behind.find(set.closing.as_str())?;
    let arguments = behind.get(..end)?;
    let whole = text.len() - behind.len() + end + set.closing.len();
    let before = text.get(from..at)?;
    let is_part = |c: char| matches!(c, ' ' | '\t' | '\\' | '.' | '_') || c.is_alphanumeric();
    let indent = before.len() - before.trim_end_matches(is_part).len();
    Some(Tag {
        text: text.get(at - indent..whole)?,
        indent: text.get(at - indent..at)?,
        markdown,
        file,
        arguments,
    })
}

impl<'t> Tag<'t> {
    /// What stands behind `name=`.
    fn said(&self, name: &str) -> Option<&'t str> {
        self.arguments.match_indices(name).find_map(|(at, _)| {
            let value = self.arguments.get(at + name.len()..)?;
            value.strip_prefix('=')
        })
    }

    /// The text in quotation marks that is given for `name`, else the usual one.
    pub(super) fn text_argument(&self, name: &str, usual: Option<&str>) -> Option<String> {
        let said = self.said(name).and_then(|value| {
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let inner = value.get(1..)?;
            let length = closing(inner, quote)?;
            Some(unescaped(inner.get(..length)?, quote))
        });
        said.or_else(|| usual.map(str::to_owned))
    }

    /// Whether `name` is said to be so, else the usual.
    pub(super) fn flag(&self, name: &str, usual: bool) -> bool {
        match self.said(name) {
            Some(value) if value.starts_with("true") => true,
            Some(value) if value.starts_with("false") => false,
            _ => usual,
        }
    }

    /// The number that is given for `name`, else the usual one.
    pub(super) fn number(&self, name: &str, usual: i64) -> i64 {
        let said = self.said(name).and_then(|value| {
            let is_part = |c: char| !c.is_ascii_digit() && c != '-';
            let end = value.find(is_part).unwrap_or(value.len());
            value.get(..end)?.parse().ok()
        });
        said.unwrap_or(usual)
    }
}

/// Where the text in quotation marks ends.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut last = ' ';
    text.char_indices().find_map(|(at, c)| {
        let ends = c == quote && last != '\\';
        last = c;
        ends.then_some(at)
    })
}

fn unescaped(text: &str, quote: char) -> String {
    text.replace(&format!("\\{quote}"), &quote.to_string())
}

/// A text with the characters that Python's escapes stand for.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some(c @ ('\\' | '\'' | '"')) => out.push(c),
            Some(c) => out.extend(['\\', c]),
            None => out.push('\\'),
        }
    }
    out
}
