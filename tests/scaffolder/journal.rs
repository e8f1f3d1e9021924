//! The journal: what is kept of a run, and going on where one ended.

use std::fs;

use serde_json::{Map, Value as Json, json};
use stagedoor::scaffolder::journal::{self, Journal, Record, State};
use stagedoor::scaffolder::outside::Response;
use stagedoor::scaffolder::run::{Event, Job, Made, Past, Report, Status, StepState, Thing, run};

use super::{Stage, answers, git, publishing, states};

const ID: &str = "00000000001-000000001-1";

/// Runs what is on `stage` with a journal, from where `earlier` ended if there is one.
fn kept(stage: &Stage, earlier: Option<&Record>) -> (Record, Vec<String>) {
    let template = stage.template();
    let (runs, repositories) = (stage.path("runs"), stage.path("repositories"));
    let past = earlier.map(|earlier| {
        let as_before = earlier.is_answered_by(&stage.answers);
        let (steps, made) = (&earlier.steps, &earlier.made);
        Past::of(&template, steps, made, earlier.has_files(&runs), as_before).unwrap()
    });
    if let (
        Some(earlier),
        Some(Past {
            workspace_stands: false,
            ..
        }),
    ) = (earlier, &past)
    {
        journal::clear(&runs, earlier).unwrap();
    }
    let workspace = runs.join(ID).join("workspace");
    let job = Job {
        template: &template,
        answers: &stage.answers,
        user: json!({"ref": "user:default/ada"}),
        task_id: ID.to_owned(),
        started: 1_700_000_000,
        past: past.as_ref(),
        workspace: &workspace,
        repositories: Some(&repositories),
        dry_run: false,
        strict: false,
        mocks: Map::new(),
        aim: stagedoor::scaffolder::run::Aim::Plain,
    };
    let mut journal = Journal::begin(&runs, ID, &job, None, earlier).unwrap();
    let mut lines = Vec::new();
    let report = run(&job, &stage.world, &|| false, &mut |event| {
        journal.event(&event).unwrap();
        if let Event::Log { line, .. } = event {
            lines.push(line);
        }
    });
    (journal.finish(&report).unwrap(), lines)
}

fn report(record: &Record) -> Report {
    record.report()
}

#[test]
fn a_run_is_kept_without_its_secrets() {
    let mut stage = Stage::new(
        "  parameters:\n    properties:\n      token: { type: string, ui:widget: password }\n  steps:\n    - id: one\n      action: debug:log\n      input: { message: 'a ${{ parameters.token }} b ${{ secrets.KEY }}' }\n    - action: fs:rename\n      input: { files: [{ from: no, to: where }] }\n",
    );
    stage.answers = answers(&json!({"token": "hunter2"}));
    stage.answers.secrets.set("KEY", "swordfish".to_owned());
    let (record, _) = kept(&stage, None);
    assert_eq!(record.status, Some(Status::Failed));
    assert_eq!(record.withheld, ["KEY", "/token"]);
    assert_eq!(record.by.as_deref(), Some("user:default/ada"));
    let runs = stage.path("runs");
    let log = journal::log(&runs, ID).unwrap();
    assert!(log.contains("\tinfo\tone\ta *** b ***"), "{log}");
    for entry in walkdir::WalkDir::new(&runs).into_iter().map(Result::unwrap) {
        if entry.file_type().is_file() {
            let text = fs::read_to_string(entry.path()).unwrap();
            assert!(
                !text.contains("hunter2") && !text.contains("swordfish"),
                "{entry:?}"
            );
        }
    }
    assert_eq!(journal::list(&runs), [record]);
}

