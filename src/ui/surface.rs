//! What is drawn on: a buffer, and beside it what lies where.

use std::ops::{Deref, DerefMut};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::pointer::{Hit, Target};

/// Cells of one row that lead to an address, for terminals that open what is clicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The cells.
    pub area: Rect,
    /// The address, as it was written.
    pub url: String,
}

/// A buffer, the links in it, and what a click means where.
#[derive(Debug, Default)]
pub struct Surface {
    buffer: Buffer,
    links: Vec<Link>,
    hits: Vec<Hit>,
    selected: Option<(u16, u16)>,
}

impl Surface {
    /// A surface over `buffer`, on which nothing lies yet.
    pub fn new(buffer: Buffer) -> Self {
        Self {
            buffer,
            ..Self::default()
        }
    }

    /// The buffer, the links and the hits that were made.
    pub fn into_parts(self) -> (Buffer, Vec<Link>, Vec<Hit>) {
        (self.buffer, self.links, self.hits)
    }

    /// These cells lead to `url`; only addresses that a browser or a mail program opens are kept.
    pub fn link(&mut self, area: Rect, url: &str) {
        let area = area.intersection(self.buffer.area);
        let known = ["https://", "http://", "mailto:"];
        if !area.is_empty() && known.iter().any(|scheme| url.starts_with(scheme)) {
            self.links.push(Link {
                area,
                url: url.to_owned(),
            });
        }
    }

    /// A click on these cells means `target`; what was said later lies above.
    pub fn hit(&mut self, area: Rect, target: Target) {
        let area = area.intersection(self.buffer.area);
        if !area.is_empty() {
            self.hits.push(Hit { area, target });
        }
    }

    /// The row of what is selected begins here; what is said later counts.
    pub fn select(&mut self, at: (u16, u16)) {
        self.selected = Some(at);
    }

    /// Where the row of what is selected begins.
    pub fn selected(&self) -> Option<(u16, u16)> {
        self.selected
    }

    /// Something else lies over `area` now: nothing below it is seen.
    pub fn cover(&mut self, area: Rect) {
        self.links.retain(|link| !link.area.intersects(area));
    }

    /// Something lies over the page in `page` that has the focus: of the rest only the commands in the frame can be
    /// clicked.
    pub fn step_back(&mut self, page: Rect) {
        let is_command =
            |hit: &Hit| matches!(hit.target, Target::Command(_)) && !hit.area.intersects(page);
        self.hits.retain(is_command);
        self.selected = None;
    }
}

impl Deref for Surface {
    type Target = Buffer;

    fn deref(&self) -> &Buffer {
        &self.buffer
    }
}

impl DerefMut for Surface {
    fn deref_mut(&mut self) -> &mut Buffer {
        &mut self.buffer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_opens_is_a_link_and_what_is_covered_is_none() {
        let mut surface = Surface::new(Buffer::empty(Rect::new(0, 0, 20, 4)));
        surface.link(Rect::new(0, 0, 5, 1), "https://example.org/a");
        surface.link(Rect::new(0, 1, 5, 1), "javascript:alert(1)");
        surface.link(Rect::new(0, 2, 5, 1), "mailto:a@example.org");
        surface.link(Rect::new(30, 2, 5, 1), "https://example.org/b");
        surface.cover(Rect::new(3, 2, 4, 2));
        let (_, links, _) = surface.into_parts();
        let urls: Vec<&str> = links.iter().map(|link| link.url.as_str()).collect();
        assert_eq!(urls, ["https://example.org/a"]);
    }
}
