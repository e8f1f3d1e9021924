//! The repository tab: what hosts told of Acme's repositories, and how it looks while they are asked, refuse, or are gone.

use std::sync::Arc;

use serde_json::{Value, json};
use stagedoor::app::page::entity::{Kept, Told};
use stagedoor::app::{Effect, EntityTab, Route};
use stagedoor::catalog::EntityRef;
use stagedoor::catalog::facts::{Fact, Facts};

use crate::company::Company;
use crate::pages::look;
use crate::screen::{NOW, Screen};

/// What the host of the repository of `entity_ref` told; for most, that there is none.
pub(crate) fn told(entity_ref: &EntityRef) -> Told {
    let kept = |facts: Facts, ago| Kept {
        facts: Arc::new(facts),
        asked: Some(NOW - ago),
    };
    match entity_ref.name() {
        "payment-gateway" => Told::Known(kept(gateway(), 12)),
        "payout-worker" => Told::Known(kept(quiet(), 200)),
        "fraud-rules" => Told::Failed(
            "github.com: asks to be left alone for 25 min (its rate limit is used up); try again then".to_owned(),
            Some(kept(gateway(), 3 * 3_600)),
        ),
        "checkout" => Told::Asking(Some(kept(gateway(), 3 * 3_600))),
        "payment-ledger" => Told::Failed(
            "https://github.com/acme/payment-ledger: is not there, or your token may not see it".to_owned(),
            None,
        ),
        _ => Told::Nowhere("its descriptor stands in no Git repository that has an origin on a host".to_owned()),
    }
}

fn facts(body: &Value) -> Facts {
    serde_json::from_value(body.clone()).expect("facts")
}

fn url(path: &str) -> String {
    format!("https://github.com/acme/payment-gateway/{path}")
}

/// A repository where much goes on.
fn gateway() -> Facts {
    let hours = |number: u64| NOW - number * 3_600;
    let pull = |number: u64, title: &str, author: &str, review: &str, checks: &Value, ago: u64| {
        json!({
            "number": number, "title": title, "author": author, "isDraft": review == "draft",
            "review": if review == "draft" { "notNeeded" } else { review }, "checks": checks,
            "branch": format!("{author}/{number}"), "into": "main", "updated": hours(ago),
            "url": url(&format!("pull/{number}")),
        })
    };
    let run = |name: &str, number: u64, outcome: &str, event: &str, ago: u64| {
        json!({
            "name": name, "number": number, "outcome": outcome, "event": event,
            "title": "Refuse cards that were reported", "at": hours(ago),
            "seconds": if outcome == "running" { Value::Null } else { json!(192) },
            "url": url(&format!("actions/runs/{number}")),
        })
    };
    facts(&json!({
        "host": "github.com", "name": "acme/payment-gateway", "url": url(""),
        "visibility": "private", "isArchived": false, "branch": "main", "pullWord": "pull request",
        "commit": {
            "id": "4f2a91c07be13d3f5a0b", "title": "Refuse cards that were reported (#141)", "author": "jane",
            "at": hours(2), "checks": "failed", "url": url("commit/4f2a91c0"),
        },
        "pulls": { "total": 11, "url": url("pulls"), "items": [
            pull(142, "Retry captures that timed out, with the same key, at most three times", "jane", "approved", &json!("passed"), 1),
            pull(140, "Bump the ledger client", "renovate", "required", &json!("running"), 3),
            pull(138, "Speak ISO 20022 to the bank", "miko", "changesRequested", &json!("passed"), 26),
            pull(137, "Trace every call", "li", "required", &json!("failed"), 30),
            pull(131, "支付 in the receipts", "li", "draft", &Value::Null, 24 * 9),
        ] },
        "runs": { "total": 2_204, "url": url("actions"), "items": [
            run("build", 812, "failed", "push", 2),
            run("deploy", 401, "running", "workflow_run", 2),
            run("build", 811, "passed", "push", 20),
            run("nightly", 96, "stopped", "schedule", 23),
        ] },
        "issues": { "total": 2, "url": url("issues"), "items": [
            { "number": 120, "title": "Refunds of 0.00 are refused", "author": "ops-bot", "labels": ["bug", "p2"], "updated": hours(40), "url": url("issues/120") },
            { "number": 77, "title": "Say why a card was refused", "author": "joe", "labels": [], "updated": hours(24 * 40), "url": url("issues/77") },
        ] },
        "alerts": { "withheld": "your token may not read security alerts: it needs the permission “Dependabot alerts: read”, or the scope security_events" },
        "releases": { "total": 64, "url": url("releases"), "items": [
            { "tag": "v2.4.0", "name": "Refunds in parts", "state": "latest", "at": hours(24 * 3), "url": url("releases/tag/v2.4.0") },
            { "tag": "v2.4.0-rc.1", "name": "", "state": "pre-release", "at": hours(24 * 8), "url": url("releases/tag/v2.4.0-rc.1") },
        ] },
        "environments": { "total": 3, "url": url("deployments"), "items": [
            { "name": "production", "outcome": "passed", "deployed": "v2.4.0", "at": hours(70), "url": "https://pay.acme.dev/" },
            { "name": "staging", "outcome": "failed", "deployed": "main", "at": hours(2), "url": url("deployments") },
            { "name": "preview", "outcome": null, "deployed": "", "at": null, "url": url("deployments") },
        ] },
        "languages": [
            { "name": "Go", "perMille": 874 }, { "name": "TypeScript", "perMille": 91 },
            { "name": "Dockerfile", "perMille": 32 }, { "name": "Makefile", "perMille": 3 },
        ],
    }))
}

