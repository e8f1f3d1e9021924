//! Discovery on Bitbucket Cloud, what changes there, and what faults do to it: nothing.

use std::sync::Arc;

use stagedoor::sync::Class;

use super::forge::{EMAIL, Fault, Forge, Rule, TOKEN};
use super::{Desk, component, location, swept, synced};

/// How many repositories [`acme`] has: more than two pages.
const COUNT: usize = 45;

/// A desk whose configuration names the workspace `acme` of a forge, with `more` keys for the provider.
fn desk(forge: &Forge, more: &str) -> Desk {
    let desk = Desk::new();
    let (host, url) = (forge.host(), forge.url());
    let login = format!("username: '{EMAIL}', token: '{TOKEN}'");
    desk.write(
        "app-config.yaml",
        &format!(
            "integrations: {{ bitbucketCloud: [{{ host: '{host}', apiBaseUrl: '{url}/2.0', {login} }}] }}\n\
             catalog: {{ providers: {{ bitbucketCloud: {{ acme: {{ host: '{host}', workspace: acme, pagelen: 20, {more} }} }} }} }}\n"
        ),
    );
    desk
}

/// A forge where the workspace `acme` has [`COUNT`] repositories with a descriptor each.
async fn acme() -> Option<Forge> {
    let forge = Forge::start().await?;
    for name in all() {
        let repository = format!("acme/{name}");
        forge.push_light(&repository, &[("catalog-info.yaml", &component(&name))]);
    }
    Some(forge)
}

/// The names of [`acme`]'s components.
fn all() -> Vec<String> {
    (0..COUNT)
        .map(|number| format!("svc-{number:03}"))
        .collect()
}

