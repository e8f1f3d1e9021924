//! One GitLab: its addresses, who we are there, and how its refusals read.

use std::sync::Arc;
use std::time::SystemTime;

use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::Url;

use crate::catalog::text::one_line;
use crate::config::source::is_loopback;
use crate::config::{Config, Env, HostKind, Secret};
use crate::host::auth::{gitlab_remedy, gitlab_token, host_of};
use crate::host::http::{Http, text};
use crate::host::{HostError, MAX_FILE};

/// The largest answer of the API that is read, in bytes.
const MAX_ANSWER: u64 = 256 << 20;

/// One GitLab.
#[derive(Debug)]
pub(in crate::host) struct Api {
    host: String,
    /// The address of its web pages, without a slash at the end.
    web: String,
    /// Of its REST API; then of GraphQL.
    rest: String,
    graphql: String,
    token: Option<Secret>,
    http: Arc<Http>,
}

/// What a query gave.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) data: Value,
    pub(super) errors: Vec<QueryError>,
    /// The time at the host.
    pub(super) date: SystemTime,
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
    #[serde(default)]
    message: String,
    /// Where in the data something is missing because of it.
    #[serde(default)]
    pub(super) path: Vec<Value>,
}

/// What a call of the REST API gave.
#[derive(Debug)]
pub(super) struct Rest<T> {
    pub(super) body: T,
    headers: HeaderMap,
    /// The time at the host.
    pub(super) date: SystemTime,
}

impl<T> Rest<T> {
    /// The number in the header `name`.
    pub(super) fn number(&self, name: &'static str) -> Option<usize> {
        text(&self.headers, name)?.trim().parse().ok()
    }
}

impl Api {
    /// The GitLab at `host`, as `config` and the environment know it.
    pub(in crate::host) async fn open(
        host: &str,
        config: &Config,
        env: &Env,
        http: Arc<Http>,
    ) -> Self {
        let local = Url::parse(&format!("http://{host}")).is_ok_and(|url| is_loopback(&url));
        let scheme = if local { "http" } else { "https" };
        let root = format!("{scheme}://{host}");
        let configured = config
            .integration(HostKind::Gitlab, host)
            .and_then(|integration| integration.api_base_url.clone());
        let rest = configured.unwrap_or_else(|| format!("{root}/api/v4"));
        // One that lives below a path of its host has its web pages there, too.
        let base = rest.strip_suffix("/api/v4").unwrap_or(&root);
        let graphql = format!("{base}/api/graphql");
        let is_same_host = Url::parse(base)
            .is_ok_and(|url| host_of(&url).is_some_and(|it| it.eq_ignore_ascii_case(host)));
        Self {
            host: host.to_owned(),
            web: if is_same_host { base.to_owned() } else { root },
            graphql,
            token: gitlab_token(host, config, env).await,
            rest,
            http,
        }
    }

    /// The address of its web pages, without a slash at the end.
    pub(in crate::host) fn web(&self) -> &str {
        &self.web
    }

    /// Whether there is a token.
    pub(in crate::host) fn is_signed_in(&self) -> bool {
        self.token.is_some()
    }

