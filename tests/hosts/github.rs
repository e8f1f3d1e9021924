//! Discovery on a GitHub, in two phases, and what faults do to it: nothing.

use stagedoor::sync::{self, Class, SyncRequest};
use tokio_util::sync::CancellationToken;

use super::engines::GITHUB;
use super::forge::{Fault, Forge, TOKEN};
use super::{Desk, component, component_ref, location, synced};

/// A forge where `acme` has 60 repositories with descriptors and some without.
async fn acme(count: usize) -> Option<Forge> {
    let forge = Forge::start().await?;
    for number in 0..count {
        let name = format!("svc-{number:02}");
        forge.commit(
            &format!("acme/{name}"),
            &[
                ("catalog-info.yaml", &component(&name)),
                ("docs/index.md", "# Docs\n"),
            ],
        );
    }
    forge.commit("acme/empty", &[("README.md", "nothing here")]);
    forge.commit(
        "acme/old-archived",
        &[("catalog-info.yaml", &component("old"))],
    );
    forge.commit(
        "acme/other-fork",
        &[("catalog-info.yml", &component("fork"))],
    );
    Some(forge)
}

fn count(requests: &[String], what: &str) -> usize {
    requests
        .iter()
        .filter(|request| request.contains(what))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_are_fetched_once_and_only_what_changed_again() {
    let Some(forge) = acme(60).await else { return };
    let desk = Desk::signed_in();
    let source = format!("github:{}/acme", forge.host());
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), None, "{report:?}");
    assert_eq!(report.entities, 61);
    let names = desk.names(&source);
    assert!(names.contains(&"fork".to_owned()) && !names.contains(&"old".to_owned()));
    let requests = forge.take_requests();
    assert_eq!(count(&requests, "Sweep 100"), 1, "{requests:?}");
    assert_eq!(count(&requests, "Texts"), 2, "{requests:?}");
    assert_eq!(report.sources[0].request_count(), 3);
    assert_eq!(report.sources[0].fetched, 61);

    let report = desk.sync(&source).await;
    let requests = forge.take_requests();
    assert_eq!(
        (count(&requests, "Sweep"), count(&requests, "Texts")),
        (1, 0)
    );
    assert_eq!((report.entities, report.sources[0].fetched), (61, 0));

    forge.commit(
        "acme/svc-07",
        &[("catalog-info.yaml", &component("renamed"))],
    );
    let report = desk.sync(&source).await;
    assert_eq!(report.sources[0].fetched, 1);
    let names = desk.names(&source);
    assert!(names.contains(&"renamed".to_owned()) && !names.contains(&"svc-07".to_owned()));
    assert!(!desk.holds(TOKEN), "the token was written down");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_finds_it_too_much_gets_smaller_pages() {
    let Some(forge) = acme(20).await else { return };
    let desk = Desk::signed_in();
    let source = format!("github:{}/acme", forge.host());
    forge.fail(&[Fault::TooMuch(12)]);
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), None, "{report:?}");
    assert_eq!(report.entities, 21);
    let requests = forge.take_requests();
    assert_eq!(count(&requests, "Sweep 12"), 2, "{requests:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_descriptor_points_to_and_its_docs_are_read() {
    let Some(forge) = acme(1).await else { return };
    forge.commit(
        "acme/mono",
        &[
            ("catalog-info.yaml", &location("./parts/*.yaml")),
            ("parts/a.yaml", &component("part-a")),
            (
                "parts/b.yaml",
                &location("/deep/c.yaml").replace("more", "deeper"),
            ),
            ("deep/c.yaml", &component("part-c")),
        ],
    );
    let desk = Desk::signed_in();
    let source = format!("github:{}/acme", forge.host());
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), None, "{report:?}");
    let names = desk.names(&source);
    for name in ["part-a", "part-c", "deeper", "more"] {
        assert!(names.contains(&name.to_owned()), "{names:?}");
    }
    let session = desk.session(&source);
    let entity = component_ref("svc-00");
    assert_eq!(sync::docs::load(&session, &entity).unwrap(), None);
    let cancel = CancellationToken::new();
    let docs = sync::docs::ensure_docs(&session, &entity, &cancel)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(docs.pages["index.md"], "# Docs\n");
    assert!(sync::docs::load(&session, &entity).unwrap().is_some());
    assert!(!desk.holds(TOKEN), "the token was written down");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_sync_changes_nothing() {
    let Some(forge) = acme(2).await else { return };
    let desk = Desk::signed_in();
    let source = format!("github:{}/acme", forge.host());
    desk.sync(&source).await;
    let before = desk.names(&source);
    let session = desk.session(&source);
    let cancel = CancellationToken::new();
    cancel.cancel();
    let outcome = sync::sync(&session, &SyncRequest::default(), &|_| {}, &cancel).await;
    assert!(
        matches!(outcome, Err(sync::SyncError::Cancelled)),
        "{outcome:?}"
    );
    assert_eq!(desk.names(&source), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_that_is_not_there_says_so() {
    let Some(forge) = acme(1).await else { return };
    let desk = Desk::signed_in();
    let report = desk.sync(&format!("github:{}/nobody", forge.host())).await;
    assert_eq!(report.class(), Some(Class::Failed));
    let failure = report.sources[0].failure.clone().unwrap();
    assert!(
        failure.message.contains("/nobody: does not exist"),
        "{failure:?}"
    );
}

/// The names that a sync of what the configuration names gives.
async fn found(desk: &Desk) -> Vec<String> {
    let (report, names) = synced(desk).await;
    assert_eq!(report.class(), None, "{report:?}");
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_with_wildcards_finds_the_parts_of_monorepos() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let part = |name: &str| component(name);
    let files = [
        ("a/catalog-info.yaml", part("a")),
        ("b/c/catalog-info.yaml", part("c")),
        ("x.yaml", part("x")),
    ];
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    forge.push_light("acme/mono", &files);
    forge.push_light("acme/plain", &[("catalog-info.yaml", &component("plain"))]);
    forge.push_light(
        "acme/old-archived",
        &[("catalog-info.yaml", &component("old"))],
    );
    let desk = GITHUB.desk(&forge, "catalogPath: '/**/catalog-info.yaml'");
    assert_eq!(found(&desk).await, ["a", "c", "plain"]);
    let requests = forge.take_requests();
    assert_eq!(
        count(&requests, "/git/trees/"),
        2,
        "none for what is left out: {requests:?}"
    );
    // Only the repository that was pushed to is looked through again.
    forge.push_light(
        "acme/plain",
        &[("deep/catalog-info.yaml", &component("deeper"))],
    );
    assert_eq!(found(&desk).await, ["a", "c", "deeper"]);
    let requests = forge.take_requests();
    assert_eq!(count(&requests, "/git/trees/"), 1, "{requests:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_and_branches_are_applied_as_configured() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    for name in ["api-one", "api-two", "web", "gone-archived", "copy-fork"] {
        forge.commit(
            &format!("acme/{name}"),
            &[("catalog-info.yaml", &component(name))],
        );
    }
    let set = |name: &str, topic: &str| {
        forge
            .shared
            .repositories
            .set(name, |it| it.topics.push(topic.to_owned()));
    };
    set("acme/api-one", "go");
    set("acme/web", "go");
    set("acme/web", "frozen");
    let desk = GITHUB.desk(&forge, "filters: { repository: 'api-.*' }");
    assert_eq!(found(&desk).await, ["api-one", "api-two"]);
    let desk = GITHUB.desk(
        &forge,
        "filters: { topic: { include: [go], exclude: [frozen] } }",
    );
    assert_eq!(found(&desk).await, ["api-one"]);
    let desk = GITHUB.desk(
        &forge,
        "filters: { allowForks: false, allowArchived: true }",
    );
    assert_eq!(
        found(&desk).await,
        ["api-one", "api-two", "gone-archived", "web"]
    );
    let desk = GITHUB.desk(&forge, "filters: { visibility: [public] }");
    assert_eq!(found(&desk).await, [""; 0]);
    // Only one repository has the branch; what its default branch says does not count.
    forge.shared.repositories.switch(
        "acme/web",
        "stable",
        &[("catalog-info.yaml", &component("stable-web"))],
    );
    forge.shared.repositories.switch(
        "acme/web",
        "main",
        &[("catalog-info.yaml", &component("newer-web"))],
    );
    let desk = GITHUB.desk(&forge, "filters: { branch: stable }");
    assert_eq!(found(&desk).await, ["stable-web"]);
    forge.take_requests();
    assert_eq!(found(&desk).await, ["stable-web"]);
    assert_eq!(
        forge.take_requests().len(),
        1,
        "the others are not asked for the branch again"
    );
}
