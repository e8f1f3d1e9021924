//! The drawing of the choice of relations.

use ratatui::layout::Rect;

use crate::app::page::entity::{Pick, Picker};
use crate::app::pointer::{Part, Target};
use crate::ui::Surface;
use crate::ui::format::count;
use crate::ui::text::Pen;
use crate::ui::widget::{field, pane};
use crate::ui::{CursorAt, Keys, Role, Theme};

/// Columns of the number of links.
const COUNT: usize = 5;

/// Draws the choice; returns where the cursor stands of what narrows it.
pub(super) fn draw(
    picker: &Picker,
    keys: Keys<'_>,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> CursorAt {
    let list = pane::titled("Drawn relations", "links", true, theme, area, buffer);
    let picks: Vec<&Pick> = picker.listed().collect();
    let (list, cursor) = field::above(&picker.narrow, &count(picks.len()), theme, list, buffer);
    if picks.is_empty() {
        field::nothing("No relation", keys, theme, list, buffer);
        return cursor;
    }
    let height = usize::from(list.height);
    for (row, at) in (0..).zip(picker.cursor.window(picks.len(), height)) {
        let Some(pick) = picks.get(at) else {
            break;
        };
        let target = Target::Item(Part::Aside, at);
        let mut pen = Pen::new(buffer, theme, list, row).on_target(target);
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
    cursor
}
