//! Templates: the gallery, the form page by page, the review, the run.

use std::sync::Arc;

use serde_json::{Value, json};
use stagedoor::app::message::{Answer, EntityDetail, Msg};
use stagedoor::app::{Effect, Route};
use stagedoor::catalog::{Entity, EntityRef, Provenance};
use stagedoor::scaffolder::run::{
    Event, LogLevel, Report, Status, StepReport, StepState, TreeEntry,
};

use crate::company::Company;
use crate::pages::SIZES;
use crate::screen::Screen;

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

fn template_ref() -> EntityRef {
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

fn wizard(size: (u16, u16)) -> Screen {
    Screen::open(
        acme(),
        Route::Wizard {
            template: template_ref(),
        },
        size,
    )
}

fn look(name: &str, screen: &Screen) {
    let (columns, rows) = screen.model.shared.size;
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(format!("{name}-{columns}x{rows}"), screen.text());
    });
}

/// Fills in the first page.
fn fill_in(screen: &mut Screen) {
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

fn report(status: Status, error: Option<&str>) -> Arc<Report> {
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
        look("wizard", &screen);
        screen.type_text("Audit!").press("enter").type_text("pay");
        look("wizard-picker", &screen);
        screen.press("enter enter");
        look("wizard-wrong", &screen);
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
        look("wizard-repository", &screen);
        screen.press("ctrl-n");
        plan(&mut screen);
        look("wizard-review", &screen);
    }
}

/// Answers what the run would make.
fn plan(screen: &mut Screen) {
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
            let mut screen = wizard(size);
            fill_in(&mut screen);
            screen.press("ctrl-n").type_text("audit").press("ctrl-n");
            plan(&mut screen);
            screen.press("enter");
            let generation = asked(&screen, |effect| match effect {
                Effect::StartRun { generation, .. } => Some(*generation),
                _ => None,
            });
            let mut tell = |event| screen.send(Msg::Answer(Answer::RunEvent { generation, event }));
            tell(Event::Started { step: 0 });
            let line = "Fetching the skeleton".to_owned();
            tell(Event::Log {
                step: Some(0),
                level: LogLevel::Info,
                line,
            });
            if status == Status::Completed {
                look("run", &screen);
            }
            let result = Ok(report(status, error));
            screen.send(Msg::Answer(Answer::RunEnded { generation, result }));
            look(name, &screen);
        }
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
        let mut screen = wizard((120, 40));
        fill_in(&mut screen);
        screen.press("ctrl-n").type_text("audit").press("ctrl-n");
        plan(&mut screen);
        screen.press("enter");
        let generation = asked(&screen, |effect| match effect {
            Effect::StartRun { generation, .. } => Some(*generation),
            _ => None,
        });
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
    Screen::open(
        company,
        Route::Wizard {
            template: template_ref(),
        },
        (120, 40),
    )
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
