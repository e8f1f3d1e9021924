//! A page or a property as JSON Schema: whether it is one, and whether its parts agree.

use std::sync::LazyLock;

use jsonschema::draft7::meta;
use jsonschema::error::ValidationErrorKind;
use jsonschema::meta::MetaValidator;
use serde_json::{Value as Json, json};

use super::{Finding, Findings, Spot, in_words, is_placeholder, shown};
use crate::catalog::{Level, Rule};

/// The types of JSON Schema.
const TYPES: [&str; 7] = [
    "string", "number", "integer", "boolean", "object", "array", "null",
];

/// What other languages call the types.
const SYNONYMS: [(&str, &str); 8] = [
    ("str", "string"),
    ("text", "string"),
    ("int", "integer"),
    ("float", "number"),
    ("double", "number"),
    ("bool", "boolean"),
    ("list", "array"),
    ("map", "object"),
];

/// The fields that come with Backstage.
const FIELDS: [&str; 11] = [
    "EntityPicker",
    "EntityNamePicker",
    "EntityTagsPicker",
    "MultiEntityPicker",
    "MyGroupsPicker",
    "OwnedEntityPicker",
    "OwnerPicker",
    "RepoBranchPicker",
    "RepoOwnerPicker",
    "RepoUrlPicker",
    "Secret",
];

/// The fields that come with the form library; nobody writes them by mistake.
const PLAIN_FIELDS: [&str; 7] = [
    "ArrayField",
    "BooleanField",
    "NullField",
    "NumberField",
    "ObjectField",
    "SchemaField",
    "StringField",
];

/// Checks `schema` against the schema of schemas.
pub(super) fn check(schema: &Json, pointer: &str, found: &mut Findings) {
    static META: LazyLock<MetaValidator<'static>> = LazyLock::new(meta::validator);
    for error in META.iter_errors(schema) {
        let path = error.instance_path().to_string();
        let value = schema.pointer(&path).unwrap_or(&Json::Null);
        let (above, key) = path.rsplit_once('/').unwrap_or(("", ""));
        let holder = above.rsplit('/').next().unwrap_or_default();
        // Patterns are JavaScript's, and checked as such.
        if is_placeholder(value) || (key == "pattern" && value.is_string()) {
            continue;
        }
        // What may also be something else than a schema is told as a whole; the mistake lies deeper.
        if value.is_object() && matches!(error.kind(), ValidationErrorKind::AnyOf { .. }) {
            check(value, &format!("{pointer}{path}"), found);
            continue;
        }
        let spot = Spot::Node(format!("{pointer}{path}"));
        if found.0.iter().any(|finding| finding.spot == spot) {
            continue;
        }
        let is_item = !key.is_empty() && key.bytes().all(|b| b.is_ascii_digit());
        let message = match (holder, key) {
            ("properties", "required" | "properties" | "dependencies" | "type" | "title") => {
                format!(
                    "'{key}' stands among the fields, where it is taken for one; move it out of 'properties'."
                )
            }
            ("properties" | "definitions" | "patternProperties", _) => {
                format!(
                    "The field '{key}' must be a mapping, but is {}.",
                    in_words(value)
                )
            }
            (_, "type") => format!("{} is no type of JSON Schema.", shown(value)),
            (_, "required") if value.is_array() => match twice(value) {
                Some(name) => format!("'required' names {} twice.", shown(name)),
                None => "'required' must name fields.".to_owned(),
            },
            (list, _) if is_item => format!(
                "An item of '{list}' must be {}, but is {}.",
                item(list),
                in_words(value)
            ),
            _ => format!(
                "'{key}' must be {}, but is {}.",
                wanted(key),
                in_words(value)
            ),
        };
        let finding = found.add(Rule::TemplateSchema, spot, message);
        if key == "type" && holder != "properties" {
            type_meant(value, finding);
        }
    }
}

/// The first item that a list has twice.
fn twice(list: &Json) -> Option<&Json> {
    let items = list.as_array()?;
    let mut after = items.iter().enumerate().skip(1);
    after
        .find(|(at, item)| items.iter().take(*at).any(|before| before == *item))
        .map(|(_, item)| item)
}

/// What the items of a list are.
fn item(list: &str) -> &'static str {
    match list {
        "required" => "the name of a field",
        _ => "a schema",
    }
}

/// What a keyword takes.
fn wanted(key: &str) -> &'static str {
    match key {
        "required" => "a list of the names of fields, each once",
        "properties" | "definitions" | "patternProperties" | "dependencies" => {
            "a mapping from names to schemas"
        }
        "enum" | "examples" => "a list",
        "items"
        | "additionalProperties"
        | "additionalItems"
        | "if"
        | "then"
        | "else"
        | "not"
        | "contains"
        | "propertyNames" => "a schema",
        "allOf" | "anyOf" | "oneOf" => "a list of schemas",
        "title" | "description" | "pattern" | "format" | "$ref" | "$id" | "$schema"
        | "$comment" => "a text",
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
            "a number"
        }
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
            "a whole number"
        }
        "uniqueItems" | "readOnly" | "writeOnly" => "true or false",
        _ => "what JSON Schema takes there",
    }
}

