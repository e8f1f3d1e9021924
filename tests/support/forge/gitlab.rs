//! GitLab below `/gitlab`: its GraphQL resolved over the repositories, and the part of its REST API that we need.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use super::Shared;
use super::facts;
use super::github::time;
use super::graphql::{self, Resolve, Schema, failed};
use super::people::{self, People};
use super::repositories::{Repositories, Repository};

/// The part of GitLab's schema that is served.
pub(super) fn schema() -> Schema {
    Schema::parse(include_str!("gitlab.graphql"))
}

/// The routes below `/gitlab`.
pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/gitlab/api/graphql", post(query))
        .route("/gitlab/api/v4/groups/{group}/projects", get(projects))
        .route(
            "/gitlab/api/v4/projects/{id}/repository/blobs/{oid}/raw",
            get(raw),
        )
        .route("/gitlab/api/v4/projects/{id}/repository/tree", get(tree))
        .route(
            "/gitlab/api/v4/projects/{id}/repository/files/{path}",
            get(file),
        )
        .route(
            "/gitlab/api/v4/projects/{id}/repository/files/{path}/raw",
            get(file),
        )
        .route("/gitlab/api/v4/projects/{id}/pipelines", get(pipelines))
        .route("/gitlab/api/v4/projects/{id}", get(one))
}

async fn query(State(shared): State<Arc<Shared>>, Json(body): Json<Value>) -> Json<Value> {
    let answer = tokio::task::spawn_blocking(move || {
        let query = body["query"].as_str().unwrap_or_default();
        let score = graphql::complexity(query, &body["variables"]);
        let limit = shared.complexity.load(Ordering::Relaxed);
        if score > limit {
            let message =
                format!("Query has complexity of {score}, which exceeds max complexity of {limit}");
            return json!({ "errors": [{ "message": message }] });
        }
        let gitlab = Gitlab {
            repositories: &shared.repositories,
            people: &shared.people,
            complexity: json!({ "score": score, "limit": limit }),
        };
        graphql::answer(
            &shared.gitlab.read().unwrap(),
            query,
            &body["variables"],
            &gitlab,
        )
    });
    Json(answer.await.unwrap())
}

/// GitLab over the repositories of a forge.
struct Gitlab<'a> {
    repositories: &'a Repositories,
    people: &'a People,
    complexity: Value,
}

impl Resolve for Gitlab<'_> {
    fn field(
        &self,
        on: &str,
        object: &Value,
        field: &str,
        arguments: &Map<String, Value>,
    ) -> Option<Value> {
        Some(match (on, field) {
            ("Query", "queryComplexity") => self.complexity.clone(),
            ("Query", "project") => {
                let found = self.repositories.get(arguments["fullPath"].as_str()?);
                found.map_or(Value::Null, |it| it.facts.of(project(&it)))
            }
            ("Query", "group") => {
                let group = arguments["fullPath"].as_str()?;
                let is_there = self.repositories.has_owner(group)
                    || people::gitlab::has_group(self.people, group);
                if !is_there {
                    return Some(Value::Null);
                }
                json!({ "fullPath": group })
            }
            ("Group", "projects") => {
                let all = self.repositories.of(object["fullPath"].as_str()?);
                page(all, arguments)
            }
            ("Query", "projects") => {
                let ids = arguments["ids"].as_array()?;
                let found = ids
                    .iter()
                    .filter_map(|id| self.repositories.by_number(number(id.as_str()?)));
                let found = found.filter(|it| it.withheld != Some("UNLISTED"));
                page(found.collect(), arguments)
            }
            ("Project", "repository") => {
                let name = object["fullPath"].as_str()?;
                let empty = self.repositories.oid(name, "HEAD").is_none();
                let branch = self.repositories.get(name)?.branch;
                json!({ "name": name, "empty": empty, "exists": true, "rootRef": (!empty).then_some(branch) })
            }
            ("Repository", "tree") => {
                let reference = arguments.get("ref").and_then(Value::as_str);
                let commit = self
                    .repositories
                    .oid(object["name"].as_str()?, reference.unwrap_or("HEAD"));
                let told = self
                    .repositories
                    .get(object["name"].as_str()?)?
                    .facts
                    .commit;
                commit.map_or(Value::Null, |sha| {
                    let mut commit = json!({ "sha": sha });
                    facts::merge(&mut commit, &told);
                    json!({ "lastCommit": commit })
                })
            }
            ("Repository", "blobs") => {
                let name = object["name"].as_str()?;
                if self.repositories.get(name)?.withheld.is_some() {
                    return Some(failed("", "Internal server error"));
                }
                let reference = arguments
                    .get("ref")
                    .and_then(Value::as_str)
                    .unwrap_or("HEAD");
                let paths = arguments["paths"]
                    .as_array()?
                    .iter()
                    .filter_map(Value::as_str);
                let blob = |path: &str| {
                    let oid = self
                        .repositories
                        .oid(name, &format!("{reference}:{path}"))?;
                    let (kind, content) = self.repositories.object(name, &oid)?;
                    let text = String::from_utf8(content).ok();
                    (kind == "blob")
                        .then(|| json!({ "path": path, "oid": oid, "rawTextBlob": text }))
                };
                json!({ "nodes": paths.filter_map(blob).collect::<Vec<_>>() })
            }
            _ => return people::gitlab::field(self.people, on, object, field, arguments),
        })
    }
}

