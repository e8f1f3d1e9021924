//! A formula on one line.

use super::letter::{lowered, raised};
use super::parse::{Fence, Node};

/// The nodes as text.
pub(super) fn set(nodes: &[Node]) -> String {
    let mut text = String::new();
    for (at, node) in nodes.iter().enumerate() {
        piece(node, nodes.get(at.wrapping_sub(1)), &mut text);
    }
    text.trim().to_owned()
}

/// Adds one node behind `before`.
fn piece(node: &Node, before: Option<&Node>, text: &mut String) {
    match node {
        Node::Word(word) => {
            // A name stands apart from the letters beside it.
            let is_name =
                |word: &str| word.chars().count() > 1 && word.starts_with(char::is_alphabetic);
            let joins =
                text.ends_with(char::is_alphanumeric) && word.starts_with(char::is_alphanumeric);
            let beside = matches!(before, Some(Node::Word(last)) if is_name(last));
            if joins && (is_name(word) || beside) {
                text.push(' ');
            } else if word.starts_with([')', ']', '}', ',', ';']) {
                text.truncate(text.trim_end().len());
            }
            text.push_str(word);
        }
        Node::Relation(sign) => spaced(sign, text),
        Node::Operator(sign) => {
            let is_unary = text.trim_end().is_empty()
                || text.ends_with(['(', '[', '{'])
                || matches!(before, Some(Node::Relation(_) | Node::Operator(_)));
            if is_unary {
                text.push_str(sign);
            } else {
                spaced(sign, text);
            }
        }
        Node::Space => gap(text),
        Node::Group(nodes) => text.push_str(&set(nodes)),
        Node::Fraction(over, under) => {
            let whole = format!("{}/{}", fenced(over), fenced(under));
            if text.ends_with(char::is_alphanumeric) {
                text.push(' ');
            }
            text.push_str(&whole);
            text.push(' ');
        }
        Node::Root(degree, inner) => {
            let degree = degree.as_ref().map(|degree| set(degree));
            match degree.as_deref() {
                None | Some("2") => text.push('√'),
                Some("3") => text.push('∛'),
                Some("4") => text.push('∜'),
                Some(degree) => {
                    text.push_str(&raised(degree).unwrap_or_else(|| format!("({degree})")));
                    text.push('√');
                }
            }
            text.push_str(&fenced(inner));
        }
        Node::Scripts {
            base,
            sub,
            sup,
            limits,
        } => {
            piece(base, before, text);
            if let Some(sub) = sub {
                script(&set(sub), '_', lowered, text);
            }
            if let Some(sup) = sup {
                script(&set(sup), '^', raised, text);
            }
            if *limits {
                gap(text);
            }
        }
        Node::Accent(sign, inner) => {
            for c in set(inner).chars() {
                text.push(c);
                if !c.is_whitespace() {
                    text.push(*sign);
                }
            }
        }
        Node::Rows { open, close, rows } => {
            let rows: Vec<String> = rows
                .iter()
                .map(|row| {
                    row.iter()
                        .map(|cell| set(cell))
                        .collect::<Vec<_>>()
                        .join(" ")
                })
                .collect();
            text.push_str(fence(*open).0);
            text.push_str(&rows.join("; "));
            text.push_str(fence(*close).1);
        }
    }
}

/// The signs of a fence on one line.
fn fence(fence: Fence) -> (&'static str, &'static str) {
    match fence {
        Fence::None => ("", ""),
        Fence::Round => ("(", ")"),
        Fence::Square => ("[", "]"),
        Fence::Curly => ("{", "}"),
        Fence::Bar => ("|", "|"),
        Fence::Double => ("‖", "‖"),
    }
}

fn gap(text: &mut String) {
    if !text.is_empty() && !text.ends_with(' ') {
        text.push(' ');
    }
}

fn spaced(sign: &str, text: &mut String) {
    gap(text);
    text.push_str(sign);
    text.push(' ');
}

/// `nodes` in parentheses, where they are more than one term.
fn fenced(nodes: &[Node]) -> String {
    let text = set(nodes);
    let is_number = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let is_one = nodes.len() <= 1 && !text.contains([' ', '/']);
    let is_closed = text.starts_with('(') && text.find(')') == Some(text.len() - 1);
    if is_number || is_one || is_closed {
        text
    } else {
        format!("({text})")
    }
}

fn script(script: &str, sign: char, small: fn(&str) -> Option<String>, text: &mut String) {
    match small(script) {
        Some(small) => text.push_str(&small),
        None if script.chars().count() == 1 => {
            text.push(sign);
            text.push_str(script);
        }
        None => {
            text.push(sign);
            text.push('(');
            text.push_str(script);
            text.push(')');
        }
    }
}
