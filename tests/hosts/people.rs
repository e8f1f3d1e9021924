//! Teams and people of organisations as groups and users: what they are, what changes, and what faults do to them:
//! nothing.

use serde_json::{Value, json};
use stagedoor::catalog::EntityRef;
use stagedoor::store::ProblemFilter;
use stagedoor::sync::{self, Class, SyncReport, SyncRequest};
use tokio_util::sync::CancellationToken;

use super::forge::{Fault, Forge, Rule};
use super::{Desk, component};

/// A forge on which `acme` has three teams, a tree of two and one alone, and a desk that is signed in.
async fn acme() -> Option<(Forge, Desk, String)> {
    let forge = Forge::start().await?;
    let people = &forge.shared.people;
    people.team("acme", "platform", None, &["jane"]);
    people.team("acme", "payments", Some("platform"), &["jane", "bob"]);
    people.team("acme", "empty", None, &[]);
    people.join("acme", "eve");
    let source = format!("github-org:{}/acme", forge.host());
    Some((forge, Desk::signed_in(), source))
}

async fn synced(desk: &Desk, source: &str, full: bool) -> SyncReport {
    let session = desk.session(source);
    let request = SyncRequest {
        full,
        ..SyncRequest::default()
    };
    let cancel = CancellationToken::new();
    sync::sync(&session, &request, &|_| {}, &cancel)
        .await
        .unwrap()
}

