//! The corpus of real repositories, as one set of sources: nothing crashes or hangs, and everything that a real Backstage
//! took from it is there. Run where `STAGEDOOR_SHARED` leads to it; said aloud to be skipped elsewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Ended, Sandbox, names, run};

/// How long one command may take, on a slow machine and without optimisation.
const LIMIT: Duration = Duration::from_mins(2);

/// What the goldens' Backstage had in its `catalog.rules`.
const RULES: &str = "catalog:\n  rules:\n    - allow: [Component, API, Resource, System, Domain, Group, User, Location, Template, AiResource]\n";

fn shared() -> Option<PathBuf> {
    let shared = std::env::var_os("STAGEDOOR_SHARED").map(PathBuf::from);
    if shared.is_none() {
        eprintln!("skipped: STAGEDOOR_SHARED is not set, so there are no real catalogs");
    }
    shared.and_then(|shared| fs::canonicalize(shared).ok())
}

/// The references of all entities that the goldens have.
fn golden(shared: &Path) -> BTreeSet<String> {
    let mut refs = BTreeSet::new();
    for entry in fs::read_dir(shared.join("goldens/catalog")).unwrap() {
        let text = fs::read(entry.unwrap().path()).unwrap();
        let golden: Value = serde_json::from_slice(&text).unwrap();
        for entity in golden["entities"].as_array().unwrap() {
            let meta = &entity["metadata"];
            let text = |value: &Value| value.as_str().unwrap().to_lowercase();
            refs.insert(format!(
                "{}:{}/{}",
                text(&entity["kind"]),
                text(&meta["namespace"]),
                text(&meta["name"])
            ));
        }
    }
    refs
}

/// The folders of the repositories, sorted.
fn repositories(shared: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(shared.join("corpus/catalog"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

#[test]
fn everything_that_backstage_took_from_real_repositories_is_listed() {
    let Some(shared) = shared() else { return };
    let sandbox = Sandbox::new();
    sandbox.write(".config/stagedoor/app-config.yaml", RULES);
    let repositories = repositories(&shared);
    let command = |arguments: &str| -> Command {
        let mut command = sandbox.command(arguments);
        command.arg("--offline").env(
            "STAGEDOOR_CONFIG",
            sandbox.path().join(".config/stagedoor/app-config.yaml"),
        );
        for folder in &repositories {
            command.arg("--source").arg(folder);
        }
        command
    };
    let timed = |arguments: &str| -> Ended {
        let begun = Instant::now();
        let ended = run(command(arguments));
        assert!(
            begun.elapsed() < LIMIT,
            "{arguments}: {:?}",
            begun.elapsed()
        );
        eprintln!("{arguments}: {:?}", begun.elapsed());
        ended
    };
    let listed_after_sync = || {
        let ended = timed("sync");
        // Real catalogs have problems.
        assert!(matches!(ended.code, Some(0 | 1)), "{ended:?}");
        names(&timed("list -o name").code(0))
    };
    let listed = listed_after_sync();
    let golden = golden(&shared);
    let missing: Vec<_> = golden.difference(&listed).collect();
    eprintln!(
        "{} repositories, {} golden references, {} listed",
        repositories.len(),
        golden.len(),
        listed.len()
    );
    assert!(
        missing.is_empty(),
        "{} of {}: {missing:#?}",
        missing.len(),
        golden.len()
    );
    assert_eq!(listed_after_sync(), listed, "a second sync changes nothing");
}
