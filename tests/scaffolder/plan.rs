//! What a dry run says of the world: the calls it would make, what becomes of files that are there, and what is lacking.

use std::fs;

use serde_json::json;
use stagedoor::scaffolder::outside::{Access, Response};
use stagedoor::scaffolder::plan::{ChangeKind, Plan};

use super::{Stage, git};

const PUBLISH: &str = r#"
  steps:
    - id: files
      action: roadiehq:utils:fs:write
      input: { path: .github/workflows/ci.yaml, content: "on: push" }
    - id: publish
      action: publish:ACTION
      input: { repoUrl: h.dev?PLACE, defaultBranch: trunk, description: A post }
"#;

fn plan(kind: &str, place: &str, access: Option<Access>) -> Plan {
    let mut stage = Stage::new(&PUBLISH.replace("ACTION", kind).replace("PLACE", place));
    stage.dry_run = true;
    stage.world.access = access;
    stage
        .world
        .hosts
        .insert("h.dev".to_owned(), kind.to_owned());
    let (report, _) = stage.run();
    let fails = |line: &String| line.contains("would fail");
    assert!(!report.warnings.iter().any(fails), "{:?}", report.warnings);
    assert!(stage.world.asked.lock().unwrap().is_empty());
    report.plan.unwrap()
}

#[test]
fn the_calls_of_every_publisher_are_known_without_a_host() {
    for (kind, place, wanted) in [
        (
            "github",
            "owner=acme&repo=post",
            &[
                "POST https://h.dev/orgs/acme/repos",
                "PUSH https://h.dev/acme/post.git#trunk",
                "PUT https://h.dev/repos/acme/post/branches/trunk/protection",
            ][..],
        ),
        (
            "gitlab",
            "owner=acme&repo=post",
            &[
                "POST https://h.dev/projects",
                "PUSH https://h.dev/acme/post.git#trunk",
            ],
        ),
        (
            "gitea",
            "owner=acme&repo=post",
            &[
                "POST https://h.dev/orgs/acme/repos",
                "PUSH https://h.dev/acme/post.git#trunk",
            ],
        ),
        (
            "bitbucketCloud",
            "workspace=acme&project=P&repo=post",
            &[
                "POST https://h.dev/repositories/acme/post",
                "PUSH https://h.dev/acme/post.git#trunk",
            ],
        ),
        (
            "bitbucketServer",
            "project=P&repo=post",
            &[
                "POST https://h.dev/projects/P/repos",
                "PUSH https://h.dev/scm/P/post.git#trunk",
            ],
        ),
        (
            "azure",
            "organization=acme&project=p&repo=post",
            &[
                "POST https://h.dev/acme/p/_apis/git/repositories?api-version=7.1",
                "PUSH https://h.dev/acme/p/_git/post#trunk",
            ],
        ),
        (
            "gerrit",
            "workspace=all&repo=post",
            &[
                "PUT https://h.dev/projects/post",
                "PUSH https://h.dev/a/post#trunk",
            ],
        ),
    ] {
        let plan = plan(kind, place, None);
        let writes = plan.calls.iter().filter(|call| !call.is_read());
        let told: Vec<String> = writes
            .map(|call| format!("{} {}", call.method, call.url))
            .collect();
        assert_eq!(told, wanted, "{kind}");
        assert!(plan.calls.iter().all(|call| call.step == "publish"));
        assert_eq!(plan.lacks, []);
    }
}

#[test]
fn what_is_lacking_is_told_before_anything_is_done() {
    let nobody = Access::Nobody {
        why: "not signed in".to_owned(),
    };
    let lacks = plan("github", "owner=acme&repo=post", Some(nobody)).lacks;
    assert_eq!(lacks.len(), 1);
    assert_eq!(lacks[0].what, "not signed in");
    assert_eq!(lacks[0].steps, ["publish"]);
}

