//! Facts about the repository of an entity: in how many requests, what is withheld and why, and what faults leave.

#![expect(clippy::panic, reason = "tests")]

#[path = "facts/azure.rs"]
mod azure;
#[path = "facts/bitbucket.rs"]
mod bitbucket;
#[path = "facts/gerrit.rs"]
mod gerrit;

use std::time::Duration;

use serde_json::{Value, json};
use stagedoor::catalog::facts::{Facts, Outcome, Review, Severity, Topic};
use stagedoor::catalog::{Entity, EntityRef};
use stagedoor::config::Env;
use stagedoor::sync::facts::{self, KeptFacts, RepositoryAt};
use stagedoor::sync::{self, Class, Options, Session, SyncError, SyncRequest};
use tokio_util::sync::CancellationToken;

use super::forge::facts::Facts as Told;
use super::forge::{Fault, Forge, Rule, TOKEN};
use super::{Desk, component, component_ref};

/// What a GitLab tells of `acme/shop`.
fn of_gitlab() -> Told {
    Told {
        commit: json!({
            "title": "Take cards", "authoredDate": "2026-02-28T10:00:00Z", "authorName": "Jane",
            "webUrl": "https://forge.invalid/acme/shop/-/commit/1",
        }),
        fields: json!({
            "openIssuesCount": 12,
            "mergeRequests": { "count": 1, "nodes": [{
                "id": "gid://gitlab/MergeRequest/1", "iid": "7", "title": "Retry on 409",
                "webUrl": "https://forge.invalid/acme/shop/-/merge_requests/7", "draft": false,
                "createdAt": "2026-02-01T09:00:00Z", "updatedAt": "2026-02-28T09:00:00Z",
                "approved": true, "sourceBranch": "retry", "targetBranch": "main",
                "author": { "username": "jane" }, "headPipeline": { "status": "RUNNING" },
                "reviewers": { "nodes": [{ "username": "joe" }] },
            }] },
            "releases": { "count": 1, "nodes": [{
                "name": "v2.0.0", "tagName": "v2.0.0", "releasedAt": "2026-01-01T09:00:00Z",
                "upcomingRelease": false, "links": { "selfUrl": null },
            }] },
            "environments": { "nodes": [{
                "id": "gid://gitlab/Environment/1", "name": "production", "path": "/acme/shop/-/environments/1",
                "externalUrl": "https://shop.acme.dev",
                "lastDeployment": { "ref": "main", "sha": "01", "createdAt": "2026-02-28T11:00:00Z", "status": "SUCCESS" },
            }] },
            "vulnerabilitySeveritiesCount": { "critical": 0, "high": 2, "medium": 0, "low": 1, "unknown": 0 },
            "languages": [{ "name": "Go", "share": 66.69 }, { "name": "Shell", "share": 33.31 }],
        }),
        refused: Vec::new(),
        runs: vec![json!({
            "id": 90, "iid": 12, "ref": "main", "sha": "01", "status": "success", "source": "push",
            "created_at": "2026-02-28T10:00:05.123Z", "updated_at": "2026-02-28T10:03:17.123Z",
            "web_url": "https://forge.invalid/acme/shop/-/pipelines/90",
        })],
        runs_refused: None,
    }
}

/// What a Gitea tells of `acme/shop`.
fn of_gitea() -> Told {
    let user = json!({ "login": "jane" });
    Told {
        commit: json!({
            "id": "0123456789", "message": "Take cards\n\nAll of them.", "timestamp": "2026-02-28T10:00:00+01:00",
            "author": { "name": "Jane" },
        }),
        fields: json!({
            "has_issues": false, "state": "pending",
            "pulls": [{
                "number": 7, "title": "Retry on 409", "user": user, "draft": false,
                "updated_at": "2026-02-28T09:00:00Z", "html_url": "https://gitea.invalid/acme/shop/pulls/7",
                "head": { "ref": "retry" }, "base": { "ref": "main" },
            }],
            "reviews": { "7": [{ "user": user, "state": "APPROVED" }] },
            "releases": [{
                "tag_name": "v1", "name": "v1", "prerelease": true, "published_at": "2026-01-01T09:00:00Z",
                "html_url": "https://gitea.invalid/acme/shop/releases/tag/v1",
            }],
            "languages": { "Shell": 100, "Go": 900 },
            "runs": { "total_count": 2, "workflow_runs": [
                {
                    "path": "build.yaml@refs/heads/main", "run_number": 12, "head_branch": "main", "event": "push",
                    "status": "completed", "conclusion": "failure", "display_title": "Take cards",
                    "started_at": "2026-02-28T10:00:05Z", "completed_at": "2026-02-28T10:03:17Z",
                    "html_url": "https://gitea.invalid/acme/shop/actions/runs/30",
                },
                { "path": "build.yaml", "head_branch": "other", "status": "queued" },
            ] },
        }),
        ..Told::default()
    }
}

