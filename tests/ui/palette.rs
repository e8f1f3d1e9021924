//! The palette on every screen: each command that it lists is run, nothing panics, what cannot be done says why, and esc
//! leads home from wherever that went.

use stagedoor::app::command::Command;
use stagedoor::app::overlay::finder::Finder;
use stagedoor::app::{Effect, EntityTab, Overlay, Route};

use crate::any::routes;
use crate::company::Company;
use crate::screen::Screen;

/// So many levels one is away from home at most, once something was done on a page.
const LEVELS: usize = 8;

fn palette(screen: &mut Screen) -> &mut Finder {
    match &mut screen.model.overlay {
        Some(Overlay::Finder(finder)) => finder,
        other => panic!("no palette: {other:?}"),
    }
}

/// Opens the palette over a page, from its form too, where a colon is text.
fn open(company: &Company, route: &Route) -> Screen {
    let mut screen = Screen::open(company.clone(), route.clone(), (80, 24));
    screen.send(stagedoor::app::Msg::Command(Command::Palette));
    screen.settle();
    screen
}

fn is_home(screen: &Screen) -> bool {
    let model = &screen.model;
    model.pages.len() == 1 && model.overlay.is_none() && !model.page().typing()
}

#[test]
fn why_not_is_read_whole_on_every_screen() {
    let company = Company::acme();
    for size in [(40, 12), (80, 24), (120, 40)] {
        let route = Route::Entity {
            entity_ref: "component:checkout".parse().unwrap(),
            tab: EntityTab::Overview,
        };
        let mut screen = Screen::open(company.clone(), route, size);
        screen.send(stagedoor::app::Msg::Command(Command::Palette));
        screen.settle();
        let rows = palette(&mut screen).rows.len();
        let mut refused = 0;
        for row in 0..rows {
            let info = palette(&mut screen).action(row).expect("an action");
            if let Some(why) = screen.model.why_not(info.command) {
                let text = screen.text();
                // Below the list or beside it: the words of one sentence, on as many lines as they need.
                let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
                let inside = |line: &str| line.rsplit('│').nth(1).map(words).unwrap_or_default();
                let read = text.lines().map(inside).collect::<Vec<_>>().join(" ");
                assert!(
                    read.contains(&words(why)),
                    "{size:?} {}: {why}\n{text}",
                    info.id
                );
                refused += 1;
            }
            screen.press("down");
        }
        assert!(refused > 3, "{refused}");
    }
}

#[test]
fn every_command_of_every_screen_is_run_from_the_palette() {
    let company = Company::acme();
    let mut run = 0;
    for route in routes() {
        let rows = palette(&mut open(&company, &route)).rows.len();
        assert!(rows > 10, "{route:?}");
        for row in 0..rows {
            let mut screen = open(&company, &route);
            let finder = palette(&mut screen);
            finder.cursor.selected = row;
            let info = finder.action(row).expect("the palette lists actions alone");
            let why = screen.model.why_not(info.command);
            screen.press("enter");
            let said = screen.model.notice.as_ref();
            let what = format!("{} on {route:?}", info.id);
            if let Some(why) = why {
                assert_eq!(said.map(|it| it.text.as_str()), Some(why), "{what}");
                assert!(why.ends_with('.') && why.contains(' '), "{what}: {why}");
            }
            let mut levels = 0;
            while !is_home(&screen) {
                assert!(
                    levels < LEVELS,
                    "esc does not lead home after {what}\n{}",
                    screen.text()
                );
                screen.press("esc");
                levels += 1;
            }
            let left = |effect: &Effect| matches!(effect, Effect::Quit(_));
            let leaves = matches!(
                info.command,
                Command::Quit | Command::Interrupt | Command::HomeLeave | Command::Back
            );
            assert!(leaves || !screen.effects.iter().any(left), "{what}");
            run += 1;
        }
    }
    assert!(run > 500, "{run}");
}
