//! What other programs are given, and the tree that screens and commands draw.

use super::super::*;
use super::{deep, index, row};
use RelationType::{DependsOn, OwnedBy, PartOf};

/// The tree in lines: each link with its end, indented.
fn lines(graph: &Graph, tree: &Tree, indent: &str, out: &mut Vec<String>) {
    for group in &tree.groups {
        for twig in &group.twigs {
            let name = graph.nodes[twig.node].entity_ref.name();
            let seen = twig.seen.map_or(String::new(), |seen| format!(" {seen:?}"));
            out.push(format!("{indent}{} {name}{seen}", group.relation_type));
            lines(graph, &twig.tree, &format!("{indent}  "), out);
        }
        if group.hidden > 0 {
            out.push(format!(
                "{indent}{} and {}",
                group.relation_type, group.hidden
            ));
        }
    }
}

fn drawn(graph: &Graph, direction: Direction, brief: bool) -> Vec<String> {
    let mut out = Vec::new();
    lines(graph, &graph.tree(direction, brief), "", &mut out);
    out
}

#[test]
fn a_circle_is_drawn_but_not_followed() {
    let index = index(&[
        ("a", DependsOn, "b"),
        ("b", DependsOn, "c"),
        ("c", DependsOn, "a"),
        ("b", PartOf, "?s"),
        ("c", DependsOn, "c"),
    ]);
    let graph = walk(&index, row(&index, "a"), &deep(3));
    assert_eq!(
        drawn(&graph, Direction::Both, false),
        [
            "dependsOn b",
            "  partOf ?s",
            "  dependsOn c Below",
            "dependencyOf c",
            "  dependsOn c Above",
        ]
    );
    let out = Walk {
        direction: Direction::Out,
        ..deep(3)
    };
    let graph = walk(&index, row(&index, "a"), &out);
    assert_eq!(
        drawn(&graph, Direction::Out, false),
        [
            "dependsOn b",
            "  partOf ?s",
            "  dependsOn c",
            "    dependsOn a Above",
            "    dependsOn c Above",
        ]
    );
}

#[test]
fn brief_trees_name_an_owner_once() {
    let index = index(&[
        ("a", OwnedBy, "team"),
        ("b", OwnedBy, "team"),
        ("a", DependsOn, "b"),
    ]);
    let graph = walk(
        &index,
        row(&index, "a"),
        &Walk {
            direction: Direction::Out,
            ..deep(2)
        },
    );
    let both = ["ownedBy team", "dependsOn b", "  ownedBy team Above"];
    assert_eq!(drawn(&graph, Direction::Out, false), both);
    assert_eq!(drawn(&graph, Direction::Out, true), both[..2]);
}

#[test]
fn names_cannot_leave_their_labels() {
    let index = index(&[("a", DependsOn, "?b\"]; %%{init}%% `<i>` \\N\nend #x")]);
    let graph = walk(&index, row(&index, "a"), &Walk::default());
    assert_eq!(
        graph.to_mermaid(),
        "flowchart LR
  n0[\"component:default/a\"]
  n1[\"component:default/#63;b#34;#93;#59; #37;#37;#123;init#125;#37;#37; #96;#60;i#62;#96; #92;n end #35;x\"]
  n0 -->|depends on| n1
  style n0 stroke-width:3px
  style n1 stroke-dasharray:4 4
"
    );
    assert_eq!(
        graph.to_dot(),
        "digraph catalog {
  rankdir=LR;
  node [shape=box];
  n0 [label=\"component:default/a\", style=bold];
  n1 [label=\"component:default/?b\\\"]; %%{init}%% `<i>` \\\\n end #x\", style=dashed];
  n0 -> n1 [label=\"depends on\"];
}
"
    );
    let json = graph.to_json(&index);
    assert_eq!(
        json["nodes"][0],
        serde_json::json!({"ref": "component:default/a", "kind": "component", "title": null, "depth": 0, "known": true})
    );
    assert_eq!(json["nodes"][1]["known"], false);
    assert_eq!(json["edges"][0]["relation"], "dependsOn");
    assert_eq!(json["edges"][0]["source"], "component:default/a");
}
