//! Asking web servers: one client with bounds on time and size, typed refusals, patience with hosts that say "later".

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{HeaderMap, HeaderName, RETRY_AFTER};
use reqwest::{Client, Method, Request, RequestBuilder, StatusCode, redirect};
use tokio::sync::Mutex;
use url::Url;

use super::HostError;
use crate::config::source::is_loopback;

/// The most redirects that are followed.
const MAX_REDIRECTS: usize = 5;
/// The longest wait for a connection, and for the next bytes of an answer.
const CONNECT: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(30);
/// The longest wait for a whole answer.
const ANSWER: Duration = Duration::from_mins(2);
/// How long a host that says "later" without saying when is left alone.
const LATER: Duration = Duration::from_mins(1);

/// An answer that may be used again if the host says that nothing changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cached {
    /// The `ETag` header.
    pub etag: Option<String>,
    /// The `Last-Modified` header.
    pub last_modified: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// Where answers are kept between runs. `account` names who asked, never with a token in it.
pub trait HttpCache: Send + Sync + fmt::Debug {
    /// The answer kept for `url`.
    fn get(&self, account: &str, url: &str) -> Option<Cached>;
    /// Keeps an answer.
    fn put(&self, account: &str, url: &str, cached: &Cached);
}

/// Asks web servers on behalf of one source.
#[derive(Debug)]
pub struct Http {
    /// Made when first needed: most commands ask nobody.
    client: OnceLock<Client>,
    requests: AtomicUsize,
    cache: Option<Arc<dyn HttpCache>>,
    /// How long may still be waited for hosts that say "later".
    patience: Mutex<Duration>,
}

/// A whole answer.
#[derive(Debug)]
pub(super) struct Answer {
    /// Its status: a success, 304, or one that the caller asked to see.
    pub(super) status: StatusCode,
    /// Its headers.
    pub(super) headers: HeaderMap,
    /// Its body.
    pub(super) body: Vec<u8>,
}

/// A client with all that is the same for every host.
fn client() -> Result<Client, HostError> {
    // The second source to come finds the provider installed; that is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let policy = redirect::Policy::custom(|attempt| {
        if attempt.previous().len() > MAX_REDIRECTS {
            attempt.error("too many redirects")
        } else if attempt.url().scheme() == "https" || is_loopback(attempt.url()) {
            // The client itself drops the authorization where the host changes.
            attempt.follow()
        } else {
            attempt.error("redirected to an address without encryption")
        }
    });
    Client::builder()
        .user_agent(concat!("stagedoor/", env!("CARGO_PKG_VERSION")))
        .redirect(policy)
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .timeout(ANSWER)
        .build()
        .map_err(|error| HostError::Failed {
            place: "the web".to_owned(),
            reason: format!("no client could be made: {}", causes(&error)),
        })
}

impl Http {
    /// Keeps answers in `cache` and waits for hosts that say "later" up to `patience` in all.
    pub fn new(cache: Option<Arc<dyn HttpCache>>, patience: Duration) -> Self {
        Self {
            client: OnceLock::new(),
            requests: AtomicUsize::new(0),
            cache,
            patience: Mutex::new(patience),
        }
    }

