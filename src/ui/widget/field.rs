//! A line of text being edited.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use crate::app::TextField;
use crate::ui::text::{Pen, width};
use crate::ui::{CursorAt, Role, Theme};

/// Draws a field that narrows what stands below it, with `count` of what is left at the right end; returns where its
/// cursor stands while somebody types into it.
pub fn narrowing(
    field: &TextField,
    placeholder: &str,
    count: &str,
    typing: bool,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
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

/// Draws a field into the first row of `area`, scrolled so that its cursor is in sight; returns where that stands.
/// An empty field shows `placeholder`.
pub fn draw(
    field: &TextField,
    placeholder: &str,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
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
    buffer: &mut Buffer,
) -> CursorAt {
    let columns = usize::from(area.width);
    if columns == 0 || area.height == 0 {
        return None;
    }
    let before: String = field.text().chars().take(field.cursor()).collect();
    let mut start = 0;
    // Characters that do not fit before the cursor scroll out on the left.
    while width(&before) - width(&before.chars().take(start).collect::<String>()) >= columns {
        start += 1;
    }
    let shown: String = field.text().chars().skip(start).collect();
    let mut pen = Pen::new(buffer, theme, area, 0);
    if field.text().is_empty() {
        pen.write(placeholder, Role::Dim);
    } else {
        let hidden: usize = field.text().chars().take(start).map(char::len_utf8).sum();
        let mistake = theme
            .style(Role::Warning)
            .add_modifier(Modifier::UNDERLINED);
        for (at, c) in shown.char_indices() {
            let is_wrong = wrong.iter().any(|span| span.contains(&(hidden + at)));
            let style = if is_wrong {
                mistake
            } else {
                theme.style(Role::Text)
            };
            pen.write_styled(c.encode_utf8(&mut [0; 4]), style);
        }
    }
    let column = width(&before.chars().skip(start).collect::<String>());
    Some((
        area.x + u16::try_from(column).unwrap_or(0).min(area.width - 1),
        area.y,
    ))
}