/// One where nothing is open.
fn quiet() -> Facts {
    let nothing = json!({ "items": [], "total": 0, "url": url("x") });
    Facts {
        issues: serde_json::from_value(
            json!({ "items": [], "total": 0, "url": "", "off": "Issues are switched off." }),
        )
        .expect("issues"),
        is_archived: true,
        alerts: Fact::Known(serde_json::from_value(nothing.clone()).expect("a list")),
        ..facts(&json!({
            "host": "gitlab.acme.dev", "name": "acme/batch/payout-worker", "url": url(""), "visibility": "internal",
            "isArchived": false, "branch": null, "pullWord": "merge request", "commit": null,
            "pulls": nothing, "runs": nothing, "issues": nothing, "alerts": nothing, "releases": nothing,
            "environments": nothing, "languages": [],
        }))
    }
}

fn tab(name: &str) -> Route {
    Route::Entity {
        entity_ref: format!("component:{name}").parse().expect("a reference"),
        tab: EntityTab::Repository,
    }
}

#[test]
fn the_repository_tab() {
    let acme = Company::acme();
    look("repository", &acme, &tab("payment-gateway"), "");
    look(
        "repository-row",
        &acme,
        &tab("payment-gateway"),
        "down down down down",
    );
    look("repository-end", &acme, &tab("payment-gateway"), "end");
    look("repository-quiet", &acme, &tab("payout-worker"), "");
    look("repository-failed", &acme, &tab("fraud-rules"), "");
    look("repository-asking", &acme, &tab("checkout"), "");
    look("repository-gone", &acme, &tab("payment-ledger"), "");
    let nowhere = tab("a-service-with-a-remarkably-long-name-that-somebody-chose-in-a-hurry");
    look("repository-nowhere", &acme, &nowhere, "");
}

#[test]
fn what_leads_nowhere_is_not_offered() {
    let entity = |tab| Route::Entity {
        entity_ref:
            "component:a-service-with-a-remarkably-long-name-that-somebody-chose-in-a-hurry"
                .parse()
                .expect("a reference"),
        tab,
    };
    let mut screen = Screen::open(Company::acme(), entity(EntityTab::Repository), (120, 40));
    assert!(!screen.text().contains("enter open"), "{}", screen.text());
    screen.press("?");
    let text = screen.text();
    assert!(
        text.contains("Ask the host again.") && !text.contains("Find among the API"),
        "{text}"
    );
    // Tab passes by what has nothing to show.
    let mut screen = Screen::open(Company::acme(), entity(EntityTab::Relations), (120, 40));
    screen.press("tab");
    assert!(screen.text().contains("▸Raw"), "{}", screen.text());
    assert!(!screen.text().contains("enter open"), "{}", screen.text());
    screen.press("v");
    assert!(screen.text().contains("▸Repository"), "{}", screen.text());
}

#[test]
fn every_row_opens_in_the_browser_and_columns_are_crossed() {
    let mut screen = Screen::open(Company::acme(), tab("payment-gateway"), (120, 40));
    let mut opened = |keys: &str| -> String {
        screen.press(keys);
        let opened = screen.effects.iter().rev().find_map(|effect| match effect {
            Effect::OpenUrl(url) => Some(url.clone()),
            _ => None,
        });
        opened
            .expect("an address")
            .replace("https://github.com/acme/payment-gateway/", "")
    };
    assert_eq!(opened("o"), "");
    assert_eq!(opened("down enter"), "commit/4f2a91c0");
    assert_eq!(opened("down o"), "pull/142");
    assert_eq!(opened("right o"), "actions/runs/812");
    assert_eq!(opened("down down o"), "actions/runs/811");
    assert_eq!(opened("left o"), "pull/138");
    assert_eq!(opened("end o"), "releases");
    assert_eq!(opened("home o"), "");
}

#[test]
fn a_host_is_asked_when_the_tab_is_looked_at_and_not_after() {
    let asks = |screen: &mut Screen, keys: &str| -> Vec<String> {
        screen.effects.clear();
        for key in keys.split(' ') {
            let key = key.parse().expect(key);
            screen.send(stagedoor::app::Msg::Key(key));
        }
        let told = screen.effects.iter().filter_map(|effect| match effect {
            Effect::AskFacts { anew, .. } => Some(format!("ask {anew}")),
            Effect::StopFacts => Some("stop".to_owned()),
            _ => None,
        });
        told.collect()
    };
    let overview = Route::Entity {
        entity_ref: "component:checkout".parse().expect("a reference"),
        tab: EntityTab::Overview,
    };
    let mut screen = Screen::open(Company::acme(), overview, (120, 40));
    assert_eq!(asks(&mut screen, "down"), [""; 0]);
    assert_eq!(asks(&mut screen, "v"), ["ask false"]);
    screen.settle();
    // It is still on its way when one leaves, and asked for again when one comes back.
    assert_eq!(asks(&mut screen, "C"), ["stop"]);
    assert_eq!(asks(&mut screen, "esc"), ["ask false"]);
    assert_eq!(asks(&mut screen, "tab"), ["stop"]);
    assert_eq!(asks(&mut screen, "v a"), ["ask false"]);
    let mut screen = Screen::open(Company::acme(), tab("payment-gateway"), (120, 40));
    assert_eq!(asks(&mut screen, "a"), ["ask true"]);
    assert!(screen.text().contains("asking…"), "{}", screen.text());
}
