//! Discovery on a Gerrit, what changes there, and what faults do to it: nothing.

use stagedoor::config::Env;
use stagedoor::sync::{self, Class, SyncReport, SyncRequest};
use tokio_util::sync::CancellationToken;

use super::forge::{Fault, Forge, Rule, TOKEN};
use super::{Desk, component, location};

/// How many projects [`acme`] has: more than a page.
const COUNT: usize = 510;

/// A desk whose configuration names the projects of a forge that begin with `acme/`, with `more` keys for the provider.
fn desk(forge: &Forge, more: &str) -> Desk {
    let desk = Desk::new();
    let (host, url) = (forge.host(), forge.url());
    desk.write(
        "app-config.yaml",
        &format!(
            "integrations: {{ gerrit: [{{ host: '{host}', baseUrl: '{url}/gerrit', gitilesBaseUrl: '{url}/gerrit/plugins/gitiles', username: oauth2, password: '{TOKEN}' }}] }}\n\
             catalog: {{ providers: {{ gerrit: {{ acme: {{ host: '{host}', query: 'state=ACTIVE&prefix=acme/', {more} }} }} }} }}\n"
        ),
    );
    desk
}

/// What a sync comes to, and the names that are there then.
async fn synced(desk: &Desk) -> (SyncReport, Vec<String>) {
    let options = sync::Options {
        config: vec![desk.path().join("app-config.yaml")],
        cache_dir: Some(desk.path().join("cache")),
        ..sync::Options::default()
    };
    let session = sync::Session::open(&options, Env::fixed(desk.path(), &[])).unwrap();
    let (request, cancel) = (SyncRequest::default(), CancellationToken::new());
    let report = sync::sync(&session, &request, &|_| {}, &cancel)
        .await
        .unwrap();
    let entities = session.store.entities().unwrap();
    let mut names: Vec<String> = entities
        .iter()
        .map(|stored| stored.entity.name().to_owned())
        .collect();
    names.sort();
    (report, names)
}

/// A forge with [`COUNT`] projects that have a descriptor each.
async fn acme() -> Option<Forge> {
    let forge = Forge::start().await?;
    for number in 0..COUNT {
        let name = format!("svc-{number:03}");
        forge.push_light(
            &format!("acme/{name}"),
            &[("catalog-info.yaml", &component(&name))],
        );
    }
    Some(forge)
}

