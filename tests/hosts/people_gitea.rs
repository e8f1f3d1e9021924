//! Teams and people of a Gitea as groups and users.

use serde_json::json;
use stagedoor::catalog::EntityRef;
use stagedoor::config::Env;
use stagedoor::sync::{self, Class, SyncReport, SyncRequest};
use tokio_util::sync::CancellationToken;

use super::Desk;
use super::forge::{Fault, Forge, Rule, TOKEN};

fn session(desk: &Desk) -> sync::Session {
    let options = sync::Options {
        config: vec![desk.path().join("app-config.yaml")],
        cache_dir: Some(desk.path().join("cache")),
        ..sync::Options::default()
    };
    sync::Session::open(&options, Env::fixed(desk.path(), &[])).unwrap()
}

async fn synced(desk: &Desk) -> (SyncReport, Vec<String>) {
    let session = session(desk);
    let request = SyncRequest::default();
    let cancel = CancellationToken::new();
    let report = sync::sync(&session, &request, &|_| {}, &cancel)
        .await
        .unwrap();
    let entities = session.store.entities().unwrap();
    let name = |entity: &EntityRef| entity.to_string().replace("default/", "");
    let mut names: Vec<String> = entities
        .iter()
        .map(|it| name(&it.entity.entity_ref))
        .collect();
    names.sort();
    (report, names)
}

#[tokio::test(flavor = "multi_thread")]
async fn teams_and_people_of_a_gitea_are_read_and_leave_once_it_says_so() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let people = &forge.shared.people;
    let logins: Vec<String> = (0..120).map(|n| format!("dev-{n:03}")).collect();
    let logins: Vec<&str> = logins.iter().map(String::as_str).collect();
    people.team("acme", "Owners", None, &["jane"]);
    people.team("acme", "everybody", None, &logins);
    for n in 0..10 {
        people.team("acme", &format!("t{n}"), None, &["jane"]);
    }
    people.join("acme", "idle");
    people.set("idle", |account| account.state = "blocked");
    let desk = Desk::new();
    let (host, url) = (forge.host(), forge.url());
    desk.write(
        "app-config.yaml",
        &format!(
            "integrations: {{ gitea: [{{ host: '{host}', baseUrl: '{url}', password: '{TOKEN}' }}] }}\n\
             stagedoor: {{ giteaOrg: {{ host: '{host}', orgs: [acme] }} }}\n"
        ),
    );
    let (report, names) = synced(&desk).await;
    assert!(report.sources[0].failure.is_none(), "{report:?}");
    assert_eq!(report.sources[0].source, format!("gitea-org:{host}/acme"));
    assert_eq!(names.len(), 12 + 121);
    // The teams, three pages of the large one and one of each other, three pages of people.
    assert_eq!(forge.take_requests().len(), 1 + (3 + 11) + 3);
    let store = session(&desk).store;
    let group = store.entity(&EntityRef::new("group", "default", "everybody"));
    let group = group.unwrap().unwrap().entity;
    assert_eq!(group.body["spec"]["members"].as_array().unwrap().len(), 120);
    let path = format!("{host}/team-path");
    assert_eq!(group.annotation(&path), Some("acme/everybody"));
    assert_eq!(
        group.provenance.location,
        format!("url:{url}/org/acme/teams/everybody")
    );
    let jane = store.entity(&EntityRef::new("user", "default", "jane"));
    let jane = jane.unwrap().unwrap().entity.body;
    assert_eq!(jane["spec"]["profile"].get("email"), None);
    assert_eq!(jane["spec"]["memberOf"][0], json!("Owners"));
    people.leave("acme", "dev-007");
    people.disband("acme", "t3");
    forge.rule(Rule::always("/members/dev-007", Fault::Later(3600)));
    let (report, kept) = synced(&desk).await;
    assert_eq!(
        report.sources[0].failure.as_ref().unwrap().class,
        Class::Unreachable
    );
    assert_eq!(kept, names, "nobody goes who was not looked for");
    forge.heal();
    let (report, left) = synced(&desk).await;
    assert!(report.sources[0].failure.is_none(), "{report:?}");
    let expected: Vec<String> = names
        .into_iter()
        .filter(|name| name != "user:dev-007" && name != "group:t3")
        .collect();
    assert_eq!(left, expected);
}
