//! Ctrl-C while the real program works: it ends with 130 and leaves whole what was kept.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::forge::{Fault, Forge};
use super::{Desk, component};

/// Begins the program at `desk` with these arguments.
fn begin(desk: &Desk, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_stagedoor"))
        .args(arguments)
        .args(["--cache-dir", "cache"])
        .current_dir(desk.path())
        .env("HOME", desk.path())
        .envs(desk.variables.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Presses Ctrl-C and gives the exit code.
async fn interrupt(mut child: Child) -> Option<i32> {
    let id = i32::try_from(child.id()).unwrap();
    kill_process(Pid::from_raw(id).unwrap(), Signal::INT).unwrap();
    let ended = tokio::task::spawn_blocking(move || child.wait());
    ended.await.unwrap().unwrap().code()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_that_is_interrupted_leaves_what_was_kept() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    forge.commit("acme/shop", &[("catalog-info.yaml", &component("shop"))]);
    let desk = Desk::signed_in();
    let source = format!("github:{}/acme", forge.host());
    desk.sync(&source).await;
    let before = desk.names(&source);
    forge.commit("acme/till", &[("catalog-info.yaml", &component("till"))]);
    forge.take_requests();
    forge.fail(&[Fault::Slow(Duration::from_mins(1))]);
    let child = begin(&desk, &["sync", "--source", &source]);
    while forge.take_requests().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(interrupt(child).await, Some(130));
    assert_eq!(desk.names(&source), before);
    let report = desk.sync(&source).await;
    assert_eq!((report.class(), report.entities), (None, 2), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_interrupted_ends() {
    let desk = Desk::new();
    desk.write(
        "template.yaml",
        "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: { name: slow }\n\
         spec: { type: service, owner: a, steps: [{ action: 'debug:wait', input: { seconds: 30 } }] }\n",
    );
    let mut child = begin(
        &desk,
        &["new", "template.yaml", "-v", "--yes", "--out", "made"],
    );
    let told = BufReader::new(child.stderr.take().unwrap()).lines();
    let waits = |line: &String| line.contains("Waiting ");
    let line = tokio::task::spawn_blocking(move || told.map_while(Result::ok).find(waits));
    assert!(line.await.unwrap().is_some());
    assert_eq!(interrupt(child).await, Some(130));
}
