//! Passages of docs for the finder: looked for beside the names, so that names never wait for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use crate::app::message::Passage;
use crate::catalog::text;
use crate::search::Query;
use crate::store::Store;

/// How many passages of docs the finder lists.
const MOST: usize = 20;
/// How long names that were found wait for passages, so that both come in one frame where they can.
const SOON: Duration = Duration::from_millis(3);

/// A search for passages that is under way.
#[derive(Debug)]
pub(super) struct Passages(Receiver<Arc<[Passage]>>);

impl Passages {
    /// Begins to look for `query` on a worker of its own, unless `stop` says by then that nobody waits any more.
    pub(super) fn search(store: Arc<Store>, query: Arc<Query>, stop: Arc<AtomicBool>) -> Self {
        let (sender, receiver) = sync_channel(1);
        tokio::task::spawn_blocking(move || {
            if !stop.load(Ordering::Relaxed) {
                let _ = sender.send(passages(&store, &query));
            }
        });
        Self(receiver)
    }

    /// What was found, if it is there soon.
    pub(super) fn soon(&self) -> Option<Arc<[Passage]>> {
        self.0.recv_timeout(SOON).ok()
    }

    /// What was found at last; `None` if the search was stopped.
    pub(super) fn late(self) -> Option<Arc<[Passage]>> {
        self.0.recv().ok()
    }
}

/// The sections of docs that have all words of a query.
fn passages(store: &Store, query: &Query) -> Arc<[Passage]> {
    let Some(text) = query.passage() else {
        return Arc::default();
    };
    // What cannot be read here is told by every other read of the store.
    let hits = store.search_docs(&text, None, MOST).unwrap_or_default();
    hits.into_iter()
        .map(|hit| Passage {
            snippet: marked(&hit.snippet),
            entity_ref: hit.entity,
            page: hit.path,
            title: hit.title,
            heading: hit.heading,
            anchor: hit.anchor,
        })
        .collect()
}

/// The parts of a snippet, and which of them matched: those between the store's marks.
fn marked(snippet: &str) -> Vec<(String, bool)> {
    let mut parts = Vec::new();
    for piece in snippet.split('\u{2}') {
        match piece.split_once('\u{3}') {
            Some((matched, rest)) => {
                parts.push((text::one_line(matched), true));
                parts.push((rest.replace('\n', " "), false));
            }
            None => parts.push((piece.replace('\n', " "), false)),
        }
    }
    parts.retain(|(part, _)| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matched_in_a_snippet_is_told_apart() {
        let parts = marked("the \u{2}rota\u{3} is\nin \u{2}Paging\u{3}");
        let parts: Vec<(&str, bool)> = parts
            .iter()
            .map(|(part, hit)| (part.as_str(), *hit))
            .collect();
        assert_eq!(
            parts,
            [
                ("the ", false),
                ("rota", true),
                (" is in ", false),
                ("Paging", true)
            ]
        );
    }
}
