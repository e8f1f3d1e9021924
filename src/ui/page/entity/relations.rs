//! The drawing of an entity's relations: the entity in a box, what it stands on below, what stands on it above; or a
//! list of what is hit if it goes, or of the steps to another entity.
//!
//! ```text
//!  ╭─ consumed by ───◂ checkout
//! ╭┴────────────────────╮
//! │ payment-gateway     │
//! ╰┬────────────────────╯
//!  ├─ owned by ──────▸ team-payments
//!  │  ╰─ child of ──────▸ checkout-platform
//!  ├─ depends on 14 ─▸ payments-db
//!  ├─────────────────▸ events
//!  ╰─────────────────▸ … 12 more
//! ```

mod picker;

use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::command::Command;
use crate::app::page::entity::{Branch, End, Entity, Hit, Line, Shape};
use crate::ui::Surface;
use crate::ui::format::count;
use crate::ui::text::{Pen, width};
use crate::ui::widget::pane;
use crate::ui::{CursorAt, Keys, Role, Theme};

/// Columns of a link with its label, so that names stand below each other.
const LINK: usize = 17;
/// Rows of the box in the middle.
const BOX: usize = 3;
/// The column at which kinds begin, counted from the left.
const KIND: usize = 60;
/// Columns of the choice of relations.
const PICKER: u16 = 32;
/// An area narrower than this has no room for the choice beside the drawing.
const TINY: u16 = 64;
/// Lists have all their columns from this width on.
const WIDE: usize = 100;

