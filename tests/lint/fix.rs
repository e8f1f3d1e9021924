//! `lint --fix`: shown first, written when wanted, and only what is safe.

use super::rules::{command, in_folder};

const WRONG: &str = "apiVersion: backstage.io/v1alpha1\r\nkind: group\r\nmetadata:\r\n  name: a # who\r\n  tags: [Big Team]\r\n  labels:\r\n\
                     spec:\r\n  type: team\r\n";
const RIGHT: &str = "apiVersion: backstage.io/v1alpha1\r\nkind: Group\r\nmetadata:\r\n  name: a # who\r\n  tags: [big-team]\r\n  labels: {}\r\n\
                     spec:\r\n  type: team\r\n  children: []\r\n";

#[test]
fn without_a_yes_only_the_diff_is_shown() {
    let folder = in_folder(&[("a.yaml", WRONG)]);
    let output = command(folder.path(), "lint a.yaml --fix")
        .output()
        .unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    for line in [
        "--- a.yaml",
        "-kind: group",
        "+kind: Group",
        "   type: team",
        "+  children: []",
    ] {
        assert!(
            shown.lines().any(|shown| shown == line),
            "{line} in {shown}"
        );
    }
    let kept = std::fs::read_to_string(folder.path().join("a.yaml")).unwrap();
    assert_eq!(kept, WRONG);
}

#[test]
fn with_a_yes_all_is_mended_at_once() {
    let folder = in_folder(&[("a.yaml", WRONG), ("b.txt", "kind: component\n")]);
    let mended = command(folder.path(), "lint a.yaml --fix --yes")
        .output()
        .unwrap();
    let file = folder.path().join("a.yaml");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), RIGHT);
    assert_eq!(mended.status.code(), Some(0));
    let again = command(folder.path(), "lint a.yaml --fix --yes")
        .output()
        .unwrap();
    assert_eq!(again.status.code(), Some(0));
    let told = String::from_utf8(again.stdout).unwrap();
    assert!(told.starts_with("Nothing is wrong in 1 file"), "{told}");
    let other = command(folder.path(), "lint a.yaml --fix --format json")
        .output()
        .unwrap();
    assert_eq!(other.status.code(), Some(2));
}
