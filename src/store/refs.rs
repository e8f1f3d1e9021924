//! References as numbers: each is written once, and rows point to it.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row};

use crate::catalog::EntityRef;

/// The number of `entity_ref`, if it ever occurred.
pub(super) fn find(
    connection: &Connection,
    entity_ref: &EntityRef,
) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT id FROM ref WHERE kind = ?1 AND namespace = ?2 AND name = ?3")?
        .query_row(parts(entity_ref), |row| row.get(0))
        .optional()
}

/// The number of `entity_ref`, given now if it had none.
pub(super) fn number(connection: &Connection, entity_ref: &EntityRef) -> rusqlite::Result<i64> {
    if let Some(id) = find(connection, entity_ref)? {
        return Ok(id);
    }
    connection
        .prepare_cached("INSERT INTO ref (kind, namespace, name) VALUES (?1, ?2, ?3)")?
        .insert(parts(entity_ref))
}

/// The reference numbered `id`.
pub(super) fn by_number(connection: &Connection, id: i64) -> rusqlite::Result<EntityRef> {
    connection
        .prepare_cached("SELECT kind, namespace, name FROM ref WHERE id = ?1")?
        .query_row([id], |row| from_row(row, 0))
}

fn parts(entity_ref: &EntityRef) -> (&str, &str, &str) {
    (entity_ref.kind(), entity_ref.namespace(), entity_ref.name())
}

/// The reference in the columns kind, namespace, name that begin at `first`.
pub(super) fn from_row(row: &Row<'_>, first: usize) -> rusqlite::Result<EntityRef> {
    let text = |at: usize| {
        row.get_ref(first + at)?
            .as_str()
            .map_err(rusqlite::Error::from)
    };
    Ok(EntityRef::new(text(0)?, text(1)?, text(2)?))
}

/// Numbers that were asked for before, so that SQLite is asked once for each.
#[derive(Debug, Default)]
pub(super) struct Known<'a>(HashMap<&'a EntityRef, i64>);

impl<'a> Known<'a> {
    /// As the function [`number`].
    pub(super) fn number(
        &mut self,
        connection: &Connection,
        entity_ref: &'a EntityRef,
    ) -> rusqlite::Result<i64> {
        if let Some(&id) = self.0.get(entity_ref) {
            return Ok(id);
        }
        let id = number(connection, entity_ref)?;
        self.0.insert(entity_ref, id);
        Ok(id)
    }
}
