//! Files that a page includes: pymdownx' `snippets`.
//!
//! What stands for a file is replaced by its lines before anything else is read. Lines that came from a file count as
//! the line that named it.

use std::collections::HashSet;

use super::options::Options;
use super::source::Source;
use crate::techdocs::path::normal;

/// Gives the text of a file by its path from the site's root, where there is one that may be read.
pub type Files<'f> = &'f dyn Fn(&str) -> Option<String>;

/// How deep files may include each other.
const MAX_DEPTH: usize = 12;
/// How much files may add to a page, in bytes.
const MAX_BYTES: usize = 4 << 20;

/// `source` with the lines of the files that it includes.
pub(super) fn included<'f>(source: Source, options: &'f Options, files: Files<'f>) -> Source {
    if options.appended.is_empty() && !source.text.contains("8<-") {
        return source;
    }
    let mut reader = Reader {
        files,
        bases: &options.bases,
        seen: HashSet::new(),
        added: 0,
        out: Source::default(),
    };
    let lines: Vec<(String, u32)> = source
        .lines()
        .map(|(line, number)| (line.to_owned(), number))
        .collect();
    reader.lines(&lines, "", false, 0);
    let last = source.numbers.last().copied().unwrap_or_default();
    for file in &options.appended {
        reader.out.push("", last);
        reader.file(file, "", last, 0);
    }
    reader.out
}

struct Reader<'f> {
    files: Files<'f>,
    bases: &'f [String],
    /// The files that are being read.
    seen: HashSet<String>,
    added: usize,
    out: Source,
}

/// What a line with scissors is.
enum Scissors<'l> {
    /// The mark is escaped.
    Escaped,
    /// `--8<-- "file"`.
    File(&'l str),
    /// `--8<--` alone: the lines up to the next one are files.
    Block,
}

impl Reader<'_> {
    fn lines(&mut self, lines: &[(String, u32)], indent: &str, section: bool, depth: usize) {
        let mut block = false;
        for (line, number) in lines {
            let number = *number;
            let body = line.trim_start_matches([' ', '\t']);
            let own = line.get(..line.len() - body.len()).unwrap_or_default();
            match scissors(body) {
                Some(Scissors::Escaped) => {
                    let line = line.replacen(';', "", 1);
                    self.put(indent, &line, number);
                }
                Some(Scissors::File(_)) if block => {}
                Some(Scissors::File(path)) => {
                    self.file(path.trim(), &format!("{indent}{own}"), number, depth);
                }
                Some(Scissors::Block) => block = !block,
                None if block => match body.trim() {
                    "" => self.put(indent, "", number),
                    path => self.file(path, &format!("{indent}{own}"), number, depth),
                },
                None => match marker(line).filter(|_| !section) {
                    Some(marker) if marker.escaped => {
                        self.put(indent, &line.replacen(';', "", 1), number);
                    }
                    Some(_) => {}
                    None => self.put(indent, line, number),
                },
            }
        }
    }

    fn put(&mut self, indent: &str, line: &str, number: u32) {
        if indent.is_empty() {
            self.out.push(line, number);
        } else {
            self.out.push(&format!("{indent}{line}"), number);
        }
    }

    fn file(&mut self, path: &str, indent: &str, number: u32, depth: usize) {
        if path.starts_with(';') || depth >= MAX_DEPTH {
            return;
        }
        let (path, part) = parted(path);
        if path.is_empty() || self.seen.contains(path) {
            return;
        }
        // Nothing outside of the base folders is read.
        let known = self
            .bases
            .iter()
            .find_map(|base| (self.files)(&normal(base, path)?));
        let Some(text) = known else {
            return;
        };
        self.added += text.len();
        if self.added > MAX_BYTES {
            return;
        }
        let text = crate::catalog::text::clean(&text);
        let all: Vec<&str> = text
            .lines()
            .chain(text.ends_with('\n').then_some(""))
            .collect();
        let chosen: Vec<(String, u32)> = match &part {
            Part::All => all
                .iter()
                .map(|line| ((*line).to_owned(), number))
                .collect(),
            Part::Lines(spans) => {
                let mut chosen = Vec::new();
                for (first, last) in spans {
                    let range = range(*first, *last, all.len());
                    let lines = all.get(range).unwrap_or_default();
                    chosen.extend(lines.iter().map(|line| ((*line).to_owned(), number)));
                }
                chosen
            }
            Part::Section(name) => section(&all, name, number),
        };
        self.seen.insert(path.to_owned());
        let is_section = matches!(part, Part::Section(_));
        self.lines(&chosen, indent, is_section, depth + 1);
        self.seen.remove(path);
    }
}

/// What of a file is meant.
enum Part<'p> {
    All,
    /// Spans of lines, from 1; from the end where negative.
    Lines(Vec<(Option<i64>, Option<i64>)>),
    Section(&'p str),
}

