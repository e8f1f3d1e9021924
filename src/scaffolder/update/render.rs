//! What one revision of a template would publish.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Map;

use crate::scaffolder::memory::Memory;
use crate::scaffolder::run::{
    self, Aim, Event, Job, LogLevel, Status, StepReport, published, publishes,
};

use super::{Side, UpdateError};

/// Renders `side` below `scratch`, as far as it goes without doing anything elsewhere, and gives the folder of what it would
/// publish into the repository that remembers `memory`, and what became of its steps.
pub(super) fn render(
    side: &Side,
    memory: &Memory,
    scratch: &Path,
    stop: &dyn Fn() -> bool,
    log: &mut dyn FnMut(&str),
) -> Result<(PathBuf, Vec<StepReport>), UpdateError> {
    let (workspace, seen) = (scratch.join("workspace"), scratch.join("published"));
    let job = Job {
        template: &side.template,
        answers: &side.answers,
        user: side.user.clone(),
        task_id: memory.task.clone(),
        started: 0,
        past: None,
        workspace: &workspace,
        repositories: None,
        dry_run: true,
        strict: false,
        mocks: Map::new(),
        aim: Aim::Render(&seen),
    };
    let report = run::run(&job, &*side.outside, stop, &mut |event| {
        if let Event::Log {
            level: LogLevel::Warning,
            line,
            ..
        } = event
        {
            log(&line);
        }
    });
    match report.status {
        Status::Completed => {}
        Status::Cancelled => return Err(UpdateError::Cancelled),
        Status::Failed => {
            let why = report.error.unwrap_or_default();
            return Err(UpdateError::Failed(format!(
                "the template at {} cannot be rendered with the answers of this repository: {why}",
                side.template.location
            )));
        }
    }
    let Some(step) = &memory.step else {
        return Ok((workspace, report.steps));
    };
    let folder = |step: &str| seen.join(published(step, memory.each.as_deref()));
    let known = folder(step);
    if known.is_dir() {
        return Ok((known, report.steps));
    }
    // A step may have been given another id since.
    let mut all = side.template.steps.iter().filter(|step| publishes(step));
    let only = match (all.next(), all.next()) {
        (Some(only), None) => folder(&only.id),
        _ => known,
    };
    if only.is_dir() {
        return Ok((only, report.steps));
    }
    let empty = fs::read_dir(&seen).map_or(true, |mut seen| seen.next().is_none());
    Err(UpdateError::Failed(if empty {
        "the template would publish nothing with the answers of this repository".to_owned()
    } else {
        format!("the template has no step {step} any more, which made this repository")
    }))
}
