//! The drawing of the catalog page: facets, table, preview.

mod facets;
mod menu;
mod preview;
mod table;

use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::command::{Command, Context};
use crate::app::page::catalog::{Catalog, Typed};
use crate::ui::Surface;
use crate::ui::text::Pen;
use crate::ui::widget::{field, offers, pane};
use crate::ui::{Keys, Output, Role, Theme};

/// Columns of the facets.
const FACETS: u16 = 25;
/// Columns of the preview where it stands beside the table.
const ASIDE: u16 = 44;
/// A page as wide as this has the preview beside the table, not below it.
const WIDE: u16 = 158;
/// A page narrower than this shows either facets or table.
const TINY: u16 = 60;

/// Draws the page.
pub fn draw(
    page: &Catalog,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> Output {
    let mut output = Output::default();
    let mut main = area;
    let keys = Keys::of(shared, page.context(), page.typing());
    if let Some((text, typed)) = page.field() {
        let (hint, count) = match typed {
            Typed::Query { .. } => (
                "owner:mine kind:api -tag:java, or words".to_owned(),
                page.status(shared),
            ),
            Typed::Name => {
                let menu = Keys::of(shared, Context::Catalog, false).key(Command::CatalogViews);
                let by = menu.map_or_else(String::new, |key| format!("by {key} or "));
                (
                    format!("a name for this view, to open it {by}as @name"),
                    keys.key(Command::Open)
                        .map_or_else(String::new, |key| format!("{key} saves")),
                )
            }
        };
        output.cursor = field::narrowing(text, &hint, &count, true, theme, main, buffer);
        main = pane::below(main, 1);
        if matches!(typed, Typed::Query { .. }) && page.notice().is_none() {
            offers::draw(
                &page.offers.list,
                keys.sign(Command::QueryComplete),
                theme,
                main,
                buffer,
            );
            main = pane::below(main, 1);
        }
    }
    main = notice(page, theme, main, buffer);
    let in_side = page.in_facets || page.menu.is_some();
    let mut side = |area: Rect, buffer: &mut Surface| {
        let (rows, cursor) = match page.menu {
            Some(menu) => menu::draw(menu, page, shared, theme, area, buffer),
            None => facets::draw(page, keys, theme, area, buffer),
        };
        output.drawn.side_rows = rows;
        output.cursor = cursor.or(output.cursor);
    };
    if main.width < TINY && in_side {
        side(main, buffer);
        return output;
    }
    if in_side || !shared.narrow() {
        let (left, rest) = pane::split_left(main, FACETS, theme, buffer);
        side(left, buffer);
        main = rest;
    }
    if page.previewed(shared) && !page.rows.is_empty() {
        if area.width >= WIDE {
            let (rest, side) = pane::split_aside(main, shared, ASIDE, theme, buffer);
            main = rest;
            preview::draw(page, shared, theme, side, buffer);
        } else {
            let rows = (main.height / 3).clamp(5, 9).min(main.height);
            let below = pane::below(main, main.height - rows);
            main.height -= rows;
            let dashes = "─".repeat(usize::from(below.width));
            Pen::new(buffer, theme, below, 0).write(&dashes, Role::Rule);
            preview::draw(page, shared, theme, pane::below(below, 1), buffer);
        }
    }
    output.drawn.page_rows = table::draw(page, shared, theme, main, buffer);
    output.drawn.page_columns = usize::from(main.width);
    output
}

/// What of the query was not understood; returns what is below.
fn notice(page: &Catalog, theme: &Theme, area: Rect, buffer: &mut Surface) -> Rect {
    let Some(message) = page.notice() else {
        return area;
    };
    Pen::new(buffer, theme, area, 0)
        .write("! ", Role::Warning)
        .write(message, Role::Text);
    pane::below(area, 1)
}
