//! The drawing of what lies over a page.

pub mod confirm;
pub mod finder;
pub mod help;
pub mod pending;

use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

use super::text::Pen;
use super::{Output, Role, Theme};
use crate::app::pointer::{Part, Target};
use crate::app::{Model, Overlay};
use crate::ui::Surface;

/// Draws the overlay into the middle of the screen.
pub fn draw(
    overlay: &Overlay,
    model: &Model,
    theme: &Theme,
    screen: Rect,
    buffer: &mut Surface,
) -> Output {
    match overlay {
        Overlay::Finder(finder) => finder::draw(finder, model, theme, screen, buffer),
        Overlay::Help(help) => help::draw(help, model, theme, screen, buffer),
        Overlay::Confirm(confirm) => confirm::draw(*confirm, model, theme, screen, buffer),
    }
}

/// Clears a part of the screen between the frame's rules and draws a border around it; returns its inside.
fn window(columns: u16, rows: u16, theme: &Theme, screen: Rect, buffer: &mut Surface) -> Rect {
    let width = columns.min(screen.width);
    let area = Rect {
        x: screen.x + (screen.width - width) / 2,
        y: screen.y + 2,
        width,
        height: rows.min(screen.height.saturating_sub(4)),
    };
    window_at(area, theme, buffer)
}

/// The same at a place of its own.
fn window_at(area: Rect, theme: &Theme, buffer: &mut Surface) -> Rect {
    let Rect { width, height, .. } = area;
    Clear.render(area, buffer);
    buffer.cover(area);
    buffer.hit(area, Target::Part(Part::Over));
    let across = "─".repeat(usize::from(width.saturating_sub(2)));
    Pen::new(buffer, theme, area, 0).write(&format!("╭{across}╮"), Role::Rule);
    for row in 1..height.saturating_sub(1) {
        let mut pen = Pen::new(buffer, theme, area, row);
        pen.write("│", Role::Rule)
            .to_right(1)
            .write("│", Role::Rule);
    }
    Pen::new(buffer, theme, area, height.saturating_sub(1))
        .write(&format!("╰{across}╯"), Role::Rule);
    Rect {
        x: area.x + 2,
        y: area.y + 1,
        width: width.saturating_sub(4),
        height: height.saturating_sub(2),
    }
}