#[test]
fn answers_are_kept_in_the_order_of_the_form() {
    let mut stage = Stage::new(
        "  parameters:\n    - properties:\n        name: { type: string }\n        port: { type: integer, default: 80 }\n    - properties:\n        db: { type: object, properties: { size: { type: string } } }\n        owner: { type: string, default: me }\n      dependencies:\n        owner: { properties: { why: { type: string } } }\n  steps:\n    - action: debug:log\n",
    );
    // Defaults come first where a form is filled, and what no form asks may come at any place.
    stage.answers = answers(&json!({
        "port": 80, "owner": "me", "beside": 1, "why": "so", "name": "audit", "db": {"size": "s"}
    }));
    let (record, _) = kept(&stage, None);
    let names: Vec<&str> = record.parameters.keys().map(String::as_str).collect();
    assert_eq!(names, ["name", "port", "db", "owner", "why", "beside"]);
    let read = journal::read(&stage.path("runs"), ID).unwrap();
    assert!(read.parameters.keys().eq(record.parameters.keys()));
}

#[test]
fn a_workspace_with_a_secret_is_not_kept() {
    let steps = |text: &str| {
        format!(
            "  steps:\n    - action: fetch:template\n      input: {{ url: ./skeleton, values: {{ it: '{text}' }} }}\n    - action: stagedoor:publish:git\n      input: {{ remoteUrl: /no/where.git }}\n"
        )
    };
    for (text, is_kept) in [("${{ secrets.KEY }}", false), ("plain", true)] {
        let mut stage = Stage::new(&steps(text));
        stage.file("template/skeleton/f", b"${{ values.it }}", 0o644);
        stage.answers.secrets.set("KEY", "swordfish".to_owned());
        let (record, _) = kept(&stage, None);
        assert_eq!(record.is_kept, is_kept, "{text}");
        let workspace = stage.path("runs").join(ID).join("workspace");
        assert_eq!(workspace.join("f").exists(), is_kept);
    }
}

#[test]
fn a_run_that_was_killed_has_broken_off() {
    let stage = Stage::new("  steps:\n    - id: one\n      action: debug:log\n");
    let template = stage.template();
    let (runs, out) = (stage.path("runs"), stage.path("out"));
    let job = Job {
        template: &template,
        answers: &stage.answers,
        user: Json::Null,
        task_id: ID.to_owned(),
        started: 1_700_000_000,
        past: None,
        workspace: &out,
        repositories: None,
        dry_run: false,
        strict: false,
        mocks: Map::new(),
        aim: stagedoor::scaffolder::run::Aim::Plain,
    };
    let mut journal = Journal::begin(&runs, ID, &job, None, None).unwrap();
    journal.event(&Event::Started { step: 0 }).unwrap();
    let made = Made {
        step: "one".to_owned(),
        kind: Thing::Repository,
        host: "h.dev".to_owned(),
        name: "a/b".to_owned(),
        id: None,
        url: String::new(),
        path: String::new(),
    };
    journal.event(&Event::Made(made.clone())).unwrap();
    let read = || journal::read(&runs, ID).unwrap();
    assert_eq!(read().state(&runs), State::Running);
    let second = Journal::begin(&runs, ID, &job, None, None);
    assert!(second.unwrap_err().to_string().contains("another process"));
    assert!(journal::forget(&runs, ID).is_err());
    drop(journal);
    // A program that another test starts just now holds what we held until it is one.
    let states = std::iter::repeat_with(|| {
        std::thread::yield_now();
        read().state(&runs)
    });
    let state = states.take(10_000).find(|state| *state != State::Running);
    assert_eq!(state, Some(State::BrokenOff));
    assert_eq!(read().steps[0].state, StepState::Running);
    assert_eq!(read().made, [made]);
    journal::forget(&runs, ID).unwrap();
    assert_eq!(journal::list(&runs), []);
}

