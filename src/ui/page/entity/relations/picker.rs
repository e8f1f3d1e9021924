//! The drawing of the choice of relations.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::page::entity::Picker;
use crate::ui::format::count;
use crate::ui::text::Pen;
use crate::ui::widget::pane;
use crate::ui::{Role, Theme};

/// Columns of the number of links.
const COUNT: usize = 5;

/// Draws the choice.
pub(super) fn draw(picker: &Picker, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let list = pane::titled("Drawn relations", "links", true, theme, area, buffer);
    let height = usize::from(list.height);
    for (row, at) in (0..).zip(picker.cursor.window(picker.picks.len(), height)) {
        let Some(pick) = picker.picks.get(at) else {
            break;
        };
        let mut pen = Pen::new(buffer, theme, list, row);
        if at == picker.cursor.selected {
            pen = pen.on_cursor(true);
        }
        let (sign, sign_role) = if pick.shown {
            ("● ", Role::Accent)
        } else {
            ("○ ", Role::Dim)
        };
        let role = if pick.shown { Role::Text } else { Role::Dim };
        let (here, there) = (pick.relation_type, pick.relation_type.inverse());
        let room = pen.left().saturating_sub(COUNT + 3);
        pen.write(sign, sign_role)
            .column_of(&format!("{} / {}", here.label(), there.label()), room, role)
            .skip(1)
            .right_of(&count(pick.count), COUNT, Role::Dim);
    }
    let below = u16::try_from(picker.picks.len()).unwrap_or(u16::MAX);
    let foot = pane::below(list, below.saturating_add(1));
    Pen::new(buffer, theme, foot, 0)
        .write("space", Role::Key)
        .write(" in or out   ", Role::Dim)
        .write("esc", Role::Key)
        .write(" done", Role::Dim);
}
