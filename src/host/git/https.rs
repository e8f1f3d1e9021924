//! The tip of a branch over HTTP: one request of about a hundred bytes, on a connection that all repositories of the host
//! share.
//!
//! The request is made without asking first whether the server speaks version 2 of the protocol, as nearly all do. A
//! server that does not, or that has moved the repository, is greeted as `git` does it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use reqwest::{RequestBuilder, Version};
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};
use url::Url;

use super::super::auth::{self, host_of};
use super::super::http::{Answer, Http, text};
use super::super::lines::Lines;
use super::super::{Context, HostError};
use super::ls_refs::{Heard, Listener, MOST, Unheard, VERSION, question};
use super::repository::Tip;
use crate::config::Secret;

/// How many requests are on their way at once over a connection that carries several.
const AT_ONCE: usize = 8;

/// How long a connection that carries one request at a time is left alone between two of them: the client puts it back a
/// moment after its answer is read, and whoever comes before that has another one opened.
const REST: Duration = Duration::from_millis(1);

/// After how many refusals in a row no other repository of the host is asked for: a token that has expired would be shown
/// to it thousands of times.
const REFUSALS: usize = 20;
/// After how many `git` is not asked any more whether it knows better.
const HOPELESS: usize = 3;

/// Hosts know a client of Git by the beginning of its name, and show others a web page.
const AGENT: &str = concat!("git/stagedoor-", env!("CARGO_PKG_VERSION"));

/// Who is let in: user and password.
type Credential = (String, Secret);

/// The line of plain Git to one web server.
#[derive(Debug)]
pub struct Lane {
    /// One after the other, so that one connection serves all, unless it carries several at once.
    permits: Semaphore,
    is_wide: AtomicBool,
    is_used: AtomicBool,
    speech: AtomicU8,
    /// How many repositories were refused in a row.
    refusals: AtomicUsize,
    /// What the credential helper of `git` and netrc say, once they were asked.
    credential: OnceCell<Option<Credential>>,
}

impl Default for Lane {
    fn default() -> Self {
        Self {
            permits: Semaphore::new(1),
            is_wide: AtomicBool::new(false),
            is_used: AtomicBool::new(false),
            speech: AtomicU8::new(Speech::Unknown as u8),
            refusals: AtomicUsize::new(0),
            credential: OnceCell::new(),
        }
    }
}

/// What a server was found to speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Speech {
    /// Nobody has asked yet.
    Unknown,
    /// Version 2 of the protocol.
    Current,
    /// An older version: it names all references when it is greeted.
    Old,
    /// Something that only `git` understands.
    OnlyGit,
}

impl Lane {
    /// The right to send a request.
    pub(super) async fn permit(&self) -> Option<SemaphorePermit<'_>> {
        let permit = self.permits.acquire().await.ok();
        let is_used = self.is_used.swap(true, Ordering::Relaxed);
        if is_used && !self.is_wide.load(Ordering::Relaxed) {
            tokio::time::sleep(REST).await;
        }
        permit
    }

    /// What the server was found to speak.
    pub(super) fn speech(&self) -> Speech {
        let speech = self.speech.load(Ordering::Relaxed);
        let all = [Speech::Current, Speech::Old, Speech::OnlyGit];
        let known = all.into_iter().find(|known| *known as u8 == speech);
        known.unwrap_or(Speech::Unknown)
    }

    /// Takes into account that a repository was answered for.
    pub(super) fn answered(&self) {
        self.refusals.store(0, Ordering::Relaxed);
    }

    /// Whether `git` may know more of the host than what it said so far.
    pub(super) fn is_hopeful(&self) -> bool {
        self.speech() == Speech::Unknown && self.refusals.load(Ordering::Relaxed) < HOPELESS
    }

    /// Takes into account that a repository was refused; whether so many were, one after the other, that it is the host
    /// that refuses.
    pub(super) fn refuses(&self) -> bool {
        self.refusals.fetch_add(1, Ordering::Relaxed) + 1 >= REFUSALS
    }

    /// Remembers what the server speaks.
    pub(super) fn speaks(&self, speech: Speech) {
        self.speech.store(speech as u8, Ordering::Relaxed);
    }

    /// Lets more requests on their way where one connection carries them.
    fn widen(&self, version: Version) {
        if version == Version::HTTP_2 && !self.is_wide.swap(true, Ordering::Relaxed) {
            self.permits.add_permits(AT_ONCE - 1);
        }
    }
}

/// One repository behind a web server.
#[derive(Debug, Clone, Copy)]
pub(super) struct WebRemote<'a> {
    /// The address, as `git clone` takes it.
    pub(super) url: &'a Url,
    pub(super) http: &'a Http,
    pub(super) lane: &'a Lane,
    /// The user and token that are known for the host.
    pub(super) login: Option<&'a (String, Secret)>,
    pub(super) context: &'a Context,
    /// Where its host was found to have moved it.
    pub(super) moved: &'a OnceLock<Url>,
}