/// A page of `all` by their numbers.
fn page(mut all: Vec<Repository>, arguments: &Map<String, Value>) -> Value {
    all.sort_by_key(|it| it.number);
    let after = arguments.get("after").and_then(Value::as_str);
    let after: u64 = after.map_or(0, |after| after.parse().unwrap());
    let first = arguments["first"].as_u64().unwrap_or(100).min(100);
    let rest: Vec<&Repository> = all.iter().filter(|it| it.number > after).collect();
    let page = &rest[..rest.len().min(usize::try_from(first).unwrap())];
    json!({
        "pageInfo": {
            "hasNextPage": page.len() < rest.len(),
            "endCursor": page.last().map(|it| it.number.to_string()),
        },
        "nodes": page.iter().map(|it| project(it)).collect::<Vec<_>>(),
    })
}

fn project(repository: &Repository) -> Value {
    json!({
        "id": format!("gid://gitlab/Project/{}", repository.number),
        "fullPath": repository.name,
        "webUrl": format!("http://gitlab.invalid/{}", repository.name),
        "archived": repository.archived,
        "isForked": repository.fork,
        "visibility": repository.visibility.to_lowercase(),
        "lastActivityAt": time(repository.active),
        "topics": repository.topics,
    })
}

fn number(id: &str) -> u64 {
    id.rsplit('/').next().unwrap().parse().unwrap()
}

async fn projects(
    State(shared): State<Arc<Shared>>,
    Path(group): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let mut all = shared.repositories.of(&group);
    if all.is_empty() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let moment = |it: &Repository| match query.get("order_by").map(String::as_str) {
        Some("updated_at") => it.updated,
        Some("last_activity_at") => it.active,
        _ => it.number,
    };
    all.sort_by_key(|it| std::cmp::Reverse(moment(it)));
    let asked = |key: &str| query.get(key).and_then(|text| text.parse::<usize>().ok());
    let (size, page) = (asked("per_page").unwrap_or(20), asked("page").unwrap_or(1));
    let next = if size * page < all.len() {
        (page + 1).to_string()
    } else {
        String::new()
    };
    let shown: Vec<Value> = all
        .iter()
        .skip(size * (page - 1))
        .take(size)
        .map(|it| {
            let mut row = row(it);
            // The short form leaves much out.
            if query.contains_key("simple") {
                row.as_object_mut().unwrap().remove("updated_at");
            }
            row
        })
        .collect();
    let total = all.len().to_string();
    ([("x-next-page", next), ("x-total", total)], Json(shown)).into_response()
}

/// A project as REST has it.
fn row(repository: &Repository) -> Value {
    json!({
        "id": repository.number,
        "path_with_namespace": repository.name,
        "archived": repository.archived,
        "visibility": repository.visibility.to_lowercase(),
        "topics": repository.topics,
        "default_branch": repository.branch,
        "last_activity_at": time(repository.active).replace('Z', ".123Z"),
        "updated_at": time(repository.updated).replace('Z', ".123Z"),
    })
}

/// One by its number, or by its path.
fn find(shared: &Shared, id: &str) -> Option<Repository> {
    match id.parse() {
        Ok(number) => shared.repositories.by_number(number),
        Err(_) => shared.repositories.get(id),
    }
}

async fn one(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    match find(&shared, &id) {
        Some(repository) => Json(row(&repository)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn pipelines(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    match find(&shared, &id) {
        Some(it) if query["ref"] == it.branch => it.facts.runs("ref", &it.branch, |runs| runs),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A file, or with `HEAD` what is known of it.
async fn file(
    State(shared): State<Arc<Shared>>,
    Path((id, path)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let expression = format!("{}:{path}", query["ref"]);
    let found = find(&shared, &id).and_then(|it| {
        let oid = shared.repositories.oid(&it.name, &expression)?;
        let (kind, content) = shared.repositories.object(&it.name, &oid)?;
        (kind == "blob").then_some((oid, content))
    });
    match found {
        Some((oid, content)) => ([("x-gitlab-blob-id", oid)], content).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn raw(State(shared): State<Arc<Shared>>, Path((id, oid)): Path<(u64, String)>) -> Response {
    let repository = shared.repositories.by_number(id);
    let object = repository.and_then(|it| shared.repositories.object(&it.name, &oid));
    match object {
        Some((_, content)) => content.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn tree(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<u64>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let repository = shared.repositories.by_number(id);
    let files = repository.and_then(|it| shared.repositories.files(&it.name, &query["ref"]));
    let Some(mut files) = files else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if let Some(folder) = query.get("path") {
        files.retain(|(path, _)| path.starts_with(&format!("{folder}/")));
    }
    let asked = |key: &str| query[key].parse::<usize>().unwrap();
    let (size, page) = (asked("per_page"), asked("page"));
    let next = if size * page < files.len() {
        (page + 1).to_string()
    } else {
        String::new()
    };
    let entry = |(path, oid): (String, String)| json!({ "id": oid, "path": path, "type": "blob" });
    let shown = files.into_iter().skip(size * (page - 1)).take(size);
    let shown: Vec<Value> = shown.map(entry).collect();
    ([("x-next-page", next)], Json(shown)).into_response()
}
