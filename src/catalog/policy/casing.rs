//! Keys that differ only in case, on which Backstage's search table trips: the entity is never shown.
//!
//! Lists do not part them, since the table flattens lists into what holds them.

use std::collections::HashMap;

use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64;

use super::{Found, quoted};
use crate::catalog::{Rule, flatten};

/// What Backstage's table has of every entity, whatever its body says.
const ALWAYS: [&str; 5] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "metadata.annotations.backstage.io/managed-by-location",
    "metadata.annotations.backstage.io/managed-by-origin-location",
];

/// Checks that no two paths differ only in case.
pub(super) fn check(body: &Value, found: &mut Found) {
    // Hashes first: nearly every entity is fine, and texts are only made for the few that are not.
    let mut hashes: Vec<(u64, u64)> = Vec::new();
    let mut in_lists: Vec<(u64, u64)> = Vec::new();
    let mut lower = String::new();
    let mut hash = |path: &str| {
        let exact = xxh3_64(path.as_bytes());
        if path
            .bytes()
            .any(|b| b.is_ascii_uppercase() || !b.is_ascii())
        {
            lower.clear();
            if path.is_ascii() {
                lower.push_str(path);
                lower.make_ascii_lowercase();
            } else {
                lower.extend(path.chars().flat_map(char::to_lowercase));
            }
            (xxh3_64(lower.as_bytes()), exact)
        } else {
            (exact, exact)
        }
    };
    flatten::rows(body, |path, value| {
        let hash = hash(path);
        if value.is_some() {
            hashes.push(hash);
        } else {
            in_lists.push(hash);
        }
    });
    // Of texts in lists that differ only in case the table takes the first alone.
    in_lists.sort_by_key(|(lower, _)| *lower);
    in_lists.dedup_by_key(|(lower, _)| *lower);
    hashes.append(&mut in_lists);
    hashes.extend(ALWAYS.map(hash));
    hashes.sort_unstable();
    if hashes
        .windows(2)
        .any(|pair| matches!(pair, [a, b] if a.0 == b.0 && a.1 != b.1))
    {
        name_them(body, found);
    }
}

fn name_them(body: &Value, found: &mut Found) {
    let mut seen: HashMap<String, (String, bool)> = ALWAYS
        .map(|path| (path.to_owned(), (path.to_owned(), false)))
        .into();
    let mut clash = None;
    flatten::rows(body, |path, value| {
        let in_list = value.is_none();
        let first = seen
            .entry(path.to_lowercase())
            .or_insert_with(|| (path.to_owned(), in_list));
        if first.0 != path && !(first.1 && in_list) && clash.is_none() {
            clash = Some((first.0.clone(), path.to_owned()));
        }
    });
    if let Some((first, second)) = clash {
        let root = second.split('.').next().unwrap_or_default();
        found.add(
            format!("/{root}"),
            Rule::Schema,
            format!(
                "{} and {} differ only in case, so Backstage never shows the entity",
                quoted(&first),
                quoted(&second)
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn clash(body: &Value) -> bool {
        let mut found = Found::default();
        check(body, &mut found);
        !found.0.is_empty()
    }

    #[test]
    fn keys_that_differ_only_in_case_are_told() {
        assert!(clash(
            &json!({"metadata": {"labels": {"Foo": "a", "foo": "b"}}})
        ));
        assert!(
            clash(&json!({"spec": {"steps": [{"Input": 1}, {"input": 2}]}})),
            "lists are flattened"
        );
        assert!(
            clash(&json!({"spec": {"x": [{"A": 1}, "a"]}})),
            "texts in lists are keys"
        );
        assert!(
            !clash(&json!({"spec": {"x": ["A", "a"]}})),
            "but are not parted from each other by case"
        );
        assert!(
            clash(&json!({"metadata": {"Name": "x"}})),
            "every entity has a name"
        );
        assert!(!clash(
            &json!({"spec": {"x": ["a", "a"], "X2": 1}, "metadata": {"a": 1}})
        ));
    }
}
