//! Every page as somebody hears it: no lines, words for signs, one thing below the other, the cursor on what is selected.

use std::fmt::Write as _;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use stagedoor::ui::{self, Glyphs, Theme};

use crate::any::routes;
use crate::company::Company;
use crate::reader::{FEATURES, reader};
use crate::screen::Screen;

/// The page as it is heard, with the place of the terminal's cursor.
fn heard(screen: &mut Screen) -> (String, (u16, u16)) {
    let (columns, rows) = screen.model.shared.size;
    let area = Rect::new(0, 0, columns, rows);
    let theme = Theme::terminal().with_glyphs(Glyphs::Words);
    let mut buffer = Buffer::empty(area);
    let output = ui::draw(&screen.model, &theme, area, &mut buffer);
    screen.model.drawn = output.drawn;
    let mut text = String::new();
    for row in buffer.content().chunks(usize::from(columns)) {
        let line: String = row.iter().map(ratatui::buffer::Cell::symbol).collect();
        text.push_str(line.trim_end());
        text.push('\n');
    }
    (text, output.cursor.expect("the cursor is always somewhere"))
}

fn open(route: stagedoor::app::Route, size: (u16, u16)) -> Screen {
    let mut screen = Screen::open(Company::acme(), route, size);
    screen.model.shared.accessible = true;
    screen.resize(size.0, size.1);
    screen.settle();
    screen
}

#[test]
fn every_page_is_heard_without_lines_and_signs() {
    let mut all = String::new();
    for route in routes() {
        let mut screen = open(route.clone(), (100, 30));
        for keys in ["", "down", "/", "esc ?", "esc :"] {
            if !keys.is_empty() {
                screen.press(keys);
            }
            let (text, cursor) = heard(&mut screen);
            assert!(!text.contains(is_drawn), "{route:?} after {keys:?}\n{text}");
            assert!(cursor.1 < 30, "{cursor:?}");
            if keys == "down" {
                let place = screen.model.page().link().unwrap_or_default();
                let row = cursor.1 + 1;
                let _ = write!(all, "=== {place}, cursor in row {row}\n{text}");
            }
        }
    }
    keep("accessible", &all);
}

/// A sign that is drawn, not said.
fn is_drawn(sign: char) -> bool {
    matches!(sign, '\u{2500}'..='\u{259f}') || "✓✗★☆●◐▸▾▴↺".contains(sign)
}

#[test]
fn all_that_docs_can_have_is_heard() {
    let mut all = String::new();
    for (name, keys, text) in FEATURES {
        let mut at = reader(text, (80, 30));
        at.screen.model.shared.accessible = true;
        at.screen.resize(80, 30);
        // Opened anew, since how a page is read is decided then.
        at.press("u d");
        // Sources are shown already: that key would draw them.
        if !keys.is_empty() && keys != "v" {
            at.press(keys);
        }
        at.screen.resize(81, 30);
        at.settle();
        at.screen.resize(80, 30);
        at.settle();
        let (text, cursor) = heard(&mut at.screen);
        assert!(!text.contains(is_drawn), "{name}\n{text}");
        let _ = write!(all, "=== {name}, cursor in row {}\n{text}", cursor.1 + 1);
    }
    keep("accessible-docs", &all);
}

fn keep(name: &str, text: &str) {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn what_is_selected_and_what_is_said_are_lines() {
    let mut screen = open(stagedoor::app::Route::Home, (80, 24));
    let (text, before) = heard(&mut screen);
    assert!(
        text.contains("On: starred payment-gateway, service, production"),
        "{text}"
    );
    screen.press("down");
    let (_, after) = heard(&mut screen);
    assert_eq!((after.0, after.1), (before.0, before.1 + 1));
    screen.press("F");
    let (text, _) = heard(&mut screen);
    assert!(
        text.contains("note  There is no page to go forward to."),
        "{text}"
    );
}
