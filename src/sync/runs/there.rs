//! A run of a template in the running Backstage that it came from: a task is begun there and watched to its end.
//!
//! The stream of its events may break off at any time; it goes on behind the last event that came. A proxy that holds the
//! stream back is asked for events instead.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::told::Told;
use super::with_connection;
use crate::config::Source;
use crate::host::HostError;
use crate::host::backstage::{BackstageHost, Beside};
use crate::host::budget::backoff;
use crate::scaffolder::outside::{Content, Outside};
use crate::scaffolder::run::{Event, Job, LogLevel, Report, Status};
use crate::scaffolder::workspace::Workspace;
use crate::sync::Session;

/// How often it is looked whether the run is to be stopped.
const LOOK: Duration = Duration::from_millis(200);
/// How long a task that is asked to stop may take for that.
const GRACE: Duration = Duration::from_secs(20);
/// After how long without an event the instance is asked whether the task goes on.
const SILENCE: Duration = Duration::from_mins(2);
/// A look at a task that lasts so long was no failure: nothing happened.
const QUIET: Duration = Duration::from_secs(5);
/// How much stands beside a template that is sent along with a dry run, in bytes; an instance takes 10 MB in all.
const MAX_BESIDE: usize = 6 << 20;

/// Runs `job` in the instance that is `source`. It is asked on a thread of its own: whoever hears of events may block, which
/// nobody may where hosts are asked.
pub(super) fn run(
    session: &Arc<Session>,
    source: &Source,
    job: &Job<'_>,
    outside: &dyn Outside,
    stop: &dyn Fn() -> bool,
    events: &mut dyn FnMut(Event),
) -> Report {
    let (sender, receiver) = channel();
    let stopped = AtomicBool::new(false);
    let is_stopped = || stopped.load(Ordering::Relaxed);
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            let mut tell = move |event| drop(sender.send(event));
            ask(session, source, job, outside, &is_stopped, &mut tell)
        });
        loop {
            match receiver.recv_timeout(LOOK) {
                Ok(event) => events(event),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if stop() {
                stopped.store(true, Ordering::Relaxed);
            }
        }
        worker.join().unwrap_or_else(|_| {
            let mut lost = Report::waiting(job);
            lost.status = Status::Failed;
            lost.error = Some("the work broke off; please report this".to_owned());
            lost
        })
    })
}

/// The same, where events are taken without blocking.
fn ask(
    session: &Arc<Session>,
    source: &Source,
    job: &Job<'_>,
    outside: &dyn Outside,
    stop: &dyn Fn() -> bool,
    events: &mut dyn FnMut(Event),
) -> Report {
    let mut told = Told::new(job, events);
    // Read before: it asks hosts with a runtime of its own.
    let beside = job.dry_run.then(|| beside(job, outside, &mut told));
    let done = with_connection(session, source, async |connection| {
        let Some(host) = connection.backstage() else {
            return Ok(());
        };
        match &beside {
            Some(beside) => dry_run(host, job, beside, &mut told).await,
            None => task(host, job, stop, &mut told).await,
        }
    });
    let error = match done {
        Ok(Ok(())) => None,
        Ok(Err(HostError::NotFound { place })) => Some(format!(
            "{place}: does not exist; the instance runs no templates, or not this one for you"
        )),
        Ok(Err(error)) => Some(error.to_string()),
        Err(error) => Some(error),
    };
    if let Some(error) = error {
        told.fail(&error);
    }
    told.report
}

/// Begins a task and watches it to its end.
async fn task(
    host: &BackstageHost,
    job: &Job<'_>,
    stop: &dyn Fn() -> bool,
    told: &mut Told<'_>,
) -> Result<(), HostError> {
    let secrets = job.answers.secrets.to_json();
    let template = job.template.entity_ref.to_string();
    let begun = host
        .begin_task(&template, &job.answers.parameters, &secrets)
        .await;
    let id = begun?;
    let page = format!("{}/create/tasks/{id}", host.base_url());
    told.remark(LogLevel::Info, &format!("It runs at {page}"));
    let mut stopping: Option<Instant> = None;
    let mut heard = Instant::now();
    let (mut by_stream, mut failures) = (true, 0);
    while !told.is_over {
        let (before, began) = (told.last, Instant::now());
        let looked = tokio::select! {
            biased;
            () = until(stop, stopping) => None,
            looked = look(host, &id, by_stream, told) => Some(looked),
        };
        let is_news = told.last != before;
        if is_news {
            heard = Instant::now();
        }
        if is_news || began.elapsed() > QUIET {
            failures = 0;
        }
        match looked {
            _ if told.is_over => {}
            None if stopping.is_some() => told.stopped(),
            None => {
                stopping = Some(Instant::now());
                host.cancel_task(&id).await?;
            }
            Some(Err(error)) if !is_interruption(&error) => return Err(lost(error, &page)),
            // It ended, broke off, or was silent: what is held back on the way is asked for.
            Some(_) => {
                by_stream = is_news;
                if heard.elapsed() > SILENCE {
                    goes_on(host, &id, &page).await?;
                    heard = Instant::now();
                }
                tokio::time::sleep(backoff(failures)).await;
                failures += 1;
            }
        }
    }
    Ok(())
}

