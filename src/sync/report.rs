//! What a sync tells while it works and when it is done.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::Class;
use crate::host::budget::Waiting;

/// What a source is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It is being asked what there is; `done` counts what was found, `total` is 0 until known.
    Discover,
    /// Texts are being brought.
    Fetch,
    /// Texts are being read as entities.
    Ingest,
    /// Entities are being kept.
    Store,
    /// Docs are being brought.
    Docs,
    /// It is done, well or not.
    Done,
}

/// One step forward of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The source's name.
    pub source: String,
    /// What it is doing.
    pub phase: Phase,
    /// How much of it is done.
    pub done: u64,
    /// How much there is, 0 where unknown.
    pub total: u64,
    /// What it waits for, where it does.
    pub waiting: Option<Wait>,
}

/// What a sync waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wait {
    /// A host that wants to be left alone.
    Host(Waiting),
    /// Another process that syncs the same sources: which, and for how long.
    Process(String),
}

/// `github.com: waiting 25 min (its rate limit is reached)`.
impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(waiting) => waiting.fmt(f),
            Self::Process(owner) => {
                write!(f, "waiting until another stagedoor is done ({owner})")
            }
        }
    }
}

/// What became of a sync.
#[derive(Debug, Clone, Default)]
pub struct SyncReport {
    /// What became of each source, in the set's order.
    pub sources: Vec<SourceReport>,
    /// How many entities the catalog holds now, of all sources.
    pub entities: usize,
    /// How long it took.
    pub duration: Duration,
}

/// What became of one source.
#[derive(Debug, Clone, Default)]
pub struct SourceReport {
    /// The source's name.
    pub source: String,
    /// How many entities it gave; what it had where it failed.
    pub entities: usize,
    /// How many findings of level error or warning it has.
    pub problems: usize,
    /// How many files were read as descriptors.
    pub files: usize,
    /// How many requests were made, by host; those of `git` are not counted.
    pub requests: BTreeMap<String, usize>,
    /// How many texts were brought because they were not known yet.
    pub fetched: usize,
    /// How long it took.
    pub duration: Duration,
    /// Why it failed, where it did; what it had is kept.
    pub failure: Option<Failure>,
}

/// Why a source failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// How it is to be answered.
    pub class: Class,
    /// What happened and what to do, in one sentence.
    pub message: String,
}

impl SourceReport {
    /// How many requests were made of all hosts.
    pub fn request_count(&self) -> usize {
        self.requests.values().sum()
    }
}

impl SyncReport {
    /// The gravest class of the sources that failed, `None` where all went well.
    pub fn class(&self) -> Option<Class> {
        self.sources
            .iter()
            .filter_map(|source| source.failure.as_ref())
            .map(|failure| failure.class)
            .max()
    }

    /// How many findings there are in all sources.
    pub fn problems(&self) -> usize {
        self.sources.iter().map(|source| source.problems).sum()
    }
}
