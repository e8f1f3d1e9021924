//! `stagedoor show`: one entity, whole.

use std::fmt::Write as _;
use std::io::{self, Write};

use clap::Args;
use color_eyre::eyre::{Result, eyre};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::args::{Format, Global};
use super::console::Console;
use super::data;
use super::exit::Exit;
use super::open::Catalog;
use super::reference;
use super::style::Ink;
use crate::catalog::{Entity, Index, Level, Problem, RelationType, text};
use crate::store::StoredEntity;

/// Text is not laid out wider than this.
const MEASURE: usize = 100;

/// The column at which values begin.
const LABEL: usize = 14;

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The entity: a name, kind:name or kind:namespace/name
    #[arg(value_name = "REF")]
    reference: String,
}

pub(crate) fn run(args: &ShowArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = super::format(
        global,
        &[Format::Table, Format::Json, Format::Yaml, Format::Name],
    )?;
    let catalog = Catalog::open(global, console)?;
    let (_, entity_ref) = reference::resolve(&catalog.index, &args.reference, "entity", |_| true)?;
    let stored = catalog.store.entity(&entity_ref)?.ok_or_else(|| {
        eyre!("{entity_ref} is in the list but no longer kept; run `stagedoor sync`")
    })?;
    match format {
        Format::Json => data::write_json(&mut console.out, &whole(&stored))?,
        Format::Yaml => data::write_yaml(&mut console.out, &whole(&stored))?,
        Format::Name => writeln!(console.out, "{entity_ref}")?,
        _ => page(&stored, &catalog.index, console)?,
    }
    Ok(Exit::Done)
}

/// The entity with its relations, and beside Backstage's own fields what is wrong with it and where it came from.
fn whole(stored: &StoredEntity) -> Value {
    let mut value = data::entity(&stored.entity, &stored.relations);
    if let Some(fields) = value.as_object_mut() {
        let problems: Vec<Value> = stored.problems.iter().map(data::problem).collect();
        fields.insert("problems".to_owned(), problems.into());
        fields.insert("provenance".to_owned(), json!(stored.entity.provenance));
    }
    value
}

fn page(stored: &StoredEntity, index: &Index, console: &mut Console) -> io::Result<()> {
    let entity = &stored.entity;
    headline(entity, console)?;
    if let Some(description) = entity.description() {
        writeln!(console.out)?;
        let width = console.width.unwrap_or(MEASURE).min(MEASURE);
        for line in wrapped(description, width) {
            writeln!(console.out, "{line}")?;
        }
    }
    writeln!(console.out)?;
    facts(entity, console)?;
    relations(stored, index, console)?;
    problems(&stored.problems, console)?;
    Ok(())
}

fn headline(entity: &Entity, console: &mut Console) -> io::Result<()> {
    let mut line = console.paint(Ink::Bold, &text::one_line(entity.display_name()));
    if entity.display_name() != entity.name() {
        let _ = write!(line, "  {}", text::one_line(entity.name()));
    }
    let kind = [
        Some(entity.kind_name()),
        entity.spec_str("type"),
        entity.spec_str("lifecycle"),
    ];
    let kind: Vec<String> = kind.into_iter().flatten().map(text::one_line).collect();
    let kind = console.paint(Ink::Dim, &kind.join(" · "));
    writeln!(console.out, "{line}  {kind}")
}

fn facts(entity: &Entity, console: &mut Console) -> io::Result<()> {
    let mut fact = |label: &str, value: &str| -> io::Result<()> {
        if value.is_empty() {
            return Ok(());
        }
        let label = console.paint(Ink::Dim, &format!("{label:LABEL$}"));
        writeln!(console.out, "{label}{}", text::one_line(value))
    };
    fact("Reference", &entity.entity_ref.to_string())?;
    let owner = entity.owner().map(|owner| owner.humanize(Some("group")));
    fact("Owner", owner.as_deref().unwrap_or_default())?;
    fact("System", entity.spec_str("system").unwrap_or_default())?;
    fact("Domain", entity.spec_str("domain").unwrap_or_default())?;
    fact("Tags", &entity.tags().collect::<Vec<_>>().join("  "))?;
    if let Some(docs) = entity.annotation(crate::catalog::entity::TECHDOCS_REF) {
        fact(
            "Docs",
            &format!("{docs}   (stagedoor docs {})", entity.entity_ref),
        )?;
    }
    let origin = &entity.provenance;
    fact("File", &format!("{}:{}", origin.location, origin.line))?;
    fact("Source", &origin.source)?;
    for (link, label) in entity
        .links()
        .zip(std::iter::once("Links").chain(std::iter::repeat("")))
    {
        let value = if link.title == link.url {
            link.url.to_owned()
        } else {
            format!("{}  {}", link.title, link.url)
        };
        fact(label, &value)?;
    }
    Ok(())
}

fn relations(stored: &StoredEntity, index: &Index, console: &mut Console) -> io::Result<()> {
    if stored.relations.is_empty() {
        return Ok(());
    }
    writeln!(console.out, "\n{}", console.paint(Ink::Bold, "Relations"))?;
    let mut before: Option<RelationType> = None;
    for relation in &stored.relations {
        let label = if before == Some(relation.relation_type) {
            ""
        } else {
            relation.relation_type.label()
        };
        before = Some(relation.relation_type);
        let label = console.paint(Ink::Dim, &format!("{label:LABEL$}"));
        let missing = if index.row_of(&relation.target).is_none() {
            console.paint(Ink::Warn, "  ! not in the catalog")
        } else {
            String::new()
        };
        let target = text::one_line(&relation.target.humanize(None));
        writeln!(console.out, "{label}{target}{missing}")?;
    }
    Ok(())
}

fn problems(problems: &[Problem], console: &mut Console) -> io::Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    writeln!(console.out, "\n{}", console.paint(Ink::Bold, "Problems"))?;
    for problem in problems {
        let level = console.paint(
            ink(problem.level),
            &format!("{:LABEL$}", problem.level.as_str()),
        );
        writeln!(console.out, "{level}{}", text::one_line(&problem.message))?;
        let indent = " ".repeat(LABEL);
        let place = text::one_line(&problem.place.to_string());
        let place = console.paint(Ink::Dim, &format!("{place}  {}", problem.remedy()));
        writeln!(console.out, "{indent}{place}")?;
    }
    Ok(())
}

/// The ink of a level of findings.
pub(crate) fn ink(level: Level) -> Ink {
    match level {
        Level::Error => Ink::Bad,
        Level::Warning => Ink::Warn,
        Level::Info => Ink::Dim,
    }
}

/// `text` in lines of at most `width` columns, broken between words; its own line ends stay.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.trim_end().lines() {
        let mut line = String::new();
        for word in text::one_line(paragraph).split(' ') {
            if !line.is_empty() && line.width() + 1 + word.width() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_broken_between_words() {
        assert_eq!(
            wrapped("takes card payments\nfast", 10),
            ["takes card", "payments", "fast"]
        );
        assert_eq!(wrapped("unbreakable", 4), ["unbreakable"]);
    }
}
