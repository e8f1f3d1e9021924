//! The names that a template's expressions may use: its parameters, its steps and what they give.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::is_placeholder;
use crate::scaffolder::known::{self, Known};

/// The names of a template.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    /// The parameters that its form asks for; `None` where they cannot be known.
    pub(super) parameters: Option<BTreeSet<&'a str>>,
    /// Its steps, in their order.
    pub(super) steps: Vec<StepName<'a>>,
    /// Whether something among the steps is not known: other steps may stand there.
    pub(super) more_steps: bool,
}

/// A step, as expressions see it.
#[derive(Debug)]
pub(super) struct StepName<'a> {
    /// `id`, else `step-<n>`.
    pub(super) id: String,
    /// Its action, where that is known.
    pub(super) action: Option<&'static Known>,
    /// The step.
    pub(super) step: &'a Json,
}

impl<'a> Names<'a> {
    /// The names in `spec`.
    pub(super) fn of(spec: &'a Json) -> Self {
        let mut names = Self::default();
        for (number, step) in spec
            .get("steps")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .enumerate()
        {
            names.more_steps |= is_placeholder(step);
            let text = |key: &str| step.get(key).and_then(Json::as_str);
            names.steps.push(StepName {
                id: text("id").map_or_else(|| format!("step-{}", number + 1), str::to_owned),
                action: text("action").and_then(known::find),
                step,
            });
        }
        names.parameters = parameters(spec);
        names
    }
}

/// The pages of the form, each with its JSON pointer.
pub(super) fn pages(spec: &Json) -> Vec<(String, &Json)> {
    match spec.get("parameters") {
        Some(Json::Array(pages)) => pages
            .iter()
            .enumerate()
            .map(|(number, page)| (format!("/spec/parameters/{number}"), page))
            .collect(),
        Some(page @ Json::Object(_)) => vec![("/spec/parameters".to_owned(), page)],
        _ => Vec::new(),
    }
}

/// The parameters that a form asks for. A template without a form is run by other programs, which give what they like;
/// decorators put in what they like, too.
fn parameters(spec: &Json) -> Option<BTreeSet<&str>> {
    let decorated = ["formDecorators", "EXPERIMENTAL_formDecorators"];
    let pages = pages(spec);
    if pages.is_empty() || decorated.iter().any(|key| spec.get(key).is_some()) {
        return None;
    }
    let mut all = BTreeSet::new();
    pages
        .iter()
        .all(|(_, page)| properties(page, &mut all, 0))
        .then_some(all)
}

/// Adds the names of the properties that `schema` has on its own level under whichever condition; false where there may
/// be others.
pub(super) fn properties<'a>(schema: &'a Json, all: &mut BTreeSet<&'a str>, depth: usize) -> bool {
    const DEEPEST: usize = 32;
    if is_placeholder(schema) || schema.get("$ref").is_some() || depth > DEEPEST {
        return false;
    }
    // A layout of a portal's own may fill in what it likes.
    let has_layout = schema.get("ui:ObjectFieldTemplate").is_some();
    let others = schema.get("additionalProperties");
    let mut closed = !has_layout
        && schema.get("patternProperties").is_none()
        && others.is_none_or(|others| matches!(others, Json::Bool(false)));
    if let Some(own) = schema.get("properties") {
        closed &= !is_placeholder(own);
        all.extend(
            own.as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| name.as_str()),
        );
    }
    for branch in branches(schema) {
        closed &= properties(branch.1, all, depth + 1);
    }
    closed
}

/// The schemas that stand on the same level as `schema`, each with its pointer from there.
pub(super) fn branches(schema: &Json) -> Vec<(String, &Json)> {
    let mut all = Vec::new();
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let members = schema.get(keyword).and_then(Json::as_array);
        for (number, member) in members.into_iter().flatten().enumerate() {
            all.push((format!("/{keyword}/{number}"), member));
        }
    }
    for keyword in ["then", "else"] {
        all.extend(
            schema
                .get(keyword)
                .map(|member| (format!("/{keyword}"), member)),
        );
    }
    let dependencies = schema.get("dependencies").and_then(Json::as_object);
    for (name, member) in dependencies.into_iter().flatten() {
        all.push((super::below("/dependencies", name), member));
    }
    all
}
