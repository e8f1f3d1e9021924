//! The type of a schema and of a value, as rjsf names and guesses them.

use serde_json::Value as Json;

/// The type of `schema`, inferred where it is not said (`getSchemaType`).
pub(super) fn of(schema: &Json) -> Option<&str> {
    match schema.get("type") {
        Some(Json::String(name)) if !name.is_empty() => return Some(name),
        Some(Json::Array(names)) => {
            let mut texts = names.iter().filter_map(Json::as_str);
            let nullable =
                names.len() == 2 && names.iter().any(|name| name.as_str() == Some("null"));
            return if nullable {
                texts.find(|name| *name != "null")
            } else {
                texts.next()
            };
        }
        _ => {}
    }
    if let Some(value) = schema.get("const").filter(|value| truthy(value)) {
        return Some(guess(value));
    }
    if schema.get("enum").is_some_and(truthy) {
        return Some("string");
    }
    let object = ["properties", "additionalProperties"];
    if object
        .iter()
        .any(|key| schema.get(*key).is_some_and(truthy))
    {
        return Some("object");
    }
    None
}

/// The type of a value (`guessType`).
pub(super) fn guess(value: &Json) -> &'static str {
    match value {
        Json::Array(_) => "array",
        Json::String(_) => "string",
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::Object(_) => "object",
    }
}

/// Whether JavaScript takes a value for true.
pub(super) fn truthy(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(value) => *value,
        Json::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(_) | Json::Object(_) => true,
    }
}

/// Whether two values are the same, `1` and `1.0` too.
pub(super) fn same(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => left.as_f64() == right.as_f64(),
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same(left, right))
        }
        (Json::Object(left), Json::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, value)| right.get(key).is_some_and(|other| same(value, other)))
        }
        _ => left == right,
    }
}

/// Whether a schema matches one value alone.
pub(super) fn is_constant(schema: &Json) -> bool {
    let one = schema
        .get("enum")
        .and_then(Json::as_array)
        .is_some_and(|values| values.len() == 1);
    one || schema.get("const").is_some()
}

/// The value of a schema that matches one value alone.
pub(super) fn constant(schema: &Json) -> Option<&Json> {
    let of_enum = || match schema.get("enum")? {
        Json::Array(values) if values.len() == 1 => values.first(),
        _ => None,
    };
    of_enum().or_else(|| schema.get("const"))
}
