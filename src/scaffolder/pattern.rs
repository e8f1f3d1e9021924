//! JavaScript's regular expressions, with an end.
//!
//! A template brings its own patterns, and one like `(a+)+$` would keep JavaScript's engine busy for years. `regress` reads
//! a pattern and knows which characters each part of it is, but cannot be stopped; so the search itself is done here, and
//! counts its steps.
//!
//! ```text
//! pattern ─parse→ nodes ─program→ instructions ─search→ where it is found
//! ```

mod parse;
mod program;
mod search;
mod set;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use program::Program;

/// How many patterns a thread keeps.
const MAX_KEPT: usize = 256;

thread_local! {
    static KEPT: RefCell<HashMap<String, Option<Rc<Pattern>>>> = RefCell::default();
}

/// A regular expression.
#[derive(Debug)]
pub(crate) struct Pattern {
    program: Program,
    names: Vec<(String, usize)>,
}

/// The search took more steps than it may, or would have to remember more than it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the regular expression takes too long")]
pub(crate) struct TooLong;

/// Where a pattern was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Byte ranges of the whole and of its groups.
    pub(crate) groups: Vec<Option<Range<usize>>>,
}

impl Found {
    /// The byte range of all of it.
    pub(crate) fn range(&self) -> Range<usize> {
        self.groups.first().cloned().flatten().unwrap_or_default()
    }
}

impl Pattern {
    /// The pattern `source` with JavaScript's `flags`, of which `g` and `y` are for who searches; `None` if it is none.
    pub(crate) fn new(source: &str, flags: &str) -> Option<Rc<Self>> {
        KEPT.with_borrow_mut(|kept| {
            let key = format!("{flags}/{source}");
            if let Some(pattern) = kept.get(&key) {
                return pattern.clone();
            }
            if kept.len() >= MAX_KEPT {
                kept.clear();
            }
            let pattern = Self::read(source, flags).map(Rc::new);
            kept.insert(key, pattern.clone());
            pattern
        })
    }

    fn read(source: &str, flags: &str) -> Option<Self> {
        let flags: String = flags.chars().filter(|c| !"gy".contains(*c)).collect();
        // Ours goes first: it bounds how deep groups nest.
        let parsed = parse::parse(source, &flags)?;
        regress::Regex::with_flags(source, flags.as_str()).ok()?;
        Some(Self {
            program: program::compile(&parsed),
            names: parsed.names,
        })
    }

    /// The first place in `text` at or behind the byte `from` where it is found, in at most `steps` steps, which are taken
    /// from them.
    pub(crate) fn find(
        &self,
        text: &str,
        from: usize,
        steps: &mut u64,
    ) -> Result<Option<Found>, TooLong> {
        search::find(&self.program, text, from, steps)
    }

    /// Where to look on behind `found`: one character further where that was empty.
    pub(crate) fn behind(found: &Found, text: &str) -> usize {
        let range = found.range();
        if !range.is_empty() {
            return range.end;
        }
        let next = text.get(range.end..).and_then(|rest| rest.chars().next());
        range.end + next.map_or(1, char::len_utf8)
    }

    /// The number of the group `name`.
    pub(crate) fn group(&self, name: &str) -> Option<usize> {
        let named = self.names.iter().find(|(own, _)| own == name);
        named.map(|(_, number)| *number)
    }
}
