//! A running Backstage: its catalog, asked for page by page by its REST API (`@backstage/plugin-catalog-backend`).
//!
//! The token is the configuration's, else that of the environment where the set has one instance only, so that no other
//! is ever shown it. Where there is none, and the instance wants one, it is asked to let a guest in. What another host
//! answers, to which it sends us to sign in, counts as a refusal.

mod docs;
mod request;
mod tasks;
mod templates;

use std::fmt;
use std::sync::Arc;

use reqwest::RequestBuilder;
use reqwest::header::ACCEPT;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;

use super::http::Http;
use super::{Context, HostError};
use crate::config::{Instance, Secret, Source};
pub use docs::SiteMetadata;
pub use request::{ApiAnswer, ApiRequest};
pub use tasks::{Beside, TaskEvent};

/// The variable that holds the token of the one instance there is.
const VARIABLE: &str = "BACKSTAGE_TOKEN";
/// The largest answer that is read, in bytes.
const MAX_ANSWER: u64 = 64 << 20;

/// How one is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    /// By the token in the configuration.
    Configured,
    /// By the token in the environment.
    Environment,
    /// As a guest, who is given a token.
    Guest,
    /// As anybody: it wants no token.
    Nobody,
}

impl fmt::Display for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Configured => "by the token in the configuration",
            Self::Environment => "by the token in BACKSTAGE_TOKEN",
            Self::Guest => "as a guest",
            Self::Nobody => "without a token",
        })
    }
}

/// One running Backstage.
#[derive(Debug)]
pub struct BackstageHost {
    base_url: String,
    host: String,
    /// The token that was given to us, and by whom.
    token: Option<(SignIn, Secret)>,
    /// The token that a guest was given.
    guest: Mutex<Option<Secret>>,
    http: Arc<Http>,
}

/// What is asked for of each entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fields {
    /// Everything.
    All,
    /// Its id, and the tag that tells one state of it from the next.
    Tags,
}

/// One page of the catalog.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EntityPage {
    /// The entities, as the instance has processed them.
    pub items: Vec<Value>,
    /// How many there are in all that we may see.
    #[serde(rename = "totalItems")]
    pub total: usize,
    page_info: PageInfo,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    next_cursor: Option<String>,
}

/// What a guest is given.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Guest {
    backstage_identity: Identity,
}

#[derive(Deserialize)]
struct Identity {
    token: String,
}

impl EntityPage {
    /// The cursor of the next page, where there is one.
    pub fn next(&self) -> Option<&str> {
        self.page_info.next_cursor.as_deref()
    }
}

impl BackstageHost {
    /// The way to `instance`, as `context` knows it.
    pub(super) fn new(instance: &Instance, context: &Context, http: Arc<Http>) -> Self {
        let configured = context
            .config
            .backstage
            .iter()
            .find(|known| known.instance.base_url == instance.base_url)
            .and_then(|known| known.token.clone());
        let mut instances = context
            .sources
            .iter()
            .filter(|source| matches!(source, Source::Backstage(_)));
        let is_alone = instances.next().is_some() && instances.next().is_none();
        let environment = context.env.get(VARIABLE).filter(|_| is_alone);
        let token = configured
            .map(|token| (SignIn::Configured, token))
            .or_else(|| environment.map(|token| (SignIn::Environment, Secret::new(token))));
        Self {
            base_url: instance.base_url.clone(),
            host: instance.host(),
            token,
            guest: Mutex::default(),
            http,
        }
    }

    /// Its address, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// How we were let in.
    pub async fn sign_in(&self) -> SignIn {
        match &self.token {
            Some((sign_in, _)) => *sign_in,
            None if self.guest.lock().await.is_some() => SignIn::Guest,
            None => SignIn::Nobody,
        }
    }

    /// The `fields` of at most `size` entities, from `cursor` on, in the order of their ids, which no change disturbs.
    pub async fn page(
        &self,
        cursor: Option<&str>,
        size: usize,
        fields: Fields,
    ) -> Result<EntityPage, HostError> {
        let mut url = self.url("/api/catalog/entities/by-query")?;
        let mut query = url.query_pairs_mut();
        query.append_pair("limit", &size.to_string());
        match cursor {
            Some(cursor) => query.append_pair("cursor", cursor),
            // Its own cursors are refused where the direction is left out.
            None => query.append_pair("orderField", "metadata.uid,asc"),
        };
        if fields == Fields::Tags {
            query.append_pair("fields", "metadata.uid,metadata.etag");
        }
        drop(query);
        self.signed_in(&url, |client| client.get(url.clone())).await
    }

