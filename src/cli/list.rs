//! `stagedoor list`: entities by filters.

use std::io::Write;
use std::ops::ControlFlow;

use clap::Args;
use color_eyre::eyre::Result;

use super::args::{Format, Global};
use super::console::Console;
use super::data::{self, JsonArray};
use super::exit::{Exit, Failure};
use super::issue;
use super::open::Catalog;
use super::style::Ink;
use super::table::{Cell, Table};
use crate::catalog::export::{Field, Sheet};
use crate::catalog::index::{Column, RowSet};
use crate::catalog::{EntityRef, Index, Row};
use crate::search::{self, Issue, Query};
use crate::store::StoredEntity;

#[derive(Debug, Args)]
#[command(after_help = "\
Filters narrow each other; values of one key add up.
  stagedoor list kind=component spec.owner=team-a     fields as in Backstage's filters
  stagedoor list owner:mine tag:go -lifecycle:deprecated    as in the search box
  stagedoor list kind:api OR kind:component '(tag:go OR tag:rust)'
  stagedoor list metadata.annotations.pagerduty.com/service-id   a field alone: it exists
  stagedoor list filter=kind=api,spec.type=grpc filter=kind=system   repeated: either, as in Backstage's API
  stagedoor list @mine    a saved query; `stagedoor query` shows them
  stagedoor list kind:component --columns owner,tags --sort owner -o csv    a sheet; -o markdown is one, too")]
pub(crate) struct ListArgs {
    /// key=value as in Backstage, or what the search box takes: owner: kind: type: system: domain: tag: label: has: is: …
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,

    /// What to tell of each: kind, type, owner, system, lifecycle, tags, namespace, title, description
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = field)]
    columns: Vec<Field>,

    /// Sort by this column, by name, or by problems; with a - before it the other way around
    #[arg(long, value_name = "COLUMN", value_parser = order, allow_hyphen_values = true)]
    sort: Option<(Column, bool)>,
}

fn field(name: &str) -> Result<Field, String> {
    Field::parse(name).ok_or_else(|| {
        let names: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
        format!("there are {}", names.join(", "))
    })
}

/// A column, and whether it is turned around.
fn order(text: &str) -> Result<(Column, bool), String> {
    // The minus sign stands for a hyphen that the command line would have taken for an option.
    Column::parse(&text.replace('\u{2212}', "-")).ok_or_else(|| {
        let names = Column::ALL.map(Column::name);
        format!("there are {}", names.join(", "))
    })
}

pub(crate) fn run(args: &ListArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = super::format(global, Format::OF_LISTS)?;
    let sheet = sheet(format, !args.columns.is_empty());
    if args.sort.is_some() && sheet.is_none() && matches!(format, Format::Json | Format::Yaml) {
        return Err(
            Failure::usage("whole entities are printed in the order of their references")
                .help("--columns with -o json, for a sheet in another order")
                .into(),
        );
    }
    let filters: Vec<String> = args.filters.iter().map(|filter| whole(filter)).collect();
    let text = filters.join(" ");
    let query = Query::parse(&text);
    let wrong = |issues: &[Issue]| issues.first().map(|issue| issue::failure(&text, issue));
    if let Some(failure) = wrong(&query.issues) {
        return Err(failure.into());
    }
    let catalog = Catalog::open(global, console)?;
    let context = catalog.context(&query)?;
    // What a saved query has wrong is as wrong here: a filter that is left out would list too much.
    if let Some(failure) = wrong(&query.expanded(&context.saved).issues) {
        return Err(failure.into());
    }
    let (rows, notices) = search::matching(&catalog.index, &query, &context);
    for notice in &notices {
        console.warn(&issue::shown(&text, notice));
    }
    let index = &catalog.index;
    let sorted: Vec<Row> = match args.sort {
        Some((column, descending)) => index.sort(&rows, column, descending),
        None => in_order(index, &rows).collect(),
    };
    match (format, sheet) {
        (_, Some(sheet)) => {
            let fields = match &args.columns[..] {
                [] => &Field::ALL[..],
                fields => fields,
            };
            sheet.write(index, &sorted, fields, &mut console.out)?;
        }
        (Format::Json, None) => write_json(&catalog, &rows, console)?,
        (Format::Yaml, None) => {
            let mut all = Vec::new();
            each(&catalog, &rows, |stored| {
                all.push(data::entity(&stored.entity, &stored.relations));
                Ok(())
            })?;
            data::write_yaml(&mut console.out, &all.into())?;
        }
        (Format::Name, None) => {
            for entity_ref in sorted.iter().filter_map(|row| index.entity_ref(*row)) {
                writeln!(console.out, "{entity_ref}")?;
            }
        }
        (_, None) => table(index, &sorted, &args.columns).write(console)?,
    }
    if rows.is_empty() && !catalog.index.is_empty() {
        console.note("no entity passes these filters");
    }
    Ok(Exit::Done)
}

/// An argument as the query language reads it. The shell took the quotes of `metadata.title=\"The Till\"` away, and after
/// the commas of Backstage's filters there may be spaces: such an argument is one filter.
fn whole(filter: &str) -> String {
    let Some((key, value)) = filter.split_once('=') else {
        return filter.to_owned();
    };
    let is_one = value.contains(char::is_whitespace)
        && !key.contains(|c: char| c.is_whitespace() || ":\"(".contains(c))
        && !value.contains(['"', ':', '(', ')', '\u{201c}'])
        && value
            .split_whitespace()
            .skip(1)
            .all(|word| !word.contains('=') || value.contains(','));
    if is_one {
        format!("{key}=\"{value}\"")
    } else {
        filter.to_owned()
    }
}

/// The sheet that `format` stands for; JSON is one where columns were chosen, else it is of whole entities.
pub(crate) fn sheet(format: Format, chosen: bool) -> Option<Sheet> {
    match format {
        Format::Csv => Some(Sheet::Csv),
        Format::Markdown => Some(Sheet::Markdown),
        Format::Json => chosen.then_some(Sheet::Json),
        _ => None,
    }
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

fn table(index: &Index, rows: &[Row], fields: &[Field]) -> Table {
    let fields = match fields {
        [] => &Field::USUAL[..],
        fields => fields,
    };
    let head: Vec<String> = std::iter::once("NAME".to_owned())
        .chain(fields.iter().map(|field| field.name().to_uppercase()))
        .collect();
    let mut table = Table::new(&head);
    for summary in rows.iter().filter_map(|row| index.summary(*row)) {
        let name = if summary.namespace == "default" {
            summary.name.to_owned()
        } else {
            format!("{}/{}", summary.namespace, summary.name)
        };
        let cells = fields.iter().map(|field| match field {
            Field::Kind => summary.kind.into(),
            Field::Owner => super::short_ref(summary.owner).into(),
            Field::System => super::short_ref(summary.system).into(),
            Field::Tags => Cell::new(summary.tags, Ink::Dim),
            field => field.of(&summary).as_str().into(),
        });
        table.row(std::iter::once(Cell::new(&name, Ink::Bold)).chain(cells));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_with_spaces_stay_whole() {
        for (argument, expected) in [
            ("kind=component", "kind=component"),
            ("metadata.title=The Till", "metadata.title=\"The Till\""),
            ("kind=api, spec.type=grpc", "kind=\"api, spec.type=grpc\""),
            ("kind=api spec.type=grpc", "kind=api spec.type=grpc"),
            ("kind=api owner:mine", "kind=api owner:mine"),
            ("owner:mine x=y z", "owner:mine x=y z"),
        ] {
            assert_eq!(whole(argument), expected);
        }
    }
}
