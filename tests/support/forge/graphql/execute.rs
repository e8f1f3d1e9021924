//! Answering a query that was checked: each object gives what was asked of it, under the names it was asked by.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Resolve;
use super::parse::{Argument, Document, Selection};
use super::schema::{Schema, bare};

/// The data, and the errors beside it.
pub(super) fn execute(
    schema: &Schema,
    document: &Document,
    variables: &Value,
    host: &impl Resolve,
) -> Value {
    let mut run = Run {
        schema,
        document,
        variables,
        host,
        errors: Vec::new(),
    };
    let mut path = Vec::new();
    let mut data = Map::new();
    run.object(
        "Query",
        &json!({}),
        &document.selections,
        &mut path,
        &mut data,
    );
    let mut answer = json!({ "data": data });
    if !run.errors.is_empty() {
        answer["errors"] = Value::Array(run.errors);
    }
    answer
}

struct Run<'a, H> {
    schema: &'a Schema,
    document: &'a Document,
    variables: &'a Value,
    host: &'a H,
    errors: Vec<Value>,
}

impl<H: Resolve> Run<'_, H> {
    fn object(
        &mut self,
        on: &str,
        object: &Value,
        selections: &[Selection],
        path: &mut Vec<Value>,
        into: &mut Map<String, Value>,
    ) {
        let document = self.document;
        for selection in selections {
            match selection {
                Selection::Inline {
                    on: other,
                    selections,
                } => {
                    if self.schema.fits(on, other) {
                        self.object(on, object, selections, path, into);
                    }
                }
                Selection::Spread { name } => {
                    let fragment = &document.fragments[name];
                    if self.schema.fits(on, &fragment.on) {
                        self.object(on, object, &fragment.selections, path, into);
                    }
                }
                Selection::Field {
                    alias,
                    name,
                    arguments,
                    include,
                    selections,
                } => {
                    if include
                        .as_ref()
                        .is_some_and(|it| self.value(it) == Value::Bool(false))
                    {
                        continue;
                    }
                    path.push(Value::from(alias.as_str()));
                    let value = self.field(on, object, name, arguments, selections, path);
                    path.pop();
                    into.insert(alias.clone(), value);
                }
            }
        }
    }

    fn field(
        &mut self,
        on: &str,
        object: &Value,
        name: &str,
        arguments: &BTreeMap<String, Argument>,
        selections: &[Selection],
        path: &mut Vec<Value>,
    ) -> Value {
        if name == "__typename" {
            return Value::from(on);
        }
        let arguments = arguments
            .iter()
            .map(|(name, value)| (name.clone(), self.value(value)))
            .collect();
        let value = self.host.field(on, object, name, &arguments);
        let value = value.unwrap_or_else(|| object[name].clone());
        let kind = bare(&self.schema.types[on][name].kind).to_owned();
        self.complete(&kind, value, selections, path)
    }

    fn complete(
        &mut self,
        kind: &str,
        value: Value,
        selections: &[Selection],
        path: &mut Vec<Value>,
    ) -> Value {
        if let Some(error) = value.get("__error") {
            let mut error = error.clone();
            error["path"] = Value::Array(path.clone());
            self.errors.push(error);
            return Value::Null;
        }
        match value {
            Value::Array(items) => items
                .into_iter()
                .enumerate()
                .map(|(number, item)| {
                    path.push(Value::from(number));
                    let item = self.complete(kind, item, selections, path);
                    path.pop();
                    item
                })
                .collect(),
            value if value.is_null() || selections.is_empty() => value,
            value => {
                let kind = value["__typename"].as_str().unwrap_or(kind).to_owned();
                let mut into = Map::new();
                self.object(&kind, &value, selections, path, &mut into);
                Value::Object(into)
            }
        }
    }

    fn value(&self, argument: &Argument) -> Value {
        match argument {
            Argument::Variable(name) => self.variables[name].clone(),
            Argument::Literal(value) => value.clone(),
            Argument::List(items) => items.iter().map(|item| self.value(item)).collect(),
            Argument::Object(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, item)| (name.clone(), self.value(item)));
                Value::Object(fields.collect())
            }
        }
    }
}
