//! Commands that read the catalog: list, find, show, graph, docs, export, sync.

use super::sandbox::{Sandbox, fixture, run};

#[test]
fn list_names_are_full_references_in_order() {
    let ended = Sandbox::new().shop("list -o name").code(0);
    assert_eq!(
        ended.lines(),
        [
            "api:default/till-api",
            "component:default/scales",
            "component:default/till",
            "group:default/sellers",
            "location:default/more",
            "template:default/stall",
            "user:default/ada",
        ]
    );
}

#[test]
fn list_takes_backstage_filters_and_those_of_the_search_box() {
    let sandbox = Sandbox::new();
    for (filters, expected) in [
        ("kind=component", "scales till"),
        ("kind=component spec.type=library", "scales"),
        ("kind=component,spec.lifecycle=production", "till"),
        ("metadata.annotations.backstage.io/techdocs-ref", "till"),
        ("kind:component -tag:go", "scales"),
        ("relations.dependsOn=component:default/till", "scales"),
        ("owner:sellers kind:api", "till-api"),
        ("has:docs", "till"),
        ("kind:component kind=component till", "till"),
    ] {
        let ended = sandbox.shop(&format!("list -o name {filters}")).code(0);
        let names: Vec<&str> = ended
            .lines()
            .into_iter()
            .filter_map(|line| line.rsplit('/').next())
            .collect();
        assert_eq!(names.join(" "), expected, "{filters}");
    }
}

#[test]
fn list_json_holds_whole_entities_and_nothing_else() {
    let ended = Sandbox::new().shop("list -o json name:till").code(0);
    let till = &ended.json()[0];
    let keys: Vec<&String> = till.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["apiVersion", "kind", "metadata", "spec", "relations"]
    );
    assert_eq!(
        till["relations"],
        serde_json::json!([
            { "type": "dependencyOf", "targetRef": "component:default/scales" },
            { "type": "ownedBy", "targetRef": "group:default/sellers" },
            { "type": "providesApi", "targetRef": "api:default/till-api" },
        ])
    );
}

#[test]
fn list_table_is_aligned_and_without_colour_in_a_pipe() {
    let ended = Sandbox::new().shop("list kind:component").code(0);
    assert_eq!(
        ended.lines(),
        [
            "NAME    KIND       TYPE     OWNER    SYSTEM  LIFECYCLE     TAGS",
            "scales  Component  library  sellers          experimental",
            "till    Component  service  sellers          production    go",
        ]
    );
}

#[test]
fn an_empty_folder_is_an_empty_catalog() {
    let sandbox = Sandbox::new();
    let ended = sandbox.run("list --source . -o json").code(0);
    assert_eq!(ended.json(), serde_json::json!([]));
    assert!(ended.err.contains("empty"), "{}", ended.err);
    assert_eq!(sandbox.run("list --source . -q").code(0).err, "");
}

#[test]
fn find_ranks_and_points_out_what_matched() {
    let sandbox = Sandbox::new();
    let ended = sandbox.shop("find til -o json --limit 2").code(0);
    let hits = ended.json();
    assert_eq!(hits.as_array().unwrap().len(), 2);
    assert_eq!(hits[0]["ref"], "component:default/till");
    assert_eq!(hits[0]["field"], "name");
    assert_eq!(hits[0]["highlights"]["name"], serde_json::json!([0, 1, 2]));
    assert!(hits[0]["score"].as_u64() > hits[1]["score"].as_u64());
    let ended = sandbox.shop("find owner:nobody till").code(0);
    assert_eq!(ended.out, "");
    assert!(
        ended.err.contains("no owner is called nobody"),
        "{}",
        ended.err
    );
}

#[test]
fn mine_is_what_my_groups_own() {
    let sandbox = Sandbox::new();
    let config = sandbox.write("me.yaml", "stagedoor: { me: ada }\n");
    let ended = sandbox
        .shop(&format!(
            "list owner:mine -o name --config {}",
            config.display()
        ))
        .code(0);
    assert_eq!(ended.lines().len(), 4, "{ended:?}");
    let nobody = sandbox.shop("list owner:mine").code(0);
    assert!(nobody.err.contains("stagedoor.me"), "{}", nobody.err);
}

