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
