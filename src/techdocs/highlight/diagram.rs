//! The sources of diagrams for which there is no grammar, PlantUML and Mermaid: keywords, arrows, quoted names, comments.

use super::{Highlighted, add};
use crate::techdocs::role::Role;

/// Words that open a line or a part of one.
const KEYWORDS: &str = "
    participant actor boundary control entity database collections queue autonumber activate deactivate return alt else
    opt loop par break critical group end note over of title header footer legend skinparam class interface enum
    abstract annotation package namespace component node cloud frame folder rectangle storage card artifact state
    usecase object map start stop if then elseif endif while endwhile repeat fork again split switch case endswitch
    left right top bottom to direction hide show as is together newpage scale partition swimlane extends implements
    graph flowchart subgraph sequenceDiagram classDiagram stateDiagram stateDiagram-v2 erDiagram gantt pie journey
    gitGraph mindmap timeline section style classDef click linkStyle and rect requirementDiagram quadrantChart
";

/// The signs that arrows are made of.
const ARROW: &[char] = &[
    '-', '=', '.', '<', '>', '|', '*', 'o', 'x', '~', '/', '\\', '+', '#', '(', ')', '{', '}',
];

/// The roles of a diagram's source.
pub(super) fn highlight(code: &str) -> Highlighted {
    Highlighted {
        lines: code.lines().map(line).collect(),
    }
}

fn line(line: &str) -> Vec<(usize, Role)> {
    let mut pieces = Vec::new();
    let start = line.trim_start();
    if start.starts_with('\'') || start.starts_with("%%") {
        add(&mut pieces, line.len(), Role::Comment);
        return pieces;
    }
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let (length, role) = piece(rest, c);
        add(&mut pieces, length, role);
        rest = rest.get(length..).unwrap_or_default();
    }
    pieces
}

/// The length and the role of what `rest`, which begins with `c`, begins with.
fn piece(rest: &str, c: char) -> (usize, Role) {
    let until = |end: fn(char) -> bool| rest.find(end).unwrap_or(rest.len());
    let quoted = |close: char| {
        let inner = rest.get(c.len_utf8()..).and_then(|inner| inner.find(close));
        inner.map_or(rest.len(), |at| c.len_utf8() + at + close.len_utf8())
    };
    match c {
        '"' => (quoted('"'), Role::StringLit),
        '@' | '!' => (until(char::is_whitespace), Role::Keyword),
        '#' => (
            until(|c| !c.is_alphanumeric() && c != '#').max(1),
            Role::Constant,
        ),
        '[' => (quoted(']'), Role::StringLit),
        c if c.is_alphabetic() || c == '_' => {
            let length = until(|c| !c.is_alphanumeric() && c != '_');
            let word = rest.get(..length).unwrap_or_default();
            let is_keyword = KEYWORDS.split_whitespace().any(|known| known == word);
            (
                length,
                if is_keyword {
                    Role::Keyword
                } else {
                    Role::CodeText
                },
            )
        }
        c if c.is_ascii_digit() => (until(|c| !c.is_ascii_digit() && c != '.'), Role::Constant),
        '-' | '=' | '<' | '.' | '|' | '~' => {
            let length = until(|c| !ARROW.contains(&c));
            (length.max(1), Role::Operator)
        }
        ':' => (1, Role::Operator),
        c => (c.len_utf8(), Role::CodeText),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diagrams_show_their_parts() {
        let code = "@startuml\n' who\nactor \"A b\" as A\nA -> B : pays\n@enduml\n";
        let found = highlight(code);
        let roles: Vec<Vec<Role>> = found
            .lines
            .iter()
            .map(|line| line.iter().map(|(_, role)| *role).collect())
            .collect();
        assert_eq!(roles[0], [Role::Keyword]);
        assert_eq!(roles[1], [Role::Comment]);
        assert!(roles[2].contains(&Role::StringLit) && roles[2][0] == Role::Keyword);
        assert!(roles[3].contains(&Role::Operator));
        for (line, pieces) in code.lines().zip(&found.lines) {
            assert_eq!(
                line.len(),
                pieces.iter().map(|(length, _)| length).sum::<usize>()
            );
        }
    }
}
