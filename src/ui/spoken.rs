//! The screen for those who hear it: signs as words, panes one below the other, and what the cursor is on said as a line.

use std::borrow::Cow;

use ratatui::layout::Rect;

use super::text::{Pen, cut};
use super::{Role, Surface, Theme};

/// What a sign says, where it stands alone or before a number; by its role where it says several things.
fn word(sign: char, role: Role) -> Option<&'static str> {
    Some(match (sign, role) {
        ('✓', Role::Good | Role::Dim) => "ok",
        ('✗', _) => "error",
        ('!', Role::Warning) => "warning",
        ('!', Role::Bad) => "danger",
        ('○', Role::Info) => "note",
        ('○', _) => "not yet",
        ('✓' | '●', _) => "chosen",
        ('★', _) => "starred",
        ('☆', _) => "not starred",
        ('◐', _) => "running",
        ('▸', Role::Accent) => "selected",
        ('▸' | '◂', Role::Rule) | ('↪', _) => "",
        ('▸', _) => "closed",
        ('▾', _) => "open",
        ('–', Role::Dim) => "cancelled",
        ('↺', _) => "shown elsewhere",
        ('↗', _) => "link",
        ('▣', _) => "image",
        _ => return None,
    })
}

/// `text` with the sign that it begins with as a word: `✗` is `error `, `✗2` is `2 error `, `✓ All is well` keeps its words.
pub fn spoken(text: &str, role: Role) -> Cow<'_, str> {
    let mut rest = text.chars();
    let Some(word) = rest.next().and_then(|sign| word(sign, role)) else {
        return Cow::Borrowed(text);
    };
    let rest = rest.as_str().trim();
    if rest.is_empty() {
        format!("{word} ").into()
    } else if rest.starts_with(|c: char| c.is_ascii_digit()) {
        format!("{rest} {word} ").into()
    } else {
        format!("{word} {rest}").into()
    }
}

/// `area` in two parts, one below the other, as they are read.
pub fn stacked(area: Rect) -> (Rect, Rect) {
    let height = area.height / 2;
    let below = Rect {
        y: area.y + height,
        height: area.height - height,
        ..area
    };
    (Rect { height, ..area }, below)
}

/// Says in the row `row` of `area` what the cursor is on, which stands in the row `at` of the screen.
pub fn announce(surface: &mut Surface, theme: &Theme, area: Rect, row: u16, at: u16) {
    let said = row_of(surface, area, at);
    let mut pen = Pen::new(surface, theme, area, row);
    let blank = " ".repeat(pen.left());
    pen.write(&blank, Role::Text);
    if !said.is_empty() {
        let mut pen = Pen::new(surface, theme, area, row);
        let room = pen.left();
        pen.write(&cut(&format!("On: {said}"), room), Role::Text);
    }
}

/// The words of a row, with commas where there is more than a space between them.
fn row_of(surface: &Surface, area: Rect, at: u16) -> String {
    let mut text = String::new();
    for x in area.x..area.right() {
        let symbol = surface.cell((x, at)).map_or(" ", |cell| cell.symbol());
        let drawn = symbol.chars().all(|c| matches!(c, '\u{2500}'..='\u{259f}'));
        text.push_str(if drawn { " " } else { symbol });
    }
    let words = text.split("  ").map(str::trim);
    let words: Vec<&str> = words.filter(|words| !words.is_empty()).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_words_and_words_stay() {
        for (text, role, said) in [
            ("✗", Role::Bad, "error "),
            ("!2", Role::Warning, "2 warning "),
            ("✓ All is well.", Role::Good, "ok All is well."),
            ("▾ ", Role::Dim, "open "),
            ("!", Role::Key, "!"),
            ("payments", Role::Text, "payments"),
        ] {
            assert_eq!(spoken(text, role), said, "{text}");
        }
    }
}
