//! The REST API of one host: where it is, who we are there, how it is asked. What stands in its answers is for the module
//! of its kind.

use std::sync::Arc;
use std::time::SystemTime;

use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::auth::credential::Credential;
use super::auth::{host_of, is_here, remedy_of};
use super::http::{Answer, Http, text};
use super::{HostError, MAX_FILE};
use crate::config::{Config, Env, HostKind, Secret};

/// The largest answer of an API that is read, in bytes.
pub(super) const MAX_ANSWER: u64 = 256 << 20;

/// Where a host is found, without slashes at the ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Addresses {
    /// Its web pages.
    pub(super) web: String,
    /// Its REST API.
    pub(super) api: String,
}

/// Where the `host` of `kind` is: as the configuration says, else as hosts of its kind have it. Only what runs on this
/// machine is asked without encryption.
pub(super) fn addresses(kind: HostKind, host: &str, config: &Config) -> Addresses {
    let configured = config.integration(kind, host);
    let root = format!("{}://{host}", if is_here(host) { "http" } else { "https" });
    let base = configured.and_then(|integration| integration.base_url.clone());
    let base = base.unwrap_or_else(|| root.clone());
    let api = configured.and_then(|integration| integration.api_base_url.clone());
    let api = api.unwrap_or_else(|| match kind {
        HostKind::Github if host == "github.com" => "https://api.github.com".to_owned(),
        HostKind::Github => match host.strip_suffix(".ghe.com") {
            Some(tenant) => format!("https://api.{tenant}.ghe.com"),
            None => format!("{root}/api/v3"),
        },
        HostKind::Gitlab => format!("{base}/api/v4"),
        HostKind::Gitea => format!("{base}/api/v1"),
        HostKind::BitbucketCloud if host == "bitbucket.org" => {
            "https://api.bitbucket.org/2.0".to_owned()
        }
        HostKind::BitbucketCloud => format!("{root}/2.0"),
        HostKind::BitbucketServer => format!("{root}/rest/api/1.0"),
        HostKind::Azure | HostKind::Gerrit | HostKind::Git => base.clone(),
    });
    let gitiles = configured.and_then(|integration| integration.gitiles.clone());
    // Of these Backstage gives the address of the API alone; what lives below a path of its host has its web pages there.
    let above = match kind {
        HostKind::Gitlab => api.strip_suffix("/api/v4"),
        HostKind::BitbucketServer => api.split_once("/rest/api/").map(|(above, _)| above),
        _ => None,
    };
    let web = match above {
        Some(above) if is_at(above, host) => above.to_owned(),
        _ if kind == HostKind::Gerrit => {
            gitiles.unwrap_or_else(|| format!("{base}/plugins/gitiles"))
        }
        _ => base,
    };
    Addresses { web, api }
}

fn is_at(url: &str, host: &str) -> bool {
    let at = Url::parse(url).ok().and_then(|url| host_of(&url));
    at.is_some_and(|at| at.eq_ignore_ascii_case(host))
}

/// One host's REST API.
#[derive(Debug)]
pub(super) struct RestApi {
    kind: HostKind,
    host: String,
    at: Addresses,
    credential: Option<Credential>,
    http: Arc<Http>,
}

/// A call to a host's API that may change something.
pub struct Call<'a> {
    /// What the host is.
    pub kind: HostKind,
    /// The host.
    pub host: &'a str,
    /// `GET`, `POST`…
    pub method: &'a str,
    /// The path below the API's root, with a slash in front.
    pub path: &'a str,
    /// The body; `null` for none.
    pub body: &'a Value,
    /// A token in place of the one that is known for the host.
    pub token: Option<&'a str>,
}

/// What a call gave.
#[derive(Debug)]
pub(super) struct Rest<T> {
    /// What stands in the answer.
    pub(super) body: T,
    /// Its headers.
    pub(super) headers: HeaderMap,
    /// The time at the host.
    pub(super) date: SystemTime,
}

impl<T> Rest<T> {
    /// The number in the header `name`.
    pub(super) fn number(&self, name: &'static str) -> Option<usize> {
        text(&self.headers, name)?.trim().parse().ok()
    }
}

impl RestApi {
    /// The `host` of `kind`, as `config` and the environment know it.
    pub(super) async fn open(
        kind: HostKind,
        host: &str,
        config: &Config,
        env: &Env,
        http: Arc<Http>,
    ) -> Self {
        let credential = Credential::of(host, kind, config, env).await;
        let mut at = addresses(kind, host, config);
        if kind == HostKind::Gerrit && credential.is_some() {
            // Only behind this door it asks who we are.
            at.api.push_str("/a");
        }
        Self {
            kind,
            host: host.to_owned(),
            at,
            credential,
            http,
        }
    }

    /// The host's name, with a port where it has one.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// The address of its web pages, without a slash at the end.
    pub(super) fn web(&self) -> &str {
        &self.at.web
    }

    /// The address of the API, without a slash at the end.
    pub(super) fn base(&self) -> &str {
        &self.at.api
    }

