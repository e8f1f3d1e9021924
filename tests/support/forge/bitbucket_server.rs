//! Bitbucket Data Center below `/rest/api/1.0`: the part of its REST API that we need, resolved over the repositories. An owner
//! is a project.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::repositories::Repository;
use super::{Shared, facts};

/// The most repositories of a page, whatever is asked for.
const PAGE: usize = 1000;

/// The routes below `/rest/api/1.0`.
pub(super) fn routes() -> Router<Arc<Shared>> {
    let base = "/rest/api/1.0";
    let one = format!("{base}/projects/{{key}}/repos/{{slug}}");
    Router::new()
        .route(&format!("{base}/application-properties"), get(properties))
        .route(&format!("{base}/repos"), get(every))
        .route(&format!("{base}/projects/{{key}}/repos"), get(of_project))
        .route(&one, get(repository))
        .route(&format!("{one}/commits"), get(commits))
        .route(&format!("{one}/raw/{{*path}}"), get(raw))
        .route(&format!("{one}/files"), get(files))
        .route(&format!("{one}/files/{{*path}}"), get(files_below))
        .route(&format!("{one}/{{topic}}"), get(told))
        .route(&format!("{one}/branches/default"), get(default_branch))
        .route("/rest/build-status/1.0/commits/{commit}", get(builds))
        .route("/rest/build-status/1.0/commits/stats", post(stats))
}

/// What the log calls a request for `path`.
pub(super) fn describe(path: &str) -> &'static str {
    let is_list = path.starts_with("/rest/api/1.0/") && path.ends_with("/repos");
    if is_list { " List" } else { "" }
}

/// Everybody may know what it is; who asks is told in a header.
async fn properties(headers: HeaderMap) -> Response {
    let mut told = HeaderMap::new();
    if headers.contains_key(header::AUTHORIZATION) {
        told.insert("x-ausername", "jane".parse().unwrap());
    }
    (told, Json(json!({ "version": "9.4.0" }))).into_response()
}

async fn every(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let mut all = shared.repositories.every();
    // Only those that are in use, unless others are asked for.
    if query.get("archived").is_none_or(|it| it != "ALL") {
        all.retain(|it| !it.archived);
    }
    list(&all, &query)
}

async fn of_project(
    State(shared): State<Arc<Shared>>,
    Path(key): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    if !shared.repositories.has_owner(&key) {
        return missing("NoSuchProjectException");
    }
    list(&shared.repositories.of(&key), &query)
}

fn list(all: &[Repository], query: &HashMap<String, String>) -> Response {
    let shown = all.iter().filter(|it| it.withheld != Some("UNLISTED"));
    page(shown.map(row).collect(), query, PAGE)
}

/// A page of `all`, of at most `most`.
fn page(all: Vec<Value>, query: &HashMap<String, String>, most: usize) -> Response {
    let number = |key: &str, usual: usize| query.get(key).map_or(usual, |it| it.parse().unwrap());
    let (start, limit) = (number("start", 0), number("limit", 25).min(most));
    let count = all.len();
    let values: Vec<Value> = all.into_iter().skip(start).take(limit).collect();
    let next = start + values.len();
    let is_last = next >= count;
    Json(json!({
        "values": values,
        "isLastPage": is_last,
        "nextPageStart": (!is_last).then_some(next),
    }))
    .into_response()
}

fn row(repository: &Repository) -> Value {
    let (key, slug) = repository.name.split_once('/').unwrap();
    json!({
        "id": repository.number,
        "slug": slug,
        "name": slug,
        "project": { "key": key, "public": false, "type": "NORMAL" },
        "public": repository.visibility == "PUBLIC",
        "archived": repository.archived,
        "origin": repository.fork.then(|| json!({ "slug": "origin" })),
        "state": "AVAILABLE",
    })
}

/// The repository, or what is answered instead.
fn find(shared: &Shared, key: &str, slug: &str) -> Result<Repository, Box<Response>> {
    match shared.repositories.get(&format!("{key}/{slug}")) {
        Some(it) if it.withheld.is_some() => {
            Err(Box::new(StatusCode::UNAUTHORIZED.into_response()))
        }
        Some(it) => Ok(it),
        None => Err(Box::new(missing("NoSuchRepositoryException"))),
    }
}

async fn repository(
    State(shared): State<Arc<Shared>>,
    Path((key, slug)): Path<(String, String)>,
) -> Response {
    match find(&shared, &key, &slug) {
        Ok(it) => Json(row(&it)).into_response(),
        Err(instead) => *instead,
    }
}

