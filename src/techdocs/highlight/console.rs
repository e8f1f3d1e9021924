//! Sessions at a prompt: commands are coloured as shell (or Python), their output stands back.

use super::{Highlighted, Highlighter, add, syntax};
use crate::techdocs::role::Role;

/// The prompts that are known.
const PROMPTS: &[&str] = &["$ ", "# ", "% ", "> ", ">>> ", "... ", "PS> "];

/// The roles of a session in `language`.
pub(super) fn highlight(language: &str, code: &str) -> Highlighted {
    let grammar = syntax(if language == "pycon" {
        "python"
    } else {
        "bash"
    });
    let has_prompt = code.lines().any(|line| prompt(line).is_some());
    let mut lines = Vec::new();
    let mut continues = false;
    for line in code.lines() {
        let prompt = prompt(line);
        let (mark, command) = line
            .split_at_checked(prompt.unwrap_or(0))
            .unwrap_or(("", line));
        let mut pieces = Vec::new();
        add(&mut pieces, mark.len(), Role::Prompt);
        if prompt.is_some() || continues || !has_prompt {
            match grammar {
                Some(grammar) => Highlighter::new(grammar)
                    .line(command)
                    .into_iter()
                    .for_each(|(length, role)| {
                        add(&mut pieces, length, role);
                    }),
                None => add(&mut pieces, command.len(), Role::CodeText),
            }
            continues = command.ends_with('\\');
        } else {
            add(&mut pieces, command.len(), Role::Dim);
        }
        lines.push(pieces);
    }
    Highlighted { lines }
}

/// The length of the prompt that the line begins with.
fn prompt(line: &str) -> Option<usize> {
    PROMPTS
        .iter()
        .find(|prompt| line.starts_with(**prompt))
        .map(|prompt| prompt.len())
}
