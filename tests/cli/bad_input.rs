//! Files that are meant badly, or only big: each costs itself and nothing else, and is told.

use std::fs::{self, File};
use std::os::unix::fs::symlink;

use super::sandbox::Sandbox;

fn component(name: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{ name: {name} }}\n\
         spec: {{ type: service, lifecycle: production, owner: group:team }}\n"
    )
}

fn location(name: &str, target: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {{ name: {name} }}\n\
         spec: {{ target: '{target}' }}\n"
    )
}

/// What the catalog holds, and what is told of these files.
fn read(sandbox: &Sandbox, source: &str, code: &str) -> (Vec<String>, Vec<String>) {
    let listed = sandbox.run(&format!("list -o name --source {source}"));
    let names = listed
        .code(0)
        .lines()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let linted = sandbox.run(&format!("lint {source} --format json"));
    let findings = linted.json();
    let told = findings.as_array().unwrap().iter();
    let of_code = told.filter(|finding| finding["code"] == code);
    let messages = of_code.map(|finding| finding["message"].as_str().unwrap().to_owned());
    (names, messages.collect())
}

#[test]
fn folders_that_lead_back_to_themselves_are_walked_once() {
    let sandbox = Sandbox::new();
    sandbox.write("c/a/catalog-info.yaml", &component("a"));
    sandbox.write("c/all.yaml", &location("all", "./*/*/*/catalog-info.yaml"));
    symlink("..", sandbox.path().join("c/a/up")).unwrap();
    symlink("round", sandbox.path().join("c/round")).unwrap();
    let (names, _) = read(&sandbox, "c", "unreachable-target");
    assert_eq!(names, ["component:default/a", "location:default/all"]);
}

#[test]
fn a_location_may_include_itself() {
    let sandbox = Sandbox::new();
    let text = format!("{}---\n{}", location("all", "./all.yaml"), component("a"));
    sandbox.write("all.yaml", &text);
    let (names, told) = read(&sandbox, "all.yaml", "unreachable-target");
    assert_eq!(names, ["component:default/a", "location:default/all"]);
    assert_eq!(told, [""; 0]);
    let shown = sandbox
        .run("export --backstage -o name --source all.yaml")
        .code(0);
    assert_eq!(shown.lines().len(), 3);
}

#[test]
fn of_many_descriptions_one_counts_and_each_is_told() {
    let sandbox = Sandbox::new();
    for n in 0..41 {
        sandbox.write(&format!("c/{n:02}.yaml"), &component("same"));
    }
    let (names, told) = read(&sandbox, "c", "duplicate-entity");
    assert_eq!(names, ["component:default/same"]);
    assert_eq!(told.len(), 41);
    let counts = told
        .iter()
        .filter(|told| told.ends_with("39 places more; the description here counts"));
    assert_eq!(counts.count(), 1, "{told:#?}");
}

#[test]
fn what_is_too_large_or_cannot_be_opened_is_told() {
    let sandbox = Sandbox::new();
    sandbox.write("c/good.yaml", &component("good"));
    sandbox.write("c/all.yaml", &location("all", "./more/*.yaml"));
    sandbox.write("c/more/fine.yaml", &component("fine"));
    let large = File::create(sandbox.path().join("c/more/large.yaml")).unwrap();
    large.set_len(200 << 20).unwrap();
    symlink("gone.yaml", sandbox.path().join("c/more/dangling.yaml")).unwrap();
    fs::create_dir(sandbox.path().join("c/more/folder.yaml")).unwrap();
    let expected = [
        "component:default/fine",
        "component:default/good",
        "location:default/all",
    ];
    let (names, told) = read(&sandbox, "c", "limit");
    assert_eq!(names, expected);
    assert_eq!(told.len(), 1, "{told:#?}");
    let (_, told) = read(&sandbox, "c/all.yaml", "unreachable-target");
    assert_eq!(told.len(), 2, "{told:#?}");
}

#[test]
fn nothing_outside_the_folder_is_read() {
    let sandbox = Sandbox::new();
    sandbox.write("secret.yaml", &component("secret"));
    sandbox.write("c/good.yaml", &component("good"));
    let targets = [
        "../../../../../../../etc/passwd",
        "../secret.yaml",
        "/etc/passwd",
        "./link.yaml",
    ];
    for (n, target) in targets.iter().enumerate() {
        sandbox.write(&format!("c/{n}.yaml"), &location(&format!("l{n}"), target));
    }
    symlink("../secret.yaml", sandbox.path().join("c/link.yaml")).unwrap();
    let (names, told) = read(&sandbox, "c", "unreachable-target");
    assert!(
        names.contains(&"component:default/good".to_owned()),
        "{names:?}"
    );
    assert!(
        !names.contains(&"component:default/secret".to_owned()),
        "{names:?}"
    );
    assert!(told.len() >= targets.len(), "{told:#?}");
}
