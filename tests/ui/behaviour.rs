//! What the pages do: where keys lead, and what they ask of the world.

use std::sync::Arc;

use stagedoor::app::message::{Answer, Msg};
use stagedoor::app::page::catalog::Filter;
use stagedoor::app::{Effect, EntityTab, Route};
use stagedoor::catalog::index::Facet;

use stagedoor::catalog::export::Sheet;

use crate::company::Company;
use crate::screen::Screen;

fn catalog(query: &str) -> Screen {
    let route = Route::Catalog {
        query: query.to_owned(),
    };
    Screen::open(Company::acme(), route, (120, 40))
}

fn entity(name: &str, tab: EntityTab) -> Screen {
    let entity_ref = name.parse().unwrap();
    Screen::open(
        Company::acme(),
        Route::Entity { entity_ref, tab },
        (120, 40),
    )
}

/// The first line of the screen.
fn top(screen: &Screen) -> String {
    screen.text().lines().next().unwrap_or_default().to_owned()
}

#[test]
fn queries_become_filters_and_filters_queries() {
    let index = Company::acme().index;
    for (query, text) in [
        ("", ""),
        ("kind:API", "kind:api"),
        ("owner:mine tag:go,pci", "owner:mine tag:go,pci"),
        (
            "is:broken has:docs is:starred",
            "is:starred is:broken has:docs",
        ),
        (
            "pay -tag:java kind:component",
            "kind:component pay -tag:java",
        ),
        ("component:check", "component:check"),
        ("lifecycle:lost", "lifecycle:lost"),
    ] {
        let filter = Filter::parse(query, &index);
        assert_eq!(filter.text(), text, "{query}");
        assert_eq!(Filter::parse(text, &index), filter, "{query}");
    }
    let filter = Filter::parse("owner:team-payments", &index);
    assert!(
        filter
            .chosen
            .has(Facet::Owner, "group:default/team-payments")
    );
}

#[test]
fn facets_narrow_and_their_numbers_follow() {
    let mut screen = catalog("kind:component");
    assert!(top(&screen).contains("6 of 18"), "{}", top(&screen));
    screen.press("f space down space");
    assert!(top(&screen).contains("kind:api"), "{}", top(&screen));
    screen.press("esc x");
    assert!(top(&screen).contains("18 entities"), "{}", top(&screen));
    screen.press("!");
    assert!(top(&screen).contains("3 of 18"), "{}", top(&screen));
}

#[test]
fn sorting_reversing_and_paging_keep_every_row() {
    let mut screen = catalog("");
    for keys in ["s", "s", "S", "end", "pgup", "home", "pgdn"] {
        screen.press(keys);
        assert!(top(&screen).contains("18 entities"));
    }
}

#[test]
fn what_has_a_target_is_followed_and_back_returns() {
    let mut screen = entity("component:payment-gateway", EntityTab::Overview);
    screen.press("enter");
    assert!(top(&screen).contains("team-payments"), "{}", top(&screen));
    screen.press("esc");
    assert!(top(&screen).contains("payment-gateway"), "{}", top(&screen));
    screen.press("right down down enter");
    assert!(top(&screen).contains("payments-v2"), "{}", top(&screen));
}

#[test]
fn links_and_descriptors_open_outside() {
    let mut screen = entity("component:payment-gateway", EntityTab::Overview);
    screen.press("down down down down o e y *");
    let asked: Vec<String> = screen.effects.iter().filter_map(told).collect();
    assert_eq!(
        asked,
        [
            "open https://runbooks.acme.dev/payment-gateway",
            "open https://github.com/acme/payment-gateway/blob/main/catalog-info.yaml#L1",
            "copy component:default/payment-gateway",
            "star component:default/payment-gateway false",
        ]
    );
}

