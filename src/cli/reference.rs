//! What a person writes for an entity, found in the catalog: a full reference, or a name that fits only one.

use crate::catalog::entity_ref::{DEFAULT_NAMESPACE, RefContext};
use crate::catalog::index::Summary;
use crate::catalog::{EntityRef, Index, Row};
use crate::search::{self, Context, Query};

use super::exit::Failure;

/// How many names are suggested for one that is not there.
const SUGGESTIONS: usize = 3;

/// The entity that `text` means among those that `fits` lets through; `what` is what is looked for, as "entity".
pub(crate) fn resolve(
    index: &Index,
    text: &str,
    what: &str,
    fits: impl Fn(&Summary<'_>) -> bool,
) -> Result<(Row, EntityRef), Failure> {
    let context = RefContext {
        kind: Some("*"),
        namespace: DEFAULT_NAMESPACE,
    };
    let wanted =
        EntityRef::parse(text, context).map_err(|error| Failure::usage(error.to_string()))?;
    if wanted.kind() != "*" {
        return index
            .row_of(&wanted)
            .map(|row| (row, wanted.clone()))
            .ok_or_else(|| missing(index, &wanted.to_string(), wanted.name(), what));
    }
    let names_namespace = text.contains('/');
    let found: Vec<(Row, EntityRef)> = index
        .rows()
        .filter(|row| index.folded_name(*row) == wanted.name())
        .filter_map(|row| Some((row, index.summary(row)?)))
        .filter(|(_, summary)| !names_namespace || summary.namespace == wanted.namespace())
        .filter(|(_, summary)| fits(summary))
        .filter_map(|(row, _)| Some((row, index.entity_ref(row)?)))
        .collect();
    match found.as_slice() {
        [] => Err(missing(index, text, wanted.name(), what)),
        [only] => Ok(only.clone()),
        several => {
            let names: Vec<String> = several.iter().map(|(_, r)| r.to_string()).collect();
            Err(
                Failure::usage(format!("{text} could be any of {}", names.join(", ")))
                    .help("name its kind, as in component:NAME"),
            )
        }
    }
}

fn missing(index: &Index, text: &str, name: &str, what: &str) -> Failure {
    let failure = Failure::work(format!("no {what} is called {text}"));
    // A near miss differs at its end more often than at its start.
    let half: String = name
        .chars()
        .take(name.chars().count().div_ceil(2).max(3))
        .collect();
    let mut near: Vec<String> = Vec::new();
    let candidates = [name, half.as_str()]
        .into_iter()
        .flat_map(|name| {
            search::find(
                index,
                &Query::parse(name),
                &Context::default(),
                SUGGESTIONS,
                &|| false,
            )
            .hits
        })
        .filter_map(|hit| index.entity_ref(hit.row))
        .map(|entity_ref| entity_ref.to_string());
    for candidate in candidates {
        if near.len() < SUGGESTIONS && !near.contains(&candidate) {
            near.push(candidate);
        }
    }
    if near.is_empty() {
        failure.help("stagedoor find TEXT, to look for it")
    } else {
        failure.help(format!("one of {}", near.join(", ")))
    }
}
