//! The panes beside the page: the site's tree and the page's headings.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::page::docs::{Docs, NavKind, Pane};
use crate::ui::text::Pen;
use crate::ui::widget::pane;
use crate::ui::{Role, Theme};

/// The columns before a pane's rows, for the mark of the selected one.
const MARK: u16 = 1;

/// Draws the tree; returns how many rows it has.
pub(super) fn nav(page: &Docs, theme: &Theme, area: Rect, buffer: &mut Buffer) -> usize {
    let focused = page.focus == Pane::Nav;
    let site = page.book().map_or("", |book| book.site.name.as_str());
    let below = pane::titled(site, "", focused, theme, area, buffer);
    let rows = usize::from(below.height);
    let list = indented(below);
    for (row, at) in (0..).zip(page.nav.cursor.window(page.nav.rows.len(), rows)) {
        let Some(item) = page.nav.rows.get(at) else {
            break;
        };
        let mut pen = Pen::new(buffer, theme, list, row);
        let here = matches!(&item.kind, NavKind::Page(path) if *path == page.path);
        if if focused {
            at == page.nav.cursor.selected
        } else {
            here
        } {
            pen = pen.on_cursor(focused);
        }
        pen.skip(item.depth * 2);
        match &item.kind {
            NavKind::Page(_) => {
                pen.write(&item.title, if here { Role::Strong } else { Role::Text })
            }
            NavKind::Url(_) => pen.write(&item.title, Role::Text).write(" ↗", Role::Dim),
            NavKind::Section(_, open) => pen
                .write(if *open { "▾ " } else { "▸ " }, Role::Dim)
                .write(&item.title, Role::Text),
        };
    }
    rows
}

/// Draws the headings; returns how many rows there are. `page_rows` is the height of the page they follow.
pub(super) fn outline(
    page: &Docs,
    page_rows: usize,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> usize {
    let focused = page.focus == Pane::Outline;
    let below = pane::titled("On this page", "", focused, theme, area, buffer);
    let rows = usize::from(below.height);
    let Some(sheet) = &page.sheet else {
        return rows;
    };
    let items = &sheet.layout.outline;
    let here = sheet.heading(page_rows);
    let mut cursor = page.outline;
    if !focused {
        cursor.select(here.unwrap_or(0), items.len(), rows);
    }
    let first = items.iter().map(|item| item.level).min().unwrap_or(1);
    let list = indented(below);
    for (row, at) in (0..).zip(cursor.window(items.len(), rows)) {
        let Some(item) = items.get(at) else {
            break;
        };
        let mut pen = Pen::new(buffer, theme, list, row);
        let is_here = here == Some(at);
        if if focused {
            at == cursor.selected
        } else {
            is_here
        } {
            pen = pen.on_cursor(focused);
        }
        pen.skip(usize::from(item.level - first) * 2)
            .write(&item.title, if is_here { Role::Strong } else { Role::Text });
    }
    rows
}

fn indented(area: Rect) -> Rect {
    let mark = MARK.min(area.width);
    Rect {
        x: area.x + mark,
        width: area.width - mark,
        ..area
    }
}
