//! What goes wrong at a GitHub and nowhere else, and in the middle of its pages.

use std::sync::Arc;

use stagedoor::sync::{self, Class, SyncReport, SyncRequest};
use tokio_util::sync::CancellationToken;

use super::engines::{Case, Company, GITHUB, rule, services};
use super::forge::{Fault, Forge, Rule};
use super::{Desk, component, synced};

/// How many repositories there are: three pages.
const COUNT: usize = 250;

/// A GitHub on which `acme` has `count` repositories with a descriptor each.
async fn acme(count: usize) -> Option<(Forge, Desk, String)> {
    let forge = GITHUB.filled(count).await?;
    let source = format!("github:{}/acme", forge.host());
    Some((forge, Desk::signed_in(), source))
}

/// A sweep of `source`, whatever is known.
async fn sweep(desk: &Desk, source: &str) -> SyncReport {
    let session = desk.session(source);
    let request = SyncRequest {
        full: true,
        ..SyncRequest::default()
    };
    let cancel = CancellationToken::new();
    sync::sync(&session, &request, &|_| {}, &cancel)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_and_what_is_left_out_lose_nothing() {
    let Some(mut company) = Company::of(&GITHUB, 60).await else {
        return;
    };
    company.settles("cold").await;
    let refused = Some(Class::NotSignedIn);
    let cases: Vec<Case> = vec![
        (
            "a limit that is used up",
            rule("Sweep", 1, 1, Fault::UsedUp(0)),
            None,
        ),
        ("too much", rule("Sweep", 0, 3, Fault::TooMuch(7)), None),
        (
            "texts: too much",
            rule("Texts", 0, 3, Fault::TooMuch(7)),
            None,
        ),
        (
            "partial results",
            rule("Sweep", 1, 1, Fault::Partial),
            refused,
        ),
        (
            "an empty page",
            rule("Sweep", 0, 1, Fault::Truncated(0)),
            None,
        ),
        (
            "the second page",
            rule("Sweep", 1, 1, Fault::Truncated(7)),
            None,
        ),
    ];
    company.withstands(cases).await;
    // It wants a minute, for which only a sync that was asked for with `full` has the patience.
    company.forge.rule(Rule::once("", Fault::Secondary));
    let (report, names) = synced(&company.desk).await;
    let busy = Some(Class::Unreachable);
    assert_eq!(
        (report.class(), names),
        (busy, company.names()),
        "{report:?}"
    );
    company.settles("after a secondary limit").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cold_sweep_that_breaks_off_goes_on_where_it_was() {
    let Some((forge, desk, source)) = acme(COUNT).await else {
        return;
    };
    forge.rule(Rule {
        after: 2,
        ..Rule::always("Sweep", Fault::Unauthorized)
    });
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), Some(Class::NotSignedIn), "{report:?}");
    forge.heal();
    forge.take_requests();
    let report = desk.sync(&source).await;
    assert_eq!(
        (report.class(), report.entities),
        (None, COUNT),
        "{report:?}"
    );
    let sweeps = forge
        .take_requests()
        .iter()
        .filter(|it| it.contains("Sweep"))
        .count();
    assert_eq!(sweeps, 1, "only the last of three pages was missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_is_waited_for_and_that_is_told() {
    let Some((forge, desk, source)) = acme(3).await else {
        return;
    };
    forge.fail(&[Fault::Later(1)]);
    let told = std::sync::Mutex::new(Vec::new());
    let session = desk.session(&source);
    let cancel = CancellationToken::new();
    let note = |step: sync::Progress| {
        if let Some(sync::Wait::Host(host)) = step.waiting {
            told.lock().unwrap().push(host);
        }
    };
    sync::sync(&session, &SyncRequest::default(), &note, &cancel)
        .await
        .unwrap();
    let told = told.into_inner().unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        (told[0].host.as_str(), told[0].reason.as_str()),
        (forge.host().as_str(), "too many requests")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_to_repositories_in_mid_sweep_is_seen_in_the_end() {
    let Some((forge, desk, source)) = acme(COUNT).await else {
        return;
    };
    desk.sync(&source).await;
    // Before the second page: one on the first page gets another descriptor, one goes, one moves before the cursor, one
    // moves away from the last page, one is hidden, one given to somebody else.
    forge.rule(Rule {
        after: 1,
        ..Rule::once(
            "Sweep",
            Fault::Meanwhile(Arc::new(|shared| {
                let repositories = &shared.repositories;
                repositories.push_light(
                    "acme/svc-005",
                    &[("catalog-info.yaml", &component("pushed"))],
                );
                repositories.remove("acme/svc-006");
                repositories.rename("acme/svc-200", "acme/aaa");
                repositories.rename("acme/svc-007", "acme/zzz");
                repositories.set("acme/svc-150", |it| it.hidden = true);
                repositories.rename("acme/svc-151", "other/svc-151");
            })),
        )
    });
    let report = sweep(&desk, &source).await;
    assert_eq!(report.class(), None, "{report:?}");
    let mut expected = services(COUNT);
    expected.retain(|name| !["svc-150", "svc-151"].contains(&name.as_str()));
    assert_eq!(
        desk.names(&source),
        expected,
        "the first page was as it had been"
    );
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), None, "{report:?}");
    expected.retain(|name| !["svc-005", "svc-006"].contains(&name.as_str()));
    expected.insert(0, "pushed".to_owned());
    assert_eq!(desk.names(&source), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_host_withholds_stays_as_it_was() {
    let Some((forge, desk, source)) = acme(COUNT).await else {
        return;
    };
    desk.sync(&source).await;
    let repositories = &forge.shared.repositories;
    for (name, why) in [
        ("acme/svc-001", "SERVICE_UNAVAILABLE"),
        ("acme/svc-002", "FORBIDDEN"),
    ] {
        repositories.push_light(name, &[("README.md", "no descriptor any more")]);
        repositories.set(name, |repository| repository.withheld = Some(why));
    }
    for _ in 0..2 {
        let report = sweep(&desk, &source).await;
        assert!(
            report.class().is_some(),
            "it says that something is missing: {report:?}"
        );
        assert_eq!(desk.names(&source), services(COUNT));
    }
    for name in ["acme/svc-001", "acme/svc-002"] {
        repositories.set(name, |repository| repository.withheld = None);
    }
    let report = desk.sync(&source).await;
    assert_eq!(
        (report.class(), report.entities),
        (None, COUNT - 2),
        "{report:?}"
    );
}
