//! Git repositories over smart HTTP and from a folder.

use stagedoor::sync::{self, Class};

use super::forge::Forge;
use super::{Desk, component, component_ref, location};

fn files() -> Vec<(&'static str, String)> {
    vec![
        (
            "catalog-info.yaml",
            location("./services/*/catalog-info.yaml"),
        ),
        ("services/a/catalog-info.yaml", component("a")),
        ("services/a/docs/index.md", "# A\n".to_owned()),
        ("services/b/catalog-info.yaml", component("b")),
        ("big.bin", "x".repeat(100_000)),
    ]
}

fn commit(forge: &Forge) {
    let files = files();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    forge.commit("acme/mono", &files);
}

fn config(desk: &Desk, forge: &Forge) {
    let text = format!(
        "integrations: {{ github: [{{ host: '{}' }}] }}\n",
        forge.host()
    );
    desk.write(".home/config/app-config.yaml", &text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_is_read_over_http_without_what_is_not_needed() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    commit(&forge);
    let desk = Desk::signed_in();
    config(&desk, &forge);
    let source = format!("git+{}/acme/mono.git#catalog-info.yaml", forge.url());
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), None, "{report:?}");
    assert_eq!(desk.names(&source), ["a", "b", "more"]);
    assert!(!desk.holds(&"x".repeat(1000)), "the large file was fetched");
    assert!(
        !desk.holds(super::forge::TOKEN),
        "the token was written down"
    );
    let session = desk.session(&source);
    let docs = sync::docs::load(&session, &component_ref("a"))
        .unwrap()
        .unwrap();
    assert_eq!(docs.pages["index.md"], "# A\n");
    let stored = session.store.entity(&component_ref("a")).unwrap().unwrap();
    let expected = format!(
        "url:{}/acme/mono/tree/main/services/a/catalog-info.yaml",
        forge.url()
    );
    assert_eq!(stored.entity.provenance.location, expected);
    assert_eq!(stored.entity.provenance.commit.unwrap().len(), 40);

    forge.take_requests();
    desk.sync(&source).await;
    let requests = forge.take_requests();
    assert_eq!(requests, ["POST /acme/mono.git/git-upload-pack"]);

    forge.commit("acme/mono", &[("catalog-info.yaml", &component("only"))]);
    desk.sync(&source).await;
    assert_eq!(desk.names(&source), ["only"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_it_is_not_let_in() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    commit(&forge);
    let desk = Desk::new();
    let report = desk
        .sync(&format!("git+{}/acme/mono.git", forge.url()))
        .await;
    assert_eq!(report.class(), Some(Class::NotSignedIn), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_a_repository_at_a_tag_is_read_from_this_machine() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    commit(&forge);
    let dir = forge.shared.repositories.dir("acme/mono");
    let tag = std::process::Command::new("git")
        .current_dir(&dir)
        .args(["tag", "v1"])
        .status();
    assert!(tag.unwrap().success());
    forge.commit("acme/mono", &[("x.yaml", &component("new"))]);
    let desk = Desk::new();
    let source = format!("git+file://{}@v1#services", dir.display());
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), None, "{report:?}");
    assert_eq!(desk.names(&source), ["a", "b"]);
    let missing = format!("git+file://{}@v2", dir.display());
    let report = desk.sync(&missing).await;
    let failure = report.sources[0].failure.clone().unwrap();
    assert!(
        failure.message.contains("@v2: does not exist"),
        "{failure:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_is_gone_says_so() {
    let desk = Desk::new();
    let report = desk.sync("git+http://127.0.0.1:9/acme/gone.git").await;
    assert_eq!(report.class(), Some(Class::Unreachable), "{report:?}");
}
