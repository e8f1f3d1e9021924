//! Panes: parts of the screen parted by space and one dim rule, each with a title.

use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::pointer::Target;
use crate::ui::Surface;
use crate::ui::spoken;
use crate::ui::text::{Pen, width};
use crate::ui::{Role, Theme};

/// Parts `area` into a left pane of `columns` columns and the rest, with a dim rule between them.
pub fn split_left(area: Rect, columns: u16, theme: &Theme, buffer: &mut Surface) -> (Rect, Rect) {
    if theme.is_spoken() {
        return spoken::stacked(area);
    }
    let columns = columns.min(area.width.saturating_sub(4));
    let rule = Rect {
        x: area.x + columns,
        width: 3,
        ..area
    };
    for row in 0..area.height {
        Pen::new(buffer, theme, rule, row).write(" │ ", Role::Rule);
    }
    let left = Rect {
        width: columns,
        ..area
    };
    let right = Rect {
        x: area.x + columns + 3,
        width: area.width.saturating_sub(columns + 3),
        ..area
    };
    (left, right)
}

/// Parts `area` so that the right pane has `columns` columns.
pub fn split_right(area: Rect, columns: u16, theme: &Theme, buffer: &mut Surface) -> (Rect, Rect) {
    split_left(area, area.width.saturating_sub(columns + 3), theme, buffer)
}

/// Parts `area` so that the right pane has `usual` columns, or as many as the user dragged its edge to.
pub fn split_aside(
    area: Rect,
    shared: &Shared,
    usual: u16,
    theme: &Theme,
    buffer: &mut Surface,
) -> (Rect, Rect) {
    let columns = shared.aside(usual, area.width);
    let (left, right) = split_right(area, columns, theme, buffer);
    let edge = Rect {
        x: left.right(),
        width: right.x.saturating_sub(left.right()),
        ..area
    };
    buffer.hit(edge, Target::Edge(right.right()));
    (left, right)
}

/// Draws a pane's title, with a count at its right; the focused pane's is in the accent colour. Returns what is below.
pub fn titled(
    title: &str,
    count: &str,
    focused: bool,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> Rect {
    let role = if focused { Role::Accent } else { Role::Strong };
    let mut pen = Pen::new(buffer, theme, area, 0);
    pen.write(title, role);
    pen.to_right(width(count)).write(count, Role::Dim);
    below(area, 1)
}

/// What is left of `area` below its first `rows` rows.
pub fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    }
}
