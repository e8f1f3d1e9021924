//! Hosts that are down, or that do not know us: what was read before is still there.

use std::io::{BufRead, BufReader};
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

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_wants_to_be_left_alone_is_shown_with_the_time_and_the_reason() {
    let Some((forge, desk)) = filled("svc", 2).await else {
        return;
    };
    // Some is added to what the host says, so that not everybody comes back at once.
    forge.fail(&[Fault::Later(1450)]);
    let ended = desk.run("sync").code(4);
    let said = "asks to be left alone for 25 min (too many requests)";
    assert!(ended.err.contains(said), "{ended:?}");
    let host = forge.host();
    let checks = desk.run("doctor -o json").json();
    let waits = format!("{host}: waiting 25 min (too many requests)");
    let found = |check: &serde_json::Value| check["found"].as_str() == Some(&waits);
    assert!(checks.as_array().unwrap().iter().any(found), "{checks}");
    assert_eq!(desk.names(), company_names("svc", 2));
    // Who asks outright is not kept from asking.
    let ended = desk.run("sync -v -o json").code(0);
    assert_eq!(ended.json()["sources"][0]["requestsByHost"][&host], 1);
    let told = format!("1 requests to {host}");
    assert!(ended.err.contains(&told), "{ended:?}");
    let checks = desk.run("doctor -o json").json();
    assert!(!checks.as_array().unwrap().iter().any(found), "{checks}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watching_sync_reads_what_changes_until_it_is_interrupted() {
    let desk = super::sandbox::Sandbox::new();
    let file = desk.write("c/catalog-info.yaml", &company("old", 1));
    let mut sync = desk
        .command("sync --watch --source c --cache-dir cache -o json")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Whole reports are told apart by their closing line.
    let mut lines = BufReader::new(sync.stdout.take().unwrap()).lines();
    let mut report = || {
        let lines = lines.by_ref().map(Result::unwrap);
        let mut text: Vec<String> = Vec::new();
        for line in lines {
            text.push(line);
            if text.last().is_some_and(|line| line == "}") {
                break;
            }
        }
        serde_json::from_str::<serde_json::Value>(&text.join("\n")).unwrap()
    };
    assert_eq!(report()["entities"], 2);
    std::fs::write(file, company("new", 3)).unwrap();
    assert_eq!(report()["entities"], 4);
    let pid = Pid::from_raw(sync.id().cast_signed()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    assert_eq!(sync.wait().unwrap().code(), Some(130));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sync_is_waited_for_and_told_with_its_age() {
    let Some((forge, desk)) = filled("svc", 2).await else {
        return;
    };
    let locks = walkdir::WalkDir::new(desk.cache()).into_iter();
    let lock = locks
        .map(Result::unwrap)
        .find(|it| it.file_name() == "sync.lock");
    let path = lock.unwrap().into_path();
    let now = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .unwrap()
        .as_secs();
    std::fs::write(&path, format!("4711 {}", now - 200)).unwrap();
    let lock = std::fs::File::open(&path).unwrap();
    lock.lock().unwrap();
    let mut sync = desk.command("sync");
    let mut sync = sync
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(sync.stderr.take().unwrap()).lines();
    let line = told.next().unwrap().unwrap();
    assert_eq!(
        line,
        "sync: waiting until another stagedoor is done (process 4711, for 4 min)"
    );
    lock.unlock().unwrap();
    let rest: Vec<String> = told.map(Result::unwrap).collect();
    assert_eq!(
        rest,
        [format!(
            "{}: reading",
            format_args!("github:{}/acme", forge.host())
        )]
    );
    assert_eq!(sync.wait().unwrap().code(), Some(0));
}
