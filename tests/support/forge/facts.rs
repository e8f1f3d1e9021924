//! What a host tells of a repository besides its files, as data in the host's own words: proposed changes, runs, alerts…

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::graphql::failed;

/// The facts of one repository.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// The fields that GraphQL gives of it, as an object; lists that are not among them are empty.
    pub(crate) fields: Value,
    /// The fields of its last commit.
    pub(crate) commit: Value,
    /// Fields that are refused, with the type and message of the error.
    pub(crate) refused: Vec<(&'static str, &'static str, &'static str)>,
    /// Its runs, as REST gives them.
    pub(crate) runs: Vec<Value>,
    /// The status that answers instead of the runs.
    pub(crate) runs_refused: Option<u16>,
}

/// Lists that are there whether anything stands in them or not: GitHub's, then GitLab's.
const LISTS: [&str; 7] = [
    "pullRequests",
    "mergeRequests",
    "issues",
    "releases",
    "environments",
    "vulnerabilityAlerts",
    "languages",
];

impl Facts {
    /// What a GitHub tells of the repository `acme/shop`, in which something is open of everything.
    pub(crate) fn of_shop() -> Self {
        let pull = |number: u64, title: &str, more: &Value| {
            let mut pull = json!({
                "id": format!("PR_{number}"), "number": number, "title": title, "isDraft": false,
                "url": format!("https://forge.invalid/acme/shop/pull/{number}"),
                "createdAt": "2026-02-01T09:00:00Z", "updatedAt": "2026-02-28T09:00:00Z",
                "headRefName": "retry", "baseRefName": "main", "reviewDecision": null,
                "author": { "__typename": "User", "login": "jane" },
                "commits": { "nodes": [{ "commit": { "statusCheckRollup": { "state": "SUCCESS" } } }] },
            });
            for (key, value) in more.as_object().unwrap() {
                pull[key] = value.clone();
            }
            pull
        };
        Self {
            commit: json!({
                "messageHeadline": "Take \u{1b}[31mcards", "committedDate": "2026-02-28T10:00:00Z",
                "url": "https://forge.invalid/acme/shop/commit/1",
                "author": { "name": "Jane", "user": { "login": "jane" } },
                "statusCheckRollup": { "state": "FAILURE" },
            }),
            fields: json!({
                "pullRequests": { "totalCount": 23, "nodes": [
                    pull(7, "Retry on 409", &json!({ "reviewDecision": "APPROVED" })),
                    pull(6, "Draft", &json!({ "isDraft": true, "author": null })),
                    pull(5, "Wrong", &json!({ "reviewDecision": "CHANGES_REQUESTED" })),
                ] },
                "issues": { "totalCount": 1, "nodes": [{
                    "id": "I_1", "number": 1, "title": "Slow", "url": "https://forge.invalid/acme/shop/issues/1",
                    "updatedAt": "2026-02-01T09:00:00Z", "author": { "__typename": "User", "login": "joe" },
                    "labels": { "nodes": [{ "name": "bug" }] },
                }] },
                "vulnerabilityAlerts": { "totalCount": 1, "nodes": [{
                    "number": 3, "createdAt": "2026-02-01T09:00:00Z",
                    "securityVulnerability": {
                        "severity": "HIGH", "vulnerableVersionRange": "< 4.17.21",
                        "package": { "name": "lodash" }, "firstPatchedVersion": { "identifier": "4.17.21" },
                        "advisory": { "summary": "Command injection" },
                    },
                }] },
                "releases": { "totalCount": 1, "nodes": [{
                    "tagName": "v2.0.0", "name": "Two", "url": "https://forge.invalid/acme/shop/releases/tag/v2.0.0",
                    "isLatest": true, "isPrerelease": false, "isDraft": false,
                    "publishedAt": "2026-01-01T09:00:00Z", "createdAt": "2026-01-01T09:00:00Z",
                }] },
                "environments": { "totalCount": 2, "nodes": [
                    { "name": "production", "latestCompletedDeployment": {
                        "state": "ACTIVE", "createdAt": "2026-02-28T11:00:00Z", "commitOid": "0123456789abcdef",
                        "ref": { "name": "main" },
                        "latestStatus": { "environmentUrl": "https://shop.acme.dev" },
                    } },
                    { "name": "staging", "latestCompletedDeployment": null },
                ] },
                "languages": { "totalSize": 1000, "totalCount": 2, "edges": [
                    { "size": 900, "node": { "name": "Rust" } },
                    { "size": 100, "node": { "name": "Shell" } },
                ] },
            }),
            refused: Vec::new(),
            runs: vec![
                json!({
                    "id": 30, "name": "build", "run_number": 12, "head_branch": "main", "event": "push",
                    "status": "completed", "conclusion": "failure", "display_title": "Take cards",
                    "html_url": "https://forge.invalid/acme/shop/actions/runs/30",
                    "created_at": "2026-02-28T10:00:05Z", "run_started_at": "2026-02-28T10:00:05Z",
                    "updated_at": "2026-02-28T10:03:17Z",
                }),
                json!({ "id": 31, "name": "build", "head_branch": "other" }),
            ],
            runs_refused: None,
        }
    }

