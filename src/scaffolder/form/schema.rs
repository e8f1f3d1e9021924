//! A page's JSON Schema, resolved against the answers so far: `$ref`, `allOf`, `if/then/else`, `dependencies` and choices
//! between objects become one plain object schema, the way rjsf's `retrieveSchema` does it.

use serde_json::{Map, Value as Json, json};

/// How many branches are followed, one inside of the other.
const MAX_ROUNDS: usize = 32;
/// How deep objects may nest.
const MAX_DEPTH: usize = 16;

/// `schema` for `data`; everything conditional is decided. `root` holds the definitions that `$ref` names.
pub(super) fn resolve(schema: &Json, data: &Json, root: &Json) -> Json {
    resolve_at(schema, data, root, 0)
}

fn resolve_at(schema: &Json, data: &Json, root: &Json, depth: usize) -> Json {
    let Json::Object(object) = schema else {
        return schema.clone();
    };
    let mut object = object.clone();
    for _ in 0..MAX_ROUNDS {
        if !expand(&mut object, data, root) {
            break;
        }
    }
    if depth < MAX_DEPTH
        && let Some(Json::Object(properties)) = object.get_mut("properties")
    {
        for (name, property) in properties.iter_mut() {
            let value = data.get(name).unwrap_or(&Json::Null);
            *property = resolve_at(property, value, root, depth + 1);
        }
    }
    Json::Object(object)
}

/// Takes one conditional keyword away and puts in what it stands for; false when there is none left.
fn expand(object: &mut Map<String, Json>, data: &Json, root: &Json) -> bool {
    if let Some(Json::String(reference)) = object.shift_remove("$ref") {
        let target = reference
            .strip_prefix('#')
            .and_then(|pointer| root.pointer(pointer));
        if let Some(Json::Object(target)) = target {
            let own = std::mem::replace(object, target.clone());
            merge(object, &Json::Object(own));
        }
        return true;
    }
    if let Some(Json::Object(dependencies)) = object.shift_remove("dependencies") {
        for (name, dependency) in &dependencies {
            if let Some(value) = data.get(name) {
                depend(object, name, value, dependency);
            }
        }
        return true;
    }
    if let Some(Json::Array(members)) = object.shift_remove("allOf") {
        for member in &members {
            let member = resolve_at(member, data, root, MAX_DEPTH);
            merge(object, &member);
        }
        return true;
    }
    if let Some(condition) = object.shift_remove("if") {
        let then = object.shift_remove("then");
        let otherwise = object.shift_remove("else");
        let branch = if matches(&condition, data) {
            then
        } else {
            otherwise
        };
        if let Some(branch) = branch {
            merge(object, &branch);
        }
        return true;
    }
    for keyword in ["oneOf", "anyOf"] {
        let of_objects = object
            .get(keyword)
            .and_then(Json::as_array)
            .is_some_and(|branches| branches.iter().any(|b| b.get("properties").is_some()));
        if of_objects && let Some(Json::Array(branches)) = object.shift_remove(keyword) {
            let found = branches.iter().find(|branch| matches(branch, data));
            if let Some(branch) = found.or(branches.first()) {
                merge(object, branch);
            }
            return true;
        }
    }
    false
}

/// What the property `name`, which has `value`, brings with it.
fn depend(object: &mut Map<String, Json>, name: &str, value: &Json, dependency: &Json) {
    match dependency {
        Json::Array(required) => merge(object, &json!({ "required": required })),
        Json::Object(schema) => {
            let mut schema = schema.clone();
            let branches = schema.shift_remove("oneOf");
            merge(object, &Json::Object(schema));
            let branch = branches.as_ref().and_then(Json::as_array).and_then(|all| {
                all.iter().find(|branch| {
                    branch
                        .get("properties")
                        .and_then(|properties| properties.get(name))
                        .is_some_and(|schema| matches(schema, value))
                })
            });
            if let Some(branch) = branch {
                let mut branch = branch.clone();
                if let Some(Json::Object(properties)) = branch.get_mut("properties") {
                    properties.shift_remove(name);
                }
                merge(object, &branch);
            }
        }
        _ => {}
    }
}

