//! What is due: host → ingest → store, with progress and cancellation.
//!
//! A [`Session`] is one opened set of sources: its configuration, its store and its folder. [`sync`] asks the hosts and
//! keeps what they answer; [`ensure`] reads the sources that need no network, where nothing of them is kept or their
//! files changed; [`docs`] brings the documentation of entities.

pub mod checkout;
pub mod codeowners;
pub mod docs;
pub mod elsewhere;
mod error;
pub mod facts;
mod fresh;
pub mod instance;
pub mod kept;
mod lock;
pub mod operations;
pub mod outside;
mod people;
mod reader;
mod refresh;
mod report;
mod revision;
mod rules;
pub mod runs;
mod session;
pub mod signin;
mod source;
mod templates;
mod together;
mod unmoved;
pub mod update;
mod waiting;
mod watching;

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::catalog::EntityRef;
use crate::config::Source;
use crate::host::budget::Waiting;
use crate::host::{Address, Connection};
use crate::ingest::Ingested;
use crate::store::{Batch, Store, StoreError};

pub use error::{Class, SyncError};
pub use report::{Failure, Phase, Progress, SourceReport, SyncReport, Wait};
pub use rules::integrations;
pub use session::{Options, Session};
pub use waiting::waiting;
pub use watching::FileWatch;

use fresh::Fingerprint;
use lock::Lock;
use source::{Gave, Work};

/// How many sources are asked at once.
const SOURCES_AT_ONCE: usize = 4;

/// How long texts and answers of hosts are kept that nothing asks for any more.
const UNUSED: Duration = Duration::from_hours(30 * 24);

/// What to refresh.
#[derive(Debug, Clone, Default)]
pub struct SyncRequest {
    /// Only the sources with these names, as `Source` displays them; empty for all.
    pub only: Vec<String>,
    /// Whether everything is asked for again, whatever is known already.
    pub full: bool,
}

/// How a source is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Without a network: what stands on other hosts is left as it is.
    Offline,
    /// What is not known yet is asked for.
    Usual,
    /// Everything is asked for, and hosts that say "later" are waited for.
    Full,
}

impl Manner {
    /// How long hosts that say "later" are waited for, in all.
    fn patience(self) -> Duration {
        match self {
            Self::Offline => Duration::ZERO,
            Self::Usual => Duration::from_secs(5),
            Self::Full => Duration::from_mins(2),
        }
    }
}

/// Where progress goes; called often, from several tasks.
pub type OnProgress<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// Asks the hosts of `session` and keeps what they answer.
///
/// A source that fails keeps what it had and is named in the report; an error is returned only where nothing could be
/// done at all.
pub async fn sync(
    session: &Session,
    request: &SyncRequest,
    on_progress: OnProgress<'_>,
    cancel: &CancellationToken,
) -> Result<SyncReport, SyncError> {
    let sources = chosen(session, &request.only)?;
    session.prepare()?;
    let lock = alone(session, on_progress, cancel).await?;
    let manner = match (session.offline, request.full) {
        (true, _) => Manner::Offline,
        (false, true) => Manner::Full,
        (false, false) => Manner::Usual,
    };
    let mut report = run(session, &sources, manner, on_progress, cancel).await?;
    drop(lock);
    if request.only.is_empty() {
        let mut failed = elsewhere::refresh(session, Duration::ZERO, cancel).await?;
        report.sources.append(&mut failed);
    }
    Ok(report)
}

/// Reads the sources that need no network, where nothing of them is kept yet or their files changed.
///
/// `None` where nothing had to be done. What local files lead to on other hosts is left as it is until [`sync`].
pub async fn ensure(
    session: &Session,
    on_progress: OnProgress<'_>,
    cancel: &CancellationToken,
) -> Result<Option<SyncReport>, SyncError> {
    if stale(session).await?.is_empty() {
        return Ok(None);
    }
    session.prepare()?;
    let _lock = alone(session, on_progress, cancel).await?;
    // Another process may have read them while this one waited.
    let sources = stale(session).await?;
    if sources.is_empty() {
        return Ok(None);
    }
    run(session, &sources, Manner::Offline, on_progress, cancel)
        .await
        .map(Some)
}

