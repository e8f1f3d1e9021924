//! Runs of templates: planned in a folder that is thrown away, or carried out for real and written to the journal.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Map, Value as Json, json};
use tokio::sync::mpsc::Sender;

use crate::app::page::runs::Kept;
use crate::app::route::RunOrder;
use crate::app::{Answer, Msg};
use crate::catalog::EntityRef;
use crate::runtime::tasks::Reporter;
use crate::scaffolder::journal::{self, Record};
use crate::scaffolder::lookup::{self, Question};
use crate::scaffolder::run::{Aim, Event, Job, Report, Status};
use crate::scaffolder::{Answers, Outside, Template};
use crate::store::{Store, StoreError};
use crate::sync::outside::Hosts;
use crate::sync::runs::kept::{self, Order};
use crate::sync::{Session, runs};

/// What is known of all runs.
pub(super) fn all(session: &Session) -> Answer {
    let kept = |record: Record| Kept {
        state: record.state(&session.runs),
        record,
    };
    let records = journal::list(&session.runs);
    Answer::Runs(Arc::new(records.into_iter().map(kept).collect()))
}

/// The log of the run `id`; empty where there is none.
pub(super) fn log(session: &Session, id: String) -> Answer {
    let text = journal::log(&session.runs, &id).unwrap_or_default();
    let lines = text.lines().map(journal::read_line).collect();
    Answer::RunLog(id, Arc::new(lines))
}

/// The key of the note that keeps the draft of `template`.
fn draft_key(template: &EntityRef) -> String {
    format!("draft:{template}")
}

/// Keeps the draft of a form, or forgets it, unless a newer one is on its way: keys are quicker than disks.
pub(super) fn keep(
    store: &Store,
    template: &EntityRef,
    number: u64,
    newest: &AtomicU64,
    draft: Option<Box<Answers>>,
) -> Result<(), StoreError> {
    if number < newest.load(Ordering::Relaxed) {
        return Ok(());
    }
    let text = draft.map(|draft| draft.to_draft()).unwrap_or_default();
    store.set_note(&draft_key(template), &text)
}

/// The draft of the form of `template`.
pub(super) fn draft(store: &Store, template: EntityRef) -> Answer {
    let text = store.note(&draft_key(&template)).ok().flatten();
    let draft = text.as_deref().and_then(Answers::from_draft);
    Answer::Draft(template, draft.map(Box::new))
}

/// The answers of the last run of `template`, without secrets.
pub(super) fn last_answers(session: &Session, template: EntityRef) -> Answer {
    let name = template.to_string();
    let runs = journal::list(&session.runs);
    let last = runs.into_iter().find(|record| record.template == name);
    Answer::LastAnswers(template, last.map(|record| Box::new(record.answers())))
}

/// The runs of this portal.
#[derive(Debug)]
pub(super) struct Runs {
    session: Arc<Session>,
    store: Arc<Store>,
}

impl Runs {
    pub(super) fn new(session: Arc<Session>, store: Arc<Store>) -> Self {
        Self { session, store }
    }

    /// Finds out what a run would make.
    pub(super) fn plan(&self, generation: u64, order: Arc<RunOrder>, messages: Sender<Msg>) {
        let world = self.world();
        tokio::task::spawn_blocking(move || {
            let report = world.plan(&order).map(Arc::new);
            let _ = messages.blocking_send(Msg::Answer(Answer::Planned { generation, report }));
        });
    }

    /// Asks a host what a form may offer.
    pub(super) fn ask(&self, generation: u64, question: Question, messages: Sender<Msg>) {
        let world = self.world();
        tokio::task::spawn_blocking(move || {
            let found = lookup::ask(&world.hosts, &question).map(Arc::new);
            let _ = messages.blocking_send(Msg::Answer(Answer::Offered { generation, found }));
        });
    }

    /// Runs a template.
    pub(super) fn start(
        &self,
        generation: u64,
        order: Arc<RunOrder>,
        reporter: Reporter,
        messages: Sender<Msg>,
    ) {
        let world = self.world();
        let handle = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || {
            let mut tell = |event: Event| {
                if let Event::Started { step } = &event {
                    reporter.progress(progress(&order.template, *step));
                }
                let _ = messages.blocking_send(Msg::Answer(Answer::RunEvent { generation, event }));
            };
            let stop = || reporter.cancel.is_cancelled();
            let record = world.carry_out(&order, &stop, &mut tell);
            if let Ok(record) = &record {
                let id = record.id.clone();
                let _ = messages.blocking_send(Msg::Answer(Answer::RunKept { generation, id }));
            }
            let result = record.map(|record| Arc::new(record.report()));
            let said = outcome(&order.template.title, &result);
            let _ = messages.blocking_send(Msg::Answer(Answer::RunEnded { generation, result }));
            handle.block_on(reporter.end(said));
        });
    }

    fn world(&self) -> World {
        World {
            hosts: Hosts::new(self.session.clone(), self.store.clone()),
            session: self.session.clone(),
        }
    }
}

