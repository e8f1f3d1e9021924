//! Where the user left off with an entity: one short text for each thing that can be left, such as a tab or a page of docs.
//! What it means is its writer's to know.

use std::time::SystemTime;

use rusqlite::params;

use super::connection::{now, time};
use super::{Store, StoreError, refs};
use crate::catalog::EntityRef;

/// For so many entities each thing is kept; those left longest ago are forgotten.
const KEPT: usize = 500;
/// The longest text that is kept, in bytes.
const LONGEST: usize = 4_096;

/// Where the user left off with one entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The entity, which may be gone.
    pub entity: EntityRef,
    /// The text that was kept.
    pub text: String,
    /// When.
    pub at: SystemTime,
}

impl Store {
    /// Keeps where `thing` of `entity` was left, in place of what was kept before; `None` forgets it.
    pub fn set_left(
        &self,
        thing: &str,
        entity: &EntityRef,
        text: Option<&str>,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            let id = refs::number(tx, entity)?;
            tx.execute(
                "DELETE FROM left_off WHERE thing = ?1 AND ref = ?2",
                params![thing, id],
            )?;
            let Some(text) = text.filter(|text| text.len() <= LONGEST) else {
                return Ok(());
            };
            tx.execute(
                "INSERT INTO left_off (thing, ref, text, at) VALUES (?1, ?2, ?3, ?4)",
                params![thing, id, text, now()],
            )?;
            tx.execute(
                "DELETE FROM left_off WHERE thing = ?1 AND ref NOT IN
                 (SELECT ref FROM left_off WHERE thing = ?1 ORDER BY at DESC, ref = ?2 DESC LIMIT ?3)",
                params![thing, id, KEPT],
            )?;
            Ok(())
        })
    }

    /// Where `thing` was left of each entity, the latest first.
    pub fn left(&self, thing: &str) -> Result<Vec<Left>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached(
                "SELECT kind, namespace, name, text, at FROM left_off JOIN ref ON ref.id = left_off.ref
                 WHERE thing = ?1 ORDER BY at DESC, kind, namespace, name LIMIT ?2",
            )?;
            let left = statement.query_map(params![thing, KEPT], |row| {
                Ok(Left {
                    entity: refs::from_row(row, 0)?,
                    text: row.get(3)?,
                    at: time(row.get(4)?),
                })
            })?;
            Ok(left.collect::<rusqlite::Result<_>>()?)
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn component(name: &str) -> EntityRef {
        EntityRef::new("component", "default", name)
    }

    #[test]
    fn each_thing_has_one_text_for_an_entity_and_can_be_forgotten() {
        let store = Store::temporary().unwrap();
        let orders = component("orders");
        store.set_left("tab", &orders, Some("Raw")).unwrap();
        store.set_left("tab", &orders, Some("API")).unwrap();
        store.set_left("page", &orders, Some("a.md")).unwrap();
        let texts = |thing: &str| -> Vec<String> {
            let left = store.left(thing).unwrap();
            left.into_iter().map(|left| left.text).collect()
        };
        assert_eq!(texts("tab"), ["API"]);
        assert_eq!(texts("page"), ["a.md"]);
        store.set_left("tab", &orders, None).unwrap();
        assert_eq!(texts("tab"), [""; 0]);
        assert_eq!(texts("page"), ["a.md"]);
        let long = "x".repeat(LONGEST + 1);
        store.set_left("page", &orders, Some(&long)).unwrap();
        assert_eq!(texts("page"), [""; 0], "what is too long is no place");
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let store = Store::temporary().unwrap();
        for number in 0..KEPT + 3 {
            let entity = component(&format!("c{number}"));
            store.set_left("tab", &entity, Some("Raw")).unwrap();
        }
        store
            .set_left("page", &component("c0"), Some("a.md"))
            .unwrap();
        let left = store.left("tab").unwrap();
        assert_eq!(left.len(), KEPT);
        let last = component(&format!("c{}", KEPT + 2));
        assert!(left.iter().any(|left| left.entity == last));
        assert_eq!(store.left("page").unwrap().len(), 1);
    }
}
