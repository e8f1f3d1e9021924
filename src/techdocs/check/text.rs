//! Where in the text of a page an address stands.

use std::collections::HashMap;

use crate::catalog::Place;

/// How many lines a link's address may stand below its beginning.
const NEAR: usize = 4;
/// How often a page is looked through as a whole.
const LOOKS: usize = 200;

/// The length of a text in characters, as findings have it.
pub(super) fn length(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// The text of a page, in which links are looked for.
pub(super) struct Text<'a> {
    lines: Vec<&'a str>,
    /// The lines that define references.
    defined: Vec<usize>,
    /// How often the whole page may still be looked through.
    looks: usize,
    /// How often an address was found on a line so far.
    seen: HashMap<(usize, String), usize>,
}

impl<'a> Text<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let is_definition = |line: &str| {
            let line = line.trim_start();
            line.starts_with('[') && line.contains("]:")
        };
        let defined = (0..).zip(&lines);
        let defined = defined.filter(|(_, line)| is_definition(line));
        Self {
            defined: defined.map(|(at, _)| at).collect(),
            lines,
            looks: LOOKS,
            seen: HashMap::new(),
        }
    }

    /// The place of the address `href` of a link that begins on `line`, and its length: there, a little below, in the
    /// definition of a reference, or anywhere. What the page includes has no place of its own, and no length.
    pub(super) fn place(&mut self, file: &str, line: u32, href: &str) -> (Place, u32) {
        let first = usize::try_from(line).unwrap_or_default().saturating_sub(1);
        let mut near = first..(first + NEAR).min(self.lines.len());
        let mut found = near.find_map(|at| Some((at, self.next_on(at, href)?)));
        if found.is_none() && self.looks > 0 {
            self.looks -= 1;
            let defined = std::mem::take(&mut self.defined);
            let mut all = defined.iter().copied().chain(0..self.lines.len());
            found = all.find_map(|at| Some((at, self.next_on(at, href)?)));
            self.defined = defined;
        }
        let (line, column, length) = match found {
            Some((at, column)) => {
                let line = u32::try_from(at + 1).unwrap_or(u32::MAX);
                (line, column, length(href))
            }
            // It is written otherwise, or another line makes it.
            None => (line.max(1), self.start(first), 0),
        };
        let place = Place {
            file: file.to_owned(),
            line,
            column,
        };
        (place, length)
    }

    /// The column at which the words of a line begin.
    fn start(&self, at: usize) -> u32 {
        let line = self.lines.get(at).copied().unwrap_or_default();
        let blank = line.chars().take_while(|c| c.is_whitespace()).count();
        u32::try_from(blank + 1).unwrap_or(1)
    }

    /// The column of the next `href` on the line number `at` that was not given yet.
    fn next_on(&mut self, at: usize, href: &str) -> Option<u32> {
        let line = self.lines.get(at).filter(|line| line.contains(href))?;
        let key = (at, href.to_owned());
        let passed = self.seen.get(&key).copied().unwrap_or_default();
        let ends = |byte: usize| {
            let rest = line.get(byte + href.len()..).unwrap_or_default();
            !rest.starts_with(|c: char| {
                c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '#')
            })
        };
        let starts = |byte: usize| {
            let before = line.get(..byte).unwrap_or_default();
            before.is_empty() || before.ends_with(['(', '<', '"', '\'', ' ', '='])
        };
        let mut places = line
            .match_indices(href)
            .map(|(byte, _)| byte)
            .filter(|byte| starts(*byte) && ends(*byte));
        let byte = places.nth(passed)?;
        self.seen.insert(key, passed + 1);
        u32::try_from(line.get(..byte)?.chars().count() + 1).ok()
    }
}
