//! `http:backstage:request`: a request to the API of a running Backstage, as Roadie's action makes it.

use std::time::Duration;

use serde_json::{Map, Value as Json, json};

use crate::scaffolder::outside::InstanceCall;

use super::{ActionError, Input, LogLevel, Outputs, Task};

/// How long a request may take, in milliseconds, unless its step says otherwise.
const TIMEOUT: f64 = 60_000.0;
/// A header that no step has a use for and no journal should hold.
const COOKIE: &str = "set-cookie";

/// Whether a request with `input` changes nothing: such ones are made in a dry run, too.
pub(crate) fn only_reads(input: &Map<String, Json>) -> bool {
    let method = input.get("method").and_then(Json::as_str);
    matches!(method, Some("GET" | "HEAD" | "OPTIONS"))
}

pub(super) fn request(task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs, ActionError> {
    let path = input.needed("path")?;
    let method = input.needed("method")?;
    let pairs = |key: &str| -> Vec<(String, String)> {
        let values = input
            .get(key)
            .and_then(Json::as_object)
            .into_iter()
            .flatten();
        values
            .map(|(name, value)| (name.clone(), plain(value)))
            .collect()
    };
    let headers = pairs("headers");
    let sends_json = headers.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("content-type") && value.to_lowercase().contains("json")
    });
    let body = input.get("body").map(|body| match body {
        Json::String(text) => text.clone(),
        body if sends_json => body.to_string(),
        body => plain(body),
    });
    let timeout = input.number("timeout")?.unwrap_or(TIMEOUT) / 1000.0;
    let timeout = Duration::try_from_secs_f64(timeout)
        .map_err(|_| input.error("instance.timeout is no time"))?;
    let place = if input.flag("logRequestPath", true)? {
        format!(" against {path}")
    } else {
        String::new()
    };
    let line =
        format!("Creating {method} request with http:backstage:request scaffolder action{place}");
    (task.log)(LogLevel::Info, &line);
    task.go_on()?;
    let answer = task.outside.instance(&InstanceCall {
        method: method.to_owned(),
        path: path.to_owned(),
        headers,
        params: pairs("params"),
        body,
        timeout,
    })?;
    let mut headers = answer.headers;
    headers.shift_remove(COOKIE);
    let kind = headers.get("content-type").and_then(Json::as_str);
    let body = if kind.is_some_and(|kind| kind.contains("application/json")) {
        serde_json::from_str(&answer.body).map_err(|error| {
            ActionError::Failed(format!("Could not parse response body: {error}"))
        })?
    } else {
        json!({ "message": answer.body })
    };
    if answer.status >= 400 {
        let status = answer.status;
        let line = format!(
            "There was an issue with your request. Status code: {status} Response body: {body}"
        );
        (task.log)(LogLevel::Error, &line);
        if !input.flag("continueOnBadResponse", false)? {
            return Err(ActionError::Failed(format!(
                "Unable to complete request: {status} {body}"
            )));
        }
        headers = Map::new();
    }
    Ok(Outputs::from_iter([
        ("code".to_owned(), answer.status.into()),
        ("headers".to_owned(), headers.into()),
        ("body".to_owned(), body),
    ]))
}

/// A value as text, as JavaScript writes it.
fn plain(value: &Json) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