#[test]
fn scopes_that_are_lacking_are_named() {
    for (scopes, wanted) in [
        (&["repo", "workflow"][..], &[][..]),
        (&["repo"], &["workflow"]),
        (&["read:org"], &["repo or public_repo", "workflow"]),
    ] {
        let mut stage = Stage::new(
            &PUBLISH
                .replace("ACTION", "github")
                .replace("PLACE", "owner=acme&repo=post"),
        );
        stage.dry_run = true;
        stage.world.access = Some(Access::Somebody {
            scopes: Some(scopes.iter().map(|&scope| scope.to_owned()).collect()),
        });
        stage
            .world
            .hosts
            .insert("h.dev".to_owned(), "github".to_owned());
        for (key, status, body) in [
            ("GET /repos/acme/post", 404, json!(null)),
            ("GET /users/acme", 200, json!({ "type": "Organization" })),
        ] {
            let response = Response { status, body };
            stage.world.answers.insert(key.to_owned(), response);
        }
        let (report, _) = stage.run();
        assert_eq!(report.warnings, [] as [String; 0]);
        let lacks = report.plan.unwrap().lacks;
        let told: Vec<&str> = lacks
            .iter()
            .filter_map(|lack| lack.what.split("needs ").nth(1))
            .collect();
        assert_eq!(told, wanted, "{scopes:?}");
    }
}

#[test]
fn that_a_name_is_taken_is_told_before_anything_is_done() {
    let mut stage = Stage::new(
        &PUBLISH
            .replace("ACTION", "gitea")
            .replace("PLACE", "owner=acme&repo=post"),
    );
    stage.dry_run = true;
    stage.world.access = Some(Access::Somebody { scopes: None });
    stage
        .world
        .hosts
        .insert("h.dev".to_owned(), "gitea".to_owned());
    let there = Response {
        status: 200,
        body: json!({ "id": 7, "html_url": "https://h.dev/acme/post" }),
    };
    stage
        .world
        .answers
        .insert("GET /repos/acme/post".to_owned(), there);
    let (report, _) = stage.run();
    assert!(
        report.warnings[0].contains("exists already"),
        "{:?}",
        report.warnings
    );
}

#[test]
fn a_pull_request_shows_what_becomes_of_the_files() {
    let mut stage = Stage::new(
        r##"
  steps:
    - action: roadiehq:utils:fs:write
      input: { path: README.md, content: "# Post\nnew\n" }
    - action: roadiehq:utils:fs:write
      input: { path: new.txt, content: "x\n" }
    - id: pr
      action: publish:github:pull-request
      input:
        repoUrl: h.dev?owner=acme&repo=post
        branchName: change
        title: A change
        description: Why
        filesToDelete: [old.txt]
"##,
    );
    let remote = stage.path("remote");
    fs::create_dir_all(&remote).unwrap();
    if git(&remote, &["init", "--quiet", "--initial-branch=trunk"]).is_none() {
        return;
    }
    fs::write(remote.join("README.md"), "# Post\nold\n").unwrap();
    fs::write(remote.join("old.txt"), "gone\n").unwrap();
    fs::write(remote.join("same.txt"), "same\n").unwrap();
    git(&remote, &["add", "."]);
    let who = ["-c", "user.name=x", "-c", "user.email=x@x.dev"];
    git(
        &remote,
        &[&who[..], &["commit", "--quiet", "-m", "x"]].concat(),
    );
    stage.dry_run = true;
    stage.world.access = Some(Access::Somebody { scopes: None });
    stage
        .world
        .hosts
        .insert("h.dev".to_owned(), "github".to_owned());
    let url = format!("file://{}", remote.display());
    let there = json!({ "default_branch": "trunk", "clone_url": url, "html_url": "https://h.dev/acme/post" });
    let there = Response {
        status: 200,
        body: there,
    };
    stage
        .world
        .answers
        .insert("GET /repos/acme/post".to_owned(), there);
    let (report, _) = stage.run();
    assert_eq!(report.warnings, [] as [String; 0]);
    let plan = report.plan.unwrap();
    let told: Vec<(&str, ChangeKind, usize, usize)> = plan
        .changes
        .iter()
        .map(|it| (it.path.as_str(), it.kind, it.added, it.removed))
        .collect();
    assert_eq!(
        told,
        [
            ("README.md", ChangeKind::Changed, 1, 1),
            ("new.txt", ChangeKind::Added, 1, 0),
            ("old.txt", ChangeKind::Removed, 0, 1),
        ]
    );
    assert!(plan.changes[0].diff.contains("-old\n+new\n"));
    let branches = git(&remote, &["branch", "--list"]).unwrap();
    assert!(!branches.contains("change"), "{branches}");
}
