//! What hosts do where something is published: repositories, projects and requests to merge are made, each kind's API below
//! a folder of its own. What is made is a real bare repository, at `/OWNER/NAME.git` for all.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Shared;
use super::repositories::Repository;

/// The kinds of hosts that are served here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Gitlab,
    Gitea,
    Cloud,
    Server,
}

type At = State<Arc<Shared>>;

/// The routes below `/to`.
pub(super) fn routes() -> Router<Arc<Shared>> {
    let gitlab = "/to/gitlab/api/v4";
    let gitea = "/to/gitea/api/v1";
    let cloud = "/to/cloud/2.0/repositories/{owner}/{name}";
    let server = "/to/server/rest/api/1.0/projects/{owner}/repos";
    Router::new()
        .route(&format!("{gitlab}/namespaces/{{owner}}"), get(namespace))
        .route(&format!("{gitlab}/projects"), post(gitlab_new))
        .route(
            &format!("{gitlab}/projects/{{id}}"),
            get(gitlab_one).delete(gitlab_gone),
        )
        .route(
            &format!("{gitlab}/projects/{{id}}/{{*thing}}"),
            get(no_requests).post(thing),
        )
        .route(&format!("{gitea}/orgs/{{owner}}"), get(namespace))
        .route(&format!("{gitea}/orgs/{{owner}}/repos"), post(gitea_new))
        .route(
            &format!("{gitea}/repos/{{owner}}/{{name}}"),
            get(gitea_one).delete(gone),
        )
        .route(
            &format!("{gitea}/repos/{{owner}}/{{name}}/pulls"),
            get(no_requests).post(request),
        )
        .route(
            &format!("{cloud}/pullrequests"),
            get(no_values).post(request),
        )
        .route(
            &format!("{server}/{{name}}/pull-requests"),
            get(no_values).post(request),
        )
        .route(cloud, get(cloud_one).post(cloud_new).delete(gone))
        .route(server, post(server_new))
        .route(&format!("{server}/{{name}}"), get(server_one).delete(gone))
}

async fn namespace(Path(owner): Path<String>) -> Response {
    if owner == "nobody" {
        return StatusCode::NOT_FOUND.into_response();
    }
    Json(json!({ "id": 7, "kind": "group", "path": owner, "username": owner })).into_response()
}

/// The body of a request and the address it came to.
async fn read(request: Request) -> (Value, String) {
    let host = request.headers()[header::HOST].to_str().unwrap().to_owned();
    let body = axum::body::to_bytes(request.into_body(), 1 << 20).await;
    let body = serde_json::from_slice(&body.unwrap()).unwrap_or_default();
    (body, format!("http://{host}"))
}

/// What a host tells of a repository.
fn told(kind: Kind, repository: &Repository, at: &str) -> Value {
    let name = &repository.name;
    let (page, clone) = (format!("{at}/{name}"), format!("{at}/{name}.git"));
    let id = repository.number;
    match kind {
        Kind::Gitlab => json!({
            "id": id, "path_with_namespace": name, "http_url_to_repo": clone, "web_url": page,
            "default_branch": repository.branch,
        }),
        Kind::Gitea => json!({ "id": id, "full_name": name, "clone_url": clone, "html_url": page }),
        Kind::Cloud => json!({
            "uuid": format!("{{{id}}}"),
            "links": { "html": { "href": page }, "clone": [
                { "name": "https", "href": clone }, { "name": "ssh", "href": "ssh://no.where/x" },
            ] },
        }),
        Kind::Server => json!({
            "id": id,
            "links": { "self": [{ "href": format!("{page}/browse") }], "clone": [
                { "name": "ssh", "href": "ssh://no.where/x" }, { "name": "http", "href": clone },
            ] },
        }),
    }
}

fn make(shared: &Shared, kind: Kind, name: &str, at: &str) -> Response {
    if !shared.repositories.create(name) {
        let taken = "name has already been taken";
        let body = match kind {
            Kind::Cloud => json!({ "error": { "message": taken } }),
            Kind::Server => json!({ "errors": [{ "message": taken }] }),
            Kind::Gitlab | Kind::Gitea => json!({ "message": taken }),
        };
        return (StatusCode::CONFLICT, Json(body)).into_response();
    }
    let status = match kind {
        Kind::Cloud => StatusCode::OK,
        _ => StatusCode::CREATED,
    };
    let made = shared.repositories.get(name).unwrap();
    (status, Json(told(kind, &made, at))).into_response()
}