#[test]
fn a_run_goes_on_where_it_failed() {
    let stage = publishing("action: stagedoor:publish:git\n      input: { remoteUrl: REMOTE }");
    let file = stage.path("template/template.yaml");
    let text = fs::read_to_string(&file).unwrap();
    let bare = stage.path("bare.git");
    fs::write(&file, text.replace("REMOTE", bare.to_str().unwrap())).unwrap();
    let (failed, _) = kept(&stage, None);
    assert_eq!(
        states(&report(&failed)),
        [StepState::Completed, StepState::Failed]
    );
    assert!(failed.is_kept);
    fs::create_dir(&bare).unwrap();
    if git(&bare, &["init", "--bare", "--quiet"]).is_none() {
        return;
    }
    let (done, lines) = kept(&stage, Some(&failed));
    assert_eq!(done.status, Some(Status::Completed), "{:?}", done.error);
    assert_eq!(done.attempts, 2);
    assert!(
        lines.iter().any(|line| line.contains("was done before")),
        "{lines:?}"
    );
    assert!(!stage.path("runs").join(ID).join("workspace").exists());
    let first = git(&bare, &["rev-parse", "main"]).unwrap();
    // The same commit made twice is the same: a run that broke off behind its push goes on behind it.
    let (again, _) = kept(&stage, Some(&failed));
    assert_eq!(again.status, Some(Status::Completed), "{:?}", again.error);
    assert_eq!(git(&bare, &["rev-parse", "main"]).unwrap(), first);
}

#[test]
fn with_other_answers_files_are_made_again() {
    let mut stage = Stage::new(
        "  steps:\n    - action: fetch:template\n      input: { url: ./skeleton, values: { it: '${{ parameters.it }}' } }\n    - action: stagedoor:publish:local\n      input: { name: '${{ parameters.name }}' }\n",
    );
    stage.file("template/skeleton/f", b"${{ values.it }}", 0o644);
    stage.answers = answers(&json!({"it": "one", "name": "../up"}));
    let (failed, _) = kept(&stage, None);
    assert_eq!(failed.status, Some(Status::Failed));
    stage.answers = answers(&json!({"it": "two", "name": "fine"}));
    let (done, _) = kept(&stage, Some(&failed));
    assert_eq!(done.status, Some(Status::Completed), "{:?}", done.error);
    let made = stage.path("repositories/fine/f");
    assert_eq!(fs::read_to_string(made).unwrap(), "two");
}

/// A GitHub at which `acme/post` is made once, its repository in the folder `bare.git`.
fn hub(stage: &mut Stage) {
    let bare = stage.path("bare.git");
    let hosts = &mut stage.world.hosts;
    hosts.insert("github.com".to_owned(), "github".to_owned());
    let made = json!({"id": 7, "clone_url": format!("file://{}", bare.display()), "html_url": "https://github.com/acme/post"});
    let mut answer = |key: &str, status, body| {
        let response = Response { status, body };
        stage.world.answers.insert(key.to_owned(), response);
    };
    answer("GET /repos/acme/post", 404, Json::Null);
    answer("GET /users/acme", 200, json!({"type": "Organization"}));
    answer("POST /orgs/acme/repos", 201, made);
    let protection = "PUT /repos/acme/post/branches/main/protection";
    answer(protection, 200, Json::Null);
}

fn there(stage: &mut Stage, id: u64) {
    let bare = stage.path("bare.git");
    let body = json!({"id": id, "clone_url": format!("file://{}", bare.display()), "html_url": "https://github.com/acme/post"});
    let key = "GET /repos/acme/post".to_owned();
    stage
        .world
        .answers
        .insert(key, Response { status: 200, body });
}

const TO_GITHUB: &str =
    "action: publish:github\n      input: { repoUrl: \"github.com?owner=acme&repo=post\" }";

