//! The part of GitHub's REST API that publishing and odd files need.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Shared;

/// The routes below `/api/v3`.
pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/v3/user", get(me))
        .route("/api/v3/users/{owner}", get(owner))
        .route(
            "/api/v3/orgs/{owner}/repos",
            // Who asks for names that are taken is told of none.
            post(create).get(async || Json(json!([]))),
        )
        .route("/api/v3/user/repos", post(create_own))
        .route(
            "/api/v3/repos/{owner}/{name}",
            get(repository).delete(remove),
        )
        .route("/api/v3/repos/{owner}/{name}/git/blobs/{oid}", get(blob))
        .route("/api/v3/repos/{owner}/{name}/git/trees/{commit}", get(tree))
        .route("/api/v3/repos/{owner}/{name}/pulls", get(pulls).post(pull))
        .route("/api/v3/repos/{owner}/{name}/actions/runs", get(runs))
        .route(
            "/api/v3/repos/{owner}/{name}/branches/{branch}/protection",
            put(protect),
        )
}

async fn me() -> Json<Value> {
    Json(json!({ "login": "jane", "id": 1, "type": "User" }))
}

/// `jane` is a person, everybody else an organisation.
async fn owner(Path(owner): Path<String>) -> Json<Value> {
    let kind = if owner == "jane" {
        "User"
    } else {
        "Organization"
    };
    Json(json!({ "login": owner, "type": kind }))
}

async fn create(
    State(shared): State<Arc<Shared>>,
    Path(owner): Path<String>,
    request: Request,
) -> Response {
    make(&shared, &owner, request).await
}

async fn create_own(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    make(&shared, "jane", request).await
}

async fn make(shared: &Shared, owner: &str, request: Request) -> Response {
    let host = host(&request);
    let body = axum::body::to_bytes(request.into_body(), 1 << 20)
        .await
        .unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let Some(name) = body["name"].as_str() else {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    };
    if !shared.repositories.create(&format!("{owner}/{name}")) {
        let error = json!({ "message": "Repository creation failed.", "errors": [{ "message": "name already exists on this account" }] });
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(error)).into_response();
    }
    (StatusCode::CREATED, Json(describe(&host, owner, name))).into_response()
}

async fn repository(
    State(shared): State<Arc<Shared>>,
    Path((owner, name)): Path<(String, String)>,
    request: Request,
) -> Response {
    if !shared.repositories.dir(&format!("{owner}/{name}")).exists() {
        return StatusCode::NOT_FOUND.into_response();
    }
    Json(describe(&host(&request), &owner, &name)).into_response()
}

/// Nobody has asked yet.
async fn pulls() -> Json<Value> {
    Json(json!([]))
}

async fn pull(
    State(shared): State<Arc<Shared>>,
    Path((owner, name)): Path<(String, String)>,
    request: Request,
) -> Response {
    let host = host(&request);
    let body = axum::body::to_bytes(request.into_body(), 1 << 20).await;
    let body: Value = serde_json::from_slice(&body.unwrap()).unwrap();
    let name = format!("{owner}/{name}");
    let head = body["head"].as_str().unwrap();
    if shared.repositories.oid(&name, head).is_none() {
        let error = json!({ "message": "Validation Failed" });
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(error)).into_response();
    }
    let made = json!({ "id": 9, "number": 9, "html_url": format!("http://{host}/{name}/pull/9") });
    (StatusCode::CREATED, Json(made)).into_response()
}

async fn remove(
    State(shared): State<Arc<Shared>>,
    Path((owner, name)): Path<(String, String)>,
) -> StatusCode {
    shared.repositories.remove(&format!("{owner}/{name}"));
    StatusCode::NO_CONTENT
}

/// A branch can be protected once it is there.
async fn protect(
    State(shared): State<Arc<Shared>>,
    Path((owner, name, branch)): Path<(String, String, String)>,
) -> Response {
    match shared.repositories.oid(&format!("{owner}/{name}"), &branch) {
        Some(_) => Json(json!({ "enforce_admins": { "enabled": true } })).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn blob(
    State(shared): State<Arc<Shared>>,
    Path((owner, name, oid)): Path<(String, String, String)>,
) -> Response {
    match shared.repositories.object(&format!("{owner}/{name}"), &oid) {
        Some((_, text)) => text.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The runs of a branch.
async fn runs(
    State(shared): State<Arc<Shared>>,
    Path((owner, name)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let Some(repository) = shared.repositories.get(&format!("{owner}/{name}")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    repository.facts.runs(
        "head_branch",
        &query["branch"],
        |runs| json!({ "total_count": runs.as_array().unwrap().len(), "workflow_runs": runs }),
    )
}

async fn tree(
    State(shared): State<Arc<Shared>>,
    Path((owner, name, commit)): Path<(String, String, String)>,
) -> Response {
    let Some(files) = shared
        .repositories
        .files(&format!("{owner}/{name}"), &commit)
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let entry = |(path, oid): (String, String)| json!({ "path": path, "type": "blob", "mode": "100644", "sha": oid });
    let tree: Vec<Value> = files.into_iter().map(entry).collect();
    Json(json!({ "sha": commit, "tree": tree, "truncated": false })).into_response()
}

fn host(request: &Request) -> String {
    request.headers()[header::HOST].to_str().unwrap().to_owned()
}

fn describe(host: &str, owner: &str, name: &str) -> Value {
    json!({
        "id": 1,
        "node_id": format!("R_{owner}/{name}"),
        "name": name,
        "full_name": format!("{owner}/{name}"),
        "owner": { "login": owner },
        "html_url": format!("http://{host}/{owner}/{name}"),
        "clone_url": format!("http://{host}/{owner}/{name}.git"),
        "default_branch": "main",
        "private": true,
    })
}
