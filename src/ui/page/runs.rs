//! The drawing of the page of runs: the list, and the selected run with its steps and log.

use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::command::Command;
use crate::app::page::runs::{Kept, Runs};
use crate::scaffolder::journal::State;
use crate::scaffolder::run::{LogLevel, Status, StepState};
use crate::ui::Surface;
use crate::ui::text::{Pen, cut_middle, width, wrap};
use crate::ui::widget::{field, pane};
use crate::ui::{Keys, Output, Role, Theme, format};

/// Columns of the list where there is room for both.
const LIST: u16 = 46;
/// Columns of labels.
const LABEL: usize = 10;
/// Columns of how long ago a run began.
const AGE: usize = 7;

/// Draws the runs.
pub fn draw(
    page: &Runs,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> Output {
    let mut output = Output::default();
    let count = format::count(page.listed.len());
    let (area, cursor) = field::above(&page.narrow, &count, theme, area, buffer);
    output.cursor = cursor;
    let keys = Keys::of(shared, page.context(), page.typing());
    let Some(kept) = page.selected() else {
        if page.narrow.is_on() {
            field::nothing("No run", keys, theme, area, buffer);
        } else if page.runs.is_some() {
            let kept = "what becomes of a run is written down here";
            let way = keys.ways(&[(Command::GoTemplates, "for the templates")]);
            let told = match way {
                Some(way) => format!("Press {way}; {kept}."),
                None => format!("{}.", format::capitalized(kept)),
            };
            let lines = ["No template was run yet.", "", told.as_str()];
            for (row, line) in (0..).zip(lines) {
                let role = if row == 0 { Role::Text } else { Role::Dim };
                Pen::new(buffer, theme, area, row).write(line, role);
            }
        }
        return output;
    };
    let detail = if page.is_whole {
        area
    } else if shared.narrow() {
        let rows = u16::try_from(page.listed.len()).unwrap_or(u16::MAX);
        let rows = rows.min(area.height / 3).max(1);
        let list = Rect {
            height: rows,
            ..area
        };
        draw_list(page, shared, theme, list, buffer);
        output.drawn.side_rows = usize::from(rows);
        pane::below(area, rows + 1)
    } else {
        let (list, detail) = pane::split_left(area, LIST, theme, buffer);
        draw_list(page, shared, theme, list, buffer);
        output.drawn.side_rows = usize::from(list.height);
        detail
    };
    let told = lines(page, kept, shared, keys);
    output.drawn.page_lines = draw_lines(page, &told, theme, detail, buffer);
    output.drawn.page_rows = usize::from(detail.height);
    output
}

fn sign(state: State) -> (&'static str, Role) {
    match state {
        State::Running => ("◐", Role::Accent),
        State::Ended(Status::Completed) => ("✓", Role::Good),
        State::Ended(Status::Cancelled) => ("–", Role::Dim),
        State::BrokenOff | State::Ended(Status::Failed) => ("✗", Role::Bad),
    }
}

fn draw_list(page: &Runs, shared: &Shared, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let window = page
        .cursor
        .window(page.listed.len(), usize::from(area.height));
    let titles = page.all().iter().filter(|kept| !kept.about().is_empty());
    let titles = titles.map(|kept| width(&kept.record.title));
    let title = titles.max().unwrap_or(0);
    for (row, at) in (0..).zip(window) {
        let Some(kept) = page.at(at) else {
            break;
        };
        let mut pen = Pen::new(buffer, theme, area, row).on_spot(Some(at));
        if at == page.cursor.selected {
            pen = pen.on_cursor(true);
        }
        let (sign, role) = sign(kept.state);
        pen.write(sign, role).skip(1);
        let room = pen.left().saturating_sub(AGE + 2);
        let about = kept.about();
        let title = if about.is_empty() {
            room
        } else {
            title.min(room / 2)
        };
        pen.column_of(&kept.record.title, title, Role::Text).skip(2);
        let room = pen.left().saturating_sub(AGE + 1);
        pen.column_of(&cut_middle(about, room), room, Role::Dim)
            .to_right(AGE)
            .right_of(
                &format::brief(kept.record.started, shared.now),
                AGE,
                Role::Dim,
            );
    }
}

/// A line of the detail: a label or sign, and the text behind it.
struct Line {
    label: String,
    label_role: Role,
    text: String,
    role: Role,
}

impl Line {
    fn of(label: &str, text: impl Into<String>, role: Role) -> Self {
        Self {
            label: label.to_owned(),
            label_role: Role::Dim,
            text: text.into(),
            role,
        }
    }

    fn signed(sign: (&str, Role), text: impl Into<String>, role: Role) -> Self {
        Self {
            label: sign.0.to_owned(),
            label_role: sign.1,
            text: text.into(),
            role,
        }
    }

    fn empty() -> Self {
        Self::of("", "", Role::Dim)
    }

    /// The columns that are kept for what stands before the text.
    fn indent(&self) -> usize {
        match self.label.chars().count() {
            0 => 0,
            1 => 2,
            _ => LABEL,
        }
    }
}

/// All that is told of a run.
fn lines(page: &Runs, kept: &Kept, shared: &Shared, keys: Keys<'_>) -> Vec<Line> {
    let record = &kept.record;
    let mut lines = vec![
        Line::signed(sign(kept.state), record.title.clone(), Role::Strong),
        Line::of("state", state(kept, shared, keys), Role::Text),
        Line::of("run", record.id.clone(), Role::Dim),
    ];
    if let Some(by) = &record.by {
        lines.push(Line::of("by", by.clone(), Role::Text));
    }
    if let Some(error) = &record.error {
        lines.push(Line::of("error", error.clone(), Role::Bad));
    }
    for made in &record.made {
        let (text, role) = match made.id {
            Some(_) => (made.url.clone(), Role::Link),
            None => (
                format!("{}, perhaps: {} did not say", made.name, made.host),
                Role::Warning,
            ),
        };
        lines.push(Line::of("made", text, role));
    }
    for link in record.report().links() {
        let target = link.url.or(link.entity_ref).unwrap_or_default();
        lines.push(Line::of(
            "result",
            format!("{}  {target}", link.title),
            Role::Link,
        ));
    }
    for (name, value) in &record.parameters {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        lines.push(Line::of("answer", format!("{name} = {text}"), Role::Text));
    }
    for name in &record.withheld {
        let text = format!(
            "{} is secret and was not kept",
            name.trim_start_matches('/')
        );
        lines.push(Line::of("answer", text, Role::Dim));
    }
    lines.push(Line::empty());
    for step in &record.steps {
        let (sign, role) = match step.state {
            StepState::Waiting => (("○", Role::Dim), Role::Dim),
            StepState::Running => (("◐", Role::Accent), Role::Text),
            StepState::Completed => (("✓", Role::Good), Role::Text),
            StepState::Skipped => (("–", Role::Dim), Role::Dim),
            StepState::Failed => (("✗", Role::Bad), Role::Text),
        };
        lines.push(Line::signed(
            sign,
            format!("{}  {}", step.name, step.action),
            role,
        ));
    }
    let log = page.selected_log();
    if !log.is_empty() {
        lines.push(Line::empty());
    }
    for (_, level, line) in log {
        let role = match level {
            LogLevel::Info => Role::Dim,
            LogLevel::Warning => Role::Warning,
            LogLevel::Error => Role::Bad,
        };
        lines.push(Line::of("", line.clone(), role));
    }
    lines
}

fn state(kept: &Kept, shared: &Shared, keys: Keys<'_>) -> String {
    let age = format::age(kept.record.started, shared.now);
    let word = kept.state.word();
    if kept.state.can_go_on() {
        let resume = keys.ways(&[(Command::RunsResume, "to go on")]);
        let remove = keys.ways(&[(Command::RunsRemove, "to remove what it made")]);
        let ways = [resume, remove.filter(|_| kept.left_something())];
        let ways: Vec<String> = ways.into_iter().flatten().collect();
        return match ways.as_slice() {
            [] => format!("{word}, {age}"),
            ways => format!("{word}, {age}; press {}", ways.join(", ")),
        };
    }
    match kept.record.attempts {
        0 | 1 => format!("{word}, {age}"),
        attempts => format!("{word} at attempt {attempts}, {age}"),
    }
}

/// Draws `lines` from the one that is on top; the last screenful stays on the screen. Returns how many there are,
/// wrapped.
fn draw_lines(
    page: &Runs,
    lines: &[Line],
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> usize {
    let columns = usize::from(area.width);
    let mut rows: Vec<(Option<&Line>, &Line, String)> = Vec::new();
    for line in lines {
        let room = columns.saturating_sub(line.indent()).max(1);
        let mut first = Some(line);
        let mut parts = wrap(&line.text, room);
        if parts.is_empty() {
            parts.push(String::new());
        }
        rows.extend(parts.into_iter().map(|part| (first.take(), line, part)));
    }
    let height = usize::from(area.height);
    let top = page.top.min(rows.len().saturating_sub(height));
    for (row, (first, line, part)) in (0..area.height).zip(rows.iter().skip(top)) {
        let mut pen = Pen::new(buffer, theme, area, row);
        let label = first.map_or("", |line| line.label.as_str());
        pen.column_of(label, line.indent(), line.label_role)
            .write_linked(part, line.role);
    }
    rows.len()
}
