//! What is wrong, in words for people.

use serde_json::Value as Json;

use crate::scaffolder::form::field::label;

fn counted(limit: &Json, what: &str) -> String {
    match (limit.as_u64(), what) {
        (Some(1), what) => format!("1 {what}"),
        (_, "entry") => format!("{limit} entries"),
        (_, what) => format!("{limit} {what}s"),
    }
}

pub(super) fn at_least(limit: &Json, what: &str) -> String {
    format!("At least {}", counted(limit, what))
}

pub(super) fn at_most(limit: &Json, what: &str) -> String {
    format!("At most {}", counted(limit, what))
}

pub(super) fn one_of(values: &[Json]) -> String {
    let all: Vec<String> = values.iter().map(label).collect();
    format!("Must be one of: {}", all.join(", "))
}

pub(super) fn only(value: &Json) -> String {
    format!("Must be {}", label(value))
}

pub(super) fn kinds(names: &[&str]) -> String {
    let all: Vec<&str> = names.iter().map(|name| kind(name)).collect();
    format!("Must be {}", all.join(" or "))
}

fn kind(name: &str) -> &'static str {
    match name {
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "yes or no",
        "array" => "a list",
        "object" => "keys and values",
        "null" => "empty",
        _ => "text",
    }
}

pub(super) fn format(name: &str) -> &str {
    match name {
        "email" => "an email address",
        "uri" => "an address like https://example.com/path",
        "url" => "an address like https://example.com",
        "uri-reference" => "an address or a path",
        "hostname" => "a host name",
        "ipv4" => "an IPv4 address",
        "ipv6" => "an IPv6 address",
        "date" => "a date like 2026-01-31",
        "time" => "a time like 13:00:00",
        "date-time" => "a date and time like 2026-01-31T13:00:00Z",
        "duration" => "a duration like P3DT12H",
        "uuid" => "a UUID",
        "regex" => "a regular expression",
        "color" => "a colour like #aabbcc",
        "data-url" => "a data: URL",
        "json-pointer" => "a JSON pointer like /a/b",
        "int32" | "int64" => "a whole number",
        other => other,
    }
}
