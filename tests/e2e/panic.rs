//! A panic gives the terminal back before it is reported.
//!
//! The portal has no key that breaks it, so this test program is its own child: started anew in a terminal, it runs only
//! [`child`], which takes the terminal as the portal does and then breaks down.

use std::io;
use std::path::Path;

use ratatui::style::Style;
use stagedoor::term::{self, Beside, Known, Screen, Session};

use tempfile::TempDir;

use crate::pty::{Exit, Modes, Portal, Pty};

/// Tells the child where reports are kept.
const FOLDER: &str = "STAGEDOOR_TEST_REPORTS";
/// Tells the child which thread is to break down: `main` or `worker`. Without it the child is a test that does nothing.
const WHERE: &str = "STAGEDOOR_TEST_PANIC";

#[test]
fn child() {
    let Ok(place) = std::env::var(WHERE) else {
        return;
    };
    let folder = std::env::var_os(FOLDER).unwrap();
    stagedoor::cli::keep_crashes(folder.into());
    term::install_panic_hook();
    let _session = Session::enter(Known::default(), false).unwrap();
    let mut screen = Screen::new(io::stdout(), (120, 40));
    screen
        .draw(|_, buffer| {
            buffer.set_string(0, 0, "all is well", Style::new());
            (Beside::default(), ())
        })
        .unwrap();
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    if place == "worker" {
        let worker = std::thread::Builder::new().name("worker".to_owned());
        let _ = worker.spawn(|| panic!("the lamp went out")).unwrap().join();
        // A worker that breaks down ends the process; whoever waits for it is not asked.
        loop {
            std::thread::park();
        }
    }
    panic!("the lamp went out");
}

/// The child in a terminal, with its frame on the screen.
fn open(place: &str) -> (Portal, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    // With one thread, tests run on the main one, as the portal's event loop does.
    let mut portal = Pty::portal(["--exact", "panic::child", "--nocapture", "--test-threads=1"])
        .program(std::env::current_exe().unwrap())
        .env(WHERE, place)
        .env(FOLDER, folder.path().to_str().unwrap())
        .env("GITHUB_TOKEN", "ghp_of_the_user")
        .open();
    portal.wait_for("all is well");
    assert!(portal.modes().alternate_screen && portal.modes().cursor_hidden);
    assert!(!portal.settings_are_restored(), "raw mode is on meanwhile");
    (portal, folder)
}

/// The report that the child left, which the screen names.
fn report(folder: &Path, screen: &str) -> String {
    let mut kept = std::fs::read_dir(folder).unwrap();
    let file = kept.next().unwrap().unwrap();
    assert!(kept.next().is_none(), "one crash, one report");
    let name = file.file_name().to_string_lossy().into_owned();
    // The path may be broken over lines.
    let screen: String = screen.split_whitespace().collect();
    assert!(screen.contains(&name), "{screen}");
    std::fs::read_to_string(file.path()).unwrap()
}

fn expect_restored_and_told((mut portal, folder): (Portal, TempDir)) {
    portal.press("ctrl-j");
    assert_eq!(portal.exit(), Exit::Code(101));
    assert_eq!(portal.modes(), Modes::PLAIN);
    assert!(portal.settings_are_restored(), "echo or line mode is off");
    let screen = portal.screen();
    assert!(screen.contains("the lamp went out"), "{screen}");
    assert!(
        !screen.contains("all is well"),
        "the report is on the first screen: {screen}"
    );
    let report = report(folder.path(), &screen);
    assert!(report.contains("the lamp went out"), "{report}");
    assert!(report.contains("e2e/panic.rs"), "{report}");
    assert!(
        report.contains("terminal: xterm-256color, 120×40"),
        "{report}"
    );
    assert!(!report.contains("ghp_"), "{report}");
}

#[test]
fn a_panic_gives_the_terminal_back_and_is_reported() {
    expect_restored_and_told(open("main"));
}

#[test]
fn a_panic_of_a_worker_does_so_too_and_ends_the_portal() {
    expect_restored_and_told(open("worker"));
}
