//! Names of emoji: `:rocket:`.

use super::sequence::is_word;
use super::{Found, Inline, Node, Spot};

/// The names, sorted, each with its emoji and, where only Twemoji has it, a mark.
const NAMES: &str = include_str!("../../../../assets/emoji.txt");

impl Inline<'_> {
    pub(super) fn emoji(&mut self, spot: &Spot<'_>) -> Option<Found> {
        let rest = spot.rest().get(1..)?;
        let is_part = |c: char| is_word(c) || matches!(c, '+' | '-');
        let length = rest.find(|c| !is_part(c)).filter(|length| *length > 0)?;
        if !rest.get(length..)?.starts_with(':') {
            return None;
        }
        let name = rest.get(..length)?;
        let end = spot.at + length + 2;
        let material = self.options.material_emoji;
        if material && is_icon(name) && self.options.drawn_icons {
            let id = self.tree.create("span", 0);
            self.tree.edit(id).set("class", "twemoji");
            return Some(Found::Node(spot.at, end, Node::Element(id)));
        }
        let known = named(name, material).map(str::to_owned);
        let icon = || (material && is_icon(name)).then(|| format!(":{name}:"));
        let Some(emoji) = known.or_else(icon) else {
            let text = format!(":{name}:");
            return Some(Found::Node(spot.at, end, Node::Text(text)));
        };
        let id = self.tree.create("img", 0);
        let element = self.tree.edit(id);
        element.set("alt", emoji);
        element.set("class", "emojione");
        Some(Found::Node(spot.at, end, Node::Element(id)))
    }
}

/// Whether a name is that of an icon of Material for `MkDocs`.
fn is_icon(name: &str) -> bool {
    ["material-", "fontawesome-", "octicons-", "simple-"]
        .iter()
        .any(|set| name.starts_with(set))
}

/// The emoji of this name.
fn named(name: &str, all: bool) -> Option<&'static str> {
    let (mut low, mut high) = (0, NAMES.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let bytes = NAMES.as_bytes();
        let start = memchr::memrchr(b'\n', bytes.get(..middle)?).map_or(0, |at| at + 1);
        let end = memchr::memchr(b'\n', bytes.get(start..)?).map_or(NAMES.len(), |at| start + at);
        let mut words = NAMES.get(start..end)?.split(' ');
        match words.next()?.cmp(name) {
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
            std::cmp::Ordering::Equal => {
                let emoji = words.next();
                return emoji.filter(|_| all || words.next().is_none());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found() {
        for line in NAMES.lines() {
            let mut words = line.split(' ');
            assert_eq!(
                named(words.next().unwrap_or_default(), true),
                words.next(),
                "{line}"
            );
        }
        assert_eq!(named("rocket", false), Some("🚀"));
        assert_eq!(named("no-such-name", true), None);
    }
}
