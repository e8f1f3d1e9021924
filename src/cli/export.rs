//! `stagedoor export`: the whole catalog as JSON.

use std::io::Write;

use clap::Args;
use color_eyre::eyre::Result;
use serde_json::{Map, Value};

use super::args::{Format, Global};
use super::console::Console;
use super::data::{self, JsonArray};
use super::exit::Exit;
use super::list;
use super::open::Catalog;
use crate::catalog::index::RowSet;
use crate::store::StoredEntity;

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Exactly what a Backstage with the same locations would answer at GET /api/catalog/entities
    #[arg(long)]
    backstage: bool,
}

pub(crate) fn run(args: &ExportArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = super::format(global, &[Format::Json, Format::Yaml, Format::Name])?;
    let catalog = Catalog::open(global, console)?;
    let value = |stored: &StoredEntity| {
        if args.backstage {
            backstage(stored)
        } else {
            Some(data::entity(&stored.entity, &stored.relations))
        }
    };
    let rows = RowSet::all(catalog.index.len());
    match format {
        Format::Name => list::each(&catalog, &rows, |stored| {
            if value(&stored).is_some() {
                writeln!(console.out, "{}", stored.entity.entity_ref)?;
            }
            Ok(())
        })?,
        Format::Yaml => {
            let mut all = Vec::new();
            list::each(&catalog, &rows, |stored| {
                all.extend(value(&stored));
                Ok(())
            })?;
            data::write_yaml(&mut console.out, &all.into())?;
        }
        _ => {
            let mut array = JsonArray::begin(&mut console.out)?;
            list::each(&catalog, &rows, |stored| {
                if let Some(value) = value(&stored) {
                    array.push(&value)?;
                }
                Ok(())
            })?;
            array.end()?;
        }
    }
    Ok(Exit::Done)
}

/// The entity in Backstage's form; `None` where Backstage would have dropped it.
fn backstage(stored: &StoredEntity) -> Option<Value> {
    if stored.entity.provenance.refused {
        return None;
    }
    let mut value = data::entity(&stored.entity, &stored.relations);
    let metadata = object(value.as_object_mut()?, "metadata")?;
    let provenance = &stored.entity.provenance;
    let annotations = object(metadata, "annotations")?;
    for (key, place) in [
        ("backstage.io/managed-by-location", &provenance.location),
        (
            "backstage.io/managed-by-origin-location",
            &provenance.origin,
        ),
    ] {
        annotations.insert(key.to_owned(), place.as_str().into());
    }
    Some(value)
}

/// The object at `key`, put there where nothing is.
fn object<'a>(fields: &'a mut Map<String, Value>, key: &str) -> Option<&'a mut Map<String, Value>> {
    fields
        .entry(key)
        .or_insert_with(|| Map::new().into())
        .as_object_mut()
}
