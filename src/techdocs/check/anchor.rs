//! What `#…` may lead to on a page.

use std::collections::HashSet;

use super::Checker;
use crate::techdocs::CheckedPage;
use crate::techdocs::markdown::{Gap, Why};

/// What only the reader's own tools know: a piece of text, lines of a file on a host.
const ELSEWHERE: [&str; 2] = [":~:", "L"];

/// What a page holds in whose place a plugin puts more, and the plugins that do.
const FILLED_IN: [(&str, &[&str]); 4] = [
    ("{{", &["macros", "markdownextradata", "table-reader"]),
    ("{%", &["macros", "markdownextradata"]),
    ("[[", &["macros"]),
    ("::: ", &["mkdocstrings"]),
];

/// The ids on a page.
pub(super) struct Anchors<'a> {
    ids: &'a HashSet<String>,
    /// Whether there may be more.
    more: bool,
}

impl<'a> Anchors<'a> {
    /// The ids on `page`.
    pub(super) fn of(checker: &Checker<'_>, page: &CheckedPage<'a>) -> Self {
        let fills = |(mark, plugins): &(&str, &[&str])| {
            let is_on =
                checker.maker.is_some() || plugins.iter().any(|name| checker.has_plugin(name));
            is_on && page.text.contains(mark)
        };
        // Where a bound of this reader keeps something out, a build may put it in.
        let is_bound = |gap: &Gap| matches!(gap.why, Why::Deep | Why::Large | Why::OnTheWeb);
        Self {
            ids: &page.checked.traces.ids,
            more: FILLED_IN.iter().any(fills) || page.checked.gaps.iter().any(is_bound),
        }
    }

    /// Whether `anchor` leads somewhere, or may.
    pub(super) fn has(&self, anchor: &str) -> bool {
        self.more || anchor.is_empty() || self.ids.contains(anchor) || is_elsewhere(anchor)
    }

    /// All ids that are known.
    pub(super) fn known(&self) -> impl Iterator<Item = &'a str> {
        self.ids.iter().map(String::as_str)
    }
}

fn is_elsewhere(anchor: &str) -> bool {
    let [text, line] = ELSEWHERE;
    let is_line = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    anchor.starts_with(text) || anchor.strip_prefix(line).is_some_and(is_line)
}
