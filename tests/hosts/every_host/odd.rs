//! Files that are none, and repositories with nothing in them.

use std::path::Path;
use std::process::Command;

use rstest::rstest;

use super::super::component;
use super::super::engines::{
    AZURE, BITBUCKET_CLOUD, BITBUCKET_SERVER, Company, Engine, GERRIT, GIT, GITEA, GITHUB, GITLAB,
};

/// Makes the folder `dir` a repository, which within another is a submodule to Git.
fn submodule(dir: &Path) {
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=x", "-c", "user.email=x@example.com"];
        let mut git = Command::new("git");
        let run = git.current_dir(dir).args(identity).args(arguments).output();
        assert!(run.unwrap().status.success());
    };
    std::fs::create_dir(dir).unwrap();
    git(&["init", "--quiet"]);
    git(&["commit", "--quiet", "--allow-empty", "-m", "x"]);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn odd_files_are_read_as_what_they_are(
    #[values(&GITHUB, &GITLAB, &GITEA, &BITBUCKET_CLOUD, &BITBUCKET_SERVER, &AZURE, &GERRIT, &GIT)]
    engine: &'static Engine,
) {
    let Some(mut company) = Company::of(engine, 2).await else {
        return;
    };
    let repositories = company.repositories();
    let full = |name: &str| format!("{}/{name}", engine.owner);
    let link = |name: &str, to: &'static str, text: &str| {
        company.repositories().commit_tree(&full(name), |dir| {
            std::fs::create_dir(dir.join("docs")).unwrap();
            std::fs::write(dir.join("docs/about.yaml"), component(text)).unwrap();
            std::os::unix::fs::symlink(to, dir.join("catalog-info.yaml")).unwrap();
        });
    };
    repositories.create(&full("empty"));
    link("linked", "docs/about.yaml", "linked");
    link("lost", "../../etc/passwd.yaml", "lost");
    repositories.commit_tree(&full("folder"), |dir| {
        std::fs::create_dir(dir.join("catalog-info.yaml")).unwrap();
        std::fs::write(dir.join("catalog-info.yaml/x.yaml"), component("inner")).unwrap();
    });
    repositories.commit_tree(&full("submodule"), |dir| {
        submodule(&dir.join("catalog-info.yaml"));
    });
    let comment = "x".repeat(1 << 20);
    let large = format!("{}# {comment}\n", component("large"));
    repositories.commit(&full("large"), &[("catalog-info.yaml", &large)]);
    // The list of plain Git repositories is written anew, with these in it.
    company.desk = engine.desk(&company.forge, "");
    for name in ["large", "linked"] {
        company.expect(name, name);
    }
    company.settles("odd files").await;
    // What the link leads to changes, and the link does not; the default branch becomes another; the empty repository
    // gets its first commit, and the others become what they should be.
    let repositories = company.repositories();
    let text = |name: &str| [("catalog-info.yaml", component(name))];
    let put = |name: &str, what: &str| {
        let files = text(what);
        let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
        repositories.commit(&full(name), &files);
    };
    company.repositories().commit_tree(&full("linked"), |dir| {
        std::fs::create_dir(dir.join("docs")).unwrap();
        std::fs::write(dir.join("docs/about.yaml"), component("other")).unwrap();
        std::os::unix::fs::symlink("docs/about.yaml", dir.join("catalog-info.yaml")).unwrap();
    });
    put("empty", "first");
    put("folder", "file");
    put("submodule", "own");
    let trunk = component("trunk");
    repositories.switch(&full("large"), "trunk", &[("catalog-info.yaml", &trunk)]);
    for (repository, name) in [
        ("linked", "other"),
        ("empty", "first"),
        ("folder", "file"),
        ("submodule", "own"),
        ("large", "trunk"),
    ] {
        company.expect(repository, name);
    }
    company.settles_in_a_sweep("ordinary files").await;
}
