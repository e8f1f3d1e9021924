//! The drawing of what can follow keys that begin a chord.

use ratatui::layout::Rect;

use super::window_at;
use crate::app::pointer::Target;
use crate::app::{Chord, Model};
use crate::ui::Surface;
use crate::ui::text::{Pen, width};
use crate::ui::widget::pane;
use crate::ui::{Role, Theme};

/// Columns of the window, where the screen has them.
const COLUMNS: u16 = 56;

/// Draws the keys that can follow into the lower right of the screen, as far as there is room.
pub fn draw(model: &Model, theme: &Theme, screen: Rect, buffer: &mut Surface) {
    let (context, typing) = model.focus();
    let Some(pressed) = Chord::of(&model.pending) else {
        return;
    };
    let rests = model.shared.keymap.after(context, typing, &model.pending);
    let rows = u16::try_from(rests.len() + 3).unwrap_or(u16::MAX);
    let height = rows.min(screen.height.saturating_sub(4));
    let columns = COLUMNS.min(screen.width);
    let area = Rect {
        x: screen.right() - columns,
        y: screen.bottom().saturating_sub(height + 2),
        width: columns,
        height,
    };
    let inner = window_at(area, theme, buffer);
    let list = pane::titled(
        &format!("{pressed} …"),
        "esc back",
        true,
        theme,
        inner,
        buffer,
    );
    let texts: Vec<String> = rests.iter().map(|(rest, _)| rest.to_string()).collect();
    let widest = texts.iter().map(|text| width(text)).max().unwrap_or(0);
    for (row, (text, (_, command))) in (0..list.height).zip(texts.iter().zip(&rests)) {
        Pen::new(buffer, theme, list, row)
            .on_target(Target::Command(*command))
            .column_of(text, widest + 2, Role::Key)
            .write(command.info().help, Role::Text);
    }
}