/// What `sources` say as one catalog, read now and kept nowhere: for `lint`.
pub async fn read(
    session: &Session,
    sources: &[Source],
    cancel: &CancellationToken,
) -> Result<Ingested, SyncError> {
    let manner = if session.offline {
        Manner::Offline
    } else {
        Manner::Usual
    };
    let mut works = Vec::with_capacity(sources.len());
    for source in sources {
        works.push(work(session, source, manner).await?);
    }
    source::read_together(works, cancel).await
}

/// The sources of `session` with these names, or all.
fn chosen<'a>(session: &'a Session, names: &[String]) -> Result<Vec<&'a Source>, SyncError> {
    let all = &session.set.sources;
    if let Some(name) = names
        .iter()
        .find(|name| !all.iter().any(|source| source.to_string() == **name))
    {
        return Err(SyncError::UnknownSource {
            name: name.clone(),
            known: all.iter().map(ToString::to_string).collect(),
        });
    }
    Ok(all
        .iter()
        .filter(|source| names.is_empty() || names.contains(&source.to_string()))
        .collect())
}

/// The sources that need no network and of which nothing, or something old, is kept.
async fn stale(session: &Session) -> Result<Vec<&Source>, SyncError> {
    let local: Vec<&Source> = session
        .set
        .sources
        .iter()
        .filter(|source| source.is_local())
        .collect();
    if local.is_empty() {
        return Ok(local);
    }
    let states = session.store.sources()?;
    let manner = rules::manner(&rules::options(session));
    let mut stale = Vec::new();
    for source in local {
        let name = source.to_string();
        let read = states
            .iter()
            .any(|state| state.name == name && state.last_ok.is_some());
        let note = session.store.note(&Fingerprint::key(source))?;
        let kept: Option<Fingerprint> = note.and_then(|note| serde_json::from_str(&note).ok());
        let is_fresh = match kept {
            Some(kept) if read => {
                let connection = session.connect(source, Manner::Offline).await?;
                // Files that cannot be looked at are read again, which says what is wrong with them.
                kept.holds(source, &connection, &manner)
                    .await
                    .unwrap_or(false)
            }
            _ => read && !has_files(source),
        };
        if !is_fresh {
            stale.push(source);
        }
    }
    Ok(stale)
}

/// Whether a source has a fingerprint.
fn has_files(source: &Source) -> bool {
    matches!(
        source,
        Source::Demo | Source::Folder(_) | Source::File(_) | Source::Glob(_)
    )
}

async fn run(
    session: &Session,
    sources: &[&Source],
    manner: Manner,
    on_progress: OnProgress<'_>,
    cancel: &CancellationToken,
) -> Result<SyncReport, SyncError> {
    let started = Instant::now();
    let mut reports: Vec<(usize, SourceReport)> = stream::iter(sources.iter().enumerate())
        .map(|(number, source)| async move {
            let report = one(session, source, manner, on_progress, cancel).await;
            (number, report)
        })
        .buffer_unordered(SOURCES_AT_ONCE)
        .collect()
        .await;
    if cancel.is_cancelled() {
        return Err(SyncError::Cancelled);
    }
    reports.sort_by_key(|(number, _)| *number);
    let names: Vec<String> = session
        .set
        .sources
        .iter()
        .map(ToString::to_string)
        .collect();
    let inventories: Vec<String> = session
        .set
        .sources
        .iter()
        .flat_map(|source| match source {
            Source::Provider(provider) => vec![refresh::key(provider)],
            Source::People(people) => people::keys(people),
            Source::Backstage(_) => vec![instance::key(source)],
            _ => Vec::new(),
        })
        .collect();
    let store = Arc::clone(&session.store);
    // A command that only wants to list waits for no definitions.
    let deadline = (manner == Manner::Offline).then(|| Instant::now() + operations::MOMENT);
    let (index, reports) = blocking(move || {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        store.retain_sources(&names)?;
        let inventories: Vec<&str> = inventories.iter().map(String::as_str).collect();
        store.retain_inventories(&inventories)?;
        let index = store.publish()?;
        for (entity, _) in store.sites()? {
            if index.row_of(&entity).is_none() {
                store.remove_site(&entity)?;
            }
        }
        operations::read(&store, deadline)?;
        if reports.iter().all(|(_, report)| report.failure.is_none()) {
            store.forget_unused(UNUSED)?;
        }
        // Only now is it known what a source misses and another has.
        for (_, report) in &mut reports {
            report.problems = store.problem_count(&report.source)?;
        }
        Ok((index, reports))
    })
    .await?;
    waiting::remember(session)?;
    Ok(SyncReport {
        sources: reports.into_iter().map(|(_, report)| report).collect(),
        entities: index.len(),
        duration: started.elapsed(),
    })
}

