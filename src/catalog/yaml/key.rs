//! The keys of mappings: what they are in JSON, and when two of them are the same.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::marks::{Mark, size};
use super::reader::{Reader, Result, fail_at, limit};
use super::scalar;
use crate::catalog::text;

/// How many keys of a map are looked at one by one.
const SMALL: usize = 16;

/// How many keys a map has room for at first; most have fewer.
const ROOM: usize = 6;

/// How many keys of a document may replace others that look the same in JSON.
const MOST_REPLACED: usize = 100;

/// A key of a mapping.
pub(super) struct Key {
    pub(super) text: String,
    pub(super) mark: Mark,
    pub(super) same: Same,
}

/// What two keys with the same text must both be to be the same key: `1` and `"1"` are two, of which JSON has room for
/// only one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Same {
    Text,
    Number,
    Bool,
    Null,
    /// Text from which something had to be taken out.
    Cleaned,
    /// Aliases and collections are always keys of their own.
    Never,
}

/// The mapping that is being read, with those of its keys that are no plain text.
pub(super) struct Mapping {
    pub(super) map: Map<String, Value>,
    odd: Vec<(String, Same)>,
    /// The number of its mark.
    index: usize,
}

impl Same {
    fn text(length: usize, written: usize) -> Self {
        if length == written {
            Self::Text
        } else {
            Self::Cleaned
        }
    }
}

impl Key {
    /// The key that text without quotes and properties is.
    pub(super) fn plain(text: Cow<'_, str>, mark: Mark, is_clean: bool) -> Self {
        let letter = text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
        if letter && !matches!(text.len(), 4 | 5) {
            // No number, null, true or false.
            let written = text.len();
            let text = scalar::cleaned(text, is_clean);
            return Self {
                same: Same::text(text.len(), written),
                text,
                mark,
            };
        }
        let value = scalar::value(text.clone(), true, None, is_clean);
        Self::scalar(value, &text, mark)
    }

    /// The key that is just text, already cleaned.
    pub(super) fn text(text: String, mark: Mark) -> Self {
        Self {
            text,
            mark,
            same: Same::Text,
        }
    }

    /// The key that a scalar is; `raw` is how it is written.
    pub(super) fn scalar(value: Value, raw: &str, mark: Mark) -> Self {
        let same = match &value {
            Value::Null if scalar::is_null(raw) => Same::Null,
            Value::Null if raw.contains(['n', 'N']) && !raw.contains(['i', 'I']) => Same::Never,
            Value::Null | Value::Number(_) => Same::Number,
            Value::Bool(_) => Same::Bool,
            Value::String(text) => Same::text(text.len(), raw.len()),
            _ => Same::Text,
        };
        let text = match value {
            Value::String(text) => text,
            other => written(&other, raw),
        };
        Self { text, mark, same }
    }

    /// The key that any other node is: its text on one line, as YAML.
    pub(super) fn other(value: Value, mark: Mark) -> Self {
        let text = match value {
            Value::String(text) => text,
            other => written(&other, ""),
        };
        Self {
            text,
            mark,
            same: Same::Never,
        }
    }
}

impl Mapping {
    /// A mapping whose mark has the number `index`.
    pub(super) fn new(index: usize) -> Self {
        Self {
            map: Map::with_capacity(ROOM),
            odd: Vec::new(),
            index,
        }
    }

    fn same(&self, text: &str) -> Same {
        let odd = self.odd.iter().rev().find(|(other, _)| other == text);
        odd.map_or(Same::Text, |(_, same)| *same)
    }

    fn has(&self, text: &str) -> bool {
        // Most maps are small, and hashing a key takes longer than looking at a few.
        match self.map.len() {
            0..=SMALL => self.map.keys().any(|other| *other == text),
            _ => self.map.contains_key(text),
        }
    }
}

