//! The small part of JSON Schema that Backstage's kinds need, as data.

use serde_json::{Map, Value};

use super::{Found, below, dotted, type_name};
use crate::catalog::Rule;
use crate::catalog::nearest::nearest;

/// What a field may hold. `null` is never allowed: a field without a value is left out.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// A text that is not empty.
    Text,
    /// A text.
    AnyText,
    /// `true` or `false`, or a text that is a condition.
    Condition,
    /// A mapping with any content.
    Map,
    /// A list of texts that are not empty.
    Texts,
    /// A list of texts.
    AnyTexts,
    /// What is read as references without a schema (`[targets].flat()`, then `parseEntityRef`): a text, a mapping with a
    /// kind and a name, or a list of them. What JavaScript takes for false is passed over.
    References,
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// A mapping with these fields, others being free.
    Fields(&'static [Field]),
    /// A list of mappings with these fields.
    List(&'static [Field]),
}

/// A field of a mapping.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) required: bool,
}

/// A field that must be there.
pub(super) const fn required(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        required: true,
    }
}

/// A field that may be there.
pub(super) const fn optional(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        required: false,
    }
}

/// Checks the fields of `map`, which stands at `pointer`.
pub(super) fn fields(
    map: &Map<String, Value>,
    fields: &[Field],
    pointer: &str,
    rule: Rule,
    found: &mut Found,
) {
    for field in fields {
        match map.get(field.name) {
            // The pointer is only made where there is something to say, but for nested shapes.
            Some(value) if plainly_fits(value, field.shape) => {}
            Some(value) => {
                let pointer = below(pointer, field.name);
                check(value, field.shape, &pointer, rule, found);
            }
            None if field.required => {
                let place = below(pointer, field.name);
                let empty = matches!(field.shape, Shape::Texts).then(|| empty_list(field.name));
                found.suggest(
                    pointer,
                    rule,
                    format!("{} is missing", dotted(&place)),
                    empty,
                );
            }
            None => {}
        }
    }
}

fn plainly_fits(value: &Value, shape: Shape) -> bool {
    match (shape, value) {
        (Shape::Text, Value::String(text)) => !text.is_empty(),
        (Shape::AnyText | Shape::Condition, Value::String(_))
        | (Shape::Condition, Value::Bool(_))
        | (Shape::Map, Value::Object(_)) => true,
        (Shape::Texts, Value::Array(items)) => items
            .iter()
            .all(|item| item.as_str().is_some_and(|text| !text.is_empty())),
        (Shape::AnyTexts, Value::Array(items)) => items.iter().all(Value::is_string),
        (Shape::References, Value::Array(items)) => items.iter().all(is_reference),
        (Shape::References, value) => is_false(value) || is_reference(value),
        _ => false,
    }
}

/// Whether JavaScript takes it for false.
pub(super) fn is_false(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_f64() == Some(0.0),
        _ => false,
    }
}

/// Whether it can be read as a reference; the grammar of a text is looked at later.
fn is_reference(value: &Value) -> bool {
    let has = |key| value.get(key).is_some_and(|part| !is_false(part));
    value.is_string() || (value.is_object() && has("kind") && has("name"))
}

fn check(value: &Value, shape: Shape, pointer: &str, rule: Rule, found: &mut Found) {
    if plainly_fits(value, shape) {
        return;
    }
    match (shape, value) {
        (Shape::Text, Value::String(_)) => found.add(
            pointer,
            rule,
            format!("{} is an empty text", dotted(pointer)),
        ),
        (Shape::Texts, Value::Array(items)) => {
            for (n, item) in items.iter().enumerate() {
                check(item, Shape::Text, &format!("{pointer}/{n}"), rule, found);
            }
        }
        (Shape::AnyTexts, Value::Array(items)) => {
            for (n, item) in items.iter().enumerate() {
                check(item, Shape::AnyText, &format!("{pointer}/{n}"), rule, found);
            }
        }
        (Shape::References, Value::Array(items)) => {
            for (n, item) in items
                .iter()
                .enumerate()
                .filter(|(_, item)| !is_reference(item))
            {
                let pointer = format!("{pointer}/{n}");
                let message = format!(
                    "{} must be a text, but is {}",
                    dotted(&pointer),
                    type_name(item)
                );
                found.add(pointer, rule, message);
            }
        }
        (Shape::OneOf(choices), Value::String(text)) => {
            if !choices.contains(&text.as_str()) {
                let message = format!("{} must be {}", dotted(pointer), choices.join(" or "));
                let meant = nearest(text, choices.iter().copied()).map(str::to_owned);
                found.suggest(pointer, rule, message, meant);
            }
        }
        (Shape::Fields(inner), Value::Object(map)) => fields(map, inner, pointer, rule, found),
        (Shape::List(inner), Value::Array(items)) => {
            for (n, item) in items.iter().enumerate() {
                check(
                    item,
                    Shape::Fields(inner),
                    &format!("{pointer}/{n}"),
                    rule,
                    found,
                );
            }
        }
        _ => mismatch(value, shape, pointer, rule, found),
    }
}

/// Tells that a value is of another type than it should be, and how it would be of the right one.
fn mismatch(value: &Value, shape: Shape, pointer: &str, rule: Rule, found: &mut Found) {
    let wants_text = matches!(shape, Shape::Text | Shape::AnyText | Shape::OneOf(_));
    let field = pointer.rsplit('/').next().unwrap_or_default();
    let is_list = matches!(
        shape,
        Shape::Texts | Shape::AnyTexts | Shape::References | Shape::List(_)
    );
    found.suggest(
        pointer,
        unquoted(value).filter(|_| wants_text).unwrap_or(rule),
        format!(
            "{} must be {}, but is {}",
            dotted(pointer),
            name(shape),
            type_name(value)
        ),
        (value.is_null() && is_list).then(|| empty_list(field)),
    );
}

/// A list without items, as the value of `field`.
fn empty_list(field: &str) -> String {
    format!("{field}: []")
}

/// The rule that is broken where a text is wanted and `value` stands without the quotes that would make it one.
pub(super) fn unquoted(value: &Value) -> Option<Rule> {
    matches!(value, Value::Bool(_) | Value::Number(_)).then_some(Rule::UnquotedValue)
}

fn name(shape: Shape) -> &'static str {
    match shape {
        Shape::Text | Shape::AnyText | Shape::OneOf(_) => "a text",
        Shape::Condition => "a text or a boolean",
        Shape::Map | Shape::Fields(_) => "a mapping",
        Shape::Texts | Shape::AnyTexts | Shape::References => "a list of texts",
        Shape::List(_) => "a list of mappings",
    }
}
