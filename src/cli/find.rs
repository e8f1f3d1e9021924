//! `stagedoor find`: the portal's finder, printed: entities by their names, then what the texts say.

use std::io::Write;

use clap::Args;
use color_eyre::eyre::Result;
use serde_json::{Value, json};

use super::args::{Format, Global};
use super::console::Console;
use super::data;
use super::exit::Exit;
use super::open::Catalog;
use super::passages;
use super::style::Ink;
use super::table::{Cell, Table};
use super::{issue, list};
use crate::catalog::export::Field;
use crate::catalog::{Index, Row, text};
use crate::search::{self, Found, Query, Reach, Reason};

#[derive(Debug, Args)]
#[command(after_help = "\
  stagedoor find payments -o csv    the entities as a sheet; -o markdown is one, too")]
pub(crate) struct FindArgs {
    /// Words, "phrases", owner: kind: type: system: domain: tag: label: has: is: depends-on: …, with -, OR and ( )
    #[arg(value_name = "QUERY", required = true)]
    query: Vec<String>,

    /// Print at most so many
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,

    /// Say why each result stands where it does: what its score is made of
    #[arg(long)]
    explain: bool,
}

pub(crate) fn run(args: &FindArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = super::format(global, Format::OF_LISTS)?;
    let text = args.query.join(" ");
    let query = Query::parse(&text);
    let catalog = Catalog::open(global, console)?;
    let context = catalog.context(&query)?;
    let found = search::find(&catalog.index, &query, &context, args.limit, &|| false);
    for notice in &found.notices {
        console.warn(&issue::shown(&text, notice));
    }
    let reasons: Vec<Vec<Reason>> = found
        .hits
        .iter()
        .filter(|_| args.explain)
        .map(|hit| search::explain(&catalog.index, &query, &context, &found, hit))
        .collect();
    if found.reach == Reach::Forgiving && found.total > 0 {
        console.note("nothing has just these words; shown is what is like them");
    }
    // As in the finder, docs come after names.
    let room = args.limit.saturating_sub(found.hits.len());
    let words = query.passage().unwrap_or_default();
    let texts = passages::Texts::find(&catalog.store, &words, room)?;
    let value = || -> Value {
        let mut all = hits(&catalog.index, &found, &reasons);
        all.append(&mut texts.values());
        all.into()
    };
    if let Some(sheet) = list::sheet(format, false) {
        let rows: Vec<Row> = found.hits.iter().map(|hit| hit.row).collect();
        sheet.write(&catalog.index, &rows, &Field::ALL, &mut console.out)?;
        return Ok(Exit::Done);
    }
    match format {
        Format::Json => data::write_json(&mut console.out, &value())?,
        Format::Yaml => data::write_yaml(&mut console.out, &value())?,
        Format::Name => {
            for hit in &found.hits {
                if let Some(entity_ref) = catalog.index.entity_ref(hit.row) {
                    writeln!(console.out, "{entity_ref}")?;
                }
            }
        }
        _ => {
            if !found.hits.is_empty() || texts.is_empty() {
                if reasons.is_empty() {
                    table(&catalog.index, &found).write(console)?;
                } else {
                    explained(&catalog.index, &found, &reasons, console)?;
                }
            }
            texts.write(console)?;
        }
    }
    console.detail(&format!("{} found in {:?}", found.total, found.elapsed));
    if found.total == 0 && texts.is_empty() {
        console.note("nothing found");
    } else if found.total > found.hits.len() && format == Format::Table {
        console.note(&format!("the best {} of {}", found.hits.len(), found.total));
    }
    Ok(Exit::Done)
}

fn hits(index: &Index, found: &Found, reasons: &[Vec<Reason>]) -> Vec<Value> {
    let mut reasons = reasons.iter();
    found
        .hits
        .iter()
        .filter_map(|hit| {
            let why = reasons.next();
            let summary = index.summary(hit.row)?;
            let mut value = json!({
                "ref": index.entity_ref(hit.row)?.to_string(),
                "kind": summary.kind,
                "namespace": summary.namespace,
                "name": summary.name,
                "title": summary.title,
                "owner": summary.owner,
                "description": summary.description,
                "score": hit.score,
                "field": hit.field.as_str(),
                "highlights": { "name": hit.name_matches, "title": hit.title_matches },
            });
            if let (Some(why), Some(fields)) = (why, value.as_object_mut()) {
                let why = why
                    .iter()
                    .map(|reason| json!({ "what": reason.words, "points": reason.points }));
                fields.insert("why".to_owned(), why.collect());
            }
            Some(value)
        })
        .collect()
}

/// Each result with what its score is made of, in whole points.
fn explained(
    index: &Index,
    found: &Found,
    reasons: &[Vec<Reason>],
    console: &mut Console,
) -> Result<()> {
    let points = |hundredths: u32| format!("{:>8}.{:02}", hundredths / 100, hundredths % 100);
    for (hit, reasons) in found.hits.iter().zip(reasons) {
        let Some(entity_ref) = index.entity_ref(hit.row) else {
            continue;
        };
        let name = console.paint(Ink::Bold, &entity_ref.to_string());
        writeln!(console.out, "{}  {name}", points(hit.score))?;
        for reason in reasons {
            let line = format!(
                "{}  {}",
                points(reason.points),
                text::one_line(&reason.words)
            );
            writeln!(console.out, "{}", console.paint(Ink::Dim, &line))?;
        }
    }
    Ok(())
}

fn table(index: &Index, found: &Found) -> Table {
    let mut table = Table::new(&["NAME", "KIND", "OWNER", "LIFECYCLE", "TITLE", "DESCRIPTION"]);
    for hit in &found.hits {
        let Some(summary) = index.summary(hit.row) else {
            continue;
        };
        table.row([
            Cell::new(summary.name, Ink::Bold).marked(&hit.name_matches),
            summary.kind.into(),
            super::short_ref(summary.owner).into(),
            summary.lifecycle.into(),
            Cell::from(summary.title).marked(&hit.title_matches),
            Cell::new(summary.description, Ink::Dim),
        ]);
    }
    table
}