    /// How many requests were made so far.
    pub(super) fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    /// The client, for building a request.
    pub(super) fn client(&self) -> Result<&Client, HostError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let new = client()?;
        Ok(self.client.get_or_init(|| new))
    }

    /// What stands at `url`, at most `limit` bytes; from the cache where the host says that nothing changed. `prepare`
    /// adds headers, `account` names whose eyes see it.
    pub(super) async fn get(
        &self,
        url: &Url,
        account: &str,
        limit: u64,
        prepare: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Vec<u8>, HostError> {
        let client = self.client()?;
        let cached = self
            .cache
            .as_ref()
            .and_then(|cache| cache.get(account, url.as_str()));
        let answer = self
            .send(url.as_str(), limit, || {
                let mut request = prepare(client.get(url.clone()));
                if let Some(cached) = &cached {
                    if let Some(etag) = &cached.etag {
                        request = request.header("If-None-Match", etag);
                    } else if let Some(date) = &cached.last_modified {
                        request = request.header("If-Modified-Since", date);
                    }
                }
                request
            })
            .await?;
        if answer.status == StatusCode::NOT_MODIFIED {
            return cached
                .map(|cached| cached.body)
                .ok_or_else(|| HostError::Failed {
                    place: url.to_string(),
                    reason: "says that nothing changed, but was never read".to_owned(),
                });
        }
        let text = |name| text(&answer.headers, name).map(str::to_owned);
        let new = Cached {
            etag: text("etag"),
            last_modified: text("last-modified"),
            body: answer.body,
        };
        if let Some(cache) = &self.cache
            && (new.etag.is_some() || new.last_modified.is_some())
        {
            cache.put(account, url.as_str(), &new);
        }
        Ok(new.body)
    }

    /// Sends what `request` builds, again after a while where the host says "later" and there is patience left. Refusals
    /// are errors; server errors are [`HostError::Overloaded`].
    pub(super) async fn send(
        &self,
        place: &str,
        limit: u64,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<Answer, HostError> {
        loop {
            match self.once(place, limit, request()).await {
                Err(HostError::Busy {
                    host,
                    reason,
                    retry_after,
                }) => {
                    if !self.may_wait(retry_after).await {
                        return Err(HostError::Busy {
                            host,
                            reason,
                            retry_after,
                        });
                    }
                    tokio::time::sleep(retry_after).await;
                }
                answer => return answer,
            }
        }
    }

    /// Whether `time` may be waited; it is taken from the patience that is left.
    pub(super) async fn may_wait(&self, time: Duration) -> bool {
        let mut patience = self.patience.lock().await;
        let left = patience.checked_sub(time);
        if let Some(left) = left {
            *patience = left;
        }
        left.is_some()
    }

    async fn once(
        &self,
        place: &str,
        limit: u64,
        request: RequestBuilder,
    ) -> Result<Answer, HostError> {
        let answer = self.exchange(place, limit, request).await?;
        match refusal(place, answer.status, &answer.headers) {
            Some(error) => Err(error),
            None => Ok(answer),
        }
    }

    /// Sends `request` once and gives whatever is answered.
    pub(super) async fn exchange(
        &self,
        place: &str,
        limit: u64,
        request: RequestBuilder,
    ) -> Result<Answer, HostError> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let unreachable = |error: &reqwest::Error| HostError::Unreachable {
            place: place.to_owned(),
            reason: causes(error),
        };
        let (client, request) = request.build_split();
        let request = request.map_err(|error| unreachable(&error))?;
        let told = Told::of(&request);
        let mut response = client.execute(request).await.map_err(|error| {
            told.failed(&error);
            unreachable(&error)
        })?;
        let status = response.status();
        told.answered(status);
        let headers = response.headers().clone();
        let mut body = Vec::new();
        while let Some(bytes) = response
            .chunk()
            .await
            .map_err(|error| unreachable(&error))?
        {
            if body.len() as u64 + bytes.len() as u64 > limit {
                return Err(HostError::TooLarge {
                    place: place.to_owned(),
                    limit,
                });
            }
            body.extend_from_slice(&bytes);
        }
        Ok(Answer {
            status,
            headers,
            body,
        })
    }
}

/// What the log tells of a request: never its query, its headers or its body.
struct Told {
    method: Method,
    host: String,
    path: String,
    started: Instant,
}

impl Told {
    fn of(request: &Request) -> Self {
        Self {
            method: request.method().clone(),
            host: super::auth::host_of(request.url()).unwrap_or_default(),
            path: request.url().path().to_owned(),
            started: Instant::now(),
        }
    }

    fn answered(&self, status: StatusCode) {
        let Self {
            method,
            host,
            path,
            started,
        } = self;
        tracing::debug!(%method, host, path, status = status.as_u16(), after = ?started.elapsed(), "asked");
    }

    fn failed(&self, error: &reqwest::Error) {
        let Self {
            method,
            host,
            path,
            started,
        } = self;
        tracing::warn!(%method, host, path, error = causes(error), after = ?started.elapsed(), "no answer");
    }
}

