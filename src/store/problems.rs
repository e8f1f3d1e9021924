//! Findings.

use std::collections::BTreeMap;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, Transaction, params};

use super::error::Fault;
use super::newer::Touched;
use super::{Store, StoreError, doubles, refs};
use crate::catalog::{EntityRef, Level, Place, Problem, Rule};

/// Which findings to read; the default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProblemFilter {
    /// Only those about this entity.
    pub entity: Option<EntityRef>,
    /// Only those of this source.
    pub source: Option<String>,
    /// Only those at least this bad.
    pub at_least: Option<Level>,
}

const SELECT: &str =
    "SELECT ref.kind, ref.namespace, ref.name, rule, level, message, file, line, column,
         missed.kind, missed.namespace, missed.name, length, suggestion
     FROM problem LEFT JOIN ref ON ref.id = problem.ref JOIN source ON source.id = problem.source
     LEFT JOIN ref AS missed ON missed.id = problem.missing";

/// Holds for findings that still miss what they miss: each source is read for itself, and another may have it.
pub(super) const STANDS: &str =
    "NOT EXISTS (SELECT 1 FROM entity WHERE entity.ref = problem.missing)";

impl Store {
    /// The findings that `filter` leaves: errors first, then by place.
    pub fn problems(&self, filter: &ProblemFilter) -> Result<Vec<Problem>, StoreError> {
        self.read(|tx| {
            let id = match &filter.entity {
                Some(entity_ref) => match refs::find(tx, entity_ref)? {
                    Some(id) => Some(id),
                    None => return Ok(Vec::new()),
                },
                None => None,
            };
            let sql = format!(
                "{SELECT} WHERE {STANDS} AND (?1 IS NULL OR problem.ref = ?1) AND (?2 IS NULL OR source.name = ?2)"
            );
            let mut found = collect(tx, &sql, params![id, filter.source])?;
            for (about, problem) in doubles::findings(tx, filter.source.as_deref())? {
                if id.is_none_or(|id| id == about) {
                    found.push(problem);
                }
            }
            sort(&mut found);
            if let Some(least) = filter.at_least {
                found.retain(|problem| problem.level <= least);
            }
            Ok(found)
        })
    }

    /// How many errors and warnings a source has, counted when all sources have been read.
    pub fn problem_count(&self, source: &str) -> Result<usize, StoreError> {
        self.read(|tx| {
            let sql = format!(
                "SELECT count(*) FROM problem JOIN source ON source.id = problem.source
                 WHERE source.name = ?1 AND level IN ('error', 'warning') AND {STANDS}"
            );
            let kept: usize = tx
                .prepare_cached(&sql)?
                .query_row([source], |row| row.get(0))?;
            Ok(kept + doubles::findings(tx, Some(source))?.len())
        })
    }
}

/// The findings about the entity with the reference number `id`.
pub(super) fn of_ref(connection: &Connection, id: i64) -> Result<Vec<Problem>, Fault> {
    collect(
        connection,
        &format!("{SELECT} WHERE {STANDS} AND problem.ref = ?1"),
        params![id],
    )
}

fn collect(
    connection: &Connection,
    sql: &str,
    params: &[&dyn rusqlite::ToSql],
) -> Result<Vec<Problem>, Fault> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(from_row(row)?);
    }
    sort(&mut found);
    Ok(found)
}

/// Errors first, then by place.
fn sort(found: &mut [Problem]) {
    found.sort_by(|a, b| (a.level, &a.place, a).cmp(&(b.level, &b.place, b)));
}

fn from_row(row: &Row<'_>) -> Result<Problem, Fault> {
    let code: String = row.get(3)?;
    let level: String = row.get(4)?;
    let unknown = || Fault::Damaged(format!("{code:?} of level {level:?} is no rule"));
    Ok(Problem {
        rule: Rule::parse(&code).ok_or_else(unknown)?,
        level: [Level::Error, Level::Warning, Level::Info]
            .into_iter()
            .find(|known| known.as_str() == level)
            .ok_or_else(unknown)?,
        message: row.get(5)?,
        place: Place {
            file: row.get(6)?,
            line: row.get(7)?,
            column: row.get(8)?,
        },
        length: row.get(12)?,
        suggestion: row.get(13)?,
        entity: reference(row, 0)?,
        missing: reference(row, 9)?,
    })
}

/// The reference in the three columns that begin at `first`, if there is one.
fn reference(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<EntityRef>> {
    match row.get_ref(first)? {
        ValueRef::Null => Ok(None),
        _ => refs::from_row(row, first).map(Some),
    }
}

/// Puts `found` in place of the findings of a source; answers whether they differ, and adds what those are about that do
/// to `touched`.
pub(super) fn replace(
    tx: &Transaction<'_>,
    source: i64,
    found: &[Problem],
    touched: &mut Touched,
) -> Result<bool, Fault> {
    let before = collect(
        tx,
        &format!("{SELECT} WHERE problem.source = ?1"),
        params![source],
    );
    let mut sorted: Vec<&Problem> = found.iter().collect();
    sorted.sort_by(|a, b| (a.level, &a.place, a).cmp(&(b.level, &b.place, b)));
    // What cannot be read back is written anew.
    match &before {
        Ok(before) if before.iter().eq(sorted) => return Ok(false),
        Ok(before) => {
            for entity_ref in differing(before, found).filter_map(|it| it.entity.as_ref()) {
                touched.add(refs::number(tx, entity_ref)?);
            }
        }
        Err(_) => touched.add_all(),
    }
    tx.execute("DELETE FROM problem WHERE source = ?1", [source])?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO problem VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    for problem in found {
        let number = |entity_ref: &Option<EntityRef>| {
            let number = entity_ref.as_ref().map(|r| refs::number(tx, r));
            number.transpose()
        };
        insert.execute(params![
            source,
            number(&problem.entity)?,
            problem.rule.code(),
            problem.level.as_str(),
            problem.message,
            problem.place.file,
            problem.place.line,
            problem.place.column,
            number(&problem.missing)?,
            problem.length,
            problem.suggestion,
        ])?;
    }
    Ok(true)
}

/// The findings that one of the two has more often than the other.
fn differing<'a>(before: &'a [Problem], after: &'a [Problem]) -> impl Iterator<Item = &'a Problem> {
    let mut counts: BTreeMap<&Problem, isize> = BTreeMap::new();
    for problem in before {
        *counts.entry(problem).or_default() += 1;
    }
    for problem in after {
        *counts.entry(problem).or_default() -= 1;
    }
    let counts = counts.into_iter();
    counts.filter_map(|(problem, count)| (count != 0).then_some(problem))
}
