//! `stagedoor template drift`: which repositories came from templates, and how far they are behind.

use std::collections::BTreeMap;
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
use crate::catalog::EntityRef;
use crate::scaffolder::Template;
use crate::scaffolder::memory::{Memory, short};
use crate::scaffolder::update::UpdateError;
use crate::sync::outside::Hosts;
use crate::sync::update::{Candidate, Origin, candidates, remembered};

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

/// One repository and how it stands.
struct Row {
    candidate: Candidate,
    template: String,
    /// The commit it was made from, and the newest.
    revisions: Option<(String, String)>,
    /// How many revisions there are between; `None` where that cannot be told.
    behind: Option<usize>,
    error: Option<String>,
}

impl Row {
    fn state(&self) -> (&'static str, Ink) {
        match (&self.error, &self.revisions, self.behind) {
            (Some(_), ..) => ("unknown", Ink::Bad),
            (None, None, _) => ("not remembered", Ink::Dim),
            (None, Some(_), Some(0)) => ("up to date", Ink::Good),
            (None, Some(_), Some(_)) => ("behind", Ink::Accent),
            (None, Some(_), None) => ("unknown revision", Ink::Bad),
        }
    }

    fn value(&self) -> Value {
        json!({
            "repository": self.candidate.target.to_string(),
            "entity": self.candidate.entity.as_ref().map(ToString::to_string),
            "template": self.template,
            "state": self.state().0,
            "behind": self.behind,
            "revision": self.revisions.as_ref().map(|(old, _)| old),
            "newest": self.revisions.as_ref().map(|(_, new)| new),
            "error": self.error,
        })
    }
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
        tokio::task::block_in_place(|| rows(&catalog, wanted.as_ref(), args.search))
    })??;
    let values = || rows.iter().map(Row::value);
    match format {
        Format::Json => data::write_json(&mut console.out, &values().collect::<Vec<_>>())?,
        Format::Yaml => data::write_yaml(&mut console.out, &values().collect())?,
        Format::Name => {
            for row in &rows {
                writeln!(console.out, "{}", row.candidate.target)?;
            }
        }
        _ => table(&rows, console)?,
    }
    if rows.is_empty() {
        console.note("no repository is known to have come from a template; --search looks into all of the catalog");
    }
    for row in &rows {
        if let Some(error) = &row.error {
            console.warn(&format!("{}: {error}", row.candidate.target));
        }
    }
    let is_behind = rows
        .iter()
        .any(|row| row.behind != Some(0) && row.revisions.is_some());
    Ok(if args.check && is_behind {
        Exit::Failed
    } else {
        Exit::Done
    })
}

fn table(rows: &[Row], console: &mut Console) -> Result<()> {
    let mut table = Table::new(&[
        "REPOSITORY",
        "TEMPLATE",
        "STATE",
        "BEHIND",
        "REVISION",
        "NEWEST",
    ]);
    for row in rows {
        let (word, ink) = row.state();
        let (old, new) = match &row.revisions {
            Some((old, new)) => (short(old), short(new)),
            None => ("", ""),
        };
        let behind = row
            .behind
            .map_or_else(String::new, |behind| behind.to_string());
        table.row([
            Cell::new(&row.candidate.target.to_string(), Ink::Bold),
            Cell::from(short_ref(&row.template)),
            Cell::new(word, ink),
            Cell::from(behind.as_str()),
            Cell::new(old, Ink::Dim),
            Cell::new(new, Ink::Dim),
        ]);
    }
    Ok(table.write(console)?)
}

/// Looks at every repository that may have come from `wanted`, or from any template.
fn rows(catalog: &Catalog, wanted: Option<&EntityRef>, search: bool) -> Result<Vec<Row>, Failure> {
    let session = &catalog.session;
    let hosts = Hosts::new(Arc::clone(session), Arc::clone(&catalog.store));
    let failed = |error: UpdateError| Failure::work(error.to_string());
    let found = candidates(session, &hosts, wanted, search).map_err(failed)?;
    let memories = remembered(session, &found).map_err(failed)?;
    let mut origins = BTreeMap::new();
    let mut counts = BTreeMap::new();
    let mut rows = Vec::new();
    for (candidate, memory) in found.into_iter().zip(memories) {
        let mut row = Row {
            candidate,
            template: wanted.map(ToString::to_string).unwrap_or_default(),
            revisions: None,
            behind: None,
            error: None,
        };
        match memory {
            Ok(None) if search => continue,
            Ok(None) => {}
            Ok(Some(memory)) => {
                let name = memory.template.clone();
                if wanted.is_some_and(|wanted| wanted.to_string() != name) {
                    continue;
                }
                row.template.clone_from(&name);
                let origin = origins
                    .entry(name.clone())
                    .or_insert_with(|| origin(catalog, &name));
                match origin {
                    Ok(origin) => {
                        let old = memory.revision.commit.clone();
                        row.revisions = Some((old.clone(), origin.now.commit.clone()));
                        let behind = counts
                            .entry((name, old))
                            .or_insert_with(|| behind(origin, &memory));
                        match behind {
                            Ok(behind) => row.behind = *behind,
                            Err(error) => row.error = Some(error.clone()),
                        }
                    }
                    Err(error) => row.error = Some(error.clone()),
                }
            }
            Err(error) => row.error = Some(error.to_string()),
        }
        rows.push(row);
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.behind));
    Ok(rows)
}

fn behind(origin: &Origin, memory: &Memory) -> Result<Option<usize>, String> {
    if memory.revision.repository != origin.now.repository {
        return Ok(None);
    }
    origin
        .behind(&memory.revision.commit)
        .map_err(|error| error.to_string())
}

/// Where the template `name` of the catalog is kept.
fn origin(catalog: &Catalog, name: &str) -> Result<Origin, String> {
    let entity_ref: EntityRef = name
        .parse()
        .map_err(|_| format!("{name} is no reference"))?;
    let stored = catalog.store.entity(&entity_ref).ok().flatten();
    let stored = stored.ok_or_else(|| format!("{name} is not in your catalog"))?;
    let template = Template::read(&stored.entity).map_err(|error| error.to_string())?;
    Origin::find(&catalog.session, &template).map_err(|error| error.to_string())
}
