//! Hosts that are down, or that do not know us: what was read before is still there.

use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::forge::{Fault, Forge};
use super::{Desk, company, company_names, filled};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_is_there_while_the_host_is_down() {
    let Some((forge, desk)) = filled("svc", 3).await else {
        return;
    };
    let host = forge.host();
    forge.stop().await;
    for _ in 0..2 {
        let ended = desk.run("sync");
        assert!(!matches!(ended.code, Some(0) | None), "{ended:?}");
        assert!(ended.err.contains(&host), "it names the host: {ended:?}");
        assert_eq!(desk.names(), company_names("svc", 3));
    }
    let shown = desk.run("show component:svc-001 -o json").code(0).json();
    assert_eq!(shown["metadata"]["name"], "svc-001");
    let found = desk.run("find svc-002 -o json").code(0);
    assert!(found.out.contains("svc-002"), "{found:?}");
    let graph = desk.run("graph group:keepers -o json").code(0);
    assert!(graph.out.contains("svc-000"), "{graph:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_down_before_anything_was_read_is_an_error_of_its_own() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let desk = Desk::new(&forge);
    forge.stop().await;
    let ended = desk.run("sync").code(4);
    assert!(!ended.err.is_empty(), "it says why");
    let ended = desk.run("list -o name");
    assert!(ended.out.is_empty() && !ended.err.is_empty(), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_does_not_know_us_is_an_error_of_its_own() {
    let Some((forge, desk)) = filled("svc", 2).await else {
        return;
    };
    forge.commit("acme/all", &[("catalog-info.yaml", &company("new", 2))]);
    let mut command = desk.command("sync");
    command.env("FORGE_TOKEN", "not-the-token");
    let ended = super::run(command).code(3);
    assert!(!ended.err.contains("not-the-token"), "{ended:?}");
    assert!(
        ended.err.contains("token"),
        "it says what to do about it: {ended:?}"
    );
    assert_eq!(desk.names(), company_names("svc", 2));
    // A refusal in the middle is one too.
    forge.fail(&[Fault::Unauthorized]);
    desk.run("sync").code(3);
    assert_eq!(desk.names(), company_names("svc", 2));
    desk.run("sync").code(0);
    assert_eq!(desk.names(), company_names("new", 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_it_says_where_to_put_one() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    forge.commit("acme/all", &[("catalog-info.yaml", &company("svc", 1))]);
    let desk = Desk::new(&forge);
    let mut command = desk.command("sync");
    command.env_remove("FORGE_TOKEN");
    let ended = super::run(command).code(3);
    assert!(ended.err.contains("integrations:"), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_ends_a_sync_that_waits_and_keeps_what_was_there() {
    let Some((forge, desk)) = filled("svc", 2).await else {
        return;
    };
    forge.commit("acme/all", &[("catalog-info.yaml", &company("new", 2))]);
    let patience = Duration::from_mins(1);
    forge.take_requests();
    forge.fail(&[Fault::Slow(patience)]);
    let mut command = desk.command("sync");
    let mut sync = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !forge.take_requests().iter().any(|it| it.contains("Slow")) {
        assert!(begun.elapsed() < patience, "it never asked");
        tokio::task::yield_now().await;
    }
    let pid = Pid::from_raw(sync.id().cast_signed()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    assert_eq!(sync.wait().unwrap().code(), Some(130));
    assert!(
        begun.elapsed() < patience,
        "it waited for the host to the end"
    );
    assert_eq!(desk.names(), company_names("svc", 2));
}
