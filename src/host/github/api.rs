//! One GitHub: its addresses, who we are there, and how its refusals read.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::texts;
use crate::catalog::text::one_line;
use crate::config::{Config, Env, HostKind};
use crate::host::http::{Http, LATER, date, text};
use crate::host::rest::{MAX_ANSWER, RestApi};
use crate::host::scm::encode;
use crate::host::{HostError, MAX_FILE, object_id};

/// How long ago a push may have happened that a list does not show yet.
const SLACK: Duration = Duration::from_mins(5);

/// One GitHub.
#[derive(Debug)]
pub(in crate::host) struct Api {
    rest: RestApi,
    /// The address of GraphQL.
    graphql: String,
}

/// What a query gave.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) data: Value,
    pub(super) errors: Vec<QueryError>,
    /// Why the answer is known to leave something out.
    pub(super) partial: Option<HostError>,
    /// The time at the host.
    date: SystemTime,
}

/// What GraphQL answers.
#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    data: Value,
    #[serde(default)]
    errors: Vec<QueryError>,
}

/// One of the errors beside the data.
#[derive(Debug, Deserialize)]
pub(super) struct QueryError {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    message: String,
    /// Where in the data something is missing because of it.
    #[serde(default)]
    pub(super) path: Vec<Value>,
}

impl Answer {
    /// The moment from which changes are to be looked for the next time.
    pub(super) fn mark(&self) -> Option<String> {
        Some(date::iso(self.date.checked_sub(SLACK)?))
    }
}

impl Api {
    /// The GitHub at `host`, as `config` and the environment know it.
    pub(in crate::host) async fn open(
        host: &str,
        config: &Config,
        env: &Env,
        http: Arc<Http>,
    ) -> Self {
        let rest = RestApi::open(HostKind::Github, host, config, env, http).await;
        let base = rest.base();
        let base = base
            .strip_suffix("/v3")
            .or_else(|| base.strip_suffix("/v4"))
            .unwrap_or(base);
        Self {
            graphql: format!("{base}/graphql"),
            rest,
        }
    }

    /// The address of its web pages, without a slash at the end.
    pub(in crate::host) fn web(&self) -> &str {
        self.rest.web()
    }

    /// Whether there is a token; without one GraphQL answers nobody.
    pub(in crate::host) fn is_signed_in(&self) -> bool {
        self.rest.is_signed_in()
    }

    /// That we are not let in, and what to do.
    pub(super) fn not_signed_in(&self, reason: &str) -> HostError {
        self.rest.not_signed_in(reason.to_owned())
    }

    /// The object id and text of the file at `path` of `reference` in `owner/name`; `None` where it is not there or is
    /// not text.
    pub(in crate::host) async fn file(
        &self,
        repository: &str,
        reference: &str,
        path: &str,
    ) -> Result<Option<(String, String)>, HostError> {
        texts::file(self, repository, &format!("{reference}:{path}")).await
    }

    /// The object with this id in `owner/name`.
    pub(super) async fn blob(&self, repository: &str, oid: &str) -> Result<Arc<[u8]>, HostError> {
        let raw = "application/vnd.github.raw+json";
        let path = format!("repos/{repository}/git/blobs/{oid}");
        let content = self.get(&path, raw, MAX_FILE).await?;
        // It is kept under its id for every repository that has the same.
        if object_id(&content) != oid {
            return Err(HostError::Failed {
                place: format!("{}/{path}", self.rest.base()),
                reason: "the content is not what its id says; try again later".to_owned(),
            });
        }
        Ok(content.into())
    }

    /// The paths and object ids of all files of a commit.
    pub(super) async fn tree(
        &self,
        repository: &str,
        commit: &str,
    ) -> Result<Vec<(String, String)>, HostError> {
        let path = format!("repos/{repository}/git/trees/{commit}?recursive=1");
        let json = "application/vnd.github+json";
        let body = self.get(&path, json, MAX_ANSWER).await?;
        let tree: Value = serde_json::from_slice(&body).unwrap_or_default();
        if tree.get("truncated").and_then(Value::as_bool) == Some(true) {
            return Err(HostError::Failed {
                place: format!("{}/{repository}", self.rest.web()),
                reason: "holds more files than the host lists; name it as git+https://…".to_owned(),
            });
        }
        let entries = tree.get("tree").and_then(Value::as_array);
        Ok(entries
            .into_iter()
            .flatten()
            .filter(|entry| entry.get("type").and_then(Value::as_str) == Some("blob"))
            .filter_map(|entry| {
                let path = entry.get("path")?.as_str()?.to_owned();
                Some((path, entry.get("sha")?.as_str()?.to_owned()))
            })
            .collect())
    }

