//! What is kept of a run without its secrets, and whether one is in its files.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value as Json};
use walkdir::WalkDir;

use crate::scaffolder::answers::Answers;
use crate::scaffolder::form::{self, FieldKind};
use crate::scaffolder::run::mask;
use crate::scaffolder::template::Template;

/// The parameters without what was typed into secret fields, in the order in which the form asks for them, and what was left
/// out: paths of fields, names of secrets.
pub(crate) fn without(template: &Template, answers: &Answers) -> (Map<String, Json>, Vec<String>) {
    let secrets = mask::of(template, answers);
    let mut parameters = answers.parameters.clone();
    let mut withheld: Vec<String> = answers
        .secrets
        .iter()
        .map(|(name, _)| name.to_owned())
        .collect();
    let mut order: Vec<String> = Vec::new();
    for page in &template.pages {
        for field in form::fields(page, answers) {
            order.push(form::split(&field.path).0);
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
        Json::Object(parameters) => in_order(parameters, &order),
        _ => Map::new(),
    };
    (kept, withheld)
}

/// The parameters in the order of these names; those that are not among them stand behind, in their own order.
fn in_order(mut parameters: Map<String, Json>, names: &[String]) -> Map<String, Json> {
    let mut ordered = Map::new();
    for name in names {
        ordered.extend(parameters.shift_remove_entry(name));
    }
    ordered.extend(parameters);
    ordered
}

/// What of `withheld`, as a record has it, is not among `answers`.
pub fn not_given<'a>(withheld: &'a [String], answers: &Answers) -> Vec<&'a str> {
    let is_given = |name: &&str| match name.strip_prefix('/') {
        Some(_) => at(&answers.parameters, name).is_some(),
        None => answers.secrets.get(name).is_some(),
    };
    let names = withheld.iter().map(String::as_str);
    names.filter(|name| !is_given(name)).collect()
}

/// What stands at `path`.
fn at<'a>(parameters: &'a Map<String, Json>, path: &str) -> Option<&'a Json> {
    let (first, rest) = path
        .strip_prefix('/')?
        .split_once('/')
        .unwrap_or((path.get(1..)?, ""));
    let value = parameters.get(first)?;
    if rest.is_empty() {
        Some(value)
    } else {
        value.pointer(&format!("/{rest}"))
    }
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