pub(crate) fn told(effect: &Effect) -> Option<String> {
    match effect {
        Effect::OpenUrl(url) => Some(format!("open {url}")),
        Effect::Copy { text, .. } => Some(format!("copy {text}")),
        Effect::SaveStar(entity_ref, on) => Some(format!("star {entity_ref} {on}")),
        Effect::EditFile { file, line, column } => Some(format!("edit {file}:{line}:{column}")),
        _ => None,
    }
}

#[test]
fn relations_are_walked_from_entity_to_entity() {
    let mut screen = entity("component:payment-gateway", EntityTab::Relations);
    screen.press("up enter");
    assert!(top(&screen).contains("fraud-rules"), "{}", top(&screen));
    screen.press("+ + + -");
    let text = screen.text();
    assert!(
        text.contains("depth 4 · both ways") && text.contains('↺'),
        "{text}"
    );
}

#[test]
fn the_finder_opens_what_was_typed() {
    let mut screen = catalog("");
    screen.press("/").type_text("fraud rules").press("enter");
    assert!(top(&screen).contains("fraud-rules"), "{}", top(&screen));
}

#[test]
fn the_finder_opens_sections_operations_and_pages_elsewhere() {
    let mut screen = catalog("");
    screen.press("/").type_text("severity").press("enter");
    assert!(
        top(&screen).contains("Docs › payment-gateway"),
        "{}",
        top(&screen)
    );
    screen.press("/").type_text("post payments").press("enter");
    assert!(top(&screen).contains("payments-v2"), "{}", top(&screen));
    screen.press("/").type_text("monday pager").press("enter");
    let asked: Vec<String> = screen.effects.iter().filter_map(told).collect();
    assert_eq!(asked, ["open https://wiki.acme.dev/pages/7"]);
}

#[test]
fn chips_narrow_the_finder_to_one_kind() {
    let mut screen = catalog("");
    screen.press("/").type_text("payment");
    let all = screen.text();
    assert!(
        all.contains("payment-gateway") && all.contains("POST /payments"),
        "{all}"
    );
    screen.press("shift-tab shift-tab shift-tab");
    let operations = screen.text();
    assert!(operations.contains("● operations 2"), "{operations}");
    assert!(!operations.contains("  payment-gateway"), "{operations}");
    screen.press("tab tab tab tab");
    assert!(screen.text().contains("● component"), "{}", screen.text());
    assert!(
        !screen.text().contains("POST /payments"),
        "{}",
        screen.text()
    );
}

#[test]
fn actions_run_from_the_finder() {
    let mut screen = catalog("");
    assert!(screen.text().contains("payment-gateway"));
    screen.press("/").type_text(">problems").press("enter");
    assert!(top(&screen).contains("Problems"), "{}", top(&screen));
    screen.press(":").type_text("home").press("enter");
    assert!(screen.text().contains("Yours"), "{}", screen.text());
    // Without the sign they stand among the rest.
    screen.press("/").type_text("templates");
    assert!(
        screen.text().contains("Go to the templates."),
        "{}",
        screen.text()
    );
}

#[test]
fn home_is_at_what_is_yours_once_it_is_known_who_looks() {
    for size in [(120, 40), (80, 24)] {
        let mut screen = Screen::open(Company::stranger(), Route::Home, size);
        let me = Answer::Personal(Ok(Arc::new(Company::acme().personal)));
        screen.send(Msg::Answer(me));
        screen.settle();
        assert!(
            screen.text().contains("▌★ payment-gateway"),
            "{}",
            screen.text()
        );
    }
}

#[test]
fn a_missing_end_is_marked_and_never_followed() {
    let mut screen = entity("component:payout-worker", EntityTab::Overview);
    assert!(screen.text().contains("! not found"));
    screen.press("P m down enter");
    assert!(top(&screen).contains("payout-worker"), "{}", top(&screen));
}

