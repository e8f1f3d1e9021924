//! The drawing of help.

use ratatui::layout::Rect;

use super::window;
use crate::app::Model;
use crate::app::command::{Command, Context};
use crate::app::overlay::help::{Help, HelpLine};
use crate::ui::Surface;
use crate::ui::text::Pen;
use crate::ui::widget::{field, pane};
use crate::ui::{Keys, Output, Role, Theme};

/// Columns of the keys.
const KEYS: usize = 16;

/// Draws help.
pub fn draw(
    help: &Help,
    model: &Model,
    theme: &Theme,
    screen: Rect,
    buffer: &mut Surface,
) -> Output {
    let lines = help.lines(&model.shared.keymap);
    // As high as the whole of it, so that it does not jump while one types.
    let inner = window(76, screen.height, theme, screen, buffer);
    let close = Keys::of(&model.shared, Context::Help, true).key(Command::Back);
    let close = close.map_or_else(String::new, |key| format!("   {key} close"));
    let what = format!("type to narrow{close}");
    let list = pane::titled("Keys", &what, true, theme, inner, buffer);
    let mut output = Output {
        cursor: field::narrowing(&help.field, "", "", true, theme, list, buffer),
        ..Output::default()
    };
    let list = pane::below(list, 2);
    let height = usize::from(list.height);
    let top = help.cursor.top.min(lines.len().saturating_sub(height));
    if lines.is_empty() {
        Pen::new(buffer, theme, list, 0).write("No command is about that.", Role::Dim);
    }
    for (row, line) in (0..).zip(lines.iter().skip(top).take(height)) {
        let mut pen = Pen::new(buffer, theme, list, row);
        match line {
            HelpLine::Title(title) => {
                pen.write(title, Role::Strong);
            }
            HelpLine::Command(info, keys) => {
                let typing = model.page().typing();
                let works = model
                    .shared
                    .keymap
                    .chord_for(info, help.context, typing)
                    .is_some();
                let role = if works { Role::Key } else { Role::Dim };
                pen.skip(2)
                    .column_of(keys, KEYS, role)
                    .write(info.help, Role::Text);
            }
            HelpLine::Gap => {}
        }
    }
    output.drawn.overlay_rows = height;
    output
}
