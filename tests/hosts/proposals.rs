//! Requests to merge: a branch with the template's files on top of what is there, and nothing taken away.

use serde_json::{Value, json};
use stagedoor::scaffolder::run::Status;

use super::forge::{Fault, Rule};
use super::publishing::{Kind, Stage};

const KINDS: [Kind; 4] = [
    Kind {
        action: "publish:github:pull-request",
        config: "github: [{ host: 'HOST', apiBaseUrl: 'http://HOST/api/v3', token: TOKEN }]",
        place: "owner=acme&repo=new",
        remote: "/acme/new/pull/9",
        contents: "remoteUrl",
        creates: "POST /api/v3/repos/acme/new/pulls",
    },
    Kind {
        action: "publish:gitlab:merge-request",
        config: "gitlab: [{ host: 'HOST', baseUrl: 'http://HOST/to/gitlab', apiBaseUrl: 'http://HOST/to/gitlab/api/v4', token: TOKEN }]",
        place: "owner=acme&repo=new",
        remote: "http://gitlab.invalid/1/-/merge_requests/1",
        contents: "mergeRequestUrl",
        creates: "POST /to/gitlab/api/v4/projects/1/merge_requests",
    },
    Kind {
        action: "publish:bitbucketCloud:pull-request",
        config: "bitbucketCloud: [{ host: 'HOST', apiBaseUrl: 'http://HOST/to/cloud/2.0', token: TOKEN }]",
        place: "workspace=acme&project=LIGHT&repo=new",
        remote: "/acme/new/pull/9",
        contents: "pullRequestUrl",
        creates: "POST /to/cloud/2.0/repositories/acme/new/pullrequests",
    },
    Kind {
        action: "publish:bitbucketServer:pull-request",
        config: "bitbucketServer: [{ host: 'HOST', apiBaseUrl: 'http://HOST/to/server/rest/api/1.0', token: TOKEN }]",
        place: "project=acme&repo=new",
        remote: "/acme/new/pull/9",
        contents: "pullRequestUrl",
        creates: "POST /to/server/rest/api/1.0/projects/acme/repos/new/pull-requests",
    },
];

/// What each of the actions is given: they call the same things by other names.
fn input(action: &str) -> Value {
    let mut input = json!({ "title": "Light it", "description": "Tonight" });
    if action.contains("bitbucket") {
        input["sourceBranch"] = "lamp".into();
        input["targetBranch"] = "main".into();
    } else {
        input["branchName"] = "lamp".into();
        input["targetBranchName"] = "main".into();
    }
    input
}

fn begin(stage: &Stage) -> String {
    let files = [("README.md", "Dark.\n"), ("docs/stairs.md", "199\n")];
    stage.forge.commit("acme/new", &files);
    stage
        .forge
        .shared
        .repositories
        .oid("acme/new", "main")
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_is_pushed_and_its_merge_asked_for() {
    for stage in Stage::of(&KINDS).await {
        let kind = stage.kind;
        let before = begin(&stage);
        let ended = stage.run_with(input(kind.action), None).await;
        assert_eq!(
            ended.report.status,
            Status::Completed,
            "{}: {}",
            kind.action,
            ended.error()
        );
        let output = &ended.report.steps[1].output;
        let page = match kind.remote.strip_prefix('/') {
            Some(path) => format!("{}/{path}", stage.forge.url()),
            None => kind.remote.to_owned(),
        };
        assert_eq!(output[kind.contents], page, "{}", kind.action);
        let at = |expression: &str| stage.forge.shared.repositories.oid("acme/new", expression);
        assert_eq!(at("lamp~1"), Some(before.clone()), "{}", kind.action);
        assert_eq!(at("main"), Some(before), "{}", kind.action);
        assert!(
            at("lamp:docs/stairs.md").is_some(),
            "{}: nothing is taken away",
            kind.action
        );
        let readme = at("lamp:README.md").unwrap();
        let (_, text) = stage
            .forge
            .shared
            .repositories
            .object("acme/new", &readme)
            .unwrap();
        assert_eq!(text, b"It shines.\n", "{}", kind.action);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_whose_merge_is_refused_is_named_and_taken_up() {
    for stage in Stage::of(&KINDS).await {
        let action = stage.kind.action;
        begin(&stage);
        stage
            .forge
            .rule(Rule::once(stage.kind.creates, Fault::Status(403)));
        let refused = stage.run_with(input(action), None).await;
        let error = refused.error();
        assert!(
            error.contains("403") && error.contains("lamp"),
            "{action}: {error}"
        );
        assert_eq!(refused.made, [], "{action}");
        let ended = stage.run_with(input(action), Some(&refused)).await;
        assert_eq!(
            ended.report.status,
            Status::Completed,
            "{action}: {}",
            ended.error()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn github_takes_files_away_and_asks_for_nothing_where_nothing_changes() {
    for stage in Stage::of(&KINDS[..1]).await {
        begin(&stage);
        let at = |expression: &str| stage.forge.shared.repositories.oid("acme/new", expression);
        let mut wanted = input(stage.kind.action);
        wanted["targetPath"] = "lamp".into();
        wanted["filesToDelete"] = json!(["../../etc/passwd"]);
        let ended = stage.run_with(wanted.clone(), None).await;
        assert_eq!(
            ended.report.status,
            Status::Failed,
            "a file outside of the repository"
        );
        wanted["filesToDelete"] = json!(["stairs.md"]);
        wanted["targetPath"] = "docs".into();
        let ended = stage.run_with(wanted.clone(), None).await;
        assert_eq!(ended.report.status, Status::Completed, "{}", ended.error());
        assert!(at("lamp:docs/README.md").is_some() && at("lamp:docs/stairs.md").is_none());

        stage
            .forge
            .commit("acme/new", &[("README.md", "It shines.\n")]);
        let mut same = input(stage.kind.action);
        same["branchName"] = "other".into();
        same["createWhenEmpty"] = false.into();
        let ended = stage.run_with(same, None).await;
        assert_eq!(ended.report.status, Status::Completed, "{}", ended.error());
        assert_eq!(at("other"), None);
        let said = ended
            .log
            .iter()
            .any(|line| line.starts_with("No changes to commit"));
        assert!(said, "{:?}", ended.log);
        wanted["targetPath"] = "../up".into();
        let ended = stage.run_with(wanted, None).await;
        assert!(
            ended.error().contains("leaves the repository"),
            "{}",
            ended.error()
        );
    }
}
