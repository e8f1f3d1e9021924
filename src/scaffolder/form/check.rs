//! What is wrong with answers, beside the fields that they are of.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::page::join;
use super::repo_url::RepoUrl;
use super::valid::{Wrong, wrongs};
use super::{Field, FieldError, FieldKind};

/// Errors of `data` by the resolved page schema, at most one a field, in the order of `fields`.
pub(super) fn check(schema: &Json, data: &Json, fields: &[Field]) -> Vec<FieldError> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for wrong in wrongs(schema, data) {
        let (path, message) = placed(wrong, data, fields);
        found.entry(path).or_insert(message);
    }
    for field in fields {
        let value = data.pointer(&field.path);
        if let Some(message) = value.and_then(|value| own(field, value)) {
            found.entry(field.path.clone()).or_insert(message);
        }
    }
    let place = |path: &str| fields.iter().position(|field| field.path == path);
    let mut errors: Vec<FieldError> = found
        .into_iter()
        .map(|(path, message)| FieldError { path, message })
        .collect();
    errors.sort_by_key(|error| place(&error.path).unwrap_or(usize::MAX));
    errors
}

/// The field that shows what is wrong: the one at its path, else the one around it that holds the value; else the page.
fn placed(wrong: Wrong, data: &Json, fields: &[Field]) -> (String, String) {
    let empty = wrong.keyword == "type" && data.pointer(&wrong.path).is_some_and(Json::is_null);
    let message = if empty {
        "This is needed".to_owned()
    } else {
        wrong.message
    };
    let asked = |field: &Field| field.path == wrong.path && field.kind != FieldKind::Group;
    if fields.iter().any(asked) {
        return (wrong.path, message);
    }
    // What is wrong with a list or a choice of shapes is said where it can be mended.
    for place in ["-", "__oneof_select", "__anyof_select"] {
        let place = join(&wrong.path, place);
        if fields.iter().any(|field| field.path == place) {
            return (place, message);
        }
    }
    if fields.iter().any(|field| field.path == wrong.path) {
        return (wrong.path, message);
    }
    let mut path = wrong.path.as_str();
    while let Some((around, _)) = path.rsplit_once('/') {
        path = around;
        let holds = |field: &&Field| field.path == path && field.kind != FieldKind::Group;
        if let Some(field) = fields.iter().find(holds) {
            let inside = wrong
                .path
                .strip_prefix(path)
                .unwrap_or_default()
                .trim_start_matches('/');
            let message = match (&field.kind, inside.parse::<usize>()) {
                (FieldKind::List(_) | FieldKind::MultiChoice(_), Ok(at)) => {
                    format!("Value {}: {}", at + 1, lower(&message))
                }
                (FieldKind::Structure, _) => format!("{inside}: {}", lower(&message)),
                _ => message,
            };
            return (field.path.clone(), message);
        }
    }
    if wrong.path.is_empty() {
        return (String::new(), message);
    }
    let name = wrong.path.trim_start_matches('/').replace('/', ".");
    (wrong.path, format!("{name}: {}", lower(&message)))
}

fn lower(message: &str) -> String {
    let mut letters = message.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}

/// The rules of Backstage's own fields.
fn own(field: &Field, value: &Json) -> Option<String> {
    match (&field.kind, value) {
        (FieldKind::RepoUrl(_), Json::String(text)) => {
            let missing = RepoUrl::read(text).missing()?;
            Some(format!("The repository's {missing} is missing"))
        }
        (FieldKind::EntityName, Json::String(name)) if !is_name(name) => Some(
            "Letters, digits, - _ . only, beginning and ending with a letter or digit, at most 63 characters"
                .to_owned(),
        ),
        (FieldKind::Tags(_), Json::Array(tags)) => tags
            .iter()
            .filter_map(Json::as_str)
            .find(|tag| !is_tag(tag))
            .map(|tag| format!("{tag:?} is no tag: a-z, 0-9, + # : and single - between them, at most 63 characters")),
        (FieldKind::Entities(_), Json::Array(refs)) => refs
            .iter()
            .filter_map(Json::as_str)
            .find(|text| text.parse::<crate::catalog::EntityRef>().is_err())
            .map(|text| format!("{text:?} is no entity; write it as <kind>:[<namespace>/]<name>")),
        _ => None,
    }
}

/// The name of a Kubernetes object, as Backstage's `KubernetesValidatorFunctions.isValidObjectName`.
fn is_name(name: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    name.len() <= 63
        && edge(name.chars().next())
        && edge(name.chars().next_back())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

fn is_tag(tag: &str) -> bool {
    tag.len() <= 63
        && tag.split('-').all(|part| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "+#:".contains(c))
        })
}