#[test]
fn show_tells_all_about_one_entity() {
    let sandbox = Sandbox::new();
    let page = sandbox.shop("show till").code(0).out;
    for part in [
        "The Till",
        "Takes money",
        "owned by",
        "group:sellers",
        "dir:.",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let json = sandbox.shop("show component:till -o json").code(0).json();
    assert_eq!(json["metadata"]["name"], "till");
    assert_eq!(json["problems"], serde_json::json!([]));
    assert!(json["provenance"]["line"].as_u64() > Some(0));
}

#[test]
fn an_unknown_entity_is_an_error_with_a_suggestion() {
    let ended = Sandbox::new().shop("show tall").code(1);
    assert_eq!(ended.out, "");
    assert!(
        ended.err.starts_with("error: no entity is called tall"),
        "{}",
        ended.err
    );
    assert!(ended.err.contains("try:"), "{}", ended.err);
}

#[test]
fn graphs_come_in_four_forms() {
    let sandbox = Sandbox::new();
    let json = sandbox.shop("graph till -o json").code(0).json();
    assert!(json["nodes"].as_array().unwrap().len() > 3, "{json}");
    for (format, start) in [
        ("text", "component:default/till"),
        ("mermaid", "graph"),
        ("dot", "digraph"),
    ] {
        let ended = sandbox
            .shop(&format!("graph till --depth 2 -o {format}"))
            .code(0);
        assert!(
            ended.out.starts_with(start) || ended.out.starts_with("flowchart"),
            "{format}: {}",
            ended.out
        );
    }
}

#[test]
fn docs_are_read_from_an_entity_a_folder_and_a_file() {
    let sandbox = Sandbox::new();
    let page = sandbox.shop("docs till closing.md").code(0).out;
    assert!(
        page.contains("Count twice") && page.contains("till close"),
        "{page}"
    );
    let folder = fixture("shop");
    let names = sandbox
        .run(&format!("docs --path {} -o name", folder.display()))
        .code(0);
    assert_eq!(names.lines(), ["index.md", "closing.md"]);
    let file = folder.join("docs/closing.md");
    let facts = sandbox
        .run(&format!("docs --path {} -o json", file.display()))
        .code(0)
        .json();
    assert_eq!(facts["page"], "closing.md");
    assert_eq!(
        facts["headings"],
        serde_json::json!([
            [1, "closing-the-till", "Closing the till"],
            [2, "steps", "Steps"]
        ])
    );
    // A block of code is one as well, with its numbered lines.
    assert_eq!(facts["tables"], 2);
    let all = sandbox
        .run(&format!("docs --path {} --all -o json", folder.display()))
        .code(0);
    assert_eq!(all.lines().len(), 2);
    sandbox.shop("docs till nowhere").code(1);
    sandbox.shop("docs scales").code(1);
}

#[test]
fn find_goes_on_with_docs_by_the_titles_of_their_pages() {
    let sandbox = Sandbox::new();
    let found = sandbox.shop("find drawer -o json").code(0).json();
    let docs: Vec<_> = found.as_array().unwrap().iter().collect();
    let hit = docs.last().unwrap();
    assert_eq!(hit["field"], "docs", "{found}");
    assert_eq!(hit["page"], "closing.md", "{found}");
    assert_eq!(hit["title"], "Closing", "{found}");
    let shown = sandbox.shop("find drawer").code(0).out;
    assert!(shown.contains("Closing"), "{shown}");
    let narrowed = sandbox.shop("find drawer kind:component -o json").code(0);
    assert_eq!(narrowed.json(), serde_json::json!([]));
}

#[test]
fn docs_find_looks_into_the_text() {
    let ended = Sandbox::new().shop("docs --find drawer -o json").code(0);
    assert_eq!(ended.json()[0]["page"], "closing.md", "{ended:?}");
}

#[test]
fn export_for_backstage_says_where_entities_came_from() {
    let sandbox = Sandbox::new();
    let plain = sandbox.shop("export").code(0).json();
    assert_eq!(plain.as_array().unwrap().len(), 7);
    let backstage = sandbox.shop("export --backstage").code(0).json();
    let till = backstage
        .as_array()
        .unwrap()
        .iter()
        .find(|entity| entity["metadata"]["name"] == "till")
        .unwrap();
    let location = &till["metadata"]["annotations"]["backstage.io/managed-by-location"];
    assert!(
        location.as_str().unwrap().starts_with("file:/"),
        "{location}"
    );
}

#[test]
fn sync_ends_with_1_where_problems_were_found() {
    let sandbox = Sandbox::new();
    sandbox.shop("sync").code(0);
    let report = sandbox.shop("sync --full -o json").code(0).json();
    assert_eq!(report["entities"], 7);
    let broken = fixture("broken/catalog-info.yaml");
    let ended = sandbox
        .run(&format!("sync --source {}", broken.display()))
        .code(1);
    assert!(ended.out.contains("problems"), "{ended:?}");
}

#[test]
fn nothing_that_drives_a_terminal_comes_out() {
    let sandbox = Sandbox::new();
    let broken = fixture("broken/catalog-info.yaml");
    for arguments in [
        "show lonely",
        "show lonely -o json",
        "show lonely -o yaml",
        "list",
        "list -o json",
        "find lonely",
        "export",
    ] {
        let mut command = sandbox.command(arguments);
        command.arg("--source").arg(&broken);
        let ended = run(command).code(0);
        let is_wild = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!ended.out.contains(is_wild), "{arguments}: {ended:?}");
        assert!(!ended.out.contains("\\u001b"), "{arguments}: {ended:?}");
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command("export --source demo");
    command.stdout(std::process::Stdio::piped());
    command.stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !errors.contains("error") && !errors.contains("panic"),
        "{errors}"
    );
}

