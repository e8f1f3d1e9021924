//! What is wrong with a template before anyone runs it: the form that its parameters make, the input of its steps, and
//! the expressions in them.
//!
//! Pure. A [`Finding`] names its place by a JSON pointer into the entity; who read the file knows the line. Nothing of it
//! is an error in the catalog's sense: Backstage takes the template, and fails when somebody runs it.

mod condition;
mod expression;
mod form;
mod input;
mod names;
mod output;
mod schema;
mod steps;

use serde_json::Value as Json;

use crate::catalog::nearest::nearest;
use crate::catalog::{Level, Rule};

/// How many findings of one template are told; the rest would not be read.
const MOST: usize = 200;

/// One thing that is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule found it.
    pub rule: Rule,
    /// How bad it is.
    pub level: Level,
    /// Where it is.
    pub spot: Spot,
    /// How many characters it takes there; 0 where only the beginning is known.
    pub length: usize,
    /// One sentence: what is wrong.
    pub message: String,
    /// What was probably meant, as it would be written there.
    pub suggestion: Option<String>,
}

/// A place in an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spot {
    /// The value at a JSON pointer.
    Node(String),
    /// The key of the value at a JSON pointer.
    Key(String),
    /// A byte of the text at a JSON pointer.
    Inside(String, usize),
}

/// A file or folder that a step names relative to the template's own file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where the step names it, as a JSON pointer.
    pub pointer: String,
    /// Its path as written.
    pub path: String,
}

/// Checks the template in the entity `body`, whose placeholders are resolved.
pub fn check(body: &Json) -> Vec<Finding> {
    let Some(spec) = body.get("spec") else {
        return Vec::new();
    };
    let mut found = Findings::default();
    let names = names::Names::of(spec);
    form::check(spec, &names, &mut found);
    steps::check(spec, &names, &mut found);
    output::check(spec, &names, &mut found);
    found.0
}

/// The files and folders that the steps of the entity `body` fetch from beside the template.
pub fn sources(body: &Json) -> Vec<Source> {
    let steps = body.pointer("/spec/steps").and_then(Json::as_array);
    let of_step = |(number, step): (usize, &Json)| {
        let action = step.get("action")?.as_str()?;
        let path = step.pointer("/input/url")?.as_str()?;
        let is_relative = !path.is_empty()
            && !path.contains("://")
            && !path.contains("${{")
            && !path.contains("{%");
        (action.starts_with("fetch:") && is_relative).then(|| Source {
            pointer: format!("/spec/steps/{number}/input/url"),
            path: path.to_owned(),
        })
    };
    steps
        .into_iter()
        .flatten()
        .enumerate()
        .filter_map(of_step)
        .collect()
}

/// What was found so far.
#[derive(Debug, Default)]
struct Findings(Vec<Finding>);

impl Findings {
    /// Adds a finding at its rule's own level.
    fn add(&mut self, rule: Rule, spot: Spot, message: impl Into<String>) -> &mut Finding {
        if self.0.len() >= MOST {
            self.0.truncate(MOST - 1);
        }
        self.0.push(Finding {
            rule,
            level: rule.level(),
            spot,
            length: 0,
            message: message.into(),
            suggestion: None,
        });
        let last = self.0.len() - 1;
        &mut self.0[last]
    }
}

impl Finding {
    /// The finding at another level.
    fn at(&mut self, level: Level) -> &mut Self {
        self.level = level;
        self
    }

    /// The finding, of the word `word`.
    fn over(&mut self, word: &str) -> &mut Self {
        self.length = word.chars().count();
        self
    }

    /// The finding, with the one of `known` that was probably meant by `word`; true if there is one.
    fn meaning<'a>(&mut self, word: &str, known: impl IntoIterator<Item = &'a str>) -> bool {
        self.suggestion = nearest(word, known).map(str::to_owned);
        self.suggestion.is_some()
    }
}

/// The JSON pointer `pointer` with one more step.
fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// A value in words, with its article.
fn in_words(value: &Json) -> &'static str {
    match value {
        Json::Null => "empty",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "a mapping",
    }
}

/// A value as it may stand in a message: short, on one line.
fn shown(value: &Json) -> String {
    const LONGEST: usize = 40;
    let text = match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    let line = crate::catalog::text::one_line(&text);
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("'{}…'", line.get(..end).unwrap_or_default()),
        None => format!("'{line}'"),
    }
}

/// Whether a mapping is a placeholder (`$yaml: …`) that was not replaced: what it stands for is not known.
fn is_placeholder(value: &Json) -> bool {
    let keys = value.as_object().map(|map| map.keys());
    keys.is_some_and(|mut keys| keys.any(|key| matches!(key.as_str(), "$yaml" | "$json" | "$text")))
}

#[cfg(test)]
mod tests;
