//! Folders, files, globs, and what must not be reached from them.

use std::fs;

use stagedoor::config::Env;
use stagedoor::sync::{self, Options, Session};
use tokio_util::sync::CancellationToken;

use super::{Desk, component, component_ref, location};

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_read_with_its_docs() {
    let desk = Desk::new();
    desk.write("c/web/catalog-info.yaml", &component("web"));
    desk.write("c/web/mkdocs.yml", "site_name: Web\n");
    desk.write("c/web/docs/index.md", "# Web\n\nHello \u{1b}[31mthere.\n");
    desk.write(
        "c/deployment.yaml",
        "apiVersion: v1\nkind: Service\nmetadata: { name: x }\n",
    );
    let report = desk.sync("c").await;
    assert_eq!(report.class(), None, "{report:?}");
    assert_eq!(desk.names("c"), ["web"]);
    let session = desk.session("c");
    let docs = sync::docs::load(&session, &component_ref("web"))
        .unwrap()
        .unwrap();
    assert_eq!(docs.config, "site_name: Web\nnav:\n- index.md\n");
    assert_eq!(docs.pages["index.md"], "# Web\n\nHello [31mthere.\n");
    assert_eq!(
        session.store.search_docs("hello", None, 5).unwrap().len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leads_outside_is_refused_and_the_rest_is_kept() {
    let desk = Desk::new();
    desk.write("outside/secret.yaml", &component("secret"));
    desk.write("c/web.yaml", &component("web"));
    desk.write("c/more.yaml", &location("../outside/secret.yaml"));
    std::os::unix::fs::symlink("../outside/secret.yaml", desk.path().join("c/link.yaml")).unwrap();
    let report = desk.sync("c").await;
    assert_eq!(desk.names("c"), ["more", "web"]);
    assert!(report.problems() >= 2, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_glob_and_a_location_glob_are_read() {
    let desk = Desk::new();
    desk.write("c/all.yaml", &location("./parts/*.yaml"));
    desk.write("c/parts/a.yaml", &component("a"));
    desk.write("c/parts/b.yaml", &component("b"));
    desk.sync("c/all.yaml").await;
    assert_eq!(desk.names("c/all.yaml"), ["a", "b", "more"]);
    desk.sync("c/parts/*.yaml").await;
    assert_eq!(desk.names("c/parts/*.yaml"), ["a", "b"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_command_sees_what_was_edited() {
    let desk = Desk::new();
    desk.write("c/a.yaml", &component("a"));
    let cancel = CancellationToken::new();
    let ensure = async || {
        sync::ensure(&desk.session("c"), &|_| {}, &cancel)
            .await
            .unwrap()
            .is_some()
    };
    assert!(ensure().await);
    assert!(!ensure().await);
    desk.write("c/b.yaml", &component("b"));
    assert!(ensure().await);
    assert_eq!(desk.names("c"), ["a", "b"]);
    fs::remove_file(desk.path().join("c/a.yaml")).unwrap();
    assert!(ensure().await);
    assert_eq!(desk.names("c"), ["b"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_fails_keeps_what_it_had() {
    let desk = Desk::new();
    let file = desk.write("c/a.yaml", &component("a"));
    desk.sync("c/a.yaml").await;
    let session = desk.session("c/a.yaml");
    fs::remove_file(file).unwrap();
    let request = sync::SyncRequest::default();
    let cancel = CancellationToken::new();
    let report = sync::sync(&session, &request, &|_| {}, &cancel)
        .await
        .unwrap();
    assert_eq!(report.class(), Some(sync::Class::Failed), "{report:?}");
    assert_eq!(report.entities, 1);
    assert!(session.store.sources().unwrap()[0].last_error.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_is_there_with_nothing_configured() {
    let desk = Desk::new();
    let session = Session::open(&Options::default(), Env::fixed(desk.path(), &[])).unwrap();
    let hint = session.set.hint.clone().unwrap();
    assert!(hint.contains("demo"), "{hint}");
    let cancel = CancellationToken::new();
    let report = sync::ensure(&session, &|_| {}, &cancel)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(report.class(), None, "{report:?}");
    assert!(report.entities > 50, "{report:?}");
    assert!(session.store.sites().unwrap().len() >= 3);
}
