//! One source: what it holds is found, brought, and read as entities.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::catalog::codeowners::{CodeOwners, Dialect};
use crate::config::{HostKind, Provider, Source};
use crate::host::repositories::Repositories;
use crate::host::scm::ScmUrl;
use crate::host::{Connection, File, Found, HostError, Wanted};
use crate::ingest::{self, Ingested, Root, Rules, Standing};
use crate::store::Store;

use super::codeowners::Known;
use super::docs::{Collected, comes_along};
use super::instance::{Reading, Shown};
use super::reader::{Passing, location, source_file};
use super::refresh::{Brought, Refresh, bring};
use super::together::{self, Part};
use super::{OnProgress, Phase, Progress, SyncError, people, unmoved};

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
    /// What to remember of it, for the next time.
    pub(super) note: Option<String>,
    /// Whether it is what the source gave the last time, and was not brought again.
    pub(super) same: bool,
}

impl From<Shown> for Gave {
    fn from(shown: Shown) -> Self {
        match shown {
            Shown::Same => Self {
                same: true,
                ..Self::default()
            },
            Shown::Entities(ingested, note) => Self {
                ingested,
                note: Some(note),
                ..Self::default()
            },
        }
    }
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
                waiting: None,
            });
        };
        tell(Phase::Discover, 0, 0);
        if let Some(host) = self.connection.backstage() {
            let reading = Reading {
                host,
                source: self.source,
                store: &self.store,
                full: self.full,
                tell: &|done, total| tell(Phase::Fetch, done, total),
            };
            return Ok(reading.run().await?.into());
        }
        if let Some((part, failure)) = self.people(&tell).await? {
            tell(Phase::Ingest, 0, part.roots.len());
            let pages = people::pages(&part.roots);
            let mut gave = together::ingest(vec![part], cancel).await?;
            people::without_lines(&mut gave.ingested, &pages);
            gave.passing.own = failure;
            return Ok(gave);
        }
        let git = self.connection.git();
        if let Some(host) = git
            && !self.full
            && unmoved::is_unmoved(host, self.source, &self.store, &self.options).await?
        {
            return Ok(Gave {
                same: true,
                ..Gave::default()
            });
        }
        let (found, mut brought) = self.find(&tell).await?;
        tell(Phase::Ingest, 0, found.len());
        let part = self.read_part(&found, &mut brought).await?;
        let mut gave = together::ingest(vec![part], cancel).await?;
        gave.fetched = brought.fetched;
        if brought.is_incomplete
            && let Source::Provider(provider) = self.source
        {
            gave.passing.hosts.insert(provider.host.clone());
        }
        gave.passing.own = gave.passing.own.or(brought.failure);
        if let Some(host) = git {
            let note = unmoved::note(host, &self.connection, &gave, &self.options).await?;
            gave.note = Some(note);
        }
        Ok(gave)
    }

    /// The users and groups of a host of people, and why not all could be asked for; `None` where the source is none.
    async fn people(
        &self,
        tell: &(impl Fn(Phase, usize, usize) + Send + Sync),
    ) -> Result<Option<(Part, Option<HostError>)>, SyncError> {
        let (Some(host), Source::People(people)) = (self.connection.people(), self.source) else {
            return Ok(None);
        };
        let refresh = people::Refresh {
            host,
            people,
            store: &self.store,
            source: &self.source.to_string(),
            full: self.full,
            tell: &|done, total| tell(Phase::Discover, done, total),
        };
        let (roots, failure) = refresh.run().await?;
        let mut part = self.part(roots);
        // What a provider gives is not subject to rules, which are for what descriptors lead to.
        part.options.rules = Rules::All;
        Ok(Some((part, failure)))
    }

    /// Finds what the source holds.
    async fn find(
        &self,
        tell: &(impl Fn(Phase, usize, usize) + Send + Sync),
    ) -> Result<(Vec<Found>, Brought), SyncError> {
        match (self.connection.repositories(), self.source) {
            (Some(host), Source::Provider(provider)) => self.refresh(host, provider, tell).await,
            _ => Ok((self.connection.discover().await?, Brought::default())),
        }
    }

    /// Asks a host of repositories what changed, and brings the texts that are not known yet.
    async fn refresh(
        &self,
        host: &Repositories,
        provider: &Provider,
        tell: &(impl Fn(Phase, usize, usize) + Send + Sync),
    ) -> Result<(Vec<Found>, Brought), SyncError> {
        let refresh = Refresh {
            host,
            provider,
            store: &self.store,
            full: self.full,
            tell: &|done, total| tell(Phase::Discover, done, total),
        };
        let mut refreshed = refresh.run().await?;
        let tips = std::mem::take(&mut refreshed.tips);
        self.connection.know(tips).await;
        let wanted: Vec<&Wanted> = refreshed
            .found
            .iter()
            .chain(&refreshed.code_owners)
            .filter_map(|f| f.wanted.as_ref())
            .collect();
        // Where the host has just refused, it is not asked for texts.
        let mut brought = if let Some(
            HostError::Busy { .. } | HostError::Unreachable { .. } | HostError::Untrusted { .. },
        ) = &refreshed.failure
        {
            Brought::default()
        } else {
            let tell = |done, total| tell(Phase::Fetch, done, total);
            bring(host, provider, &self.store, &wanted, self.full, tell).await?
        };
        brought.is_incomplete |= refreshed.failure.is_some();
        brought.failure = refreshed.failure.or(brought.failure);
        for found in &refreshed.code_owners {
            let root = ScmUrl::parse(&found.address.name());
            let text = match &found.wanted {
                Some(wanted) => self.store.blob(&wanted.blob)?,
                None => None,
            };
            if let (Some(root), Some(text)) = (root, text) {
                let dialect = match provider.kind {
                    HostKind::Gitlab => Dialect::Gitlab,
                    _ => Dialect::Github,
                };
                let owners = CodeOwners::parse(&String::from_utf8_lossy(&text), dialect);
                brought.code_owners.insert(root.repository_url(), owners);
            }
        }
        Ok((refreshed.found, brought))
    }

    /// How a Backstage sees the locations of the source.
    fn standing(&self) -> Standing {
        match self.source {
            Source::Folder(_) if self.configured => Standing::Refused,
            Source::Provider(_) => Standing::Optional,
            _ => Standing::Required,
        }
    }

    /// What was found, with the texts that were brought. A text that could not be had is left out: what it gave before
    /// is carried over.
    async fn roots(&self, found: &[Found], brought: &mut Brought) -> Result<Vec<Root>, SyncError> {
        let name = self.source.to_string();
        let mut roots = Vec::with_capacity(found.len());
        for found in found {
            let files = match &found.wanted {
                None => None,
                Some(wanted) => {
                    let Some(bytes) = self.store.blob(&wanted.blob)? else {
                        continue;
                    };
                    let bytes = match link(&bytes) {
                        None => bytes.into(),
                        // A symbolic link leads on within its repository; one that leads nowhere stays as it is.
                        Some(target) => match self.connection.read(&found.address, target).await {
                            Ok(file) => file.bytes,
                            Err(error) if error.is_passing() => {
                                brought.is_incomplete = true;
                                brought.failure.get_or_insert(error);
                                continue;
                            }
                            Err(_) => bytes.into(),
                        },
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

    /// What was found, and how it is read.
    async fn read_part(&self, found: &[Found], brought: &mut Brought) -> Result<Part, SyncError> {
        let mut part = self.part(self.roots(found, brought).await?);
        part.code_owners = match self.source {
            Source::Demo
            | Source::Folder(_)
            | Source::File(_)
            | Source::Glob(_)
            | Source::Git(_) => Known::AtHand,
            _ => Known::Brought(std::mem::take(&mut brought.code_owners)),
        };
        Ok(part)
    }

    /// How the roots of the source are read.
    fn part(&self, roots: Vec<Root>) -> Part {
        Part {
            roots,
            connection: Arc::clone(&self.connection),
            options: self.options.clone(),
            source: self.source.to_string(),
            code_owners: Known::Nothing,
            with_docs: comes_along(self.source),
        }
    }
}

/// Finds and reads what several sources hold, as one catalog.
pub(super) async fn read_together(
    works: Vec<Work<'_>>,
    cancel: &CancellationToken,
) -> Result<Ingested, SyncError> {
    let mut parts = Vec::with_capacity(works.len());
    let mut pages = HashSet::new();
    for work in &works {
        if let Some((part, _)) = work.people(&|_, _, _| {}).await? {
            pages.extend(people::pages(&part.roots));
            parts.push(part);
            continue;
        }
        let (found, mut brought) = work.find(&|_, _, _| {}).await?;
        parts.push(work.read_part(&found, &mut brought).await?);
    }
    let mut ingested = together::ingest(parts, cancel).await?.ingested;
    people::without_lines(&mut ingested, &pages);
    Ok(ingested)
}

/// The target of what Git keeps of a symbolic link to a YAML file: its path and nothing else. A descriptor is never that.
fn link(text: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(text)
        .ok()
        .filter(|text| text.len() < 1024)?;
    let is_path = !text.contains(['\n', ':', '{']) && text.trim() == text;
    let end = Path::new(text).extension()?;
    (is_path && (end == "yaml" || end == "yml")).then_some(text)
}
