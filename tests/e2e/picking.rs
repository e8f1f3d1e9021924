//! Choosing below the prompt of a shell that takes what is printed for its own.

use std::fs;
use std::process::Command;

use crate::pty::{Exit, Pty};

fn pick(arguments: &[&str], folder: &tempfile::TempDir) -> Pty {
    let cache = folder.path().join("cache");
    let all = ["--offline", "--cache-dir", cache.to_str().unwrap(), "pick"];
    Pty::portal(all.iter().chain(arguments).copied()).for_its_answer()
}

#[test]
fn what_is_chosen_is_the_answer_and_the_rows_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let mut shell = pick(&["entity", "ledger"], &folder).size(80, 24).open();
    shell
        .wait_for("take its reference")
        .wait_for("ledger-v1")
        .settle();
    shell.press("ctrl-u").type_text("payment-gatew").settle();
    shell
        .press("enter")
        .wait_for("answer <component:default/payment-gateway> 0");
    let screen = shell.screen();
    assert!(!screen.contains("take its reference"), "{screen}");
    assert_eq!(shell.exit(), Exit::Code(0));
}

#[test]
fn leaving_answers_nothing_and_gives_the_terminal_back() {
    let folder = tempfile::tempdir().unwrap();
    for key in ["esc", "ctrl-c"] {
        let mut shell = pick(&[], &folder).size(80, 24).open();
        shell.wait_for("take its reference").settle();
        shell.press("down").press(key).wait_for("answer <> 130");
        assert_eq!(shell.exit(), Exit::Code(130));
    }
}

#[test]
fn a_repository_is_its_work_tree_on_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let repository = folder.path().join("shop");
    fs::create_dir(&repository).unwrap();
    let mut made = Command::new("git");
    made.args(["init", "-q"]).arg(&repository);
    assert!(made.status().unwrap().success());
    fs::write(
        repository.join("catalog-info.yaml"),
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: till }\nspec: { type: service, lifecycle: production, owner: shop }\n",
    )
    .unwrap();
    let source = repository.join("catalog-info.yaml");
    let mut shell = pick(
        &["--source", source.to_str().unwrap(), "repo", "till"],
        &folder,
    )
    .size(100, 10)
    .open();
    shell.wait_for("take its folder").wait_for("till").settle();
    shell.press("enter").wait_for("answer <");
    let screen = shell.screen();
    assert!(
        screen
            .replace('\n', "")
            .contains(&format!("<{}>", repository.display())),
        "{screen}"
    );
    assert_eq!(shell.exit(), Exit::Code(0));
}
