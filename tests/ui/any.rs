//! Any size, any keys: nothing panics, and there is always a page.

use proptest::prelude::*;
use stagedoor::app::command::COMMANDS;
use stagedoor::app::message::{Answer, Msg};
use stagedoor::app::{About, EntityTab, Route};

use crate::company::Company;
use crate::screen::Screen;

/// Every place in the portal.
fn routes() -> Vec<Route> {
    let entity = |name: &str, tab| Route::Entity {
        entity_ref: name.parse().unwrap(),
        tab,
    };
    let mut routes = vec![
        Route::Home,
        Route::Catalog {
            query: String::new(),
        },
        Route::Catalog {
            query: "pay is:mine lifecycle:lost tag:".to_owned(),
        },
        Route::Problems {
            about: About::Everything,
        },
        Route::Templates,
        Route::Runs,
        Route::Generated {
            template: "template:go-service".parse().unwrap(),
        },
        Route::Wizard {
            template: "template:go-service".parse().unwrap(),
        },
        Route::Docs {
            entity_ref: "component:payment-gateway".parse().unwrap(),
            page: None,
            anchor: None,
            words: String::new(),
        },
        entity("component:gone-service", EntityTab::Raw),
        entity("api:payments-v2", EntityTab::Api),
        entity("group:team-payments", EntityTab::Relations),
    ];
    routes.extend(EntityTab::ALL.map(|tab| entity("component:payment-gateway", tab)));
    routes
}

#[test]
fn every_page_is_drawn_at_every_size() {
    for (company, overlays, step) in [
        (Company::acme(), ["", "/", "?", ":"].as_slice(), 3),
        (Company::empty(), &[""], 9),
    ] {
        for (at, route) in routes().into_iter().enumerate() {
            let mut screen = Screen::open(company.clone(), route, (80, 24));
            // Overlays look the same over every page.
            for overlay in overlays
                .iter()
                .take(if at == 0 { overlays.len() } else { 1 })
            {
                if !overlay.is_empty() {
                    screen.press(overlay);
                }
                for rows in (0..=45).step_by(3) {
                    for columns in (0..=130).step_by(step) {
                        screen.resize(columns, rows);
                    }
                }
                if !overlay.is_empty() {
                    screen.press("esc");
                }
            }
        }
    }
}

#[test]
fn the_first_frame_names_what_there_is() {
    let first = Screen::cold(Company::acme(), Route::Home, (80, 24)).text();
    assert!(first.contains("payment-gateway"), "{first}");
    let stranger = Screen::cold(Company::stranger(), Route::Home, (80, 24)).text();
    assert!(stranger.contains("Component"), "{stranger}");
}

#[test]
fn pages_live_on_when_the_catalog_is_swapped() {
    for route in routes() {
        let mut screen = Screen::open(Company::acme(), route, (120, 40));
        screen.press("down down right tab");
        screen.company = Company::empty();
        screen.send(Msg::Answer(Answer::Index(screen.company.index.clone())));
        screen.settle();
        screen.press("down enter");
    }
}

/// A key that some command has.
fn key() -> impl Strategy<Value = String> {
    let mut keys: Vec<String> = COMMANDS
        .iter()
        .flat_map(|info| info.keys.iter().map(|key| (*key).to_owned()))
        .collect();
    keys.extend(["p", "a", "y", ":", "1", "-"].map(str::to_owned));
    proptest::sample::select(keys)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_keys_breaks_a_page(
        route in proptest::sample::select(routes()),
        keys in proptest::collection::vec(key(), 0..40),
        size in proptest::sample::select(vec![(120, 40), (80, 24), (40, 12), (3, 2)]),
    ) {
        let mut screen = Screen::open(Company::acme(), route, size);
        for key in keys {
            screen.press(&key);
            prop_assert!(!screen.model.pages.is_empty());
        }
    }
}
