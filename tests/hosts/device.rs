//! Signing in by a code that is typed at the host's page: waiting, slowing down, being denied, and tokens that end.

use std::process::Command;

use serde_json::{Value, json};

use super::forge::device::{APPLICATION, granted};
use super::forge::{Forge, TOKEN};
use super::{Desk, component};

/// A desk whose configuration names the application `id` of the forge as a host of `kind`.
fn desk(forge: &Forge, kind: &str, id: &str) -> Desk {
    let desk = Desk::new();
    let (host, url) = (forge.host(), forge.url());
    let (api, owner) = match kind {
        "github" => ("api/v3", "organization"),
        _ => ("gitlab/api/v4", "group"),
    };
    let text = format!(
        "integrations: {{ {kind}: [{{ host: '{host}', apiBaseUrl: '{url}/{api}' }}] }}\n\
         catalog: {{ providers: {{ {kind}: {{ all: {{ host: '{host}', {owner}: acme }} }} }} }}\n\
         stagedoor: {{ hosts: [{{ host: '{host}', clientId: {id} }}] }}\n"
    );
    desk.write(".config/stagedoor/app-config.yaml", &text);
    desk
}

/// Runs the program at `desk`: how it ended, and all that it printed.
async fn run(desk: &Desk, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stagedoor"));
    command
        .args(arguments)
        .current_dir(desk.path())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", desk.path())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("STAGEDOOR_LOG", "trace");
    let output = tokio::task::spawn_blocking(move || command.output()).await;
    let output = output.unwrap().unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(!text.contains(TOKEN), "{text}");
    (output.status.code(), text)
}

fn answers(forge: &Forge, answers: &[Value]) {
    *forge.shared.grants.lock().unwrap() = answers.to_vec();
}

/// How often it was asked whether the code was typed, or for the next token.
fn asked(forge: &Forge, what: &str) -> usize {
    let requests = forge.take_requests();
    requests.iter().filter(|it| it.starts_with(what)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_shown_and_what_it_brings_is_kept_and_used() {
    for kind in ["github", "gitlab"] {
        let Some(forge) = Forge::start().await else {
            return;
        };
        forge.commit("acme/shop", &[("catalog-info.yaml", &component("shop"))]);
        let desk = desk(&forge, kind, APPLICATION);
        let pending = json!({ "error": "authorization_pending" });
        let slow = json!({ "error": "slow_down", "interval": 0 });
        answers(&forge, &[pending, slow, granted(None)]);
        let (code, text) = run(&desk, &["login", &forge.host()]).await;
        assert_eq!(code, Some(0), "{text}");
        assert!(
            text.contains("type WDJB-MJHT at http://") && text.contains("as jane"),
            "{text}"
        );
        assert_eq!(asked(&forge, "grant device_code device-1"), 3);
        let (code, text) = run(&desk, &["sync"]).await;
        assert_eq!(code, Some(1), "one problem, its owner: {text}");
        assert!(text.contains("1 entities"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_denied_late_or_unknown_is_told_so() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let cases = [
        (APPLICATION, "access_denied", Some(3), "denied"),
        (APPLICATION, "expired_token", Some(3), "not typed in time"),
        (
            APPLICATION,
            "device_flow_disabled",
            Some(1),
            "device_flow_disabled; is clientId",
        ),
        ("other", "", Some(1), "Client authentication failed"),
    ];
    for (id, answer, expected, words) in cases {
        for kind in ["github", "gitlab"] {
            let desk = desk(&forge, kind, id);
            answers(&forge, &[json!({ "error": answer })]);
            let (code, text) = run(&desk, &["login", &forge.host()]).await;
            assert_eq!(code, expected, "{answer}: {text}");
            assert!(text.contains(words), "{answer}: {text}");
            assert!(
                !desk.path().join(".local/state/stagedoor/login").exists(),
                "{answer}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_ends_is_renewed_by_what_came_with_it() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    forge.commit("acme/shop", &[("catalog-info.yaml", &component("shop"))]);
    let desk = desk(&forge, "gitlab", APPLICATION);
    answers(&forge, &[granted(Some(0))]);
    let (code, text) = run(&desk, &["login", &forge.host()]).await;
    assert_eq!(code, Some(0), "{text}");
    forge.take_requests();
    // It has ended by now; who asks nobody renews nothing.
    run(&desk, &["doctor", "--offline"]).await;
    assert_eq!(asked(&forge, "grant"), 0);
    answers(&forge, &[granted(Some(7200))]);
    let (code, text) = run(&desk, &["sync"]).await;
    assert_eq!(code, Some(1), "{text}");
    assert_eq!(asked(&forge, "grant refresh_token next-1"), 1);
    run(&desk, &["sync"]).await;
    assert_eq!(asked(&forge, "grant"), 0, "it is good for two hours");
    assert!(!desk.path().join(".cache").exists() || !holds(&desk.path().join(".cache"), TOKEN));
}

/// Whether any file below `dir` holds `text`.
fn holds(dir: &std::path::Path, text: &str) -> bool {
    std::fs::read_dir(dir).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, text);
        }
        let bytes = std::fs::read(&path).unwrap();
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    })
}
