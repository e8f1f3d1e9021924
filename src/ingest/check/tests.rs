//! What is said about the references of small catalogs.

use crate::catalog::{Problem, Rule};
use crate::ingest::tests::Files;
use crate::ingest::{Found, Location, Options, Root, Standing, ingest};

/// An entity of `kind` with these lines in its `spec`.
fn entity(kind: &str, name: &str, spec: &str) -> String {
    let needed = match kind {
        "Group" if spec.contains("children") => "type: team",
        "Group" => "type: team, children: []",
        "User" => "memberOf: []",
        "Domain" | "System" => "owner: user:u",
        _ => "type: service, lifecycle: production, definition: x, owner: user:u",
    };
    format!(
        "---\napiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {{{needed}{spec}}}\n"
    )
}

/// What is wrong with the references of `entities`, besides the user who owns them all.
fn problems(entities: &[String]) -> Vec<Problem> {
    let text = entities.concat() + &entity("User", "u", "");
    let location = Location::url("/a.yaml");
    let root = Root {
        source: "test".to_owned(),
        location,
        files: None,
        found: Found::Named,
        standing: Standing::default(),
    };
    let files = Files::new(&[("/a.yaml", &text)]);
    let mut problems = ingest(&[root], &files, &Options::default()).problems;
    problems.sort_by(|a, b| a.place.cmp(&b.place));
    problems
}

fn told(entities: &[String]) -> Vec<(Rule, String)> {
    let told = |problem: Problem| (problem.rule, problem.message);
    problems(entities).into_iter().map(told).collect()
}

fn circles(entities: &[String]) -> Vec<String> {
    let found = told(entities);
    assert!(found.iter().all(|(rule, _)| *rule == Rule::ReferenceCycle));
    let path = |message: String| message.rsplit_once(": ").map(|(_, path)| path.to_owned());
    found.into_iter().filter_map(|(_, m)| path(m)).collect()
}

#[test]
fn a_field_means_certain_kinds() {
    let api = entity("API", "q", "");
    let found = problems(&[
        entity(
            "Component",
            "c",
            ", providesApis: [component:q, q], dependsOn: [group:g, gadget:x, api:q]",
        ),
        entity("Component", "q", ", owner: api:q")
            .replacen("owner: user:u, ", "", 1)
            .replacen(", owner: user:u", "", 1),
        api,
        entity("Group", "g", ""),
    ]);
    let found: Vec<_> = found
        .into_iter()
        .map(|p| (p.rule, p.message, p.suggestion))
        .collect();
    let wrong = Rule::WrongKindReference;
    assert_eq!(
        found,
        [
            (
                wrong,
                "spec.providesApis refers to component:default/q, but means entities of kind API".to_owned(),
                Some("q".to_owned())
            ),
            (
                wrong,
                "spec.dependsOn refers to group:default/g, but means entities of kind Component, Resource, API, System or Domain"
                    .to_owned(),
                None
            ),
            (
                Rule::DanglingReference,
                "spec.dependsOn refers to gadget:default/x, which is not in the catalog".to_owned(),
                None
            ),
            (
                Rule::OwnerKind,
                "spec.owner is api:default/q, which can own nothing".to_owned(),
                None
            ),
        ]
    );
}

#[test]
fn a_person_of_the_groups_name_is_meant() {
    let component = entity("Component", "c", "").replace("owner: user:u", "owner: u");
    let found = problems(&[component]);
    assert_eq!(found.len(), 1);
    let first = found.first();
    assert_eq!(first.map(|p| p.rule), Some(Rule::DanglingReference));
    assert_eq!(first.and_then(|p| p.suggestion.as_deref()), Some("user:u"));
    assert_eq!(first.map(|p| p.length), Some(1));
}

#[test]
fn circles_are_told_once_from_the_first_name_on() {
    let group = |name: &str, more: &str| entity("Group", name, more);
    assert_eq!(
        circles(&[
            group("c", ", parent: a"),
            group("a", ", parent: b, children: [c]"),
            group("b", ", parent: c"),
        ]),
        ["group:default/a → group:default/b → group:default/c → group:default/a"]
    );
    assert_eq!(
        circles(&[
            group("a", ", parent: top, children: [b]"),
            group("b", ", parent: a"),
            group("top", ", children: [a, b]"),
        ]),
        [""; 0],
        "two ways up are no circle"
    );
}

#[test]
fn domains_and_components_must_be_trees_too() {
    assert_eq!(
        circles(&[
            entity("Domain", "x", ", subdomainOf: y"),
            entity("Domain", "y", ", subdomainOf: x"),
            entity("Component", "p", ", subcomponentOf: q"),
            entity("Component", "q", ", subcomponentOf: p"),
            entity("Component", "r", ", dependsOn: [component:s]"),
            entity("Component", "s", ", dependsOn: [component:r]"),
        ]),
        [
            "domain:default/x → domain:default/y → domain:default/x",
            "component:default/p → component:default/q → component:default/p",
        ]
    );
}

#[test]
fn a_circle_of_one_is_a_reference_to_oneself() {
    let found = told(&[entity("Group", "a", ", parent: a, children: [A]")]);
    assert_eq!(
        found,
        [
            (
                Rule::SelfReference,
                "spec.parent refers to the entity itself".to_owned()
            ),
            (
                Rule::SelfReference,
                "spec.children refers to the entity itself".to_owned()
            ),
        ]
    );
}

#[test]
fn a_long_circle_is_told_in_short() {
    let groups: Vec<String> = (0..50)
        .map(|n| {
            entity(
                "Group",
                &format!("g{n:02}"),
                &format!(", parent: g{:02}", (n + 1) % 50),
            )
        })
        .collect();
    let found = circles(&groups);
    assert_eq!(found.len(), 1);
    assert!(
        found.iter().all(|path| path.contains("→ (39 more) →")),
        "{found:?}"
    );
}
