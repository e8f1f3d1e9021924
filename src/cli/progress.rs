//! Progress of a sync: a bar for each source on a terminal, a line for each elsewhere, nothing with `--quiet`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::console::Console;
use crate::sync;

/// Shows progress as the console wants it.
pub(crate) struct Progress {
    mode: Mode,
}

enum Mode {
    Silent,
    Lines {
        /// What was told of which source.
        told: Mutex<BTreeSet<(String, &'static str)>>,
    },
    Bars {
        all: MultiProgress,
        bars: Mutex<BTreeMap<String, ProgressBar>>,
    },
}

impl Progress {
    /// Progress of something that happens on the way: bars on a terminal, nothing elsewhere.
    pub(crate) fn new(console: &Console) -> Self {
        let mode = if console.shows_progress() {
            Mode::Bars {
                all: MultiProgress::new(),
                bars: Mutex::default(),
            }
        } else {
            Mode::Silent
        };
        Self { mode }
    }

    /// Progress of what the user asked for: bars on a terminal, lines elsewhere.
    pub(crate) fn asked_for(console: &Console) -> Self {
        let progress = Self::new(console);
        match progress.mode {
            Mode::Silent if !console.is_quiet() => Self {
                mode: Mode::Lines {
                    told: Mutex::default(),
                },
            },
            _ => progress,
        }
    }

    /// Takes one step into account. Called from several threads.
    pub(crate) fn step(&self, step: &sync::Progress) {
        match &self.mode {
            Mode::Silent => {}
            Mode::Lines { told } => {
                let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(line) = line(step, &mut told) {
                    let _ = writeln!(io::stderr(), "{}: {line}", step.source);
                }
            }
            Mode::Bars { all, bars } => {
                let mut bars = bars.lock().unwrap_or_else(PoisonError::into_inner);
                let bar = bars
                    .entry(step.source.clone())
                    .or_insert_with(|| all.add(new_bar(&step.source)));
                advance(bar, step);
            }
        }
    }

    /// Takes the bars away.
    pub(crate) fn clear(&self) {
        if let Mode::Bars { all, .. } = &self.mode {
            // A terminal that is gone needs no clearing.
            let _ = all.clear();
        }
    }
}

/// What a line says of `step`, each thing once a round.
fn line(step: &sync::Progress, told: &mut BTreeSet<(String, &'static str)>) -> Option<String> {
    let mut is_new = |what| told.insert((step.source.clone(), what));
    match (&step.waiting, step.phase) {
        (Some(wait @ sync::Wait::Host(_)), _) => Some(wait.to_string()),
        (Some(wait), _) => is_new("waiting").then(|| wait.to_string()),
        (None, sync::Phase::Discover) => is_new("reading").then(|| "reading".to_owned()),
        (None, sync::Phase::Done) => {
            told.retain(|(source, _)| *source != step.source);
            None
        }
        _ => None,
    }
}

fn new_bar(source: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_prefix(source.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

fn advance(bar: &ProgressBar, step: &sync::Progress) {
    let template = if step.total > 0 {
        "{prefix:.bold}  {bar:24.cyan/dim}  {msg} {pos} of {len}"
    } else {
        "{prefix:.bold}  {spinner:.cyan}  {msg} {pos}"
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("━━─"));
    }
    if let Some(waiting) = &step.waiting {
        bar.set_message(waiting.to_string());
        return;
    }
    bar.set_message(match step.phase {
        sync::Phase::Discover => "looking for descriptors",
        sync::Phase::Fetch => "fetching",
        sync::Phase::Ingest => "reading entities",
        sync::Phase::Store => "keeping",
        sync::Phase::Docs => "bringing docs",
        sync::Phase::Done => "done",
    });
    bar.set_length(step.total);
    bar.set_position(step.done);
    if step.phase == sync::Phase::Done {
        bar.finish_and_clear();
    }
}
