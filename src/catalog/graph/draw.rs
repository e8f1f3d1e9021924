//! Graphs as text, Mermaid, DOT and JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Edge, Graph};

impl Graph {
    /// A tree from the start, each entity drawn out where it is nearest; links to what is drawn elsewhere are named but
    /// not followed. A line a link, the entity last.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        if let Some(start) = self.nodes.first() {
            let _ = writeln!(text, "{}", start.entity_ref);
            self.branch(0, "", &self.parents(), &mut text);
        }
        if self.truncated {
            text.push_str("… and more\n");
        }
        text
    }

    /// For each node the link that led to it first.
    fn parents(&self) -> Vec<Option<Edge>> {
        let mut parents = vec![None; self.nodes.len()];
        let depth = |node: usize| self.nodes.get(node).map(|node| node.depth);
        for edge in &self.edges {
            for (from, to) in [(edge.source, edge.target), (edge.target, edge.source)] {
                if depth(from).map(|d| d + 1) == depth(to)
                    && let Some(parent @ None) = parents.get_mut(to)
                {
                    *parent = Some(*edge);
                }
            }
        }
        parents
    }

    fn branch(&self, node: usize, indent: &str, parents: &[Option<Edge>], text: &mut String) {
        let came_by = parents.get(node).copied().flatten();
        let links: Vec<Edge> = self
            .edges
            .iter()
            .copied()
            .filter(|edge| (edge.source == node || edge.target == node) && came_by != Some(*edge))
            .collect();
        for (n, edge) in links.iter().enumerate() {
            let (other, label) = if edge.source == node {
                (edge.target, edge.relation_type.label())
            } else {
                (edge.source, edge.relation_type.inverse().label())
            };
            let Some(target) = self.nodes.get(other) else {
                continue;
            };
            let followed =
                parents.get(other).copied().flatten() == Some(*edge) && other != node && other != 0;
            let (tick, bar) = if n + 1 == links.len() {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            let remark = match (target.row, followed) {
                (None, _) => " (missing)",
                (Some(_), true) => "",
                (Some(_), false) => " (shown elsewhere)",
            };
            let _ = writeln!(text, "{indent}{tick}{label} {}{remark}", target.entity_ref);
            if followed {
                self.branch(other, &format!("{indent}{bar}"), parents, text);
            }
        }
    }

    /// A Mermaid flowchart.
    pub fn to_mermaid(&self) -> String {
        let mut text = String::from("flowchart LR\n");
        for (n, node) in self.nodes.iter().enumerate() {
            let _ = writeln!(
                text,
                "  n{n}[\"{}\"]",
                escaped(&node.entity_ref.to_string(), "#quot;")
            );
        }
        for edge in &self.edges {
            let _ = writeln!(
                text,
                "  n{} -->|{}| n{}",
                edge.source, edge.relation_type, edge.target
            );
        }
        text
    }

    /// A Graphviz digraph.
    pub fn to_dot(&self) -> String {
        let mut text = String::from("digraph catalog {\n  rankdir=LR;\n  node [shape=box];\n");
        for (n, node) in self.nodes.iter().enumerate() {
            let style = if node.row.is_none() {
                ", style=dashed"
            } else {
                ""
            };
            let _ = writeln!(
                text,
                "  n{n} [label=\"{}\"{style}];",
                escaped(&node.entity_ref.to_string(), "\\\"")
            );
        }
        for edge in &self.edges {
            let _ = writeln!(
                text,
                "  n{} -> n{} [label=\"{}\"];",
                edge.source, edge.target, edge.relation_type
            );
        }
        text.push_str("}\n");
        text
    }

    /// `{nodes: [{ref, depth, missing}], edges: [{source, type, target}], truncated}`, ends being references.
    pub fn to_json(&self) -> Value {
        let entity_ref = |node: usize| self.nodes.get(node).map(|node| node.entity_ref.to_string());
        json!({
            "nodes": self.nodes.iter().map(|node| json!({
                "ref": node.entity_ref.to_string(),
                "depth": node.depth,
                "missing": node.row.is_none(),
            })).collect::<Vec<_>>(),
            "edges": self.edges.iter().map(|edge| json!({
                "source": entity_ref(edge.source),
                "type": edge.relation_type.as_str(),
                "target": entity_ref(edge.target),
            })).collect::<Vec<_>>(),
            "truncated": self.truncated,
        })
    }
}

/// `text` for the inside of a quoted label. References may hold anything but line ends matter to both languages.
fn escaped(text: &str, quote: &str) -> String {
    crate::catalog::text::one_line(text)
        .replace('\\', "\\\\")
        .replace('"', quote)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{index, row};
    use super::super::{Walk, walk};
    use crate::catalog::RelationType::{DependsOn, PartOf};

    #[test]
    fn a_circle_is_drawn_but_not_followed() {
        let index = index(&[
            ("a", DependsOn, "b"),
            ("b", DependsOn, "c"),
            ("c", DependsOn, "a"),
            ("b", PartOf, "?s"),
        ]);
        let graph = walk(
            &index,
            row(&index, "a"),
            &Walk {
                depth: 3,
                ..Walk::default()
            },
        );
        let expected = "\
component:default/a
├─ depends on component:default/b
│  ├─ part of component:default/?s (missing)
│  └─ depends on component:default/c (shown elsewhere)
└─ used by component:default/c
   └─ used by component:default/b (shown elsewhere)
";
        assert_eq!(graph.to_text(), expected);
    }

    #[test]
    fn other_tools_can_read_it() {
        let index = index(&[("a", DependsOn, "?b\"")]);
        let graph = walk(&index, row(&index, "a"), &Walk::default());
        assert_eq!(
            graph.to_mermaid(),
            "flowchart LR\n  n0[\"component:default/a\"]\n  n1[\"component:default/?b#quot;\"]\n  n0 -->|dependsOn| n1\n"
        );
        assert!(
            graph
                .to_dot()
                .contains("n1 [label=\"component:default/?b\\\"\", style=dashed];")
        );
        assert_eq!(
            graph.to_json().pointer("/edges/0/type"),
            Some(&"dependsOn".into())
        );
    }
}
