//! Discovery on a GitLab.

use stagedoor::config::Env;
use stagedoor::sync::{self, Class, SyncReport, SyncRequest};
use tokio_util::sync::CancellationToken;

use super::forge::{Fault, Forge, Rule, TOKEN};
use super::{Desk, component};

/// A desk whose configuration names the group `acme` of a forge, with `more` keys for the provider.
fn desk(forge: &Forge, more: &str) -> Desk {
    let desk = Desk::new();
    let (host, url) = (forge.host(), forge.url());
    desk.write(
        "app-config.yaml",
        &format!(
            "integrations: {{ gitlab: [{{ host: '{host}', apiBaseUrl: '{url}/gitlab/api/v4', token: '{TOKEN}' }}] }}\n\
             catalog: {{ providers: {{ gitlab: {{ acme: {{ host: '{host}', group: acme, {more} }} }} }} }}\n"
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
    let cancel = CancellationToken::new();
    let report = sync::sync(&session, &SyncRequest::default(), &|_| {}, &cancel)
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

#[tokio::test(flavor = "multi_thread")]
async fn projects_of_a_group_and_its_subgroups_are_read_and_kept_fresh() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    for number in 0..45 {
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
    let desk = desk(&forge, "");
    let (report, mut names) = synced(&desk).await;
    assert_eq!((report.class(), names.len()), (None, 46), "{report:?}");
    // What was made a moment ago is read once more.
    synced(&desk).await;
    forge.take_requests();
    forge
        .shared
        .repositories
        .set("acme/real", |it| it.pushed -= 86400);
    assert_eq!(synced(&desk).await.1, names);
    assert_eq!(forge.take_requests().len(), 1);
    forge.push_light(
        "acme/deep/svc-07",
        &[("catalog-info.yaml", &component("renamed"))],
    );
    names.retain(|name| name != "svc-07");
    names.push("renamed".to_owned());
    names.sort();
    assert_eq!(synced(&desk).await.1, names);
    assert_eq!(forge.take_requests().len(), 2);
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
    let cases: [(&str, &[&str]); 5] = [
        ("", &["a-fork", "c", "d"]),
        (
            "skipForkedRepos: true, includeArchivedRepos: true",
            &["b-archived", "c", "d"],
        ),
        ("projectPattern: 'team/'", &["c", "d"]),
        ("excludeRepos: [acme/team/c]", &["a-fork", "d"]),
        ("topics: [go, web]", &["d"]),
    ];
    for (more, expected) in cases {
        let desk = desk(&forge, &format!("entityFilename: about.yaml, {more}"));
        assert_eq!(synced(&desk).await.1, expected, "{more}");
    }
    let desk = desk(&forge, "entityFilename: '**/about.yaml'");
    assert_eq!(synced(&desk).await.1, ["a-fork", "c", "d"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_is_not_there_says_so() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let (report, _) = synced(&desk(&forge, "")).await;
    assert_eq!(report.class(), Some(Class::Failed), "{report:?}");
}
