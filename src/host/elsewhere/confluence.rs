//! A Confluence by its REST API, as Backstage's collator asks it: a list of what a query finds, with versions; then the
//! texts of what changed, several at a time.

use std::collections::BTreeMap;

use reqwest::RequestBuilder;
use serde::Deserialize;
use url::Url;

use super::plain::plain;
use super::{Found, MAX_ANSWER, MAX_PAGES, unreadable};
use crate::catalog::ElsewherePage;
use crate::config::Account;
use crate::host::HostError;
use crate::host::http::Http;

/// How many entries of the list are asked for at once.
const LISTED: &str = "200";
/// How many texts are asked for at once: the API gives no more with their bodies.
const AT_ONCE: usize = 25;

#[derive(Debug, Deserialize)]
struct Answer {
    #[serde(default)]
    results: Vec<Content>,
    #[serde(rename = "_links", default)]
    links: Links,
}

#[derive(Debug, Default, Deserialize)]
struct Links {
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Content {
    id: String,
    #[serde(default)]
    title: String,
    version: Option<Version>,
    space: Option<Space>,
    #[serde(default)]
    ancestors: Vec<Ancestor>,
    body: Option<Body>,
    #[serde(rename = "_links", default)]
    links: PageLinks,
}

#[derive(Debug, Deserialize)]
struct Version {
    #[serde(default)]
    when: String,
}

#[derive(Debug, Deserialize)]
struct Space {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Ancestor {
    #[serde(default)]
    title: String,
}

#[derive(Debug, Deserialize)]
struct Body {
    storage: Option<Storage>,
}

#[derive(Debug, Deserialize)]
struct Storage {
    #[serde(default)]
    value: String,
}

#[derive(Debug, Default, Deserialize)]
struct PageLinks {
    webui: Option<String>,
}

/// One Confluence and who asks it.
struct Api<'a> {
    http: &'a Http,
    base: &'a Url,
    account: &'a Account,
}

pub(super) async fn fetch(
    http: &Http,
    base: &Url,
    account: &Account,
    query: &str,
    known: &BTreeMap<String, String>,
) -> Result<Found, HostError> {
    let api = Api {
        http,
        base,
        account,
    };
    let mut found = Found::default();
    let mut changed = Vec::new();
    let mut next = Some(api.search(query, LISTED, "version"));
    while let Some(url) = next {
        let answer = api.get(&url).await?;
        let is_empty = answer.results.is_empty();
        for content in answer.results {
            let version = content
                .version
                .map(|version| version.when)
                .unwrap_or_default();
            if version.is_empty() || known.get(&content.id) != Some(&version) {
                changed.push(content.id.clone());
            }
            found.keys.push(content.id);
        }
        next = match answer.links.next {
            Some(link) if !is_empty && found.keys.len() < MAX_PAGES => Some(api.follow(&link)?),
            _ => None,
        };
    }
    for ids in changed.chunks(AT_ONCE) {
        let these = format!("id in ({})", ids.join(","));
        let limit = AT_ONCE.to_string();
        let url = api.search(&these, &limit, "version,space,ancestors,body.storage");
        let answer = api.get(&url).await?;
        found
            .pages
            .extend(answer.results.into_iter().map(|content| api.page(content)));
    }
    Ok(found)
}

impl Api<'_> {
    fn search(&self, query: &str, limit: &str, expand: &str) -> Url {
        let mut url = self.below("/rest/api/content/search");
        url.query_pairs_mut()
            .append_pair("cql", query)
            .append_pair("limit", limit)
            .append_pair("expand", expand);
        url
    }

    fn below(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        url
    }

    /// The address of the next part of a list: a path below the base. The token goes nowhere else.
    fn follow(&self, link: &str) -> Result<Url, HostError> {
        let (path, query) = link.split_once('?').unwrap_or((link, ""));
        let astray = || HostError::Failed {
            place: self.base.to_string(),
            reason: "the next part of its list is said to be on another host".to_owned(),
        };
        if !path.starts_with('/') || path.starts_with("//") {
            let url = Url::parse(link).map_err(|_| astray())?;
            return (url.origin() == self.base.origin())
                .then_some(url)
                .ok_or_else(astray);
        }
        let context = self.base.path().trim_end_matches('/');
        // Some versions say the path of the whole address.
        let path = path
            .strip_prefix(context)
            .filter(|rest| rest.starts_with("/rest/"))
            .unwrap_or(path);
        let mut url = self.below(path);
        url.set_query(Some(query).filter(|query| !query.is_empty()));
        Ok(url)
    }

    async fn get(&self, url: &Url) -> Result<Answer, HostError> {
        let prepare = |request: RequestBuilder| match self.account {
            Account::Bearer(token) => request.bearer_auth(token.expose()),
            Account::Basic(user, password) => request.basic_auth(user, Some(password.expose())),
        };
        // The host is named in what is told, not the query with its cursors.
        let place = self.below("/rest/api/content/search");
        let client = self.http.client()?;
        let answer = self
            .http
            .persistently(place.as_str(), MAX_ANSWER, || {
                prepare(client.get(url.clone()))
            })
            .await?;
        serde_json::from_slice(&answer.body).map_err(|error| unreadable(place.as_str(), &error))
    }

    fn page(&self, content: Content) -> ElsewherePage {
        let space = content.space.map(|space| space.name);
        let above = content.ancestors.into_iter().map(|ancestor| ancestor.title);
        let heading: Vec<String> = space
            .into_iter()
            .chain(above)
            .filter(|part| !part.is_empty())
            .collect();
        let link = content.links.webui.unwrap_or_default();
        // A page is read where it was found, whatever its link says of another host.
        let url = if link.starts_with('/') {
            let (path, query) = link.split_once('?').unwrap_or((&link, ""));
            let mut url = self.below(path);
            url.set_query(Some(query).filter(|query| !query.is_empty()));
            url
        } else {
            let mut url = self.below("/pages/viewpage.action");
            url.query_pairs_mut().append_pair("pageId", &content.id);
            url
        };
        ElsewherePage {
            version: content
                .version
                .map(|version| version.when)
                .unwrap_or_default(),
            url: url.to_string(),
            title: content.title,
            heading: heading.join(" › "),
            text: plain(
                &content
                    .body
                    .and_then(|body| body.storage)
                    .map(|storage| storage.value)
                    .unwrap_or_default(),
            ),
            key: content.id,
        }
    }
}
