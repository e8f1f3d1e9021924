//! Fenced code: `SuperFences`. It is taken out before blocks are known, wherever it is indented or quoted; what turns
//! out to lie in indented code is put back.

use std::collections::HashMap;

use super::attributes;
use super::options::Options;
use super::source::Source;
use super::stash::{self, Stash};
use super::write::escaped;

/// Fences that were taken out: of each placeholder the text as it stood, and how far it was indented.
#[derive(Debug, Default)]
pub(super) struct Fences {
    taken: HashMap<usize, (String, usize)>,
}

impl Fences {
    /// `block` with the text that stood for each placeholder on a line of its own; `None` where there is none.
    pub(super) fn reverted(&mut self, block: &str) -> Option<String> {
        if self.taken.is_empty() || !block.contains(stash::OPEN) {
            return None;
        }
        let mut changed = false;
        let mut lines: Vec<String> = Vec::new();
        for line in block.split('\n') {
            let body = line.trim_start_matches([' ', '>']);
            let indent = line.len() - body.len();
            let number = stash::placeholder(body).filter(|(_, length)| *length == body.len());
            match number.and_then(|(number, _)| self.taken.remove(&number)) {
                Some((text, columns)) => {
                    let from = columns.saturating_sub(indent);
                    lines.extend(text.split('\n').map(|line| cut(line, from).to_owned()));
                    changed = true;
                }
                None => lines.push(line.to_owned()),
            }
        }
        changed.then(|| lines.join("\n"))
    }
}

/// An open fence.
struct Open {
    marks: String,
    code: Code,
    /// The line it stands on.
    start: usize,
    /// The white space and quotation marks before it.
    prefix: String,
    quotes: usize,
    /// How many empty lines were passed last.
    empty: usize,
}

/// What a line is to an open fence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Inside,
    Ends,
    Outside,
}

/// Tells the lines of fences from others.
#[derive(Default)]
pub(super) struct Tracker {
    open: Option<Open>,
}

impl Tracker {
    /// Whether the next line belongs to a fence, so far as the lines up to it tell.
    pub(super) fn is_code(&mut self, line: &str) -> bool {
        let Some(fence) = &mut self.open else {
            self.open = opened(line, 0);
            return self.open.is_some();
        };
        let step = fence.step(line);
        if step != Step::Inside {
            self.open = None;
        }
        step != Step::Outside
    }
}

/// What the opening line says of the code.
#[derive(Debug, Default, PartialEq, Eq)]
struct Code {
    language: String,
    classes: Vec<String>,
    id: String,
    title: String,
    marked: String,
    /// Whether its lines are numbered whatever the site says.
    numbered: bool,
}

/// `source` with placeholders for fenced code.
pub(super) fn take(source: &Source, stash: &mut Stash, options: &Options) -> (Source, Fences) {
    let mut fences = Fences::default();
    let mut found: Vec<(usize, usize, String)> = Vec::new();
    let mut open: Option<Open> = None;
    let all: Vec<(&str, u32)> = source.lines().collect();
    for (at, (line, _)) in all.iter().enumerate() {
        let Some(fence) = &mut open else {
            open = opened(line, at);
            continue;
        };
        match fence.step(line) {
            Step::Inside => {}
            Step::Outside => open = None,
            Step::Ends => {
                if let Some(fence) = open.take() {
                    let number = all.get(fence.start).map_or(0, |line| line.1);
                    let lines = all.get(fence.start..=at).unwrap_or_default();
                    let lines: Vec<&str> = lines.iter().map(|line| line.0).collect();
                    let html = fence.code.html(&fence.inner(&lines), number, options);
                    let placeholder = stash.html(html);
                    if let Some((key, _)) = stash::placeholder(&placeholder) {
                        let kept = (lines.join("\n"), fence.prefix.chars().count());
                        fences.taken.insert(key, kept);
                    }
                    found.push((fence.start, at, fence.prefix + &placeholder));
                }
            }
        }
    }
    let mut out = Source::default();
    let mut found = found.into_iter().peekable();
    let mut at = 0;
    while let Some((line, number)) = all.get(at) {
        if let Some((_, end, placeholder)) = found.next_if(|(start, _, _)| *start == at) {
            out.push(&placeholder, *number);
            at = end + 1;
        } else {
            out.push(line, *number);
            at += 1;
        }
    }
    (out, fences)
}

