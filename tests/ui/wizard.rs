//! Templates: the gallery, the form page by page, the review, the run.

use std::sync::Arc;

use serde_json::{Value, json};
use stagedoor::app::message::{Answer, EntityDetail, Msg};
use stagedoor::app::task::{Task, TaskEvent, TaskId};
use stagedoor::app::{Effect, Route};
use stagedoor::catalog::{Entity, EntityRef, Provenance};
use stagedoor::scaffolder::run::{
    Event, LogLevel, Report, Status, StepReport, StepState, TreeEntry,
};

use crate::company::Company;
use crate::looks::{self, SIZES};
use crate::screen::{NOW, Screen};

/// A template that asks for one thing of each kind.
fn template() -> Value {
    json!({
        "apiVersion": "scaffolder.backstage.io/v1beta3",
        "kind": "Template",
        "metadata": {"name": "service", "title": "A service", "description": "Makes a **service**."},
        "spec": {
            "type": "service",
            "owner": "team-payments",
            "parameters": [
                {
                    "title": "About",
                    "required": ["name", "owner"],
                    "properties": {
                        "name": {"type": "string", "title": "Name", "pattern": "^[a-z-]+$", "description": "Lower case, with dashes."},
                        "owner": {"type": "string", "title": "Owner", "ui:field": "OwnerPicker"},
                        "language": {"type": "string", "title": "Language", "enum": ["go", "rust"], "default": "go"}
                    }
                },
                {
                    "title": "Repository",
                    "properties": {
                        "repoUrl": {"type": "string", "title": "Where it will live", "ui:field": "RepoUrlPicker",
                            "ui:options": {"allowedHosts": ["github.com"], "allowedOwners": ["acme"]}},
                        "notes": {"type": "string", "title": "Notes", "ui:widget": "textarea"}
                    }
                }
            ],
            "steps": [
                {"id": "fetch", "name": "Write the files", "action": "fetch:template", "input": {"url": "./skeleton"}},
                {"id": "publish", "name": "Make the repository", "action": "publish:github", "input": {}}
            ]
        }
    })
}

pub(crate) fn template_ref() -> EntityRef {
    EntityRef::new("template", "default", "service")
}

/// Acme with the template.
fn acme() -> Company {
    let mut company = Company::acme();
    let entity = Entity {
        entity_ref: template_ref(),
        body: template(),
        provenance: Provenance::default(),
    };
    let detail = EntityDetail {
        code_owners: Vec::new(),
        no_repository: None,
        entity,
        relations: Vec::new(),
        problems: Vec::new(),
    };
    company.details.insert(template_ref(), Arc::new(detail));
    company
}

pub(crate) fn wizard(size: (u16, u16)) -> Screen {
    Screen::open(
        acme(),
        Route::Wizard {
            template: template_ref(),
        },
        size,
    )
}

/// Fills in the first page.
pub(crate) fn fill_in(screen: &mut Screen) {
    screen
        .type_text("audit")
        .press("enter")
        .type_text("payments")
        .press("enter");
}

fn step(name: &str, state: StepState, simulated: bool) -> StepReport {
    StepReport {
        id: name.to_owned(),
        name: name.to_owned(),
        action: "x:y".to_owned(),
        state,
        input: Value::Null,
        output: Value::Null,
        error: None,
        simulated,
        rounds: Vec::new(),
    }
}

pub(crate) fn report(status: Status, error: Option<&str>) -> Arc<Report> {
    let file = |path: &str| TreeEntry {
        path: path.to_owned(),
        mode: 0o644,
        size: 1,
        target: None,
    };
    Arc::new(Report {
        status,
        error: error.map(str::to_owned),
        steps: vec![
            step("Write the files", StepState::Completed, false),
            step(
                "Make the repository",
                if error.is_some() {
                    StepState::Failed
                } else {
                    StepState::Completed
                },
                true,
            ),
        ],
        output: json!({"links": [{"title": "Repository", "url": "https://github.com/acme/audit"}, {"title": "In the catalog", "entityRef": "component:default/audit"}]}),
        tree: vec![
            file("catalog-info.yaml"),
            file("docs/"),
            file("docs/index.md"),
            file("mkdocs.yml"),
        ],
        warnings: Vec::new(),
        plan: None,
    })
}

/// The number under which the last thing of a kind was asked.
fn asked(screen: &Screen, wanted: impl Fn(&Effect) -> Option<u64>) -> u64 {
    screen
        .effects
        .iter()
        .rev()
        .find_map(wanted)
        .expect("it was asked")
}

#[test]
fn the_form_at_every_size() {
    for size in SIZES {
        let mut screen = wizard(size);
        looks::keep("wizard", &screen);
        screen.type_text("Audit!").press("enter").type_text("pay");
        looks::keep("wizard-picker", &screen);
        screen.press("enter enter");
        looks::keep("wizard-wrong", &screen);
    }
}

