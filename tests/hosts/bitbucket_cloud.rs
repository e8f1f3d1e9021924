//! Discovery on Bitbucket Cloud, what changes there, and what faults do to it: nothing.

use std::sync::Arc;

use stagedoor::sync::Class;

use super::engines::{BITBUCKET_CLOUD, Case, Company, rule, services};
use super::forge::{Fault, Forge, Rule};
use super::{component, location, synced};

/// How many repositories there are: more than two pages.
const COUNT: usize = 45;

/// How many of the requests since the last time were for files, and how many in all.
fn counted(forge: &Forge) -> (usize, usize) {
    let requests = forge.take_requests();
    let files = requests.iter().filter(|it| it.contains("/src/")).count();
    (files, requests.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn repositories_are_read_once_and_kept_fresh_by_one_request() {
    let Some(forge) = BITBUCKET_CLOUD.filled(COUNT).await else {
        return;
    };
    forge.push_light("acme/none", &[("README.md", "nothing here")]);
    let desk = BITBUCKET_CLOUD.desk(&forge, "");
    let (report, mut names) = synced(&desk).await;
    assert_eq!(
        (report.class(), &names),
        (None, &services(COUNT)),
        "{report:?}"
    );
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
        let desk = BITBUCKET_CLOUD.desk(&forge, &format!("catalogPath: /about.yaml, {more}"));
        assert_eq!(synced(&desk).await.1, expected, "{more}");
    }
    let desk = BITBUCKET_CLOUD.desk(&forge, "catalogPath: '**/about.yaml'");
    assert_eq!(synced(&desk).await.1.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_of_repositories_is_seen_by_the_next_sync() {
    let Some(forge) = BITBUCKET_CLOUD.filled(COUNT).await else {
        return;
    };
    let repositories = &forge.shared.repositories;
    repositories.create("acme/empty");
    forge.commit("acme/real", &[("catalog-info.yaml", &component("real"))]);
    let desk = BITBUCKET_CLOUD.desk(&forge, "");
    let mut expected = services(COUNT);
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
async fn empty_pages_and_limits_without_a_time_lose_nothing() {
    let Some(mut company) = Company::of(&BITBUCKET_CLOUD, COUNT).await else {
        return;
    };
    company.settles("cold").await;
    let cases: Vec<Case> = vec![
        (
            "an empty page",
            rule("List", 0, 1, Fault::Truncated(0)),
            None,
        ),
        (
            "the second page",
            rule("List", 1, 1, Fault::Truncated(7)),
            None,
        ),
    ];
    company.withstands(cases).await;
    // Without a time the host is left alone for a minute, for which only a sweep has the patience.
    company.forge.rule(Rule::once("List", Fault::Status(429)));
    let (report, names) = synced(&company.desk).await;
    let busy = Some(Class::Unreachable);
    assert_eq!(
        (report.class(), names),
        (busy, company.names()),
        "{report:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn near_its_limit_a_host_is_left_to_others_and_the_next_sync_goes_on() {
    let Some(forge) = BITBUCKET_CLOUD.filled(COUNT).await else {
        return;
    };
    let desk = BITBUCKET_CLOUD.desk(&forge, "");
    forge.rule(Rule {
        after: 20,
        ..Rule::once("/src/", Fault::NearLimit)
    });
    let (report, some) = synced(&desk).await;
    assert_eq!(report.class(), Some(Class::Unreachable), "{report:?}");
    assert!((21..30).contains(&some.len()), "{}", some.len());
    forge.take_requests();
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names),
        (None, services(COUNT)),
        "{report:?}"
    );
    assert_eq!(counted(&forge).0, COUNT - some.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_in_mid_sweep_and_odd_files_are_read_as_they_are() {
    let Some(forge) = BITBUCKET_CLOUD.filled(COUNT).await else {
        return;
    };
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
    let desk = BITBUCKET_CLOUD.desk(&forge, "");
    let (report, names) = synced(&desk).await;
    let mut expected = services(COUNT);
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
    let Some(forge) = BITBUCKET_CLOUD.filled(COUNT).await else {
        return;
    };
    let desk = BITBUCKET_CLOUD.desk(&forge, "");
    synced(&desk).await;
    let repositories = &forge.shared.repositories;
    forge.push_light("acme/svc-001", &[("README.md", "no descriptor any more")]);
    repositories.set("acme/svc-001", |it| it.withheld = Some("FORBIDDEN"));
    forge.push_light("acme/svc-002", &[("catalog-info.yaml", &component("two"))]);
    let (report, names) = synced(&desk).await;
    let mut expected = services(COUNT);
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
    let desk = BITBUCKET_CLOUD.desk(&forge, "");
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
async fn a_workspace_that_is_not_there_says_so() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let (report, _) = synced(&BITBUCKET_CLOUD.desk(&forge, "")).await;
    assert_eq!(report.class(), Some(Class::Failed), "{report:?}");
    let failure = report.sources[0].failure.clone().unwrap();
    assert!(
        failure.message.contains("there is no workspace acme"),
        "{failure:?}"
    );
}
