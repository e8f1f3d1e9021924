//! `allOf` made one schema, as `json-schema-merge-allof` 0.8 does without going deep.

use serde_json::{Map, Value as Json, json};

use crate::scaffolder::form::types::same;
use crate::scaffolder::form::valid::finds;

/// How many combinations of the members of several `anyOf` are made.
const MAX_COMBINATIONS: usize = 64;

type Object = Map<String, Json>;

/// `object` with its `allOf` merged into it; `None` where the members contradict each other.
pub(super) fn merged(object: &Object) -> Option<Object> {
    let mut all = Vec::new();
    flatten(&Json::Object(object.clone()), &mut all);
    match merge(all)? {
        Some(Json::Object(object)) => Some(object),
        _ => Some(Object::new()),
    }
}

fn flatten(schema: &Json, all: &mut Vec<Json>) {
    let Json::Object(object) = schema else {
        all.push(schema.clone());
        return;
    };
    let mut object = object.clone();
    let members = object.shift_remove("allOf");
    all.push(object.into());
    for member in members
        .as_ref()
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
    {
        flatten(member, all);
    }
}

/// Merges schemas: `None` where they cannot be, `Some(None)` for none at all.
#[expect(clippy::option_option, reason = "no schemas are no contradiction")]
fn merge(schemas: Vec<Json>) -> Option<Option<Json>> {
    if schemas.is_empty() {
        return Some(None);
    }
    if schemas.contains(&Json::Bool(false)) {
        return Some(Some(Json::Bool(false)));
    }
    if schemas.iter().all(|schema| *schema == Json::Bool(true)) {
        return Some(Some(Json::Bool(true)));
    }
    let schemas: Vec<Object> = schemas
        .into_iter()
        .filter_map(|schema| match schema {
            Json::Object(object) => Some(object),
            _ => None,
        })
        .collect();
    let mut keys: Vec<&String> = Vec::new();
    for key in schemas.iter().flat_map(Object::keys) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let mut merged = Object::new();
    for key in keys {
        if is_grouped(key) {
            continue;
        }
        let mut values: Vec<Json> = Vec::new();
        for value in schemas.iter().filter_map(|schema| schema.get(key)) {
            if !values.iter().any(|other| alike(key, other, value)) {
                values.push(value.clone());
            }
        }
        let value = match &values[..] {
            [one] if !is_mapped(key) => one.clone(),
            _ => united(key, values)?,
        };
        merged.insert(key.clone(), value);
    }
    properties(&schemas, &mut merged)?;
    items(&schemas, &mut merged)?;
    Some(Some(merged.into()))
}

fn is_grouped(key: &str) -> bool {
    matches!(
        key,
        "properties" | "patternProperties" | "additionalProperties" | "items" | "additionalItems"
    )
}

/// Keywords whose members are merged even where there is one value alone.
fn is_mapped(key: &str) -> bool {
    matches!(key, "definitions" | "dependencies")
}

/// Whether two values of a keyword say the same; the order of names does not count.
fn alike(key: &str, left: &Json, right: &Json) -> bool {
    if let ("required" | "enum" | "type", Json::Array(left), Json::Array(right)) =
        (key, left, right)
    {
        return left.len() == right.len()
            && left
                .iter()
                .all(|one| right.iter().any(|other| same(one, other)));
    }
    same(left, right)
}

