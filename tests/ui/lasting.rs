//! What outlasts a page is kept as it changes: tabs, widths, previews, places in docs.

use std::sync::Arc;

use stagedoor::app::lasting::{Bookmark, Choices, Keep, Lasting};
use stagedoor::app::message::{Answer, Msg};
use stagedoor::app::{Effect, EntityTab, Page, Route};
use stagedoor::catalog::EntityRef;

use crate::company::Company;
use crate::docs::{Reader, book};
use crate::screen::{NOW, Screen};

fn gateway() -> EntityRef {
    "component:payment-gateway".parse().unwrap()
}

fn entity_page() -> Route {
    Route::Entity {
        entity_ref: gateway(),
        tab: EntityTab::Overview,
    }
}

/// What was to be kept since the last look.
fn keeps(effects: &mut Vec<Effect>) -> Vec<Keep> {
    let mut keeps = Vec::new();
    effects.retain(|effect| match effect {
        Effect::Keep(keep) => {
            keeps.push(keep.clone());
            false
        }
        _ => true,
    });
    keeps
}

fn bookmark(page: &str, line: u32) -> Bookmark {
    Bookmark {
        page: page.to_owned(),
        line,
        heading: None,
        at: NOW - 60,
    }
}

/// What was kept the last time: one bookmark.
fn with_bookmark(bookmark: Bookmark) -> Msg {
    let bookmarks = [(gateway(), bookmark)].into();
    Msg::Answer(Answer::Lasting(Arc::new(Lasting {
        bookmarks,
        ..Lasting::default()
    })))
}

/// A reader that waits for what was kept, which then comes.
fn reader(page: Option<&str>, kept: Bookmark) -> Reader {
    let mut reader = Reader::open(Some(""), Ok(Some(book())), (120, 20));
    reader.screen.model.shared.lasting.is_awaited = true;
    reader.start(page);
    if page.is_none() {
        assert_eq!(reader.path(), "", "it waits");
    }
    reader.screen.send(with_bookmark(kept));
    reader.settle();
    reader
}

#[test]
fn a_tab_is_kept_when_it_is_turned_to_and_the_first_is_none() {
    let mut screen = Screen::open(Company::acme(), entity_page(), (120, 40));
    assert_eq!(keeps(&mut screen.effects), []);
    screen.press("shift-tab");
    let raw = Keep::Tab(gateway(), Some(EntityTab::Raw));
    assert_eq!(keeps(&mut screen.effects), [raw]);
    screen.press("j j");
    assert_eq!(keeps(&mut screen.effects), []);
    screen.press("tab");
    assert_eq!(keeps(&mut screen.effects), [Keep::Tab(gateway(), None)]);
}

#[test]
fn a_tab_of_the_last_time_is_there_where_none_was_asked_for() {
    let mut screen = Screen::open(Company::acme(), Route::Home, (120, 40));
    let mut kept = Lasting::default();
    kept.tabs.insert(gateway(), EntityTab::Raw);
    screen.send(Msg::Answer(Answer::Lasting(Arc::new(kept))));
    screen
        .press("/")
        .type_text("payment-gateway")
        .press("enter");
    let Page::Entity(page) = screen.model.page() else {
        panic!("{}", screen.text())
    };
    assert_eq!(page.tab, EntityTab::Raw);
}

#[test]
fn the_preview_of_the_catalog_stays_as_it_was_chosen() {
    let catalog = Route::Catalog {
        query: String::new(),
    };
    let mut screen = Screen::open(Company::acme(), catalog, (120, 40));
    screen.press("p");
    let hidden = Choices {
        catalog_preview: Some(false),
        ..Choices::default()
    };
    assert_eq!(keeps(&mut screen.effects), [Keep::Choices(hidden)]);
    // As the screen would have it is no choice: a smaller one may have none.
    screen.press("p");
    let usual = Keep::Choices(Choices::default());
    assert_eq!(keeps(&mut screen.effects), [usual]);
}

#[test]
fn docs_go_on_where_they_were_left() {
    let mut reader = reader(None, bookmark("ops/paging.md", 9));
    assert_eq!(reader.path(), "ops/paging.md");
    let text = reader.text();
    assert!(
        text.contains("You left off here; backspace goes to the beginning."),
        "{text}"
    );
    assert!(!text.contains(" │ Paging  "), "not at the top: {text}");
    reader.press("backspace");
    assert_eq!(reader.path(), "index.md");
    let forgotten = Keep::Bookmark(gateway(), None);
    assert!(keeps(&mut reader.screen.effects).contains(&forgotten));
}

#[test]
fn docs_that_come_twice_leave_the_reader_where_they_are() {
    let mut reader = reader(None, bookmark("ops/paging.md", 9));
    let before = reader.text();
    reader.come();
    reader.settle();
    assert_eq!(reader.text(), before);
}

#[test]
fn a_named_page_a_page_that_is_gone_and_one_of_long_ago_are_not_gone_on_with() {
    let named = reader(Some("start.md"), bookmark("ops/paging.md", 9));
    assert_eq!(named.path(), "start.md");
    let beginning = reader(Some(""), bookmark("ops/paging.md", 9));
    assert_eq!(beginning.path(), "index.md");
    let gone = reader(None, bookmark("ops/gone.md", 9));
    assert_eq!(gone.path(), "index.md");
    let mut old = bookmark("ops/paging.md", 9);
    old.at = NOW - 31 * 24 * 3_600;
    assert_eq!(reader(None, old).path(), "index.md");
}

#[test]
fn a_place_in_docs_is_kept_by_its_section_and_at_the_end_by_its_line() {
    let mut reader = Reader::open(Some(""), Ok(Some(book())), (120, 20));
    assert_eq!(keeps(&mut reader.screen.effects), []);
    reader.press("n n");
    let kept = keeps(&mut reader.screen.effects);
    let pages: Vec<&str> = kept
        .iter()
        .map(|keep| match keep {
            Keep::Bookmark(_, Some(bookmark)) => bookmark.page.as_str(),
            _ => "",
        })
        .collect();
    assert_eq!(pages, ["start.md", "ops/paging.md"]);
    reader.press("down");
    let within = keeps(&mut reader.screen.effects).len();
    reader.press("down");
    let again = keeps(&mut reader.screen.effects).len();
    assert!(within + again <= 1, "a line further is the same section");
    let end = reader.screen.model.end();
    assert!(
        matches!(&end[..], [Effect::Keep(Keep::Bookmark(_, Some(place)))] if place.line > 1),
        "{end:?}"
    );
}
