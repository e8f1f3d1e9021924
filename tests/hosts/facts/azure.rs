//! What an Azure DevOps tells of a repository.

use serde_json::json;
use stagedoor::catalog::facts::{Outcome, Review, Severity, Topic};
use stagedoor::sync::Class;

use super::super::forge::{Fault, Forge, Rule, TOKEN};
use super::{Setting, Told};

/// What it tells of `acme/shop/shop`.
fn of_azure() -> Told {
    let pull = |id: u64, reviewers: &[(i64, bool)]| {
        let by = |&(vote, required): &(i64, bool)| json!({ "id": "1", "displayName": "Joe", "vote": vote, "isRequired": required });
        json!({
            "pullRequestId": id, "status": "active", "title": "Retry on 409", "isDraft": id == 5, "creationDate": "2026-02-28T09:00:00.1234567Z",
            "sourceRefName": "refs/heads/feature/retry", "targetRefName": "refs/heads/main", "createdBy": { "displayName": "Jane" },
            "reviewers": reviewers.iter().map(by).collect::<Vec<_>>(),
        })
    };
    let build = |id: u64, branch: &str, reason: &str, result: &str| {
        json!({
            "id": id, "buildNumber": format!("20260228.{id}"), "status": "completed", "result": result, "reason": reason,
            "definition": { "id": 3, "name": "shop-ci" }, "sourceBranch": branch, "sourceVersion": "TIP",
            "queueTime": "2026-02-28T10:00:00Z", "startTime": "2026-02-28T10:00:05Z", "finishTime": "2026-02-28T10:03:17Z",
            "triggerInfo": { "ci.message": "Take cards" }, "_links": { "web": { "href": format!("https://azure.invalid/acme/shop/_build/results?buildId={id}") } },
        })
    };
    let alert = |id: u64, severity: &str| json!({ "alertId": id, "severity": severity, "title": "SQL injection", "alertType": "code", "state": "active", "firstSeenDate": "2026-02-01T09:00:00Z" });
    let tag = |name: &str| json!({ "name": format!("refs/tags/{name}"), "objectId": "01" });
    let language = |name: &str, percent: f64| json!({ "name": name, "files": 1, "languagePercentage": percent });
    Told {
        commit: json!({
            "comment": "Take \u{1b}[31mcards\n\nAll of them.",
            "author": { "name": "Jane", "email": "jane@acme.dev", "date": "2026-02-28T10:00:00Z" },
        }),
        fields: json!({
            "pullrequests": [
                pull(7, &[(10, true), (0, false)]), pull(6, &[(0, true), (10, false)]), pull(5, &[(-5, false)]),
            ],
            "builds": [
                build(12, "refs/heads/main", "individualCI", "failed"),
                build(11, "refs/heads/main", "schedule", "succeeded"),
                build(10, "refs/pull/7/merge", "pullRequest", "succeeded"),
            ],
            "refs": [tag("v1.10.0"), tag("v1.9.0")],
            "languages": [language("C#", 66.6), language("Shell", 33.4)],
            "alerts": [alert(3, "medium"), alert(4, "critical")],
        }),
        ..Told::default()
    }
}