impl WebRemote<'_> {
    /// The tip of `reference`, else of the default branch; `None` where there is no such branch or tag.
    pub(super) async fn tip(&self, reference: Option<&str>) -> Result<Option<Tip>, HostError> {
        if self.lane.speech() != Speech::Old {
            match self.ask(self.url, reference, None).await {
                // Not there, moved, or not understood: a greeting tells.
                Err(HostError::NotFound { .. } | HostError::Failed { .. }) => {}
                answer => {
                    if answer.is_ok() {
                        self.lane.speaks(Speech::Current);
                    }
                    return answer;
                }
            }
        }
        self.greet(reference).await
    }

    /// Asks the repository at `base`.
    async fn ask(
        &self,
        base: &Url,
        reference: Option<&str>,
        format: Option<&str>,
    ) -> Result<Option<Tip>, HostError> {
        let url = below(base, "git-upload-pack");
        let body = question(reference, format);
        let answer = self
            .send(&url, "application/x-git-upload-pack-result", |request| {
                request
                    .header(CONTENT_TYPE, "application/x-git-upload-pack-request")
                    .body(body.clone())
            })
            .await?;
        let mut listener = Listener::to_answer(reference);
        match listener.hear(&answer.body) {
            Ok((Heard::All, _)) => Ok(listener.tip()),
            Ok(_) => Err(self.failed("its answer is cut off")),
            Err(error) => Err(self.unheard(&error)),
        }
    }

    /// Greets the server, follows it to where it has moved the repository, and asks there where it wants to be asked.
    async fn greet(&self, reference: Option<&str>) -> Result<Option<Tip>, HostError> {
        let mut url = below(self.url, "info/refs");
        url.set_query(Some("service=git-upload-pack"));
        let kind = "application/x-git-upload-pack-advertisement";
        let answer = self.send(&url, kind, |request| request).await?;
        let mut listener = Listener::to_greeting(reference);
        match listener.hear(&answer.body) {
            Ok((Heard::All, _)) => {
                self.lane.speaks(Speech::Old);
                Ok(listener.tip())
            }
            Ok((Heard::Greeted, _)) => {
                let mut base = answer.url;
                base.set_query(None);
                let path = base.path().strip_suffix("/info/refs").map(str::to_owned);
                let path = path.ok_or_else(|| self.failed("sends its readers astray"))?;
                base.set_path(&path);
                if base != *self.url && base.origin() == self.url.origin() {
                    let _ = self.moved.set(base.clone());
                }
                self.ask(&base, reference, listener.format.as_deref()).await
            }
            Ok(_) => Err(self.failed("its answer is cut off")),
            Err(error) => Err(self.unheard(&error)),
        }
    }

    /// Sends what `request` makes of a request for `url` and gives an answer of this `kind`; once more with what the
    /// credential helper of `git` knows where nobody is let in without.
    async fn send(
        &self,
        url: &Url,
        kind: &str,
        request: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Answer, HostError> {
        let known = self
            .login
            .cloned()
            .or_else(|| self.lane.credential.get().cloned().flatten());
        let answer = match self.send_as(url, known.as_ref(), &request).await {
            Err(refused @ HostError::NotSignedIn { .. }) if known.is_none() => {
                let host = host_of(self.url).unwrap_or_default();
                let find = || auth::git_credential(&host, self.context);
                let Some(found) = self.lane.credential.get_or_init(find).await else {
                    return Err(refused);
                };
                self.send_as(url, Some(found), &request).await?
            }
            answer => answer?,
        };
        self.lane.widen(answer.version);
        // A page for people, with a status as if all were well.
        match text(&answer.headers, "content-type") {
            Some(given) if given.starts_with(kind) => Ok(answer),
            _ => Err(self.failed("answers, but not as a Git server does")),
        }
    }

    async fn send_as(
        &self,
        url: &Url,
        credential: Option<&Credential>,
        request: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Answer, HostError> {
        let client = self.http.client()?;
        let is_greeting = url.query().is_some();
        // Who the user is at one host is nobody else's to know.
        let credential = credential.filter(|_| url.origin() == self.url.origin());
        let build = || {
            let begun = if is_greeting {
                client.get(url.clone())
            } else {
                client.post(url.clone())
            };
            let begun = begun
                .header(USER_AGENT, AGENT)
                .header("Git-Protocol", VERSION)
                .header(ACCEPT, "*/*");
            let begun = match credential {
                Some((user, token)) => begun.basic_auth(user, Some(token.expose())),
                None => begun,
            };
            request(begun)
        };
        let sent = self.http.persistently(url.as_str(), MOST as u64, build);
        sent.await.map_err(|error| self.elsewhere(url, error))
    }

    /// The error of the host that the repository's own host leads to, as that.
    fn elsewhere(&self, url: &Url, error: HostError) -> HostError {
        match error {
            HostError::NotSignedIn { .. } if url.origin() != self.url.origin() => {
                let there = host_of(url).unwrap_or_default();
                HostError::NotSignedIn {
                    host: host_of(self.url).unwrap_or_default(),
                    reason: format!("it leads to {there}, where your login is not shown"),
                    remedy: format!("name the repository with its address at {there}"),
                }
            }
            // The address of the repository says more than that of a part of it.
            HostError::NotFound { .. } => HostError::NotFound {
                place: self.url.to_string(),
            },
            HostError::Unreachable { reason, .. } => HostError::Unreachable {
                place: self.url.to_string(),
                reason,
            },
            other => other,
        }
    }

    fn unheard(&self, error: &Unheard) -> HostError {
        self.failed(&error.to_string())
    }

    fn failed(&self, reason: &str) -> HostError {
        HostError::Failed {
            place: self.url.to_string(),
            reason: reason.to_owned(),
        }
    }
}

/// The line of plain Git to the host of `url`.
pub(super) fn lane(url: &Url, lines: &Lines) -> std::sync::Arc<Lane> {
    lines.lane(&url.origin().ascii_serialization())
}

/// The address of `name` below that of a repository.
fn below(base: &Url, name: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/{name}", base.path().trim_end_matches('/')));
    url
}
