//! The drawing of the menu that stands in place of the facets.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::page::catalog::{Catalog, MENU_ROWS, Menu};
use crate::ui::text::{Pen, wrap};
use crate::ui::widget::pane;
use crate::ui::{Role, Theme, format};

/// Draws the menu.
pub(super) fn draw(
    menu: Menu,
    page: &Catalog,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    let (title, lines) = menu.lines(shared);
    let what = match menu {
        Menu::Export(_) if !page.marks.is_empty() => {
            format!("{} marked", format::count(page.marks.count()))
        }
        _ => String::new(),
    };
    let list = pane::titled(title, &what, true, theme, area, buffer);
    let shown = lines.iter().enumerate().skip(menu.top()).take(MENU_ROWS);
    for (row, (at, (line, on))) in (0..list.height).zip(shown) {
        let mut pen = Pen::new(buffer, theme, list, row);
        if at == menu.selected() {
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
    let below = u16::try_from(lines.len().min(MENU_ROWS)).unwrap_or(u16::MAX);
    let mut foot = pane::below(list, below.saturating_add(1));
    if let Some(query) = menu
        .view(shared)
        .and_then(|name| shared.personal.saved.get(name))
    {
        let told = wrap(query, usize::from(foot.width));
        let rows = told.len();
        for (row, line) in (0..foot.height).zip(told) {
            Pen::new(buffer, theme, foot, row).write(&line, Role::Text);
        }
        foot = pane::below(
            foot,
            u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(1),
        );
    }
    let keys: &[(&str, &str)] = match menu {
        Menu::Columns(_) => &[
            ("space", "in or out"),
            ("s", "sort by it"),
            ("x", "as many as fit"),
            ("esc", "done"),
        ],
        Menu::Export(_) => &[("enter", "export"), ("esc", "leave")],
        Menu::Views(_) if menu.view(shared).is_none() => &[("enter", "name it"), ("esc", "leave")],
        Menu::Views(_) => &[("enter", "open"), ("x", "forget"), ("esc", "leave")],
    };
    for (row, (key, does)) in (0..foot.height).zip(keys) {
        Pen::new(buffer, theme, foot, row)
            .write(key, Role::Key)
            .skip(1)
            .write(does, Role::Dim);
    }
}
