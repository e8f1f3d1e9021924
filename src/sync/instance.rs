//! Reading the catalog of a running Backstage.
//!
//! All pages or nothing: what breaks off in the middle changes nothing, and so does an instance that shows less than it
//! says it has.

use crate::host::HostError;
use crate::host::backstage::{BackstageHost, EntityPage};
use crate::ingest::{Ingested, Processed};

use super::SyncError;
use super::refresh::Size;

/// How many entities are asked for at once.
const PAGE: usize = 500;
/// The most pages there are: more than any catalog has at the least size.
const MAX_PAGES: usize = 100_000;

/// What `host`, the source named `source`, shows. `tell` is told how many entities there are by now, of how many.
pub(super) async fn read(
    host: &BackstageHost,
    source: &str,
    tell: impl Fn(usize, usize),
) -> Result<Ingested, SyncError> {
    let mut processed = Processed::new(source, host.base_url());
    let mut size = Size::new(PAGE);
    let mut cursor: Option<String> = None;
    let mut total = 0;
    let failed = |reason: String| {
        SyncError::Host(HostError::Failed {
            place: host.base_url().to_owned(),
            reason,
        })
    };
    for _ in 0..MAX_PAGES {
        let ask = async |size| host.page(cursor.as_deref(), size).await;
        let page = size.adapt(ask).await?;
        let next = page.next().map(str::to_owned);
        total = total.max(page.total);
        let before = processed.len();
        let EntityPage { items, .. } = page;
        for entity in items {
            processed.add(entity);
        }
        tell(processed.len(), total);
        let Some(next) = next else {
            return whole(host, processed, total).await;
        };
        if processed.len() == before || Some(&next) == cursor.as_ref() {
            return Err(failed(format!(
                "gives the same entities again after {before}; nothing was changed, try again later"
            )));
        }
        cursor = Some(next);
    }
    Err(failed(format!(
        "has more than {MAX_PAGES} pages of entities"
    )))
}

/// What was `processed`, where that is all there is.
async fn whole(
    host: &BackstageHost,
    processed: Processed,
    told: usize,
) -> Result<Ingested, SyncError> {
    // Who may see nothing is shown an empty catalog, and no other word.
    if processed.is_empty() {
        return Err(SyncError::Host(host.refused("it shows no entity")));
    }
    // Entities may have gone since the first page said how many there are.
    if processed.len() < told
        && let total = host.page(None, 0).await?.total
        && processed.len() < total
    {
        return Err(SyncError::Host(HostError::Overloaded {
            place: host.base_url().to_owned(),
            reason: format!("it gave {} of {total} entities", processed.len()),
        }));
    }
    Ok(tokio::task::spawn_blocking(move || processed.finish()).await?)
}