/// How far a run is whose step number `step` begins, from 0.
fn progress(template: &Template, step: usize) -> String {
    let steps = template.steps.len();
    let name = template.steps.get(step).map(|step| step.name.as_str());
    let name = name.unwrap_or_default();
    format!("step {} of {steps}: {name}", step + 1)
}

/// What to say of a run that ended, to somebody who does not look at it.
fn outcome(title: &str, result: &Result<Arc<Report>, String>) -> Result<Option<String>, String> {
    let report = match result {
        Ok(report) => report,
        Err(error) => return Err(format!("The run of {title} could not begin: {error}")),
    };
    let open = report.steps.iter().find(|step| !step.state.is_over());
    let at = open.map(|step| step.name.as_str()).unwrap_or_default();
    match report.status {
        Status::Completed => Ok(Some(format!("The run of {title} is done."))),
        Status::Cancelled => Ok(Some(format!("The run of {title} stopped before {at}."))),
        Status::Failed => {
            let error = report.error.as_deref().unwrap_or("a step failed");
            Err(format!("The run of {title} failed at {at}: {error}"))
        }
    }
}

/// What one run needs, on its own thread.
struct World {
    hosts: Hosts,
    session: Arc<Session>,
}

impl World {
    fn plan(&self, order: &RunOrder) -> Result<Report, String> {
        let workspace = scratch()?;
        let job = Job {
            template: &order.template,
            answers: &order.answers,
            user: self.user(),
            task_id: journal::new_id(),
            started: journal::now(),
            past: None,
            workspace: workspace.path(),
            repositories: Some(self.session.env.cwd()),
            dry_run: true,
            strict: false,
            mocks: Map::new(),
            aim: aim(order.remember),
        };
        Ok(runs::carry_out(
            &self.session,
            &job,
            &self.hosts,
            &|| false,
            &mut |_| {},
        ))
    }

    fn carry_out(
        &self,
        order: &RunOrder,
        stop: &dyn Fn() -> bool,
        tell: &mut dyn FnMut(Event),
    ) -> Result<Record, String> {
        let earlier = match &order.earlier {
            Some(id) => Some(self.earlier(id)?),
            None => None,
        };
        let out = match (&earlier, &order.out) {
            (Some(earlier), _) => earlier.out.clone(),
            (None, Some(out)) => Some(self.folder(out)?),
            (None, None) => None,
        };
        let repositories = earlier.as_ref().and_then(|it| it.repositories.as_deref());
        let order = Order {
            template: &order.template,
            answers: &order.answers,
            user: self.user(),
            task_id: None,
            out: out.as_deref(),
            repositories: repositories.unwrap_or_else(|| self.session.env.cwd()),
            strict: false,
            mocks: Map::new(),
            earlier: earlier.as_ref(),
            aim: aim(order.remember),
        };
        let record = kept::run(&self.session, &order, &self.hosts, stop, tell);
        record.map_err(|error| error.to_string())
    }

    fn earlier(&self, id: &str) -> Result<Record, String> {
        journal::read(&self.session.runs, id).ok_or_else(|| format!("the run {id} is gone"))
    }

    fn user(&self) -> Json {
        let Some(me) = self.session.me() else {
            return Json::Null;
        };
        let entity = self.hosts.entity(&me).map(|entity| entity.body);
        json!({ "ref": me.to_string(), "entity": entity })
    }

    /// The folder the user named, made if need be; what is in it already is never written over.
    fn folder(&self, out: &str) -> Result<PathBuf, String> {
        let folder = self.session.env.cwd().join(out);
        let said = |error: std::io::Error| format!("{} cannot be used: {error}", folder.display());
        match std::fs::read_dir(&folder) {
            Ok(entries) => {
                if entries.count() > 0 {
                    let name = folder.display();
                    return Err(format!("{name} is not empty; name another folder"));
                }
                folder.canonicalize().map_err(said)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                std::fs::create_dir_all(&folder).map_err(said)?;
                folder.canonicalize().map_err(said)
            }
            Err(error) => Err(said(error)),
        }
    }
}

/// What a run is for beside what its template says.
fn aim(remember: bool) -> Aim<'static> {
    if remember { Aim::Remember } else { Aim::Plain }
}

/// A folder that is thrown away when it is dropped.
fn scratch() -> Result<tempfile::TempDir, String> {
    let made = tempfile::Builder::new().prefix("stagedoor-").tempdir();
    made.map_err(|error| format!("no temporary folder can be made: {error}"))
}
