//! What is wrong with answers, in words for people.

use std::collections::BTreeMap;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value as Json;

use super::field::label;
use super::repo_url::RepoUrl;
use super::schema::{join, ui_text, validator};
use super::{Field, FieldError, FieldKind};

/// Errors of `data` by the resolved page schema, at most one a path, in the order of `fields`.
pub(super) fn check(schema: &Json, data: &Json, fields: &[Field]) -> Vec<FieldError> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut note = |path: String, message: String| {
        found.entry(path).or_insert(message);
    };
    for field in fields {
        let value = data.pointer(&field.path);
        if field.required && value.is_none_or(|value| empty(field, value)) {
            note(
                field.path.clone(),
                custom(schema, field, "required", "This is needed"),
            );
        } else if let Some(value) = value
            && let Some(message) = own(schema, field, value)
        {
            note(field.path.clone(), message);
        }
    }
    if let Some(validator) = validator(schema) {
        for error in validator.iter_errors(data) {
            let path = error.instance_path().to_string();
            let (path, keyword, message) = words(error.kind(), path, data);
            let field = fields.iter().find(|field| field.path == path);
            let hidden = field.is_none() && keyword == "required" && !path.is_empty();
            let message = match field {
                Some(field) => custom(schema, field, keyword, &message),
                None if hidden => format!("{} is needed", path.trim_start_matches('/')),
                None => message,
            };
            note(path, message);
        }
    }
    let place = |path: &str| fields.iter().position(|field| field.path == path);
    let mut errors: Vec<FieldError> = found
        .into_iter()
        .map(|(path, message)| FieldError { path, message })
        .collect();
    errors.sort_by_key(|error| place(&error.path).unwrap_or(usize::MAX));
    errors
}

/// Whether a required field counts as unanswered.
fn empty(field: &Field, value: &Json) -> bool {
    match (&field.kind, value) {
        (_, Json::Null) => true,
        (FieldKind::Group, _) => false,
        (_, Json::String(text)) => text.is_empty(),
        _ => false,
    }
}

/// The schema of a field.
fn schema_of<'a>(schema: &'a Json, path: &str) -> Option<&'a Json> {
    path.split('/').skip(1).try_fold(schema, |schema, name| {
        let name = name.replace("~1", "/").replace("~0", "~");
        schema.get("properties")?.get(name)
    })
}

/// The author's own message for `keyword` (`errorMessage` of ajv-errors), else `message`.
fn custom(schema: &Json, field: &Field, keyword: &str, message: &str) -> String {
    let own = schema_of(schema, &field.path).and_then(|schema| schema.get("errorMessage"));
    let around = schema.get("errorMessage");
    let words = match own {
        Some(Json::String(text)) => Some(text.as_str()),
        Some(object) => object.get(keyword).and_then(Json::as_str),
        None if keyword == "required" => around
            .and_then(|words| words.get("required")?.get(&field.name))
            .and_then(Json::as_str),
        None => around
            .and_then(|words| words.get("properties")?.get(&field.name))
            .and_then(Json::as_str),
    };
    words.unwrap_or(message).to_owned()
}

/// What JSON Schema does not say: patterns are JavaScript's, and Backstage's fields have rules of their own.
fn own(schema: &Json, field: &Field, value: &Json) -> Option<String> {
    let property = schema_of(schema, &field.path)?;
    if let (Some(text), Some(pattern)) = (value.as_str(), property.get("pattern")) {
        let pattern = pattern.as_str()?;
        let regex =
            regress::Regex::with_flags(pattern, "u").or_else(|_| regress::Regex::new(pattern));
        if !text.is_empty() && regex.is_ok_and(|regex| regex.find(text).is_none()) {
            let message = format!("Must match {pattern}");
            return Some(custom(schema, field, "pattern", &message));
        }
    }
    match (&field.kind, value) {
        (FieldKind::RepoUrl(_), Json::String(text)) => {
            let missing = RepoUrl::read(text).missing()?;
            Some(format!("The repository's {missing} is missing"))
        }
        (FieldKind::EntityName, Json::String(name)) if !is_name(name) => Some(
            "Letters, digits, - _ . only, beginning and ending with a letter or digit, at most 63 characters"
                .to_owned(),
        ),
        (FieldKind::Tags, Json::Array(tags)) => tags
            .iter()
            .filter_map(Json::as_str)
            .find(|tag| !is_tag(tag))
            .map(|tag| format!("{tag:?} is no tag: a-z, 0-9, + # : and single - between them, at most 63 characters")),
        (FieldKind::Entities(_), Json::Array(refs)) => refs
            .iter()
            .filter_map(Json::as_str)
            .find(|text| text.parse::<crate::catalog::EntityRef>().is_err())
            .map(|text| format!("{text:?} is no entity; write it as <kind>:[<namespace>/]<name>")),
        _ if ui_text(property, "field").is_some() => None,
        _ => None,
    }
}

