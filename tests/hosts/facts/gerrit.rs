//! What a Gerrit tells of a project.

use serde_json::{Value, json};
use stagedoor::catalog::facts::{Outcome, Review, Topic};

use super::super::forge::{Forge, TOKEN};
use super::{Setting, Told};

/// What it tells of `acme/deep/shop`.
fn of_gerrit() -> Told {
    let change = |number: u64, labels: Value| {
        json!({
            "id": format!("shop~main~I{number}"), "project": "acme/deep/shop", "branch": "main", "change_id": "I0123456789abcdef",
            "subject": "Retry on 409", "status": "NEW", "_number": number, "owner": { "_account_id": 1, "username": "jane" },
            "created": "2026-02-01 09:00:00.000000000", "updated": "2026-02-28 09:00:00.000000000", "labels": labels,
        })
    };
    let mut draft = change(
        5,
        json!({ "Code-Review": { "disliked": { "_account_id": 2 } } }),
    );
    draft["work_in_progress"] = json!(true);
    draft["topic"] = json!("retries");
    Told {
        commit: json!({
            "subject": "Take cards", "message": "Take cards\n\nChange-Id: I1\n",
            "author": { "name": "Jane", "email": "jane@acme.dev", "date": "2026-02-28 10:00:00.000000000" },
            "committer": { "name": "Jane", "email": "jane@acme.dev", "date": "2026-02-28 10:00:00.000000000" },
        }),
        fields: json!({
            "changes": [
                change(7, json!({ "Code-Review": { "approved": { "_account_id": 2 } }, "Verified": { "rejected": { "_account_id": 3 } } })),
                change(6, json!({ "Code-Review": {}, "Verified": { "approved": { "_account_id": 3 } } })),
                draft,
            ],
            "tags": [
                { "ref": "refs/tags/v1.9", "revision": "01", "created": "2026-01-01 09:00:00.000000000" },
                { "ref": "refs/tags/v1.10", "revision": "02", "object": "03", "tagger": { "name": "Jane", "email": "jane@acme.dev", "date": "2026-02-01 09:00:00.000000000" } },
            ],
        }),
        ..Told::default()
    }
}

async fn gerrit() -> Option<Setting> {
    Setting::configured("acme/deep/shop", of_gerrit(), |forge: &Forge| {
        let (host, url) = (forge.host(), forge.url());
        format!(
            "integrations: {{ gerrit: [{{ host: '{host}', baseUrl: '{url}/gerrit', gitilesBaseUrl: '{url}/gerrit/plugins/gitiles', username: oauth2, password: '{TOKEN}' }}] }}\n\
             catalog: {{ providers: {{ gerrit: {{ acme: {{ host: '{host}', query: 'prefix=acme/' }} }} }} }}\n"
        )
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_tells_what_it_has() {
    let Some(setting) = gerrit().await else {
        return;
    };
    // One whose name begins like it.
    setting.forge.push_light("acme/deep/shop-old", &[("x", "")]);
    let facts = setting.facts().await;
    assert_eq!(setting.forge.take_requests().len(), 5);
    assert_eq!(facts.withheld(), []);
    assert_eq!(
        facts.absent(),
        [
            Topic::Runs,
            Topic::Issues,
            Topic::Alerts,
            Topic::Environments,
            Topic::Languages
        ]
    );
    assert_eq!(facts.branch.as_deref(), Some("main"));
    let commit = facts.commit.known().unwrap().as_ref().unwrap();
    let told = (commit.title.as_str(), commit.author.as_str(), commit.at);
    assert_eq!(told, ("Take cards", "Jane", Some(1_772_272_800)));
    let changes = facts.pulls.known().unwrap();
    let told: Vec<_> = changes
        .items
        .iter()
        .map(|it| (it.number, it.review, it.checks, it.is_draft))
        .collect();
    assert_eq!(
        told,
        [
            (7, Review::Approved, Some(Outcome::Failed), false),
            (6, Review::Required, Some(Outcome::Passed), false),
            (5, Review::ChangesRequested, None, true),
        ]
    );
    let topics: Vec<&str> = changes.items.iter().map(|it| it.branch.as_str()).collect();
    assert_eq!(topics, ["I01234567", "I01234567", "retries"]);
    let page = format!("{}/gerrit/c/acme/deep/shop/+/7", setting.forge.url());
    assert_eq!(changes.items[0].url, page);
    let tags = &facts.releases.known().unwrap().items;
    let told: Vec<&str> = tags.iter().map(|it| it.tag.as_str()).collect();
    assert_eq!(told, ["v1.10", "v1.9"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_panel_fails_alone_and_an_empty_project_has_no_commit() {
    let Some(setting) = gerrit().await else {
        return;
    };
    setting.tell(Told {
        refused: vec![("changes", "", "")],
        ..of_gerrit()
    });
    let facts = setting.facts().await;
    assert_eq!(facts.withheld()[0].0, Topic::Pulls);
    assert_eq!(facts.withheld().len(), 1);
    let repositories = &setting.forge.shared.repositories;
    let at = setting.at();
    let cancel = tokio_util::sync::CancellationToken::new();
    let ask = async || stagedoor::sync::facts::ask(&setting.session(), &at, &cancel).await;
    repositories.remove("acme/deep/shop");
    let error = ask().await.unwrap_err();
    assert!(error.to_string().contains("may not see it"), "{error}");
    repositories.create("acme/deep/shop");
    setting.tell(of_gerrit());
    let facts = ask().await.unwrap().facts;
    assert_eq!((&facts.branch, facts.commit.known()), (&None, Some(&None)));
}
