//! `stagedoor open`: the portal, opened at a place of it.

use std::process::ExitCode;

use clap::Args;
use color_eyre::eyre::Result;

use super::args::Global;
use super::console::Console;
use super::exit::Failure;
use super::open::Catalog;
use super::portal;
use super::reference;
use crate::app::Route;
use crate::runtime::{Launch, last_place};

#[derive(Debug, Args)]
#[command(after_help = "\
  stagedoor open payment-gateway                          its page
  stagedoor open payment-gateway/docs/paging.md#rota      its docs, at a heading
  stagedoor open component:default/gateway/relations      or /api, /repository, /raw
  stagedoor open api:default/orders/operation/getOrder
  stagedoor open template:default/service/new             the form of a template
  stagedoor open 'catalog?owner:mine lifecycle:production'
Also home, catalog, templates, runs and problems. In the portal, Y copies the command for where you are.")]
pub(crate) struct PlaceArgs {
    /// An entity, what of it, or a page
    #[arg(value_name = "PLACE", required_unless_present = "last")]
    place: Option<String>,
    /// Where the portal was left the last time
    #[arg(long, conflicts_with = "place")]
    last: bool,
}

pub(crate) fn run(args: &PlaceArgs, global: &Global, console: &mut Console) -> Result<ExitCode> {
    let catalog = Catalog::open(global, console)?;
    let text = match &args.place {
        Some(text) => Some(text.trim().to_owned()),
        None => last_place(&catalog.store)?,
    };
    let route = match text.as_deref() {
        None => Route::Home,
        Some(text) => match Route::named(text) {
            Some(route) => route,
            None => of_entity(text, &catalog)?,
        },
    };
    portal::open_at(Launch {
        route,
        ..portal::launch(catalog.session, global)
    })
}

/// The place that `text` names, by an entity's reference and what follows it.
fn of_entity(text: &str, catalog: &Catalog) -> Result<Route, Failure> {
    let mut first_error = None;
    for (reference, part) in Route::parted(text) {
        match reference::resolve(&catalog.index, reference, "entity", |_| true) {
            Ok((_, entity_ref)) => return Ok(part.of(entity_ref)),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    Err(first_error.unwrap_or_else(|| {
        Failure::usage(format!("{text} is no place of the portal"))
            .help("stagedoor open --help shows how places are written")
    }))
}
