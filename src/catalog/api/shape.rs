//! JSON Schema → shapes, in the dialects of OpenAPI 2, 3.0 and 3.1, and AsyncAPI.
//!
//! A reference within the document becomes the name of a type, which is read once; one that leads elsewhere is named as
//! such and not followed.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::document::{array, is_true, last_part, line, object, pointed, short};
use super::{Part, Role, Shape, Type};

/// How deep shapes are read within one type.
const MAX_DEPTH: usize = 32;
/// How many shapes one document has at most.
const MAX_SHAPES: usize = 300_000;
/// How many values of an enumeration are named.
const NAMED_VALUES: usize = 8;

/// Where schemas stand whose names are known to people, so that the last part of a reference is enough.
const WELL_KNOWN: [&str; 4] = [
    "#/components/schemas/",
    "#/definitions/",
    "#/$defs/",
    "#/components/messages/",
];

/// Reads shapes and collects the types that they refer to.
pub(super) struct Shapes<'a> {
    root: &'a Value,
    /// References whose types were not read yet.
    due: RefCell<Vec<String>>,
    seen: RefCell<BTreeSet<String>>,
    left: Cell<usize>,
}

impl<'a> Shapes<'a> {
    pub(super) fn new(root: &'a Value) -> Self {
        Self {
            root,
            due: RefCell::default(),
            seen: RefCell::default(),
            left: Cell::new(MAX_SHAPES),
        }
    }

    /// The types that the shapes read so far refer to, and those that these refer to.
    pub(super) fn types(&self) -> BTreeMap<String, Type> {
        let mut types = BTreeMap::new();
        loop {
            let Some(reference) = self.due.borrow_mut().pop() else {
                return types;
            };
            if let Some(schema) = pointed(self.root, &reference) {
                let name = last_part(&reference);
                let shape = self.read(schema);
                types.insert(key(&reference), Type { name, shape });
            }
        }
    }

    /// The shape of a schema that may not be there.
    pub(super) fn of(&self, schema: Option<&Value>) -> Shape {
        schema.map(|schema| self.read(schema)).unwrap_or_default()
    }

    /// The shape of a schema.
    pub(super) fn read(&self, schema: &Value) -> Shape {
        self.at(schema, 0)
    }