/// The name of a Kubernetes object, as Backstage's `KubernetesValidatorFunctions.isValidObjectName`.
fn is_name(name: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    name.len() <= 63
        && edge(name.chars().next())
        && edge(name.chars().next_back())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

fn is_tag(tag: &str) -> bool {
    tag.len() <= 63
        && tag.split('-').all(|part| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "+#:".contains(c))
        })
}

/// An error of the validator: the path it belongs to, the keyword, and what to say.
fn words(kind: &ValidationErrorKind, path: String, data: &Json) -> (String, &'static str, String) {
    let plural = |count: u64, what: &str| {
        let s = if count == 1 { "" } else { "s" };
        format!("{count} {what}{s}")
    };
    let (keyword, message) = match kind {
        ValidationErrorKind::Required { property } => {
            let path = join(&path, property.as_str().unwrap_or_default());
            return (path, "required", "This is needed".to_owned());
        }
        ValidationErrorKind::MinLength { limit: 1 } => ("minLength", "This is needed".to_owned()),
        ValidationErrorKind::MinLength { limit } => (
            "minLength",
            format!("At least {}", plural(*limit, "character")),
        ),
        ValidationErrorKind::MaxLength { limit } => {
            let length = data.pointer(&path).and_then(Json::as_str);
            let now = length.map_or(0, |text| text.chars().count());
            let limit = plural(*limit, "character");
            ("maxLength", format!("At most {limit}; these are {now}"))
        }
        ValidationErrorKind::Minimum { limit } => ("minimum", format!("Must be {limit} or more")),
        ValidationErrorKind::Maximum { limit } => ("maximum", format!("Must be {limit} or less")),
        ValidationErrorKind::ExclusiveMinimum { limit } => {
            ("exclusiveMinimum", format!("Must be more than {limit}"))
        }
        ValidationErrorKind::ExclusiveMaximum { limit } => {
            ("exclusiveMaximum", format!("Must be less than {limit}"))
        }
        ValidationErrorKind::MultipleOf { multiple_of } => {
            ("multipleOf", format!("Must be a multiple of {multiple_of}"))
        }
        ValidationErrorKind::Enum { options } => {
            ("enum", format!("Must be one of: {}", label(options)))
        }
        ValidationErrorKind::Constant { expected_value } => {
            ("const", format!("Must be {}", label(expected_value)))
        }
        ValidationErrorKind::Type { kind } => ("type", format!("Must be {}", type_words(kind))),
        ValidationErrorKind::MinItems { limit } => {
            ("minItems", format!("At least {}", plural(*limit, "value")))
        }
        ValidationErrorKind::MaxItems { limit } => {
            ("maxItems", format!("At most {}", plural(*limit, "value")))
        }
        ValidationErrorKind::UniqueItems => ("uniqueItems", "No value may come twice".to_owned()),
        ValidationErrorKind::Format { format } => {
            ("format", format!("Must be {}", format_words(format)))
        }
        ValidationErrorKind::OneOfNotValid { .. } => {
            ("oneOf", "Choose one of the values offered".to_owned())
        }
        ValidationErrorKind::AnyOf { .. } => {
            ("anyOf", "Choose one of the values offered".to_owned())
        }
        ValidationErrorKind::Not { .. } => ("not", "This value is not allowed".to_owned()),
        ValidationErrorKind::AdditionalProperties { unexpected } => (
            "additionalProperties",
            format!("Unknown: {}", unexpected.join(", ")),
        ),
        _ => ("", "This value does not fit".to_owned()),
    };
    (path, keyword, message)
}

fn type_words(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => match one.to_string().as_str() {
            "integer" => "a whole number".to_owned(),
            "number" => "a number".to_owned(),
            "boolean" => "yes or no".to_owned(),
            "array" => "a list".to_owned(),
            "object" => "keys and values".to_owned(),
            "null" => "empty".to_owned(),
            _ => "text".to_owned(),
        },
        TypeKind::Multiple(_) => "of another type".to_owned(),
    }
}

fn format_words(format: &str) -> &str {
    match format {
        "email" | "idn-email" => "an email address",
        "uri" | "iri" => "an address like https://example.com",
        "hostname" => "a host name",
        "ipv4" => "an IPv4 address",
        "ipv6" => "an IPv6 address",
        "date" => "a date like 2026-01-31",
        "time" => "a time like 13:00:00Z",
        "date-time" => "a date and time like 2026-01-31T13:00:00Z",
        "uuid" => "a UUID",
        "regex" => "a regular expression",
        other => other,
    }
}
