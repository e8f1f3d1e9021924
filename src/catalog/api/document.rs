//! Definitions that are JSON or YAML: text → value, within limits, and how values are taken out of it.

use std::cell::Cell;
use std::fmt;

use serde::de::{
    DeserializeSeed, EnumAccess, Error, IgnoredAny, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde_json::{Map, Value};

use super::OutlineError;
use crate::catalog::text::{clean, one_line};

/// More values than this are not read: aliases can make a short text very long.
const MAX_VALUES: usize = 2_000_000;
/// Flow collections that are nested deeper are not read: libyaml takes ever longer over them.
const MAX_FLOW: usize = 400;
/// Descriptions are cut after so many characters.
const MAX_TEXT: usize = 20_000;
/// Texts on one line are cut after so many characters.
const MAX_LINE: usize = 600;
/// How many references are followed from one to the next.
const MAX_HOPS: usize = 8;

/// Reads JSON or YAML.
pub(super) fn parse(definition: &str) -> Result<Value, OutlineError> {
    let text = definition.trim_start_matches('\u{feff}');
    let json = text
        .trim_start()
        .starts_with(['{', '['])
        .then(|| parse_json(text));
    match json {
        Some(Ok(value)) => Ok(value),
        // Flow YAML is nearly JSON; where it is that neither, it was meant to be JSON.
        Some(Err(error)) => parse_yaml(text).map_err(|_| error),
        None => parse_yaml(text),
    }
}

fn parse_json(text: &str) -> Result<Value, OutlineError> {
    let left = Cell::new(MAX_VALUES);
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Bounded(&left)
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| failed(&left, error.line(), &error.to_string()))
}

fn parse_yaml(text: &str) -> Result<Value, OutlineError> {
    if !is_shallow(text) {
        return Err(OutlineError::TooMany);
    }
    let left = Cell::new(MAX_VALUES);
    // Only the first document: the iterator of serde_yaml never ends after a mistake.
    let reader = serde_yaml::Deserializer::from_str(text);
    Bounded(&left).deserialize(reader).map_err(|error| {
        // Of a text that ends too soon, the line behind its last is named.
        let last = text.lines().count();
        let line = error
            .location()
            .map_or(1, |location| location.line().min(last));
        failed(&left, line, &error.to_string())
    })
}

/// Whether brackets and braces, wherever they stand, are nested no deeper than people nest them.
fn is_shallow(text: &str) -> bool {
    let mut depth = 0_usize;
    text.bytes().all(|byte| {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth <= MAX_FLOW
    })
}

fn failed(left: &Cell<usize>, line: usize, message: &str) -> OutlineError {
    if left.get() == 0 {
        return OutlineError::TooMany;
    }
    let message = message.split(" at line ").next().unwrap_or(message);
    OutlineError::Syntax {
        line: line.max(1),
        message: one_line(message),
    }
}

/// A value of which no more than so many parts are read.
#[derive(Clone, Copy)]
struct Bounded<'a>(&'a Cell<usize>);

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self.0.get().checked_sub(1) {
            Some(left) => self.0.set(left),
            None => return Err(D::Error::custom("too many values")),
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(self)? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            map.insert(key, entries.next_value_seed(self)?);
        }
        if let Some(merged) = map.remove("<<") {
            merge(&mut map, merged, self.0);
        }
        Ok(map.into())
    }

    /// A YAML tag says nothing here.
    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
        let (_, variant) = data.variant::<IgnoredAny>()?;
        variant.newtype_variant_seed(self)
    }
}

/// YAML's merge key: what `merged` has and `map` has not.
fn merge(map: &mut Map<String, Value>, merged: Value, left: &Cell<usize>) {
    let maps = match merged {
        Value::Array(items) => items,
        single => vec![single],
    };
    for (key, value) in maps
        .into_iter()
        .filter_map(|map| match map {
            Value::Object(map) => Some(map),
            _ => None,
        })
        .flatten()
    {
        left.set(left.get().saturating_sub(1));
        map.entry(key).or_insert(value);
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
