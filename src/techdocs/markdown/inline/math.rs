//! Formulas within text: pymdownx' `arithmatex`.

use super::{Found, Inline, Node, Spot};
use crate::techdocs::markdown::dom::Text;
use crate::techdocs::markdown::write::escaped;

impl Inline<'_> {
    /// `$x^2$`, `\(x^2\)`.
    pub(super) fn math(&mut self, spot: &Spot<'_>) -> Option<Found> {
        if spot.before(spot.at) == Some('\\') {
            return None;
        }
        let rest = spot.rest();
        let (formula, length) = if let Some(inner) = rest.strip_prefix("\\(") {
            let end = inner.find("\\)")?;
            (inner.get(..end)?, end + 4)
        } else {
            let inner = rest.strip_prefix('$')?;
            if inner.starts_with(char::is_whitespace) {
                return None;
            }
            let end = dollar(inner)?;
            (inner.get(..end)?, end + 2)
        };
        if formula.trim().is_empty() {
            return None;
        }
        let id = self.tree.create("span", 0);
        let text = self.stash.html(escaped(&format!("\\({formula}\\)")));
        let element = self.tree.edit(id);
        element.set("class", "arithmatex");
        element.text = Text::atomic(text);
        Some(Found::Node(spot.at, spot.at + length, Node::Element(id)))
    }
}

/// Where the dollar sign stands that closes a formula: not escaped, no white space before it.
fn dollar(text: &str) -> Option<usize> {
    let mut escaped = false;
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '$' => return (!last.is_whitespace() && at > 0).then_some(at),
            _ => {}
        }
        last = c;
    }
    None
}
