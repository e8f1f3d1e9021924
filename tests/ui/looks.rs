//! What each page looks like, held by snapshots: as text at every size that pages are designed for; at 80×24 in every depth
//! of colour and with every set of signs, too: which cells look alike, how, and which lines other signs change. A page of
//! text cannot tell a row under the cursor from others; this can.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier, Style};
use stagedoor::ui::{Glyphs, Theme};
use termprofile::TermProfile;

use crate::screen::{Screen, text_of};

/// The sizes every page is designed for.
pub(crate) const SIZES: [(u16, u16); 4] = [(200, 60), (120, 40), (80, 24), (40, 12)];

/// The depths, each with the theme that it is shown with.
const DEPTHS: [(&str, &str, TermProfile); 6] = [
    ("16", "terminal", TermProfile::Ansi16),
    ("dark", "dark", TermProfile::TrueColor),
    ("dark 256", "dark", TermProfile::Ansi256),
    ("light", "light", TermProfile::TrueColor),
    ("contrast", "high-contrast", TermProfile::TrueColor),
    ("none", "monochrome", TermProfile::NoColor),
];
/// The letters of the map; the first is for what looks like nothing in particular.
const LETTERS: &str = " abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Compares a screen with what it looked like.
pub(crate) fn keep(name: &str, screen: &Screen) {
    let size = screen.model.shared.size;
    keep_drawn(name, size, &|theme| screen.drawn_in(theme));
}

/// The same of what a theme `draws` at this size.
pub(crate) fn keep_drawn(name: &str, size: (u16, u16), draws: &dyn Fn(&Theme) -> Buffer) {
    let (columns, rows) = size;
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(format!("{name}-{columns}x{rows}"), text_of(&draws(&Theme::terminal())));
        if size == (80, 24) {
            insta::assert_snapshot!(format!("{name}-looks"), in_depths_and_signs(draws));
        }
    });
}

fn in_depths_and_signs(draws: &dyn Fn(&Theme) -> Buffer) -> String {
    let drawn = DEPTHS.map(|(_, name, profile)| {
        let theme = Theme::built_in(name).unwrap();
        draws(&theme.adapted(|style| profile.adapt_style(style)))
    });
    let mut text = map(&drawn);
    let plain = text_of(&drawn[0]);
    for (name, glyphs) in [("ascii", Glyphs::Ascii), ("nerd", Glyphs::Nerd)] {
        let other = text_of(&draws(&Theme::terminal().with_glyphs(glyphs)));
        let _ = writeln!(text, "\n{name}");
        let changed = plain.lines().zip(other.lines()).enumerate();
        for (row, (_, line)) in changed.filter(|(_, (before, after))| before != after) {
            let _ = writeln!(text, "{row:>2} {line}");
        }
    }
    text
}

/// A letter for each cell, the same for all that look alike in every depth; and what the letters stand for.
fn map(drawn: &[Buffer]) -> String {
    let mut known: Vec<Vec<Style>> = Vec::new();
    let mut text = String::new();
    let columns = usize::from(drawn[0].area.width);
    let plain: Vec<Style> = drawn.iter().map(|_| seen(&Cell::default())).collect();
    known.push(plain);
    let cells = drawn[0].content().len();
    let mut line = String::new();
    for at in 0..cells {
        let looks: Vec<Style> = drawn.iter().map(|it| seen(&it.content()[at])).collect();
        let number = known.iter().position(|it| *it == looks).unwrap_or_else(|| {
            known.push(looks);
            known.len() - 1
        });
        line.push(LETTERS.chars().nth(number).unwrap_or('?'));
        if (at + 1) % columns == 0 {
            let _ = writeln!(text, "{}", line.trim_end());
            line.clear();
        }
    }
    let mut legend = String::new();
    for (letter, looks) in LETTERS.chars().zip(&known).skip(1) {
        let _ = write!(legend, "\n{letter}");
        for ((name, ..), style) in DEPTHS.iter().zip(looks) {
            let _ = write!(legend, "  {name}: {}", told(*style));
        }
    }
    format!("{text}{legend}\n")
}

/// How a cell looks. Of a space its colour of text says nothing.
fn seen(cell: &Cell) -> Style {
    let style = Style::new().bg(cell.bg).add_modifier(cell.modifier);
    let shows = Modifier::REVERSED | Modifier::UNDERLINED;
    if cell.symbol() == " " && !cell.modifier.intersects(shows) {
        return Style::new().bg(cell.bg);
    }
    style.fg(cell.fg)
}

/// A style in a few words.
fn told(style: Style) -> String {
    let colour = |colour: Option<Color>| match colour {
        None | Some(Color::Reset) => String::new(),
        Some(colour) => colour.to_string().to_lowercase(),
    };
    let ground = colour(style.bg);
    let mut words = vec![colour(style.fg)];
    if !ground.is_empty() {
        words.push(format!("on {ground}"));
    }
    words.extend(
        style
            .add_modifier
            .iter_names()
            .map(|(name, _)| name.to_lowercase()),
    );
    words.retain(|word| !word.is_empty());
    if words.is_empty() {
        "plain".to_owned()
    } else {
        words.join(" ")
    }
}
