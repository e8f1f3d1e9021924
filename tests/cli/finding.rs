//! The query language on the command line: `list`, `find`, `query`.

use super::sandbox::{Sandbox, fixture, run};

/// `list -o name` or `find -o name` with one argument, as a shell hands it over; the names without what stands before.
fn names(sandbox: &Sandbox, command: &str, query: &[&str]) -> String {
    let shop = fixture("shop/catalog-info.yaml");
    let mut command = sandbox.command(&format!("{command} -o name"));
    command.arg("--source").arg(shop).args(query);
    let ended = run(command).code(0);
    let names: Vec<&str> = ended
        .lines()
        .into_iter()
        .filter_map(|line| line.rsplit('/').next())
        .collect();
    names.join(" ")
}

#[test]
fn one_language_for_list_and_find() {
    let sandbox = Sandbox::new();
    for (query, expected) in [
        (&["kind:group OR kind:user"][..], "sellers ada"),
        (
            &["(kind:api", "OR", "kind:component)", "-name:till"],
            "till-api scales",
        ),
        (&["-(kind:component OR kind:api)", "owner:sellers"], "stall"),
        (&["depends-on:till"], "scales"),
        (&["used-by:scales"], "till"),
        (&["provides:till-api"], "till"),
        (&["member-of:sellers"], "ada"),
        (&["has:api"], "till"),
        (&["annotation:backstage.io/techdocs-ref=dir:."], "till"),
        (&["metadata.title=The Till"], "till"),
        (&["kind=component, spec.type=library"], "scales"),
        (&["spec.parameters.title=the stall"], "stall"),
        (
            &["filter=kind=api", "filter=kind=component,spec.type=library"],
            "till-api scales",
        ),
        (&["relations.memberof=group:default/sellers"], "ada"),
        (&["spec.owner=group:default/sellers"], ""),
        (&["spec.owner=sellers", "kind=template"], "stall"),
        (&["\"over the counter\""], "till"),
        (&["updated:<7d"], ""),
        (&["updated:>7d", "kind:api"], "till-api"),
        (&["is:orphan"], ""),
    ] {
        let listed = names(&sandbox, "list", query);
        assert_eq!(listed, expected, "{query:?}");
        // To `find` an argument is a query, not a filter: white space parts it.
        if query
            .iter()
            .any(|part| part.contains('=') && part.contains(' '))
        {
            continue;
        }
        let found = names(&sandbox, "find", query);
        let sorted = |names: &str| -> Vec<String> {
            let mut names: Vec<String> = names.split(' ').map(str::to_owned).collect();
            names.sort();
            names
        };
        assert_eq!(sorted(&found), sorted(expected), "{query:?}");
    }
}

#[test]
fn what_is_wrong_is_shown_in_its_place() {
    let sandbox = Sandbox::new();
    let listed = sandbox.shop("list till colour:red").code(2);
    let (line, marks) = ("  till colour:red", "       ^^^^^^^^^^");
    assert!(
        listed.err.contains(&format!("{line}\n{marks}")),
        "{}",
        listed.err
    );
    let found = sandbox
        .shop("find till colour:red onwer:me -o name")
        .code(0);
    assert_eq!(found.lines()[0], "component:default/till");
    assert!(found.err.contains("did you mean owner:?"), "{}", found.err);
    assert!(found.err.contains(marks), "{}", found.err);
}

#[test]
fn queries_are_saved_shown_used_and_forgotten() {
    let sandbox = Sandbox::new();
    let config = "stagedoor: { queries: { Sold: 'owner:sellers', lib: 'type:library @sold' } }\n";
    let config = sandbox.write("queries.yaml", config).display().to_string();
    let with =
        |arguments: &str| sandbox.shop(&format!("{arguments} --config {config} --cache-dir kept"));
    with("query mine @sold -kind:component").code(0);
    assert_eq!(
        with("query -o name").code(0).lines(),
        ["lib", "mine", "sold"]
    );
    assert_eq!(with("query @mine").code(0).out, "@sold -kind:component\n");
    assert_eq!(
        with("list @lib -o name").code(0).lines(),
        ["component:default/scales"]
    );
    assert_eq!(
        with("list @mine kind:api -o name").code(0).lines(),
        ["api:default/till-api"]
    );
    with("query lib kind:group").code(0);
    assert_eq!(
        with("list @lib -o name").code(0).lines(),
        ["group:default/sellers"]
    );
    assert_eq!(with("query -o json").code(0).json()[0]["from"], "you");
    with("query lib --forget").code(0);
    assert_eq!(
        with("list @lib -o name").code(0).lines(),
        ["component:default/scales"]
    );
    for (wrong, part) in [
        ("query lib --forget", "app-config.yaml"),
        ("query nothing", "no query is saved as nothing"),
        ("list @nothing", "there are @lib, @mine, @sold"),
        ("query bad colour:red", "colour: is not known"),
        ("query a:b kind:api", "no name for a query"),
    ] {
        let ended = with(wrong);
        assert_ne!(ended.code, Some(0), "{wrong}");
        assert!(ended.err.contains(part), "{wrong}: {}", ended.err);
    }
}

#[test]
fn find_explains_its_order_and_forgives_slips() {
    let sandbox = Sandbox::new();
    let found = sandbox.shop("find till --explain -o json").code(0).json();
    // Places in docs follow, which have no points.
    let hits = found.as_array().unwrap().iter();
    for hit in hits.filter(|hit| hit["field"] != "docs") {
        let why = hit["why"].as_array().unwrap();
        let sum: u64 = why
            .iter()
            .map(|reason| reason["points"].as_u64().unwrap())
            .sum();
        assert_eq!(Some(sum), hit["score"].as_u64(), "{hit}");
    }
    assert_eq!(found[0]["why"][0]["what"], "the name is exactly till");
    let shown = sandbox.shop("find till --explain --limit 1").code(0).out;
    assert!(
        shown.contains("2400.00  the name is exactly till"),
        "{shown}"
    );
    let slip = sandbox.shop("find sclaes -o name").code(0);
    assert_eq!(slip.lines(), ["component:default/scales"]);
    assert!(slip.err.contains("like them"), "{}", slip.err);
}