#[test]
fn the_second_page_and_the_review_at_every_size() {
    for size in SIZES {
        let mut screen = wizard(size);
        fill_in(&mut screen);
        screen
            .press("down enter")
            .type_text("audit")
            .press("enter")
            .type_text("First line");
        looks::keep("wizard-repository", &screen);
        screen.press("ctrl-n");
        plan(&mut screen);
        looks::keep("wizard-review", &screen);
    }
}

/// Answers what the run would make.
pub(crate) fn plan(screen: &mut Screen) {
    let generation = asked(screen, |effect| match effect {
        Effect::PlanRun { generation, .. } => Some(*generation),
        _ => None,
    });
    let report = Ok(report(Status::Completed, None));
    screen.send(Msg::Answer(Answer::Planned { generation, report }));
}

#[test]
fn nothing_runs_before_it_is_known_what_it_would_make_and_only_enter_runs_it() {
    let mut screen = wizard((120, 40));
    fill_in(&mut screen);
    screen
        .press("ctrl-n")
        .type_text("audit")
        .press("ctrl-n enter");
    assert!(screen.text().contains("still being found out"));
    plan(&mut screen);
    screen.press("ctrl-n");
    let runs = |effect: &Effect| matches!(effect, Effect::StartRun { .. });
    assert!(!screen.effects.iter().any(runs));
    screen.press("enter");
    assert!(screen.effects.iter().any(runs));
}

/// A run that was started, and its number.
pub(crate) fn running(size: (u16, u16)) -> (Screen, u64) {
    let mut screen = wizard(size);
    fill_in(&mut screen);
    screen.press("ctrl-n").type_text("audit").press("ctrl-n");
    plan(&mut screen);
    screen.press("enter");
    let generation = asked(&screen, |effect| match effect {
        Effect::StartRun { generation, .. } => Some(*generation),
        _ => None,
    });
    (screen, generation)
}

#[test]
fn the_run_at_every_size() {
    for size in SIZES {
        for (name, status, error) in [
            ("run-done", Status::Completed, None),
            (
                "run-failed",
                Status::Failed,
                Some("github.com: not allowed; set its token in the config"),
            ),
        ] {
            let (mut screen, generation) = running(size);
            let mut tell = |event| screen.send(Msg::Answer(Answer::RunEvent { generation, event }));
            tell(Event::Started { step: 0 });
            let line = "Fetching the skeleton".to_owned();
            tell(Event::Log {
                step: Some(0),
                level: LogLevel::Info,
                line,
            });
            if status == Status::Completed {
                looks::keep("run", &screen);
            }
            let result = Ok(report(status, error));
            screen.send(Msg::Answer(Answer::RunEnded { generation, result }));
            looks::keep(name, &screen);
        }
    }
}

/// The task of a run begins.
pub(crate) fn begun(number: u64) -> Msg {
    Msg::Task(TaskEvent::Started(Task {
        run: Some(number),
        ..Task::new(TaskId(1), "Running A service".to_owned(), NOW - 3)
    }))
}

#[test]
fn a_run_is_stopped_or_left_only_after_a_question() {
    let cancels = |effect: &Effect| matches!(effect, Effect::Cancel(TaskId(1)));
    let quits = |effect: &Effect| matches!(effect, Effect::Quit(0));
    for size in SIZES {
        let (mut screen, generation) = running(size);
        screen.send(begun(generation));
        screen.press("x");
        looks::keep("confirm", &screen);
        screen.press("n");
        assert!(!screen.text().contains("Stop the run"));
        assert!(!screen.effects.iter().any(cancels));
        screen.press("x y");
        assert!(screen.effects.iter().any(cancels));
        // The run goes on behind other pages, too.
        screen.press("H q");
        assert!(screen.text().contains("A template is being run."));
        screen.press("esc");
        assert!(!screen.effects.iter().any(quits));
        let result = Ok(report(Status::Cancelled, None));
        screen.send(Msg::Answer(Answer::RunEnded { generation, result }));
        screen.press("q");
        assert!(screen.effects.iter().any(quits));
    }
}

#[test]
fn a_page_that_is_wrong_is_not_left_and_says_why() {
    let mut screen = wizard((120, 40));
    screen.type_text("Not Right").press("ctrl-n");
    let text = screen.text();
    assert!(text.contains("step 1 of 3"), "{text}");
    assert!(text.contains("✗"), "{text}");
}

#[test]
fn answers_survive_leaving_and_going_back() {
    let mut screen = wizard((120, 40));
    fill_in(&mut screen);
    screen.press("ctrl-n ctrl-p");
    assert!(screen.text().contains("audit"));
    screen.press("esc");
    assert!(screen.model.shared.drafts.contains_key(&template_ref()));
}

