//! Pages beside the catalog on this machine: a site with a search index, a Confluence, a Stack Overflow, as far as they are
//! asked.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

/// The token of all that want one.
pub(crate) const TOKEN: &str = "open-sesame";

#[derive(Debug, Default)]
struct Shared {
    /// The sections of the site: location, title, text.
    sections: Mutex<Vec<(String, String, String)>>,
    /// The pages of the wiki by their ids: version, title, body.
    wiki: Mutex<BTreeMap<u32, (String, String, String)>>,
    /// The status that everything answers with, if something is wrong.
    wrong: Mutex<Option<u16>>,
    /// Where the Stack Overflow sends who asks, if it does.
    moved: Mutex<Option<String>>,
    requests: Mutex<Vec<String>>,
    /// Tokens that came along.
    tokens: Mutex<Vec<String>>,
}

/// A running server; it ends when dropped.
pub(crate) struct Pages {
    shared: Arc<Shared>,
    address: SocketAddr,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Pages {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Pages {
    pub(crate) async fn start() -> Self {
        let shared = Arc::new(Shared::default());
        let router = Router::new()
            .route("/docs/search/search_index.json", get(index))
            .route("/wiki/rest/api/content/search", get(content))
            .route("/api/questions", get(questions))
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

    /// What the site says.
    pub(crate) fn say(&self, sections: &[(&str, &str, &str)]) {
        let owned = sections.iter().map(|(place, title, text)| {
            ((*place).to_owned(), (*title).to_owned(), (*text).to_owned())
        });
        *self.shared.sections.lock().unwrap() = owned.collect();
    }

    /// Writes a page of the wiki, or writes it anew.
    pub(crate) fn write(&self, id: u32, version: &str, title: &str, body: &str) {
        let page = (version.to_owned(), title.to_owned(), body.to_owned());
        self.shared.wiki.lock().unwrap().insert(id, page);
    }

    /// Deletes a page of the wiki.
    pub(crate) fn delete(&self, id: u32) {
        self.shared.wiki.lock().unwrap().remove(&id);
    }

    /// Lets everything answer with this status from now on.
    pub(crate) fn fail(&self, status: Option<u16>) {
        *self.shared.wrong.lock().unwrap() = status;
    }

    /// Lets the Stack Overflow send who asks elsewhere.
    pub(crate) fn send_to(&self, url: &str) {
        *self.shared.moved.lock().unwrap() = Some(url.to_owned());
    }

    /// What was asked since the last time: status and path.
    pub(crate) fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.requests.lock().unwrap())
    }

    /// The tokens that came along.
    pub(crate) fn tokens(&self) -> Vec<String> {
        self.shared.tokens.lock().unwrap().clone()
    }
}

impl Shared {
    /// Notes a request; an answer where something is wrong.
    fn meet(&self, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        for name in ["authorization", "x-api-access-token"] {
            self.tokens
                .lock()
                .unwrap()
                .extend(text(name).map(str::to_owned));
        }
        let wrong = *self.wrong.lock().unwrap();
        let status = wrong.unwrap_or(200);
        self.requests
            .lock()
            .unwrap()
            .push(format!("{status} {}", uri.path()));
        wrong.map(|status| StatusCode::from_u16(status).unwrap().into_response())
    }
}

async fn index(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    if let Some(wrong) = shared.meet(&uri, &headers) {
        return wrong;
    }
    let docs: Vec<_> = shared
        .sections
        .lock()
        .unwrap()
        .iter()
        .map(|(location, title, text)| json!({"location": location, "title": title, "text": text}))
        .collect();
    let body = json!({"config": {}, "docs": docs}).to_string();
    let etag = format!("\"{}\"", body.len());
    if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| *known == *etag)
    {
        if let Some(last) = shared.requests.lock().unwrap().last_mut() {
            *last = last.replace("200", "304");
        }
        return StatusCode::NOT_MODIFIED.into_response();
    }
    ([(header::ETAG, etag)], body).into_response()
}

async fn content(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<BTreeMap<String, String>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if let Some(wrong) = shared.meet(&uri, &headers) {
        return wrong;
    }
    let expected = format!("Bearer {TOKEN}");
    if headers
        .get(header::AUTHORIZATION)
        .is_none_or(|token| *token != *expected)
    {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let asked = &query["cql"];
    let ids: Option<Vec<u32>> = asked.strip_prefix("id in (").map(|ids| {
        ids.trim_end_matches(')')
            .split(',')
            .map(|id| id.parse().unwrap())
            .collect()
    });
    let with_body = query["expand"].contains("body.storage");
    let wiki = shared.wiki.lock().unwrap();
    let all: Vec<_> = wiki
        .iter()
        .filter(|(id, _)| ids.as_ref().is_none_or(|ids| ids.contains(id)))
        .collect();
    // The list comes in parts of two, with a link to the next that is below the address of the wiki.
    let start: usize = query.get("start").map_or(0, |start| start.parse().unwrap());
    let part = if ids.is_some() { all.len() } else { 2 };
    let results: Vec<_> = all
        .iter()
        .skip(start)
        .take(part)
        .map(|(id, (version, title, body))| {
            let mut page = json!({
                "id": id.to_string(), "title": title, "status": "current", "version": {"when": version},
                "_links": {"webui": format!("/spaces/OPS/pages/{id}")},
            });
            if with_body {
                page["space"] = json!({"name": "Operations"});
                page["ancestors"] = json!([{"title": "Shifts"}]);
                page["body"] = json!({"storage": {"value": body}});
            }
            page
        })
        .collect();
    let mut answer = json!({"results": results, "_links": {}});
    if start + part < all.len() {
        let next = format!(
            "/rest/api/content/search?cql=x&limit=2&expand=version&start={}",
            start + part
        );
        answer["_links"]["next"] = next.into();
    }
    Json(answer).into_response()
}

async fn questions(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<BTreeMap<String, String>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if let Some(wrong) = shared.meet(&uri, &headers) {
        return wrong;
    }
    if let Some(url) = shared.moved.lock().unwrap().as_ref() {
        return Redirect::temporary(url).into_response();
    }
    let page: u32 = query["page"].parse().unwrap();
    let question = json!({
        "question_id": page, "title": format!("How do I restart ledger {page}?"),
        "link": format!("https://stackoverflowteams.com/c/{}/questions/{page}", query["team"]),
        "body": "<p>It hangs &amp; nobody knows</p>", "tags": ["ledger", "ops"], "last_activity_date": 7,
    });
    Json(json!({"items": [question], "has_more": page < 2})).into_response()
}
