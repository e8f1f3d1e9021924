//! What goes wrong at hosts, at every kind of them alike: nothing is lost, nothing is doubled, and the next sync heals.

#[path = "every_host/killed.rs"]
mod killed;
#[path = "every_host/moves.rs"]
mod moves;
#[path = "every_host/odd.rs"]
mod odd;
#[path = "every_host/outside.rs"]
mod outside;

use rstest::rstest;
use stagedoor::sync::{self, Class, SyncRequest};
use tokio_util::sync::CancellationToken;

use super::engines::{
    AZURE, BITBUCKET_CLOUD, BITBUCKET_SERVER, Case, Company, Engine, GERRIT, GIT, GITEA, GITHUB,
    GITLAB, rule,
};
use super::forge::{Fault, Rule};

/// How many repositories a company has: several pages, where a host has pages.
fn count(engine: &Engine) -> usize {
    match engine.name {
        "github" | "gitlab" | "gitea" => 60,
        // Each is asked for its files.
        "bitbucketCloud" | "azure" | "gerrit" => 24,
        // And no more of them in a second than a bucket lets through; or real ones of git.
        _ => 12,
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn no_fault_loses_or_doubles_anything_and_the_next_sync_heals(
    #[values(&GITHUB, &GITLAB, &GITEA, &BITBUCKET_CLOUD, &BITBUCKET_SERVER, &AZURE, &GERRIT, &GIT)]
    engine: &'static Engine,
) {
    let Some(mut company) = Company::of(engine, count(engine)).await else {
        return;
    };
    company.settles("cold").await;
    let forever = u32::MAX;
    let (busy, refused) = (Some(Class::Unreachable), Some(Class::NotSignedIn));
    let (list, files) = (engine.list, engine.files);
    let mut cases: Vec<Case> = vec![
        ("429 that is over", rule(list, 0, 1, Fault::Later(0)), None),
        (
            "429 for an hour",
            rule(list, 0, 1, Fault::Later(3600)),
            busy,
        ),
        ("403", Rule::always(list, Fault::Status(403)), refused),
        ("401", Rule::always(list, Fault::Unauthorized), refused),
        ("502 once", Rule::once(list, Fault::BadGateway), None),
        ("502 for ever", Rule::always(list, Fault::BadGateway), busy),
        ("503 for ever", Rule::always(list, Fault::Status(503)), busy),
        ("504 once", Rule::once(list, Fault::Status(504)), None),
        (
            "bodies that come slowly",
            Rule::always("", Fault::Trickle),
            None,
        ),
        ("a body cut off", Rule::once(list, Fault::Cut), None),
        ("bodies cut off", Rule::always(list, Fault::Cut), busy),
        (
            "a token that expires in mid-sweep",
            rule("", 1, forever, Fault::Unauthorized),
            refused,
        ),
        (
            "files: 429 for an hour",
            Rule::once(files, Fault::Later(3600)),
            busy,
        ),
        (
            "files: 401",
            Rule::always(files, Fault::Unauthorized),
            refused,
        ),
        (
            "files: 502 for ever",
            Rule::always(files, Fault::BadGateway),
            busy,
        ),
        ("files: cut for ever", Rule::always(files, Fault::Cut), busy),
    ];
    if !engine.is_list() {
        cases.extend([
            (
                "files: 502 once",
                Rule::once(files, Fault::BadGateway),
                None,
            ),
            ("a file cut off", Rule::once(files, Fault::Cut), None),
            (
                "a truncated page",
                Rule::once(list, Fault::Truncated(7)),
                None,
            ),
            (
                "pages turned around",
                Rule::always(list, Fault::Reordered),
                None,
            ),
        ]);
    }
    let syncs = company.withstands(cases).await;
    eprintln!(
        "{}: {syncs} syncs, nothing lost, nothing doubled",
        engine.name
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_never_ends_can_be_left(
    #[values(&GITHUB, &GITLAB, &GITEA, &BITBUCKET_CLOUD, &BITBUCKET_SERVER, &AZURE, &GERRIT, &GIT)]
    engine: &'static Engine,
) {
    let Some(mut company) = Company::of(engine, 3).await else {
        return;
    };
    company.settles("cold").await;
    let before = company.names();
    company.push("svc-001", "new");
    company.forge.take_requests();
    company.forge.rule(Rule::once(engine.list, Fault::Endless));
    let session = company.desk.opened();
    let cancel = CancellationToken::new();
    let request = SyncRequest::default();
    let work = sync::sync(&session, &request, &|_| {}, &cancel);
    let leave = async {
        let is_stuck = |it: &String| it.contains("Endless");
        while !company.forge.take_requests().iter().any(is_stuck) {
            tokio::task::yield_now().await;
        }
        cancel.cancel();
    };
    let (outcome, ()) = tokio::join!(work, leave);
    assert!(
        matches!(outcome, Err(sync::SyncError::Cancelled)),
        "{}: {outcome:?}",
        engine.name
    );
    assert_eq!(company.desk.kept(), before, "{}", engine.name);
    company.forge.heal();
    company.settles("after that").await;
}
