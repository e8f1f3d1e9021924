//! Graphs for people: trees of lines, and what they come to in a sentence.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::Answer;
use crate::catalog::graph::{
    Direction, Graph, Impact, Node, Ownership, Seen, Tree, owners_in_words,
};
use crate::catalog::text::{count, counted};
use crate::cli::console::Console;
use crate::cli::style::Ink;

/// How many owners are named.
const OWNERS: usize = 12;

pub(super) fn write(answer: &Answer, console: &mut Console) -> io::Result<()> {
    match answer {
        Answer::Near(graph, direction) => {
            tree(graph, &graph.tree(*direction, true), console)?;
            summary(&sizes(graph), console)
        }
        Answer::Impact(impact) => hit(impact, console),
        Answer::Path(graph) => way(graph, console),
        Answer::Ownership(ownership) => owned(ownership, console),
    }
}

fn hit(impact: &Impact, console: &mut Console) -> io::Result<()> {
    tree(&impact.graph, &impact.tree(), console)?;
    if impact.levels.is_empty() {
        return summary("Nothing in the catalog is hit if it goes.", console);
    }
    let all = counted(impact.count(), "entity");
    let owners = owners_in_words(&impact.owners, OWNERS);
    let verb = if impact.count() == 1 { "is" } else { "are" };
    summary(&format!("If it goes, {all} {verb} hit. {owners}"), console)?;
    let numbers: Vec<String> = (impact.levels.iter())
        .map(|level| counted(level.count, "entity"))
        .collect();
    let columns = numbers.iter().map(String::len).max().unwrap_or(0);
    for (level, number) in impact.levels.iter().zip(&numbers) {
        let steps = counted(level.depth as usize, "step");
        let steps = console.paint(Ink::Dim, &format!("{steps:9}"));
        let owners = owners_in_words(&level.owners, OWNERS);
        let owners = console.paint(Ink::Dim, &owners);
        writeln!(console.out, "{steps}{number:columns$}  {owners}")?;
    }
    if impact.goes_on {
        let deeper = impact.levels.len() + 1;
        let more = format!("More is hit further out; --depth {deeper} shows it.");
        writeln!(console.out, "{}", console.paint(Ink::Dim, &more))?;
    }
    Ok(())
}

fn way(graph: &Graph, console: &mut Console) -> io::Result<()> {
    let edges = graph.edges.iter();
    let labels: Vec<&str> = edges
        .map(|edge| {
            if edge.source < edge.target {
                edge.relation_type.label()
            } else {
                edge.relation_type.inverse().label()
            }
        })
        .collect();
    let columns = labels.iter().map(|label| label.len()).max().unwrap_or(0);
    for (at, node) in graph.nodes.iter().enumerate() {
        match at.checked_sub(1).and_then(|before| labels.get(before)) {
            Some(label) => {
                let label = console.paint(Ink::Dim, &format!("{label:columns$}"));
                writeln!(console.out, "→ {label}  {}", node.entity_ref)?;
            }
            None => start(node, console)?,
        }
    }
    summary(&counted(labels.len(), "step"), console)
}

fn owned(ownership: &Ownership, console: &mut Console) -> io::Result<()> {
    let graph = &ownership.graph;
    tree(graph, &graph.tree(Direction::Both, false), console)?;
    let who = graph
        .nodes
        .first()
        .map_or("", |node| node.entity_ref.as_str());
    let text = match ownership.owned {
        Some(owned) => {
            let all = counted(owned.directly + owned.through, "entity");
            match owned.groups {
                0 => format!("{who} owns {all}."),
                groups => format!(
                    "{who} owns {all}: {} directly, {} through {}.",
                    count(owned.directly),
                    count(owned.through),
                    counted(groups, "group")
                ),
            }
        }
        None if graph.edges.is_empty() => format!("Nobody owns {who}."),
        None => return Ok(()),
    };
    summary(&text, console)
}

/// The sentence behind a drawing.
fn summary(text: &str, console: &mut Console) -> io::Result<()> {
    writeln!(console.out, "\n{text}")
}

fn sizes(graph: &Graph) -> String {
    let mut text = format!(
        "{}, {} among them",
        counted(graph.nodes.len(), "entity"),
        counted(graph.edges.len(), "link")
    );
    let missing = graph.missing().count();
    if missing > 0 {
        let _ = write!(text, ", {} not in the catalog", count(missing));
    }
    text
}

fn start(node: &Node, console: &mut Console) -> io::Result<()> {
    let name = console.paint(Ink::Bold, node.entity_ref.as_str());
    writeln!(console.out, "{name}")
}

fn tree(graph: &Graph, tree: &Tree, console: &mut Console) -> io::Result<()> {
    if let Some(node) = graph.nodes.first() {
        start(node, console)?;
    }
    branch(graph, tree, "", console)
}

/// The lines of what hangs on one entity: a relation with one end is a line, one with several has a line of its own.
fn branch(graph: &Graph, tree: &Tree, indent: &str, console: &mut Console) -> io::Result<()> {
    for (at, group) in tree.groups.iter().enumerate() {
        let (tick, bar) = lines(at + 1 == tree.groups.len());
        let head = console.paint(
            Ink::Dim,
            &format!("{indent}{tick}{}", group.relation_type.label()),
        );
        if let [twig] = group.twigs.as_slice() {
            writeln!(
                console.out,
                "{head} {}",
                end(graph, twig.node, twig.seen, console)
            )?;
            branch(graph, &twig.tree, &format!("{indent}{bar}"), console)?;
            continue;
        }
        let number = console.paint(Ink::Dim, &format!("({})", count(group.count())));
        writeln!(console.out, "{head} {number}")?;
        for (at, twig) in group.twigs.iter().enumerate() {
            let (tick, inner) = lines(at + 1 == group.twigs.len());
            let lead = console.paint(Ink::Dim, &format!("{indent}{bar}{tick}"));
            writeln!(
                console.out,
                "{lead}{}",
                end(graph, twig.node, twig.seen, console)
            )?;
            branch(graph, &twig.tree, &format!("{indent}{bar}{inner}"), console)?;
        }
    }
    Ok(())
}

/// How a line begins, and those below it.
fn lines(last: bool) -> (&'static str, &'static str) {
    if last {
        ("└─ ", "   ")
    } else {
        ("├─ ", "│  ")
    }
}

fn end(graph: &Graph, node: usize, seen: Option<Seen>, console: &Console) -> String {
    let Some(node) = graph.nodes.get(node) else {
        return String::new();
    };
    let name = node.entity_ref.as_str();
    let remark = match (node.row, seen) {
        (None, _) => console.paint(Ink::Warn, " ! not in the catalog"),
        (Some(_), Some(Seen::Above)) => console.paint(Ink::Dim, " ↺ seen above"),
        (Some(_), Some(Seen::Below)) => console.paint(Ink::Dim, " ↺ seen below"),
        (Some(_), None) => String::new(),
    };
    format!("{name}{remark}")
}
