//! The drawing of the review: the answers, where the files go, and what will be made.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::page::wizard::form::Form;
use crate::scaffolder::form;
use crate::scaffolder::run::{Report, Status};
use crate::ui::text::{Pen, width, wrap};
use crate::ui::widget::{field, pane};
use crate::ui::{CursorAt, Role, Theme, format};

/// Columns of what will be made.
pub(super) const PLAN: u16 = 42;

/// Draws the review.
pub(super) fn draw(form: &Form, theme: &Theme, area: Rect, buffer: &mut Buffer) -> CursorAt {
    let wide = area.width >= 84;
    let (left, right) = if wide {
        pane::split_right(area, PLAN, theme, buffer)
    } else {
        let rows = area.height / 2;
        (
            Rect {
                height: rows,
                ..area
            },
            pane::below(area, rows),
        )
    };
    draw_plan(form, theme, right, buffer);
    let bottom = left.height.saturating_sub(3);
    draw_answers(
        form,
        theme,
        Rect {
            height: bottom,
            ..left
        },
        buffer,
    );
    let out = pane::below(left, bottom);
    Pen::new(buffer, theme, out, 0).write("Keep the files in", Role::Accent);
    Pen::new(buffer, theme, out, 1)
        .skip(2)
        .write("› ", Role::Accent);
    let space = Rect {
        x: out.x + 4,
        width: out.width.saturating_sub(4),
        ..pane::below(out, 1)
    };
    let cursor = field::draw(
        &form.out,
        "nowhere; name a folder to keep them",
        theme,
        space,
        buffer,
    );
    let mut pen = Pen::new(buffer, theme, out, 2);
    pen.skip(2)
        .write("enter", Role::Key)
        .write(" runs it", Role::Dim);
    if form.can_remember() {
        let said = if form.remember { "yes" } else { "no" };
        pen.write("  ctrl-t", Role::Key)
            .write(" remembers the answers: ", Role::Dim)
            .write(said, Role::Strong);
    }
    cursor
}

fn draw_answers(form: &Form, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let rows = form::review(&form.template, &form.answers);
    let list = pane::titled("Your answers", "", false, theme, area, buffer);
    let longest = rows.iter().map(|row| width(&row.label)).max().unwrap_or(0);
    let label = longest.clamp(12, usize::from(area.width / 2).max(12));
    for (row, answer) in (0..list.height).zip(&rows) {
        let mut pen = Pen::new(buffer, theme, list, row);
        let value = answer.value.replace('\n', " · ");
        let role = if answer.changed {
            Role::Text
        } else {
            Role::Dim
        };
        pen.column_of(&answer.label, label, Role::Dim)
            .skip(1)
            .write(if value.is_empty() { "–" } else { &value }, role);
    }
    if rows.len() > usize::from(list.height) && list.height > 0 {
        let more = format!("…{} more", rows.len() - usize::from(list.height) + 1);
        let last = pane::below(list, list.height - 1);
        Pen::new(buffer, theme, last, 0).column_of(&more, usize::from(last.width), Role::Dim);
    }
}

pub(super) fn draw_plan(form: &Form, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    match &form.plan {
        None => {
            let list = pane::titled("Will be made", "", false, theme, area, buffer);
            Pen::new(buffer, theme, list, 0).write("trying it out…", Role::Dim);
        }
        Some(Err(reason)) => problem(reason, theme, area, buffer),
        Some(Ok(report)) if report.status != Status::Completed => {
            problem(
                report.error.as_deref().unwrap_or("A step would fail."),
                theme,
                area,
                buffer,
            );
        }
        Some(Ok(report)) => draw_tree(report, theme, area, buffer),
    }
}

fn problem(reason: &str, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    Pen::new(buffer, theme, area, 0)
        .write("✗ ", Role::Bad)
        .write("It would fail", Role::Strong);
    for (row, line) in (1..).zip(wrap(reason, usize::from(area.width))) {
        Pen::new(buffer, theme, area, row).write(&line, Role::Text);
    }
}

fn draw_tree(report: &Report, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let files = report
        .tree
        .iter()
        .filter(|entry| !entry.path.ends_with('/'))
        .count();
    let list = pane::titled(
        "Will be made",
        &format::counted(files, "file"),
        false,
        theme,
        area,
        buffer,
    );
    let remote: Vec<_> = report.steps.iter().filter(|step| step.simulated).collect();
    let room = usize::from(list.height).saturating_sub(if remote.is_empty() {
        0
    } else {
        remote.len() + 2
    });
    let mut row = 0;
    for (at, entry) in report.tree.iter().enumerate() {
        if usize::from(row) + 1 > room
            || (usize::from(row) + 1 == room && at + 1 < report.tree.len())
        {
            let more = format!("…{} more", report.tree.len() - at);
            Pen::new(buffer, theme, list, row).write(&more, Role::Dim);
            row += 1;
            break;
        }
        let path = entry.path.trim_end_matches('/');
        let depth = path.matches('/').count();
        let name = path.rsplit('/').next().unwrap_or(path);
        let mut pen = Pen::new(buffer, theme, list, row);
        pen.skip(depth * 2);
        if entry.path.ends_with('/') {
            pen.write(name, Role::Dim).write("/", Role::Dim);
        } else {
            pen.write(name, Role::Text);
        }
        row += 1;
    }
    if remote.is_empty() {
        return;
    }
    row += 1;
    Pen::new(buffer, theme, list, row).write("Then, for real", Role::Strong);
    for step in remote {
        row += 1;
        Pen::new(buffer, theme, list, row)
            .write("○ ", Role::Dim)
            .write(&step.name, Role::Text);
    }
}
