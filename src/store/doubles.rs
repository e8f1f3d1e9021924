//! Entities that several sources have: the first source in the order of the configuration counts, and the others'
//! descriptions are findings. They depend on all sources, so they are made when asked for and never kept.

use std::collections::HashMap;

use rusqlite::{Connection, Row, params};

use super::entities::IS_SHADOWED;
use super::error::Fault;
use super::refs;
use crate::catalog::entity::Provenance;
use crate::catalog::{Place, Problem, Rule};

/// The references that more than one source has.
pub(super) const DOUBLED: &str = "(SELECT ref FROM entity GROUP BY ref HAVING count(*) > 1)";

/// The rows of entities that are not shown, because a source that comes before theirs has them too, with the numbers of
/// their references. Mostly none: for walks over all rows this is far cheaper than asking [`IS_SHADOWED`] of each.
pub(super) fn shadowed(connection: &Connection) -> rusqlite::Result<HashMap<i64, i64>> {
    let sql = format!("SELECT id, ref FROM entity e WHERE ref IN {DOUBLED} AND {IS_SHADOWED}");
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// The findings about entities that another source has already, of one source or of all; with the numbers of their
/// references. Two sources that lead to one file are no finding.
pub(super) fn findings(
    connection: &Connection,
    source: Option<&str>,
) -> Result<Vec<(i64, Problem)>, Fault> {
    let which = format!("e.ref IN {DOUBLED} AND (?1 IS NULL OR mine.name = ?1)");
    select(connection, &which, params![source])
}

/// The findings about the entity with the reference number `id`.
pub(super) fn of_ref(connection: &Connection, id: i64) -> Result<Vec<Problem>, Fault> {
    let found = select(connection, "e.ref = ?1", params![id])?;
    Ok(found.into_iter().map(|(_, problem)| problem).collect())
}

fn select(
    connection: &Connection,
    which: &str,
    params: &[&dyn rusqlite::ToSql],
) -> Result<Vec<(i64, Problem)>, Fault> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT kind, namespace, ref.name, e.provenance, first.provenance, winner.name, e.ref
         FROM entity e JOIN ref ON ref.id = e.ref JOIN source mine ON mine.id = e.source
         JOIN entity first ON first.ref = e.ref JOIN source winner ON winner.id = first.source
         WHERE {which} AND {IS_SHADOWED} AND NOT EXISTS (
             SELECT 1 FROM entity o JOIN source other ON other.id = o.source
             WHERE o.ref = e.ref AND (other.position, other.id) < (winner.position, winner.id))
         ORDER BY mine.position, mine.id, e.id"
    ))?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(problem) = finding(row)? {
            found.push((row.get(6)?, problem));
        }
    }
    Ok(found)
}

fn finding(row: &Row<'_>) -> Result<Option<Problem>, Fault> {
    let entity_ref = refs::from_row(row, 0)?;
    let (place, first) = (place(row, 3)?, place(row, 4)?);
    if place == first {
        return Ok(None);
    }
    let winner: String = row.get(5)?;
    let message = format!(
        "{entity_ref} is described here, but the description at {first} counts: its source {winner} comes before this one"
    );
    let problem = Problem::new(Rule::DuplicateEntity, place, message);
    Ok(Some(problem.about(entity_ref)))
}

/// The place in the provenance in the column `at`.
fn place(row: &Row<'_>, at: usize) -> Result<Place, Fault> {
    let text = row.get_ref(at)?.as_str().map_err(rusqlite::Error::from)?;
    let provenance: Provenance =
        serde_json::from_str(text).map_err(|error| Fault::Damaged(error.to_string()))?;
    let location = provenance.location.as_str();
    let file = location
        .strip_prefix("file:")
        .or_else(|| location.strip_prefix("url:"));
    Ok(Place {
        file: file.unwrap_or(location).to_owned(),
        line: provenance.line,
        column: 0,
    })
}
