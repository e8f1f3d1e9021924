//! The catalog's REST API of a Backstage on this machine, as far as it is asked, with faults on demand. Its answers have
//! the form that a real one was seen to give.
//!
//! Include it with `#[path = "support/instance.rs"] mod instance;`.

#[path = "instance/docs.rs"]
mod docs;
#[path = "instance/scaffolder.rs"]
mod scaffolder;

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

/// Who is let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Door {
    /// Everybody.
    Open,
    /// Who has this token.
    Token(&'static str),
    /// Who was given a token as a guest; the one that was given last.
    Guests,
}

/// What goes wrong with a page.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// This status, to be asked again after so many seconds where it says.
    Status(u16, Option<u64>),
    /// The answer breaks off.
    Cut,
    /// The page leaves out all but so many of its entities.
    Truncated(usize),
    /// The cursor leads back to the first page.
    Around,
    /// It is to be found at another address.
    Elsewhere(String),
    /// The token of the guest is not good any more.
    Expired,
}

#[derive(Debug)]
struct Shared {
    entities: Mutex<Vec<Value>>,
    door: Mutex<Door>,
    guests: Mutex<usize>,
    /// After how many more pages what goes wrong, and how often.
    fault: Mutex<Option<(u32, u32, Fault)>>,
    requests: Mutex<Vec<String>>,
    /// The files of docs, by what stands behind `/api/techdocs/`.
    docs: Mutex<BTreeMap<String, String>>,
    /// Those that are there once docs were built.
    unbuilt: Mutex<BTreeMap<String, String>>,
    /// What runs templates.
    scaffolder: Mutex<scaffolder::Scaffolder>,
}

/// A running instance; it ends when dropped.
pub(crate) struct Instance {
    shared: Arc<Shared>,
    address: SocketAddr,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Instance {
    /// Starts an instance that shows `entities` to who comes in by `door`.
    pub(crate) async fn start(entities: Vec<Value>, door: Door) -> Self {
        let shared = Arc::new(Shared {
            entities: Mutex::new(entities),
            door: Mutex::new(door),
            guests: Mutex::default(),
            fault: Mutex::default(),
            requests: Mutex::default(),
            docs: Mutex::default(),
            unbuilt: Mutex::default(),
            scaffolder: Mutex::default(),
        });
        let router = Router::new()
            .route("/api/catalog/entities/by-query", get(by_query))
            .route(
                "/api/catalog/entities/by-name/{kind}/{namespace}/{name}",
                get(by_name),
            )
            .route("/api/auth/guest/refresh", get(guest))
            .route("/api/techdocs/{*path}", get(docs::serve))
            .merge(scaffolder::routes())
            .with_state(Arc::clone(&shared));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.unwrap();
        });
        Self {
            shared,
            address,
            server,
        }
    }

    /// The address, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Shows `entities` from now on.
    pub(crate) fn show(&self, entities: Vec<Value>) {
        *self.shared.entities.lock().unwrap() = entities;
    }

    /// After so many pages lets so many go wrong.
    pub(crate) fn fail(&self, after: u32, times: u32, fault: Fault) {
        *self.shared.fault.lock().unwrap() = Some((after, times, fault));
    }

    /// The requests since the last time: path and query, and behind it the token.
    pub(crate) fn requests(&self) -> Vec<String> {
        std::mem::take(&mut *self.shared.requests.lock().unwrap())
    }
}

impl Shared {
    fn note(&self, request: &str, headers: &HeaderMap) -> Option<String> {
        let token = headers.get(header::AUTHORIZATION);
        let token = token.map(|token| token.to_str().unwrap().to_owned());
        let shown = token.as_deref().unwrap_or("nobody");
        self.requests
            .lock()
            .unwrap()
            .push(format!("{request} {shown}"));
        token
    }

    fn lets_in(&self, token: Option<&str>) -> bool {
        let wanted = match *self.door.lock().unwrap() {
            Door::Open => return true,
            Door::Token(token) => token.to_owned(),
            Door::Guests => format!("guest-{}", self.guests.lock().unwrap()),
        };
        token == Some(&format!("Bearer {wanted}"))
    }

