//! Bringing the texts that are not known yet, in batches as large as the host carries.

use std::collections::{BTreeSet, HashMap};

use crate::catalog::codeowners::CodeOwners;
use crate::config::Provider;
use crate::host::repositories::RepositoryHost;
use crate::host::{HostError, Wanted};
use crate::store::Store;

use super::SyncError;
use super::size::{Load, Size};

/// How many files of one path are asked for alone, though others are waiting.
const WORTH_A_REQUEST: usize = 20;

/// What bringing texts came to.
#[derive(Debug, Default)]
pub(in crate::sync) struct Brought {
    /// How many there were to bring.
    pub(in crate::sync) fetched: usize,
    /// Whether some could not be had: what was read there before stays.
    pub(in crate::sync) is_incomplete: bool,
    /// The `CODEOWNERS` among them, by the addresses of their repositories.
    pub(in crate::sync) code_owners: HashMap<String, CodeOwners>,
    /// Why, unless they went while they were looked for.
    pub(in crate::sync) failure: Option<HostError>,
}

/// Brings the texts among `wanted` that are not kept yet (all of them where `full`), and keeps each batch as it comes.
pub(in crate::sync) async fn bring(
    host: &impl RepositoryHost,
    provider: &Provider,
    store: &Store,
    wanted: &[&Wanted],
    full: bool,
    tell: impl Fn(usize, usize),
) -> Result<Brought, SyncError> {
    let ids: Vec<&str> = wanted.iter().map(|wanted| wanted.blob.as_str()).collect();
    let unknown: BTreeSet<&str> = store.unknown_blobs(&ids)?.into_iter().collect();
    let mut seen = BTreeSet::new();
    let mut missing: Vec<&Wanted> = wanted
        .iter()
        .copied()
        .filter(|wanted| full || unknown.contains(wanted.blob.as_str()))
        .filter(|wanted| seen.insert(wanted.blob.as_str()))
        .collect();
    // Files of one path are cheaper to ask for together.
    missing.sort_by(|a, b| (&a.path, &a.name).cmp(&(&b.path, &b.name)));
    let mut size = Size::learned(store, &provider.host, Load::Texts, host.sizes().batch)?;
    let mut brought = Brought {
        fetched: missing.len(),
        ..Brought::default()
    };
    let mut rest = missing.as_slice();
    while !rest.is_empty() {
        tell(missing.len() - rest.len(), missing.len());
        let mut asked = 0;
        let together = together(rest);
        let ask = async |size: usize| {
            let now: Vec<&Wanted> = rest.iter().copied().take(size.min(together)).collect();
            asked = now.len();
            host.texts(&now).await
        };
        let texts = match size.adapt(ask).await {
            Ok(texts) => texts,
            Err(error) => {
                brought.is_incomplete = true;
                brought.failure = Some(error);
                break;
            }
        };
        let (now, later) = rest.split_at(asked.min(rest.len()));
        rest = later;
        let mut blobs: Vec<(&str, &[u8])> = Vec::with_capacity(now.len());
        for (wanted, text) in now.iter().zip(&texts) {
            match text {
                Ok(text) => blobs.push((wanted.blob.as_str(), text.as_ref())),
                Err(error) => {
                    brought.is_incomplete |= unknown.contains(wanted.blob.as_str());
                    if !matches!(error, HostError::NotFound { .. }) {
                        brought.failure = brought.failure.or_else(|| Some(error.clone()));
                    }
                }
            }
        }
        store.keep_blobs(&blobs)?;
    }
    tell(missing.len() - rest.len(), missing.len());
    size.keep(store)?;
    Ok(brought)
}

/// How many of `wanted`, which go by path, are asked for together: those of one path where they are worth a request.
fn together(wanted: &[&Wanted]) -> usize {
    let path = wanted.first().map(|wanted| &wanted.path);
    let alike = wanted
        .iter()
        .take_while(|wanted| Some(&wanted.path) == path)
        .count();
    if alike >= WORTH_A_REQUEST {
        alike
    } else {
        wanted.len()
    }
}
