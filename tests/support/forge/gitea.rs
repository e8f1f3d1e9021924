//! Gitea's REST API, as far as we need it, over the repositories.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Shared;
use super::github::time;
use super::repositories::{Entry, Repository};

/// The most entries of a tree on a page, and the most bytes of a content.
const ENTRIES: usize = 1000;
const WHOLE: usize = 10 << 20;

type Of = Path<(String, String, String)>;

/// The routes below `/api/v1`.
pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/v1/version", get(version))
        .route("/api/v1/user", get(me))
        .route("/api/v1/orgs/{name}", get(organisation))
        .route("/api/v1/users/{name}", get(user))
        .route("/api/v1/repos/search", get(search))
        .route("/api/v1/repositories/{id}", get(one))
        .route("/api/v1/repos/{owner}/{name}", get(named))
        .route("/api/v1/repos/{owner}/{name}/{topic}", get(told))
        .route("/api/v1/repos/{owner}/{name}/actions/{topic}", get(told))
        .route(
            "/api/v1/repos/{owner}/{name}/pulls/{number}/reviews",
            get(reviews),
        )
        .route(
            "/api/v1/repos/{owner}/{name}/commits/{commit}/status",
            get(status),
        )
        .route(
            "/api/v1/repos/{owner}/{name}/branches/{branch}",
            get(branch),
        )
        .route("/api/v1/repos/{owner}/{name}/git/trees/{sha}", get(tree))
        .route("/api/v1/repos/{owner}/{name}/git/blobs/{sha}", get(blob))
        .route(
            "/api/v1/repos/{owner}/{name}/contents/{*path}",
            get(content),
        )
}

async fn version() -> Json<Value> {
    Json(json!({ "version": "1.25.1" }))
}

async fn me() -> Json<Value> {
    Json(json!({ "id": id_of("jane"), "login": "jane" }))
}

/// The number of an owner, from which its name can be told.
fn id_of(name: &str) -> u64 {
    name.bytes().fold(0, |id, byte| id << 8 | u64::from(byte))
}

fn name_of(id: u64) -> String {
    let bytes = id.to_be_bytes();
    let bytes: Vec<u8> = bytes.into_iter().skip_while(|byte| *byte == 0).collect();
    String::from_utf8(bytes).unwrap()
}

/// `jane` is a person, everybody else an organisation.
async fn organisation(State(shared): State<Arc<Shared>>, Path(name): Path<String>) -> Response {
    if name == "jane" || !shared.repositories.has_owner(&name) {
        return StatusCode::NOT_FOUND.into_response();
    }
    Json(json!({ "id": id_of(&name), "name": name, "username": name })).into_response()
}

async fn user(State(shared): State<Arc<Shared>>, Path(name): Path<String>) -> Response {
    if !shared.repositories.has_owner(&name) {
        return StatusCode::NOT_FOUND.into_response();
    }
    Json(json!({ "id": id_of(&name), "login": name })).into_response()
}

async fn search(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let owner = name_of(query["uid"].parse().unwrap());
    assert_eq!(query["exclusive"], "true", "else others' are among them");
    let mut all = shared.repositories.of(&owner);
    if query.get("mode").is_some_and(|mode| mode == "mirror") {
        all.retain(|it| it.mirrored.is_some());
    }
    match query.get("sort").map(String::as_str) {
        Some("updated") => all.sort_by_key(changed),
        _ => all.sort_by_key(|it| it.number),
    }
    if query.get("order").is_some_and(|order| order == "desc") {
        all.reverse();
    }
    let asked = |key: &str| query[key].parse::<usize>().unwrap();
    let size = asked("limit").min(shared.at_once.load(Ordering::Relaxed));
    let shown = all.iter().skip(size * (asked("page") - 1)).take(size);
    let rows: Vec<Value> = shown.map(|it| row(&shared, it)).collect();
    let total = [("x-total-count", all.len().to_string())];
    (total, Json(json!({ "ok": true, "data": rows }))).into_response()
}

/// When anything changed; of a mirror, the time of its last commit.
fn changed(repository: &Repository) -> u64 {
    match repository.mirrored {
        Some(_) => repository.updated,
        None => repository.updated.max(repository.pushed),
    }
}

fn row(shared: &Shared, repository: &Repository) -> Value {
    let Repository { name, mirrored, .. } = repository;
    let (owner, short) = name.split_once('/').unwrap();
    json!({
        "id": repository.number,
        "owner": { "id": id_of(owner), "login": owner },
        "name": short,
        "full_name": name,
        "empty": shared.repositories.oid(name, "HEAD").is_none(),
        "private": repository.visibility == "PRIVATE",
        "internal": repository.visibility == "INTERNAL",
        "fork": repository.fork,
        "archived": repository.archived,
        "mirror": mirrored.is_some(),
        "mirror_updated": time(mirrored.unwrap_or_default()),
        "default_branch": repository.branch,
        "topics": repository.topics,
        "updated_at": time(changed(repository)),
    })
}

