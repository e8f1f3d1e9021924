//! Lists narrowed by what is typed, the same on every page that has one.

use stagedoor::app::page::catalog::Export;
use stagedoor::app::{Effect, EntityTab, Route};
use stagedoor::catalog::export::Field;

use crate::company::Company;
use crate::pages::look;
use crate::screen::Screen;

fn entity(tab: EntityTab) -> Route {
    Route::Entity {
        entity_ref: "component:payment-gateway".parse().unwrap(),
        tab,
    }
}

/// Types `words` into the list of a page; enter leaves the field and esc shows all again.
fn narrowed(route: Route, words: &str, there: &[&str], gone: &[&str]) {
    let screen = Screen::open(Company::acme(), route, (120, 40));
    narrowed_there(screen, words, there, gone);
}

/// The same where the list has the focus already.
fn narrowed_there(mut screen: Screen, words: &str, there: &[&str], gone: &[&str]) {
    let before = screen.text();
    screen.press("f").type_text(words);
    for enter in [false, true] {
        if enter {
            screen.press("enter");
        }
        let text = screen.text();
        for words in there {
            assert!(text.contains(words), "{words} is not in\n{text}");
        }
        for words in gone {
            assert!(!text.contains(words), "{words} is in\n{text}");
        }
    }
    let is_whole = |screen: &Screen| {
        let text = screen.text();
        assert_eq!(
            before.lines().next(),
            text.lines().next(),
            "it is still there"
        );
        for words in gone {
            assert!(text.contains(words), "{words} is not back in\n{text}");
        }
    };
    screen.press("esc");
    is_whole(&screen);
    screen.press("f").type_text("no such words");
    let text = screen.text();
    assert!(text.contains("has these"), "{text}");
    assert!(text.contains("esc show all"), "{text}");
    screen.press("enter esc");
    is_whole(&screen);
}

fn catalog(keys: &str) -> Screen {
    let query = String::new();
    let mut screen = Screen::open(Company::acme(), Route::Catalog { query }, (120, 40));
    screen.press(keys);
    screen
}

#[test]
fn every_list_is_narrowed_by_what_is_typed() {
    narrowed(Route::Home, "gateway", &["payment-gateway"], &["ledger"]);
    narrowed(Route::Templates, "service", &["1 of "], &[]);
    narrowed(
        entity(EntityTab::Overview),
        "team",
        &["owned by"],
        &["depends on"],
    );
    narrowed(
        entity(EntityTab::Relations),
        "team",
        &["team-payments"],
        &["ledger"],
    );
}

#[test]
fn menus_and_facets_are_lists_too() {
    narrowed_there(catalog("f"), "owner pay", &["○ team-payments"], &["○ api"]);
    narrowed_there(catalog("c"), "own", &["● owner"], &["● kind"]);
    narrowed_there(catalog("e"), "copy json", &["copy as JSON"], &["write"]);
    let mut relations = Screen::open(Company::acme(), entity(EntityTab::Relations), (120, 40));
    relations.press("c");
    narrowed_there(
        relations,
        "owned",
        &["● owned by / owns"],
        &["● depends on"],
    );
    narrowed(
        entity(EntityTab::Repository),
        "cards",
        &["Refuse cards that were reported"],
        &["Languages"],
    );
}

#[test]
fn the_apis_of_a_component_are_a_list_too() {
    narrowed(
        entity(EntityTab::Api),
        "consumes",
        &["ledger-v1"],
        &["payments-v2"],
    );
    let mut screen = Screen::open(Company::acme(), entity(EntityTab::Api), (120, 40));
    screen.press("f").type_text("ledger").press("enter enter");
    assert!(
        screen.text().contains("Catalog › ledger-v1"),
        "{}",
        screen.text()
    );
}

#[test]
fn what_was_found_among_the_facets_is_chosen() {
    let mut screen = catalog("f f");
    screen.type_text("owner pay").press("enter space");
    let text = screen.text();
    assert!(text.contains("owner:team-payments"), "{text}");
    assert!(text.contains("● team-payments"), "{text}");
    // What leaves the facets leaves them whole.
    screen.press("tab");
    assert!(screen.text().contains("○ api"), "{}", screen.text());
    screen.press("f esc");
    assert!(screen.text().contains("owner:team-payments"));
}

#[test]
fn what_was_found_in_a_menu_is_chosen() {
    let mut screen = catalog("c f");
    screen.type_text("title").press("enter space esc esc");
    assert!(screen.model.shared.view.has(Field::Title));
    let mut screen = catalog("e f");
    screen.type_text("copy").press("enter down enter");
    let exported = screen.effects.iter().find_map(|effect| match effect {
        Effect::Export { export, .. } => Some(*export),
        _ => None,
    });
    let wanted = Export::all().filter(|export| export.copied).nth(1);
    assert_eq!(exported, wanted);
}

#[test]
fn where_nothing_was_found_nothing_is_chosen() {
    for keys in ["f", "c", "e", "v"] {
        let mut screen = catalog(keys);
        screen.press("f").type_text("no such words").press("enter");
        for key in ["enter", "down", "space"] {
            screen.press(key);
            let text = screen.text();
            assert!(text.contains("› no such words"), "{keys}\n{text}");
            let is_said = text.contains("Nothing here has these words.");
            assert_eq!(is_said, key != "down", "{keys}\n{text}");
        }
        let is_asked =
            |effect: &Effect| matches!(effect, Effect::Export { .. } | Effect::SaveQuery { .. });
        assert!(!screen.effects.iter().any(is_asked), "{keys}");
    }
}

#[test]
fn another_list_is_not_narrowed_by_the_words_of_the_one_before() {
    let mut screen = catalog("f f");
    screen.type_text("pay").press("enter c");
    assert!(screen.text().contains("● kind"), "{}", screen.text());
    screen.press("f").type_text("own").press("enter v");
    assert!(
        screen.text().contains("save this view"),
        "{}",
        screen.text()
    );
}

#[test]
fn narrowed_lists() {
    let acme = Company::acme();
    look("home-narrowed", &acme, &Route::Home, "f p a y");
    look(
        "entity-overview-narrowed",
        &acme,
        &entity(EntityTab::Overview),
        "f t e a m",
    );
    look(
        "relations-narrowed",
        &acme,
        &entity(EntityTab::Relations),
        "f t e a m",
    );
    let everything = Route::Catalog {
        query: String::new(),
    };
    look("catalog-facets-narrowed", &acme, &everything, "f f p a y");
    look("catalog-columns-narrowed", &acme, &everything, "c f x y z");
    look(
        "relations-picker-narrowed",
        &acme,
        &entity(EntityTab::Relations),
        "c f o w n enter",
    );
    look(
        "repository-narrowed",
        &acme,
        &entity(EntityTab::Repository),
        "f c a r d s",
    );
    look(
        "templates-narrowed",
        &acme,
        &Route::Templates,
        "f g o enter",
    );
}
