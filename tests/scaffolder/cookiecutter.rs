//! `fetch:cookiecutter` against what the real cookiecutter 2.7.1 made of the same trees, recorded by `cookiecutter.py`.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};
use stagedoor::scaffolder::run::Status;

use super::Stage;

/// Puts what a case has at `path` into the template's skeleton.
fn put(stage: &Stage, path: &str, content: &Json) {
    let inner = format!("template/skeleton/{path}");
    if path.ends_with('/') {
        fs::create_dir_all(stage.path(&inner)).unwrap();
    } else if let Some(target) = content["link"].as_str() {
        symlink(target, stage.path(&inner)).unwrap();
    } else {
        let mode = content["mode"].as_str().unwrap_or("644");
        stage.file(
            &inner,
            &bytes(content),
            u32::from_str_radix(mode, 8).unwrap(),
        );
    }
}

fn bytes(content: &Json) -> Vec<u8> {
    if let Some(text) = content["base64"].as_str() {
        return STANDARD.decode(text).unwrap();
    }
    let text = content.as_str().or_else(|| content["text"].as_str());
    text.unwrap().as_bytes().to_vec()
}

/// What is below `root`: files with bytes and mode, and empty folders.
fn made(root: &Path, folder: &Path, out: &mut BTreeMap<String, (Vec<u8>, u32)>) {
    let entries: Vec<_> = fs::read_dir(folder).unwrap().map(Result::unwrap).collect();
    for entry in entries {
        let path = entry.path();
        let name = path
            .strip_prefix(root)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        if !path.is_dir() {
            let mode = path.metadata().unwrap().permissions().mode() & 0o777;
            out.insert(name, (fs::read(&path).unwrap(), mode));
        } else if fs::read_dir(&path).unwrap().next().is_none() {
            out.insert(format!("{name}/"), (Vec::new(), 0));
        } else {
            made(root, &path, out);
        }
    }
}

/// What is wrong with our answer to `case`.
fn fault(case: &Json) -> Option<String> {
    let mut input = json!({"url": "./skeleton", "targetPath": "made", "values": case["values"]});
    for (key, named) in [("plain", "copyWithoutRender"), ("extensions", "extensions")] {
        if !case[key].is_null() {
            input[named] = case[key].clone();
        }
    }
    let steps = json!([{"id": "fetch", "action": "fetch:cookiecutter", "input": input}]);
    let stage = Stage::new(&format!("  steps: {steps}"));
    fs::create_dir_all(stage.path("template/skeleton")).unwrap();
    for (path, content) in case["files"].as_object().unwrap() {
        put(&stage, path, content);
    }
    let (report, _) = stage.run();
    let error = report.error.unwrap_or_default();
    let fails = !case["fails"].is_null();
    if (report.status == Status::Failed) != fails {
        return Some(format!(
            "{:?} {error}, wanted {}",
            report.status, case["fails"]
        ));
    }
    if fails {
        let is_clean = stage.path("out").read_dir().unwrap().next().is_none();
        return (!is_clean).then(|| format!("half of it is there: {error}"));
    }
    let mut ours = BTreeMap::new();
    made(&stage.path("out/made"), &stage.path("out/made"), &mut ours);
    let mut wanted = BTreeMap::new();
    for (path, content) in case["makes"].as_object().unwrap() {
        let mode = content["mode"].as_str().unwrap_or("644");
        let mode = u32::from_str_radix(mode, 8).unwrap();
        let mode = if path.ends_with('/') { 0 } else { mode };
        wanted.insert(path.clone(), (bytes(content), mode));
    }
    if ours == wanted {
        return None;
    }
    let shown = |files: &BTreeMap<String, (Vec<u8>, u32)>| -> Vec<String> {
        let line = |(path, (bytes, mode)): (&String, &(Vec<u8>, u32))| {
            format!("{path} {mode:o} {:?}", String::from_utf8_lossy(bytes))
        };
        files.iter().map(line).collect()
    };
    Some(format!(
        "made {:#?}\nwanted {:#?}",
        shown(&ours),
        shown(&wanted)
    ))
}

#[test]
fn trees_are_those_that_cookiecutter_makes() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/templates/cookiecutter.jsonl");
    let cases: Vec<Json> = fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(cases.len() > 70);
    let faults: Vec<String> = cases
        .iter()
        .filter_map(|case| Some(format!("{}: {}", case["name"], fault(case)?)))
        .collect();
    assert!(
        faults.is_empty(),
        "{} of {}:\n{}",
        faults.len(),
        cases.len(),
        faults.join("\n")
    );
}

#[test]
fn what_counts_for_nothing_is_said_and_nothing_leaves_the_workspace() {
    let stage = Stage::new(
        "  steps:\n    - action: fetch:cookiecutter\n      input: { url: ./skeleton, values: { up: '../../out' } }",
    );
    stage.file(
        "template/skeleton/cookiecutter.json",
        br#"{"_copy_without_render": ["*"]}"#,
        0o644,
    );
    stage.file(
        "template/skeleton/hooks/post_gen_project.sh",
        b"exit 1\n",
        0o755,
    );
    let (report, log) = stage.run();
    assert_eq!(report.status, Status::Completed, "{report:?}");
    let said = |words: &str| log.iter().any(|line| line.contains(words));
    assert!(
        said("Hooks are not run") && said("_copy_without_render"),
        "{log:?}"
    );
    stage.file("template/skeleton/{{ cookiecutter.up }}", b"x", 0o644);
    fs::remove_dir_all(stage.path("out")).unwrap();
    let (report, _) = stage.run();
    assert!(report.error.unwrap().contains("../../out"));
}