    fn at(&self, schema: &Value, depth: usize) -> Shape {
        let left = self.left.get();
        if left == 0 || depth > MAX_DEPTH {
            return Shape {
                of: "…".to_owned(),
                ..Shape::default()
            };
        }
        self.left.set(left - 1);
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return self.reference(reference, schema);
        }
        let mut shape = Shape {
            of: match schema {
                Value::Bool(true) => "anything".to_owned(),
                Value::Bool(false) => "nothing".to_owned(),
                _ => String::new(),
            },
            ..Shape::default()
        };
        self.combine(schema, &mut shape, depth);
        if shape.of.is_empty() {
            self.simple(schema, &mut shape, depth);
        }
        shape.facts.extend(facts(schema));
        if shape.description.is_empty() || schema.get("description").is_some() {
            shape.description = line(schema.get("description").or_else(|| schema.get("title")));
        }
        shape
    }

    fn reference(&self, reference: &str, schema: &Value) -> Shape {
        let mut shape = Shape {
            of: last_part(reference),
            description: line(schema.get("description")),
            facts: facts(schema),
            ..Shape::default()
        };
        if !reference.starts_with('#') {
            let file = reference.split('#').next().unwrap_or(reference);
            shape
                .facts
                .push(format!("in {}, which is not read", short(file)));
        } else if pointed(self.root, reference).is_none() {
            shape.facts.push("not in the definition".to_owned());
        } else {
            if self.seen.borrow_mut().insert(reference.to_owned()) {
                self.due.borrow_mut().push(reference.to_owned());
            }
            shape.target = Some(key(reference));
        }
        shape
    }

    /// `allOf`, `oneOf` and `anyOf`.
    fn combine(&self, schema: &Value, shape: &mut Shape, depth: usize) {
        let all = array(schema.get("allOf"));
        if let ([only], None) = (all, schema.get("properties")) {
            *shape = self.at(only, depth + 1);
            return;
        }
        if !all.is_empty() {
            "object".clone_into(&mut shape.of);
            for member in all {
                let member = self.at(member, depth + 1);
                if member.target.is_some() {
                    shape.parts.push(part(Role::Merged, member));
                } else {
                    shape.parts.extend(member.parts);
                    shape.facts.extend(member.facts);
                }
            }
            self.properties(schema, shape, depth);
        }
        for (key, words) in [("oneOf", "one of"), ("anyOf", "any of")] {
            let choices = array(schema.get(key));
            let is_null =
                |choice: &&Value| choice.get("type").and_then(Value::as_str) == Some("null");
            let some: Vec<&Value> = choices.iter().filter(|choice| !is_null(choice)).collect();
            if some.is_empty()
                || choices.iter().all(|choice| {
                    choice.get("required").is_some()
                        && choice.get("properties").is_none()
                        && choice.get("$ref").is_none()
                })
            {
                // Nothing, or a rule on which fields go together: that is no shape.
                continue;
            }
            if let ([only], true) = (some.as_slice(), shape.of.is_empty()) {
                *shape = self.at(only, depth + 1);
            } else {
                let parts: Vec<Shape> = some
                    .into_iter()
                    .map(|choice| self.at(choice, depth + 1))
                    .collect();
                let names: Vec<&str> = parts
                    .iter()
                    .map(|part| part.of.as_str())
                    .take(NAMED_VALUES)
                    .collect();
                shape.of = format!("{words} {}", names.join(" | "));
                // Choices that say no more than their names are told by them.
                if parts
                    .iter()
                    .any(|part| part.target.is_some() || !part.parts.is_empty())
                {
                    shape
                        .parts
                        .extend(parts.into_iter().map(|shape| part(Role::Choice, shape)));
                }
                self.properties(schema, shape, depth);
            }
            if choices.iter().any(|choice| is_null(&choice)) {
                shape.facts.push("or null".to_owned());
            }
        }
        let told_apart = line(schema.pointer("/discriminator/propertyName").or_else(|| {
            schema
                .get("discriminator")
                .filter(|value| value.is_string())
        }));
        if !told_apart.is_empty() {
            shape.facts.push(format!("told apart by {told_apart}"));
        }
    }

    /// A schema that is no combination.
    fn simple(&self, schema: &Value, shape: &mut Shape, depth: usize) {
        if let Some(value) = schema.get("const") {
            shape.of = line(Some(value));
            return;
        }
        let values = array(schema.get("enum"));
        if !values.is_empty() {
            let mut named: Vec<String> = values
                .iter()
                .take(NAMED_VALUES)
                .map(|v| line(Some(v)))
                .collect();
            if values.len() > NAMED_VALUES {
                named.push(format!("… {} more", values.len() - NAMED_VALUES));
            }
            shape.of = named.join(" | ");
            return;
        }
        let types: Vec<&str> = match schema.get("type") {
            Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(of)) => vec![of],
            _ if schema.get("properties").is_some()
                || schema.get("additionalProperties").is_some() =>
            {
                vec!["object"]
            }
            _ if schema.get("items").is_some() => vec!["array"],
            _ => Vec::new(),
        };
        let mut words = Vec::new();
        for of in &types {
            match *of {
                "null" if types.len() > 1 => shape.facts.push("or null".to_owned()),
                "array" => words.push(self.list(schema, shape, depth)),
                "object" => words.push(self.object(schema, shape, depth)),
                of => match line(schema.get("format")) {
                    format if format.is_empty() => words.push(short(of)),
                    format => words.push(format!("{} ({format})", short(of))),
                },
            }
        }
        shape.of = words.join(" | ");
    }

    fn list(&self, schema: &Value, shape: &mut Shape, depth: usize) -> String {
        let places = array(
            schema
                .get("prefixItems")
                .or_else(|| schema.get("items").filter(|items| items.is_array())),
        );
        if !places.is_empty() {
            let places = places
                .iter()
                .map(|item| part(Role::Choice, self.at(item, depth + 1)));
            shape.parts.extend(places);
            return "list, place by place".to_owned();
        }
        let Some(items) = schema.get("items") else {
            return "list".to_owned();
        };
        let items = self.at(items, depth + 1);
        let words = if items.of.is_empty() {
            "list".to_owned()
        } else {
            format!("list of {}", items.of)
        };
        shape.target = items.target;
        shape.parts.extend(items.parts);
        shape.description = items.description;
        words
    }

    fn object(&self, schema: &Value, shape: &mut Shape, depth: usize) -> String {
        self.properties(schema, shape, depth);
        match schema.get("additionalProperties") {
            Some(values @ Value::Object(_)) => {
                let values = self.at(values, depth + 1);
                if shape.parts.is_empty() {
                    shape.target = values.target;
                    shape.parts = values.parts;
                    return if values.of.is_empty() {
                        "map".to_owned()
                    } else {
                        format!("map of {}", values.of)
                    };
                }
                shape.facts.push(format!("other fields: {}", values.of));
            }
            Some(Value::Bool(true)) if shape.parts.is_empty() => return "map".to_owned(),
            _ => {}
        }
        "object".to_owned()
    }

    fn properties(&self, schema: &Value, shape: &mut Shape, depth: usize) {
        let required: BTreeSet<&str> = array(schema.get("required"))
            .iter()
            .filter_map(Value::as_str)
            .collect();
        for (name, property) in object(schema.get("properties")) {
            shape.parts.push(Part {
                role: Role::Field,
                name: short(name),
                required: required.contains(name.as_str()),
                shape: self.at(property, depth + 1),
            });
        }
        if schema.get("properties").is_none() || !shape.parts.is_empty() {
            // `required` beside `allOf` may speak of fields that a member has.
            for part in &mut shape.parts {
                part.required |= required.contains(part.name.as_str());
            }
        }
    }
}