async fn one(State(shared): State<Arc<Shared>>, Path(id): Path<u64>) -> Response {
    match shared.repositories.by_number(id) {
        Some(repository) => Json(row(&shared, &repository)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn named(
    State(shared): State<Arc<Shared>>,
    Path((owner, name)): Path<(String, String)>,
) -> Result<Response, Response> {
    let repository = open(&shared, &owner, &name)?;
    let mut row = row(&shared, &repository);
    row["html_url"] = format!("https://gitea.invalid/{owner}/{name}").into();
    for (field, value) in repository.facts.fields.as_object().into_iter().flatten() {
        if field.starts_with("has_") {
            row[field] = value.clone();
        }
    }
    Ok(Json(row).into_response())
}

/// A list of facts: `pulls`, `runs`…; none where the server does not know it.
async fn told(
    State(shared): State<Arc<Shared>>,
    Path((owner, name, topic)): Of,
) -> Result<Response, Response> {
    let facts = open(&shared, &owner, &name)?.facts;
    if facts.refused.iter().any(|(refused, ..)| *refused == topic) {
        return Err(StatusCode::FORBIDDEN.into_response());
    }
    let Some(told) = facts.fields.get(&topic) else {
        return Err(StatusCode::NOT_FOUND.into_response());
    };
    let total = told.as_array().map_or(0, Vec::len);
    let total = [("x-total-count", total.to_string())];
    Ok((total, Json(told.clone())).into_response())
}

async fn reviews(
    State(shared): State<Arc<Shared>>,
    Path((owner, name, number)): Of,
) -> Result<Response, Response> {
    let facts = open(&shared, &owner, &name)?.facts;
    Ok(Json(facts.fields["reviews"][&number].clone()).into_response())
}

async fn status(
    State(shared): State<Arc<Shared>>,
    Path((owner, name, _)): Of,
) -> Result<Response, Response> {
    let facts = open(&shared, &owner, &name)?.facts;
    Ok(Json(json!({ "state": facts.fields["state"] })).into_response())
}

/// The one at `owner/name`, whose content is told; else the answer.
#[expect(clippy::result_large_err, reason = "the answer is sent at once")]
fn open(shared: &Shared, owner: &str, name: &str) -> Result<Repository, Response> {
    let found = shared.repositories.get(&format!("{owner}/{name}"));
    let repository = found.ok_or_else(|| StatusCode::NOT_FOUND.into_response())?;
    match repository.withheld {
        Some("FORBIDDEN") => Err(StatusCode::FORBIDDEN.into_response()),
        Some(_) => Err(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
        None => Ok(repository),
    }
}

async fn branch(
    State(shared): State<Arc<Shared>>,
    Path((owner, name, branch)): Of,
) -> Result<Response, Response> {
    let repository = open(&shared, &owner, &name)?;
    let tip = shared.repositories.tree(&repository.name, &branch, false);
    Ok(match tip {
        Some(_) => {
            let commit = &repository.facts.commit;
            Json(json!({ "name": branch, "commit": commit })).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

async fn tree(
    State(shared): State<Arc<Shared>>,
    Path((owner, name, reference)): Of,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Response> {
    let repository = open(&shared, &owner, &name)?;
    let all = query["recursive"] == "true";
    let Some(entries) = shared.repositories.tree(&repository.name, &reference, all) else {
        let message = json!({ "message": format!("sha not found [{reference}]") });
        return Ok((StatusCode::BAD_REQUEST, Json(message)).into_response());
    };
    let page: usize = query["page"].parse().unwrap();
    let from = (page - 1) * ENTRIES;
    let entry = |it: &Entry| json!({ "path": it.path, "mode": it.mode, "type": kind(&it.mode), "sha": it.oid });
    let shown: Vec<Value> = entries.iter().skip(from).take(ENTRIES).map(entry).collect();
    let body = json!({
        "sha": reference,
        "truncated": from + shown.len() < entries.len(),
        "page": page,
        "total_count": entries.len(),
        "tree": shown,
    });
    Ok(Json(body).into_response())
}

fn kind(mode: &str) -> &'static str {
    match mode {
        "040000" => "tree",
        "160000" => "commit",
        _ => "blob",
    }
}

async fn blob(
    State(shared): State<Arc<Shared>>,
    Path((owner, name, sha)): Of,
) -> Result<Response, Response> {
    let repository = open(&shared, &owner, &name)?;
    let found = shared.repositories.object(&repository.name, &sha);
    Ok(match found {
        Some((_, content)) => Json(described(&sha, &content)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

fn described(sha: &str, content: &[u8]) -> Value {
    let is_whole = content.len() <= WHOLE;
    json!({
        "sha": sha,
        "size": content.len(),
        "encoding": is_whole.then_some("base64"),
        "content": is_whole.then(|| STANDARD.encode(content)),
    })
}

async fn content(
    State(shared): State<Arc<Shared>>,
    Path((owner, name, path)): Of,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Response> {
    let repository = open(&shared, &owner, &name)?;
    let entries = shared
        .repositories
        .tree(&repository.name, &query["ref"], true);
    let entries = entries.ok_or_else(|| StatusCode::NOT_FOUND.into_response())?;
    let Some(entry) = entries.iter().find(|it| it.path == path) else {
        let below = entries
            .iter()
            .any(|it| it.path.starts_with(&format!("{path}/")));
        return if below {
            Ok(Json(json!([{ "type": "file" }])).into_response())
        } else {
            Err(StatusCode::NOT_FOUND.into_response())
        };
    };
    let text = || {
        shared
            .repositories
            .object(&repository.name, &entry.oid)
            .unwrap()
            .1
    };
    let body = match entry.mode.as_str() {
        "160000" => json!({ "type": "submodule", "sha": entry.oid, "content": null }),
        "120000" => {
            let target = String::from_utf8(text()).unwrap();
            json!({ "type": "symlink", "sha": entry.oid, "content": null, "target": target })
        }
        _ => {
            let mut body = described(&entry.oid, &text());
            body["type"] = json!("file");
            body
        }
    };
    Ok(Json(body).into_response())
}
