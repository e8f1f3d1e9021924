//! A line of text being edited.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::TextField;
use crate::ui::text::{Pen, width};
use crate::ui::{CursorAt, Role, Theme};

/// Draws a field into the first row of `area`, scrolled so that its cursor is in sight; returns where that stands.
/// An empty field shows `placeholder`.
pub fn draw(
    field: &TextField,
    placeholder: &str,
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
        pen.write(&shown, Role::Text);
    }
    let column = width(&before.chars().skip(start).collect::<String>());
    Some((
        area.x + u16::try_from(column).unwrap_or(0).min(area.width - 1),
        area.y,
    ))
}
