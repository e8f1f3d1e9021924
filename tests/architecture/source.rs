//! Source files as the architecture test sees them: without comments, texts and unit tests.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the crate.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below `folder`, sorted by path.
pub(crate) fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path
                .strip_prefix(root())
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            found.push(Source::new(&name, &fs::read_to_string(&path).unwrap()));
        }
    }
}

/// One Rust file.
pub(crate) struct Source {
    /// The path below the crate, with `/`.
    pub(crate) path: String,
    /// All of it.
    pub(crate) text: String,
    /// The code alone: comments, texts and the unit tests at the end are blank; lines keep their numbers.
    code: String,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let mut code = blank(text);
        if let Some(tests) = code.find("#[cfg(test)]\nmod ") {
            code.truncate(tests);
        }
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            code,
        }
    }

    /// The module below the crate's root: `app` for `src/app.rs` and `src/app/page.rs`; none for `lib.rs` and `main.rs`.
    pub(crate) fn top_module(&self) -> Option<&str> {
        let below = self.path.strip_prefix("src/")?;
        let top = below.split('/').next()?;
        let name = top.strip_suffix(".rs").unwrap_or(top);
        (!matches!(name, "lib" | "main")).then_some(name)
    }

    /// Whether the whole file is a module of unit tests.
    pub(crate) fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    /// The texts of its code with their lines, but those that go over several.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (usize, &str)> {
        let code = self.text.lines().take_while(|line| *line != "#[cfg(test)]");
        let code = (1..)
            .zip(code)
            .filter(|(_, line)| !line.trim_start().starts_with("//"));
        code.flat_map(|(number, line)| {
            let texts = line.split('"').skip(1).step_by(2);
            texts.map(move |text| (number, text))
        })
    }

    /// The lines, from 1, that have `name` as a word of its own.
    pub(crate) fn lines_with(&self, name: &str) -> Vec<usize> {
        self.code
            .match_indices(name)
            .filter(|(at, _)| is_word(&self.code, *at, name))
            .map(|(at, _)| self.line(at))
            .collect()
    }

    /// The top modules that paths from `crate::` or through `super::` name, with their lines.
    pub(crate) fn uses(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for (at, _) in self.code.match_indices("crate::") {
            if is_word(&self.code, at, "crate") {
                found.extend(self.heads(at + "crate::".len()));
            }
        }
        let mut end = 0;
        for (at, _) in self.code.match_indices("super::") {
            if at < end || !is_word(&self.code, at, "super") {
                continue;
            }
            end = at;
            while self
                .code
                .get(end..)
                .is_some_and(|rest| rest.starts_with("super::"))
            {
                end += "super::".len();
            }
            if (end - at) / "super::".len() >= self.depth() {
                found.extend(self.heads(end));
            }
        }
        found
    }

    /// How deep the module lies: 1 for `src/app.rs`.
    fn depth(&self) -> usize {
        self.path.matches('/').count()
    }

    /// The first names of the path or `{group}` at byte `at`.
    fn heads(&self, at: usize) -> Vec<(usize, String)> {
        let rest = self.code.get(at..).unwrap_or_default();
        if !rest.starts_with('{') {
            return vec![(self.line(at), word(rest))];
        }
        let (mut heads, mut depth, mut fresh) = (Vec::new(), 0, false);
        for (offset, c) in rest.char_indices() {
            match c {
                '{' => {
                    depth += 1;
                    fresh = depth == 1;
                }
                '}' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                ',' => fresh = depth == 1,
                c if fresh && (c.is_alphabetic() || c == '_') => {
                    heads.push((
                        self.line(at + offset),
                        word(rest.get(offset..).unwrap_or_default()),
                    ));
                    fresh = false;
                }
                _ => {}
            }
        }
        heads
    }

    fn line(&self, at: usize) -> usize {
        self.code
            .bytes()
            .take(at)
            .filter(|byte| *byte == b'\n')
            .count()
            + 1
    }
}

fn word(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

/// Whether `name` at byte `at` is no part of a longer identifier.
fn is_word(code: &str, at: usize, name: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    let before = code.get(..at).and_then(|text| text.chars().next_back());
    let after = code
        .get(at + name.len()..)
        .and_then(|text| text.chars().next());
    !before.is_some_and(joins) && (name.ends_with(':') || !after.is_some_and(joins))
}

/// `text` with comments and the insides of string and character literals blanked; newlines stay.
fn blank(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |index: usize| chars.get(index).copied().unwrap_or('\0');
    let mut code = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        let end = match at(i) {
            '/' if at(i + 1) == '/' => end_of(&chars, i, |i| at(i) == '\n'),
            '/' if at(i + 1) == '*' => {
                end_of(&chars, i + 2, |i| at(i) == '*' && at(i + 1) == '/') + 2
            }
            'r' if matches!(at(i + 1), '"' | '#') && !joins_before(&code) => raw_end(&chars, i + 1),
            '"' => quoted_end(&chars, i, '"'),
            '\'' if at(i + 1) == '\\' || at(i + 2) == '\'' => quoted_end(&chars, i, '\''),
            _ => i,
        };
        if end == i {
            code.push(at(i));
            i += 1;
            continue;
        }
        for index in i..end.min(chars.len()) {
            code.push(if at(index) == '\n' { '\n' } else { ' ' });
        }
        i = end;
    }
    code
}

fn joins_before(code: &str) -> bool {
    code.chars()
        .next_back()
        .is_some_and(|c| c.is_alphanumeric() || c == '_')
}

fn end_of(chars: &[char], from: usize, stop: impl Fn(usize) -> bool) -> usize {
    (from..chars.len())
        .find(|i| stop(*i))
        .unwrap_or(chars.len())
}

/// Behind the closing `quote` of the literal that opens at `open`.
fn quoted_end(chars: &[char], open: usize, quote: char) -> usize {
    let mut i = open + 1;
    while let Some(c) = chars.get(i) {
        if *c == quote {
            return i + 1;
        }
        i += if *c == '\\' { 2 } else { 1 };
    }
    chars.len()
}

/// Behind the raw text whose `#` or `"` stands at `from`; `from` itself for a raw identifier.
fn raw_end(chars: &[char], from: usize) -> usize {
    let hashes = chars.iter().skip(from).take_while(|c| **c == '#').count();
    if chars.get(from + hashes) != Some(&'"') {
        return from;
    }
    let mut i = from + hashes + 1;
    while i < chars.len() {
        let closing = chars.iter().skip(i + 1).take(hashes);
        if chars.get(i) == Some(&'"')
            && closing.clone().count() == hashes
            && closing.clone().all(|c| *c == '#')
        {
            return i + 1 + hashes;
        }
        i += 1;
    }
    chars.len()
}
