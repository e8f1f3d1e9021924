//! The page of runs: what it looks like, and where its keys lead.

use std::sync::Arc;

use serde_json::{Value, json};
use stagedoor::app::message::{Answer, Msg};
use stagedoor::app::page::runs::Kept;
use stagedoor::app::{Effect, Page, Route};
use stagedoor::scaffolder::journal::{Record, State};
use stagedoor::scaffolder::run::{Event, LogLevel, Made, Status, StepReport, StepState, Thing};
use stagedoor::scaffolder::update::{Target, Wish};

use crate::company::Company;
use crate::looks::{self, SIZES};
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
pub(crate) fn open(runs: Vec<Kept>, size: (u16, u16)) -> Screen {
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

pub(crate) fn some() -> Vec<Kept> {
    vec![
        kept("3", "Go service", State::Ended(Status::Failed), 90),
        kept("2", "Go service", State::Ended(Status::Completed), 4_000),
        kept("1", "Docs site", State::BrokenOff, 200_000),
    ]
}

fn look(name: &str, runs: &[Kept], keys: &str) {
    for size in SIZES {
        let mut screen = open(runs.to_vec(), size);
        if !keys.is_empty() {
            screen.press(keys);
        }
        looks::keep(name, &screen);
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
fn what_begins_and_ends_meanwhile_is_listed_and_whoever_reads_stays_where_they_are() {
    let loads = |effect: &Effect| matches!(effect, Effect::LoadRuns);
    let mut screen = open(some(), (120, 40));
    let generation = 1;
    for answer in [
        Answer::RunEvent {
            generation,
            event: Event::Started { step: 0 },
        },
        Answer::RunKept {
            generation,
            id: "4".to_owned(),
        },
    ] {
        screen.effects.clear();
        screen.send(Msg::Answer(answer));
        assert!(screen.effects.iter().any(loads));
    }
    let line = || (1..60).map(|n| (String::new(), LogLevel::Info, format!("line {n}")));
    let log = |id: &str| Msg::Answer(Answer::RunLog(id.to_owned(), Arc::new(line().collect())));
    let id = |screen: &Screen| match screen.model.page() {
        Page::Runs(page) => page.selected().map(|kept| kept.record.id.clone()),
        _ => None,
    };
    let more = |first: &str| {
        let mut more = vec![kept(first, "Go service", State::Running, 1)];
        more.extend(some());
        Msg::Answer(Answer::Runs(Arc::new(more)))
    };
    // On top one sees what is new; whoever reads another one, or one whole, goes on reading it.
    screen.send(more("4"));
    assert_eq!(id(&screen).as_deref(), Some("4"));
    screen.press("down enter");
    screen.send(log("3"));
    screen.press("G");
    let text = screen.text();
    screen.send(more("5"));
    screen.send(log("3"));
    assert_eq!(id(&screen).as_deref(), Some("3"));
    assert_eq!(screen.text(), text);
}

#[test]
fn one_that_is_done_does_not() {
    let mut screen = open(some(), (120, 40));
    screen.press("down").press("u");
    let text = screen.text();
    assert!(text.contains("It is done."), "{text}");
}

/// The words of the command that the last key ran in the terminal.
fn in_terminal(screen: &mut Screen) -> Option<String> {
    match screen.effects.pop()? {
        Effect::InTerminal(words) => Some(words.join(" ")),
        _ => None,
    }
}

#[test]
fn what_a_failed_run_made_is_removed_in_the_terminal_which_asks() {
    let mut screen = open(some(), (120, 40));
    screen.press("x");
    assert_eq!(in_terminal(&mut screen).as_deref(), Some("runs clean 3"));
    screen.send(Msg::Answer(Answer::Updated));
    assert!(matches!(screen.effects.last(), Some(Effect::LoadRuns)));
    screen.press("down").press("x");
    assert!(
        screen.text().contains("It left nothing"),
        "{}",
        screen.text()
    );
}

#[test]
fn an_update_that_failed_goes_on_in_the_terminal() {
    let mut update = kept("3", "Update of github.com/acme/audit", State::BrokenOff, 90);
    update.record.update = Some(Wish {
        target: Target::Hosted {
            kind: "github".to_owned(),
            host: "github.com".to_owned(),
            name: "acme/audit".to_owned(),
        },
        template: "template:default/go-service".to_owned(),
        branch: None,
        from: None,
        to: None,
        conflicts: true,
        request: true,
    });
    let mut screen = open(vec![update], (120, 40));
    screen.press("u");
    assert_eq!(in_terminal(&mut screen).as_deref(), Some("runs resume 3"));
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
