//! Groups and accounts in GitLab's two APIs. An organisation is a topmost group, and its teams are the groups in it, itself
//! among them, by their whole paths.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use super::super::Shared;
use super::super::graphql::failed;
use super::{Account, All, People, Team};

/// The routes below `/gitlab`.
pub(in crate::forge) fn routes() -> Router<Arc<Shared>> {
    let below = |path: &str| format!("/gitlab/api/v4/{path}");
    Router::new()
        .route(&below("user"), get(me))
        .route(&below("users"), get(users))
        .route(&below("users/{id}"), get(account))
        .route(&below("groups"), get(groups))
        .route(&below("groups/{group}"), get(group))
        .route(&below("groups/{group}/descendant_groups"), get(descendants))
        .route(&below("groups/{group}/members/all"), get(members))
        .route(&below("groups/{group}/members/all/{id}"), get(member))
}

/// The value of a field of GraphQL that has to do with people; `None` for others.
pub(in crate::forge) fn field(
    people: &People,
    on: &str,
    object: &Value,
    field: &str,
    arguments: &Map<String, Value>,
) -> Option<Value> {
    if (on, field) != ("Group", "groupMembers") {
        return None;
    }
    let all = people.all();
    let path = object["fullPath"].as_str()?;
    let (_, group) = all.group(path)?;
    if group.withheld {
        return Some(failed("", "Internal server error"));
    }
    let relations = arguments.get("relations").and_then(Value::as_array);
    let is_inherited = relations.is_some_and(|it| it.contains(&json!("INHERITED")));
    let ids = if is_inherited {
        all.members(path)
    } else {
        group.members.clone()
    };
    let after = arguments.get("after").and_then(Value::as_str);
    let start: usize = after.map_or(0, |after| after.parse().unwrap());
    let first = arguments["first"].as_u64().unwrap_or(100).min(100);
    let shown = ids.iter().skip(start).take(usize::try_from(first).unwrap());
    let nodes: Vec<Value> = shown
        .map(|id| json!({ "user": { "username": all.accounts[id].login } }))
        .collect();
    let end = start + nodes.len();
    Some(json!({
        "pageInfo": { "hasNextPage": end < ids.len(), "endCursor": end.to_string() },
        "nodes": nodes,
    }))
}

/// Whether there is a group at this path.
pub(in crate::forge) fn has_group(people: &People, path: &str) -> bool {
    people.all().group(path).is_some()
}

impl All {
    /// A group by its id or path.
    fn group(&self, which: &str) -> Option<(u64, &Team)> {
        let mut teams = self.teams.iter();
        teams
            .find(|(id, team)| team.path == which || id.to_string() == which)
            .map(|(id, team)| (*id, team))
    }

    /// The members of a group and of those around it.
    fn members(&self, path: &str) -> Vec<u64> {
        let around = self
            .teams
            .values()
            .filter(|team| team.path == path || path.starts_with(&format!("{}/", team.path)));
        let mut ids: Vec<u64> = around.flat_map(|team| team.members.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

fn row(id: u64, group: &Team) -> Value {
    json!({
        "id": id,
        "name": group.path.rsplit('/').next(),
        "full_path": group.path,
        "description": group.description.clone().unwrap_or_default(),
        "visibility": "private",
        "avatar_url": null,
        "web_url": format!("https://forge.example/groups/{}", group.path),
    })
}

fn person(id: u64, account: &Account) -> Value {
    json!({
        "id": id,
        "username": account.login,
        "name": format!("{} of the forge", account.login),
        "state": account.state,
        "avatar_url": null,
        "web_url": format!("https://forge.example/{}", account.login),
        "is_using_seat": account.seat,
    })
}

type Asked = Query<HashMap<String, String>>;

/// A page of `rows`, with its headers.
fn page(rows: Vec<Value>, query: &HashMap<String, String>) -> Response {
    let asked = |key: &str| query.get(key).and_then(|text| text.parse::<usize>().ok());
    let (size, page) = (asked("per_page").unwrap_or(20), asked("page").unwrap_or(1));
    let next = if size * page < rows.len() {
        (page + 1).to_string()
    } else {
        String::new()
    };
    let total = rows.len().to_string();
    let shown: Vec<Value> = rows
        .into_iter()
        .skip(size * (page - 1))
        .take(size)
        .collect();
    ([("x-next-page", next), ("x-total", total)], Json(shown)).into_response()
}

fn one(row: Option<Value>) -> Response {
    row.map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |row| Json(row).into_response(),
    )
}

async fn me() -> Json<Value> {
    Json(json!({ "id": 1, "username": "jane" }))
}

async fn users(State(shared): State<Arc<Shared>>, Query(query): Asked) -> Response {
    let all = shared.people.all();
    let active = all.accounts.iter().filter(|(_, it)| it.state == "active");
    page(active.map(|(id, it)| person(*id, it)).collect(), &query)
}

async fn account(State(shared): State<Arc<Shared>>, Path(id): Path<u64>) -> Response {
    let all = shared.people.all();
    one(all.accounts.get(&id).map(|it| person(id, it)))
}

async fn groups(State(shared): State<Arc<Shared>>, Query(query): Asked) -> Response {
    let all = shared.people.all();
    page(
        all.teams.iter().map(|(id, it)| row(*id, it)).collect(),
        &query,
    )
}

async fn group(State(shared): State<Arc<Shared>>, Path(group): Path<String>) -> Response {
    let all = shared.people.all();
    one(all.group(&group).map(|(id, it)| row(id, it)))
}

async fn descendants(
    State(shared): State<Arc<Shared>>,
    Path(group): Path<String>,
    Query(query): Asked,
) -> Response {
    let all = shared.people.all();
    let Some((_, group)) = all.group(&group) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let prefix = format!("{}/", group.path);
    let below = all
        .teams
        .iter()
        .filter(|(_, it)| it.path.starts_with(&prefix));
    page(below.map(|(id, it)| row(*id, it)).collect(), &query)
}

async fn members(
    State(shared): State<Arc<Shared>>,
    Path(group): Path<String>,
    Query(query): Asked,
) -> Response {
    let all = shared.people.all();
    let Some((_, group)) = all.group(&group) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let ids = all.members(&group.path);
    page(
        ids.iter()
            .map(|id| person(*id, &all.accounts[id]))
            .collect(),
        &query,
    )
}

async fn member(
    State(shared): State<Arc<Shared>>,
    Path((group, id)): Path<(String, u64)>,
) -> Response {
    let all = shared.people.all();
    let group = all.group(&group);
    let is_member = group.is_some_and(|(_, it)| all.members(&it.path).contains(&id));
    let account = all.accounts.get(&id).filter(|_| is_member);
    one(account.map(|it| person(id, it)))
}
