//! The repositories that came from a template, and bringing them up to date.

use std::sync::Arc;

use stagedoor::app::message::{Answer, Msg};
use stagedoor::app::{Effect, Route};
use stagedoor::catalog::EntityRef;
use stagedoor::scaffolder::update::Generated;

use crate::company::Company;
use crate::looks::{self, SIZES};
use crate::picture;
use crate::screen::Screen;

fn template() -> EntityRef {
    "template:default/go-service".parse().unwrap()
}

fn made(repository: &str, behind: Option<usize>) -> Generated {
    Generated {
        repository: repository.to_owned(),
        entity: "component:default/payment-gateway".parse().ok(),
        template: template().to_string(),
        revisions: Some((
            "4f1c0d1e5b0a7f3f7f0c2b1d9a8e6c5d4b3a2910".to_owned(),
            "9a8e6c5d4b3a29104f1c0d1e5b0a7f3f7f0c2b1d".to_owned(),
        )),
        behind,
        proposed: None,
        error: None,
    }
}

/// One whose update is proposed already.
fn proposed() -> Generated {
    Generated {
        proposed: Some("https://github.com/acme/beacon/pull/7".to_owned()),
        ..made("github.com/acme/beacon", Some(2))
    }
}

pub(crate) fn some() -> Vec<Generated> {
    vec![
        made("github.com/acme/payment-gateway", Some(12)),
        made("github.com/acme/ledger", Some(1)),
        proposed(),
        made("github.com/acme/checkout", Some(0)),
        made("github.com/acme/moved-away", None),
        Generated {
            error: Some("github.com does not answer: the connection timed out".to_owned()),
            revisions: None,
            ..made(
                "github.com/acme-labs/a-repository-with-quite-a-long-name",
                None,
            )
        },
        Generated {
            revisions: None,
            ..made("/work/forgotten", None)
        },
    ]
}

fn open(found: Result<Vec<Generated>, String>, size: (u16, u16)) -> Screen {
    let template = template();
    let route = Route::Generated {
        template: template.clone(),
    };
    let mut screen = Screen::open(Company::acme(), route, size);
    let found = found.map(Arc::new);
    screen.send(Msg::Answer(Answer::Generated(template, found)));
    screen
}

fn look(name: &str, found: &Result<Vec<Generated>, String>, keys: &str) {
    for size in SIZES {
        let mut screen = open(found.clone(), size);
        if !keys.is_empty() {
            screen.press(keys);
        }
        looks::keep(name, &screen);
    }
}

#[test]
fn the_repositories_of_a_template() {
    look("generated", &Ok(some()), "");
    look("generated-unknown", &Ok(some()), "down down down down down");
    look("generated-none", &Ok(Vec::new()), "");
    let shown = open(Ok(some()), (100, 30));
    picture::take("drift", "What came from a template", &shown);
}

#[test]
fn one_is_updated_or_all_and_then_they_are_asked_for_again() {
    let mut screen = open(Ok(some()), (80, 24));
    screen.press("down u");
    let of_template = "template update --template template:default/go-service";
    let words = |screen: &mut Screen| match screen.effects.pop() {
        Some(Effect::InTerminal(words)) => words.join(" "),
        other => format!("{other:?}"),
    };
    let one = format!("{of_template} github.com/acme/ledger");
    assert_eq!(words(&mut screen), one);
    screen.press("a");
    assert_eq!(words(&mut screen), format!("{of_template} --all"));
    screen.send(Msg::Answer(Answer::Updated));
    assert!(matches!(
        screen.effects.last(),
        Some(Effect::LoadGenerated(_))
    ));

    let mut screen = open(Ok(some()), (80, 24));
    screen.press("down down down u");
    let updates = |effect: &Effect| matches!(effect, Effect::InTerminal(_));
    assert!(!screen.effects.iter().any(updates));
    assert!(screen.text().contains("It is up to date."));
}

#[test]
fn the_request_of_an_update_that_is_proposed_is_opened() {
    let mut screen = open(Ok(some()), (80, 24));
    screen.press("o");
    assert!(screen.text().contains("No update of it is proposed."));
    screen.press("down down o");
    let opened = screen.effects.pop();
    assert!(
        matches!(&opened, Some(Effect::OpenUrl(url)) if url == "https://github.com/acme/beacon/pull/7"),
        "{opened:?}"
    );
}
