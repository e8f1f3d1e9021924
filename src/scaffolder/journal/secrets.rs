//! What is kept of a run without its secrets, and whether one is in its files.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value as Json};
use walkdir::WalkDir;

use crate::scaffolder::answers::Answers;
use crate::scaffolder::form::{self, FieldKind};
use crate::scaffolder::run::mask;
use crate::scaffolder::template::Template;

/// The parameters without what was typed into secret fields, and what was left out: paths of fields, names of secrets.
pub(crate) fn without(template: &Template, answers: &Answers) -> (Map<String, Json>, Vec<String>) {
    let secrets = mask::of(template, answers);
    let mut parameters = answers.parameters.clone();
    let mut withheld: Vec<String> = answers
        .secrets
        .iter()
        .map(|(name, _)| name.to_owned())
        .collect();
    for page in &template.pages {
        for field in form::fields(page, answers) {
            let is_secret =
                field.secret || matches!(field.kind, FieldKind::Text { secret: true, .. });
            if !is_secret || form::get(&field, answers).is_none() {
                continue;
            }
            take(&mut parameters, &field.path);
            // The field of a secret has stars among the parameters; what they stand for is named already.
            if !field.secret && !withheld.contains(&field.path) {
                withheld.push(field.path.clone());
            }
        }
    }
    let kept = match mask::json(&Json::Object(parameters), &secrets) {
        Json::Object(parameters) => parameters,
        _ => Map::new(),
    };
    (kept, withheld)
}

/// Takes away what stands at `path`.
fn take(parameters: &mut Map<String, Json>, path: &str) {
    let Some((parent, name)) = path.rsplit_once('/') else {
        return;
    };
    if parent.is_empty() {
        parameters.shift_remove(name);
        return;
    }
    let mut parts = parent.trim_start_matches('/').split('/');
    let first = parts.next().unwrap_or_default();
    let inner = parts.try_fold(parameters.get_mut(first), |at, part| {
        at.map(|at| at.get_mut(part))
    });
    if let Some(Some(Json::Object(object))) = inner {
        object.shift_remove(name);
    }
}

/// Whether a file below `folder`, its name included, holds one of `secrets`; what cannot be read might.
pub(super) fn are_in(folder: &Path, secrets: &[String]) -> bool {
    if secrets.is_empty() {
        return false;
    }
    let finders: Vec<_> = secrets
        .iter()
        .map(|secret| memchr::memmem::Finder::new(secret.as_bytes()))
        .collect();
    let holds = |bytes: &[u8]| finders.iter().any(|finder| finder.find(bytes).is_some());
    WalkDir::new(folder).into_iter().any(|entry| {
        let Ok(entry) = entry else {
            return true;
        };
        let is_read = entry.file_type().is_file();
        holds(entry.path().as_os_str().as_encoded_bytes())
            || (is_read && fs::read(entry.path()).map_or(true, |bytes| holds(&bytes)))
    })
}
