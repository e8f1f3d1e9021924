//! What the texts say, for the finder: looked for beside the names, so that names never wait for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use crate::app::message::{FullText, Origin, Passage};
use crate::search::Query;
use crate::store::{DocHit, ElsewhereHit, OperationHit, Store, StoreError};

/// How many sections of docs, and how many operations of APIs, the finder lists.
const MOST: usize = 20;
/// How many entities it lists for their descriptions alone.
const DESCRIBED: usize = 50;
/// How long names that were found wait for texts, so that both come in one frame where they can.
const SOON: Duration = Duration::from_millis(3);

/// A search through the texts that is under way.
#[derive(Debug)]
pub(super) struct Passages(Receiver<Arc<FullText>>);

impl Passages {
    /// Begins to look for `query` on a worker of its own, unless `stop` says by then that nobody waits any more.
    pub(super) fn search(store: Arc<Store>, query: Arc<Query>, stop: Arc<AtomicBool>) -> Self {
        let (sender, receiver) = sync_channel(1);
        tokio::task::spawn_blocking(move || {
            if !stop.load(Ordering::Relaxed) {
                // What cannot be read here is told by every other read of the store.
                let _ = sender.send(Arc::new(texts(&store, &query).unwrap_or_default()));
            }
        });
        Self(receiver)
    }

    /// What was found, if it is there soon.
    pub(super) fn soon(&self) -> Option<Arc<FullText>> {
        self.0.recv_timeout(SOON).ok()
    }

    /// What was found at last; `None` if the search was stopped.
    pub(super) fn late(self) -> Option<Arc<FullText>> {
        self.0.recv().ok()
    }
}

/// What has all words of a query: operations, which are called so, before sections.
fn texts(store: &Store, query: &Query) -> Result<FullText, StoreError> {
    let Some(text) = query.passage() else {
        return Ok(FullText::default());
    };
    let operations = store.search_operations(&text, MOST)?.into_iter();
    let sections = store.search_docs(&text, None, MOST)?.into_iter();
    let elsewhere = store.search_elsewhere(&text, MOST)?.into_iter();
    let silent = store.elsewhere_sources()?.into_iter();
    let described = store.search_descriptions(&text, DESCRIBED)?.into_iter();
    Ok(FullText {
        passages: operations
            .map(of_operation)
            .chain(sections.map(of_section))
            .chain(elsewhere.map(of_page))
            .collect(),
        described: described.map(|hit| hit.entity).collect(),
        silent: silent
            .filter_map(|source| Some((source.name, source.error?)))
            .collect(),
    })
}

fn of_section(hit: DocHit) -> Passage {
    Passage {
        origin: Origin::Docs {
            entity_ref: hit.entity,
            page: hit.path,
            anchor: hit.anchor,
        },
        title: hit.title,
        heading: hit.heading,
        text: hit.text,
    }
}

fn of_page(hit: ElsewhereHit) -> Passage {
    Passage {
        origin: Origin::Elsewhere {
            source: hit.source,
            url: hit.page.url,
        },
        title: hit.page.title,
        heading: hit.page.heading,
        text: hit.page.text,
    }
}

fn of_operation(hit: OperationHit) -> Passage {
    let name = format!("{} {}", hit.operation.verb, hit.operation.name);
    Passage {
        origin: Origin::Operation {
            entity_ref: hit.entity,
            operation: name.clone(),
        },
        title: name,
        heading: hit.operation.summary,
        text: hit.operation.description,
    }
}
