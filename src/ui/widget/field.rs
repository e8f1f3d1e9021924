//! A line of text being edited.

use std::ops::Range;

use ratatui::layout::Rect;
use ratatui::style::Modifier;
use unicode_segmentation::UnicodeSegmentation;

use super::pane;
use crate::app::{Narrow, TextField};
use crate::ui::Surface;
use crate::ui::text::{Pen, width, wrap};
use crate::ui::{CursorAt, Keys, Role, Theme};

/// Draws a field that narrows what stands below it, with `count` of what is left at the right end; returns where its
/// cursor stands while somebody types into it.
pub fn narrowing(
    field: &TextField,
    placeholder: &str,
    count: &str,
    typing: bool,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> CursorAt {
    let mut pen = Pen::new(buffer, theme, area, 0);
    pen.write("›", if typing { Role::Accent } else { Role::Dim });
    pen.to_right(width(count)).write(count, Role::Dim);
    let taken = u16::try_from(width(count)).unwrap_or(0).saturating_add(4);
    let text = Rect {
        x: area.x + 2,
        width: area.width.saturating_sub(taken),
        height: area.height.min(1),
        ..area
    };
    let cursor = draw(field, placeholder, theme, text, buffer);
    cursor.filter(|_| typing)
}

/// Draws what a list is narrowed to above it, while it is, with `count` of what is left; returns what is below and where
/// the field's cursor stands.
pub fn above(
    narrow: &Narrow,
    count: &str,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> (Rect, CursorAt) {
    if !narrow.is_shown() {
        return (area, None);
    }
    let cursor = narrowing(
        &narrow.field,
        "words that must be there",
        count,
        narrow.typing,
        theme,
        area,
        buffer,
    );
    (
        pane::below(area, if area.height > 8 { 2 } else { 1 }),
        cursor,
    )
}

/// Says of a list that is narrowed that nothing of it is left, and the way out.
pub fn nothing(what: &str, keys: Keys<'_>, theme: &Theme, area: Rect, buffer: &mut Surface) {
    let text = keys.all_again(&format!("{what} has these words"));
    let lines = wrap(&text, usize::from(area.width));
    for (row, line) in (0..area.height).zip(&lines) {
        Pen::new(buffer, theme, area, row).write(line, Role::Dim);
    }
}

/// Draws a field into the first row of `area`, scrolled so that its cursor is in sight; returns where that stands.
/// An empty field shows `placeholder`.
pub fn draw(
    field: &TextField,
    placeholder: &str,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> CursorAt {
    draw_marked(field, placeholder, &[], theme, area, buffer)
}

/// The same with the parts of its text that stand at `wrong`, in bytes, underlined as mistakes.
pub fn draw_marked(
    field: &TextField,
    placeholder: &str,
    wrong: &[Range<usize>],
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) -> CursorAt {
    let columns = usize::from(area.width);
    if columns == 0 || area.height == 0 {
        return None;
    }
    let text = field.text();
    let behind = text.char_indices().nth(field.cursor());
    let (before, _) = text.split_at(behind.map_or(text.len(), |(at, _)| at));
    // What does not fit before the cursor scrolls out on the left.
    let (mut start, mut column) = (before.len(), 0);
    for (at, grapheme) in before.grapheme_indices(true).rev() {
        if column + width(grapheme) >= columns {
            break;
        }
        (start, column) = (at, column + width(grapheme));
    }
    let mut pen = Pen::new(buffer, theme, area, 0);
    if text.is_empty() {
        pen.write(placeholder, Role::Dim);
    } else {
        let mistake = theme
            .style(Role::Warning)
            .add_modifier(Modifier::UNDERLINED);
        for (at, grapheme) in text.get(start..).unwrap_or_default().grapheme_indices(true) {
            if pen.left() == 0 {
                break;
            }
            let is_wrong = wrong.iter().any(|span| span.contains(&(start + at)));
            let style = if is_wrong {
                mistake
            } else {
                theme.style(Role::Text)
            };
            pen.write_styled(grapheme, style);
        }
    }
    Some((
        area.x + u16::try_from(column).unwrap_or(0).min(area.width - 1),
        area.y,
    ))
}
