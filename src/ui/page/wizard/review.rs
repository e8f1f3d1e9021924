//! The drawing of the review: the answers, where the files go, and what will be made.

use ratatui::layout::Rect;

use crate::app::command::Command;
use crate::app::page::wizard::MAKES_NOTHING;
use crate::app::page::wizard::form::Form;
use crate::app::pointer::Target;
use crate::scaffolder::form::{self, ReviewRow};
use crate::scaffolder::run::{Report, Status, StepReport};
use crate::ui::Surface;
use crate::ui::text::{Pen, cut_middle, width, wrap};
use crate::ui::widget::{field, pane};
use crate::ui::{CursorAt, Keys, Role, Theme, format};

/// Columns of what will be made.
pub(super) const PLAN: u16 = 42;

/// The rows that an answer takes at most.
const VALUE_ROWS: usize = 3;

/// Draws the review.
pub(super) fn draw(
    form: &Form,
    keys: Keys<'_>,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> CursorAt {
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
    draw_plan(form, keys, theme, right, buffer);
    let bottom = left.height.saturating_sub(3);
    draw_answers(
        form,
        keys,
        theme,
        Rect {
            height: bottom,
            ..left
        },
        buffer,
    );
    let out = pane::below(left, bottom);
    if form.preview {
        Pen::new(buffer, theme, out, 1).write(MAKES_NOTHING, Role::Dim);
        return None;
    }
    let cursor = match form.goes_on_at() {
        Some(step) => {
            Pen::new(buffer, theme, out, 0)
                .write("Goes on at ", Role::Accent)
                .write(step, Role::Strong);
            Pen::new(buffer, theme, out, 1)
                .skip(2)
                .write("What was done before stays done.", Role::Dim);
            None
        }
        None => draw_out(form, theme, out, buffer),
    };
    let verb = if form.earlier.is_some() {
        " goes on"
    } else {
        " runs it"
    };
    let mut pen = Pen::new(buffer, theme, out, 2);
    let mut way = |command: Command, does: &str, what: &str| {
        if let Some(key) = keys.key(command) {
            let from = pen.skip(2).column();
            pen.write(&key, Role::Key)
                .write(does, Role::Dim)
                .write(what, Role::Strong)
                .hit(from, Target::Command(command));
        }
    };
    way(Command::WizardAccept, verb, "");
    if form.can_remember() {
        let said = if form.remember { "yes" } else { "no" };
        way(Command::WizardRemember, " remember answers: ", said);
    }
    if form.is_moved() {
        way(Command::WizardElsewhere, " runs it here", "");
    } else if let Some(offer) = form.offer() {
        way(Command::WizardElsewhere, " runs it at ", &offer.host);
    }
    cursor
}

/// Where the files go.
fn draw_out(form: &Form, theme: &Theme, area: Rect, buffer: &mut Surface) -> CursorAt {
    Pen::new(buffer, theme, area, 0).write("Keep the files in", Role::Accent);
    Pen::new(buffer, theme, area, 1)
        .skip(2)
        .write("› ", Role::Accent);
    let space = Rect {
        x: area.x + 4,
        width: area.width.saturating_sub(4),
        ..pane::below(area, 1)
    };
    let placeholder = "nowhere; name a folder to keep them";
    field::draw(&form.out, placeholder, theme, space, buffer)
}

/// That there are more lines than are in sight, and how to get there.
fn more(lines: usize, keys: Keys<'_>) -> String {
    match keys.sign(Command::Down) {
        Some(key) => format!("…{lines} more, with {key}"),
        None => format!("…{lines} more"),
    }
}

