//! Runs that go on where they ended: their answers, what was agreed to, and what has to be given again.

use std::sync::Arc;

use serde_json::json;
use stagedoor::app::message::{Answer, Msg};
use stagedoor::app::route::Earlier;
use stagedoor::app::{Effect, Route};
use stagedoor::scaffolder::Answers;
use stagedoor::scaffolder::run::{Report, Status};

use crate::screen::Screen;
use crate::wizard::{asking_at, report, template_ref};

/// The form of a run that failed at its push, which was answered so.
fn going_on(answers: Answers) -> Screen {
    let route = Route::Resume {
        template: template_ref(),
        earlier: Arc::new(Earlier {
            run: "7".to_owned(),
            answers,
            withheld: vec!["token".to_owned(), "/pin".to_owned()],
            remember: true,
            step: Some("Make the repository".to_owned()),
        }),
    };
    let page = json!({"title": "Access", "properties": {
        "name": {"type": "string", "title": "Name"},
        "token": {"type": "string", "title": "Token", "ui:field": "Secret"},
        "pin": {"type": "string", "title": "Pin", "ui:widget": "password"}}});
    asking_at(&page, route)
}

fn named() -> Answers {
    let mut answers = Answers::new();
    answers.parameters.insert("name".to_owned(), "audit".into());
    answers
}

/// Lets the run be planned as `report`, and answers what was asked for.
fn plan(screen: &mut Screen, report: Arc<Report>) {
    let generation = screen.effects.iter().rev().find_map(|effect| match effect {
        Effect::PlanRun { generation, .. } => Some(*generation),
        _ => None,
    });
    let generation = generation.expect("the review asks for a plan");
    let report = Ok(report);
    screen.send(Msg::Answer(Answer::Planned { generation, report }));
}

#[test]
fn secrets_are_asked_for_again_and_the_rest_stays_agreed() {
    let mut screen = going_on(named());
    let text = screen.text();
    assert!(text.contains("Templates › A service › Go on"), "{text}");
    assert!(text.contains("audit"), "{text}");
    assert!(
        text.contains("Secrets are not kept; give it again"),
        "{text}"
    );
    screen.press("ctrl-n");
    assert!(screen.text().contains("step 1 of 2"), "it is not left so");
    screen.type_text("s3cret").press("enter").type_text("1234");
    screen.press("ctrl-n");
    let text = screen.text();
    assert!(text.contains("Goes on at Make the repository"), "{text}");
    assert!(text.contains("remember answers: yes"), "{text}");
    plan(&mut screen, report(Status::Completed, None));
    screen.press("enter");
    let order = screen.effects.iter().find_map(|effect| match effect {
        Effect::StartRun { order, .. } => Some(order.clone()),
        _ => None,
    });
    let order = order.expect("it goes on");
    assert_eq!(order.earlier.as_deref(), Some("7"));
    assert!(order.remember);
}

#[test]
fn with_all_that_is_needed_it_goes_on_from_the_review() {
    let mut answers = named();
    answers.secrets.set("token", "s3cret".to_owned());
    answers.parameters.insert("pin".to_owned(), "1234".into());
    let screen = going_on(answers);
    assert!(screen.text().contains("step 2 of 2"), "{}", screen.text());
}
