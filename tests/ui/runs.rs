//! The page of runs: what it looks like, and where its keys lead.

use std::sync::Arc;

use serde_json::{Value, json};
use stagedoor::app::message::{Answer, Msg};
use stagedoor::app::page::runs::Kept;
use stagedoor::app::{Effect, Route};
use stagedoor::scaffolder::journal::{Record, State};
use stagedoor::scaffolder::run::{LogLevel, Made, Status, StepReport, StepState, Thing};

use crate::company::Company;
use crate::screen::{NOW, Screen};

fn step(name: &str, action: &str, state: StepState) -> StepReport {
    StepReport {
        id: name.to_lowercase(),
        name: name.to_owned(),
        action: action.to_owned(),
        state,
        input: Value::Null,
        output: Value::Null,
        error: None,
        simulated: false,
        rounds: Vec::new(),
    }
}

fn kept(id: &str, title: &str, state: State, ago: u64) -> Kept {
    let (status, last) = match state {
        State::Ended(status @ Status::Failed) => (Some(status), StepState::Failed),
        State::Ended(status) => (Some(status), StepState::Completed),
        State::Running | State::BrokenOff => (None, StepState::Running),
    };
    let made = Made {
        step: "publish".to_owned(),
        kind: Thing::Repository,
        host: "github.com".to_owned(),
        name: "acme/audit".to_owned(),
        id: Some("7".to_owned()),
        url: "https://github.com/acme/audit".to_owned(),
        path: "/repos/acme/audit".to_owned(),
    };
    let is_failed = status == Some(Status::Failed);
    let output =
        json!({ "links": [{ "title": "Repository", "url": "https://github.com/acme/audit" }] });
    let record = Record {
        id: id.to_owned(),
        template: "template:default/go-service".to_owned(),
        title: title.to_owned(),
        location: "file:/t.yaml".to_owned(),
        source: "demo".to_owned(),
        by: Some("user:default/ada.lindgren".to_owned()),
        task_id: id.to_owned(),
        started: NOW - ago,
        attempts: 1,
        ended: status.map(|_| NOW - ago + 5),
        parameters: json!({ "name": "audit", "port": 8080 })
            .as_object()
            .cloned()
            .unwrap(),
        withheld: vec!["/token".to_owned()],
        remember: false,
        update: None,
        out: None,
        repositories: None,
        status,
        error: is_failed.then(|| "git push failed: remote: No lights after nine.".to_owned()),
        steps: vec![
            step("Write", "fetch:template", StepState::Completed),
            step("Publish", "publish:github", last),
        ],
        made: vec![made],
        output: if is_failed { Value::Null } else { output },
        warnings: Vec::new(),
        is_kept: false,
        tree: Vec::new(),
    };
    Kept { record, state }
}

/// The page, with what the world answers to its questions.
fn open(runs: Vec<Kept>, size: (u16, u16)) -> Screen {
    let mut screen = Screen::open(Company::acme(), Route::Runs, size);
    let first = runs.first().map(|kept| kept.record.id.clone());
    screen.send(Msg::Answer(Answer::Runs(Arc::new(runs))));
    if let Some(id) = first {
        let line = |level, text: &str| ("publish".to_owned(), level, text.to_owned());
        let log = vec![
            line(LogLevel::Info, "Beginning step Publish"),
            line(
                LogLevel::Error,
                "git push failed: remote: No lights after nine.",
            ),
        ];
        screen.send(Msg::Answer(Answer::RunLog(id, Arc::new(log))));
    }
    screen
}

fn some() -> Vec<Kept> {
    vec![
        kept("3", "Go service", State::Ended(Status::Failed), 90),
        kept("2", "Go service", State::Ended(Status::Completed), 4_000),
        kept("1", "Docs site", State::BrokenOff, 200_000),
    ]
}

fn look(name: &str, runs: &[Kept], keys: &str) {
    for size in [(120, 40), (80, 24), (40, 12)] {
        let mut screen = open(runs.to_vec(), size);
        if !keys.is_empty() {
            screen.press(keys);
        }
        insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("{name}-{}x{}", size.0, size.1), screen.text());
        });
    }
}

#[test]
fn the_page_of_runs() {
    look("runs", &some(), "");
    look("runs-whole", &some(), "enter");
    look("runs-done", &some(), "down");
    look("runs-none", &[], "");
}

#[test]
fn a_run_that_failed_goes_on_from_the_review_of_its_form() {
    let mut screen = open(some(), (120, 40));
    screen.press("u");
    let asks = |effect: &Effect| matches!(effect, Effect::LoadDraft(_));
    let text = screen.text();
    assert!(
        screen.effects.iter().any(asks) || text.contains("step "),
        "{text}"
    );
}

#[test]
fn one_that_is_done_does_not() {
    let mut screen = open(some(), (120, 40));
    screen.press("down").press("u");
    let text = screen.text();
    assert!(text.contains("It is done."), "{text}");
}

#[test]
fn a_long_log_is_walked_and_never_left_behind() {
    let mut screen = open(some(), (80, 24));
    let log = (0..100).map(|n| (String::new(), LogLevel::Info, format!("line {n}")));
    let log = Answer::RunLog("3".to_owned(), Arc::new(log.collect()));
    screen.send(Msg::Answer(log));
    screen.press("enter").press("G");
    assert!(screen.text().contains("line 99"));
    screen.press("up");
    let text = screen.text();
    assert!(
        text.contains("line 98") && !text.contains("line 99"),
        "one key, one line: {text}"
    );
    screen.press("g");
    assert!(screen.text().contains("state"));
    screen.press("esc");
    assert!(
        screen.text().contains("Docs site"),
        "the list is there again"
    );
}
