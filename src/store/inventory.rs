//! The repositories that hosts were seen to hold, so that only what changed is asked for and a sweep can go on where it
//! was interrupted.

use rusqlite::params;

use super::{Store, StoreError};

/// One repository as it was last seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InventoryRow {
    /// The host's own id.
    pub id: String,
    /// The number of the last sweep that saw it.
    pub sweep: u64,
    /// What is known of it, as JSON.
    pub body: String,
}

/// What one answer of a host changes, kept together or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InventoryChange {
    /// Repositories that were seen.
    pub seen: Vec<InventoryRow>,
    /// The ids of those that are gone.
    pub gone: Vec<String>,
    /// How far the sweep has come, as JSON; kept as the note under the owner's name.
    pub state: String,
}

impl Store {
    /// The repositories of `owner`, by id. `owner` names whose they are and what was asked of them.
    pub fn inventory(&self, owner: &str) -> Result<Vec<InventoryRow>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached(
                "SELECT id, sweep, body FROM inventory WHERE owner = ?1 ORDER BY id",
            )?;
            let rows = statement.query_map([owner], |row| {
                Ok(InventoryRow {
                    id: row.get(0)?,
                    sweep: row.get(1)?,
                    body: row.get(2)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Keeps what an answer about the repositories of `owner` changes.
    pub fn change_inventory(
        &self,
        owner: &str,
        change: &InventoryChange,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            let mut put = tx.prepare_cached("REPLACE INTO inventory VALUES (?1, ?2, ?3, ?4)")?;
            for row in &change.seen {
                put.execute(params![owner, row.id, row.sweep, row.body])?;
            }
            let mut remove =
                tx.prepare_cached("DELETE FROM inventory WHERE owner = ?1 AND id = ?2")?;
            for id in &change.gone {
                remove.execute([owner, id])?;
            }
            tx.execute("REPLACE INTO note VALUES (?1, ?2)", [owner, &change.state])?;
            Ok(())
        })
    }

    /// Forgets the repositories of everybody who is not among `owners`.
    pub fn retain_inventories(&self, owners: &[&str]) -> Result<(), StoreError> {
        self.write(|tx| {
            let mut known = tx.prepare("SELECT DISTINCT owner FROM inventory")?;
            let known: Vec<String> = known
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            for owner in known
                .iter()
                .filter(|owner| !owners.contains(&owner.as_str()))
            {
                tx.execute("DELETE FROM inventory WHERE owner = ?1", [owner])?;
                tx.execute("DELETE FROM note WHERE key = ?1", [owner])?;
            }
            Ok(())
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn an_inventory_changes_whole_and_is_forgotten_with_its_owner() {
        let store = Store::temporary().unwrap();
        let row = |id: &str, sweep| InventoryRow {
            id: id.to_owned(),
            sweep,
            body: "{}".to_owned(),
        };
        let change = InventoryChange {
            seen: vec![row("b", 1), row("a", 1)],
            gone: Vec::new(),
            state: "one".to_owned(),
        };
        store.change_inventory("acme", &change).unwrap();
        store.change_inventory("other", &change).unwrap();
        let change = InventoryChange {
            seen: vec![row("c", 2)],
            gone: vec!["b".to_owned()],
            state: "two".to_owned(),
        };
        store.change_inventory("acme", &change).unwrap();
        assert_eq!(store.inventory("acme").unwrap(), [row("a", 1), row("c", 2)]);
        assert_eq!(store.note("acme").unwrap().as_deref(), Some("two"));
        store.retain_inventories(&["acme"]).unwrap();
        assert_eq!(store.inventory("acme").unwrap().len(), 2);
        assert_eq!(store.inventory("other").unwrap(), []);
        assert_eq!(store.note("other").unwrap(), None);
    }
}
