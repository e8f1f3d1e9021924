//! Runs of templates: here, or in the running Backstage that a template came from.

mod elsewhere;
pub mod kept;
mod there;
mod told;

use std::sync::Arc;

use serde_json::Value;

use crate::catalog::Entity;
use crate::config::Source;
use crate::host::Connection;
use crate::scaffolder::outside::Outside;
use crate::scaffolder::run::{self, Event, Job, Report};
use crate::scaffolder::{Answers, form};

use super::{Manner, Session, SyncError};

pub use elsewhere::{elsewhere, named};

/// How long the instance may take to say what a template asks; then what the catalog says counts.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(4);

/// Runs `job` where its template belongs: in the running Backstage that it came from, else here. `stop` is asked now and
/// then; `events` hears what happens as it happens. Blocks.
pub fn carry_out(
    session: &Arc<Session>,
    job: &Job<'_>,
    outside: &dyn Outside,
    stop: &dyn Fn() -> bool,
    events: &mut dyn FnMut(Event),
) -> Report {
    let answers = with_credentials(job, outside);
    let job = &Job {
        answers: &answers,
        ..job.clone()
    };
    if let Some(source) = instance(session, &job.template.source) {
        return there::run(session, &source, job, outside, stop, events);
    }
    let elsewhere = elsewhere(session, job.template, &job.mocks, outside);
    let mut report = run::run(job, outside, stop, events);
    match elsewhere {
        Some(elsewhere) if job.dry_run => {
            report.plan.get_or_insert_default().elsewhere = Some(elsewhere);
        }
        Some(elsewhere) => {
            if let Some(error) = &mut report.error {
                error.extend(["; ", &elsewhere.advice()]);
            }
        }
        None => {}
    }
    report
}

/// The answers with the user's own tokens among the secrets where the form asks for them (`requestUserCredentials`): what
/// Backstage gets by letting users sign in is the token that is configured or signed in with here.
fn with_credentials(job: &Job<'_>, outside: &dyn Outside) -> Answers {
    let mut answers = job.answers.clone();
    for (secret, host) in form::credentials(job.template, job.answers) {
        let given = answers.secrets.get(&secret).is_some();
        if let Some(login) = outside.git_login(&host).filter(|_| !given) {
            answers.secrets.set(&secret, login.token);
        }
    }
    answers
}

/// The host of the running Backstage in which templates of `source` run; `None` where they run here.
pub fn runs_at(session: &Session, source: &str) -> Option<String> {
    match instance(session, source)? {
        Source::Backstage(instance) => Some(instance.host()),
        _ => None,
    }
}

/// `template` with the pages that its instance asks of you now; as it is where it has none, or that does not answer soon.
pub async fn asked(session: &Session, mut template: Entity) -> Entity {
    let pages = match instance(session, &template.provenance.source) {
        Some(source) if !session.offline => {
            tokio::time::timeout(PATIENCE, pages(session, &source, &template)).await
        }
        _ => return template,
    };
    match pages {
        Ok(Ok(pages)) => {
            if let Some(spec) = template.body.get_mut("spec").and_then(Value::as_object_mut) {
                spec.insert("parameters".to_owned(), pages.into());
            }
        }
        Ok(Err(error)) => {
            tracing::warn!(template = %template.entity_ref, %error, "its form is that of the catalog");
        }
        Err(_) => {
            tracing::warn!(template = %template.entity_ref, "its form is that of the catalog: the instance is slow");
        }
    }
    template
}

async fn pages(
    session: &Session,
    source: &Source,
    template: &Entity,
) -> Result<Vec<Value>, SyncError> {
    let connection = session.connect(source, Manner::Usual).await?;
    match connection.backstage() {
        Some(host) => Ok(host.parameter_schema(template).await?),
        None => Ok(Vec::new()),
    }
}

/// The running Backstage that is the source named `name`.
fn instance(session: &Session, name: &str) -> Option<Source> {
    elsewhere::instances(session).find(|source| source.to_string() == name)
}

/// Runs `work` with a connection to `source`; a run is synchronous and may have a runtime around it or none.
pub(super) fn with_connection<T>(
    session: &Session,
    source: &Source,
    work: impl AsyncFnOnce(&Connection) -> T,
) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let connection = session
            .connect(source, Manner::Usual)
            .await
            .map_err(|error| error.to_string())?;
        Ok(work(&connection).await)
    })
}
