//! Saved views of the catalog page: saved, opened and forgotten by keys.

use std::sync::Arc;

use stagedoor::app::message::{Answer, Msg};
use stagedoor::app::{Effect, Route};

use crate::company::Company;
use crate::screen::Screen;

fn catalog(query: &str) -> Screen {
    let query = query.to_owned();
    Screen::open(Company::acme(), Route::Catalog { query }, (120, 40))
}

/// What was asked to be kept last: a name, and the query with its view.
fn kept(screen: &Screen) -> (String, Option<(String, String)>) {
    let kept = screen.effects.iter().rev().find_map(|effect| match effect {
        Effect::SaveQuery { name, text } => Some((name.clone(), text.clone())),
        _ => None,
    });
    kept.unwrap()
}

/// The page of somebody who saved a view, and to whom the configuration gives a query.
fn with_views() -> Screen {
    let mut screen = catalog("");
    let mut personal = Company::acme().personal;
    personal.saved = [("calm", "-is:broken"), ("pay", "owner:mine kind:component")]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .into();
    let view = "columns=owner,title group=owner sort=-title";
    let own = [("pay".to_owned(), Some(view.to_owned()))];
    screen.send(Msg::Answer(Answer::Personal(Ok(Arc::new(personal)))));
    screen.send(Msg::Answer(Answer::Saved(Arc::new(own.into()))));
    screen.settle();
    screen
}

fn top(screen: &Screen) -> String {
    screen.text().lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_view_is_found_by_what_is_typed() {
    let mut screen = with_views();
    screen.press("v f").type_text("pa").press("enter enter");
    assert!(top(&screen).contains("@pay"), "{}", top(&screen));
    // The line that saves one is found as well, by what it is called.
    screen.press("v f").type_text("save").press("enter enter");
    assert!(screen.text().contains("enter saves"), "{}", screen.text());
}

#[test]
fn a_view_is_saved_under_a_name() {
    let mut screen = catalog("kind:api");
    screen
        .press("b s S v enter")
        .type_text("my apis")
        .press("enter");
    assert!(
        screen.text().contains("A name is one word"),
        "{}",
        screen.text()
    );
    screen
        .press("ctrl-w backspace")
        .type_text("-Apis")
        .press("enter");
    let (name, text) = kept(&screen);
    assert_eq!(name, "my-apis");
    let expected = ("kind:api", "group=owner sort=-kind");
    assert_eq!(text, Some((expected.0.to_owned(), expected.1.to_owned())));
    assert!(top(&screen).contains("@my-apis"), "{}", top(&screen));
    // What is filtered otherwise is another view.
    screen.press("x");
    assert!(!top(&screen).contains('@'), "{}", top(&screen));
}

#[test]
fn a_saved_view_is_opened_as_it_was_shown() {
    let mut screen = with_views();
    screen.press("v down");
    assert!(screen.text().contains("@calm") && screen.text().contains("-is:broken"));
    screen.press("down enter");
    let text = screen.text();
    assert!(top(&screen).contains("@pay"), "{text}");
    assert!(
        text.contains("TITLE ▾") && text.contains("▾ team-payments"),
        "{text}"
    );
    assert!(!text.contains("LIFECYCLE"), "{text}");
    // Saving again offers its name.
    screen.press("v enter enter");
    assert_eq!(kept(&screen).0, "pay");
    // One without a view of its own leaves the table as it is.
    screen.press("v down enter");
    assert!(
        screen.text().contains("▾ team-payments"),
        "{}",
        screen.text()
    );
}

#[test]
fn own_views_are_forgotten_and_those_of_the_configuration_are_not() {
    let mut screen = with_views();
    screen.press("v down x");
    assert!(
        screen.text().contains("@calm stands in app-config.yaml"),
        "{}",
        screen.text()
    );
    screen.press("down x");
    assert_eq!(kept(&screen), ("pay".to_owned(), None));
    screen.press("esc");
    assert!(screen.text().contains("Kind"), "the filters are back");
}
