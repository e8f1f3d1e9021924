//! Every run on disk: one folder a run with `run.json`, `log.txt` and, while it may still be of use, `workspace`.
//!
//! `run.json` is always whole: it is written beside itself and renamed, and what a host makes is in it before the next call
//! to that host. So a run that was killed can be taken up like one that failed. Secrets are in no file: what was typed into
//! secret fields is left out, and a workspace that holds a secret is not kept.

mod secrets;

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::answers::Answers;
use super::run::{
    Aim, Event, Job, LogLevel, Made, Report, Status, StepReport, StepState, TreeEntry, mask,
};
use super::update::Wish;

pub use secrets::not_given;
pub(crate) use secrets::without as without_secrets;

const RECORD: &str = "run.json";
const LOG: &str = "log.txt";
const LOCK: &str = "lock";
const WORKSPACE: &str = "workspace";

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
    /// The source that the template came from, as the command line names it.
    pub source: String,
    /// Who ran it, where that is known: `user:default/jane`.
    pub by: Option<String>,
    /// `context.task.id`, which stays the same when the run is taken up.
    pub task_id: String,
    /// Seconds since 1970 at which it began, the first time.
    pub started: u64,
    /// How often it was begun.
    pub attempts: u32,
    /// Seconds since 1970 at which it ended; `None` while it runs, or if the program was killed.
    pub ended: Option<u64>,
    /// The answers, without secrets.
    pub parameters: Map<String, Json>,
    /// What was left out of them: fields, as `/path`, and secrets, by name. They have to be given again.
    pub withheld: Vec<String>,
    /// Whether the repositories that it makes remember what they were made from.
    #[serde(default)]
    pub remember: bool,
    /// The update that it is, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update: Option<Wish>,
    /// The folder that the user named for the files; without one they lie beside this record.
    pub out: Option<PathBuf>,
    /// Where `stagedoor:publish:local` makes repositories.
    pub repositories: Option<PathBuf>,
    /// How it ended; `None` while it runs, or if the program was killed.
    pub status: Option<Status>,
    /// Why it failed.
    pub error: Option<String>,
    /// Where each step stands, with what it was given and what it gave.
    pub steps: Vec<StepReport>,
    /// What it made at hosts.
    pub made: Vec<Made>,
    /// What the template ended with; `null` unless completed.
    pub output: Json,
    /// What its author should know.
    pub warnings: Vec<String>,
    /// Whether its workspace is still there, as it was at the end.
    pub is_kept: bool,
    /// The workspace at the end.
    pub tree: Vec<TreeEntry>,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Some process works on it.
    Running,
    /// The process that worked on it is gone.
    BrokenOff,
    /// It ended.
    Ended(Status),
}

impl State {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::BrokenOff => "broken off",
            Self::Ended(Status::Completed) => "completed",
            Self::Ended(Status::Failed) => "failed",
            Self::Ended(Status::Cancelled) => "cancelled",
        }
    }

    /// Whether it can be taken up where it ended.
    pub fn can_go_on(self) -> bool {
        !matches!(self, Self::Running | Self::Ended(Status::Completed))
    }
}

impl Record {
    /// The report of the run, as far as it went.
    pub fn report(&self) -> Report {
        Report {
            status: self.status.unwrap_or(Status::Failed),
            error: self.error.clone(),
            steps: self.steps.clone(),
            output: self.output.clone(),
            tree: self.tree.clone(),
            warnings: self.warnings.clone(),
            plan: None,
        }
    }

    /// Where the run stands; `runs` is the folder of all.
    pub fn state(&self, runs: &Path) -> State {
        match self.status {
            Some(status) => State::Ended(status),
            None if is_held(&runs.join(&self.id)) => State::Running,
            None => State::BrokenOff,
        }
    }

    /// Whether `answers` are the ones that it had, as far as they were kept.
    pub fn is_answered_by(&self, answers: &Answers) -> bool {
        self.withheld.is_empty() && self.parameters == answers.parameters
    }