/// A forge where the repository of an entity has facts, and a desk that has synced it.
struct Setting {
    forge: Forge,
    desk: Desk,
    options: Options,
    repository: &'static str,
}

impl Setting {
    async fn new(facts: Told, options: fn(&Forge, &Desk) -> Options) -> Option<Self> {
        Self::of("acme/shop", facts, options).await
    }

    /// The same where the forge holds `repository`, and a configuration that `config` writes names its owner.
    async fn configured(
        repository: &'static str,
        facts: Told,
        config: fn(&Forge) -> String,
    ) -> Option<Self> {
        let options = |forge: &Forge, desk: &Desk| Options {
            config: vec![desk.write("app-config.yaml", &config(forge))],
            cache_dir: Some(desk.path().join("cache")),
            ..Options::default()
        };
        Self::of(repository, facts, options).await
    }

    async fn of(
        repository: &'static str,
        facts: Told,
        options: impl Fn(&Forge, &Desk) -> Options,
    ) -> Option<Self> {
        let forge = Forge::start().await?;
        forge.commit(repository, &[("catalog-info.yaml", &component("shop"))]);
        let desk = Desk::signed_in();
        let setting = Self {
            options: options(&forge, &desk),
            forge,
            desk,
            repository,
        };
        setting.tell(facts);
        let session = setting.session();
        let cancel = CancellationToken::new();
        let request = SyncRequest::default();
        sync::sync(&session, &request, &|_| {}, &cancel)
            .await
            .unwrap();
        setting.forge.take_requests();
        Some(setting)
    }

    async fn github() -> Option<Self> {
        Self::new(Told::of_shop(), |forge, desk| Options {
            sources: vec![format!("github:{}/acme", forge.host())],
            cache_dir: Some(desk.path().join("cache")),
            ..Options::default()
        })
        .await
    }

    async fn gitlab() -> Option<Self> {
        Self::new(of_gitlab(), |forge, desk| {
            let (host, url) = (forge.host(), forge.url());
            let text = format!(
                "integrations: {{ gitlab: [{{ host: '{host}', apiBaseUrl: '{url}/gitlab/api/v4', token: '{TOKEN}' }}] }}\n\
                 catalog: {{ providers: {{ gitlab: {{ acme: {{ host: '{host}', group: acme }} }} }} }}\n"
            );
            Options {
                config: vec![desk.write("app-config.yaml", &text)],
                cache_dir: Some(desk.path().join("cache")),
                ..Options::default()
            }
        })
        .await
    }

    async fn gitea() -> Option<Self> {
        Self::new(of_gitea(), |forge, desk| {
            let (host, url) = (forge.host(), forge.url());
            let text = format!(
                "integrations: {{ gitea: [{{ host: '{host}', baseUrl: '{url}', password: '{TOKEN}' }}] }}\n\
                 catalog: {{ providers: {{ gitea: {{ acme: {{ host: '{host}', organization: acme }} }} }} }}\n"
            );
            Options {
                config: vec![desk.write("app-config.yaml", &text)],
                cache_dir: Some(desk.path().join("cache")),
                ..Options::default()
            }
        })
        .await
    }

    fn tell(&self, facts: Told) {
        let repositories = &self.forge.shared.repositories;
        repositories.set(self.repository, |repository| repository.facts = facts);
    }

