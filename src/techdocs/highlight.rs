//! Colouring of code, as roles. Slow (tens of milliseconds for the first block of a language): call it in a worker.
//!
//! Grammars are those of syntect as two-face collects them; their scopes are mapped to a dozen [`Role`]s, so that a theme
//! of sixteen colours can show them.

mod console;
mod diagram;
mod scopes;

use std::sync::OnceLock;

use syntect::parsing::{ParseState, ScopeStack, SyntaxReference, SyntaxSet};

use super::layout::{Line, Run};
use super::role::Role;

/// Longer code stays plain, in bytes.
const MAX_BYTES: usize = 256 << 10;
/// Longer lines stay plain, in bytes.
const MAX_LINE: usize = 4 << 10;

/// A block of code with a role for each of its pieces.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Highlighted {
    /// Each line's pieces: length in bytes and role.
    pub lines: Vec<Vec<(usize, Role)>>,
}

/// The roles in `code`; `None` where the language is not known or the code is too long.
pub fn highlight(language: &str, code: &str) -> Option<Highlighted> {
    if code.len() > MAX_BYTES {
        return None;
    }
    match language {
        "console" | "shell-session" | "terminal" | "pycon" => {
            Some(console::highlight(language, code))
        }
        "plantuml" | "puml" | "uml" | "mermaid" | "d2" => Some(diagram::highlight(code)),
        _ => {
            let syntax = syntax(language)?;
            let mut highlighter = Highlighter::new(syntax);
            Some(Highlighted {
                lines: code.lines().map(|line| highlighter.line(line)).collect(),
            })
        }
    }
}

/// The runs of a line of code with roles for its pieces; what is no code in it stays as it is.
pub fn painted(line: &Line, pieces: &[(usize, Role)]) -> Vec<Run> {
    let mut from = line.code.map_or(0, |(_, from)| from as usize);
    let mut pieces = pieces.iter().filter_map(|(length, role)| {
        let left = length.saturating_sub(from);
        from = from.saturating_sub(*length);
        (left > 0).then_some((left, *role))
    });
    let mut runs = Vec::with_capacity(line.runs.len() + 8);
    for run in &line.runs {
        if run.role != Role::CodeText {
            runs.push(run.clone());
            continue;
        }
        let mut rest = run.text.as_str();
        while let Some((length, role)) = pieces.next().filter(|_| !rest.is_empty()) {
            let (piece, tail) = rest.split_at_checked(length).unwrap_or((rest, ""));
            push(&mut runs, piece, role);
            rest = tail;
        }
        push(&mut runs, rest, Role::CodeText);
    }
    runs
}

fn push(runs: &mut Vec<Run>, text: &str, role: Role) {
    if !text.is_empty() {
        runs.push(Run {
            text: text.to_owned(),
            role,
            ..Run::default()
        });
    }
}

/// The grammars, unpacked when the first code is coloured.
fn syntaxes() -> &'static SyntaxSet {
    static SYNTAXES: OnceLock<SyntaxSet> = OnceLock::new();
    SYNTAXES.get_or_init(two_face::syntax::extra_newlines)
}

/// The grammar for a language as authors call it.
fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    let token = match language {
        "shell" | "sh" | "zsh" | "ash" | "env" | "dotenv" => "bash",
        "golang" => "go",
        "yml" | "helm" => "yaml",
        "py3" | "python3" | "ipython" => "python",
        "node" | "jsx" | "mjs" => "js",
        "docker" | "containerfile" => "dockerfile",
        "hcl" | "tf" => "terraform",
        "json5" | "jsonc" | "jsonl" => "json",
        "plaintext" | "text" | "txt" | "output" | "none" => return None,
        "c#" | "csharp" => "cs",
        "c++" => "cpp",
        "ps1" | "pwsh" => "powershell",
        "proto3" => "proto",
        "gql" => "graphql",
        "graphviz" | "gv" => "dot",
        "math" | "tex" => "latex",
        "make" => "makefile",
        "objc" => "objective-c",
        language => language,
    };
    let set = syntaxes();
    set.find_syntax_by_token(token)
        .or_else(|| set.find_syntax_by_name(token))
}

