//! What `#…` may lead to on a page.

use std::collections::HashSet;

use crate::techdocs::CheckedPage;

/// What ids begin with that extensions make: footnotes, tabs, lines of code.
const MADE: [&str; 5] = ["fn:", "fnref:", "__", ":~:", "L"];

/// What a page holds that only a build of the site can fill in: snippets, generated reference, macros.
const FILLED_IN: [&str; 7] = ["--8<--", "-8<-", "{{", "{%", "{!", "{*", "<!-- include"];

/// The ids on a page, as far as they can be told from its text.
pub(super) struct Anchors<'a> {
    ids: HashSet<&'a str>,
    /// Whether there may be more.
    more: bool,
}

impl<'a> Anchors<'a> {
    /// The ids on `page`.
    pub(super) fn of(page: &CheckedPage<'a>) -> Self {
        let headings = page.document.headings.iter();
        let mut ids: HashSet<&str> = headings.map(|heading| heading.slug.as_str()).collect();
        written(page.text, &mut ids);
        Self {
            ids,
            more: FILLED_IN.iter().any(|mark| page.text.contains(mark))
                || page
                    .text
                    .lines()
                    .any(|line| line.trim_start().starts_with("::: ")),
        }
    }

    /// Whether `anchor` leads somewhere, or may.
    pub(super) fn has(&self, anchor: &str) -> bool {
        self.more
            || anchor.is_empty()
            || anchor == "top"
            || MADE.iter().any(|prefix| anchor.starts_with(prefix))
            || self.ids.contains(anchor)
    }

    /// All ids that are known.
    pub(super) fn known(&self) -> impl Iterator<Item = &'a str> {
        self.ids.iter().copied()
    }
}

/// Adds the ids that `text` itself gives: `id="…"`, `name="…"`, and `#…` in attribute lists.
fn written<'a>(text: &'a str, ids: &mut HashSet<&'a str>) {
    for mark in ["id=", "name="] {
        for (at, _) in text.match_indices(mark) {
            let rest = text.get(at + mark.len()..).unwrap_or_default();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            let id = match quote {
                Some(quote) => rest.get(1..).and_then(|rest| rest.split(quote).next()),
                None => rest
                    .split(|c: char| c.is_whitespace() || matches!(c, '>' | '}'))
                    .next(),
            };
            ids.extend(id.filter(|id| !id.is_empty()));
        }
    }
    for (at, _) in text.match_indices('{') {
        let rest = text.get(at + 1..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        if let Some((list, _)) = line.split_once('}') {
            ids.extend(
                list.split_whitespace()
                    .filter_map(|word| word.trim_start_matches(':').strip_prefix('#')),
            );
        }
    }
}
