//! An entity as flat rows, as Backstage's search table has them: what filters look at, and what keys may not clash.
//!
//! As `buildEntitySearch` of `@backstage/plugin-catalog-backend` has it: every path to a scalar is a row, lists are
//! flattened into their parent, and each text in a list is a row of its own that is true.

use serde_json::Value;

/// Paths that are left out, with all below them.
const SPECIAL: [&str; 7] = [
    "attachments",
    "relations",
    "status",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "metadata.etag",
];

/// Calls `visit` with every path of `body` and the scalar there; `None` stands for the `true` of a text in a list.
pub(super) fn rows<'a>(body: &'a Value, mut visit: impl FnMut(&str, Option<&'a Value>)) {
    walk(body, 0, &mut String::new(), &mut visit);
}

fn walk<'a>(
    value: &'a Value,
    depth: usize,
    path: &mut String,
    visit: &mut impl FnMut(&str, Option<&'a Value>),
) {
    if (1..=2).contains(&depth) && SPECIAL.contains(&path.as_str()) {
        return;
    }
    let len = path.len();
    match value {
        Value::Object(map) => {
            for (key, child) in map {
                push(path, key);
                walk(child, depth + 1, path, visit);
                path.truncate(len);
            }
        }
        Value::Array(items) => {
            for item in items {
                walk(item, depth, path, visit);
                if let Value::String(text) = item {
                    push(path, text);
                    visit(path, None);
                    path.truncate(len);
                }
            }
        }
        scalar => visit(path, Some(scalar)),
    }
}

fn push(path: &mut String, step: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(step);
}
