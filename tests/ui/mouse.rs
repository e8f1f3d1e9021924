//! The mouse: what a click, the wheel and a drag do, by what the last drawing said of where things are; and which texts
//! are links.

use std::sync::Arc;

use stagedoor::app::message::{Answer, Msg, SourceState};
use stagedoor::app::pointer::Act;
use stagedoor::app::{About, Effect, EntityTab, Page, Route};

use crate::company::Company;
use crate::screen::{NOW, Screen};

fn at(route: Route) -> Screen {
    Screen::open(Company::acme(), route, (120, 40))
}

fn catalog() -> Screen {
    at(Route::Catalog {
        query: String::new(),
    })
}

fn gateway(tab: EntityTab) -> Screen {
    at(Route::Entity {
        entity_ref: "component:payment-gateway".parse().unwrap(),
        tab,
    })
}

/// What is open, by the words in the top line.
fn crumbs(screen: &Screen) -> String {
    screen.model.page().crumbs(&screen.model.shared).join(" › ")
}

#[test]
fn a_click_selects_a_row_and_a_second_one_opens_it() {
    let mut screen = catalog();
    screen.click("payment-gateway");
    assert!(matches!(screen.model.page(), Page::Catalog(page) if page.cursor.selected > 0));
    screen.click("payment-gateway");
    assert!(
        crumbs(&screen).contains("payment-gateway"),
        "{}",
        crumbs(&screen)
    );
}

#[test]
fn a_click_chooses_a_facet() {
    let mut screen = catalog();
    let all = screen.text();
    screen.click("○ api");
    assert_ne!(screen.text(), all);
    assert!(crumbs(&screen).contains("kind:api"), "{}", crumbs(&screen));
}

#[test]
fn hints_and_tabs_are_clicked() {
    let mut screen = gateway(EntityTab::Overview);
    screen.click("Relations");
    assert!(matches!(screen.model.page(), Page::Entity(page) if page.tab == EntityTab::Relations));
    screen.click("? help");
    assert!(screen.model.overlay.is_some());
    // Behind an overlay nothing is clicked but the frame.
    let before = screen.text();
    screen.point(Act::Press, (3, 2));
    assert_eq!(screen.text(), before);
    let mut screen = at(Route::Problems {
        about: About::Everything,
    });
    let before = screen.text();
    screen.click("By owner");
    assert_ne!(screen.text(), before);
}

#[test]
fn the_finder_opens_what_is_clicked_twice() {
    let mut screen = at(Route::Home);
    screen.press("/").type_text("payment");
    screen.click("payment-gateway");
    screen.click("payment-gateway");
    assert!(screen.model.overlay.is_none());
    assert!(crumbs(&screen).contains("payment-gateway"));
}

#[test]
fn chips_and_offers_of_the_finder_are_clicked() {
    let mut screen = at(Route::Home);
    screen.press("/").type_text("pay");
    assert!(
        screen.text().contains("payment-gateway"),
        "{}",
        screen.text()
    );
    screen.click("api ");
    let text = screen.text();
    assert!(text.contains("● api"), "{text}");
    assert!(
        text.contains("payments-v2") && !text.contains("payment-gateway"),
        "{text}"
    );
    screen.click("all");
    assert!(screen.text().contains("● all"), "{}", screen.text());
    let mut screen = at(Route::Home);
    screen.press("/").type_text("lifecycle:");
    screen.click("experimental");
    assert!(screen.text().contains("› lifecycle:experimental"));
}

#[test]
fn what_lies_below_an_overlay_is_not_clicked() {
    let mut screen = catalog();
    screen.press("c");
    let kind = screen.place_of("● kind");
    screen.press("/");
    screen.point(Act::Press, kind);
    screen.press("esc");
    assert!(screen.text().contains("● kind"), "{}", screen.text());
}

#[test]
fn the_title_of_a_column_sorts_and_a_crumb_leads_out() {
    let mut screen = catalog();
    screen.click("OWNER");
    assert!(screen.text().contains("OWNER ▴"), "{}", screen.text());
    screen.click("OWNER");
    assert!(screen.text().contains("OWNER ▾"), "{}", screen.text());
    let mut screen = gateway(EntityTab::Relations);
    screen.click("Catalog");
    assert_eq!(crumbs(&screen), "Catalog");
}

