//! The problems page: what it looks like, how it is narrowed and folded, where its keys lead.

use std::sync::Arc;

use stagedoor::app::message::{Answer, Msg};
use stagedoor::app::{About, EntityTab, Route};
use stagedoor::catalog::text::capitalized;
use stagedoor::catalog::{EntityRef, Place, Problem, Rule};

use crate::behaviour::told;
use crate::company::Company;
use crate::pages::look;
use crate::screen::Screen;

fn route(about: About) -> Route {
    Route::Problems { about }
}

fn open(company: Company) -> Screen {
    Screen::open(company, route(About::Everything), (120, 40))
}

/// What the effects that are left ask of the world.
fn asked(screen: &Screen) -> Vec<String> {
    screen.effects.iter().filter_map(told).collect()
}

#[test]
fn problems_page() {
    let all = route(About::Everything);
    let acme = Company::acme();
    look("problems", &acme, &all, "");
    look("problems-mine", &acme, &all, "m down");
    look("problems-by-file", &acme, &all, "tab down");
    look("problems-by-owner", &acme, &all, "tab tab");
    look("problems-filter", &acme, &all, "f p a y");
    look("problems-whole", &acme, &all, "p");
    look("problems-nothing-found", &acme, &all, "f z z z enter");
    look("problems-none", &Company::empty(), &all, "");
    look(
        "problems-source",
        &Company::with_a_failed_source(),
        &all,
        "",
    );
    look("problems-many", &Company::with_findings(10_000), &all, "");
    let of_checkout = route(About::Entity("component:checkout".parse().unwrap()));
    look("problems-of-entity", &acme, &of_checkout, "");
}

#[test]
fn nothing_wrong_says_when_it_was_looked() {
    let mut company = Company::acme();
    company.problems = Arc::default();
    let text = open(company).text();
    assert!(
        text.contains("Nothing is wrong.") && text.contains("2 min ago"),
        "{text}"
    );
}

#[test]
fn words_narrow_the_list_and_esc_brings_all_back() {
    let mut screen = open(Company::acme());
    screen.press("f").type_text("ledger");
    let text = screen.text();
    assert!(
        text.contains("payment-ledger") && !text.contains("payout-worker"),
        "{text}"
    );
    // The owner counts, too, and every word must be found.
    screen.press("ctrl-u").type_text("PAYMENTS tag");
    assert!(!screen.text().contains("Dangling"), "{}", screen.text());
    screen.press("esc");
    assert!(screen.text().contains("payout-worker"), "{}", screen.text());
    // Letters are keys again.
    screen.press("m");
    assert!(screen.text().contains("only mine"), "{}", screen.text());
}

#[test]
fn levels_and_groupings_go_round() {
    let mut screen = open(Company::acme());
    let all = screen.text();
    screen.press("v");
    assert!(
        !screen.text().contains("payout-worker"),
        "{}",
        screen.text()
    );
    screen.press("v");
    assert!(
        screen.text().contains("only errors and warnings"),
        "{}",
        screen.text()
    );
    screen.press("v tab");
    assert!(screen.text().contains("▸By file"), "{}", screen.text());
    screen.press("shift-tab");
    assert_eq!(screen.text(), all);
}

#[test]
fn groups_fold_and_unfold() {
    let mut screen = open(Company::acme());
    let all = screen.text();
    screen.press("left");
    let text = screen.text();
    assert!(
        !text.contains("checkout  ") && text.contains("▸ "),
        "{text}"
    );
    // What the cause is about is told.
    assert!(text.contains("What to do"), "{text}");
    screen.press("enter");
    assert_eq!(screen.text(), all);
    screen.press("z");
    assert!(
        !screen.text().contains("payout-worker"),
        "{}",
        screen.text()
    );
    screen.press("z");
    assert_eq!(screen.text(), all);
}