    /// `object` with all that is told of it.
    pub(super) fn of(&self, mut object: Value) -> Value {
        for list in LISTS {
            object[list] =
                json!({ "totalCount": 0, "totalSize": 0, "count": 0, "nodes": [], "edges": [] });
        }
        for field in [
            "hasIssuesEnabled",
            "hasVulnerabilityAlertsEnabled",
            "issuesEnabled",
        ] {
            object[field] = true.into();
        }
        merge(&mut object, &self.fields);
        for (field, kind, message) in &self.refused {
            object[*field] = failed(kind, message);
        }
        object
    }

    /// The list of facts that is called `topic`; else why it is not told: 403, or 404 where nobody knows it.
    pub(super) fn list(&self, topic: &str) -> Result<Vec<Value>, StatusCode> {
        if self.refused.iter().any(|(refused, ..)| *refused == topic) {
            return Err(StatusCode::FORBIDDEN);
        }
        let list = self.fields.get(topic).and_then(Value::as_array);
        list.cloned().ok_or(StatusCode::NOT_FOUND)
    }

    /// The runs whose `key` is `branch`, in the form that `wrap` gives them.
    pub(super) fn runs(
        &self,
        key: &str,
        branch: &str,
        wrap: impl FnOnce(Value) -> Value,
    ) -> Response {
        if let Some(status) = self.runs_refused {
            return StatusCode::from_u16(status).unwrap().into_response();
        }
        let runs = self.runs.iter().filter(|run| run[key] == branch).cloned();
        Json(wrap(runs.collect())).into_response()
    }
}

/// Puts the fields of `more` into `object`.
pub(super) fn merge(object: &mut Value, more: &Value) {
    for (key, value) in more.as_object().into_iter().flatten() {
        object[key] = value.clone();
    }
}

/// Of `whole` only the `fields`, as a Bitbucket Cloud takes them: paths with dots, parted by commas, into each item of lists.
pub(super) fn pick(whole: &Value, fields: &str) -> Value {
    fn copy(from: &Value, into: &mut Value, path: &[&str]) {
        match (from, path) {
            (Value::Array(items), path) => {
                if into.is_null() {
                    *into = json!(vec![Value::Null; items.len()]);
                }
                for (at, item) in items.iter().enumerate() {
                    copy(item, &mut into[at], path);
                }
            }
            (Value::Object(object), [first, rest @ ..]) => {
                if into.is_null() {
                    *into = json!({});
                }
                if let Some(inner) = object.get(*first) {
                    copy(inner, &mut into[*first], rest);
                }
            }
            (_, []) => *into = from.clone(),
            _ => {}
        }
    }
    let mut picked = Value::Null;
    for field in fields.split(',') {
        let path: Vec<&str> = field.split('.').collect();
        copy(whole, &mut picked, &path);
    }
    picked
}
