//! The catalog's effects: refreshing it, and reading from the store.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::app::Answer;
use crate::app::message::{EntityDetail, SourceState};
use crate::catalog::{EntityRef, Index};
use crate::config::Source;
use crate::runtime::personal;
use crate::runtime::tasks::Reporter;
use crate::store::{ProblemFilter, Store, StoreError};
use crate::sync::{self, Phase, Progress, Session, SyncError, SyncReport, SyncRequest, runs};

/// Refreshes the catalog, reporting as it goes: `all` of it, or what is due: local files that have changed, and hosts
/// that were last asked longer ago than the configuration wants.
pub(super) async fn refresh(
    session: Arc<Session>,
    store: Arc<Store>,
    reporter: Reporter,
    all: bool,
) {
    let ended = match read_sources(&session, &store, &reporter, all).await {
        Ok(None) => Ok(None),
        Ok(Some(report)) => {
            match store.index() {
                Ok(index) => reporter.answer(Answer::Index(index)).await,
                Err(error) => reporter.answer(failed(&error)).await,
            }
            let failure = report
                .sources
                .iter()
                .find_map(|source| source.failure.as_ref());
            failure.map_or(Ok(None), |failure| Err(failure.message.clone()))
        }
        Err(_) if reporter.cancel.is_cancelled() => {
            Ok(Some("Stopped; what was there before is kept.".to_owned()))
        }
        Err(error) => Err(error.to_string()),
    };
    reporter.answer(sources(&store)).await;
    reporter.end(ended).await;
    let cancel = &reporter.cancel;
    // What is searched beside the catalog is asked as often as the rest.
    let age = session.config.refresh;
    if !all
        && !age.is_zero()
        && let Err(error) = sync::elsewhere::refresh(&session, age, cancel).await
    {
        tracing::warn!(%error, "pages beside the catalog could not be kept");
    }
    // Definitions that nobody has read yet are found by their operations from now on.
    if let Err(error) = sync::operations::read(&store, None) {
        tracing::warn!(%error, "operations of APIs could not be kept");
    }
}

async fn read_sources(
    session: &Session,
    store: &Store,
    reporter: &Reporter,
    all: bool,
) -> Result<Option<SyncReport>, SyncError> {
    let progress = |progress: Progress| reporter.progress(words(&progress));
    if all {
        let request = SyncRequest::default();
        return asked(session, &request, &progress, reporter).await;
    }
    let local = sync::ensure(session, &progress, &reporter.cancel).await?;
    let only = due(session, store);
    if only.is_empty() {
        return Ok(local);
    }
    let request = SyncRequest { only, full: false };
    asked(session, &request, &progress, reporter).await
}

/// Asks the sources of `request`, and who sits here where that is not known yet.
async fn asked(
    session: &Session,
    request: &SyncRequest,
    progress: sync::OnProgress<'_>,
    reporter: &Reporter,
) -> Result<Option<SyncReport>, SyncError> {
    let report = sync::sync(session, request, progress, &reporter.cancel).await?;
    sync::signin::learn(session, false).await;
    Ok(Some(report))
}

/// The names of the sources on hosts that were last asked longer ago than the configuration wants.
fn due(session: &Session, store: &Store) -> Vec<String> {
    let refresh = session.config.refresh;
    if session.offline || refresh.is_zero() {
        return Vec::new();
    }
    let states = store.sources().unwrap_or_default();
    let waiting = sync::waiting(session);
    // A little earlier than due is better than a whole turn of the timer later.
    let due = refresh / 10 * 9;
    let fresh = |name: &str| {
        let state = states.iter().find(|state| state.name == name);
        let asked = state.and_then(|state| state.last_ok);
        asked.is_some_and(|asked| asked.elapsed().is_ok_and(|age| age < due))
    };
    let is_left_alone = |source: &&Source| match source {
        Source::Backstage(instance) => waiting.iter().any(|it| it.host == instance.host()),
        source => source
            .known_host()
            .is_some_and(|(host, _)| waiting.iter().any(|it| it.host == host)),
    };
    let remote = session
        .set
        .sources
        .iter()
        .filter(|source| !source.is_local() && !is_left_alone(source));
    remote
        .map(ToString::to_string)
        .filter(|name| !fresh(name))
        .collect()
}

