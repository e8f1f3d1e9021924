//! Secrets out of everything that is shown or kept.

use serde_json::{Map, Value as Json};

use super::Job;
use crate::scaffolder::answers::Answers;
use crate::scaffolder::form::{self, FieldKind};
use crate::scaffolder::template::Template;

/// What is shown instead of a secret.
pub(super) const MASK: &str = "***";

/// What must not be seen of `job`: secrets, and what was typed into password fields.
pub(crate) fn secrets(job: &Job<'_>) -> Vec<String> {
    of(job.template, job.answers)
}

/// What must not be seen of `answers` to the form of `template`.
pub(crate) fn of(template: &Template, answers: &Answers) -> Vec<String> {
    let mut values: Vec<String> = answers.secrets.values().map(str::to_owned).collect();
    for page in &template.pages {
        for field in form::fields(page, answers) {
            if matches!(field.kind, FieldKind::Text { secret: true, .. })
                && let Some(Json::String(text)) = form::get(&field, answers)
            {
                values.push(text);
            }
        }
    }
    list(&values)
}

/// Replaces every secret in `text`. Longer ones first, so that no part of one is left.
pub(crate) fn text(text: &str, secrets: &[String]) -> String {
    let mut out = text.to_owned();
    for secret in secrets {
        if out.contains(secret.as_str()) {
            out = out.replace(secret.as_str(), MASK);
        }
    }
    out
}

/// The secrets that are masked, longest first. Very short ones would blank out half of a log and hide nothing.
fn list(values: &[String]) -> Vec<String> {
    let hides_something =
        |value: &&String| value.chars().count() >= 2 && value.chars().any(|c| c != '*');
    let mut secrets: Vec<String> = values.iter().filter(hides_something).cloned().collect();
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets
}

/// Replaces every secret in the texts of `value`.
pub(crate) fn json(value: &Json, secrets: &[String]) -> Json {
    match value {
        Json::String(inner) => text(inner, secrets).into(),
        Json::Array(items) => items.iter().map(|item| json(item, secrets)).collect(),
        Json::Object(map) => map
            .iter()
            .map(|(key, value)| (text(key, secrets), json(value, secrets)))
            .collect::<Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// `with`, but each text that differs from `without` (the same rendered without secrets) is masked whole: an encoded
/// secret is a secret too.
pub(super) fn compare(with: &Json, without: Option<&Json>) -> Json {
    match (with, without) {
        (Json::Object(map), Some(Json::Object(other))) => map
            .iter()
            .map(|(key, value)| (key.clone(), compare(value, other.get(key))))
            .collect::<Map<_, _>>()
            .into(),
        (Json::Array(items), Some(Json::Array(other))) => items
            .iter()
            .enumerate()
            .map(|(index, item)| compare(item, other.get(index)))
            .collect(),
        (with, Some(without)) if with == without => with.clone(),
        (Json::Bool(_) | Json::Null, _) => with.clone(),
        _ => MASK.into(),
    }
}
