//! The form: whether its pages are schemas, and whether what they name is there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::names::{Names, branches, pages, properties};
use super::schema;
use super::{Findings, Spot, below, is_placeholder, shown};
use crate::catalog::{Level, Rule};

/// How deep schemas are looked into.
const DEEPEST: usize = 32;

/// Checks the parameters in `spec`.
pub(super) fn check(spec: &Json, names: &Names<'_>, found: &mut Findings) {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, (pointer, page)) in pages(spec).into_iter().enumerate() {
        if !page.is_object() || is_placeholder(page) {
            continue;
        }
        schema::check(page, &pointer, found);
        level(page, &pointer, names.parameters.as_ref(), 0, found);
        for (name, _) in page
            .get("properties")
            .and_then(Json::as_object)
            .into_iter()
            .flatten()
        {
            if let Some(before) = first
                .insert(name, number)
                .filter(|before| *before != number)
            {
                let spot = Spot::Key(below(&format!("{pointer}/properties"), name));
                let message = format!(
                    "Page {} asks for '{name}', too: the later answer counts.",
                    before + 1
                );
                let finding = found.add(Rule::TemplateSchema, spot, message);
                finding.over(name).at(Level::Info);
            }
        }
    }
}

/// Checks an object's schema and all below it. `around` are the names known from around it; `None` where there may be
/// others.
fn level(
    schema: &Json,
    pointer: &str,
    around: Option<&BTreeSet<&str>>,
    depth: usize,
    found: &mut Findings,
) {
    if depth > DEEPEST || !schema.is_object() || is_placeholder(schema) {
        return;
    }
    let mut names = around.cloned().unwrap_or_default();
    let closed = properties(schema, &mut names, 0) && around.is_some();
    if closed {
        named(schema, "required", pointer, &names, found);
        depends(schema, pointer, &names, found);
        order(schema, pointer, &names, found);
    }
    for (step, branch) in branches(schema) {
        level(
            branch,
            &format!("{pointer}{step}"),
            closed.then_some(&names),
            depth + 1,
            found,
        );
    }
    let own = schema.get("properties").and_then(Json::as_object);
    for (name, property) in own.into_iter().flatten() {
        let pointer = below(&format!("{pointer}/properties"), name);
        inner(property, &pointer, depth, found);
    }
}

/// Checks a property, or the items of a list.
fn inner(property: &Json, pointer: &str, depth: usize, found: &mut Findings) {
    schema::property(property, pointer, found);
    level(property, pointer, Some(&BTreeSet::new()), depth + 1, found);
    if let Some(items) = property.get("items").filter(|items| items.is_object()) {
        inner(items, &format!("{pointer}/items"), depth + 1, found);
    }
}

/// Whether the names that `schema` has under `key` are there.
fn named(schema: &Json, key: &str, pointer: &str, names: &BTreeSet<&str>, found: &mut Findings) {
    let list = schema.get(key).and_then(Json::as_array);
    for (number, name) in list.into_iter().flatten().enumerate() {
        let Some(name) = name.as_str().filter(|name| !names.contains(name)) else {
            continue;
        };
        let spot = Spot::Node(format!("{pointer}/{key}/{number}"));
        let message = format!(
            "{} is required, but no field asks for it: the form can never be sent.",
            shown(&name.into())
        );
        let finding = found.add(Rule::TemplateSchema, spot, message);
        finding.over(name).meaning(name, names.iter().copied());
    }
}

/// Whether the properties are there whose presence something depends on.
fn depends(schema: &Json, pointer: &str, names: &BTreeSet<&str>, found: &mut Findings) {
    let dependencies = schema.get("dependencies").and_then(Json::as_object);
    for (name, wanted) in dependencies.into_iter().flatten() {
        let pointer = below(&format!("{pointer}/dependencies"), name);
        if !names.contains(name.as_str()) {
            let message = format!(
                "Something depends on {}, but no field asks for it.",
                shown(&name.as_str().into())
            );
            let finding = found.add(Rule::TemplateSchema, Spot::Key(pointer.clone()), message);
            finding.over(name).meaning(name, names.iter().copied());
        }
        for (number, wanted) in wanted.as_array().into_iter().flatten().enumerate() {
            if let Some(wanted) = wanted.as_str().filter(|wanted| !names.contains(wanted)) {
                let spot = Spot::Node(format!("{pointer}/{number}"));
                let message = format!(
                    "With '{name}' {} is required, but no field asks for it.",
                    shown(&wanted.into())
                );
                let finding = found.add(Rule::TemplateSchema, spot, message);
                finding.over(wanted).meaning(wanted, names.iter().copied());
            }
        }
    }
}

/// Whether `ui:order` names all fields, and no others.
fn order(schema: &Json, pointer: &str, names: &BTreeSet<&str>, found: &mut Findings) {
    let Some(Json::Array(order)) = schema.get("ui:order") else {
        return;
    };
    let pointer = format!("{pointer}/ui:order");
    for (number, name) in order.iter().enumerate() {
        let Some(name) = name
            .as_str()
            .filter(|name| *name != "*" && !names.contains(name))
        else {
            continue;
        };
        let spot = Spot::Node(format!("{pointer}/{number}"));
        let message = format!(
            "The order names {}, but no field is called so.",
            shown(&name.into())
        );
        let finding = found
            .add(Rule::TemplateSchema, spot, message)
            .over(name)
            .at(Level::Info);
        finding.meaning(name, names.iter().copied());
    }
    let has = |name: &str| order.iter().any(|item| item.as_str() == Some(name));
    let own = schema.get("properties").and_then(Json::as_object);
    let missing = own
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .find(|name| !has(name));
    if let Some(name) = missing.filter(|_| !has("*")) {
        let message = format!(
            "The order leaves out '{name}' and has no '*' for the rest: the page is not shown."
        );
        found.add(Rule::TemplateSchema, Spot::Key(pointer), message);
    }
}
