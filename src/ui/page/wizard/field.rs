//! The drawing of a form's fields: each a title and its value, the focused one with its editor, errors beside them.

use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::command::Context;
use crate::app::page::wizard::form::Form;
use crate::app::pointer::{Part, Target};
use crate::scaffolder::form::{self, Field, FieldKind};
use crate::ui::Surface;
use crate::ui::text::{Pen, wrap};
use crate::ui::widget::{markdown, pane};
use crate::ui::{CursorAt, Keys, Role, Theme};

use super::editor;

/// Draws the fields, scrolled so that the focused one is in sight. `helps` puts a field's help below it.
pub(super) fn draw(
    form: &Form,
    shared: &Shared,
    helps: bool,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> CursorAt {
    if form.single {
        return single(form, shared, theme, area, buffer);
    }
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
        buffer.hit(space, Target::Item(Part::Main, at));
        if at == form.focus {
            cursor = focused(form, field, shared, helps, theme, space, buffer);
        } else {
            resting(form, field, theme, space, buffer);
        }
        row += rows;
    }
    cursor
}

/// Draws the field that has the focus alone, with all that is said of it.
fn single(
    form: &Form,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> CursorAt {
    let field = form.focused()?;
    let asked = |field: &&Field| !field.readonly && field.kind != FieldKind::Group;
    let all = form.fields.iter().filter(asked).count();
    let at = form
        .fields
        .iter()
        .take(form.focus + 1)
        .filter(asked)
        .count();
    let mut pen = Pen::new(buffer, theme, area, 0);
    pen.write(&format!("question {at} of {all}"), Role::Dim);
    let around = form.fields.iter().filter(|group| {
        group.kind == FieldKind::Group && field.path.starts_with(&format!("{}/", group.path))
    });
    for group in around {
        pen.write(" · ", Role::Dim).write(&group.title, Role::Dim);
    }
    let space = pane::below(area, 2);
    let rows = rows_of(form, form.focus, false, area.width);
    let flat = Field {
        depth: 0,
        ..field.clone()
    };
    let cursor = focused(form, &flat, shared, false, theme, space, buffer);
    let below = pane::below(space, u16::try_from(rows).unwrap_or(u16::MAX));
    if below.height > 0 && !field.help.is_empty() {
        markdown::draw(&field.help, theme, below, buffer);
    }
    cursor
}

/// Rows that a field takes, with the empty one below it.
fn rows_of(form: &Form, at: usize, helps: bool, columns: u16) -> usize {
    let Some(field) = form.fields.get(at) else {
        return 0;
    };
    let error = error_lines(form, field, columns).len();
    if field.kind == FieldKind::Group {
        return 2 + error;
    }
    if at != form.focus && matches!(field.kind, FieldKind::Items(_)) {
        return 2 + error;
    }
    if at != form.focus {
        return 3 + error;
    }
    let editor = editor::rows(form);
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

fn title(field: &Field, focused: bool, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let mut pen = Pen::new(buffer, theme, area, 0);
    let role = if focused { Role::Accent } else { Role::Strong };
    pen.write(&field.title, role);
    if field.required {
        pen.write(" *", Role::Dim);
    }
}

/// A field without the focus: its title and its value on one line each.
fn resting(form: &Form, field: &Field, theme: &Theme, area: Rect, buffer: &mut Surface) {
    if let FieldKind::Items(items) = &field.kind {
        editor::more(field, items, None, theme, area, buffer);
        error(form, field, theme, pane::below(area, 1), buffer);
        return;
    }
    title(field, false, theme, area, buffer);
    if field.kind == FieldKind::Group {
        error(form, field, theme, pane::below(area, 1), buffer);
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

pub(super) fn shown(field: &Field, value: &serde_json::Value) -> String {
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

/// The rows that an error may take.
const ERROR_ROWS: usize = 2;

fn error_lines(form: &Form, field: &Field, columns: u16) -> Vec<String> {
    let Some(message) = form.error_of(&field.path) else {
        return Vec::new();
    };
    let indent = (field.depth * 2).min(columns / 4);
    let mut lines = wrap(message, usize::from(columns.saturating_sub(indent + 4)));
    lines.truncate(ERROR_ROWS);
    lines
}

fn error(form: &Form, field: &Field, theme: &Theme, area: Rect, buffer: &mut Surface) -> u16 {
    let indent = (field.depth * 2).min(area.width / 4);
    let mut rows = 0;
    let (sign, role) = if form.is_unfinished(&field.path) {
        ("· ", Role::Warning)
    } else {
        ("✗ ", Role::Bad)
    };
    for line in error_lines(form, field, area.width + indent) {
        let sign = if rows == 0 { sign } else { "  " };
        Pen::new(buffer, theme, area, rows)
            .skip(2)
            .write(sign, role)
            .write(&line, role);
        rows += 1;
    }
    rows
}

fn focused(
    form: &Form,
    field: &Field,
    shared: &Shared,
    helps: bool,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> CursorAt {
    if let FieldKind::Items(items) = &field.kind {
        let keys = Keys::of(shared, Context::Wizard, form.editor.typing());
        editor::more(field, items, Some(keys), theme, area, buffer);
        error(form, field, theme, pane::below(area, 1), buffer);
        return None;
    }
    title(field, true, theme, area, buffer);
    let inner = Rect {
        x: area.x + 2,
        width: area.width.saturating_sub(2),
        ..pane::below(area, 1)
    };
    let (rows, cursor) = editor::draw(form, field, shared, theme, inner, buffer);
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
