//! `stagedoor api`: what an API's definition offers, one operation whole, operations of all APIs by a text, or the source.

use std::collections::VecDeque;
use std::io::{self, Write};

use clap::Args;
use color_eyre::eyre::{Result, eyre};
use serde_json::{Map, Value, json};

use super::args::{Format, Global};
use super::console::Console;
use super::data;
use super::exit::{Exit, Failure};
use super::open::Catalog;
use super::reference;
use super::style::Ink;
use super::table::{Cell, Table};
use crate::catalog::api::{Content, Entry, Outline, OutlineError, Shape, outline, sheet};
use crate::catalog::{Entity, EntityRef, Kind, text};

/// Text is not laid out wider than this.
const MEASURE: usize = 120;

#[derive(Debug, Args)]
pub(crate) struct ApiArgs {
    /// The API: a name, api:name or api:namespace/name
    #[arg(value_name = "REF", required_unless_present = "find")]
    reference: Option<String>,

    /// One operation or type: its id, its path or name, or its method and path
    #[arg(value_name = "OPERATION", conflicts_with_all = ["find", "definition_text"])]
    operation: Option<String>,

    /// Find operations by words in method, path, id or summary; without REF, those of all APIs
    #[arg(long, value_name = "TEXT")]
    find: Option<String>,

    /// Print the definition as it is
    #[arg(long = "definition", conflicts_with = "find")]
    definition_text: bool,
}

pub(crate) fn run(args: &ApiArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = super::format(
        global,
        &[Format::Table, Format::Json, Format::Yaml, Format::Name],
    )?;
    let catalog = Catalog::open(global, console)?;
    let refs = match &args.reference {
        Some(text) => {
            let is_api = |kind: &str| Kind::parse(kind) == Kind::Api;
            let (_, entity_ref) =
                reference::resolve(&catalog.index, text, "API", |summary| is_api(summary.kind))?;
            vec![entity_ref]
        }
        None => apis(&catalog),
    };
    if let Some(text) = &args.find {
        return find(text, &refs, &catalog, format, console);
    }
    let entity_ref = refs.first().ok_or_else(|| eyre!("no API is named"))?;
    let entity = load(&catalog, entity_ref)?;
    let Some(definition) = entity.spec_str("definition") else {
        let failure = Failure::work(format!("{entity_ref} has no definition"));
        return Err(failure
            .help("name an API whose spec.definition is a text")
            .into());
    };
    if args.definition_text {
        write_source(definition, console)?;
        return Ok(Exit::Done);
    }
    let outline = match read(&entity) {
        Ok(outline) => outline,
        Err(error) if format == Format::Table && args.operation.is_none() => {
            console.warn(&error.to_string());
            write_source(definition, console)?;
            return Ok(if error.is_mistake() {
                Exit::Failed
            } else {
                Exit::Done
            });
        }
        Err(error) => {
            let failure = Failure::work(error.to_string());
            return Err(failure
                .help(format!(
                    "stagedoor api {entity_ref} --definition, to read it"
                ))
                .into());
        }
    };
    for fault in &outline.faults {
        console.warn(&format!(
            "line {} of the definition: {}",
            fault.line, fault.message
        ));
    }
    match &args.operation {
        Some(operation) => one(&outline, operation, entity_ref, format, console)?,
        None => whole(&outline, format, console)?,
    }
    Ok(Exit::Done)
}

/// All APIs of the catalog.
fn apis(catalog: &Catalog) -> Vec<EntityRef> {
    let rows = catalog.index.rows().filter(|row| {
        let summary = catalog.index.summary(*row);
        summary.is_some_and(|summary| Kind::parse(summary.kind) == Kind::Api)
    });
    rows.filter_map(|row| catalog.index.entity_ref(row))
        .collect()
}

