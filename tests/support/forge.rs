//! A Git host on this machine: real bare repositories behind real smart HTTP (`git http-backend`), the GraphQL of GitHub
//! and GitLab for any query over the parts of their schemas that are served, the parts of their REST APIs that we need,
//! plain files with ETags, and faults on demand.
//!
//! Include it with `#[path = "support/forge.rs"] mod forge;`.

#[path = "forge/azure.rs"]
mod azure;
#[path = "forge/bitbucket_cloud.rs"]
mod bitbucket_cloud;
#[path = "forge/bitbucket_server.rs"]
mod bitbucket_server;
#[path = "forge/device.rs"]
pub(crate) mod device;
#[path = "forge/exchanges.rs"]
mod exchanges;
#[path = "forge/facts.rs"]
pub(crate) mod facts;
#[path = "forge/fault.rs"]
mod fault;
#[path = "forge/gerrit.rs"]
mod gerrit;
#[path = "forge/git_http.rs"]
mod git_http;
#[path = "forge/gitea.rs"]
mod gitea;
#[path = "forge/github.rs"]
mod github;
#[path = "forge/gitlab.rs"]
mod gitlab;
#[path = "forge/graphql.rs"]
mod graphql;
#[path = "forge/people.rs"]
mod people;
#[path = "forge/publishing.rs"]
mod publishing;
#[path = "forge/repositories.rs"]
mod repositories;
#[path = "forge/rest.rs"]
mod rest;
#[path = "forge/tls.rs"]
pub(crate) mod tls;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use axum::{Json, Router};
use base64::Engine;
use serde_json::Value;

pub(crate) use fault::{Fault, Rule};
pub(crate) use repositories::Repositories;
use tls::Identity;

/// The token that lets everybody in.
pub(crate) const TOKEN: &str = "forge-token-7d1f";

/// Who goes with the token at the Bitbucket.
pub(crate) const EMAIL: &str = "jane@acme.dev";

/// What the server and the test share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) repositories: Repositories,
    pub(crate) people: people::People,
    github: RwLock<graphql::Schema>,
    gitlab: RwLock<graphql::Schema>,
    /// How complex a query may be at the GitLab.
    pub(crate) complexity: AtomicU64,
    /// How many things the Gitea gives at once.
    pub(crate) at_once: AtomicUsize,
    rules: Mutex<Vec<Rule>>,
    requests: Mutex<Vec<String>>,
    connections: AtomicUsize,
    files: Mutex<Vec<(String, String)>>,
    exchanges: Option<exchanges::Exchanges>,
    /// What those are answered who wait for their code to be typed.
    pub(crate) grants: Mutex<Vec<Value>>,
}

/// A running forge; it ends when dropped.
pub(crate) struct Forge {
    pub(crate) shared: Arc<Shared>,
    address: SocketAddr,
    server: tokio::task::JoinHandle<()>,
    /// What was agreed on with each client, where it speaks TLS.
    protocols: Option<Arc<Mutex<Vec<String>>>>,
}

impl Forge {
    /// Starts a forge; `None`, said aloud, where this machine's git cannot serve.
    pub(crate) async fn start() -> Option<Self> {
        Self::open(None).await
    }

    /// Starts one that speaks TLS, showing `identity`.
    pub(crate) async fn start_tls(identity: &Identity) -> Option<Self> {
        Self::open(Some(identity.clone())).await
    }

