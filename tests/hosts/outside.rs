//! What a run of a template reaches of hosts: trees with modes and links, calls to the API.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::sync::Arc;

use serde_json::json;
use stagedoor::scaffolder::outside::{Content, Outside, OutsideError, Request};
use stagedoor::sync::outside::Hosts;

use super::Desk;
use super::forge::{Forge, TOKEN};

/// A desk and the world of a session whose one source is the forge's organisation.
async fn world(forge: &Forge) -> (Desk, Arc<Hosts>) {
    let desk = Desk::signed_in();
    let source = format!("github:{}/acme", forge.host());
    desk.sync(&source).await;
    let session = Arc::new(desk.session(&source));
    let store = Arc::clone(&session.store);
    (desk, Arc::new(Hosts::new(session, store)))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_of_a_repository_keeps_modes_and_links() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    forge.shared.repositories.commit_tree("acme/web", |dir| {
        std::fs::create_dir_all(dir.join("t/skeleton/bin")).unwrap();
        std::fs::write(dir.join("t/skeleton/bin/run"), "#!/bin/sh\n").unwrap();
        let executable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(dir.join("t/skeleton/bin/run"), executable).unwrap();
        symlink("bin/run", dir.join("t/skeleton/link")).unwrap();
        std::fs::write(dir.join("t/template.yaml"), "kind: Template\n").unwrap();
    });
    let (_desk, hosts) = world(&forge).await;
    let location = format!("url:{}/acme/web/blob/main/t/template.yaml", forge.url());
    let work = move || {
        let tree = hosts.tree(&location, "./skeleton").unwrap();
        let file = hosts.file(&location, "/t/template.yaml").unwrap();
        (tree, file, hosts.tree(&location, "../../.."))
    };
    let (tree, file, above) = tokio::task::spawn_blocking(work).await.unwrap();
    let shown: Vec<(&str, &Content)> = tree.iter().map(|f| (f.path.as_str(), &f.content)).collect();
    let run = Content::File {
        bytes: b"#!/bin/sh\n".to_vec(),
        mode: 0o755,
    };
    let link = Content::Link("bin/run".to_owned());
    assert_eq!(shown, [("bin/run", &run), ("link", &link)]);
    assert_eq!(file, b"kind: Template\n");
    assert!(matches!(above, Err(OutsideError::Refused(_))), "{above:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_is_made_by_the_api_once() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    forge.commit("acme/web", &[("README.md", "")]);
    let (_desk, hosts) = world(&forge).await;
    let host = forge.host();
    let request = Request {
        method: "POST",
        host: host.clone(),
        path: "/orgs/acme/repos".to_owned(),
        body: json!({ "name": "new", "private": true }),
        token: None,
    };
    let work = move || {
        let first = hosts.http(&request).unwrap();
        let second = hosts.http(&request).unwrap();
        (
            first,
            second,
            hosts.git_login(&host),
            hosts.git_login("elsewhere.dev"),
        )
    };
    let (first, second, login, none) = tokio::task::spawn_blocking(work).await.unwrap();
    assert_eq!(first.status, 201);
    assert_eq!(first.body["full_name"], "acme/new");
    assert_eq!(second.status, 422);
    assert_eq!(login.map(|login| login.token).as_deref(), Some(TOKEN));
    assert!(none.is_none());
    assert!(forge.shared.repositories.dir("acme/new").exists());
}
