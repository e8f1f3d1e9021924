//! Discovery on a Gitea, what changes there, and what faults do to it: nothing.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use stagedoor::sync::Class;

use super::engines::{Case, Company, GITEA, changed, rule, services};
use super::forge::{Fault, Forge, Rule, Shared, TOKEN};
use super::{Desk, component, location, synced};

/// How many repositories there are: more than two pages.
const COUNT: usize = 120;

#[tokio::test(flavor = "multi_thread")]
async fn repositories_of_an_organisation_are_read_and_kept_fresh() {
    let Some(forge) = GITEA.filled(COUNT).await else {
        return;
    };
    forge.commit("acme/real", &[("catalog-info.yml", &component("real"))]);
    forge.commit("other/x", &[("catalog-info.yaml", &component("x"))]);
    let desk = GITEA.desk(&forge, "");
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names),
        (None, changed(services(COUNT), &[], &["real"])),
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
        let expected = changed(services(COUNT), &["svc-007"], &["real", name]);
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
        let (report, names) = synced(&GITEA.desk(&forge, more)).await;
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
    let desk = GITEA.desk(&forge, "catalogPath: about.yaml, branch: rel/1");
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names),
        (None, vec!["new".to_owned()]),
        "{report:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_and_trees_and_texts_that_fail_lose_nothing() {
    let Some(mut company) = Company::of(&GITEA, COUNT).await else {
        return;
    };
    company.settles("cold").await;
    let (busy, forever) = (Some(Class::Unreachable), u32::MAX);
    let refused = Some(Class::NotSignedIn);
    let search = "search";
    let cases: Vec<Case> = vec![
        (
            "an empty page",
            rule(search, 0, 1, Fault::Truncated(0)),
            None,
        ),
        (
            "empty pages",
            rule(search, 2, forever, Fault::Truncated(0)),
            busy,
        ),
        (
            "the second page",
            rule(search, 2, 1, Fault::Truncated(7)),
            None,
        ),
        ("texts: 502", Rule::always("blobs", Fault::BadGateway), busy),
        (
            "texts: 401",
            Rule::always("blobs", Fault::Unauthorized),
            refused,
        ),
    ];
    company.withstands(cases).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_cannot_be_told_stays_and_holds_no_other_up() {
    let Some(forge) = GITEA.filled(COUNT).await else {
        return;
    };
    let desk = GITEA.desk(&forge, "");
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
        assert_eq!(names, changed(services(COUNT), &[], &["new"]));
    }
    for name in ["acme/svc-001", "acme/svc-002"] {
        repositories.set(name, |it| it.withheld = None);
    }
    let (report, names) = synced(&desk).await;
    let expected = changed(services(COUNT), &["svc-001", "svc-002"], &["new"]);
    assert_eq!((report.class(), names), (None, expected), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_in_mid_sweep_moves_none_out_of_sight() {
    let Some(forge) = GITEA.filled(COUNT).await else {
        return;
    };
    let desk = GITEA.desk(&forge, "");
    // Before the second page of the first sweep, which knows nothing to look for: one goes that stood on the first page.
    let happens = |shared: &Shared| shared.repositories.remove("acme/svc-000");
    let happens = Fault::Meanwhile(Arc::new(happens));
    forge.rule(rule("search", 2, 1, happens));
    let (_, names) = synced(&desk).await;
    let left = changed(services(COUNT), &["svc-000"], &[]);
    let missed: Vec<&String> = left.iter().filter(|it| !names.contains(it)).collect();
    assert_eq!(missed, Vec::<&String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_gives_fewer_at_once_is_read_whole() {
    for most in [20, 50] {
        let Some(mut company) = Company::of(&GITEA, COUNT).await else {
            return;
        };
        let at_once = &company.forge.shared.at_once;
        at_once.store(most, Ordering::Relaxed);
        company.settles("cold").await;
        // More than a page of changes.
        for name in services(COUNT) {
            company.push(&name, &format!("new-{name}"));
        }
        company.settles("all pushed").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mirrors_are_looked_at_though_their_last_commit_is_old() {
    let Some(forge) = GITEA.filled(COUNT).await else {
        return;
    };
    let repositories = &forge.shared.repositories;
    repositories.set("acme/svc-050", |it| it.mirrored = Some(1000));
    let desk = GITEA.desk(&forge, "");
    synced(&desk).await;
    let files = [("catalog-info.yaml", component("mirrored"))];
    let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
    forge.push_light("acme/svc-050", &files);
    repositories.set("acme/svc-050", |it| {
        (it.pushed, it.mirrored) = (1, Some(2000));
    });
    let expected = changed(services(COUNT), &["svc-050"], &["mirrored"]);
    forge.take_requests();
    let (report, names) = synced(&desk).await;
    assert_eq!((report.class(), &names), (None, &expected), "{report:?}");
    forge.take_requests();
    synced(&desk).await;
    let requests = forge.take_requests();
    assert_eq!(requests.len(), 2, "{requests:?}");
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
    let desk = GITEA.desk(&forge, "");
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
async fn an_organisation_that_is_not_there_says_so() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let (report, _) = synced(&GITEA.desk(&forge, "")).await;
    assert_eq!(report.class(), Some(Class::Failed), "{report:?}");
    let failure = report.sources[0].failure.clone().unwrap();
    for words in ["acme: there is no such", "read:organization"] {
        assert!(failure.message.contains(words), "{failure:?}");
    }
}
