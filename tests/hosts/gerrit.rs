//! Discovery on a Gerrit, what changes there, and what faults do to it: nothing.

use super::engines::{GERRIT, changed, services};
use super::forge::Forge;
use super::{component, location, synced};

/// How many projects there are: more than a page.
const COUNT: usize = 510;

#[tokio::test(flavor = "multi_thread")]
async fn projects_are_read_and_kept_fresh_by_their_list_alone() {
    let Some(forge) = GERRIT.filled(COUNT).await else {
        return;
    };
    forge.push_light(
        "acme/old-archived",
        &[("catalog-info.yaml", &component("old"))],
    );
    let desk = GERRIT.desk(&forge, "");
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names),
        (None, changed(services(COUNT), &[], &[])),
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
    let expected = changed(services(COUNT), &gone, &["pushed"]);
    assert_eq!((report.class(), names), (None, expected), "{report:?}");
    let requests = forge.take_requests();
    let contents = requests.iter().filter(|it| it.ends_with("/content"));
    assert_eq!(contents.count(), 3, "{requests:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_whose_storage_cannot_be_read_stays() {
    let Some(forge) = GERRIT.filled(COUNT).await else {
        return;
    };
    let desk = GERRIT.desk(&forge, "");
    synced(&desk).await;
    let repositories = &forge.shared.repositories;
    // The list leaves it out without a word.
    repositories.set("acme/svc-001", |it| it.withheld = Some("STORAGE"));
    forge.push_light("acme/new", &[("catalog-info.yaml", &component("new"))]);
    let (report, names) = synced(&desk).await;
    assert!(report.class().is_some(), "{report:?}");
    assert_eq!(names, changed(services(COUNT), &[], &["new"]));
    repositories.set("acme/svc-001", |it| it.withheld = None);
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names),
        (None, changed(services(COUNT), &[], &["new"])),
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
        let desk = GERRIT.desk(&forge, more);
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
async fn one_that_the_list_leaves_out_and_that_is_there_keeps_what_it_holds() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    for name in ["a", "b"] {
        forge.push_light(
            &format!("acme/{name}"),
            &[("catalog-info.yaml", &component(name))],
        );
    }
    let desk = GERRIT.desk(&forge, "");
    synced(&desk).await;
    let repositories = &forge.shared.repositories;
    repositories.set("acme/a", |it| it.withheld = Some("UNLISTED"));
    forge.push_light("acme/a", &[("catalog-info.yaml", &component("a2"))]);
    // By itself it is told with the name of its branch where the list has a commit.
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names),
        (None, vec!["a2".to_owned(), "b".to_owned()]),
        "{report:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_a_wildcard_finds_are_followed() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let repositories = &forge.shared.repositories;
    let link = |text: &str| {
        repositories.commit_tree("acme/linked", |dir| {
            std::fs::create_dir(dir.join("docs")).unwrap();
            std::fs::write(dir.join("docs/about.yaml"), component(text)).unwrap();
            for (name, target) in [
                ("a", "docs/about.yaml"),
                ("b", "../x.yaml"),
                ("c", "c.yaml"),
            ] {
                let name = dir.join(format!("{name}.yaml"));
                std::os::unix::fs::symlink(target, name).unwrap();
            }
        });
    };
    link("linked");
    let desk = GERRIT.desk(&forge, "catalogPath: '*.yaml'");
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names),
        (None, vec!["linked".to_owned()]),
        "{report:?}"
    );
    // What the link leads to changes, and the link does not.
    link("other");
    assert_eq!(synced(&desk).await.1, ["other"]);
}