    /// Whether there is a token.
    pub(super) fn is_signed_in(&self) -> bool {
        self.credential.is_some()
    }

    /// What carries the requests.
    pub(super) fn http(&self) -> &Http {
        &self.http
    }

    /// The JSON at the path of `parts`, each of which may hold slashes, with its headers.
    pub(super) async fn json<T: DeserializeOwned>(
        &self,
        parts: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Rest<T>, HostError> {
        let url = self.address(parts, query)?;
        self.ask(url.as_str(), |client| client.get(url.clone()))
            .await
    }

    /// The JSON that `request` to the address `place` gives. It is made again where the host says "later".
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        place: &str,
        request: impl Fn(&Client) -> RequestBuilder,
    ) -> Result<Rest<T>, HostError> {
        let Rest {
            body,
            headers,
            date,
        } = self.answer(place, MAX_ANSWER, request).await?;
        // Gerrit keeps scripts on other sites from reading its answers by what stands in front of them.
        let body = body.strip_prefix(b")]}'").unwrap_or(&body);
        let body = serde_json::from_slice(body).map_err(|error| HostError::Failed {
            place: place.to_owned(),
            reason: format!("its answer cannot be read: {error}"),
        })?;
        Ok(Rest {
            body,
            headers,
            date,
        })
    }

    /// The bytes at the path of `parts`, at most `limit`, with their headers. They are asked for anew each time: for hosts
    /// that count what is unchanged like all else, and for what is kept elsewhere.
    pub(super) async fn raw(
        &self,
        parts: &[&str],
        query: &[(&str, &str)],
        limit: u64,
    ) -> Result<Rest<Vec<u8>>, HostError> {
        let url = self.address(parts, query)?;
        self.answer(url.as_str(), limit, |client| client.get(url.clone()))
            .await
    }

    async fn answer(
        &self,
        place: &str,
        limit: u64,
        request: impl Fn(&Client) -> RequestBuilder,
    ) -> Result<Rest<Vec<u8>>, HostError> {
        let client = self.http.client()?;
        let answer = self
            .http
            .persistently(place, limit, || self.sign(request(client)))
            .await
            .map_err(|error| self.told(error))?;
        self.is_no_page(&answer)?;
        Ok(Rest {
            date: answer.date(),
            headers: answer.headers,
            body: answer.body,
        })
    }

    /// What stands at `url`, and whether it is there: what the host says of a thing that it has not is an answer, too.
    pub(super) async fn found(&self, url: &Url) -> Result<(bool, Vec<u8>), HostError> {
        let client = self.http.client()?;
        let seen = [StatusCode::NOT_FOUND];
        let request = || self.sign(client.get(url.clone()));
        let answer = self
            .http
            .persistently_seeing(&seen, url.as_str(), MAX_ANSWER, request)
            .await
            .map_err(|error| self.told(error))?;
        self.is_no_page(&answer)?;
        Ok((answer.status.is_success(), answer.body))
    }

    /// Makes sure that an answer is none for people: Azure DevOps shows whom it does not know its page for signing in, with
    /// the status 203, or 200 where it has led there.
    fn is_no_page(&self, answer: &Answer) -> Result<(), HostError> {
        let is_page = answer.status == StatusCode::NON_AUTHORITATIVE_INFORMATION
            || text(&answer.headers, "content-type")
                .is_some_and(|kind| kind.starts_with("text/html"));
        if self.kind == HostKind::Azure && is_page {
            return Err(self.not_signed_in("it answers with its page for signing in".to_owned()));
        }
        Ok(())
    }

