//! Tasks of an instance's scaffolder: what they tell is given by the test, and may break off.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::{HashMap, Instance, Shared, refused};

/// What runs templates.
#[derive(Debug, Default)]
pub(super) struct Scaffolder {
    /// The pages of every template's form; `None` where no templates are run.
    form: Option<Value>,
    /// The ids of the actions that it has.
    actions: Vec<&'static str>,
    /// What happens to a task, in batches: a stream breaks off after each.
    events: Vec<Vec<Value>>,
    /// What is sent after a task was asked to stop.
    at_stop: Vec<Value>,
    is_stopped: bool,
    /// Whether the stream says nothing, as where a proxy holds it back.
    is_held_back: bool,
    /// The answer to a dry run.
    dry_run: Value,
    /// The bodies that were sent.
    sent: Vec<Value>,
}

impl Instance {
    /// Runs templates with this form; a task tells these events, and the stream breaks off after each batch.
    pub(crate) fn run_templates(&self, form: Value, events: Vec<Vec<Value>>) {
        let mut scaffolder = self.shared.scaffolder.lock().unwrap();
        scaffolder.form = Some(form);
        scaffolder.events = events;
    }

    /// Has these actions.
    pub(crate) fn have_actions(&self, actions: &[&'static str]) {
        self.shared.scaffolder.lock().unwrap().actions = actions.to_vec();
    }

    /// Sends these events once a task was asked to stop.
    pub(crate) fn at_stop(&self, events: Vec<Value>) {
        self.shared.scaffolder.lock().unwrap().at_stop = events;
    }

    /// Holds streams back.
    pub(crate) fn hold_back(&self) {
        self.shared.scaffolder.lock().unwrap().is_held_back = true;
    }

    /// Answers dry runs so.
    pub(crate) fn answer_dry_runs(&self, answer: Value) {
        self.shared.scaffolder.lock().unwrap().dry_run = answer;
    }

    /// The bodies that were sent since the last time.
    pub(crate) fn sent(&self) -> Vec<Value> {
        std::mem::take(&mut self.shared.scaffolder.lock().unwrap().sent)
    }
}

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/scaffolder/v2/templates/{*path}", get(form))
        .route("/api/scaffolder/v2/actions", get(actions))
        .route("/api/scaffolder/v2/tasks", post(begin))
        .route("/api/scaffolder/v2/tasks/{id}", get(status))
        .route("/api/scaffolder/v2/tasks/{id}/eventstream", get(stream))
        .route("/api/scaffolder/v2/tasks/{id}/events", get(events))
        .route("/api/scaffolder/v2/tasks/{id}/cancel", post(cancel))
        .route("/api/scaffolder/v2/dry-run", post(dry_run))
        .route("/api/notifications/notifications", post(notify))
}

impl Shared {
    /// Why a request gets no further.
    fn hinders(&self, name: &str, headers: &HeaderMap) -> Option<Response> {
        let token = self.note(name, headers);
        if let Some(super::Fault::Status(status, _)) = self.strike() {
            return Some(StatusCode::from_u16(status).unwrap().into_response());
        }
        if self.scaffolder.lock().unwrap().form.is_none() {
            return Some(StatusCode::NOT_FOUND.into_response());
        }
        (!self.lets_in(token.as_deref())).then(refused)
    }

    /// The next batch of events after `after`.
    fn batch(&self, after: u64) -> Vec<Value> {
        let scaffolder = self.scaffolder.lock().unwrap();
        let is_new = |event: &&Value| event["id"].as_u64().unwrap() > after;
        let stopped = scaffolder.is_stopped.then_some(&scaffolder.at_stop);
        let mut batches = scaffolder.events.iter().chain(stopped);
        let found = batches.find(|batch| batch.iter().any(|event| is_new(&event)));
        found.map_or_else(Vec::new, |batch| {
            batch.iter().filter(is_new).cloned().collect()
        })
    }
}

async fn form(
    State(shared): State<Arc<Shared>>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Response {
    if let Some(no) = shared.hinders(&path, &headers) {
        return no;
    }
    let form = shared.scaffolder.lock().unwrap().form.clone().unwrap();
    Json(json!({"title": "T", "steps": form})).into_response()
}

async fn actions(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    if let Some(no) = shared.hinders("actions", &headers) {
        return no;
    }
    let actions = shared.scaffolder.lock().unwrap().actions.clone();
    let action = |id: &str| json!({"id": id, "description": "", "examples": [], "schema": {}});
    let actions: Vec<Value> = actions.into_iter().map(action).collect();
    Json(actions).into_response()
}

async fn begin(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    if let Some(no) = shared.hinders("begin", &headers) {
        return no;
    }
    let has_name = body["values"]["name"].is_string();
    shared.scaffolder.lock().unwrap().sent.push(body);
    if has_name {
        (StatusCode::CREATED, Json(json!({"id": "task-1"}))).into_response()
    } else {
        let errors = json!({"errors": [{"stack": "instance requires property \"name\""}]});
        (StatusCode::BAD_REQUEST, Json(errors)).into_response()
    }
}

async fn status(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    shared.note("status", &headers);
    Json(json!({"id": "task-1", "status": "processing"})).into_response()
}

fn after(query: &HashMap<String, String>) -> u64 {
    query.get("after").map_or(0, |after| after.parse().unwrap())
}

async fn stream(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let after = after(&query);
    if let Some(no) = shared.hinders(&format!("stream {after}"), &headers) {
        return no;
    }
    if shared.scaffolder.lock().unwrap().is_held_back {
        return String::new().into_response();
    }
    let mut text = String::new();
    for event in shared.batch(after) {
        let kind = event["type"].as_str().unwrap();
        text.extend(["event: ", kind, "\ndata: ", &event.to_string(), "\n\n"]);
    }
    ([(header::CONTENT_TYPE, "text/event-stream")], text).into_response()
}

async fn events(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let after = after(&query);
    if let Some(no) = shared.hinders(&format!("events {after}"), &headers) {
        return no;
    }
    Json(shared.batch(after)).into_response()
}

async fn cancel(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    if let Some(no) = shared.hinders("cancel", &headers) {
        return no;
    }
    shared.scaffolder.lock().unwrap().is_stopped = true;
    Json(json!({"status": "cancelled"})).into_response()
}

async fn notify(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    if let Some(no) = shared.hinders("notify", &headers) {
        return no;
    }
    shared.scaffolder.lock().unwrap().sent.push(body);
    Json(json!([])).into_response()
}

async fn dry_run(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    if let Some(no) = shared.hinders("dry-run", &headers) {
        return no;
    }
    let mut scaffolder = shared.scaffolder.lock().unwrap();
    scaffolder.sent.push(body);
    Json(scaffolder.dry_run.clone()).into_response()
}
