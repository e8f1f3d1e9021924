//! Bitbucket Cloud below `/2.0`: the part of its REST API that we need, resolved over the repositories.
//!
//! In the workspace `plain` no list tells commits.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::github::time;
use super::repositories::Repository;
use super::{Shared, facts};

/// The routes below `/2.0`.
pub(super) fn routes() -> Router<Arc<Shared>> {
    let one = "/2.0/repositories/{workspace}/{id}";
    Router::new()
        .route("/2.0/user", get(me))
        .route("/2.0/repositories/{workspace}", get(list))
        .route(one, get(repository))
        .route(&format!("{one}/refs/branches/{{*name}}"), get(branch))
        .route(&format!("{one}/src/{{at}}/"), get(root))
        .route(&format!("{one}/src/{{at}}/{{*path}}"), get(source))
        .route(&format!("{one}/refs/tags"), get(tags))
        .route(&format!("{one}/commit/{{hash}}/statuses"), get(statuses))
        .route(&format!("{one}/{{topic}}"), get(told))
        .route(&format!("{one}/{{topic}}/"), get(told))
}

/// What the log calls a request for `path`.
pub(super) fn describe(path: &str) -> &'static str {
    let list = path.strip_prefix("/2.0/repositories/");
    match list {
        Some(rest) if !rest.contains('/') => " List",
        _ => "",
    }
}

async fn me() -> Response {
    let scopes = [("x-oauth-scopes", "repository, account")];
    let user = json!({ "type": "user", "username": "jane", "display_name": "Jane" });
    (scopes, Json(user)).into_response()
}

async fn list(
    State(shared): State<Arc<Shared>>,
    Path(workspace): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let mut all = shared.repositories.of(&workspace);
    if all.is_empty() {
        return missing(&format!("No workspace with identifier '{workspace}'."));
    }
    match query["sort"].as_str() {
        "created_on" => all.sort_by_key(|it| it.number),
        sort => {
            assert_eq!(sort, "-updated_on");
            all.sort_by_key(|it| std::cmp::Reverse(updated(it)));
        }
    }
    let number = |key: &str, usual: usize| query.get(key).map_or(usual, |it| it.parse().unwrap());
    let (size, page) = (number("pagelen", 10), number("page", 1));
    assert!(size <= 100, "a page of {size}");
    let shown = all.iter().skip(size * (page - 1)).take(size);
    let values: Vec<Value> = shown.map(|it| row(&shared, it)).collect();
    let mut answer = json!({ "values": values, "size": all.len() });
    if size * page < all.len() {
        let host = headers[header::HOST].to_str().unwrap();
        answer["next"] = json!(format!(
            "http://{host}/2.0/repositories/{workspace}?pagelen={size}&page={}",
            page + 1
        ));
    }
    Json(answer).into_response()
}

fn updated(repository: &Repository) -> u64 {
    repository.pushed.max(repository.updated)
}

/// A repository; only the fields that were asked for.
fn row(shared: &Shared, repository: &Repository) -> Value {
    let name = &repository.name;
    let short = name.rsplit('/').next().unwrap();
    let commit = shared.repositories.oid(name, "HEAD");
    let commit = commit.filter(|_| !name.starts_with("plain/"));
    let has_branch = shared.repositories.oid(name, "HEAD").is_some();
    json!({
        "uuid": uuid(repository.number),
        "full_name": name,
        "is_private": repository.visibility == "PRIVATE",
        "updated_on": time(updated(repository)).replace('Z', ".177897+00:00"),
        "parent": repository.fork.then(|| json!({ "uuid": "{origin}" })),
        "project": { "key": short.split('-').next().unwrap().to_uppercase() },
        "mainbranch": has_branch.then(|| json!({
            "name": repository.branch,
            "target": commit.map(|hash| json!({ "hash": hash })),
        })),
    })
}

fn uuid(number: u64) -> String {
    format!("{{5c9d2a3e-0000-4000-8000-{number:012}}}")
}

/// The repository `id`, which is its name or in braces what stays.
fn find(shared: &Shared, workspace: &str, id: &str) -> Option<Repository> {
    match id.strip_prefix('{') {
        Some(id) => {
            let number = id.trim_end_matches('}').rsplit('-').next()?.parse().ok()?;
            let found = shared.repositories.by_number(number)?;
            found
                .name
                .starts_with(&format!("{workspace}/"))
                .then_some(found)
        }
        None => shared.repositories.get(&format!("{workspace}/{id}")),
    }
}

