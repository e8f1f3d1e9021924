//! Gerrit below `/gerrit`, as far as we need it, over the repositories: each answer with what keeps scripts from reading
//! it in front.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::Shared;
use super::repositories::Repository;

/// What stands in front of each answer.
pub(super) const GUARD: &str = ")]}'\n";
/// The most projects of a list.
const MOST: usize = 500;

/// The routes below `/gerrit`, behind the door for those with a password.
pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/gerrit/a/accounts/self", get(me))
        .route("/gerrit/a/projects/", get(list))
        .route("/gerrit/a/projects/{name}", get(one))
        .route("/gerrit/a/projects/{name}/branches/{branch}", get(branch))
        .route("/gerrit/a/projects/{name}/commits/{commit}", get(commit))
        .route("/gerrit/a/projects/{name}/tags/", get(tags))
        .route("/gerrit/a/changes/", get(changes))
        .route(
            "/gerrit/a/projects/{name}/{kind}/{at}/files/{path}/content",
            get(content),
        )
        .route("/gerrit/a/plugins/gitiles/{*rest}", get(gitiles))
}

/// What the log calls a request for `path`.
pub(super) fn describe(path: &str) -> &'static str {
    if path == "/gerrit/a/projects/" {
        " GerritList"
    } else {
        ""
    }
}

fn answer(value: &Value) -> Response {
    format!("{GUARD}{value}").into_response()
}

async fn me() -> Response {
    answer(&json!({ "_account_id": 1, "username": "jane" }))
}

async fn list(State(shared): State<Arc<Shared>>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let all_of = |key: &str| {
        let of: Vec<&str> = pairs
            .iter()
            .filter(|(it, _)| it == key)
            .map(|(_, value)| value.as_str())
            .collect();
        of
    };
    let number = |key: &str| all_of(key).first().map(|it| it.parse::<usize>().unwrap());
    let prefix = all_of("prefix")[0].to_owned();
    let branches = all_of("b");
    let mut rows: Vec<(String, Value)> = Vec::new();
    for repository in shared.repositories.every() {
        // One whose storage cannot be read is left out without a word.
        if !repository.name.starts_with(&prefix) || repository.withheld.is_some() {
            continue;
        }
        let state = state(&repository);
        if !all_of("state").is_empty() && !all_of("state").contains(&state) {
            continue;
        }
        let tips: Map<String, Value> = branches
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), tip(&shared, &repository, name)?.into())))
            .collect();
        // Those without any of the branches are left out, and those that cannot be read.
        if branches.is_empty() || !tips.is_empty() {
            rows.push((repository.name, json!({ "state": state, "branches": tips })));
        }
    }
    let (from, size) = (
        number("S").unwrap_or(0),
        number("n").unwrap_or(MOST).min(MOST),
    );
    let more = from + size < rows.len();
    let mut shown: Map<String, Value> = rows.into_iter().skip(from).take(size).collect();
    if let Some((_, last)) = shown.iter_mut().last().filter(|_| more) {
        last["_more_projects"] = json!(true);
    }
    answer(&Value::Object(shown))
}

fn state(repository: &Repository) -> &'static str {
    if repository.archived {
        "READ_ONLY"
    } else {
        "ACTIVE"
    }
}

/// The commit at the tip of a branch, where there is one.
fn tip(shared: &Shared, repository: &Repository, branch: &str) -> Option<String> {
    let name = &repository.name;
    shared.repositories.tree(name, branch, false)?;
    shared.repositories.oid(name, branch)
}

