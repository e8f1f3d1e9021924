//! What went wrong once where answers were late: each by name.

use stagedoor::app::message::{Answer, Msg};
use stagedoor::app::{About, Page, Route};

use crate::order::{Act, Portal};

fn docs(page: Option<&str>) -> Route {
    Route::Docs {
        entity_ref: "component:payment-gateway".parse().unwrap(),
        page: page.map(str::to_owned),
        anchor: None,
        words: String::new(),
    }
}

fn wizard() -> Route {
    Route::Wizard {
        template: "template:service".parse().unwrap(),
    }
}

impl Portal {
    fn settled(route: Route) -> Self {
        let mut portal = Self::open(route, (120, 40));
        portal.settle();
        portal
    }

    /// Presses keys, each answered before the next.
    fn press(&mut self, keys: &str) -> &mut Self {
        self.press_ahead(keys, true);
        self
    }

    /// Presses keys; only where `settles` it is waited for what comes of each.
    fn press_ahead(&mut self, keys: &str, settles: bool) {
        for key in keys.split(' ') {
            self.act(&Act::Press(key.to_owned()));
            if settles {
                self.settle();
            }
        }
    }

    /// The same catalog comes anew.
    fn swap(&mut self) {
        let index = self.world.company.index.clone();
        self.send(Msg::Answer(Answer::Index(index)));
    }

    fn text(&self) -> String {
        self.screen.text()
    }

    /// The line under the cursor.
    fn selected(&self) -> String {
        let text = self.text();
        let line = text.lines().find(|line| line.contains('▌'));
        line.and_then(|line| line.split('▌').nth(1))
            .unwrap_or_default()
            .to_owned()
    }
}

#[test]
fn answers_of_before_are_there_however_early_the_template_is() {
    let mut portal = Portal::open(wizard(), (120, 40));
    // A preview of the same template was asked for before.
    let template = "template:service".parse().unwrap();
    let detail = portal.world.company.details.get(&template).cloned();
    portal.send(Msg::Answer(Answer::Entity(
        template.clone(),
        Ok(detail.clone()),
    )));
    portal.send(Msg::Answer(Answer::Template(template, Ok(detail))));
    portal.settle();
    assert!(
        portal.text().contains("▌au") || portal.text().contains(" au"),
        "{}",
        portal.text()
    );
    assert!(portal.screen.model.notice.is_some(), "it says so");
}

#[test]
fn what_is_typed_before_a_form_is_there_is_meant_for_it() {
    let mut portal = Portal::open(wizard(), (120, 40));
    portal.press_ahead("/ H q", false);
    portal.settle();
    assert!(matches!(portal.screen.model.page(), Page::Wizard(_)));
    assert!(portal.text().contains("/Hq"), "{}", portal.text());
}

#[test]
fn the_cursors_of_finder_picker_and_groups_stay_when_the_catalog_is_swapped() {
    let ways = [
        (Route::Home, "/ p a y down down"),
        (Route::Home, "C b z down"),
        (wizard(), "enter p a y down"),
    ];
    for (route, keys) in ways {
        let mut portal = Portal::settled(route);
        portal.press(keys);
        let before = portal.text();
        portal.swap();
        portal.settle();
        assert_eq!(portal.text(), before, "{keys}");
    }
}

#[test]
fn a_page_that_is_about_to_come_is_not_lost_when_the_screen_changes_its_size() {
    let mut portal = Portal::settled(docs(None));
    portal.press_ahead("n", false);
    portal.act(&Act::Resize(100, 30));
    portal.settle();
    assert!(portal.text().contains("make run"), "{}", portal.text());
    portal.press_ahead("n n b", false);
    portal.settle();
    assert!(portal.text().contains("› Paging"), "{}", portal.text());
}

#[test]
fn the_end_of_a_long_page_is_its_end_however_early_one_goes_there() {
    let mut portal = Portal::open(docs(Some("long.md")), (120, 30));
    portal.press_ahead("G", false);
    portal.settle();
    assert!(portal.text().contains("The end"), "{}", portal.text());
}

#[test]
fn where_an_address_leads_is_followed_by_the_page_that_asked_and_only_while_it_is_looked_at() {
    let mut portal = Portal::settled(docs(None));
    portal.press("n").press("u d");
    let pages = portal.screen.model.pages.len();
    portal.press("b").press("p tab tab tab");
    portal.press_ahead("enter", false);
    portal.press_ahead("H", false);
    portal.settle();
    assert!(
        matches!(portal.screen.model.page(), Page::Home(_)),
        "nobody is taken away: {pages}"
    );
}

#[test]
fn what_was_visited_is_first_at_home_and_the_cursor_stays_on_what_it_is_on() {
    let mut portal = Portal::settled(Route::Home);
    portal.press("/ f r a u d enter H");
    let text = portal.text();
    let recent = text
        .lines()
        .skip_while(|line| !line.contains("Recent"))
        .nth(1);
    assert!(
        recent.is_some_and(|line| line.contains("fraud-rules")),
        "{text}"
    );
    portal.press("right tab tab down down");
    let before = portal.selected();
    portal.press("/ e v e n t s enter H");
    let after = portal.selected();
    assert_eq!(before, after);
}

#[test]
fn keys_for_what_is_being_read_wait_for_it() {
    for (route, keys) in [
        (
            Route::Problems {
                about: About::Everything,
            },
            "down enter",
        ),
        (Route::Runs, "down enter"),
        (docs(None), "n n"),
        (Route::Home, "tab down enter"),
    ] {
        let mut ahead = Portal::open(route.clone(), (120, 40));
        ahead.press_ahead(keys, false);
        ahead.settle();
        let mut portal = Portal::settled(route);
        portal.press(keys);
        assert_eq!(ahead.seen().0, portal.seen().0, "{keys}");
    }
}
