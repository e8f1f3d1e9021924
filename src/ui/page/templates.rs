//! The drawing of the templates page.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::Shared;
use crate::app::page::templates::Templates;
use crate::ui::{Output, Theme};

/// Draws the page.
pub fn draw(
    page: &Templates,
    shared: &Shared,
    theme: &Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> Output {
    let _ = (page, shared, theme, area, buffer);
    Output::default()
}
