//! Local actions against a table of our own: what Backstage's scaffolder 4.2 did with each of these templates.
//!
//! A line holds the steps and what they are given; what the workspace held at the end (a path, `x` for files that can be
//! run, the first half of the content's SHA-1) and what came out, or which step failed.

#![expect(clippy::unwrap_used, reason = "tests")]
#![allow(
    dead_code,
    reason = "the world of templates is shared with other tests"
)]

#[path = "support/scaffold.rs"]
mod scaffold;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::{Value as Json, json};
use sha1::{Digest, Sha1};
use stagedoor::scaffolder::Answers;
use stagedoor::scaffolder::run::{Job, Report, StepState, run};

const TABLE: &str = include_str!("fixtures/templates/runs.jsonl");

/// Copies `from` into `to`, links as links, modes kept.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        let kind = fs::symlink_metadata(&path).unwrap().file_type();
        if kind.is_symlink() {
            symlink(fs::read_link(&path).unwrap(), target).unwrap();
        } else if kind.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// The tree at `folder` as the table writes it.
fn tree(folder: &Path, report: &Report) -> Vec<String> {
    let line = |entry: &stagedoor::scaffolder::run::TreeEntry| {
        let path = &entry.path;
        if let Some(target) = &entry.target {
            return format!("{path} -> {target}");
        }
        if path.ends_with('/') {
            return path.clone();
        }
        let sum: String = Sha1::digest(fs::read(folder.join(path)).unwrap())
            .iter()
            .take(8)
            .fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        let mark = if entry.mode & 0o100 == 0 { '-' } else { 'x' };
        format!("{path} {mark} {sum}")
    };
    let mut lines: Vec<String> = report.tree.iter().map(line).collect();
    lines.sort();
    lines
}

fn carry_out(row: &Json, source: &Path, out: &Path) -> Report {
    let name = row["name"].as_str().unwrap();
    let body = json!({
        "apiVersion": "scaffolder.backstage.io/v1beta3",
        "kind": "Template",
        "metadata": { "name": name },
        "spec": { "type": "x", "steps": row["steps"], "output": row["output"].as_object().cloned().unwrap_or_default() },
    });
    let file = source.join(format!("{name}.yaml"));
    fs::write(&file, body.to_string()).unwrap();
    let template = scaffold::template(&file).unwrap();
    let mut answers = Answers::new();
    if let Some(parameters) = row["parameters"].as_object() {
        answers.parameters.clone_from(parameters);
    }
    for (name, value) in row["secrets"].as_object().into_iter().flatten() {
        answers
            .secrets
            .set(name, value.as_str().unwrap().to_owned());
    }
    let mut world = scaffold::World {
        root: Some(source.to_owned()),
        ..scaffold::World::default()
    };
    for (host, kind) in [
        ("github.com", "github"),
        ("gitlab.com", "gitlab"),
        ("bitbucket.org", "bitbucketCloud"),
        ("dev.azure.com", "azure"),
        ("gitea.com", "gitea"),
    ] {
        world.hosts.insert(host.to_owned(), kind.to_owned());
    }
    for body in row["catalog"].as_array().into_iter().flatten() {
        let name = body["metadata"]["name"].as_str().unwrap();
        world
            .entities
            .insert(format!("component:default/{name}"), body.clone());
    }
    let job = Job {
        template: &template,
        answers: &answers,
        user: json!({"ref": "user:default/me", "entity": {"metadata": {"name": "me"}}}),
        task_id: "oracle-task".to_owned(),
        started: 0,
        past: None,
        workspace: out,
        repositories: None,
        dry_run: true,
        strict: false,
        mocks: serde_json::Map::new(),
        aim: stagedoor::scaffolder::run::Aim::Plain,
    };
    run(&job, &world, &|| false, &mut |_| {})
}

/// Numbers are all of one kind in JavaScript; an entity that was never written is called differently.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k == l && same(a, b))
        }
        (a, b) => a == b,
    }
}

#[test]
fn local_actions_do_what_backstage_does() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source");
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    copy(&here.join("tests/fixtures/templates/skeletons"), &source);
    // Git keeps no empty folder.
    fs::create_dir_all(source.join("skel/emptydir")).unwrap();
    let mut wrong = Vec::new();
    for (number, line) in TABLE.lines().enumerate() {
        let row: Json = serde_json::from_str(line).unwrap();
        let name = row["name"].as_str().unwrap();
        let out = folder.path().join(format!("out-{number}"));
        let report = carry_out(&row, &source, &out);
        let failed = report
            .steps
            .iter()
            .find(|step| step.state == StepState::Failed);
        let failed = failed.map(|step| step.id.as_str());
        if failed != row["fails"].as_str() {
            wrong.push(format!("{name}: {failed:?} failed: {:?}", report.error));
            continue;
        }
        if failed.is_some() {
            continue;
        }
        let mut wanted: Vec<String> = serde_json::from_value(row["tree"].clone()).unwrap();
        wanted.sort();
        let got = tree(&out, &report);
        if wanted != got {
            let lost = wanted.iter().filter(|line| !got.contains(line));
            let new = got.iter().filter(|line| !wanted.contains(line));
            wrong.push(format!(
                "{name}: lacks {:?}, has {:?}",
                lost.collect::<Vec<_>>(),
                new.collect::<Vec<_>>()
            ));
        }
        let place = out.to_string_lossy().into_owned();
        let output = report
            .output
            .to_string()
            .replace(&place, "<WORKDIR>/oracle-task");
        let output: Json = serde_json::from_str(&output).unwrap();
        let wanted = row.get("gives").cloned().unwrap_or_else(|| json!({}));
        if !same(&wanted, &output) {
            wrong.push(format!("{name}: wanted {wanted}, gave {output}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