async fn azure() -> Option<Setting> {
    Setting::configured("acme/shop/shop", of_azure(), |forge: &Forge| {
        let host = forge.host();
        format!(
            "integrations: {{ azure: [{{ host: '{host}', credentials: [{{ personalAccessToken: '{TOKEN}' }}] }}] }}\n\
             catalog: {{ providers: {{ azureDevOps: {{ acme: {{ host: '{host}', organization: acme, project: shop }} }} }} }}\n"
        )
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_tells_what_it_has() {
    let Some(setting) = azure().await else { return };
    let facts = setting.facts().await;
    // The repository, its tip, four lists and the builds of the branch and of pull requests.
    assert_eq!(setting.forge.take_requests().len(), 8);
    assert_eq!(facts.withheld(), []);
    assert_eq!(facts.absent(), [Topic::Issues, Topic::Environments]);
    assert_eq!(facts.name, "shop/shop");
    assert_eq!(facts.branch.as_deref(), Some("main"));
    let commit = facts.commit.known().unwrap().as_ref().unwrap();
    let told = (commit.title.as_str(), commit.author.as_str(), commit.checks);
    assert_eq!(told, ("Take [31mcards", "Jane", Some(Outcome::Failed)));
    let pulls = &facts.pulls.known().unwrap().items;
    let told: Vec<_> = pulls
        .iter()
        .map(|it| (it.number, it.review, it.is_draft, it.checks))
        .collect();
    assert_eq!(
        told,
        [
            (7, Review::Approved, false, Some(Outcome::Passed)),
            (6, Review::Required, false, None),
            (5, Review::ChangesRequested, true, None),
        ]
    );
    assert_eq!(
        (pulls[0].branch.as_str(), pulls[0].into.as_str()),
        ("feature/retry", "main")
    );
    assert_eq!(
        pulls[0].url,
        "https://azure.invalid/acme/shop/_git/shop/pullrequest/7"
    );
    let runs = &facts.runs.known().unwrap().items;
    let told: Vec<_> = runs
        .iter()
        .map(|it| (it.number, it.outcome, it.event.as_str(), it.seconds))
        .collect();
    assert_eq!(
        told,
        [
            (12, Outcome::Failed, "push", Some(192)),
            (11, Outcome::Passed, "schedule", Some(192))
        ]
    );
    let tags = &facts.releases.known().unwrap().items;
    let told: Vec<&str> = tags.iter().map(|it| it.tag.as_str()).collect();
    assert_eq!(told, ["v1.10.0", "v1.9.0"]);
    let alerts = &facts.alerts.known().unwrap().items;
    let told: Vec<Severity> = alerts.iter().map(|it| it.severity).collect();
    assert_eq!(told, [Severity::Critical, Severity::Moderate]);
    let languages = facts.languages.known().unwrap();
    assert_eq!(
        (languages[0].name.as_str(), languages[0].per_mille),
        ("C#", 666)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_panel_fails_alone_and_what_is_not_bought_is_no_error() {
    let Some(setting) = azure().await else { return };
    let mut told = of_azure();
    told.refused = vec![("builds", "", ""), ("languages", "", "")];
    told.fields.as_object_mut().unwrap().remove("alerts");
    setting.tell(told);
    let facts = setting.facts().await;
    let topics: Vec<Topic> = facts.withheld().iter().map(|it| it.0).collect();
    assert_eq!(topics, [Topic::Runs, Topic::Languages]);
    let reason = facts.runs.reason().unwrap();
    assert!(reason.contains("Build: read"), "{reason}");
    let alerts = facts.alerts.known().unwrap();
    assert!(alerts.off.as_ref().unwrap().contains("Advanced Security"));
    assert_eq!(facts.pulls.known().unwrap().items[0].checks, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_empty_or_behind_a_page_for_signing_in_is_told_apart() {
    let Some(setting) = azure().await else { return };
    let repositories = &setting.forge.shared.repositories;
    let at = setting.at();
    assert_eq!(at.name, "acme/shop/shop");
    let cancel = tokio_util::sync::CancellationToken::new();
    let ask = async || stagedoor::sync::facts::ask(&setting.session(), &at, &cancel).await;
    repositories.set("acme/shop/shop", |it| it.hidden = true);
    let error = ask().await.unwrap_err();
    assert!(error.to_string().contains("may not see it"), "{error}");
    repositories.remove("acme/shop/shop");
    repositories.create("acme/shop/shop");
    setting.tell(of_azure());
    let facts = ask().await.unwrap().facts;
    assert_eq!((&facts.branch, facts.commit.known()), (&None, Some(&None)));
    assert_eq!(facts.runs.known().unwrap().count(), 0);
    setting.forge.rule(Rule::always("", Fault::SignInPage));
    let error = ask().await.unwrap_err();
    assert_eq!(error.class(), Class::NotSignedIn, "{error}");
}
