//! The view: a [`Model`] drawn into a buffer. Pure: it reads the model, writes cells and says what it measured.
//!
//! A page's drawing lives in `page/<name>.rs`, under the name its state has in [`crate::app`]; what several pages
//! share is a widget. Nothing but [`theme`] names a colour.

pub mod format;
pub mod frame;
pub mod glyphs;
pub mod keys;
pub mod overlay;
pub mod page;
pub mod pick;
pub mod spoken;
pub mod surface;
pub mod text;
pub mod theme;
pub mod welcome;
pub mod widget;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::pointer::Hit;
use crate::app::{Drawn, Model};
use crate::techdocs::picture::Graphic;
pub use glyphs::Glyphs;
pub use keys::Keys;
pub use surface::{Link, Surface};
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
    /// The links that nothing lies over.
    pub links: Vec<Link>,
    /// What a click means where; what comes later lies above.
    pub hits: Vec<Hit>,
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
    let mut surface = Surface::new(std::mem::take(buffer));
    let mut output = draw_on(&mut surface, model, theme, area);
    (*buffer, output.links, output.hits) = surface.into_parts();
    theme.glyphs().replace(buffer, area);
    output
}

/// The screen within its margins.
fn body_of(area: Rect) -> Rect {
    Rect {
        x: area.x + frame::MARGIN,
        width: area.width.saturating_sub(2 * frame::MARGIN),
        ..area
    }
}

fn draw_on(surface: &mut Surface, model: &Model, theme: &Theme, area: Rect) -> Output {
    let body = frame::draw(model, theme, area, surface);
    let mut output = page::draw(model, theme, body, surface);
    let spoken = theme.is_spoken();
    if let Some(overlay) = &model.overlay {
        // What lies below steps back, so that the eye stays on the overlay.
        surface.set_style(body, Style::reset().patch(theme.style(Role::Dim)));
        surface.step_back(body);
        let over = overlay::draw(overlay, model, theme, area, surface);
        output.drawn.overlay_rows = over.drawn.overlay_rows;
        output.cursor = over.cursor;
        output.images.clear();
    }
    if !model.pending.is_empty() {
        output.images.clear();
        overlay::pending::draw(model, theme, area, surface);
    }
    if spoken {
        // The terminal's cursor stands on what is selected, and that is said: whoever hears the screen follows it.
        let at = surface
            .selected()
            .or(output.cursor)
            .unwrap_or((body.x, body.y));
        if model.notice.is_none() {
            let row = area.height.saturating_sub(frame::SAID);
            spoken::announce(surface, theme, body_of(area), row, at.1);
        }
        output.cursor = output.cursor.or(Some(at));
    }
    output
}
