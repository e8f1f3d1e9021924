//! What lint prints, in each format.

use serde_json::Value;

use super::rules::{command, in_folder};

const FILE: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: a\n  tags: [Bad]\nspec:\n  type: x\n  lifecycle: y\n  ownr: g\n";

fn out(arguments: &str, code: i32) -> String {
    let folder = in_folder(&[
        ("my files/a.yaml", FILE),
        (
            "my files/b.yaml",
            "kind: {{ kind }}\nmetadata: {name: x}\napiVersion: backstage.io/v1alpha1\n",
        ),
    ]);
    let mut command = command(folder.path(), arguments);
    command.arg("my files");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn people_see_the_line_why_and_what_to_do() {
    insta::assert_snapshot!(out("lint", 1));
}

#[test]
fn annotations_lead_to_the_place() {
    let out = out("lint --format github", 1);
    let first = out.lines().next().unwrap();
    assert!(
        first.starts_with(
            "::error file=my files/a.yaml,line=5,endLine=5,col=10,endColumn=13,title="
        ),
        "{first}"
    );
}

#[test]
fn sarif_has_all_that_its_schema_requires() {
    let sarif: Value = serde_json::from_str(&out("lint --format sarif", 1)).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(run["tool"]["driver"]["name"], "stagedoor");
    let mut fixes = 0;
    for result in run["results"].as_array().unwrap() {
        assert!(result["message"]["text"].is_string());
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "my%20files/a.yaml");
        let region = &place["region"];
        assert!(region["startLine"].as_u64() >= Some(1));
        assert!(region["endColumn"].as_u64() > region["startColumn"].as_u64());
        for fix in result["fixes"].as_array().into_iter().flatten() {
            fixes += 1;
            let change = &fix["artifactChanges"][0];
            assert_eq!(change["artifactLocation"], place["artifactLocation"]);
            let replacement = &change["replacements"][0];
            assert!(replacement["deletedRegion"].is_object());
            assert_eq!(replacement["insertedContent"]["text"], "bad");
        }
    }
    assert_eq!(fixes, 1);
}

#[test]
fn several_paths_are_one_catalog() {
    let component = |name: &str, depends: &str| {
        FILE.replace("name: a", &format!("name: {name}"))
            .replace("[Bad]", "[]")
            .replace(
                "ownr: g",
                &format!("owner: user:u\n  dependsOn: [{depends}]"),
            )
    };
    let user = "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: u}\nspec: {memberOf: []}\n";
    let folder = in_folder(&[
        ("a.yaml", &component("a", "component:b")),
        ("b.yaml", &component("b", "component:c")),
        ("again.yaml", &component("A", "component:b")),
        ("u.yaml", user),
    ]);
    let found = |paths: &str| {
        let output = command(folder.path(), &format!("lint {paths} --format json")).output();
        let found: Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
        let found = found.as_array().unwrap().iter();
        let finding = |f: &Value| {
            format!(
                "{} {}",
                f["file"].as_str().unwrap(),
                f["code"].as_str().unwrap()
            )
        };
        found.map(finding).collect::<Vec<_>>()
    };
    assert_eq!(found("a.yaml b.yaml u.yaml"), ["b.yaml dangling-reference"]);
    assert_eq!(
        found("a.yaml again.yaml b.yaml u.yaml a.yaml"),
        [
            "a.yaml duplicate-entity",
            "again.yaml duplicate-entity",
            "b.yaml dangling-reference"
        ]
    );
}
