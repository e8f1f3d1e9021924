//! Pages beside the catalog: the search index of a site that MkDocs made, a Confluence, a Stack Overflow.
//!
//! All of them are asked when sources are read, not while somebody types: what was read is found offline and at once, and
//! no host hears what is looked for.

mod confluence;
mod mkdocs;
mod plain;
mod stack_overflow;

use std::collections::BTreeMap;

use crate::catalog::ElsewherePage;
use crate::catalog::text::{clean, one_line};
use crate::config::{Elsewhere, ElsewhereKind};

use super::HostError;
use super::connection::Context;
use super::http::Http;

/// The most pages that are kept of one source.
const MAX_PAGES: usize = 50_000;
/// The largest answer that is read, in bytes.
const MAX_ANSWER: u64 = 64 << 20;

/// What a source has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// The keys of all its pages.
    pub keys: Vec<String>,
    /// The pages that are new or changed.
    pub pages: Vec<ElsewherePage>,
}

/// What `source` has; of the pages that are `known`, with their versions, only what changed is brought.
pub async fn fetch(
    source: &Elsewhere,
    known: &BTreeMap<String, String>,
    context: &Context,
) -> Result<Found, HostError> {
    let http = Http::new(
        context.cache.clone(),
        context.budgets.clone(),
        context.patience,
    );
    let shared = |http: Http| http.over(&context.lines).trusting(&context.config);
    let mut found = match &source.kind {
        ElsewhereKind::MkDocs { index, site } => {
            mkdocs::fetch(&shared(http), index, site, known).await?
        }
        ElsewhereKind::Confluence {
            base,
            account,
            query,
        } => confluence::fetch(&shared(http), base, account, query, known).await?,
        ElsewhereKind::StackOverflow {
            base,
            key,
            token,
            parameters,
        } => {
            let asks = stack_overflow::Asks {
                base,
                key: key.as_ref(),
                token: token.as_ref(),
                parameters,
            };
            // Its token travels in a header that a client would take along to another host.
            let http = http.trusting(&context.config).staying(base)?;
            stack_overflow::fetch(&http, &asks, known).await?
        }
    };
    // What leads to no web page could be opened as something else.
    found
        .pages
        .retain(|page| page.url.starts_with("https://") || page.url.starts_with("http://"));
    for page in &mut found.pages {
        page.title = one_line(&page.title);
        page.heading = one_line(&page.heading);
        page.text = clean(&page.text).into_owned();
        page.url = one_line(&page.url);
    }
    Ok(found)
}

/// An answer that is not what it should be.
fn unreadable(place: &str, error: &serde_json::Error) -> HostError {
    HostError::Failed {
        place: place.to_owned(),
        reason: format!("its answer is not what it should be: {error}"),
    }
}
