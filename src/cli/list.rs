//! `stagedoor list`: entities by filters.

use std::io::Write;
use std::ops::ControlFlow;

use clap::Args;
use color_eyre::eyre::Result;

use super::args::{Format, Global};
use super::console::Console;
use super::data::{self, JsonArray};
use super::exit::{Exit, Failure};
use super::open::Catalog;
use super::style::Ink;
use super::table::{Cell, Table};
use crate::catalog::filter::Filter;
use crate::catalog::index::RowSet;
use crate::catalog::{EntityRef, Index, Row};
use crate::search::{self, Query};
use crate::store::StoredEntity;

/// The fields of entities below which a word without `=` means "this field exists".
const FIELD_ROOTS: [&str; 4] = ["metadata.", "spec.", "relations.", "status."];

#[derive(Debug, Args)]
#[command(after_help = "\
Filters narrow each other; values of one key add up.
  stagedoor list kind=component spec.owner=team-a     fields as in Backstage's filters
  stagedoor list owner:mine tag:go -lifecycle:deprecated    as in the search box
  stagedoor list metadata.annotations.pagerduty.com/service-id   a field alone: it exists")]
pub(crate) struct ListArgs {
    /// key=value as in Backstage, or owner: kind: type: system: tag: lifecycle: namespace: has: is: as in the search box
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
}

pub(crate) fn run(args: &ListArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = super::format(
        global,
        &[Format::Table, Format::Json, Format::Yaml, Format::Name],
    )?;
    let (fields, words): (Vec<&String>, Vec<&String>) =
        args.filters.iter().partition(|filter| is_field(filter));
    let filter =
        Filter::parse(&[join(&fields, ",")]).map_err(|error| Failure::usage(error.to_string()))?;
    let query = Query::parse(&join(&words, " "));
    if let Some(issue) = query.issues.first() {
        return Err(Failure::usage(&issue.message).into());
    }
    let catalog = Catalog::open(global, console)?;
    let rows = rows(&catalog, &query, console)?;
    let rows = if fields.is_empty() {
        rows
    } else {
        passing(&catalog, &filter, &rows)?
    };
    match format {
        Format::Json => write_json(&catalog, &rows, console)?,
        Format::Yaml => {
            let mut all = Vec::new();
            each(&catalog, &rows, |stored| {
                all.push(data::entity(&stored.entity, &stored.relations));
                Ok(())
            })?;
            data::write_yaml(&mut console.out, &all.into())?;
        }
        Format::Name => {
            for entity_ref in
                in_order(&catalog.index, &rows).filter_map(|row| catalog.index.entity_ref(row))
            {
                writeln!(console.out, "{entity_ref}")?;
            }
        }
        _ => table(&catalog.index, in_order(&catalog.index, &rows)).write(console)?,
    }
    if rows.is_empty() && !catalog.index.is_empty() {
        console.note("no entity passes these filters");
    }
    Ok(Exit::Done)
}

/// Whether a filter is one of Backstage's: `key=value`, or a field alone.
fn is_field(filter: &str) -> bool {
    filter.contains('=')
        || (!filter.contains(':') && FIELD_ROOTS.iter().any(|root| filter.starts_with(root)))
}

fn join(texts: &[&String], separator: &str) -> String {
    texts
        .iter()
        .map(|text| text.as_str())
        .collect::<Vec<_>>()
        .join(separator)
}

/// The rows that `query` leaves; what the catalog does not have is said.
fn rows(catalog: &Catalog, query: &Query, console: &Console) -> Result<RowSet> {
    let index = &catalog.index;
    if query.is_empty() {
        return Ok(RowSet::all(index.len()));
    }
    let context = catalog.context()?;
    let found = search::find(index, query, &context, index.len(), &|| false);
    for notice in &found.notices {
        console.warn(&notice.message);
    }
    Ok(RowSet::of(
        index.len(),
        found.hits.into_iter().map(|hit| hit.row),
    ))
}

/// Those of `rows` whose entities pass `filter`.
fn passing(catalog: &Catalog, filter: &Filter, rows: &RowSet) -> Result<RowSet> {
    let mut kept = RowSet::none(catalog.index.len());
    each(catalog, rows, |stored| {
        if filter.matches(&stored.entity.body, &stored.relations)
            && let Some(row) = catalog.index.row_of(&stored.entity.entity_ref)
        {
            kept.insert(row);
        }
        Ok(())
    })?;
    Ok(kept)
}

/// Hands the entities of `rows` to `visit`, in the order of their references.
pub(crate) fn each(
    catalog: &Catalog,
    rows: &RowSet,
    mut visit: impl FnMut(StoredEntity) -> Result<()>,
) -> Result<()> {
    let wanted = |entity_ref: &EntityRef| {
        catalog
            .index
            .row_of(entity_ref)
            .is_some_and(|row| rows.contains(row))
    };
    let mut outcome = Ok(());
    catalog.store.each_entity(|stored| {
        if wanted(&stored.entity.entity_ref) {
            outcome = visit(stored);
        }
        if outcome.is_ok() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    outcome
}

fn write_json(catalog: &Catalog, rows: &RowSet, console: &mut Console) -> Result<()> {
    let mut array = JsonArray::begin(&mut console.out)?;
    each(catalog, rows, |stored| {
        Ok(array.push(&data::entity(&stored.entity, &stored.relations))?)
    })?;
    Ok(array.end()?)
}

/// `rows` in the order of their references.
fn in_order(index: &Index, rows: &RowSet) -> impl Iterator<Item = Row> {
    index.rows_by_ref().filter(|row| rows.contains(*row))
}

fn table(index: &Index, rows: impl Iterator<Item = Row>) -> Table {
    let mut table = Table::new(&[
        "NAME",
        "KIND",
        "TYPE",
        "OWNER",
        "SYSTEM",
        "LIFECYCLE",
        "TAGS",
    ]);
    for summary in rows.filter_map(|row| index.summary(row)) {
        let name = if summary.namespace == "default" {
            summary.name.to_owned()
        } else {
            format!("{}/{}", summary.namespace, summary.name)
        };
        table.row([
            Cell::new(&name, Ink::Bold),
            summary.kind.into(),
            summary.entity_type.into(),
            super::short_ref(summary.owner).into(),
            super::short_ref(summary.system).into(),
            summary.lifecycle.into(),
            Cell::new(summary.tags, Ink::Dim),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backstage_filters_are_told_from_the_search_box() {
        for (filter, field) in [
            ("kind=component", true),
            ("metadata.annotations.a/b", true),
            ("spec.owner=group:default/a", true),
            ("owner:mine", false),
            ("metadata", false),
            ("-tag:go", false),
        ] {
            assert_eq!(is_field(filter), field, "{filter}");
        }
    }
}
