//! The panes beside the page: the site's tree and the page's headings.

use ratatui::layout::Rect;

use crate::app::page::docs::{Docs, NavKind, NavRow, Pane};
use crate::app::pointer::{Part, Target};
use crate::ui::Surface;
use crate::ui::text::Pen;
use crate::ui::widget::{field, pane};
use crate::ui::{CursorAt, Role, Theme};

/// The columns before a pane's rows, for the mark of the selected one.
const MARK: u16 = 1;

/// Draws the tree; returns how many rows it has.
pub(super) fn nav(
    page: &Docs,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> (usize, CursorAt) {
    let focused = page.focus == Pane::Nav;
    let site = page.book().map_or("", |book| book.site.name.as_str());
    let below = pane::titled(site, "", focused, theme, area, buffer);
    let (below, cursor) = narrowing(page, focused, theme, below, buffer);
    let rows = usize::from(below.height);
    let list = indented(below);
    // Where sections have their sign, the titles of pages stand below those of sections.
    let is_section = |item: &NavRow| matches!(item.kind, NavKind::Section(..));
    let sign = if page.nav.rows.iter().any(is_section) {
        2
    } else {
        0
    };
    for (row, at) in (0..).zip(page.nav.cursor.window(page.nav.rows.len(), rows)) {
        let Some(item) = page.nav.rows.get(at) else {
            break;
        };
        let target = Target::Item(Part::Side, at);
        let mut pen = Pen::new(buffer, theme, list, row).on_target(target);
        let here = matches!(&item.kind, NavKind::Page(path) if *path == page.path);
        if if focused {
            at == page.nav.cursor.selected
        } else {
            here
        } {
            pen = pen.on_cursor(focused);
        }
        pen.skip(item.depth * 2 + if is_section(item) { 0 } else { sign });
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
    (rows, cursor)
}

/// What the pane that has the focus is narrowed to.
fn narrowing(
    page: &Docs,
    focused: bool,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> (Rect, CursorAt) {
    if focused {
        field::above(&page.narrow, "", theme, area, buffer)
    } else {
        (area, None)
    }
}

/// Draws the headings; returns how many rows there are. `page_rows` is the height of the page they follow.
pub(super) fn outline(
    page: &Docs,
    page_rows: usize,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> (usize, CursorAt) {
    let focused = page.focus == Pane::Outline;
    let below = pane::titled("On this page", "", focused, theme, area, buffer);
    let (below, field_cursor) = narrowing(page, focused, theme, below, buffer);
    let rows = usize::from(below.height);
    let Some(sheet) = &page.sheet else {
        return (rows, field_cursor);
    };
    let items = &sheet.layout.outline;
    let here = sheet.heading(page_rows);
    let listed = page.headings();
    let mut cursor = page.outline;
    if !focused {
        cursor.select(here.unwrap_or(0), items.len(), rows);
    }
    let first = items.iter().map(|item| item.level).min().unwrap_or(1);
    let list = indented(below);
    for (row, number) in (0..).zip(cursor.window(listed.len(), rows)) {
        let at = listed.get(number).copied().unwrap_or_default();
        let Some(item) = items.get(at) else {
            break;
        };
        let target = Target::Item(Part::Aside, at);
        let mut pen = Pen::new(buffer, theme, list, row).on_target(target);
        let is_here = here == Some(at);
        if if focused {
            number == cursor.selected
        } else {
            is_here
        } {
            pen = pen.on_cursor(focused);
        }
        pen.skip(usize::from(item.level - first) * 2)
            .write(&item.title, if is_here { Role::Strong } else { Role::Text });
    }
    (rows, field_cursor)
}

fn indented(area: Rect) -> Rect {
    let mark = MARK.min(area.width);
    Rect {
        x: area.x + mark,
        width: area.width - mark,
        ..area
    }
}