impl Reader<'_> {
    /// Makes room for `key`, whose own mark is the last one so far.
    pub(super) fn claim(&mut self, mapping: &mut Mapping, key: &Key) -> Result<()> {
        self.dollar_keys |= key.text.starts_with('$');
        if mapping.has(&key.text) {
            let before = mapping.same(&key.text);
            if key.same == before && key.same != Same::Never {
                return fail_at(
                    key.mark,
                    format!("the key {:?} is there twice", text::one_line(&key.text)),
                );
            }
            self.replaced += 1;
            if self.replaced > MOST_REPLACED {
                let message = format!("more than {MOST_REPLACED} keys are written in two ways");
                return Err(limit(key.mark, message));
            }
            let mut first = mapping.index + 1;
            for (name, value) in &mapping.map {
                let marks = 1 + size(value);
                if *name == key.text {
                    self.marks.remove(first, marks);
                    break;
                }
                first += marks;
            }
            mapping.map.shift_remove(&key.text);
            mapping.odd.retain(|(name, _)| *name != key.text);
        }
        if key.same != Same::Text {
            mapping.odd.push((key.text.clone(), key.same));
        }
        Ok(())
    }
}

/// A key that is no text, as JavaScript and `yaml` write it; `raw` is how it was written.
fn written(value: &Value, raw: &str) -> String {
    match value {
        Value::Null if scalar::is_null(raw) => String::new(),
        Value::Null if raw.starts_with('-') => "-Infinity".to_owned(),
        Value::Null if raw.contains(['i', 'I']) => "Infinity".to_owned(),
        Value::Null => "NaN".to_owned(),
        Value::Number(number) => match number.as_f64() {
            Some(double) if number.is_f64() => shortest(double),
            _ => number.to_string(),
        },
        other => flow(other),
    }
}

/// A double as JavaScript writes it.
fn shortest(double: f64) -> String {
    let scientific = format!("{double:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    match exponent.parse::<i32>() {
        Ok(exponent @ -6..=20) => {
            let _ = exponent;
            format!("{double}")
        }
        Ok(exponent) if exponent > 0 => format!("{mantissa}e+{exponent}"),
        _ => scientific,
    }
}

/// A collection as YAML on one line.
fn flow(value: &Value) -> String {
    match value {
        Value::Array(items) if items.is_empty() => "[]".to_owned(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[ {} ]", items.join(", "))
        }
        Value::Object(map) if map.is_empty() => "{}".to_owned(),
        Value::Object(map) => {
            let pairs: Vec<String> = map
                .iter()
                .map(|(key, value)| match value {
                    Value::Null if key.starts_with(['[', '{']) => format!("? {key}"),
                    Value::Null => key.clone(),
                    value => format!("{key}: {}", flow(value)),
                })
                .collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::catalog::yaml::tests::{fails, reads};

    #[test]
    fn keys_are_texts_in_json() {
        reads(&[
            (
                "1: a\n1.50: b\n0x1f: c\ntrue: d\n~: e\n1e21: f\n.inf: g\n1e-7: h",
                json!({"1": "a", "1.5": "b", "31": "c", "true": "d", "": "e", "1e+21": "f", "Infinity": "g", "1e-7": "h"}),
            ),
            ("name: {{ x }}", json!({"name": {"{ x }": null}})),
            ("? [a, {b: c}]\n: d", json!({"[ a, { b: c } ]": "d"})),
        ]);
    }

    #[test]
    fn keys_are_there_once() {
        fails(&[
            ("a: 1\nb: 2\na: 3", "3:1 the key \"a\" is there twice"),
            ("a: 1\n'a': 2", "2:1 the key \"a\" is there twice"),
            ("1: a\n1.0: b", "2:1 the key \"1\" is there twice"),
            ("~: a\nnull: b", "2:1 the key \"\" is there twice"),
        ]);
    }

    #[test]
    fn of_two_keys_that_only_json_cannot_tell_apart_the_last_counts() {
        reads(&[
            (
                "1: a\nb: [c]\n'1': [d, e]",
                json!({"b": ["c"], "1": ["d", "e"]}),
            ),
            ("~: a\n'': b", json!({"": "b"})),
            ("? [a]\n: 1\n? [a]\n: 2", json!({"[ a ]": 2})),
            ("a: 1\na\u{200e}: 2", json!({"a": 2})),
        ]);
    }
}
