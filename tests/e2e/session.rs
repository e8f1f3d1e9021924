//! The session on the terminal: whatever ends the portal, the terminal is left as it was found.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::pty::{Exit, Modes, Portal, Pty};

/// The built-in demo, at its first page.
fn demo() -> Portal {
    let mut portal = Pty::portal(["--offline"]).open();
    portal.wait_for("stagedoor").settle();
    portal
}

/// Fails if anything that the portal switched on is still on.
fn expect_restored(portal: &Portal) {
    assert_eq!(portal.modes(), Modes::PLAIN);
    assert!(portal.settings_are_restored(), "echo or line mode is off");
}

#[test]
fn it_opens_on_the_second_screen_and_q_gives_the_first_back() {
    let mut portal = demo();
    assert!(portal.modes().alternate_screen);
    assert!(!portal.settings_are_restored(), "raw mode is on meanwhile");
    assert_eq!(portal.press("q").exit(), Exit::Code(0));
    expect_restored(&portal);
}

#[test]
fn ctrl_c_ends_it_with_130() {
    let mut portal = demo();
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
    expect_restored(&portal);
}

#[test]
fn ctrl_c_ends_it_from_inside_the_finder_too() {
    let mut portal = demo();
    portal
        .press("/")
        .type_text("ledger")
        .wait_for("payment-ledger");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
    expect_restored(&portal);
}

#[test]
fn a_termination_signal_ends_it_in_order() {
    let mut portal = demo();
    portal
        .signal(Signal::TERM)
        .exit_within(Duration::from_secs(3));
    expect_restored(&portal);
}

#[test]
fn a_hang_up_signal_ends_it_in_order() {
    let mut portal = demo();
    portal
        .signal(Signal::HUP)
        .exit_within(Duration::from_secs(3));
    expect_restored(&portal);
}

#[test]
fn it_does_not_outlive_its_terminal() {
    let mut portal = demo();
    portal.hang_up().exit_within(Duration::from_secs(3));
}

#[test]
fn it_does_not_outlive_its_terminal_when_nobody_tells_it() {
    let mut portal = Pty::portal(["--offline"]).below_a_shell().open();
    portal.wait_for("stagedoor").settle();
    portal.hang_up().exit_within(Duration::from_secs(4));
}

#[test]
fn at_rest_it_writes_nothing() {
    let portal = demo();
    assert!(portal.stays_quiet(Duration::from_secs(2)));
}

#[test]
fn it_follows_the_size_of_the_terminal() {
    let mut portal = demo();
    for (columns, rows) in [(80, 24), (40, 12), (20, 5), (1, 1), (200, 60), (120, 40)] {
        portal.resize(columns, rows);
    }
    portal.wait_for("stagedoor").settle();
    assert_eq!(portal.press("q").exit(), Exit::Code(0));
    expect_restored(&portal);
}

#[test]
fn stop_and_continue_gives_the_terminal_back_meanwhile() {
    let mut portal = Pty::portal(["--offline"]).with_job_control().open();
    portal.wait_for("stagedoor").settle();
    portal.press("ctrl-z").wait_for("stopped");
    expect_restored(&portal);
    portal
        .press("enter")
        .wait_until("the second screen", vt100::Screen::alternate_screen)
        .wait_for("stagedoor");
    assert_eq!(portal.press("q").exit(), Exit::Code(0));
    expect_restored(&portal);
}

#[test]
fn stopped_and_woken_from_outside_it_draws_all_of_its_screen() {
    let mut portal = demo();
    portal.settle();
    let (before, all) = (portal.bytes(), portal.screen().trim().len());
    portal.signal(Signal::STOP).signal(Signal::CONT);
    // Whoever had the terminal meanwhile may have written anything.
    let until = Instant::now() + Duration::from_secs(20);
    while portal.bytes() - before < all && Instant::now() < until {
        portal.settle();
    }
    assert!(portal.bytes() - before >= all);
    assert_eq!(portal.press("q").exit(), Exit::Code(0));
    expect_restored(&portal);
}

#[test]
fn a_shell_suspends_it_and_brings_it_back() {
    let mut portal = Pty::portal(["-i"])
        .program("/bin/sh")
        .env("PS1", "ready> ")
        .open();
    portal
        .wait_for("ready>")
        .type_text(env!("CARGO_BIN_EXE_stagedoor"))
        .type_text(" --offline\r");
    portal.wait_for("payment-gateway").settle();
    portal
        .press("/")
        .type_text("ledger")
        .wait_for("payment-ledger");
    portal
        .press("ctrl-z")
        .wait_until("the first screen", |screen| {
            !screen.alternate_screen() && screen.contents().matches("ready>").count() == 2
        });
    expect_restored(&portal);
    // The screen is drawn anew, as it was left.
    portal
        .type_text("fg\r")
        .wait_until("the second screen", vt100::Screen::alternate_screen)
        .wait_for("payment-ledger");
    portal
        .press("ctrl-c")
        .wait_until("the first screen", |screen| {
            !screen.alternate_screen() && screen.contents().matches("ready>").count() == 3
        });
    expect_restored(&portal);
    assert_eq!(portal.type_text("exit $?\r").exit(), Exit::Code(130));
}