/// The names of [`acme`]'s components but `gone`, with `new`.
fn all_but(gone: &[&str], new: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = (0..COUNT)
        .map(|number| format!("svc-{number:03}"))
        .collect();
    names.retain(|name| !gone.contains(&name.as_str()));
    names.extend(new.iter().map(|&name| name.to_owned()));
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn projects_are_read_and_kept_fresh_by_their_list_alone() {
    let Some(forge) = acme().await else { return };
    forge.push_light(
        "acme/old-archived",
        &[("catalog-info.yaml", &component("old"))],
    );
    let desk = desk(&forge, "");
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names),
        (None, all_but(&[], &[])),
        "{report:?}"
    );
    forge.take_requests();
    synced(&desk).await;
    assert_eq!(forge.take_requests().len(), 2, "two pages");
    let repositories = &forge.shared.repositories;
    forge.push_light(
        "acme/svc-007",
        &[("catalog-info.yaml", &component("pushed"))],
    );
    repositories.rename("acme/svc-001", "acme/deep/renamed");
    repositories.remove("acme/svc-002");
    repositories.set("acme/svc-003", |it| it.hidden = true);
    repositories.set("acme/svc-004", |it| it.archived = true);
    forge.push_light("acme/svc-005", &[("README.md", "no descriptor any more")]);
    forge.take_requests();
    let (report, names) = synced(&desk).await;
    let gone = ["svc-002", "svc-003", "svc-004", "svc-005", "svc-007"];
    let expected = all_but(&gone, &["pushed"]);
    assert_eq!((report.class(), names), (None, expected), "{report:?}");
    let requests = forge.take_requests();
    let contents = requests.iter().filter(|it| it.ends_with("/content"));
    assert_eq!(contents.count(), 3, "{requests:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_loses_anything_and_the_next_sync_heals() {
    let Some(forge) = acme().await else { return };
    let desk = desk(&forge, "");
    synced(&desk).await;
    let of = |when, after, times, fault| Rule {
        after,
        times,
        ..Rule::once(when, fault)
    };
    let (busy, forever) = (Some(Class::Unreachable), u32::MAX);
    let (list, file) = ("/projects/", "/content");
    let refused = Some(Class::NotSignedIn);
    let cases = [
        ("429 that is over", of(list, 1, 1, Fault::Later(1)), None),
        ("429 for an hour", of(list, 1, 1, Fault::Later(3600)), busy),
        ("502 once", of(list, 1, 1, Fault::BadGateway), None),
        (
            "502 for ever",
            of(list, 1, forever, Fault::BadGateway),
            busy,
        ),
        ("an answer cut off", of(list, 1, 1, Fault::Cut), None),
        (
            "an expired token",
            of(list, 1, forever, Fault::Unauthorized),
            refused,
        ),
        ("a file: 502 once", of(file, 0, 1, Fault::BadGateway), None),
        (
            "files: 502 for ever",
            of(file, 0, forever, Fault::BadGateway),
            busy,
        ),
        (
            "files: 401",
            of(file, 0, forever, Fault::Unauthorized),
            refused,
        ),
    ];
    for (number, (what, rule, expected)) in cases.into_iter().enumerate() {
        // Something is new each time: what cannot be told now must be told next time.
        let name = format!("svc-{:03}", number * 50);
        let text = format!("{}# {what}\n", component(&name));
        forge.push_light(&format!("acme/{name}"), &[("catalog-info.yaml", &text)]);
        forge.rule(rule);
        let (report, names) = synced(&desk).await;
        assert_eq!(
            (report.class(), names),
            (expected, all_but(&[], &[])),
            "{what}: {report:?}"
        );
        let shown = format!("{report:?}");
        assert!(!shown.contains(TOKEN), "{shown}");
        forge.heal();
        let (report, names) = synced(&desk).await;
        assert_eq!(
            (report.class(), names),
            (None, all_but(&[], &[])),
            "after {what}: {report:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_whose_storage_cannot_be_read_stays() {
    let Some(forge) = acme().await else { return };
    let desk = desk(&forge, "");
    synced(&desk).await;
    let repositories = &forge.shared.repositories;
    // The list leaves it out without a word.
    repositories.set("acme/svc-001", |it| it.withheld = Some("STORAGE"));
    forge.push_light("acme/new", &[("catalog-info.yaml", &component("new"))]);
    let (report, names) = synced(&desk).await;
    assert!(report.class().is_some(), "{report:?}");
    assert_eq!(names, all_but(&[], &["new"]));
    repositories.set("acme/svc-001", |it| it.withheld = None);
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names),
        (None, all_but(&[], &["new"])),
        "{report:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn branches_paths_wildcards_and_locations_are_read() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let names = |names: &[&str]| -> Vec<String> { names.iter().map(|&it| it.to_owned()).collect() };
    let (part, more) = (component("part"), location("./parts/a.yaml"));
    let files = [
        ("catalog-info.yaml", more.as_str()),
        ("parts/a.yaml", &part),
    ];
    forge.push_light("acme/deep/mono", &files);
    let repositories = &forge.shared.repositories;
    forge.commit("acme/real", &[("catalog-info.yaml", &component("old"))]);
    repositories.switch(
        "acme/real",
        "rel/1",
        &[("catalog-info.yaml", &component("new"))],
    );
    repositories.create("acme/empty");
    let cases: [(&str, &[&str]); 4] = [
        // `HEAD` of one is neither of the usual branches.
        ("", &["more", "new", "part"]),
        ("branch: main", &["more", "old", "part"]),
        ("branch: rel/1", &["new"]),
        ("catalogPath: 'parts/*.yaml'", &["part"]),
    ];
    for (more, expected) in cases {
        let desk = desk(&forge, more);
        let (report, found) = synced(&desk).await;
        assert_eq!(
            (report.class(), found),
            (None, names(expected)),
            "{more}: {report:?}"
        );
        forge.take_requests();
        assert_eq!(synced(&desk).await.1, names(expected), "{more}");
        let requests = forge.take_requests();
        assert_eq!(requests.len(), 1, "{more}: {requests:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_does_not_follow_to_another_host() {
    let (Some(forge), Some(other)) = (Forge::start().await, Forge::start().await) else {
        return;
    };
    forge.push_light("acme/a", &[("catalog-info.yaml", &component("a"))]);
    let desk = desk(&forge, "");
    synced(&desk).await;
    let elsewhere = format!("{}/gerrit/a/projects/", other.url());
    forge.rule(Rule::always("", Fault::Elsewhere(elsewhere)));
    let (report, names) = synced(&desk).await;
    assert_eq!(report.class(), Some(Class::NotSignedIn), "{report:?}");
    assert_eq!(names, ["a"]);
    let requests = other.take_requests();
    assert!(!requests.is_empty());
    assert!(
        requests.iter().all(|it| it.ends_with("unsigned")),
        "{requests:?}"
    );
}
