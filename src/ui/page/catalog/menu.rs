//! The drawing of the menu that stands in place of the facets.

use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::page::catalog::{Catalog, Menu};
use crate::app::pointer::{Part, Target};
use crate::ui::Surface;
use crate::ui::text::{Pen, wrap};
use crate::ui::widget::{field, pane};
use crate::ui::{CursorAt, Keys, Role, Theme, format};

/// Rows of a menu at most.
const ROWS: u16 = 14;

/// Draws the menu; returns how many rows its choices have, and where the cursor stands of what narrows them.
pub(super) fn draw(
    menu: Menu,
    page: &Catalog,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> (usize, CursorAt) {
    let entries = menu.entries(&page.narrow, shared);
    let what = match menu {
        Menu::Export(_) if !page.marks.is_empty() => {
            format!("{} marked", format::count(page.marks.count()))
        }
        _ => String::new(),
    };
    let list = pane::titled(menu.title(), &what, true, theme, area, buffer);
    let count = format::count(entries.len());
    let (list, cursor) = field::above(&page.narrow, &count, theme, list, buffer);
    if entries.is_empty() {
        let keys = Keys::of(shared, page.context(), page.typing());
        field::nothing("Nothing", keys, theme, list, buffer);
        return (0, cursor);
    }
    let rows = usize::from(list.height.min(ROWS));
    let window = menu.cursor().window(entries.len(), rows);
    let shown = entries
        .iter()
        .enumerate()
        .skip(window.start)
        .take(window.len());
    for (row, (at, entry)) in (0..list.height).zip(shown) {
        let target = Target::Item(Part::Side, at);
        let mut pen = Pen::new(buffer, theme, list, row).on_target(target);
        if at == menu.cursor().selected {
            pen = pen.on_cursor(true);
        }
        match entry.on {
            Some(true) => pen.write("● ", Role::Accent),
            Some(false) => pen.write("○ ", Role::Dim),
            None => &mut pen,
        };
        let role = if entry.on == Some(false) {
            Role::Dim
        } else {
            Role::Text
        };
        pen.write(&entry.text, role);
    }
    let below = u16::try_from(window.len()).unwrap_or(u16::MAX);
    let foot = pane::below(list, below.saturating_add(1));
    if let Some(query) = menu
        .view(&page.narrow, shared)
        .and_then(|name| shared.personal.saved.get(name))
    {
        let told = wrap(query, usize::from(foot.width));
        for (row, line) in (0..foot.height).zip(told) {
            Pen::new(buffer, theme, foot, row).write(&line, Role::Text);
        }
    }
    (rows, cursor)
}
