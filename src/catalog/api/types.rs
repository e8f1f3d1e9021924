//! JSON Schema and Avro → outline: there are no operations in them, so their types are listed.

use serde_json::Value;

use super::document::{array, line, object, short, text};
use super::shape::Shapes;
use super::{Entry, EntryKind, Format, Group, Outline, Part, Role, Shape};

/// How deep Avro's types are read.
const MAX_DEPTH: usize = 32;

/// Reads a document of one of the two.
pub(super) fn read(root: &Value, format: Format) -> Outline {
    let mut outline = Outline::new(format, format.label().to_owned());
    let mut group = Group::default();
    if format == Format::Avro {
        outline.title = line(root.get("name"));
        for schema in match root {
            Value::Array(schemas) => schemas.as_slice(),
            single => std::slice::from_ref(single),
        } {
            group.entries.push(entry(
                &line(schema.get("type")),
                &line(schema.get("name")),
                text(schema.get("doc")),
                avro(schema, 0),
            ));
        }
    } else {
        outline.title = line(root.get("title").or_else(|| root.get("$id")));
        let shapes = Shapes::new(root);
        let name = if outline.title.is_empty() {
            "root"
        } else {
            &outline.title
        };
        let mut whole = shapes.read(root);
        whole.description = String::new();
        group
            .entries
            .push(entry("schema", name, text(root.get("description")), whole));
        for (name, schema) in object(root.get("$defs")).chain(object(root.get("definitions"))) {
            group.entries.push(entry(
                "schema",
                &short(name),
                text(schema.get("description")),
                shapes.read(schema),
            ));
        }
        outline.types = shapes.types();
    }
    outline.groups.push(group);
    outline
}

fn entry(verb: &str, name: &str, description: String, shape: Shape) -> Entry {
    Entry {
        kind: EntryKind::Type,
        verb: verb.to_owned(),
        name: name.to_owned(),
        description,
        shape,
        ..Entry::default()
    }
}

/// Avro: <https://avro.apache.org/docs/1.11.1/specification/>.
fn avro(schema: &Value, depth: usize) -> Shape {
    let named = |of: String| Shape {
        of,
        ..Shape::default()
    };
    if depth > MAX_DEPTH {
        return named("…".to_owned());
    }
    match schema {
        Value::String(of) => named(short(of)),
        Value::Array(choices) => {
            let some: Vec<&Value> = choices
                .iter()
                .filter(|choice| choice.as_str() != Some("null"))
                .collect();
            let mut shape = if let [only] = some.as_slice() {
                avro(only, depth + 1)
            } else {
                let parts: Vec<Shape> = some.iter().map(|choice| avro(choice, depth + 1)).collect();
                let names: Vec<&str> = parts.iter().map(|part| part.of.as_str()).collect();
                named(format!("one of {}", names.join(" | ")))
            };
            if some.len() < choices.len() {
                shape.facts.push("or null".to_owned());
            }
            shape
        }
        Value::Object(fields) => match fields.get("type") {
            Some(Value::String(of)) => match of.as_str() {
                "record" | "error" => Shape {
                    of: named_or(schema, of),
                    description: line(schema.get("doc")),
                    parts: array(schema.get("fields"))
                        .iter()
                        .map(|field| avro_field(field, depth))
                        .collect(),
                    ..Shape::default()
                },
                "enum" => {
                    let symbols: Vec<String> = array(schema.get("symbols"))
                        .iter()
                        .map(|symbol| line(Some(symbol)))
                        .collect();
                    named(symbols.join(" | "))
                }
                "array" | "map" => {
                    let (word, key) = if of == "array" {
                        ("list", "items")
                    } else {
                        ("map", "values")
                    };
                    let mut inner = schema
                        .get(key)
                        .map(|inner| avro(inner, depth + 1))
                        .unwrap_or_default();
                    inner.of = format!("{word} of {}", inner.of);
                    inner
                }
                of => match line(schema.get("logicalType")) {
                    logical if logical.is_empty() => named(short(of)),
                    logical => named(format!("{} ({logical})", short(of))),
                },
            },
            Some(inner) => avro(inner, depth + 1),
            None => Shape::default(),
        },
        _ => Shape::default(),
    }
}

fn avro_field(field: &Value, depth: usize) -> Part {
    let mut shape = field
        .get("type")
        .map(|of| avro(of, depth + 1))
        .unwrap_or_default();
    let doc = line(field.get("doc"));
    if !doc.is_empty() {
        shape.description = doc;
    }
    match line(field.get("default")) {
        default if default.is_empty() => {}
        default => shape.facts.push(format!("default {default}")),
    }
    Part {
        role: Role::Field,
        name: line(field.get("name")),
        required: field.get("default").is_none(),
        shape,
    }
}

fn named_or(schema: &Value, otherwise: &str) -> String {
    match line(schema.get("name")) {
        name if name.is_empty() => otherwise.to_owned(),
        name => name,
    }
}
