//! What each page looks like at the sizes it is designed for.

use stagedoor::app::{EntityTab, Route};

use crate::company::Company;
use crate::looks::{self, SIZES};
use crate::screen::Screen;

/// Compares a page with what it looked like, at every size, after some keys.
pub(crate) fn look(name: &str, company: &Company, route: &Route, keys: &str) {
    for size in SIZES {
        let mut screen = Screen::open(company.clone(), route.clone(), size);
        if !keys.is_empty() {
            screen.press(keys);
        }
        looks::keep(name, &screen);
    }
}

#[test]
fn home() {
    look("home", &Company::acme(), &Route::Home, "");
    look("home-stranger", &Company::stranger(), &Route::Home, "");
    look("home-empty", &Company::empty(), &Route::Home, "");
}

fn catalog(query: &str) -> Route {
    Route::Catalog {
        query: query.to_owned(),
    }
}

#[test]
fn catalog_page() {
    let acme = Company::acme();
    look("catalog", &acme, &catalog(""), "");
    look(
        "catalog-mine",
        &acme,
        &catalog("owner:mine kind:component"),
        "s s s p",
    );
    look(
        "catalog-facets",
        &acme,
        &catalog("kind:api"),
        "f down down space",
    );
    look("catalog-words", &acme, &catalog("pay -tag:java"), "down");
    look(
        "catalog-nothing",
        &acme,
        &catalog("lifecycle:retired colour:red"),
        "",
    );
    look("catalog-empty", &Company::empty(), &catalog(""), "");
    look(
        "catalog-query",
        &acme,
        &catalog(""),
        "i o w n e r : m i n e",
    );
    look("catalog-groups", &acme, &catalog(""), "b down down z down");
    look(
        "catalog-folded",
        &acme,
        &catalog(""),
        "b b g space down down",
    );
    look(
        "catalog-columns",
        &acme,
        &catalog(""),
        "c down down down space end space up space",
    );
    look("catalog-views", &acme, &catalog("kind:api"), "v");
    look("catalog-view-name", &acme, &catalog("kind:api"), "v enter");
    look("catalog-export", &acme, &catalog("kind:api"), "e down");
}

fn entity(name: &str, tab: EntityTab) -> Route {
    Route::Entity {
        entity_ref: name.parse().unwrap(),
        tab,
    }
}

#[test]
fn entity_page() {
    let acme = Company::acme();
    let gateway = |tab| entity("component:payment-gateway", tab);
    look("entity-overview", &acme, &gateway(EntityTab::Overview), "");
    look(
        "entity-overview-problem",
        &acme,
        &entity("component:payout-worker", EntityTab::Overview),
        "end",
    );
    look(
        "entity-group",
        &acme,
        &entity("group:team-payments", EntityTab::Overview),
        "",
    );
    look("entity-docs", &acme, &gateway(EntityTab::Overview), "tab");
    look("entity-apis", &acme, &gateway(EntityTab::Api), "down");
    look("entity-raw", &acme, &gateway(EntityTab::Raw), "down down");
    look(
        "entity-missing",
        &acme,
        &entity("component:gone-service", EntityTab::Overview),
        "",
    );
    look(
        "api-outline",
        &acme,
        &entity("api:payments-v2", EntityTab::Api),
        "down",
    );
    look(
        "api-operation",
        &acme,
        &entity("api:payments-v2", EntityTab::Api),
        "down enter",
    );
    look(
        "api-broken",
        &acme,
        &entity("api:orders-v2", EntityTab::Api),
        "",
    );
    look(
        "api-filter",
        &acme,
        &entity("api:payments-v2", EntityTab::Api),
        "f r e f u n",
    );
    look(
        "api-proto",
        &acme,
        &entity("api:ledger-v1", EntityTab::Api),
        "",
    );
    look(
        "api-source",
        &acme,
        &entity("api:payments-v2", EntityTab::Api),
        "s f s c h e m a",
    );
}

#[test]
fn overlays() {
    let acme = Company::acme();
    look("finder", &acme, &Route::Home, "/ p a y down");
    look("finder-nothing", &acme, &Route::Home, "/ z z z");
    look("finder-empty", &acme, &Route::Home, "/");
    look(
        "finder-texts",
        &acme,
        &Route::Home,
        "/ p a g e down down down",
    );
    look(
        "finder-operations",
        &acme,
        &Route::Home,
        "/ p a y m e n t shift-tab shift-tab shift-tab",
    );
    look(
        "finder-mistake",
        &acme,
        &Route::Home,
        "/ p a y space c o l o u r : r e d",
    );
    look("finder-actions", &acme, &catalog(""), ": s o r t");
    look(
        "help",
        &acme,
        &entity("component:checkout", EntityTab::Overview),
        "?",
    );
}