    /// What goes wrong now.
    fn strike(&self) -> Option<Fault> {
        let mut fault = self.fault.lock().unwrap();
        let (after, times, what) = fault.as_mut()?;
        if *after > 0 {
            *after -= 1;
            return None;
        }
        *times = times.checked_sub(1)?;
        Some(what.clone())
    }
}

fn refused() -> Response {
    let error = json!({"error": {"name": "AuthenticationError", "message": "Missing credentials"},
        "response": {"statusCode": 401}});
    (StatusCode::UNAUTHORIZED, Json(error)).into_response()
}

async fn guest(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    shared.note("guest", &headers);
    if *shared.door.lock().unwrap() != Door::Guests {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut guests = shared.guests.lock().unwrap();
    *guests += 1;
    let identity = json!({"type": "user", "userEntityRef": "user:development/guest"});
    Json(json!({"profile": {}, "backstageIdentity": {"token": format!("guest-{guests}"), "identity": identity}}))
        .into_response()
}

async fn by_name(
    State(shared): State<Arc<Shared>>,
    Path((kind, namespace, name)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let token = shared.note("by-name", &headers);
    if !shared.lets_in(token.as_deref()) {
        return refused();
    }
    let entities = shared.entities.lock().unwrap();
    let found = entities.iter().find(|entity| {
        let is = |path: &str, wanted: &str| {
            let found = entity.pointer(path).and_then(Value::as_str);
            found.is_some_and(|found| found.eq_ignore_ascii_case(wanted))
        };
        is("/kind", &kind) && is("/metadata/namespace", &namespace) && is("/metadata/name", &name)
    });
    match found {
        Some(entity) => Json(entity.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn by_query(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let limit: usize = query["limit"].parse().unwrap();
    let what = if query.contains_key("fields") {
        "tags"
    } else {
        "page"
    };
    let token = shared.note(&format!("{what} {limit}"), &headers);
    let fault = shared.strike();
    match &fault {
        Some(Fault::Status(status, later)) => {
            let status = StatusCode::from_u16(*status).unwrap();
            let later = later.map(|seconds| [(header::RETRY_AFTER, seconds.to_string())]);
            return later.map_or_else(
                || status.into_response(),
                |later| (status, later).into_response(),
            );
        }
        Some(Fault::Elsewhere(url)) => {
            let location = [(header::LOCATION, url.clone())];
            return (StatusCode::FOUND, location).into_response();
        }
        Some(Fault::Expired) => *shared.guests.lock().unwrap() += 1,
        _ => {}
    }
    if !shared.lets_in(token.as_deref()) {
        return refused();
    }
    let mut entities = shared.entities.lock().unwrap().clone();
    let uid = |entity: &Value| entity["metadata"]["uid"].as_str().unwrap().to_owned();
    entities.sort_by_key(uid);
    let total = entities.len();
    match query.get("cursor") {
        Some(cursor) => entities.retain(|entity| uid(entity) > *cursor),
        None => assert_eq!(query["orderField"], "metadata.uid,asc"),
    }
    let is_last = entities.len() <= limit;
    entities.truncate(limit);
    let mut info = json!({});
    if let (false, Some(last)) = (is_last, entities.last()) {
        info["nextCursor"] = uid(last).into();
    }
    if what == "tags" {
        assert_eq!(query["fields"], "metadata.uid,metadata.etag");
        for entity in &mut entities {
            let metadata = &entity["metadata"];
            *entity = json!({"metadata": {"uid": metadata["uid"], "etag": metadata["etag"]}});
        }
    }
    match &fault {
        Some(Fault::Around) => info["nextCursor"] = "".into(),
        Some(Fault::Truncated(count)) => entities.truncate(*count),
        _ => {}
    }
    let answer =
        Json(json!({"items": entities, "totalItems": total, "pageInfo": info})).into_response();
    if !matches!(fault, Some(Fault::Cut)) {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let bytes = to_bytes(body, 64 << 20).await.unwrap();
    let half = bytes.slice(..bytes.len() / 2);
    let broken = Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset));
    let stream = futures_util::stream::iter([Ok(half), broken]);
    Response::from_parts(parts, Body::from_stream(stream))
}
