//! What is wrong with one docs site: of a folder it is looked for now, of an entity it is what the last sync found.

use std::io::Write;
use std::path::Path;

use color_eyre::eyre::Result;
use serde_json::Value;

use crate::catalog::problem::Theme;
use crate::catalog::{Level, Problem};
use crate::cli::args::{Format, Global};
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::open::Catalog;
use crate::cli::{data, lint, reference};

/// Lists the findings of the site in `folder`, or of the docs of the entity that `reference` names.
pub(super) fn run(
    folder: Option<&Path>,
    reference: Option<&str>,
    format: Format,
    global: &Global,
    console: &mut Console,
) -> Result<Exit> {
    let problems = match (folder, reference) {
        (Some(folder), _) => lint::check_docs(folder)?,
        (None, text) => of_entity(text.unwrap_or_default(), global, console)?,
    };
    match format {
        Format::Json | Format::Yaml => {
            let all: Vec<Value> = problems.iter().map(data::problem).collect();
            if format == Format::Json {
                data::write_json(&mut console.out, &all)?;
            } else {
                data::write_yaml(&mut console.out, &all.into())?;
            }
        }
        _ => {
            for problem in &problems {
                let level = problem.level.as_str();
                let code = problem.rule.code();
                writeln!(
                    console.out,
                    "{} {level} {} [{code}]",
                    problem.place, problem.message
                )?;
            }
            if problems.is_empty() {
                console.note("nothing is wrong with these docs");
            }
        }
    }
    let is_wrong = problems.iter().any(|problem| problem.level < Level::Info);
    Ok(if is_wrong { Exit::Failed } else { Exit::Done })
}

fn of_entity(text: &str, global: &Global, console: &Console) -> Result<Vec<Problem>> {
    let catalog = Catalog::open(global, console)?;
    let (_, entity) =
        reference::resolve(&catalog.index, text, "entity with docs", |row| row.has_docs)?;
    let stored = catalog.store.entity(&entity)?;
    let mut problems = stored.map(|stored| stored.problems).unwrap_or_default();
    problems.retain(|problem| problem.rule.info().theme == Theme::Docs);
    Ok(problems)
}
