//! Definitions that are JSON or YAML: text → value, within limits, and how values are taken out of it.

use serde_json::{Map, Value};

use super::OutlineError;
use crate::catalog::Packed;
use crate::catalog::text::{clean, one_line};
use crate::catalog::yaml::{self, Bounds};

/// Definitions are longer than descriptors.
const BOUNDS: Bounds = Bounds {
    depth: Packed::MAX_DEPTH,
    nodes: 2_000_000,
    alias_nodes: 1_000_000,
};
/// Descriptions are cut after so many characters.
const MAX_TEXT: usize = 20_000;
/// Texts on one line are cut after so many characters.
const MAX_LINE: usize = 600;
/// How many references are followed from one to the next.
const MAX_HOPS: usize = 8;

/// Reads JSON or YAML; of several documents the first.
pub(super) fn parse(definition: &str) -> Result<Value, OutlineError> {
    let text = definition.trim_start_matches('\u{feff}');
    let json = text
        .trim_start()
        .starts_with(['{', '['])
        .then(|| serde_json::from_str(text));
    match json {
        Some(Ok(value)) => Ok(value),
        // Flow YAML is nearly JSON; where it is that neither, it was meant to be JSON.
        Some(Err(error)) => parse_yaml(text).map_err(|_| {
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            OutlineError::Syntax {
                line: error.line().max(1),
                message: one_line(message),
            }
        }),
        None => parse_yaml(text),
    }
}

fn parse_yaml(text: &str) -> Result<Value, OutlineError> {
    match yaml::documents(text, &BOUNDS).next() {
        None => Ok(Value::Null),
        Some(Ok(mut document)) => {
            merge(&mut document.value);
            Ok(document.value)
        }
        Some(Err(failure)) if failure.limit => Err(OutlineError::TooMany),
        Some(Err(failure)) => Err(OutlineError::Syntax {
            line: usize::try_from(failure.mark.line).unwrap_or(1).max(1),
            message: failure.message,
        }),
    }
}

/// Puts what YAML's merge keys name where it is meant, in `value` and all below it.
fn merge(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(merge),
        Value::Object(map) => {
            map.values_mut().for_each(merge);
            let maps = match map.remove("<<") {
                Some(Value::Array(items)) => items,
                Some(single) => vec![single],
                None => return,
            };
            for merged in maps {
                if let Value::Object(merged) = merged {
                    for (key, value) in merged {
                        map.entry(key).or_insert(value);
                    }
                }
            }
        }
        _ => {}
    }
}

/// The value itself or, if it refers to another part of the document, that part.
pub(super) fn followed<'a>(root: &'a Value, value: &'a Value) -> &'a Value {
    let mut value = value;
    for _ in 0..MAX_HOPS {
        let target = value.get("$ref").and_then(Value::as_str);
        match target.and_then(|target| pointed(root, target)) {
            Some(target) => value = target,
            None => break,
        }
    }
    value
}

/// What a reference within the document points to.
pub(super) fn pointed<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    let pointer = reference.strip_prefix('#')?;
    root.pointer(pointer)
        .or_else(|| root.pointer(&unescaped(pointer)))
}

/// The last part of a reference: what people call its target.
pub(super) fn last_part(reference: &str) -> String {
    let part = reference
        .rsplit(['/', '#'])
        .find(|part| !part.is_empty())
        .unwrap_or(reference);
    one_line(&unescaped(part).replace("~1", "/").replace("~0", "~"))
}

/// `text` with `%20` and the like resolved.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        let digit = |byte: &u8| {
            char::from(*byte)
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        };
        match (first, tail) {
            (b'%', [high, low, tail @ ..]) if digit(high).is_some() && digit(low).is_some() => {
                bytes.push(digit(high).unwrap_or(0) * 16 + digit(low).unwrap_or(0));
                rest = tail;
            }
            _ => bytes.push(*first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The entries of an object; none for anything else.
pub(super) fn object(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::iter)
}

/// The items of a list; none for anything else.
pub(super) fn array(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Whether a value is `true`.
pub(super) fn is_true(value: Option<&Value>) -> bool {
    value == Some(&Value::Bool(true))
}

/// A scalar as text on one line. What was escaped in the document is cleaned here: the file's own cleaning could not
/// see it.
pub(super) fn line(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => short(text),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(flag)) => flag.to_string(),
        Some(Value::Null) | None => String::new(),
        Some(value) => short(&value.to_string()),
    }
}

/// `text` on one line that is not too long.
pub(super) fn short(text: &str) -> String {
    let cut = text.char_indices().nth(MAX_LINE).map(|(at, _)| at);
    match cut.and_then(|at| text.get(..at)) {
        Some(head) => one_line(head) + "…",
        None => one_line(text),
    }
}

/// A text that may have several lines.
pub(super) fn text(value: Option<&Value>) -> String {
    long(value.and_then(Value::as_str).unwrap_or_default())
}

/// `text`, cleaned and not too long.
pub(super) fn long(text: &str) -> String {
    let text = text.trim();
    let cut = text.char_indices().nth(MAX_TEXT).map(|(at, _)| at);
    match cut.and_then(|at| text.get(..at)) {
        Some(head) => clean(head).into_owned() + "…",
        None => clean(text).into_owned(),
    }
}
