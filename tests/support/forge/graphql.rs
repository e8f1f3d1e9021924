//! GraphQL as a forge needs it: a query is parsed, checked against the part of the host's schema that the forge serves,
//! and answered field by field. A query that asks for what the schema does not have is refused, as the host would.

#[path = "graphql/check.rs"]
mod check;
#[path = "graphql/complexity.rs"]
mod complexity;
#[path = "graphql/execute.rs"]
mod execute;
#[path = "graphql/parse.rs"]
mod parse;
#[path = "graphql/schema.rs"]
mod schema;

use serde_json::{Map, Value, json};

pub(super) use schema::Schema;

/// What a host knows: the value of a field of an object.
pub(super) trait Resolve {
    /// The value of `field` of `object`, which is of the type `on`; `None` for one that simply stands in the object.
    /// [`failed`] is an error at the field's place.
    fn field(
        &self,
        on: &str,
        object: &Value,
        field: &str,
        arguments: &Map<String, Value>,
    ) -> Option<Value>;
}

/// A value that is missing because of an error.
pub(super) fn failed(kind: &str, message: &str) -> Value {
    json!({ "__error": { "type": kind, "message": message } })
}

/// The operation of a request, `Sweep 50` or `File acme/web HEAD:x`, and how many things it asks for.
pub(super) fn describe(body: &Value) -> (String, u64) {
    let (query, variables) = (
        body["query"].as_str().unwrap_or_default(),
        &body["variables"],
    );
    let name = query.split_once("query ").map_or("", |(_, rest)| rest);
    let name: String = name
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    if let (Some(owner), Some(repository), Some(path)) = (
        variables["owner"].as_str(),
        variables["name"].as_str(),
        variables["path"].as_str(),
    ) {
        return (format!("{name} {owner}/{repository} {path}"), 1);
    }
    let listed = variables["ids"].as_array().map(|ids| ids.len() as u64);
    let first = variables["first"].as_u64();
    let single = || {
        (0_u64..1_000)
            .take_while(|n| variables.get(format!("i{n}")).is_some())
            .count() as u64
    };
    let count = listed.or(first).unwrap_or_else(single);
    (format!("{name} {count}"), count)
}

/// What `query` costs at a GitLab; nothing where it cannot be read.
pub(super) fn complexity(query: &str, variables: &Value) -> u64 {
    parse::parse(query).map_or(0, |document| complexity::complexity(&document, variables))
}

/// The answer to `query`.
pub(super) fn answer(
    schema: &Schema,
    query: &str,
    variables: &Value,
    host: &impl Resolve,
) -> Value {
    let document = match parse::parse(query) {
        Ok(document) => document,
        Err(error) => return json!({ "errors": [{ "message": format!("Parse error: {error}") }] }),
    };
    let wrong = check::check(schema, &document, variables);
    if !wrong.is_empty() {
        let errors: Vec<Value> = wrong
            .iter()
            .map(|(fragment, message)| match fragment {
                Some(name) => json!({ "message": message, "path": [format!("fragment {name}")] }),
                None => json!({ "message": message }),
            })
            .collect();
        return json!({ "errors": errors });
    }
    execute::execute(schema, &document, variables, host)
}
