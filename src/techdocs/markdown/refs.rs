//! Reference definitions: `[label]: target`, good for the whole page wherever they stand.

use std::collections::{HashMap, HashSet};

use super::fence;
use super::source::SourceLine;
use super::syntax;

/// The definitions of a page.
#[derive(Debug, Default)]
pub(super) struct Refs {
    targets: HashMap<String, String>,
    footnotes: HashSet<String>,
}

impl Refs {
    /// Every definition in `lines` but those in fenced code; the first of a label counts.
    pub(super) fn gather(lines: &[SourceLine<'_>]) -> Self {
        let mut refs = Self::default();
        let mut open: Option<fence::Fence<'_>> = None;
        for line in lines {
            let body = line.body();
            match &open {
                Some(fence) if fence.is_closed_by(body) => open = None,
                Some(_) => {}
                None => {
                    open = fence::open(body);
                    if let Some((label, _)) = syntax::footnote(body) {
                        refs.footnotes.insert(label.to_owned());
                    } else if let Some((label, target)) = syntax::reference(body) {
                        refs.targets
                            .entry(key(label))
                            .or_insert_with(|| target.to_owned());
                    }
                }
            }
        }
        refs
    }

    /// Where the reference with this label leads.
    pub(super) fn target(&self, label: &str) -> Option<&str> {
        self.targets.get(&key(label)).map(String::as_str)
    }

    /// Whether there is a footnote with this label.
    pub(super) fn footnote(&self, label: &str) -> bool {
        self.footnotes.contains(label)
    }
}

/// Labels match in any letter case, with white space folded.
fn key(label: &str) -> String {
    label
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}
