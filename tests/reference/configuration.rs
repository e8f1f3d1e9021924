//! The page about the configuration: every key of its schema, which a test beside the reader holds to be those that are read.

use std::fmt::Write;

use serde_json::Value;
use stagedoor::config::schema::SCHEMA;

use super::{cell, expect_page};

#[test]
fn configuration() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let mut page = String::from(
        "# Configuration keys\n\nEvery key of `app-config.yaml` that is read, below the key in the title; any other is left alone. `[]` \
         stands for each entry of a list, `NAME` for a name of yours: a provider may also stand without one, if it is the only one. How files are found and laid over each other: \
         [configuration](../guide/configuration.md). `stagedoor config schema` prints the same as JSON Schema, for editors: write\n\n\
         ```yaml\n# yaml-language-server: $schema=./stagedoor.schema.json\n```\n\n\
         on top of the file, and `stagedoor config schema > stagedoor.schema.json` beside it.\n",
    );
    for (key, of) in schema["properties"].as_object().unwrap() {
        let about = of["description"].as_str().unwrap();
        if key == "integrations" {
            let kinds = of["properties"].as_object().unwrap().keys();
            let kinds: Vec<String> = kinds.map(|kind| format!("`{kind}`")).collect();
            writeln!(
                page,
                "\n## integrations.KIND[]\n\n{about} `KIND` is one of {}.\n",
                kinds.join(", ")
            )
            .unwrap();
            let entry = resolved(&schema, &schema["definitions"]["integrations"]["items"]);
            table(&mut page, &schema, entry);
            continue;
        }
        writeln!(page, "\n## {key}\n\n{about}\n").unwrap();
        table(&mut page, &schema, of);
        let providers = &of["properties"]["providers"];
        for (kind, of) in providers["properties"].as_object().into_iter().flatten() {
            let (of, path) = entry(&schema, of, &format!("catalog.providers.{kind}"));
            writeln!(page, "\n### {path}\n").unwrap();
            table(&mut page, &schema, of);
        }
    }
    expect_page("reference/configuration.md", &page);
}

/// What `schema` stands for.
fn resolved<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(to) => root.pointer(to.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// The last form that a provider may have, which has room for several: a list or entries by name.
fn entry<'a>(root: &'a Value, schema: &'a Value, path: &str) -> (&'a Value, String) {
    let form = schema["anyOf"]
        .as_array()
        .and_then(|forms| forms.last())
        .unwrap_or(schema);
    if form["items"].is_object() {
        return (resolved(root, &form["items"]), format!("{path}[]"));
    }
    let entries = &form["additionalProperties"];
    (resolved(root, entries), format!("{path}.NAME"))
}

fn table(page: &mut String, root: &Value, schema: &Value) {
    page.push_str("| key | type | meaning |\n|---|---|---|\n");
    rows(page, root, schema, "");
}

/// A row for each key below `schema`, which stands at `path`.
fn rows(page: &mut String, root: &Value, schema: &Value, path: &str) {
    let schema = resolved(root, schema);
    if schema["items"].is_object() {
        let items = resolved(root, &schema["items"]);
        if items["properties"].is_object() {
            rows(page, root, items, &format!("{path}[]"));
        }
        return;
    }
    let required = |key: &str| {
        let all = schema["required"].as_array();
        all.is_some_and(|all| all.iter().any(|one| one == key))
    };
    for (key, of) in schema["properties"].as_object().into_iter().flatten() {
        let path = if path.is_empty() {
            key.clone()
        } else {
            format!("{path}.{key}")
        };
        let of = resolved(root, of);
        if path == "providers" {
            continue;
        }
        let group = of["anyOf"].as_array().is_some_and(|forms| {
            let last = resolved(root, forms.last().unwrap());
            resolved(root, &last["items"])["properties"].is_object()
        });
        if group {
            let (of, path) = entry(root, of, &path);
            rows(page, root, of, &path);
            continue;
        }
        if let Some(meaning) = of["description"].as_str() {
            let meaning = meaning.trim_end_matches('.');
            let otherwise = match &of["default"] {
                Value::Null if required(key) => "; has to be there".to_owned(),
                Value::Null => String::new(),
                Value::String(text) => format!("; `{text}` otherwise"),
                other => format!("; `{other}` otherwise"),
            };
            let meaning = cell(&format!("{meaning}{otherwise}"));
            writeln!(page, "| `{path}` | {} | {meaning} |", kind(root, of)).unwrap();
        }
        rows(page, root, of, &path);
    }
}

/// The type of a value, in words.
fn kind(root: &Value, schema: &Value) -> String {
    let schema = resolved(root, schema);
    if let Some(forms) = schema["anyOf"].as_array() {
        let mut kinds: Vec<String> = forms.iter().map(|form| kind(root, form)).collect();
        kinds.dedup();
        return kinds.join(" or ");
    }
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<String> = values
            .iter()
            .map(|value| format!("`{}`", value.as_str().unwrap()))
            .collect();
        return values.join(", ");
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("array"), _) if resolved(root, &schema["items"])["type"] == "string" => {
            "list of texts"
        }
        (Some("array"), _) => "list",
        (Some("object"), _) => "map",
        (Some("boolean"), _) => "true or false",
        (Some("integer"), _) => "number",
        (_, Some("uri")) => "address",
        _ => "text",
    }
    .to_owned()
}
