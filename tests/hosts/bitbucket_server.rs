//! Discovery on a Bitbucket Data Center, what changes there, and what faults do to it: nothing.

use std::sync::Arc;

use stagedoor::config::{Config, Env, HostKind, Secret};
use stagedoor::sync::Class;
use stagedoor::sync::signin::{self, Credential};

use super::engines::{BITBUCKET_SERVER, Case, Company, rule, services};
use super::forge::{EMAIL, Fault, Forge, Rule, Shared, TOKEN};
use super::{Desk, component, location, swept, synced};

/// How many repositories there are.
const COUNT: usize = 45;

/// How many requests there were since the last time: for lists, for commits, for files, and in all.
fn counted(forge: &Forge) -> [usize; 4] {
    let requests = forge.take_requests();
    let count = |what: &str| requests.iter().filter(|it| it.contains(what)).count();
    let [lists, commits, files] = [" List", "/commits", "/raw/"].map(count);
    [lists, commits, files, requests.len()]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_holds_descriptors_is_asked_for_its_commit_and_the_rest_once_in_a_while() {
    let Some(forge) = BITBUCKET_SERVER.filled(COUNT).await else {
        return;
    };
    for number in 0..5 {
        let name = format!("SHOP/none-{number}");
        forge.push_light(&name, &[("README.md", "nothing here")]);
    }
    let desk = BITBUCKET_SERVER.desk(&forge, "");
    let (report, mut names) = synced(&desk).await;
    assert_eq!(
        (report.class(), &names),
        (None, &services(COUNT)),
        "{report:?}"
    );
    assert_eq!(counted(&forge), [1, 0, COUNT + 5, COUNT + 6]);
    // Their commits are learnt by the next sync, and are enough from then on.
    assert_eq!(synced(&desk).await.1, names);
    assert_eq!(counted(&forge), [1, COUNT, COUNT, 2 * COUNT + 1]);
    assert_eq!(synced(&desk).await.1, names);
    assert_eq!(counted(&forge), [1, COUNT, 0, COUNT + 1]);
    forge.push_light(
        "SHOP/svc-007",
        &[("catalog-info.yaml", &component("seven"))],
    );
    names.retain(|name| name != "svc-007");
    names.insert(0, "seven".to_owned());
    assert_eq!(synced(&desk).await.1, names);
    assert_eq!(counted(&forge), [1, COUNT, 1, COUNT + 2]);
    // New descriptors where there were none are met when everything is looked at; new repositories at once.
    forge.push_light("SHOP/none-1", &[("catalog-info.yaml", &component("late"))]);
    forge.push_light("WEB/new", &[("catalog-info.yaml", &component("new"))]);
    names.insert(0, "new".to_owned());
    assert_eq!(synced(&desk).await.1, names);
    names.insert(0, "late".to_owned());
    assert_eq!(swept(&desk).await.1, names);
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_are_those_of_backstage() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    for name in [
        "SHOP/web",
        "SHOP/old-archived",
        "LAB/web-fork",
        "LAB/api",
        "~JANE/own",
    ] {
        let short = name.rsplit('/').next().unwrap();
        forge.push_light(name, &[("x/about.yaml", &component(short))]);
        forge.push_light(
            name,
            &[
                ("x/about.yaml", &component(short)),
                ("x/y/z", ""),
                ("a", ""),
            ],
        );
    }
    let cases: [(&str, &[&str]); 5] = [
        ("", &["api", "old-archived", "web", "web-fork"]),
        (
            "filters: { skipArchivedRepos: true }",
            &["api", "web", "web-fork"],
        ),
        ("filters: { projectKey: 'H' }", &["old-archived", "web"]),
        (
            "filters: { repoSlug: 'we|^a' }",
            &["api", "web", "web-fork"],
        ),
        ("filters: { projectKey: '^L', repoSlug: 'b$' }", &[]),
    ];
    for (more, expected) in cases {
        for path in ["/x/about.yaml", "x/*.yaml", "**/about.yaml"] {
            let desk = BITBUCKET_SERVER.desk(&forge, &format!("catalogPath: '{path}', {more}"));
            let (report, names) = synced(&desk).await;
            assert_eq!(names, expected, "{path} {more}: {report:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_of_repositories_is_seen_by_the_next_sync() {
    let Some(forge) = BITBUCKET_SERVER.filled(COUNT).await else {
        return;
    };
    let repositories = &forge.shared.repositories;
    repositories.create("SHOP/empty");
    forge.commit("SHOP/real", &[("catalog-info.yaml", &component("real"))]);
    let desk = BITBUCKET_SERVER.desk(&forge, "");
    let mut expected = services(COUNT);
    expected.insert(0, "real".to_owned());
    let (report, names) = synced(&desk).await;
    assert_eq!((report.class(), &names), (None, &expected), "{report:?}");
    // Renamed, moved, another default branch, deleted, hidden as if it were not there.
    repositories.rename("SHOP/svc-001", "SHOP/a-renamed");
    repositories.rename("SHOP/svc-002", "LAB/svc-002");
    let other = component("on-trunk");
    repositories.switch("SHOP/real", "trunk", &[("catalog-info.yaml", &other)]);
    expected[0] = "on-trunk".to_owned();
    repositories.remove("SHOP/svc-003");
    repositories.set("SHOP/svc-004", |it| it.hidden = true);
    expected.retain(|name| !["svc-003", "svc-004"].contains(&name.as_str()));
    let (report, names) = synced(&desk).await;
    assert_eq!((report.class(), &names), (None, &expected), "{report:?}");
    // One that was made private: the server says that we may not see it, and no more.
    repositories.set("SHOP/svc-005", |it| it.withheld = Some("UNLISTED"));
    let (report, names) = synced(&desk).await;
    assert_eq!(names, expected);
    assert_eq!(report.class(), Some(Class::NotSignedIn), "{report:?}");
    repositories.set("SHOP/svc-005", |it| it.withheld = None);
    let (report, names) = synced(&desk).await;
    assert_eq!((report.class(), &names), (None, &expected), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_is_renamed_in_mid_sweep_is_found_by_its_id() {
    let Some(forge) = BITBUCKET_SERVER.filled(COUNT).await else {
        return;
    };
    let desk = BITBUCKET_SERVER.desk(&forge, "");
    synced(&desk).await;
    synced(&desk).await;
    // Behind the list and in front of the look at it; and so that no list has met it, which its id mends.
    let rename = |shared: &Shared| shared.repositories.rename("SHOP/svc-044", "SHOP/zzz");
    forge.rule(Rule::once(
        "/svc-000/commits",
        Fault::Meanwhile(Arc::new(rename)),
    ));
    let (_, names) = synced(&desk).await;
    assert_eq!(names, services(COUNT));
    forge.heal();
    assert_eq!(synced(&desk).await.1, services(COUNT));
    let vanish = |shared: &Shared| {
        let repositories = &shared.repositories;
        repositories.set("SHOP/zzz", |it| it.hidden = false);
        repositories.rename("SHOP/zzz", "SHOP/aaa");
    };
    forge
        .shared
        .repositories
        .set("SHOP/zzz", |it| it.hidden = true);
    forge.rule(Rule::once("repos/zzz", Fault::Meanwhile(Arc::new(vanish))));
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names),
        (None, services(COUNT)),
        "{report:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn looks_that_fail_lose_nothing() {
    let Some(mut company) = Company::of(&BITBUCKET_SERVER, COUNT).await else {
        return;
    };
    // Their commits are learnt by the second.
    company.settles("cold").await;
    company.settles("once more").await;
    let (busy, forever) = (Some(Class::Unreachable), u32::MAX);
    let refused = Some(Class::NotSignedIn);
    let cases: Vec<Case> = vec![
        (
            "an empty page",
            rule("List", 0, 1, Fault::Truncated(0)),
            None,
        ),
        ("502 once", rule("/commits", 3, 1, Fault::BadGateway), None),
        (
            "502 for ever",
            rule("/commits", 1, forever, Fault::BadGateway),
            busy,
        ),
        (
            "403",
            rule("/commits", 1, forever, Fault::Status(403)),
            refused,
        ),
    ];
    company.withstands(cases).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_limits_requests_is_asked_no_faster_than_it_lets_through() {
    let Some(forge) = BITBUCKET_SERVER.filled(COUNT).await else {
        return;
    };
    let desk = BITBUCKET_SERVER.desk(&forge, "");
    forge.rule(Rule {
        after: 40,
        ..Rule::once("", Fault::Status(429))
    });
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names),
        (None, services(COUNT)),
        "{report:?}"
    );
    // One that lets nothing through loses nothing, and the next sync begins where this one broke off.
    forge.rule(Rule {
        after: 30,
        ..Rule::always("/commits", Fault::Status(429))
    });
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names),
        (Some(Class::Unreachable), services(COUNT)),
        "{report:?}"
    );
    forge.heal();
    let known = forge.take_requests();
    let (_, names) = synced(&desk).await;
    assert_eq!(names, services(COUNT));
    let first = forge
        .take_requests()
        .into_iter()
        .find(|it| it.contains("/commits"));
    let first = first.unwrap();
    assert!(!known.contains(&first), "{first} was asked before");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_descriptor_leads_to_and_odd_files_are_read_as_they_are() {
    let Some(forge) = BITBUCKET_SERVER.filled(COUNT).await else {
        return;
    };
    forge.shared.repositories.commit_tree("SHOP/link", |dir| {
        std::fs::create_dir(dir.join("docs")).unwrap();
        std::fs::write(dir.join("docs/about.yaml"), component("linked")).unwrap();
        std::os::unix::fs::symlink("docs/about.yaml", dir.join("catalog-info.yaml")).unwrap();
    });
    let large = format!("{}# {}\n", component("large"), "x".repeat(1 << 20));
    forge.commit("SHOP/large", &[("catalog-info.yaml", &large)]);
    let (more, part) = (location("./parts/*.yaml"), component("part"));
    let files = [
        ("catalog-info.yaml", more.as_str()),
        ("parts/a.yaml", &part),
    ];
    forge.commit("SHOP/mono", &files);
    let desk = BITBUCKET_SERVER.desk(&forge, "");
    let (report, names) = synced(&desk).await;
    let mut expected = services(COUNT);
    expected.extend(["large", "linked", "more", "part"].map(str::to_owned));
    expected.sort();
    assert_eq!((report.class(), names), (None, expected), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_kinds_of_bitbucket_tell_whose_a_token_is() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let desk = Desk::new();
    let file = desk.write("app-config.yaml", "{}");
    let config = Config::load(&[file], &Env::fixed(desk.path(), &[])).unwrap();
    let ask = async |kind, user: Option<&str>, token: &str| {
        let credential = Credential {
            user: user.map(str::to_owned),
            token: Secret::new(token),
        };
        signin::ask(&forge.host(), kind, Some(&credential), &config).await
    };
    for (kind, user) in [
        (HostKind::BitbucketCloud, Some(EMAIL)),
        (HostKind::BitbucketCloud, None),
        (HostKind::BitbucketServer, None),
    ] {
        let account = ask(kind, user, TOKEN).await.unwrap();
        assert_eq!(account.login.as_deref(), Some("jane"), "{account:?}");
        assert_eq!(account.hints, Vec::<String>::new());
        let error = ask(kind, user, "other").await.unwrap_err().to_string();
        assert!(error.contains("does not know the token"), "{error}");
        assert!(error.contains("BITBUCKET_"), "{error}");
    }
}
