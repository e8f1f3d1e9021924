//! A run, told: its steps as they go, and what came of it.

use std::io::{self, Write};
use std::path::Path;

use crate::catalog::text;
use crate::cli::console::Console;
use crate::cli::style::Ink;
use crate::scaffolder::Template;
use crate::scaffolder::plan::{Call, ChangeKind, Plan};
use crate::scaffolder::run::{Event, LogLevel, Report, Status, StepState};

/// Tells one event on standard error.
pub(in crate::cli) fn event(event: &Event, template: &Template, console: &Console) {
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

/// Tells what a dry run found out: the files, what becomes of repositories that are there, the calls, and what is lacking.
pub(super) fn plan(
    report: &Report,
    is_kept: bool,
    plan: &Plan,
    console: &mut Console,
) -> io::Result<()> {
    if !is_kept && !report.tree.is_empty() {
        heading("Files", console)?;
        for entry in &report.tree {
            let path = text::one_line(&entry.path);
            let mark = match &entry.target {
                Some(target) => format!("{path} -> {}", text::one_line(target)),
                None if entry.mode & 0o111 != 0 => format!("{path}  (can be run)"),
                None => path,
            };
            writeln!(console.out, "  {mark}")?;
        }
    }
    if !plan.changes.is_empty() {
        heading("Changes", console)?;
        for change in &plan.changes {
            let (sign, ink) = match change.kind {
                ChangeKind::Added => ("+", Ink::Good),
                ChangeKind::Changed => ("~", Ink::Accent),
                ChangeKind::Removed => ("-", Ink::Bad),
            };
            let sign = console.paint(ink, sign);
            let path = text::one_line(&change.path);
            let (added, removed) = (change.added, change.removed);
            writeln!(console.out, "  {sign} {path}  +{added} -{removed}")?;
        }
        for line in plan.changes.iter().flat_map(|change| change.diff.lines()) {
            let ink = match line.as_bytes().first() {
                Some(b'+') => Ink::Good,
                Some(b'-') => Ink::Bad,
                Some(b'@') => Ink::Accent,
                _ => Ink::Dim,
            };
            let line = console.paint(ink, line);
            writeln!(console.out, "  {line}")?;
        }
    }
    let writes: Vec<&Call> = plan.calls.iter().filter(|call| !call.is_read()).collect();
    let reads = plan.calls.len() - writes.len();
    if !plan.calls.is_empty() {
        heading("Calls", console)?;
    }
    let mut step = "";
    for call in writes {
        if call.step != step {
            step = &call.step;
            writeln!(console.out, "  {}", text::one_line(step))?;
        }
        let url = text::one_line(&call.url);
        writeln!(console.out, "    {:6} {url}", call.method)?;
    }
    if reads > 0 {
        let more = format!("and {reads} that only read");
        let more = console.paint(Ink::Dim, &more);
        writeln!(console.out, "  {more}")?;
    }
    if !plan.lacks.is_empty() {
        heading("Lacking", console)?;
    }
    for lack in &plan.lacks {
        let sign = console.paint(Ink::Bad, "✗");
        let (host, what) = (text::one_line(&lack.host), text::one_line(&lack.what));
        let steps = text::one_line(&lack.steps.join(", "));
        writeln!(console.out, "  {sign} {host}: {what} ({steps})")?;
    }
    if let Some(elsewhere) = &plan.elsewhere {
        heading("Not known here", console)?;
        let sign = console.paint(Ink::Bad, "✗");
        let actions = text::one_line(&elsewhere.actions.join(", "));
        writeln!(console.out, "  {sign} {actions}")?;
        writeln!(console.out, "    {}", text::one_line(&elsewhere.advice()))?;
    }
    Ok(())
}

fn heading(title: &str, console: &mut Console) -> io::Result<()> {
    let title = console.paint(Ink::Bold, title);
    writeln!(console.out, "{title}")
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
