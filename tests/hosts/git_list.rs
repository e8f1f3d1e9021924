//! Lists of plain Git repositories: each is asked where it is, and only one that moved is fetched.

use stagedoor::sync::Class;

use super::forge::{Fault, Forge, Rule, TOKEN};
use super::{Desk, component, location};

/// The configuration of a list of `names` at the forge.
fn list(forge: &Forge, names: &[&str]) -> String {
    let (host, url) = (forge.host(), forge.url());
    let repositories: Vec<String> = names
        .iter()
        .map(|name| format!("'{url}/{name}.git'"))
        .collect();
    format!(
        "integrations: {{ github: [{{ host: '{host}', token: '{TOKEN}' }}] }}\n\
         stagedoor: {{ git: [{{ name: infra, repositories: [{}] }}] }}\n",
        repositories.join(", ")
    )
}

/// The names of the components that are kept, sorted.
fn names(desk: &Desk, config: &str) -> Vec<String> {
    let entities = desk.configured(config).store.entities().unwrap();
    let mut names: Vec<String> = entities
        .iter()
        .filter(|stored| stored.entity.entity_ref.kind() == "component")
        .map(|stored| stored.entity.name().to_owned())
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn each_repository_is_asked_once_and_only_one_that_moved_is_fetched() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    forge.commit(
        "acme/mono",
        &[
            ("catalog-info.yaml", &location("./parts/a.yaml")),
            ("parts/a.yaml", &component("part")),
        ],
    );
    forge.commit("acme/shop", &[("catalog-info.yml", &component("shop"))]);
    forge.commit("acme/docs", &[("README.md", "nothing for a catalog")]);
    forge.shared.repositories.create("acme/empty");
    let config = list(
        &forge,
        &["acme/mono", "acme/shop", "acme/docs", "acme/empty"],
    );
    let desk = Desk::new();
    let report = desk.sync_config(&config).await;
    assert_eq!(report.class(), None, "{report:?}");
    assert_eq!(names(&desk, &config), ["part", "shop"]);
    assert!(!desk.holds(TOKEN) || desk.path().join("app-config.yaml").exists());

    forge.take_requests();
    forge.take_connections();
    desk.sync_config(&config).await;
    let mut requests = forge.take_requests();
    requests.sort();
    let expected = ["docs", "empty", "mono", "shop"]
        .map(|name| format!("POST /acme/{name}.git/git-upload-pack"));
    assert_eq!(requests, expected);

    forge.commit("acme/empty", &[("catalog-info.yaml", &component("first"))]);
    desk.sync_config(&config).await;
    assert_eq!(names(&desk, &config), ["first", "part", "shop"]);

    // The default branch is another one, and holds something else.
    let repositories = &forge.shared.repositories;
    repositories.switch(
        "acme/shop",
        "trunk",
        &[("catalog-info.yaml", &component("till"))],
    );
    desk.sync_config(&config).await;
    assert_eq!(names(&desk, &config), ["first", "part", "till"]);

    let shorter = list(&forge, &["acme/mono", "acme/shop", "acme/docs"]);
    let report = desk.sync_config(&shorter).await;
    assert_eq!(report.class(), None, "{report:?}");
    assert_eq!(names(&desk, &shorter), ["part", "till"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_refused_keeps_what_it_gave_and_no_other_from_being_read() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    for name in ["a", "b", "c"] {
        forge.commit(
            &format!("acme/{name}"),
            &[("catalog-info.yaml", &component(name))],
        );
    }
    let config = list(&forge, &["acme/a", "acme/b", "acme/c"]);
    let desk = Desk::new();
    desk.sync_config(&config).await;
    assert_eq!(names(&desk, &config), ["a", "b", "c"]);
    forge.rule(Rule::always("acme/b.git", Fault::Unauthorized));
    forge.commit("acme/c", &[("catalog-info.yaml", &component("d"))]);
    let report = desk.sync_config(&config).await;
    assert_eq!(report.class(), Some(Class::NotSignedIn), "{report:?}");
    assert!(names(&desk, &config).contains(&"b".to_owned()));
    assert!(names(&desk, &config).contains(&"d".to_owned()));
    forge.heal();
    let report = desk.sync_config(&config).await;
    assert_eq!(report.class(), None, "{report:?}");
    assert_eq!(names(&desk, &config), ["a", "b", "d"]);
    // One that is gone is told for as long as the list has it.
    forge.shared.repositories.remove("acme/a");
    let report = desk.sync_config(&config).await;
    let failure = report.sources[0].failure.clone().unwrap();
    assert!(
        failure.message.contains("acme/a.git: does not exist"),
        "{failure:?}"
    );
    assert!(names(&desk, &config).contains(&"d".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_has_expired_is_not_shown_for_every_repository() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let names: Vec<String> = (0..60)
        .map(|number| format!("acme/r-{number:02}"))
        .collect();
    for name in &names {
        forge.push_light(name, &[]);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let config = list(&forge, &names);
    let desk = Desk::new();
    assert_eq!(desk.sync_config(&config).await.class(), None);
    forge.rule(Rule::always("", Fault::Unauthorized));
    forge.take_requests();
    let report = desk.sync_config(&config).await;
    assert_eq!(report.class(), Some(Class::NotSignedIn), "{report:?}");
    let requests = forge.take_requests().len();
    assert!(requests < 40, "{requests} requests");
}
