//! The page of activity: what it looks like, and runs of templates on it: how far they are, stopped, opened, ended.

use stagedoor::app::message::{Answer, Msg};
use stagedoor::app::task::{Task, TaskEvent, TaskId};
use stagedoor::app::{Command, Effect, Notice, Page, Route};
use stagedoor::scaffolder::run::{Event, Status};

use crate::company::Company;
use crate::looks::{self, SIZES};
use crate::screen::{NOW, Screen};
use crate::wizard::{begun, report, running};

/// Says what the world would say of the run: the first of its steps, or how it ended.
fn tell(screen: &mut Screen, event: TaskEvent) {
    screen.send(Msg::Task(event));
}

fn end(screen: &mut Screen, number: u64, status: Status, said: Result<&str, &str>) {
    let result = Ok(report(status, said.err()));
    let generation = number;
    screen.send(Msg::Answer(Answer::RunEnded { generation, result }));
    let said = said
        .map(|text| Some(text.to_owned()))
        .map_err(str::to_owned);
    tell(screen, TaskEvent::Ended(TaskId(1), said));
}

/// A run that is at its second step, behind other pages.
pub(crate) fn behind(size: (u16, u16)) -> (Screen, u64) {
    let (mut screen, number) = running(size);
    screen.send(begun(number));
    let progress = "step 2 of 2: Publish".to_owned();
    tell(&mut screen, TaskEvent::Progress(TaskId(1), progress));
    // Home is all the way back, and the catalog another way: nothing leads to the run.
    screen.press("H C");
    (screen, number)
}

fn shown(screen: &Screen) -> Option<u64> {
    screen.model.page().run()
}

#[test]
fn activity_at_every_size() {
    for size in SIZES {
        let empty = Screen::open(Company::acme(), Route::Activity, size);
        looks::keep("activity-empty", &empty);

        let (mut screen, _) = behind(size);
        let sync = Task {
            quiet: true,
            ..Task::new(TaskId(2), "Reading the sources".to_owned(), NOW - 70)
        };
        let failed = "github.com: not allowed (401); sign in with stagedoor auth login github.com, or set its token in the configuration";
        tell(&mut screen, TaskEvent::Started(sync.clone()));
        tell(
            &mut screen,
            TaskEvent::Ended(TaskId(2), Err(failed.to_owned())),
        );
        screen.send(Msg::Tick(NOW + 40));
        screen.model.say(Notice::done("Copied the reference."));
        screen.send(Msg::Tick(NOW + 90));
        let again = Task {
            id: TaskId(3),
            progress: "120 of 400 repositories".to_owned(),
            since: NOW + 80,
            ..sync
        };
        tell(&mut screen, TaskEvent::Started(again));
        screen.press("A j");
        looks::keep("activity", &screen);
        screen.press("j j");
        looks::keep("activity-failed", &screen);
    }
}

#[test]
fn a_run_is_told_of_everywhere_but_on_its_own_page() {
    let (mut screen, number) = behind((120, 40));
    let told = "Running A service · step 2 of 2: Publish";
    assert!(screen.text().contains(told), "{}", screen.text());
    screen.press("A enter");
    assert_eq!(shown(&screen), Some(number));
    assert!(!screen.text().contains(told), "{}", screen.text());
    screen.press("esc");
    assert!(matches!(screen.model.page(), Page::Activity(_)));
    // Its page is there once, and is found wherever it is.
    screen.press("enter esc enter");
    let pages = screen.model.pages.iter().chain(&screen.model.ahead);
    let pages = pages.chain(&screen.model.parked);
    assert_eq!(pages.filter(|page| page.run().is_some()).count(), 1);
}

#[test]
fn what_happens_meanwhile_reaches_a_page_that_nothing_leads_to() {
    let (mut screen, generation) = behind((120, 40));
    let event = Event::Log {
        step: Some(0),
        level: stagedoor::scaffolder::run::LogLevel::Info,
        line: "Heard behind the scene".to_owned(),
    };
    screen.send(Msg::Answer(Answer::RunEvent { generation, event }));
    screen.press("A enter");
    assert!(
        screen.text().contains("Heard behind the scene"),
        "{}",
        screen.text()
    );
}

#[test]
fn a_run_is_stopped_from_anywhere_after_a_question() {
    let cancels = |effect: &Effect| matches!(effect, Effect::Cancel(TaskId(1)));
    for keys in ["A x", "X"] {
        let (mut screen, _) = behind((120, 40));
        screen.press(keys);
        assert!(screen.text().contains("Stop the run"), "{}", screen.text());
        assert!(!screen.effects.iter().any(cancels));
        screen.press("y");
        assert!(screen.effects.iter().any(cancels));
        assert!(screen.text().contains("stopping"), "{}", screen.text());
    }
    // Other work is stopped at once.
    let mut screen = Screen::open(Company::acme(), Route::Activity, (120, 40));
    let sync = Task::new(TaskId(1), "Reading the sources".to_owned(), NOW);
    tell(&mut screen, TaskEvent::Started(sync));
    screen.press("x");
    assert!(screen.effects.iter().any(cancels));
}

#[test]
fn what_came_of_a_run_stands_in_the_log_and_leads_to_it() {
    for (status, said, word) in [
        (
            Status::Completed,
            Ok("The run of A service is done."),
            "done",
        ),
        (
            Status::Failed,
            Err("The run of A service failed at Publish: no lights"),
            "failed",
        ),
    ] {
        let (mut screen, number) = behind((120, 40));
        end(&mut screen, number, status, said);
        let text = said.unwrap_or_else(|error| error);
        assert!(
            screen.text().contains(text),
            "it is said: {}",
            screen.text()
        );
        screen.press("A");
        let on_page = screen.text();
        assert!(
            on_page.contains(text) && on_page.contains(word),
            "{on_page}"
        );
        assert!(!on_page.contains("try it again"), "{on_page}");
        screen.press("enter");
        assert_eq!(shown(&screen), Some(number));
    }
}

#[test]
fn a_run_that_was_stopped_is_no_success_and_one_that_is_looked_at_is_not_told() {
    let (mut screen, number) = behind((120, 40));
    screen.press("X y");
    let said = "The run of A service stopped before Publish.";
    end(&mut screen, number, Status::Cancelled, Ok(said));
    assert!(
        screen.text().contains(&format!("○ {said}")),
        "{}",
        screen.text()
    );

    let (mut screen, number) = running((120, 40));
    screen.send(begun(number));
    end(
        &mut screen,
        number,
        Status::Completed,
        Ok("The run of A service is done."),
    );
    assert!(screen.model.notice.is_none());
    screen.press("A");
    assert!(screen.text().contains("The run of A service is done."));
}

#[test]
fn of_runs_that_are_long_over_the_page_of_runs_tells() {
    let (mut screen, number) = behind((120, 40));
    end(
        &mut screen,
        number,
        Status::Completed,
        Ok("The run of A service is done."),
    );
    screen.model.parked.clear();
    screen.model.ahead.clear();
    screen.press("A enter");
    assert!(matches!(screen.model.page(), Page::Runs(_)));
    assert_eq!(screen.model.why_not(Command::GoActivity), None);
}
