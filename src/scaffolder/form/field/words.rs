//! Words of a form: values as text, names as titles, examples.

use serde_json::Value as Json;

/// A value as one line of text.
pub(in super::super) fn label(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        Json::Bool(true) => "yes".to_owned(),
        Json::Bool(false) => "no".to_owned(),
        Json::Array(items) => items.iter().map(label).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// What to show in an empty field: the first of `examples`, else what a text of its format looks like.
pub(super) fn example(schema: &Json) -> String {
    if let Some(first) = schema.get("examples").and_then(|examples| examples.get(0)) {
        return label(first);
    }
    let format = schema.get("format").and_then(Json::as_str);
    match format.unwrap_or_default() {
        "date" => "2026-01-31",
        "time" => "13:00:00",
        "date-time" => "2026-01-31T13:00:00Z",
        "email" => "name@example.com",
        "uri" => "https://",
        _ => "",
    }
    .to_owned()
}

/// `fooBar_baz` → `Foo Bar Baz`, as lodash's `startCase`.
pub(in super::super) fn start_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::new();
    let mut last = None;
    for (at, &c) in letters.iter().enumerate() {
        if !c.is_alphanumeric() {
            last = None;
            continue;
        }
        let next = letters.get(at + 1);
        let begins = last.is_none_or(|last: char| {
            c.is_uppercase()
                && (last.is_lowercase() || next.is_some_and(|next| next.is_lowercase()))
                || c.is_numeric() != last.is_numeric()
        });
        if begins && !out.is_empty() {
            out.push(' ');
        }
        if begins {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        last = Some(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_titles() {
        for (name, title) in [
            ("repoUrl", "Repo Url"),
            ("component_id", "Component Id"),
            ("HTTPPort", "HTTP Port"),
            ("tier2", "Tier 2"),
        ] {
            assert_eq!(start_case(name), title);
        }
    }
}