    /// The JSON at the path of `parts`; nothing of it is kept.
    pub(super) async fn json(
        &self,
        parts: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Value, HostError> {
        Ok(self.rest.json(parts, query).await?.body)
    }

    async fn get(&self, path: &str, accept: &str, limit: u64) -> Result<Vec<u8>, HostError> {
        let text = format!(
            "{}/{}",
            self.rest.base(),
            encode(path, false).replace("%3F", "?")
        );
        let url = Url::parse(&text).map_err(|error| HostError::Failed {
            place: text.clone(),
            reason: error.to_string(),
        })?;
        self.rest
            .conditionally(&url, limit, |request| request.header("Accept", accept))
            .await
    }

    /// The REST API of the same host.
    pub(in crate::host) fn rest(&self) -> &RestApi {
        &self.rest
    }

    /// Asks `query`. Errors that concern the whole of it are errors here; those beside data are the caller's to judge.
    pub(super) async fn query(&self, query: &str, variables: &Value) -> Result<Answer, HostError> {
        let body = json!({ "query": query, "variables": variables });
        let client = self.rest.http().client()?;
        loop {
            let answer = self
                .rest
                .http()
                .send(&self.graphql, MAX_ANSWER, || {
                    self.rest.sign(client.post(&self.graphql)).json(&body)
                })
                .await?;
            let Body { data, errors } =
                serde_json::from_slice(&answer.body).map_err(|error| HostError::Failed {
                    place: self.graphql.clone(),
                    reason: format!("its answer is not what GraphQL gives: {error}"),
                })?;
            let grave = errors.iter().find(|error| error.is_grave());
            match grave.map(|error| self.error(error, &self.graphql)) {
                None => {
                    return Ok(Answer {
                        data,
                        errors,
                        partial: self.partial(&answer.headers),
                        date: answer.date(),
                    });
                }
                // The next turn waits, or has no patience left.
                Some(HostError::Busy { reason, .. }) => {
                    self.rest.http().refused(&self.graphql, &reason);
                }
                Some(error) => return Err(error),
            }
        }
    }

    /// Organisations that were left out of an answer because they want single sign-on.
    fn partial(&self, headers: &HeaderMap) -> Option<HostError> {
        let sso = text(headers, "x-github-sso")?;
        sso.starts_with("partial-results").then(|| {
            let reason = "it leaves out what wants the token authorised for single sign-on";
            self.rest.not_signed_in(reason.to_owned())
        })
    }

    /// What `error` means for `place`.
    pub(super) fn error(&self, error: &QueryError, place: &str) -> HostError {
        let reason = one_line(&error.message);
        let place = if place.contains("://") {
            place.to_owned()
        } else {
            format!("{}/{place}", self.rest.web())
        };
        match error.kind.as_str() {
            "NOT_FOUND" => HostError::NotFound { place },
            "RESOURCE_LIMITS_EXCEEDED" => HostError::Overloaded { place, reason },
            "FORBIDDEN" | "INSUFFICIENT_SCOPES" => self.rest.not_signed_in(reason),
            _ if error.is_rate_limit() => HostError::Busy {
                host: self.rest.host().to_owned(),
                reason,
                retry_after: LATER,
            },
            _ if error.message.starts_with("Resource limits") => {
                HostError::Overloaded { place, reason }
            }
            _ => HostError::Failed { place, reason },
        }
    }
}

impl QueryError {
    /// Its type: `FORBIDDEN`, `NOT_FOUND`; empty where it has none.
    pub(super) fn kind(&self) -> &str {
        &self.kind
    }

    /// What the host says of it.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// The fragment of the query in which something stands that the host does not know: a path begins with the text of the
    /// query then, not with its data.
    pub(super) fn fragment(&self) -> Option<&str> {
        self.path.first()?.as_str()?.strip_prefix("fragment ")
    }

    /// Whether it concerns the whole query, not one node of it.
    fn is_grave(&self) -> bool {
        self.kind == "RESOURCE_LIMITS_EXCEEDED"
            || self.message.starts_with("Resource limits")
            || self.is_rate_limit()
    }

    fn is_rate_limit(&self) -> bool {
        self.kind == "RATE_LIMITED" || self.message.contains("rate limit")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::path::Path;

    use super::*;

    #[tokio::test]
    async fn addresses_follow_the_host_and_the_configuration() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("c.yaml");
        let text = "integrations: { github: [{ host: a.dev, apiBaseUrl: 'https://a.dev/api/v3/', token: t }, { host: b.dev, apiBaseUrl: 'https://api.b.dev', token: t }] }";
        std::fs::write(&file, text).unwrap();
        let env = Env::fixed(Path::new("/"), &[("GH_TOKEN", "t")]);
        let config = Config::load(&[file], &env).unwrap();
        let cases = [
            (
                "github.com",
                "https://api.github.com",
                "https://api.github.com/graphql",
            ),
            (
                "x.ghe.com",
                "https://api.x.ghe.com",
                "https://api.x.ghe.com/graphql",
            ),
            ("a.dev", "https://a.dev/api/v3", "https://a.dev/api/graphql"),
            ("b.dev", "https://api.b.dev", "https://api.b.dev/graphql"),
            (
                "127.0.0.1:1",
                "http://127.0.0.1:1/api/v3",
                "http://127.0.0.1:1/api/graphql",
            ),
        ];
        for (host, rest, graphql) in cases {
            let http = Http::new(None, Arc::default(), Duration::ZERO);
            let api = Api::open(host, &config, &env, Arc::new(http)).await;
            assert_eq!((api.rest.base(), api.graphql.as_str()), (rest, graphql));
        }
    }
}
