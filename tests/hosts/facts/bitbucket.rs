//! What a Bitbucket Cloud and a Bitbucket Data Center tell of a repository.

use serde_json::{Value, json};
use stagedoor::catalog::facts::{Outcome, Review, Topic};
use stagedoor::sync::Class;

use super::super::forge::{EMAIL, Fault, Forge, Rule, TOKEN};
use super::{Setting, Told};

const OF_CLOUD: [Topic; 2] = [Topic::Alerts, Topic::Languages];
const OF_SERVER: [Topic; 4] = [
    Topic::Issues,
    Topic::Alerts,
    Topic::Environments,
    Topic::Languages,
];

/// What a Bitbucket Cloud tells of `acme/shop`.
fn of_cloud() -> Told {
    let html = |path: &str| json!({ "html": { "href": format!("https://bitbucket.invalid/acme/shop/{path}") } });
    let pull = |id: u64, participants: Value| {
        json!({
            "type": "pullrequest", "id": id, "title": "Retry on 409", "draft": false, "updated_on": "2026-02-28T09:00:00.123456+00:00",
            "links": html(&format!("pull-requests/{id}")), "author": { "type": "user", "nickname": "jane", "display_name": "Jane" },
            "source": { "branch": { "name": "retry" } }, "destination": { "branch": { "name": "main" } },
            "participants": participants,
        })
    };
    let by = |role: &str, state: Option<&str>| json!({ "type": "participant", "role": role, "state": state, "approved": state == Some("approved") });
    let pipeline = |number: u64, branch: &str, state: &Value| {
        json!({
            "type": "pipeline", "build_number": number, "state": state, "trigger": { "type": "pipeline_trigger_push", "name": "PUSH" },
            "target": { "type": "pipeline_ref_target", "ref_name": branch, "selector": { "type": "branches", "pattern": branch }, "commit": { "type": "commit", "message": "Take cards\n" } },
            "created_on": "2026-02-28T10:00:05Z", "completed_on": "2026-02-28T10:03:17Z", "duration_in_seconds": 192,
        })
    };
    let failed = json!({ "type": "pipeline_state_completed", "name": "COMPLETED", "result": { "type": "x", "name": "FAILED" } });
    let status = |key: &str, state: &str| json!({ "type": "build", "key": key, "name": key, "state": state, "url": "https://ci.invalid/1", "created_on": "2026-02-28T10:00:00Z", "updated_on": "2026-02-28T10:01:00Z" });
    let deployment = |environment: &str, state: &Value| {
        json!({ "type": "deployment", "environment": { "type": "deployment_environment", "uuid": environment }, "state": state,
            "release": { "type": "deployment_release", "name": "#3", "url": "https://bitbucket.invalid/acme/shop/3", "commit": { "type": "commit", "hash": "0123456789abcdef" } } })
    };
    let done = json!({ "name": "COMPLETED", "status": { "name": "SUCCESSFUL" }, "completed_on": "2026-02-28T11:00:00Z", "url": "https://bitbucket.invalid/acme/shop/pipelines/results/3" });
    let environments = ["Test", "Production"].map(|name| json!({ "type": "deployment_environment", "uuid": format!("{{{name}}}"), "name": name }));
    Told {
        commit: json!({
            "type": "commit", "message": "Take \u{1b}[31mcards\n\nAll of them.", "date": "2026-02-28T10:00:00+01:00",
            "author": { "type": "author", "raw": "Jane <jane@acme.dev>" },
        }),
        fields: json!({
            "has_issues": true,
            "pullrequests": [
                pull(7, json!([by("REVIEWER", Some("approved")), by("REVIEWER", None)])),
                pull(6, json!([by("REVIEWER", None)])),
                pull(5, json!([by("PARTICIPANT", Some("changes_requested"))])),
            ],
            "pipelines": [pipeline(12, "main", &failed), pipeline(11, "other", &failed)],
            "statuses": [status("BUILD", "SUCCESSFUL"), status("LINT", "INPROGRESS")],
            "issues": [{ "type": "issue", "id": 1, "title": "Slow", "kind": "bug", "updated_on": "2026-02-01T09:00:00Z",
                "links": html("issues/1"), "reporter": { "type": "user", "display_name": "Joe" } }],
            "tags": [{ "type": "tag", "name": "v2.0.0", "date": null, "target": { "type": "commit", "date": "2026-01-01T09:00:00Z" }, "links": html("commits/tag/v2.0.0") }],
            "environments": environments,
            "deployments": [deployment("{Production}", &done), deployment("{Production}", &json!({ "name": "IN_PROGRESS" }))],
        }),
        ..Told::default()
    }
}

