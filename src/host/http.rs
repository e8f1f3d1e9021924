//! Asking web servers: one client with bounds on time and size, typed refusals, patience with hosts that say "later".

mod certificate;
pub(super) mod date;
mod refusal;
mod stream;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{HeaderMap, HeaderName};
use reqwest::{
    Certificate, Client, Method, Request, RequestBuilder, Response, StatusCode, Version, redirect,
};
use tokio::sync::watch;
use url::Url;

use super::HostError;
use super::auth::host_of;
use super::budget::{Bucket, Budget, Budgets, Waiting, backoff};
use super::lines::Lines;
use crate::config::Config;
use crate::config::source::is_loopback;
pub(super) use certificate::Bundled;
use certificate::Bundles;
pub(super) use certificate::bundle_remedy;
pub(super) use refusal::LATER;
use refusal::{exhausted, refusal};
pub(super) use stream::Stream;
use stream::{unreachable, whole};

/// The most redirects that are followed.
const MAX_REDIRECTS: usize = 5;
/// The longest wait for a connection, and for the next bytes of an answer.
const CONNECT: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(30);
/// The longest wait for a whole answer.
const ANSWER: Duration = Duration::from_mins(2);
/// How much of a refusal is read, in bytes.
const MAX_REFUSAL: u64 = 1 << 20;
/// How often a request is tried that the host did not carry through.
const TRIES: u32 = 3;

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
    client: Arc<OnceLock<Client>>,
    bundles: Bundles,
    /// How many requests were made, by host.
    requests: Mutex<BTreeMap<String, usize>>,
    cache: Option<Arc<dyn HttpCache>>,
    budgets: Arc<Budgets>,
    /// How long may still be waited for hosts that say "later".
    patience: Mutex<Patience>,
    /// The host that is waited for now.
    waiting: watch::Sender<Option<Waiting>>,
}

/// How long may still be waited. Requests that wait at the same time wait together.
#[derive(Debug)]
struct Patience {
    left: Duration,
    /// Until when is already waited.
    until: Option<SystemTime>,
}

impl Patience {
    /// Whether there is enough of it to wait until `until`; then so much less is left.
    fn spend(&mut self, until: SystemTime) -> bool {
        let now = SystemTime::now();
        let from = self.until.map_or(now, |waited| waited.max(now));
        let more = until.duration_since(from).unwrap_or_default();
        let Some(left) = self.left.checked_sub(more) else {
            return false;
        };
        (self.left, self.until) = (left, Some(until.max(from)));
        true
    }
}

/// A whole answer.
#[derive(Debug)]
pub(super) struct Answer {
    /// Its status: a success, 304, or one that the caller asked to see.
    pub(super) status: StatusCode,
    /// Its headers.
    pub(super) headers: HeaderMap,
    /// The host that gave it, which redirects may have led to.
    pub(super) host: Option<String>,
    /// The address there.
    pub(super) url: Url,
    /// How it came.
    pub(super) version: Version,
    /// Its body.
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// The time at the host when it answered.
    pub(super) fn date(&self) -> SystemTime {
        refusal::now(&self.headers)
    }
}

/// A client with all that is the same for every host, which trusts `authorities`, else those of the system.
fn client(authorities: Option<Vec<Certificate>>) -> Result<Client, HostError> {
    build(authorities, following())
}

/// Follows redirects, but to no address without encryption.
fn following() -> redirect::Policy {
    redirect::Policy::custom(|attempt| {
        if attempt.previous().len() > MAX_REDIRECTS {
            attempt.error("too many redirects")
        } else if attempt.url().scheme() == "https" || is_loopback(attempt.url()) {
            // The client itself drops the authorization where the host changes.
            attempt.follow()
        } else {
            attempt.error("redirected to an address without encryption")
        }
    })
}

