//! Keys, themes and signs of the user's own, and what is said where they do not hold.

use crate::pty::{Exit, Portal, Pty};

/// The demo with this text as its configuration, and the folder that holds it.
fn with(config: &str) -> (Portal, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app-config.yaml");
    std::fs::write(&file, config).unwrap();
    let mut portal = Pty::portal(["--offline"])
        .env("STAGEDOOR_CONFIG", file.to_str().unwrap())
        .open();
    portal.wait_for("synced").settle();
    (portal, folder)
}

#[test]
fn a_chord_shows_what_can_follow_and_goes_there() {
    let (mut portal, _folder) = with("stagedoor: { keys: { preset: vim } }");
    portal
        .press("g")
        .wait_for("g …")
        .wait_for("Go to the templates.");
    portal.press("esc").wait_gone("g …");
    portal.press("g").press("t").wait_for("Templates");
    portal
        .press("g")
        .press("x")
        .wait_for("g x is bound to nothing here");
    portal.press("Z").press("Z");
    assert_eq!(portal.exit(), Exit::Code(0));
}

#[test]
fn own_keys_hold_are_shown_and_are_read_again_when_the_file_changes() {
    let (mut portal, folder) = with("stagedoor:\n  keys:\n    app.catalog: [f2]\n    app.fnd: x\n");
    portal.wait_for("app-config.yaml:4: stagedoor.keys.app.fnd: there is no such command");
    // The footer and help have the key, and the key that it had before does nothing.
    portal.press("?").type_text("go to the cat").wait_for("f2");
    portal.press("esc").settle();
    portal.press("C").settle();
    let file = folder.path().join("app-config.yaml");
    std::fs::write(&file, "stagedoor:\n  keys:\n    app.catalog: K\n").unwrap();
    portal.wait_for("Theme and keys are read again");
    portal.press("K").wait_for("NAME");
    // What cannot be read leaves the last good keys, and says why.
    std::fs::write(&file, "stagedoor: [").unwrap();
    portal.wait_for("not valid YAML");
    portal.press("H").settle();
    portal.press("K").wait_for("NAME");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}

#[test]
fn in_ascii_nothing_that_the_portal_draws_is_beyond_it() {
    let (mut portal, _folder) = with("stagedoor: { glyphs: ascii }");
    for key in ["c", "enter", "d", "?"] {
        portal.press(key).settle();
        let screen = portal.screen();
        let beyond: Vec<char> = screen.chars().filter(|c| !c.is_ascii()).collect();
        assert_eq!(beyond, Vec::<char>::new(), "after {key}:\n{screen}");
    }
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}
