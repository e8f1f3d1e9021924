//! Every run on disk: one folder a run with `run.json` and `log.txt`, written as it goes. Secrets are never in it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::run::{Event, Job, Report};

/// One run as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The run's id, also its folder's name; sorts by time.
    pub id: String,
    /// The template's reference.
    pub template: String,
    /// The template's title.
    pub title: String,
    /// Seconds since 1970 at which it began.
    pub started: u64,
    /// The answers without secrets.
    pub parameters: Map<String, Json>,
    /// Whether it was a dry run.
    pub dry_run: bool,
    /// How far it came; `status` is `None` while it runs (or if the program was killed).
    pub report: Option<Report>,
}

/// Why the journal could not be written or read.
#[derive(Debug, thiserror::Error)]
#[error("the journal of runs at {path}: {source}")]
pub struct JournalError {
    /// The file or folder.
    pub path: PathBuf,
    /// What went wrong.
    pub source: std::io::Error,
}

/// The journal of one run, open while it goes on.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
}

impl Journal {
    /// Begins the journal of `job` in the folder `runs`; its name is the job's task id.
    pub fn begin(runs: &Path, job: &Job<'_>) -> Result<Self, JournalError> {
        Ok(Self {
            folder: runs.join(&job.task_id),
        })
    }

    /// Writes down what happened.
    pub fn event(&mut self, event: &Event) -> Result<(), JournalError> {
        let _ = event;
        Ok(())
    }

    /// Writes down how it ended.
    pub fn finish(&mut self, report: &Report) -> Result<(), JournalError> {
        let _ = report;
        Ok(())
    }

    /// The run's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// A new id for a run: the time, then some digits that make it unlike any other.
pub fn new_id() -> String {
    String::new()
}

/// All runs in the folder `runs`, latest first; what cannot be read is left out.
pub fn list(runs: &Path) -> Vec<Record> {
    let _ = runs;
    Vec::new()
}
