//! A Git host on this machine: real bare repositories behind real smart HTTP (`git http-backend`), GitHub's GraphQL for
//! the queries we send, the part of its REST API that publishing needs, plain files with ETags, and faults on demand.
//!
//! Include it with `#[path = "support/forge.rs"] mod forge;`.

#[path = "forge/git_http.rs"]
mod git_http;
#[path = "forge/graphql.rs"]
mod graphql;
#[path = "forge/repositories.rs"]
mod repositories;
#[path = "forge/rest.rs"]
mod rest;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;

pub(crate) use repositories::Repositories;

/// The token that lets everybody in.
pub(crate) const TOKEN: &str = "forge-token-7d1f";

/// What goes wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// 401.
    Unauthorized,
    /// 429, to be asked again after some seconds.
    Later(u64),
    /// GraphQL's `RESOURCE_LIMITS_EXCEEDED` where more than this many are asked for; passes the others.
    TooMuch(u64),
    /// 502.
    BadGateway,
    /// The answer comes late.
    Slow(Duration),
}

/// What the server and the test share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) repositories: Repositories,
    faults: Mutex<VecDeque<Fault>>,
    limit: Mutex<Option<u64>>,
    requests: Mutex<Vec<String>>,
    files: Mutex<Vec<(String, String)>>,
}

/// A running forge; it ends when dropped.
pub(crate) struct Forge {
    pub(crate) shared: Arc<Shared>,
    address: SocketAddr,
    server: tokio::task::JoinHandle<()>,
}

impl Forge {
    /// Starts a forge; `None`, said aloud, where this machine's git cannot serve.
    pub(crate) async fn start() -> Option<Self> {
        if !git_http::is_available() {
            eprintln!("skipped: this machine's git has no http-backend");
            return None;
        }
        let shared = Arc::new(Shared {
            repositories: Repositories::new(),
            faults: Mutex::default(),
            limit: Mutex::default(),
            requests: Mutex::default(),
            files: Mutex::default(),
        });
        let router = Router::new()
            .route("/api/graphql", post(graphql::answer))
            .route("/files/{name}", get(file))
            .merge(rest::routes())
            .fallback(git_http::serve)
            .layer(from_fn_with_state(Arc::clone(&shared), guard))
            .with_state(Arc::clone(&shared));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.unwrap();
        });
        Some(Self {
            shared,
            address,
            server,
        })
    }

    /// Ends it, and waits until nobody answers at its address.
    pub(crate) async fn stop(self) {
        self.server.abort();
        while tokio::net::TcpStream::connect(self.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }

    /// Host and port.
    pub(crate) fn host(&self) -> String {
        self.address.to_string()
    }

    /// The address, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Commits `files` to the repository `owner/name`, which is made if it is not there.
    pub(crate) fn commit(&self, name: &str, files: &[(&str, &str)]) {
        self.shared.repositories.commit(name, files);
    }

    /// Serves `text` at `/files/NAME`.
    pub(crate) fn put_file(&self, name: &str, text: &str) {
        let mut files = self.shared.files.lock().unwrap();
        files.retain(|(known, _)| known != name);
        files.push((name.to_owned(), text.to_owned()));
    }

    /// Lets the next requests go wrong, each in its turn.
    pub(crate) fn fail(&self, faults: &[Fault]) {
        for fault in faults {
            match fault {
                Fault::TooMuch(limit) => *self.shared.limit.lock().unwrap() = Some(*limit),
                fault => self.shared.faults.lock().unwrap().push_back(fault.clone()),
            }
        }
    }

    /// The requests since the last time this was asked: `POST /api/graphql Sweep 50`, `GET /o/r.git/info/refs`.
    pub(crate) fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.requests.lock().unwrap())
    }
}

impl Drop for Forge {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Shared {
    /// Notes a request.
    fn note(&self, text: String) {
        self.requests.lock().unwrap().push(text);
    }

    /// Whether `count` things at once are more than the host wants to carry.
    fn is_too_much(&self, count: u64) -> bool {
        self.limit
            .lock()
            .unwrap()
            .is_some_and(|limit| count > limit)
    }
}

/// Faults, and who may come in: those with the token.
async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let fault = shared.faults.lock().unwrap().pop_front();
    if path != "/api/graphql" || fault.is_some() {
        let fault = fault
            .as_ref()
            .map(|fault| format!(" {fault:?}"))
            .unwrap_or_default();
        shared.note(format!("{} {path}{fault}", request.method()));
    }
    match fault {
        Some(Fault::Unauthorized) => return StatusCode::UNAUTHORIZED.into_response(),
        Some(Fault::BadGateway) => return StatusCode::BAD_GATEWAY.into_response(),
        Some(Fault::Later(seconds)) => {
            let later = [(header::RETRY_AFTER, seconds.to_string())];
            return (StatusCode::TOO_MANY_REQUESTS, later).into_response();
        }
        Some(Fault::Slow(time)) => tokio::time::sleep(time).await,
        Some(Fault::TooMuch(_)) | None => {}
    }
    if !path.starts_with("/files/") && !is_known(request.headers()) {
        let ask = [(header::WWW_AUTHENTICATE, "Basic realm=\"forge\"")];
        return (StatusCode::UNAUTHORIZED, ask).into_response();
    }
    next.run(request).await
}

fn is_known(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return false;
    };
    let value = value.to_str().unwrap_or_default();
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("x-access-token:{TOKEN}"));
    value == format!("Bearer {TOKEN}") || value.eq_ignore_ascii_case(&format!("Basic {basic}"))
}

/// A plain file with an ETag.
async fn file(
    State(shared): State<Arc<Shared>>,
    axum::extract::Path(name): axum::extract::Path<String>,
    headers: HeaderMap,
) -> Response {
    let files = shared.files.lock().unwrap();
    let Some((_, text)) = files.iter().find(|(known, _)| *known == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let etag = format!("\"{:x}\"", xxhash_rust::xxh3::xxh3_64(text.as_bytes()));
    let known = headers.get(header::IF_NONE_MATCH);
    if known.is_some_and(|known| known.to_str().is_ok_and(|known| known == etag)) {
        shared.note(format!("304 {name}"));
        return StatusCode::NOT_MODIFIED.into_response();
    }
    ([(header::ETAG, etag)], Body::from(text.clone())).into_response()
}
