//! The walk over a cookiecutter's tree, folder by folder as `generate_files` of cookiecutter goes.

use std::collections::BTreeMap;

use minijinja::Value;

use crate::scaffolder::action::binary::is_binary;
use crate::scaffolder::action::{ActionError, Task};
use crate::scaffolder::outside::{Content, File};
use crate::scaffolder::workspace::{Workspace, inner_path};

use super::jinja::Jinja;

/// How many links are followed to what is meant.
const MAX_LINKS: usize = 8;
/// How much of a file is looked at for its line ends, as Python reads it.
const CHUNK: usize = 8 << 10;

/// What is made, by path.
type Made = BTreeMap<String, Content>;

/// The entries of one folder: its folders and files by name, in the order of their names.
#[derive(Default)]
struct Entries<'a> {
    folders: Vec<&'a str>,
    files: Vec<&'a str>,
}

/// A walk under way.
pub(super) struct Walk<'a> {
    tree: BTreeMap<&'a str, &'a Content>,
    entries: BTreeMap<&'a str, Entries<'a>>,
    plain: Vec<regex::Regex>,
    jinja: &'a Jinja,
    names: &'a Value,
    made: Made,
}

impl<'a> Walk<'a> {
    /// A walk over `tree`, whose every folder is named. What matches a pattern of `plain` is copied as it is.
    pub(super) fn new(
        tree: &'a [File],
        plain: &[&str],
        jinja: &'a Jinja,
        names: &'a Value,
    ) -> Self {
        let tree: BTreeMap<&str, &Content> = tree
            .iter()
            .map(|file| (file.path.as_str(), &file.content))
            .collect();
        let mut walk = Self {
            entries: BTreeMap::new(),
            plain: plain.iter().filter_map(|text| fnmatch(text)).collect(),
            jinja,
            names,
            made: Made::new(),
            tree,
        };
        let mut entries: BTreeMap<&str, Entries<'_>> = BTreeMap::new();
        for path in walk.tree.keys() {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            let entries = entries.entry(folder).or_default();
            // A link to a folder is listed among the folders, but nobody goes into it.
            match walk.resolve(path) {
                Some(Content::Folder) => entries.folders.push(name),
                _ => entries.files.push(name),
            }
        }
        walk.entries = entries;
        walk
    }

    /// Renders everything.
    pub(super) fn run(mut self, task: &Task<'_>) -> Result<Made, ActionError> {
        self.folder("", task)?;
        Ok(self.made)
    }

