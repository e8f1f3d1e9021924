//! What could be typed next into a field: one line, the first marked as what a key takes.

use ratatui::layout::Rect;

use crate::app::pointer::Target;
use crate::search::Completion;
use crate::ui::Surface;
use crate::ui::text::{Pen, width};
use crate::ui::{Role, Theme, format};

/// What stands where nothing fits yet: a term that is still being typed. `key` takes the first offer.
pub fn go_on(key: Option<String>) -> String {
    match key {
        Some(key) => format!("Type on, or press {key} to take the first of what is offered."),
        None => "Type on, or take what is offered.".to_owned(),
    }
}

/// Draws as many offers as fit into the first row of `area`; `key` takes the first.
pub fn draw(
    offers: &[Completion],
    key: Option<String>,
    theme: &Theme,
    area: Rect,
    buffer: &mut Surface,
) {
    let first = key.map_or_else(String::new, |key| format!("{key} "));
    let mut pen = Pen::new(buffer, theme, area, 0);
    for (at, offer) in offers.iter().enumerate() {
        let count = offer.count.map(format::count).unwrap_or_default();
        let columns = width(&offer.label) + 1 + width(&count);
        if columns + 2 > pen.left() {
            break;
        }
        let (sign, role) = if at == 0 {
            (first.as_str(), Role::Text)
        } else {
            ("", Role::Dim)
        };
        let from = pen.column();
        pen.write(sign, Role::Key)
            .write(&offer.label, role)
            .skip(1)
            .write(&count, Role::Dim)
            .hit(from, Target::Offer(at))
            .skip(2);
    }
}