fn united(key: &str, values: Vec<Json>) -> Option<Json> {
    let numbers = || values.iter().filter_map(Json::as_f64);
    let pick = |number: f64| {
        values
            .iter()
            .find(|value| value.as_f64() == Some(number))
            .cloned()
    };
    match key {
        "$id" | "$ref" | "$schema" | "default" | "description" | "title" => {
            values.into_iter().next()
        }
        "required" => {
            let mut names: Vec<Json> = Vec::new();
            for name in values.iter().filter_map(Json::as_array).flatten() {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
            names.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
            Some(names.into())
        }
        "maximum" | "maxItems" | "maxLength" | "maxProperties" | "exclusiveMaximum" => {
            pick(numbers().fold(f64::INFINITY, f64::min))
        }
        "minimum" | "minItems" | "minLength" | "minProperties" | "exclusiveMinimum" => {
            pick(numbers().fold(f64::NEG_INFINITY, f64::max))
        }
        "uniqueItems" => Some(values.contains(&Json::Bool(true)).into()),
        "examples" => Some(
            values
                .iter()
                .filter_map(Json::as_array)
                .flatten()
                .cloned()
                .collect(),
        ),
        "pattern" => {
            let all = values
                .iter()
                .filter_map(Json::as_str)
                .map(|one| format!("(?={one})"));
            Some(all.collect::<String>().into())
        }
        "type" => common_type(&values),
        "enum" => common_values(&values),
        "not" => Some(json!({ "anyOf": values })),
        "contains" | "propertyNames" => merge(values)?,
        "definitions" | "dependencies" => group(&values),
        "oneOf" | "anyOf" => combined(&values),
        "multipleOf" => {
            let whole: Option<Vec<u64>> = values.iter().map(Json::as_u64).collect();
            let multiple = whole?.into_iter().reduce(|a, b| a / gcd(a, b).max(1) * b)?;
            Some(multiple.into())
        }
        // A keyword that nobody knows cannot be two things at once.
        _ => None,
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn common_type(values: &[Json]) -> Option<Json> {
    if !values.iter().any(Json::is_array) {
        return None;
    }
    let names = |value: &Json| match value {
        Json::Array(names) => names.clone(),
        one => vec![one.clone()],
    };
    let mut common = names(values.first()?);
    for value in values {
        let these = names(value);
        common.retain(|name| these.contains(name));
    }
    match common.len() {
        0 => None,
        1 => common.pop(),
        _ => Some(common.into()),
    }
}

fn common_values(values: &[Json]) -> Option<Json> {
    let mut lists = values.iter().filter_map(Json::as_array);
    let mut common = lists.next()?.clone();
    for list in lists {
        common.retain(|value| list.iter().any(|other| same(value, other)));
    }
    common.sort_by(|a, b| match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => a.as_str().cmp(&b.as_str()),
    });
    (!common.is_empty()).then(|| common.into())
}

/// Every option of one with every option of the others, those that go together.
fn combined(values: &[Json]) -> Option<Json> {
    let mut all: Vec<Vec<Json>> = vec![Vec::new()];
    for options in values.iter().filter_map(Json::as_array) {
        all = all
            .iter()
            .flat_map(|before| {
                options.iter().map(|option| {
                    let mut with = vec![option.clone()];
                    with.extend(before.iter().cloned());
                    with
                })
            })
            .take(MAX_COMBINATIONS)
            .collect();
    }
    let mut unique: Vec<Json> = Vec::new();
    for option in all.into_iter().filter_map(merge).flatten() {
        if !unique.iter().any(|other| same(other, &option)) {
            unique.push(option);
        }
    }
    (!unique.is_empty()).then(|| unique.into())
}

/// Members of the same name merged.
fn group(values: &[Json]) -> Option<Json> {
    let mut merged = Object::new();
    let mut names: Vec<&String> = Vec::new();
    for name in values
        .iter()
        .filter_map(Json::as_object)
        .flat_map(Object::keys)
    {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    for name in names {
        let mut members: Vec<Json> = Vec::new();
        for member in values.iter().filter_map(|value| value.get(name)) {
            if !members.iter().any(|other| same(other, member)) {
                members.push(member.clone());
            }
        }
        if members.iter().all(Json::is_array) {
            let member = if members.len() == 1 {
                members.pop()?
            } else {
                united("required", members)?
            };
            merged.insert(name.clone(), member);
            continue;
        }
        let members = members
            .into_iter()
            .map(|member| {
                if member.is_array() {
                    json!({ "required": member })
                } else {
                    member
                }
            })
            .collect();
        if let Some(member) = merge(members)? {
            merged.insert(name.clone(), member);
        }
    }
    Some(merged.into())
}

/// Merges `properties`, `patternProperties` and `additionalProperties`, which speak of each other.
fn properties(schemas: &[Object], merged: &mut Object) -> Option<()> {
    let groups = ["properties", "patternProperties", "additionalProperties"];
    let mut parts: Vec<Object> = Vec::new();
    let mut any = false;
    for schema in schemas {
        let mut part = Object::new();
        for key in groups {
            if let Some(value) = schema.get(key) {
                part.insert(key.to_owned(), value.clone());
                any = true;
            }
        }
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    if !any {
        return Some(());
    }
    // What one of them says of all further properties, it says of the named ones of the others.
    for at in 0..parts.len() {
        let part = parts.get(at)?.clone();
        let Some(more) = part.get("additionalProperties") else {
            continue;
        };
        let own = part.get("properties").and_then(Json::as_object);
        let patterns: Vec<&String> = part
            .get("patternProperties")
            .and_then(Json::as_object)
            .into_iter()
            .flat_map(Object::keys)
            .collect();
        for (other_at, other) in parts.iter_mut().enumerate() {
            if other_at == at {
                continue;
            }
            let Some(Json::Object(others)) = other.get_mut("properties") else {
                continue;
            };
            for (name, property) in others.iter_mut() {
                let named = own.is_some_and(|own| own.contains_key(name));
                if named || patterns.iter().any(|pattern| finds(pattern, name)) {
                    continue;
                }
                if let Some(narrowed) = merge(vec![property.clone(), more.clone()])? {
                    *property = narrowed;
                }
            }
        }
    }
    let of = |key: &str| -> Vec<Json> {
        parts
            .iter()
            .filter_map(|part| part.get(key).cloned())
            .collect()
    };
    if let Some(more) = merge(of("additionalProperties"))? {
        merged.insert("additionalProperties".to_owned(), more);
    }
    for key in ["patternProperties", "properties"] {
        let mut all = group(&of(key))?;
        if merged.get("additionalProperties") == Some(&Json::Bool(false))
            && let Json::Object(all) = &mut all
        {
            all.retain(|_, property| *property != Json::Bool(false));
        }
        if key == "properties" || all.as_object().is_some_and(|all| !all.is_empty()) {
            merged.insert(key.to_owned(), all);
        }
    }
    Some(())
}

/// Merges `items` and `additionalItems`.
fn items(schemas: &[Object], merged: &mut Object) -> Option<()> {
    let with: Vec<&Object> = schemas
        .iter()
        .filter(|schema| schema.contains_key("items") || schema.contains_key("additionalItems"))
        .collect();
    if with.is_empty() {
        return Some(());
    }
    let all: Vec<Json> = with
        .iter()
        .filter_map(|schema| schema.get("items").cloned())
        .collect();
    if all.iter().any(Json::is_array) {
        let longest = all
            .iter()
            .filter_map(Json::as_array)
            .map(Vec::len)
            .max()
            .unwrap_or(0);
        let mut items = Vec::new();
        for at in 0..longest {
            let here = with.iter().filter_map(|schema| match schema.get("items") {
                Some(Json::Array(items)) => items
                    .get(at)
                    .or_else(|| schema.get("additionalItems"))
                    .cloned(),
                other => other.cloned(),
            });
            items.push(merge(here.collect())?.unwrap_or_default());
        }
        merged.insert("items".to_owned(), items.into());
    } else if let Some(items) = merge(all.clone())? {
        merged.insert("items".to_owned(), items);
    }
    let last: Vec<Json> = with
        .iter()
        .filter_map(|schema| match schema.get("items") {
            Some(Json::Array(_)) | None => schema.get("additionalItems").cloned(),
            Some(items) if all.iter().any(Json::is_array) => Some(items.clone()),
            Some(_) => None,
        })
        .collect();
    if let Some(more) = merge(last)? {
        merged.insert("additionalItems".to_owned(), more);
    }
    Some(())
}
