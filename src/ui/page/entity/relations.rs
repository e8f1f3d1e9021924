//! The drawing of an entity's relations: the entity in a box, what it stands on below, what stands on it above.
//!
//! ```text
//!  ╭─ consumed by ─◂ checkout
//! ╭┴────────────────────╮
//! │ payment-gateway     │
//! ╰┬────────────────────╯
//!  ├─ owned by ────▸ team-payments
//!  │  ╰─ child of ────▸ checkout-platform
//!  ╰─ depends on ──▸ payments-db
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::page::entity::{Branch, Entity};
use crate::ui::text::{Pen, width};
use crate::ui::widget::pane;
use crate::ui::{Role, Theme};

/// Columns of a link with its label, so that names stand below each other.
const LINK: usize = 15;
/// Rows of the box in the middle.
const BOX: usize = 3;
/// The column at which kinds begin, counted from the left.
const KIND: usize = 58;

/// Draws the tab; returns how many rows the drawing has.
pub(super) fn draw(
    page: &Entity,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> usize {
    let relations = &page.relations;
    head(page, theme, area, buffer);
    let area = pane::below(area, if area.height >= 14 { 2 } else { 1 });
    let height = usize::from(area.height);
    let total = relations.branches.len() + BOX;
    // The cursor's line: the box counts as one thing and takes three lines.
    let at = relations.cursor.selected;
    let line = match at.cmp(&relations.above) {
        std::cmp::Ordering::Less => at,
        std::cmp::Ordering::Equal => at + 1,
        std::cmp::Ordering::Greater => at + BOX - 1,
    };
    let top = line
        .saturating_sub(height / 2)
        .min(total.saturating_sub(height));
    for (row, line) in (0..area.height).zip(top..total) {
        let mut pen = Pen::new(buffer, theme, area, row);
        let middle = relations.above..relations.above + BOX;
        if middle.contains(&line) {
            boxed(page, shared, line - relations.above, &mut pen);
            continue;
        }
        let above = line < relations.above;
        let (branch, number) = if above {
            (line, line)
        } else {
            (line - BOX, line - BOX + 1)
        };
        if let Some(branch) = relations.branches.get(branch) {
            if number == at {
                pen = pen.on_cursor(true);
            }
            draw_branch(branch, above, usize::from(area.width), &mut pen);
        }
    }
    height
}

/// What the drawing shows, and how to change that.
fn head(page: &Entity, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let relations = &page.relations;
    let mut pen = Pen::new(buffer, theme, area, 0);
    let depth = match relations.depth {
        1 => "one step".to_owned(),
        more => format!("{more} steps"),
    };
    pen.write(&format!("Drawn {depth} deep"), Role::Dim);
    if relations.truncated {
        pen.write(", and there is more", Role::Dim);
    }
    let keys = "+ deeper   - less";
    if pen.left() > width(keys) + 2 {
        pen.to_right(width(keys))
            .write("+", Role::Key)
            .write(" deeper   ", Role::Dim)
            .write("-", Role::Key)
            .write(" less", Role::Dim);
    }
}

/// A line of the box around the entity in the middle.
fn boxed(page: &Entity, shared: &Shared, line: usize, pen: &mut Pen<'_>) {
    let relations = &page.relations;
    let summary = page.summary(shared);
    let name = summary.map_or(page.entity_ref.name(), |summary| summary.name);
    let kind = page.entity_ref.kind();
    let inside = width(name) + width(kind) + 4;
    let across = |joined: bool, joint: &str| {
        let rest = "─".repeat(inside.saturating_sub(1));
        if joined {
            format!("{joint}{rest}")
        } else {
            format!("─{rest}")
        }
    };
    let selected = relations.selected().is_none();
    let role = if selected { Role::Accent } else { Role::Rule };
    let below = relations.branches.len() > relations.above;
    match line {
        0 => {
            pen.write(&format!("╭{}╮", across(relations.above > 0, "┴")), role);
        }
        1 => {
            pen.write("│ ", role)
                .write(name, if selected { Role::Accent } else { Role::Strong })
                .write(&format!("  {kind} "), Role::Dim)
                .write("│", role);
        }
        _ => {
            pen.write(&format!("╰{}╯", across(below, "┬")), role);
        }
    }
}

fn draw_branch(branch: &Branch, above: bool, columns: usize, pen: &mut Pen<'_>) {
    let start = pen.left();
    pen.skip(1);
    for through in &branch.through {
        pen.write(if *through { "│  " } else { "   " }, Role::Rule);
    }
    let corner = match (branch.last, above) {
        (false, _) => "├─ ",
        (true, true) => "╭─ ",
        (true, false) => "╰─ ",
    };
    let arrow = if above { "◂ " } else { "▸ " };
    let dashes = "─".repeat(LINK.saturating_sub(width(branch.label) + 3).max(1));
    pen.write(corner, Role::Rule)
        .write(branch.label, Role::Dim)
        .skip(1)
        .write(&dashes, Role::Rule)
        .write(arrow, Role::Rule);
    let role = if branch.elsewhere || !branch.known {
        Role::Text
    } else {
        Role::Strong
    };
    pen.write(branch.entity_ref.name(), role).skip(2);
    let note = if !branch.known {
        "! not found".to_owned()
    } else if branch.elsewhere {
        format!("{} ↺", branch.entity_ref.kind())
    } else {
        branch.entity_ref.kind().to_owned()
    };
    // Kinds stand below each other where there is room.
    let used = start - pen.left();
    if columns >= KIND + 12 {
        pen.skip(KIND.saturating_sub(used));
    }
    pen.write(
        &note,
        if branch.known {
            Role::Dim
        } else {
            Role::Warning
        },
    );
}
