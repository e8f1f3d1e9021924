//! The log of the real program: it tells which host was asked and what failed, and no secret.

use std::process::Command;

use super::forge::{Fault, Forge, TOKEN};
use super::{Desk, component};

/// Runs the program at `desk` with these arguments and gives its log.
async fn logged(desk: &Desk, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stagedoor"));
    command
        .args(arguments)
        .args(["-v", "--cache-dir", "cache"])
        .current_dir(desk.path())
        .env("HOME", desk.path())
        .envs(desk.variables.iter().copied());
    let output = tokio::task::spawn_blocking(move || command.output()).await;
    let output = output.unwrap().unwrap();
    let log = std::fs::read_to_string(desk.path().join("cache/stagedoor.log")).unwrap();
    for told in [&output.stdout, &output.stderr] {
        let told = String::from_utf8_lossy(told);
        assert!(!told.contains("DEBUG") && !told.contains(TOKEN), "{told}");
    }
    log
}

#[tokio::test(flavor = "multi_thread")]
async fn it_tells_what_happened_and_no_token() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    forge.commit("acme/shop", &[("catalog-info.yaml", &component("shop"))]);
    let desk = Desk::signed_in();
    let source = format!("github:{}/acme", forge.host());
    let log = logged(&desk, &["sync", "--source", &source]).await;
    for words in [
        "method=POST",
        "status=200",
        "a source was read",
        "the snapshot was built",
    ] {
        assert!(log.contains(words), "{words} in {log}");
    }
    forge.fail(&[Fault::Unauthorized]);
    let log = logged(&desk, &["sync", "--source", &source]).await;
    assert!(log.contains("WARN") && log.contains("status=401"), "{log}");
    assert!(!desk.holds(TOKEN), "the token was written down");
}
