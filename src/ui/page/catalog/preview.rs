//! The drawing of the preview: what the index knows of the entity under the cursor, so that it is there at once.

use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::page::catalog::Catalog;
use crate::catalog::index::{Neighbor, Summary};
use crate::catalog::{RelationType, Row};
use crate::ui::Surface;
use crate::ui::text::{Pen, width, wrap};
use crate::ui::widget::pane;
use crate::ui::{Role, Theme, format};

/// How many ends of one type of relation are named; of more only the number is told.
const NAMED: usize = 3;

/// Draws the preview.
pub(super) fn draw(
    page: &Catalog,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) {
    let Some(summary) = page.selected().and_then(|row| shared.index.summary(row)) else {
        return;
    };
    let facts = [summary.kind, summary.entity_type, summary.lifecycle];
    let facts: Vec<_> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    let facts = facts.join(" · ");
    let title = if summary.title.is_empty() {
        summary.name
    } else {
        summary.title
    };
    let mut pen = Pen::new(buffer, theme, area, 0);
    pen.write(title, Role::Strong).skip(2);
    let beside = pen.left() >= width(&facts);
    if beside {
        pen.to_right(width(&facts)).write(&facts, Role::Dim);
    } else {
        Pen::new(buffer, theme, area, 1).write(&facts, Role::Dim);
    }
    let mut area = pane::below(area, if beside { 1 } else { 2 });
    let texts = [
        (description(&summary), Role::Text),
        (links(shared, summary.row), Role::Dim),
    ];
    for (text, role) in texts {
        let lines = wrap(&text, usize::from(area.width));
        let rows = lines.len();
        for (row, line) in (0..area.height).zip(lines) {
            Pen::new(buffer, theme, area, row).write(&line, role);
        }
        area = pane::below(area, u16::try_from(rows).unwrap_or(u16::MAX));
    }
}

fn description(summary: &Summary<'_>) -> String {
    if summary.description.is_empty() {
        "No description.".to_owned()
    } else {
        summary.description.to_owned()
    }
}

/// Its relations on one line: `provides payments-v2 · depends on payments-db, events · used by 14`.
fn links(shared: &Shared, row: Row) -> String {
    let mut groups: Vec<(RelationType, usize, Vec<&str>)> = Vec::new();
    for (relation_type, neighbor) in shared.index.relations(row) {
        // Relations come sorted by type.
        if groups
            .last()
            .is_none_or(|(last, ..)| *last != relation_type)
        {
            groups.push((relation_type, 0, Vec::new()));
        }
        let Some((_, count, names)) = groups.last_mut() else {
            continue;
        };
        *count += 1;
        if names.len() < NAMED {
            names.push(match neighbor {
                Neighbor::Entity(row) => shared.index.name(row),
                Neighbor::Missing(text) => text,
            });
        }
    }
    let words: Vec<String> = groups
        .into_iter()
        .map(|(relation_type, count, names)| {
            let label = relation_type.label();
            if count > NAMED {
                format!("{label} {}", format::count(count))
            } else {
                format!("{label} {}", names.join(", "))
            }
        })
        .collect();
    words.join(" · ")
}