const LEDGER: &str = r##"
apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: ledger }
spec:
  type: openapi
  lifecycle: production
  owner: sellers
  definition: |
    openapi: 3.1.0
    info: { title: Ledger, version: "2" }
    servers: [{ url: https://acme.dev/v2 }]
    paths:
      /entries/{id}:
        get:
          operationId: lookUp
          summary: Looks an entry up
          parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
          responses: { "200": { description: The entry, content: { application/json: { schema: { $ref: "#/components/schemas/Entry" } } } } }
        delete: { deprecated: true, responses: {} }
    components: { schemas: { Entry: { type: object, properties: { sum: { type: integer } } } } }
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: torn }
spec: { type: graphql, lifecycle: production, owner: sellers, definition: "type {" }
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: sdk }
spec: { type: library, lifecycle: production, owner: sellers, definition: "npm install till" }
"##;

#[test]
fn apis_say_what_they_offer() {
    let sandbox = Sandbox::new();
    sandbox.write("catalog-info.yaml", LEDGER);
    let api = |arguments: &str| sandbox.run(&format!("--source . --cache-dir c api {arguments}"));
    let list = api("ledger").code(0);
    assert_eq!(
        list.lines(),
        [
            "Ledger 2  OpenAPI 3.1.0  https://acme.dev/v2",
            "",
            "GROUP  VERB    NAME           ID      SUMMARY",
            "       GET     /entries/{id}  lookUp  Looks an entry up",
            "       DELETE  /entries/{id}          ! deprecated",
        ]
    );
    assert_eq!(
        api("ledger -o name").code(0).lines(),
        ["GET /entries/{id}", "DELETE /entries/{id}"]
    );
    assert_eq!(
        api("ledger -o json").code(0).json()["groups"][0]["entries"][0]["id"],
        "lookUp"
    );
    let one = api("ledger lookUp").code(0);
    assert!(one.lines().contains(&"     sum  integer"), "{one:?}");
    let json = api("ledger lookUp -o json").code(0).json();
    assert_eq!(json["types"]["Entry"]["shape"]["parts"][0]["name"], "sum");
    assert!(
        api("ledger /entries/{id}")
            .code(2)
            .err
            .contains("could be any of")
    );
    assert!(api("ledger nothing").code(1).err.contains("--find"));
    assert!(
        api("ledger --definition")
            .code(0)
            .out
            .starts_with("openapi: 3.1.0")
    );
    assert_eq!(api("--find entries -o name").code(0).lines().len(), 2);
    assert_eq!(
        api("--find LOOK -o json").code(0).json()[0]["ref"],
        "api:default/ledger"
    );
    api("").code(2);
}

#[test]
fn what_cannot_be_read_of_an_api_is_shown_as_it_is() {
    let sandbox = Sandbox::new();
    sandbox.write("catalog-info.yaml", LEDGER);
    let api = |arguments: &str| sandbox.run(&format!("--source . --cache-dir c api {arguments}"));
    let torn = api("torn").code(1);
    assert!(
        torn.err.contains("line 1") && torn.out == "type {\n",
        "{torn:?}"
    );
    assert_eq!(api("sdk").code(0).out, "npm install till\n");
    assert!(api("sdk -o json").code(1).err.contains("--definition"));
}

/// What the program says on one of its outputs, line by line, as it comes.
fn lines(output: impl std::io::Read + Send + 'static) -> std::sync::mpsc::Receiver<String> {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let lines = std::io::BufRead::lines(std::io::BufReader::new(output));
        for line in lines.map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    receiver
}

#[test]
fn sync_watch_reads_a_file_when_it_is_saved() {
    let sandbox = Sandbox::new();
    let component = |name: &str| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{ name: {name} }}\n\
             spec: {{ type: service, lifecycle: production, owner: me }}\n"
        )
    };
    sandbox.write("catalog/a.yaml", &component("a"));
    let mut command = sandbox.command("sync --watch --source catalog --cache-dir cache");
    let mut child = command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let said = lines(child.stdout.take().unwrap());
    let wait_for = |words: &str| {
        let limit = std::time::Duration::from_secs(20);
        while let Ok(line) = said.recv_timeout(limit) {
            if line.starts_with(words) {
                return;
            }
        }
        panic!("{words:?} never came");
    };
    wait_for("1 entities");
    sandbox.write("catalog/b.yaml", &component("b"));
    wait_for("2 entities");
    // A folder that was not there before.
    sandbox.write("catalog/more/c.yaml", &component("c"));
    wait_for("3 entities");
    sandbox.write("catalog/more/d.yaml", &component("d"));
    wait_for("4 entities");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(
        sandbox
            .run("list --cache-dir cache -o name")
            .code(0)
            .lines()
            .len(),
        4
    );
}
