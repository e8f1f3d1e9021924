//! A step's rendered input against what its action takes, in the words of the npm package `jsonschema`, by which Backstage
//! checks it.

use serde_json::{Map, Value as Json};

use super::{Field, Known, Shape};

/// What was found in an input.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Sieved {
    /// Keys that the action does not take; they are taken out of the input. Keys inside of others with their path.
    pub(crate) unknown: Vec<String>,
    /// Why the action refuses the input.
    pub(crate) problems: Vec<String>,
}

impl Known {
    /// Takes what the action does not know out of `input`, and tells why it would refuse the rest.
    pub(crate) fn sieve(&self, input: &mut Map<String, Json>) -> Sieved {
        let [way] = &self.inputs[..] else {
            return self.sieve_ways(input);
        };
        let mut found = Sieved::default();
        found.fields(way, "instance", input);
        found
    }

    /// The same for an input that can be given in several ways: one must fit, and no key of another may be there.
    fn sieve_ways(&self, input: &mut Map<String, Json>) -> Sieved {
        let mut found = Sieved::default();
        input.retain(|key, _| {
            let known = self.field(key).is_some();
            if !known {
                found.unknown.push(key.clone());
            }
            known
        });
        let fits = |way: &Vec<Field>| {
            let mut own = Sieved::default();
            own.fields(way, "instance", &mut input.clone());
            own == Sieved::default()
        };
        if !self.inputs.iter().any(fits) {
            let ways: Vec<String> = (0..self.inputs.len())
                .map(|way| format!("[subschema {way}]"))
                .collect();
            let message = format!("instance is not any of {}", ways.join(","));
            found.problems.push(message);
        }
        found
    }
}

impl Sieved {
    fn fields(&mut self, fields: &[Field], path: &str, input: &mut Map<String, Json>) {
        for field in fields {
            if let Some(value) = input.get_mut(field.name) {
                self.value(&field.shape, &format!("{path}.{}", field.name), value);
            }
        }
        let missing = fields
            .iter()
            .filter(|field| field.required && !input.contains_key(field.name));
        self.problems.extend(
            missing
                .filter(|field| field.shape != Shape::Any)
                .map(|field| format!("{path} requires property {:?}", field.name)),
        );
        input.retain(|key, _| {
            let known = fields.iter().any(|field| field.name == key);
            if !known {
                let inner = format!("{path}.{key}");
                let inner = inner.strip_prefix("instance.").unwrap_or(&inner);
                self.unknown.push(inner.to_owned());
            }
            known
        });
    }

    fn value(&mut self, shape: &Shape, path: &str, value: &mut Json) {
        match (shape, value) {
            (Shape::Object(fields), Json::Object(map)) => self.fields(fields, path, map),
            (Shape::List(item), Json::Array(items)) => {
                for (index, value) in items.iter_mut().enumerate() {
                    self.value(item, &format!("{path}[{index}]"), value);
                }
            }
            (Shape::OneOf(shapes), value) => {
                if !shapes.iter().any(|shape| shape.takes(value)) {
                    self.problems.push(none_of(shapes, path, value));
                }
            }
            (shape, value) => {
                if !shape.takes(value) {
                    self.problems
                        .push(format!("{path} is not of a type(s) {}", shape.type_name()));
                }
            }
        }
    }
}

/// Why `value` is none of `shapes`.
fn none_of(shapes: &[Shape], path: &str, value: &Json) -> String {
    let literals: Vec<&str> = shapes
        .iter()
        .filter_map(|shape| match shape {
            Shape::Literal(text) => Some(*text),
            _ => None,
        })
        .collect();
    if literals.len() == shapes.len() {
        let wrong = format!("{path} is not one of enum values: {}", literals.join(","));
        return if value.is_string() {
            wrong
        } else {
            format!("{path} is not of a type(s) string, {wrong}")
        };
    }
    let simple = |shape: &Shape| {
        matches!(
            shape,
            Shape::Text | Shape::Number | Shape::Boolean | Shape::Null
        )
    };
    if shapes.iter().all(simple) {
        let names: Vec<&str> = shapes.iter().map(Shape::type_name).collect();
        return format!("{path} is not of a type(s) {}", names.join(","));
    }
    // All the literals are one enum.
    let ways = shapes.len() - literals.len() + usize::from(!literals.is_empty());
    let ways: Vec<String> = (0..ways).map(|way| format!("[subschema {way}]")).collect();
    format!("{path} is not any of {}", ways.join(","))
}