/// Draws the tab; returns how many rows the drawing has, and where the cursor stands of what narrows the choice.
pub(super) fn draw(
    page: &Entity,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> (usize, CursorAt) {
    let relations = &page.relations;
    let keys = Keys::of(shared, page.context(), page.typing());
    head(page, theme, area, buffer);
    let mut area = pane::below(area, if area.height >= 14 { 2 } else { 1 });
    let mut cursor = None;
    if let Some(picker) = &relations.picker {
        if area.width < TINY {
            let cursor = picker::draw(picker, keys, theme, area, buffer);
            return (usize::from(area.height), cursor);
        }
        let (rest, side) = pane::split_right(area, PICKER, theme, buffer);
        cursor = picker::draw(picker, keys, theme, side, buffer);
        area = rest;
    }
    let height = usize::from(area.height);
    let at = relations.selected().map(|(at, _)| at);
    let focused = relations.picker.is_none();
    // The box is one line that takes three rows.
    let tall = |line: &Line| if *line == Line::Center { BOX } else { 1 };
    let total: usize = relations.lines.iter().map(tall).sum();
    let before: usize = relations.lines.iter().take(at.unwrap_or(0)).map(tall).sum();
    let on_center = at.and_then(|at| relations.lines.get(at)) == Some(&Line::Center);
    let top = (before + usize::from(on_center))
        .saturating_sub(height / 2)
        .min(total.saturating_sub(height));
    let rows = relations
        .lines
        .iter()
        .enumerate()
        .flat_map(|(number, line)| (0..tall(line)).map(move |part| (number, line, part)));
    for (row, (number, line, part)) in (0..area.height).zip(rows.skip(top)) {
        let spot = relations.spots().position(|(line, _)| line == number);
        let mut pen = Pen::new(buffer, theme, area, row).on_spot(spot);
        if at == Some(number) && *line != Line::Center {
            pen = pen.on_cursor(focused);
        }
        match line {
            Line::Center => boxed(page, shared, number, part, &mut pen),
            Line::Branch(branch) => draw_branch(branch, keys, usize::from(area.width), &mut pen),
            Line::Hit(hit) => draw_hit(hit, usize::from(area.width), &mut pen),
            Line::Link(label) => {
                pen.write("  │ ", Role::Rule).write(label, Role::Dim);
            }
            Line::Heading(title, count) => {
                pen.write(title, Role::Strong)
                    .skip(2)
                    .write(count, Role::Dim);
            }
            Line::Note(text) => {
                pen.write(text, Role::Text);
            }
            Line::Gap => {}
        }
    }
    (height, cursor)
}

/// What is shown, in words.
fn head(page: &Entity, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let relations = &page.relations;
    let title = match relations.scope.shape {
        Shape::Near => "Relations",
        Shape::Impact => "Impact",
        Shape::Ownership => "Ownership",
        Shape::Path(_) => "Path",
    };
    let role = if relations.picker.is_none() {
        Role::Accent
    } else {
        Role::Strong
    };
    let mut pen = Pen::new(buffer, theme, area, 0);
    pen.write(title, role)
        .skip(2)
        .write(&relations.summary, Role::Dim);
    let more = "more than is shown";
    if relations.truncated && pen.left() > width(more) + 2 {
        pen.to_right(width(more)).write(more, Role::Dim);
    }
}

/// A row of the box around the entity in the middle, which is line `number`.
fn boxed(page: &Entity, shared: &Shared, number: usize, part: usize, pen: &mut Pen<'_>) {
    let relations = &page.relations;
    let summary = page.summary(shared);
    let name = summary.map_or(page.entity_ref.name(), |summary| summary.name);
    let kind = page.entity_ref.kind();
    let inside = width(name) + width(kind) + 4;
    let joins = |at: Option<usize>| {
        let line = at.and_then(|at| relations.lines.get(at));
        matches!(line, Some(Line::Branch(_)))
    };
    let across = |joined: bool, joint: &str| {
        let rest = "─".repeat(inside.saturating_sub(1));
        format!("{}{rest}", if joined { joint } else { "─" })
    };
    let selected = relations.selected().is_some_and(|(at, _)| at == number);
    let role = if selected { Role::Accent } else { Role::Rule };
    match part {
        0 => {
            let joined = joins(number.checked_sub(1));
            pen.write(&format!("╭{}╮", across(joined, "┴")), role);
        }
        1 => {
            pen.write("│ ", role)
                .write(name, if selected { Role::Accent } else { Role::Strong })
                .write(&format!("  {kind} "), Role::Dim)
                .write("│", role);
        }
        _ => {
            let joined = joins(Some(number + 1));
            pen.write(&format!("╰{}╯", across(joined, "┬")), role);
        }
    }
}

fn draw_branch(branch: &Branch, keys: Keys<'_>, columns: usize, pen: &mut Pen<'_>) {
    let start = pen.left();
    pen.skip(1);
    for through in &branch.through {
        pen.write(if *through { "│  " } else { "   " }, Role::Rule);
    }
    let corner = match (branch.last, branch.above) {
        (false, _) => "├─",
        (true, true) => "╭─",
        (true, false) => "╰─",
    };
    let arrow = if branch.above { "◂ " } else { "▸ " };
    pen.write(corner, Role::Rule);
    if branch.label.is_empty() {
        pen.write(&"─".repeat(LINK - 1), Role::Rule);
    } else {
        let dashes = "─".repeat(LINK.saturating_sub(width(&branch.label) + 3).max(1));
        pen.skip(1)
            .write(&branch.label, Role::Dim)
            .skip(1)
            .write(&dashes, Role::Rule);
    }
    pen.write(arrow, Role::Rule);
    let again = matches!(&branch.end, End::Entity { elsewhere, known, .. } if *elsewhere && *known);
    let (name, role, note, note_role) = match &branch.end {
        End::Entity {
            entity_ref, known, ..
        } if !known => (
            entity_ref.name().to_owned(),
            Role::Text,
            "! not found".to_owned(),
            Role::Warning,
        ),
        End::Entity { entity_ref, .. } => (
            entity_ref.name().to_owned(),
            if again { Role::Text } else { Role::Strong },
            entity_ref.kind().to_owned(),
            Role::Dim,
        ),
        End::More { count: number, .. } => (
            format!("… {} more", count(*number)),
            Role::Text,
            keys.key(Command::Open)
                .map_or_else(String::new, |key| format!("{key} shows them")),
            Role::Dim,
        ),
    };
    pen.write(&name, role).skip(2);
    // Kinds stand below each other where there is room.
    let used = start - pen.left();
    if columns >= KIND + 12 {
        pen.skip(KIND.saturating_sub(used));
    }
    // Half a kind says nothing; that something is missing is worth its beginning.
    if pen.left() >= width(&note) + usize::from(again) * 2 || note_role == Role::Warning {
        pen.write(&note, note_role);
        if again {
            pen.skip(1).write("↺", Role::Dim);
        }
    }
}

/// An entity of a list: its name and kind, how it comes to be here, its owner.
fn draw_hit(hit: &Hit, columns: usize, pen: &mut Pen<'_>) {
    let (kind, role) = if hit.known {
        (hit.entity_ref.kind(), Role::Dim)
    } else {
        ("! not found", Role::Warning)
    };
    let name = if columns >= WIDE { 36 } else { columns * 2 / 5 };
    pen.skip(2)
        .column_of(hit.entity_ref.name(), name.saturating_sub(1), Role::Strong)
        .skip(1);
    if columns >= WIDE || hit.how.is_empty() {
        pen.column_of(kind, 13, role);
    }
    if columns >= WIDE {
        pen.column_of(&hit.how, columns - 36 - 16 - 26, Role::Text)
            .skip(1)
            .write(&hit.owner, Role::Dim);
    } else if hit.how.is_empty() {
        pen.write(&hit.owner, Role::Dim);
    } else {
        pen.write(&hit.how, Role::Text);
    }
}
