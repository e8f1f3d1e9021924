//! `stagedoor graph`: what an entity is related to, as a tree, as data, or for Mermaid and Graphviz.

use std::io::Write;

use clap::Args;
use color_eyre::eyre::Result;

use super::args::{Format, Global};
use super::console::Console;
use super::data;
use super::exit::Exit;
use super::open::Catalog;
use super::reference;
use crate::catalog::graph::{Walk, walk};

#[derive(Debug, Args)]
#[command(after_help = "Formats of -o: text, json, yaml, name, mermaid, dot")]
pub(crate) struct GraphArgs {
    /// The entity: a name, kind:name or kind:namespace/name
    #[arg(value_name = "REF")]
    reference: String,

    /// How many links to follow
    #[arg(long, value_name = "N", default_value_t = 1)]
    depth: u32,
}

pub(crate) fn run(args: &GraphArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = super::format(
        global,
        &[
            Format::Table,
            Format::Json,
            Format::Yaml,
            Format::Name,
            Format::Mermaid,
            Format::Dot,
        ],
    )?;
    let catalog = Catalog::open(global, console)?;
    let (row, _) = reference::resolve(&catalog.index, &args.reference, "entity", |_| true)?;
    let graph = walk(
        &catalog.index,
        row,
        &Walk {
            depth: args.depth,
            ..Walk::default()
        },
    );
    match format {
        Format::Json => data::write_json(&mut console.out, &graph.to_json())?,
        Format::Yaml => data::write_yaml(&mut console.out, &graph.to_json())?,
        Format::Name => {
            for node in &graph.nodes {
                writeln!(console.out, "{}", node.entity_ref)?;
            }
        }
        Format::Mermaid => write!(console.out, "{}", graph.to_mermaid())?,
        Format::Dot => write!(console.out, "{}", graph.to_dot())?,
        Format::Table => write!(console.out, "{}", graph.to_text())?,
    }
    if graph.truncated {
        console.warn("there is more; only the nearest entities are shown");
    }
    Ok(Exit::Done)
}
