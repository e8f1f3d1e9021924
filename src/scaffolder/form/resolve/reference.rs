//! `$ref`: the definition that it names, put in its place.

use serde_json::Value as Json;

/// How many references lead from one to the next.
const MAX_CHAIN: usize = 32;
/// How deep properties and items are looked into for references.
const MAX_DEPTH: usize = 24;

/// The definition that `reference` names in `root`; `None` where there is none.
pub(in super::super) fn find(reference: &str, root: &Json) -> Option<Json> {
    let mut reference = reference.to_owned();
    let mut around = Vec::new();
    for _ in 0..MAX_CHAIN {
        let pointer = reference.strip_prefix('#')?;
        let pointer = percent_decoded(pointer);
        let found = root.pointer(&pointer)?;
        let next = found.get("$ref").and_then(Json::as_str);
        let Some(next) = next else {
            let mut found = found.clone();
            // What stands beside a reference is put in first, the last definition over it.
            for outer in around.into_iter().rev() {
                found = over(outer, found);
            }
            return Some(found);
        };
        next.clone_into(&mut reference);
        around.push(found.clone());
    }
    None
}

fn over(under: Json, found: Json) -> Json {
    match (under, found) {
        (Json::Object(mut under), Json::Object(found)) => {
            under.shift_remove("$ref");
            under.extend(found);
            under.into()
        }
        (_, found) => found,
    }
}

fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let query = text.replace('+', "%2B");
    url::form_urlencoded::parse(query.as_bytes())
        .next()
        .map(|(key, _)| key.into_owned())
        .unwrap_or_default()
}

/// `schema` with its references, those of its properties and of its items replaced, except ones that are being replaced
/// already (`resolveAllReferences`).
pub(super) fn resolve_all(schema: &Json, root: &Json, refs: &mut Vec<String>) -> Json {
    resolve_at(schema, root, refs, 0)
}

fn resolve_at(schema: &Json, root: &Json, refs: &mut Vec<String>, depth: usize) -> Json {
    let Json::Object(object) = schema else {
        return schema.clone();
    };
    if depth > MAX_DEPTH {
        return schema.clone();
    }
    let mut object = object.clone();
    if let Some(Json::String(reference)) = object.get("$ref") {
        if refs.contains(reference) {
            return schema.clone();
        }
        let reference = reference.clone();
        refs.push(reference.clone());
        object.shift_remove("$ref");
        if let Some(Json::Object(mut found)) = find(&reference, root) {
            found.extend(object);
            object = found;
        }
    }
    if let Some(Json::Object(properties)) = object.get_mut("properties") {
        let mut seen = refs.clone();
        for (_, property) in properties.iter_mut() {
            let mut inner = refs.clone();
            *property = resolve_at(property, root, &mut inner, depth + 1);
            for reference in inner {
                if !seen.contains(&reference) {
                    seen.push(reference);
                }
            }
        }
        *refs = seen;
    }
    if let Some(items) = object.get_mut("items").filter(|items| items.is_object()) {
        *items = resolve_at(items, root, refs, depth + 1);
    }
    object.into()
}