    /// The bytes at the path of `parts`, from the cache where the host says that they are still the same.
    pub(super) async fn bytes(
        &self,
        parts: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Vec<u8>, HostError> {
        let url = self.address(parts, query)?;
        self.conditionally(&url, MAX_FILE, |request| request).await
    }

    /// The same of the address `url`, at most `limit` bytes; `with` adds headers.
    pub(super) async fn conditionally(
        &self,
        url: &Url,
        limit: u64,
        with: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Vec<u8>, HostError> {
        // Answers to a signed-in user are not those to the public.
        let who = match self.credential {
            Some(_) => "user",
            None => "public",
        };
        let account = format!("{who}@{}", self.host);
        self.http
            .get(url, &account, limit, |request| with(self.sign(request)))
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

    /// The status and answer of one call that may change something. Nothing is sent twice.
    pub(super) async fn change(&self, call: &Call<'_>) -> Result<(u16, Value), HostError> {
        let place = format!("{}{}", self.base(), call.path);
        let method = call.method.as_bytes();
        let method = Method::from_bytes(method).map_err(|error| HostError::Failed {
            place: place.clone(),
            reason: error.to_string(),
        })?;
        let request = self.http.client()?.request(method, &place);
        let mut request = match call.token {
            Some(token) => Credential {
                user: None,
                token: Secret::new(token),
            }
            .sign(self.kind, request),
            None => self.sign(request),
        };
        let accept = match self.kind {
            HostKind::Github => "application/vnd.github+json",
            _ => "application/json",
        };
        request = request.header("Accept", accept);
        if !call.body.is_null() {
            request = request.json(call.body);
        }
        let answer = self.http.exchange(&place, MAX_ANSWER, request).await?;
        self.is_no_page(&answer)?;
        let body = answer.body.strip_prefix(b")]}'").unwrap_or(&answer.body);
        let body = serde_json::from_slice(body).unwrap_or_default();
        Ok((answer.status.as_u16(), body))
    }

    /// The address of the path of `parts` below the API.
    pub(super) fn address(&self, parts: &[&str], query: &[(&str, &str)]) -> Result<Url, HostError> {
        let failed = |reason: String| HostError::Failed {
            place: self.base().to_owned(),
            reason,
        };
        let mut url = Url::parse(self.base()).map_err(|error| failed(error.to_string()))?;
        url.path_segments_mut()
            .map_err(|()| failed("is no address of an API".to_owned()))?
            .pop_if_empty()
            .extend(parts);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    /// `request` with the token, where there is one.
    pub(super) fn sign(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.credential {
            Some(credential) => credential.sign(self.kind, request),
            None => request,
        }
    }

    /// That this host does not let us, and what to do.
    pub(super) fn not_signed_in(&self, reason: String) -> HostError {
        HostError::NotSignedIn {
            host: self.host.clone(),
            reason,
            remedy: remedy_of(self.kind, &self.host),
        }
    }

    /// `error` with what helps at a host of this kind.
    pub(super) fn told(&self, error: HostError) -> HostError {
        match error {
            HostError::NotSignedIn { host, reason, .. } => HostError::NotSignedIn {
                remedy: remedy_of(self.kind, &self.host),
                host,
                reason,
            },
            error => error,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::*;

    async fn open(kind: HostKind, host: &str) -> RestApi {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("c.yaml");
        let text = "integrations: { gitlab: [{ host: a.dev, apiBaseUrl: 'https://a.dev/git/api/v4/', token: t }, { host: b.dev, apiBaseUrl: 'https://api.b.dev/api/v4', token: t }], github: [{ host: a.dev, apiBaseUrl: 'https://a.dev/api/v3/' }], gitea: [{ host: a.dev, baseUrl: 'https://a.dev/git/', username: u, password: p }], bitbucketServer: [{ host: d.dev, apiBaseUrl: 'https://d.dev/git/rest/api/1.0' }] }";
        std::fs::write(&file, text).unwrap();
        let env = Env::fixed(Path::new("/"), &[]);
        let config = Config::load(&[file], &env).unwrap();
        let http = Http::new(None, Arc::default(), Duration::ZERO);
        RestApi::open(kind, host, &config, &env, Arc::new(http)).await
    }

    #[tokio::test]
    async fn addresses_follow_the_host_and_the_configuration() {
        use HostKind::{BitbucketCloud, BitbucketServer, Gitea, Github, Gitlab};
        for (kind, host, web, api) in [
            (
                Github,
                "github.com",
                "https://github.com",
                "https://api.github.com",
            ),
            (
                Github,
                "x.ghe.com",
                "https://x.ghe.com",
                "https://api.x.ghe.com",
            ),
            (Github, "a.dev", "https://a.dev", "https://a.dev/api/v3"),
            (
                Github,
                "127.0.0.1:1",
                "http://127.0.0.1:1",
                "http://127.0.0.1:1/api/v3",
            ),
            (
                Gitlab,
                "gitlab.com",
                "https://gitlab.com",
                "https://gitlab.com/api/v4",
            ),
            (
                Gitlab,
                "a.dev",
                "https://a.dev/git",
                "https://a.dev/git/api/v4",
            ),
            (Gitlab, "b.dev", "https://b.dev", "https://api.b.dev/api/v4"),
            (
                Gitea,
                "a.dev",
                "https://a.dev/git",
                "https://a.dev/git/api/v1",
            ),
            (
                BitbucketCloud,
                "bitbucket.org",
                "https://bitbucket.org",
                "https://api.bitbucket.org/2.0",
            ),
            (
                BitbucketServer,
                "c.dev",
                "https://c.dev",
                "https://c.dev/rest/api/1.0",
            ),
            (
                BitbucketServer,
                "d.dev",
                "https://d.dev/git",
                "https://d.dev/git/rest/api/1.0",
            ),
        ] {
            let rest = open(kind, host).await;
            assert_eq!((rest.web(), rest.base()), (web, api), "{host}");
            assert!(!format!("{rest:?}").contains("\"t\""));
        }
        let rest = open(Gitlab, "gitlab.com").await;
        let url = rest.address(&["projects", "a/b", "x"], &[("ref", "f/x&y")]);
        assert_eq!(
            url.unwrap().as_str(),
            "https://gitlab.com/api/v4/projects/a%2Fb/x?ref=f%2Fx%26y"
        );
    }
}
