//! Signing in by a code, as GitHub and GitLab have it. What is answered to whoever waits is said beforehand.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, http};
use serde_json::{Value, json};

use super::{Shared, TOKEN};

/// The application that is registered.
pub(crate) const APPLICATION: &str = "stagedoor-app";

/// The routes of both.
pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/login/device/code", post(invite))
        .route("/login/oauth/access_token", post(grant))
        .route("/gitlab/oauth/authorize_device", post(invite))
        .route("/gitlab/oauth/token", post(grant))
}

/// Whether a request is made by somebody who is yet to sign in.
pub(super) fn is_open(path: &str) -> bool {
    path.starts_with("/login/") || path.starts_with("/gitlab/oauth/")
}

/// What waits to be answered: an error, or `granted`, which may end at once.
pub(crate) fn granted(seconds: Option<u64>) -> Value {
    match seconds {
        Some(seconds) => {
            json!({ "access_token": TOKEN, "token_type": "Bearer", "expires_in": seconds, "refresh_token": "next-1" })
        }
        None => json!({ "access_token": TOKEN, "token_type": "bearer", "scope": "repo,read:org" }),
    }
}

type Fields = Form<BTreeMap<String, String>>;

async fn invite(uri: Uri, headers: http::HeaderMap, Form(fields): Fields) -> Response {
    if fields.get("client_id").map(String::as_str) != Some(APPLICATION) {
        let error = json!({ "error": "invalid_client", "error_description": "Client authentication failed." });
        return (StatusCode::UNAUTHORIZED, Json(error)).into_response();
    }
    let scope = if uri.path().starts_with("/gitlab") {
        "read_api read_repository"
    } else {
        "repo read:org"
    };
    assert_eq!(fields.get("scope").map(String::as_str), Some(scope));
    let host = headers["host"].to_str().unwrap();
    Json(json!({
        "device_code": "device-1", "user_code": "WDJB-MJHT", "verification_uri": format!("http://{host}/device"),
        "expires_in": 900, "interval": 0,
    }))
    .into_response()
}

/// The next of the answers. GitLab gives errors as 400, GitHub as 200.
async fn grant(State(shared): State<Arc<Shared>>, uri: Uri, Form(fields): Fields) -> Response {
    let kind = fields["grant_type"].rsplit(':').next().unwrap();
    let key = match kind {
        "device_code" => &fields["device_code"],
        _ => &fields["refresh_token"],
    };
    shared.note(format!("grant {kind} {key}"));
    let mut grants = shared.grants.lock().unwrap();
    if grants.is_empty() {
        grants.push(json!({ "error": "invalid_grant" }));
    }
    let answer = grants.remove(0);
    let status = if uri.path().starts_with("/gitlab") && answer.get("error").is_some() {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::OK
    };
    (status, Json(answer)).into_response()
}
