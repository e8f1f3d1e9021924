//! What the portal asks of a terminal beyond text: links, the mouse, the title, keys told apart; and that all of it is
//! taken back.

use std::time::Duration;

use rustix::process::Signal;

use crate::pty::{Exit, Modes, Portal, Pty};

/// The built-in demo in a terminal that these variables describe.
fn demo(variables: &[(&str, &str)]) -> Portal {
    let mut pty = Pty::portal(["--offline"]);
    for (name, value) in variables {
        pty = pty.env(name, value);
    }
    let mut portal = pty.open();
    portal.wait_for("payment-gateway").settle();
    portal
}

/// The demo with this text as its configuration.
fn with(config: &str, variables: &[(&str, &str)]) -> (Portal, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app-config.yaml");
    std::fs::write(&file, config).unwrap();
    let all = [&[("STAGEDOOR_CONFIG", file.to_str().unwrap())], variables].concat();
    (demo(&all), folder)
}

const KITTY: (&str, &str) = ("TERM", "xterm-kitty");

#[test]
fn links_are_told_to_terminals_that_are_known_to_have_them() {
    let open = |portal: &mut Portal| {
        portal.press("/").type_text("payment-gateway");
        portal.wait_for("results").settle().press("enter");
        portal.wait_for("Relations").settle();
        portal.written().contains("\x1b]8;;https://")
    };
    assert!(open(&mut demo(&[KITTY])));
    assert!(!open(&mut demo(&[])));
    let (mut portal, _folder) = with("stagedoor: { links: off }", &[KITTY]);
    assert!(!open(&mut portal));
    let (mut portal, _folder) = with("stagedoor: { links: on }", &[]);
    assert!(open(&mut portal));
    // Each is ended where it ends.
    let ends = portal.written().matches("\x1b]8;;\x1b\\").count();
    assert!(ends > 0);
}

#[test]
fn the_mouse_selects_opens_and_scrolls_and_one_key_gives_it_back() {
    let mut portal = demo(&[]);
    assert!(portal.modes().mouse, "on a terminal of this machine");
    portal.press("C").wait_for("NAME").settle();
    portal
        .click("fraud-rules")
        .wait_until("the row selected", |screen| {
            let text = screen.contents();
            text.lines()
                .any(|line| line.contains("▌") && line.contains("fraud-rules"))
        })
        .settle();
    portal.click("fraud-rules").wait_for("Relations").settle();
    portal.click("Raw").wait_for("apiVersion");
    portal
        .settle()
        .press("M")
        .wait_for("The mouse is the terminal's again");
    assert!(!portal.modes().mouse);
    portal.press("M").wait_for("A click selects");
    assert!(portal.modes().mouse);
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
    assert_eq!(portal.modes(), Modes::PLAIN);
}

#[test]
fn over_ssh_the_mouse_is_left_to_the_terminal_unless_it_is_wanted() {
    let ssh = ("SSH_CONNECTION", "10.0.0.1 50000 10.0.0.2 22");
    assert!(!demo(&[ssh]).modes().mouse);
    let (portal, _folder) = with("stagedoor: { mouse: on }", &[ssh]);
    assert!(portal.modes().mouse);
    let (portal, _folder) = with("stagedoor: { mouse: off }", &[]);
    assert!(!portal.modes().mouse);
}

#[test]
fn the_title_tells_what_is_open_and_the_one_before_comes_back() {
    let mut portal = demo(&[]);
    portal.press("C").wait_for("NAME").settle();
    let written = portal.written();
    let aside = written.find("\x1b[22;2t").unwrap();
    let told = written.find("\x1b]2;Catalog · stagedoor\x07").unwrap();
    assert!(aside < told);
    portal.press("ctrl-c").exit();
    assert!(portal.written().ends_with("\x1b[23;2t"), "taken back last");
}

#[test]
fn keys_are_told_apart_only_where_that_is_known_and_no_longer_than_the_portal_runs() {
    let mut portal = demo(&[KITTY]);
    // Escape as such a terminal sends it; and Ctrl-I is Tab as everywhere.
    portal.press("C").wait_for("NAME").settle();
    portal.send_text("\x1b[27u").wait_for("q quit").settle();
    portal.send_text("\x1b[99;5u");
    assert_eq!(portal.exit(), Exit::Code(130));
    let written = portal.written();
    let count = |text: &str| written.matches(text).count();
    assert_eq!((count("\x1b[>1u"), count("\x1b[<1u")), (1, 1));
    let mut portal = demo(&[]);
    portal.press("ctrl-c").exit();
    assert!(!portal.written().contains("\x1b[>1u"));
}