    async fn open(identity: Option<Identity>) -> Option<Self> {
        if !git_http::is_available() {
            eprintln!("skipped: this machine's git has no http-backend");
            return None;
        }
        let shared = Arc::new(Shared {
            repositories: Repositories::new(),
            people: people::People::default(),
            github: RwLock::new(github::schema()),
            gitlab: RwLock::new(gitlab::schema()),
            complexity: AtomicU64::new(250),
            at_once: AtomicUsize::new(50),
            rules: Mutex::default(),
            requests: Mutex::default(),
            connections: AtomicUsize::new(0),
            files: Mutex::default(),
            exchanges: exchanges::Exchanges::from_env(),
            grants: Mutex::default(),
        });
        let router = Router::new()
            .route("/api/graphql", post(github_graphql))
            .route("/files/{name}", get(file))
            .merge(rest::routes())
            .merge(gitlab::routes())
            .merge(device::routes())
            .merge(people::gitlab::routes())
            .merge(azure::routes())
            .merge(people::gitea::routes())
            .merge(bitbucket_cloud::routes())
            .merge(gitea::routes())
            .merge(bitbucket_server::routes())
            .merge(gerrit::routes())
            .merge(publishing::routes())
            .fallback(git_http::serve)
            .layer(from_fn_with_state(Arc::clone(&shared), guard))
            .with_state(Arc::clone(&shared));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let counted = Arc::clone(&shared);
        let count = move |_: &mut tokio::net::TcpStream| {
            counted.connections.fetch_add(1, Ordering::Relaxed);
        };
        let protocols = identity.is_some().then(Arc::default);
        let server = match (identity, protocols.clone()) {
            (Some(identity), Some(protocols)) => {
                let listener = tls::TlsListener {
                    listener,
                    identity,
                    protocols,
                };
                tokio::spawn(async move { axum::serve(listener, router).await.unwrap() })
            }
            _ => tokio::spawn(async move {
                axum::serve(listener.tap_io(count), router).await.unwrap();
            }),
        };
        Some(Self {
            shared,
            address,
            server,
            protocols,
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
        match &self.protocols {
            Some(_) => format!("localhost:{}", self.address.port()),
            None => self.address.to_string(),
        }
    }

    /// The address, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.protocols.is_some() {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{}", self.host())
    }

    /// The protocols that were agreed on with those who spoke TLS to it: `h2`, `http/1.1`.
    pub(crate) fn protocols(&self) -> Vec<String> {
        let protocols = self
            .protocols
            .as_ref()
            .map(|all| all.lock().unwrap().clone());
        protocols.unwrap_or_default()
    }

    /// Commits `files` to the repository `owner/name`, which is made if it is not there.
    pub(crate) fn commit(&self, name: &str, files: &[(&str, &str)]) {
        self.shared.repositories.commit(name, files);
    }

    /// Makes its GitHub and its GitLab forget a field of the type of repositories, as older versions do not know it.
    pub(crate) fn forget(&self, github: &str, gitlab: &str) {
        let shared = &self.shared;
        shared.github.write().unwrap().forget("Repository", github);
        shared.gitlab.write().unwrap().forget("Project", gitlab);
    }

    /// Serves `text` at `/files/NAME`.
    pub(crate) fn put_file(&self, name: &str, text: &str) {
        let mut files = self.shared.files.lock().unwrap();
        files.retain(|(known, _)| known != name);
        files.push((name.to_owned(), text.to_owned()));
    }

    /// Pushes `files` as the whole content of the light repository `owner/name`, which cannot be cloned.
    pub(crate) fn push_light(&self, name: &str, files: &[(&str, &str)]) {
        self.shared.repositories.push_light(name, files);
    }

    /// Lets the next requests go wrong, each in its turn; what is too much stays so.
    pub(crate) fn fail(&self, faults: &[Fault]) {
        for fault in faults {
            self.rule(match fault {
                Fault::TooMuch(_) => Rule::always("graphql", fault.clone()),
                fault => Rule::once("", fault.clone()),
            });
        }
    }

    /// Lets requests go wrong as `rule` says; of several the first that matches counts.
    pub(crate) fn rule(&self, rule: Rule) {
        self.shared.rules.lock().unwrap().push(rule);
    }

    /// Lets everything go well again.
    pub(crate) fn heal(&self) {
        self.shared.rules.lock().unwrap().clear();
    }

    /// How many connections were opened since the last time this was asked.
    pub(crate) fn take_connections(&self) -> usize {
        self.shared.connections.swap(0, Ordering::Relaxed)
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

    /// What goes wrong with this request, which asks for `count` things.
    fn strike(&self, request: &str, count: u64) -> Option<Fault> {
        let mut rules = self.rules.lock().unwrap();
        let rule = rules
            .iter_mut()
            .find_map(|rule| rule.strikes(request, count).then_some(&*rule));
        rule.map(|rule| rule.fault.clone())
    }
}

/// Notes each request, lets it go wrong where that is wanted, and lets in those with the token.
async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut line = format!("{} {path}", request.method());
    line.push_str(bitbucket_cloud::describe(&path));
    line.push_str(bitbucket_server::describe(&path));
    line.push_str(azure::describe(&path));
    line.push_str(gerrit::describe(&path));
    let mut count = 0;
    let (parts, mut body) = request.into_parts();
    let signed = if parts.headers.contains_key(header::AUTHORIZATION) {
        ""
    } else {
        " unsigned"
    };
    if path.ends_with("graphql") {
        let bytes = to_bytes(body, 64 << 20).await.unwrap();
        let (what, number) = graphql::describe(&serde_json::from_slice(&bytes).unwrap_or_default());
        (line, count) = (format!("{line} {what}"), number);
        body = Body::from(bytes);
    }
    let request = Request::from_parts(parts, body);
    let Some(fault) = shared.strike(&line, count) else {
        shared.note(line + signed);
        return remembered(&shared, request, next).await;
    };
    shared.note(format!("{line} {fault:?}{signed}"));
    match &fault {
        Fault::Slow(time) => tokio::time::sleep(*time).await,
        Fault::Meanwhile(happens) => {
            let (shared, happens) = (Arc::clone(&shared), Arc::clone(happens));
            tokio::task::spawn_blocking(move || happens(&shared))
                .await
                .unwrap();
        }
        _ => {}
    }
    match fault.instead() {
        Some(response) => response,
        None => fault.spoil(let_in(request, next).await).await,
    }
}

/// The answer, which is written down with its request where that is wanted. What goes wrong teaches nothing of a host.
async fn remembered(shared: &Shared, request: Request, next: Next) -> Response {
    let Some(exchanges) = &shared.exchanges else {
        return let_in(request, next).await;
    };
    let (request, asked) = exchanges.ask(request).await;
    let response = let_in(request, next).await;
    match asked.filter(|_| response.status() != StatusCode::UNAUTHORIZED) {
        Some(asked) => exchanges.answer(asked, response).await,
        None => response,
    }
}

async fn let_in(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_open = path.starts_with("/files/") || device::is_open(path);
    if !is_open && !is_known(request.headers()) {
        let ask = [(header::WWW_AUTHENTICATE, "Basic realm=\"forge\"")];
        return (StatusCode::UNAUTHORIZED, ask).into_response();
    }
    next.run(request).await
}

/// GitHub's GraphQL.
async fn github_graphql(State(shared): State<Arc<Shared>>, Json(body): Json<Value>) -> Json<Value> {
    let answer = tokio::task::spawn_blocking(move || {
        let query = body["query"].as_str().unwrap_or_default();
        let github = github::Github {
            repositories: &shared.repositories,
            people: &shared.people,
        };
        graphql::answer(
            &shared.github.read().unwrap(),
            query,
            &body["variables"],
            &github,
        )
    });
    Json(answer.await.unwrap())
}

fn is_known(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return false;
    };
    let value = value.to_str().unwrap_or_default();
    let is_basic = |user: &str| {
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{TOKEN}"));
        value.eq_ignore_ascii_case(&format!("Basic {basic}"))
    };
    let users = [
        "x-access-token",
        "oauth2",
        EMAIL,
        "x-bitbucket-api-token-auth",
        "x-token-auth",
        // Azure DevOps takes any name, and none.
        "",
        "pat",
    ];
    value == format!("Bearer {TOKEN}") || users.into_iter().any(is_basic)
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
