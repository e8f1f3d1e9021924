//! Discovery on Azure DevOps, what changes there, and what faults do to it: nothing.

use stagedoor::sync::{self, Class, SyncReport};

use super::engines::{AZURE, Case, Company, services};
use super::forge::{Fault, Forge, Rule, TOKEN};
use super::{Desk, component, location, swept, synced};

/// How many repositories there are.
const COUNT: usize = 12;

fn message(report: &SyncReport) -> String {
    let failure = report.sources[0].failure.as_ref();
    failure
        .map(|failure| failure.message.clone())
        .unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_list_and_a_look_at_each_that_holds_descriptors() {
    let Some(forge) = AZURE.filled(COUNT).await else {
        return;
    };
    forge.push_light("acme/shop/none", &[("README.md", "nothing here")]);
    forge.push_light(
        "acme/other/not-ours",
        &[("catalog-info.yaml", &component("not-ours"))],
    );
    forge.shared.repositories.create("acme/shop/empty");
    let desk = AZURE.desk(&forge, "");
    let (report, mut names) = synced(&desk).await;
    assert_eq!(
        (report.class(), &names),
        (None, &services(COUNT)),
        "{report:?}"
    );
    assert_eq!(forge.take_requests().len(), 1 + COUNT + 1 + COUNT);
    assert_eq!(synced(&desk).await.1, names);
    assert_eq!(forge.take_requests().len(), 1 + COUNT);
    forge.push_light(
        "acme/shop/svc-003",
        &[("catalog-info.yaml", &component("renamed"))],
    );
    names.retain(|name| name != "svc-003");
    names.insert(0, "renamed".to_owned());
    assert_eq!(synced(&desk).await.1, names);
    assert_eq!(forge.take_requests().len(), 1 + COUNT + 1);
    // The address is as Backstage's provider has it.
    let stored = desk.opened().store.entity(&super::component_ref("renamed"));
    let provenance = stored.unwrap().unwrap().entity.provenance;
    let page = format!(
        "url:http://{}/acme/shop/_git/svc-003?path=/catalog-info.yaml",
        forge.host()
    );
    assert_eq!(provenance.location, page);
    assert!(provenance.commit.is_some());
    // What held none is looked at by a sweep.
    forge.push_light(
        "acme/shop/none",
        &[("catalog-info.yml", &component("a-new-one"))],
    );
    names.insert(0, "a-new-one".to_owned());
    assert_eq!(swept(&desk).await.1, names);
    // What has no descriptor any more is believed when the repository itself is there.
    forge.push_light("acme/shop/none", &[("README.md", "nothing again")]);
    names.remove(0);
    assert_eq!(synced(&desk).await.1, names);
    assert!(!desk.holds(&format!("Bearer {TOKEN}")));
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_are_those_of_backstage() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    for name in ["web-shop", "web-old-archived", "api-fork", "api-x"] {
        let text = component(name);
        let nested = component(&format!("{name}-nested"));
        let files = [
            ("about.yaml", text.as_str()),
            ("docs/a/about.yaml", nested.as_str()),
        ];
        forge.push_light(&format!("acme/shop/{name}"), &files);
    }
    let cases: [(&str, &[&str]); 6] = [
        ("path: /about.yaml", &["api-fork", "api-x", "web-shop"]),
        (
            "path: /about.yaml, repository: 'api-*'",
            &["api-fork", "api-x"],
        ),
        ("path: /about.yaml, repository: 'api-?'", &["api-x"]),
        (
            "path: '/docs/*/about.yaml', repository: 'api-x'",
            &["api-x-nested"],
        ),
        (
            "path: '/docs/a/about.yaml', repository: 'api-x'",
            &["api-x-nested"],
        ),
        ("path: /about.yaml, branch: other", &[]),
    ];
    for (more, expected) in cases {
        let (report, names) = synced(&AZURE.desk(&forge, more)).await;
        assert_eq!(
            (report.class(), names.as_slice()),
            (None, names_of(expected).as_slice()),
            "{more}: {report:?}"
        );
    }
}

fn names_of(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_for_signing_in_and_what_is_left_out_lose_nothing() {
    let Some(mut company) = Company::of(&AZURE, COUNT).await else {
        return;
    };
    company.settles("cold").await;
    let refused = Some(Class::NotSignedIn);
    let cases: Vec<Case> = vec![
        (
            "signing in",
            Rule::always("AzureList", Fault::SignInPage),
            refused,
        ),
        (
            "files: signing in",
            Rule::always("/items", Fault::SignInPage),
            refused,
        ),
        // Each that is left out is asked for by itself.
        (
            "nearly all left out",
            Rule::always("AzureList", Fault::Truncated(3)),
            None,
        ),
        (
            "all left out",
            Rule::always("AzureList", Fault::Truncated(0)),
            None,
        ),
    ];
    company.withstands(cases).await;
    let Company { forge, desk, .. } = &company;
    forge.rule(Rule::always("", Fault::SignInPage));
    let (report, _) = swept(desk).await;
    let told = message(&report);
    assert!(
        told.contains("its page for signing in") && told.contains("AZURE_DEVOPS_EXT_PAT"),
        "{told}"
    );
    forge.heal();
    // One that is withheld keeps what it had, and keeps no other from being read.
    forge
        .shared
        .repositories
        .set("acme/shop/svc-001", |it| it.withheld = Some("FORBIDDEN"));
    forge.push_light(
        "acme/shop/svc-002",
        &[("catalog-info.yaml", &component("a-new"))],
    );
    let (report, names) = swept(desk).await;
    assert_eq!(report.class(), refused, "{report:?}");
    assert!(
        names.contains(&"svc-001".to_owned()) && names[0] == "a-new",
        "{names:?}"
    );
    forge
        .shared
        .repositories
        .set("acme/shop/svc-001", |it| it.withheld = None);
    assert_eq!(swept(desk).await.0.class(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_asks_for_a_pause_is_given_one() {
    let Some(forge) = AZURE.filled(COUNT).await else {
        return;
    };
    let desk = AZURE.desk(&forge, "");
    forge.rule(Rule::once("AzureList", Fault::Pause(3600)));
    let (report, names) = synced(&desk).await;
    assert_eq!(report.class(), Some(Class::Unreachable), "{report:?}");
    assert!(
        message(&report).contains("it asks for a pause"),
        "{report:?}"
    );
    assert_eq!(names, [""; 0]);
    assert_eq!(forge.take_requests().len(), 1, "nobody asks on");
    // Each process learns it anew from the host.
    assert_eq!(swept(&desk).await.1.len(), COUNT);
}

#[tokio::test(flavor = "multi_thread")]
async fn repositories_that_move_are_followed() {
    let Some(forge) = AZURE.filled(COUNT).await else {
        return;
    };
    let desk = AZURE.desk(&forge, "");
    synced(&desk).await;
    let set = |name: &str, archived: bool| {
        forge
            .shared
            .repositories
            .set(name, |it| it.archived = archived);
    };
    // One that is disabled cannot be read, by nobody; it comes back as it was.
    set("acme/shop/svc-000", true);
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names),
        (None, services(COUNT)[1..].to_vec()),
        "{report:?}"
    );
    set("acme/shop/svc-000", false);
    assert_eq!(synced(&desk).await.1, services(COUNT));
    forge
        .shared
        .repositories
        .rename("acme/shop/svc-001", "acme/shop/other");
    assert_eq!(synced(&desk).await.1, services(COUNT));
    let stored = desk.opened().store.entity(&super::component_ref("svc-001"));
    let location = stored.unwrap().unwrap().entity.provenance.location;
    assert!(location.contains("/_git/other?"), "{location}");
    forge
        .shared
        .repositories
        .rename("acme/shop/other", "acme/elsewhere/other");
    forge.shared.repositories.remove("acme/shop/svc-002");
    let mut left = services(COUNT);
    left.drain(1..3);
    assert_eq!(synced(&desk).await.1, left);
    // The default branch becomes another.
    forge.commit(
        "acme/shop/real",
        &[("catalog-info.yaml", &component("real"))],
    );
    left.insert(0, "real".to_owned());
    assert_eq!(swept(&desk).await.1, left);
    let text = component("a-renamed");
    forge
        .shared
        .repositories
        .switch("acme/shop/real", "trunk", &[("catalog-info.yaml", &text)]);
    left[0] = "a-renamed".to_owned();
    assert_eq!(synced(&desk).await.1, left);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_descriptors_lead_to_is_read_file_by_file() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let main = location("./parts/a.yaml");
    let part = component("part");
    let files = [
        ("catalog-info.yaml", main.as_str()),
        ("parts/a.yaml", part.as_str()),
    ];
    forge.push_light("acme/shop/mono", &files);
    let desk = AZURE.desk(&forge, "");
    let (report, names) = synced(&desk).await;
    assert_eq!(
        (report.class(), names),
        (None, vec!["more".to_owned(), "part".to_owned()]),
        "{report:?}"
    );
    let stored = desk.opened().store.entity(&super::component_ref("part"));
    let location = stored.unwrap().unwrap().entity.provenance.location;
    assert!(
        location.ends_with("/acme/shop/_git/mono?path=%2Fparts%2Fa.yaml"),
        "{location}"
    );
    assert!(
        forge
            .take_requests()
            .iter()
            .all(|it| !it.contains("git-upload-pack"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_more_than_that_there_is_nothing() {
    let Some(forge) = AZURE.filled(COUNT).await else {
        return;
    };
    let desk = Desk::new();
    let host = forge.host();
    desk.write(
        "app-config.yaml",
        &format!(
            "integrations: {{ azure: [{{ host: '{host}', credentials: [{{ personalAccessToken: '{TOKEN}' }}] }}] }}\n\
             catalog: {{ providers: {{ azureDevOps: {{ a: {{ host: '{host}', organization: acme, project: nowhere }} }} }} }}\n"
        ),
    );
    let (report, _) = synced(&desk).await;
    assert_eq!(report.class(), Some(Class::Failed), "{report:?}");
    assert!(
        message(&report).contains("check the name of the organisation and of the project"),
        "{report:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_the_token_makes_us_is_told() {
    let Some(forge) = AZURE.filled(COUNT).await else {
        return;
    };
    let desk = AZURE.desk(&forge, "");
    let checks = sync::signin::check(&desk.opened()).await;
    let account = checks[0].account.as_ref().unwrap().as_ref().unwrap();
    assert_eq!(account.login.as_deref(), Some("jane@acme.dev"));
    forge.rule(Rule::always("connectionData", Fault::SignInPage));
    let checks = sync::signin::check(&desk.opened()).await;
    let refused = checks[0].account.as_ref().unwrap().as_ref().unwrap_err();
    assert!(
        refused.to_string().contains("its page for signing in"),
        "{refused}"
    );
}
