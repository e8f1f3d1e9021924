//! Discovery on a Gitea, what changes there, and what faults do to it: nothing.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use stagedoor::config::Env;
use stagedoor::sync::{self, Class, SyncReport, SyncRequest};
use tokio_util::sync::CancellationToken;

use super::forge::{Fault, Forge, Rule, TOKEN};
use super::{Desk, component, location};

/// How many repositories [`acme`] has: more than two pages.
const COUNT: usize = 120;

/// A desk whose configuration names the organisation `acme` of a forge, with `more` keys for the provider.
fn desk(forge: &Forge, more: &str) -> Desk {
    let desk = Desk::new();
    let (host, url) = (forge.host(), forge.url());
    desk.write(
        "app-config.yaml",
        &format!(
            "integrations: {{ gitea: [{{ host: '{host}', baseUrl: '{url}', password: '{TOKEN}' }}] }}\n\
             catalog: {{ providers: {{ gitea: {{ acme: {{ host: '{host}', organization: acme, {more} }} }} }} }}\n"
        ),
    );
    desk
}

/// What a sync comes to, and the names that are there then.
async fn synced(desk: &Desk) -> (SyncReport, Vec<String>) {
    sync_with(desk, SyncRequest::default()).await
}

/// The same of a sweep, whatever is known.
async fn swept(desk: &Desk) -> (SyncReport, Vec<String>) {
    let request = SyncRequest {
        full: true,
        ..SyncRequest::default()
    };
    sync_with(desk, request).await
}

async fn sync_with(desk: &Desk, request: SyncRequest) -> (SyncReport, Vec<String>) {
    let options = sync::Options {
        config: vec![desk.path().join("app-config.yaml")],
        cache_dir: Some(desk.path().join("cache")),
        ..sync::Options::default()
    };
    let session = sync::Session::open(&options, Env::fixed(desk.path(), &[])).unwrap();
    let cancel = CancellationToken::new();
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

/// A forge where the organisation `acme` has [`COUNT`] repositories with a descriptor each.
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

/// The names of [`acme`]'s components.
fn all() -> Vec<String> {
    (0..COUNT)
        .map(|number| format!("svc-{number:03}"))
        .collect()
}

/// The names of [`acme`]'s components but `gone`, with `new`.
fn all_but(gone: &[&str], new: &[&str]) -> Vec<String> {
    let mut names = all();
    names.retain(|name| !gone.contains(&name.as_str()));
    names.extend(new.iter().map(|&name| name.to_owned()));
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn repositories_of_an_organisation_are_read_and_kept_fresh() {
    let Some(forge) = acme().await else { return };
    forge.commit("acme/real", &[("catalog-info.yml", &component("real"))]);
    forge.commit("other/x", &[("catalog-info.yaml", &component("x"))]);
    let desk = desk(&forge, "");
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names),
        (None, all_but(&[], &["real"])),
        "{report:?}"
    );
    let repositories = &forge.shared.repositories;
    repositories.set("acme/real", |it| (it.pushed, it.updated) = (1, 1));
    // What was pushed a moment ago is looked at once more.
    synced(&desk).await;
    forge.take_requests();
    synced(&desk).await;
    let requests = forge.take_requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    // Pushes in one second have one time of change.
    for name in ["first", "second"] {
        forge.push_light("acme/svc-007", &[("catalog-info.yaml", &component(name))]);
        let (report, names) = synced(&desk).await;
        let expected = all_but(&["svc-007"], &["real", name]);
        assert_eq!((report.class(), names), (None, expected), "{report:?}");
        let requests = forge.take_requests();
        assert_eq!(requests.len(), 3, "{requests:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_on_the_command_line_is_one_owner_or_one_repository() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    for name in ["jane/a", "jane/b-archived", "jane/c-fork"] {
        let short = name.split('/').next_back().unwrap();
        forge.commit(name, &[("catalog-info.yaml", &component(short))]);
    }
    let mut desk = Desk::new();
    desk.variables.push(("GITEA_TOKEN", TOKEN));
    let source = format!("gitea:{}/jane", forge.host());
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), None, "{report:?}");
    assert_eq!(desk.names(&source), ["a", "b-archived", "c-fork"]);
    let one = format!("{source}/a");
    let report = desk.sync(&one).await;
    assert_eq!((report.class(), report.entities), (None, 1), "{report:?}");
    assert!(!desk.holds(TOKEN));
}

