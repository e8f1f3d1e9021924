//! Templates and files that mean harm, or are just odd: nothing is read or written beyond where they may, nothing breaks.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::json;
use stagedoor::scaffolder::run::{Status, StepState};

use super::{Stage, answers, states};

const KEY: &str = "the-neighbours-key";

#[test]
#[expect(clippy::too_many_lines, reason = "a table of steps")]
fn links_lead_no_step_out_of_the_workspace() {
    let dry = |action: &str| action.starts_with("roadiehq") || action.starts_with("fs:");
    for (action, input) in [
        (
            "roadiehq:utils:fs:parse",
            json!({"path": "leak", "parser": "yaml"}),
        ),
        (
            "roadiehq:utils:fs:write",
            json!({"path": "up/secret/key", "content": "x"}),
        ),
        (
            "roadiehq:utils:fs:append",
            json!({"path": "leak", "content": "x"}),
        ),
        (
            "roadiehq:utils:json:merge",
            json!({"path": "leak", "content": {"a": 1}}),
        ),
        (
            "roadiehq:utils:jsonata:yaml:transform",
            json!({"path": "leak", "expression": "$"}),
        ),
        (
            "roadiehq:utils:zip",
            json!({"path": "up/secret", "outputPath": "a.zip"}),
        ),
        (
            "roadiehq:utils:zip",
            json!({"path": "x.txt", "outputPath": "up/a.zip"}),
        ),
        (
            "fs:rename",
            json!({"files": [{"from": "x.txt", "to": "up/escaped"}]}),
        ),
        (
            "fs:rename",
            json!({"files": [{"from": "up/secret/key", "to": "mine"}]}),
        ),
        ("fs:readdir", json!({"paths": ["up"]})),
        (
            "workspace:template",
            json!({"sourcePath": "up/secret", "targetPath": "t", "values": {}}),
        ),
        (
            "workspace:template:file",
            json!({"sourcePath": "leak", "targetPath": "t", "values": {}}),
        ),
        (
            "fetch:plain:file",
            json!({"url": "./page.md", "targetPath": "up/escaped"}),
        ),
        (
            "fetch:template:file",
            json!({"url": "./page.md", "targetPath": "up/escaped", "values": {}}),
        ),
        (
            "fetch:plain",
            json!({"url": "./skeleton", "targetPath": "up/escaped"}),
        ),
        (
            "fetch:cookiecutter",
            json!({"url": "./skeleton", "targetPath": "up/escaped", "values": {}}),
        ),
        (
            "stagedoor:publish:local",
            json!({"path": "made", "sourcePath": "up/secret"}),
        ),
    ] {
        let steps = json!([
            {"action": "fetch:plain", "input": {"url": "./skeleton"}},
            {"action": action, "input": input},
        ]);
        let mut stage = Stage::new(&format!("  steps: {steps}"));
        stage.file("template/skeleton/x.txt", b"x", 0o644);
        stage.file("template/page.md", b"x", 0o644);
        stage.file("secret/key", KEY.as_bytes(), 0o644);
        symlink("../secret/key", stage.path("template/skeleton/leak")).unwrap();
        symlink("..", stage.path("template/skeleton/up")).unwrap();
        for dry_run in [false, true] {
            if dry_run && !dry(action) {
                continue;
            }
            stage.dry_run = dry_run;
            let _ = fs::remove_dir_all(stage.path("out"));
            let (report, log) = stage.run();
            assert_eq!(
                states(&report),
                [StepState::Completed, StepState::Failed],
                "{action} {input}: {:?}",
                report.steps[1].output
            );
            let told = format!("{report:?}{log:?}");
            assert!(!told.contains(KEY), "{action}: {told}");
            assert!(
                !stage.path("escaped").exists() && !stage.path("a.zip").exists(),
                "{action}"
            );
            let key = fs::read_to_string(stage.path("secret/key")).unwrap();
            assert_eq!(key, KEY, "{action} {input}");
        }
    }
}

#[test]
fn what_is_no_text_or_large_or_alike_is_carried_over() {
    let steps = json!([
        {"action": "fetch:template", "input": {"url": "./skeleton", "values": {"name": "x"}}},
        {"action": "fetch:plain", "input": {"url": "./skeleton", "targetPath": "plain"}},
    ]);
    let stage = Stage::new(&format!("  steps: {steps}"));
    let latin = b"caf\xe9 and a good deal of other text: ${{ values.name }}\n";
    stage.file("template/skeleton/latin.txt", latin, 0o644);
    stage.file(
        "template/skeleton/Name.md",
        b"upper ${{ values.name }}",
        0o644,
    );
    stage.file(
        "template/skeleton/name.md",
        b"lower ${{ values.name }}",
        0o644,
    );
    let large = vec![b'.'; 100 << 20];
    stage.file("template/skeleton/large.txt", &large, 0o644);
    let (report, _) = stage.run();
    assert_eq!(report.status, Status::Completed, "{:?}", report.error);
    let rendered = fs::read(stage.path("out/latin.txt")).unwrap();
    assert!(rendered.starts_with("caf\u{fffd} and".as_bytes()) && rendered.ends_with(b": x\n"));
    assert_eq!(fs::read(stage.path("out/plain/latin.txt")).unwrap(), latin);
    assert_eq!(stage.read("Name.md"), "upper x");
    assert_eq!(stage.read("name.md"), "lower x");
    for path in ["out/large.txt", "out/plain/large.txt"] {
        assert_eq!(
            stage.path(path).metadata().unwrap().len(),
            100 << 20,
            "{path}"
        );
    }
}

#[test]
fn a_template_that_never_ends_or_grows_for_ever_fails_with_its_file_named() {
    for text in [
        "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
        "{% set t = 'xxxxxxxx' %}{% for a in range(99) %}{% set t = t + t %}{% endfor %}${{ t }}",
        "{% macro m() %}${{ m() }}{% endmacro %}${{ m() }}",
    ] {
        let steps =
            json!([{"action": "fetch:template", "input": {"url": "./skeleton", "values": {}}}]);
        let mut stage = Stage::new(&format!("  steps: {steps}"));
        stage.answers = answers(&json!({}));
        stage.file("template/skeleton/endless.txt", text.as_bytes(), 0o644);
        let (report, _) = stage.run();
        assert_eq!(report.status, Status::Failed, "{text}");
        let error = report.error.unwrap();
        assert!(error.starts_with("endless.txt: "), "{error}");
    }
}
