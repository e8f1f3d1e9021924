//! Languages that Pygments tells apart by patterns alone: its own rules, as data (`assets/pygments`), and what its
//! `RegexLexer` does with them.

use std::sync::{LazyLock, OnceLock};

use fancy_regex::{Captures, Regex, RegexBuilder, RegexInput};
use serde::Deserialize;

use super::{Class, Out, json};

/// The longest code that is told apart, in bytes; of longer code white space parts the words.
const MAX_CODE: usize = 256 << 10;
/// How deep states may lie within each other, and code of one language within another's.
const MAX_STATES: usize = 1_000;
const MAX_DEPTH: usize = 8;
/// How often a pattern may try again at one place, and how often that may be too often.
const MAX_TRIES: usize = 20_000;
const MAX_FAILURES: usize = 20;

/// All rules.
static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let text = include_str!("../../../../../assets/pygments/lexers.json");
    let mut rules: Rules = serde_json::from_str(text).unwrap_or_default();
    rules.compiled = rules.patterns.iter().map(|_| OnceLock::new()).collect();
    rules
});

#[derive(Debug, Default, Deserialize)]
struct Rules {
    patterns: Vec<String>,
    lexers: Vec<Lexer>,
    /// Patterns that were needed; `None` for those that cannot be read.
    #[serde(skip)]
    compiled: Vec<OnceLock<Option<Regex>>>,
}

#[derive(Debug, Deserialize)]
struct Lexer {
    names: Vec<String>,
    /// The first one is where code begins.
    states: Vec<Vec<Rule>>,
}

/// The number of a pattern, what becomes of its match, and where that leads.
#[derive(Debug, Deserialize)]
struct Rule(usize, Option<Action>, Vec<Step>);

/// A state that opens, so many that close where negative, or the same one again.
type Step = Option<i32>;

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Action {
    /// All of the match is of one class.
    Class(u8),
    Part(Part),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Part {
    /// Each group is something of its own.
    By(Vec<Option<Action>>),
    /// Code of this lexer, which is in these states.
    Using(usize, Vec<usize>),
    Json,
}

/// Tells `code` apart as the lexer called `language` does; `false` where there is none.
pub(super) fn read(code: &str, language: &str, out: &mut Out) -> bool {
    let lexers = RULES.lexers.iter();
    let Some(lexer) = lexers
        .enumerate()
        .find(|(_, lexer)| lexer.names.iter().any(|name| name == language))
    else {
        return false;
    };
    if code.len() > MAX_CODE {
        return false;
    }
    let mut reader = Reader { out, failures: 0 };
    reader.code(code, lexer.0, &[0], 0);
    true
}

struct Reader<'o> {
    out: &'o mut Out,
    /// How often a pattern was given up.
    failures: usize,
}

impl Reader<'_> {
    /// `RegexLexer.get_tokens_unprocessed`.
    fn code(&mut self, text: &str, lexer: usize, states: &[usize], depth: usize) {
        let Some(lexer_rules) = RULES.lexers.get(lexer).filter(|_| depth < MAX_DEPTH) else {
            self.out.push(Class::Plain, text);
            return;
        };
        let mut stack = states.to_vec();
        let mut at = 0;
        // Rules that match nothing could go round for ever.
        let mut turns = 16 * text.len() + 1_000;
        while let Some(rest) = text.get(at..) {
            turns = turns.saturating_sub(1);
            if turns == 0 || self.failures > MAX_FAILURES || stack.len() > MAX_STATES {
                self.out.push(Class::Plain, rest);
                return;
            }
            let state = stack
                .last()
                .and_then(|state| lexer_rules.states.get(*state));
            let mut rules = state.into_iter().flatten();
            if let Some((rule, captures)) =
                rules.find_map(|rule| Some((rule, self.matched(rule.0, text, at)?)))
            {
                if let Some(action) = &rule.1 {
                    self.act(action, &captures, depth);
                }
                at = captures.get(0).map_or(at, |found| found.end());
                for step in &rule.2 {
                    go(&mut stack, *step);
                }
                continue;
            }
            let Some(next) = rest.chars().next() else {
                return;
            };
            if next == '\n' {
                stack = vec![0];
            }
            let end = next.len_utf8();
            self.out
                .push(Class::Wrong, rest.get(..end).unwrap_or_default());
            at += end;
        }
    }

    /// The match of a pattern at this place of `text`.
    fn matched<'t>(
        &mut self,
        pattern: usize,
        text: &'t str,
        at: usize,
    ) -> Option<Captures<'t, str>> {
        let compiled = RULES.compiled.get(pattern)?.get_or_init(|| {
            let mut builder = RegexBuilder::new(RULES.patterns.get(pattern)?);
            builder.backtrack_limit(MAX_TRIES).build().ok()
        });
        let input = RegexInput::new(text).from_pos(at).anchored(true);
        let found = compiled.as_ref()?.captures_input(input);
        self.failures += usize::from(found.is_err());
        found.ok().flatten()
    }

    fn act(&mut self, action: &Action, captures: &Captures<'_, str>, depth: usize) {
        let text = captures.get(0).map_or("", |found| found.as_str());
        match action {
            Action::Part(Part::By(parts)) => {
                for (number, part) in parts.iter().enumerate() {
                    let group = captures.get(number + 1).map_or("", |found| found.as_str());
                    if let Some(part) = part {
                        self.piece(part, group, depth);
                    }
                }
            }
            action => self.piece(action, text, depth),
        }
    }

    /// What becomes of a piece of code.
    fn piece(&mut self, action: &Action, text: &str, depth: usize) {
        match action {
            Action::Class(class) => self.out.push(Class::Of(*class), text),
            Action::Part(Part::Using(lexer, states)) => self.code(text, *lexer, states, depth + 1),
            Action::Part(Part::Json) => json::read(text, self.out),
            Action::Part(Part::By(_)) => self.out.push(Class::Plain, text),
        }
    }
}

/// Where a rule leads.
fn go(stack: &mut Vec<usize>, step: Step) {
    match step.map(usize::try_from) {
        Some(Ok(state)) => stack.push(state),
        Some(Err(_)) => {
            let closed = step.unwrap_or_default().unsigned_abs() as usize;
            // The first one never closes.
            stack.truncate(stack.len().saturating_sub(closed).max(1));
        }
        None => stack.extend(stack.last().copied()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_patterns_can_be_read_and_all_steps_lead_somewhere() {
        assert!(!RULES.patterns.is_empty());
        for pattern in &RULES.patterns {
            let read = Regex::new(pattern);
            assert!(read.is_ok(), "{pattern}: {read:?}");
        }
        for lexer in &RULES.lexers {
            let steps = lexer
                .states
                .iter()
                .flatten()
                .flat_map(|rule| rule.2.iter().flatten());
            for step in steps {
                assert!(usize::try_from(*step).map_or(true, |state| state < lexer.states.len()));
            }
        }
    }

    #[test]
    fn code_is_told_apart_as_pygments_does() {
        let words = |code: &str, language: &str| {
            let mut out = Out::default();
            assert!(read(code, language, &mut out));
            out.finish().join(" ")
        };
        assert_eq!(
            words("let a: &'static str = f!(1)?;\n", "rust"),
            "let a : & ' static str = f ! ( 1 ) ? ;"
        );
        assert_eq!(
            words("const a = `b ${c}`;\n", "ts"),
            "const a = `b ${ c } ` ;"
        );
        assert_eq!(
            words("RUN apt-get update\n", "docker"),
            "RUN apt-get update"
        );
        assert!(!read("", "no-such-language", &mut Out::default()));
    }
}