/// Reads one source and keeps what it gave; a failure is noted and changes nothing else.
async fn one(
    session: &Session,
    source: &Source,
    manner: Manner,
    on_progress: OnProgress<'_>,
    cancel: &CancellationToken,
) -> SourceReport {
    let started = Instant::now();
    let name = source.to_string();
    let mut report = SourceReport {
        source: name.clone(),
        ..SourceReport::default()
    };
    tracing::info!(source = name, ?manner, "reading a source");
    let tell = |phase| {
        on_progress(Progress {
            source: name.clone(),
            phase,
            done: 0,
            total: 0,
            waiting: None,
        });
    };
    let outcome = async {
        let work = work(session, source, manner).await?;
        let result = tokio::select! {
            biased;
            () = cancel.cancelled() => Err(SyncError::Cancelled),
            () = tell_of_waits(&name, work.connection.waiting(), on_progress) => Err(SyncError::Cancelled),
            gave = work.read(on_progress, cancel) => gave,
        };
        report.requests = work.connection.requests();
        tell(Phase::Store);
        keep(session, source, &work.connection, result?, &mut report).await
    }
    .await;
    if let Err(error) = outcome {
        tracing::warn!(source = name, %error, after = ?started.elapsed(), "a source could not be read");
        let message = error.to_string();
        let noted = match error {
            SyncError::Cancelled => Ok(()),
            _ => session.store.mark_failed(&name, &message),
        };
        report.failure = Some(Failure {
            class: error.class(),
            message: match noted {
                Ok(()) => message,
                Err(more) => format!("{message}; {more}"),
            },
        });
    }
    report.duration = started.elapsed();
    if report.failure.is_none() {
        let SourceReport {
            entities,
            files,
            fetched,
            ..
        } = report;
        let requests = report.request_count();
        tracing::info!(source = name, entities, files, requests, fetched, after = ?report.duration, "a source was read");
    }
    tell(Phase::Done);
    report
}

/// The right to refresh the set of `session`; whoever has it is told while it is waited for.
async fn alone(
    session: &Session,
    on_progress: OnProgress<'_>,
    cancel: &CancellationToken,
) -> Result<Lock, SyncError> {
    let tell = |phase, waiting| {
        on_progress(Progress {
            source: "sync".to_owned(),
            phase,
            done: 0,
            total: 0,
            waiting,
        });
    };
    let waited = AtomicBool::new(false);
    let waits = |owner| {
        waited.store(true, Ordering::Relaxed);
        tell(Phase::Discover, Some(Wait::Process(owner)));
    };
    let lock = Lock::take(&session.dir, cancel, &waits).await?;
    if waited.load(Ordering::Relaxed) {
        tell(Phase::Done, None);
    }
    Ok(lock)
}

/// Tells whenever `source` begins to wait for a host, and when it goes on; never ends.
async fn tell_of_waits(
    source: &str,
    mut waiting: watch::Receiver<Option<Waiting>>,
    on_progress: OnProgress<'_>,
) {
    while waiting.changed().await.is_ok() {
        let now = waiting.borrow_and_update().clone();
        // What it goes on with tells of itself.
        if now.is_some() {
            on_progress(Progress {
                source: source.to_owned(),
                phase: Phase::Discover,
                done: 0,
                total: 0,
                waiting: now.map(Wait::Host),
            });
        }
    }
    std::future::pending::<()>().await;
}

