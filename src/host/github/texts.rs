//! Texts of files: many of one path, many of many, and one.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::Api;
use crate::host::HostError;

const TEXTS: &str = include_str!("texts.graphql");
const FILE: &str = include_str!("file.graphql");

/// The texts of files, each by the id of its repository and its path as Git writes it; `None` where there is none, or
/// not all of it.
pub(super) async fn texts(
    api: &Api,
    wanted: &[(&str, String)],
) -> Result<Vec<Option<String>>, HostError> {
    let Some((_, path)) = wanted.first() else {
        return Ok(Vec::new());
    };
    let one_path = wanted.iter().all(|(_, other)| other == path);
    let (query, variables) = if one_path {
        let ids: Vec<&str> = wanted.iter().map(|(id, _)| *id).collect();
        (TEXTS.to_owned(), json!({ "ids": ids, "path": path }))
    } else {
        several(wanted)
    };
    let answer = api.query(&query, &variables).await?;
    let nodes = answer.data.get("nodes").and_then(Value::as_array);
    let node = |number: usize| match nodes {
        Some(nodes) => nodes.get(number),
        None => answer.data.get(format!("n{number}")),
    };
    if answer.data.is_null() || nodes.is_some_and(|nodes| nodes.len() != wanted.len()) {
        return Err(answer.errors.first().map_or_else(
            || HostError::Failed {
                place: api.web().to_owned(),
                reason: "the host left out some of the texts it was asked for".to_owned(),
            },
            |error| api.error(error, api.web()),
        ));
    }
    Ok((0..wanted.len())
        .map(|number| whole_text(node(number)?.get("file")?))
        .collect())
}

/// One query for files of different paths.
fn several(wanted: &[(&str, String)]) -> (String, Value) {
    let mut declared = String::new();
    let mut fields = String::new();
    let mut variables = Map::new();
    for (number, (id, path)) in wanted.iter().enumerate() {
        let _ = write!(declared, " $i{number}: ID!, $p{number}: String!,");
        let _ = writeln!(
            fields,
            "  n{number}: node(id: $i{number}) {{ ... on Repository {{ id file: object(expression: $p{number}) {{ ... on Blob {{ oid isTruncated text }} }} }} }}"
        );
        variables.insert(format!("i{number}"), json!(id));
        variables.insert(format!("p{number}"), json!(path));
    }
    let declared = declared.trim_end_matches(',').trim_start();
    let query = format!(
        "query Several({declared}) {{\n  rateLimit {{ cost remaining resetAt }}\n{fields}}}\n"
    );
    (query, Value::Object(variables))
}

/// The text of a file at `path` (as Git writes it) in `owner/name`; `None` where it is not there, or not text.
pub(super) async fn file(
    api: &Api,
    repository: &str,
    path: &str,
) -> Result<Option<(String, String)>, HostError> {
    let (owner, name) = repository.split_once('/').unwrap_or((repository, ""));
    let variables = json!({ "owner": owner, "name": name, "path": path });
    let answer = api.query(FILE, &variables).await?;
    if let Some(error) = answer.errors.into_iter().next() {
        return Err(api.error(&error, repository));
    }
    let object = answer.data.pointer("/repository/object");
    Ok(object.and_then(|object| {
        let oid = object.get("oid")?.as_str()?.to_owned();
        Some((oid, whole_text(object)?))
    }))
}

fn whole_text(object: &Value) -> Option<String> {
    let cut = object.get("isTruncated").and_then(Value::as_bool) == Some(true);
    object
        .get("text")?
        .as_str()
        .filter(|_| !cut)
        .map(str::to_owned)
}
