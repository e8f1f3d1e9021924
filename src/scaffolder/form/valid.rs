//! JSON Schema draft 7 as the form's validator reads it: ajv 8 with `allErrors`, ajv-formats and ajv-errors, JavaScript's
//! patterns. Schemas are walked as they are, so that a form of hundreds of fields is checked while a key is down.

mod custom;
mod format;
mod words;

use std::cell::Cell;

use serde_json::Value as Json;

use super::page::join;
use super::resolve::find;
use super::types::{guess, same};
pub(super) use format::finds;

/// How deep schemas lead into schemas.
const MAX_DEPTH: u32 = 64;
/// How many schemas are tried for one answer.
const MAX_STEPS: u32 = 200_000;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// Where, as a JSON pointer; of something that is missing, where it should be.
    pub(crate) path: String,
    /// The keyword that says so; `errorMessage` where the author's own words stand for it.
    pub(crate) keyword: &'static str,
    /// What to say.
    pub(crate) message: String,
    /// The object that lacks it, of something that is missing.
    owner: Option<String>,
}

/// Whether `data` fits `schema`; `root` holds the definitions.
pub(super) fn is_valid(schema: &Json, data: &Json, root: &Json) -> bool {
    let check = Check::new(root, true);
    let mut found = Vec::new();
    check.walk(schema, data, "", &mut found);
    found.is_empty()
}

/// All that is wrong with `data`.
pub(super) fn wrongs(schema: &Json, data: &Json) -> Vec<Wrong> {
    let check = Check::new(schema, false);
    let mut found = Vec::new();
    check.walk(schema, data, "", &mut found);
    found
}

struct Check<'a> {
    root: &'a Json,
    /// The first wrong is enough.
    quick: bool,
    depth: Cell<u32>,
    steps: Cell<u32>,
}

impl<'a> Check<'a> {
    fn new(root: &'a Json, quick: bool) -> Self {
        Self {
            root,
            quick,
            depth: Cell::new(0),
            steps: Cell::new(0),
        }
    }

    fn walk(&self, schema: &Json, data: &Json, path: &str, found: &mut Vec<Wrong>) {
        let object = match schema {
            Json::Object(object) => object,
            Json::Bool(false) => {
                return note(found, path, "false schema", "This value is not allowed");
            }
            _ => return,
        };
        self.steps.set(self.steps.get() + 1);
        if self.depth.get() > MAX_DEPTH || self.steps.get() > MAX_STEPS {
            return;
        }
        self.depth.set(self.depth.get() + 1);
        let first = found.len();
        for (keyword, value) in object {
            self.keyword(keyword, value, schema, data, path, found);
            if self.quick && !found.is_empty() {
                break;
            }
        }
        if !self.quick
            && let Some(messages) = object.get("errorMessage")
        {
            custom::apply(messages, path, first, found);
        }
        self.depth.set(self.depth.get() - 1);
    }

    fn fits(&self, schema: &Json, data: &Json) -> bool {
        let inner = Check {
            root: self.root,
            quick: true,
            depth: self.depth.clone(),
            steps: self.steps.clone(),
        };
        let mut found = Vec::new();
        inner.walk(schema, data, "", &mut found);
        self.steps.set(inner.steps.get());
        found.is_empty()
    }

    fn keyword(
        &self,
        keyword: &str,
        value: &Json,
        schema: &Json,
        data: &Json,
        path: &str,
        found: &mut Vec<Wrong>,
    ) {
        match (keyword, value) {
            ("$ref", Json::String(reference)) => {
                if let Some(target) = find(reference, self.root) {
                    self.walk(&target, data, path, found);
                }
            }
            ("type", value) => kind(value, data, path, found),
            ("enum", Json::Array(values)) => {
                if !values.iter().any(|one| same(one, data)) {
                    note(found, path, "enum", &words::one_of(values));
                }
            }
            ("const", only) => {
                if !same(only, data) {
                    note(found, path, "const", &words::only(only));
                }
            }
            ("not", schema) => {
                if self.fits(schema, data) {
                    note(found, path, "not", "This value is not allowed");
                }
            }
            ("allOf", Json::Array(members)) => {
                for member in members {
                    self.walk(member, data, path, found);
                }
            }
            ("anyOf" | "oneOf", Json::Array(members)) => {
                self.options(keyword == "oneOf", members, data, path, found);
            }
            ("if", condition) => {
                let branch = if self.fits(condition, data) {
                    "then"
                } else {
                    "else"
                };
                if let Some(branch) = schema.get(branch) {
                    self.walk(branch, data, path, found);
                }
            }
            _ => match data {
                Json::String(text) => text_keyword(keyword, value, text, path, found),
                Json::Number(number) => {
                    number_keyword(
                        keyword,
                        value,
                        number.as_f64().unwrap_or_default(),
                        path,
                        found,
                    );
                }
                Json::Array(items) => self.list_keyword(keyword, value, schema, items, path, found),
                Json::Object(_) => self.object_keyword(keyword, value, schema, data, path, found),
                _ => {}
            },
        }
    }