#[test]
fn a_terminal_that_cannot_draw_is_refused() {
    let mut portal = Pty::portal(["--offline"]).env("TERM", "dumb").open();
    assert_eq!(portal.exit(), Exit::Code(2));
    assert!(!portal.screen().is_empty(), "it says why");
    expect_restored(&portal);
}

#[test]
fn no_terminal_at_all_is_refused_with_what_to_do_instead() {
    let home = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_stagedoor"))
        .arg("--offline")
        .env_clear()
        .env("HOME", home.path())
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        output.stdout.is_empty(),
        "nothing but data goes to standard output"
    );
    assert!(!output.stderr.is_empty(), "it says why");
}

/// The bytes that the cheapest of these keys cost: the emulator may still be reading what came before the first.
fn least(portal: &mut Portal, keys: [&str; 3]) -> usize {
    let cost = |key: &str| {
        portal.settle();
        let before = portal.bytes();
        portal.press(key).settle();
        // On a busy machine what was written can take its time to the emulator.
        let until = Instant::now() + Duration::from_secs(20);
        while portal.bytes() == before && Instant::now() < until {
            portal.settle();
        }
        portal.bytes() - before
    };
    keys.map(cost).into_iter().min().unwrap_or(0)
}

#[test]
fn a_cursor_move_costs_few_bytes() {
    // Without a preview, which is new text at each row.
    let mut portal = Pty::portal(["--offline"]).size(80, 24).open();
    portal
        .wait_for("stagedoor")
        .press("/")
        .wait_for("fraud-rules");
    let cost = least(&mut portal, ["down"; 3]);
    assert!((1..=400).contains(&cost), "{cost} bytes for a cursor move");
}

#[test]
fn scrolling_costs_few_bytes() {
    let mut portal = Pty::portal(["--offline"]).size(120, 40).open();
    portal.wait_for("stagedoor").press("C").wait_for("NAME");
    // Without the preview, and down to the last line in sight.
    portal.settle().press("p").settle();
    for _ in 0..34 {
        portal.press("down");
    }
    let line = least(&mut portal, ["down"; 3]);
    assert!((1..=1_200).contains(&line), "{line} bytes for a line");
    let page = least(&mut portal, ["end", "home", "end"]);
    assert!((1..=6_000).contains(&page), "{page} bytes for a page");
}

#[test]
fn keys_that_come_before_the_answer_act_on_what_was_asked_for() {
    let mut portal = demo();
    // Before there is a catalog there is nothing to open.
    portal.wait_for("payment-gateway").settle();
    portal
        .send_text("/ledger-reports\r")
        .wait_for("Relations")
        .wait_for("Monthly statements")
        .wait_gone("payment-gateway");
}

#[test]
fn the_table_is_opened_where_its_query_leads_however_fast_that_is_typed() {
    let mut portal = demo();
    portal.wait_for("payment-gateway").settle();
    portal
        .send_text("Ciledger-reports\r\r")
        .wait_for("Relations")
        .wait_for("Monthly statements");
}

#[test]
fn a_paste_is_text_and_no_keys() {
    let mut portal = demo();
    portal.press("/").wait_for("payment-gateway");
    // As keys, the line end would open the first hit.
    portal
        .paste("ledger-reports\r")
        .wait_for("Monthly statements")
        .wait_gone("payment-gateway");
    assert!(portal.modes().alternate_screen);
}

#[test]
fn nothing_is_kept_outside_the_cache_folder_that_was_named() {
    let cache = tempfile::tempdir().unwrap();
    let folder = cache.path().to_str().unwrap();
    let mut portal = Pty::portal(["--offline", "--cache-dir", folder])
        .size(80, 24)
        .open();
    portal.wait_for("stagedoor").settle();
    assert_eq!(portal.press("q").exit(), Exit::Code(0));
    let kept: Vec<_> = std::fs::read_dir(portal.home()).unwrap().collect();
    assert!(kept.is_empty(), "{kept:?}");
}

#[test]
fn keys_that_come_by_the_thousand_all_arrive() {
    let mut portal = demo();
    portal.press("/").wait_for("results");
    // More at once than one reading of the terminal takes.
    let flood = format!("{} the end", "x".repeat(1_200));
    portal.send_text(&flood).wait_for("xxx the end");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
}

#[test]
fn a_new_size_that_comes_with_a_key_is_followed() {
    let mut portal = demo();
    for columns in 80..120 {
        // The key is sent first, so that both are there when the portal looks.
        portal.press("down").resize(columns, 30);
        portal.wait_until("the line across all columns", |screen| {
            let lines = screen.contents();
            let rule = lines.lines().nth(1).unwrap_or_default();
            rule.chars().count() == usize::from(columns)
        });
    }
    assert_eq!(portal.press("q").exit(), Exit::Code(0));
}
