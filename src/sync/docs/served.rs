//! The docs of an entity as a running Backstage serves them: the pages of a finished site, brought whole or not at all.
//!
//! A site is asked for in as many requests as it has pages, and one more; as long as its build stays the same, that one is
//! all. The pages are kept as HTML, without what the theme puts around them.

use std::collections::BTreeMap;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde::Serialize;
use serde_json::{Value, json};
use xxhash_rust::xxh3::Xxh3;

use crate::catalog::Entity;
use crate::catalog::text::{clean, one_line};
use crate::host::HostError;
use crate::host::backstage::{BackstageHost, SiteMetadata};
use crate::store::{Page, Section};
use crate::techdocs::html::{self, SiteNav};
use crate::techdocs::{NavItem, Target, markdown, section};

use super::{MAX_SITE, SiteFiles};

/// How many pages are asked for at once.
const AT_ONCE: usize = 8;
/// The most pages of one site.
const MAX_PAGES: usize = 5_000;
/// The page that a site begins with.
const HOME: &str = "index.html";

/// What an instance has of an entity's docs.
#[derive(Debug)]
pub(super) enum Served {
    /// What is kept.
    Same,
    /// Something else.
    Site(SiteFiles),
}

/// What `host` tells of its build of the docs of `entity`, which it makes now where it has none and can.
pub(super) async fn built(
    host: &BackstageHost,
    entity: &Entity,
) -> Result<SiteMetadata, HostError> {
    match host.docs_metadata(entity).await {
        Err(HostError::NotFound { .. }) => {
            host.build_docs(entity).await?;
            host.docs_metadata(entity).await
        }
        answer => answer,
    }
}

/// The docs of `entity` that `metadata` tells of, unless they are those of the build `kept`.
pub(super) async fn served(
    host: &BackstageHost,
    entity: &Entity,
    metadata: SiteMetadata,
    kept: Option<&str>,
) -> Result<Served, HostError> {
    let revision = metadata.revision().map(|revision| marked(&revision));
    if revision.is_some() && revision.as_deref() == kept {
        return Ok(Served::Same);
    }
    let home = text(&host.docs_file(entity, HOME).await?);
    let nav = html::nav(&home, HOME);
    let mut pages = BTreeMap::from([(HOME.to_owned(), home)]);
    let mut wanted = if metadata.files.is_empty() {
        indexed(host, entity).await?
    } else {
        let files = metadata.files.iter();
        let pages = files.filter(|path| html::is_page_file(path) && *path != "404.html");
        pages.cloned().collect()
    };
    wanted.extend(nav.pages.iter().cloned());
    wanted.sort_unstable();
    wanted.dedup();
    wanted.retain(|path| path != HOME);
    if wanted.len() >= MAX_PAGES {
        return Err(HostError::Failed {
            place: entity.entity_ref.to_string(),
            reason: format!("its docs have more than {MAX_PAGES} pages"),
        });
    }
    let mut answers = stream::iter(wanted)
        .map(async |path| match host.docs_file(entity, &path).await {
            Ok(bytes) => Ok(Some((path, text(&bytes)))),
            // The nav may lead to what is no page of the site.
            Err(HostError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        })
        .buffered(AT_ONCE);
    let mut size = 0;
    while let Some(answer) = answers.try_next().await? {
        let Some((path, page)) = answer else { continue };
        let page = html::article(&page);
        size += page.len();
        if size > MAX_SITE {
            return Err(HostError::Failed {
                place: entity.entity_ref.to_string(),
                reason: format!("its docs hold more than {MAX_SITE} bytes"),
            });
        }
        pages.insert(path, page);
    }
    drop(answers);
    if let Some(home) = pages.get_mut(HOME) {
        *home = html::article(home);
    }
    let name = metadata.site_name.as_deref().map(one_line);
    let (entity_ref, digest) = (entity.entity_ref.clone(), digest(&pages));
    let site = SiteFiles {
        entity: entity_ref,
        config: config(&name.unwrap_or_default(), &nav),
        revision: revision.unwrap_or(digest),
        pages: pages_of(pages),
    };
    Ok(Served::Site(site))
}

/// The pages that the site's search knows: for builders that do not list their files.
async fn indexed(host: &BackstageHost, entity: &Entity) -> Result<Vec<String>, HostError> {
    let bytes = match host.docs_file(entity, "search/search_index.json").await {
        Ok(bytes) => bytes,
        Err(HostError::NotFound { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let index: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let entries = index.get("docs").and_then(Value::as_array);
    let locations = entries.into_iter().flatten();
    Ok(locations
        .filter_map(|entry| html::page_at(HOME, entry.get("location")?.as_str()?))
        .collect())
}

/// The pages as they are kept, with what full text finds of them.
fn pages_of(pages: BTreeMap<String, String>) -> Vec<Page> {
    let pages = pages.into_iter().map(|(path, text)| {
        let document = html::parse(&text);
        let sections = section::sections(&document).into_iter();
        let sections = sections.filter_map(|section| {
            let heading = section.heading.and_then(|at| document.headings.get(at));
            (heading.is_some() || !section.text.is_empty()).then(|| Section {
                heading: heading
                    .map(|heading| heading.text.clone())
                    .unwrap_or_default(),
                anchor: heading
                    .map(|heading| heading.slug.clone())
                    .unwrap_or_default(),
                text: section.text,
            })
        });
        Page {
            sections: sections.collect(),
            title: markdown::title_of(&document).unwrap_or_default(),
            path,
            text,
        }
    });
    pages.collect()
}

/// The `mkdocs.yml` that says what the site does of itself.
fn config(name: &str, nav: &SiteNav) -> String {
    #[derive(Serialize)]
    struct Config<'a> {
        site_name: &'a str,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        nav: Vec<Value>,
    }
    let config = Config {
        site_name: name,
        nav: nav.items.iter().map(line).collect(),
    };
    serde_yaml::to_string(&config).unwrap_or_default()
}

fn line(item: &NavItem) -> Value {
    let target: Value = match &item.target {
        Target::Page(path) | Target::Url(path) => path.as_str().into(),
        Target::Section(items) => items.iter().map(line).collect(),
    };
    json!({ item.title.as_str(): target })
}

fn text(bytes: &[u8]) -> String {
    clean(&String::from_utf8_lossy(bytes)).into_owned()
}

/// `revision`, told from what other versions of this program made of the same.
fn marked(revision: &str) -> String {
    format!("{} {revision}", env!("CARGO_PKG_VERSION"))
}

fn digest(pages: &BTreeMap<String, String>) -> String {
    let mut hash = Xxh3::new();
    for (path, text) in pages {
        hash.update(path.as_bytes());
        hash.update(text.as_bytes());
    }
    marked(&format!("{:016x}", hash.digest()))
}