fn build(
    authorities: Option<Vec<Certificate>>,
    policy: redirect::Policy,
) -> Result<Client, HostError> {
    // The second source to come finds the provider installed; that is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(concat!("stagedoor/", env!("CARGO_PKG_VERSION")))
        .redirect(policy)
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .timeout(ANSWER);
    if let Some(authorities) = authorities {
        builder = builder.tls_certs_only(authorities);
    }
    builder.build().map_err(|error| HostError::Failed {
        place: "the web".to_owned(),
        reason: format!("no client could be made: {}; does the system have certificates (ca-certificates, or a file in SSL_CERT_FILE)?", causes(&error)),
    })
}

impl Http {
    /// Keeps answers in `cache`, and waits for hosts that say "later" up to `patience` in all.
    pub fn new(
        cache: Option<Arc<dyn HttpCache>>,
        budgets: Arc<Budgets>,
        patience: Duration,
    ) -> Self {
        Self {
            client: Arc::default(),
            bundles: Bundles::default(),
            requests: Mutex::default(),
            cache,
            budgets,
            patience: Mutex::new(Patience {
                left: patience,
                until: None,
            }),
            waiting: watch::Sender::new(None),
        }
    }

    /// The same over the connections that others of `lines` have open.
    #[must_use]
    pub(super) fn over(mut self, lines: &Lines) -> Self {
        self.client = lines.client();
        self.bundles.share(lines.bundled());
        self
    }

    /// The same for the host of `url` alone, with a client of its own that follows no redirect: for a token in a header which
    /// a client would take along to another host.
    pub(super) fn staying(mut self, url: &Url) -> Result<Self, HostError> {
        let authorities = self.bundles.authorities(url)?;
        self.bundles = Bundles::default();
        self.client = Arc::new(OnceLock::from(build(
            authorities,
            redirect::Policy::none(),
        )?));
        Ok(self)
    }

    /// The same, trusting for some hosts the authorities that `config` names.
    #[must_use]
    pub fn trusting(mut self, config: &Config) -> Self {
        self.bundles.name(config);
        self
    }