    /// Its answers, without secrets.
    pub fn answers(&self) -> Answers {
        Answers {
            parameters: self.parameters.clone(),
            ..Answers::new()
        }
    }

    /// Whether its files are still there as it left them.
    pub fn has_files(&self, runs: &Path) -> bool {
        self.is_kept && self.workspace(runs).is_dir()
    }

    /// The folder of its files, whether or not they are still there.
    pub fn workspace(&self, runs: &Path) -> PathBuf {
        let own = || runs.join(&self.id).join(WORKSPACE);
        self.out.clone().unwrap_or_else(own)
    }
}

/// Why the journal could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A file or folder of it.
    #[error("the journal of runs at {path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// Another process works on the run.
    #[error("the run {0} goes on in another process; wait for its end")]
    Busy(String),
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> JournalError {
    let path = path.to_owned();
    move |source| JournalError::Io { path, source }
}

/// The journal of one run, open while it goes on.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    record: Record,
    log: fs::File,
    secrets: Vec<String>,
    /// Says to others that the run goes on; given back by the system however the process ends.
    _lock: fs::File,
}

impl Journal {
    /// Begins the journal of `job` in the folder `runs`, as `id`. Where `earlier` is its record, it is gone on with.
    pub fn begin(
        runs: &Path,
        id: &str,
        job: &Job<'_>,
        out: Option<&Path>,
        earlier: Option<&Record>,
    ) -> Result<Self, JournalError> {
        let folder = runs.join(id);
        let mut builder = fs::DirBuilder::new();
        let made = builder.recursive(true).mode(0o700).create(&folder);
        made.map_err(failed(&folder))?;
        let lock = hold(&folder)?.ok_or_else(|| JournalError::Busy(id.to_owned()))?;
        let path = folder.join(LOG);
        let mut options = fs::OpenOptions::new();
        let log = options.create(true).append(true).open(&path);
        let (parameters, withheld) = secrets::without(job.template, job.answers);
        let by = job.user.get("ref").and_then(Json::as_str);
        let journal = Self {
            record: Record {
                id: id.to_owned(),
                template: job.template.entity_ref.to_string(),
                title: job.template.title.clone(),
                location: job.template.location.clone(),
                source: job.template.source.clone(),
                by: by.map(str::to_owned),
                task_id: job.task_id.clone(),
                started: job.started,
                attempts: earlier.map_or(0, |earlier| earlier.attempts) + 1,
                ended: None,
                parameters,
                withheld,
                remember: matches!(job.aim, Aim::Remember),
                update: match job.aim {
                    Aim::Update(update) => Some(update.fixed()),
                    _ => None,
                },
                out: out.map(Path::to_owned),
                repositories: job.repositories.map(Path::to_owned),
                status: None,
                error: None,
                steps: job.template.steps.iter().map(StepReport::waiting).collect(),
                made: earlier.map_or_else(Vec::new, |earlier| earlier.made.clone()),
                output: Json::Null,
                warnings: Vec::new(),
                is_kept: false,
                tree: Vec::new(),
            },
            log: log.map_err(failed(&path))?,
            secrets: mask::secrets(job),
            folder,
            _lock: lock,
        };
        journal.write()?;
        Ok(journal)
    }

    /// Writes down what happened.
    pub fn event(&mut self, event: &Event) -> Result<(), JournalError> {
        match event {
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
            Event::Started { step } => {
                if let Some(step) = self.record.steps.get_mut(*step) {
                    step.state = StepState::Running;
                }
            }
            Event::Finished { step, report } => {
                if let Some(step) = self.record.steps.get_mut(*step) {
                    step.clone_from(report);
                }
            }
            Event::Made(made) => Made::note(&mut self.record.made, made),
            Event::Unmade(made) => self.record.made.retain(|known| !known.is_at(made)),
        }
        self.write()
    }

