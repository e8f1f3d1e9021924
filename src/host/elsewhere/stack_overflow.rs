//! The questions of a Stack Overflow, as Backstage's collator asks for them, with their texts.

use std::collections::BTreeMap;

use serde::Deserialize;
use url::Url;

use super::plain::plain;
use super::{Found, MAX_ANSWER, unreadable};
use crate::catalog::ElsewherePage;
use crate::config::Secret;
use crate::host::HostError;
use crate::host::http::Http;

/// The most parts of a list that are asked for; Backstage asks for as many.
const MAX_PARTS: usize = 100;
/// How many questions are asked for at once, and that their texts are wanted, unless the configuration says otherwise.
const USUAL: [(&str, &str); 2] = [("pagesize", "100"), ("filter", "withbody")];

/// What is asked, and of whom.
pub(super) struct Asks<'a> {
    pub(super) base: &'a Url,
    pub(super) key: Option<&'a Secret>,
    pub(super) token: Option<&'a Secret>,
    pub(super) parameters: &'a [(String, String)],
}

#[derive(Debug, Deserialize)]
struct Answer {
    #[serde(default)]
    items: Vec<Question>,
    #[serde(default)]
    has_more: bool,
}

#[derive(Debug, Deserialize)]
struct Question {
    #[serde(rename = "question_id")]
    id: u64,
    title: String,
    link: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    last_activity_date: u64,
}

pub(super) async fn fetch(
    http: &Http,
    asks: &Asks<'_>,
    known: &BTreeMap<String, String>,
) -> Result<Found, HostError> {
    let mut place = asks.base.clone();
    place.set_path(&format!(
        "{}/questions",
        asks.base.path().trim_end_matches('/')
    ));
    let mut found = Found::default();
    for part in 1..=MAX_PARTS {
        let url = address(&place, asks, part);
        let client = http.client()?;
        // The key is in the address, so that is in no message.
        let answer = http
            .persistently(place.as_str(), MAX_ANSWER, || {
                let request = client.get(url.clone());
                match asks.token {
                    Some(token) => request.header("X-API-Access-Token", token.expose()),
                    None => request,
                }
            })
            .await?;
        let answer: Answer = serde_json::from_slice(&answer.body)
            .map_err(|error| unreadable(place.as_str(), &error))?;
        for question in answer.items {
            let key = question.id.to_string();
            let version = question.last_activity_date.to_string();
            if known.get(&key) != Some(&version) {
                found.pages.push(ElsewherePage {
                    key: key.clone(),
                    version,
                    url: question.link,
                    title: plain(&question.title),
                    heading: question.tags.join(" "),
                    text: plain(&question.body),
                });
            }
            found.keys.push(key);
        }
        if !answer.has_more {
            break;
        }
    }
    Ok(found)
}

fn address(place: &Url, asks: &Asks<'_>, part: usize) -> Url {
    let mut url = place.clone();
    let given = |name: &str| asks.parameters.iter().any(|(given, _)| given == name);
    {
        let mut pairs = url.query_pairs_mut();
        pairs.extend_pairs(asks.parameters);
        pairs.extend_pairs(USUAL.iter().filter(|(name, _)| !given(name)));
        if let Some(key) = asks.key {
            pairs.append_pair("key", key.expose());
        }
        pairs.append_pair("page", &part.to_string());
    }
    url
}
