//! Rows of the catalog page that are marked, to do something with all of them at once; and the query that is typed there.

use stagedoor::app::message::{Answer, Msg};
use stagedoor::app::{Effect, Route};
use stagedoor::search::{Completion, What};

use crate::company::Company;
use crate::screen::Screen;

fn catalog(query: &str) -> Screen {
    let query = query.to_owned();
    Screen::open(Company::acme(), Route::Catalog { query }, (120, 40))
}

fn copied(screen: &Screen) -> Vec<String> {
    let copied = screen.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy { text, .. } => Some(text.lines().map(str::to_owned).collect()),
        _ => None,
    });
    copied.unwrap()
}

/// The names of what was to be exported last, in its order.
fn exported(screen: &Screen) -> Vec<String> {
    let names = screen.effects.iter().rev().find_map(|effect| match effect {
        Effect::Export { index, rows, .. } => Some(rows.iter().map(|row| index.name(*row))),
        _ => None,
    });
    names.unwrap().map(str::to_owned).collect()
}

#[test]
fn marked_rows_are_copied_starred_and_exported_together() {
    let mut screen = catalog("kind:api");
    let all = screen.model.shared.index.len();
    screen.press("space down space");
    assert!(screen.text().contains("2 marked"), "{}", screen.text());
    screen.press("y");
    assert_eq!(copied(&screen).len(), 2);
    screen.press("*");
    let stars = |screen: &Screen| screen.model.shared.personal.stars.len();
    let before = Company::acme().personal.stars.len();
    assert_eq!(stars(&screen), before + 2);
    // What has its star twice loses none by a first key, and all by the second.
    screen.press("*");
    assert_eq!(stars(&screen), before);
    // They stay marked where the list is another, and are sorted as it is.
    screen.press("x S e enter");
    let mut names = exported(&screen);
    assert_eq!(names.len(), 2);
    assert!(!names.is_sorted());
    names.sort_unstable();
    screen.press("S e enter");
    assert_eq!(exported(&screen), names);
    screen.press("esc e enter");
    assert_eq!(exported(&screen).len(), all);
}

#[test]
fn everything_listed_is_marked_by_one_key() {
    let mut screen = catalog("kind:component");
    screen.press("a");
    let listed = exported(screen.press("e enter")).len();
    assert!(
        screen.text().contains(&format!("{listed} marked")),
        "{}",
        screen.text()
    );
    // Of another list all are added to those.
    screen.press("x a e enter");
    assert_eq!(exported(&screen).len(), screen.model.shared.index.len());
    screen.press("a");
    assert!(!screen.text().contains("marked"), "{}", screen.text());
}

#[test]
fn a_group_is_folded_and_its_rows_are_marked_by_the_same_key() {
    let mut screen = catalog("kind:component");
    screen.press("b g space");
    assert!(screen.text().contains('▸'), "{}", screen.text());
    screen.press("down down space y");
    assert_eq!(copied(&screen).len(), 1);
}

#[test]
fn the_query_of_the_page_is_completed_as_in_the_finder() {
    let mut screen = catalog("");
    screen.press("i").type_text("kind:ap");
    assert!(screen.text().contains("→ api"), "{}", screen.text());
    screen.press("right").type_text("ow");
    assert!(screen.text().contains("→ owner:"), "{}", screen.text());
    screen
        .press("right")
        .type_text("team-pay")
        .press("right enter");
    let top = screen.text().lines().next().unwrap_or_default().to_owned();
    assert!(top.contains("owner:team-payments"), "{top}");
    assert!(top.contains("kind:api"), "{top}");
    assert!(!screen.text().contains('→'), "{}", screen.text());
    // Within the text the key moves.
    screen.press("i left right").type_text("x");
    assert!(
        screen.text().contains("› kind:api owner:team-paymentsx"),
        "{}",
        screen.text()
    );
}

#[test]
fn labels_are_offered_on_the_page_once_the_record_has_told_them() {
    let mut screen = catalog("");
    screen.press("i").type_text("label:t");
    let asked = screen.effects.iter().rev().find_map(|effect| match effect {
        Effect::LookUp { generation, .. } => Some(*generation),
        _ => None,
    });
    let completions = vec![Completion {
        span: 6..7,
        text: "tier=".to_owned(),
        label: "tier=".to_owned(),
        what: What::Key,
        count: Some(4),
        hint: "",
    }];
    screen.send(Msg::Answer(Answer::Entries {
        generation: asked.unwrap(),
        completions,
    }));
    screen.press("right");
    assert!(screen.text().contains("› label:tier="), "{}", screen.text());
}

#[test]
fn a_term_that_is_still_typed_is_not_said_to_be_missing() {
    let mut screen = catalog("");
    screen.press("/").type_text("has:d");
    assert!(
        !screen.text().contains("Nothing has these words"),
        "{}",
        screen.text()
    );
}

#[test]
fn the_footer_says_what_keys_do_in_the_menus() {
    let footer = |screen: &Screen| screen.text().lines().last().unwrap_or_default().to_owned();
    let mut screen = catalog("");
    assert!(
        footer(&screen).contains("space mark"),
        "{}",
        footer(&screen)
    );
    screen.press("c");
    assert!(
        footer(&screen).contains("enter in or out"),
        "{}",
        footer(&screen)
    );
    assert!(!footer(&screen).contains("i query"), "{}", footer(&screen));
    screen.press("v");
    assert!(
        footer(&screen).contains("enter name it"),
        "{}",
        footer(&screen)
    );
    screen.press("esc i");
    assert!(
        footer(&screen).contains("enter keep"),
        "{}",
        footer(&screen)
    );
}