/// The first `columns` characters of a line as far as they are white space or quotation marks, and what is behind.
fn split(line: &str, columns: usize) -> (&str, &str) {
    let is_prefix = |byte: &u8| matches!(byte, b'>' | b' ' | b'\t');
    let length = line.bytes().take(columns).take_while(is_prefix).count();
    line.split_at_checked(length).unwrap_or((line, ""))
}

/// `line` without its first `columns` characters.
fn cut(line: &str, columns: usize) -> &str {
    let at = line
        .char_indices()
        .nth(columns)
        .map_or(line.len(), |(at, _)| at);
    line.get(at..).unwrap_or_default()
}

fn opened(line: &str, start: usize) -> Option<Open> {
    let (prefix, body) = split(line, usize::MAX);
    let mark = body.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let info = body.trim_start_matches(mark);
    let marks = body.get(..body.len() - info.len())?;
    if marks.len() < 3 {
        return None;
    }
    Some(Open {
        marks: marks.to_owned(),
        code: code(info)?,
        start,
        prefix: prefix.to_owned(),
        quotes: prefix.matches('>').count(),
        empty: 0,
    })
}

impl Open {
    /// What the next line is.
    fn step(&mut self, line: &str) -> Step {
        let (prefix, content) = split(line, self.prefix.len());
        let quotes = prefix.matches('>').count();
        let is_empty = line.trim().is_empty();
        let is_inside = if self.quotes > 0 {
            let strays = !content.is_empty()
                && (prefix.len() < self.prefix.len() || (self.empty > 0 && quotes < self.quotes));
            quotes <= self.quotes && !strays
        } else {
            quotes == 0 && (is_empty || prefix.len() == self.prefix.len() || content.is_empty())
        };
        if !is_inside {
            return Step::Outside;
        }
        let ends = content
            .strip_prefix(self.marks.as_str())
            .is_some_and(|rest| rest.trim_matches([' ', '\t']).is_empty());
        if ends {
            return Step::Ends;
        }
        self.empty = if content.is_empty() || is_empty {
            self.empty + 1
        } else {
            0
        };
        Step::Inside
    }

    /// The code itself, of all the lines of the fence.
    fn inner(&self, lines: &[&str]) -> String {
        let indent = self.prefix.len();
        let inner = lines.get(1..lines.len() - 1).unwrap_or_default();
        let inner: Vec<&str> = inner.iter().map(|line| cut(line, indent)).collect();
        inner.join("\n")
    }
}

impl Code {
    /// The code as HTML, with the table of line numbers that TechDocs puts around it but without the numbers.
    fn html(&self, text: &str, line: u32, options: &Options) -> String {
        let mut classes = String::new();
        if !self.language.is_empty() {
            classes.push_str("language-");
            classes.push_str(&self.language.to_lowercase());
        }
        for class in &self.classes {
            classes.push(' ');
            classes.push_str(class);
        }
        if options.diagrams.contains(&self.language) {
            let text = escaped(text);
            return format!(
                "<pre class=\"{} {}\" data-line=\"{line}\"><code>{text}</code></pre>",
                self.language,
                escaped(&classes)
            );
        }
        let numbered = options.line_numbers || self.numbered;
        highlighted(text, &classes, &self.title, &self.marked, line, numbered)
    }
}

/// Code as pymdownx' highlighter writes it; `numbered`: in a table, but without the numbers.
pub(super) fn highlighted(
    text: &str,
    classes: &str,
    title: &str,
    marked: &str,
    line: u32,
    numbered: bool,
) -> String {
    let text = escaped(text.trim_matches('\n'));
    let classes = escaped(classes);
    let marked = escaped(marked);
    let title = match title.trim() {
        "" => String::new(),
        title => format!("<span class=\"filename\">{}</span>", escaped(title)),
    };
    let open = format!(
        "<div class=\"highlight {classes}\" data-line=\"{line}\" data-marked=\"{marked}\">"
    );
    let code = format!("<pre><code>{text}\n</code></pre>");
    if !numbered {
        return format!("{open}{title}{code}</div>");
    }
    let title = if title.is_empty() {
        title
    } else {
        format!("<tr><th class=\"filename\">{title}</th></tr>")
    };
    format!(
        "{open}<table class=\"highlighttable\">{title}<tr><td class=\"code\"><div>{code}</div></td></tr></table></div>"
    )
}

