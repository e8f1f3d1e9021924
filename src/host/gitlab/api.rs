//! One GitLab: its addresses, who we are there, and how its refusals read.

use std::sync::Arc;
use std::time::SystemTime;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::catalog::text::one_line;
use crate::config::{Config, Env, HostKind};
use crate::host::HostError;
use crate::host::http::Http;
use crate::host::rest::{MAX_ANSWER, RestApi};

/// One GitLab.
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

impl Api {
    /// The GitLab at `host`, as `config` and the environment know it.
    pub(in crate::host) async fn open(
        host: &str,
        config: &Config,
        env: &Env,
        http: Arc<Http>,
    ) -> Self {
        let rest = RestApi::open(HostKind::Gitlab, host, config, env, http).await;
        let base = rest.base().strip_suffix("/api/v4").unwrap_or(rest.web());
        Self {
            graphql: format!("{base}/api/graphql"),
            rest,
        }
    }

    /// Its REST API.
    pub(in crate::host) fn rest(&self) -> &RestApi {
        &self.rest
    }

    /// The project whose web page is at the path `repository` of the host: a GitLab may live below a path.
    pub(super) fn project<'a>(&self, repository: &'a str) -> &'a str {
        let below = self.rest.web().splitn(4, '/').nth(3).unwrap_or_default();
        if below.is_empty() {
            return repository;
        }
        let project = repository.strip_prefix(below);
        project
            .and_then(|project| project.strip_prefix('/'))
            .unwrap_or(repository)
    }

    /// The content of the file at `path` of `reference` in the project whose web page is at the path `repository` of the
    /// host; `None` where it is not there.
    pub(in crate::host) async fn file(
        &self,
        repository: &str,
        reference: &str,
        path: &str,
    ) -> Result<Option<Vec<u8>>, HostError> {
        let project = self.project(repository);
        let parts = ["projects", project, "repository", "files", path, "raw"];
        match self.rest.bytes(&parts, &[("ref", reference)]).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(HostError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Asks `query`. Errors that concern the whole of it are errors here; those beside data are the caller's to judge.
    pub(super) async fn query(&self, query: &str, variables: &Value) -> Result<Answer, HostError> {
        self.whole(self.ask(query, variables).await?)
    }

    /// `answer`, if there is any data in it.
    pub(super) fn whole(&self, answer: Answer) -> Result<Answer, HostError> {
        match answer.errors.first().filter(|_| answer.data.is_null()) {
            Some(error) => Err(self.error(error, &self.graphql)),
            None => Ok(answer),
        }
    }

    /// What the host answers to `query`, be it errors alone.
    pub(super) async fn ask(&self, query: &str, variables: &Value) -> Result<Answer, HostError> {
        let body = json!({ "query": query, "variables": variables });
        let client = self.rest.http().client()?;
        let answer = self
            .rest
            .http()
            .send(&self.graphql, MAX_ANSWER, || {
                self.rest.sign(client.post(&self.graphql)).json(&body)
            })
            .await
            .map_err(|error| self.rest.told(error))?;
        let date = answer.date();
        let Body { data, errors } =
            serde_json::from_slice(&answer.body).map_err(|error| HostError::Failed {
                place: self.graphql.clone(),
                reason: format!("its answer is not what GraphQL gives: {error}"),
            })?;
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
            format!("{}/{place}", self.rest.web())
        };
        let says = |words: &[&str]| words.iter().any(|&word| reason.contains(word));
        if says(&["Invalid token", "Unauthorized", "insufficient_scope"]) {
            self.rest.not_signed_in(reason)
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
}

impl QueryError {
    /// What the host says of it.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// The fragment of the query in which something stands that the host does not know: a path begins with the text of the
    /// query then, not with its data.
    pub(super) fn fragment(&self) -> Option<&str> {
        self.path.first()?.as_str()?.strip_prefix("fragment ")
    }

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
            let graphql = format!("{base}/api/graphql");
            assert_eq!((api.rest().web(), &api.graphql), (web, &graphql));
        }
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
