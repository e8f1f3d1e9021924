//! What a query costs at a GitLab (`BaseField`, `BaseResolver`, `NamespaceProjectsResolver`, `BlobsResolver`): a point for
//! each field, a percent more for each node of a list, and more for what its storage has to be asked for.

use serde_json::Value;

use super::parse::{Argument, Document, Selection};

/// The most nodes of a list, and as many as are counted where a query does not say.
const MOST: u64 = 100;

/// The points of `document`.
pub(super) fn complexity(document: &Document, variables: &Value) -> u64 {
    let score = Score {
        document,
        variables,
    };
    score.of(&document.selections).floor() as u64
}

struct Score<'a> {
    document: &'a Document,
    variables: &'a Value,
}

impl Score<'_> {
    fn of(&self, selections: &[Selection]) -> f64 {
        selections.iter().map(|it| self.one(it)).sum()
    }

    fn one(&self, selection: &Selection) -> f64 {
        match selection {
            Selection::Inline { selections, .. } => self.of(selections),
            Selection::Spread { name } => self.of(&self.document.fragments[name].selections),
            Selection::Field {
                name,
                arguments,
                include,
                selections,
                ..
            } => {
                if include.as_ref().is_some_and(|it| self.value(it) == false) {
                    return 0.0;
                }
                let number = |key: &str| arguments.get(key).and_then(|it| self.value(it).as_u64());
                let first = number("first").unwrap_or(MOST).min(MOST);
                let list = 1.0 + 0.01 * first as f64;
                let below = self.of(selections);
                match name.as_str() {
                    "projects" => (below + 11.0) * list,
                    "blobs" => {
                        let paths = arguments.get("paths").map(|it| self.value(it));
                        let paths = paths.and_then(|it| Some(it.as_array()?.len()));
                        (below + 2.0 + 7.0 * paths.unwrap_or_default() as f64) * list
                    }
                    "rootRef" | "empty" | "exists" | "tree" | "lastCommit" => below + 2.0,
                    _ => below + 1.0,
                }
            }
        }
    }

    fn value(&self, argument: &Argument) -> Value {
        match argument {
            Argument::Variable(name) => self.variables[name].clone(),
            Argument::Literal(value) => value.clone(),
            Argument::List(items) => items.iter().map(|item| self.value(item)).collect(),
            Argument::Object(_) => Value::Null,
        }
    }
}