    fn options(
        &self,
        one: bool,
        members: &[Json],
        data: &Json,
        path: &str,
        found: &mut Vec<Wrong>,
    ) {
        let fitting = members
            .iter()
            .filter(|member| self.fits(member, data))
            .count();
        if fitting == 1 || (fitting > 1 && !one) {
            return;
        }
        let keyword = if one { "oneOf" } else { "anyOf" };
        if fitting > 1 {
            return note(
                found,
                path,
                keyword,
                "More than one of the possibilities fits",
            );
        }
        note(found, path, keyword, "Choose one of the values offered");
        if !self.quick {
            for member in members {
                self.walk(member, data, path, found);
            }
        }
    }

    fn list_keyword(
        &self,
        keyword: &str,
        value: &Json,
        schema: &Json,
        items: &[Json],
        path: &str,
        found: &mut Vec<Wrong>,
    ) {
        let limit = || value.as_u64().and_then(|limit| usize::try_from(limit).ok());
        let each = |schema: &Json, from: usize, found: &mut Vec<Wrong>| {
            for (at, item) in items.iter().enumerate().skip(from) {
                self.walk(schema, item, &join(path, &at.to_string()), found);
            }
        };
        match keyword {
            "minItems" if limit().is_some_and(|limit| items.len() < limit) => {
                note(found, path, "minItems", &words::at_least(value, "value"));
            }
            "maxItems" if limit().is_some_and(|limit| items.len() > limit) => {
                note(found, path, "maxItems", &words::at_most(value, "value"));
            }
            "uniqueItems" if *value == Json::Bool(true) => {
                let twice = |(at, item): (usize, &Json)| {
                    items.iter().take(at).any(|other| same(item, other))
                };
                if items.iter().enumerate().any(twice) {
                    note(found, path, "uniqueItems", "No value may come twice");
                }
            }
            "items" => match value {
                Json::Array(schemas) => {
                    for (at, (schema, item)) in schemas.iter().zip(items).enumerate() {
                        self.walk(schema, item, &join(path, &at.to_string()), found);
                    }
                }
                schema => each(schema, 0, found),
            },
            "additionalItems" => {
                let Some(Json::Array(fixed)) = schema.get("items") else {
                    return;
                };
                if *value == Json::Bool(false) {
                    if items.len() > fixed.len() {
                        let message = words::at_most(&fixed.len().into(), "value");
                        note(found, path, "additionalItems", &message);
                    }
                } else {
                    each(value, fixed.len(), found);
                }
            }
            "contains" if !items.iter().any(|item| self.fits(value, item)) => {
                note(
                    found,
                    path,
                    "contains",
                    "None of the values is one that is needed",
                );
            }
            _ => {}
        }
    }

    fn dependencies(
        &self,
        all: &serde_json::Map<String, Json>,
        data: &Json,
        path: &str,
        found: &mut Vec<Wrong>,
    ) {
        for (name, brought) in all.iter().filter(|(name, _)| data.get(name).is_some()) {
            let Json::Array(names) = brought else {
                self.walk(brought, data, path, found);
                continue;
            };
            for missing in names.iter().filter_map(Json::as_str) {
                if data.get(missing).is_none() {
                    let message = format!("{missing} is needed with {name}");
                    note(found, path, "dependencies", &message);
                }
            }
        }
    }

