//! What several sources lead to, each read over its own connection, as one catalog.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use super::docs::collect;
use super::reader::HostReader;
use super::source::Gave;
use super::{SyncError, codeowners, templates};
use crate::host::Connection;
use crate::ingest::{self, Located, Root};

/// The roots of a source, and what reads what they lead to.
pub(super) struct Part {
    pub(super) roots: Vec<Root>,
    pub(super) connection: Arc<Connection>,
    pub(super) options: ingest::Options,
    /// The name of the source.
    pub(super) source: String,
    /// How the `CODEOWNERS` of its repositories are come by.
    pub(super) code_owners: codeowners::Known,
    /// Whether the docs of its entities come along.
    pub(super) with_docs: bool,
}

/// Reads the roots of all `parts` and what they lead to, as one catalog.
pub(super) async fn ingest(
    parts: Vec<Part>,
    cancel: &CancellationToken,
) -> Result<Gave, SyncError> {
    let handle = Handle::current();
    let token = cancel.clone();
    let work = tokio::task::spawn_blocking(move || read(parts, &handle, &token));
    let gave = work.await?;
    if cancel.is_cancelled() {
        return Err(SyncError::Cancelled);
    }
    Ok(gave)
}

fn read(mut parts: Vec<Part>, handle: &Handle, cancel: &CancellationToken) -> Gave {
    let roots: Vec<_> = parts
        .iter_mut()
        .map(|part| std::mem::take(&mut part.roots))
        .collect();
    let mut gathered = Vec::with_capacity(parts.len());
    let mut readers = Vec::with_capacity(parts.len());
    for (part, roots) in parts.iter().zip(roots) {
        let reader = HostReader::new(&part.connection, handle.clone(), cancel);
        gathered.push(ingest::gather(roots, &reader, &part.options));
        readers.push((part, reader));
    }
    let mut gave = Gave {
        ingested: ingest::join(gathered),
        ..Gave::default()
    };
    codeowners::attach(&mut gave.ingested, &readers);
    let entities: Vec<_> = gave.ingested.entities.iter().map(|i| &i.entity).collect();
    // A source alone has all that was found.
    let several = if parts.len() > 1 { &*entities } else { &[] };
    let sources: HashMap<_, _> = several
        .iter()
        .map(|entity| (&entity.entity_ref, &entity.provenance.source))
        .collect();
    let mut found = Vec::new();
    for (part, reader) in &readers {
        let is_own = |entity_ref| sources.get(entity_ref).is_none_or(|s| **s == part.source);
        let templates: Vec<&Located> = gave
            .ingested
            .templates
            .iter()
            .filter(|template| is_own(&template.entity_ref))
            .collect();
        found.append(&mut templates::check(&templates, reader));
        if part.with_docs {
            let own = entities.iter().copied();
            let own: Vec<_> = own.filter(|entity| is_own(&entity.entity_ref)).collect();
            let mut docs = collect(&own, reader);
            found.append(&mut docs.failures);
            found.append(&mut docs.findings);
            gave.docs.sites.append(&mut docs.sites);
        }
    }
    gave.ingested.problems.append(&mut found);
    for (_, reader) in readers {
        let (mut local_files, passing) = reader.outcome();
        gave.local_files.append(&mut local_files);
        gave.passing.hosts.extend(passing.hosts);
        gave.passing.own = gave.passing.own.or(passing.own);
    }
    gave
}
