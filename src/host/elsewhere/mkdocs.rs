//! The `search_index.json` of a site that MkDocs made: one file, asked for again only where it changed.

use std::collections::BTreeMap;

use serde::Deserialize;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::plain::plain;
use super::{Found, MAX_ANSWER, MAX_PAGES, unreadable};
use crate::catalog::ElsewherePage;
use crate::host::HostError;
use crate::host::http::Http;

#[derive(Debug, Deserialize)]
struct Index {
    docs: Vec<Doc>,
}

#[derive(Debug, Deserialize)]
struct Doc {
    location: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
}

pub(super) async fn fetch(
    http: &Http,
    index: &Url,
    site: &Url,
    known: &BTreeMap<String, String>,
) -> Result<Found, HostError> {
    let bytes = http.get(index, "", MAX_ANSWER, |request| request).await?;
    let read: Index =
        serde_json::from_slice(&bytes).map_err(|error| unreadable(index.as_str(), &error))?;
    Ok(pages(read, site, known))
}

fn pages(index: Index, site: &Url, known: &BTreeMap<String, String>) -> Found {
    let titles: BTreeMap<String, String> = index
        .docs
        .iter()
        .filter(|doc| !doc.location.contains('#'))
        .map(|doc| (doc.location.clone(), plain(&doc.title)))
        .collect();
    let mut found = Found::default();
    for doc in index.docs.into_iter().take(MAX_PAGES) {
        let version = format!(
            "{:016x}",
            xxh3_64(format!("{}\0{}", doc.title, doc.text).as_bytes())
        );
        // What leads to another site is none of this one's pages.
        let url = site.join(&doc.location).ok();
        let Some(url) = url.filter(|url| url.origin() == site.origin()) else {
            continue;
        };
        if known.get(&doc.location) != Some(&version) {
            let page = doc.location.split('#').next().unwrap_or_default();
            let (title, heading) = match titles.get(page) {
                Some(title) if doc.location.contains('#') => (title.clone(), plain(&doc.title)),
                _ => (plain(&doc.title), String::new()),
            };
            found.pages.push(ElsewherePage {
                key: doc.location.clone(),
                version,
                url: url.to_string(),
                title,
                heading,
                text: plain(&doc.text),
            });
        }
        found.keys.push(doc.location);
    }
    found
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn sections_bear_the_title_of_their_page_and_only_changes_are_brought() {
        let json = r#"{"config": {"lang": ["en"]}, "docs": [
            {"location": "ops/", "title": "Operations", "text": "All of it"},
            {"location": "ops/#rota", "title": "Rota", "text": "<p>Who is <em>next</em></p>"},
            {"location": "https://elsewhere.dev/", "title": "x", "text": "x"}]}"#;
        let site: Url = "https://docs.acme.dev/handbook/".parse().unwrap();
        let read = || serde_json::from_str::<Index>(json).unwrap();
        let found = pages(read(), &site, &BTreeMap::new());
        assert_eq!(found.keys, ["ops/", "ops/#rota"]);
        let rota = &found.pages[1];
        assert_eq!(rota.url, "https://docs.acme.dev/handbook/ops/#rota");
        assert_eq!(
            (rota.title.as_str(), rota.heading.as_str()),
            ("Operations", "Rota")
        );
        assert_eq!(rota.text, "Who is next");
        let known = found
            .pages
            .iter()
            .map(|page| (page.key.clone(), page.version.clone()));
        let again = pages(read(), &site, &known.collect());
        assert_eq!((again.keys.len(), again.pages.len()), (2, 0));
    }
}
