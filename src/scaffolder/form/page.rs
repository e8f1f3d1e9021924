//! A page's JSON Schema apart from its `ui:` keys, as Backstage takes them apart before rjsf sees either
//! (`extractSchemaFromStep` of `@backstage/plugin-scaffolder-react`).

use serde_json::{Map, Value as Json};

/// How deep a schema is read.
const MAX_DEPTH: usize = 64;

/// A page taken apart.
#[derive(Debug)]
pub(super) struct Asked {
    /// The JSON Schema, without `ui:` keys, and without the properties that wait for a feature flag.
    pub(super) schema: Json,
    /// The `ui:` keys: an object for the page, in it one for each property by its name, and `items` for those of lists.
    pub(super) ui: Json,
}

impl Asked {
    /// Takes `page` apart.
    pub(super) fn read(page: &Json) -> Self {
        let mut schema = page.clone();
        let mut ui = Map::new();
        take_ui(&mut schema, &mut ui, 0);
        if let Json::Object(object) = &mut schema {
            // The page's title stands above the form; it is no name of a field.
            object.shift_remove("title");
            if object.contains_key("properties") || !object.contains_key("dependencies") {
                object
                    .entry("properties")
                    .or_insert_with(|| Map::new().into());
            }
            drop_flagged(object, &ui);
        }
        Self {
            schema,
            ui: ui.into(),
        }
    }

    /// Whether tags are asked for anywhere.
    pub(super) fn has_tags(&self) -> bool {
        holds(&self.ui, "EntityTagsPicker")
    }
}

fn holds(ui: &Json, field: &str) -> bool {
    let Json::Object(object) = ui else {
        return false;
    };
    object.get("ui:field").and_then(Json::as_str) == Some(field)
        || object
            .iter()
            .any(|(key, inner)| !key.starts_with("ui:") && holds(inner, field))
}

/// Whether `schema` may have a field that shows dots: the word that makes one stands somewhere in it.
pub(super) fn may_hide(schema: &Json) -> bool {
    match schema {
        Json::String(word) => matches!(word.as_str(), "Secret" | "password"),
        Json::Array(items) => items.iter().any(may_hide),
        Json::Object(object) => object.values().any(may_hide),
        _ => false,
    }
}

/// Whether a page waits for a feature flag; there are none here.
pub(super) fn behind_flag(page: &Json) -> bool {
    let flag = page.get("backstage:featureFlag");
    flag.is_some_and(Json::is_string) || page.pointer("/ui:backstage/featureFlag").is_some()
}

/// Takes out the page's own properties that wait for a feature flag; deeper ones do not wait in Backstage, either.
fn drop_flagged(page: &mut Map<String, Json>, ui: &Map<String, Json>) {
    let mut dropped = Vec::new();
    if let Some(Json::Object(properties)) = page.get_mut("properties") {
        properties.retain(|name, property| {
            let flagged = property.get("backstage:featureFlag").is_some_and(truthy)
                || ui
                    .get(name)
                    .is_some_and(|ui| ui.pointer("/ui:backstage/featureFlag").is_some());
            if flagged {
                dropped.push(name.clone());
            }
            !flagged
        });
    }
    if let Some(Json::Array(required)) = page.get_mut("required") {
        required.retain(|name| !dropped.iter().any(|dropped| name.as_str() == Some(dropped)));
    }
}

fn truthy(value: &Json) -> bool {
    !matches!(value, Json::Null | Json::Bool(false)) && value.as_str() != Some("")
}

/// Moves the `ui:` keys of `schema` into `ui`. The members of combinations share the place of what they combine to, and
/// later ones win.
fn take_ui(schema: &mut Json, ui: &mut Map<String, Json>, depth: usize) {
    let Json::Object(object) = schema else {
        return;
    };
    if depth > MAX_DEPTH {
        return;
    }
    object.retain(|key, value| {
        if key.starts_with("ui:") {
            ui.insert(key.clone(), value.take());
            return false;
        }
        true
    });
    if let Some(Json::Object(properties)) = object.get_mut("properties") {
        for (name, property) in properties
            .iter_mut()
            .filter(|(_, property)| property.is_object())
        {
            let slot = ui.entry(name.clone()).or_insert(Json::Null);
            if !slot.is_object() {
                *slot = Map::new().into();
            }
            if let Json::Object(inner) = slot {
                take_ui(property, inner, depth + 1);
            }
        }
    }
    if let Some(items) = object.get_mut("items").filter(|items| items.is_object()) {
        let mut inner = Map::new();
        take_ui(items, &mut inner, depth + 1);
        ui.insert("items".to_owned(), inner.into());
    }
    for keyword in ["anyOf", "oneOf", "allOf"] {
        if let Some(Json::Array(members)) = object.get_mut(keyword) {
            for member in members {
                take_ui(member, ui, depth + 1);
            }
        }
    }
    if let Some(Json::Object(dependencies)) = object.get_mut("dependencies") {
        for (_, dependency) in dependencies.iter_mut() {
            take_ui(dependency, ui, depth + 1);
        }
    }
    for keyword in ["then", "else"] {
        if let Some(branch) = object.get_mut(keyword) {
            take_ui(branch, ui, depth + 1);
        }
    }
}

/// The `ui:` keys of one place. What a `$ref` brought keeps its own in the schema.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ui<'a> {
    ui: Option<&'a Json>,
    schema: &'a Json,
}

impl<'a> Ui<'a> {
    pub(super) fn new(ui: Option<&'a Json>, schema: &'a Json) -> Self {
        Self { ui, schema }
    }

    /// The value of `ui:<key>`, or of `<key>` in `ui:options`.
    pub(super) fn get(&self, key: &str) -> Option<&'a Json> {
        let own = |place: &'a Json| {
            let named = place.get(format!("ui:{key}"));
            named.or_else(|| place.get("ui:options")?.get(key))
        };
        self.ui.and_then(own).or_else(|| own(self.schema))
    }

    /// The text of `ui:<key>`.
    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key).and_then(Json::as_str)
    }

    /// Whether `ui:<key>` is on.
    pub(super) fn on(&self, key: &str) -> bool {
        self.get(key) == Some(&Json::Bool(true))
    }

    /// The keys of what is called `name` in it: a property, or `items`.
    pub(super) fn of(&self, name: &str) -> Option<&'a Json> {
        self.ui.and_then(|ui| ui.get(name))
    }
}

/// `path` with one more name, as a JSON pointer.
pub(super) fn join(path: &str, name: &str) -> String {
    format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"))
}
