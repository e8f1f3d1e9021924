//! The same over real catalogs: the corpus, where `STAGEDOOR_SHARED` leads to it.

use std::path::PathBuf;
use std::process::Command;

use crate::pty::{Exit, Pty};

#[test]
fn real_catalogs_are_walked_through() {
    let Some(shared) = std::env::var_os("STAGEDOOR_SHARED").map(PathBuf::from) else {
        eprintln!("skipped: STAGEDOOR_SHARED is not set, so there are no real catalogs");
        return;
    };
    let corpus = shared.join("corpus/catalog").canonicalize().unwrap();
    let cache = tempfile::tempdir().unwrap();
    let arguments = [
        "--offline".into(),
        "--source".into(),
        corpus.into_os_string(),
        "--cache-dir".into(),
        cache.path().as_os_str().to_owned(),
    ];
    let synced = Command::new(env!("CARGO_BIN_EXE_stagedoor"))
        .arg("sync")
        .args(&arguments)
        .env("HOME", cache.path())
        .output()
        .unwrap();
    // Real catalogs have problems.
    assert_eq!(synced.status.code(), Some(1), "{synced:?}");

    let mut portal = Pty::portal(&arguments).size(80, 24).open();
    portal.wait_for("stagedoor").settle();
    portal.press("/").type_text("kind:component spring-http");
    portal.wait_for("openso").settle();
    portal.press("enter").wait_for("Relations").settle();
    portal.wait_for("spring-http");
    // What it hangs together with, drawn and drawn wider; its YAML; everything that is wrong.
    for _ in 0..5 {
        if !portal.screen().contains("both ways") {
            portal.press("tab").settle();
        }
    }
    portal.wait_for("depth 2").press("+");
    portal.wait_for("depth 3").settle();
    portal.press("r").wait_for("apiVersion").settle();
    portal.press("P").wait_for("Problems").settle();
    portal.press("pagedown").settle();
    portal.press("C").wait_for("Catalog").settle();
    portal.press("end").settle();
    portal.press("H").settle();
    assert_eq!(portal.press("q").exit(), Exit::Code(0));
}
