//! The drawing of the facets.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::page::catalog::{Catalog, FacetLine};
use crate::ui::text::{Pen, width};
use crate::ui::{Role, Theme, format};

/// Draws the facets; returns how many rows they have.
pub(super) fn draw(page: &Catalog, theme: &Theme, area: Rect, buffer: &mut Buffer) -> usize {
    let height = usize::from(area.height);
    let window = page.facet_cursor.window(page.facets.len(), height);
    for (row, at) in (0..).zip(window) {
        let Some(line) = page.facets.get(at) else {
            break;
        };
        let mut pen = Pen::new(buffer, theme, area, row);
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
    height
}
