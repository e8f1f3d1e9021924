//! The demo's templates run for real, from the simplest to the hardest.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value as Json;

/// Runs `stagedoor new TEMPLATE` with the values, in a home of its own.
fn new(home: &Path, template: &str, values: &Json, further: &[&str]) -> Output {
    let file = home.join("values.json");
    std::fs::write(&file, values.to_string()).unwrap();
    Command::new(env!("CARGO_BIN_EXE_stagedoor"))
        .args([
            "new",
            template,
            "--source",
            "demo",
            "--offline",
            "--yes",
            "-o",
            "json",
        ])
        .args(["--values", file.to_str().unwrap()])
        .args(further)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .current_dir(home)
        .output()
        .unwrap()
}

/// The files that a dry run of `template` with `values` writes: path and text.
fn dry_run(template: &str, values: &Json) -> Vec<(String, String)> {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    let output = new(
        home.path(),
        template,
        values,
        &["--dry-run", "--out", out.to_str().unwrap()],
    );
    let report: Json = serde_json::from_slice(&output.stdout).unwrap_or_default();
    assert!(
        output.status.success() && report["warnings"] == serde_json::json!([]),
        "{report:#}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut files: Vec<(String, String)> = walkdir::WalkDir::new(&out)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry
                .path()
                .strip_prefix(&out)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            (path, std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

fn paths(files: &[(String, String)]) -> Vec<&str> {
    files.iter().map(|(path, _)| path.as_str()).collect()
}

fn text<'a>(files: &'a [(String, String)], path: &str) -> &'a str {
    files
        .iter()
        .find_map(|(name, text)| (name == path).then_some(text.as_str()))
        .unwrap()
}

fn service() -> Json {
    serde_json::json!({
        "name": "tide-table",
        "description": "Says when the water is high enough for the small ferries.",
        "owner": "group:default/team-delivery",
        "system": "system:default/dispatch",
        "port": 8081,
        "replicas": 2,
        "database": true,
        "docs": true,
        "repoUrl": "github.com?owner=pelican-post&repo=tide-table",
    })
}

#[test]
fn a_page_of_documentation() {
    let values =
        serde_json::json!({"title": "Lost parcels", "kind": "decision", "summary": "Who pays."});
    let files = dry_run("docs-page", &values);
    assert_eq!(paths(&files), ["docs/lost-parcels.md"]);
    assert_eq!(
        text(&files, "docs/lost-parcels.md"),
        "# Lost parcels\n\nWho pays.\n\n*Proposed.*\n\n## Context\n\n## Decision\n\n## Consequences\n"
    );
}

#[test]
fn a_library() {
    let values = serde_json::json!({"name": "harbour", "owner": "group:default/team-shop", "lifecycle": "experimental", "browser": true});
    let files = dry_run("typescript-library", &values);
    let package: Json = serde_json::from_str(text(&files, "package.json")).unwrap();
    assert_eq!(package["browser"], "dist/browser.js");
    assert!(text(&files, "catalog-info.yaml").contains("owner: group:default/team-shop"));
}

#[test]
fn a_service_with_what_was_chosen() {
    let files = dry_run("go-service", &service());
    assert_eq!(
        paths(&files),
        [
            ".github/workflows/ci.yml",
            "README.md",
            "catalog-info.yaml",
            "cmd/tide-table/main.go",
            "deploy/production.yaml",
            "docs/index.md",
            "go.mod",
            "migrations/0001_begin.sql",
            "mkdocs.yml",
        ]
    );
    // The pipeline's own expressions are not ours.
    assert!(text(&files, ".github/workflows/ci.yml").contains("${{ github.sha }}"));

    let mut small = service();
    small["database"] = false.into();
    small["docs"] = false.into();
    let files = dry_run("go-service", &small);
    assert!(
        !paths(&files)
            .iter()
            .any(|path| path.starts_with("migrations") || path.starts_with("docs"))
    );
    assert!(!text(&files, "cmd/tide-table/main.go").contains("DATABASE_URL"));
}

#[test]
fn a_service_becomes_a_repository_with_one_commit() {
    let home = tempfile::tempdir().unwrap();
    let repositories = home.path().join("repositories");
    let output = new(
        home.path(),
        "go-service",
        &service(),
        &["--repositories", repositories.to_str().unwrap()],
    );
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let log = Command::new("git")
        .args(["log", "--format=%s"])
        .current_dir(repositories.join("tide-table"))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&log.stdout), "Begin tide-table\n");
}

#[test]
fn a_whole_product() {
    let mut values = serde_json::json!({
        "name": "lighthouse",
        "owner": "group:default/team-delivery",
        "domain": "domain:default/delivery",
        "contact": {"email": "light@pelican-post.example", "channel": "#light"},
        "components": [{"name": "lamp", "type": "service", "public": true}, {"name": "keeper", "type": "worker"}],
        "tags": ["go", "parcels"],
        "storage": "postgres",
        "gigabytes": 20,
        "backups": 30,
        "visibility": "internal",
        "repoUrl": "github.com?owner=pelican-post&repo=lighthouse",
    });
    let files = dry_run("product", &values);
    assert_eq!(
        paths(&files),
        [
            ".gitignore",
            "README.md",
            "catalog-info.yaml",
            "components/keeper/catalog-info.yaml",
            "components/keeper/main.go",
            "components/lamp/catalog-info.yaml",
            "components/lamp/main.go",
            "storage.yaml",
        ]
    );
    assert_eq!(
        text(&files, "storage.yaml"),
        "kind: postgres\ngigabytes: 20\nbackupDays: 30\n"
    );
    values["storage"] = "none".into();
    assert!(!paths(&dry_run("product", &values)).contains(&"storage.yaml"));
}