async fn commits(
    State(shared): State<Arc<Shared>>,
    Path((key, slug)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    match find(&shared, &key, &slug) {
        Ok(it) => {
            let tip = shared.repositories.oid(&it.name, "HEAD");
            let Some(id) = tip else {
                return missing("NoDefaultBranchException");
            };
            let mut commit = json!({ "id": id });
            facts::merge(&mut commit, &it.facts.commit);
            page(vec![commit], &query, PAGE)
        }
        Err(instead) => *instead,
    }
}

/// A list of facts, or what is the default branch.
async fn told(
    State(shared): State<Arc<Shared>>,
    Path((key, slug, topic)): Path<(String, String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let repository = match find(&shared, &key, &slug) {
        Ok(repository) => repository,
        Err(instead) => return *instead,
    };
    if topic == "default-branch" {
        // Servers of before 7.5 have it elsewhere.
        return match repository.facts.fields["is_old"].as_bool() {
            Some(true) => missing("NoSuchResourceException"),
            _ => tip(&shared, &repository),
        };
    }
    match repository.facts.list(&topic) {
        Ok(values) => page(values, &query, PAGE),
        Err(StatusCode::NOT_FOUND) => missing("NoSuchResourceException"),
        // It says 401 to whoever may not, signed in or not.
        Err(_) => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn default_branch(
    State(shared): State<Arc<Shared>>,
    Path((key, slug)): Path<(String, String)>,
) -> Response {
    match find(&shared, &key, &slug) {
        Ok(repository) => tip(&shared, &repository),
        Err(instead) => *instead,
    }
}

fn tip(shared: &Shared, repository: &Repository) -> Response {
    let branch = &repository.branch;
    match shared.repositories.oid(&repository.name, "HEAD") {
        Some(_) => Json(
            json!({ "id": format!("refs/heads/{branch}"), "displayId": branch, "type": "BRANCH" }),
        )
        .into_response(),
        None => missing("NoDefaultBranchException"),
    }
}

/// The builds of a commit, whose ever it is.
async fn builds(
    State(shared): State<Arc<Shared>>,
    Path(commit): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let all = shared.repositories.every();
    let mut of = all.iter();
    let of = of.find(|it| shared.repositories.oid(&it.name, "HEAD").as_ref() == Some(&commit));
    match of.map(|it| it.facts.list("builds")) {
        Some(Ok(values)) => page(values, &query, PAGE),
        Some(Err(StatusCode::FORBIDDEN)) => StatusCode::UNAUTHORIZED.into_response(),
        _ => page(Vec::new(), &query, PAGE),
    }
}

/// How many builds of each of these commits ended how.
async fn stats(State(shared): State<Arc<Shared>>, Json(commits): Json<Vec<String>>) -> Json<Value> {
    let all = shared.repositories.every();
    let known = |commit: &String| {
        let mut stats = all.iter().map(|it| &it.facts.fields["stats"][commit]);
        let found = stats.find(|it| it.is_object())?;
        Some((commit.clone(), found.clone()))
    };
    Json(Value::Object(commits.iter().filter_map(known).collect()))
}

async fn raw(
    State(shared): State<Arc<Shared>>,
    Path((key, slug, path)): Path<(String, String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let repository = match find(&shared, &key, &slug) {
        Ok(repository) => repository,
        Err(instead) => return *instead,
    };
    let at = query.get("at").map_or("HEAD", String::as_str);
    let object = shared
        .repositories
        .oid(&repository.name, &format!("{at}:{path}"))
        .and_then(|oid| shared.repositories.object(&repository.name, &oid));
    match object {
        Some((kind, content)) if kind == "blob" => content.into_response(),
        _ => missing("NoSuchPathException"),
    }
}

async fn files(
    state: State<Arc<Shared>>,
    Path((key, slug)): Path<(String, String)>,
    query: Query<HashMap<String, String>>,
) -> Response {
    files_below(state, Path((key, slug, String::new())), query).await
}

/// The files below a folder, told by their paths in it.
async fn files_below(
    State(shared): State<Arc<Shared>>,
    Path((key, slug, folder)): Path<(String, String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let repository = match find(&shared, &key, &slug) {
        Ok(repository) => repository,
        Err(instead) => return *instead,
    };
    let at = query.get("at").map_or("HEAD", String::as_str);
    let files = shared.repositories.files(&repository.name, at);
    let folder = format!("{folder}/");
    let below = files.into_iter().flatten().filter_map(|(path, _)| {
        let path = path.strip_prefix(folder.trim_start_matches('/'))?;
        Some(json!(path))
    });
    // Few at once, so that there are several pages.
    page(below.collect(), &query, 2)
}

fn missing(exception: &str) -> Response {
    let name = format!("com.atlassian.bitbucket.{exception}");
    let errors = json!({ "errors": [{ "message": "not there", "exceptionName": name }] });
    (StatusCode::NOT_FOUND, Json(errors)).into_response()
}
