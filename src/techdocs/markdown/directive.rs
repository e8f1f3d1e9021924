//! `{% include-markdown "file.md" %}` and `{% include "file" %}`: `mkdocs-include-markdown-plugin`.
//!
//! What stands for a file is replaced by its text before alerts and snippets are read. Files of the web are never
//! fetched, and patterns for several files are not followed; both are remarked on.

mod argument;
mod rewrite;

use serde_yaml::Value;

use super::missing::{Missing, Why};
use super::snippet::Files;
use super::source::Source;
use crate::catalog::text::clean;
use crate::techdocs::path;
use argument::{Tag, quoted, tag};

/// How deep files may include each other.
const MAX_DEPTH: usize = 12;
/// How much files may add to a page, in bytes.
const MAX_BYTES: usize = 4 << 20;

/// What a site says of including files.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a configuration")]
pub struct Directives {
    /// What opens a directive.
    pub opening: String,
    /// What closes it.
    pub closing: String,
    /// Every line of the file is indented as the directive is.
    pub indented: bool,
    /// The indentation that all lines of the file have is taken from them.
    pub dedented: bool,
    /// Empty lines at the end of a file stay.
    pub trailing_lines: bool,
    /// Files that are included may include others.
    pub recursive: bool,
    /// Links that are relative to the file are made relative to the page.
    pub rewritten: bool,
    /// Comments say where a file begins and ends.
    pub commented: bool,
    /// How many levels lower headings stand.
    pub heading_offset: i64,
    /// Where in the file to begin.
    pub start: Option<String>,
    /// Where in the file to end.
    pub end: Option<String>,
}

impl Directives {
    /// What `settings`, those of the plugin, say.
    pub(super) fn read(settings: &Value) -> Self {
        let text = |key: &str| settings.get(key).and_then(Value::as_str).map(str::to_owned);
        let flag = |key: &str, usual| {
            let said = settings.get(key).and_then(Value::as_bool);
            said.unwrap_or(usual)
        };
        let offset = settings.get("heading_offset").and_then(Value::as_i64);
        let mark = |key: &str, usual: &str| {
            let said = text(key).filter(|mark| !mark.is_empty());
            said.unwrap_or_else(|| usual.to_owned())
        };
        Self {
            opening: mark("opening_tag", "{%"),
            closing: mark("closing_tag", "%}"),
            indented: flag("preserve_includer_indent", true),
            dedented: flag("dedent", false),
            trailing_lines: flag("trailing_newlines", true),
            recursive: flag("recursive", true),
            rewritten: flag("rewrite_relative_urls", true),
            commented: flag("comments", false),
            heading_offset: offset.unwrap_or_default(),
            start: text("start"),
            end: text("end"),
        }
    }
}

/// `source` with the files that its directives name.
pub(super) fn included(
    source: Source,
    directives: &Directives,
    docs_dir: &str,
    files: Files<'_>,
    missing: &mut Missing,
) -> Source {
    if !source.text.contains(&directives.opening) {
        return source;
    }
    let mut reader = Reader {
        directives,
        docs_dir,
        files,
        missing,
        open: vec![files.page.to_owned()],
        added: 0,
        line: 0,
    };
    let mut out = Source::default();
    let mut numbers = source.numbers.iter().copied();
    out.numbers.extend(numbers.next());
    for piece in reader.pieces(&source.text) {
        match piece {
            Piece::Own(text) => {
                let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count();
                out.numbers.extend(numbers.by_ref().take(lines));
                out.text.push_str(text);
            }
            Piece::Directive(found) => {
                reader.line = out.numbers.last().copied().unwrap_or_default();
                let text = reader.text_of(&found, files.page);
                let skipped = memchr::memchr_iter(b'\n', found.text.as_bytes()).count();
                // What follows on the directive's last line counts as that line.
                let behind = numbers.by_ref().take(skipped).last();
                let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count();
                let line = reader.line;
                out.numbers.extend(std::iter::repeat_n(line, lines));
                if let (Some(behind), Some(last)) = (behind, out.numbers.last_mut()) {
                    *last = behind;
                }
                out.text.push_str(&text);
            }
        }
    }
    out
}