fn draw_answers(form: &Form, keys: Keys<'_>, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let rows = form::review(&form.template, &form.answers);
    let list = pane::titled("Your answers", "", false, theme, area, buffer);
    let longest = rows.iter().map(|row| width(&row.label)).max().unwrap_or(0);
    let label = longest.clamp(12, usize::from(area.width / 2).max(12));
    let room = usize::from(list.width).saturating_sub(label + 1).max(1);
    let lines: Vec<(&str, String, Role)> = rows
        .iter()
        .flat_map(|answer| {
            let (text, role) = said(answer);
            let parts = wrap(&text, room).into_iter().take(VALUE_ROWS).enumerate();
            parts.map(move |(at, part)| {
                let label = if at == 0 { answer.label.as_str() } else { "" };
                (label, part, role)
            })
        })
        .collect();
    let height = usize::from(list.height);
    let top = form.scroll.min(lines.len().saturating_sub(height));
    let is_cut = lines.len() > top + height;
    for (row, (name, text, role)) in (0..list.height).zip(lines.iter().skip(top)) {
        if is_cut && row + 1 == list.height {
            let more = more(lines.len() - top - height + 1, keys);
            Pen::new(buffer, theme, list, row).write(&more, Role::Dim);
            break;
        }
        Pen::new(buffer, theme, list, row)
            .column_of(name, label, Role::Dim)
            .skip(1)
            .write(text, *role);
    }
}

/// An answer as a text: with the default that it differs from.
fn said(answer: &ReviewRow) -> (String, Role) {
    let one_line = |text: &str| text.trim_end().replace('\n', " · ");
    let mut text = one_line(&answer.value);
    if text.is_empty() {
        "–".clone_into(&mut text);
    }
    let default = answer.default.as_deref().filter(|text| !text.is_empty());
    match (answer.changed, default) {
        (true, Some(default)) => (format!("{text}  (not {})", one_line(default)), Role::Text),
        (true, None) => (text, Role::Text),
        (false, _) => (text, Role::Dim),
    }
}

pub(super) fn draw_plan(
    form: &Form,
    keys: Keys<'_>,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) {
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
        Some(Ok(report)) => draw_tree(form, report, keys, theme, area, buffer),
    }
}

fn problem(reason: &str, theme: &Theme, area: Rect, buffer: &mut Surface) {
    Pen::new(buffer, theme, area, 0)
        .write("✗ ", Role::Bad)
        .write("It would fail", Role::Strong);
    for (row, line) in (1..).zip(wrap(reason, usize::from(area.width))) {
        Pen::new(buffer, theme, area, row).write(&line, Role::Text);
    }
}

/// One line of what will be made.
type Said = (usize, String, Role);

fn draw_tree(
    form: &Form,
    report: &Report,
    keys: Keys<'_>,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) {
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
            let more = more(lines.len() - top - height + 1, keys);
            pen.write(&more, Role::Dim);
            break;
        }
        pen.skip(*indent).write(text, *role);
    }
}

/// The steps that reach hosts, each with what it would ask of them.
fn beyond(report: &Report, columns: usize) -> Vec<Said> {
    let calls = report.plan.iter().flat_map(|plan| &plan.calls);
    let calls: Vec<_> = calls.filter(|call| !call.is_read()).collect();
    let of = |step: &StepReport| {
        let calls = calls.iter().filter(|call| call.step == step.id);
        let calls = calls.map(|call| {
            let place = call.url.split_once("://");
            let place = place.map_or(call.url.as_str(), |(_, place)| place);
            let room = columns.saturating_sub(call.method.len() + 3);
            let text = format!("{} {}", call.method, cut_middle(place, room));
            (2, text, Role::Dim)
        });
        calls.collect::<Vec<Said>>()
    };
    let steps = report.steps.iter().map(|step| (step, of(step)));
    let steps = steps.filter(|(step, calls)| step.simulated || !calls.is_empty());
    steps
        .flat_map(|(step, calls)| {
            let name = (0, format!("○ {}", step.name), Role::Text);
            std::iter::once(name).chain(calls)
        })
        .collect()
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
    let beyond = beyond(report, columns);
    if !beyond.is_empty() {
        lines.push((0, String::new(), Role::Dim));
        lines.push((0, "Then, for real".to_owned(), Role::Strong));
        lines.extend(beyond);
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
