//! Pictures for the docs of screens that the demo alone cannot show, because a host would have to be there.
//!
//! `UPDATE_DOCS=1 cargo test --test ui` takes them anew.

use std::path::Path;

use stagedoor::term::{self, Beside};
use stagedoor::ui::Theme;

use crate::screen::Screen;
use crate::svg;

/// Takes the picture `docs/pictures/NAME.svg` of `screen`, which shows `title`, or compares it with that.
pub(crate) fn take(name: &str, title: &str, screen: &Screen) {
    let (columns, rows) = screen.model.shared.size;
    let drawn = screen.drawn_in(&Theme::built_in("dark").unwrap());
    let mut bytes = Vec::new();
    term::Screen::new(&mut bytes, (columns, rows))
        .draw(|_, buffer| (Beside::default(), buffer.clone_from(&drawn)))
        .unwrap();
    let mut terminal = vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0);
    terminal.process(&bytes);
    let picture = svg::picture(terminal.screen(), title, &svg::DARK);

    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    let file = folder.join(name).with_extension("svg");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&file, &picture).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(
        svg::texts(&kept),
        svg::texts(&picture),
        "{} is out of date; run UPDATE_DOCS=1 cargo test --test ui",
        file.display()
    );
    assert_eq!(kept, picture, "{} has other colours", file.display());
}