/// Puts `other` into `into`: properties and definitions are merged, `required` is united, the later wins otherwise.
fn merge(into: &mut Map<String, Json>, other: &Json) {
    let Json::Object(other) = other else {
        return;
    };
    for (key, value) in other {
        match (into.get_mut(key), value) {
            (Some(Json::Object(old)), Json::Object(_))
                if matches!(key.as_str(), "properties" | "definitions" | "dependencies") =>
            {
                merge_members(old, value);
            }
            (Some(Json::Array(old)), Json::Array(new))
                if matches!(key.as_str(), "required" | "allOf") =>
            {
                for item in new {
                    if !old.contains(item) {
                        old.push(item.clone());
                    }
                }
            }
            _ => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}

fn merge_members(into: &mut Map<String, Json>, other: &Json) {
    for (key, value) in other.as_object().into_iter().flatten() {
        match into.get_mut(key) {
            Some(Json::Object(old)) => merge(old, value),
            _ => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}

/// Whether `data` is valid by `schema`. The frequent conditions are decided here, the rest by the validator.
pub(super) fn matches(schema: &Json, data: &Json) -> bool {
    match schema {
        Json::Bool(answer) => return *answer,
        Json::Object(object) if object.keys().all(|key| is_note(key) || is_simple(key)) => {
            return object.iter().all(|(key, value)| simple(key, value, data));
        }
        _ => {}
    }
    validator(schema).is_none_or(|validator| validator.is_valid(data))
}

fn is_note(key: &str) -> bool {
    key.starts_with("ui:") || matches!(key, "title" | "description" | "default")
}

fn is_simple(key: &str) -> bool {
    matches!(key, "const" | "enum" | "properties" | "required")
}

fn simple(key: &str, value: &Json, data: &Json) -> bool {
    match (key, value) {
        ("const", value) => data == value,
        ("enum", Json::Array(values)) => values.contains(data),
        ("properties", Json::Object(properties)) => properties
            .iter()
            .all(|(name, schema)| data.get(name).is_none_or(|value| matches(schema, value))),
        ("required", Json::Array(names)) => names
            .iter()
            .filter_map(Json::as_str)
            .all(|name| data.get(name).is_some() || !data.is_object()),
        _ => true,
    }
}

/// A draft 7 validator; `None` if the schema is none. Patterns are JavaScript's and are checked elsewhere.
pub(super) fn validator(schema: &Json) -> Option<jsonschema::Validator> {
    let mut schema = schema.clone();
    strip(&mut schema, 0);
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft7)
        .should_validate_formats(true)
        .build(&schema)
        .ok()
}

/// Takes out what only forms know, and patterns.
fn strip(schema: &mut Json, depth: usize) {
    if depth > 64 {
        return;
    }
    match schema {
        Json::Object(object) => {
            object.retain(|key, value| match key.as_str() {
                "$schema" | "$id" | "errorMessage" => false,
                // A property may be called so, too; only the keyword is a text or a list.
                "pattern" => !value.is_string(),
                "required" => value.is_array() || value.is_object(),
                key => !key.starts_with("ui:"),
            });
            for value in object.values_mut() {
                strip(value, depth + 1);
            }
        }
        Json::Array(items) => {
            for item in items {
                strip(item, depth + 1);
            }
        }
        _ => {}
    }
}

/// The value of `ui:<key>`, or of `<key>` in `ui:options`.
pub(super) fn ui<'a>(schema: &'a Json, key: &str) -> Option<&'a Json> {
    schema
        .get(format!("ui:{key}"))
        .or_else(|| schema.get("ui:options")?.get(key))
}

/// The text of `ui:<key>`.
pub(super) fn ui_text<'a>(schema: &'a Json, key: &str) -> Option<&'a str> {
    ui(schema, key).and_then(Json::as_str)
}

/// Whether a page or property waits for a feature flag; there are none here.
pub(super) fn behind_flag(schema: &Json) -> bool {
    schema.get("backstage:featureFlag").is_some()
        || schema
            .get("ui:backstage")
            .is_some_and(|backstage| backstage.get("featureFlag").is_some())
}

/// The type of a property, inferred where it is missing.
pub(super) fn type_of(schema: &Json) -> &str {
    let of_value = |value: &Json| match value {
        Json::Bool(_) => "boolean",
        Json::Number(number) if number.is_f64() => "number",
        Json::Number(_) => "integer",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
        _ => "string",
    };
    match schema.get("type") {
        Some(Json::String(name)) => return name,
        Some(Json::Array(names)) => {
            let mut names = names.iter().filter_map(Json::as_str);
            return names.find(|name| *name != "null").unwrap_or("string");
        }
        _ => {}
    }
    if let Some(value) = schema.get("const").or_else(|| schema.get("default")) {
        return of_value(value);
    }
    if schema.get("properties").is_some() || schema.get("additionalProperties").is_some() {
        return "object";
    }
    if schema.get("items").is_some() {
        return "array";
    }
    "string"
}

/// The properties of a resolved object schema in the order in which they are shown, without those behind a flag.
pub(super) fn properties(schema: &Json) -> Vec<(&String, &Json)> {
    let Some(Json::Object(all)) = schema.get("properties") else {
        return Vec::new();
    };
    let mut properties: Vec<_> = all
        .iter()
        .filter(|(_, property)| property.is_object() && !behind_flag(property))
        .collect();
    if let Some(Json::Array(order)) = ui(schema, "order") {
        let place = |name: &str| order.iter().position(|item| item.as_str() == Some(name));
        let rest = place("*").unwrap_or(order.len());
        properties.sort_by_key(|(name, _)| place(name).unwrap_or(rest));
    }
    properties
}

/// Whether a resolved object schema requires `name`.
pub(super) fn requires(schema: &Json, name: &str) -> bool {
    schema
        .get("required")
        .and_then(Json::as_array)
        .is_some_and(|names| names.iter().any(|n| n.as_str() == Some(name)))
}

/// `path` with one more name, as a JSON pointer.
pub(super) fn join(path: &str, name: &str) -> String {
    format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"))
}
