//! Where hosts lead elsewhere, show a wrong certificate, or are not there at all.

use rstest::rstest;
use stagedoor::sync::Class;

use super::super::engines::{
    AZURE, BITBUCKET_CLOUD, BITBUCKET_SERVER, Company, Engine, GERRIT, GIT, GITEA, GITHUB, GITLAB,
};
use super::super::forge::tls::Authority;
use super::super::forge::{Fault, Forge, Rule, TOKEN};
use super::super::{Desk, swept, synced};

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_token_does_not_follow_to_another_host(
    #[values(&GITHUB, &GITLAB, &GITEA, &BITBUCKET_CLOUD, &BITBUCKET_SERVER, &AZURE, &GERRIT, &GIT)]
    engine: &'static Engine,
) {
    let Some(other) = Forge::start().await else {
        return;
    };
    let Some(company) = Company::of(engine, 3).await else {
        return;
    };
    company.settles("cold").await;
    let elsewhere = Fault::Elsewhere(format!("{}/elsewhere", other.url()));
    company.forge.rule(Rule::always("", elsewhere));
    let (report, names) = swept(&company.desk).await;
    assert_eq!(
        (report.class(), names),
        (Some(Class::NotSignedIn), company.names()),
        "{}: {report:?}",
        engine.name
    );
    let requests = other.take_requests();
    assert!(
        !requests.is_empty() && requests.iter().all(|it| it.ends_with("unsigned")),
        "{}: {requests:?}",
        engine.name
    );
    assert!(!format!("{report:?}").contains(TOKEN));
    company.forge.heal();
    company.settles("at home again").await;
}

// An Azure DevOps on this machine is asked without encryption: its configuration has no address but the host.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_no_good_is_told_and_nothing_is_said_to_the_stranger(
    #[values(&GITHUB, &GITLAB, &GITEA, &BITBUCKET_CLOUD, &BITBUCKET_SERVER, &GERRIT, &GIT)]
    engine: &'static Engine,
) {
    let authority = Authority::new();
    let identity = authority.identity("localhost", 2090);
    let Some(company) = Company::behind(&identity, engine, 3).await else {
        return;
    };
    let (report, names) = synced(&company.desk).await;
    assert_eq!(
        (report.class(), names),
        (Some(Class::Unreachable), Vec::new()),
        "{}: {report:?}",
        engine.name
    );
    assert!(format!("{report:?}").contains("not trusted"), "{report:?}");
    assert_eq!(company.forge.take_requests(), [""; 0], "{}", engine.name);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_all_that_was_read_is_there(
    #[values(&GITHUB, &GITLAB, &GITEA, &BITBUCKET_CLOUD, &BITBUCKET_SERVER, &AZURE, &GERRIT, &GIT)]
    engine: &'static Engine,
) {
    let Some(company) = Company::of(engine, 3).await else {
        return;
    };
    company.settles("cold").await;
    let (names, desk) = (company.names(), company.desk);
    // Somebody who never read anything has the same configuration.
    let config = std::fs::read_to_string(desk.path().join("app-config.yaml")).unwrap();
    let cold = Desk::new();
    cold.write("app-config.yaml", &config);
    company.forge.stop().await;
    let listed = desk.run("list -o name").await;
    let expected: Vec<String> = names
        .iter()
        .map(|name| format!("component:default/{name}"))
        .collect();
    assert_eq!(
        (listed.code, listed.lines()),
        (Some(0), expected.iter().map(String::as_str).collect()),
        "{}: {listed:?}",
        engine.name
    );
    // What is kept is counted, with what is wrong with it: nobody knows the owner.
    let ended = desk.run("sync -o json").await.code(4).json();
    assert_eq!(
        (&ended["entities"], &ended["problems"]),
        (&3.into(), &3.into())
    );
    desk.run("show component:svc-001 -o name").await.code(0);
    assert_eq!(desk.run("list -o name").await.lines(), expected);
    for arguments in ["sync", "list"] {
        let ended = cold.run(arguments).await;
        assert_eq!(
            ended.code,
            Some(4),
            "{} {arguments}: {ended:?}",
            engine.name
        );
    }
}
