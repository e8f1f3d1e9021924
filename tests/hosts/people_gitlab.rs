//! Groups and people of a GitLab as groups and users.

use serde_json::{Value, json};
use stagedoor::catalog::EntityRef;
use stagedoor::config::Env;
use stagedoor::store::ProblemFilter;
use stagedoor::sync::{self, Class, SyncReport, SyncRequest};
use tokio_util::sync::CancellationToken;

use super::Desk;
use super::forge::{Fault, Forge, Rule, TOKEN};

/// A forge with four groups, `acme` around them all, and a desk whose configuration reads their people with `more` keys.
async fn acme(more: &str) -> Option<(Forge, Desk)> {
    let forge = Forge::start().await?;
    let people = &forge.shared.people;
    people.team("acme", "acme", None, &["jane"]);
    people.team("acme", "acme/shop", None, &["bob", "jane"]);
    people.team("acme", "acme/shop/web", None, &["eve"]);
    people.team("acme", "acme/empty", None, &[]);
    people.team("other", "other", None, &["zoe"]);
    people.join("acme", "idle");
    people.set("idle", |account| account.state = "blocked");
    let desk = Desk::new();
    let (host, url) = (forge.host(), forge.url());
    desk.write(
        "app-config.yaml",
        &format!(
            "integrations: {{ gitlab: [{{ host: '{host}', apiBaseUrl: '{url}/gitlab/api/v4', token: '{TOKEN}' }}] }}\n\
             catalog: {{ providers: {{ gitlab: {{ own: {{ host: '{host}', orgEnabled: true, {more} }} }} }} }}\n"
        ),
    );
    Some((forge, desk))
}

fn session(desk: &Desk) -> sync::Session {
    let options = sync::Options {
        config: vec![desk.path().join("app-config.yaml")],
        cache_dir: Some(desk.path().join("cache")),
        ..sync::Options::default()
    };
    sync::Session::open(&options, Env::fixed(desk.path(), &[])).unwrap()
}

/// What a sync of the people comes to, and the names that are there then; the repositories are another source.
async fn synced(desk: &Desk) -> (SyncReport, Vec<String>) {
    let session = session(desk);
    let name = session.set.sources.iter().map(ToString::to_string);
    let request = SyncRequest {
        only: name
            .filter(|name| name.starts_with("gitlab-org:"))
            .collect(),
        ..SyncRequest::default()
    };
    let cancel = CancellationToken::new();
    let report = sync::sync(&session, &request, &|_| {}, &cancel)
        .await
        .unwrap();
    let entities = session.store.entities().unwrap();
    let mut names: Vec<String> = entities
        .iter()
        .map(|stored| stored.entity.entity_ref.to_string().replace("default/", ""))
        .collect();
    names.sort();
    (report, names)
}

