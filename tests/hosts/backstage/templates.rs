//! Templates that run in a running Backstage: begun, watched, stopped and tried there.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Map, Value, json};
use stagedoor::catalog::EntityRef;
use stagedoor::scaffolder::run::{Event, Job, Report, Status, StepState};
use stagedoor::scaffolder::{Answers, Template};
use stagedoor::sync::Session;
use stagedoor::sync::outside::Hosts;
use stagedoor::sync::runs;

use super::super::Desk;
use super::super::instance::{Door, Fault, Instance};

const SECRET: &str = "hunter-2-secret";

pub(super) fn template() -> Value {
    let location = "url:https://git.acme.dev/t/template.yaml";
    json!({
        "apiVersion": "scaffolder.backstage.io/v1beta3", "kind": "Template",
        "metadata": {
            "name": "svc", "namespace": "default", "uid": "1", "etag": "e",
            "annotations": {"backstage.io/managed-by-location": location, "backstage.io/managed-by-origin-location": location},
        },
        "spec": {
            "type": "service",
            "parameters": {"properties": {"name": {"type": "string"}}},
            "steps": [
                {"id": "make", "name": "Make", "action": "acme:make"},
                {"id": "tell", "name": "Tell", "action": "acme:tell"},
            ],
        },
        "relations": [],
    })
}

fn log(id: u64, step: &str, status: &str, message: &str) -> Value {
    let mut body = json!({"message": message});
    for (key, value) in [("stepId", step), ("status", status)] {
        if !value.is_empty() {
            body[key] = value.into();
        }
    }
    json!({"id": id, "taskId": "task-1", "type": "log", "body": body})
}

fn ending(id: u64, body: &Value) -> Value {
    json!({"id": id, "taskId": "task-1", "type": "completion", "body": body})
}

/// What a task that goes well tells, its stream breaking off three times.
pub(super) fn course() -> Vec<Vec<Value>> {
    let output = json!({"links": [{"title": "Repo", "url": "https://git.acme.dev/x"}, {"title": "Entity", "entityRef": "component:default/x"}]});
    vec![
        vec![
            log(1, "", "", "Starting up task with 2 steps"),
            log(2, "make", "processing", "Beginning step Make"),
        ],
        vec![log(
            3,
            "make",
            "",
            &format!("\u{1b}[32minfo\u{1b}[39m: with {SECRET}"),
        )],
        vec![
            log(4, "make", "completed", "Finished step Make"),
            log(5, "tell", "skipped", "Skipping step Tell"),
            ending(
                6,
                &json!({"message": "Run completed with status: completed", "output": output}),
            ),
        ],
    ]
}

/// The desk and the session of an instance that has one template.
async fn desk(instance: &Instance) -> (Desk, Arc<Session>) {
    let (desk, source) = (Desk::new(), format!("backstage:{}", instance.url()));
    desk.sync(&source).await;
    instance.requests();
    let session = Arc::new(desk.session(&source));
    (desk, session)
}

/// Runs the template of `session` with `values`; stops it as `stop` says.
async fn run(
    session: &Arc<Session>,
    values: Value,
    dry_run: bool,
    stop: impl Fn(usize) -> bool + Send + 'static,
) -> (Report, Vec<Event>, Vec<String>) {
    let session = Arc::clone(session);
    let done = tokio::task::spawn_blocking(move || {
        let entity_ref = EntityRef::new("template", "default", "svc");
        let entity = session.store.entity(&entity_ref).unwrap().unwrap().entity;
        let template = Template::read(&entity).unwrap();
        let mut answers = Answers::new();
        answers.parameters.clone_from(values.as_object().unwrap());
        answers.secrets.set("TOKEN", SECRET.to_owned());
        let dir = tempfile::tempdir().unwrap();
        let job = Job {
            template: &template,
            answers: &answers,
            user: Value::Null,
            task_id: "1".to_owned(),
            started: 1_700_000_000,
            past: None,
            workspace: &dir.path().join("work"),
            repositories: None,
            dry_run,
            strict: false,
            mocks: Map::new(),
            aim: stagedoor::scaffolder::run::Aim::Plain,
        };
        let hosts = Hosts::new(Arc::clone(&session), Arc::clone(&session.store));
        let (mut events, heard) = (Vec::new(), AtomicUsize::new(0));
        // As the portal hears them: in a way that may block.
        let (sender, mut receiver) = tokio::sync::mpsc::channel(100);
        let report = runs::carry_out(
            &session,
            &job,
            &hosts,
            &|| stop(heard.load(Ordering::Relaxed)),
            &mut |event| {
                heard.fetch_add(1, Ordering::Relaxed);
                sender.blocking_send(event).unwrap();
                events.extend(receiver.blocking_recv());
            },
        );
        let made = dir.path().join("work/src/main.rs");
        let made = std::fs::read_to_string(made).into_iter().collect();
        (report, events, made)
    });
    done.await.unwrap()
}

