//! The drawing of the picker: the field, the list, the keys. It has as many rows as it is given below the prompt.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::overlay::finder::rows;
use super::text::{Pen, width};
use super::widget::{field, pane};
use super::{CursorAt, Role, Theme, format};
use crate::app::command::{COMMANDS, Command, Context};
use crate::app::pick::{PickView, Picker};
use crate::ui::Surface;

/// Rows beside the list: the field above it and the keys below.
const AROUND: u16 = 2;

/// How many rows of `height` are the list's.
pub fn list_height(height: u16) -> u16 {
    height.saturating_sub(AROUND)
}

/// Draws the picker.
pub fn draw(
    picker: &Picker,
    view: &PickView<'_>,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> CursorAt {
    let mut surface = Surface::new(std::mem::take(buffer));
    let cursor = draw_on(&mut surface, picker, view, theme, area);
    (*buffer, ..) = surface.into_parts();
    cursor
}

fn draw_on(
    buffer: &mut Surface,
    picker: &Picker,
    view: &PickView<'_>,
    theme: &Theme,
    area: Rect,
) -> CursorAt {
    let total = format::counted(picker.found.total, "entity");
    let cursor = field::narrowing(
        &picker.field,
        "a name, owner:team, kind:api …",
        &total,
        true,
        theme,
        area,
        buffer,
    );
    let list = Rect {
        height: list_height(area.height),
        ..pane::below(area, 1)
    };
    let hits = &picker.found.hits;
    if hits.is_empty() {
        let text = "Nothing has these words. Try fewer letters, or owner:, kind:, tag:.";
        Pen::new(buffer, theme, list, 0)
            .skip(2)
            .write(text, Role::Dim);
    }
    let window = picker.cursor.window(hits.len(), usize::from(list.height));
    for (row, at) in (0..).zip(window) {
        let mut pen = Pen::new(buffer, theme, list, row);
        if at == picker.cursor.selected {
            // There is no border at its left that could be marked.
            pen.write("▌", Role::Accent);
            pen = pen.on_cursor(true);
        } else {
            pen.skip(1);
        }
        if let Some(hit) = hits.get(at)
            && let Some(summary) = view.index.summary(hit.row)
        {
            let entity_ref = view.index.entity_ref(hit.row);
            let starred = entity_ref.is_some_and(|it| view.known.stars.contains(&it));
            rows::entity(&mut pen, hit, &summary, starred, &picker.terms);
        }
    }
    keys(view, theme, area, buffer);
    theme.glyphs().replace(buffer, area);
    cursor
}

fn keys(view: &PickView<'_>, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let mut pen = Pen::new(buffer, theme, area, area.height.saturating_sub(1));
    let hints = [(Command::Open, view.takes), (Command::Back, "leave")];
    for (command, what) in hints {
        let info = COMMANDS.iter().find(|info| info.command == command);
        let key = info.and_then(|info| view.keymap.chord_for(info, Context::Finder, true));
        if let Some(key) = key {
            let key = key.to_string();
            if width(&key) + 1 + width(what) > pen.left() {
                break;
            }
            pen.write(&key, Role::Key)
                .skip(1)
                .write(what, Role::Dim)
                .skip(3);
        }
    }
}