fn load(catalog: &Catalog, entity_ref: &EntityRef) -> Result<Entity> {
    let stored = catalog.store.entity(entity_ref)?;
    let stored = stored.ok_or_else(|| {
        eyre!("{entity_ref} is in the list but no longer kept; run `stagedoor sync`")
    })?;
    Ok(stored.entity)
}

fn read(entity: &Entity) -> Result<Outline, OutlineError> {
    let declared = entity.spec_str("type").unwrap_or_default();
    outline(declared, entity.spec_str("definition").unwrap_or_default())
}

fn write_source(definition: &str, console: &mut Console) -> io::Result<()> {
    writeln!(console.out, "{}", text::clean(definition.trim_end()))
}

/// What an API offers.
fn whole(outline: &Outline, format: Format, console: &mut Console) -> Result<()> {
    match format {
        Format::Json => data::write_json(&mut console.out, outline)?,
        Format::Yaml => data::write_yaml(&mut console.out, &json!(outline))?,
        Format::Name => {
            for entry in outline.operations() {
                writeln!(console.out, "{} {}", entry.verb, entry.name)?;
            }
        }
        _ => list(outline, console)?,
    }
    Ok(())
}

fn list(outline: &Outline, console: &mut Console) -> io::Result<()> {
    let title = format!("{} {}", outline.title, outline.version);
    let mut line = console.paint(Ink::Bold, title.trim());
    for part in std::iter::once(&outline.dialect).chain(&outline.servers) {
        if !line.is_empty() {
            line.push_str("  ");
        }
        line.push_str(&console.paint(Ink::Dim, part));
    }
    writeln!(console.out, "{line}\n")?;
    let mut table = Table::new(&["GROUP", "VERB", "NAME", "ID", "SUMMARY"]);
    for group in &outline.groups {
        for entry in &group.entries {
            table.row([
                Cell::new(&group.name, Ink::Dim),
                Cell::new(&entry.verb, ink(&entry.verb)),
                Cell::new(&entry.name, Ink::Bold),
                entry.id.as_str().into(),
                summary(entry),
            ]);
        }
    }
    table.write(console)?;
    if outline.left_out > 0 {
        console.note(&format!(
            "{} more are left out",
            text::count(outline.left_out)
        ));
    }
    Ok(())
}

fn summary(entry: &Entry) -> Cell {
    let about = if entry.summary.is_empty() {
        entry.description.lines().next().unwrap_or_default()
    } else {
        &entry.summary
    };
    if entry.deprecated {
        Cell::new(format!("! deprecated  {about}").trim_end(), Ink::Warn)
    } else {
        Cell::new(about, Ink::Plain)
    }
}

fn ink(verb: &str) -> Ink {
    match verb {
        "GET" | "HEAD" | "OPTIONS" | "QUERY" => Ink::Good,
        "POST" | "PUT" | "PATCH" | "MUTATION" => Ink::Warn,
        "DELETE" => Ink::Bad,
        _ => Ink::Accent,
    }
}

