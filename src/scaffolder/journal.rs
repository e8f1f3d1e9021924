//! Every run on disk: one folder a run with `run.json` and `log.txt`, written as it goes.
//!
//! `run.json` is always whole: it is written beside itself and renamed. Secrets are in neither file.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::form::{self, FieldKind};
use super::run::{Event, Job, LogLevel, Report, Status, StepReport, StepState};

const RECORD: &str = "run.json";
const LOG: &str = "log.txt";

/// One run as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The run's id, also its folder's name; sorts by time.
    pub id: String,
    /// The template's reference.
    pub template: String,
    /// The template's title.
    pub title: String,
    /// The file the template was read from.
    pub location: String,
    /// Seconds since 1970 at which it began.
    pub started: u64,
    /// Seconds since 1970 at which it ended; `None` while it runs, or if the program was killed.
    pub ended: Option<u64>,
    /// The answers; secrets are stars.
    pub parameters: Map<String, Json>,
    /// Whether it was a dry run.
    pub dry_run: bool,
    /// Its workspace.
    pub workspace: PathBuf,
    /// How it ended; `None` while it runs, or if the program was killed.
    pub status: Option<Status>,
    /// Where each step stands, with what it was given and what it gave.
    pub steps: Vec<StepReport>,
    /// The whole report, when it has ended.
    pub report: Option<Report>,
}

/// Why the journal could not be written or read.
#[derive(Debug, thiserror::Error)]
#[error("the journal of runs at {path}: {source}")]
pub struct JournalError {
    /// The file or folder.
    pub path: PathBuf,
    /// What went wrong.
    pub source: io::Error,
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> JournalError {
    let path = path.to_owned();
    move |source| JournalError { path, source }
}

/// The journal of one run, open while it goes on.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    record: Record,
    log: fs::File,
}

impl Journal {
    /// Begins the journal of `job` in the folder `runs`; the run's folder is named by the job's task id.
    pub fn begin(runs: &Path, job: &Job<'_>) -> Result<Self, JournalError> {
        let folder = runs.join(&job.task_id);
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        let path = folder.join(LOG);
        let mut options = fs::OpenOptions::new();
        let log = options.create(true).append(true).open(&path);
        let journal = Self {
            record: Record {
                id: job.task_id.clone(),
                template: job.template.entity_ref.to_string(),
                title: job.template.title.clone(),
                location: job.template.location.clone(),
                started: now(),
                ended: None,
                parameters: without_secrets(job),
                dry_run: job.dry_run,
                workspace: job.workspace.to_owned(),
                status: None,
                steps: job.template.steps.iter().map(StepReport::waiting).collect(),
                report: None,
            },
            log: log.map_err(failed(&path))?,
            folder,
        };
        journal.write()?;
        Ok(journal)
    }

    /// Writes down what happened.
    pub fn event(&mut self, event: &Event) -> Result<(), JournalError> {
        let (step, state) = match event {
            Event::Log { step, level, line } => {
                let step = step.and_then(|step| self.record.steps.get(step));
                let step = step.map_or("-", |step| step.id.as_str());
                let level = match level {
                    LogLevel::Info => "info",
                    LogLevel::Warning => "warning",
                    LogLevel::Error => "error",
                };
                let path = self.folder.join(LOG);
                return writeln!(self.log, "{}\t{level}\t{step}\t{line}", now())
                    .map_err(failed(&path));
            }
            Event::Started { step } => (*step, StepState::Running),
            Event::Finished { step, state } => (*step, *state),
        };
        if let Some(step) = self.record.steps.get_mut(step) {
            step.state = state;
        }
        self.write()
    }

    /// Writes down how it ended.
    pub fn finish(mut self, report: &Report) -> Result<Record, JournalError> {
        self.record.ended = Some(now());
        self.record.status = Some(report.status);
        self.record.steps.clone_from(&report.steps);
        self.record.report = Some(report.clone());
        self.write()?;
        Ok(self.record)
    }

    /// The run's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn write(&self) -> Result<(), JournalError> {
        let path = self.folder.join(RECORD);
        let text = serde_json::to_vec_pretty(&self.record)
            .map_err(|error| failed(&path)(io::Error::other(error)))?;
        let mut draft = tempfile::NamedTempFile::new_in(&self.folder).map_err(failed(&path))?;
        draft.write_all(&text).map_err(failed(&path))?;
        draft.as_file().sync_all().map_err(failed(&path))?;
        draft
            .persist(&path)
            .map_err(|error| failed(&path)(error.error))?;
        Ok(())
    }
}

/// The parameters with stars in the place of what was typed into password fields.
fn without_secrets(job: &Job<'_>) -> Map<String, Json> {
    let mut parameters = Json::Object(job.answers.parameters.clone());
    for page in &job.template.pages {
        for field in form::fields(page, job.answers) {
            if matches!(field.kind, FieldKind::Text { secret: true, .. })
                && let Some(value) = parameters.pointer_mut(&field.path)
            {
                *value = "******".into();
            }
        }
    }
    match parameters {
        Json::Object(parameters) => parameters,
        _ => Map::new(),
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

/// A new id for a run: the time to the nanosecond and this process, so that ids sort by time and no two are alike.
pub fn new_id() -> String {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let (seconds, nanos) = (since.as_secs(), since.subsec_nanos());
    format!("{seconds:011}-{nanos:09}-{}", std::process::id())
}

/// The run in the folder `runs` named `id`; `None` if there is none that can be read.
pub fn read(runs: &Path, id: &str) -> Option<Record> {
    let text = fs::read(runs.join(id).join(RECORD)).ok()?;
    serde_json::from_slice(&text).ok()
}

/// The log of the run `id`, a line each: seconds since 1970, level, step, text, with tabs between.
pub fn log(runs: &Path, id: &str) -> Result<String, JournalError> {
    let path = runs.join(id).join(LOG);
    fs::read_to_string(&path).map_err(failed(&path))
}

/// All runs in the folder `runs`, latest first; what cannot be read is left out.
pub fn list(runs: &Path) -> Vec<Record> {
    let Ok(entries) = fs::read_dir(runs) else {
        return Vec::new();
    };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut records: Vec<Record> = names.filter_map(|name| read(runs, &name)).collect();
    records.sort_by(|a, b| b.id.cmp(&a.id));
    records
}
