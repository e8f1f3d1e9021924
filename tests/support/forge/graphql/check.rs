//! Whether a query asks only for what the schema has.

use std::collections::BTreeSet;

use serde_json::Value;

use super::parse::{Argument, Document, Selection};
use super::schema::{Schema, bare};

/// What is wrong with `document`, as a host would say it, each with the fragment in which it stands.
pub(super) fn check(
    schema: &Schema,
    document: &Document,
    variables: &Value,
) -> Vec<(Option<String>, String)> {
    let mut check = Check {
        schema,
        document,
        used: BTreeSet::new(),
        fragment: None,
        wrong: Vec::new(),
    };
    check.selections("Query", &document.selections);
    for (name, kind) in &document.variables {
        if !check.used.contains(name) {
            check.complain(format!("Variable ${name} is declared but not used"));
        }
        if kind.ends_with('!') && variables.get(name).is_none_or(Value::is_null) {
            check.complain(format!(
                "Variable ${name} of type {kind} was provided invalid value"
            ));
        }
    }
    check.wrong
}

struct Check<'a> {
    schema: &'a Schema,
    document: &'a Document,
    used: BTreeSet<String>,
    /// The fragment that is looked at.
    fragment: Option<String>,
    wrong: Vec<(Option<String>, String)>,
}

impl Check<'_> {
    fn complain(&mut self, message: String) {
        self.wrong.push((self.fragment.clone(), message));
    }

    fn selections(&mut self, on: &str, selections: &[Selection]) {
        for selection in selections {
            match selection {
                Selection::Inline {
                    on: other,
                    selections,
                } => {
                    self.fits(on, other);
                    self.selections(other, selections);
                }
                Selection::Spread { name } => {
                    let document = self.document;
                    match document.fragments.get(name) {
                        Some(fragment) => {
                            self.fits(on, &fragment.on);
                            let around = self.fragment.replace(name.clone());
                            self.selections(&fragment.on, &fragment.selections);
                            self.fragment = around;
                        }
                        None => self.complain(format!("Fragment {name} was used, but not defined")),
                    }
                }
                Selection::Field {
                    name,
                    arguments,
                    include,
                    selections,
                    ..
                } => {
                    if let Some(include) = include {
                        self.argument(include, "Boolean!");
                    }
                    if name != "__typename" {
                        self.field(on, name, arguments.iter(), selections);
                    }
                }
            }
        }
    }

    fn field<'b>(
        &mut self,
        on: &str,
        name: &str,
        arguments: impl Iterator<Item = (&'b String, &'b Argument)>,
        selections: &[Selection],
    ) {
        let schema = self.schema;
        let Some(field) = schema.types.get(on).and_then(|fields| fields.get(name)) else {
            self.complain(format!("Field '{name}' doesn't exist on type '{on}'"));
            return;
        };
        let mut given = BTreeSet::new();
        for (argument, value) in arguments {
            given.insert(argument);
            match field.arguments.get(argument) {
                Some(kind) => self.argument(value, kind),
                None => self.complain(format!(
                    "Field '{name}' doesn't accept argument '{argument}'"
                )),
            }
        }
        for (argument, kind) in &field.arguments {
            if kind.ends_with('!') && !given.contains(argument) {
                self.complain(format!(
                    "Field '{name}' is missing required arguments: {argument}"
                ));
            }
        }
        let is_composite = schema.types.contains_key(bare(&field.kind));
        if is_composite == selections.is_empty() {
            self.complain(format!(
                "Field '{name}' of type {} must have selections or none",
                field.kind
            ));
        }
        if is_composite {
            self.selections(bare(&field.kind), selections);
        }
    }

    fn argument(&mut self, value: &Argument, kind: &str) {
        match value {
            Argument::Variable(name) => {
                self.used.insert(name.clone());
                match self.document.variables.get(name) {
                    None => self.complain(format!("Variable ${name} is used but not declared")),
                    Some(declared)
                        if declared != kind && declared.trim_end_matches('!') != kind =>
                    {
                        self.complain(format!(
                            "Type mismatch on variable ${name} ({declared} / {kind})"
                        ));
                    }
                    Some(_) => {}
                }
            }
            Argument::List(items) => {
                let inner = kind.trim_end_matches('!').trim_start_matches('[');
                let inner = inner.strip_suffix(']').unwrap_or(inner);
                for item in items {
                    self.argument(item, inner);
                }
            }
            // The fields of input objects are not described.
            Argument::Object(fields) => {
                for item in fields.values() {
                    if let Argument::Variable(name) = item {
                        self.used.insert(name.clone());
                    }
                }
            }
            Argument::Literal(_) => {}
        }
    }

    fn fits(&mut self, is: &str, other: &str) {
        let can = self.schema.types.contains_key(other)
            && (self.schema.fits(is, other) || self.schema.fits(other, is));
        if !can {
            self.complain(format!("Fragment on {other} can't be spread inside {is}"));
        }
    }
}