    /// How many requests were made so far, by host.
    pub(super) fn requests(&self) -> BTreeMap<String, usize> {
        let requests = self.requests.lock();
        requests.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The host that is waited for, as that changes.
    pub(super) fn waiting(&self) -> watch::Receiver<Option<Waiting>> {
        self.waiting.subscribe()
    }

    /// The client, for building a request.
    pub(super) fn client(&self) -> Result<&Client, HostError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let new = client(None)?;
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
            .persistently(url.as_str(), limit, || {
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

    /// Like [`Http::send`], and again where the host did not carry it through.
    pub(super) async fn persistently(
        &self,
        place: &str,
        limit: u64,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<Answer, HostError> {
        self.persistently_seeing(&[], place, limit, request).await
    }

    /// Like [`Http::send_seeing`], and again where the host did not carry it through.
    pub(super) async fn persistently_seeing(
        &self,
        seen: &[StatusCode],
        place: &str,
        limit: u64,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<Answer, HostError> {
        let mut failures = 0;
        loop {
            match self.send_seeing(seen, place, limit, &request).await {
                Err(HostError::Overloaded { .. }) if failures + 1 < TRIES => {
                    tokio::time::sleep(backoff(failures)).await;
                    failures += 1;
                }
                answer => return answer,
            }
        }
    }

    /// Sends what `request` builds, again after a while where the host says "later" and there is patience left. Refusals
    /// are errors; server errors and answers that broke off are [`HostError::Overloaded`].
    pub(super) async fn send(
        &self,
        place: &str,
        limit: u64,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<Answer, HostError> {
        self.send_seeing(&[], place, limit, request).await
    }

    /// Like [`Http::send`]; an answer with one of the statuses `seen` is no refusal.
    pub(super) async fn send_seeing(
        &self,
        seen: &[StatusCode],
        place: &str,
        limit: u64,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<Answer, HostError> {
        let budget = self.budgets.of(&host_of_place(place));
        loop {
            self.wait_for(&budget).await?;
            let answer = {
                let _permit = budget.permit().await;
                self.exchange(place, limit, request()).await?
            };
            let refusal = refusal(place, &answer).filter(|_| !seen.contains(&answer.status));
            match refusal {
                Some(HostError::Busy {
                    reason,
                    retry_after,
                    ..
                }) => {
                    let told = refusal::retry_after(&answer.headers).is_some();
                    budget.refuse(retry_after, told, &reason);
                }
                Some(error) => return Err(error),
                None => {
                    budget.answered();
                    if let Some(time) = exhausted(&answer.headers) {
                        budget.refuse(time, true, "its rate limit is used up");
                    } else if let Some(time) = refusal::retry_after(&answer.headers) {
                        // Azure DevOps answers, and wants the next request later.
                        budget.refuse(time, true, "it asks for a pause");
                    }
                    return Ok(answer);
                }
            }
        }
    }

    /// Lets `host` count by `bucket`.
    pub(super) fn count_by(&self, host: &str, bucket: Bucket) {
        self.budgets.of(host).count_by(bucket);
    }

    /// Takes into account that the host behind `place` wants to be left alone without having said for how long.
    pub(super) fn refused(&self, place: &str, reason: &str) {
        let budget = self.budgets.of(&host_of_place(place));
        budget.refuse(LATER, false, reason);
    }

    /// Waits until the host may be asked; an error where that takes longer than there is patience.
    async fn wait_for(&self, budget: &Budget) -> Result<(), HostError> {
        let Some(waiting) = budget.waiting() else {
            return Ok(());
        };
        let time = waiting
            .until
            .duration_since(SystemTime::now())
            .unwrap_or_default();
        let has_patience = {
            let mut patience = self.patience.lock().unwrap_or_else(PoisonError::into_inner);
            patience.spend(waiting.until)
        };
        if !has_patience {
            return Err(HostError::Busy {
                host: waiting.host,
                reason: waiting.reason,
                retry_after: time,
            });
        }
        tracing::info!(
            host = waiting.host,
            reason = waiting.reason,
            ?time,
            "waiting for a host"
        );
        self.waiting.send_replace(Some(waiting));
        tokio::time::sleep(time).await;
        self.waiting.send_replace(None);
        Ok(())
    }

    /// Sends `request` once and gives whatever is answered.
    pub(super) async fn exchange(
        &self,
        place: &str,
        limit: u64,
        request: RequestBuilder,
    ) -> Result<Answer, HostError> {
        let response = self.begin(place, request).await?;
        whole(place, limit, response).await
    }

    /// Sends `request` once and gives an answer that is read as it comes; refusals are errors.
    pub(super) async fn stream(
        &self,
        place: &str,
        request: RequestBuilder,
    ) -> Result<Stream, HostError> {
        let response = self.begin(place, request).await?;
        if response.status().is_success() {
            return Ok(Stream {
                place: place.to_owned(),
                response,
            });
        }
        let answer = whole(place, MAX_REFUSAL, response).await?;
        Err(
            refusal(place, &answer).unwrap_or_else(|| HostError::Failed {
                place: place.to_owned(),
                reason: format!("it answers {}", answer.status),
            }),
        )
    }

    /// Sends `request` once, up to the beginning of the answer.
    async fn begin(&self, place: &str, request: RequestBuilder) -> Result<Response, HostError> {
        {
            let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
            *requests.entry(host_of_place(place)).or_default() += 1;
        }
        let (client, request) = request.build_split();
        let request = request.map_err(|error| unreachable(place, &error))?;
        let client = self.bundles.client(request.url())?.unwrap_or(client);
        let told = Told::of(&request);
        let response = client.execute(request).await.map_err(|error| {
            told.failed(&error);
            unreachable(place, &error)
        })?;
        told.answered(response.status());
        Ok(response)
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
            host: host_of(request.url()).unwrap_or_default(),
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

/// The host of the address `place`.
fn host_of_place(place: &str) -> String {
    let host = Url::parse(place).ok().and_then(|url| host_of(&url));
    host.unwrap_or_else(|| place.to_owned())
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