/// What `status` refuses, if it refuses anything.
fn refusal(place: &str, status: StatusCode, headers: &HeaderMap) -> Option<HostError> {
    if status.is_success() || status == StatusCode::NOT_MODIFIED {
        return None;
    }
    let host = Url::parse(place)
        .ok()
        .and_then(|url| super::auth::host_of(&url))
        .unwrap_or_else(|| place.to_owned());
    let later = retry_after(headers);
    Some(match status {
        StatusCode::TOO_MANY_REQUESTS => HostError::Busy {
            host,
            reason: "too many requests".to_owned(),
            retry_after: later.unwrap_or(LATER),
        },
        StatusCode::FORBIDDEN if later.is_some() => HostError::Busy {
            host,
            reason: "its rate limit is reached".to_owned(),
            retry_after: later.unwrap_or(LATER),
        },
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => HostError::NotSignedIn {
            remedy: super::auth::remedy(&host),
            host,
            reason: match text(headers, "x-github-sso") {
                Some(_) => {
                    "the organisation wants the token authorised for single sign-on".to_owned()
                }
                None => format!("it answers {}", status.as_u16()),
            },
        },
        StatusCode::NOT_FOUND | StatusCode::GONE => HostError::NotFound {
            place: place.to_owned(),
        },
        status if status.is_server_error() => HostError::Overloaded {
            place: place.to_owned(),
            reason: format!("it answers {status}"),
        },
        status => HostError::Failed {
            place: place.to_owned(),
            reason: format!("it answers {status}"),
        },
    })
}

/// When a host wants to be asked again: `Retry-After`, or the end of an exhausted rate limit.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = |text: &str| text.trim().parse().ok();
    if let Some(wait) = headers.get(RETRY_AFTER) {
        let wait = wait.to_str().ok().and_then(seconds);
        return Some(wait.map_or(LATER, Duration::from_secs));
    }
    if text(headers, "x-ratelimit-remaining") != Some("0") {
        return None;
    }
    let reset = Duration::from_secs(text(headers, "x-ratelimit-reset").and_then(seconds)?);
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Some(reset.saturating_sub(now))
}

/// The header `name` as text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &'static str) -> Option<&'a str> {
    headers.get(HeaderName::from_static(name))?.to_str().ok()
}

/// An error of the client with its causes and without the URL, which may hold more than others should see.
fn causes(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it did not answer in time".to_owned();
    }
    let mut text = String::new();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = inner.to_string();
        cause = inner.source();
    }
    if text.is_empty() {
        "the request failed".to_owned()
    } else {
        text
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn refuse(status: u16, headers: &[(&'static str, &'static str)]) -> Option<HostError> {
        let headers = headers
            .iter()
            .map(|&(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect();
        refusal(
            "https://h.dev/x",
            StatusCode::from_u16(status).unwrap(),
            &headers,
        )
    }

    #[test]
    fn refusals_are_told_apart() {
        assert_eq!(refuse(200, &[]), None);
        assert_eq!(refuse(304, &[]), None);
        let is = |error: Option<HostError>, expected: fn(&HostError) -> bool| {
            assert!(error.as_ref().is_some_and(expected), "{error:?}");
        };
        is(refuse(401, &[]), |e| {
            matches!(e, HostError::NotSignedIn { .. })
        });
        is(refuse(403, &[]), |e| {
            matches!(e, HostError::NotSignedIn { .. })
        });
        is(
            refuse(
                403,
                &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1")],
            ),
            |e| {
                matches!(
                    e,
                    HostError::Busy {
                        retry_after: Duration::ZERO,
                        ..
                    }
                )
            },
        );
        is(
            refuse(429, &[("retry-after", "7")]),
            |e| matches!(e, HostError::Busy { retry_after, .. } if retry_after.as_secs() == 7),
        );
        is(refuse(404, &[]), |e| {
            matches!(e, HostError::NotFound { .. })
        });
        is(refuse(502, &[]), |e| {
            matches!(e, HostError::Overloaded { .. })
        });
        is(refuse(418, &[]), |e| matches!(e, HostError::Failed { .. }));
    }
}
