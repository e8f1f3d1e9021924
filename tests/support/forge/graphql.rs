//! GitHub's GraphQL for exactly the queries that we send, resolved over the repositories.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::Shared;

/// Answers one query.
pub(super) async fn answer(
    State(shared): State<Arc<Shared>>,
    Json(body): Json<Value>,
) -> Json<Value> {
    let query = body["query"].as_str().unwrap();
    let variables = body["variables"].clone();
    let work = if query.contains("query Sweep(") {
        sweep
    } else if query.contains("query Recent(") {
        recent
    } else if query.contains("query LookUp(") {
        look_up
    } else if query.contains("query Texts(") {
        texts
    } else if query.contains("query Several(") {
        several
    } else if query.contains("query File(") {
        file
    } else {
        return Json(json!({ "errors": [{ "message": "unknown query" }] }));
    };
    Json(
        tokio::task::spawn_blocking(move || work(&shared, &variables))
            .await
            .unwrap(),
    )
}

fn too_much(shared: &Shared, count: u64) -> Option<Value> {
    shared.is_too_much(count).then(|| {
        json!({ "data": null, "errors": [{
            "type": "RESOURCE_LIMITS_EXCEEDED",
            "message": "Resource limits for this query exceeded.",
        }] })
    })
}

fn sweep(shared: &Shared, variables: &Value) -> Value {
    let first = variables["first"].as_u64().unwrap();
    shared.note(format!("POST /api/graphql Sweep {first}"));
    if let Some(error) = too_much(shared, first) {
        return error;
    }
    let owner = variables["owner"].as_str().unwrap();
    let names = shared.repositories.of(owner);
    if names.is_empty() {
        return json!({ "data": { "repositoryOwner": null } });
    }
    let start: usize = variables["cursor"]
        .as_str()
        .map_or(0, |cursor| cursor.parse().unwrap());
    let end = names.len().min(start + usize::try_from(first).unwrap());
    let nodes: Vec<Value> = names[start..end]
        .iter()
        .map(|name| listed(shared, &format!("{owner}/{name}"), variables))
        .collect();
    json!({ "data": {
        "rateLimit": { "cost": 1, "remaining": 4999, "resetAt": "2030-01-01T00:00:00Z" },
        "repositoryOwner": { "login": owner, "repositories": {
            "totalCount": names.len(),
            "pageInfo": { "hasNextPage": end < names.len(), "endCursor": end.to_string() },
            "nodes": nodes,
        } },
    } })
}

/// One repository as the fragment `Listed` has it.
fn listed(shared: &Shared, full: &str, variables: &Value) -> Value {
    let tip = shared.repositories.oid(full, "HEAD");
    let object = |key: &str| {
        let oid = shared.repositories.oid(full, variables[key].as_str()?)?;
        let (kind, _) = shared.repositories.object(full, &oid)?;
        let kind = if kind == "blob" { "Blob" } else { "Tree" };
        Some(json!({ "__typename": kind, "oid": oid }))
    };
    json!({
        "__typename": "Repository",
        "id": format!("R_{full}"),
        "nameWithOwner": full,
        "isArchived": full.ends_with("-archived"),
        "isFork": full.ends_with("-fork"),
        "visibility": "PRIVATE",
        "defaultBranchRef": tip.map(|oid| json!({ "name": "main", "target": { "oid": oid } })),
        "yaml": object("path"),
        "yml": object("otherPath"),
    })
}

fn recent(shared: &Shared, variables: &Value) -> Value {
    let first = variables["first"].as_u64().unwrap();
    shared.note(format!("POST /api/graphql Recent {first}"));
    let owner = variables["owner"].as_str().unwrap();
    let names = shared.repositories.of(owner);
    let nodes: Vec<Value> = names
        .iter()
        .map(|name| listed(shared, &format!("{owner}/{name}"), variables))
        .collect();
    let info = json!({ "hasNextPage": false, "endCursor": null });
    json!({ "data": { "repositoryOwner": { "login": owner,
        "pushed": { "totalCount": names.len(), "pageInfo": info, "nodes": nodes },
        "updated": { "nodes": nodes },
    } } })
}

fn look_up(shared: &Shared, variables: &Value) -> Value {
    let ids = variables["ids"].as_array().unwrap();
    shared.note(format!("POST /api/graphql LookUp {}", ids.len()));
    let names = ids
        .iter()
        .map(|id| id.as_str().unwrap().strip_prefix("R_").unwrap());
    let nodes: Vec<Value> = names
        .map(|name| match shared.repositories.dir(name).exists() {
            true => listed(shared, name, variables),
            false => Value::Null,
        })
        .collect();
    json!({ "data": { "nodes": nodes } })
}

fn texts(shared: &Shared, variables: &Value) -> Value {
    let ids = variables["ids"].as_array().unwrap();
    shared.note(format!("POST /api/graphql Texts {}", ids.len()));
    if let Some(error) = too_much(shared, ids.len() as u64) {
        return error;
    }
    let nodes: Vec<Value> = ids
        .iter()
        .map(|id| {
            let name = id.as_str().unwrap().strip_prefix("R_").unwrap();
            let file = blob(shared, name, variables["path"].as_str().unwrap());
            json!({ "__typename": "Repository", "id": id, "file": file })
        })
        .collect();
    json!({ "data": { "nodes": nodes } })
}

fn several(shared: &Shared, variables: &Value) -> Value {
    let mut nodes = serde_json::Map::new();
    for number in 0.. {
        let Some(id) = variables[format!("i{number}")].as_str() else {
            break;
        };
        let name = id.strip_prefix("R_").unwrap();
        let file = blob(
            shared,
            name,
            variables[format!("p{number}")].as_str().unwrap(),
        );
        nodes.insert(format!("n{number}"), json!({ "id": id, "file": file }));
    }
    shared.note(format!("POST /api/graphql Several {}", nodes.len()));
    json!({ "data": nodes })
}

fn file(shared: &Shared, variables: &Value) -> Value {
    let text = |key: &str| variables[key].as_str().unwrap();
    let name = format!("{}/{}", text("owner"), text("name"));
    shared.note(format!("POST /api/graphql File {name} {}", text("path")));
    if !shared.repositories.dir(&name).exists() {
        let message = format!("Could not resolve to a Repository with the name '{name}'.");
        return json!({ "data": { "repository": null }, "errors": [{ "type": "NOT_FOUND", "message": message }] });
    }
    json!({ "data": { "repository": { "object": blob(shared, &name, text("path")) } } })
}

fn blob(shared: &Shared, name: &str, expression: &str) -> Option<Value> {
    let oid = shared.repositories.oid(name, expression)?;
    let (kind, text) = shared.repositories.object(name, &oid)?;
    (kind == "blob").then(|| json!({ "oid": oid, "isTruncated": false, "text": text }))
}