/// A part of a text: as it stands, or a directive.
enum Piece<'t> {
    Own(&'t str),
    Directive(Tag<'t>),
}

struct Reader<'r> {
    directives: &'r Directives,
    docs_dir: &'r str,
    files: Files<'r>,
    missing: &'r mut Missing,
    /// The page and the files that are being read, by their paths from the site's root.
    open: Vec<String>,
    added: usize,
    /// The line of the page that is read.
    line: u32,
}

impl Reader<'_> {
    /// `text` cut at its directives.
    fn pieces<'t>(&self, text: &'t str) -> Vec<Piece<'t>> {
        let mut pieces = Vec::new();
        let (mut from, mut at) = (0, 0);
        let opening = &self.directives.opening;
        while let Some(found) = text.get(at..).and_then(|rest| rest.find(opening.as_str())) {
            at += found;
            match tag(text, from, at, self.directives) {
                Some(found) => {
                    let start = at - found.indent.len();
                    pieces.push(Piece::Own(text.get(from..start).unwrap_or_default()));
                    at = start + found.text.len();
                    from = at;
                    pieces.push(Piece::Directive(found));
                }
                None => at += opening.len(),
            }
        }
        pieces.push(Piece::Own(text.get(from..).unwrap_or_default()));
        pieces
    }

    /// What stands for a directive in the file at `from`; the directive itself where there is nothing.
    fn text_of(&mut self, found: &Tag<'_>, from: &str) -> String {
        match self.read(found, from) {
            Ok(text) => text,
            Err(why) => {
                self.missing.add(self.line, found.file.clone(), why);
                found.indent.to_owned()
            }
        }
    }

    fn read(&mut self, found: &Tag<'_>, from: &str) -> Result<String, Why> {
        if path::is_url(&found.file) {
            return Err(Why::OnTheWeb);
        }
        let base = match found.file.strip_prefix('.') {
            Some(rest) if rest.starts_with('/') || rest.starts_with("./") => path::folder(from),
            _ => self.docs_dir,
        };
        let file = path::normal(base, &found.file).ok_or(Why::Outside)?;
        if self.open.contains(&file) {
            return Err(Why::Loop);
        }
        if self.open.len() > MAX_DEPTH {
            return Err(Why::Deep);
        }
        let text = (self.files.read)(&file).ok_or(Why::Absent)?;
        self.added += text.len();
        if self.added > MAX_BYTES {
            return Err(Why::Large);
        }
        let mut text = clean(&text.replace("\r\n", "\n")).into_owned();
        let start = found.text_argument("start", self.directives.start.as_deref());
        let end = found.text_argument("end", self.directives.end.as_deref());
        if start.is_some() || end.is_some() {
            text = part(&text, start.as_deref(), end.as_deref());
        }
        if found.flag("recursive", self.directives.recursive) {
            self.open.push(file.clone());
            text = self.expanded(&text, &file);
            self.open.pop();
        }
        if !found.flag("trailing-newlines", self.directives.trailing_lines) {
            text.truncate(text.trim_end_matches(['\n', '\r']).len());
        }
        if found.flag("dedent", self.directives.dedented) {
            text = super::snippet::dedented(&text);
        }
        let indented = found.flag("preserve-includer-indent", self.directives.indented);
        if !found.markdown {
            return Ok(raw(found.indent, &text, indented));
        }
        if found.flag("rewrite-relative-urls", self.directives.rewritten) {
            text = rewrite::links(&text, path::folder(&file), path::folder(from));
        }
        if found.flag("comments", self.directives.commented) {
            let name = &found.file;
            text = format!("<!-- BEGIN INCLUDE {name} -->\n{text}\n<!-- END INCLUDE -->");
        }
        if indented {
            let blank = " ".repeat(found.indent.len());
            text = text.replace('\n', &format!("\n{blank}"));
            if text.ends_with(&format!("\n{blank}")) {
                text.truncate(text.len() - blank.len());
            }
        }
        let offset = found.number("heading-offset", self.directives.heading_offset);
        if offset != 0 {
            text = rewrite::headings(&text, offset);
        }
        Ok(format!("{}{text}", found.indent))
    }

    /// The text of the file at `from` with the files that it includes.
    fn expanded(&mut self, text: &str, from: &str) -> String {
        if !text.contains(&self.directives.opening) {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        for piece in self.pieces(text) {
            match piece {
                Piece::Own(text) => out.push_str(text),
                Piece::Directive(found) => out.push_str(&self.text_of(&found, from)),
            }
        }
        out
    }
}

