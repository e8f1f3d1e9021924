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
            .write(" remember answers: ", Role::Dim)
            .write(said, Role::Strong);
    }
    if form.is_moved() {
        pen.write("  f2", Role::Key)
            .write(" runs it here", Role::Dim);
    } else if let Some(offer) = form.offer() {
        pen.write("  f2", Role::Key)
            .write(" runs it at ", Role::Dim)
            .write(&offer.host, Role::Strong);
    }
    cursor
}

fn draw_answers(form: &Form, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let rows = form::review(&form.template, &form.answers);
    let list = pane::titled("Your answers", "", false, theme, area, buffer);
    let longest = rows.iter().map(|row| width(&row.label)).max().unwrap_or(0);
    let label = longest.clamp(12, usize::from(area.width / 2).max(12));
    let height = usize::from(list.height);
    let top = form.scroll.min(rows.len().saturating_sub(height));
    for (row, answer) in (0..list.height).zip(rows.iter().skip(top)) {
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
        if let Some(default) = answer
            .default
            .as_ref()
            .filter(|default| answer.changed && !default.is_empty())
        {
            let default = default.replace('\n', " · ");
            pen.write(&format!("  (not {default})"), Role::Dim);
        }
    }
    if rows.len() > top + height && list.height > 0 {
        let more = format!("…{} more, with ↓", rows.len() - top - height + 1);
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
        Some(Ok(report)) => draw_tree(form, report, theme, area, buffer),
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

/// One line of what will be made.
type Said = (usize, String, Role);

fn draw_tree(form: &Form, report: &Report, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let files = report
        .tree
        .iter()
        .filter(|entry| !entry.path.ends_with('/'))
        .count();
    let count = format::counted(files, "file");
    let list = pane::titled("Will be made", &count, false, theme, area, buffer);
    let lines = lines(report, usize::from(list.width));
    let height = usize::from(list.height);
    let top = form.scroll.min(lines.len().saturating_sub(height));
    let last = lines.len() > top + height;
    for (row, (indent, text, role)) in (0..list.height).zip(lines.iter().skip(top)) {
        let mut pen = Pen::new(buffer, theme, list, row);
        if last && row + 1 == list.height {
            let more = format!("…{} more, with ↓", lines.len() - top - height + 1);
            pen.write(&more, Role::Dim);
            break;
        }
        pen.skip(*indent).write(text, *role);
    }
}

/// What is lacking, the files, what would be asked of hosts, and what becomes of files that are there.
fn lines(report: &Report, columns: usize) -> Vec<Said> {
    let mut lines: Vec<Said> = Vec::new();
    let plan = report.plan.as_ref();
    for lack in plan.into_iter().flat_map(|plan| &plan.lacks) {
        let text = format!("! {}: {}", lack.host, lack.what);
        let wrapped = wrap(&text, columns).into_iter();
        lines.extend(wrapped.map(|line| (0, line, Role::Warning)));
    }
    if let Some(elsewhere) = plan.and_then(|plan| plan.elsewhere.as_ref()) {
        let unknown = format!("! Not known here: {}", elsewhere.actions.join(", "));
        let advice = match elsewhere.offers.first() {
            Some(offer) => offer.words(),
            None => elsewhere.advice(),
        };
        let said = [(unknown, Role::Warning), (advice, Role::Text)];
        for (text, role) in said {
            let wrapped = wrap(&text, columns).into_iter();
            lines.extend(wrapped.map(|line| (0, line, role)));
        }
    }
    if !lines.is_empty() {
        lines.push((0, String::new(), Role::Dim));
    }
    for entry in &report.tree {
        let path = entry.path.trim_end_matches('/');
        let depth = path.matches('/').count();
        let name = path.rsplit('/').next().unwrap_or(path);
        if entry.path.ends_with('/') {
            lines.push((depth * 2, format!("{name}/"), Role::Dim));
        } else {
            lines.push((depth * 2, name.to_owned(), Role::Text));
        }
    }
    let calls = plan.into_iter().flat_map(|plan| &plan.calls);
    let calls: Vec<Said> = calls
        .filter(|call| !call.is_read())
        .map(|call| {
            let place = call
                .url
                .split_once("://")
                .map_or(call.url.as_str(), |(_, place)| place);
            (2, format!("{} {place}", call.method), Role::Text)
        })
        .collect();
    let simulated = report.steps.iter().filter(|step| step.simulated);
    let steps: Vec<Said> = simulated
        .map(|step| (0, format!("○ {}", step.name), Role::Text))
        .collect();
    if !steps.is_empty() || !calls.is_empty() {
        lines.push((0, String::new(), Role::Dim));
        lines.push((0, "Then, for real".to_owned(), Role::Strong));
        lines.extend(steps);
        lines.extend(
            calls
                .into_iter()
                .map(|(indent, text, _)| (indent, text, Role::Dim)),
        );
    }
    let changes: Vec<_> = plan.into_iter().flat_map(|plan| &plan.changes).collect();
    if !changes.is_empty() {
        lines.push((0, String::new(), Role::Dim));
        lines.push((0, "In files that are there".to_owned(), Role::Strong));
    }
    for change in changes {
        let counts = format!("{}  +{} -{}", change.path, change.added, change.removed);
        lines.push((0, counts, Role::Text));
        for line in change
            .diff
            .lines()
            .filter(|line| !line.starts_with("---") && !line.starts_with("+++"))
        {
            let role = match line.chars().next() {
                Some('+') => Role::Good,
                Some('-') => Role::Bad,
                _ => Role::Dim,
            };
            lines.push((2, line.to_owned(), role));
        }
    }
    lines
}
