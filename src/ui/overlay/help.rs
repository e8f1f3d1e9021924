//! The drawing of help.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::window;
use crate::app::Model;
use crate::app::overlay::help::{Help, HelpLine};
use crate::ui::text::Pen;
use crate::ui::widget::pane;
use crate::ui::{Output, Role, Theme};

/// Draws help.
pub fn draw(
    help: &Help,
    model: &Model,
    theme: &Theme,
    screen: Rect,
    buffer: &mut Buffer,
) -> Output {
    let lines = help.lines();
    let rows = u16::try_from(lines.len())
        .unwrap_or(u16::MAX)
        .saturating_add(4);
    let inner = window(76, rows, theme, screen, buffer);
    let list = pane::titled("Keys", "esc close", true, theme, inner, buffer);
    let list = pane::below(list, 1);
    let height = usize::from(list.height);
    let top = help.cursor.top.min(lines.len().saturating_sub(height));
    for (row, line) in (0..).zip(lines.iter().skip(top).take(height)) {
        let mut pen = Pen::new(buffer, theme, list, row);
        match line {
            HelpLine::Title(title) => {
                pen.write(title, Role::Strong);
            }
            HelpLine::Command(info) => {
                let keys: Vec<_> = info.keys.iter().take(2).copied().collect();
                let shown = model
                    .keymap
                    .key_for(info, help.context, model.page().typing())
                    .is_some();
                let role = if shown { Role::Key } else { Role::Dim };
                pen.skip(2)
                    .column_of(&keys.join(" "), 16, role)
                    .write(info.help, Role::Text);
            }
            HelpLine::Gap => {}
        }
    }
    let mut output = Output::default();
    output.drawn.overlay_rows = height;
    output
}
