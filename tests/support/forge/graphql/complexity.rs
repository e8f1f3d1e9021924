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
    score.of(&document.selections)
}

struct Score<'a> {
    document: &'a Document,
    variables: &'a Value,
}

impl Score<'_> {
    fn of(&self, selections: &[Selection]) -> u64 {
        selections.iter().map(|it| self.one(it)).sum()
    }

    fn one(&self, selection: &Selection) -> u64 {
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
                    return 0;
                }
                let number = |key: &str| arguments.get(key).and_then(|it| self.value(it).as_u64());
                let first = number("first").unwrap_or(MOST).min(MOST);
                let list = |points: u64| points + points * first / 100;
                let below = self.of(selections);
                match name.as_str() {
                    "projects" => list(below + 11),
                    "blobs" => {
                        let paths = arguments.get("paths").map(|it| self.value(it));
                        let paths =
                            paths.map_or(0, |it| it.as_array().into_iter().flatten().count());
                        list(below + 2 + 7 * u64::try_from(paths).unwrap())
                    }
                    "rootRef" | "empty" | "exists" | "tree" | "lastCommit" => below + 2,
                    _ => below + 1,
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