#[test]
fn the_choices_of_menus_are_clicked() {
    let mut screen = catalog();
    screen.press("c");
    screen.click("● kind");
    assert!(screen.text().contains("○ kind"), "{}", screen.text());
    screen.click("esc done");
    assert!(!screen.text().contains("esc done"), "{}", screen.text());
    let mut screen = gateway(EntityTab::Relations);
    screen.press("c");
    screen.click("● owned by");
    assert!(screen.text().contains("○ owned by"), "{}", screen.text());
    screen.click("esc done");
    assert!(
        !screen.text().contains("Drawn relations"),
        "{}",
        screen.text()
    );
}

#[test]
fn the_wheel_moves_what_is_below_it() {
    let mut screen = catalog();
    let row = screen.place_of("payment-gateway");
    let selected = |screen: &Screen| match screen.model.page() {
        Page::Catalog(page) => (page.cursor.selected, page.in_facets),
        _ => (usize::MAX, false),
    };
    screen.point(Act::WheelDown, row);
    assert_eq!(selected(&screen), (3, false));
    screen.point(Act::WheelUp, row);
    assert_eq!(selected(&screen), (0, false));
    screen.point(Act::WheelDown, screen.place_of("○ api"));
    assert!(selected(&screen).1, "the facets have the focus");
}

#[test]
fn the_edge_of_a_preview_is_dragged() {
    let mut screen = Screen::open(
        Company::acme(),
        Route::Catalog {
            query: String::new(),
        },
        (180, 40),
    );
    let rule = |screen: &Screen| {
        let text = screen.text();
        let line = text.lines().nth(6).unwrap_or_default();
        let rules: Vec<usize> = line
            .chars()
            .enumerate()
            .filter(|(_, c)| *c == '│')
            .map(|(at, _)| at)
            .collect();
        u16::try_from(*rules.last().unwrap()).unwrap()
    };
    let before = rule(&screen);
    screen.point(Act::Press, (before, 6));
    screen.point(Act::Drag, (before - 20, 6));
    assert_eq!(rule(&screen), before - 20);
    screen.point(Act::Drag, (0, 6));
    assert!(rule(&screen) > 40, "the table keeps what it needs");
    screen.point(Act::Release, (0, 6));
    screen.point(Act::Drag, (before, 6));
    assert!(rule(&screen) < before, "nothing is dragged any more");
}

#[test]
fn one_key_gives_the_mouse_back() {
    let mut screen = at(Route::Home);
    screen.press("M");
    assert!(matches!(screen.effects[..], [.., Effect::TakeMouse(true)]));
    assert!(screen.text().contains("A click selects"));
    screen.press("M");
    assert!(matches!(screen.effects[..], [.., Effect::TakeMouse(false)]));
}

#[test]
fn addresses_are_links_where_they_stand() {
    let mut screen = gateway(EntityTab::Overview);
    let urls: Vec<&str> = screen.links.iter().map(|link| link.url.as_str()).collect();
    assert!(
        urls.contains(&"https://runbooks.acme.dev/payment-gateway"),
        "{urls:?}"
    );
    for link in &screen.links {
        assert_eq!(link.area.height, 1, "{link:?}");
    }
    // What lies over them hides them.
    screen.press("/");
    let hidden = |link: &stagedoor::ui::Link| link.url.contains("runbooks");
    assert!(!screen.links.iter().any(hidden));
}

#[test]
fn who_comes_back_has_asked_for_what_is_not_fresh() {
    let mut screen = at(Route::Home);
    let asked = |screen: &Screen| {
        let sync = |effect: &&Effect| matches!(effect, Effect::Sync { all: false });
        screen.effects.iter().filter(sync).count()
    };
    screen.send(Msg::Returned);
    assert_eq!(asked(&screen), 1, "what was tried two minutes ago is old");
    screen.send(Msg::Returned);
    assert_eq!(asked(&screen), 1, "it is under way");
    let mut fresh = at(Route::Home);
    let sources = fresh
        .company
        .sources
        .clone()
        .into_iter()
        .map(|source| SourceState {
            last_tried: Some(NOW - 10),
            ..source
        });
    let sources = Answer::Sources(Arc::new(sources.collect()));
    fresh.send(Msg::Answer(sources));
    fresh.send(Msg::Returned);
    assert_eq!(asked(&fresh), 0);
}
