//! Discovery on a GitLab, what changes there, and what faults do to it: nothing.

use std::sync::atomic::Ordering;

use stagedoor::sync::Class;

use super::engines::{Case, Company, GITLAB, rule, services};
use super::forge::{Fault, Forge, Rule};
use super::{component, location, swept, synced};

/// How many projects there are: more than two pages.
const COUNT: usize = 120;

#[tokio::test(flavor = "multi_thread")]
async fn projects_of_a_group_and_its_subgroups_are_read_and_kept_fresh() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    for number in 0..80 {
        let group = if number % 2 == 0 { "acme" } else { "acme/deep" };
        let name = format!("svc-{number:02}");
        forge.push_light(
            &format!("{group}/{name}"),
            &[("catalog-info.yaml", &component(&name))],
        );
    }
    forge.push_light(
        "acme/old-archived",
        &[("catalog-info.yaml", &component("old"))],
    );
    forge.commit("acme/real", &[("catalog-info.yml", &component("real"))]);
    let desk = GITLAB.desk(&forge, "");
    let (report, mut names) = synced(&desk).await;
    assert_eq!((report.class(), names.len()), (None, 81), "{report:?}");
    // What was made a moment ago is read once more.
    synced(&desk).await;
    forge.take_requests();
    forge
        .shared
        .repositories
        .set("acme/real", |it| (it.active, it.updated) = (0, 0));
    forge
        .shared
        .repositories
        .set("acme/old-archived", |it| it.updated = 0);
    assert_eq!(synced(&desk).await.1, names);
    let requests = forge.take_requests();
    assert_eq!(requests.len(), 2, "{requests:?}");
    forge.push_light(
        "acme/deep/svc-07",
        &[("catalog-info.yaml", &component("renamed"))],
    );
    names.retain(|name| name != "svc-07");
    names.push("renamed".to_owned());
    names.sort();
    assert_eq!(synced(&desk).await.1, names);
    let requests = forge.take_requests();
    assert_eq!(requests.len(), 3, "{requests:?}");
    // GitLab notes the activity of a project once an hour: this push moves no time.
    forge.push_light(
        "acme/deep/svc-07",
        &[("catalog-info.yaml", &component("svc-07"))],
    );
    names.retain(|name| name != "renamed");
    names.push("svc-07".to_owned());
    names.sort();
    assert_eq!(synced(&desk).await.1, names);
    for fault in [Fault::BadGateway, Fault::Unauthorized, Fault::Later(3600)] {
        forge.rule(Rule::always("", fault));
        let (report, kept) = synced(&desk).await;
        assert!(report.class().is_some() && kept == names, "{report:?}");
        forge.heal();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_are_those_of_backstage() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    for name in [
        "acme/a-fork",
        "acme/b-archived",
        "acme/team/c",
        "acme/team/d",
    ] {
        let short = name.rsplit('/').next().unwrap();
        forge.push_light(name, &[("about.yaml", &component(short))]);
        forge
            .shared
            .repositories
            .set(name, |it| it.topics.push("go".to_owned()));
    }
    forge
        .shared
        .repositories
        .set("acme/team/d", |it| it.topics.push("web".to_owned()));
    let cases: [(&str, &[&str]); 7] = [
        ("", &["a-fork", "c", "d"]),
        (
            "skipForkedRepos: true, includeArchivedRepos: true",
            &["b-archived", "c", "d"],
        ),
        ("projectPattern: 'team/'", &["c", "d"]),
        ("excludeRepos: [acme/team/c]", &["a-fork", "d"]),
        ("topics: 'go, web'", &["d"]),
        ("groupPattern: '^acme/t'", &["c", "d"]),
        ("groupPattern: ['x', 'team$']", &["c", "d"]),
    ];
    for (more, expected) in cases {
        let desk = GITLAB.desk(&forge, &format!("entityFilename: about.yaml, {more}"));
        assert_eq!(synced(&desk).await.1, expected, "{more}");
    }
    let desk = GITLAB.desk(&forge, "entityFilename: '**/about.yaml'");
    assert_eq!(synced(&desk).await.1, ["a-fork", "c", "d"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_that_take_too_long_and_empty_pages_lose_nothing() {
    let Some(mut company) = Company::of(&GITLAB, COUNT).await else {
        return;
    };
    company.settles("cold").await;
    let cases: Vec<Case> = vec![
        ("too slow", Rule::always("Sweep", Fault::TimedOut(30)), None),
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
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_that_cannot_be_told_stays_and_holds_no_other_up() {
    let Some(forge) = GITLAB.filled(COUNT).await else {
        return;
    };
    let desk = GITLAB.desk(&forge, "");
    synced(&desk).await;
    let repositories = &forge.shared.repositories;
    for (name, why) in [("acme/svc-001", "STORAGE"), ("acme/svc-002", "UNLISTED")] {
        repositories.push_light(name, &[("README.md", "no descriptor any more")]);
        repositories.set(name, |it| it.withheld = Some(why));
    }
    forge.push_light("acme/new", &[("catalog-info.yaml", &component("new"))]);
    let (report, names) = swept(&desk).await;
    assert!(report.class().is_some(), "{report:?}");
    let mut expected = services(COUNT);
    expected.insert(0, "new".to_owned());
    assert_eq!(names, expected);
    for name in ["acme/svc-001", "acme/svc-002"] {
        repositories.set(name, |it| it.withheld = None);
    }
    expected.retain(|name| !["svc-001", "svc-002"].contains(&name.as_str()));
    let (report, names) = synced(&desk).await;
    assert_eq!((report.class(), names), (None, expected), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_finds_it_too_complex_is_asked_for_less() {
    let Some(forge) = GITLAB.filled(COUNT).await else {
        return;
    };
    let requests = async |limit: u64| {
        forge.shared.complexity.store(limit, Ordering::Relaxed);
        let desk = GITLAB.desk(&forge, "");
        let (report, names) = synced(&desk).await;
        assert_eq!(
            (report.class(), names),
            (None, services(COUNT)),
            "{limit}: {report:?}"
        );
        let requests = forge.take_requests();
        let of = |what: &str| requests.iter().filter(|it| it.contains(what)).count();
        (of("Sweep"), of("HEAD "))
    };
    let (usual, none) = requests(250).await;
    assert_eq!((usual, none), (3, 0));
    let (smaller, none) = requests(90).await;
    assert!(smaller > usual && none == 0, "{smaller} {none}");
    // Too little for any page with files: then each project is asked by itself.
    let (_, single) = requests(60).await;
    assert_eq!(single, COUNT);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_with_wildcards_looks_only_where_something_was_pushed() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let (a, b) = (component("a"), component("b"));
    let files = [
        ("parts/a/catalog-info.yaml", a.as_str()),
        ("parts/b/catalog-info.yaml", &b),
    ];
    forge.push_light("acme/mono", &files);
    let plain = component("plain");
    forge.push_light(
        "acme/plain",
        &[("parts/x/catalog-info.yaml", plain.as_str())],
    );
    forge.push_light("acme/old-archived", &files);
    let desk = GITLAB.desk(&forge, "entityFilename: 'parts/*/catalog-info.yaml'");
    let trees = || {
        let requests = forge.take_requests();
        requests
            .iter()
            .filter(|it| it.contains("/repository/tree"))
            .count()
    };
    assert_eq!(synced(&desk).await.1, ["a", "b", "plain"]);
    assert_eq!(trees(), 2, "none for what is left out");
    for name in ["deeper", "deepest"] {
        let text = component(name);
        forge.push_light(
            "acme/plain",
            &[("parts/y/catalog-info.yaml", text.as_str())],
        );
        assert_eq!(synced(&desk).await.1, ["a", "b", name]);
        assert_eq!(trees(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_descriptor_leads_to_is_read_on_the_branch_it_stands_on() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let (part, more) = (component("part"), location("./parts/a.yaml"));
    let files = [
        ("catalog-info.yaml", more.as_str()),
        ("parts/a.yaml", &part),
    ];
    forge.commit("acme/deep/mono", &files);
    let desk = GITLAB.desk(&forge, "");
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names.as_slice()),
        (None, &["more".to_owned(), "part".to_owned()][..]),
        "{report:?}"
    );
    forge.take_requests();
    assert_eq!(synced(&desk).await.1, ["more", "part"]);
    let requests = forge.take_requests();
    assert!(
        !requests.iter().any(|it| it.contains("/files/")),
        "{requests:?}"
    );
    // Only what the branch holds counts, and projects without it hold nothing.
    forge.commit("acme/other", &[("catalog-info.yaml", &component("other"))]);
    let stable = component("stable");
    let repositories = &forge.shared.repositories;
    repositories.switch("acme/deep/mono", "rel/1", &[("catalog-info.yaml", &stable)]);
    repositories.switch("acme/deep/mono", "main", &files);
    let desk = GITLAB.desk(&forge, "branch: rel/1");
    assert_eq!(synced(&desk).await.1, ["stable"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_is_not_there_says_so() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let (report, _) = synced(&GITLAB.desk(&forge, "")).await;
    assert_eq!(report.class(), Some(Class::Failed), "{report:?}");
    let failure = report.sources[0].failure.clone().unwrap();
    for words in ["acme: there is no such group", "read_api"] {
        assert!(failure.message.contains(words), "{failure:?}");
    }
}