/// Whether an error says nothing about the task.
fn is_interruption(error: &HostError) -> bool {
    matches!(
        error,
        HostError::Overloaded { .. } | HostError::Unreachable { .. } | HostError::Busy { .. }
    )
}

/// That nothing more is heard of a task, which goes on at `page`.
fn lost(error: HostError, page: &str) -> HostError {
    match error {
        HostError::NotSignedIn {
            host,
            reason,
            remedy,
        } => HostError::NotSignedIn {
            host,
            reason: format!("{reason}; the task goes on at {page}"),
            remedy,
        },
        error => HostError::Failed {
            place: page.to_owned(),
            reason: format!("nothing more is heard of the task; look there ({error})"),
        },
    }
}

/// Makes sure that a task of which nothing was heard for a while goes on.
async fn goes_on(host: &BackstageHost, id: &str, page: &str) -> Result<(), HostError> {
    match host.task_status(id).await {
        Ok(status) if matches!(status.as_str(), "open" | "processing") => Ok(()),
        Ok(status) => Err(HostError::Failed {
            place: page.to_owned(),
            reason: format!(
                "the instance says that it is {status}, and not how it went; look there"
            ),
        }),
        Err(error) => Err(lost(error, page)),
    }
}

/// Hears of a task what there is to hear: as long as the stream lasts, or the next events.
async fn look(
    host: &BackstageHost,
    id: &str,
    by_stream: bool,
    told: &mut Told<'_>,
) -> Result<(), HostError> {
    if !by_stream {
        for event in host.task_events(id, told.last).await? {
            told.take(&event);
        }
        return Ok(());
    }
    let after = told.last;
    host.watch_task(id, after, &mut |event| {
        told.take(&event);
        if told.is_over {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })
    .await
}

/// Waits until the run is to be stopped; where it is being stopped already, until that has taken too long.
async fn until(stop: &dyn Fn() -> bool, stopping: Option<Instant>) {
    loop {
        let is_time = match stopping {
            None => stop(),
            Some(since) => since.elapsed() > GRACE,
        };
        if is_time {
            return;
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Has the instance say what a run would do, and puts what it would make into the workspace.
async fn dry_run(
    host: &BackstageHost,
    job: &Job<'_>,
    beside: &Beside,
    told: &mut Told<'_>,
) -> Result<(), HostError> {
    let secrets = job.answers.secrets.to_json();
    let template = &job.template.entity_ref;
    let Some(entity) = host.entity(template).await? else {
        return Err(HostError::NotFound {
            place: format!("{template} at {}", host.base_url()),
        });
    };
    let entity = without_state(&entity);
    let answer = host
        .dry_run(&entity, &job.answers.parameters, &secrets, beside)
        .await?;
    told.take_dry_run(&answer);
    if let Err(error) = keep(job, &answer, told) {
        told.fail(&error);
    }
    Ok(())
}

/// Puts the files that a dry run made into the workspace.
fn keep(job: &Job<'_>, answer: &Value, told: &mut Told<'_>) -> Result<(), String> {
    use base64::Engine as _;
    let workspace = Workspace::new(job.workspace).map_err(|error| error.to_string())?;
    let files = answer.get("directoryContents").and_then(Value::as_array);
    for file in files.into_iter().flatten() {
        let path = file.get("path").and_then(Value::as_str).unwrap_or_default();
        let content = file.get("base64Content").and_then(Value::as_str);
        let bytes = base64::engine::general_purpose::STANDARD.decode(content.unwrap_or_default());
        let is_program = file.get("executable").and_then(Value::as_bool) == Some(true);
        let content = Content::File {
            bytes: bytes.map_err(|error| format!("{path}: cannot be read: {error}"))?,
            mode: if is_program { 0o755 } else { 0o644 },
        };
        // A path that leads out of the workspace is refused.
        workspace
            .put(path, &content)
            .map_err(|error| error.to_string())?;
    }
    told.report.tree = workspace.tree();
    Ok(())
}

/// The files beside the template, which its steps may fetch; without them where they cannot be read.
fn beside(job: &Job<'_>, outside: &dyn Outside, told: &mut Told<'_>) -> Beside {
    let files = match outside.tree(&job.template.location, "./") {
        Ok(files) => files,
        Err(error) => {
            told.remark(
                LogLevel::Warning,
                &format!("The files beside the template are not sent along: {error}"),
            );
            return Beside::new();
        }
    };
    let mut size = 0;
    let mut beside = Beside::new();
    for file in files {
        if let Content::File { bytes, .. } = file.content {
            size += bytes.len();
            beside.push((file.path, bytes));
        }
    }
    if size > MAX_BESIDE {
        told.remark(
            LogLevel::Warning,
            "The files beside the template are not sent along: they are too large.",
        );
        beside.clear();
    }
    beside
}

/// The template as its author wrote it, as far as that is known: what the instance made of it is no part of it.
fn without_state(entity: &Value) -> Value {
    let mut entity = entity.clone();
    if let Some(fields) = entity.as_object_mut() {
        fields.remove("relations");
        fields.remove("status");
        if let Some(Value::Object(spec)) = fields.get_mut("spec") {
            spec.entry("output").or_insert_with(|| json!({}));
        }
    }
    entity
}
