//! The drawing of a form's fields: each a title and its value, the focused one with its editor, errors beside them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::page::wizard::editor::{Editor, LIST_ROWS};
use crate::app::page::wizard::form::Form;
use crate::app::page::wizard::picker::Picker;
use crate::catalog::Kind;
use crate::scaffolder::form::{self, Choice, Field, FieldKind};
use crate::ui::text::{Pen, wrap};
use crate::ui::widget::{field, pane};
use crate::ui::{CursorAt, Role, Theme, format};

/// The rows of an area of text.
const AREA_ROWS: u16 = 6;

/// Draws the fields, scrolled so that the focused one is in sight. `helps` puts a field's help below it.
pub(super) fn draw(
    form: &Form,
    shared: &Shared,
    helps: bool,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> CursorAt {
    let height = usize::from(area.height);
    let heights: Vec<usize> = (0..form.fields.len())
        .map(|at| rows_of(form, at, helps, area.width))
        .collect();
    // The first field on the screen: as early as can be with the focused one wholly in sight.
    let mut first = 0;
    while first < form.focus
        && heights
            .iter()
            .take(form.focus + 1)
            .skip(first)
            .sum::<usize>()
            > height
    {
        first += 1;
    }
    let mut row = 0;
    let mut cursor = None;
    for (at, field) in form.fields.iter().enumerate().skip(first) {
        let Some(rows) = heights.get(at).and_then(|rows| u16::try_from(*rows).ok()) else {
            break;
        };
        if row >= area.height {
            break;
        }
        let indent = (field.depth * 2).min(area.width / 4);
        let space = Rect {
            x: area.x + indent,
            y: area.y + row,
            width: area.width - indent,
            height: rows.min(area.height - row),
        };
        if at == form.focus {
            cursor = focused(form, field, shared, helps, theme, space, buffer);
        } else {
            resting(form, field, theme, space, buffer);
        }
        row += rows;
    }
    cursor
}

/// Rows that a field takes, with the empty one below it.
fn rows_of(form: &Form, at: usize, helps: bool, columns: u16) -> usize {
    let Some(field) = form.fields.get(at) else {
        return 0;
    };
    if field.kind == FieldKind::Group {
        return 2;
    }
    let error = usize::from(form.error_of(&field.path).is_some());
    if at != form.focus {
        return 3 + error;
    }
    let editor = match &form.editor {
        Editor::Fixed | Editor::Line(_) => 1,
        Editor::Area(_) => usize::from(AREA_ROWS),
        Editor::Choice { choices, .. } => choices.len().min(LIST_ROWS),
        Editor::Picker(picker) => 1 + picked_rows(picker) + list_rows(picker),
        Editor::Repo { parts, .. } => parts.len(),
    };
    let help = if helps {
        help_lines(field, columns).len()
    } else {
        0
    };
    2 + editor + error + help
}

fn help_lines(field: &Field, columns: u16) -> Vec<String> {
    let mut lines = wrap(&field.help, usize::from(columns).saturating_sub(2));
    lines.retain(|line| !line.is_empty());
    lines.truncate(2);
    lines
}

fn picked_rows(picker: &Picker) -> usize {
    usize::from(!picker.picked.is_empty())
}

fn list_rows(picker: &Picker) -> usize {
    if picker.is_settled() {
        0
    } else {
        picker.found.hits.len().clamp(1, LIST_ROWS)
    }
}

fn title(field: &Field, focused: bool, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let mut pen = Pen::new(buffer, theme, area, 0);
    let role = if focused { Role::Accent } else { Role::Strong };
    pen.write(&field.title, role);
    if field.required {
        pen.write(" *", Role::Dim);
    }
}

/// A field without the focus: its title and its value on one line each.
fn resting(form: &Form, field: &Field, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    title(field, false, theme, area, buffer);
    if field.kind == FieldKind::Group {
        return;
    }
    let value = form::get(field, &form.answers)
        .map(|value| shown(field, &value))
        .unwrap_or_default();
    let mut pen = Pen::new(buffer, theme, area, 1);
    pen.skip(2);
    if value.is_empty() {
        let placeholder = if field.placeholder.is_empty() {
            "–"
        } else {
            &field.placeholder
        };
        pen.write(placeholder, Role::Dim);
    } else {
        pen.write(&value, Role::Text);
    }
    error(form, field, theme, pane::below(area, 2), buffer);
}

fn shown(field: &Field, value: &serde_json::Value) -> String {
    let secret = field.secret || matches!(field.kind, FieldKind::Text { secret: true, .. });
    let text = match (&field.kind, value) {
        (FieldKind::Boolean, serde_json::Value::Bool(yes)) => {
            if *yes { "Yes" } else { "No" }.to_owned()
        }
        (kind, value) => kind.show(value),
    };
    if secret {
        "•".repeat(text.chars().count())
    } else {
        text.trim_end().replace('\n', " · ")
    }
}

fn error(form: &Form, field: &Field, theme: &Theme, area: Rect, buffer: &mut Buffer) -> u16 {
    let Some(message) = form.error_of(&field.path) else {
        return 0;
    };
    Pen::new(buffer, theme, area, 0)
        .skip(2)
        .write("✗ ", Role::Bad)
        .write(message, Role::Bad);
    1
}

fn focused(
    form: &Form,
    field: &Field,
    shared: &Shared,
    helps: bool,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> CursorAt {
    title(field, true, theme, area, buffer);
    let inner = Rect {
        x: area.x + 2,
        width: area.width.saturating_sub(2),
        ..pane::below(area, 1)
    };
    let (rows, cursor) = match &form.editor {
        Editor::Fixed => {
            let value = form::get(field, &form.answers)
                .map(|value| shown(field, &value))
                .unwrap_or_default();
            Pen::new(buffer, theme, inner, 0).write(&value, Role::Dim);
            (1, None)
        }
        Editor::Line(line) => (1, draw_line(field, line, theme, inner, buffer)),
        Editor::Area(text) => (AREA_ROWS, Some(draw_area(text, theme, inner, buffer))),
        Editor::Choice {
            choices,
            cursor,
            many,
        } => {
            let chosen = form::get(field, &form.answers);
            (
                draw_choices(
                    choices,
                    cursor,
                    *many,
                    chosen.as_ref(),
                    theme,
                    inner,
                    buffer,
                ),
                None,
            )
        }
        Editor::Picker(picker) => draw_picker(picker, shared, theme, inner, buffer),
        Editor::Repo { parts, focus } => {
            let mut at = None;
            let rows = u16::try_from(parts.len()).unwrap_or(u16::MAX);
            for (row, (number, (part, text))) in (0..).zip(parts.iter().enumerate()) {
                let mut pen = Pen::new(buffer, theme, inner, row);
                pen.column_of(part.title(), 14, Role::Dim);
                let space = Rect {
                    x: inner.x + 14,
                    width: inner.width.saturating_sub(14),
                    ..pane::below(inner, row)
                };
                if number == *focus {
                    at = field::draw(text, "", theme, space, buffer);
                } else {
                    pen.write(text.text(), Role::Text);
                }
            }
            (rows, at)
        }
    };
    let mut below = pane::below(area, 1 + rows);
    below = pane::below(below, error(form, field, theme, below, buffer));
    if helps {
        for (row, line) in (0..).zip(help_lines(field, area.width)) {
            Pen::new(buffer, theme, below, row)
                .skip(2)
                .write(&line, Role::Dim);
        }
    }
    cursor
}

fn draw_line(
    asked: &Field,
    line: &crate::app::TextField,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> CursorAt {
    Pen::new(buffer, theme, area, 0).write("› ", Role::Accent);
    let space = Rect {
        x: area.x + 2,
        width: area.width.saturating_sub(2),
        ..area
    };
    if asked.secret || matches!(asked.kind, FieldKind::Text { secret: true, .. }) {
        let dots = crate::app::TextField::new(&"•".repeat(line.text().chars().count()));
        return field::draw(&dots, &asked.placeholder, theme, space, buffer);
    }
    field::draw(line, &asked.placeholder, theme, space, buffer)
}

fn draw_area(
    text: &ratatui_textarea::TextArea<'static>,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> (u16, u16) {
    for row in 0..AREA_ROWS.min(area.height) {
        Pen::new(buffer, theme, area, row).write("│", Role::Rule);
    }
    let space = Rect {
        x: area.x + 2,
        width: area.width.saturating_sub(2),
        height: AREA_ROWS.min(area.height),
        ..area
    };
    let columns = usize::from(space.width).max(1);
    let at = text.cursor();
    // Lines are cut, not wrapped: what stands in the area is what will stand in the file.
    let top =
        at.0.saturating_sub(usize::from(space.height).saturating_sub(1));
    let before: String = text
        .lines()
        .get(at.0)
        .map(|line| line.chars().take(at.1).collect())
        .unwrap_or_default();
    let skipped = before.chars().count().saturating_sub(columns - 1);
    for (row, (number, line)) in (0..space.height).zip(text.lines().iter().enumerate().skip(top)) {
        let shown: String = if number == at.0 {
            line.chars().skip(skipped).collect()
        } else {
            line.clone()
        };
        Pen::new(buffer, theme, space, row).write(&shown, Role::Text);
    }
    let before: String = before.chars().skip(skipped).collect();
    let column = u16::try_from(crate::ui::text::width(&before)).unwrap_or(0);
    let row = u16::try_from(at.0 - top).unwrap_or(0);
    (
        space.x + column.min(space.width.saturating_sub(1)),
        space.y + row,
    )
}

fn draw_choices(
    choices: &[Choice],
    cursor: &crate::app::Cursor,
    many: bool,
    chosen: Option<&serde_json::Value>,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> u16 {
    let window = cursor.window(choices.len(), LIST_ROWS);
    let mut rows = 0;
    for at in window {
        let Some(choice) = choices.get(at) else { break };
        let is_chosen = chosen.is_some_and(|chosen| {
            *chosen == choice.value
                || chosen
                    .as_array()
                    .is_some_and(|all| all.contains(&choice.value))
        });
        let sign = match (many, is_chosen) {
            (false, true) => "● ",
            (false, false) => "○ ",
            (true, true) => "[x] ",
            (true, false) => "[ ] ",
        };
        let mut pen = Pen::new(buffer, theme, area, rows);
        if at == cursor.selected {
            pen = pen.on_cursor(true);
        }
        pen.write(sign, if is_chosen { Role::Accent } else { Role::Dim })
            .write(&choice.label, Role::Text);
        rows += 1;
    }
    rows
}

fn draw_picker(
    picker: &Picker,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> (u16, CursorAt) {
    let mut row = 0;
    if !picker.picked.is_empty() {
        let picked: Vec<&str> = picker
            .picked
            .iter()
            .map(|text| text.rsplit('/').next().unwrap_or(text))
            .collect();
        Pen::new(buffer, theme, area, 0).write(&picked.join(", "), Role::Text);
        row += 1;
    }
    let line = pane::below(area, row);
    Pen::new(buffer, theme, line, 0).write("› ", Role::Accent);
    let space = Rect {
        x: line.x + 2,
        width: line.width.saturating_sub(2),
        ..line
    };
    let cursor = field::draw(
        &picker.field,
        "type to find, enter picks",
        theme,
        space,
        buffer,
    );
    row += 1;
    if picker.is_settled() {
        return (row, cursor);
    }
    let list = pane::below(area, row);
    if picker.found.hits.is_empty() {
        Pen::new(buffer, theme, list, 0)
            .skip(2)
            .write("nothing like that in the catalog", Role::Dim);
        return (row + 1, cursor);
    }
    let mixed = picker.found.by_kind.len() > 1;
    let window = picker.cursor.window(picker.found.hits.len(), LIST_ROWS);
    for at in window {
        let hit = picker.found.hits.get(at);
        let Some((hit, summary)) = hit.and_then(|hit| Some((hit, shared.index.summary(hit.row)?)))
        else {
            break;
        };
        let mut pen = Pen::new(buffer, theme, area, row);
        pen.skip(2);
        if at == picker.cursor.selected {
            pen = pen.on_cursor(true);
        }
        let name = pen.left().min(30);
        pen.write_matched(summary.name, &hit.name_matches, Role::Strong, name);
        let people = matches!(Kind::parse(summary.kind), Kind::Group | Kind::User);
        let facts = if people {
            summary.title
        } else {
            format::short_ref(summary.owner, "group")
        };
        pen.skip(1);
        if mixed {
            pen.column_of(&summary.kind.to_lowercase(), 11, Role::Dim);
        }
        pen.write(facts, Role::Dim);
        row += 1;
    }
    (row, cursor)
}