#[test]
fn a_run_that_succeeded_forgets_the_draft_and_one_that_failed_keeps_it() {
    for (status, kept) in [(Status::Completed, false), (Status::Failed, true)] {
        let (mut screen, generation) = running((120, 40));
        let result = Ok(report(status, None));
        screen.send(Msg::Answer(Answer::RunEnded { generation, result }));
        assert_eq!(
            screen.model.shared.drafts.contains_key(&template_ref()),
            kept
        );
    }
}

/// Opens a template with one page.
fn asking(page: &Value) -> Screen {
    let template = template_ref();
    asking_at(page, Route::Wizard { template })
}

/// Goes to `route`, where the company's template has the one page.
pub(crate) fn asking_at(page: &Value, route: Route) -> Screen {
    let mut company = acme();
    let mut body = template();
    body["spec"]["parameters"] = json!([page]);
    let entity = Entity {
        entity_ref: template_ref(),
        body,
        provenance: Provenance::default(),
    };
    let detail = EntityDetail {
        code_owners: Vec::new(),
        no_repository: None,
        entity,
        relations: Vec::new(),
        problems: Vec::new(),
    };
    company.details.insert(template_ref(), Arc::new(detail));
    Screen::open(company, route, (120, 40))
}

#[test]
fn what_is_wrong_is_said_as_it_is_typed_and_calmly_until_it_is_left() {
    let mut screen = asking(
        &json!({"title": "About", "required": ["name"], "properties": {
        "name": {"type": "string", "title": "Name", "pattern": "^[a-z]+$"},
        "other": {"type": "string", "title": "Other"}}}),
    );
    assert!(!screen.text().contains("Must"), "{}", screen.text());
    screen.type_text("A");
    let text = screen.text();
    assert!(text.contains("· Must match ^[a-z]+$"), "{text}");
    screen.press("backspace");
    let text = screen.text();
    assert!(!text.contains("Must") && !text.contains("✗"), "{text}");
    screen.type_text("A").press("enter");
    let text = screen.text();
    assert!(text.contains("✗ Must match ^[a-z]+$"), "{text}");
}

#[test]
fn tags_are_offered_with_how_many_have_them_where_the_author_wants_so() {
    for (counts, wanted) in [(true, true), (false, false)] {
        let mut screen = asking(&json!({"title": "About", "properties": {"tags": {
            "type": "array", "title": "Tags", "ui:field": "EntityTagsPicker",
            "ui:options": {"showCounts": counts}}}}));
        screen.type_text("go");
        let text = screen.text();
        let line = text
            .lines()
            .find(|line| line.contains("▌go"))
            .unwrap_or(&text);
        let mut words = line.split_whitespace().skip_while(|word| *word != "▌go");
        let count = words.nth(1).and_then(|word| word.parse::<usize>().ok());
        assert_eq!(count.is_some(), wanted, "{text}");
    }
}

/// A page with a choice of more values than are in sight at once.
fn regions(many: bool) -> Screen {
    let names = [
        "af-south-1",
        "ap-south-1",
        "ca-central-1",
        "eu-central-1",
        "eu-north-1",
        "eu-west-1",
        "us-east-1",
        "us-west-1",
    ];
    let region = if many {
        json!({"type": "array", "title": "Region", "uniqueItems": true, "ui:widget": "checkboxes",
            "items": {"type": "string", "enum": names}})
    } else {
        json!({"type": "string", "title": "Region", "enum": names})
    };
    asking(&json!({"properties": {"region": region}}))
}

#[test]
fn a_long_choice_is_narrowed_by_what_is_typed() {
    let mut screen = regions(false);
    assert!(!screen.text().contains("us-west-1"), "{}", screen.text());
    screen.press("f").type_text("west");
    let text = screen.text();
    assert!(
        text.contains("us-west-1") && !text.contains("us-east-1"),
        "{text}"
    );
    // Enter leaves the field, with what was found as the answer; esc shows all again.
    screen.press("down enter");
    assert!(screen.text().contains("● us-west-1"), "{}", screen.text());
    screen.press("esc");
    let text = screen.text();
    assert!(
        text.contains("● us-west-1") && text.contains("us-east-1"),
        "{text}"
    );
    screen.press("f").type_text("mars").press("enter");
    assert!(
        screen.text().contains("No value has these words;"),
        "{}",
        screen.text()
    );
    screen.press("esc");
    assert!(screen.text().contains("● us-west-1"), "{}", screen.text());

    let mut screen = regions(true);
    screen
        .press("f")
        .type_text("eu")
        .press("enter space down down space esc");
    let text = screen.text();
    assert!(
        text.contains("[x] eu-central-1") && text.contains("[x] eu-west-1"),
        "{text}"
    );
    assert!(text.contains("[ ] eu-north-1"), "{text}");
}