/// What `info`, the text behind the marks of an opening line, says; `None` where that is no opening line.
fn code(info: &str) -> Option<Code> {
    let trimmed = info.trim_start_matches([' ', '\t']);
    let named = trimmed.strip_prefix('.').unwrap_or(trimmed);
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '#' | '.' | '+' | '-');
    let end = named.find(|c| !is_name(c)).unwrap_or(named.len());
    let (name, behind) = named.split_at_checked(end)?;
    let (name, rest) = if !name.is_empty() && (behind.is_empty() || behind.starts_with([' ', '\t']))
    {
        (name, behind)
    } else {
        ("", trimmed)
    };
    let mut code = Code {
        language: name.to_owned(),
        ..Code::default()
    };
    let rest = rest.trim_matches([' ', '\t']);
    if let Some(braced) = rest.strip_prefix('{') {
        code.attributes(braced.strip_suffix('}')?);
    } else {
        code.options(rest)?;
    }
    Some(code)
}

impl Code {
    /// `{ .yaml .annotate title="x" }`: anything is allowed.
    fn attributes(&mut self, text: &str) {
        for (key, value) in attributes::list(text).0 {
            match key.as_str() {
                "id" => self.id = value,
                "." => self.classes.push(value),
                "title" => self.title = value,
                "hl_lines" => self.marked = value,
                "linenums" => self.numbered = true,
                _ => {}
            }
        }
        if self.language.is_empty() && !self.classes.is_empty() {
            self.language = self.classes.remove(0);
        }
    }

    /// `title="x" hl_lines="1 3-4" linenums="1"`: anything else makes the line none that opens code.
    fn options(&mut self, text: &str) -> Option<()> {
        let mut rest = text;
        while !rest.is_empty() {
            let is_key = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let end = rest.find(|c| !is_key(c)).unwrap_or(rest.len());
            let (key, behind) = rest.split_at_checked(end)?;
            let behind = behind.strip_prefix('=')?;
            let quote = behind.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (value, behind) = closed(behind.get(1..)?, quote)?;
            match key {
                "title" => value.clone_into(&mut self.title),
                "hl_lines" if is_marked(value) => value.clone_into(&mut self.marked),
                "linenums" if value.starts_with(|c: char| c.is_ascii_digit()) => {
                    self.numbered = true;
                }
                _ => return None,
            }
            rest = behind.trim_start_matches([' ', '\t']);
        }
        Some(())
    }
}

/// A value up to the quotation mark that has white space or nothing behind it.
fn closed(text: &str, quote: char) -> Option<(&str, &str)> {
    text.match_indices(quote).find_map(|(at, _)| {
        let behind = text.get(at + 1..)?;
        let ends = behind.is_empty() || behind.starts_with([' ', '\t']);
        ends.then_some((text.get(..at)?, behind))
    })
}

/// Whether `value` names lines: `1 3-4`.
fn is_marked(value: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    !value.is_empty()
        && value
            .split([' ', '\t'])
            .filter(|part| !part.is_empty())
            .all(|part| {
                let (first, last) = part.split_once('-').unwrap_or((part, part));
                is_number(first) && is_number(last)
            })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_may_stand_on_an_opening_line() {
        let of = |info| code(info).map(|code| (code.language, code.title, code.marked));
        let is = |language: &str, title: &str, marked: &str| {
            Some((language.to_owned(), title.to_owned(), marked.to_owned()))
        };
        assert_eq!(of(""), is("", "", ""));
        assert_eq!(of(" YAML "), is("YAML", "", ""));
        assert_eq!(
            of("sh title=\"a b\" hl_lines=\"1 3-4\""),
            is("sh", "a b", "1 3-4")
        );
        assert_eq!(of(" { .yaml .annotate title=\"t\" }"), is("yaml", "t", ""));
        assert_eq!(of(" title=\"t\""), is("", "t", ""));
        for none in [
            "sh title=x",
            "yaml hl_lines=\"a\"",
            "rust,ignore",
            "py other=\"1\"",
            "yaml linenums",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
    }
}