async fn repository(
    State(shared): State<Arc<Shared>>,
    Path((workspace, id)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    match find(&shared, &workspace, &id) {
        Some(it) if it.withheld.is_some() => StatusCode::FORBIDDEN.into_response(),
        Some(it) => {
            let mut row = row(&shared, &it);
            let page = format!("https://bitbucket.invalid/{}", it.name);
            row["links"] = json!({ "html": { "href": page } });
            row["has_issues"] = it.facts.fields["has_issues"].clone();
            if row["mainbranch"]["target"].is_object() {
                facts::merge(&mut row["mainbranch"]["target"], &it.facts.commit);
            }
            Json(facts::pick(&row, &query["fields"])).into_response()
        }
        None => missing("Repository not found"),
    }
}

/// A list of facts, of each only what was asked for.
fn facts_of(
    shared: &Shared,
    at: (&str, &str),
    topic: &str,
    query: &HashMap<String, String>,
) -> Response {
    let Some(repository) = find(shared, at.0, at.1) else {
        return missing("Repository not found");
    };
    let mut values = match repository.facts.list(topic) {
        Ok(values) => values,
        Err(StatusCode::NOT_FOUND) => return missing("Resource not found"),
        Err(status) => return status.into_response(),
    };
    if let Some(branch) = query.get("target.branch") {
        values.retain(|it| it["target"]["ref_name"] == *branch);
    }
    let size = query.get("pagelen").map_or(10, |it| it.parse().unwrap());
    assert!(size <= if topic == "pullrequests" { 50 } else { 100 });
    // By anything else it would not sort these.
    let sorts = ["-state.started_on", "-state.completed_on"];
    assert!(topic != "deployments" || sorts.contains(&query["sort"].as_str()));
    let count = values.len();
    values.truncate(size);
    Json(facts::pick(
        &json!({ "values": values, "size": count }),
        &query["fields"],
    ))
    .into_response()
}

type Of = (String, String, String);

async fn told(
    State(shared): State<Arc<Shared>>,
    Path((workspace, id, topic)): Path<Of>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    facts_of(&shared, (&workspace, &id), &topic, &query)
}

async fn tags(
    State(shared): State<Arc<Shared>>,
    Path((workspace, id)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    facts_of(&shared, (&workspace, &id), "tags", &query)
}

/// What is told of the one commit that there is.
async fn statuses(
    State(shared): State<Arc<Shared>>,
    Path((workspace, id, hash)): Path<Of>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let tip =
        find(&shared, &workspace, &id).and_then(|it| shared.repositories.oid(&it.name, "HEAD"));
    assert_eq!(tip.as_ref(), Some(&hash));
    facts_of(&shared, (&workspace, &id), "statuses", &query)
}

async fn branch(
    State(shared): State<Arc<Shared>>,
    Path((workspace, id, name)): Path<(String, String, String)>,
) -> Response {
    let found = find(&shared, &workspace, &id);
    let commit = found
        .as_ref()
        .and_then(|it| shared.repositories.oid(&it.name, &name));
    match commit {
        Some(hash) => {
            let mut target = json!({ "hash": hash });
            facts::merge(&mut target, &found.unwrap().facts.commit);
            Json(json!({ "target": target })).into_response()
        }
        None => missing("Branch not found"),
    }
}

async fn root(
    state: State<Arc<Shared>>,
    Path((workspace, id, at)): Path<(String, String, String)>,
    query: Query<HashMap<String, String>>,
) -> Response {
    source(state, Path((workspace, id, at, String::new())), query).await
}

/// A file, or behind a slash what stands in a folder.
async fn source(
    State(shared): State<Arc<Shared>>,
    Path((workspace, id, at, path)): Path<(String, String, String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let Some(repository) = find(&shared, &workspace, &id) else {
        return missing("Repository not found");
    };
    if repository.withheld.is_some() {
        return StatusCode::FORBIDDEN.into_response();
    }
    let name = &repository.name;
    if path.is_empty() || path.ends_with('/') {
        let Some(mut files) = shared.repositories.files(name, &at) else {
            return missing("Commit not found");
        };
        files.retain(|(file, _)| file.starts_with(&path));
        let number =
            |key: &str, usual: usize| query.get(key).map_or(usual, |it| it.parse().unwrap());
        let (size, page) = (number("pagelen", 10), number("page", 1));
        let count = files.len();
        let shown = files.into_iter().skip(size * (page - 1)).take(size);
        let entry = |(path, _)| json!({ "type": "commit_file", "path": path });
        let mut answer = json!({ "values": shown.map(entry).collect::<Vec<_>>() });
        if size * page < count {
            answer["next"] = json!(format!("http://elsewhere.dev/?page={}", page + 1));
        }
        return Json(answer).into_response();
    }
    let object = shared
        .repositories
        .oid(name, &format!("{at}:{path}"))
        .and_then(|oid| shared.repositories.object(name, &oid));
    match object {
        Some((kind, content)) if kind == "blob" => {
            ([(header::CONTENT_TYPE, "text/plain")], content).into_response()
        }
        Some((kind, _)) if kind == "tree" => Json(json!({ "values": [] })).into_response(),
        _ => missing(&format!("No such file or directory: {path}")),
    }
}

fn missing(message: &str) -> Response {
    let error = json!({ "type": "error", "error": { "message": message } });
    (StatusCode::NOT_FOUND, Json(error)).into_response()
}
