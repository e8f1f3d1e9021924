//! The relations tab: what can be asked of it, and how one gets from entity to entity.

use stagedoor::app::{EntityTab, Route};

use crate::company::Company;
use crate::pages::look;
use crate::screen::Screen;

fn tab(name: &str) -> Route {
    Route::Entity {
        entity_ref: name.parse().unwrap(),
        tab: EntityTab::Relations,
    }
}

fn open(name: &str) -> Screen {
    Screen::open(Company::acme(), tab(name), (120, 40))
}

#[track_caller]
fn shows(screen: &Screen, texts: &[&str]) {
    for text in texts {
        assert!(screen.text().contains(text), "{text}\n{}", screen.text());
    }
}

#[test]
fn each_question_has_a_page() {
    let acme = Company::acme();
    let gateway = tab("component:payment-gateway");
    look("entity-relations", &acme, &gateway, "down");
    look("relations-impact", &acme, &gateway, "i down");
    look("relations-filter", &acme, &gateway, "c down space");
    let team = tab("group:team-payments");
    look("relations-ownership", &acme, &team, "o");
}

#[test]
fn depth_way_and_relations_are_said_and_obeyed() {
    let mut screen = open("component:payment-gateway");
    shows(&screen, &["depth 2 · both ways · all relations"]);
    screen.press("- w");
    shows(&screen, &["depth 1 · what it stands on", "▸ fraud-rules"]);
    assert!(!screen.text().contains("◂"), "{}", screen.text());
    screen.press("w");
    shows(&screen, &["depth 1 · what stands on it", "◂ fraud-rules"]);
    screen.press("w c space");
    shows(&screen, &["6 of 7 relations", "○ owned by / owns"]);
    assert!(!screen.text().contains("owned by ─"), "{}", screen.text());
    screen.press("space esc");
    shows(&screen, &["all relations", "owned by ─"]);
    screen.press("- - -");
    shows(&screen, &["It cannot be drawn less deep."]);
}

#[test]
fn what_is_asked_goes_along_and_back_returns() {
    let mut screen = open("component:payment-gateway");
    screen.press("+ w up enter");
    // Upwards from the middle there is nothing when only what it stands on is drawn.
    shows(&screen, &["▸Overview"]);
    let mut screen = open("component:payment-gateway");
    screen.press("+ down enter");
    shows(&screen, &["team-payments", "depth 3 · both ways"]);
    screen.press("esc");
    shows(&screen, &["Catalog › payment-gateway", "depth 3"]);
    screen.press("i");
    shows(
        &screen,
        &["Impact", "hit if it goes", "consumes payments-v2"],
    );
    screen.press("esc");
    shows(&screen, &["depth 3 · both ways"]);
}

#[test]
fn the_finder_asks_for_the_end_of_a_path() {
    let mut screen = open("component:payment-gateway");
    screen.press("p");
    shows(&screen, &["the way from payment-gateway to …"]);
    screen.type_text("checkout kind:component").press("enter");
    shows(
        &screen,
        &["Path  to component:checkout · 2 steps", "│ part of"],
    );
    screen.press("esc");
    shows(&screen, &["Relations  depth 2"]);
    screen.press("p").type_text("user:jane").press("enter");
    shows(&screen, &["Path  to user:jane"]);
}

#[test]
fn a_hub_is_drawn_in_part_and_whole_on_demand() {
    let hub = Company::hub(500);
    for size in [(120, 40), (80, 24), (40, 12)] {
        let mut screen = Screen::open(hub.clone(), tab("component:hub"), size);
        shows(&screen, &["used by 500"]);
        screen.press("home");
        shows(&screen, &["… 488 more"]);
        screen.press("enter");
        assert!(!screen.text().contains("… 488 more"), "{}", screen.text());
    }
    look("relations-hub", &hub, &tab("component:hub"), "up up");
    look("relations-hub-impact", &hub, &tab("component:hub"), "i end");
}
