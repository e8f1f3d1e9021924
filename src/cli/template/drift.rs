//! `stagedoor template drift`: which repositories came from templates, and how far they are behind.

use std::io::Write;
use std::sync::Arc;

use clap::Args;
use color_eyre::eyre::Result;
use serde_json::{Value, json};

use super::super::args::{Format, Global};
use super::super::console::Console;
use super::super::exit::{Exit, Failure};
use super::super::open::Catalog;
use super::super::style::Ink;
use super::super::table::{Cell, Table};
use super::super::{data, format, reference, short_ref, work};
use crate::scaffolder::memory::short;
use crate::scaffolder::update::{Generated, Standing};
use crate::sync::outside::Hosts;
use crate::sync::update::generated;

#[derive(Debug, Args)]
#[command(after_help = "\
Looked at are the repositories of entities whose annotation backstage.io/source-template names a template, and those that
runs of this machine made; --search looks into every repository of the catalog for .stagedoor-answers.yaml. Counted are
commits that touch the template's folder or a folder that its steps name beside it.")]
pub(crate) struct DriftArgs {
    /// The template; all of them without one
    #[arg(value_name = "TEMPLATE")]
    template: Option<String>,

    /// Look for .stagedoor-answers.yaml in every repository of the catalog
    #[arg(long)]
    search: bool,

    /// End with 1 where a repository is behind
    #[arg(long)]
    check: bool,
}

fn ink(standing: Standing) -> Ink {
    match standing {
        Standing::Current => Ink::Good,
        Standing::Behind => Ink::Accent,
        Standing::Forgotten => Ink::Dim,
        Standing::Elsewhere | Standing::Unknown => Ink::Bad,
    }
}

fn value(row: &Generated) -> Value {
    json!({
        "repository": row.repository,
        "entity": row.entity.as_ref().map(ToString::to_string),
        "template": row.template,
        "state": row.standing().words(),
        "behind": row.behind,
        "revision": row.revisions.as_ref().map(|(old, _)| old),
        "newest": row.revisions.as_ref().map(|(_, new)| new),
        "proposed": row.proposed,
        "error": row.error,
    })
}

pub(super) fn run(args: &DriftArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let formats = [Format::Table, Format::Json, Format::Yaml, Format::Name];
    let format = format(global, &formats)?;
    let catalog = Catalog::open(global, console)?;
    let wanted = match &args.template {
        None => None,
        Some(text) => {
            let (_, entity_ref) = reference::resolve(&catalog.index, text, "template", |row| {
                row.kind.eq_ignore_ascii_case("template")
            })?;
            Some(entity_ref)
        }
    };
    let rows = work::run(async |_| {
        tokio::task::block_in_place(|| {
            let hosts = Hosts::new(Arc::clone(&catalog.session), Arc::clone(&catalog.store));
            generated(&catalog.session, &hosts, wanted.as_ref(), args.search)
        })
    })?;
    let rows = rows.map_err(|error| Failure::work(error.to_string()))?;
    let values = || rows.iter().map(value);
    match format {
        Format::Json => data::write_json(&mut console.out, &values().collect::<Vec<_>>())?,
        Format::Yaml => data::write_yaml(&mut console.out, &values().collect())?,
        Format::Name => {
            for row in &rows {
                writeln!(console.out, "{}", row.repository)?;
            }
        }
        _ => table(&rows, console)?,
    }
    if rows.is_empty() {
        console.note("no repository is known to have come from a template; --search looks into all of the catalog");
    }
    for row in &rows {
        if let Some(error) = &row.error {
            console.warn(&format!("{}: {error}", row.repository));
        }
    }
    let is_behind = rows.iter().any(Generated::is_behind);
    Ok(if args.check && is_behind {
        Exit::Failed
    } else {
        Exit::Done
    })
}

fn table(rows: &[Generated], console: &mut Console) -> Result<()> {
    let mut table = Table::new(&[
        "REPOSITORY",
        "TEMPLATE",
        "STATE",
        "BEHIND",
        "REVISION",
        "NEWEST",
    ]);
    for row in rows {
        let standing = row.standing();
        let (old, new) = match &row.revisions {
            Some((old, new)) => (short(old), short(new)),
            None => ("", ""),
        };
        let behind = row
            .behind
            .map_or_else(String::new, |behind| behind.to_string());
        table.row([
            Cell::new(&row.repository, Ink::Bold),
            Cell::from(short_ref(&row.template)),
            Cell::new(row.words(), ink(standing)),
            Cell::from(behind.as_str()),
            Cell::new(old, Ink::Dim),
            Cell::new(new, Ink::Dim),
        ]);
    }
    Ok(table.write(console)?)
}