    /// Like [`BackstageHost::ask`]; where that is refused for want of a token, again with a new one as a guest.
    async fn signed_in<T: DeserializeOwned>(
        &self,
        place: &Url,
        request: impl Fn(&reqwest::Client) -> RequestBuilder,
    ) -> Result<T, HostError> {
        let bytes = self.bytes(place, "application/json", request).await?;
        Self::read(place, &bytes)
    }

    /// What `request` for `place` is answered; where it is refused for want of a token, again with a new one as a guest.
    async fn bytes(
        &self,
        place: &Url,
        accept: &'static str,
        request: impl Fn(&reqwest::Client) -> RequestBuilder,
    ) -> Result<Vec<u8>, HostError> {
        let token = self.token().await;
        match self.ask(place, token.as_ref(), accept, &request).await {
            Err(HostError::NotSignedIn { .. }) if self.token.is_none() => {
                let token = self.new_guest().await?;
                self.ask(place, Some(&token), accept, &request).await
            }
            answer => answer,
        }
    }

    /// The token that is sent now, where there is one.
    async fn token(&self) -> Option<Secret> {
        match &self.token {
            Some((_, token)) => Some(token.clone()),
            None => self.guest.lock().await.clone(),
        }
    }

    /// Signs in anew as a guest.
    async fn new_guest(&self) -> Result<Secret, HostError> {
        let token = self.ask_for_guest().await?;
        *self.guest.lock().await = Some(token.clone());
        Ok(token)
    }

    /// A token for a guest, where it lets guests in (`@backstage/plugin-auth-backend-module-guest-provider`).
    async fn ask_for_guest(&self) -> Result<Secret, HostError> {
        let url = self.url("/api/auth/guest/refresh")?;
        let request = |client: &reqwest::Client| {
            client
                .get(url.clone())
                .header("X-Requested-With", "XMLHttpRequest")
        };
        let answer = self.ask(&url, None, "application/json", &request).await;
        let guest: Result<Guest, HostError> = answer.and_then(|bytes| Self::read(&url, &bytes));
        match guest {
            Ok(guest) => Ok(Secret::new(guest.backstage_identity.token)),
            Err(error) if error.is_passing() && !matches!(error, HostError::NotSignedIn { .. }) => {
                Err(error)
            }
            Err(_) => Err(self.refused("it wants a token and lets no guest in")),
        }
    }

    /// What `request` for `place` is answered, in the form of `accept`.
    async fn ask(
        &self,
        place: &Url,
        token: Option<&Secret>,
        accept: &'static str,
        request: &impl Fn(&reqwest::Client) -> RequestBuilder,
    ) -> Result<Vec<u8>, HostError> {
        let client = self.http.client()?;
        let name = name_of(place);
        let answer = self.http.send(&name, MAX_ANSWER, || {
            let request = request(client).header(ACCEPT, accept);
            match token {
                Some(token) => request.bearer_auth(token.expose()),
                None => request,
            }
        });
        let answer = answer.await.map_err(|error| match error {
            HostError::NotSignedIn { reason, .. } => self.refused(&reason),
            // Fewer at once will be less.
            HostError::TooLarge { place, limit } => HostError::Overloaded {
                place,
                reason: format!("its answer is larger than {limit} bytes"),
            },
            error => error,
        })?;
        if let Some(other) = answer.host.filter(|host| *host != self.host) {
            return Err(self.refused(&format!("it sends us to {other}")));
        }
        Ok(answer.body)
    }

    /// What stands in an answer.
    fn read<T: DeserializeOwned>(place: &Url, bytes: &[u8]) -> Result<T, HostError> {
        serde_json::from_slice(bytes).map_err(|error| HostError::Failed {
            place: name_of(place),
            reason: format!("what it answers is not from a Backstage ({error}); check the address of the instance"),
        })
    }

    /// The error for who is not let in.
    pub fn refused(&self, reason: &str) -> HostError {
        let reason = match &self.token {
            Some((sign_in, _)) => format!("{reason}, asked {sign_in}"),
            None => reason.to_owned(),
        };
        HostError::NotSignedIn {
            host: self.host.clone(),
            reason,
            remedy: format!(
                "put a token for it under stagedoor.backstage in the configuration, or in {VARIABLE}"
            ),
        }
    }

    fn url(&self, path: &str) -> Result<Url, HostError> {
        Url::parse(&format!("{}{path}", self.base_url)).map_err(|error| HostError::Failed {
            place: self.base_url.clone(),
            reason: format!("is no address: {error}"),
        })
    }
}

/// What a place is called in messages: a cursor says nothing to people.
fn name_of(place: &Url) -> String {
    let mut name = place.clone();
    name.set_query(None);
    name.to_string()
}
