//! The drawing of the template gallery.

use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::command::Command;
use crate::app::page::templates::Templates;
use crate::ui::Surface;
use crate::ui::text::{Pen, cut, width};
use crate::ui::widget::{field, markdown, pane, sign};
use crate::ui::{Keys, Output, Role, Theme, format};

/// Columns of the preview.
const PREVIEW: u16 = 48;

/// Draws the gallery.
pub fn draw(
    page: &Templates,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> Output {
    let count = format::count(page.rows.len());
    let (area, cursor) = field::above(&page.narrow, &count, theme, area, buffer);
    let mut output = Output {
        cursor,
        ..Output::default()
    };
    let keys = Keys::of(shared, page.context(), page.typing());
    if page.rows.is_empty() && page.narrow.is_on() {
        field::nothing("No template", keys, theme, area, buffer);
        return output;
    }
    if page.rows.is_empty() {
        let kind = "A template is an entity of kind Template. Add its template.yaml to a source";
        let (kind, then) = match keys.ways(&[(Command::Sync, "to refresh")]) {
            Some(way) => (format!("{kind},"), format!("then press {way}.")),
            None => (format!("{kind}."), String::new()),
        };
        let lines = [
            "There are no templates in this catalog.",
            "",
            kind.as_str(),
            then.as_str(),
        ];
        for (row, line) in (0..).zip(lines) {
            Pen::new(buffer, theme, area, row)
                .write(line, if row == 0 { Role::Text } else { Role::Dim });
        }
        return Output::default();
    }
    let wide = !shared.narrow();
    let (list, side) = if wide {
        pane::split_aside(area, shared, PREVIEW, theme, buffer)
    } else {
        let rows = area.height.saturating_sub(9).max(area.height / 2);
        (
            Rect {
                height: rows,
                ..area
            },
            pane::below(area, rows + 1),
        )
    };
    rows(page, shared, theme, list, buffer);
    preview(page, theme, side, buffer);
    output.drawn.page_rows = usize::from(list.height);
    output
}

fn rows(page: &Templates, shared: &Shared, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let window = page
        .cursor
        .window(page.rows.len(), usize::from(area.height));
    for (row, at) in (0..).zip(window) {
        let Some(summary) = page.rows.get(at).and_then(|row| shared.index.summary(*row)) else {
            continue;
        };
        let mut pen = Pen::new(buffer, theme, area, row).on_spot(Some(at));
        if at == page.cursor.selected {
            pen = pen.on_cursor(true);
        }
        let starred = shared
            .index
            .entity_ref(summary.row)
            .is_some_and(|r| shared.is_starred(&r));
        let title = if summary.title.is_empty() {
            summary.name
        } else {
            summary.title
        };
        let owner = format::short_ref(summary.owner, "group");
        sign::star(&mut pen, starred);
        let name = pen.left().saturating_sub(32).max(pen.left() / 2);
        pen.column_of(&cut(title, name.saturating_sub(1)), name, Role::Strong);
        pen.column_of(summary.entity_type, 15, Role::Dim);
        if pen.left() >= width(owner).min(12) {
            pen.write(owner, Role::Dim);
        }
    }
}

fn preview(page: &Templates, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let Some(entity) = page.detail.as_ref().map(|detail| &detail.entity) else {
        return;
    };
    Pen::new(buffer, theme, area, 0).write(entity.display_name(), Role::Strong);
    let mut row = 2;
    if let Some(description) = entity.description() {
        let space = Rect {
            height: area.height.saturating_sub(row).min(10),
            ..pane::below(area, row)
        };
        row += markdown::draw(description, theme, space, buffer) + 1;
    }
    let tags: Vec<&str> = entity.tags().collect();
    if !tags.is_empty() {
        Pen::new(buffer, theme, area, row)
            .column_of("tags", 9, Role::Dim)
            .write(&tags.join(" "), Role::Text);
        row += 2;
    }
    let steps = entity
        .spec("steps")
        .and_then(|steps| steps.as_array())
        .map_or(&[][..], Vec::as_slice);
    // A heading alone says nothing.
    if row + 1 < area.height {
        Pen::new(buffer, theme, area, row).write("What it does", Role::Dim);
    }
    for (step, line) in steps.iter().zip(row + 1..) {
        let text = ["name", "action"]
            .iter()
            .find_map(|key| step.get(*key)?.as_str())
            .unwrap_or_default();
        let action = step
            .get("action")
            .and_then(|action| action.as_str())
            .unwrap_or_default();
        let mut pen = Pen::new(buffer, theme, area, line);
        pen.write("○ ", Role::Dim).write(text, Role::Text);
        if pen.left() > width(action) + 2 {
            pen.to_right(width(action)).write(action, Role::Dim);
        }
    }
}