#[test]
fn news_of_the_focus_is_asked_for_and_costs_nothing() {
    let mut portal = demo(&[]);
    assert!(portal.written().contains("\x1b[?1004h"));
    let before = portal.bytes();
    portal.send_text("\x1b[O").send_text("\x1b[I").settle();
    assert_eq!(portal.bytes(), before, "what is fresh is not read again");
    portal.press("ctrl-c").exit();
    assert!(portal.written().contains("\x1b[?1004l"));
}

#[test]
fn every_frame_is_bracketed_as_one_update() {
    let mut portal = demo(&[]);
    portal.press("C").wait_for("NAME").settle();
    portal.press("ctrl-c").exit();
    let written = portal.written();
    let count = |text: &str| written.matches(text).count();
    assert!(count("\x1b[?2026h") >= 2);
    // Leaving closes a bracket once more, whatever was open.
    assert_eq!(count("\x1b[?2026h") + 1, count("\x1b[?2026l"));
}

#[test]
fn all_that_was_switched_on_is_off_again_however_it_ends() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let mut portal = demo(&[KITTY]);
        portal.signal(signal).exit_within(Duration::from_secs(3));
        assert_eq!(portal.modes(), Modes::PLAIN, "{signal:?}");
        assert!(portal.settings_are_restored(), "{signal:?}");
        let written = portal.written();
        for off in ["\x1b[<1u", "\x1b[?1004l", "\x1b[?1000l", "\x1b[23;2t"] {
            assert!(written.contains(off), "{signal:?}: no {off:?}");
        }
    }
}

#[test]
fn a_storm_of_sizes_and_no_size_at_all_leave_it_unharmed() {
    let mut portal = demo(&[]);
    for round in 0..60 {
        for (columns, rows) in [(200, 60), (1, 1), (80 + round, 24), (20, 5), (19, 4)] {
            portal.resize(columns, rows);
        }
    }
    portal.resize_to_nothing();
    portal.resize(120, 40);
    portal.wait_for("payment-gateway").settle();
    assert_eq!(portal.press("q").exit(), Exit::Code(0));
}

#[test]
fn a_pager_gets_the_terminal_and_gives_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let pager = folder.path().join("pager");
    let script = "#!/bin/sh\nread -r first\necho \"paged <$first> $1\"\nread -r line </dev/tty\n";
    std::fs::write(&pager, script).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&pager, mode).unwrap();
    let mut portal = demo(&[("PAGER", &format!("{} -x", pager.display()))]);
    portal.press("V").wait_for("There is no text here");
    portal
        .press("/")
        .type_text("payment-gateway")
        .wait_for("results");
    portal.settle().press("enter").wait_for("Relations");
    portal.settle().press("r").wait_for("apiVersion").settle();
    portal.press("V").wait_for("paged <apiVersion");
    assert!(portal.screen().contains("> -x"), "its arguments count");
    assert_eq!(portal.modes(), Modes::PLAIN);
    assert!(portal.settings_are_restored());
    portal.press("enter").wait_for("Relations");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}

#[test]
fn a_late_answer_about_the_background_is_neither_keys_nor_for_the_shell() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app-config.yaml");
    std::fs::write(&file, "stagedoor: {theme: {dark: dark, light: light}}").unwrap();
    let mut portal = Pty::portal(["-i"])
        .program("/bin/sh")
        .env("PS1", "ready> ")
        .env("STAGEDOOR_CONFIG", file.to_str().unwrap())
        .silent()
        .open();
    let start = concat!(env!("CARGO_BIN_EXE_stagedoor"), " --offline\r");
    let answer = "\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62;22c";
    portal.wait_for("ready>").type_text(start);
    portal.wait_for("payment-gateway").settle();
    let before = portal.screen();
    portal.send_text(answer).settle();
    assert_eq!(portal.screen(), before, "nothing was pressed");
    portal
        .press("q")
        .wait_until("the shell", |screen| !screen.alternate_screen());
    portal.settle().type_text(start).wait_for("payment-gateway");
    // The answer comes behind the key that ends it.
    portal.press("q").send_text(answer);
    portal.wait_until("the shell that waits", |screen| {
        !screen.alternate_screen() && screen.contents().trim_end().ends_with("ready>")
    });
    // What is typed shows whether something came before it.
    portal.type_text("true").wait_for("ready> true");
}
