//! A run that fails at the push, and goes on: on the screen, and on the command line.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use serde_json::Value;

use crate::forge::{Fault, Forge, Rule};
use crate::pty::Exit;
use crate::publishing::{Desk, acme, find, holding_the_token};
use crate::wizard::git;

/// Lets a hook of the repository `acme/harbour-light` reject the next push.
fn reject(forge: &Forge) {
    let hook = Fault::Meanwhile(Arc::new(|shared| {
        let hooks = shared.repositories.dir("acme/harbour-light").join("hooks");
        std::fs::create_dir_all(&hooks).unwrap();
        let hook = hooks.join("pre-receive");
        std::fs::write(&hook, "#!/bin/sh\necho No lights after nine. >&2\nexit 1\n").unwrap();
        std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
    }));
    forge.rule(Rule::once("/harbour-light.git/info/refs", hook));
}

fn relent(forge: &Forge) {
    let dir = forge.shared.repositories.dir("acme/harbour-light");
    std::fs::remove_file(dir.join("hooks/pre-receive")).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_failed_goes_on_from_the_page_of_runs() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    acme(&forge);
    let desk = Desk::new(&forge);
    let host = forge.host();
    let mut portal = desk.open(&host);
    portal.wait_for("lighthouse").settle();
    portal.press("/").type_text("kind:template beacon").settle();
    portal.press("enter").wait_for("step 1 of");
    portal.type_text("harbour-light").press("enter");
    portal
        .type_text("keep")
        .wait_for("▌keepers")
        .press("enter")
        .wait_for("group:default/keepers");
    portal.wait_for(&host).type_text("harbour-light");
    portal.press("enter").wait_for("Your answers");
    reject(&forge);
    portal.wait_for("README.md").press("enter");
    portal.wait_for("No lights after nine.").settle();
    let repository = forge.shared.repositories.dir("acme/harbour-light");
    assert!(repository.exists(), "it was made");

    relent(&forge);
    portal.press("H").wait_for("lighthouse").settle();
    portal.press("U").wait_for("press u to go on");
    portal.wait_for("acme/harbour-light").settle();
    portal.press("u").wait_for("Your answers");
    portal.wait_for("README.md").press("enter");
    portal.wait_for("✓ Done");
    assert_eq!(
        git(&repository, &["log", "--format=%s", "main"]),
        "Light it\n"
    );
    portal.press("H").wait_for("lighthouse").settle();
    portal.press("R").wait_for("harbour-light").settle();
    find(&mut portal, "owner:keepers harbour", "harbour-light");
    portal.press("U").wait_for("completed at attempt 2");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
    let held = [desk.path(), portal.home(), repository.as_path()].map(holding_the_token);
    assert_eq!(held.concat(), Vec::<String>::new(), "the token was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_failed_goes_on_without_a_terminal() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    acme(&forge);
    let desk = Desk::new(&forge);
    let host = forge.host();
    let synced = desk.run(&host, &["sync"]);
    assert_eq!(synced.status.code(), Some(0), "{synced:?}");
    let repo_url = format!("repoUrl='{host}?owner=acme&repo=harbour-light'");
    let new = [
        "new",
        "beacon",
        "--yes",
        "--set",
        "name=harbour-light",
        "--set",
        "owner=group:default/keepers",
        "--set",
        &repo_url,
    ];
    reject(&forge);
    let failed = desk.run(&host, &new);
    assert_eq!(failed.status.code(), Some(1), "{failed:?}");
    let said = String::from_utf8_lossy(&failed.stderr).into_owned();
    assert!(said.contains("No lights after nine."), "{said}");
    assert!(said.contains("stagedoor runs resume"), "{said}");

    // A second run does not touch what the first one made.
    let again = desk.run(&host, &new);
    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(said.contains("was not made by this run"), "{said}");
    let listed = desk.run(&host, &["runs", "list", "-o", "json"]);
    let runs: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(runs.as_array().unwrap().len(), 2);
    assert_eq!(
        (&runs[0]["state"], &runs[1]["state"]),
        (&"failed".into(), &"failed".into())
    );
    assert_eq!(runs[0]["made"], Value::Array(Vec::new()));
    assert_eq!(runs[1]["made"][0]["name"], "acme/harbour-light");
    let first = runs[1]["id"].as_str().unwrap();

    relent(&forge);
    let resumed = desk.run(&host, &["runs", "resume", first, "-o", "json"]);
    assert_eq!(resumed.status.code(), Some(0), "{resumed:?}");
    let report: Value = serde_json::from_slice(&resumed.stdout).unwrap();
    assert_eq!(report["run"], first);
    let tip = forge.shared.repositories.oid("acme/harbour-light", "main");
    assert_eq!(report["steps"][1]["output"]["commitHash"], tip.unwrap());
    let synced = desk.run(&host, &["sync"]);
    assert_eq!(synced.status.code(), Some(0), "{synced:?}");
    let found = desk.run(&host, &["list", "-o", "name", "kind=component"]);
    let names = String::from_utf8_lossy(&found.stdout).into_owned();
    assert!(names.contains("component:default/harbour-light"), "{names}");

    // It is done: nothing goes on, and its record can go.
    let twice = desk.run(&host, &["runs", "resume", first]);
    assert_eq!(twice.status.code(), Some(1), "{twice:?}");
    let cleaned = desk.run(&host, &["runs", "clean", "--all", "--yes"]);
    assert_eq!(cleaned.status.code(), Some(0), "{cleaned:?}");
    let listed = desk.run(&host, &["runs", "list", "-o", "name"]);
    assert_eq!(listed.stdout, b"");
    assert_eq!(holding_the_token(desk.path()), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_failed_run_made_is_removed_when_that_is_said() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    acme(&forge);
    let desk = Desk::new(&forge);
    let host = forge.host();
    assert_eq!(desk.run(&host, &["sync"]).status.code(), Some(0));
    let repo_url = format!("repoUrl='{host}?owner=acme&repo=harbour-light'");
    let new = [
        "new",
        "beacon",
        "--yes",
        "--set",
        "name=harbour-light",
        "--set",
        "owner=group:default/keepers",
        "--set",
        &repo_url,
    ];
    reject(&forge);
    assert_eq!(desk.run(&host, &new).status.code(), Some(1));
    let repository = forge.shared.repositories.dir("acme/harbour-light");
    let removed = ["runs", "clean", "last", "--remove-made", "--yes"];
    let cleaned = desk.run(&host, &removed);
    assert_eq!(cleaned.status.code(), Some(0), "{cleaned:?}");
    assert!(!repository.exists());
    assert_eq!(desk.run(&host, &["runs", "list", "-o", "name"]).stdout, b"");
}