async fn work<'a>(
    session: &Session,
    source: &'a Source,
    manner: Manner,
) -> Result<Work<'a>, SyncError> {
    Ok(Work {
        source,
        connection: Arc::new(session.connect(source, manner).await?),
        store: Arc::clone(&session.store),
        options: rules::options(session),
        configured: session.set.configured,
        full: manner == Manner::Full,
    })
}

/// Keeps what `source` gave, and by which files.
async fn keep(
    session: &Session,
    source: &Source,
    connection: &Connection,
    gave: Gave,
    report: &mut SourceReport,
) -> Result<(), SyncError> {
    let manner = rules::manner(&rules::options(session));
    let files = Fingerprint::take(source, connection, &gave.local_files, &manner).await?;
    let note = files.and_then(|files| serde_json::to_string(&files).ok());
    let note = note.or(gave.note);
    if gave.same {
        return keep_same(session, source, report).await;
    }
    report.fetched = gave.fetched;
    report.files = gave.ingested.files;
    report.entities = gave.ingested.entities.len();
    let mut batch = Batch {
        entities: gave
            .ingested
            .entities
            .into_iter()
            .map(|ingested| (ingested.entity, ingested.relations))
            .collect(),
        problems: gave.ingested.problems,
        roots: gave.ingested.roots,
    };
    if !gave.passing.hosts.is_empty() {
        carry_over(&session.store, source, &gave.passing.hosts, &mut batch)?;
        report.entities = batch.entities.len();
    }
    docs::put(session, &gave.docs)?;
    let store = Arc::clone(&session.store);
    let name = source.to_string();
    let key = Fingerprint::key(source);
    let is_partial = gave.passing.own.is_some();
    blocking(move || {
        let whole = store
            .sources()?
            .into_iter()
            .find(|state| state.name == name);
        let whole = whole.and_then(|state| state.last_ok);
        store.replace(&name, &batch)?;
        if let Some(whole) = whole.filter(|_| is_partial) {
            store.mark_partial(&name, whole)?;
        }
        note.map_or(Ok(()), |note| store.set_note(&key, &note))
    })
    .await?;
    gave.passing
        .own
        .map_or(Ok(()), |error| Err(SyncError::Host(error)))
}

/// Notes that `source` was asked, and gives what it gave before.
async fn keep_same(
    session: &Session,
    source: &Source,
    report: &mut SourceReport,
) -> Result<(), SyncError> {
    let store = Arc::clone(&session.store);
    let name = source.to_string();
    report.entities = blocking(move || {
        store.mark_unchanged(&name)?;
        let states = store.sources()?.into_iter();
        Ok(states
            .filter(|state| state.name == name)
            .map(|state| state.entities)
            .sum())
    })
    .await?;
    Ok(())
}

/// Adds to `batch` what `source` gave before from one of `hosts` and does not give now.
fn carry_over(
    store: &Store,
    source: &Source,
    hosts: &BTreeSet<String>,
    batch: &mut Batch,
) -> Result<(), StoreError> {
    let name = source.to_string();
    let now: BTreeSet<EntityRef> = batch
        .entities
        .iter()
        .map(|(entity, _)| entity.entity_ref.clone())
        .collect();
    store.each_entity(|stored| {
        let entity = &stored.entity;
        let host = Address::parse(&entity.provenance.location).and_then(|at| at.host());
        if entity.provenance.source == name
            && host.is_some_and(|host| hosts.contains(&host))
            && !now.contains(&entity.entity_ref)
        {
            let packed = stored.entity.into();
            batch.entities.push((packed, stored.relations));
        }
        ControlFlow::Continue(())
    })
}

/// Runs `work`, which waits for the disk, where waiting is allowed.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, SyncError> {
    Ok(tokio::task::spawn_blocking(work).await??)
}