/// What a Bitbucket Data Center tells of `SHOP/shop`.
fn of_server() -> Told {
    let user = json!({ "name": "jane", "displayName": "Jane", "slug": "jane", "type": "NORMAL" });
    let pull = |id: u64, status: &str| {
        json!({
            "id": id, "title": "Retry on 409", "draft": false, "updatedDate": 1_772_269_200_000_u64,
            "author": { "user": user, "role": "AUTHOR" }, "reviewers": [{ "user": user, "role": "REVIEWER", "status": status }],
            "fromRef": { "id": "refs/heads/retry", "displayId": "retry", "latestCommit": format!("c{id}") },
            "toRef": { "id": "refs/heads/main", "displayId": "main" },
            "links": { "self": [{ "href": format!("https://bitbucket.invalid/projects/SHOP/repos/shop/pull-requests/{id}") }] },
        })
    };
    Told {
        commit: json!({
            "message": "Take cards\n\nAll of them.", "authorTimestamp": 1_772_272_800_000_u64,
            "author": { "name": "jane", "emailAddress": "jane@acme.dev" },
        }),
        fields: json!({
            "pull-requests": [pull(7, "APPROVED"), pull(6, "UNAPPROVED"), pull(5, "NEEDS_WORK")],
            "stats": { "c7": { "successful": 2, "inProgress": 0, "failed": 0 }, "c6": { "successful": 1, "inProgress": 0, "failed": 1 } },
            "builds": [
                { "key": "BUILD", "name": "build", "state": "FAILED", "buildNumber": "12", "url": "https://ci.invalid/12", "createdDate": 1_772_272_805_000_u64, "duration": 192_000 },
                { "key": "LINT", "state": "SUCCESSFUL", "url": "https://ci.invalid/13" },
            ],
            "tags": [{ "id": "refs/tags/v2.0.0", "displayId": "v2.0.0", "type": "TAG", "latestCommit": "01" }],
        }),
        ..Told::default()
    }
}

async fn cloud() -> Option<Setting> {
    Setting::configured("acme/shop", of_cloud(), |forge: &Forge| {
        let (host, url) = (forge.host(), forge.url());
        format!(
            "integrations: {{ bitbucketCloud: [{{ host: '{host}', apiBaseUrl: '{url}/2.0', username: '{EMAIL}', token: '{TOKEN}' }}] }}\n\
             catalog: {{ providers: {{ bitbucketCloud: {{ acme: {{ host: '{host}', workspace: acme }} }} }} }}\n"
        )
    })
    .await
}