fn one(shared: &Shared, kind: Kind, name: &str, request: &Request) -> Response {
    let host = request.headers()[header::HOST].to_str().unwrap();
    match shared.repositories.get(name) {
        Some(found) => Json(told(kind, &found, &format!("http://{host}"))).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn gitlab_new(State(shared): At, request: Request) -> Response {
    let (body, at) = read(request).await;
    assert_eq!(body["namespace_id"], 7);
    let name = format!("acme/{}", body["path"].as_str().unwrap());
    make(&shared, Kind::Gitlab, &name, &at)
}

fn name_of(shared: &Shared, id: &str) -> String {
    let by_number = id
        .parse()
        .ok()
        .and_then(|id| shared.repositories.by_number(id));
    by_number.map_or_else(|| id.to_owned(), |found| found.name)
}

async fn gitlab_one(State(shared): At, Path(id): Path<String>, request: Request) -> Response {
    one(&shared, Kind::Gitlab, &name_of(&shared, &id), &request)
}

async fn gitlab_gone(State(shared): At, Path(id): Path<String>) -> StatusCode {
    shared.repositories.remove(&name_of(&shared, &id));
    StatusCode::ACCEPTED
}

/// Branches, variables, members, requests to merge: whatever is posted to a project is taken.
async fn thing(Path((id, thing)): Path<(String, String)>) -> Response {
    let page = format!("http://gitlab.invalid/{id}/-/{thing}/1");
    (
        StatusCode::CREATED,
        Json(json!({ "iid": 1, "id": 1, "web_url": page })),
    )
        .into_response()
}

/// Nobody has asked yet.
async fn no_requests() -> Json<Value> {
    Json(json!([]))
}

async fn no_values() -> Json<Value> {
    Json(json!({ "values": [] }))
}

/// A request to merge, at either Bitbucket or a Gitea; the branch must be there.
async fn request(
    State(shared): At,
    Path((owner, name)): Path<(String, String)>,
    request: Request,
) -> Response {
    let (body, at) = read(request).await;
    let name = format!("{owner}/{name}");
    let branch = body
        .pointer("/source/branch/name")
        .or(body.pointer("/fromRef/id"))
        .or(body.pointer("/head"));
    let branch = branch.unwrap().as_str().unwrap();
    if shared.repositories.oid(&name, branch).is_none() {
        let error = json!({ "error": { "message": "There is no such branch." } });
        return (StatusCode::BAD_REQUEST, Json(error)).into_response();
    }
    let page = format!("{at}/{name}/pull/9");
    let links = json!({ "html": { "href": page }, "self": [{ "href": page }] });
    (
        StatusCode::CREATED,
        Json(json!({ "id": 9, "links": links, "html_url": page })),
    )
        .into_response()
}

async fn gitea_new(State(shared): At, Path(owner): Path<String>, request: Request) -> Response {
    let (body, at) = read(request).await;
    let name = format!("{owner}/{}", body["name"].as_str().unwrap());
    make(&shared, Kind::Gitea, &name, &at)
}

async fn gitea_one(
    State(shared): At,
    Path((owner, name)): Path<(String, String)>,
    request: Request,
) -> Response {
    one(&shared, Kind::Gitea, &format!("{owner}/{name}"), &request)
}

async fn cloud_new(
    State(shared): At,
    Path((owner, name)): Path<(String, String)>,
    request: Request,
) -> Response {
    let (body, at) = read(request).await;
    assert_eq!(body["project"]["key"], "LIGHT");
    make(&shared, Kind::Cloud, &format!("{owner}/{name}"), &at)
}

async fn cloud_one(
    State(shared): At,
    Path((owner, name)): Path<(String, String)>,
    request: Request,
) -> Response {
    one(&shared, Kind::Cloud, &format!("{owner}/{name}"), &request)
}

async fn server_new(State(shared): At, Path(owner): Path<String>, request: Request) -> Response {
    let (body, at) = read(request).await;
    let name = format!("{owner}/{}", body["name"].as_str().unwrap());
    make(&shared, Kind::Server, &name, &at)
}

async fn server_one(
    State(shared): At,
    Path((owner, name)): Path<(String, String)>,
    request: Request,
) -> Response {
    one(&shared, Kind::Server, &format!("{owner}/{name}"), &request)
}

async fn gone(State(shared): At, Path((owner, name)): Path<(String, String)>) -> StatusCode {
    shared.repositories.remove(&format!("{owner}/{name}"));
    StatusCode::NO_CONTENT
}