/// One entry with the types that it is made of.
fn one(
    outline: &Outline,
    operation: &str,
    entity_ref: &EntityRef,
    format: Format,
    console: &mut Console,
) -> Result<()> {
    let called: Vec<&Entry> = outline
        .entries()
        .filter(|entry| entry.is_called(operation))
        .collect();
    let Some(entry) = called.first().copied() else {
        let failure = Failure::work(format!("{entity_ref} has no operation {operation}"));
        return Err(failure
            .help(format!(
                "stagedoor api {entity_ref} --find TEXT, to look for it"
            ))
            .into());
    };
    if called.len() > 1 {
        let names: Vec<String> = called
            .iter()
            .map(|entry| format!("\"{} {}\"", entry.verb, entry.name))
            .collect();
        let failure = Failure::usage(format!("{operation} could be any of {}", names.join(", ")));
        return Err(failure.help("name its method, too").into());
    }
    match format {
        Format::Json => data::write_json(&mut console.out, &with_types(outline, entry))?,
        Format::Yaml => data::write_yaml(&mut console.out, &with_types(outline, entry))?,
        Format::Name => writeln!(console.out, "{} {}", entry.verb, entry.name)?,
        _ => {
            let columns = console.width.unwrap_or(MEASURE).min(MEASURE);
            for row in sheet::rows(outline, entry, &sheet::Folds::open(), columns) {
                let mut line = String::new();
                for (text, part) in &row.cells {
                    let ink = match part {
                        sheet::Ink::Verb => ink(&entry.verb),
                        sheet::Ink::Name | sheet::Ink::Title => Ink::Bold,
                        sheet::Ink::Text => Ink::Plain,
                        sheet::Ink::Dim => Ink::Dim,
                        sheet::Ink::Type | sheet::Ink::Required => Ink::Accent,
                        sheet::Ink::Warning => Ink::Warn,
                        sheet::Ink::Good => Ink::Good,
                        sheet::Ink::Bad => Ink::Bad,
                    };
                    // Nothing in everything that is open is worth a mark.
                    line.push_str(&console.paint(ink, &text.replace("▾ ", "  ")));
                }
                writeln!(console.out, "{}", line.trim_end())?;
            }
        }
    }
    Ok(())
}

/// An entry as data, with the types that it leads to under `types`.
fn with_types(outline: &Outline, entry: &Entry) -> Value {
    let mut types = Map::new();
    let contents = entry
        .responses
        .iter()
        .flat_map(|response| &response.contents);
    let mut due: VecDeque<&Shape> = entry
        .bodies
        .iter()
        .chain(contents)
        .map(|Content { shape, .. }| shape)
        .collect();
    due.extend(entry.parameters.iter().map(|parameter| &parameter.shape));
    due.push_back(&entry.shape);
    while let Some(shape) = due.pop_front() {
        due.extend(shape.parts.iter().map(|part| &part.shape));
        if let Some(target) = &shape.target
            && let Some(of_type) = outline.types.get(target)
            && !types.contains_key(target)
        {
            types.insert(target.clone(), json!(of_type));
            due.push_back(&of_type.shape);
        }
    }
    let mut value = json!(entry);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("types".to_owned(), types.into());
    }
    value
}

/// Operations of some APIs that have all words of a text.
fn find(
    text: &str,
    refs: &[EntityRef],
    catalog: &Catalog,
    format: Format,
    console: &mut Console,
) -> Result<Exit> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let mut table = Table::new(&["API", "VERB", "NAME", "ID", "SUMMARY"]);
    let mut values = Vec::new();
    let mut count = 0;
    for entity_ref in refs {
        let entity = load(catalog, entity_ref)?;
        // An API that has no operations has none to be found; `lint` says what is wrong with it.
        let Ok(outline) = read(&entity) else {
            continue;
        };
        for entry in outline.operations().filter(|entry| entry.matches(&words)) {
            count += 1;
            match format {
                Format::Json | Format::Yaml => values.push(json!({
                    "ref": entity_ref.to_string(),
                    "verb": entry.verb,
                    "name": entry.name,
                    "id": entry.id,
                    "summary": entry.summary,
                    "deprecated": entry.deprecated,
                })),
                Format::Name => {
                    writeln!(console.out, "{entity_ref} {} {}", entry.verb, entry.name)?;
                }
                _ => table.row([
                    Cell::new(super::short_ref(&entity_ref.to_string()), Ink::Dim),
                    Cell::new(&entry.verb, ink(&entry.verb)),
                    Cell::new(&entry.name, Ink::Bold),
                    entry.id.as_str().into(),
                    summary(entry),
                ]),
            }
        }
    }
    match format {
        Format::Json => data::write_json(&mut console.out, &values)?,
        Format::Yaml => data::write_yaml(&mut console.out, &Value::from(values))?,
        _ => table.write(console)?,
    }
    if count == 0 {
        console.note("nothing found");
    }
    Ok(Exit::Done)
}
