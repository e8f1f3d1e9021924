//! `stagedoor repo`: what the host of an entity's repository tells of it, panel by panel.

use std::io::{self, Write};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::Args;
use color_eyre::eyre::{Result, eyre};
use serde_json::{Value, json};

use super::args::{Format, Global};
use super::console::Console;
use super::data;
use super::exit::{Exit, Failure};
use super::open::{Catalog, age};
use super::show::wrapped;
use super::style::Ink;
use super::{reference, work};
use crate::catalog::facts::{Facts, Topic};
use crate::catalog::panel::{Body, Panel, Row, Sign};
use crate::catalog::{Entity, EntityRef, text};
use crate::sync::SyncError;
use crate::sync::facts::{self, KeptFacts};

/// How many things a panel lists.
const LISTED: usize = 20;
/// Text is not laid out wider than this.
const MEASURE: usize = 100;

#[derive(Debug, Args)]
#[command(after_help = "\
What was asked less than five minutes ago is told again without asking. A panel that the host withholds says why; the
others are told all the same.
  stagedoor repo payment-gateway
  stagedoor repo payment-gateway -o json | jq '.pulls.items[] | select(.review == \"required\") | .url'")]
pub(crate) struct RepoArgs {
    /// The entity: a name, kind:name or kind:namespace/name
    #[arg(value_name = "REF")]
    reference: String,

    /// Ask the host, however new what is kept is
    #[arg(long)]
    refresh: bool,
}

pub(crate) fn run(args: &RepoArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = super::format(
        global,
        &[Format::Table, Format::Json, Format::Yaml, Format::Name],
    )?;
    let catalog = Catalog::open(global, console)?;
    let (_, entity_ref) = reference::resolve(&catalog.index, &args.reference, "entity", |_| true)?;
    let stored = catalog.store.entity(&entity_ref)?.ok_or_else(|| {
        eyre!("{entity_ref} is in the list but no longer kept; run `stagedoor sync`")
    })?;
    let (facts, asked) = if let Some(made_up) = facts::of_demo(&stored.entity) {
        (made_up, None)
    } else {
        let kept = known(&stored.entity, args.refresh, &catalog, console)?;
        (kept.facts, Some(kept.asked))
    };
    if format == Format::Name {
        writeln!(console.out, "{}/{}", facts.host, facts.name)?;
        return Ok(Exit::Done);
    }
    for (topic, reason) in facts.withheld() {
        if format != Format::Table {
            console.warn(&format!("{}: {reason}", topic.noun()));
        }
    }
    match format {
        Format::Json => data::write_json(&mut console.out, &value(&entity_ref, &facts, asked)?)?,
        Format::Yaml => data::write_yaml(&mut console.out, &value(&entity_ref, &facts, asked)?)?,
        _ => print(&facts, asked, console)?,
    }
    Ok(Exit::Done)
}

/// What is known of the repository of `entity`: its host is asked where what is kept is old, or with `refresh`.
fn known(
    entity: &Entity,
    refresh: bool,
    catalog: &Catalog,
    console: &Console,
) -> Result<KeptFacts> {
    let session = &catalog.session;
    let at = facts::repository(session, entity).map_err(|why| {
        Failure::work(format!("{}: {why}", entity.entity_ref)).help(
            "annotate it with backstage.io/source-location: url:https://HOST/OWNER/REPOSITORY",
        )
    })?;
    let kept = match facts::kept(session, &at)? {
        Some(kept) if facts::is_fresh(&kept) && !refresh => return Ok(kept),
        kept => kept,
    };
    let asked = work::run(async |cancel| Box::pin(facts::ask(session, &at, &cancel)).await)?;
    match (asked, kept) {
        (Ok(asked), _) => Ok(asked),
        (Err(error), Some(kept)) if !matches!(error, SyncError::Cancelled) => {
            let then = age(kept.asked);
            console.warn(&format!("{error}; shown is what it told {then} ago"));
            Ok(kept)
        }
        (Err(error), _) => Err(error.into()),
    }
}