/// Reads line after line of one language.
struct Highlighter {
    state: ParseState,
    scopes: ScopeStack,
    broken: bool,
}

impl Highlighter {
    fn new(syntax: &SyntaxReference) -> Self {
        Self {
            state: ParseState::new(syntax),
            scopes: ScopeStack::new(),
            broken: false,
        }
    }

    /// The pieces of one line, without its end.
    fn line(&mut self, line: &str) -> Vec<(usize, Role)> {
        let plain = vec![(line.len(), Role::CodeText)];
        if self.broken || line.len() > MAX_LINE {
            return plain;
        }
        let ended = format!("{line}\n");
        let Ok(operations) = self.state.parse_line(&ended, syntaxes()) else {
            self.broken = true;
            return plain;
        };
        let mut pieces: Vec<(usize, Role)> = Vec::new();
        let mut last = 0;
        for (at, operation) in operations {
            let at = at.min(line.len());
            add(
                &mut pieces,
                at.saturating_sub(last),
                scopes::role(self.scopes.as_slice()),
            );
            last = at.max(last);
            if self.scopes.apply(&operation).is_err() {
                self.broken = true;
                return plain;
            }
        }
        add(
            &mut pieces,
            line.len() - last,
            scopes::role(self.scopes.as_slice()),
        );
        pieces
    }
}

/// Adds a piece, to the last one where the role is the same.
fn add(pieces: &mut Vec<(usize, Role)>, length: usize, role: Role) {
    match pieces.last_mut() {
        _ if length == 0 => {}
        Some((last, known)) if *known == role => *last += length,
        _ => pieces.push((length, role)),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::techdocs::{Reading, layout, markdown};

    fn roles(language: &str, code: &str) -> Vec<(String, Role)> {
        let highlighted = highlight(language, code).unwrap();
        let mut out = Vec::new();
        for (line, pieces) in code.lines().zip(highlighted.lines) {
            let mut rest = line;
            for (length, role) in pieces {
                let (piece, tail) = rest.split_at(length);
                if role != Role::CodeText {
                    out.push((piece.trim().to_owned(), role));
                }
                rest = tail;
            }
        }
        out
    }

    #[test]
    fn scopes_become_roles() {
        let found = roles(
            "rust,ignore".split(',').next().unwrap(),
            "// why\nfn main() { let x: u8 = 1; \"s\"; }\n",
        );
        assert!(
            found.contains(&("// why".to_owned(), Role::Comment)),
            "{found:?}"
        );
        assert!(
            found.contains(&("main".to_owned(), Role::Function)),
            "{found:?}"
        );
        assert!(
            found.contains(&("1".to_owned(), Role::Constant)),
            "{found:?}"
        );
        assert!(
            found.contains(&("\"s\"".to_owned(), Role::StringLit)),
            "{found:?}"
        );
        let found = roles("yml", "kind: Component # c\n");
        assert_eq!(found[0], ("kind".to_owned(), Role::Property));
    }

    #[test]
    fn languages_have_other_names_and_unknown_ones_stay_plain() {
        for language in [
            "golang", "shell", "toml", "ts", "hcl", "docker", "py3", "json5",
        ] {
            assert!(syntax(language).is_some(), "{language}");
        }
        assert_eq!(highlight("no-such-language", "x"), None);
        assert_eq!(highlight("text", "x"), None);
    }

    #[test]
    fn a_session_has_prompts_and_output() {
        let found = roles("console", "$ ls -la\ntotal 0\n");
        assert_eq!(found[0], ("$".to_owned(), Role::Prompt));
        assert_eq!(found.last().unwrap(), &("total 0".to_owned(), Role::Dim));
    }

    #[test]
    fn colours_are_painted_over_the_lines_they_belong_to() {
        let document = markdown::parse("- a\n\n    ```yaml\n    a: 1\n    ```\n");
        let page = layout(&document, 40, &Reading::default());
        let colours = highlight("yaml", &document.codes[0].text).unwrap();
        let line = page.lines.get(page.codes[0].lines.start).unwrap();
        let runs = painted(line, &colours.lines[0]);
        let text: String = runs.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(text, line.text());
        assert!(
            runs.iter()
                .any(|run| run.role == Role::Property && run.text == "a"),
            "{runs:?}"
        );
    }
}
