//! `stagedoor graph`: what is near, what is hit, the way between two, who owns what; in every form.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::sandbox::{Ended, Sandbox, fixture, run};

fn graph(sandbox: &Sandbox, arguments: &str) -> Ended {
    let mut command = sandbox.command(&format!("graph {arguments}"));
    command
        .arg("--source")
        .arg(fixture("company/catalog-info.yaml"));
    run(command)
}

/// Compares what some commands print, one below the other, with what they printed.
fn look(name: &str, commands: &[&str]) {
    let sandbox = Sandbox::new();
    let mut text = String::new();
    for arguments in commands {
        let printed = graph(&sandbox, arguments).code(0).out;
        writeln!(text, "$ stagedoor graph {arguments}\n{printed}").unwrap();
    }
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn what_is_near() {
    look(
        "graph-near",
        &[
            "gateway",
            "gateway --depth 2",
            "gateway --depth 9 --direction out --relation dependsOn",
            "component:gateway --depth 2 --kind component --kind api --direction in",
        ],
    );
}

#[test]
fn what_is_hit_if_it_goes() {
    look(
        "graph-impact",
        &[
            "gateway --impact",
            "gateway --impact --depth 1",
            "lone --impact",
            "money --impact -o json",
        ],
    );
}

#[test]
fn the_way_between_two() {
    look(
        "graph-path",
        &[
            "basket --to ledger",
            "basket --to gateway -o name",
            "lone --to lone",
        ],
    );
    let sandbox = Sandbox::new();
    let none = graph(&sandbox, "gateway --to basket --direction out").code(1);
    assert_eq!(none.out, "");
    assert!(none.err.contains("no such way leads from"), "{}", none.err);
    graph(&sandbox, "gateway --to nobody").code(1);
    graph(&sandbox, "gateway --to basket --impact").code(2);
    graph(&sandbox, "gateway --relation likes").code(2);
}

#[test]
fn who_owns_what() {
    look(
        "graph-ownership",
        &[
            "group:board --ownership",
            "user:jane --ownership",
            "gateway --ownership",
            "group:payments --ownership -o name",
        ],
    );
}

#[test]
fn what_a_user_owns_is_what_the_catalog_calls_theirs() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "app-config.yaml",
        "stagedoor: { me: \"user:default/jane\" }\n",
    );
    let owned = graph(&sandbox, "user:jane --ownership -o json").code(0);
    let edges = owned.json();
    let edges = edges["edges"].as_array().unwrap();
    let mut through: Vec<&str> = edges
        .iter()
        .filter(|edge| edge["relation"] == "ownedBy")
        .filter_map(|edge| edge["source"].as_str())
        .collect();
    through.sort_unstable();
    let mut command = sandbox.command("list owner:mine -o name --config app-config.yaml");
    command
        .arg("--source")
        .arg(fixture("company/catalog-info.yaml"));
    let mine = run(command).code(0);
    let mut mine = mine.lines();
    mine.sort_unstable();
    assert_eq!(through, mine);
}

#[test]
fn other_programs_can_read_it() {
    look(
        "graph-formats",
        &[
            "gateway -o mermaid",
            "gateway -o dot",
            "pay -o json",
            "pay -o yaml",
        ],
    );
}

#[test]
fn graphviz_takes_it() {
    let sandbox = Sandbox::new();
    let dot = graph(&sandbox, "gateway --depth 3 -o dot").code(0).out;
    let graphviz = Command::new("dot")
        .arg("-Tplain")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut graphviz) = graphviz else {
        eprintln!("skipped: Graphviz is not installed");
        return;
    };
    let mut stdin = graphviz.stdin.take().unwrap();
    stdin.write_all(dot.as_bytes()).unwrap();
    drop(stdin);
    let output = graphviz.wait_with_output().unwrap();
    assert!(output.status.success());
    let plain = String::from_utf8(output.stdout).unwrap();
    let nodes = plain
        .lines()
        .filter(|line| line.starts_with("node "))
        .count();
    assert_eq!(
        nodes,
        dot.matches("[label=\"").count() - dot.matches("->").count()
    );
}
