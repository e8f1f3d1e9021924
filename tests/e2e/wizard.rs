//! A new thing is started: the demo's templates, from the first key to the repository.

use std::path::Path;
use std::process::Command;

use rustix::process::Signal;

use crate::pty::{Exit, Portal, Pty};

/// The form of one of the demo's templates.
fn form(template: &str) -> Portal {
    form_with(template, &["--offline"])
}

/// The same, of a portal with these arguments.
fn form_with(template: &str, arguments: &[&str]) -> Portal {
    let mut portal = Pty::portal(arguments.iter().copied()).open();
    portal.wait_for("payment-gateway").press("/");
    portal
        .type_text(&format!("kind:template {template}"))
        .wait_gone("payment-gateway")
        .wait_for(template)
        .settle();
    portal.press("enter").wait_for("step 1 of");
    portal
}

/// What `git` prints, run in `folder`.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_service_is_started_by_answering_and_becomes_a_repository() {
    let mut portal = form("go-service");
    portal.type_text("tide-table").press("enter");
    portal
        .type_text("Says when the water is high enough.")
        .press("enter");
    // Two pickers: a part of a name, then the entity below.
    portal
        .type_text("deliv")
        .wait_for("▌team-delivery")
        .press("enter")
        .wait_for("group:default/team-delivery");
    // Enter may come before the list does.
    portal.send_text("dispa\r").wait_for("step 2 of");
    portal.press("enter").press("enter");
    // Yes to the database, and to the docs, which is what is proposed.
    portal.press("up").press("enter").press("enter");
    portal.wait_for("step 3 of").wait_for("pelican-post");
    portal.type_text("tide-table").press("enter");
    portal
        .wait_for("Your answers")
        .wait_for("0001_begin.sql")
        .wait_for("main.go");
    portal.press("enter").wait_for("✓ Done");

    let repository = portal.home().join("tide-table");
    assert_eq!(
        git(&repository, &["log", "--format=%s"]),
        "Begin tide-table\n"
    );
    assert_eq!(
        git(&repository, &["ls-files"]).lines().collect::<Vec<_>>(),
        [
            ".github/workflows/ci.yml",
            "README.md",
            "catalog-info.yaml",
            "cmd/tide-table/main.go",
            "deploy/production.yaml",
            "docs/index.md",
            "go.mod",
            "migrations/0001_begin.sql",
            "mkdocs.yml",
        ]
    );
    let described = std::fs::read_to_string(repository.join("catalog-info.yaml")).unwrap();
    for part in ["group:default/team-delivery", "system:default/dispatch"] {
        assert!(described.contains(part), "{described}");
    }
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}

#[test]
fn what_is_not_published_is_kept_in_the_folder_that_is_named() {
    let mut portal = form("docs-page");
    // What is wrong is said, and nothing goes on with it.
    portal.press("ctrl-n").wait_for("step 1 of");
    portal.type_text("Lost parcels").press("enter");
    portal.press("down").press("enter");
    portal.type_text("Who pays.").press("ctrl-n");
    portal
        .wait_for("Keep the files in")
        .wait_for("lost-parcels.md");
    portal.press("ctrl-u").type_text("./written").settle();
    portal.press("enter").wait_for("✓ Done");
    let page = portal.home().join("written/docs/lost-parcels.md");
    assert_eq!(
        std::fs::read_to_string(page).unwrap(),
        "# Lost parcels\n\nWho pays.\n\n*Proposed.*\n\n## Context\n\n## Decision\n\n## Consequences\n"
    );
    // What came of it stands in the log of the portal, and leads back to it.
    portal.press("H").press("A").wait_for("is done.").settle();
    portal.press("enter").wait_for("✓ Done");
    portal.press("esc").wait_for("Activity");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}

#[test]
fn answers_are_there_again_after_a_kill() {
    let cache = tempfile::tempdir().unwrap();
    let arguments = ["--offline", "--cache-dir", cache.path().to_str().unwrap()];
    let mut portal = form_with("docs-page", &arguments);
    portal
        .type_text("Lost parcels")
        .press("enter")
        .wait_for("Lost parcels")
        .settle();
    portal.signal(Signal::KILL);
    portal.exit();
    let mut portal = form_with("docs-page", &arguments);
    portal.wait_for("Lost parcels").wait_for("begins afresh");
    portal.press("ctrl-o").wait_gone("Lost parcels");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}

#[test]
fn a_preview_follows_the_files_of_its_template() {
    let folder = tempfile::tempdir().unwrap();
    let template = folder.path().join("template.yaml");
    let write = |title: &str| {
        let text = format!(
            "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {{name: thing}}\n\
             spec:\n  type: service\n  parameters:\n    - title: About\n      properties:\n        \
             name: {{type: string, title: {title}, default: pelican}}\n  steps:\n    - action: fetch:template\n      \
             input: {{url: ./skeleton, values: {{name: '${{{{ parameters.name }}}}'}}}}\n"
        );
        std::fs::write(&template, text).unwrap();
    };
    write("First");
    let skeleton = folder.path().join("skeleton");
    std::fs::create_dir(&skeleton).unwrap();
    std::fs::write(skeleton.join("${{ values.name }}.txt"), "x").unwrap();
    let file = template.to_str().unwrap();
    let mut portal = Pty::portal(["--offline", "template", "preview", file]).open();
    portal.wait_for("First").wait_for("pelican.txt");
    // A letter typed is a file called otherwise.
    portal.type_text("s").wait_for("pelicans.txt");
    std::fs::write(skeleton.join("second.md"), "y").unwrap();
    portal.wait_for("second.md");
    write("Other");
    portal.wait_for("Other").wait_for("pelicans.txt");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}