/// The text of a file that is no Markdown: what stands before the directive stands before each of its lines.
fn raw(indent: &str, text: &str, indented: bool) -> String {
    if !indented {
        return format!("{indent}{text}");
    }
    let lines = text
        .split_inclusive('\n')
        .map(|line| format!("{indent}{line}"));
    let text: String = lines.collect();
    if text.is_empty() {
        indent.to_owned()
    } else {
        text
    }
}

/// What of `text` stands between `start` and `end`: `filter_inclusions`.
fn part(text: &str, start: Option<&str>, end: Option<&str>) -> String {
    let (start, end) = (start.map(quoted), end.map(quoted));
    match (start, end) {
        (Some(start), None) => {
            let found = text.split_once(start.as_str());
            found.map_or_else(String::new, |(_, behind)| behind.to_owned())
        }
        (None, Some(end)) => {
            let found = text.split_once(end.as_str());
            found.map_or(text, |(before, _)| before).to_owned()
        }
        (Some(start), Some(end)) if !start.is_empty() && !end.is_empty() => {
            let parts: Vec<&str> = text.split(start.as_str()).collect();
            let parts = parts.get(1..).filter(|parts| !parts.is_empty());
            let whole = [text];
            let kept = parts.unwrap_or(&whole).iter();
            kept.flat_map(|part| part.split(end.as_str()).step_by(2))
                .collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::page;
    use super::*;

    fn read(text: &str) -> (String, Vec<u32>, Vec<(String, Why)>) {
        let files = |path: &str| match path {
            "README.md" => {
                Some("# Top\n<!--a-->\n[b](docs/b.md) ![i](i.png)\n<!--z-->\nend\n".to_owned())
            }
            "docs/a.md" => Some("a {% include './b.md' %}\n".to_owned()),
            "docs/b.md" => Some("b\nc {% include-markdown 'a.md' %}\n".to_owned()),
            _ => None,
        };
        let files = Files {
            page: "docs/guide/page.md",
            read: &files,
        };
        let mut missing = Missing::default();
        let directives = Directives::read(&Value::Null);
        let source = page(text).source;
        let source = included(source, &directives, "docs", files, &mut missing);
        let told = missing.told().iter().map(|it| (it.name.clone(), it.why));
        (source.text, source.numbers, told.collect())
    }

    #[test]
    fn files_stand_where_they_are_named_and_links_lead_where_they_led() {
        let (text, numbers, missing) = read(
            "x\n{%\n  include-markdown '../../README.md'\n  start=\"<!--a-->\\n\" end='<!--z-->'\n%}\ny",
        );
        assert_eq!(text, "x\n[b](../b.md) ![i](../../i.png)\n\ny");
        assert_eq!((numbers, missing.len()), (vec![1, 2, 5, 6], 0));
        let (text, ..) =
            read("  {% include-markdown \"../../README.md\" heading-offset=1 end='<!--a' %}");
        assert_eq!(text, "  ## Top\n");
    }

    #[test]
    fn what_is_not_there_is_told() {
        let (text, _, missing) = read(
            "{% include 'a.md' %}{% include 'gone.md' %}{% include '../../../x' %}{% include 'https://a.b/c' %}{% other %}",
        );
        assert_eq!(text, "a b\na c \n\n{% other %}");
        let told: Vec<_> = missing
            .iter()
            .map(|(name, why)| (name.as_str(), *why))
            .collect();
        assert_eq!(
            told,
            [
                ("a.md", Why::Loop),
                ("gone.md", Why::Absent),
                ("../../../x", Why::Outside),
                ("https://a.b/c", Why::OnTheWeb),
            ]
        );
    }
}