/// Who the user is, what they starred, visited and saved.
pub(super) fn personal(store: &Store, index: &Index, session: &Session) -> Answer {
    let context = personal::context(store, index, session);
    Answer::Personal(context.map(Arc::new).map_err(|error| error.to_string()))
}

/// The user's own saved queries, with how the catalog's table shows them.
pub(super) fn saved(store: &Store) -> Answer {
    match store.views() {
        Ok(own) => Answer::Saved(Arc::new(own)),
        Err(error) => failed(&error),
    }
}

/// Keeps a query with its view under a name, or forgets it; says so.
pub(super) fn save_query(store: &Store, name: &str, text: Option<&(String, String)>) -> Answer {
    let had = match text {
        Some((query, view)) => store.save_view(name, query, view),
        None => store.save_query(name, None),
    };
    match (had, text) {
        (Ok(false), Some(_)) => Answer::Said(Ok(format!("Saved as @{name}."))),
        (Ok(true), Some(_)) => {
            Answer::Said(Ok(format!("Saved as @{name}, in place of what was there.")))
        }
        (Ok(_), None) => Answer::Said(Ok(format!("@{name} is forgotten."))),
        (Err(error), _) => failed(&error),
    }
}

/// How the sources stand.
pub(super) fn sources(store: &Store) -> Answer {
    let seconds = |time: SystemTime| {
        time.duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs())
    };
    match store.sources() {
        Ok(states) => {
            let states = states.into_iter().map(|state| SourceState {
                name: state.name,
                last_ok: state.last_ok.map(seconds),
                last_tried: state.last_tried.map(seconds),
                error: state.last_error,
                entities: state.entities,
            });
            Answer::Sources(Arc::new(states.collect()))
        }
        Err(error) => failed(&error),
    }
}

/// One entity with its relations and problems.
pub(super) fn entity(session: &Session, store: &Store, entity_ref: EntityRef) -> Answer {
    let detail = store.entity(&entity_ref).and_then(|stored| {
        let Some(stored) = stored else {
            return Ok(None);
        };
        let code_owners = sync::codeowners::hints(store, &stored)?;
        let no_repository = match sync::facts::of_demo(&stored.entity) {
            Some(_) => None,
            None => sync::facts::repository(session, &stored.entity).err(),
        };
        Ok(Some(Arc::new(EntityDetail {
            code_owners,
            no_repository,
            entity: stored.entity,
            relations: stored.relations,
            problems: stored.problems,
        })))
    });
    Answer::Entity(entity_ref, detail.map_err(|error| error.to_string()))
}

/// One template, with the form that is asked where it runs.
pub(super) async fn template(session: &Session, store: &Store, entity_ref: EntityRef) -> Answer {
    match entity(session, store, entity_ref) {
        Answer::Entity(entity_ref, Ok(Some(detail))) => {
            let mut detail = EntityDetail::clone(&detail);
            detail.entity = runs::asked(session, detail.entity).await;
            Answer::Template(entity_ref, Ok(Some(Arc::new(detail))))
        }
        Answer::Entity(entity_ref, other) => Answer::Template(entity_ref, other),
        answer => answer,
    }
}

/// All findings.
pub(super) fn problems(store: &Store) -> Answer {
    let problems = store.problems(&ProblemFilter::default());
    Answer::Problems(problems.map(Arc::new).map_err(|error| error.to_string()))
}

/// What the user is told where the store fails; the log has it, too.
pub(super) fn failed(error: &StoreError) -> Answer {
    tracing::warn!(%error, "the store failed");
    Answer::Said(Err(error.to_string()))
}

/// A step forward in words.
fn words(progress: &Progress) -> String {
    if let Some(waiting) = &progress.waiting {
        return waiting.to_string();
    }
    let doing = match progress.phase {
        Phase::Discover => "looking for descriptors",
        Phase::Fetch => "fetching",
        Phase::Ingest => "reading",
        Phase::Store => "keeping",
        Phase::Docs => "reading docs",
        Phase::Done => "done",
    };
    let Progress {
        source,
        done,
        total,
        ..
    } = progress;
    match (*done, *total) {
        (0, 0) => format!("{source}: {doing}"),
        (done, 0) => format!("{source}: {doing}, {done}"),
        (done, total) => format!("{source}: {doing}, {done} of {total}"),
    }
}