    /// The content of the file at `path` of `reference` in the project whose web page is at the path `repository` of the
    /// host; `None` where it is not there.
    pub(in crate::host) async fn file(
        &self,
        repository: &str,
        reference: &str,
        path: &str,
    ) -> Result<Option<Vec<u8>>, HostError> {
        let below = self.web.splitn(4, '/').nth(3).unwrap_or_default();
        let project = repository.strip_prefix(below).unwrap_or(repository);
        let project = project.trim_start_matches('/');
        let parts = ["projects", project, "repository", "files", path, "raw"];
        match self.bytes(&parts, &[("ref", reference)]).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(HostError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Asks `query`. Errors that concern the whole of it are errors here; those beside data are the caller's to judge.
    pub(super) async fn query(&self, query: &str, variables: &Value) -> Result<Answer, HostError> {
        let body = json!({ "query": query, "variables": variables });
        let client = self.http.client()?;
        let answer = self
            .http
            .send(&self.graphql, MAX_ANSWER, || {
                self.sign(client.post(&self.graphql)).json(&body)
            })
            .await
            .map_err(|error| self.told(error))?;
        let date = answer.date();
        let Body { data, errors } =
            serde_json::from_slice(&answer.body).map_err(|error| HostError::Failed {
                place: self.graphql.clone(),
                reason: format!("its answer is not what GraphQL gives: {error}"),
            })?;
        if let Some(error) = errors.first().filter(|_| data.is_null()) {
            return Err(self.error(error, &self.graphql));
        }
        let cost = &data["queryComplexity"];
        tracing::debug!(score = %cost["score"], limit = %cost["limit"], "a query's complexity");
        Ok(Answer { data, errors, date })
    }

    /// What `error` means for `place`: an address, or a path at this host.
    pub(super) fn error(&self, error: &QueryError, place: &str) -> HostError {
        let reason = one_line(&error.message);
        let place = if place.contains("://") {
            place.to_owned()
        } else {
            format!("{}/{place}", self.web)
        };
        let says = |words: &[&str]| words.iter().any(|&word| reason.contains(word));
        if says(&["Invalid token", "Unauthorized", "insufficient_scope"]) {
            self.not_signed_in(reason)
        } else if says(&[
            "max complexity",
            "timed out",
            "Timeout",
            "Internal server error",
            "not available at this time",
        ]) {
            HostError::Overloaded { place, reason }
        } else if says(&["does not exist or you don't have permission"]) {
            HostError::NotFound { place }
        } else {
            HostError::Failed { place, reason }
        }
    }

    /// What to do where this host does not let us.
    pub(super) fn not_signed_in(&self, reason: String) -> HostError {
        HostError::NotSignedIn {
            host: self.host.clone(),
            reason,
            remedy: gitlab_remedy(&self.host),
        }
    }

    /// The JSON at the path of `parts`, which may hold slashes, with its headers.
    pub(super) async fn json<T: DeserializeOwned>(
        &self,
        parts: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Rest<T>, HostError> {
        let url = self.address(parts, query)?;
        let client = self.http.client()?;
        let answer = self
            .http
            .persistently(url.as_str(), MAX_ANSWER, || {
                self.sign(client.get(url.clone()))
            })
            .await
            .map_err(|error| self.told(error))?;
        let date = answer.date();
        let body = serde_json::from_slice(&answer.body).map_err(|error| HostError::Failed {
            place: url.to_string(),
            reason: format!("its answer cannot be read: {error}"),
        })?;
        Ok(Rest {
            body,
            headers: answer.headers,
            date,
        })
    }

    /// The bytes at the path of `parts`, from the cache where the host says that they are still the same.
    pub(super) async fn bytes(
        &self,
        parts: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Vec<u8>, HostError> {
        let url = self.address(parts, query)?;
        let who = if self.token.is_some() {
            "user"
        } else {
            "public"
        };
        let account = format!("{who}@{}", self.host);
        self.http
            .get(&url, &account, MAX_FILE, |request| self.sign(request))
            .await
            .map_err(|error| self.told(error))
    }

    /// The header `name` of what stands at the path of `parts`, without the thing itself.
    pub(super) async fn header(
        &self,
        parts: &[&str],
        query: &[(&str, &str)],
        name: &'static str,
    ) -> Result<Option<String>, HostError> {
        let url = self.address(parts, query)?;
        let client = self.http.client()?;
        let answer = self
            .http
            .persistently(url.as_str(), MAX_ANSWER, || {
                self.sign(client.request(Method::HEAD, url.clone()))
            })
            .await
            .map_err(|error| self.told(error))?;
        Ok(text(&answer.headers, name).map(str::to_owned))
    }

    fn address(&self, parts: &[&str], query: &[(&str, &str)]) -> Result<Url, HostError> {
        let failed = |reason: String| HostError::Failed {
            place: self.rest.clone(),
            reason,
        };
        let mut url = Url::parse(&self.rest).map_err(|error| failed(error.to_string()))?;
        url.path_segments_mut()
            .map_err(|()| failed("is no address of an API".to_owned()))?
            .pop_if_empty()
            .extend(parts);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    /// A bearer token is left behind where a redirect leads to another host; a header of GitLab's own would not be.
    fn sign(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.token {
            Some(token) => request.bearer_auth(token.expose()),
            None => request,
        }
    }

    /// `error` with what helps at a GitLab.
    fn told(&self, error: HostError) -> HostError {
        match error {
            HostError::NotSignedIn { host, reason, .. } => HostError::NotSignedIn {
                remedy: gitlab_remedy(&self.host),
                host,
                reason,
            },
            error => error,
        }
    }
}

impl QueryError {
    /// The number of the node of the list at `place` that it concerns.
    pub(super) fn node(&self, place: &[&str]) -> Option<usize> {
        let is_in = place
            .iter()
            .zip(&self.path)
            .all(|(key, at)| at.as_str() == Some(key));
        let number = self.path.get(place.len())?.as_u64()?;
        usize::try_from(number).ok().filter(|_| is_in)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::*;

    async fn open(host: &str) -> Api {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("c.yaml");
        let text = "integrations: { gitlab: [{ host: a.dev, apiBaseUrl: 'https://a.dev/git/api/v4/', token: t }, { host: b.dev, apiBaseUrl: 'https://api.b.dev/api/v4', token: t }] }";
        std::fs::write(&file, text).unwrap();
        let env = Env::fixed(Path::new("/"), &[("GITLAB_TOKEN", "t")]);
        let config = Config::load(&[file], &env).unwrap();
        let http = Http::new(None, Arc::default(), Duration::ZERO);
        Api::open(host, &config, &env, Arc::new(http)).await
    }

    #[tokio::test]
    async fn addresses_follow_the_host_and_the_configuration() {
        let cases = [
            ("gitlab.com", "https://gitlab.com", "https://gitlab.com"),
            ("a.dev", "https://a.dev/git", "https://a.dev/git"),
            ("b.dev", "https://b.dev", "https://api.b.dev"),
            ("127.0.0.1:1", "http://127.0.0.1:1", "http://127.0.0.1:1"),
        ];
        for (host, web, base) in cases {
            let api = open(host).await;
            let (rest, graphql) = (format!("{base}/api/v4"), format!("{base}/api/graphql"));
            assert_eq!((api.web(), &api.rest, &api.graphql), (web, &rest, &graphql));
            assert!(!format!("{api:?}").contains("\"t\""));
        }
        let api = open("gitlab.com").await;
        let url = api.address(&["projects", "a/b", "x"], &[("ref", "f/x&y")]);
        assert_eq!(
            url.unwrap().as_str(),
            "https://gitlab.com/api/v4/projects/a%2Fb/x?ref=f%2Fx%26y"
        );
    }

    #[tokio::test]
    async fn errors_of_queries_are_told_apart() {
        let api = open("gitlab.com").await;
        let of = |message: &str| {
            let error = QueryError {
                message: message.to_owned(),
                path: Vec::new(),
            };
            api.error(&error, "acme")
        };
        let refused = of("Invalid token");
        assert!(refused.to_string().contains("glab auth login"), "{refused}");
        for message in [
            "Query has complexity of 271, which exceeds max complexity of 250",
            "Request timed out. Please try a less complex query or a smaller set of records.",
            "Timeout on Group.projects",
        ] {
            let error = of(message);
            assert!(matches!(error, HostError::Overloaded { .. }), "{error}");
        }
        assert!(matches!(of("x"), HostError::Failed { .. }));
    }
}
