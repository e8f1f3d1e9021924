//! Keeps what outlasts the portal, one write after the other: of what changes faster than a disk writes, the latest.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use crate::app::lasting::{Bookmark, Keep, Lasting};
use crate::app::route::EntityTab;
use crate::store::{Store, StoreError};

/// The note under which the store keeps how things are shown.
const CHOICES: &str = "choices";
/// What is left of an entity, as the store calls it: the tab of its page, by its title; a place in its docs, as JSON.
const TAB: &str = "tab";
const DOCS: &str = "docs";

/// What waits to be written.
#[derive(Debug, Clone, Default)]
pub(super) struct Keeper(Arc<Mutex<Waiting>>);

#[derive(Debug, Default)]
struct Waiting {
    /// In the order of asking, each thing once.
    keeps: Vec<Keep>,
    /// Whether somebody writes.
    is_written: bool,
}

impl Keeper {
    /// Puts `keep` in place of what waits of the same thing; whether somebody must be sent to write.
    pub(super) fn put(&self, keep: Keep) -> bool {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.keeps.retain(|known| !keep.replaces(known));
        waiting.keeps.push(keep);
        !std::mem::replace(&mut waiting.is_written, true)
    }

    /// The next to be written; `None` ends the writing.
    fn next(&self) -> Option<Keep> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.is_written = !waiting.keeps.is_empty();
        waiting.is_written.then(|| waiting.keeps.remove(0))
    }

    /// Writes what waits until nothing does. What cannot be kept is no reason to disturb anybody.
    pub(super) fn write(&self, store: &Store) {
        while let Some(keep) = self.next() {
            if let Err(error) = write(store, &keep) {
                tracing::warn!(%error, "the place is not kept");
            }
        }
    }
}

fn write(store: &Store, keep: &Keep) -> Result<(), StoreError> {
    match keep {
        Keep::Choices(choices) => {
            let text = serde_json::to_string(choices).unwrap_or_default();
            store.set_note(CHOICES, &text)
        }
        Keep::Tab(entity_ref, tab) => store.set_left(TAB, entity_ref, tab.map(EntityTab::title)),
        Keep::Bookmark(entity_ref, bookmark) => {
            let text = bookmark.as_ref().map(serde_json::to_string);
            let text = text.and_then(Result::ok);
            store.set_left(DOCS, entity_ref, text.as_deref())
        }
    }
}

/// What was kept; what cannot be read was not.
pub(super) fn kept(store: &Store) -> Lasting {
    let choices = store.note(CHOICES).ok().flatten();
    let choices = choices.and_then(|text| serde_json::from_str(&text).ok());
    let tabs = store.left(TAB).unwrap_or_default().into_iter();
    let tabs = tabs.filter_map(|left| Some((left.entity, EntityTab::titled(&left.text)?)));
    let places = store.left(DOCS).unwrap_or_default().into_iter();
    let bookmarks = places.filter_map(|left| {
        let bookmark: Bookmark = serde_json::from_str(&left.text).ok()?;
        let since = left.at.duration_since(UNIX_EPOCH).unwrap_or_default();
        let at = since.as_secs();
        Some((left.entity, Bookmark { at, ..bookmark }))
    });
    Lasting {
        choices: choices.unwrap_or_default(),
        tabs: tabs.collect(),
        bookmarks: bookmarks.collect(),
        ..Lasting::default()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::app::lasting::Choices;
    use crate::catalog::EntityRef;

    fn place(page: &str, line: u32) -> Bookmark {
        Bookmark {
            page: page.to_owned(),
            line,
            heading: None,
            at: 0,
        }
    }

    #[test]
    fn of_what_waits_the_latest_is_written_and_read_back() {
        let store = Store::temporary().unwrap();
        let keeper = Keeper::default();
        let orders = EntityRef::new("component", "default", "orders");
        let bills = EntityRef::new("component", "default", "bills");
        let choices = Choices {
            aside: Some(44),
            ..Choices::default()
        };
        assert!(keeper.put(Keep::Tab(orders.clone(), Some(EntityTab::Raw))));
        assert!(!keeper.put(Keep::Tab(orders.clone(), Some(EntityTab::Api))));
        assert!(!keeper.put(Keep::Tab(bills, Some(EntityTab::Raw))));
        keeper.put(Keep::Choices(choices.clone()));
        keeper.put(Keep::Bookmark(orders.clone(), Some(place("a.md", 3))));
        keeper.put(Keep::Bookmark(orders.clone(), Some(place("b.md", 7))));
        assert_eq!(keeper.0.lock().unwrap().keeps.len(), 4);
        keeper.write(&store);
        let found = kept(&store);
        assert_eq!(found.choices, choices);
        assert_eq!(found.tabs.len(), 2);
        assert_eq!(found.tabs.get(&orders), Some(&EntityTab::Api));
        let bookmark = found.bookmarks.get(&orders).unwrap();
        assert_eq!((bookmark.page.as_str(), bookmark.line), ("b.md", 7));
        assert!(bookmark.at > 0);
        assert!(keeper.put(Keep::Bookmark(orders, None)), "it is sent anew");
        keeper.write(&store);
        assert!(kept(&store).bookmarks.is_empty());
    }

    #[test]
    fn what_makes_no_sense_was_not_kept() {
        let store = Store::temporary().unwrap();
        let orders = EntityRef::new("component", "default", "orders");
        store.set_note(CHOICES, "{\"aside\":").unwrap();
        store.set_left(TAB, &orders, Some("Nothing")).unwrap();
        store.set_left(DOCS, &orders, Some("index.md")).unwrap();
        let found = kept(&store);
        assert_eq!(found.choices, Choices::default());
        assert!(found.tabs.is_empty() && found.bookmarks.is_empty());
        // A choice of a newer program does not hide those that are known.
        let newer = "{\"aside\":50,\"depth\":3}";
        store.set_note(CHOICES, newer).unwrap();
        assert_eq!(kept(&store).choices.aside, Some(50));
    }
}
