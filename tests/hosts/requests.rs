//! How many requests a refresh may take.

use super::forge::Forge;
use super::{Desk, component, location, requests_of};

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_takes_few_requests() {
    let mut rows = Vec::new();
    for some in [
        requests_of::github().await,
        requests_of::gitlab().await,
        requests_of::bitbucket_cloud().await,
        requests_of::plain_git().await,
        requests_of::gitea().await,
        requests_of::bitbucket_server().await,
        requests_of::azure().await,
        requests_of::gerrit().await,
    ] {
        let Some(some) = some else { return };
        rows.extend(some);
    }
    for row in &rows {
        let requests_of::Row {
            host,
            what,
            requests,
            most,
            backstage,
            unit,
            time,
        } = row;
        eprintln!(
            "{host}, {what}: {requests} {unit} (≤ {most}; Backstage {backstage}) in {time:.1?}"
        );
    }
    for row in &rows {
        // On a machine that has no time a connection may come back too late for the next request.
        let grace = usize::from(row.unit == "connections");
        assert!(row.requests <= row.most + grace, "{rows:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_descriptors_lead_to_is_asked_for_once_a_commit() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let part = component("part");
    let files = [
        ("catalog-info.yaml", location("./parts/a.yaml")),
        ("parts/a.yaml", part.clone()),
    ];
    let push = |files: &[(&str, String)]| {
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (*path, text.as_str()))
            .collect();
        forge.push_light("acme/mono", &files);
    };
    push(&files);
    let desk = Desk::signed_in();
    let source = format!("github:{}/acme", forge.host());
    desk.sync(&source).await;
    forge.take_requests();
    desk.sync(&source).await;
    assert_eq!(desk.names(&source), ["more", "part"]);
    assert_eq!(
        forge.take_requests().len(),
        1,
        "only what changed was asked"
    );
    push(&[files[0].clone(), ("parts/a.yaml", component("other"))]);
    desk.sync(&source).await;
    assert_eq!(desk.names(&source), ["more", "other"]);
}
