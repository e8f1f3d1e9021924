//! Graphs for other programs: Mermaid, Graphviz, JSON. Names are text from outside: each language has its own way to be
//! taken in, and each gets only what is harmless in it.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Graph, Impact, Level, Node, Owned, Owner};
use crate::catalog::index::Facet;
use crate::catalog::{EntityRef, Index, text};

/// How many links Mermaid draws unless its page is configured otherwise (`maxEdges`).
pub const MERMAID_EDGES: usize = 500;

impl Graph {
    /// A Mermaid flowchart, for version 10 and later. What is not in the catalog is dashed, the start has a thick line.
    pub fn to_mermaid(&self) -> String {
        let mut text = String::from("flowchart LR\n");
        for (n, node) in self.nodes.iter().enumerate() {
            let _ = writeln!(text, "  n{n}[\"{}\"]", in_mermaid(&node.entity_ref));
        }
        for edge in &self.edges {
            let label = edge.relation_type.label();
            let _ = writeln!(text, "  n{} -->|{label}| n{}", edge.source, edge.target);
        }
        if !self.nodes.is_empty() {
            text.push_str("  style n0 stroke-width:3px\n");
        }
        for (n, _) in self.missing() {
            let _ = writeln!(text, "  style n{n} stroke-dasharray:4 4");
        }
        text
    }

    /// A Graphviz digraph. What is not in the catalog is dashed, the start is bold.
    pub fn to_dot(&self) -> String {
        let mut text = String::from("digraph catalog {\n  rankdir=LR;\n  node [shape=box];\n");
        for (n, node) in self.nodes.iter().enumerate() {
            let style = match (n, node.row) {
                (_, None) => ", style=dashed",
                (0, Some(_)) => ", style=bold",
                _ => "",
            };
            let label = in_dot(&node.entity_ref);
            let _ = writeln!(text, "  n{n} [label=\"{label}\"{style}];");
        }
        for edge in &self.edges {
            let label = edge.relation_type.label();
            let _ = writeln!(
                text,
                "  n{} -> n{} [label=\"{label}\"];",
                edge.source, edge.target
            );
        }
        text.push_str("}\n");
        text
    }

    /// `{nodes: [{ref, kind, title, depth, known}], edges: [{source, relation, target}]}`, ends being references. Nodes
    /// come by depth; `title` is `null` where there is none; `kind` is written as in the descriptor.
    pub fn to_json(&self, index: &Index) -> Value {
        let entity_ref = |node: usize| self.nodes.get(node).map(|node| node.entity_ref.as_str());
        json!({
            "nodes": self.nodes.iter().map(|node| node_json(node, index)).collect::<Vec<_>>(),
            "edges": self.edges.iter().map(|edge| json!({
                "source": entity_ref(edge.source),
                "relation": edge.relation_type.as_str(),
                "target": entity_ref(edge.target),
            })).collect::<Vec<_>>(),
        })
    }

    /// The nodes that point to nothing, with their numbers.
    pub fn missing(&self) -> impl Iterator<Item = (usize, &Node)> {
        let numbered = self.nodes.iter().enumerate();
        numbered.filter(|(_, node)| node.row.is_none())
    }
}

impl Impact {
    /// The graph as [`Graph::to_json`] gives it, with `count`, `levels: [{depth, count, owners: [{ref, count}]}]`, `owners`
    /// of all levels together, and whether it `goesOn` beyond the depth asked for. The `ref` of what nobody owns is `null`.
    pub fn to_json(&self, index: &Index) -> Value {
        let mut value = self.graph.to_json(index);
        value["count"] = self.count().into();
        value["levels"] = self.levels.iter().map(level_json).collect();
        value["owners"] = self.owners.iter().map(owner_json).collect();
        value["goesOn"] = self.goes_on.into();
        value
    }
}

impl Owned {
    /// `{directly, through, groups}`.
    pub fn to_json(self) -> Value {
        json!({
            "directly": self.directly,
            "through": self.through,
            "groups": self.groups,
        })
    }
}

fn node_json(node: &Node, index: &Index) -> Value {
    let (kind, title) = match node.row {
        Some(row) => (index.value(Facet::Kind, row), index.title(row)),
        None => (node.entity_ref.kind(), ""),
    };
    json!({
        "ref": node.entity_ref.as_str(),
        "kind": kind,
        "title": Some(title).filter(|title| !title.is_empty()),
        "depth": node.depth,
        "known": node.row.is_some(),
    })
}

fn level_json(level: &Level) -> Value {
    json!({
        "depth": level.depth,
        "count": level.count,
        "owners": level.owners.iter().map(owner_json).collect::<Vec<_>>(),
    })
}

fn owner_json(owner: &Owner) -> Value {
    let entity_ref = Some(&owner.entity_ref).filter(|text| !text.is_empty());
    json!({ "ref": entity_ref, "count": owner.count })
}

/// A reference inside a quoted Mermaid label. Whatever could end the text, begin a directive, an entity or markup is
/// written as Mermaid's `#code;`.
fn in_mermaid(entity_ref: &EntityRef) -> String {
    let mut label = String::new();
    for c in text::one_line(entity_ref.as_str()).chars() {
        if c.is_alphanumeric() || " -_./:".contains(c) {
            label.push(c);
        } else {
            let _ = write!(label, "#{};", u32::from(c));
        }
    }
    label
}

/// A reference inside a quoted Graphviz label.
fn in_dot(entity_ref: &EntityRef) -> String {
    text::one_line(entity_ref.as_str())
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
}