/// The facts with whose they are and when they were told.
fn value(entity_ref: &EntityRef, facts: &Facts, asked: Option<SystemTime>) -> Result<Value> {
    let mut value = serde_json::to_value(facts)?;
    if let Some(fields) = value.as_object_mut() {
        let asked = asked.and_then(|asked| asked.duration_since(UNIX_EPOCH).ok());
        fields.insert("entity".to_owned(), json!(entity_ref.to_string()));
        fields.insert("asked".to_owned(), json!(asked.map(|it| it.as_secs())));
    }
    Ok(value)
}

fn print(facts: &Facts, asked: Option<SystemTime>, console: &mut Console) -> io::Result<()> {
    headline(facts, asked, console)?;
    let panels = Topic::ALL.map(|topic| facts.panel(topic, LISTED));
    for panel in panels.into_iter().flatten().chain(facts.lacking()) {
        writeln!(console.out)?;
        let count = panel.count.filter(|count| *count > 0);
        let count = count.map(|number| {
            let number = text::count(usize::try_from(number).unwrap_or(usize::MAX));
            format!(" {}", console.paint(Ink::Dim, &number))
        });
        let title = console.paint(Ink::Bold, &panel.title);
        writeln!(console.out, "{title}{}", count.unwrap_or_default())?;
        body(&panel, console)?;
    }
    Ok(())
}

fn headline(facts: &Facts, asked: Option<SystemTime>, console: &mut Console) -> io::Result<()> {
    let when = match asked {
        Some(asked) => format!("asked {} ago", age(asked)),
        None => "made up for the demo".to_owned(),
    };
    let words = [
        facts.host.as_str(),
        &facts.visibility,
        if facts.is_archived { "archived" } else { "" },
        &when,
    ];
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let name = console.paint(Ink::Bold, &facts.name);
    let words = console.paint(Ink::Dim, &words.join(" · "));
    writeln!(console.out, "{name}  {words}")?;
    let url = console.paint(Ink::Accent, &facts.url);
    writeln!(console.out, "{url}")
}

fn body(panel: &Panel, console: &mut Console) -> io::Result<()> {
    let width = console.width.unwrap_or(MEASURE).min(MEASURE);
    let said = |text: &str, ink, console: &mut Console| -> io::Result<()> {
        for line in wrapped(text, width.saturating_sub(2)) {
            let line = console.paint(ink, &line);
            writeln!(console.out, "  {line}")?;
        }
        Ok(())
    };
    match &panel.body {
        Body::Rows(rows) => rows.iter().try_for_each(|row| line(row, console)),
        Body::Nothing(text) => said(text, Ink::Dim, console),
        Body::Withheld(reason) => said(reason, Ink::Warn, console),
    }
}

/// A row: its sign, its text, what is noted of it and how long ago it was. Only a terminal's width cuts the text.
fn line(row: &Row, console: &mut Console) -> io::Result<()> {
    let (sign, ink) = match row.sign {
        Some(Sign::Good) => ("✓", Ink::Good),
        Some(Sign::Bad) => ("✗", Ink::Bad),
        Some(Sign::Warning) => ("!", Ink::Warn),
        Some(Sign::Going) => ("◐", Ink::Accent),
        Some(Sign::Calm) => ("○", Ink::Dim),
        None => (" ", Ink::Plain),
    };
    let when = row.at.map(|then| {
        let then = UNIX_EPOCH + Duration::from_secs(then);
        format!("{} ago", age(then))
    });
    let notes: Vec<String> = row.notes.iter().cloned().chain(when).collect();
    let notes = notes.join(" · ");
    let room = console
        .width
        .map(|width| width.saturating_sub(text::width(&notes) + 6).max(20));
    let name = match room {
        Some(room) => text::cut(&row.text, room),
        None => row.text.clone(),
    };
    let (sign, notes) = (console.paint(ink, sign), console.paint(Ink::Dim, &notes));
    let line = format!("  {sign} {name}  {notes}");
    writeln!(console.out, "{}", line.trim_end())
}