#[test]
fn a_repository_is_known_again_by_its_id() {
    let mut stage = publishing(TO_GITHUB);
    hub(&mut stage);
    // There is no folder to push to yet.
    let (failed, _) = kept(&stage, None);
    let error = failed.error.clone().unwrap();
    assert!(
        error.contains("https://github.com/acme/post was made and stays"),
        "{error}"
    );
    assert_eq!(failed.made[0].id.as_deref(), Some("7"));
    let bare = stage.path("bare.git");
    fs::create_dir(&bare).unwrap();
    if git(&bare, &["init", "--bare", "--quiet"]).is_none() {
        return;
    }
    there(&mut stage, 8);
    let (other, _) = kept(&stage, Some(&failed));
    let error = other.error.unwrap();
    assert!(
        error.contains("exists already and was not made by this run"),
        "{error}"
    );
    there(&mut stage, 7);
    let (done, lines) = kept(&stage, Some(&failed));
    assert_eq!(done.status, Some(Status::Completed), "{:?}", done.error);
    assert!(
        lines.iter().any(|line| line.contains("it is taken up")),
        "{lines:?}"
    );
    assert!(git(&bare, &["rev-parse", "main"]).is_some());
    let posts = stage.world.asked.lock().unwrap();
    let posts = posts.iter().filter(|it| it.method == "POST");
    assert_eq!(posts.count(), 1, "it is asked for once");
}

#[test]
fn a_repository_that_was_there_is_not_touched() {
    let mut stage = publishing(TO_GITHUB);
    hub(&mut stage);
    there(&mut stage, 7);
    let (failed, _) = kept(&stage, None);
    let error = failed.error.unwrap();
    assert!(error.contains("exists already"), "{error}");
    assert_eq!(failed.made, []);
    let asked = stage.world.asked.lock().unwrap();
    assert!(
        asked.iter().all(|request| request.method == "GET"),
        "{asked:?}"
    );
}

#[test]
fn what_a_host_refuses_is_not_noted_as_made() {
    let mut stage = publishing(TO_GITHUB);
    hub(&mut stage);
    let body = json!({"message": "Must have admin rights"});
    let key = "POST /orgs/acme/repos".to_owned();
    stage
        .world
        .answers
        .insert(key, Response { status: 403, body });
    let (failed, _) = kept(&stage, None);
    let error = failed.error.unwrap();
    assert!(
        error.contains("403 Must have admin rights; the token for github.com"),
        "{error}"
    );
    assert_eq!(failed.made, []);
}

#[test]
fn rounds_that_are_finished_are_not_done_again() {
    let mut stage = Stage::new(
        "  steps:\n    - id: edit\n      action: gitlab:issue:edit\n      each: [1, 2, 3]\n      input:\n        repoUrl: h.dev?owner=acme&repo=post\n        projectId: 5\n        issueIid: ${{ each.value }}\n        title: Done\n",
    );
    let gitlab = ("h.dev".to_owned(), "gitlab".to_owned());
    stage.world.hosts.extend([gitlab]);
    let mut answer = |number: u64, status: u16| {
        let body = json!({ "iid": number });
        let response = Response { status, body };
        let key = format!("PUT /projects/5/issues/{number}");
        stage.world.answers.insert(key, response);
    };
    answer(1, 200);
    answer(2, 403);
    answer(3, 200);
    let (record, _) = kept(&stage, None);
    assert_eq!(record.status, Some(Status::Failed));
    assert_eq!(record.steps[0].rounds.len(), 1);
    stage.world.asked.lock().unwrap().clear();
    let now = Response {
        status: 200,
        body: json!({ "iid": 2 }),
    };
    let key = "PUT /projects/5/issues/2".to_owned();
    stage.world.answers.insert(key, now);
    let (record, _) = kept(&stage, Some(&record));
    assert_eq!(record.status, Some(Status::Completed), "{:?}", record.error);
    let asked = stage.world.asked.lock().unwrap();
    let asked: Vec<&str> = asked.iter().map(|request| request.path.as_str()).collect();
    assert_eq!(asked, ["/projects/5/issues/2", "/projects/5/issues/3"]);
    assert_eq!(record.steps[0].output["issueIid"], json!([1, 2, 3]));
}
