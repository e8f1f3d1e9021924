//! `stagedoor query`: queries that are saved under a name, for `@name` in the finder, in `list` and in `find`.

use std::io::Write;

use clap::Args;
use color_eyre::eyre::Result;
use serde_json::json;

use super::args::{Format, Global};
use super::console::Console;
use super::data;
use super::exit::{Exit, Failure};
use super::issue;
use super::open;
use super::style::Ink;
use super::table::{Cell, Table};
use crate::search::{Query, saved_name};

#[derive(Debug, Args)]
#[command(after_help = "\
  stagedoor query                               the saved queries
  stagedoor query mine-go owner:mine tag:go     saves one, in place of what had the name
  stagedoor list @mine-go -lifecycle:deprecated
  stagedoor query mine-go --forget
Saved views of the catalog page are such queries; the page saves its order, columns and groups with them.
Those that a team shares stand in app-config.yaml, under stagedoor.queries.")]
pub(crate) struct QueryArgs {
    /// The name, with or without its @
    name: Option<String>,
    /// The query to save under it
    #[arg(value_name = "QUERY", conflicts_with = "forget")]
    query: Vec<String>,
    /// Forget the query of this name
    #[arg(long, requires = "name")]
    forget: bool,
}

pub(crate) fn run(args: &QueryArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = super::format(
        global,
        &[Format::Table, Format::Json, Format::Yaml, Format::Name],
    )?;
    let session = open::session(global, console)?;
    let shared = &session.config.queries;
    let Some(name) = &args.name else {
        let own = session.store.queries()?;
        return show(shared, &own, &session.store.views()?, format, console);
    };
    let name = saved_name(name).ok_or_else(|| {
        Failure::usage(format!("{name} is no name for a query"))
            .help("one word of letters, digits, - _ and .")
    })?;
    if args.forget {
        if !session.store.save_query(&name, None)? {
            let why = if shared.contains_key(&name) {
                "it stands in app-config.yaml, under stagedoor.queries"
            } else {
                "`stagedoor query` shows those that are"
            };
            return Err(Failure::work(format!("you saved no query as {name}"))
                .help(why)
                .into());
        }
        console.note(&format!("@{name} is forgotten"));
        return Ok(Exit::Done);
    }
    // The minus sign stands for a hyphen that the command line would have taken for an option.
    let text = args.query.join(" ").replace('\u{2212}', "-");
    if text.trim().is_empty() {
        let own = session.store.queries()?;
        let Some(text) = own.get(&name).or_else(|| shared.get(&name)) else {
            return Err(Failure::work(format!("no query is saved as {name}"))
                .help(format!("stagedoor query {name} TEXT, to save one"))
                .into());
        };
        writeln!(console.out, "{}", crate::catalog::text::one_line(text))?;
        return Ok(Exit::Done);
    }
    if let Some(issue) = Query::parse(&text).issues.first() {
        return Err(issue::failure(&text, issue).into());
    }
    let replaced = session.store.save_query(&name, Some(&text))?;
    console.note(&format!(
        "@{name} is {}",
        if replaced { "replaced" } else { "saved" }
    ));
    Ok(Exit::Done)
}

/// Own queries, with how the catalog page shows them, and shared ones; of two with one name the own one counts.
fn show(
    shared: &std::collections::BTreeMap<String, String>,
    own: &std::collections::BTreeMap<String, String>,
    views: &std::collections::BTreeMap<String, Option<String>>,
    format: Format,
    console: &mut Console,
) -> Result<Exit> {
    let mut all = shared.clone();
    all.extend(own.clone());
    let from = |name: &str| {
        if own.contains_key(name) {
            "you"
        } else {
            "app-config.yaml"
        }
    };
    let value = || -> serde_json::Value {
        let all = all.iter();
        all.map(|(name, text)| {
            let view = views.get(name).and_then(Option::as_ref);
            json!({ "name": name, "query": text, "from": from(name), "view": view })
        })
        .collect()
    };
    match format {
        Format::Json => data::write_json(&mut console.out, &value())?,
        Format::Yaml => data::write_yaml(&mut console.out, &value())?,
        Format::Name => {
            for name in all.keys() {
                writeln!(console.out, "{name}")?;
            }
        }
        _ => {
            let mut table = Table::new(&["NAME", "QUERY", "FROM", "VIEW"]);
            for (name, text) in &all {
                let view = views.get(name).and_then(Option::as_ref);
                table.row([
                    Cell::new(&format!("@{name}"), Ink::Bold),
                    Cell::from(text.as_str()),
                    Cell::new(from(name), Ink::Dim),
                    Cell::new(view.map_or("", String::as_str), Ink::Dim),
                ]);
            }
            table.write(console)?;
        }
    }
    if all.is_empty() {
        console.note("no query is saved; stagedoor query NAME QUERY saves one");
    }
    Ok(Exit::Done)
}
