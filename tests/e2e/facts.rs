//! What a host tells of an entity's repository: on the tab, panel by panel, with what is refused said; and on the command
//! line.

use std::process::{Command, Output};

use serde_json::Value;

use crate::forge::facts::Facts;
use crate::forge::{Fault, Forge, Rule, TOKEN};
use crate::pty::{Portal, Pty};

const SHOP: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: shop, description: Sells things. }\nspec: { type: service, lifecycle: production, owner: sellers }\n";

/// A forge whose GitHub tells of the repository of an entity, but not of its security alerts.
async fn forge() -> Option<Forge> {
    let forge = Forge::start().await?;
    forge.commit("acme/shop", &[("catalog-info.yaml", SHOP)]);
    let facts = Facts {
        refused: vec![(
            "vulnerabilityAlerts",
            "FORBIDDEN",
            "Resource not accessible by personal access token",
        )],
        ..Facts::of_shop()
    };
    let repositories = &forge.shared.repositories;
    repositories.set("acme/shop", |repository| repository.facts = facts);
    Some(forge)
}

/// What the program is started with, by a user whose folder is `home`.
fn arguments(forge: &Forge, home: &tempfile::TempDir) -> Vec<String> {
    let config = home.path().join("app-config.yaml");
    let text = format!(
        "integrations: {{ github: [{{ host: '{}' }}] }}\n",
        forge.host()
    );
    std::fs::write(&config, text).unwrap();
    let cache = home.path().join("cache");
    [
        "--config",
        config.to_str().unwrap(),
        "--cache-dir",
        cache.to_str().unwrap(),
        "--source",
        &format!("github:{}/acme", forge.host()),
    ]
    .map(str::to_owned)
    .to_vec()
}

fn open(forge: &Forge, home: &tempfile::TempDir, size: (u16, u16)) -> Portal {
    Pty::portal(arguments(forge, home))
        .env("GITHUB_TOKEN", TOKEN)
        .size(size.0, size.1)
        .open()
}

fn run(forge: &Forge, home: &tempfile::TempDir, arguments_of: &[&str], token: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stagedoor"))
        .args(arguments_of)
        .args(arguments(forge, home))
        .current_dir(home.path())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home.path())
        .env("GITHUB_TOKEN", token)
        .output()
        .unwrap()
}

/// How often the repository was asked about.
fn asked(forge: &Forge) -> usize {
    let requests = forge.take_requests();
    requests.iter().filter(|it| it.contains("Facts")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_is_looked_at_and_what_is_refused_says_why() {
    let Some(forge) = forge().await else { return };
    let home = tempfile::tempdir().unwrap();
    let mut portal = open(&forge, &home, (120, 40));
    portal
        .wait_for("synced")
        .press("/")
        .type_text("owner:sellers")
        .wait_for("Sells things");
    portal.press("enter").wait_for("Relations").settle();
    assert_eq!(asked(&forge), 0);
    portal.press("v").wait_for("Pull requests 23");
    for seen in [
        "#7 Retry on 409",
        "changes requested",
        "build #12",
        "#1 Slow",
        "v2.0.0 · Two",
        "production",
        "Rust                90 %",
        "your token may not read security alerts",
        "“Dependabot alerts: read”",
        "Take [31mcards",
    ] {
        portal.wait_for(seen);
    }
    portal.press("down").press("down").press("o");
    portal.wait_for("https://forge.invalid/acme/shop/pull/7");
    assert_eq!(asked(&forge), 1);
    // Looked at again, nobody is asked; what one asks for is.
    portal.press("r").settle();
    portal.press("v").wait_for("asked just now").settle();
    assert_eq!(asked(&forge), 0);
    portal.press("a").wait_for("asked just now").settle();
    assert_eq!(asked(&forge), 1);
    assert!(!portal.screen().contains(TOKEN));
    drop(portal);

    // A narrow screen, and a host that does not answer: what is kept is there at once.
    forge.rule(Rule::always("Facts", Fault::Later(1_500)));
    let mut portal = open(&forge, &home, (80, 24));
    portal
        .wait_for("synced")
        .press("/")
        .type_text("shop")
        .settle();
    portal.press("enter").wait_for("Relations").settle();
    portal.press("v").wait_for("Pull requests 23");
    portal.press("a").wait_for("asks to be left alone");
    portal.wait_for("Pull requests 23");
    portal.press("end").wait_for("Rust                90 %");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_tells_the_same() {
    let Some(forge) = forge().await else { return };
    let home = tempfile::tempdir().unwrap();
    let said = |arguments: &[&str], token: &str, code: i32| {
        let output = run(&forge, &home, arguments, token);
        let (out, err) = (&output.stdout, &output.stderr);
        let text = [out, err].map(|text| String::from_utf8_lossy(text).into_owned());
        assert_eq!(output.status.code(), Some(code), "{text:?}");
        assert!(!text.concat().contains(TOKEN), "{text:?}");
        text
    };
    // The owner is in no catalog: a finding.
    said(&["sync"], TOKEN, 1);
    let [_, err] = said(&["repo", "shop", "--offline"], TOKEN, 4);
    assert!(err.contains("--offline"), "{err}");
    let [_, err] = said(&["repo", "shop"], "wrong", 3);
    assert!(err.contains("stagedoor login"), "{err}");
    let [out, err] = said(&["repo", "shop", "-o", "json"], TOKEN, 0);
    let facts: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(facts["entity"], "component:default/shop");
    assert_eq!(facts["pulls"]["total"], 23);
    assert_eq!(facts["pulls"]["items"][2]["review"], "changesRequested");
    assert_eq!(facts["runs"]["items"][0]["outcome"], "failed");
    let withheld = facts["alerts"]["withheld"].as_str().unwrap();
    assert!(withheld.contains("Dependabot alerts: read"), "{withheld}");
    assert!(err.contains("security alerts: your token"), "{err}");
    forge.take_requests();
    let [out, _] = said(&["repo", "shop"], TOKEN, 0);
    assert!(out.contains("✓ #7 Retry on 409  approved · jane"), "{out}");
    assert_eq!(asked(&forge), 0);
    forge.rule(Rule::always("Facts", Fault::Unauthorized));
    let [out, err] = said(&["repo", "shop", "--refresh"], TOKEN, 0);
    assert!(
        out.contains("#7") && err.contains("shown is what it told"),
        "{err}"
    );
    assert_eq!(asked(&forge), 1);
    let [out, _] = said(&["repo", "shop", "-o", "name", "--offline"], TOKEN, 0);
    assert_eq!(out.trim(), format!("{}/acme/shop", forge.host()));
}
