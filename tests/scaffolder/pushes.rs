//! Commits on top of what a repository has: a branch of a GitLab project, a change for review on Gerrit.

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use stagedoor::scaffolder::run::Status;

use super::hosts::{answer, pushing};
use super::{Stage, git};

/// A repository with one commit on `branch`, in place of the empty one that the stage has; its folder.
fn begin(stage: &Stage, branch: &str) -> Option<PathBuf> {
    let bare = stage.path("host/a/post");
    let work = stage.path("begun");
    stage.file("begun/README.md", b"Dark.\n", 0o644);
    stage.file("begun/keep.md", b"kept\n", 0o644);
    git(&work, &["init", "--quiet", "--initial-branch", branch])?;
    git(&work, &["add", "--all"])?;
    let names = ["-c", "user.name=a", "-c", "user.email=a@b.c"];
    git(
        &work,
        &[&names[..], &["commit", "--quiet", "-m", "begun"]].concat(),
    )?;
    git(&work, &["push", "--quiet", &bare.to_string_lossy(), branch])?;
    Some(bare)
}

fn at(bare: &Path, expression: &str) -> String {
    git(bare, &["show", expression]).unwrap()
}

/// Adds `input` to that of the step that pushes.
fn with(stage: &Stage, input: &Json) {
    let path = stage.path("template/template.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let more = input.to_string();
    let more = more.trim_start_matches('{').trim_end_matches('}');
    let text = text.replace("repoUrl:", &format!("{more}, repoUrl:"));
    std::fs::write(path, text).unwrap();
}

#[test]
fn a_commit_is_pushed_on_a_branch_of_a_gitlab_project() {
    let place = "owner=a&repo=post";
    let project = |stage: &mut Stage, url: &str| {
        let web = url.to_owned();
        let body = json!({ "id": 7, "web_url": web, "http_url_to_repo": format!("{web}.git"), "default_branch": "trunk" });
        answer(stage, "GET /projects/a%2Fpost", 200, body);
    };
    let action = "gitlab:repo:push";
    let Some((mut stage, url)) = pushing("gitlab", action, place) else {
        return;
    };
    project(&mut stage, &url);
    let bare = begin(&stage, "trunk").unwrap();
    // As GitLab does, the address ends in `.git`.
    std::os::unix::fs::symlink("post", stage.path("host/a/post.git")).unwrap();
    with(
        &stage,
        &json!({ "branchName": "lamp", "commitMessage": "Light it", "targetPath": "docs" }),
    );
    let (report, _) = stage.run();
    assert_eq!(report.status, Status::Completed, "{:?}", report.error);
    let tip = git(&bare, &["rev-parse", "lamp"]).unwrap();
    assert_eq!(report.steps[1].output["commitHash"], tip.trim());
    assert_eq!(at(&bare, "lamp~1:README.md"), "Dark.\n");
    assert_eq!(at(&bare, "lamp:keep.md"), "kept\n");
    let names = git(&bare, &["ls-tree", "--name-only", "lamp:docs"]).unwrap();
    assert!(!names.is_empty());

    // The same once more changes nothing, which is told.
    std::fs::remove_dir_all(stage.path("out")).unwrap();
    let (report, log) = stage.run();
    assert_eq!(report.status, Status::Completed, "{:?}", report.error);
    assert!(report.steps[1].output["commitHash"].is_null());
    assert!(
        log.iter().any(|line| line.contains("No file changes")),
        "{log:?}"
    );
    assert_eq!(git(&bare, &["rev-parse", "lamp"]).unwrap(), tip);

    // What is named goes again.
    std::fs::remove_dir_all(stage.path("out")).unwrap();
    with(&stage, &json!({ "commitAction": "delete" }));
    let (report, _) = stage.run();
    assert_eq!(report.status, Status::Completed, "{:?}", report.error);
    let left = git(&bare, &["ls-tree", "--name-only", "lamp"]).unwrap();
    assert_eq!(left, "README.md\nkeep.md\n");

    // A project that is not there is named, and nothing is pushed.
    std::fs::remove_dir_all(stage.path("out")).unwrap();
    answer(&mut stage, "GET /projects/a%2Fpost", 404, Json::Null);
    let (report, _) = stage.run();
    assert!(report.error.unwrap().contains("there is no project a/post"));
}

#[test]
fn a_change_is_pushed_to_gerrit_for_review() {
    let action = "publish:gerrit:review";
    let Some((stage, url)) = pushing("gerrit", action, "workspace=all&repo=post") else {
        return;
    };
    let bare = begin(&stage, "master").unwrap();
    let (report, _) = stage.run();
    assert!(report.error.unwrap().contains("Missing gitCommitMessage"));
    std::fs::remove_dir_all(stage.path("out")).unwrap();
    with(&stage, &json!({ "gitCommitMessage": "Light it" }));
    let (report, _) = stage.run();
    assert_eq!(report.status, Status::Completed, "{:?}", report.error);
    let message = git(&bare, &["log", "-1", "--format=%B", "refs/for/master"]).unwrap();
    let (said, id) = message.trim().split_once("\n\nChange-Id: ").unwrap();
    assert_eq!(said, "Light it");
    let output = &report.steps[1].output;
    let base = url.trim_end_matches("/a/post");
    assert_eq!(output["reviewUrl"], format!("{base}/#/q/{id}"));
    assert_eq!(
        output["repoContentsUrl"],
        format!("{base}/post/+/refs/heads/master")
    );
    assert_eq!(at(&bare, "refs/for/master:keep.md"), "kept\n");
    let tip = git(&bare, &["rev-parse", "master"]).unwrap();
    assert_eq!(
        git(&bare, &["rev-parse", "refs/for/master~1"]).unwrap(),
        tip
    );
}
