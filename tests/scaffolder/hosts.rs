//! What hosts are asked for by the actions that call their APIs, and what comes of it.

use std::fs;

use serde_json::{Value as Json, json};
use stagedoor::scaffolder::outside::{Access, Response};
use stagedoor::scaffolder::run::{Report, Status};

use super::{Stage, git, publishing};

/// One action: its input, what the host answers, what it was asked beyond that.
pub(super) struct Case {
    pub(super) action: &'static str,
    pub(super) input: Json,
    pub(super) answers: Vec<(&'static str, u16, Json)>,
    /// Requests that change something, in their order.
    pub(super) asked: Vec<(&'static str, Json)>,
    pub(super) output: Json,
}

fn stage(case: &Case, kind: &str) -> Stage {
    let mut input = case.input.clone();
    if input.get("destinationUrl").is_none() {
        input["repoUrl"] = "h.dev?owner=acme&repo=post".into();
    }
    let step = format!("action: {}\n      input: {input}", case.action);
    let mut stage = Stage::new(&format!("  steps:\n    - {step}\n"));
    stage
        .world
        .hosts
        .insert("h.dev".to_owned(), kind.to_owned());
    for (key, status, body) in &case.answers {
        let response = Response {
            status: *status,
            body: body.clone(),
        };
        stage.world.answers.insert((*key).to_owned(), response);
    }
    stage
}

/// `key` with the id that a dry run gives to what a real one makes and removes again.
fn made_up(key: &str) -> String {
    match key.rsplit_once('/') {
        Some((path, _)) if key.starts_with("DELETE ") => format!("{path}/1"),
        _ => key.to_owned(),
    }
}

/// What a dry run says would be asked that changes something.
fn foresee(case: &Case, kind: &str) -> Vec<String> {
    let mut stage = stage(case, kind);
    stage.dry_run = true;
    stage.world.access = Some(Access::Somebody { scopes: None });
    let (report, _) = stage.run();
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    let asked = stage.world.asked.lock().unwrap();
    assert!(asked.iter().all(|request| request.method == "GET"));
    let plan = report.plan.unwrap();
    let writes = plan.calls.iter().filter(|call| !call.is_read());
    let told = writes.map(|call| {
        let path = call.url.strip_prefix("https://h.dev");
        format!("{} {}", call.method, path.unwrap_or(&call.url))
    });
    told.collect()
}

fn run(case: &Case, kind: &str) -> (Report, Vec<(String, Json)>) {
    let stage = stage(case, kind);
    let (report, _) = stage.run();
    let asked = stage.world.asked.lock().unwrap();
    let changes = asked.iter().filter(|request| request.method != "GET");
    let told = changes.map(|it| (format!("{} {}", it.method, it.path), it.body.clone()));
    (report, told.collect())
}

pub(super) fn hold(kind: &str, cases: Vec<Case>) {
    for case in cases {
        let (report, asked) = run(&case, kind);
        assert_eq!(
            report.status,
            Status::Completed,
            "{}: {:?}",
            case.action,
            report.error
        );
        let wanted: Vec<(String, Json)> = case
            .asked
            .iter()
            .map(|(key, body)| ((*key).to_owned(), body.clone()))
            .collect();
        assert_eq!(asked, wanted, "{}", case.action);
        // A dry run knows the same calls and makes none.
        let foreseen = asked.iter().map(|(key, _)| made_up(key));
        let foreseen: Vec<String> = foreseen.collect();
        assert_eq!(foresee(&case, kind), foreseen, "{}", case.action);
        assert_eq!(report.steps[0].output, case.output, "{}", case.action);
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn github_is_asked_as_backstage_asks_it() {
    hold(
        "github",
        vec![
            Case {
                action: "github:webhook",
                input: json!({ "webhookUrl": "https://x.dev", "events": ["push", "issues"] }),
                answers: vec![("POST /repos/acme/post/hooks", 201, Json::Null)],
                asked: vec![(
                    "POST /repos/acme/post/hooks",
                    json!({
                        "config": { "url": "https://x.dev", "content_type": "form", "insecure_ssl": "0" },
                        "events": ["push", "issues"], "active": true,
                    }),
                )],
                output: json!({}),
            },
            Case {
                action: "github:issues:label",
                input: json!({ "number": 7, "labels": ["a"] }),
                // A refusal is a warning.
                answers: vec![("POST /repos/acme/post/issues/7/labels", 403, Json::Null)],
                asked: vec![(
                    "POST /repos/acme/post/issues/7/labels",
                    json!({ "labels": ["a"] }),
                )],
                output: json!({}),
            },
            Case {
                action: "github:issues:create",
                input: json!({ "title": "T", "labels": ["a"] }),
                answers: vec![(
                    "POST /repos/acme/post/issues",
                    201,
                    json!({ "html_url": "u", "number": 3 }),
                )],
                asked: vec![(
                    "POST /repos/acme/post/issues",
                    json!({ "title": "T", "labels": ["a"] }),
                )],
                output: json!({ "issueUrl": "u", "issueNumber": 3 }),
            },
            Case {
                action: "github:actions:dispatch",
                input: json!({ "workflowId": "ci.yaml", "branchOrTagName": "main", "workflowInputs": { "a": "b" } }),
                answers: vec![(
                    "POST /repos/acme/post/actions/workflows/ci.yaml/dispatches",
                    204,
                    Json::Null,
                )],
                asked: vec![(
                    "POST /repos/acme/post/actions/workflows/ci.yaml/dispatches",
                    json!({ "ref": "main", "inputs": { "a": "b" } }),
                )],
                output: json!({}),
            },
            Case {
                action: "github:pages:enable",
                input: json!({}),
                answers: vec![("POST /repos/acme/post/pages", 201, Json::Null)],
                asked: vec![(
                    "POST /repos/acme/post/pages",
                    json!({ "build_type": "workflow", "source": { "branch": "main", "path": "/" } }),
                )],
                output: json!({}),
            },
            Case {
                action: "github:autolinks:create",
                input: json!({ "keyPrefix": "T-", "urlTemplate": "https://x.dev/<num>" }),
                answers: vec![("POST /repos/acme/post/autolinks", 201, Json::Null)],
                asked: vec![(
                    "POST /repos/acme/post/autolinks",
                    json!({ "key_prefix": "T-", "url_template": "https://x.dev/<num>" }),
                )],
                output: json!({}),
            },
            Case {
                action: "github:environment:create",
                input: json!({
                    "name": "prod a", "waitTimer": 5, "customBranchPolicyNames": ["main"],
                    "environmentVariables": { "K": "v" },
                }),
                answers: vec![
                    (
                        "PUT /repos/acme/post/environments/prod%20a",
                        200,
                        Json::Null,
                    ),
                    (
                        "POST /repos/acme/post/environments/prod%20a/deployment-branch-policies",
                        200,
                        Json::Null,
                    ),
                    (
                        "POST /repos/acme/post/environments/prod%20a/variables",
                        201,
                        Json::Null,
                    ),
                ],
                asked: vec![
                    (
                        "PUT /repos/acme/post/environments/prod%20a",
                        json!({ "wait_timer": 5 }),
                    ),
                    (
                        "POST /repos/acme/post/environments/prod%20a/deployment-branch-policies",
                        json!({ "type": "branch", "name": "main" }),
                    ),
                    (
                        "POST /repos/acme/post/environments/prod%20a/variables",
                        json!({ "name": "K", "value": "v" }),
                    ),
                ],
                output: json!({}),
            },
        ],
    );
}

#[test]
fn a_private_key_leaves_this_machine_sealed() {
    let case = Case {
        action: "github:deployKey:create",
        input: json!({ "deployKeyName": "my key", "publicKey": "ssh-ed25519 A", "privateKey": "swordfish" }),
        answers: vec![
            ("POST /repos/acme/post/keys", 201, Json::Null),
            (
                "GET /repos/acme/post/actions/secrets/public-key",
                200,
                json!({
                    "key": "2Sg8iYjAxxmI2LvUXpJjkYrMxURPc8r+dB7TJyvvcCU=", "key_id": "1",
                }),
            ),
            (
                "PUT /repos/acme/post/actions/secrets/MY_KEY_PRIVATE_KEY",
                201,
                Json::Null,
            ),
        ],
        asked: Vec::new(),
        output: Json::Null,
    };
    let (report, asked) = run(&case, "github");
    assert_eq!(report.status, Status::Completed, "{:?}", report.error);
    assert_eq!(
        report.steps[0].output,
        json!({ "privateKeySecretName": "MY_KEY_PRIVATE_KEY" })
    );
    assert_eq!(asked[1].1["key_id"], "1");
    assert!(!format!("{asked:?}").contains("swordfish"));
}

#[test]
fn gitlab_is_asked_as_backstage_asks_it() {
    hold(
        "gitlab",
        vec![
            Case {
                action: "gitlab:group:ensureExists",
                input: json!({ "path": ["acme", { "name": "The Team", "slug": "team" }] }),
                answers: vec![
                    ("GET /groups/acme", 200, json!({ "id": 1 })),
                    ("GET /groups/acme%2Fteam", 404, Json::Null),
                    ("POST /groups", 201, json!({ "id": 2 })),
                ],
                asked: vec![(
                    "POST /groups",
                    json!({ "name": "The Team", "path": "team", "parent_id": 1 }),
                )],
                output: json!({ "groupId": 2 }),
            },
            Case {
                action: "gitlab:issues:create",
                input: json!({ "projectId": 5, "title": "T", "labels": "a,b" }),
                answers: vec![(
                    "POST /projects/5/issues",
                    201,
                    json!({ "web_url": "u", "id": 8, "iid": 2 }),
                )],
                asked: vec![(
                    "POST /projects/5/issues",
                    json!({ "title": "T", "labels": "a,b" }),
                )],
                output: json!({ "issueUrl": "u", "issueId": 8, "issueIid": 2 }),
            },
            Case {
                action: "gitlab:projectVariable:create",
                input: json!({ "projectId": "acme/post", "key": "K", "value": "v", "variableType": "env_var" }),
                answers: vec![("POST /projects/acme%2Fpost/variables", 201, Json::Null)],
                asked: vec![(
                    "POST /projects/acme%2Fpost/variables",
                    json!({ "key": "K", "value": "v", "variable_type": "env_var" }),
                )],
                output: json!({}),
            },
            Case {
                action: "gitlab:pipeline:trigger",
                input: json!({ "projectId": 5, "tokenDescription": "d", "branch": "main", "variables": { "A": "b" } }),
                answers: vec![
                    (
                        "POST /projects/5/triggers",
                        201,
                        json!({ "id": 4, "token": "t" }),
                    ),
                    (
                        "POST /projects/5/trigger/pipeline",
                        201,
                        json!({ "web_url": "u" }),
                    ),
                    ("DELETE /projects/5/triggers/4", 204, Json::Null),
                ],
                asked: vec![
                    ("POST /projects/5/triggers", json!({ "description": "d" })),
                    (
                        "POST /projects/5/trigger/pipeline",
                        json!({ "ref": "main", "token": "t", "variables": { "A": "b" } }),
                    ),
                    ("DELETE /projects/5/triggers/4", Json::Null),
                ],
                output: json!({ "pipelineUrl": "u" }),
            },
        ],
    );
}

/// A stage that publishes to `place` at a host of `kind`, and a bare repository for it; `None` without git.
pub(super) fn pushing(kind: &str, action: &str, place: &str) -> Option<(Stage, String)> {
    let mut stage = publishing(&format!(
        "action: {action}\n      input: {{ repoUrl: \"h.dev?{place}\" }}"
    ));
    let bare = stage.path("host/a/post");
    fs::create_dir_all(&bare).unwrap();
    git(&bare, &["init", "--bare", "--quiet"])?;
    stage
        .world
        .hosts
        .insert("h.dev".to_owned(), kind.to_owned());
    let url = format!("file://{}", bare.display());
    stage.world.base = Some(format!("file://{}", stage.path("host").display()));
    Some((stage, url))
}

pub(super) fn answer(stage: &mut Stage, key: &str, status: u16, body: Json) {
    let response = Response { status, body };
    stage.world.answers.insert(key.to_owned(), response);
}

#[test]
fn azure_is_given_a_repository() {
    let place = "organization=acme&project=my%20light&repo=post";
    let Some((mut stage, remote)) = pushing("azure", "publish:azure", place) else {
        return;
    };
    let root = "/acme/my%20light/_apis/git/repositories";
    answer(
        &mut stage,
        &format!("GET {root}/post?api-version=7.1"),
        404,
        Json::Null,
    );
    let made = json!({ "id": "u-1", "remoteUrl": remote, "webUrl": "https://h.dev/acme/my%20light/_git/post" });
    answer(
        &mut stage,
        &format!("POST {root}?api-version=7.1"),
        201,
        made,
    );
    let (report, _) = stage.run();
    assert_eq!(report.status, Status::Completed, "{:?}", report.error);
    let output = &report.steps[1].output;
    assert_eq!(output["repositoryId"], "u-1");
    assert_eq!(
        output["repoContentsUrl"],
        "https://h.dev/acme/my%20light/_git/post"
    );
    let bare = stage.path("host/a/post");
    let tip = git(&bare, &["rev-parse", "master"]).unwrap();
    assert_eq!(output["commitHash"], tip.trim());
}

#[test]
fn gerrit_is_given_a_project_and_a_change_id() {
    let Some((mut stage, remote)) = pushing("gerrit", "publish:gerrit", "workspace=all&repo=post")
    else {
        return;
    };
    answer(&mut stage, "GET /projects/post", 404, Json::Null);
    answer(
        &mut stage,
        "PUT /projects/post",
        201,
        json!({ "id": "post" }),
    );
    let (report, _) = stage.run();
    assert_eq!(report.status, Status::Completed, "{:?}", report.error);
    let output = &report.steps[1].output;
    assert_eq!(output["remoteUrl"], remote);
    let contents = output["repoContentsUrl"].as_str().unwrap();
    assert!(
        contents.ends_with("/post/+/refs/heads/master"),
        "{contents}"
    );
    let message = git(
        &stage.path("host/a/post"),
        &["log", "-1", "--format=%B", "master"],
    );
    let message = message.unwrap();
    assert!(
        message.starts_with("initial commit\n\nChange-Id: I"),
        "{message}"
    );
    let asked = stage.world.asked.lock().unwrap();
    let put = asked
        .iter()
        .find(|request| request.method == "PUT")
        .unwrap();
    assert_eq!(put.body["parent"], "all");
}

#[test]
fn what_a_host_needs_is_asked_for_before_anything_is_done() {
    for (kind, action, place, words) in [
        (
            "bitbucketCloud",
            "publish:bitbucketCloud",
            "workspace=w&repo=r",
            "missing project",
        ),
        (
            "bitbucketServer",
            "publish:bitbucketServer",
            "workspace=w&repo=r",
            "missing project",
        ),
        (
            "azure",
            "publish:azure",
            "project=p&repo=r",
            "missing organization",
        ),
        (
            "gerrit",
            "publish:gerrit",
            "owner=o&repo=r",
            "missing workspace",
        ),
        (
            "gitlab",
            "publish:github",
            "owner=o&repo=r",
            "is a gitlab, not a github",
        ),
    ] {
        let mut stage = publishing(&format!(
            "action: {action}\n      input: {{ repoUrl: \"h.dev?{place}\" }}"
        ));
        stage
            .world
            .hosts
            .insert("h.dev".to_owned(), kind.to_owned());
        let (report, _) = stage.run();
        let error = report.error.unwrap_or_default();
        assert!(error.contains(words), "{action}: {error}");
        assert!(stage.world.asked.lock().unwrap().is_empty(), "{action}");
    }
}
