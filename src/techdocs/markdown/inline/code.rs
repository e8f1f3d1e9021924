//! Code within text: pymdownx' `inlinehilite`.

use std::collections::HashMap;

use super::{Found, Inline, Node, Spot};
use crate::techdocs::markdown::dom::Text;
use crate::techdocs::markdown::stash::{CLOSE, OPEN};
use crate::techdocs::markdown::write::escaped;

/// A longer run of backticks is text.
const MAX_RUN: usize = 64;

/// Where runs of backticks stand in a text, by their length: each text is gone through once for them.
#[derive(Debug, Default)]
pub(super) struct Ticks {
    runs: HashMap<usize, Vec<usize>>,
}

impl Ticks {
    /// Those of `text`.
    pub(super) fn of(text: &str) -> Self {
        let mut runs: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut at = 0;
        while let Some(next) = text.get(at..).and_then(|tail| tail.find('`')) {
            at += next;
            let tail = text.get(at..).unwrap_or_default();
            let length = tail.len() - tail.trim_start_matches('`').len();
            runs.entry(length).or_default().push(at);
            at += length;
        }
        Self { runs }
    }

    /// Where the first run of this length from `from` on begins.
    fn after(&self, length: usize, from: usize) -> Option<usize> {
        let runs = self.runs.get(&length)?;
        runs.get(runs.partition_point(|at| *at < from)).copied()
    }
}

impl Inline<'_> {
    pub(super) fn code(&mut self, spot: &Spot<'_>) -> Option<Found> {
        if spot.before(spot.at) == Some('\\') {
            return None;
        }
        let rest = spot.rest();
        if rest.starts_with('\\') {
            // Escaped backslashes before code are read before the code is.
            let escapes = rest.len() - rest.trim_start_matches('\\').len();
            let behind = rest.get(escapes..)?;
            if !escapes.is_multiple_of(2) || !behind.starts_with('`') {
                return Some(Found::Skip(spot.at + escapes));
            }
            let code = format!("{OPEN}{}{CLOSE}", u32::from('\\'));
            let text = code.repeat(escapes / 2);
            return Some(Found::Node(spot.at, spot.at + escapes, Node::Text(text)));
        }
        let run = rest.len() - rest.trim_start_matches('`').len();
        if run > MAX_RUN {
            return Some(Found::Skip(spot.at + run));
        }
        for length in (1..=run).rev() {
            let from = spot.at + length;
            // The code has at least one character, and closes with a run of just this length.
            let Some(end) = self.ticks.after(length, from + 1).filter(|end| *end > from) else {
                continue;
            };
            let code = spot.text.get(from..end)?.trim();
            let (language, code) = language(code);
            let id = self.tree.create("code", 0);
            let text = self.stash.html(escaped(code));
            let element = self.tree.edit(id);
            element.text = Text::atomic(text);
            if let Some(language) = language {
                element.set("class", format!("language-{language} highlight"));
            }
            return Some(Found::Node(spot.at, end + length, Node::Element(id)));
        }
        None
    }
}

/// The language that code names (`#!py`, `:::py`), and the code behind it.
fn language(code: &str) -> (Option<&str>, &str) {
    let named = code.strip_prefix("#!").or_else(|| {
        let rest = code.trim_start_matches(':');
        (code.len() - rest.len() >= 3).then_some(rest)
    });
    let split = named.and_then(|named| named.split_once(char::is_whitespace));
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '#' | '.' | '+' | '-');
    match split {
        Some((name, code)) if name.chars().all(is_name) && !code.trim().is_empty() => {
            (Some(name).filter(|name| !name.is_empty()), code.trim())
        }
        _ => (None, code),
    }
}