fn body(desk: &Desk, kind: &str, name: &str) -> Value {
    let entity = EntityRef::new(kind, "default", name);
    let entity = session(desk).store.entity(&entity).unwrap();
    entity.map(|stored| stored.entity.body).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_and_people_of_a_gitlab_are_the_entities_that_backstage_makes() {
    let Some((forge, desk)) = acme("group: acme").await else {
        return;
    };
    let (report, names) = synced(&desk).await;
    assert!(report.sources[0].failure.is_none(), "{report:?}");
    // Backstage writes the host into keys of annotations, where a port is not allowed: it would take none of these.
    let problems = session(&desk).store.problems(&ProblemFilter::default());
    for problem in problems.unwrap() {
        assert!(problem.message.contains("annotation key"), "{problem:?}");
    }
    let expected = [
        "group:acme",
        "group:shop",
        "group:shop-web",
        "user:bob",
        "user:eve",
        "user:jane",
        "user:zoe",
    ];
    assert_eq!(
        names, expected,
        "all accounts, and the groups that have members"
    );
    let host = forge.host();
    let web = format!("{}/gitlab", forge.url());
    let jane = body(&desk, "user", "jane");
    assert_eq!(jane["spec"]["memberOf"], json!(["acme", "shop"]));
    let login = format!("{host}/user-login");
    assert_eq!(
        jane["metadata"]["annotations"][login],
        format!("{web}/jane")
    );
    let shop = body(&desk, "group", "shop-web");
    assert_eq!(shop["spec"]["parent"], "shop");
    let annotations = &shop["metadata"]["annotations"];
    assert_eq!(annotations[format!("{host}/team-path")], "acme/shop/web");
    assert_eq!(annotations[format!("{host}/visibility")], "private");
    forge.take_requests();
    synced(&desk).await;
    let quiet = forge.take_requests();
    assert_eq!(
        quiet.len(),
        4,
        "groups, themselves, their members, how many accounts: {quiet:?}"
    );
    let session = session(&desk);
    sync::signin::learn(&session, false).await;
    assert_eq!(session.me().unwrap().to_string(), "user:default/jane");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_backstage_say_who_is_read() {
    let of = async |more: &str| {
        let (_forge, desk) = acme(more).await?;
        Some(synced(&desk).await.1)
    };
    let Some(all) = of("allowInherited: true").await else {
        return;
    };
    let expected = [
        "group:acme",
        "group:acme-empty",
        "group:acme-shop",
        "group:acme-shop-web",
        "group:other",
        "user:bob",
        "user:eve",
        "user:jane",
        "user:zoe",
    ];
    assert_eq!(all, expected);
    let some = of(
        "group: acme/shop, restrictUsersToGroup: true, userPattern: '^[jb]', groupPattern: shop$",
    )
    .await;
    assert_eq!(some.unwrap(), ["group:acme-shop", "user:bob", "user:jane"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_goes_once_the_gitlab_says_so() {
    let Some((forge, desk)) = acme("group: acme").await else {
        return;
    };
    let people = &forge.shared.people;
    let (_, before) = synced(&desk).await;
    people.change("acme", "acme/shop", |group| group.withheld = true);
    people.remove("zoe");
    let (report, names) = synced(&desk).await;
    assert!(report.sources[0].failure.is_some());
    assert_eq!(names, before, "nobody goes while something is withheld");
    let shop = body(&desk, "user", "bob");
    assert_eq!(shop["spec"]["memberOf"], json!(["shop"]));
    people.change("acme", "acme/shop", |group| group.withheld = false);
    forge.rule(Rule::always("/users/", Fault::Later(3600)));
    let (report, names) = synced(&desk).await;
    assert_eq!(
        report.sources[0].failure.as_ref().unwrap().class,
        Class::Unreachable
    );
    assert_eq!(names, before, "nobody goes who was not looked for");
    forge.heal();
    let (report, _) = synced(&desk).await;
    assert!(
        report.sources[0].failure.is_none(),
        "it goes on with the look-up: {report:?}"
    );
    people.disband("acme", "acme/shop/web");
    let (report, names) = synced(&desk).await;
    assert!(report.sources[0].failure.is_none(), "{report:?}");
    let expected: Vec<String> = before
        .into_iter()
        .filter(|name| name != "user:zoe" && name != "group:shop-web")
        .collect();
    assert_eq!(names, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_groups_and_members_take_few_requests() {
    let Some((forge, desk)) = acme("group: acme").await else {
        return;
    };
    let logins: Vec<String> = (0..250).map(|n| format!("dev-{n:03}")).collect();
    let logins: Vec<&str> = logins.iter().map(String::as_str).collect();
    forge.shared.people.team("acme", "acme/all", None, &logins);
    for (n, login) in logins.iter().take(50).enumerate() {
        let path = format!("acme/g{n:02}");
        forge.shared.people.team("acme", &path, None, &[login]);
    }
    let (report, names) = synced(&desk).await;
    assert!(report.sources[0].failure.is_none(), "{report:?}");
    assert_eq!(names.len(), 254 + 3 + 51);
    let all = body(&desk, "user", "dev-249");
    assert_eq!(all["spec"]["memberOf"], json!(["all"]));
    // Twice the groups and their members, once for the pulse; then the accounts and how many they are.
    let asked = forge.take_requests();
    assert!(asked.len() <= 2 * (2 + 6) + 4, "{} {asked:#?}", asked.len());
    assert!(asked.iter().all(|it| !it.contains("TimedOut")));
}
