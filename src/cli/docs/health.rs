//! What is wrong with one docs site: of a folder it is looked for now, of an entity it is what the last sync found.

use std::collections::BTreeMap;
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
    let (problems, changes) = match (folder, reference) {
        (Some(folder), _) => lint::check_docs(folder)?,
        (None, text) => (of_entity(text.unwrap_or_default(), global, console)?, None),
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
            console.note(&summary(&problems));
            if let Some((docs, code)) = changes {
                console.note(&age(docs, code));
            }
        }
    }
    let is_wrong = problems.iter().any(|problem| problem.level < Level::Info);
    Ok(if is_wrong { Exit::Failed } else { Exit::Done })
}

/// How often which rule found something.
fn summary(problems: &[Problem]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for problem in problems {
        *counts.entry(problem.rule.code()).or_default() += 1;
    }
    let counts = counts.iter().map(|(code, count)| format!("{count} {code}"));
    let counts: Vec<String> = counts.collect();
    if counts.is_empty() {
        "nothing is wrong with these docs".to_owned()
    } else {
        counts.join(", ")
    }
}

/// How old the docs are beside the code, both in seconds since 1970.
fn age(docs: u64, code: u64) -> String {
    let days = code.abs_diff(docs) / (24 * 60 * 60);
    let unit = if days == 1 { "day" } else { "days" };
    match (days, docs < code) {
        (0, _) => "the docs were last changed with the code beside them".to_owned(),
        (_, true) => {
            format!("the docs were last changed {days} {unit} before the code beside them")
        }
        (_, false) => {
            format!("the docs were last changed {days} {unit} after the code beside them")
        }
    }
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
