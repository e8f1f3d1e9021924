//! Default values, filled in where nothing was answered.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::schema::{join, properties, type_of, ui_text};

/// Fills `data` by the resolved object schema `schema`, which stands at `path`. `inherited` is the default that an object
/// around gives; paths in `cleared` were emptied by the user and stay so.
pub(super) fn fill(
    schema: &Json,
    inherited: Option<&Json>,
    data: &mut Map<String, Json>,
    path: &str,
    cleared: &BTreeSet<String>,
) -> bool {
    let mut changed = false;
    for (name, property) in properties(schema) {
        let path = join(path, name);
        if cleared.contains(&path) {
            continue;
        }
        let given = inherited.and_then(|object| object.get(name));
        let default = given.or_else(|| property.get("default"));
        if type_of(property) == "object" && property.get("properties").is_some() {
            let slot = data.entry(name.clone()).or_insert_with(|| {
                changed = true;
                Map::new().into()
            });
            if let Json::Object(inner) = slot {
                changed |= fill(property, default, inner, &path, cleared);
            }
            continue;
        }
        if data.contains_key(name) {
            continue;
        }
        let value = default.or_else(|| property.get("const")).cloned();
        let value = value.or_else(|| {
            (ui_text(property, "field") == Some("EntityTagsPicker"))
                .then(|| Json::Array(Vec::new()))
        });
        if let Some(value) = value {
            data.insert(name.clone(), value);
            changed = true;
        }
    }
    changed
}
