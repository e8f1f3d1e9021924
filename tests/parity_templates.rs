//! The template language and template runs against what real Backstage code did.
//!
//! The goldens are outside of this repository; without `STAGEDOOR_SHARED` there is nothing to compare with.

#![expect(clippy::unwrap_used, reason = "tests")]
#![allow(
    clippy::print_stderr,
    reason = "ratios and what was skipped are for people"
)]

#[path = "support/scaffold.rs"]
mod scaffold;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value as Json, json};
use stagedoor::scaffolder::Answers;
use stagedoor::scaffolder::expr::{Context, Engine, Options, render_string, render_value};
use stagedoor::scaffolder::run::{Job, Report, Status, StepState, run};

fn shared() -> Option<PathBuf> {
    let shared = std::env::var_os("STAGEDOOR_SHARED").map(PathBuf::from);
    if shared.is_none() {
        eprintln!("skipped: STAGEDOOR_SHARED is not set");
    }
    shared
}

/// What came out: a value, undefined, or that it failed.
#[derive(Debug, PartialEq)]
enum Outcome {
    Value(Json),
    Undefined,
    Error(String),
}

fn wanted(golden: &Json) -> Outcome {
    if golden["ok"] != true {
        return Outcome::Error(golden["error"].as_str().unwrap_or_default().to_owned());
    }
    golden
        .get("result")
        .map_or(Outcome::Undefined, |result| Outcome::Value(result.clone()))
}

fn got(case: &Json, engine: Engine) -> Outcome {
    let context = Context::new(&case["context"]);
    let options = Options {
        engine,
        cookiecutter: case["mode"] == "cookiecutter",
        trim_blocks: case["trimBlocks"] == true,
        lstrip_blocks: case["lstripBlocks"] == true,
    };
    if case["mode"] == "value" {
        let value = render_value(&case["template"], &context, options);
        return value.map_or(Outcome::Undefined, Outcome::Value);
    }
    match render_string(case["template"].as_str().unwrap(), &context, options) {
        Ok(text) => Outcome::Value(text.into()),
        Err(error) => Outcome::Error(error.to_string()),
    }
}

/// Numbers are all of one kind in JavaScript.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        // The goldens were made with a catalog that answers with this entity, whatever is registered.
        (Json::String(a), Json::String(b)) if a == "component:default/oracle-component" => {
            b.contains(':')
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k == l && same(a, b))
        }
        (a, b) => a == b,
    }
}

fn agree(case: &Json, engine: Engine, name: &str) -> bool {
    let (wanted, got) = (wanted(&case[name]), got(case, engine));
    let agree = match (&wanted, &got) {
        (Outcome::Value(a), Outcome::Value(b)) => same(a, b),
        (Outcome::Error(_), Outcome::Error(_)) => true,
        (a, b) => a == b,
    };
    if !agree {
        eprintln!(
            "{} {name} {}\n  wanted {wanted:?}\n  got    {got:?}",
            case["id"], case["template"]
        );
    }
    agree
}

#[test]
fn expressions_agree_with_both_engines() {
    let Some(shared) = shared() else { return };
    let text = std::fs::read_to_string(shared.join("goldens/templates/expressions.jsonl")).unwrap();
    let cases: Vec<Json> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let count = |engine, name| {
        cases
            .iter()
            .filter(|case| agree(case, engine, name))
            .count()
    };
    let current = count(Engine::Current, "current");
    let legacy = count(Engine::Legacy, "legacy");
    let all = cases.len();
    eprintln!("expressions: current {current}/{all}, legacy {legacy}/{all}");
    assert_eq!(current, all, "current");
    assert!(legacy * 100 >= all * 98, "legacy {legacy}/{all}");
}

/// A run of the golden `case` by this program; `None` if its template cannot be read.
fn rerun(shared: &Path, case: &Json, out: &Path) -> Option<Report> {
    let file = shared
        .join("corpus/templates")
        .join(case["template"].as_str().unwrap());
    let template = match scaffold::template(&file) {
        Ok(template) => template,
        Err(error) => {
            eprintln!("{}: {error}", file.display());
            return None;
        }
    };
    let values = &case["values"];
    let mut answers = Answers::new();
    if let Some(parameters) = values["parameters"].as_object() {
        answers.parameters.clone_from(parameters);
    }
    for (name, value) in values["secrets"].as_object().into_iter().flatten() {
        answers
            .secrets
            .set(name, value.as_str().unwrap_or_default().to_owned());
    }
    let mut world = scaffold::World::default();
    let repository = case["template"]
        .as_str()
        .and_then(|path| path.split('/').next());
    world.root = repository.map(|name| shared.join("corpus/templates").join(name));
    for (host, kind) in [
        ("github.com", "github"),
        ("gitlab.com", "gitlab"),
        ("bitbucket.org", "bitbucketCloud"),
        ("dev.azure.com", "azure"),
        ("gitea.com", "gitea"),
    ] {
        world.hosts.insert(host.to_owned(), kind.to_owned());
    }
    for body in values["catalog"].as_array().into_iter().flatten() {
        let text = |pointer: &str| body.pointer(pointer).and_then(Json::as_str);
        let namespace = text("/metadata/namespace").unwrap_or("default");
        let name = text("/metadata/name").unwrap_or_default();
        let kind = text("/kind").unwrap_or_default();
        let entity_ref = stagedoor::catalog::EntityRef::new(kind, namespace, name);
        world.entities.insert(entity_ref.to_string(), body.clone());
    }
    // The catalog of the goldens knows every entity.
    world.make_up = Some(|entity_ref| {
        json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": entity_ref.kind(),
            "metadata": {
                "namespace": entity_ref.namespace(), "name": entity_ref.name(),
                "annotations": {}, "labels": {}, "title": entity_ref.name(),
            },
            "spec": {"type": "x", "owner": "group:default/team-a", "lifecycle": "production"},
        })
    });
    // The oracle had no cookiecutter: its runs went on without, as a dry run of the command line does.
    let mut mocks = values["mocks"].as_object().cloned().unwrap_or_default();
    mocks.insert("fetch:cookiecutter".to_owned(), json!({}));
    let job = Job {
        template: &template,
        answers: &answers,
        user: values["user"].clone(),
        task_id: "oracle-task".to_owned(),
        started: 1_700_000_000,
        past: None,
        workspace: out,
        repositories: None,
        dry_run: true,
        strict: false,
        mocks,
        aim: stagedoor::scaffolder::run::Aim::Plain,
    };
    Some(run(&job, &world, &|| false, &mut |_| {}))
}