    fn object_keyword(
        &self,
        keyword: &str,
        value: &Json,
        schema: &Json,
        data: &Json,
        path: &str,
        found: &mut Vec<Wrong>,
    ) {
        let Json::Object(object) = data else { return };
        let limit = || value.as_u64().and_then(|limit| usize::try_from(limit).ok());
        match (keyword, value) {
            ("required", Json::Array(names)) => {
                for name in names.iter().filter_map(Json::as_str) {
                    if !object.contains_key(name) {
                        found.push(Wrong {
                            path: join(path, name),
                            keyword: "required",
                            message: "This is needed".to_owned(),
                            owner: Some(path.to_owned()),
                        });
                    }
                }
            }
            ("properties", Json::Object(properties)) => {
                for (name, property) in properties {
                    if let Some(value) = object.get(name) {
                        self.walk(property, value, &join(path, name), found);
                    }
                }
            }
            ("patternProperties", Json::Object(patterns)) => {
                for (pattern, property) in patterns {
                    for (name, value) in object {
                        if finds(pattern, name) {
                            self.walk(property, value, &join(path, name), found);
                        }
                    }
                }
            }
            ("additionalProperties", more) => {
                let named = schema.get("properties");
                let patterns = schema.get("patternProperties").and_then(Json::as_object);
                for (name, value) in object {
                    let known = named.is_some_and(|named| named.get(name).is_some())
                        || patterns.is_some_and(|all| all.keys().any(|one| finds(one, name)));
                    if known {
                        continue;
                    }
                    if *more == Json::Bool(false) {
                        note(
                            found,
                            path,
                            "additionalProperties",
                            &format!("Unknown: {name}"),
                        );
                    } else {
                        self.walk(more, value, &join(path, name), found);
                    }
                }
            }
            ("propertyNames", names) => {
                if let Some((name, _)) = object
                    .iter()
                    .find(|(name, _)| !self.fits(names, &Json::from(name.as_str())))
                {
                    note(
                        found,
                        path,
                        "propertyNames",
                        &format!("{name:?} is no name that is allowed"),
                    );
                }
            }
            ("dependencies", Json::Object(all)) => self.dependencies(all, data, path, found),
            ("minProperties", value) if limit().is_some_and(|limit| object.len() < limit) => {
                note(
                    found,
                    path,
                    "minProperties",
                    &words::at_least(value, "entry"),
                );
            }
            ("maxProperties", value) if limit().is_some_and(|limit| object.len() > limit) => {
                note(
                    found,
                    path,
                    "maxProperties",
                    &words::at_most(value, "entry"),
                );
            }
            _ => {}
        }
    }
}

fn note(found: &mut Vec<Wrong>, path: &str, keyword: &'static str, message: &str) {
    found.push(Wrong {
        path: path.to_owned(),
        keyword,
        message: message.to_owned(),
        owner: None,
    });
}

fn kind(value: &Json, data: &Json, path: &str, found: &mut Vec<Wrong>) {
    let names: Vec<&str> = match value {
        Json::String(name) => vec![name],
        Json::Array(names) => names.iter().filter_map(Json::as_str).collect(),
        _ => return,
    };
    let is = |name: &&str| match *name {
        "integer" => data.as_f64().is_some_and(|number| number.fract() == 0.0),
        name => guess(data) == name,
    };
    if !names.is_empty() && !names.iter().any(is) {
        note(found, path, "type", &words::kinds(&names));
    }
}

fn text_keyword(keyword: &str, value: &Json, text: &str, path: &str, found: &mut Vec<Wrong>) {
    let length = || u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    match (keyword, value) {
        ("minLength", value) if value.as_u64().is_some_and(|limit| length() < limit) => {
            let message = if value.as_u64() == Some(1) {
                "This is needed".to_owned()
            } else {
                words::at_least(value, "character")
            };
            note(found, path, "minLength", &message);
        }
        ("maxLength", value) if value.as_u64().is_some_and(|limit| length() > limit) => {
            let message = format!(
                "{}; these are {}",
                words::at_most(value, "character"),
                length()
            );
            note(found, path, "maxLength", &message);
        }
        ("pattern", Json::String(pattern)) if !finds(pattern, text) => {
            note(found, path, "pattern", &format!("Must match {pattern}"));
        }
        ("format", Json::String(name)) if !format::is_text(name, text) => {
            note(
                found,
                path,
                "format",
                &format!("Must be {}", words::format(name)),
            );
        }
        _ => {}
    }
}

fn number_keyword(keyword: &str, value: &Json, number: f64, path: &str, found: &mut Vec<Wrong>) {
    if let ("format", Json::String(name)) = (keyword, value) {
        if !format::is_number(name, number) {
            note(
                found,
                path,
                "format",
                &format!("Must be {}", words::format(name)),
            );
        }
        return;
    }
    let Some(limit) = value.as_f64() else { return };
    let shown = crate::scaffolder::js::number_text(limit);
    let (keyword, wrong, message) = match keyword {
        "minimum" => (
            "minimum",
            number < limit,
            format!("Must be {shown} or more"),
        ),
        "maximum" => (
            "maximum",
            number > limit,
            format!("Must be {shown} or less"),
        ),
        "exclusiveMinimum" => (
            "exclusiveMinimum",
            number <= limit,
            format!("Must be more than {shown}"),
        ),
        "exclusiveMaximum" => (
            "exclusiveMaximum",
            number >= limit,
            format!("Must be less than {shown}"),
        ),
        "multipleOf" => {
            let times = number / limit;
            let wrong = limit == 0.0 || (times.round() - times).abs() > 1e-8;
            (
                "multipleOf",
                wrong,
                format!("Must be a multiple of {shown}"),
            )
        }
        _ => return,
    };
    if wrong {
        note(found, path, keyword, &message);
    }
}
