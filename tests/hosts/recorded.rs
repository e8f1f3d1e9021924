//! Recorded exchanges with the real GitHub (npm `@octokit/fixtures`), replayed against our client: it asks what was asked
//! then, follows where it is sent (a renamed repository answers 301 and 307), and reads what was answered.
//!
//! Of the 22 recordings those are played of which every request is one that a template's run can make: JSON to the one
//! API. None of them holds GraphQL, an ETag or a rate limit.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use stagedoor::config::Env;
use stagedoor::scaffolder::outside::{self, Outside};
use stagedoor::sync::outside::Hosts;
use stagedoor::sync::{Options, Session};

use super::Desk;
use super::forge::TOKEN;

/// Where the recordings were made.
const API: &str = "https://api.github.com";

/// What is still to be asked, in its order, and where the recording plays.
struct Recording {
    rest: Mutex<VecDeque<Value>>,
    url: String,
}

/// The exchanges of one recording, all of which must be JSON.
fn exchanges(file: &Path) -> Option<Vec<Value>> {
    let all: Vec<Value> = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
    let is_json = |value: &Value| value.is_object() || value.is_array() || value == "";
    let all_json = all.iter().all(|it| {
        it["scope"] == format!("{API}:443") && is_json(&it["body"]) && is_json(&it["response"])
    });
    all_json.then_some(all)
}

/// The recorded answer, if it is what is asked that was asked then.
async fn play(
    State(recording): State<Arc<Recording>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let recorded = recording.rest.lock().unwrap().pop_front();
    let recorded = recorded.unwrap_or_default();
    let asked = serde_json::from_slice(&body).unwrap_or_else(|_| Value::from(""));
    let bearer = format!("Bearer {TOKEN}");
    let is_signed = headers
        .get(header::AUTHORIZATION)
        .is_some_and(|it| it == bearer.as_str());
    let is_same = recorded["method"] == method.as_str().to_lowercase()
        && recorded["path"] == uri.to_string()
        && recorded["body"] == asked;
    if !is_same || !is_signed {
        let told = format!("asked {method} {uri} {asked}, recorded {recorded}");
        return (StatusCode::IM_A_TEAPOT, told).into_response();
    }
    let status = StatusCode::from_u16(recorded["status"].as_u64().unwrap().try_into().unwrap());
    let text = match &recorded["response"] {
        Value::String(text) => text.clone(),
        json => json.to_string(),
    };
    let mut response = (status.unwrap(), text).into_response();
    for (name, value) in recorded["headers"].as_object().unwrap() {
        let is_of_the_body =
            ["content-length", "content-encoding", "transfer-encoding"].contains(&name.as_str());
        if let (Some(value), false) = (value.as_str(), is_of_the_body) {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            let value = HeaderValue::from_str(&value.replace(API, &recording.url)).unwrap();
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// A method as it is called.
fn method(recorded: &str) -> &'static str {
    let all = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    all.into_iter()
        .find(|it| it.eq_ignore_ascii_case(recorded))
        .unwrap()
}

/// Makes the calls of a recording, which a redirect does not end, and compares what comes back.
async fn replay(name: &str, exchanges: Vec<Value>) -> usize {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let recording = Arc::new(Recording {
        rest: Mutex::new(exchanges.iter().cloned().collect()),
        url: format!("http://{host}"),
    });
    let router = Router::new()
        .fallback(play)
        .with_state(Arc::clone(&recording));
    let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let desk = Desk::new();
    let config = desk.write(
        "app-config.yaml",
        &format!("integrations: {{ github: [{{ host: '{host}', apiBaseUrl: 'http://{host}', token: '{TOKEN}' }}] }}\n"),
    );
    let options = Options {
        config: vec![config],
        cache_dir: Some(desk.path().join("cache")),
        sources: vec!["demo".to_owned()],
        ..Options::default()
    };
    let session = Session::open(&options, Env::fixed(desk.path(), &[])).unwrap();
    let session = Arc::new(session);
    let hosts = Arc::new(Hosts::new(Arc::clone(&session), Arc::clone(&session.store)));
    let count = exchanges.len();
    let mut rest = exchanges.into_iter();
    while let Some(first) = rest.next() {
        let mut last = first.clone();
        while [301, 302, 307].contains(&last["status"].as_u64().unwrap()) {
            last = rest.next().unwrap();
        }
        let text = |key: &str| first[key].as_str().unwrap().to_owned();
        let (method, asked) = (method(&text("method")), text("path"));
        let body = Some(first["body"].clone())
            .filter(|it| it != "")
            .unwrap_or_default();
        let (hosts, host, path) = (Arc::clone(&hosts), host.clone(), asked.clone());
        let call = move || {
            hosts.http(&outside::Request {
                method,
                host,
                path,
                body,
                token: None,
            })
        };
        let answer = tokio::task::spawn_blocking(call).await;
        let answer = answer.unwrap().unwrap();
        assert_eq!(
            Value::from(answer.status),
            last["status"],
            "{name} {asked}: {:?}",
            answer.body
        );
        let given = Some(answer.body).filter(|it| !it.is_null());
        assert_eq!(
            given.unwrap_or_else(|| Value::from("")),
            last["response"],
            "{name} {asked}"
        );
    }
    assert!(recording.rest.lock().unwrap().is_empty(), "{name}");
    server.abort();
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_real_github_once_answered_is_understood() {
    let Some(dir) = std::env::var_os("STAGEDOOR_RECORDED") else {
        eprintln!(
            "skipped: no recorded exchanges (STAGEDOOR_RECORDED); tests/schemas/run fetches them"
        );
        return;
    };
    let mut played = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let dir = entry.unwrap().path();
        let name = dir.file_name().unwrap().to_string_lossy().into_owned();
        if let Some(exchanges) = exchanges(&dir.join("normalized-fixture.json")) {
            let count = replay(&name, exchanges).await;
            played.push((name, count));
        }
    }
    let total: usize = played.iter().map(|(_, count)| count).sum();
    println!("{} recordings, {total} exchanges", played.len());
    assert!(played.iter().any(|(name, _)| name == "rename-repository"));
    assert!(played.len() >= 15 && total >= 45, "{played:?}");
}
