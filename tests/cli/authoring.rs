//! Commands for authors: new, template eval, lint.

use super::sandbox::{Sandbox, fixture, run};

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
fn a_dry_run_shows_what_a_cookiecutter_makes_and_with_a_folder_is_as_in_backstage() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "template.yaml",
        "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: cut}\nspec:\n  type: service\n  steps:\n    \
         - action: fetch:cookiecutter\n      input: { url: ./skeleton, values: { name: lamp } }\n",
    );
    sandbox.write(
        "skeleton/{{ cookiecutter.name }}.txt",
        "{{ cookiecutter.name }}\n",
    );
    let shown = sandbox.run("new template.yaml --dry-run -o json").code(0);
    assert_eq!(shown.json()["tree"][0]["path"], "lamp.txt", "{shown:?}");
    let kept = sandbox.run("new template.yaml --dry-run --out made -o json");
    let kept = kept.code(0);
    assert_eq!(kept.json()["tree"].as_array().unwrap().len(), 0, "{kept:?}");
    assert!(
        kept.err.contains("without --out its files are shown"),
        "{}",
        kept.err
    );
}

#[test]
fn what_reaches_beyond_its_folder_wants_a_yes_where_nobody_can_be_asked() {
    let sandbox = Sandbox::new();
    let write = |steps: &str| {
        let head = "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: cut}\nspec:\n  type: service\n  steps:\n";
        sandbox.write("template.yaml", &format!("{head}{steps}"));
    };
    write("    - { action: debug:log, input: { message: hello } }\n");
    sandbox.run("new template.yaml").code(0);
    write("    - { action: 'stagedoor:publish:local', input: { name: lamp } }\n");
    let refused = sandbox.run("new template.yaml").code(2);
    assert!(refused.err.contains("without a yes"), "{}", refused.err);
    assert!(refused.err.contains("--yes runs it"), "{}", refused.err);
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
    assert_eq!(
        eval("--mode value -o json ${{values.nope}}").code(0).json(),
        serde_json::json!({})
    );
    assert_eq!(
        eval("--mode value -o json ${{values.").code(0).json(),
        serde_json::json!({ "result": "${{values." })
    );
}

#[test]
fn template_text_from_standard_input_is_read_byte_for_byte() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("text", "a\r\n\t${{ 1 + 1 }}\n\n");
    let eval = |arguments: &str| {
        let mut command = sandbox.command(arguments);
        command.stdin(std::fs::File::open(&file).unwrap());
        run(command).code(0)
    };
    assert_eq!(eval("template eval -").out, "a\r\n\t2\n\n");
    assert_eq!(
        eval("template eval - -o json").json()["result"],
        "a\r\n\t2\n\n"
    );
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
    let found = ended.json();
    assert_eq!(found[0]["file"], "my.yaml");
    let fields: Vec<&String> = found[0].as_object().unwrap().keys().collect();
    assert_eq!(
        fields[..6],
        ["file", "line", "column", "level", "code", "message"]
    );
    sandbox.write("whatever.txt", "kind: Component\n");
    sandbox.run("lint whatever.txt").code(1);
    sandbox.write(
        "mkdocs.yml",
        "apiVersion: backstage.io/v1alpha1\nkind: Component\n",
    );
    sandbox.run("lint mkdocs.yml").code(1);
    let good = fixture("shop/catalog-info.yaml");
    sandbox
        .run(&format!("lint {} --strict", good.display()))
        .code(0);
    sandbox.run("lint nowhere.yaml").code(2);
}

const DOCUMENTED: &str = "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: till
  annotations: { backstage.io/techdocs-ref: dir:. }
spec: { type: service, lifecycle: production, owner: till }
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: till }
spec: { type: team, children: [] }
";

/// A sandbox with an entity whose docs have a nav that names too much and a page with a broken link.
fn with_broken_docs() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("shop/catalog-info.yaml", DOCUMENTED);
    sandbox.write(
        "shop/mkdocs.yml",
        "site_name: The Till\nnav:\n  - index.md\n  - Gone: gone.md\n",
    );
    sandbox.write(
        "shop/docs/index.md",
        "# Till\n\nSee [closing](closing.md).\n",
    );
    sandbox
}

#[test]
fn lint_checks_docs_whether_an_entity_names_them_or_not() {
    let sandbox = with_broken_docs();
    let places = |arguments: &str, code: i32| -> Vec<String> {
        let found = sandbox.run(arguments).code(code).json();
        let found = found.as_array().unwrap().iter();
        found
            .map(|problem| {
                let code = problem["code"].as_str().unwrap();
                assert!(code.starts_with("docs-"), "{problem}");
                assert_eq!(problem["level"], "warning", "{problem}");
                format!("{}:{}", problem["file"].as_str().unwrap(), problem["line"])
            })
            .collect()
    };
    let both = ["shop/docs/index.md:3", "shop/mkdocs.yml:4"];
    assert_eq!(places("lint shop --format json", 0), both);
    assert_eq!(places("lint shop -o json --strict", 1), both);
    assert_eq!(places("lint shop/mkdocs.yml -o json", 0), both);
    std::fs::remove_file(sandbox.path().join("shop/catalog-info.yaml")).unwrap();
    assert_eq!(places("lint . -o json", 0), both);
}

#[test]
fn what_is_wrong_with_docs_and_templates_is_known_of_their_entities() {
    let sandbox = with_broken_docs();
    sandbox.write(
        "shop/template.yaml",
        "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: { name: stall }\n\
         spec: { type: service, owner: till, steps: [{ id: go, action: '' }] }\n",
    );
    let problems = |entity: &str| -> Vec<String> {
        let shown = sandbox
            .run(&format!("show {entity} --source shop -o json"))
            .code(0)
            .json();
        let problems = shown["problems"].as_array().unwrap().iter();
        problems
            .map(|problem| problem["message"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        problems("component:till"),
        [
            "The link to 'closing.md' leads to no page.",
            "The nav names 'gone.md', but there is no such page.",
        ]
    );
    let stall = problems("template:stall");
    assert!(
        stall.contains(&"The step 'go' names no action.".to_owned()),
        "{stall:?}"
    );
}
