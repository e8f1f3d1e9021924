//! Commands for authors: new, template eval, lint.

use super::sandbox::{Sandbox, fixture};

#[test]
fn a_template_writes_its_files_where_it_is_told() {
    let sandbox = Sandbox::new();
    let out = sandbox.path().join("made");
    let command = format!("new stall --set name=corner --out {} --yes", out.display());
    let ended = sandbox.shop(&command).code(0);
    let text = std::fs::read_to_string(out.join("README.md")).unwrap();
    assert_eq!(text, "# corner\n\nSells pears.\n", "{ended:?}");
    let again = sandbox.shop(&command).code(2);
    assert!(again.err.contains("is not empty"), "{}", again.err);
}

#[test]
fn a_template_file_runs_by_itself_and_reports_as_json() {
    let sandbox = Sandbox::new();
    let values = sandbox.write(
        "values.yaml",
        "parameters: { name: corner, fruit: figs }\ntaskId: t-1\n",
    );
    let template = fixture("shop/template/template.yaml");
    let ended = sandbox
        .run(&format!(
            "new {} --values {} --dry-run --out made -o json",
            template.display(),
            values.display()
        ))
        .code(0);
    let report = ended.json();
    assert_eq!(report["status"], "completed", "{report}");
    assert_eq!(report["steps"][0]["id"], "files");
    let text = std::fs::read_to_string(sandbox.path().join("made/README.md")).unwrap();
    assert_eq!(text, "# corner\n\nSells figs.\n");
}

#[test]
fn missing_and_wrong_values_are_named() {
    let sandbox = Sandbox::new();
    let missing = sandbox.shop("new stall --yes").code(2);
    assert!(missing.err.contains("name:"), "{}", missing.err);
    let wrong = sandbox.shop("new stall --yes --set name=A1").code(2);
    assert!(wrong.err.contains("name:"), "{}", wrong.err);
    sandbox.shop("new stall --set novalue").code(2);
    sandbox.shop("new stall --values nowhere.yaml").code(2);
    sandbox.shop("new nothing --yes").code(1);
}

#[test]
fn template_text_is_evaluated() {
    let sandbox = Sandbox::new();
    let values = sandbox.write("v.yaml", "values: { n: 3, who: ada }\n");
    let eval = |rest: &str| {
        sandbox.run(&format!(
            "template eval --values {} {rest}",
            values.display()
        ))
    };
    assert_eq!(eval("${{values.who|upper}}").code(0).out, "ADA");
    assert_eq!(
        eval("--mode value -o json ${{values.n}}").code(0).json(),
        serde_json::json!({ "result": 3 })
    );
    eval("${{values.").code(1);
}

#[test]
fn lint_finds_what_backstage_would_refuse() {
    let sandbox = Sandbox::new();
    let broken = fixture("broken/catalog-info.yaml");
    let ended = sandbox
        .run(&format!("lint {} --format json", broken.display()))
        .code(1);
    let found = ended.json();
    let errors: Vec<_> = found
        .as_array()
        .unwrap()
        .iter()
        .filter(|problem| problem["level"] == "error")
        .collect();
    assert_eq!(errors.len(), 1, "{found}");
    assert_eq!(errors[0]["line"], 14, "{found}");
    assert_eq!(errors[0]["file"], broken.to_str().unwrap());
    let text = sandbox
        .run(&format!("lint {}", broken.display()))
        .code(1)
        .out;
    assert!(text.contains("not a name") && text.contains('^'), "{text}");
    let github = sandbox
        .run(&format!("lint {} --format github", broken.display()))
        .code(1)
        .out;
    assert!(github.contains("::error file="), "{github}");
    let sarif = sandbox
        .run(&format!("lint {} --format sarif", broken.display()))
        .code(1)
        .json();
    assert_eq!(sarif["version"], "2.1.0");
}

#[test]
fn lint_names_files_as_they_were_named() {
    let sandbox = Sandbox::new();
    sandbox.write("my.yaml", "kind: Component\n");
    let ended = sandbox.run("lint my.yaml --format json").code(1);
    assert_eq!(ended.json()[0]["file"], "my.yaml");
    let good = fixture("shop/catalog-info.yaml");
    sandbox
        .run(&format!("lint {} --strict", good.display()))
        .code(0);
    sandbox.run("lint nowhere.yaml").code(2);
}
