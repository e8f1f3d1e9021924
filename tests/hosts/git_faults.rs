//! What is strange about a repository, or goes wrong on the way to it.

use std::os::unix::fs::symlink;
use std::process::Command;

use stagedoor::sync::{Class, SyncReport};

use super::forge::{Fault, Forge, Rule, TOKEN};
use super::{Desk, component};

fn config(desk: &Desk, forge: &Forge) {
    let text = format!(
        "integrations: {{ github: [{{ host: '{}' }}] }}\n",
        forge.host()
    );
    desk.write(".home/config/app-config.yaml", &text);
}

/// A forge, a desk that is let in there, and the source of its repository `acme/mono`.
async fn begin() -> Option<(Forge, Desk, String)> {
    let forge = Forge::start().await?;
    let desk = Desk::signed_in();
    config(&desk, &forge);
    let source = format!("git+{}/acme/mono.git", forge.url());
    Some((forge, desk, source))
}

#[track_caller]
fn failure(report: &SyncReport) -> String {
    report.sources[0].failure.clone().unwrap().message
}

#[tokio::test(flavor = "multi_thread")]
async fn links_are_followed_within_the_repository_and_submodules_are_nothing() {
    let Some((forge, desk, source)) = begin().await else {
        return;
    };
    let repositories = &forge.shared.repositories;
    repositories.commit_tree("acme/mono", |tree| {
        std::fs::create_dir(tree.join("deep")).unwrap();
        std::fs::write(tree.join("deep/real.yaml"), component("linked")).unwrap();
        symlink("deep/real.yaml", tree.join("catalog-info.yaml")).unwrap();
        symlink("/etc/passwd", tree.join("outside.yaml")).unwrap();
        symlink("circle.yaml", tree.join("circle.yaml")).unwrap();
    });
    let of = |path: &str| format!("{source}#{path}");
    let report = desk.sync(&of("catalog-info.yaml")).await;
    assert_eq!(report.class(), None, "{report:?}");
    assert_eq!(desk.names(&of("catalog-info.yaml")), ["linked"]);
    for path in ["outside.yaml", "circle.yaml"] {
        let report = desk.sync(&of(path)).await;
        assert!(failure(&report).contains("does not exist"), "{report:?}");
    }
    // A submodule has the mode 160000 and no content here.
    let dir = repositories.dir("acme/mono");
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=x", "-c", "user.email=x@example.com"];
        let mut git = Command::new("git");
        let git = git.current_dir(&dir).args(identity).args(arguments);
        let output = git.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let commit = git(&["rev-parse", "HEAD"]);
    let entry = format!("160000,{commit},catalog-info.yaml");
    git(&["rm", "--cached", "-q", "catalog-info.yaml"]);
    git(&["update-index", "--add", "--cacheinfo", &entry]);
    let tree = git(&["write-tree"]);
    let new = git(&["commit-tree", &tree, "-p", &commit, "-m", "x"]);
    git(&["update-ref", "refs/heads/main", &new]);
    let report = desk.sync(&of("catalog-info.yaml")).await;
    assert!(failure(&report).contains("does not exist"), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_repository_says_so_until_something_is_pushed() {
    let Some((forge, desk, source)) = begin().await else {
        return;
    };
    forge.shared.repositories.create("acme/mono");
    let report = desk.sync(&source).await;
    assert!(failure(&report).contains("it has no commit"), "{report:?}");
    forge.commit("acme/mono", &[("catalog-info.yaml", &component("first"))]);
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), None, "{report:?}");
    assert_eq!(desk.names(&source), ["first"]);
    let repositories = &forge.shared.repositories;
    repositories.switch(
        "acme/mono",
        "trunk",
        &[("catalog-info.yaml", &component("second"))],
    );
    desk.sync(&source).await;
    assert_eq!(desk.names(&source), ["second"]);
    let stored = desk.session(&source).store.entities().unwrap();
    assert!(stored[0].entity.provenance.location.contains("/trunk/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_descriptor_of_a_megabyte_is_read() {
    let Some((forge, desk, source)) = begin().await else {
        return;
    };
    let text = format!("{}# {}\n", component("big"), "x".repeat(1 << 20));
    forge.commit("acme/mono", &[("catalog-info.yaml", &text)]);
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), None, "{report:?}");
    assert_eq!(desk.names(&source), ["big"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_that_goes_back_to_where_it_was_is_read_again() {
    let Some((forge, desk, source)) = begin().await else {
        return;
    };
    forge.commit("acme/mono", &[("catalog-info.yaml", &component("old"))]);
    desk.sync(&source).await;
    forge.commit("acme/mono", &[("catalog-info.yaml", &component("new"))]);
    desk.sync(&source).await;
    assert_eq!(desk.names(&source), ["new"]);
    let dir = forge.shared.repositories.dir("acme/mono");
    let git = Command::new("git")
        .current_dir(dir)
        .args(["update-ref", "refs/heads/main", "main~1"])
        .status();
    assert!(git.unwrap().success());
    desk.sync(&source).await;
    assert_eq!(desk.names(&source), ["old"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_sent_to_another_host_does_not_take_the_token_there() {
    let Some((forge, desk, source)) = begin().await else {
        return;
    };
    let Some(other) = Forge::start().await else {
        return;
    };
    for forge in [&forge, &other] {
        forge.commit("acme/mono", &[("catalog-info.yaml", &component("a"))]);
    }
    let away = |path: &str| Fault::Elsewhere(format!("{}/acme/mono.git/{path}", other.url()));
    forge.rule(Rule::always("git-upload-pack", away("git-upload-pack")));
    forge.rule(Rule::always(
        "info/refs",
        away("info/refs?service=git-upload-pack"),
    ));
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), Some(Class::NotSignedIn), "{report:?}");
    let requests = other.take_requests();
    assert!(!requests.is_empty());
    assert!(
        requests.iter().all(|it| it.ends_with("unsigned")),
        "{requests:?}"
    );
    assert!(!desk.holds(TOKEN), "the token was written down");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_moved_at_its_host_is_followed() {
    let Some((forge, desk, source)) = begin().await else {
        return;
    };
    forge.commit("acme/new", &[("catalog-info.yaml", &component("moved"))]);
    // Hosts lead on who greets them; the question itself finds nothing.
    let to = format!(
        "{}/acme/new.git/info/refs?service=git-upload-pack",
        forge.url()
    );
    forge.rule(Rule::always(
        "acme/mono.git/info/refs",
        Fault::Elsewhere(to),
    ));
    let report = desk.sync(&source).await;
    assert_eq!(report.class(), None, "{report:?}");
    assert_eq!(desk.names(&source), ["moved"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_for_people_and_certificates_of_nobody_are_told() {
    let Some((forge, desk, _)) = begin().await else {
        return;
    };
    forge.put_file("page", "<html>not Git</html>");
    let report = desk.sync(&format!("git+{}/files/page", forge.url())).await;
    assert!(report.class().is_some(), "{report:?}");
    // A server that speaks no TLS is as good as one with a wrong certificate.
    let report = desk
        .sync(&format!("git+https://{}/acme/mono.git", forge.host()))
        .await;
    assert_eq!(report.class(), Some(Class::Unreachable), "{report:?}");
}