fn part(role: Role, shape: Shape) -> Part {
    Part {
        role,
        shape,
        ..Part::default()
    }
}

/// The key in the table of types for a reference within the document.
fn key(reference: &str) -> String {
    let known = WELL_KNOWN
        .iter()
        .find_map(|start| reference.strip_prefix(start));
    match known.filter(|name| !name.contains('/')) {
        Some(_) => last_part(reference),
        None => short(reference),
    }
}

/// What a schema says of its values beside their type.
fn facts(schema: &Value) -> Vec<String> {
    let mut facts = Vec::new();
    let mut fact = |key: &str, words: &str| {
        if is_true(schema.get(key)) {
            facts.push(words.to_owned());
        }
    };
    fact("deprecated", "deprecated");
    fact("nullable", "or null");
    fact("readOnly", "read only");
    fact("writeOnly", "write only");
    fact("uniqueItems", "each once");
    let number = |key: &str| {
        schema
            .get(key)
            .filter(|value| value.is_number())
            .map(|v| line(Some(v)))
    };
    for (low, high, unit) in [
        ("minimum", "maximum", ""),
        ("minLength", "maxLength", " characters"),
        ("minItems", "maxItems", " items"),
    ] {
        match (number(low), number(high)) {
            (Some(low), Some(high)) => facts.push(format!("{low}–{high}{unit}")),
            (Some(low), None) => facts.push(format!("at least {low}{unit}")),
            (None, Some(high)) => facts.push(format!("at most {high}{unit}")),
            (None, None) => {}
        }
    }
    for (key, words) in [
        ("exclusiveMinimum", "more than"),
        ("exclusiveMaximum", "less than"),
        ("multipleOf", "a multiple of"),
    ] {
        facts.extend(number(key).map(|number| format!("{words} {number}")));
    }
    for (key, words) in [("pattern", "matches"), ("default", "default")] {
        match line(schema.get(key)) {
            value if value.is_empty() => {}
            value => facts.push(format!("{words} {value}")),
        }
    }
    facts
}
