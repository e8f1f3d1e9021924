//! Operations of APIs, found by their words.
//!
//! Reading a definition takes longer than writing an entity, so it is done apart, and only for the entities whose
//! definition is new: [`Store::unread_apis`] tells which, [`Store::put_operations`] keeps what they offer.

use rusqlite::{OptionalExtension, Transaction, params};

use super::connection::capped;
use super::entities::IS_SHADOWED;
use super::full_text::{Words, shortened};
use super::{Store, StoreError, entities, refs};
use crate::catalog::terms::spaced;
use crate::catalog::{Entity, EntityRef, Terms};

/// How much of a description is kept, in bytes.
const MAX_DESCRIPTION: usize = 4 << 10;

const OPERATIONS: Words = Words {
    table: "operation_words",
    heads: "{name}",
    weights: "8.0, 4.0, 1.0",
    condition: "?2 IS NULL",
};

/// The row of an API in the record, as long as nobody replaces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiRow(i64);

/// One operation of an API.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Operation {
    /// What it does, in one word: `GET`, `QUERY`.
    pub verb: String,
    /// Its path, channel, field or method.
    pub name: String,
    /// Its id; empty without one.
    pub id: String,
    /// One line on what it does.
    pub summary: String,
    /// More on it, in Markdown.
    pub description: String,
}

/// An operation that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationHit {
    /// The API.
    pub entity: EntityRef,
    /// The operation.
    pub operation: Operation,
}

impl Store {
    /// At most `limit` APIs whose definitions nobody has read for their operations.
    pub fn unread_apis(&self, limit: usize) -> Result<Vec<(ApiRow, Entity)>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached(
                "SELECT kind, namespace, name, body, provenance, sum, e.id
                 FROM ref JOIN entity e ON e.ref = ref.id
                 WHERE kind = 'api' AND e.id NOT IN (SELECT entity FROM operations_read) LIMIT ?1",
            )?;
            let mut rows = statement.query([capped(limit)])?;
            let mut apis = Vec::new();
            while let Some(row) = rows.next()? {
                apis.push((ApiRow(row.get(6)?), entities::from_row(row)?));
            }
            Ok(apis)
        })
    }

    /// Keeps what APIs offer. An API that was replaced meanwhile is left out: it is unread again.
    pub fn put_operations(&self, apis: &[(ApiRow, Vec<Operation>)]) -> Result<(), StoreError> {
        self.write(|tx| {
            for (ApiRow(row), operations) in apis {
                let mut is_there = tx.prepare_cached("SELECT 1 FROM entity WHERE id = ?1")?;
                if is_there.exists([row])? {
                    remove(tx, *row)?;
                    tx.prepare_cached("INSERT INTO operations_read VALUES (?1)")?
                        .execute([row])?;
                    for operation in operations {
                        add(tx, *row, operation)?;
                    }
                }
            }
            Ok(())
        })
    }

    /// The operations that match all words of `text` (the last one as a beginning), best first.
    pub fn search_operations(
        &self,
        text: &str,
        limit: usize,
    ) -> Result<Vec<OperationHit>, StoreError> {
        let terms = Terms::parse(text);
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        self.read(|tx| {
            let mut statement = tx.prepare_cached(&format!(
                "SELECT kind, namespace, ref.name, verb, operation.name, operation, summary, description
                 FROM operation JOIN entity e ON e.id = entity JOIN ref ON ref.id = e.ref
                 WHERE operation.id = ?1 AND NOT {IS_SHADOWED}"
            ))?;
            let ids = OPERATIONS.ranked(tx, &terms, None, limit)?;
            let hits = ids.into_iter().filter_map(|id| {
                let hit = statement.query_row([id], |row| {
                    Ok(OperationHit {
                        entity: refs::from_row(row, 0)?,
                        operation: Operation {
                            verb: row.get(3)?,
                            name: row.get(4)?,
                            id: row.get(5)?,
                            summary: row.get(6)?,
                            description: row.get(7)?,
                        },
                    })
                });
                hit.optional().transpose()
            });
            Ok(hits.collect::<rusqlite::Result<_>>()?)
        })
    }
}

fn add(tx: &Transaction<'_>, row: i64, operation: &Operation) -> rusqlite::Result<()> {
    let Operation {
        verb,
        name,
        id,
        summary,
        description,
    } = operation;
    let description = shortened(description, MAX_DESCRIPTION);
    let number = tx
        .prepare_cached(
            "INSERT INTO operation (entity, verb, name, operation, summary, description)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .insert(params![row, verb, name, id, summary, description])?;
    let names = format!("{verb} {name} {id} {} {}", parted(name), parted(id));
    tx.prepare_cached(
        "INSERT INTO operation_words (rowid, name, summary, description) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        number,
        spaced(&names),
        spaced(summary),
        spaced(description)
    ])?;
    Ok(())
}

/// Forgets what the API in `row` offers.
pub(super) fn remove(tx: &Transaction<'_>, row: i64) -> rusqlite::Result<()> {
    for sql in [
        "DELETE FROM operation_words WHERE rowid IN (SELECT id FROM operation WHERE entity = ?1)",
        "DELETE FROM operation WHERE entity = ?1",
        "DELETE FROM operations_read WHERE entity = ?1",
    ] {
        tx.prepare_cached(sql)?.execute([row])?;
    }
    Ok(())
}

/// `listPayments` as `list Payments`.
fn parted(name: &str) -> String {
    let mut parted = String::with_capacity(name.len() + 8);
    let mut was_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && was_lower {
            parted.push(' ');
        }
        was_lower = c.is_lowercase() || c.is_ascii_digit();
        parted.push(c);
    }
    parted
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalog::{Packed, Provenance};
    use crate::store::Batch;

    fn api(name: &str) -> Packed {
        Packed::from(Entity {
            entity_ref: EntityRef::new("api", "default", name),
            body: json!({"kind": "API", "metadata": {"name": name}}),
            provenance: Provenance::default(),
        })
    }

    #[test]
    fn only_what_is_new_is_read_and_what_goes_is_forgotten() {
        let store = Store::temporary().unwrap();
        let batch = |names: &[&str]| Batch {
            entities: names.iter().map(|name| (api(name), Vec::new())).collect(),
            ..Batch::default()
        };
        store.replace("here", &batch(&["orders", "users"])).unwrap();
        let unread = store.unread_apis(9).unwrap();
        assert_eq!(unread.len(), 2);
        let list = Operation {
            verb: "GET".to_owned(),
            name: "/orders/{orderId}".to_owned(),
            id: "findOrderById".to_owned(),
            summary: "One order".to_owned(),
            description: "With its lines.".to_owned(),
        };
        let read: Vec<_> = unread
            .iter()
            .map(|(row, _)| (*row, vec![list.clone()]))
            .collect();
        store.put_operations(&read[..1]).unwrap();
        store.put_operations(&read[..1]).unwrap();
        assert_eq!(store.unread_apis(9).unwrap(), [unread[1].clone()]);
        for words in [
            "get orders",
            "orderid",
            "order by",
            "findOrderById",
            "lines one",
        ] {
            let hits = store.search_operations(words, 9).unwrap();
            assert_eq!(hits.len(), 1, "{words}");
            assert_eq!(hits[0].operation, list);
        }
        store.replace("here", &batch(&[])).unwrap();
        assert!(store.search_operations("orders", 9).unwrap().is_empty());
        store.put_operations(&read).unwrap();
        assert!(store.search_operations("orders", 9).unwrap().is_empty());
    }
}
