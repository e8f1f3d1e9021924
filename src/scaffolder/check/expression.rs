//! The expressions in a template's steps and output: whether they can be read, and whether what they name is there.

use serde_json::Value as Json;

use super::names::Names;
use super::{Findings, Spot, below, shown};
use crate::catalog::nearest::nearest;
use crate::catalog::{Level, Rule};
use crate::scaffolder::expr::reading::{self, Mention, NoTemplate, Reading, Unknown};

/// What a template sees of the run wherever it stands.
const ROOTS: [&str; 7] = [
    "parameters",
    "steps",
    "user",
    "context",
    "environment",
    "always",
    "failure",
];

/// The contexts of GitHub Actions, whose expressions are written alike.
const GITHUB: [&str; 11] = [
    "github", "matrix", "env", "vars", "runner", "needs", "inputs", "job", "strategy", "jobs",
    "secrets",
];

/// Where a text stands, which decides what it sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    /// The input of a step, or what it goes through.
    Input,
    /// The condition of a step.
    Condition,
    /// The output of the template.
    Output,
}

/// What the texts of one place see.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'a, 'n> {
    /// The names of the template.
    pub(super) names: &'a Names<'n>,
    /// How many steps are done by then.
    pub(super) before: usize,
    /// Whether the step goes through a list.
    pub(super) each: bool,
    /// Where it is.
    pub(super) place: Where,
}

