//! Links of a frame (OSC 8): which cells lead where, so that a terminal opens what is clicked.
//!
//! An address comes from outside and goes to the terminal, so it is written as the printable ASCII that addresses consist
//! of, or not at all.

use std::fmt::Write as _;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Addresses longer than this are left out, as terminals do.
const LONGEST: usize = 2_083;

/// Cells that lead to an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The cells.
    pub area: Rect,
    /// The address.
    pub url: String,
}

/// Which cells of a frame lead where.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// The number of each cell's address, 0 for none; empty where no cell has one.
    cells: Vec<u16>,
    /// The addresses; the first has the number 1.
    urls: Vec<String>,
}

impl Links {
    /// The links of a frame that fills `area`.
    pub(super) fn new(links: &[Link], area: Rect) -> Self {
        let mut all = Self::default();
        for link in links {
            let Some(url) = written(&link.url) else {
                continue;
            };
            let Some(number) = all.number(url) else {
                break;
            };
            all.cells
                .resize(usize::from(area.width) * usize::from(area.height), 0);
            for at in link.area.intersection(area).positions() {
                let index = usize::from(at.y) * usize::from(area.width) + usize::from(at.x);
                if let Some(cell) = all.cells.get_mut(index) {
                    *cell = number;
                }
            }
        }
        all
    }

    fn number(&mut self, url: String) -> Option<u16> {
        let known = self.urls.iter().position(|known| *known == url);
        let index = known.unwrap_or_else(|| {
            self.urls.push(url);
            self.urls.len() - 1
        });
        u16::try_from(index + 1).ok()
    }

    /// The number of the address that the cell at `index` leads to, 0 for none.
    pub(super) fn number_at(&self, index: usize) -> u16 {
        self.cells.get(index).copied().unwrap_or_default()
    }

    /// The address of a number.
    pub(super) fn url(&self, number: u16) -> Option<&str> {
        let index = usize::from(number).checked_sub(1)?;
        self.urls.get(index).map(String::as_str)
    }

    /// The cells, to be moved with the rows of the screen.
    pub(super) fn cells_mut(&mut self) -> &mut [u16] {
        &mut self.cells
    }

    /// Cells of `shown`, which has these links, that lead elsewhere in the next frame are to be written again, whatever
    /// stands in them.
    pub(super) fn doubt(&self, next: &Self, shown: &mut Buffer) {
        if self.cells.is_empty() && next.cells.is_empty() {
            return;
        }
        for (index, cell) in shown.content.iter_mut().enumerate() {
            let [here, there] = [self, next].map(|links| links.url(links.number_at(index)));
            if here != there {
                cell.set_symbol("\u{fffd}");
            }
        }
    }
}

/// The address as it is written to the terminal; `None` where it is no address.
fn written(url: &str) -> Option<String> {
    let mut text = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            '!'..='~' => text.push(c),
            c if c.is_control() => return None,
            c => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    let _ = write!(text, "%{byte:02X}");
                }
            }
        }
    }
    (text.len() <= LONGEST && !text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_written_in_printable_ascii_or_not_at_all() {
        let written = |url| written(url).unwrap_or_default();
        assert_eq!(
            written("https://example.org/a?b=c#d"),
            "https://example.org/a?b=c#d"
        );
        assert_eq!(
            written("https://example.org/支 付"),
            "https://example.org/%E6%94%AF%20%E4%BB%98"
        );
        assert_eq!(written("https://example.org/\x1b]0;title\x07"), "");
        assert_eq!(written("https://example.org/\u{9c}x"), "");
        assert_eq!(
            written(&format!("https://example.org/{}", "x".repeat(LONGEST))),
            ""
        );
    }

    #[test]
    fn the_same_address_has_one_number() {
        let link = |x, url: &str| Link {
            area: Rect::new(x, 0, 2, 1),
            url: url.to_owned(),
        };
        let links = [
            link(0, "https://a"),
            link(4, "https://b"),
            link(6, "https://a"),
        ];
        let links = Links::new(&links, Rect::new(0, 0, 10, 2));
        let numbers: Vec<u16> = (0..10).map(|index| links.number_at(index)).collect();
        assert_eq!(numbers, [1, 1, 0, 0, 2, 2, 1, 1, 0, 0]);
        assert_eq!((links.url(2), links.url(3)), (Some("https://b"), None));
    }
}
