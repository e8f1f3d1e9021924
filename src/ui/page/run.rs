//! The drawing of a run: steps, the log of the selected one, results.

use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::command::Command;
use crate::app::page::run::Run;
use crate::app::pointer::{Part, Target};
use crate::scaffolder::run::{LogLevel, StepState};
use crate::ui::Surface;
use crate::ui::text::{Pen, wrap};
use crate::ui::widget::{document, pane};
use crate::ui::{Keys, Output, Role, Theme, format};

/// Draws a run.
pub fn draw(
    page: &Run,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> Output {
    let (steps, rest) = if shared.narrow() {
        let rows = u16::try_from(page.states.len())
            .unwrap_or(u16::MAX)
            .saturating_add(1)
            .min(area.height / 3);
        (
            Rect {
                height: rows,
                ..area
            },
            pane::below(area, rows + 1),
        )
    } else {
        pane::split_left(area, 40, theme, buffer)
    };
    let list = pane::titled("Steps", "", page.ended.is_none(), theme, steps, buffer);
    draw_steps(page, theme, list, buffer);
    let rows = if page.ended.is_some() {
        draw_ending(page, shared, theme, rest, buffer)
    } else {
        0
    };
    let below = pane::below(rest, rows);
    let log = pane::titled("Log", "", false, theme, below, buffer);
    draw_log(page, theme, log, buffer);
    let mut output = Output::default();
    output.drawn.side_rows = usize::from(list.height);
    output.drawn.page_rows = usize::from(log.height);
    output
}

fn draw_steps(page: &Run, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let window = page
        .cursor
        .window(page.states.len(), usize::from(area.height));
    for (row, at) in (0..).zip(window) {
        let (Some(state), Some(step)) = (page.states.get(at), page.order.template.steps.get(at))
        else {
            break;
        };
        let mut pen = Pen::new(buffer, theme, area, row).on_spot(Some(at));
        if at == page.cursor.selected {
            pen = pen.on_cursor(true);
        }
        let (sign, role, word) = match state {
            StepState::Waiting => ("○", Role::Dim, ""),
            StepState::Running => ("◐", Role::Accent, "running"),
            StepState::Completed => ("✓", Role::Good, "done"),
            StepState::Skipped => ("–", Role::Dim, "skipped"),
            StepState::Failed => ("✗", Role::Bad, "failed"),
        };
        let text = if *state == StepState::Waiting {
            Role::Dim
        } else {
            Role::Text
        };
        let room = pen.left().saturating_sub(10);
        pen.write(sign, role)
            .skip(1)
            .column_of(&step.name, room, text)
            .to_right(7)
            .write(word, Role::Dim);
    }
}

/// How it ended and what came of it; returns the rows it took.
fn draw_ending(
    page: &Run,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> u16 {
    let mut row = 0;
    if let Some(reason) = page.failure() {
        Pen::new(buffer, theme, area, row)
            .write("✗ ", Role::Bad)
            .write("It did not succeed", Role::Strong);
        row += 1;
        for line in wrap(reason, usize::from(area.width)).iter().take(5) {
            Pen::new(buffer, theme, area, row).write(line, Role::Text);
            row += 1;
        }
        for line in wrap(&advice(page, shared), usize::from(area.width)) {
            Pen::new(buffer, theme, area, row).write(&line, Role::Dim);
            row += 1;
        }
        return row + 1;
    }
    Pen::new(buffer, theme, area, row)
        .write("✓ ", Role::Good)
        .write("Done", Role::Strong);
    row += 1;
    if let Some(Ok(report)) = &page.ended {
        let files = report
            .tree
            .iter()
            .filter(|entry| !entry.path.ends_with('/'))
            .count();
        let mut pen = Pen::new(buffer, theme, area, row);
        pen.write(&format::counted(files, "file"), Role::Text);
        if let Some(out) = &page.order.out {
            pen.write(" in ", Role::Dim).write(out, Role::Strong);
        }
        row += 2;
        for text in report.texts() {
            if !text.title.is_empty() {
                Pen::new(buffer, theme, area, row).write(&text.title, Role::Strong);
                row += 1;
            }
            let space = Rect {
                height: area.height.saturating_sub(row).min(8),
                ..pane::below(area, row)
            };
            row += document::draw(&text.content, theme, space, buffer) + 1;
        }
        for warning in report.warnings.iter().take(3) {
            Pen::new(buffer, theme, area, row)
                .write("! ", Role::Warning)
                .write(warning, Role::Text);
            row += 1;
        }
    }
    for (at, link) in page.links().iter().enumerate() {
        let target = Target::Item(Part::Aside, at);
        let mut pen = Pen::new(buffer, theme, area, row).on_target(target);
        if at == page.results.selected {
            pen = pen.on_cursor(true);
        }
        let target = link
            .entity_ref
            .as_deref()
            .or(link.url.as_deref())
            .unwrap_or_default();
        pen.column_of(&link.title, 28, Role::Strong)
            .write_linked(target, Role::Link);
        row += 1;
    }
    row + 1
}

/// What can be done about a run that did not succeed.
fn advice(page: &Run, shared: &Shared) -> String {
    let keys = Keys::of(shared, page.context(), page.typing());
    if !page.can_go_on() {
        let way = (
            Command::RunRetry,
            "to change the answers and try again; they are kept",
        );
        return keys.advice("", &[way]);
    }
    let way = (
        Command::RunRetry,
        "to go on where it ended, with the same or other answers; what was done stays done",
    );
    let mut advice = keys.advice("", &[way]);
    if let Some(key) = keys.key(Command::GoRuns) {
        let gap = if advice.is_empty() { "" } else { " " };
        advice.extend([gap, &key, " lists all runs."]);
    }
    advice
}

fn draw_log(page: &Run, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let columns = usize::from(area.width);
    let mut lines = Vec::new();
    // The end of the log is what matters; only what fits is laid out.
    for (level, line) in page.selected_log().rev() {
        if lines.len() >= usize::from(area.height) {
            break;
        }
        let role = match level {
            LogLevel::Info => Role::Dim,
            LogLevel::Warning => Role::Warning,
            LogLevel::Error => Role::Bad,
        };
        for part in wrap(line, columns).into_iter().rev() {
            lines.push((role, part));
        }
    }
    lines.truncate(usize::from(area.height));
    for (row, (role, line)) in (0..).zip(lines.iter().rev()) {
        Pen::new(buffer, theme, area, row).write_linked(line, *role);
    }
}
