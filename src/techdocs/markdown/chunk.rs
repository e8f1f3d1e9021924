//! A block of text as the block parser passes it on: lines that stand together, cut and shortened without copying
//! what is cut, each knowing where it came from.

use std::cell::Cell;
use std::rc::Rc;

/// What is looked for at the beginnings of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Callout,
    Detail,
    Tab,
    Slash,
    Heading,
    Rule,
    Quote,
    Meaning,
    Footnote,
    Abbreviation,
    Reference,
}

/// How many marks there are.
const MARKS: usize = 11;

/// A text that chunks are cut from.
#[derive(Debug)]
struct Shared {
    text: String,
    /// Of each mark: from where it was looked for last, and where the next line with it begins. Looking again from
    /// between the two finds the same line, so a page is gone through once a mark, however often it is cut.
    found: [Cell<(usize, usize)>; MARKS],
}

/// Lines that stand together.
#[derive(Debug, Clone)]
pub(super) struct Chunk {
    shared: Rc<Shared>,
    start: usize,
    end: usize,
    /// The number of its first line among the lines that are parsed, from 0.
    pub(super) at: usize,
}

impl Chunk {
    /// A chunk of its own; `at` is the number of its first line.
    pub(super) fn new(text: String, at: usize) -> Self {
        let end = text.len();
        let never = || Cell::new((usize::MAX, 0));
        Self {
            shared: Rc::new(Shared {
                text,
                found: std::array::from_fn(|_| never()),
            }),
            start: 0,
            end,
            at,
        }
    }

    /// Its text.
    pub(super) fn text(&self) -> &str {
        let range = self.start..self.end;
        self.shared.text.get(range).unwrap_or_default()
    }

    /// Its lines.
    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        self.text().split('\n')
    }

    /// The part from byte `from` to byte `to`.
    pub(super) fn part(&self, from: usize, to: usize) -> Self {
        let skipped = self.text().get(..from).unwrap_or_default();
        Self {
            shared: Rc::clone(&self.shared),
            start: self.start + from,
            end: self.start + to.max(from),
            at: self.at + memchr::memchr_iter(b'\n', skipped.as_bytes()).count(),
        }
    }

    /// The part from byte `from` on.
    pub(super) fn since(&self, from: usize) -> Self {
        self.part(from, self.end - self.start)
    }

    /// The part from `from` on, without line ends before it.
    pub(super) fn since_line(&self, from: usize) -> Self {
        let tail = self.text().get(from..).unwrap_or_default();
        self.since(from + (tail.len() - tail.trim_start_matches('\n').len()))
    }

    /// The part before `to`, without line ends behind it.
    pub(super) fn before_line(&self, to: usize) -> Self {
        let head = self.text().get(..to).unwrap_or_default();
        self.part(0, head.trim_end_matches('\n').len())
    }

    /// What stands between empty lines, the first one first.
    pub(super) fn split(&self) -> Vec<Self> {
        let mut parts = Vec::new();
        let (mut from, mut at) = (self.start, self.at);
        for text in self.text().split("\n\n") {
            parts.push(Self {
                shared: Rc::clone(&self.shared),
                start: from,
                end: from + text.len(),
                at,
            });
            from += text.len() + 2;
            at += memchr::memchr_iter(b'\n', text.as_bytes()).count() + 2;
        }
        parts
    }

    /// The first line that `is_marked`, which must only look at that line: where it begins and ends in the chunk.
    pub(super) fn find(&self, mark: Mark, is_marked: fn(&str) -> bool) -> Option<(usize, usize)> {
        let first = self.text().split('\n').next().unwrap_or_default();
        if is_marked(first) {
            return Some((0, first.len()));
        }
        let from = self.start + first.len() + 1;
        if from >= self.end {
            return None;
        }
        let cell = self.shared.found.get(mark as usize)?;
        let (looked, mut found) = cell.get();
        if !(looked <= from && from <= found) {
            found = from;
            let text = self.shared.text.get(from..).unwrap_or_default();
            for line in text.split('\n') {
                if is_marked(line) {
                    break;
                }
                found += line.len() + 1;
            }
            cell.set((from, found));
        }
        if found > self.end || found >= self.shared.text.len() {
            return None;
        }
        let found = found - self.start;
        let line = self.text().get(found..)?.split('\n').next()?;
        // The chunk may end within the line, which then is another one.
        is_marked(line).then_some((found, found + line.len()))
    }

    /// The lines that are indented by `columns`, without that indentation, and the others from the first on that is
    /// not: `BlockProcessor.detab`.
    pub(super) fn detab(&self, columns: usize) -> (Self, Option<Self>) {
        let mut text = String::new();
        let mut taken = 0;
        for (number, line) in self.lines().enumerate() {
            let dedented = match dedented(line, columns) {
                Some(dedented) => dedented,
                None if line.trim().is_empty() => "",
                None => break,
            };
            if number > 0 {
                text.push('\n');
            }
            text.push_str(dedented);
            taken += line.len() + 1;
        }
        let rest = (taken <= self.end - self.start).then(|| self.since(taken));
        let rest = rest.filter(|rest| !rest.text().is_empty());
        (Self::new(text, self.at), rest)
    }

    /// All lines, those that are indented by `columns` without that indentation: `BlockProcessor.looseDetab`.
    pub(super) fn loose_detab(&self, columns: usize) -> Self {
        let mut text = String::with_capacity(self.end - self.start);
        for (number, line) in self.lines().enumerate() {
            if number > 0 {
                text.push('\n');
            }
            text.push_str(dedented(line, columns).unwrap_or(line));
        }
        Self::new(text, self.at)
    }

    /// Whether its first line is indented by `columns`.
    pub(super) fn is_indented(&self, columns: usize) -> bool {
        dedented(self.text(), columns).is_some()
    }
}

/// `line` without `columns` spaces before it, where it has so many.
pub(super) fn dedented(line: &str, columns: usize) -> Option<&str> {
    let head = line.as_bytes().get(..columns)?;
    head.iter().all(|byte| *byte == b' ').then_some(())?;
    line.get(columns..)
}
