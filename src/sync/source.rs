//! One source: what it holds is found, brought, and read as entities.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::config::Source;
use crate::host::{Connection, File, Found, HostError, Wanted};
use crate::ingest::{self, Ingested, Root, Standing};
use crate::store::Store;

use super::docs::{Collected, collect, comes_along};
use super::reader::{HostReader, Passing, location, source_file};
use super::{OnProgress, Phase, Progress, SyncError, templates};

/// How many texts are asked for before they are kept, so that an interrupted sync has them next time.
const TEXTS_AT_ONCE: usize = 500;

/// What a source gave.
#[derive(Debug, Default)]
pub(super) struct Gave {
    /// What ingest made of it.
    pub(super) ingested: Ingested,
    /// The docs of its entities, where they come along.
    pub(super) docs: Collected,
    /// How many texts were brought because they were not known yet.
    pub(super) fetched: usize,
    /// The local files that were read.
    pub(super) local_files: BTreeSet<PathBuf>,
    /// What could not be read for now: what it gave before must stay.
    pub(super) passing: Passing,
}

/// What reading a source needs besides the source.
pub(super) struct Work<'a> {
    /// The source.
    pub(super) source: &'a Source,
    /// The way to it.
    pub(super) connection: Arc<Connection>,
    /// Where texts are kept by their object ids.
    pub(super) store: Arc<Store>,
    /// How ingest reads.
    pub(super) options: ingest::Options,
    /// Whether the configuration names the source.
    pub(super) configured: bool,
    /// Whether texts that are kept already are asked for again.
    pub(super) full: bool,
}

impl Work<'_> {
    /// Finds, brings and reads all that the source holds.
    pub(super) async fn read(
        &self,
        on_progress: OnProgress<'_>,
        cancel: &CancellationToken,
    ) -> Result<Gave, SyncError> {
        let tell = |phase, done: usize, total: usize| {
            on_progress(Progress {
                source: self.source.to_string(),
                phase,
                done: done as u64,
                total: total as u64,
            });
        };
        tell(Phase::Discover, 0, 0);
        let found = self.connection.discover().await?;
        tell(Phase::Discover, found.len(), found.len());
        let wanted: Vec<&Wanted> = found.iter().filter_map(|f| f.wanted.as_ref()).collect();
        let fetched = self
            .bring(&wanted, |done, total| tell(Phase::Fetch, done, total))
            .await?;
        tell(Phase::Ingest, 0, found.len());
        let roots = self.roots(&found).await?;
        let mut gave = self.ingest(roots, cancel).await?;
        gave.fetched = fetched;
        Ok(gave)
    }

    /// Brings the texts among `wanted` that are not kept yet, and keeps them.
    async fn bring(
        &self,
        wanted: &[&Wanted],
        tell: impl Fn(usize, usize),
    ) -> Result<usize, SyncError> {
        let ids: Vec<&str> = wanted.iter().map(|wanted| wanted.blob.as_str()).collect();
        let unknown: BTreeSet<&str> = if self.full {
            ids.iter().copied().collect()
        } else {
            self.store.unknown_blobs(&ids)?.into_iter().collect()
        };
        let mut seen = BTreeSet::new();
        let missing: Vec<&Wanted> = wanted
            .iter()
            .copied()
            .filter(|wanted| unknown.contains(wanted.blob.as_str()))
            .filter(|wanted| seen.insert(wanted.blob.as_str()))
            .collect();
        let mut done = 0;
        for some in missing.chunks(TEXTS_AT_ONCE) {
            tell(done, missing.len());
            let texts = self.connection.fetch(some).await?;
            let blobs: Vec<(&str, &[u8])> = some
                .iter()
                .zip(&texts)
                .filter_map(|(wanted, text)| {
                    Some((wanted.blob.as_str(), text.as_ref().ok()?.as_ref()))
                })
                .collect();
            self.store.keep_blobs(&blobs)?;
            done += some.len();
        }
        tell(done, missing.len());
        Ok(missing.len())
    }

    /// How a Backstage sees the locations of the source.
    fn standing(&self) -> Standing {
        match self.source {
            Source::Folder(_) if self.configured => Standing::Refused,
            Source::Github(_) => Standing::Optional,
            _ => Standing::Required,
        }
    }

    async fn roots(&self, found: &[Found]) -> Result<Vec<Root>, SyncError> {
        let name = self.source.to_string();
        let mut roots = Vec::with_capacity(found.len());
        for found in found {
            let files = match &found.wanted {
                None => None,
                Some(wanted) => {
                    let bytes = match self.store.blob(&wanted.blob)? {
                        Some(bytes) => bytes.into(),
                        // It could not be brought with the others; alone it gives its own error or its text.
                        None => self.one(wanted).await?,
                    };
                    Some(vec![source_file(File {
                        address: found.address.clone(),
                        bytes,
                        blob: Some(wanted.blob.clone()),
                        commit: wanted.commit.clone(),
                    })])
                }
            };
            roots.push(Root {
                source: name.clone(),
                location: location(&found.address),
                files,
                found: if found.named {
                    ingest::Found::Named
                } else {
                    ingest::Found::Walked
                },
                standing: self.standing(),
            });
        }
        Ok(roots)
    }

    async fn one(&self, wanted: &Wanted) -> Result<Arc<[u8]>, HostError> {
        self.connection
            .fetch(&[wanted])
            .await?
            .into_iter()
            .next()
            .unwrap_or_else(|| {
                Err(HostError::NotFound {
                    place: wanted.path.clone(),
                })
            })
    }

    async fn ingest(
        &self,
        roots: Vec<Root>,
        cancel: &CancellationToken,
    ) -> Result<Gave, SyncError> {
        let connection = Arc::clone(&self.connection);
        let options = self.options.clone();
        let handle = Handle::current();
        let token = cancel.clone();
        let with_docs = comes_along(self.source);
        let work = tokio::task::spawn_blocking(move || {
            let reader = HostReader::new(&connection, handle, &token);
            let mut ingested = ingest::ingest(&roots, &reader, &options);
            let entities: Vec<_> = ingested.entities.iter().map(|i| &i.entity).collect();
            let mut found = templates::check(&entities);
            let mut docs = Collected::default();
            if with_docs {
                docs = collect(&entities, &reader);
                found.append(&mut docs.failures);
                found.append(&mut docs.findings);
            }
            ingested.problems.append(&mut found);
            let (local_files, passing) = reader.outcome();
            Gave {
                ingested,
                docs,
                fetched: 0,
                local_files,
                passing,
            }
        });
        let gave = work.await?;
        if cancel.is_cancelled() {
            return Err(SyncError::Cancelled);
        }
        Ok(gave)
    }
}
