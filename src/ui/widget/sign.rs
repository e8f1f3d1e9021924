//! Signs: small marks that say the same in every list. A sign never stands for state by its colour alone.

use crate::catalog::Level;
use crate::ui::Role;
use crate::ui::text::Pen;

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

/// Two columns: a star, or the space it would take.
pub fn star<'p, 'a>(pen: &'p mut Pen<'a>, starred: bool) -> &'p mut Pen<'a> {
    pen.column_of(if starred { "★" } else { "" }, 2, Role::Warning)
}

/// Three columns: a mark with the number of findings, or the space it would take.
pub fn problems<'p, 'a>(pen: &'p mut Pen<'a>, count: u32) -> &'p mut Pen<'a> {
    let text = match count {
        0 => String::new(),
        1 => "!".to_owned(),
        2..=9 => format!("!{count}"),
        _ => "!9+".to_owned(),
    };
    pen.column_of(&text, 3, Role::Warning)
}
