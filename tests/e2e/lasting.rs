//! What outlasts the portal: tabs, widths, previews and places in docs are at the next start as they were left, however
//! the portal ended.

use std::path::Path;

use rustix::process::Signal;

use crate::pty::{Exit, Portal, Pty};

/// What the catalog's preview says of its first row.
const PREVIEW: &str = "Fraud and refunds.";

/// The demo, with what is kept of it in `folder`.
fn portal(folder: &Path, more: &[&str]) -> Portal {
    let cache = folder.join("cache");
    let all = ["--offline", "--cache-dir", cache.to_str().unwrap()];
    let mut portal = Pty::portal(all.iter().chain(more).copied()).open();
    portal.wait_for("payment-gateway").settle();
    portal
}

/// The column of the line beside the preview.
fn edge(portal: &Portal) -> u16 {
    let screen = portal.screen();
    let line = screen.lines().nth(12).unwrap();
    let at = line.chars().collect::<Vec<_>>();
    let at = at.iter().rposition(|c| *c == '│').unwrap();
    u16::try_from(at).unwrap()
}

/// Hides a preview, drags the edge of another, turns to a tab, leaves docs on their second page; returns where the edge is.
fn live(portal: &mut Portal) -> u16 {
    portal.press("C").wait_for(PREVIEW).settle();
    portal.press("p").wait_gone(PREVIEW).settle();
    portal.press("T").wait_for("Templates").settle();
    let before = edge(portal);
    portal.drag((before, 12), (before - 11, 12)).settle();
    let after = edge(portal);
    assert_eq!(after, before - 11, "{}", portal.screen());
    portal
        .press("/")
        .type_text("payment-gateway")
        .wait_for("results")
        .settle();
    portal.press("enter").wait_for("Overview").settle();
    portal.press("y").wait_for("Copied").settle();
    portal.press("d").wait_for("page 1 of").settle();
    assert!(!portal.screen().contains("You left off here"));
    portal.press("n").wait_for("page 2 of").settle();
    portal.press("esc").wait_for("Overview").settle();
    // From the overview to the last tab.
    portal.press("backtab").wait_for("apiVersion").settle();
    after
}

/// Sees all of it.
fn see(folder: &Path, edge_was: u16) {
    let mut portal = portal(folder, &[]);
    portal.press("C").wait_for("NAME").settle();
    assert!(!portal.screen().contains(PREVIEW), "{}", portal.screen());
    portal.press("T").wait_for("Templates").settle();
    assert_eq!(edge(&portal), edge_was, "{}", portal.screen());
    portal
        .press("/")
        .type_text("payment-gateway")
        .wait_for("results")
        .settle();
    portal.press("enter").wait_for("apiVersion").settle();
    portal
        .press("d")
        .wait_for("page 2 of")
        .wait_for("You left off here; backspace goes to the beginning.")
        .settle();
    portal.press("backspace").wait_for("page 1 of");
}

#[test]
fn the_next_start_is_as_it_was_left() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = portal(folder.path(), &[]);
    let edge = live(&mut first);
    assert_eq!(first.press("ctrl-c").exit(), Exit::Code(130));
    see(folder.path(), edge);
}

#[test]
fn what_was_left_is_there_after_a_kill_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = portal(folder.path(), &[]);
    let edge = live(&mut first);
    first.signal(Signal::KILL).exit();
    see(folder.path(), edge);
}

#[test]
fn docs_go_on_at_the_line_unless_a_page_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = portal(folder.path(), &["open", "payment-gateway/docs"]);
    first.wait_for("page 1 of").press("n").wait_for("page 2 of");
    first.resize(120, 12).settle();
    first.press("down").press("down").settle();
    let top = |portal: &Portal| portal.screen().lines().nth(2).map(str::to_owned);
    let read = top(&first);
    assert_eq!(first.press("ctrl-c").exit(), Exit::Code(130));

    let cache = folder.path().join("cache");
    let open = |place: &str| {
        let all = ["--offline", "--cache-dir", cache.to_str().unwrap()];
        let mut portal = Pty::portal(all.iter().chain(&["open", place]).copied())
            .size(120, 12)
            .open();
        portal.wait_for("page ").settle();
        portal
    };
    let mut again = open("payment-gateway/docs");
    again.wait_for("page 2 of").wait_for("You left off here");
    assert_eq!(top(&again), read, "{}", again.screen());
    again.press("ctrl-c").exit();
    let named = open("payment-gateway/docs/index.md");
    let screen = named.screen();
    assert!(
        screen.contains("page 1 of") && !screen.contains("You left off"),
        "{screen}"
    );
}

#[test]
fn whoever_wants_begins_anew_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("app-config.yaml");
    std::fs::write(&config, "stagedoor: {restore: false}\n").unwrap();
    let options = ["--config", config.to_str().unwrap(), "--source", "demo"];
    let mut first = portal(folder.path(), &options);
    first
        .press("/")
        .type_text("payment-gateway")
        .wait_for("results")
        .settle();
    first.press("enter").wait_for("Overview").settle();
    first.press("backtab").wait_for("apiVersion").settle();
    assert_eq!(first.press("ctrl-c").exit(), Exit::Code(130));

    let mut again = portal(folder.path(), &options);
    assert!(!again.screen().contains("You left it"));
    again
        .press("/")
        .type_text("payment-gateway")
        .wait_for("results")
        .settle();
    again.press("enter").wait_for("Relations").settle();
    assert!(!again.screen().contains("apiVersion"), "{}", again.screen());
}
