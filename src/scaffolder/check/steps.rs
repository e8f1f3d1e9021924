//! The steps: their ids, their actions, their conditions and their input.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::expression::{Scope, Where};
use super::names::Names;
use super::{Findings, Spot, condition, input, shown};
use crate::catalog::{Level, Rule};
use crate::scaffolder::known;

/// Checks the steps in `spec`.
pub(super) fn check(spec: &Json, names: &Names<'_>, found: &mut Findings) {
    if let Some(Json::Array(steps)) = spec.get("steps")
        && steps.is_empty()
    {
        let message = "The template has no steps: running it does nothing.";
        found.add(Rule::Template, Spot::Key("/spec/steps".to_owned()), message);
    }
    let mut ids: HashMap<&str, usize> = HashMap::new();
    for (number, name) in names.steps.iter().enumerate() {
        let pointer = format!("/spec/steps/{number}");
        if let Some(first) = ids.insert(&name.id, number) {
            let message = format!("Step {} has the id '{}', too.", first + 1, name.id);
            let id = format!("{pointer}/id");
            found
                .add(Rule::TemplateStepId, Spot::Node(id), message)
                .over(&name.id);
        }
        action(name.step, &name.id, &pointer, found);
        if let Some(known) = name.action {
            input::check(known, name.step, &pointer, found);
        }
        let part = |key: &str| {
            name.step
                .get(key)
                .map(|value| (value, format!("{pointer}/{key}")))
        };
        let scope = Scope {
            names,
            before: number,
            each: name.step.get("each").is_some(),
            place: Where::Input,
        };
        for (value, pointer) in ["each", "input"].into_iter().filter_map(part) {
            scope.check(value, &pointer, found);
        }
        if let Some((value, pointer)) = part("if") {
            let place = if scope.each {
                Where::Input
            } else {
                Where::Condition
            };
            condition::check(value, &pointer, &Scope { place, ..scope }, found);
        }
    }
}

/// Whether the action is one that there is.
fn action(step: &Json, step_id: &str, pointer: &str, found: &mut Findings) {
    let Some(id) = step.get("action").and_then(Json::as_str) else {
        return;
    };
    let spot = Spot::Node(format!("{pointer}/action"));
    if id.is_empty() {
        let message = format!("The step '{step_id}' names no action.");
        found.add(Rule::Template, spot, message);
        return;
    }
    if known::find(id).is_some() {
        return;
    }
    let name = shown(&id.into());
    let finding = found.add(
        Rule::TemplateUnknownAction,
        spot,
        format!("No action is known as {name}, unless your Backstage has one of its own."),
    );
    if !finding.over(id).meaning(id, known::ids()) && !known::is_backstages_own(id) {
        finding.at(Level::Info);
    }
}
