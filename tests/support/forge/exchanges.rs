//! What programs and the forge say to each other, written down: `tests/schemas` holds it against what the hosts publish.
//!
//! Only where `STAGEDOOR_EXCHANGES` names a folder. Each kind of exchange is kept once.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::path::PathBuf;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde_json::{Value, json};

/// The most bytes of a body that are written down.
const MOST: usize = 4 << 20;

/// A folder of exchanges.
#[derive(Debug)]
pub(super) struct Exchanges {
    dir: PathBuf,
}

/// A request that is on its way.
pub(super) struct Asked {
    method: String,
    path: String,
    query: String,
    body: Value,
}

impl Exchanges {
    /// The folder that the environment names.
    pub(super) fn from_env() -> Option<Self> {
        let dir = std::env::var_os("STAGEDOOR_EXCHANGES")?;
        Some(Self { dir: dir.into() })
    }

    /// What is asked, and the request as it was; files and Git are no business of an API.
    pub(super) async fn ask(&self, request: Request) -> (Request, Option<Asked>) {
        let path = request.uri().path().to_owned();
        let apis = ["/api/", "/rest/", "/2.0/", "/_apis/", "/gerrit/a/"];
        if !apis.into_iter().any(|api| path.contains(api)) {
            return (request, None);
        }
        let (parts, body) = request.into_parts();
        let bytes = to_bytes(body, 64 << 20).await.unwrap();
        let asked = Asked {
            method: parts.method.to_string(),
            path,
            query: parts.uri.query().unwrap_or_default().to_owned(),
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
        };
        (Request::from_parts(parts, Body::from(bytes)), Some(asked))
    }

    /// Writes down what was answered, and gives it on.
    pub(super) async fn answer(&self, asked: Asked, response: Response) -> Response {
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 256 << 20).await.unwrap();
        let file = self
            .dir
            .join(format!("{:016x}.json", asked.kind(parts.status.as_u16())));
        // Gerrit keeps scripts on other sites from reading its answers by what stands in front of them.
        let told = bytes.strip_prefix(b")]}'").unwrap_or(&bytes);
        if bytes.len() <= MOST {
            let exchange = json!({
                "method": asked.method,
                "path": asked.path,
                "query": asked.query,
                "body": asked.body,
                "status": parts.status.as_u16(),
                "headers": headers(&parts.headers),
                "answer": serde_json::from_slice::<Value>(told).unwrap_or_default(),
            });
            let text = serde_json::to_vec(&exchange).unwrap();
            // Of several that are alike the longest teaches most.
            let kept = file.metadata().map_or(0, |it| it.len());
            if u64::try_from(text.len()).unwrap() > kept {
                // Whole or not at all: another test may write the same.
                let mut new = tempfile::NamedTempFile::new_in(&self.dir).unwrap();
                new.write_all(&text).unwrap();
                new.persist(file).unwrap();
            }
        }
        Response::from_parts(parts, Body::from(bytes))
    }
}

impl Asked {
    /// A number that is the same for exchanges that teach the same.
    fn kind(&self, status: u16) -> u64 {
        let mut kind = std::hash::DefaultHasher::new();
        (&self.method, status).hash(&mut kind);
        if let Some(query) = self.body.get("query").and_then(Value::as_str) {
            let variables = self.body["variables"].as_object();
            let shape = |value: &Value| match value {
                Value::Null => 0,
                Value::Bool(value) => 1 + usize::from(*value),
                Value::Array(all) => 3 + all.len().min(2),
                _ => 6,
            };
            (&self.path, query).hash(&mut kind);
            for (name, value) in variables.into_iter().flatten() {
                (name, shape(value)).hash(&mut kind);
            }
        } else {
            let whole = format!("{} {} {}", self.path, self.query, self.body);
            // Which of thousands it is teaches nothing.
            let digits = |c: char| if c.is_ascii_digit() { '0' } else { c };
            let masked: String = whole.chars().map(digits).collect();
            masked.hash(&mut kind);
        }
        kind.finish()
    }
}

/// The headers by which clients find their way.
fn headers(all: &HeaderMap) -> BTreeMap<&str, &str> {
    let known =
        |name: &&str| ["link", "location", "content-type"].contains(name) || name.starts_with("x-");
    all.iter()
        .filter(|(name, _)| *name != header::SET_COOKIE && known(&name.as_str()))
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
        .collect()
}