    fn session(&self) -> Session {
        let env = Env::fixed(self.desk.path(), &self.desk.variables);
        Session::open(&self.options, env).unwrap()
    }

    fn at(&self) -> RepositoryAt {
        let session = self.session();
        facts::repository(&session, &entity(&session)).unwrap()
    }

    async fn ask(&self) -> Result<KeptFacts, SyncError> {
        facts::ask(&self.session(), &self.at(), &CancellationToken::new()).await
    }

    async fn facts(&self) -> Facts {
        self.ask().await.unwrap().facts
    }
}

fn entity(session: &Session) -> Entity {
    let shop: EntityRef = component_ref("shop");
    session.store.entity(&shop).unwrap().unwrap().entity
}

#[tokio::test(flavor = "multi_thread")]
async fn a_github_tells_all_in_two_requests_and_what_is_kept_in_none() {
    let Some(setting) = Setting::github().await else {
        return;
    };
    let facts = setting.facts().await;
    let requests = setting.forge.take_requests();
    assert_eq!(
        requests,
        [
            "POST /api/graphql Facts 0",
            "GET /api/v3/repos/acme/shop/actions/runs"
        ]
    );
    assert_eq!(facts.withheld(), []);
    assert_eq!(facts.name, "acme/shop");
    let commit = facts.commit.known().unwrap().as_ref().unwrap();
    assert_eq!(
        (commit.title.as_str(), commit.checks),
        ("Take [31mcards", Some(Outcome::Failed))
    );
    let pulls = facts.pulls.known().unwrap();
    let told: Vec<_> = pulls
        .items
        .iter()
        .map(|it| (it.number, it.review, it.is_draft))
        .collect();
    assert_eq!(
        told,
        [
            (7, Review::Approved, false),
            (6, Review::NotNeeded, true),
            (5, Review::ChangesRequested, false)
        ]
    );
    assert_eq!(pulls.count(), 23);
    let runs = &facts.runs.known().unwrap().items;
    let told: Vec<_> = runs
        .iter()
        .map(|it| (it.number, it.outcome, it.seconds))
        .collect();
    assert_eq!(told, [(12, Outcome::Failed, Some(192))]);
    let alert = &facts.alerts.known().unwrap().items[0];
    assert_eq!(
        (alert.severity, alert.fixed.as_str()),
        (Severity::High, "4.17.21")
    );
    let environments = &facts.environments.known().unwrap().items;
    assert_eq!(environments[0].url, "https://shop.acme.dev/");
    assert_eq!(environments[1].outcome, None);
    assert_eq!(facts.languages.known().unwrap()[0].per_mille, 900);

    let kept = facts::kept(&setting.session(), &setting.at())
        .unwrap()
        .unwrap();
    assert_eq!(kept.facts, facts);
    assert!(facts::is_fresh(&kept));
    assert_eq!(setting.forge.take_requests(), Vec::<String>::new());
    assert!(!setting.desk.holds(TOKEN), "the token was written down");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gitlab_tells_all_in_two_requests() {
    let Some(setting) = Setting::gitlab().await else {
        return;
    };
    let facts = setting.facts().await;
    let requests = setting.forge.take_requests();
    assert_eq!(
        requests,
        [
            "POST /gitlab/api/graphql Facts 0",
            "GET /gitlab/api/v4/projects/acme%2Fshop/pipelines"
        ]
    );
    assert_eq!(facts.withheld(), []);
    assert_eq!(facts.pull_word, "merge request");
    let pull = &facts.pulls.known().unwrap().items[0];
    assert_eq!(
        (pull.number, pull.review, pull.checks),
        (7, Review::Approved, Some(Outcome::Running))
    );
    assert_eq!(facts.issues.known().unwrap().count(), 12);
    let alerts = &facts.alerts.known().unwrap().items;
    let told: Vec<_> = alerts
        .iter()
        .map(|it| (it.severity, it.subject.as_str()))
        .collect();
    assert_eq!(
        told,
        [(Severity::High, "2 findings"), (Severity::Low, "1 finding")]
    );
    let run = &facts.runs.known().unwrap().items[0];
    assert_eq!(
        (run.number, run.outcome, run.seconds),
        (12, Outcome::Passed, Some(192))
    );
    assert_eq!(facts.languages.known().unwrap()[0].per_mille, 667);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gitea_tells_what_it_has() {
    let Some(setting) = Setting::gitea().await else {
        return;
    };
    let facts = setting.facts().await;
    assert_eq!(facts.withheld(), []);
    // The repository, its tip and the tip's checks, five lists, and the reviews of one pull request; issues are off.
    assert_eq!(setting.forge.take_requests().len(), 8);
    let commit = facts.commit.known().unwrap().as_ref().unwrap();
    assert_eq!(
        (commit.title.as_str(), commit.checks),
        ("Take cards", Some(Outcome::Running))
    );
    let pull = &facts.pulls.known().unwrap().items[0];
    assert_eq!((pull.number, pull.review), (7, Review::Approved));
    let runs = &facts.runs.known().unwrap().items;
    let told: Vec<_> = runs
        .iter()
        .map(|it| (it.name.as_str(), it.outcome, it.seconds))
        .collect();
    assert_eq!(told, [("build.yaml", Outcome::Failed, Some(192))]);
    assert_eq!(facts.languages.known().unwrap()[0].per_mille, 900);
    assert!(facts.issues.known().unwrap().off.is_some());
    assert_eq!(facts.absent(), [Topic::Alerts, Topic::Environments]);

    // A token that may not read one thing, and a server of before there were runs.
    let mut older = of_gitea();
    older.refused = vec![("pulls", "", "")];
    older.fields.as_object_mut().unwrap().remove("runs");
    older.fields["tasks"] = json!({ "total_count": 1, "workflow_runs": [{
        "id": 30, "name": "test", "workflow_id": "build.yaml", "run_number": 12, "head_branch": "main", "event": "push",
        "status": "failure", "display_title": "Take cards", "url": "https://gitea.invalid/acme/shop/actions/runs/30",
        "run_started_at": "2026-02-28T10:00:05Z", "updated_at": "2026-02-28T10:03:17Z",
    }] });
    setting.tell(older);
    let facts = setting.facts().await;
    let [(Topic::Pulls, reason)] = facts.withheld()[..] else {
        panic!("{:?}", facts.withheld());
    };
    assert!(reason.contains("read:issue"), "{reason}");
    let runs = &facts.runs.known().unwrap().items;
    let told: Vec<_> = runs
        .iter()
        .map(|it| (it.name.as_str(), it.outcome, it.seconds))
        .collect();
    assert_eq!(told, [("test", Outcome::Failed, Some(192))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_withheld_with_what_it_takes_and_nothing_else_is() {
    let Some(setting) = Setting::github().await else {
        return;
    };
    let scopes = "Your token has not been granted the required scopes to execute this query. The 'vulnerabilityAlerts' field requires one of the following scopes: ['security_events', 'repo'], but your token has only been granted the: ['gist'] scopes.";
    let cases = [
        (
            (
                "vulnerabilityAlerts",
                "FORBIDDEN",
                "Resource not accessible by personal access token",
            ),
            Topic::Alerts,
            "“Dependabot alerts: read”",
        ),
        (
            ("vulnerabilityAlerts", "INSUFFICIENT_SCOPES", scopes),
            Topic::Alerts,
            "it needs the scope security_events or repo",
        ),
        (
            (
                "environments",
                "FORBIDDEN",
                "Resource protected by organization SAML enforcement.",
            ),
            Topic::Environments,
            "single sign-on",
        ),
        (
            (
                "issues",
                "SERVICE_UNAVAILABLE",
                "Something \u{1b}]0;went wrong.",
            ),
            Topic::Issues,
            "Something ]0;went wrong.",
        ),
    ];
    for (refused, topic, expected) in cases {
        setting.tell(Told {
            refused: vec![refused],
            ..Told::of_shop()
        });
        let facts = setting.facts().await;
        let [(of, reason)] = facts.withheld()[..] else {
            panic!("{:?}", facts.withheld());
        };
        assert_eq!(of, topic);
        assert!(reason.contains(expected), "{reason}");
    }
    setting.tell(Told {
        runs_refused: Some(403),
        ..Told::of_shop()
    });
    let facts = setting.facts().await;
    let [(Topic::Runs, reason)] = facts.withheld()[..] else {
        panic!("{:?}", facts.withheld());
    };
    assert!(reason.contains("“Actions: read”"), "{reason}");
    // Alerts that are hidden without a word are not told as none.
    let mut hidden = Told::of_shop();
    hidden.fields["vulnerabilityAlerts"] = Value::Null;
    setting.tell(hidden);
    assert_eq!(setting.facts().await.withheld()[0].0, Topic::Alerts);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_host_is_asked_only_for_what_it_knows() {
    let Some(setting) = Setting::github().await else {
        return;
    };
    setting.forge.forget("environments", "languages");
    let facts = setting.facts().await;
    let [(Topic::Environments, reason)] = facts.withheld()[..] else {
        panic!("{:?}", facts.withheld());
    };
    assert!(reason.contains("version"), "{reason}");
    assert_eq!(setting.forge.take_requests().len(), 3);
    let Some(setting) = Setting::gitlab().await else {
        return;
    };
    setting.forge.forget("environments", "languages");
    let facts = setting.facts().await;
    assert_eq!(facts.withheld().len(), 1);
    assert_eq!(facts.withheld()[0].0, Topic::Languages);
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_leave_what_is_kept() {
    let Some(setting) = Setting::github().await else {
        return;
    };
    let before = setting.facts().await;
    setting.tell(Told::default());
    let cases = [
        (Fault::Unauthorized, Class::NotSignedIn),
        (Fault::Later(3600), Class::Unreachable),
        (Fault::TooMuch(0), Class::Unreachable),
    ];
    for (fault, expected) in cases {
        setting.forge.rule(Rule::always("Facts", fault.clone()));
        let error = setting.ask().await.unwrap_err();
        assert_eq!(error.class(), expected, "{fault:?}: {error}");
        assert!(!error.to_string().contains(TOKEN), "{error}");
        let kept = facts::kept(&setting.session(), &setting.at()).unwrap();
        assert_eq!(kept.unwrap().facts, before, "{fault:?}");
        setting.forge.heal();
        if expected == Class::Unreachable && matches!(fault, Fault::Later(_)) {
            // The next process leaves the host alone, too.
            setting.forge.take_requests();
            let error = setting.ask().await.unwrap_err();
            assert!(error.to_string().contains("left alone"), "{error}");
            assert_eq!(setting.forge.take_requests(), Vec::<String>::new());
            setting.session().store.set_note("waiting", "[]").unwrap();
        }
    }
    // A gateway that fails once is asked again.
    setting.forge.rule(Rule::once("Facts", Fault::BadGateway));
    assert_eq!(setting.facts().await.pulls.known().unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_nobody_waits_for_ends_at_once() {
    let Some(setting) = Setting::github().await else {
        return;
    };
    let slow = Fault::Slow(Duration::from_hours(1));
    setting.forge.rule(Rule::always("Facts", slow));
    let cancel = CancellationToken::new();
    let (session, at) = (setting.session(), setting.at());
    let asking = facts::ask(&session, &at, &cancel);
    let (answer, ()) = tokio::join!(asking, async { cancel.cancel() });
    assert!(matches!(answer, Err(SyncError::Cancelled)), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_is_not_there_is_said_to_be_so() {
    let Some(setting) = Setting::github().await else {
        return;
    };
    setting
        .forge
        .shared
        .repositories
        .set("acme/shop", |it| it.hidden = true);
    let error = setting.ask().await.unwrap_err();
    assert!(error.to_string().contains("may not see it"), "{error}");
    // Nobody signed in: GraphQL answers nobody.
    let env = Env::fixed(setting.desk.path(), &[]);
    let session = Session::open(&setting.options, env).unwrap();
    let asked = facts::ask(&session, &setting.at(), &CancellationToken::new()).await;
    assert_eq!(asked.unwrap_err().class(), Class::NotSignedIn);
}