/// How many of the requests since the last time were for files, and how many in all.
fn counted(forge: &Forge) -> (usize, usize) {
    let requests = forge.take_requests();
    let files = requests.iter().filter(|it| it.contains("/src/")).count();
    (files, requests.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn repositories_are_read_once_and_kept_fresh_by_one_request() {
    let Some(forge) = acme().await else { return };
    forge.push_light("acme/none", &[("README.md", "nothing here")]);
    let desk = desk(&forge, "");
    let (report, mut names) = synced(&desk).await;
    assert_eq!((report.class(), &names), (None, &all()), "{report:?}");
    assert_eq!(counted(&forge), (COUNT + 1, COUNT + 1 + 3));
    assert_eq!(synced(&desk).await.1, names);
    assert_eq!(counted(&forge), (0, 1));
    forge.push_light("acme/none", &[("catalog-info.yaml", &component("new"))]);
    names.insert(0, "new".to_owned());
    assert_eq!(synced(&desk).await.1, names);
    assert_eq!(counted(&forge), (1, 2));
    // What has no descriptor any more is believed when the repository itself is there.
    forge.push_light("acme/none", &[("README.md", "nothing again")]);
    names.remove(0);
    assert_eq!(synced(&desk).await.1, names);
    assert_eq!(counted(&forge), (1, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_are_those_of_backstage() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    for name in ["web-shop", "web-old-archived", "api-fork", "api-x"] {
        forge.push_light(&format!("acme/{name}"), &[("about.yaml", &component(name))]);
    }
    let cases: [(&str, &[&str]); 4] = [
        ("", &["api-fork", "api-x", "web-old-archived", "web-shop"]),
        ("filters: { repoSlug: 'api.*' }", &["api-fork", "api-x"]),
        (
            "filters: { projectKey: 'W.*' }",
            &["web-old-archived", "web-shop"],
        ),
        (
            "filters: { projectKey: 'WEB', repoSlug: '.*p' }",
            &["web-shop"],
        ),
    ];
    for (more, expected) in cases {
        let desk = desk(&forge, &format!("catalogPath: /about.yaml, {more}"));
        assert_eq!(synced(&desk).await.1, expected, "{more}");
    }
    let desk = desk(&forge, "catalogPath: '**/about.yaml'");
    assert_eq!(synced(&desk).await.1.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_of_repositories_is_seen_by_the_next_sync() {
    let Some(forge) = acme().await else { return };
    let repositories = &forge.shared.repositories;
    repositories.create("acme/empty");
    forge.commit("acme/real", &[("catalog-info.yaml", &component("real"))]);
    let desk = desk(&forge, "");
    let mut expected = all();
    expected.insert(0, "real".to_owned());
    assert_eq!(synced(&desk).await.1, expected);
    repositories.rename("acme/svc-001", "acme/renamed");
    let other = component("on-trunk");
    repositories.switch("acme/real", "trunk/1", &[("catalog-info.yaml", &other)]);
    expected[0] = "on-trunk".to_owned();
    let (report, names) = synced(&desk).await;
    assert_eq!((report.class(), &names), (None, &expected), "{report:?}");
    repositories.rename("acme/svc-003", "other/svc-003");
    repositories.remove("acme/svc-004");
    repositories.set("acme/svc-005", |it| it.hidden = true);
    expected.retain(|name| !["svc-003", "svc-004", "svc-005"].contains(&name.as_str()));
    let (report, names) = synced(&desk).await;
    assert_eq!((report.class(), &names), (None, &expected), "{report:?}");
    // Who may see it again finds it again, though nothing was pushed.
    repositories.set("acme/svc-005", |it| it.hidden = false);
    expected.push("svc-005".to_owned());
    expected.sort();
    assert_eq!(synced(&desk).await.1, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_loses_anything_and_the_next_sync_heals() {
    let Some(forge) = acme().await else { return };
    let desk = desk(&forge, "");
    synced(&desk).await;
    let rule = |when, after, times, fault| Rule {
        after,
        times,
        ..Rule::once(when, fault)
    };
    let (busy, forever) = (Some(Class::Unreachable), u32::MAX);
    let cases = [
        (
            "429 that is over",
            rule("List", 1, 1, Fault::Later(1)),
            None,
        ),
        (
            "429 for an hour",
            rule("List", 1, 1, Fault::Later(3600)),
            busy,
        ),
        ("502 once", rule("List", 1, 1, Fault::BadGateway), None),
        (
            "502 for ever",
            rule("List", 1, forever, Fault::BadGateway),
            busy,
        ),
        ("an answer cut off", rule("List", 1, 1, Fault::Cut), None),
        (
            "a truncated page",
            rule("List", 1, 1, Fault::Truncated(7)),
            None,
        ),
        (
            "an empty page",
            rule("List", 0, 1, Fault::Truncated(0)),
            None,
        ),
        (
            "pages turned around",
            rule("List", 0, forever, Fault::Reordered),
            None,
        ),
        (
            "an expired token",
            rule("", 1, forever, Fault::Unauthorized),
            Some(Class::NotSignedIn),
        ),
        (
            "403",
            rule("", 1, forever, Fault::Status(403)),
            Some(Class::NotSignedIn),
        ),
        (
            "files withheld",
            rule("/src/", 0, forever, Fault::BadGateway),
            busy,
        ),
        (
            "429 for files",
            rule("/src/", 0, forever, Fault::Later(3600)),
            busy,
        ),
    ];
    for (number, (what, rule, expected)) in cases.into_iter().enumerate() {
        let name = format!("svc-{:03}", number * 3);
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
        assert!(!shown.contains(TOKEN) && !shown.contains(EMAIL), "{shown}");
        forge.heal();
        let (report, names) = swept(&desk).await;
        assert_eq!(
            (report.class(), names),
            (None, all()),
            "after {what}: {report:?}"
        );
    }
    // Without a time the host is left alone for a minute, for which only a sweep has the patience.
    forge.rule(Rule::once("List", Fault::Status(429)));
    let (report, names) = synced(&desk).await;
    assert_eq!((report.class(), names), (busy, all()), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn near_its_limit_a_host_is_left_to_others_and_the_next_sync_goes_on() {
    let Some(forge) = acme().await else { return };
    let desk = desk(&forge, "");
    forge.rule(Rule {
        after: 20,
        ..Rule::once("/src/", Fault::NearLimit)
    });
    let (report, some) = synced(&desk).await;
    assert_eq!(report.class(), Some(Class::Unreachable), "{report:?}");
    assert!((21..30).contains(&some.len()), "{}", some.len());
    forge.take_requests();
    let (report, names) = synced(&desk).await;
    assert_eq!((report.class(), names), (None, all()), "{report:?}");
    assert_eq!(counted(&forge).0, COUNT - some.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_in_mid_sweep_and_odd_files_are_read_as_they_are() {
    let Some(forge) = acme().await else { return };
    forge.commit("acme/real", &[("catalog-info.yaml", &component("before"))]);
    forge.shared.repositories.commit_tree("acme/link", |dir| {
        std::fs::create_dir(dir.join("docs")).unwrap();
        std::fs::write(dir.join("docs/about.yaml"), component("linked")).unwrap();
        std::os::unix::fs::symlink("docs/about.yaml", dir.join("catalog-info.yaml")).unwrap();
    });
    forge.shared.repositories.commit_tree("acme/folder", |dir| {
        std::fs::create_dir(dir.join("catalog-info.yaml")).unwrap();
        std::fs::write(dir.join("catalog-info.yaml/x"), "x").unwrap();
    });
    let large = format!("{}# {}\n", component("large"), "x".repeat(1 << 20));
    forge.commit("acme/large", &[("catalog-info.yaml", &large)]);
    let more = location("./parts/a.yaml");
    let part = component("part");
    let files = [
        ("catalog-info.yaml", more.as_str()),
        ("parts/a.yaml", &part),
    ];
    forge.commit("acme/mono", &files);
    let push = |shared: &super::forge::Shared| {
        let text = component("after");
        let files = [("catalog-info.yaml", text.as_str())];
        shared.repositories.commit("acme/real", &files);
    };
    forge.rule(Rule::once("/src/", Fault::Meanwhile(Arc::new(push))));
    let desk = desk(&forge, "");
    let (report, names) = synced(&desk).await;
    let mut expected = all();
    expected.extend(["before", "large", "linked", "more", "part"].map(str::to_owned));
    expected.sort();
    assert_eq!((report.class(), &names), (None, &expected), "{report:?}");
    expected[0] = "after".to_owned();
    forge.take_requests();
    let (report, names) = synced(&desk).await;
    assert_eq!((report.class(), &names), (None, &expected), "{report:?}");
    // What was made a moment ago is listed again, and only what was pushed is read.
    assert_eq!(counted(&forge), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_is_withheld_keeps_what_is_known() {
    let Some(forge) = acme().await else { return };
    let desk = desk(&forge, "");
    synced(&desk).await;
    let repositories = &forge.shared.repositories;
    forge.push_light("acme/svc-001", &[("README.md", "no descriptor any more")]);
    repositories.set("acme/svc-001", |it| it.withheld = Some("FORBIDDEN"));
    forge.push_light("acme/svc-002", &[("catalog-info.yaml", &component("two"))]);
    let (report, names) = synced(&desk).await;
    let mut expected = all();
    expected.push("two".to_owned());
    assert!(report.class().is_some(), "{report:?}");
    assert_eq!(names, expected, "nothing goes before all is told");
    repositories.set("acme/svc-001", |it| it.withheld = None);
    expected.retain(|name| !["svc-001", "svc-002"].contains(&name.as_str()));
    let (report, names) = synced(&desk).await;
    assert_eq!((report.class(), names), (None, expected), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_without_commits_do_as_well() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let mut expected = Vec::new();
    for number in 0..30 {
        let name = format!("svc-{number:03}");
        let repository = format!("plain/{name}");
        forge.push_light(&repository, &[("catalog-info.yaml", &component(&name))]);
        expected.push(name);
    }
    let desk = desk(&forge, "");
    let config = desk.path().join("app-config.yaml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("workspace: acme", "workspace: plain")).unwrap();
    assert_eq!(synced(&desk).await.1, expected);
    forge.take_requests();
    assert_eq!(synced(&desk).await.1, expected);
    assert_eq!(counted(&forge), (0, 1));
    forge.push_light("plain/svc-000", &[("catalog-info.yaml", &component("a"))]);
    expected[0] = "a".to_owned();
    assert_eq!(synced(&desk).await.1, expected);
    assert_eq!(counted(&forge), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_does_not_follow_to_another_host() {
    let (Some(forge), Some(other)) = (acme().await, Forge::start().await) else {
        return;
    };
    let desk = desk(&forge, "");
    synced(&desk).await;
    let there = format!("{}/2.0/repositories/acme", other.url());
    forge.rule(Rule::always("", Fault::Elsewhere(there)));
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
async fn a_workspace_that_is_not_there_says_so() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let (report, _) = synced(&desk(&forge, "")).await;
    assert_eq!(report.class(), Some(Class::Failed), "{report:?}");
    let failure = report.sources[0].failure.clone().unwrap();
    assert!(
        failure.message.contains("there is no workspace acme"),
        "{failure:?}"
    );
}
