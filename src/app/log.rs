//! What was said and what work ended, so that a message that went by can be read again.

use std::collections::VecDeque;

use super::notice::{Notice, Tone};
use super::task::Task;

/// How much is kept.
const KEPT: usize = 200;

/// What happened lately, the latest last.
#[derive(Debug, Default)]
pub struct Log {
    entries: VecDeque<Entry>,
    last: u64,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number; grows.
    pub id: u64,
    /// When it happened last, in seconds since 1970.
    pub at: u64,
    /// How often it happened in a row.
    pub times: usize,
    /// What.
    pub what: Happened,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// Something was said.
    Said(Notice),
    /// Work in the background ended.
    Ended(Task, Notice),
}

impl Happened {
    /// How it is marked, and what it says.
    pub fn notice(&self) -> &Notice {
        match self {
            Self::Said(notice) | Self::Ended(_, notice) => notice,
        }
    }

    /// The number of the run of a template that ended.
    pub fn run(&self) -> Option<u64> {
        match self {
            Self::Said(_) => None,
            Self::Ended(task, _) => task.run,
        }
    }

    /// What it says in one line: with its title where it does not say itself what it was.
    pub fn line(&self) -> String {
        match self {
            Self::Said(notice) => notice.text.clone(),
            Self::Ended(task, notice) if task.run.is_some() => notice.text.clone(),
            Self::Ended(task, notice) => format!("{}: {}", task.title, notice.text),
        }
    }

    /// How it went, in a word.
    pub fn word(&self) -> &'static str {
        match self.notice().tone {
            Tone::Done => "done",
            Tone::Info => "to know",
            Tone::Failed => "failed",
        }
    }
}

impl Log {
    /// Everything that is kept, the latest first.
    pub fn latest(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().rev()
    }

    /// Keeps what happened `at` a time; the same thing once more is only counted.
    pub fn add(&mut self, at: u64, what: Happened) {
        if let Some(latest) = self.entries.back_mut().filter(|entry| entry.what == what) {
            latest.at = at;
            latest.times += 1;
            return;
        }
        self.last += 1;
        self.entries.push_back(Entry {
            id: self.last,
            at,
            times: 1,
            what,
        });
        if self.entries.len() > KEPT {
            self.entries.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_counted_and_the_oldest_goes() {
        let mut log = Log::default();
        for at in 0..3 {
            log.add(at, Happened::Said(Notice::failed("no network")));
        }
        let entries: Vec<(u64, usize)> = log.latest().map(|it| (it.at, it.times)).collect();
        assert_eq!(entries, [(2, 3)]);
        for at in 0..KEPT as u64 {
            log.add(at, Happened::Said(Notice::done(at.to_string())));
        }
        assert_eq!(log.latest().count(), KEPT);
        assert!(log.latest().all(|it| it.what.notice().tone == Tone::Done));
    }
}