    fn folder(&mut self, folder: &str, task: &Task<'_>) -> Result<(), ActionError> {
        let Some(entries) = self.entries.remove(folder) else {
            return Ok(());
        };
        let path_of = |name: &str| match folder {
            "" => name.to_owned(),
            folder => format!("{folder}/{name}"),
        };
        let folders: Vec<String> = entries.folders.iter().map(|name| path_of(name)).collect();
        let (plain, rendered): (Vec<String>, Vec<String>) =
            folders.into_iter().partition(|path| self.is_plain(path));
        for path in plain {
            self.copy_folder(&path)?;
        }
        for path in &rendered {
            let place = self.place(path)?;
            if place.is_empty() || self.made.contains_key(&place) {
                return Err(ActionError::Failed(format!(
                    "{path}: the folder it becomes, \"{place}\", is there already"
                )));
            }
            self.made.insert(place, Content::Folder);
        }
        for name in entries.files {
            task.go_on()?;
            self.file(&path_of(name))?;
        }
        for path in rendered {
            let is_link = matches!(self.tree.get(path.as_str()), Some(Content::Link(_)));
            if !is_link {
                self.folder(&path, task)?;
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &str) -> Result<(), ActionError> {
        let place = self.place(path)?;
        let Some(Content::File { bytes, mode }) = self.resolve(path) else {
            return Err(ActionError::Failed(format!(
                "{path} is a link that leads to no file of the tree"
            )));
        };
        let is_plain = self.is_plain(path);
        if !is_plain && (place.is_empty() || self.made.get(&place) == Some(&Content::Folder)) {
            return Ok(());
        }
        let bytes = if is_plain || is_binary(bytes) {
            bytes.clone()
        } else {
            self.text(path, bytes)?.into_bytes()
        };
        self.made
            .insert(place, Content::File { bytes, mode: *mode });
        Ok(())
    }

    /// What the text of the file at `path` is rendered to, with the ends of lines that it has.
    fn text(&self, path: &str, bytes: &[u8]) -> Result<String, ActionError> {
        let text = std::str::from_utf8(bytes)
            .map_err(|error| ActionError::Failed(format!("{path} is no UTF-8: {error}")))?;
        let end = line_end(bytes);
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let rendered = self
            .jinja
            .render(path, &text, self.names)
            .map_err(ActionError::Failed)?;
        Ok(match self.jinja.line_end().unwrap_or(end) {
            "\n" => rendered,
            end => rendered.replace('\n', end),
        })
    }

    /// Copies the folder at `path` with all that is in it; only its own path is rendered.
    fn copy_folder(&mut self, path: &str) -> Result<(), ActionError> {
        let place = self.place(path)?;
        let below = format!("{place}/");
        self.made
            .retain(|made, _| *made != place && !made.starts_with(&below));
        let inside = format!("{path}/");
        let mut copies = vec![(place.clone(), Content::Folder)];
        for name in self.tree.keys() {
            let Some(rest) = name.strip_prefix(&inside) else {
                continue;
            };
            let Some(content) = self.resolve(name) else {
                return Err(ActionError::Failed(format!(
                    "{name} is a link that leads to nothing in the tree"
                )));
            };
            copies.push((format!("{below}{rest}"), content.clone()));
        }
        self.made.extend(copies);
        Ok(())
    }

    /// Where what is at `path` goes.
    fn place(&self, path: &str) -> Result<String, ActionError> {
        let rendered = self
            .jinja
            .render(path, path, self.names)
            .map_err(ActionError::Failed)?;
        let inner = inner_path(&rendered).filter(|_| !rendered.starts_with('/'));
        inner.ok_or_else(|| Workspace::outside(&rendered).into())
    }

    fn is_plain(&self, path: &str) -> bool {
        self.plain.iter().any(|pattern| pattern.is_match(path))
    }

    /// What is at `path`, links followed within the tree.
    fn resolve(&self, path: &str) -> Option<&'a Content> {
        let mut path = path.to_owned();
        for _ in 0..MAX_LINKS {
            match self.tree.get(path.as_str())? {
                Content::Link(target) if target.starts_with('/') => return None,
                Content::Link(target) => {
                    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                    path = inner_path(&format!("{folder}/{target}"))?;
                }
                content => return Some(content),
            }
        }
        None
    }
}

/// The ends of the lines of a file, as Python's `newlines` tells the first of those it saw.
fn line_end(bytes: &[u8]) -> &'static str {
    let chunk = bytes.get(..CHUNK).unwrap_or(bytes);
    let text = String::from_utf8_lossy(chunk).replace("\r\n", "\u{0}");
    if text.contains('\r') {
        "\r"
    } else if text.contains('\n') || !text.contains('\u{0}') {
        "\n"
    } else {
        "\r\n"
    }
}

/// The pattern of `fnmatch`: `*` stands for anything, folders too.
fn fnmatch(pattern: &str) -> Option<regex::Regex> {
    let mut out = String::from("(?s)^");
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        match c {
            '*' => out.push_str(".*"),
            '?' => out.push('.'),
            '[' => {
                let set = rest.as_str();
                let from = set.strip_prefix('!').unwrap_or(set);
                let skipped = set.len() - from.len() + usize::from(from.starts_with(']'));
                let end = set.get(skipped..).and_then(|tail| tail.find(']'));
                let Some(end) = end.map(|end| end + skipped) else {
                    out.push_str(r"\[");
                    continue;
                };
                let (inside, behind) = (set.get(..end)?, set.get(end + 1..)?);
                let (not, inside) = match inside.strip_prefix('!') {
                    Some(inside) => ("^", inside),
                    None => ("", inside),
                };
                let inside = inside
                    .replace('\\', r"\\")
                    .replace('[', r"\[")
                    .replace('^', r"\^");
                let inside = inside.replace("&&", r"&\&").replace("~~", r"~\~");
                out.extend(["[", not, &inside.replace(']', r"\]"), "]"]);
                rest = behind.chars();
            }
            c => out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
    out.push('$');
    regex::Regex::new(&out).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_fnmatch() {
        for (pattern, path, matches) in [
            ("*.txt", "a/b.txt", true),
            ("*.txt", "a/b.txtx", false),
            ("a?c", "a/c", true),
            ("[!a]*", "bcd", true),
            ("[!a]*", "abc", false),
            ("[a-c]x", "bx", true),
            ("[]]x", "]x", true),
            ("[x", "[x", true),
            ("a.b", "axb", false),
            ("", "", true),
        ] {
            assert_eq!(
                fnmatch(pattern).unwrap().is_match(path),
                matches,
                "{pattern} {path}"
            );
        }
    }

    #[test]
    fn the_end_of_a_line_is_the_one_python_tells() {
        for (text, end) in [
            ("a\nb", "\n"),
            ("a\r\nb\r\n", "\r\n"),
            ("a\r\nb\n", "\n"),
            ("a\rb\n", "\r"),
            ("a", "\n"),
        ] {
            assert_eq!(line_end(text.as_bytes()), end, "{text:?}");
        }
    }
}