impl Scope<'_, '_> {
    /// Checks the texts in `value`, which stands at `pointer`.
    pub(super) fn check(&self, value: &Json, pointer: &str, found: &mut Findings) {
        match value {
            Json::String(text) => self.text(text, pointer, found),
            Json::Array(items) => {
                for (number, item) in items.iter().enumerate() {
                    self.check(item, &format!("{pointer}/{number}"), found);
                }
            }
            Json::Object(map) => {
                for (key, value) in map {
                    let pointer = below(pointer, key);
                    if !unquoted(key, value, &pointer, found) {
                        self.check(value, &pointer, found);
                    }
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }

    fn text(&self, text: &str, pointer: &str, found: &mut Findings) {
        let inside = |at| Spot::Inside(pointer.to_owned(), at);
        if !text.contains("${{") && !text.contains("{%") {
            if let Some((at, old)) = old_syntax(text) {
                let message =
                    format!("'{old}' is left as it stands: expressions begin with ${{{{.");
                let finding = found.add(Rule::TemplateExpression, inside(at), message);
                finding.over(old).suggestion = Some(format!("${old}"));
            }
            return;
        }
        match reading::read(text) {
            Ok(reading) => self.reading(&reading, text, pointer, found),
            Err(NoTemplate { message, at }) => {
                let hint = hint(text, at);
                let message = format!("The expression cannot be read: {}{hint}", lower(&message));
                found.add(Rule::TemplateExpression, inside(at), message);
            }
        }
    }

    fn reading(&self, reading: &Reading, text: &str, pointer: &str, found: &mut Findings) {
        for Unknown { name, filter, at } in &reading.unknown {
            let what = if *filter { "filter" } else { "test" };
            let spot = Spot::Inside(pointer.to_owned(), *at);
            let message = format!(
                "There is no {what} {}, unless your Backstage has one of its own.",
                shown(&name.as_str().into())
            );
            let known = if *filter {
                reading::filters()
            } else {
                Vec::new()
            };
            let finding = found
                .add(Rule::TemplateExpression, spot, message)
                .over(name);
            if !finding.meaning(name, known.iter().copied()) {
                finding.at(Level::Info);
            }
        }
        let mut behind = 0;
        for mention in &reading.mentions {
            let Some((root, start)) = mention.path.first() else {
                continue;
            };
            // The rest of a name with hyphens.
            if *start < behind {
                continue;
            }
            let at = Mentioned {
                mention,
                text,
                pointer,
            };
            if self.hyphens(&at, root, found) {
                behind = at.end();
                continue;
            }
            match root.as_str() {
                "parameters" => self.parameter(&at, found),
                "steps" => self.step(&at, found),
                _ => self.root(&at, root, found),
            }
        }
    }

    /// Says of a name with hyphens that it is read as a subtraction: `steps.my-step` is `steps.my` minus `step`.
    fn hyphens(&self, at: &Mentioned<'_>, root: &str, found: &mut Findings) -> bool {
        let written = at.written();
        let with_hyphens = |name: &&str| name.contains('-');
        let steps = self.names.steps.iter().map(|step| step.id.as_str());
        let parameters = self.names.parameters.iter().flatten().copied();
        let meant = match root {
            "parameters" => nearest(written, parameters.filter(with_hyphens)),
            "steps" => nearest(written, steps.filter(with_hyphens)),
            _ => None,
        };
        let name = at.key(1).filter(|name| *name != written);
        let (Some(name), Some(meant)) = (name, meant) else {
            return false;
        };
        let rule = match root {
            "parameters" => Rule::TemplateParameters,
            _ => Rule::TemplateStepId,
        };
        let message = format!("'{root}.{written}' is read as '{root}.{name}' minus something.");
        let finding = found.add(rule, at.spot(1), message).over(written);
        finding.suggestion = Some(format!("{root}['{meant}']"));
        true
    }

    fn parameter(&self, at: &Mentioned<'_>, found: &mut Findings) {
        let (Some(known), Some(name)) = (&self.names.parameters, at.key(1)) else {
            return;
        };
        if known.contains(name) || at.mention.guarded {
            return;
        }
        let message = format!("No page of the form asks for {}.", shown(&name.into()));
        let finding = found.add(Rule::TemplateParameters, at.spot(1), message);
        finding.over(name).meaning(name, known.iter().copied());
    }

    fn step(&self, at: &Mentioned<'_>, found: &mut Findings) {
        let Some(id) = at.key(1) else {
            return;
        };
        let steps = &self.names.steps;
        let Some(number) = steps.iter().position(|step| step.id == id) else {
            if !self.names.more_steps {
                let message = format!("No step has the id {}.", shown(&id.into()));
                let finding = found.add(Rule::TemplateStepId, at.spot(1), message);
                let ids = steps.iter().map(|step| step.id.as_str());
                finding.over(id).meaning(id, ids);
            }
            return;
        };
        let later = steps.iter().skip(self.before).any(|step| step.id == id);
        if number >= self.before && later {
            let message = if number == self.before {
                format!("The step '{id}' cannot use its own output.")
            } else {
                format!("The step '{id}' runs only after this one: it has no output yet.")
            };
            found
                .add(Rule::TemplateStepOrder, at.spot(1), message)
                .over(id);
            return;
        }
        self.given(at, number, found);
    }

    /// What an expression takes of the step `number`.
    fn given(&self, at: &Mentioned<'_>, number: usize, found: &mut Findings) {
        let Some(step) = self.names.steps.get(number) else {
            return;
        };
        let Some(part) = at.key(2) else {
            return;
        };
        if part != "output" {
            let message = format!(
                "A step gives nothing but its output; there is no {}.",
                shown(&part.into())
            );
            let finding = found
                .add(Rule::TemplateStepId, at.spot(2), message)
                .over(part);
            finding.suggestion = match nearest(part, ["output"]) {
                Some(output) => Some(output.to_owned()),
                None => Some(format!("output.{part}")),
            };
            return;
        }
        let (Some(known), Some(name)) = (step.action, at.key(3)) else {
            return;
        };
        if known.outputs.is_empty() || known.outputs.contains(&name) || at.mention.guarded {
            return;
        }
        let message = format!("{} gives no {}.", known.id, shown(&name.into()));
        let finding = found
            .add(Rule::TemplateStepId, at.spot(3), message)
            .over(name);
        finding.meaning(name, known.outputs.iter().copied());
    }

    /// A name that is neither of the parameters nor of the steps.
    fn root(&self, at: &Mentioned<'_>, root: &str, found: &mut Findings) {
        let here = match root {
            "secrets" => self.place == Where::Input,
            "each" => self.each,
            _ => ROOTS.contains(&root),
        };
        if here || at.mention.guarded {
            return;
        }
        let (message, level) = match (root, self.place) {
            ("secrets", Where::Output) => (
                "Secrets are not there in the output.".to_owned(),
                Level::Warning,
            ),
            ("secrets", _) => (
                "Secrets are not there in a condition.".to_owned(),
                Level::Warning,
            ),
            ("each", _) => (
                "There is nothing to go through: the step has no 'each'.".to_owned(),
                Level::Warning,
            ),
            ("values" | "cookiecutter", _) => (
                format!(
                    "There is no '{root}' in a step; that name is for the files of a skeleton."
                ),
                Level::Warning,
            ),
            _ if at.key(1).is_some() && GITHUB.contains(&root) => (
                format!(
                    "'{root}' is not there, and the expression becomes nothing; write {{% raw %}}…{{% endraw %}} around \
                     what GitHub shall read."
                ),
                Level::Warning,
            ),
            _ => (
                format!(
                    "There is no {} here, unless your Backstage has it as a global.",
                    shown(&root.into())
                ),
                Level::Info,
            ),
        };
        let finding = found
            .add(Rule::TemplateExpression, at.spot(0), message)
            .at(level)
            .over(root);
        if level == Level::Info && finding.meaning(root, ROOTS) {
            finding.at(Level::Warning);
        }
    }
}

/// A value that an expression names, and where.
struct Mentioned<'a> {
    mention: &'a Mention,
    text: &'a str,
    pointer: &'a str,
}

impl Mentioned<'_> {
    /// The key number `index`.
    fn key(&self, index: usize) -> Option<&str> {
        self.mention.path.get(index).map(|(key, _)| key.as_str())
    }

    /// The name behind the first point as its author wrote it, hyphens and all.
    fn written(&self) -> &str {
        self.mention.written(1, self.text)
    }

    /// The byte behind that name.
    fn end(&self) -> usize {
        let start = self.mention.path.get(1).map_or(0, |(_, at)| *at);
        start + self.written().len()
    }

    fn spot(&self, index: usize) -> Spot {
        let at = self.mention.path.get(index).map_or(0, |(_, at)| *at);
        Spot::Inside(self.pointer.to_owned(), at)
    }
}

/// An expression in the way of the templates before `v1beta3`, and its byte in the text.
fn old_syntax(text: &str) -> Option<(usize, &str)> {
    let at = text.find("{{")?;
    let rest = text.get(at..)?;
    let inner = rest.get(2..)?.trim_start();
    let is_ours = ["parameters.", "steps.", "user.", "secrets.", "each."]
        .iter()
        .any(|root| inner.starts_with(root));
    let end = rest.find("}}")? + 2;
    is_ours.then(|| rest.get(..end).map(|old| (at, old)))?
}

/// Says of a key that it holds an expression without quotes, which YAML reads as a mapping; whether it does.
fn unquoted(key: &str, value: &Json, pointer: &str, found: &mut Findings) -> bool {
    // `x: {{ parameters.y }}` is to YAML a mapping from a mapping to nothing; its key is kept as JSON.
    if value.is_null() && key.starts_with('{') && key.ends_with(":null}") {
        let message = "YAML reads braces without quotes as a mapping.";
        let inner = key
            .trim_start_matches(['{', '"'])
            .trim_end_matches("\":null}")
            .trim_end_matches(":null}");
        let finding = found.add(
            Rule::TemplateExpression,
            Spot::Key(pointer.to_owned()),
            message,
        );
        finding.suggestion = Some(format!("\"${{{{ {} }}}}\"", inner.trim()));
        return true;
    }
    if key.contains("${{") {
        let message = format!("Keys are left as they stand, also {}.", shown(&key.into()));
        found.add(
            Rule::TemplateExpression,
            Spot::Key(pointer.to_owned()),
            message,
        );
    }
    false
}

/// What its author may have meant, by what stands at the byte `at`.
fn hint(text: &str, at: usize) -> &'static str {
    let rest = text.get(at..).unwrap_or_default();
    if rest.starts_with('&') {
        "; write 'and'."
    } else if rest.starts_with('|') {
        "; write 'or'."
    } else if rest.starts_with('!') {
        "; write 'not'."
    } else if rest.starts_with('?') {
        "; write 'a if condition else b'."
    } else {
        "."
    }
}

/// A message of the parser's as the end of a sentence.
fn lower(message: &str) -> String {
    let mut chars = message.chars();
    let first = chars.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(chars).collect()
}