fn states(report: &Report) -> Vec<StepState> {
    report.steps.iter().map(|step| step.state).collect()
}

fn lines(events: &[Event]) -> Vec<&str> {
    let mut lines = Vec::new();
    for event in events {
        if let Event::Log { line, .. } = event {
            lines.push(line.as_str());
        }
    }
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_runs_there_and_is_followed_however_often_the_stream_breaks_off() {
    let instance = Instance::start(vec![template()], Door::Guests).await;
    instance.run_templates(json!([]), course());
    let (desk, session) = desk(&instance).await;
    let (report, events, _) = run(&session, json!({"name": "x"}), false, |_| false).await;
    assert_eq!(report.status, Status::Completed, "{report:?}");
    assert_eq!(states(&report), [StepState::Completed, StepState::Skipped]);
    let links: Vec<_> = report.links().into_iter().map(|link| link.title).collect();
    assert_eq!(links, ["Repo", "Entity"]);
    assert_eq!(
        lines(&events)[1..],
        [
            "Starting up task with 2 steps",
            "Beginning step Make",
            "with ***",
            "Finished step Make",
            "Skipping step Tell"
        ]
    );
    assert!(
        lines(&events)[0].ends_with("/create/tasks/task-1"),
        "{events:?}"
    );
    let sent = instance.sent();
    assert_eq!(sent.len(), 1, "a task is begun once: {sent:?}");
    assert_eq!(sent[0]["templateRef"], "template:default/svc");
    assert_eq!(sent[0]["secrets"], json!({"TOKEN": SECRET}));
    let asked = instance.requests();
    let token = " Bearer guest-2";
    let asked: Vec<&str> = asked
        .iter()
        .filter_map(|it| it.strip_suffix(token))
        .collect();
    assert_eq!(asked, ["begin", "stream 0", "stream 2", "stream 3"]);
    assert!(!desk.holds(SECRET), "a secret is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_held_back_is_asked_for_its_events() {
    let instance = Instance::start(vec![template()], Door::Open).await;
    instance.run_templates(json!([]), course());
    instance.hold_back();
    let (_desk, session) = desk(&instance).await;
    let (report, ..) = run(&session, json!({"name": "x"}), false, |_| false).await;
    assert_eq!(report.status, Status::Completed, "{report:?}");
    let asked = instance.requests();
    let asked: Vec<&str> = asked
        .iter()
        .filter_map(|it| it.strip_suffix(" nobody"))
        .collect();
    assert_eq!(asked[..3], ["begin", "stream 0", "events 0"]);
    assert_eq!(report.steps[0].state, StepState::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_there_is_told_in_words() {
    let instance = Instance::start(vec![template()], Door::Open).await;
    let (_desk, session) = desk(&instance).await;
    let go = async |values: Value| {
        let (report, ..) = run(&session, values, false, |_| false).await;
        (report.status, report.error.unwrap_or_default())
    };
    let named = json!({"name": "x"});
    let (status, error) = go(named.clone()).await;
    assert_eq!(status, Status::Failed);
    assert!(error.contains("runs no templates"), "{error}");
    let failure = json!({"message": "Run completed with status: failed", "error": {"name": "Error", "message": format!("no room for {SECRET}")}});
    instance.run_templates(
        json!([]),
        vec![vec![
            log(1, "make", "processing", "Beginning step Make"),
            log(2, "make", "failed", "Error: no room\n    at x.js:1"),
            ending(3, &failure),
        ]],
    );
    let (status, error) = go(named.clone()).await;
    assert_eq!(
        (status, error.as_str()),
        (Status::Failed, "no room for ***")
    );
    let (_, error) = go(json!({})).await;
    assert!(
        error.ends_with("it does not take these answers: instance requires property \"name\""),
        "{error}"
    );
    instance.fail(0, 1, Fault::Status(401, None));
    let (_, error) = go(named.clone()).await;
    assert!(error.contains("not signed in or not allowed"), "{error}");
    // The task was begun; then we are not let in any more.
    instance.fail(1, u32::MAX, Fault::Status(403, None));
    let (_, error) = go(named.clone()).await;
    assert!(
        error.contains("the task goes on at") && error.contains("/create/tasks/task-1"),
        "{error}"
    );
    instance.fail(1, 2, Fault::Status(502, None));
    let (_, error) = go(named).await;
    assert_eq!(
        error, "no room for ***",
        "a server that stumbles is asked again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_is_stopped_is_stopped_there() {
    let instance = Instance::start(vec![template()], Door::Open).await;
    let begun = vec![log(1, "make", "processing", "Beginning step Make")];
    instance.run_templates(json!([]), vec![begun]);
    let cancelled = json!({"id": 2, "taskId": "task-1", "type": "cancelled", "body": {"message": "was cancelled"}});
    let end = ending(
        3,
        &json!({"message": "Run completed with status: cancelled"}),
    );
    instance.at_stop(vec![cancelled, end]);
    let (_desk, session) = desk(&instance).await;
    let (report, ..) = run(&session, json!({"name": "x"}), false, |heard| heard >= 2).await;
    assert_eq!(report.status, Status::Cancelled, "{report:?}");
    let asked = instance.requests();
    assert_eq!(
        asked.iter().filter(|it| *it == "cancel nobody").count(),
        1,
        "{asked:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_is_made_there_and_its_files_come_here() {
    let instance = Instance::start(vec![template()], Door::Open).await;
    instance.run_templates(json!([]), Vec::new());
    instance.answer_dry_runs(json!({
        "log": [{"body": {"message": "Beginning step Make", "stepId": "make", "status": "processing"}},
            {"body": {"message": "Finished step Make", "stepId": "make", "status": "completed"}}],
        "directoryContents": [{"path": "src/main.rs", "executable": false, "base64Content": "Zm4gbWFpbigpIHt9"}],
        "output": {"text": [{"title": "T", "content": "c"}]}, "steps": [],
    }));
    let (_desk, session) = desk(&instance).await;
    let (report, _, made) = run(&session, json!({"name": "x"}), true, |_| false).await;
    assert_eq!(report.status, Status::Completed, "{report:?}");
    assert_eq!(made, ["fn main() {}"]);
    assert_eq!(report.texts().len(), 1);
    assert!(
        report.tree.iter().any(|entry| entry.path == "src/main.rs"),
        "{report:?}"
    );
    let sent = instance.sent();
    assert_eq!(sent[0]["template"]["metadata"]["name"], "svc");
    assert_eq!(sent[0]["template"].get("relations"), None);
    instance.answer_dry_runs(
        json!({"log": [], "directoryContents": [{"path": "../out", "base64Content": ""}]}),
    );
    let (report, ..) = run(&session, json!({"name": "x"}), true, |_| false).await;
    assert_eq!(
        report.status,
        Status::Failed,
        "a path that leads out: {report:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_is_the_one_that_the_instance_asks_now() {
    let instance = Instance::start(vec![template()], Door::Open).await;
    let schema = json!({"title": "New", "properties": {"size": {"type": "number"}}});
    let form = json!([{"title": "New", "schema": schema}]);
    instance.run_templates(form, Vec::new());
    let (_desk, session) = desk(&instance).await;
    let entity_ref = EntityRef::new("template", "default", "svc");
    let entity = session.store.entity(&entity_ref).unwrap().unwrap().entity;
    let asked = Template::read(&runs::asked(&session, entity.clone()).await).unwrap();
    assert_eq!(asked.pages[0].title, "New");
    assert_eq!(
        instance.requests(),
        ["default/template/svc/parameter-schema nobody"]
    );
    instance.fail(0, u32::MAX, Fault::Status(404, None));
    let asked = Template::read(&runs::asked(&session, entity).await).unwrap();
    assert!(
        asked.pages[0].schema["properties"]["name"].is_object(),
        "the catalog's"
    );
}