/// The body of an entity as it is kept.
fn body(desk: &Desk, source: &str, kind: &str, name: &str) -> Value {
    let entity = desk
        .session(source)
        .store
        .entity(&EntityRef::new(kind, "default", name));
    entity
        .unwrap()
        .map(|stored| stored.entity.body)
        .unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn teams_and_people_of_a_github_are_the_entities_that_backstage_makes() {
    let Some((forge, desk, source)) = acme().await else {
        return;
    };
    let report = synced(&desk, &source, false).await;
    assert!(report.sources[0].failure.is_none(), "{report:?}");
    assert_eq!(report.sources[0].problems, 0);
    assert_eq!(
        desk.names(&source),
        ["bob", "empty", "eve", "jane", "payments", "platform"]
    );
    let expected = json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Group",
        "metadata": {
            "name": "payments",
            "namespace": "default",
            "annotations": {
                "github.com/team-slug": "acme/payments",
                "backstage.io/edit-url": "https://forge.example/orgs/acme/teams/payments/edit",
            },
        },
        "spec": {
            "type": "team",
            "profile": { "displayName": "Team payments" },
            "children": [],
            "members": ["default/bob", "default/jane"],
            "parent": "platform",
        },
    });
    assert_eq!(body(&desk, &source, "group", "payments"), expected);
    let jane = body(&desk, &source, "user", "jane");
    assert_eq!(jane["spec"]["memberOf"], json!(["payments", "platform"]));
    assert_eq!(jane["spec"]["profile"]["email"], "jane@acme.dev");
    let kept = desk
        .session(&source)
        .store
        .entity(&EntityRef::new("group", "default", "payments"));
    let provenance = kept.unwrap().unwrap().entity.provenance;
    let page = format!("url:{}/orgs/acme/teams/payments", forge.url());
    assert_eq!((provenance.location, provenance.line), (page, 0));
    assert!(!provenance.refused);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_change_costs_one_request_and_what_did_is_seen() {
    let Some((forge, desk, source)) = acme().await else {
        return;
    };
    let people = &forge.shared.people;
    synced(&desk, &source, false).await;
    let cold = forge.take_requests();
    assert_eq!(
        cold.len(),
        3,
        "a pulse, a page of teams, a page of people: {cold:?}"
    );
    synced(&desk, &source, false).await;
    assert_eq!(forge.take_requests().len(), 1);
    people.leave("acme", "bob");
    people.change("acme", "payments", |team| team.path = "money".to_owned());
    people.disband("acme", "empty");
    people.set("eve", |account| account.login = "evelyn".to_owned());
    people.join("acme", "zoe");
    synced(&desk, &source, false).await;
    assert_eq!(
        desk.names(&source),
        ["evelyn", "jane", "money", "platform", "zoe"]
    );
    let asked = forge.take_requests();
    assert_eq!(
        asked.len(),
        4,
        "and one look-up of two that are missing: {asked:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_people_come_over_pages_and_are_all_members_of_their_team() {
    let Some((forge, desk, source)) = acme().await else {
        return;
    };
    let logins: Vec<String> = (0..300).map(|n| format!("dev-{n:03}")).collect();
    let logins: Vec<&str> = logins.iter().map(String::as_str).collect();
    forge.shared.people.team("acme", "everybody", None, &logins);
    synced(&desk, &source, false).await;
    let members = body(&desk, &source, "group", "everybody");
    assert_eq!(members["spec"]["members"].as_array().unwrap().len(), 300);
    assert_eq!(desk.names(&source).len(), 303 + 4);
    let asked = forge.take_requests();
    assert_eq!(asked.len(), 1 + 1 + 2 + 4, "{asked:?}");
    assert_eq!(
        body(&desk, &source, "user", "dev-299")["spec"]["memberOf"],
        json!(["everybody"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_that_broke_off_goes_on_where_it_was() {
    let Some((forge, desk, source)) = acme().await else {
        return;
    };
    for n in 0..350 {
        forge.shared.people.join("acme", &format!("dev-{n:03}"));
    }
    let rule = Rule {
        after: 2,
        ..Rule::always("People", Fault::Later(3600))
    };
    forge.rule(rule);
    let report = synced(&desk, &source, false).await;
    assert!(report.sources[0].failure.is_some());
    assert_eq!(
        desk.names(&source).len(),
        4 - 1 + 200,
        "what came is there already"
    );
    forge.heal();
    forge.take_requests();
    synced(&desk, &source, false).await;
    assert_eq!(desk.names(&source).len(), 3 + 353);
    let asked = forge.take_requests();
    assert_eq!(asked.len(), 2, "the two pages that were left: {asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_takes_anybody_away_and_the_next_sync_heals() {
    let Some((forge, desk, source)) = acme().await else {
        return;
    };
    let people = &forge.shared.people;
    let logins: Vec<String> = (0..250).map(|n| format!("dev-{n:03}")).collect();
    let logins: Vec<&str> = logins.iter().map(String::as_str).collect();
    people.team("acme", "everybody", None, &logins);
    synced(&desk, &source, true).await;
    let before = desk.names(&source);
    let rule = |when, after, times, fault| Rule {
        after,
        times,
        ..Rule::once(when, fault)
    };
    let (busy, refused) = (Some(Class::Unreachable), Some(Class::NotSignedIn));
    let always = u32::MAX;
    let cases = [
        (
            "429 for an hour",
            rule("People", 1, 1, Fault::Later(3600)),
            busy,
        ),
        (
            "429 in a team",
            rule("TeamMembers", 0, 1, Fault::Later(3600)),
            busy,
        ),
        (
            "a secondary limit",
            rule("Teams", 0, 1, Fault::Secondary),
            busy,
        ),
        ("too much", rule("People", 0, 2, Fault::TooMuch(30)), None),
        (
            "502 for ever",
            rule("People", 1, always, Fault::BadGateway),
            busy,
        ),
        (
            "answers cut off",
            rule("Teams", 0, always, Fault::Cut),
            busy,
        ),
        (
            "an expired token",
            rule("", 2, always, Fault::Unauthorized),
            refused,
        ),
        (
            "no read:org",
            rule("", 0, always, Fault::Scope("membersWithRole")),
            refused,
        ),
        (
            "single sign-on",
            rule("People", 1, 1, Fault::Partial),
            refused,
        ),
        (
            "single sign-on in a pulse",
            rule("Pulse", 0, 1, Fault::Partial),
            refused,
        ),
        (
            "a truncated page",
            rule("People", 1, 1, Fault::Truncated(7)),
            None,
        ),
        ("no teams", rule("Teams", 0, 1, Fault::Truncated(0)), None),
        (
            "a look-up refused",
            rule("PeopleLookUp", 0, always, Fault::Secondary),
            busy,
        ),
    ];
    for (what, rule, expected) in cases {
        let is_look_up = rule.when == "PeopleLookUp";
        forge.rule(rule);
        if is_look_up {
            people.leave("acme", "dev-007");
        }
        // Something changed, so that all are asked for.
        people.change("acme", "empty", |_| {});
        let report = synced(&desk, &source, false).await;
        let failure = report.sources[0].failure.as_ref();
        assert_eq!(failure.map(|it| it.class), expected, "{what}: {failure:?}");
        assert_eq!(desk.names(&source), before, "{what}");
        let members = body(&desk, &source, "group", "everybody");
        let members = members["spec"]["members"].as_array().unwrap().len();
        assert_eq!(members, if is_look_up { 249 } else { 250 }, "{what}");
        forge.heal();
        if is_look_up {
            break;
        }
        let healed = synced(&desk, &source, false).await;
        assert!(healed.sources[0].failure.is_none(), "{what}: {healed:?}");
        assert_eq!(desk.names(&source), before, "{what}");
    }
    synced(&desk, &source, false).await;
    assert_eq!(desk.names(&source).len(), before.len() - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_token_lacks_is_said_and_who_has_no_right_to_addresses_gets_the_rest() {
    let Some((forge, desk, source)) = acme().await else {
        return;
    };
    forge.rule(Rule::once("People", Fault::Scope("email")));
    synced(&desk, &source, false).await;
    assert_eq!(
        body(&desk, &source, "user", "jane")["spec"]["profile"]["displayName"],
        "jane of the forge"
    );
    assert_eq!(desk.names(&source).len(), 6);
    forge.rule(Rule::always("Pulse", Fault::Scope("teams")));
    let report = synced(&desk, &source, false).await;
    let failure = report.sources[0].failure.as_ref().unwrap();
    assert_eq!(failure.class, Class::NotSignedIn);
    assert!(
        failure.message.contains("scope read:org"),
        "{}",
        failure.message
    );
    assert!(
        failure.message.contains("gh auth refresh"),
        "{}",
        failure.message
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_none_is_told_and_an_organisation_that_is_not_there_too() {
    let Some((forge, desk, source)) = acme().await else {
        return;
    };
    let long = "a".repeat(70);
    forge.shared.people.team("acme", &long, None, &["jane"]);
    let report = synced(&desk, &source, false).await;
    assert!(report.sources[0].problems > 0);
    let found = desk
        .session(&source)
        .store
        .problems(&ProblemFilter::default())
        .unwrap();
    let page = format!("{}/orgs/acme/teams/{long}", forge.url());
    let of_page = found.iter().find(|it| it.place.file == page).unwrap();
    assert_eq!(
        (of_page.place.line, of_page.place.column),
        (0, 0),
        "{of_page:?}"
    );
    let other = source.replace("acme", "nobody");
    let report = synced(&desk, &other, false).await;
    let failure = report.sources[0].failure.as_ref().unwrap();
    assert!(
        failure.message.contains("nobody: does not exist"),
        "{}",
        failure.message
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sits_here_is_one_of_the_people_and_owns_what_their_teams_own() {
    let Some((_forge, desk, source)) = acme().await else {
        return;
    };
    let owned = |name: &str, by: &str| {
        let plain = component(name).replace("    backstage.io/techdocs-ref: dir:.\n", "");
        plain.replace("  annotations:\n", "").replace("team-a", by)
    };
    let file = format!(
        "{}---\n{}",
        owned("shop", "payments"),
        owned("other", "empty")
    );
    let file = desk.write("own.yaml", &file).display().to_string();
    let options = sync::Options {
        sources: vec![file.clone(), source.clone()],
        cache_dir: Some(desk.path().join("cache")),
        ..sync::Options::default()
    };
    let env = stagedoor::config::Env::fixed(desk.path(), &desk.variables);
    let session = sync::Session::open(&options, env).unwrap();
    let cancel = CancellationToken::new();
    let request = SyncRequest::default();
    let report = sync::sync(&session, &request, &|_| {}, &cancel)
        .await
        .unwrap();
    assert!(
        report
            .sources
            .iter()
            .all(|it| it.failure.is_none() && it.problems == 0),
        "{report:?}"
    );
    sync::signin::learn(&session, false).await;
    let me = session.me().unwrap();
    assert_eq!(me.to_string(), "user:default/jane");
    drop(session);
    let listed = std::process::Command::new(env!("CARGO_BIN_EXE_stagedoor"))
        .args(["--source", &file, "--source", &source, "--cache-dir"])
        .arg(desk.path().join("cache"))
        .args(["--offline", "list", "owner:mine", "--output", "name"])
        .env_clear()
        .env("HOME", desk.path())
        .current_dir(desk.path())
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert_eq!(listed.trim(), "component:default/shop");
}
