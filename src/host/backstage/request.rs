//! Any request to the API of a running Backstage, for templates that make one.

use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use serde_json::{Map, Value};

use super::{BackstageHost, MAX_ANSWER};
use crate::host::HostError;

/// A request to an instance.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiRequest {
    /// `GET`, `POST`…
    pub method: String,
    /// The path below `/api`, without a slash in front: `catalog/entities`.
    pub path: String,
    /// Headers, by name.
    pub headers: Vec<(String, String)>,
    /// The query.
    pub params: Vec<(String, String)>,
    /// The body, as it is sent.
    pub body: Option<String>,
}

/// What an instance answered.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiAnswer {
    /// The status.
    pub status: u16,
    /// The headers, by their names in lower case.
    pub headers: Map<String, Value>,
    /// The body.
    pub body: String,
}

impl BackstageHost {
    /// Makes `request` with the token for this instance, once, and gives whatever is answered.
    pub async fn request(&self, request: &ApiRequest) -> Result<ApiAnswer, HostError> {
        let path = request.path.trim_start_matches('/');
        let mut url = self.url(&format!("/api/{path}"))?;
        let root = self.url("/api/")?;
        if !url.path().starts_with(root.path()) {
            return Err(HostError::Failed {
                place: self.base_url().to_owned(),
                reason: format!("{path:?} leads out of its API"),
            });
        }
        if !request.params.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.params);
        }
        let failed = |reason: String| HostError::Failed {
            place: url.to_string(),
            reason,
        };
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|error| failed(error.to_string()))?;
        let mut sent = self.http.client()?.request(method, url.clone());
        let mut is_signed = false;
        for (name, value) in &request.headers {
            is_signed |= name.eq_ignore_ascii_case(AUTHORIZATION.as_str());
            sent = sent.header(name, value);
        }
        if !is_signed {
            // Where there is none, a guest may do it.
            let token = match self.token().await {
                Some(token) => Some(token),
                None => self.new_guest().await.ok(),
            };
            if let Some(token) = token {
                sent = sent.bearer_auth(token.expose());
            }
        }
        if let Some(body) = &request.body {
            sent = sent.body(body.clone());
        }
        let answer = self.http.exchange(url.as_str(), MAX_ANSWER, sent).await?;
        let header =
            |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
                let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.as_str().to_owned(), Value::from(text))
            };
        Ok(ApiAnswer {
            status: answer.status.as_u16(),
            headers: answer.headers.iter().map(header).collect(),
            body: String::from_utf8_lossy(&answer.body).into_owned(),
        })
    }
}