    /// Writes down how it ended. The workspace is kept where the run may be gone on with and no secret is in it.
    pub fn finish(mut self, report: &Report) -> Result<Record, JournalError> {
        let own = self.folder.join(WORKSPACE);
        let workspace = self.record.out.clone().unwrap_or_else(|| own.clone());
        let may_go_on = report.status != Status::Completed;
        self.record.is_kept =
            may_go_on && workspace.is_dir() && !secrets::are_in(&workspace, &self.secrets);
        if !self.record.is_kept {
            remove(&own)?;
        }
        let record = &mut self.record;
        record.ended = Some(now());
        record.status = Some(report.status);
        record.error.clone_from(&report.error);
        record.steps.clone_from(&report.steps);
        record.output.clone_from(&report.output);
        record.warnings.clone_from(&report.warnings);
        record.tree.clone_from(&report.tree);
        self.write()?;
        Ok(self.record)
    }

    fn write(&self) -> Result<(), JournalError> {
        write(&self.folder, &self.record)
    }
}

fn write(folder: &Path, record: &Record) -> Result<(), JournalError> {
    let path = folder.join(RECORD);
    let text = serde_json::to_vec_pretty(record)
        .map_err(|error| failed(&path)(io::Error::other(error)))?;
    let mut draft = tempfile::NamedTempFile::new_in(folder).map_err(failed(&path))?;
    draft.write_all(&text).map_err(failed(&path))?;
    draft.as_file().sync_all().map_err(failed(&path))?;
    let kept = draft.persist(&path);
    kept.map_err(|error| failed(&path)(error.error))?;
    Ok(())
}

fn remove(folder: &Path) -> Result<(), JournalError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(folder)(error)),
        _ => Ok(()),
    }
}

/// The right to work on the run in `folder`; `None` while another process has it.
fn hold(folder: &Path) -> Result<Option<fs::File>, JournalError> {
    let path = folder.join(LOCK);
    let mut options = fs::OpenOptions::new();
    let file = options.create(true).append(true).open(&path);
    let file = file.map_err(failed(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(failed(&path)(error)),
    }
}

fn is_held(folder: &Path) -> bool {
    fs::File::open(folder.join(LOCK))
        .is_ok_and(|file| matches!(file.try_lock_shared(), Err(fs::TryLockError::WouldBlock)))
}

/// Seconds since 1970.
pub fn now() -> u64 {
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

/// The step, the level and the text of a line of a log.
pub fn read_line(line: &str) -> (String, LogLevel, String) {
    let mut parts = line.splitn(4, '\t').skip(1);
    let mut next = || parts.next().unwrap_or_default();
    let level = match next() {
        "warning" => LogLevel::Warning,
        "error" => LogLevel::Error,
        _ => LogLevel::Info,
    };
    (next().to_owned(), level, next().to_owned())
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

/// Makes an empty workspace for `record`, whose files of before are of no use: what works in them is done again.
pub fn clear(runs: &Path, record: &Record) -> Result<(), JournalError> {
    remove(&runs.join(&record.id).join(WORKSPACE))
}

/// Forgets a run that has ended, with its log and its files; a folder that the user named stays.
pub fn forget(runs: &Path, id: &str) -> Result<(), JournalError> {
    let folder = runs.join(id);
    let lock = hold(&folder)?.ok_or_else(|| JournalError::Busy(id.to_owned()))?;
    let done = remove(&folder);
    drop(lock);
    done
}

/// Writes down that what the run `id` made is gone.
pub fn unmade(runs: &Path, id: &str, made: &Made) -> Result<(), JournalError> {
    let folder = runs.join(id);
    let _lock = hold(&folder)?.ok_or_else(|| JournalError::Busy(id.to_owned()))?;
    let Some(mut record) = read(runs, id) else {
        return Ok(());
    };
    record.made.retain(|known| !known.is_at(made));
    write(&folder, &record)
}

/// Removes the files of runs that broke off: nobody has looked for secrets in them.
pub fn sweep(runs: &Path) {
    for record in list(runs) {
        if record.state(runs) == State::BrokenOff {
            // What cannot be removed now is tried again before the next run.
            let _ = clear(runs, &record);
        }
    }
}
