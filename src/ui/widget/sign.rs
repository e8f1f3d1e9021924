//! Signs: small marks that say the same in every list. A sign never stands for state by its colour alone.

use crate::app::notice::Tone;
use crate::catalog::Level;
use crate::catalog::index::Tally;
use crate::ui::text::{Pen, width};
use crate::ui::{Role, Theme, format};

/// The sign of a level.
pub fn level<'p, 'a>(pen: &'p mut Pen<'a>, level: Level) -> &'p mut Pen<'a> {
    let (sign, role) = of(level);
    pen.write(sign, role)
}

/// The sign of a level and its role.
pub fn of(level: Level) -> (&'static str, Role) {
    match level {
        Level::Error => ("✗", Role::Bad),
        Level::Warning => ("!", Role::Warning),
        Level::Info => ("○", Role::Info),
    }
}

/// The sign of a notice and its role.
pub fn tone(tone: Tone) -> (&'static str, Role) {
    match tone {
        Tone::Done => ("✓", Role::Good),
        Tone::Info => ("○", Role::Info),
        Tone::Failed => ("✗", Role::Bad),
    }
}

/// Two columns: a star, or the space it would take.
pub fn star<'p, 'a>(pen: &'p mut Pen<'a>, starred: bool) -> &'p mut Pen<'a> {
    pen.column_of(if starred { "★" } else { "" }, 2, Role::Warning)
}

/// The same with the mark of a row before the star.
pub fn mark_and_star<'p, 'a>(pen: &'p mut Pen<'a>, marked: bool, starred: bool) -> &'p mut Pen<'a> {
    if marked {
        let star = if starred { "★" } else { "" };
        pen.column_of("✓", 1, Role::Accent)
            .column_of(star, 1, Role::Warning)
    } else {
        star(pen, starred)
    }
}

/// The columns of [`problems`]: as words they need more.
pub fn problems_room(theme: &Theme) -> usize {
    if theme.is_spoken() { 11 } else { 3 }
}

/// The sign of the worst level with the number of its findings, or the space they would take.
pub fn problems<'p, 'a>(pen: &'p mut Pen<'a>, tally: Tally) -> &'p mut Pen<'a> {
    let (level, count) = match tally {
        Tally {
            errors: 0,
            warnings,
        } => (Level::Warning, warnings),
        Tally { errors, .. } => (Level::Error, errors),
    };
    let (sign, role) = of(level);
    let text = match count {
        0 => String::new(),
        1 => sign.to_owned(),
        2..=9 => format!("{sign}{count}"),
        _ => format!("{sign}9+"),
    };
    let room = problems_room(pen.theme());
    pen.column_of(&text, room, role)
}

/// Signs, numbers and words: `✗ 2 errors  ! 1 warning`; nothing where there are none.
pub fn tally<'p, 'a>(pen: &'p mut Pen<'a>, tally: Tally) -> &'p mut Pen<'a> {
    let levels = [
        (Level::Error, tally.errors),
        (Level::Warning, tally.warnings),
    ];
    let told = levels.into_iter().filter(|(_, count)| *count > 0);
    for (at, (of_level, count)) in told.enumerate() {
        level(pen.skip(if at > 0 { 2 } else { 0 }), of_level)
            .skip(1)
            .write(
                &format::counted(count as usize, of_level.as_str()),
                Role::Text,
            );
    }
    pen
}

/// How many columns [`tally`] takes.
pub fn tally_width(tally: Tally) -> usize {
    let of = |count: u32, word| match count {
        0 => 0,
        count => width(&format::counted(count as usize, word)) + 4,
    };
    (of(tally.errors, "error") + of(tally.warnings, "warning")).saturating_sub(2)
}
