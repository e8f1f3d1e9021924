//! The drawing of the facets.

use ratatui::layout::Rect;

use crate::app::page::catalog::{Catalog, FacetLine};
use crate::app::pointer::{Part, Target};
use crate::ui::Surface;
use crate::ui::text::{Pen, width};
use crate::ui::widget::field;
use crate::ui::{CursorAt, Keys, Role, Theme, format};

/// Draws the facets; returns how many rows they have, and where the cursor stands of what narrows them.
pub(super) fn draw(
    page: &Catalog,
    keys: Keys<'_>,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> (usize, CursorAt) {
    let listed = page.facets.iter().filter(|line| line.selectable()).count();
    let listed = format::count(listed);
    let (area, cursor) = field::above(&page.narrow, &listed, theme, area, buffer);
    let height = usize::from(area.height);
    if page.facets.is_empty() && page.narrow.is_on() {
        field::nothing("No value", keys, theme, area, buffer);
    }
    let window = page.facet_cursor.window(page.facets.len(), height);
    for (row, at) in (0..).zip(window) {
        let Some(line) = page.facets.get(at) else {
            break;
        };
        let target = Target::Item(Part::Side, at);
        let mut pen = Pen::new(buffer, theme, area, row).on_target(target);
        if page.in_facets && at == page.facet_cursor.selected {
            pen = pen.on_cursor(true);
        }
        match line {
            FacetLine::Title(title) => {
                let role = if page.in_facets {
                    Role::Accent
                } else {
                    Role::Strong
                };
                pen.write(title, role);
            }
            FacetLine::Choice {
                label, count, on, ..
            } => {
                let count = format::count(*count);
                let room = pen.left().saturating_sub(2 + width(&count) + 1);
                let (sign, role) = if *on {
                    ("● ", Role::Accent)
                } else {
                    ("○ ", Role::Dim)
                };
                let text = if *on { Role::Strong } else { Role::Text };
                pen.write(sign, role)
                    .column_of(label, room, text)
                    .to_right(width(&count))
                    .write(&count, Role::Dim);
            }
            FacetLine::More(_, hidden) => {
                pen.skip(2)
                    .write(&format!("…{} more", format::count(*hidden)), Role::Dim);
            }
            FacetLine::Gap => {}
        }
    }
    (height, cursor)
}
