//! Files that a page includes: pymdownx' `snippets`.
//!
//! What stands for a file is replaced by its lines before anything else is read. Lines that came from a file count as
//! the line that named it.

use std::collections::HashSet;

use super::missing::{Missing, Why};
use super::options::Options;
use super::source::Source;
use crate::techdocs::path::{is_url, normal};

/// The files around a page.
#[derive(Clone, Copy)]
pub struct Files<'f> {
    /// The page's own path from the site's root; empty where it has none.
    pub page: &'f str,
    /// Gives the text of a file by its path from the site's root, where there is one that may be read.
    pub read: &'f dyn Fn(&str) -> Option<String>,
}

impl Files<'_> {
    /// No files at all.
    pub const NONE: Self = Self {
        page: "",
        read: &|_| None,
    };
}

/// How deep files may include each other.
const MAX_DEPTH: usize = 12;
/// How much files may add to a page, in bytes.
const MAX_BYTES: usize = 4 << 20;

/// `source` with the lines of the files that it includes.
pub(super) fn included<'f>(
    source: Source,
    options: &'f Options,
    files: Files<'f>,
    missing: &'f mut Missing,
) -> Source {
    if options.appended.is_empty() && !source.text.contains("8<-") {
        return source;
    }
    let mut reader = Reader {
        files,
        missing,
        bases: &options.bases,
        dedented: options.dedented,
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
    missing: &'f mut Missing,
    bases: &'f [String],
    dedented: bool,
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
        if path.starts_with(';') || parted(path).0.is_empty() {
            return;
        }
        match self.chosen(path, number, depth) {
            Ok((lines, file, is_section)) => {
                self.seen.insert(file.clone());
                self.lines(&lines, indent, is_section, depth + 1);
                self.seen.remove(&file);
            }
            Err(why) => self.missing.add(number, path.to_owned(), why),
        }
    }

    /// The lines that `path` means, the file they come from, and whether they are a section of it.
    fn chosen(&mut self, path: &str, number: u32, depth: usize) -> Result<Chosen, Why> {
        let (path, part) = parted(path);
        if is_url(path) {
            return Err(Why::OnTheWeb);
        }
        if depth >= MAX_DEPTH {
            return Err(Why::Deep);
        }
        // Nothing outside of the base folders is read.
        let places: Vec<String> = self
            .bases
            .iter()
            .filter_map(|base| normal(base, path))
            .collect();
        if places.is_empty() {
            return Err(Why::Outside);
        }
        if places.iter().any(|file| self.seen.contains(file)) {
            return Err(Why::Loop);
        }
        let known = places
            .into_iter()
            .find_map(|file| (self.files.read)(&file).map(|text| (file, text)));
        let (file, text) = known.ok_or(Why::Absent)?;
        self.added += text.len();
        if self.added > MAX_BYTES {
            return Err(Why::Large);
        }
        let text = crate::catalog::text::clean(&text);
        let all: Vec<&str> = text
            .lines()
            .chain(text.ends_with('\n').then_some(""))
            .collect();
        let lines: Vec<String> = match &part {
            Part::All => all.iter().map(|line| (*line).to_owned()).collect(),
            Part::Lines(spans) => {
                let mut chosen = Vec::new();
                for (first, last) in spans {
                    let lines = all.get(range(*first, *last, all.len()));
                    let lines = lines.unwrap_or_default().iter();
                    chosen.extend(lines.map(|line| (*line).to_owned()));
                }
                chosen
            }
            Part::Section(name) => section(&all, name).ok_or(Why::NoSection)?,
        };
        let lines = if self.dedented && !matches!(part, Part::All) {
            let text = dedented(&lines.join("\n"));
            text.split('\n')
                .map(|line| (line.to_owned(), number))
                .collect()
        } else {
            lines.into_iter().map(|line| (line, number)).collect()
        };
        Ok((lines, file, matches!(part, Part::Section(_))))
    }
}

/// Lines with their numbers, the file they come from, and whether they are a section of it.
type Chosen = (Vec<(String, u32)>, String, bool);

/// `text` without the white space that all of its lines begin with: Python's `textwrap.dedent`.
pub(super) fn dedented(text: &str) -> String {
    let blank = |line: &str| line.trim_matches([' ', '\t']).is_empty();
    let mut margin: Option<&str> = None;
    for line in text.split('\n').filter(|line| !blank(line)) {
        let own = line
            .get(..line.len() - line.trim_start_matches([' ', '\t']).len())
            .unwrap_or_default();
        let known = margin.unwrap_or(own);
        let shared = known.bytes().zip(own.bytes()).take_while(|(a, b)| a == b);
        margin = known.get(..shared.count());
    }
    let margin = margin.unwrap_or_default();
    let lines = text.split('\n').map(|line| {
        if blank(line) {
            ""
        } else {
            line.strip_prefix(margin).unwrap_or(line)
        }
    });
    lines.collect::<Vec<_>>().join("\n")
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

/// The lines of a section; `None` where the file has none of this name.
fn section(lines: &[&str], name: &str) -> Option<Vec<String>> {
    let mut found = None;
    let mut inside = false;
    for line in lines {
        match marker(line) {
            Some(marker) if marker.escaped && inside => {
                found
                    .get_or_insert_with(Vec::new)
                    .push(line.replacen(';', "", 1));
            }
            Some(marker) if marker.name == name && !marker.escaped => {
                match (inside, marker.start) {
                    (false, true) => {
                        inside = true;
                        found = Some(Vec::new());
                    }
                    (true, true) => {}
                    (_, false) => break,
                }
            }
            None if inside => found.get_or_insert_with(Vec::new).push((*line).to_owned()),
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
            "d.py" => Some("# --8<-- [start:f]\n  y\n\n    z\n# --8<-- [end:f]".to_owned()),
            "c.py" => Some("x\n# --8<-- [start:f]\ny\n# --8<-- [end:f]\nz\n".to_owned()),
            _ => None,
        };
        let files = Files {
            page: "",
            read: &files,
        };
        let mut missing = Missing::default();
        let options = Options {
            dedented: text.contains("%dedented"),
            ..Options::default()
        };
        included(page(text).source, &options, files, &mut missing).text
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
        assert_eq!(
            included_text("%dedented\n--8<-- 'd.py:f'"),
            "%dedented\ny\n\n  z"
        );
    }

    #[test]
    fn what_is_not_there_is_told_once() {
        let mut missing = Missing::default();
        let files = |path: &str| (path == "a.md").then(|| "--8<-- \"a.md\"\n".to_owned());
        let files = Files {
            page: "",
            read: &files,
        };
        let text = "--8<-- \"a.md\"\n--8<-- \"../b\"\n--8<-- \"../b\"\n--8<-- \"https://a.b/c\"\n--8<-- \"a.md:x\"";
        let options = Options::default();
        included(page(text).source, &options, files, &mut missing);
        let told: Vec<_> = missing
            .told()
            .iter()
            .map(|gap| (gap.line, gap.name.as_str(), gap.why))
            .collect();
        assert_eq!(
            told,
            [
                (1, "a.md", Why::Loop),
                (2, "../b", Why::Outside),
                (4, "https://a.b/c", Why::OnTheWeb),
                (5, "a.md:x", Why::NoSection),
            ]
        );
    }
}
