//! The drawing of the page of activity: what goes on and what happened, and all that is said of what is selected.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::command::{Command, Context};
use crate::app::log::Happened;
use crate::app::notice::Notice;
use crate::app::page::activity::{Activity, Row};
use crate::ui::text::{Pen, wrap};
use crate::ui::widget::{field, pane, sign};
use crate::ui::{Keys, Output, Role, Surface, Theme, format};

/// Columns of the list where there is room for both.
const LIST: u16 = 56;
/// Columns of an age.
const AGE: usize = 7;

/// Draws the page.
pub fn draw(
    page: &Activity,
    model: &Model,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> Output {
    let shared = &model.shared;
    let mut output = Output::default();
    let rows = page.rows(shared);
    let count = format::count(rows.len());
    let (area, cursor) = field::above(&page.narrow, &count, theme, area, buffer);
    output.cursor = cursor;
    if rows.is_empty() {
        if page.narrow.is_on() {
            let keys = Keys::of(shared, page.context(), page.typing());
            field::nothing("Nothing", keys, theme, area, buffer);
            return output;
        }
        let columns = usize::from(area.width);
        let lines = EMPTY.iter().flat_map(|line| wrap(line, columns));
        for (row, line) in (0..area.height).zip(lines) {
            let role = if row == 0 { Role::Text } else { Role::Dim };
            Pen::new(buffer, theme, area, row).write(&line, role);
        }
        return output;
    }
    let (list, detail) = if shared.narrow() {
        let listed = u16::try_from(rows.len()).unwrap_or(u16::MAX);
        let height = listed.min(area.height / 2).max(1);
        let detail = pane::below(area, height + 1);
        if detail.height > 0 && !theme.is_spoken() {
            let dashes = "─".repeat(usize::from(area.width));
            Pen::new(buffer, theme, area, height).write(&dashes, Role::Rule);
        }
        (Rect { height, ..area }, detail)
    } else {
        pane::split_left(area, LIST, theme, buffer)
    };
    let cursor = page.cursor(&rows);
    let window = cursor.window(rows.len(), usize::from(list.height));
    for (line, at) in (0..).zip(window) {
        let Some(row) = rows.get(at) else { break };
        let mut pen = Pen::new(buffer, theme, list, line).on_spot(Some(at));
        if at == cursor.selected {
            pen = pen.on_cursor(true);
        }
        let (mark, role, since) = match row {
            Row::Running(task) => ("◐", Role::Accent, task.since),
            Row::Past(entry) => {
                let (mark, role) = sign::tone(entry.what.notice().tone);
                (mark, role, entry.at)
            }
        };
        pen.write(mark, role).skip(1);
        let room = pen.left().saturating_sub(AGE + 1);
        pen.column_of(&row.line(), room, Role::Text).skip(1);
        pen.right_of(&format::brief(since, shared.now), AGE, Role::Dim);
    }
    if let Some(row) = rows.get(cursor.selected) {
        tell(*row, model, theme, detail, buffer);
    }
    output.drawn.page_rows = usize::from(list.height);
    output
}

/// All that is known of one row.
fn tell(row: Row<'_>, model: &Model, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let now = model.shared.now;
    let keys = Keys::of(&model.shared, Context::Activity, false);
    let mut lines: Vec<(String, Role)> = Vec::new();
    let columns = usize::from(area.width);
    let mut add = |text: &str, role: Role| {
        let parts = wrap(text, columns).into_iter();
        let first = lines.len();
        lines.extend(parts.map(|line| (line, role)));
        if lines.len() == first {
            lines.push((String::new(), role));
        }
    };
    match row {
        Row::Running(task) => {
            add(&task.title, Role::Strong);
            add(
                &format!("running, since {}", format::age(task.since, now)),
                Role::Dim,
            );
            if !task.progress.is_empty() {
                add(&task.progress, Role::Text);
            }
            if task.run.is_some() {
                add("", Role::Text);
                add(&leads(keys), Role::Text);
            }
        }
        Row::Past(entry) => {
            let notice = entry.what.notice();
            let mut when = format!("{}, {}", entry.what.word(), format::age(entry.at, now));
            if entry.times > 1 {
                when = format!("{when}, {} times in a row", entry.times);
            }
            if let Happened::Ended(task, _) = &entry.what {
                // What is said of a run says which.
                let title = task.run.map_or(&task.title, |_| &notice.text);
                add(title, Role::Strong);
                let took = entry.at.saturating_sub(task.since);
                when = format!("{when}, after {}", format::span(took));
            }
            add(&when, Role::Dim);
            add("", Role::Text);
            if entry.what.run().is_some() {
                add(&leads(keys), Role::Text);
            } else {
                add(&notice.text, Role::Text);
            }
            if let Some(cure) = cure(notice, keys) {
                add("", Role::Text);
                add(&cure, Role::Text);
            }
        }
    }
    if lines.len() > usize::from(area.height) {
        // Words go before space.
        lines.retain(|(line, _)| !line.is_empty());
    }
    for (at, (line, role)) in (0..area.height).zip(lines) {
        Pen::new(buffer, theme, area, at).write_linked(&line, role);
    }
}

/// What is said where there is nothing to list.
const EMPTY: [&str; 2] = [
    "Nothing goes on in the background, and nothing was said yet.",
    "Reading of sources, runs of templates and messages that went by are listed here.",
];

/// Where to see a run of a template whole.
fn leads(keys: Keys<'_>) -> String {
    keys.advice(
        "",
        &[(
            Command::Open,
            "for its page: its steps, its log, what it made",
        )],
    )
}

/// What to do about it, in words.
fn cure(notice: &Notice, keys: Keys<'_>) -> Option<String> {
    let anywhere = keys.key(notice.again?).map(|key| format!("{key} anywhere"));
    let ways = [keys.key(Command::Open), anywhere].into_iter().flatten();
    let ways: Vec<String> = ways.collect();
    let ways = ways.join(", or ");
    (!ways.is_empty()).then(|| format!("To try it again press {ways}."))
}
