//! Which characters the screen is drawn with. Pages draw with the signs of Unicode that every font has; for terminals and
//! fonts that want others, each drawn cell is replaced by one of the same width, so that nothing moves.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A set of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Glyphs {
    /// Lines, arrows and signs of Unicode.
    #[default]
    Unicode,
    /// ASCII alone where we draw; texts from outside keep their letters.
    Ascii,
    /// The icons of a Nerd Font for signs.
    Nerd,
    /// Words for signs and no lines, for those who hear the screen; see [`spoken`](super::spoken).
    Words,
}

/// The sets by name, as configuration has them.
pub const NAMES: &[(&str, Glyphs)] = &[
    ("unicode", Glyphs::Unicode),
    ("ascii", Glyphs::Ascii),
    ("nerd", Glyphs::Nerd),
];

/// A sign, in ASCII, and in a Nerd Font.
const SIGNS: &[(&str, &str, &str)] = &[
    ("✓", "+", "\u{f00c}"),
    ("✗", "x", "\u{f00d}"),
    ("★", "*", "\u{f005}"),
    ("☆", "-", "\u{f006}"),
    ("●", "*", "\u{f111}"),
    ("○", "o", "\u{f10c}"),
    ("◐", "~", "\u{f110}"),
    ("▸", ">", "\u{f0da}"),
    ("▾", "v", "\u{f0d7}"),
    ("▴", "^", "\u{f0d8}"),
    ("◂", "<", "\u{f0d9}"),
    ("▌", ">", "▌"),
    ("▏", "|", "▏"),
    ("┈", "-", "┈"),
    ("↺", "@", "↺"),
    ("▎", "|", "▎"),
    ("›", ">", "›"),
    ("·", ".", "·"),
    ("…", "~", "…"),
    ("•", "*", "•"),
    ("×", "x", "×"),
    ("–", "-", "–"),
    ("—", "-", "—"),
    ("→", ">", "→"),
    ("←", "<", "←"),
    ("↑", "^", "↑"),
    ("↓", "v", "↓"),
    ("─", "-", "─"),
    ("━", "=", "━"),
    ("═", "=", "═"),
    ("│", "|", "│"),
    ("┃", "|", "┃"),
    ("║", "|", "║"),
    ("‘", "'", "‘"),
    ("’", "'", "’"),
    ("“", "\"", "“"),
    ("”", "\"", "”"),
];

impl Glyphs {
    /// The set of this name.
    pub fn named(name: &str) -> Option<Self> {
        let mut names = NAMES.iter();
        names
            .find(|(known, _)| *known == name)
            .map(|(_, glyphs)| *glyphs)
    }

    /// Replaces what was drawn into `area`.
    pub fn replace(self, buffer: &mut Buffer, area: Rect) {
        if self == Self::Unicode {
            return;
        }
        for position in area.positions() {
            let cell = &mut buffer[position];
            if cell.symbol().is_ascii() {
                continue;
            }
            if let Some(other) = self.instead(cell.symbol()) {
                cell.set_symbol(other);
            }
        }
    }

    /// What stands for `symbol`, where something else does.
    fn instead(self, symbol: &str) -> Option<&'static str> {
        let found = SIGNS.iter().find(|(sign, _, _)| *sign == symbol);
        match (self, found) {
            (Self::Unicode, _) => None,
            (Self::Words, _) => match symbol.chars().next()? {
                '▌' | '›' => Some(">"),
                '·' => Some(","),
                '\u{2500}'..='\u{259f}' => Some(" "),
                _ => None,
            },
            (Self::Nerd, found) => found.map(|(_, _, icon)| *icon),
            (Self::Ascii, Some((_, ascii, _))) => Some(ascii),
            // Other lines, blocks and shapes, as diagrams have them.
            (Self::Ascii, None) => match symbol.chars().next()? {
                '\u{2190}'..='\u{21ff}' => Some(">"),
                '\u{2500}'..='\u{257f}' => Some("+"),
                '\u{2580}'..='\u{259f}' => Some("#"),
                '\u{25a0}'..='\u{25ff}' => Some("*"),
                _ => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Style;
    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn what_replaces_a_sign_is_as_wide_and_ascii_is_ascii() {
        for (sign, ascii, icon) in SIGNS {
            assert_eq!((sign.width(), icon.width()), (1, 1), "{sign}");
            assert!(ascii.len() == 1 && ascii.is_ascii(), "{sign}");
        }
    }

    #[test]
    fn texts_keep_their_letters() {
        let area = Rect::new(0, 0, 13, 1);
        let mut buffer = Buffer::empty(area);
        buffer.set_string(0, 0, "╭─ ✓ é 支付 …", Style::new());
        Glyphs::Ascii.replace(&mut buffer, area);
        let line: String = area
            .positions()
            .map(|at| buffer[at].symbol().to_owned())
            .collect();
        assert_eq!(line, "+- + é 支 付  ~");
    }
}