#[test]
fn the_query_is_typed_on_the_page_and_taken_back_with_escape() {
    let mut screen = catalog("kind:api");
    let before = screen.text();
    screen
        .press("i ctrl-u")
        .type_text("owner:team-payments pay");
    assert!(screen.text().contains("› owner:team-payments pay"));
    assert!(top(&screen).contains("owner:team-payments pay"));
    screen.press("esc");
    assert_eq!(screen.text(), before);
    screen.press("i space").type_text("pay").press("enter");
    assert!(top(&screen).contains("kind:api pay"), "{}", top(&screen));
}

#[test]
fn how_the_table_is_shown_is_kept_and_comes_back() {
    let mut screen = catalog("");
    screen.press("b c down space");
    let kept = screen.effects.iter().rev().find_map(|effect| match effect {
        Effect::SaveView(view) => Some(view.clone()),
        _ => None,
    });
    let kept = kept.unwrap();
    assert_eq!(kept, "columns=kind,owner,system,lifecycle,tags group=owner");
    let mut other = catalog("");
    assert!(!other.text().contains("▾"));
    other.send(Msg::Answer(Answer::View(kept)));
    other.settle();
    assert!(other.text().contains("▾ team-payments"), "{}", other.text());
    other.press("z");
    assert!(
        !other.text().contains("payment-gateway"),
        "{}",
        other.text()
    );
}

#[test]
fn what_is_listed_is_exported_in_its_order() {
    let mut screen = catalog("kind:api");
    screen.press("S e down enter");
    let exported = screen.effects.iter().find_map(|effect| match effect {
        Effect::Export {
            index,
            rows,
            export,
            ..
        } => Some((index.clone(), rows.clone(), *export)),
        _ => None,
    });
    let (index, rows, export) = exported.unwrap();
    let names: Vec<&str> = rows.iter().map(|row| index.name(*row)).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    assert!(names.len() > 1);
    assert_eq!(names, sorted);
    assert_eq!((export.sheet, export.copied), (Sheet::Markdown, false));
}

#[test]
fn enter_in_the_finder_before_there_is_a_catalog_opens_what_fits_once_there_is_one() {
    let open = |then: &str| {
        let mut screen = Screen::open(Company::empty(), Route::Home, (120, 40));
        screen.model.shared.syncing = true;
        screen.press("/").type_text("fraud rules").press("enter");
        if !then.is_empty() {
            screen.press(then);
        }
        screen.company = Company::acme();
        let index = screen.company.index.clone();
        screen.send(Msg::Answer(Answer::Index(index)));
        screen.settle();
        screen
    };
    let opened = open("");
    assert!(top(&opened).contains("fraud-rules"), "{}", opened.text());
    // Whoever types on has changed their mind.
    let typed = open("x");
    assert!(typed.text().contains("fraud rulesx"), "{}", typed.text());
}

#[test]
fn of_two_readings_of_who_looks_the_last_asked_for_is_taken() {
    let mut screen = Screen::open(Company::stranger(), Route::Home, (120, 40));
    let company = Company::acme();
    // Before the first reading has come, the catalog is another one.
    screen.send(Msg::Answer(Answer::Index(company.index.clone())));
    let is_reading = |effect: &&Effect| matches!(effect, Effect::LoadPersonal);
    assert_eq!(screen.effects.iter().filter(is_reading).count(), 2);
    let me = Arc::new(company.personal);
    screen.send(Msg::Answer(Answer::Personal(Ok(Arc::default()))));
    assert!(!screen.text().contains("▌★ payment-gateway"));
    screen.send(Msg::Answer(Answer::Personal(Ok(me.clone()))));
    let text = screen.text();
    assert!(text.contains("▌★ payment-gateway"), "{text}");

    // A star that is given while one is on its way stays.
    screen.send(Msg::Answer(Answer::Index(company.index)));
    screen.effects.clear();
    screen.press("C *");
    let stars = screen.model.shared.personal.stars.clone();
    assert_ne!(stars, me.stars);
    screen.send(Msg::Answer(Answer::Personal(Ok(me))));
    assert_eq!(screen.model.shared.personal.stars, stars);
    assert!(screen.effects.iter().any(|it| is_reading(&it)), "again");
}