/// A path, and what of its file is meant: `file:2:4`, `file:2:4,8:`, `file:section`.
fn parted(path: &str) -> (&str, Part<'_>) {
    let is_lines = |c: char| c.is_ascii_digit() || matches!(c, ':' | ',' | '-');
    let head = path.trim_end_matches(is_lines);
    if let Some(lines) = path.get(head.len()..)
        && let Some(at) = lines.find(':')
        && lines.get(..at).is_some_and(str::is_empty)
    {
        let spans = lines.get(1..).unwrap_or_default().split(',').map(|span| {
            let mut ends = span.splitn(3, ':').map(|end| end.parse().ok());
            let first = ends.next().flatten();
            (first, ends.next().flatten())
        });
        return (head.trim(), Part::Lines(spans.collect()));
    }
    if let Some((file, name)) = path.rsplit_once(':') {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_name) {
            return (file.trim(), Part::Section(name));
        }
    }
    (path, Part::All)
}

/// The lines from the `first` to the `last` one, as Python slices them.
fn range(first: Option<i64>, last: Option<i64>, total: usize) -> std::ops::Range<usize> {
    let place = |at: i64| usize::try_from(at).unwrap_or_default().min(total);
    let total_lines = i64::try_from(total).unwrap_or(i64::MAX);
    let from = match first {
        Some(first) if first < 0 => place(total_lines.saturating_add(first)),
        Some(first) => place(first.saturating_sub(1)),
        None => 0,
    };
    let to = match last {
        Some(last) if last < 0 => place(total_lines.saturating_add(1).saturating_add(last)),
        Some(last) => place(last),
        None => total,
    };
    from..to.max(from)
}

/// The mark of a section's start or end.
struct Marker<'l> {
    escaped: bool,
    start: bool,
    name: &'l str,
}

/// `--8<-- [start:name]`, anywhere on a line.
fn marker(line: &str) -> Option<Marker<'_>> {
    let at = line.find("8<-")?;
    let dashes = line.get(..at)?.trim_end_matches('-');
    if dashes.len() == at {
        return None;
    }
    let behind = line.get(at + 2..)?.trim_start_matches('-');
    let inner = behind.trim_start_matches([' ', '\t']);
    if inner.len() == behind.len() {
        return None;
    }
    let (kind, rest) = inner.strip_prefix('[')?.split_once(':')?;
    let (name, _) = rest.split_once(']')?;
    let start = match kind.trim().to_ascii_lowercase().as_str() {
        "start" => true,
        "end" => false,
        _ => return None,
    };
    Some(Marker {
        escaped: dashes.ends_with(';'),
        start,
        name: name.trim(),
    })
}

/// The lines of a section.
fn section(lines: &[&str], name: &str, number: u32) -> Vec<(String, u32)> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in lines {
        match marker(line) {
            Some(marker) if marker.escaped && inside => {
                found.push((line.replacen(';', "", 1), number));
            }
            Some(marker) if marker.name == name && !marker.escaped => {
                match (inside, marker.start) {
                    (false, true) => inside = true,
                    (true, true) => {}
                    (_, false) => break,
                }
            }
            None if inside => found.push(((*line).to_owned(), number)),
            _ => {}
        }
    }
    found
}

/// What `body`, a line without white space before it, is, where it has scissors.
fn scissors(body: &str) -> Option<Scissors<'_>> {
    let bare = body.trim_start_matches(';');
    let cut = bare.trim_start_matches('-').strip_prefix("8<-")?;
    if !bare.starts_with('-') {
        return None;
    }
    let behind = cut.trim_start_matches('-');
    let quoted = behind.trim_start_matches([' ', '\t']);
    let found = if behind.is_empty() {
        Scissors::Block
    } else if quoted.len() < behind.len() {
        let path = ['"', '\'']
            .into_iter()
            .find_map(|quote| quoted.strip_prefix(quote)?.strip_suffix(quote));
        Scissors::File(path.filter(|path| !path.is_empty())?)
    } else {
        return None;
    };
    Some(if bare.len() < body.len() {
        Scissors::Escaped
    } else {
        found
    })
}

#[cfg(test)]
mod tests {
    use super::super::source::page;
    use super::*;

    fn included_text(text: &str) -> String {
        let files = |path: &str| match path {
            "a.md" => Some("one\ntwo\n--8<-- \"b.md\"\n".to_owned()),
            "b.md" => Some("--8<-- \"a.md\"\nb\n".to_owned()),
            "c.py" => Some("x\n# --8<-- [start:f]\ny\n# --8<-- [end:f]\nz\n".to_owned()),
            _ => None,
        };
        included(page(text).source, &Options::default(), &files).text
    }

    #[test]
    fn files_sections_and_lines_are_included_and_loops_end() {
        assert_eq!(included_text("> --8<-- \"c.py:f\""), "> --8<-- \"c.py:f\"");
        assert_eq!(included_text("  --8<-- \"c.py:f\""), "  y");
        assert_eq!(included_text("--8<-- \"c.py:1:1,-1:\"\nq"), "x\n\nq");
        assert_eq!(included_text("--8<-- \"a.md\""), "one\ntwo\nb\n\n");
        assert_eq!(
            included_text("-8<-\nc.py:f\n; c.py\n\ngone.md\n-8<-\nq"),
            "y\n\nq"
        );
        assert_eq!(included_text(";--8<-- \"a.md\""), "--8<-- \"a.md\"");
        assert_eq!(included_text("a --8<-- [start:x] b\nc"), "c");
    }
}
