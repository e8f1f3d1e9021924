//! `roadiehq:utils:zip`: what the index of an archive says of its files.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::json;
use stagedoor::scaffolder::run::Status;

use super::Stage;

/// The names and modes in the index of the archive `bytes`.
fn index(bytes: &[u8]) -> Vec<(String, String)> {
    let number = |at: usize, length: usize| {
        let bytes = bytes[at..at + length].iter().rev();
        bytes.fold(0, |sum, byte| (sum << 8) | usize::from(*byte))
    };
    let end = bytes.len() - 22;
    let (count, mut at) = (number(end + 10, 2), number(end + 16, 4));
    let mut entries = Vec::new();
    for _ in 0..count {
        let (length, mode) = (number(at + 28, 2), number(at + 40, 2));
        let name = String::from_utf8(bytes[at + 46..at + 46 + length].to_vec()).unwrap();
        entries.push((name, format!("{mode:o}")));
        at += 46 + length;
    }
    entries
}

#[test]
fn files_keep_what_may_be_done_with_them_and_links_are_what_they_lead_to() {
    let zip = |path: &str, to: &str| {
        let input = json!({"path": path, "outputPath": to});
        json!({"action": "roadiehq:utils:zip", "input": input})
    };
    let fetch =
        json!({"action": "fetch:plain", "input": {"url": "./skeleton", "targetPath": "made"}});
    let steps = json!([fetch, zip("made", "all.zip"), zip("made/run.sh", "one.zip")]);
    let stage = Stage::new(&format!("  steps: {steps}"));
    stage.file("template/skeleton/run.sh", b"#!/bin/sh", 0o755);
    stage.file("template/skeleton/docs/a.txt", b"a", 0o644);
    symlink("run.sh", stage.path("template/skeleton/link")).unwrap();
    let (report, log) = stage.run();
    assert_eq!(report.status, Status::Completed, "{log:?}");
    let of = |name: &str| index(&fs::read(stage.path("out").join(name)).unwrap());
    let pairs = |pairs: &[(&str, &str)]| {
        let owned = pairs
            .iter()
            .map(|(name, mode)| ((*name).to_owned(), (*mode).to_owned()));
        owned.collect::<Vec<_>>()
    };
    assert_eq!(
        of("all.zip"),
        pairs(&[
            ("docs/", "40755"),
            ("docs/a.txt", "100644"),
            ("link", "100755"),
            ("run.sh", "100755"),
        ])
    );
    assert_eq!(of("one.zip"), pairs(&[("run.sh", "100755")]));
}
