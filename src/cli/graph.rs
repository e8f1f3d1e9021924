//! `stagedoor graph`: what an entity is related to, what is hit if it goes, how it hangs together with another, who owns
//! it; as a tree, as data, or for Mermaid and Graphviz.

mod text;

use std::io::Write;

use clap::{Args, ValueEnum};
use color_eyre::eyre::Result;
use serde_json::Value;

use super::args::{Format, Global};
use super::console::Console;
use super::data;
use super::exit::{Exit, Failure};
use super::open::Catalog;
use super::reference;
use crate::catalog::graph::{
    DEEPEST, Direction, Graph, Impact, MERMAID_EDGES, Ownership, Walk, impact, ownership, path,
    walk,
};
use crate::catalog::{EntityRef, Index, RelationType, Row};

/// How deep an impact goes unless asked otherwise.
const IMPACT_DEPTH: u32 = 3;

#[derive(Debug, Args)]
#[command(after_help = "\
Formats of -o: text, json, yaml, name, mermaid, dot

  stagedoor graph payment-gateway --depth 2 --relation dependsOn
  stagedoor graph payment-gateway --impact                 what is hit if it goes, and whose it is
  stagedoor graph checkout --to resource:payments-db       the shortest way between the two
  stagedoor graph group:payments --ownership               what it owns, with the groups below it")]
pub(crate) struct GraphArgs {
    /// The entity: a name, kind:name or kind:namespace/name
    #[arg(value_name = "REF")]
    reference: String,

    /// How many links to follow [default: 1, with --impact 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=i64::from(DEEPEST)))]
    depth: Option<u32>,

    /// out: to what it is owned by, part of, depends on; in: to what it owns, contains, is needed by
    #[arg(long, value_name = "WAY", value_enum, default_value = "both")]
    direction: Way,

    /// Follow only this relation, in either of its names (dependsOn or dependencyOf); repeatable
    #[arg(long = "relation", value_name = "TYPE", value_parser = relation_type)]
    relations: Vec<RelationType>,

    /// Go only to entities of this kind; repeatable
    #[arg(long = "kind", value_name = "KIND")]
    kinds: Vec<String>,

    /// Show what is hit if it goes: what depends on it, consumers of its APIs, its parts
    #[arg(long, conflicts_with_all = ["direction", "relations", "kinds"])]
    impact: bool,

    /// Show the shortest way to another entity
    #[arg(long, value_name = "REF", conflicts_with_all = ["impact", "depth"])]
    to: Option<String>,

    /// Show what a group or user owns, through groups too; of anything else, who owns it
    #[arg(long, conflicts_with_all = ["impact", "to", "depth", "direction", "relations", "kinds"])]
    ownership: bool,
}

/// A direction as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Way {
    In,
    Out,
    Both,
}

fn relation_type(text: &str) -> Result<RelationType, String> {
    let known = RelationType::ALL.iter().copied();
    let mut same = known.filter(|known| known.as_str().eq_ignore_ascii_case(text));
    same.next().ok_or_else(|| {
        let names: Vec<&str> = RelationType::ALL.iter().map(|t| t.as_str()).collect();
        format!("there are {}", names.join(", "))
    })
}

/// What was asked for.
enum Answer {
    Near(Graph, Direction),
    Impact(Impact),
    Path(Graph),
    Ownership(Ownership),
}

impl Answer {
    fn graph(&self) -> &Graph {
        match self {
            Self::Near(graph, _) | Self::Path(graph) => graph,
            Self::Impact(impact) => &impact.graph,
            Self::Ownership(ownership) => &ownership.graph,
        }
    }

    fn json(&self, index: &Index) -> Value {
        match self {
            Self::Near(graph, _) | Self::Path(graph) => graph.to_json(index),
            Self::Impact(impact) => impact.to_json(index),
            Self::Ownership(ownership) => {
                let mut value = ownership.graph.to_json(index);
                if let Some(owned) = ownership.owned {
                    value["owned"] = owned.to_json();
                }
                value
            }
        }
    }
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
    let index = &catalog.index;
    let (row, entity_ref) = reference::resolve(index, &args.reference, "entity", |_| true)?;
    let answer = answer(args, index, row, &entity_ref)?;
    let graph = answer.graph();
    match format {
        Format::Json => data::write_json(&mut console.out, &answer.json(index))?,
        Format::Yaml => data::write_yaml(&mut console.out, &answer.json(index))?,
        Format::Name => {
            for node in &graph.nodes {
                writeln!(console.out, "{}", node.entity_ref)?;
            }
        }
        Format::Mermaid => {
            write!(console.out, "{}", graph.to_mermaid())?;
            if graph.edges.len() > MERMAID_EDGES {
                console.warn(&format!(
                    "Mermaid draws {MERMAID_EDGES} links unless its maxEdges is raised, and these are {}",
                    graph.edges.len()
                ));
            }
        }
        Format::Dot => write!(console.out, "{}", graph.to_dot())?,
        Format::Table | Format::Csv | Format::Markdown => text::write(&answer, console)?,
    }
    Ok(Exit::Done)
}

fn answer(
    args: &GraphArgs,
    index: &Index,
    row: Row,
    entity_ref: &EntityRef,
) -> Result<Answer, Failure> {
    let ways = Walk {
        depth: args
            .depth
            .unwrap_or(if args.impact { IMPACT_DEPTH } else { 1 }),
        direction: match args.direction {
            Way::In => Direction::In,
            Way::Out => Direction::Out,
            Way::Both => Direction::Both,
        },
        types: args.relations.clone(),
        kinds: args.kinds.clone(),
        ..Walk::default()
    };
    if let Some(to) = &args.to {
        let (target, other) = reference::resolve(index, to, "entity", |_| true)?;
        return match path(index, row, target, &ways) {
            Some(graph) => Ok(Answer::Path(graph)),
            None => Err(no_way(args, entity_ref, &other)),
        };
    }
    Ok(if args.impact {
        Answer::Impact(impact(index, row, &ways))
    } else if args.ownership {
        Answer::Ownership(ownership(index, row, &ways))
    } else {
        Answer::Near(walk(index, row, &ways), ways.direction)
    })
}

fn no_way(args: &GraphArgs, from: &EntityRef, to: &EntityRef) -> Failure {
    let bound = args.direction != Way::Both || !args.relations.is_empty() || !args.kinds.is_empty();
    if bound {
        Failure::work(format!("no such way leads from {from} to {to}"))
            .help("the same without --direction, --relation and --kind")
    } else {
        Failure::work(format!("no relations lead from {from} to {to}"))
    }
}
