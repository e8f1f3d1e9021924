//! A run, told: its steps as they go, and what came of it.

use std::io::{self, Write};
use std::path::Path;

use crate::catalog::text;
use crate::cli::console::Console;
use crate::cli::style::Ink;
use crate::scaffolder::Template;
use crate::scaffolder::run::{Event, LogLevel, Report, Status, StepState};

/// Tells one event on standard error.
pub(super) fn event(event: &Event, template: &Template, console: &Console) {
    let name = |step: usize| {
        template
            .steps
            .get(step)
            .map_or_else(String::new, |step| text::one_line(&step.name))
    };
    match event {
        Event::Started { step } => console.step("◐", Ink::Accent, &name(*step)),
        Event::Log { level, line, .. } => match level {
            LogLevel::Info => console.detail(line),
            LogLevel::Warning | LogLevel::Error => console.warn(line),
        },
        Event::Finished { step, report } => match report.state {
            StepState::Completed => console.step("✓", Ink::Good, &name(*step)),
            StepState::Failed => console.step("✗", Ink::Bad, &name(*step)),
            StepState::Skipped => console.step("○", Ink::Dim, &name(*step)),
            StepState::Waiting | StepState::Running => {}
        },
        Event::Made(_) | Event::Unmade(_) => {}
    }
}

/// Tells what came of a run: links, texts, the files where they were kept, and why it failed.
pub(super) fn report(
    report: &Report,
    workspace: Option<&Path>,
    console: &mut Console,
) -> io::Result<()> {
    for warning in &report.warnings {
        console.warn(warning);
    }
    if report.status == Status::Failed {
        let why = report.error.as_deref().unwrap_or("a step failed");
        console.fail(why);
    }
    for link in report.links() {
        let target = link.url.or(link.entity_ref).unwrap_or_default();
        let title = console.paint(Ink::Bold, &text::one_line(&link.title));
        writeln!(console.out, "{title}  {}", text::one_line(&target))?;
    }
    for part in report.texts() {
        if !part.title.is_empty() {
            let title = console.paint(Ink::Bold, &text::one_line(&part.title));
            writeln!(console.out, "{title}")?;
        }
        writeln!(console.out, "{}", text::clean(&part.content).trim_end())?;
    }
    if let Some(workspace) = workspace {
        for entry in &report.tree {
            let path = workspace.join(&entry.path);
            writeln!(console.out, "{}", text::one_line(&path.to_string_lossy()))?;
        }
    }
    Ok(())
}