async fn server() -> Option<Setting> {
    Setting::configured("SHOP/shop", of_server(), |forge: &Forge| {
        let (host, url) = (forge.host(), forge.url());
        format!(
            "integrations: {{ bitbucketServer: [{{ host: '{host}', apiBaseUrl: '{url}/rest/api/1.0', token: '{TOKEN}' }}] }}\n\
             catalog: {{ providers: {{ bitbucketServer: {{ hq: {{ host: '{host}' }} }} }} }}\n"
        )
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cloud_tells_what_it_has() {
    let Some(setting) = cloud().await else { return };
    let facts = setting.facts().await;
    // The repository with its tip, the tip's statuses, and six lists.
    assert_eq!(setting.forge.take_requests().len(), 8);
    assert_eq!(
        (facts.withheld(), facts.absent()),
        (vec![], OF_CLOUD.to_vec())
    );
    assert_eq!(facts.name, "acme/shop");
    assert_eq!(facts.branch.as_deref(), Some("main"));
    let commit = facts.commit.known().unwrap().as_ref().unwrap();
    let told = (commit.title.as_str(), commit.author.as_str(), commit.at);
    assert_eq!(told, ("Take [31mcards", "Jane", Some(1_772_269_200)));
    assert_eq!(commit.checks, Some(Outcome::Running));
    let pulls = facts.pulls.known().unwrap();
    let told: Vec<_> = pulls
        .items
        .iter()
        .map(|it| (it.number, it.review))
        .collect();
    assert_eq!(
        told,
        [
            (7, Review::Approved),
            (6, Review::Required),
            (5, Review::ChangesRequested)
        ]
    );
    let pull = &pulls.items[0];
    let told = (
        pull.author.as_str(),
        pull.branch.as_str(),
        pull.into.as_str(),
    );
    assert_eq!(told, ("jane", "retry", "main"));
    let runs = &facts.runs.known().unwrap().items;
    let told: Vec<_> = runs
        .iter()
        .map(|it| (it.number, it.outcome, it.seconds))
        .collect();
    assert_eq!(told, [(12, Outcome::Failed, Some(192))]);
    assert_eq!(
        (runs[0].title.as_str(), runs[0].event.as_str()),
        ("Take cards", "push")
    );
    let issue = &facts.issues.known().unwrap().items[0];
    assert_eq!(
        (issue.author.as_str(), &issue.labels),
        ("Joe", &vec!["bug".to_owned()])
    );
    let tag = &facts.releases.known().unwrap().items[0];
    assert_eq!((tag.tag.as_str(), tag.at), ("v2.0.0", Some(1_767_258_000)));
    // Of the environments that every repository has, those to which nothing went are left out.
    let environments = &facts.environments.known().unwrap().items;
    let told: Vec<_> = environments
        .iter()
        .map(|it| (it.name.as_str(), it.outcome, it.deployed.as_str()))
        .collect();
    assert_eq!(told, [("Production", Some(Outcome::Passed), "01234567")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cloud_where_much_is_switched_off_says_so_calmly() {
    let Some(setting) = cloud().await else { return };
    let mut told = of_cloud();
    let fields = told.fields.as_object_mut().unwrap();
    for topic in ["pipelines", "deployments", "environments", "issues"] {
        fields.remove(topic);
    }
    fields["has_issues"] = json!(false);
    setting.tell(told);
    let facts = setting.facts().await;
    assert_eq!(facts.withheld(), []);
    assert!(facts.issues.known().unwrap().off.is_some());
    assert!(facts.environments.known().unwrap().off.is_some());
    // What builds it elsewhere has said how it went.
    let runs = &facts.runs.known().unwrap().items;
    let told: Vec<_> = runs
        .iter()
        .map(|it| (it.name.as_str(), it.outcome))
        .collect();
    assert_eq!(
        told,
        [("BUILD", Outcome::Passed), ("LINT", Outcome::Running)]
    );

    // A token that may not read some of it.
    let mut told = of_cloud();
    told.refused = ["pullrequests", "pipelines", "deployments"]
        .map(|it| (it, "", ""))
        .to_vec();
    told.fields["statuses"] = json!([]);
    setting.tell(told);
    let facts = setting.facts().await;
    let topics: Vec<Topic> = facts.withheld().iter().map(|it| it.0).collect();
    assert_eq!(topics, [Topic::Pulls, Topic::Runs, Topic::Environments]);
    let reason = facts.pulls.reason().unwrap();
    assert!(reason.contains("read:pullrequest:bitbucket"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cloud_whose_repository_is_hidden_or_empty_says_so() {
    let Some(setting) = cloud().await else { return };
    let repositories = &setting.forge.shared.repositories;
    let at = setting.at();
    repositories.remove("acme/shop");
    let cancel = tokio_util::sync::CancellationToken::new();
    let ask = async || stagedoor::sync::facts::ask(&setting.session(), &at, &cancel).await;
    let error = ask().await.unwrap_err();
    assert!(error.to_string().contains("may not see it"), "{error}");
    repositories.create("acme/shop");
    setting.tell(of_cloud());
    let facts = ask().await.unwrap().facts;
    assert_eq!((&facts.branch, facts.commit.known()), (&None, Some(&None)));
    assert_eq!(facts.runs.known().unwrap().count(), 0);
    setting.forge.rule(Rule::always("", Fault::Unauthorized));
    let error = ask().await.unwrap_err();
    assert_eq!(error.class(), Class::NotSignedIn);
    assert!(!error.to_string().contains(TOKEN), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_center_tells_what_it_has() {
    let Some(setting) = server().await else {
        return;
    };
    let facts = setting.facts().await;
    let requests = setting.forge.take_requests();
    assert_eq!(requests.len(), 7, "{requests:?}");
    assert_eq!(
        (facts.withheld(), facts.absent()),
        (vec![], OF_SERVER.to_vec())
    );
    assert_eq!(facts.name, "SHOP/shop");
    assert!(
        facts.url.ends_with("/projects/SHOP/repos/shop"),
        "{}",
        facts.url
    );
    assert_eq!(facts.branch.as_deref(), Some("main"));
    let commit = facts.commit.known().unwrap().as_ref().unwrap();
    let told = (commit.title.as_str(), commit.at, commit.checks);
    assert_eq!(
        told,
        ("Take cards", Some(1_772_272_800), Some(Outcome::Failed))
    );
    let pulls = &facts.pulls.known().unwrap().items;
    let told: Vec<_> = pulls
        .iter()
        .map(|it| (it.number, it.review, it.checks))
        .collect();
    assert_eq!(
        told,
        [
            (7, Review::Approved, Some(Outcome::Passed)),
            (6, Review::Required, Some(Outcome::Failed)),
            (5, Review::ChangesRequested, None),
        ]
    );
    assert_eq!(pulls[0].updated, Some(1_772_269_200));
    let runs = &facts.runs.known().unwrap().items;
    let told: Vec<_> = runs
        .iter()
        .map(|it| (it.name.as_str(), it.number, it.outcome, it.seconds))
        .collect();
    assert_eq!(
        told,
        [
            ("build", 12, Outcome::Failed, Some(192)),
            ("LINT", 0, Outcome::Passed, None)
        ]
    );
    let tag = &facts.releases.known().unwrap().items[0];
    assert!(
        tag.url.ends_with("/browse?at=refs%2Ftags%2Fv2.0.0"),
        "{}",
        tag.url
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_or_stricter_data_center_tells_the_rest() {
    let Some(setting) = server().await else {
        return;
    };
    let mut told = of_server();
    told.refused = vec![("builds", "", "")];
    told.fields["is_old"] = json!(true);
    setting.tell(told);
    let facts = setting.facts().await;
    assert_eq!(facts.branch.as_deref(), Some("main"));
    let [(Topic::Runs, reason)] = facts.withheld()[..] else {
        panic!("{:?}", facts.withheld());
    };
    assert!(reason.contains("permission to read"), "{reason}");
    assert_eq!(facts.commit.known().unwrap().as_ref().unwrap().checks, None);

    let repositories = &setting.forge.shared.repositories;
    let at = setting.at();
    repositories.remove("SHOP/shop");
    let cancel = tokio_util::sync::CancellationToken::new();
    let ask = async || stagedoor::sync::facts::ask(&setting.session(), &at, &cancel).await;
    let error = ask().await.unwrap_err();
    assert!(error.to_string().contains("may not see it"), "{error}");
    repositories.create("SHOP/shop");
    setting.tell(Told {
        fields: json!({ "pull-requests": [], "tags": [] }),
        ..Told::default()
    });
    let facts = ask().await.unwrap().facts;
    assert_eq!((&facts.branch, facts.commit.known()), (&None, Some(&None)));
    assert_eq!(facts.withheld(), []);
}
