//! Organisations in Gitea's API.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::super::Shared;
use super::{Account, Team};

/// The most rows of a page, whatever is asked for.
const MOST: usize = 50;

/// The routes below `/api/v1`.
pub(in crate::forge) fn routes() -> Router<Arc<Shared>> {
    let below = |path: &str| format!("/api/v1/{path}");
    Router::new()
        .route(&below("orgs/{org}/teams"), get(teams))
        .route(&below("orgs/{org}/members"), get(members))
        .route(&below("orgs/{org}/members/{login}"), get(membership))
        .route(&below("teams/{id}"), get(one))
        .route(&below("teams/{id}/members"), get(members_of))
}

type Asked = Query<HashMap<String, String>>;

fn page(rows: Vec<Value>, query: &HashMap<String, String>) -> Response {
    let asked = |key: &str| query.get(key).and_then(|text| text.parse::<usize>().ok());
    let size = asked("limit").unwrap_or(30).min(MOST);
    let skipped = size * (asked("page").unwrap_or(1) - 1);
    let total = [("x-total-count", rows.len().to_string())];
    let shown: Vec<Value> = rows.into_iter().skip(skipped).take(size).collect();
    (total, Json(shown)).into_response()
}

fn row(id: u64, team: &Team) -> Value {
    json!({
        "id": id, "name": team.path, "description": team.description.clone().unwrap_or_default(),
        "organization": null, "includes_all_repositories": false, "permission": "write",
        "units": [], "units_map": {}, "can_create_org_repo": false,
    })
}

fn person(id: u64, account: &Account) -> Value {
    let login = &account.login;
    json!({
        "id": id, "login": login, "login_name": "", "source_id": 0, "full_name": format!("{login} of the forge"),
        "email": format!("{login}@noreply.forge.example"), "avatar_url": format!("https://avatars.example/{id}"),
        "html_url": format!("https://forge.example/{login}"), "language": "", "is_admin": false,
        "last_login": "1970-01-01T00:00:00Z", "created": "2024-01-01T00:00:00Z", "restricted": false,
        "active": false, "prohibit_login": account.state != "active", "location": "", "website": "",
        "description": "", "visibility": "public", "followers_count": 0, "following_count": 0,
        "starred_repos_count": 0, "username": login,
    })
}

async fn teams(
    State(shared): State<Arc<Shared>>,
    Path(org): Path<String>,
    Query(query): Asked,
) -> Response {
    let all = shared.people.all();
    if !all.organizations.contains_key(&org) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let teams = all.teams_of(&org);
    page(teams.iter().map(|(id, it)| row(*id, it)).collect(), &query)
}

async fn members(
    State(shared): State<Arc<Shared>>,
    Path(org): Path<String>,
    Query(query): Asked,
) -> Response {
    let all = shared.people.all();
    let Some(ids) = all.organizations.get(&org) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    page(
        ids.iter()
            .map(|id| person(*id, &all.accounts[id]))
            .collect(),
        &query,
    )
}

async fn membership(
    State(shared): State<Arc<Shared>>,
    Path((org, login)): Path<(String, String)>,
) -> StatusCode {
    let all = shared.people.all();
    let id = all.id(&login);
    let members = all.organizations.get(&org);
    let is_member = id.is_some_and(|id| members.is_some_and(|members| members.contains(&id)));
    if is_member {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::NOT_FOUND
    }
}

async fn one(State(shared): State<Arc<Shared>>, Path(id): Path<u64>) -> Response {
    match shared.people.all().teams.get(&id) {
        Some(team) => Json(row(id, team)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn members_of(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<u64>,
    Query(query): Asked,
) -> Response {
    let all = shared.people.all();
    let Some(team) = all.teams.get(&id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let members = team.members.iter();
    page(
        members.map(|id| person(*id, &all.accounts[id])).collect(),
        &query,
    )
}