#[test]
fn a_long_list_begins_with_the_causes_of_others_folded_and_its_end_is_one_key_away() {
    let mut screen = open(Company::with_findings(10_000));
    assert!(screen.text().contains("payout-worker"), "mine stay open");
    assert!(
        !screen.text().contains("finding number"),
        "{}",
        screen.text()
    );
    screen.press("f").type_text("number 9999").press("enter");
    assert!(
        screen.text().contains("finding number 9999"),
        "{}",
        screen.text()
    );
    assert!(screen.text().contains("1 of 10,004"), "{}", screen.text());
    screen.press("x tab end");
    assert!(
        screen.text().contains("finding number"),
        "{}",
        screen.text()
    );
}

#[test]
fn the_file_opens_at_the_line_and_only_where_it_is() {
    let mut company = Company::acme();
    let place = Place {
        file: "/work/catalog/a.yaml".to_owned(),
        line: 7,
        column: 3,
    };
    company.problems = Arc::new(vec![Problem::new(Rule::YamlSyntax, place, "no")]);
    let mut screen = open(company);
    screen.press("e o y enter");
    assert_eq!(
        asked(&screen),
        [
            "edit /work/catalog/a.yaml:7:3",
            "copy /work/catalog/a.yaml:7:3",
            "edit /work/catalog/a.yaml:7:3",
        ]
    );
    let mut screen = open(Company::acme());
    screen.press("e");
    assert!(
        screen.text().contains("not on this machine"),
        "{}",
        screen.text()
    );
    screen.press("o");
    assert_eq!(
        asked(&screen),
        ["open https://github.com/acme/checkout/blob/main/catalog-info.yaml#L12"]
    );
}

#[test]
fn the_lines_of_a_file_are_asked_for_one_finding_at_a_time() {
    let mut screen = Screen::cold(Company::acme(), route(About::Everything), (120, 40));
    screen.settle();
    assert!(screen.text().contains("^^^^^^^^^"), "{}", screen.text());
    let place = |line| Place {
        file: "/work/a.yaml".to_owned(),
        line,
        column: 1,
    };
    let many = (1..=50).map(|line| Problem::new(Rule::YamlSyntax, place(line), "no"));
    let many = Arc::new(many.collect::<Vec<_>>());
    screen.send(Msg::Answer(Answer::Problems(Ok(many))));
    let before = screen.effects.len();
    for _ in 0..30 {
        screen.send(Msg::Key("down".parse().unwrap()));
    }
    assert_eq!(screen.effects.len(), before, "one answer is awaited");
}

#[test]
fn a_finding_of_an_entity_leads_to_all_about_it() {
    let route = Route::Entity {
        entity_ref: "component:checkout".parse().unwrap(),
        tab: EntityTab::Overview,
    };
    let mut screen = Screen::open(Company::acme(), route, (120, 40));
    assert!(screen.text().contains("✗ 1 error"), "{}", screen.text());
    screen.press("!");
    assert!(
        screen.text().contains("Problems › checkout"),
        "{}",
        screen.text()
    );
    assert!(screen.text().contains("front-end"), "{}", screen.text());
}

#[test]
fn home_tells_much_by_cause() {
    let mut company = Company::acme();
    let worker: EntityRef = "component:payout-worker".parse().unwrap();
    let place = |line| Place {
        file: "/work/a.yaml".to_owned(),
        line,
        column: 1,
    };
    let more = (1..=12)
        .map(|line| Problem::new(Rule::FieldFormat, place(line), "no").about(worker.clone()));
    company.problems = Arc::new(company.problems.iter().cloned().chain(more).collect());
    let mut screen = Screen::open(company, Route::Home, (120, 40));
    let text = screen.text();
    assert!(
        text.contains(&capitalized(Rule::FieldFormat.title())),
        "{text}"
    );
    screen.press("right enter");
    let crumbs = format!("Problems › {}", capitalized(Rule::FieldFormat.title()));
    assert!(screen.text().contains(&crumbs), "{}", screen.text());
}