#[test]
fn what_a_form_offers_is_clicked() {
    // One of some values, several of them, behind words as well.
    let mut screen = regions(false);
    screen.click("○ eu-west-1");
    assert!(screen.text().contains("● eu-west-1"), "{}", screen.text());
    let mut screen = regions(true);
    screen.click("[ ] af-south-1").click("[ ] eu-west-1");
    screen.click("[x] af-south-1");
    let text = screen.text();
    assert!(
        text.contains("[ ] af-south-1") && text.contains("[x] eu-west-1"),
        "{text}"
    );
    screen.press("f").type_text("us-").press("enter");
    screen.click("[ ] us-west-1").press("esc");
    assert!(screen.text().contains("[x] us-west-1"), "{}", screen.text());

    // Entities, steps, parts of a repository's place and the answers of the review.
    let mut screen = wizard((120, 40));
    screen.type_text("audit").press("enter").type_text("pay");
    screen.click("team-payments");
    let text = screen.text();
    assert!(text.contains("› group:default/team-payments"), "{text}");
    screen.click("Language").click("○ rust");
    assert!(screen.text().contains("● rust"), "{}", screen.text());
    screen.click("Review");
    assert!(
        screen.text().contains("step 2 of 3"),
        "a repository has no name yet"
    );
    screen.click("name ").type_text("audit");
    screen.click("Review");
    assert!(screen.text().contains("step 3 of 3"), "{}", screen.text());
    screen.click("About");
    assert!(screen.text().contains("step 1 of 3"), "{}", screen.text());
    screen.click("Review");
    plan(&mut screen);
    screen.click("enter runs it");
    let is_run = |effect: &Effect| matches!(effect, Effect::StartRun { .. });
    assert!(screen.effects.iter().any(is_run), "{}", screen.text());
}

#[test]
fn items_of_a_list_are_added_asked_and_taken_out() {
    let mut screen = asking(&json!({"title": "Where", "properties": {"envs": {
        "type": "array", "title": "Environments", "minItems": 1,
        "items": {"type": "object", "required": ["region"], "properties": {
            "region": {"type": "string", "title": "Region"},
            "size": {"type": "integer", "title": "Size", "default": 2}}}}}}));
    screen
        .type_text("eu")
        .press("enter enter enter")
        .type_text("us");
    let text = screen.text();
    for part in [
        "Environments 1",
        "Environments 2",
        "eu",
        "us",
        "add another",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    screen.press("ctrl-x");
    let text = screen.text();
    assert!(
        !text.contains("Environments 2") && text.contains("eu"),
        "{text}"
    );
    let kept = screen.effects.iter().rev().find_map(|effect| match effect {
        Effect::SaveDraft(_, _, Some(draft)) => Some(draft.parameters.clone()),
        _ => None,
    });
    let kept = Value::Object(kept.expect("the draft is kept as it is typed"));
    assert_eq!(kept, json!({"envs": [{"region": "eu", "size": 2}]}));
}

#[test]
fn a_shape_is_chosen_and_one_question_stands_alone() {
    let mut screen = asking(
        &json!({"title": "Data", "properties": {"store": {"type": "object", "title": "Storage", "oneOf": [
        {"title": "None at all", "properties": {"sure": {"type": "boolean", "title": "Sure"}}},
        {"title": "Postgres", "properties": {"disk": {"type": "integer", "title": "Disk", "default": 20}}, "required": ["disk"]}]}}}),
    );
    assert!(screen.text().contains("Sure"), "{}", screen.text());
    screen.press("down");
    let text = screen.text();
    assert!(
        text.contains("Disk") && text.contains("20") && !text.contains("Sure"),
        "{text}"
    );
    screen.press("ctrl-g");
    let text = screen.text();
    assert!(
        text.contains("question 1 of 2") && !text.contains("Disk"),
        "{text}"
    );
}

#[test]
fn secrets_are_in_no_draft() {
    let mut screen = asking(&json!({"title": "Access", "properties": {
        "token": {"type": "string", "title": "Token", "ui:field": "Secret"},
        "password": {"type": "string", "title": "Password", "ui:widget": "password"},
        "name": {"type": "string", "title": "Name"}}}));
    screen
        .type_text("s3cret")
        .press("enter")
        .type_text("hunter2")
        .press("enter")
        .type_text("audit");
    assert!(!screen.text().contains("s3cret") && !screen.text().contains("hunter2"));
    let drafts = screen.effects.iter().filter_map(|effect| match effect {
        Effect::SaveDraft(_, _, Some(draft)) => Some(draft.to_draft()),
        _ => None,
    });
    let drafts: Vec<String> = drafts.collect();
    assert!(drafts.last().is_some_and(|draft| draft.contains("audit")));
    for draft in drafts {
        assert!(
            !draft.contains("s3cret") && !draft.contains("hunter2") && !draft.contains("***"),
            "{draft}"
        );
    }
}
