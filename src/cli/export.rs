//! `stagedoor export`: the whole catalog as JSON.

use std::io::Write;
use std::ops::ControlFlow;

use clap::Args;
use color_eyre::eyre::Result;
use serde_json::Value;

use super::args::{Format, Global};
use super::console::Console;
use super::data::{self, JsonArray};
use super::exit::Exit;
use super::list;
use super::open::Catalog;
use crate::catalog::EntityRef;
use crate::catalog::index::RowSet;
use crate::sync;

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Exactly what a Backstage with the same locations would answer at GET /api/catalog/entities
    #[arg(long)]
    backstage: bool,
}

pub(crate) fn run(args: &ExportArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = super::format(global, &[Format::Json, Format::Yaml, Format::Name])?;
    let catalog = Catalog::open(global, console)?;
    let view = if args.backstage {
        View::Backstage
    } else {
        View::Portal
    };
    match format {
        Format::Name => view.each(&catalog, |entity_ref, _| {
            Ok(writeln!(console.out, "{entity_ref}")?)
        })?,
        Format::Yaml => {
            let mut all = Vec::new();
            view.each(&catalog, |_, value| {
                all.push(value);
                Ok(())
            })?;
            data::write_yaml(&mut console.out, &all.into())?;
        }
        _ => {
            let mut array = JsonArray::begin(&mut console.out)?;
            view.each(&catalog, |_, value| Ok(array.push(&value)?))?;
            array.end()?;
        }
    }
    Ok(Exit::Done)
}

/// Whose view of the catalog it is.
#[derive(Clone, Copy)]
enum View {
    /// All that can be read.
    Portal,
    /// What a Backstage with the same locations would show.
    Backstage,
}

impl View {
    /// Hands each entity to `visit`, in the order of the references.
    fn each(
        self,
        catalog: &Catalog,
        mut visit: impl FnMut(&EntityRef, Value) -> Result<()>,
    ) -> Result<()> {
        match self {
            Self::Portal => {
                let rows = RowSet::all(catalog.index.len());
                list::each(catalog, &rows, |stored| {
                    let value = data::entity(&stored.entity, &stored.relations);
                    visit(&stored.entity.entity_ref, value)
                })
            }
            Self::Backstage => {
                let session = &catalog.session;
                let hosts = sync::integrations(&session.config, &session.set.sources);
                let mut outcome = Ok(());
                catalog
                    .store
                    .each_in_backstage(&hosts, |entity_ref, value| {
                        outcome = visit(entity_ref, value);
                        if outcome.is_ok() {
                            ControlFlow::Continue(())
                        } else {
                            ControlFlow::Break(())
                        }
                    })?;
                outcome
            }
        }
    }
}
