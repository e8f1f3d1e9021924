//! The repositories that came from a template, and bringing them up to date.

use std::sync::Arc;

use stagedoor::app::message::{Answer, Msg};
use stagedoor::app::{Effect, Route};
use stagedoor::catalog::EntityRef;
use stagedoor::scaffolder::update::Generated;

use crate::company::Company;
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
        error: None,
    }
}

fn some() -> Vec<Generated> {
    vec![
        made("github.com/acme/payment-gateway", Some(12)),
        made("github.com/acme/ledger", Some(1)),
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
    for size in [(120, 40), (80, 24), (40, 12)] {
        let mut screen = open(found.clone(), size);
        if !keys.is_empty() {
            screen.press(keys);
        }
        insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("{name}-{}x{}", size.0, size.1), screen.text());
        });
    }
}

#[test]
fn the_repositories_of_a_template() {
    look("generated", &Ok(some()), "");
    look("generated-unknown", &Ok(some()), "down down down down");
    look("generated-none", &Ok(Vec::new()), "");
}

#[test]
fn one_is_updated_or_all_and_then_they_are_asked_for_again() {
    let mut screen = open(Ok(some()), (80, 24));
    screen.press("down u");
    let one = screen.effects.pop();
    assert!(
        matches!(&one, Some(Effect::UpdateGenerated { repository: Some(name), .. }) if name == "github.com/acme/ledger"),
        "{one:?}"
    );
    screen.press("a");
    let all = screen.effects.pop();
    assert!(
        matches!(
            &all,
            Some(Effect::UpdateGenerated {
                repository: None,
                ..
            })
        ),
        "{all:?}"
    );
    screen.send(Msg::Answer(Answer::Updated));
    assert!(matches!(
        screen.effects.last(),
        Some(Effect::LoadGenerated(_))
    ));

    let mut screen = open(Ok(some()), (80, 24));
    screen.press("down down u");
    let updates = |effect: &Effect| matches!(effect, Effect::UpdateGenerated { .. });
    assert!(!screen.effects.iter().any(updates));
    assert!(screen.text().contains("It is up to date."));
}
