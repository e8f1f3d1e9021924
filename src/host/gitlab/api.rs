//! One GitLab: its addresses, who we are there, and how its refusals read.

use std::sync::Arc;
use std::time::SystemTime;

use reqwest::RequestBuilder;
use reqwest::header::HeaderMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::Url;

use crate::catalog::text::one_line;
use crate::config::source::is_loopback;
use crate::config::{HostKind, Secret};
use crate::host::auth::{gitlab_token, remedy};
use crate::host::http::Http;
use crate::host::{Context, HostError, MAX_FILE};

/// The largest answer of the API that is read, in bytes.
const MAX_ANSWER: u64 = 256 << 20;

/// One GitLab.
#[derive(Debug)]
pub(in crate::host) struct Api {
    host: String,
    /// The address of its web pages, without a slash at the end.
    web: String,
    rest: String,
    graphql: String,
    token: Option<Secret>,
    http: Arc<Http>,
}

/// What GraphQL answers.
#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    data: Value,
    #[serde(default)]
    errors: Vec<QueryError>,
}

#[derive(Deserialize)]
struct QueryError {
    #[serde(default)]
    message: String,
}

impl Api {
    /// The GitLab at `host`, as the configuration and the environment know it.
    pub(in crate::host) async fn open(host: &str, context: &Context, http: Arc<Http>) -> Self {
        let local = Url::parse(&format!("http://{host}")).is_ok_and(|url| is_loopback(&url));
        let scheme = if local { "http" } else { "https" };
        let configured = context.config.integration(HostKind::Gitlab, host);
        let rest = configured
            .and_then(|integration| integration.api_base_url.clone())
            .unwrap_or_else(|| format!("{scheme}://{host}/api/v4"));
        let base = rest.strip_suffix("/v4").unwrap_or(&rest);
        Self {
            host: host.to_owned(),
            web: format!("{scheme}://{host}"),
            graphql: format!("{base}/graphql"),
            token: gitlab_token(host, &context.config, &context.env).await,
            rest,
            http,
        }
    }

    /// The address of its web pages, without a slash at the end.
    pub(super) fn web(&self) -> &str {
        &self.web
    }

    /// What `query` gives, and the time at the host. An answer with errors beside its data is none: it is not told which
    /// part of the data they spoil.
    pub(super) async fn query(
        &self,
        query: &str,
        variables: &Value,
    ) -> Result<(Value, SystemTime), HostError> {
        let body = json!({ "query": query, "variables": variables });
        let client = self.http.client()?;
        let request = || self.sign(client.post(&self.graphql)).json(&body);
        let answer = self.http.send(&self.graphql, MAX_ANSWER, request).await?;
        let date = answer.date();
        let Body { data, errors } = json(&self.graphql, &answer.body)?;
        match errors.first() {
            Some(error) => Err(self.error(&error.message)),
            None => Ok((data, date)),
        }
    }

    /// What stands at `path` of the REST API, with the answer's headers and the time at the host.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
    ) -> Result<(T, HeaderMap, SystemTime), HostError> {
        let place = format!("{}/{path}", self.rest);
        let client = self.http.client()?;
        let request = || self.sign(client.get(&place));
        let answer = self.http.persistently(&place, MAX_ANSWER, request).await?;
        let date = answer.date();
        Ok((json(&place, &answer.body)?, answer.headers, date))
    }

    /// The bytes at `path` of the REST API.
    pub(super) async fn raw(&self, path: &str) -> Result<Vec<u8>, HostError> {
        let place = format!("{}/{path}", self.rest);
        let client = self.http.client()?;
        let request = || self.sign(client.get(&place));
        let answer = self.http.persistently(&place, MAX_FILE, request).await?;
        Ok(answer.body)
    }

    fn sign(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.token {
            Some(token) => request.bearer_auth(token.expose()),
            None => request,
        }
    }

    /// What an error of GraphQL means. It bears no type: its words have to do.
    fn error(&self, message: &str) -> HostError {
        let place = self.web.clone();
        let reason = one_line(message);
        let has = |words: &[&str]| words.iter().any(|word| reason.contains(word));
        if has(&["complexity", "timed out", "Timeout", "timeout"]) {
            return HostError::Overloaded { place, reason };
        }
        if has(&["Invalid token", "not allowed", "permission"]) {
            return HostError::NotSignedIn {
                host: self.host.clone(),
                reason,
                remedy: remedy(&self.host),
            };
        }
        HostError::Failed { place, reason }
    }
}

fn json<T: DeserializeOwned>(place: &str, body: &[u8]) -> Result<T, HostError> {
    serde_json::from_slice(body).map_err(|error| HostError::Failed {
        place: place.to_owned(),
        reason: format!("its answer is not what a GitLab gives: {error}"),
    })
}
