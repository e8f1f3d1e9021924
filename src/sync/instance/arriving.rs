//! The pages of an instance as they arrive, kept until all are there: a reading that was killed goes on where it was.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::config::Source;
use crate::store::{InventoryChange, InventoryRow, Store, StoreError};
use crate::sync::refresh::{RESUMED, is_younger, now};

/// What has arrived of one instance.
pub(super) struct Arriving<'a> {
    store: &'a Store,
    key: String,
    state: State,
    /// The entities of the pages that are kept, in their order.
    kept: Vec<Value>,
}

/// How far the reading has come.
#[derive(Default, Serialize, Deserialize)]
struct State {
    /// When it began, in milliseconds since 1970.
    began: u64,
    /// How many pages are kept.
    pages: usize,
    /// Where the next one begins; `None` where none is kept.
    cursor: Option<String>,
}

/// The name under which the pages of `source` are kept.
pub(in crate::sync) fn key(source: &Source) -> String {
    format!("arriving:{source}")
}

impl<'a> Arriving<'a> {
    /// What arrived of `source` in a reading that broke off not long ago. Pages that cannot be read are asked for again,
    /// with all others.
    pub(super) fn of(store: &'a Store, source: &Source) -> Result<Option<Self>, StoreError> {
        let key = key(source);
        let state: Option<State> = store
            .note(&key)?
            .and_then(|note| serde_json::from_str(&note).ok());
        let Some(state) = state.filter(|it| it.cursor.is_some() && is_younger(it.began, RESUMED))
        else {
            return Ok(None);
        };
        let rows = store.inventory(&key)?;
        let pages: Option<Vec<Vec<Value>>> = rows
            .iter()
            .map(|row| serde_json::from_str(&row.body).ok())
            .collect();
        let pages = pages.filter(|pages| pages.len() == state.pages);
        Ok(pages.map(|pages| Self {
            store,
            key,
            state,
            kept: pages.into_iter().flatten().collect(),
        }))
    }

    /// Nothing of `source`; what was kept of it is forgotten.
    pub(super) fn nothing(store: &'a Store, source: &Source) -> Result<Self, StoreError> {
        let mut arriving = Self {
            store,
            key: key(source),
            state: State {
                began: now(),
                ..State::default()
            },
            kept: Vec::new(),
        };
        arriving.forget()?;
        Ok(arriving)
    }

    /// Where the next page begins; `None` for the first.
    pub(super) fn cursor(&self) -> Option<String> {
        self.state.cursor.clone()
    }

    /// Takes the entities of the pages that were kept before.
    pub(super) fn take_kept(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.kept)
    }

    /// Keeps the page `items`, behind which the next one begins at `cursor`.
    pub(super) fn keep(&mut self, items: &[Value], cursor: &str) -> Result<(), StoreError> {
        // They are kept by their names.
        let id = format!("{:06}", self.state.pages);
        self.state.pages += 1;
        self.state.cursor = Some(cursor.to_owned());
        let row = InventoryRow {
            id,
            sweep: 0,
            body: serde_json::to_string(items).unwrap_or_default(),
        };
        self.change(vec![row], Vec::new())
    }

    /// Forgets all pages: they are all there, or of no use.
    pub(super) fn forget(&mut self) -> Result<(), StoreError> {
        let rows = self.store.inventory(&self.key)?;
        (self.state.pages, self.state.cursor) = (0, None);
        if rows.is_empty() {
            return Ok(());
        }
        self.change(Vec::new(), rows.into_iter().map(|row| row.id).collect())
    }

    fn change(&self, seen: Vec<InventoryRow>, gone: Vec<String>) -> Result<(), StoreError> {
        let state = serde_json::to_string(&self.state).unwrap_or_default();
        let change = InventoryChange { seen, gone, state };
        self.store.change_inventory(&self.key, &change)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pages_are_there_until_all_have_arrived() {
        let store = Store::temporary().unwrap();
        let source = Source::Demo;
        assert!(Arriving::of(&store, &source).unwrap().is_none());
        let mut first = Arriving::nothing(&store, &source).unwrap();
        for (number, cursor) in ["b", "c"].into_iter().enumerate() {
            first.keep(&[json!(number)], cursor).unwrap();
        }
        let mut again = Arriving::of(&store, &source).unwrap().unwrap();
        assert_eq!(again.take_kept(), [json!(0), json!(1)]);
        assert_eq!(again.cursor().as_deref(), Some("c"));
        again.keep(&[json!(2)], "d").unwrap();
        let mut all = Arriving::of(&store, &source).unwrap().unwrap();
        assert_eq!(all.take_kept().len(), 3);
        all.forget().unwrap();
        assert!(Arriving::of(&store, &source).unwrap().is_none());
        assert_eq!(store.inventory(&key(&source)).unwrap(), []);
    }

    #[test]
    fn pages_that_are_damaged_or_not_all_there_are_of_no_use() {
        let store = Store::temporary().unwrap();
        let source = Source::Demo;
        let mut arriving = Arriving::nothing(&store, &source).unwrap();
        arriving.keep(&[json!(0)], "b").unwrap();
        let damaged = InventoryRow {
            id: "000000".to_owned(),
            sweep: 0,
            body: "[0".to_owned(),
        };
        arriving.change(vec![damaged], Vec::new()).unwrap();
        assert!(Arriving::of(&store, &source).unwrap().is_none());
        arriving
            .change(Vec::new(), vec!["000000".to_owned()])
            .unwrap();
        assert!(Arriving::of(&store, &source).unwrap().is_none());
    }
}