fn type_meant(value: &Json, finding: &mut Finding) {
    let Some(word) = value.as_str() else {
        return;
    };
    let lower = word.to_lowercase();
    let synonym = SYNONYMS.iter().find(|(other, _)| *other == lower);
    match synonym {
        Some((_, meant)) => finding.suggestion = Some((*meant).to_owned()),
        None => {
            finding.meaning(word, TYPES);
        }
    }
    finding.over(word);
}

/// Checks that the parts of the schema of one field agree.
pub(super) fn property(property: &Json, pointer: &str, found: &mut Findings) {
    if !property.is_object() || is_placeholder(property) {
        return;
    }
    field(property, pointer, found);
    values(property, pointer, found);
    if let Some(Json::String(pattern)) = property.get("pattern") {
        let compiled =
            regress::Regex::with_flags(pattern, "u").or_else(|_| regress::Regex::new(pattern));
        if let Err(error) = compiled {
            let spot = Spot::Node(format!("{pointer}/pattern"));
            let message = format!("The pattern is no regular expression: {}.", error.text);
            found.add(Rule::TemplateSchema, spot, message);
        }
    }
    for key in ["enumNames", "ui:enumNames"] {
        let count = |key: &str| property.get(key).and_then(Json::as_array).map(Vec::len);
        if let (Some(values), Some(names)) = (count("enum"), count(key))
            && values != names
        {
            let spot = Spot::Key(format!("{pointer}/{key}"));
            let message = format!("{key} has {names} names for {values} values.");
            found.add(Rule::TemplateSchema, spot, message);
        }
    }
}

/// Whether Backstage has the field.
fn field(property: &Json, pointer: &str, found: &mut Findings) {
    let Some(Json::String(name)) = property.get("ui:field") else {
        return;
    };
    if FIELDS.contains(&name.as_str()) || PLAIN_FIELDS.contains(&name.as_str()) {
        return;
    }
    let spot = Spot::Node(format!("{pointer}/ui:field"));
    let message = format!(
        "The field {} does not come with Backstage; the portal must have it as an extension.",
        shown(&name.as_str().into())
    );
    let finding = found
        .add(Rule::TemplateSchema, spot, message)
        .over(name)
        .at(Level::Info);
    finding.meaning(name, FIELDS);
}

/// Whether the values of a choice and the default are of the field's type, and the default one of the choice.
fn values(property: &Json, pointer: &str, found: &mut Findings) {
    let types = types(property);
    let choices = property.get("enum").and_then(Json::as_array);
    for (number, value) in choices.into_iter().flatten().enumerate() {
        if !is_of(value, &types) && !value.is_null() {
            let message = format!(
                "The choice {} is {}, but the field takes {}.",
                shown(value),
                in_words(value),
                types.join(" or ")
            );
            let spot = Spot::Node(format!("{pointer}/enum/{number}"));
            let finding = found.add(Rule::TemplateSchema, spot, message);
            if types.contains(&"string") && (value.is_number() || value.is_boolean()) {
                finding.suggestion = Some(json!(value.to_string()).to_string());
            }
        }
    }
    let Some(default) = property.get("default").filter(|default| !default.is_null()) else {
        return;
    };
    let spot = Spot::Node(format!("{pointer}/default"));
    let is_expression = default.as_str().is_some_and(|text| text.contains("{{"));
    if is_expression {
        return;
    }
    if !is_of(default, &types) {
        let message = format!(
            "The default {} is {}, but the field takes {}.",
            shown(default),
            in_words(default),
            types.join(" or ")
        );
        found.add(Rule::TemplateSchema, spot, message);
    } else if let Some(choices) = choices
        && !choices.is_empty()
        && !choices.contains(default)
        && !default.is_array()
        && default.as_str() != Some("")
    {
        let message = format!("The default {} is none of the choices.", shown(default));
        let finding = found.add(Rule::TemplateSchema, spot, message);
        if let Some(text) = default.as_str() {
            finding.meaning(text, choices.iter().filter_map(Json::as_str));
        }
    }
}

/// The types that a field says it takes; empty where it does not say, or says something that is none.
fn types(property: &Json) -> Vec<&str> {
    let listed: Vec<&str> = match property.get("type") {
        Some(Json::String(one)) => vec![one],
        Some(Json::Array(all)) => all.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    if listed.iter().all(|name| TYPES.contains(name)) {
        listed
    } else {
        Vec::new()
    }
}

fn is_of(value: &Json, types: &[&str]) -> bool {
    types.is_empty()
        || types.iter().any(|name| match (*name, value) {
            ("string", Json::String(_))
            | ("number", Json::Number(_))
            | ("boolean", Json::Bool(_))
            | ("object", Json::Object(_))
            | ("array", Json::Array(_))
            | ("null", Json::Null) => true,
            ("integer", Json::Number(number)) => number.as_f64().is_some_and(|n| n.fract() == 0.0),
            _ => false,
        })
}