async fn one(State(shared): State<Arc<Shared>>, Path(name): Path<String>) -> Response {
    match shared.repositories.get(&name) {
        Some(repository) => answer(&json!({ "id": name, "state": state(&repository) })),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The one that is called `name`, whose content is told; else the answer.
#[expect(clippy::result_large_err, reason = "the answer is sent at once")]
fn open(shared: &Shared, name: &str) -> Result<Repository, Response> {
    let found = shared.repositories.get(name);
    let repository = found.ok_or_else(|| StatusCode::NOT_FOUND.into_response())?;
    match repository.withheld {
        Some("UNLISTED") | None => Ok(repository),
        Some(_) => Err(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
    }
}

async fn branch(
    State(shared): State<Arc<Shared>>,
    Path((name, branch)): Path<(String, String)>,
) -> Result<Response, Response> {
    let repository = open(&shared, &name)?;
    let found = tip(&shared, &repository, &branch);
    Ok(match found {
        // What stands for a branch is told as that.
        Some(_) if branch == "HEAD" => {
            answer(&json!({ "ref": "HEAD", "revision": repository.branch }))
        }
        Some(commit) => answer(&json!({ "ref": branch, "revision": commit })),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

async fn commit(
    State(shared): State<Arc<Shared>>,
    Path((name, commit)): Path<(String, String)>,
) -> Result<Response, Response> {
    let repository = open(&shared, &name)?;
    if shared.repositories.oid(&name, "HEAD").as_ref() != Some(&commit) {
        return Err(StatusCode::NOT_FOUND.into_response());
    }
    let mut told = json!({ "commit": commit, "parents": [] });
    super::facts::merge(&mut told, &repository.facts.commit);
    Ok(answer(&told))
}

async fn tags(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
) -> Result<Response, Response> {
    let facts = open(&shared, &name)?.facts;
    let tags = facts.list("tags").map_err(IntoResponse::into_response)?;
    Ok(answer(&tags.into()))
}

/// The open changes of one project, or the one change that is named: what was pushed for review.
async fn changes(State(shared): State<Arc<Shared>>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let (_, wanted) = pairs.find(|(key, _)| key == "q").unwrap();
    if let Some(id) = wanted.strip_prefix("change:") {
        let name = "acme/new";
        let is_there = shared.repositories.oid(name, "refs/for/main").is_some();
        let change = json!({ "_number": 9, "project": name, "change_id": id });
        return answer(&is_there.then_some(change).into_iter().collect());
    }
    let name = wanted.strip_prefix("project:").unwrap();
    let name = name.strip_suffix(" status:open").unwrap();
    // Of what nobody may see there is nothing.
    let facts = shared.repositories.get(name).map(|it| it.facts);
    match facts.map_or(Ok(Vec::new()), |facts| facts.list("changes")) {
        Ok(changes) => answer(&changes.into()),
        Err(status) => status.into_response(),
    }
}

async fn content(
    State(shared): State<Arc<Shared>>,
    Path((name, kind, at, path)): Path<(String, String, String, String)>,
) -> Result<Response, Response> {
    assert!(["commits", "branches"].contains(&kind.as_str()), "{kind}");
    let repository = open(&shared, &name)?;
    let is_commit = at.len() == 40 && at.bytes().all(|byte| byte.is_ascii_hexdigit());
    let entries = shared.repositories.tree(&repository.name, &at, true);
    let mut entries = entries.unwrap_or_default().into_iter();
    let found = entries.find(|it| it.path == path);
    let Some(found) = found.filter(|_| is_commit || kind == "branches") else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let kind = match found.mode.as_str() {
        "120000" => "x-git/symlink",
        "160000" => "x-git/gitlink",
        _ => "text/plain",
    };
    let content = match kind {
        "x-git/gitlink" => found.oid.into_bytes(),
        _ => {
            shared
                .repositories
                .object(&repository.name, &found.oid)
                .unwrap()
                .1
        }
    };
    let headers = [
        ("x-fyi-content-encoding", "base64"),
        ("x-fyi-content-type", kind),
    ];
    Ok((headers, STANDARD.encode(content)).into_response())
}

async fn gitiles(
    State(shared): State<Arc<Shared>>,
    Path(rest): Path<String>,
) -> Result<Response, Response> {
    let (name, commit) = rest.split_once("/+/").unwrap();
    let repository = open(&shared, name)?;
    let entries = shared
        .repositories
        .tree(&repository.name, commit.trim_end_matches('/'), true);
    let entries = entries.ok_or_else(|| StatusCode::NOT_FOUND.into_response())?;
    let entry = |it: &super::repositories::Entry| {
        let mode = u32::from_str_radix(&it.mode, 8).unwrap();
        let kind = if it.mode == "160000" {
            "commit"
        } else {
            "blob"
        };
        json!({ "mode": mode, "type": kind, "id": it.oid, "name": it.path })
    };
    let entries: Vec<Value> = entries.iter().map(entry).collect();
    Ok(answer(&json!({ "id": commit, "entries": entries })))
}
