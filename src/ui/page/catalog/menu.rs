//! The drawing of the menu that stands in place of the facets.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::page::catalog::{Menu, View};
use crate::ui::text::Pen;
use crate::ui::widget::pane;
use crate::ui::{Role, Theme};

/// Draws the menu.
pub(super) fn draw(menu: Menu, view: &View, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let (title, lines) = menu.lines(view);
    let list = pane::titled(title, "", true, theme, area, buffer);
    for (row, (line, on)) in (0..list.height).zip(&lines) {
        let mut pen = Pen::new(buffer, theme, list, row);
        if usize::from(row) == menu.selected() {
            pen = pen.on_cursor(true);
        }
        match on {
            Some(true) => pen.write("● ", Role::Accent),
            Some(false) => pen.write("○ ", Role::Dim),
            None => &mut pen,
        };
        let role = if *on == Some(false) {
            Role::Dim
        } else {
            Role::Text
        };
        pen.write(line, role);
    }
    let below = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let foot = pane::below(list, below.saturating_add(1));
    let keys: &[(&str, &str)] = match menu {
        Menu::Columns(_) => &[
            ("space", "in or out"),
            ("s", "sort by it"),
            ("x", "as many as fit"),
            ("esc", "done"),
        ],
        Menu::Export(_) => &[("enter", "export"), ("esc", "leave")],
    };
    for (row, (key, does)) in (0..foot.height).zip(keys) {
        Pen::new(buffer, theme, foot, row)
            .write(key, Role::Key)
            .skip(1)
            .write(does, Role::Dim);
    }
}
