//! A page as it is kept, Markdown or a finished site's HTML → [`Document`].

use super::document::Document;
use super::{html, markdown};

/// How much of a page is read for its title, in bytes.
const TOP: usize = 16 << 10;

/// Reads a page. Never fails: what is not understood is shown as it stands.
pub fn parse(text: &str) -> Document {
    if html::is_page(text) {
        html::parse(text)
    } else {
        markdown::parse(text)
    }
}

/// The title that a page gives itself: its front matter's, else its first heading if that is of level 1.
///
/// Only the top of the page is read, so that a whole site's titles cost little.
pub fn title(text: &str) -> Option<String> {
    let mut end = text.len().min(TOP);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    markdown::title_of(&parse(text.get(..end).unwrap_or_default()))
}
