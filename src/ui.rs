//! The view: a [`Model`] drawn into a buffer. Pure: it reads the model, writes cells and says what it measured.
//!
//! A page's drawing lives in `page/<name>.rs`, under the name its state has in [`crate::app`]; what several pages
//! share is a widget. Nothing but [`theme`] names a colour.

pub mod format;
pub mod frame;
pub mod glyphs;
pub mod overlay;
pub mod page;
pub mod pick;
pub mod text;
pub mod theme;
pub mod widget;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::{Drawn, Model};
use crate::techdocs::picture::Graphic;
pub use glyphs::Glyphs;
pub use theme::{Role, Theme};

/// Where the terminal's cursor stands, if a text field has the focus.
pub type CursorAt = Option<(u16, u16)>;

/// The smallest screen on which anything can be shown.
const SMALLEST: (u16, u16) = (20, 5);

/// An image that is seen, for terminals that show pixels. In the buffer it stands as half blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The image.
    pub graphic: Arc<Graphic>,
    /// The cells of it that are in sight.
    pub at: Rect,
    /// How many of its rows lie above them.
    pub above: u16,
}

/// What a drawing gives back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Output {
    /// What was measured, for the next movement by a page.
    pub drawn: Drawn,
    /// Where the terminal's cursor stands.
    pub cursor: CursorAt,
    /// The images that nothing lies over.
    pub images: Vec<Shown>,
}

/// Draws the whole screen.
pub fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Output {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return Output::default();
    }
    buffer.set_style(area, Style::reset());
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        buffer.set_stringn(
            area.x,
            area.y,
            "too small",
            usize::from(area.width),
            Style::new(),
        );
        return Output::default();
    }
    let body = frame::draw(model, theme, area, buffer);
    let mut output = page::draw(model, theme, body, buffer);
    if let Some(overlay) = &model.overlay {
        // What lies below steps back, so that the eye stays on the overlay.
        buffer.set_style(body, Style::reset().patch(theme.style(Role::Dim)));
        let over = overlay::draw(overlay, model, theme, area, buffer);
        output.drawn.overlay_rows = over.drawn.overlay_rows;
        output.cursor = over.cursor;
        output.images.clear();
    }
    if !model.pending.is_empty() {
        output.images.clear();
        overlay::pending::draw(model, theme, area, buffer);
    }
    theme.glyphs().replace(buffer, area);
    output
}
