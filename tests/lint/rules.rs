//! Each rule finds what its bad example marks with an arrow, and nothing in its good one.
//!
//! The examples are those of the rule's page in the docs: `tests/fixtures/lint/CODE/{bad,good}`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use stagedoor::catalog::Rule;
use stagedoor::catalog::problem::Theme;
use tempfile::TempDir;

/// What stands in a comment at the end of the line at which a finding is expected.
const ARROW: char = '←';

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/lint")
}

/// These files in a folder of their own.
pub(crate) fn in_folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// The program in `folder`, with nothing of the user's around it.
pub(crate) fn command(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stagedoor"));
    command
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder.join(".home"))
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .stdin(Stdio::null());
    command
}

/// The findings of lint in a copy of `folder` that lies in no repository: file, line and code.
fn findings(folder: &Path) -> BTreeSet<(String, u64, String)> {
    let files = files(folder);
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.to_str().unwrap(), text.as_str()))
        .collect();
    let copy = in_folder(&files);
    let mut command = command(copy.path(), "lint . --format json --cache-dir cache");
    if copy.path().join("app-config.yaml").exists() {
        command.args(["--config", "app-config.yaml"]);
    }
    let output = command.output().unwrap();
    let found: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let finding = |finding: &Value| {
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        let file = text("file").trim_start_matches("./").to_owned();
        (file, finding["line"].as_u64().unwrap(), text("code"))
    };
    found.as_array().unwrap().iter().map(finding).collect()
}

/// The files below `folder`, by their paths in it.
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let Ok(entry) = entry else { continue };
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(folder).unwrap().to_owned();
            files.push((path, std::fs::read_to_string(entry.path()).unwrap()));
        }
    }
    files
}

/// The lines with an arrow: file and line.
fn arrows(folder: &Path) -> Vec<(String, u64)> {
    let mut arrows = Vec::new();
    for (path, text) in files(folder) {
        for (line, _) in (1..)
            .zip(text.lines())
            .filter(|(_, text)| text.contains(ARROW))
        {
            arrows.push((path.display().to_string(), line));
        }
    }
    arrows
}

#[test]
fn every_rule_finds_its_bad_example_and_not_its_good_one() {
    let mut wrong = Vec::new();
    // What a running Backstage says is no finding of files, and an age is one of Git.
    let of_files =
        |rule: &&Rule| rule.info().theme != Theme::Instance && **rule != Rule::DocsOutdated;
    for rule in Rule::ALL.iter().filter(of_files) {
        let folder = fixtures().join(rule.code());
        let (bad, good) = (folder.join("bad"), folder.join("good"));
        let marked = arrows(&bad);
        if marked.is_empty() || files(&good).is_empty() {
            wrong.push(format!(
                "{rule} has no example with an arrow, or no good one"
            ));
        }
        let found = findings(&bad);
        for (file, line) in marked {
            if !found.contains(&(file.clone(), line, rule.code().to_owned())) {
                wrong.push(format!(
                    "{rule} is not found at {file}:{line}, but {found:?}"
                ));
            }
        }
        let found = findings(&good);
        if found.iter().any(|(_, _, code)| code == rule.code()) {
            wrong.push(format!("{rule} is found in its good example: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_example_belongs_to_a_rule() {
    for entry in std::fs::read_dir(fixtures()).unwrap() {
        let name = entry.unwrap().file_name();
        let code = name.to_str().unwrap();
        assert!(Rule::parse(code).is_some(), "{code} is no rule");
    }
}
