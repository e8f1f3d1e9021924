//! The JSON Schema of the configuration: every key that is read, with its type, what it means, and what holds without it.
//!
//! `stagedoor config schema` prints it, and the reference is written from it. A test reads a configuration that has every key
//! of it and compares those that were asked for: a key cannot be read without standing here, nor stand here without being
//! read.

/// The schema as JSON.
pub const SCHEMA: &str = include_str!("../../assets/schema/config.json");

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Map, Value, json};

    use super::SCHEMA;
    use crate::config::section::asked;
    use crate::config::sections;

    /// What entries are called whose names are the user's own.
    const NAME: &str = "NAME";
    /// The ways in which an integration names its token; the first that is there counts.
    const TOKENS: [&str; 3] = ["token", "appPassword", "password"];
    /// So many configurations have every key and every kind of value.
    const VARIANTS: usize = TOKENS.len() + 1;

    fn schema() -> Value {
        serde_json::from_str(SCHEMA).unwrap()
    }

    /// What `schema` stands for.
    fn resolved<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(to) => root.pointer(to.trim_start_matches('#')).unwrap(),
            None => schema,
        }
    }

    /// A value that `schema` allows; of several kinds the one with this number, or the last.
    fn sample(root: &Value, schema: &Value, variant: usize) -> Value {
        let schema = resolved(root, schema);
        let pick = |all: &Vec<Value>| all.get(variant).or(all.last()).cloned();
        if let Some(kinds) = schema["anyOf"].as_array() {
            let given = schema.get("default").or(schema["examples"].get(0));
            let kind = pick(kinds).unwrap();
            return match given {
                Some(given) if kind["type"] == "string" => given.clone(),
                Some(given) if kind["type"] == "array" => json!([given]),
                _ => sample(root, &kind, variant),
            };
        }
        if let Some(values) = schema["enum"].as_array() {
            return pick(values).unwrap();
        }
        if let Some(given) = schema["examples"].get(0).or(schema.get("default")) {
            return given.clone();
        }
        match schema["type"].as_str() {
            Some("array") => json!([sample(root, &schema["items"], variant)]),
            Some("integer") => json!(1),
            Some("object") => {
                let mut object = Map::new();
                for (key, schema) in schema["properties"].as_object().into_iter().flatten() {
                    object.insert(key.clone(), sample(root, schema, variant));
                }
                if let Some(schema) = schema
                    .get("additionalProperties")
                    .filter(|it| it.is_object())
                {
                    object.insert(NAME.to_owned(), sample(root, schema, variant));
                }
                Value::Object(object)
            }
            _ => json!("x"),
        }
    }

    /// The keys that `schema` names below `path`.
    fn keys(root: &Value, schema: &Value, path: &str, all: &mut BTreeSet<String>) {
        let schema = resolved(root, schema);
        for kind in schema["anyOf"].as_array().into_iter().flatten() {
            keys(root, kind, path, all);
        }
        for (key, schema) in schema["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}.{key}");
            keys(root, schema, &path, all);
            all.insert(path);
        }
        if schema["items"].is_object() {
            keys(root, &schema["items"], path, all);
        }
        if schema["additionalProperties"].is_object() {
            keys(root, &schema["additionalProperties"], path, all);
        }
    }

    /// A key without its numbers and names: the same for all entries of a list or a map.
    fn form(key: &str) -> String {
        let mut form = String::new();
        for part in key.split('.').filter(|part| *part != NAME) {
            let name = part.split('[').next().unwrap_or_default();
            form.push('.');
            form.push_str(name);
        }
        form
    }

    /// Takes `keys` out, wherever they stand.
    fn without(value: &mut Value, keys: &[&str]) {
        match value {
            Value::Object(map) => {
                map.retain(|key, _| !keys.contains(&key.as_str()));
                map.values_mut().for_each(|value| without(value, keys));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| without(item, keys)),
            _ => {}
        }
    }

    #[test]
    fn every_key_that_is_read_stands_in_the_schema_and_the_other_way_around() {
        let schema = schema();
        let mut read = BTreeSet::new();
        for variant in 0..VARIANTS {
            let mut config = sample(&schema, &schema, variant);
            // Some keys are asked for only where others are not there.
            without(&mut config["integrations"], &TOKENS[..variant]);
            if variant > 0 {
                without(&mut config, &["apiKey"]);
            }
            if variant > 1 {
                without(&mut config, &["relations"]);
            }
            asked::clear();
            sections::read(Vec::new(), &config, &[]).unwrap();
            read.extend(asked::all().iter().map(|key| form(key)));
        }
        let mut known = BTreeSet::new();
        keys(&schema, &schema, "", &mut known);
        let known: BTreeSet<String> = known
            .iter()
            .map(|key| form(key.trim_start_matches('.')))
            .collect();
        let unknown: Vec<_> = read.difference(&known).collect();
        assert!(
            unknown.is_empty(),
            "read, and not in the schema: {unknown:#?}"
        );
        let unread: Vec<_> = known.difference(&read).collect();
        assert!(
            unread.is_empty(),
            "in the schema, and never read: {unread:#?}"
        );
    }

    #[test]
    fn every_key_says_what_it_means() {
        let schema = schema();
        let mut bare = Vec::new();
        silent(&schema, &schema, "", &mut bare);
        assert!(bare.is_empty(), "{bare:#?}");
    }

    /// The keys below `path` that have a value of their own and no description.
    fn silent(root: &Value, schema: &Value, path: &str, bare: &mut Vec<String>) {
        for (key, of) in schema["properties"].as_object().into_iter().flatten() {
            let of = resolved(root, of);
            let path = format!("{path}.{key}");
            let is_group =
                of["properties"].is_object() || of["anyOf"].is_array() || of["type"] == "array";
            if !is_group && of["description"].as_str().is_none_or(str::is_empty) {
                bare.push(path.clone());
            }
            silent(root, of, &path, bare);
        }
        for items in ["items", "additionalProperties"] {
            if schema[items].is_object() {
                silent(root, resolved(root, &schema[items]), path, bare);
            }
        }
    }
}