impl Shape {
    /// Whether the rendered `value` may stand here, unknown keys inside of it left alone.
    fn takes(&self, value: &Json) -> bool {
        match (self, value) {
            (Self::Any, _)
            | (Self::Null, Json::Null)
            | (Self::Boolean, Json::Bool(_))
            | (Self::Number, Json::Number(_))
            | (Self::Text, Json::String(_))
            | (Self::Mapping, Json::Object(_)) => true,
            (Self::Literal(wanted), Json::String(text)) => wanted == text,
            (Self::OneOf(shapes), value) => shapes.iter().any(|shape| shape.takes(value)),
            (Self::List(item), Json::Array(items)) => items.iter().all(|value| item.takes(value)),
            (Self::Object(fields), Json::Object(map)) => {
                fields.iter().all(|field| match map.get(field.name) {
                    Some(value) => field.shape.takes(value),
                    None => !field.required || field.shape == Self::Any,
                })
            }
            _ => false,
        }
    }

    /// The name of its JSON type.
    fn type_name(&self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::Text | Self::Literal(_) => "string",
            Self::List(_) => "array",
            Self::Mapping | Self::Object(_) | Self::OneOf(_) => "object",
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::super::find;
    use super::*;

    fn sieve(action: &str, input: Json) -> (Json, Vec<String>, Vec<String>) {
        let Json::Object(mut map) = input else {
            return (Json::Null, Vec::new(), Vec::new());
        };
        let found = find(action).unwrap().sieve(&mut map);
        (map.into(), found.unknown, found.problems)
    }

    #[test]
    fn inputs_are_refused_in_the_words_of_jsonschema() {
        for (action, input, problem) in [
            (
                "fetch:plain",
                json!({}),
                "instance requires property \"url\"",
            ),
            (
                "fetch:plain",
                json!({"url": 5}),
                "instance.url is not of a type(s) string",
            ),
            (
                "fetch:plain",
                json!({"url": "x", "targetPath": null}),
                "instance.targetPath is not of a type(s) string",
            ),
            (
                "fs:rename",
                json!({"files": [{"from": "a"}, {"from": 1, "to": "x"}]}),
                "instance.files[0] requires property \"to\"; instance.files[1].from is not of a type(s) string",
            ),
            (
                "fetch:template",
                json!({"url": "x", "templateFileExtension": 5}),
                "instance.templateFileExtension is not of a type(s) string,boolean",
            ),
            (
                "debug:log",
                json!({"listWorkspace": "all"}),
                "instance.listWorkspace is not any of [subschema 0],[subschema 1]",
            ),
            (
                "roadiehq:utils:fs:parse",
                json!({"path": "x", "parser": "toml"}),
                "instance.parser is not one of enum values: yaml,json,multiyaml",
            ),
            (
                "catalog:register",
                json!({"catalogInfoUrl": "x", "repoContentsUrl": "y"}),
                "instance is not any of [subschema 0],[subschema 1]",
            ),
        ] {
            assert_eq!(sieve(action, input).2.join("; "), problem, "{action}");
        }
    }

    #[test]
    fn what_is_unknown_is_taken_out_and_named() {
        let (input, unknown, problems) = sieve(
            "fs:rename",
            json!({"files": [{"from": "a", "to": "b", "force": true}], "dry": 1}),
        );
        assert_eq!(input, json!({"files": [{"from": "a", "to": "b"}]}));
        assert_eq!(unknown, ["files[0].force", "dry"]);
        assert_eq!(problems, [""; 0]);
    }
}
