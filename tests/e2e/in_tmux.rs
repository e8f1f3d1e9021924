//! The portal in a real tmux: the pane is left as it was, clients come and go, and nothing outlives its pane.

use std::time::{Duration, Instant};

use crate::tmux::Tmux;

/// What of the pane a program may have left behind.
fn left_behind(tmux: &Tmux) -> String {
    tmux.tells(
        "#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{keypad_cursor_flag} #{pane_title}",
    )
}

/// Waits until a process is gone; fails if that takes longer than three seconds.
fn expect_ended(pid: u32) {
    let begun = Instant::now();
    let status = format!("/proc/{pid}/stat");
    let is_gone = || {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        text.is_empty() || text.contains(") Z ")
    };
    while !is_gone() {
        let waited = begun.elapsed();
        assert!(waited < Duration::from_secs(3), "process {pid} lives on");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_pane_is_left_as_it_was() {
    let Some(tmux) = Tmux::start(120, 40) else {
        return;
    };
    tmux.keys(&["echo before; stty -a > settings", "Enter"])
        .shell(2);
    let before = left_behind(&tmux);
    tmux.portal("");
    assert_ne!(left_behind(&tmux), before);
    assert!(tmux.tells("#{pane_title}").contains("stagedoor"));
    tmux.keys(&["q"]).shell(3);
    assert_eq!(left_behind(&tmux), before);
    assert!(
        tmux.screen().contains("before"),
        "what stood there stands there"
    );
    tmux.keys(&["stty -a | cmp - settings && echo same", "Enter"]);
    tmux.wait("the same settings", |screen| screen.contains("\nsame"));
}

#[test]
fn it_ends_with_its_pane_and_with_its_server() {
    for how in ["kill-pane", "kill-server"] {
        let Some(tmux) = Tmux::start(120, 40) else {
            return;
        };
        tmux.portal("");
        let pid = tmux.portal_pid();
        tmux.run(&[how]);
        expect_ended(pid);
    }
}

#[test]
fn clients_come_go_and_change_their_size() {
    let Some(tmux) = Tmux::start(120, 40) else {
        return;
    };
    tmux.run(&["set", "-g", "status", "off"]);
    tmux.portal("");
    let mut client = tmux.attach(120, 40);
    client.wait_for("payment-gateway");
    client.resize(90, 30);
    tmux.wait("the smaller screen", |screen| {
        screen.lines().count() == 30 && screen.contains("q quit")
    });
    client.press("ctrl-b").press("d").exit();
    // Nobody looks, and it goes on.
    tmux.keys(&["C"]);
    tmux.wait("the catalog", |screen| screen.contains("NAME"));
    let mut client = tmux.attach(140, 45);
    client.wait_for("NAME");
    tmux.wait("the larger screen", |screen| screen.lines().count() == 45);
    tmux.keys(&["Q"]).shell(2);
    client.wait_for("ready>");
}

#[test]
fn a_shell_suspends_it_and_brings_it_back() {
    let Some(tmux) = Tmux::start(120, 40) else {
        return;
    };
    let before = left_behind(&tmux);
    tmux.portal("").keys(&["C-z"]).shell(2);
    assert_eq!(left_behind(&tmux), before);
    tmux.keys(&["fg", "Enter"]);
    tmux.wait("the portal", |screen| screen.contains("payment-gateway"));
    tmux.keys(&["q"]).shell(3);
    assert_eq!(left_behind(&tmux), before);
}

#[test]
fn what_is_copied_reaches_tmux_and_the_terminal_around_it() {
    let Some(tmux) = Tmux::start(120, 40) else {
        return;
    };
    tmux.run(&["set", "-g", "set-clipboard", "on"]);
    tmux.run(&["set", "-g", "allow-passthrough", "on"]);
    let mut client = tmux.attach(120, 40);
    tmux.portal("");
    // The command that opens the portal here.
    tmux.keys(&["Y"]);
    tmux.wait("the notice", |screen| screen.contains("Copied the command"));
    assert!(tmux.run(&["show-buffer"]).starts_with("stagedoor open"));
    client.settle();
    assert!(
        client.written().contains("\x1b]52;"),
        "the terminal is told"
    );
}

#[test]
fn no_answer_of_the_terminal_lands_in_the_shell() {
    let Some(tmux) = Tmux::start(120, 40) else {
        return;
    };
    let config = "echo 'stagedoor: {theme: {dark: dark, light: light}}' > app-config.yaml";
    tmux.keys(&["cd; ", config, "Enter"]).shell(2);
    // Nobody is there to answer, then somebody is.
    tmux.portal("STAGEDOOR_CONFIG=app-config.yaml")
        .keys(&["q"])
        .shell(3);
    let mut client = tmux.attach(120, 40);
    client.wait_for("ready>");
    tmux.portal("STAGEDOOR_CONFIG=app-config.yaml")
        .keys(&["q"])
        .shell(4);
    client.settle();
    assert!(tmux.screen().ends_with("ready>"), "{}", tmux.screen());
}