/// The tree at `folder` as the goldens write it.
fn tree(folder: &Path, report: &Report) -> Vec<Json> {
    let entry = |entry: &stagedoor::scaffolder::run::TreeEntry| {
        if entry.path.ends_with('/') {
            return json!({"path": entry.path, "type": "dir"});
        }
        if let Some(target) = &entry.target {
            return json!({"path": entry.path, "type": "symlink", "target": target});
        }
        let sum = Command::new("sha256sum")
            .arg(folder.join(&entry.path))
            .output()
            .unwrap();
        let sum = String::from_utf8(sum.stdout).unwrap();
        // The corpus may be mounted read-only; whether a file can be run is what counts.
        let mode = if entry.mode & 0o100 == 0 {
            "644"
        } else {
            "755"
        };
        let sum = sum
            .trim_start_matches('\\')
            .split(' ')
            .next()
            .unwrap_or_default()
            .to_owned();
        json!({
            "path": entry.path, "type": "file", "mode": mode,
            "size": entry.size, "sha256": sum,
        })
    };
    report.tree.iter().map(entry).collect()
}

fn sorted(mut tree: Vec<Json>) -> Vec<Json> {
    tree.sort_by_key(|entry| entry["path"].as_str().unwrap_or_default().to_owned());
    tree
}

#[test]
fn runs_agree_with_the_current_engine() {
    let Some(shared) = shared() else { return };
    let mut names: Vec<PathBuf> = std::fs::read_dir(shared.join("goldens/templates/runs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    let (mut completed, mut same_tree, mut same_output) = (0, 0, 0);
    let (mut failed, mut same_step) = (0, 0);
    for name in names {
        let case: Json = serde_json::from_slice(&std::fs::read(&name).unwrap()).unwrap();
        let golden = &case["current"];
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let Some(report) = rerun(&shared, &case, &out) else {
            continue;
        };
        let short = case["template"].as_str().unwrap();
        if golden["status"] == "completed" {
            completed += 1;
            let wanted = sorted(golden["tree"].as_array().unwrap().clone());
            let got = sorted(tree(&out, &report));
            if wanted == got {
                same_tree += 1;
            } else {
                let differs = |a: &[Json], b: &[Json]| {
                    let differing = a.iter().filter(|entry| !b.contains(entry)).take(4);
                    differing.map(Json::to_string).collect::<Vec<_>>()
                };
                eprintln!(
                    "TREE {short} {:?}\n  wanted {:?}\n  got {:?}",
                    report.error,
                    differs(&wanted, &got),
                    differs(&got, &wanted)
                );
            }
            let output = report.output.to_string();
            let output = output.replace(&*out.to_string_lossy(), "<WORKDIR>/oracle-task");
            let output: Json = serde_json::from_str(&output).unwrap();
            if same(&golden["output"], &output) {
                same_output += 1;
            } else {
                eprintln!(
                    "OUTPUT {short} {:?}\n  wanted {}\n  got {}",
                    report.error, golden["output"], report.output
                );
            }
        } else {
            failed += 1;
            let wanted = golden["log"]
                .as_array()
                .into_iter()
                .flatten()
                .find(|line| line["status"] == "failed")
                .map(|line| line["stepId"].clone());
            let got = report
                .steps
                .iter()
                .find(|step| step.state == StepState::Failed);
            let got = got.map(|step| Json::from(step.id.as_str()));
            if report.status == Status::Failed && wanted == got {
                same_step += 1;
            } else {
                eprintln!(
                    "FAILED {short} {wanted:?} {}\n  got {got:?} {:?}",
                    golden["error"], report.error
                );
            }
        }
    }
    eprintln!(
        "runs: trees {same_tree}/{completed}, outputs {same_output}/{completed}, failing steps {same_step}/{failed}"
    );
    // What is missing: an archive holds the time at which it was made.
    assert!(same_tree * 100 >= completed * 98, "trees");
    assert!(same_output * 100 >= completed * 98, "outputs");
    assert!(same_step * 100 >= failed * 98, "failing steps");
}
