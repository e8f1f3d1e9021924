//! The drawing of the command palette.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::window;
use crate::app::Model;
use crate::app::overlay::palette::Palette;
use crate::ui::text::{Pen, width};
use crate::ui::widget::{field, pane};
use crate::ui::{Output, Role, Theme};

/// Draws the palette.
pub fn draw(
    palette: &Palette,
    model: &Model,
    theme: &Theme,
    screen: Rect,
    buffer: &mut Buffer,
) -> Output {
    let commands = palette.commands();
    let inner = window(76, 22, theme, screen, buffer);
    Pen::new(buffer, theme, inner, 0).write("›", Role::Accent);
    let input = Rect {
        x: inner.x + 2,
        width: inner.width.saturating_sub(2),
        ..inner
    };
    let cursor = field::draw(
        &palette.field,
        "What do you want to do?",
        theme,
        input,
        buffer,
    );
    let list = pane::below(inner, 2);
    let height = usize::from(list.height);
    let window = palette.cursor.window(commands.len(), height);
    if commands.is_empty() {
        Pen::new(buffer, theme, list, 0)
            .write("No command has these words. Esc closes.", Role::Dim);
    }
    for (row, at) in (0..).zip(window) {
        let Some(info) = commands.get(at) else { break };
        let mut pen = Pen::new(buffer, theme, list, row);
        if at == palette.cursor.selected {
            pen = pen.on_cursor(true);
        }
        let key = model
            .keymap
            .key_for(info, palette.context, model.page().typing())
            .map(|key| key.to_string())
            .unwrap_or_default();
        let why = model.page().why_not(info.command, &model.shared);
        let role = if why.is_some() { Role::Dim } else { Role::Text };
        let room = pen.left().saturating_sub(width(&key) + 2);
        let text = match why {
            Some(why) => format!("{}  ({why})", info.help),
            None => info.help.to_owned(),
        };
        pen.column_of(&text, room, role)
            .to_right(width(&key))
            .write(&key, Role::Key);
    }
    let mut output = Output {
        cursor,
        ..Output::default()
    };
    output.drawn.overlay_rows = height;
    output
}