#[tokio::test(flavor = "multi_thread")]
async fn branches_paths_and_wildcards_are_read() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let (a, b) = (component("a"), component("b"));
    let files = [
        ("parts/a/about.yaml", a.as_str()),
        ("parts/b/about.yaml", &b),
        ("parts/b/other.yaml", &b),
    ];
    forge.push_light("acme/mono", &files);
    let plain = component("plain");
    forge.push_light("acme/plain", &[("about.yaml", plain.as_str())]);
    let cases: [(&str, &[&str]); 5] = [
        ("catalogPath: about.yaml", &["plain"]),
        ("catalogPath: /parts/a/about.yaml", &["a"]),
        ("catalogPath: parts", &[]),
        ("catalogPath: '**/about.yaml'", &["a", "b", "plain"]),
        ("catalogPath: about.yaml, branch: main", &["plain"]),
    ];
    for (more, expected) in cases {
        let (report, names) = synced(&desk(&forge, more)).await;
        assert_eq!(
            (report.class(), names.as_slice()),
            (
                None,
                &expected.iter().map(|&it| it.to_owned()).collect::<Vec<_>>()[..]
            ),
            "{more}: {report:?}"
        );
    }
    let repositories = &forge.shared.repositories;
    forge.commit("acme/real", &[("about.yaml", &component("old"))]);
    repositories.switch("acme/real", "rel/1", &[("about.yaml", &component("new"))]);
    // Repositories without the branch hold nothing.
    let desk = desk(&forge, "catalogPath: about.yaml, branch: rel/1");
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names),
        (None, vec!["new".to_owned()]),
        "{report:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_of_repositories_is_seen_by_the_next_sync() {
    let Some(forge) = acme().await else { return };
    let desk = desk(&forge, "");
    synced(&desk).await;
    let repositories = &forge.shared.repositories;
    repositories.rename("acme/svc-001", "acme/renamed");
    repositories.rename("acme/svc-003", "other/svc-003");
    repositories.remove("acme/svc-004");
    repositories.set("acme/svc-005", |it| it.hidden = true);
    forge.push_light("acme/svc-006", &[("README.md", "no descriptor any more")]);
    forge.push_light("acme/new", &[("catalog-info.yaml", &component("new"))]);
    let gone = ["svc-003", "svc-004", "svc-005", "svc-006"];
    let (report, names) = synced(&desk).await;
    let expected = all_but(&gone, &["new"]);
    assert_eq!((report.class(), names), (None, expected), "{report:?}");
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
    // The third search is for the second page.
    let rule = |times, fault| of("search", 2, times, fault);
    let (busy, forever) = (Some(Class::Unreachable), u32::MAX);
    let refused = Some(Class::NotSignedIn);
    let cases = [
        ("429 that is over", rule(1, Fault::Later(1)), None),
        ("429 for an hour", rule(1, Fault::Later(3600)), busy),
        ("502 once", rule(1, Fault::BadGateway), None),
        ("502 for ever", rule(forever, Fault::BadGateway), busy),
        ("an answer cut off", rule(1, Fault::Cut), None),
        ("a truncated page", rule(1, Fault::Truncated(7)), None),
        (
            "the first page truncated",
            of("search", 0, 1, Fault::Truncated(7)),
            None,
        ),
        (
            "an empty page",
            of("search", 0, 1, Fault::Truncated(0)),
            None,
        ),
        ("empty pages", rule(forever, Fault::Truncated(0)), busy),
        ("pages turned around", rule(forever, Fault::Reordered), None),
        (
            "an expired token",
            rule(forever, Fault::Unauthorized),
            refused,
        ),
        (
            "a tree: 502 once",
            of("trees", 0, 1, Fault::BadGateway),
            None,
        ),
        (
            "trees: 502 for ever",
            of("trees", 0, forever, Fault::BadGateway),
            busy,
        ),
        ("trees: 429", of("trees", 0, 1, Fault::Later(3600)), busy),
        (
            "trees: 401",
            of("trees", 0, forever, Fault::Unauthorized),
            refused,
        ),
        ("a tree cut off", of("trees", 0, 1, Fault::Cut), None),
        (
            "texts: 502 for ever",
            of("blobs", 0, forever, Fault::BadGateway),
            busy,
        ),
        (
            "texts: 401",
            of("blobs", 0, forever, Fault::Unauthorized),
            refused,
        ),
    ];
    for (number, (what, rule, expected)) in cases.into_iter().enumerate() {
        // Something is new each time: what cannot be told now must be told next time.
        let name = format!("svc-{:03}", number * 5);
        let text = format!("{}# {what}\n", component(&name));
        forge.push_light(&format!("acme/{name}"), &[("catalog-info.yaml", &text)]);
        forge.rule(rule);
        let (report, names) = swept(&desk).await;
        assert_eq!(
            (report.class(), names),
            (expected, all()),
            "{what}: {report:?}"
        );
        let shown = format!("{report:?}");
        assert!(!shown.contains(TOKEN), "{shown}");
        forge.heal();
        let (report, names) = swept(&desk).await;
        assert_eq!(
            (report.class(), names),
            (None, all()),
            "after {what}: {report:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_cannot_be_told_stays_and_holds_no_other_up() {
    let Some(forge) = acme().await else { return };
    let desk = desk(&forge, "");
    synced(&desk).await;
    let repositories = &forge.shared.repositories;
    for (name, why) in [("acme/svc-001", "STORAGE"), ("acme/svc-002", "FORBIDDEN")] {
        forge.push_light(name, &[("README.md", "no descriptor any more")]);
        repositories.set(name, |it| it.withheld = Some(why));
    }
    forge.push_light("acme/new", &[("catalog-info.yaml", &component("new"))]);
    for _ in 0..2 {
        let (report, names) = synced(&desk).await;
        assert!(report.class().is_some(), "{report:?}");
        assert_eq!(names, all_but(&[], &["new"]));
    }
    for name in ["acme/svc-001", "acme/svc-002"] {
        repositories.set(name, |it| it.withheld = None);
    }
    let (report, names) = synced(&desk).await;
    let expected = all_but(&["svc-001", "svc-002"], &["new"]);
    assert_eq!((report.class(), names), (None, expected), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_in_mid_sweep_moves_none_out_of_sight() {
    let Some(forge) = acme().await else { return };
    let desk = desk(&forge, "");
    // Before the second page of the first sweep, which knows nothing to look for: some go that stood on the first page.
    forge.rule(Rule {
        after: 2,
        ..Rule::once(
            "search",
            Fault::Meanwhile(Arc::new(|shared| {
                let repositories = &shared.repositories;
                repositories.remove("acme/svc-006");
                repositories.set("acme/svc-007", |it| it.hidden = true);
                repositories.rename("acme/svc-100", "acme/aaa");
                repositories.push_light(
                    "acme/svc-110",
                    &[("catalog-info.yaml", &component("pushed"))],
                );
            })),
        )
    });
    synced(&desk).await;
    forge.heal();
    let (report, names) = swept(&desk).await;
    let expected = all_but(&["svc-006", "svc-007", "svc-110"], &["pushed"]);
    assert_eq!((report.class(), names), (None, expected), "{report:?}");
    // The first sweep meets all that stay.
    let cold = self::desk(&forge, "");
    forge.rule(Rule {
        after: 2,
        ..Rule::once(
            "search",
            Fault::Meanwhile(Arc::new(|shared| {
                shared.repositories.remove("acme/svc-000");
            })),
        )
    });
    let (_, names) = synced(&cold).await;
    let left = all_but(&["svc-000", "svc-006", "svc-007", "svc-110"], &["pushed"]);
    let missed: Vec<&String> = left.iter().filter(|it| !names.contains(it)).collect();
    assert_eq!(missed, Vec::<&String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_gives_fewer_at_once_is_read_whole() {
    let Some(forge) = acme().await else { return };
    for most in [20, 50] {
        forge.shared.at_once.store(most, Ordering::Relaxed);
        let desk = desk(&forge, "");
        let (report, names) = synced(&desk).await;
        assert_eq!((report.class(), names), (None, all()), "{most}: {report:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mirrors_are_looked_at_though_their_last_commit_is_old() {
    let Some(forge) = acme().await else { return };
    let repositories = &forge.shared.repositories;
    repositories.set("acme/svc-050", |it| it.mirrored = Some(1000));
    let desk = desk(&forge, "");
    synced(&desk).await;
    let files = [("catalog-info.yaml", component("mirrored"))];
    let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
    forge.push_light("acme/svc-050", &files);
    repositories.set("acme/svc-050", |it| {
        (it.pushed, it.mirrored) = (1, Some(2000));
    });
    let expected = all_but(&["svc-050"], &["mirrored"]);
    forge.take_requests();
    let (report, names) = synced(&desk).await;
    assert_eq!((report.class(), &names), (None, &expected), "{report:?}");
    forge.take_requests();
    synced(&desk).await;
    let requests = forge.take_requests();
    assert_eq!(requests.len(), 2, "{requests:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_files_are_read_as_what_they_are() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let repositories = &forge.shared.repositories;
    let link = |name: &str, target: &'static str, text: &str| {
        repositories.commit_tree(name, |dir| {
            std::fs::create_dir(dir.join("docs")).unwrap();
            std::fs::write(dir.join("docs/about.yaml"), component(text)).unwrap();
            std::os::unix::fs::symlink(target, dir.join("catalog-info.yaml")).unwrap();
        });
    };
    link("acme/linked", "docs/about.yaml", "linked");
    link("acme/lost", "../../etc/passwd.yaml", "lost");
    link("acme/round", "catalog-info.yaml", "round");
    let large = format!(
        "{}  # {}\n",
        component("large").trim_end(),
        "x".repeat(1 << 20)
    );
    forge.commit("acme/large", &[("catalog-info.yaml", &large)]);
    let inner = component("inner");
    forge.commit(
        "acme/folder",
        &[("catalog-info.yaml/x.yaml", inner.as_str())],
    );
    repositories.create("acme/empty");
    let desk = desk(&forge, "");
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names),
        (None, vec!["large".to_owned(), "linked".to_owned()]),
        "{report:?}"
    );
    // What the link leads to changes, and the link does not.
    link("acme/linked", "docs/about.yaml", "other");
    // The default branch becomes another, and the empty repository gets its first commit.
    repositories.switch(
        "acme/large",
        "trunk",
        &[("catalog-info.yaml", &component("trunk"))],
    );
    forge.commit("acme/empty", &[("catalog-info.yaml", &component("first"))]);
    assert_eq!(synced(&desk).await.1, ["first", "other", "trunk"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_descriptor_leads_to_is_read_once_for_each_change() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let (part, more) = (component("part"), location("./parts/a.yaml"));
    let files = [
        ("catalog-info.yaml", more.as_str()),
        ("parts/a.yaml", &part),
    ];
    forge.push_light("acme/mono", &files);
    let desk = desk(&forge, "");
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names),
        (None, vec!["more".to_owned(), "part".to_owned()]),
        "{report:?}"
    );
    forge.take_requests();
    synced(&desk).await;
    let requests = forge.take_requests();
    assert!(
        !requests.iter().any(|it| it.contains("/contents/")),
        "{requests:?}"
    );
    let other = component("other");
    let files = [files[0], ("parts/a.yaml", other.as_str())];
    forge.push_light("acme/mono", &files);
    assert_eq!(synced(&desk).await.1, ["more", "other"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_does_not_follow_to_another_host() {
    let (Some(forge), Some(other)) = (acme().await, Forge::start().await) else {
        return;
    };
    let desk = desk(&forge, "");
    synced(&desk).await;
    let elsewhere = format!("{}/api/v1/repos/search", other.url());
    forge.rule(Rule::always("", Fault::Elsewhere(elsewhere)));
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names),
        (Some(Class::NotSignedIn), all()),
        "{report:?}"
    );
    let requests = other.take_requests();
    assert!(!requests.is_empty());
    assert!(
        requests.iter().all(|it| it.ends_with("unsigned")),
        "{requests:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_that_is_not_there_says_so() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let (report, _) = synced(&desk(&forge, "")).await;
    assert_eq!(report.class(), Some(Class::Failed), "{report:?}");
    let failure = report.sources[0].failure.clone().unwrap();
    for words in ["acme: there is no such", "read:organization"] {
        assert!(failure.message.contains(words), "{failure:?}");
    }
}
