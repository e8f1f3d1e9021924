//! Our own documentation, read in the portal as its readers read it.

use std::process::Command;

use crate::pty::{Exit, Portal, Pty};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn site() -> Portal {
    let arguments = ["open", "component:default/stagedoor/docs", "--offline"];
    let mut portal = Pty::portal(arguments).folder(ROOT).open();
    portal.wait_for("A stage door is the way in").settle();
    portal
}

#[test]
fn our_own_site_is_read_by_its_nav_its_links_and_its_words() {
    let mut portal = site();
    // The nav is that of mkdocs.yml.
    portal.wait_for("Begin").wait_for("The portal");
    for key in ["s", "down", "enter", "down", "enter"] {
        portal.press(key).settle();
    }
    portal.wait_for("What goes where");
    // A link leads to another page, and one comes back.
    portal
        .press("tab")
        .press("enter")
        .wait_for("A portal that is at home over SSH");
    portal.press("b").wait_for("What goes where").settle();
    // Words are found on the page, and walked.
    portal.press("f").type_text("prefix").wait_for("1 of ");
    portal.press("enter").press("enter").wait_for("3 of ");
    portal.press("esc").wait_gone("3 of ");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}

#[test]
fn every_page_of_our_own_site_is_reached_from_the_one_before() {
    let mut portal = site();
    let mkdocs = std::fs::read_to_string(format!("{ROOT}/mkdocs.yml")).unwrap();
    let pages = mkdocs.matches(".md\n").count();
    portal.wait_for(&format!("page 1 of {pages}"));
    for page in 2..=pages {
        portal
            .press("n")
            .wait_for(&format!("page {page} of {pages}"));
    }
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}

#[test]
fn nothing_is_wrong_with_our_own_site() {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_stagedoor"))
        .args(["docs", "--path", ROOT, "--check"])
        .env("HOME", home.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(
        !said.contains("error") && !said.contains("warning"),
        "{said}"
    );
}
