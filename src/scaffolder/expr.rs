//! The template language: the nunjucks dialect that Backstage's scaffolder speaks, with JavaScript's values.
//!
//! Spec: nunjucks 3.2 as `@backstage/plugin-scaffolder-backend` uses it (delimiters `${{ }}`, no auto-escaping, no
//! loader), and where the two differ its successor nunjitsu, which current Backstage uses.
//!
//! ```text
//! text ─scan→ pieces ─lexer→ tokens ─parser, body→ tree ─exec, eval→ text or value
//! ```
//!
//! A template cannot reach anything but its context, and cannot run, nest or grow without end (see `fault`).

mod ast;
mod body;
mod call;
mod checks;
mod convert;
mod eval;
mod exec;
mod fault;
mod filters;
mod lexer;
mod lookup;
mod methods;
pub(crate) mod number;
mod parser;
pub(crate) mod reading;
mod regex;
mod scan;
mod scope;
#[cfg(test)]
mod tests;
mod utf16;
mod value;

use std::cell::Cell;
use std::rc::Rc;

use serde_json::Value as Json;

use ast::{Node, Program, StatementKind};
use eval::Machine;
use fault::Error;
pub use filters::names as filter_names;
pub(crate) use regex::replace_all;
use value::{Object, Value};
pub(crate) use value::{index_key, json_number};

/// How text is read and rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Which of Backstage's two engines to follow where they differ.
    pub engine: Engine,
    /// `{{ }}` instead of `${{ }}`, `True/False/None`, Python's methods: `cookiecutterCompat` of `fetch:template`.
    pub cookiecutter: bool,
    /// The first line break after a `{% %}` is dropped.
    pub trim_blocks: bool,
    /// Blanks before a `{% %}` that begins a line are dropped.
    pub lstrip_blocks: bool,
}

/// The two engines of Backstage's scaffolder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Engine {
    /// nunjitsu: `@backstage/plugin-scaffolder-backend` 4 and later.
    #[default]
    Current,
    /// nunjucks: before 4.
    Legacy,
}

/// Why text could not be rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Template error at line {line}, column {column}: {message}")]
pub struct ExprError {
    /// The line in the template text; counts from 1.
    pub line: u32,
    /// The column, in characters; counts from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
}

/// The names that a template sees, ready to be used many times on one thread.
#[derive(Debug, Clone, Default)]
pub struct Context(Rc<Object>);

impl Context {
    /// The keys of the object `json` as names in scope; anything else is no names at all.
    pub fn new(json: &Json) -> Self {
        match Value::from_json(json) {
            Value::Object(object) => Self(object),
            _ => Self::default(),
        }
    }
}

/// What a step's templates may ask about the run: `always()` and `failure()`.
#[derive(Debug, Default)]
pub(crate) struct StepStatus {
    /// Whether an earlier step failed.
    pub(crate) failed: bool,
    /// Set when a template asked.
    pub(crate) asked: Cell<bool>,
}

/// Renders `text` as `fetch:template` renders a file.
pub fn render_string(text: &str, context: &Context, options: Options) -> Result<String, ExprError> {
    let text_of = |error: Error| error.locate(text);
    let program = body::parse(text, options).map_err(text_of)?;
    let context = names(context, &program);
    let machine = Machine::new(text, &context, options, None);
    let mut out = String::with_capacity(text.len());
    machine
        .run(&program.body, &machine.root, &mut out)
        .map_err(text_of)?;
    Ok(out)
}

/// Renders the strings in `value` as a step's input is rendered: a string that is one `${{ }}` keeps its type, an error
/// leaves the text as it is, `None` is JavaScript's undefined. `always()` is true and `failure()` false.
pub fn render_value(value: &Json, context: &Context, options: Options) -> Option<Json> {
    render_step_value(value, context, options, &StepStatus::default())
}

/// [`render_value`] for a step of a run.
pub(crate) fn render_step_value(
    value: &Json,
    context: &Context,
    options: Options,
    step: &StepStatus,
) -> Option<Json> {
    match value {
        Json::String(text) => {
            render_text_value(text, context, options, step).unwrap_or_else(|_| Some(value.clone()))
        }
        Json::Array(items) => Some(
            items
                .iter()
                .map(|item| render_step_value(item, context, options, step).unwrap_or_default())
                .collect(),
        ),
        Json::Object(map) => Some(
            map.iter()
                .filter_map(|(key, value)| {
                    let value = render_step_value(value, context, options, step)?;
                    Some((key.clone(), value))
                })
                .collect::<serde_json::Map<_, _>>()
                .into(),
        ),
        other => Some(other.clone()),
    }
}

fn render_text_value(
    text: &str,
    context: &Context,
    options: Options,
    step: &StepStatus,
) -> Result<Option<Json>, Error> {
    let legacy = options.engine == Engine::Legacy;
    let program = body::parse(text, options)?;
    let single = matches!(&program.body[..], [one] if !matches!(one.kind, StatementKind::Text(_)));
    if legacy
        && single
        && let Ok(value) = render_dumped(text, context, options)
    {
        return Ok(value);
    }
    let context = names(context, &program);
    // The older engine has no `always()` and `failure()`.
    let machine = Machine::new(text, &context, options, (!legacy).then_some(step));
    if let Some(node) = sole_output(&program).filter(|_| !legacy) {
        let value = machine.eval(node, &machine.root)?;
        let json = value.to_native(&machine.meter);
        return json.map_err(|fault| fault.at(node.at));
    }
    let out = machine.capture(&program.body, &machine.root)?;
    if !legacy {
        return Ok(Some(out.into()));
    }
    // The older engine takes nothing for undefined.
    Ok((!out.is_empty()).then(|| out.into()))
}

/// The expression of a template that is one `${{ }}` and nothing else.
fn sole_output(program: &Program) -> Option<&Node> {
    match &program.body[..] {
        [only] => match &only.kind {
            StatementKind::Output(node) => Some(node),
            _ => None,
        },
        _ => None,
    }
}

/// What the older engine makes of a `text` that is one tag: its pattern `${{(.+)}}` is replaced, line by line, by
/// `${{ ( … ) | dump }}`, and what that prints is read as JSON. Nothing is undefined.
fn render_dumped(text: &str, context: &Context, options: Options) -> Result<Option<Json>, Error> {
    let lines: Vec<String> = text.split('\n').map(dumped).collect();
    let text = lines.join("\n");
    let program = body::parse(&text, options)?;
    let context = names(context, &program);
    let machine = Machine::new(&text, &context, options, None);
    let text = machine.capture(&program.body, &machine.root)?;
    if text.is_empty() {
        return Ok(None);
    }
    let value = serde_json::from_str(&text);
    value.map(Some).map_err(|error| Error {
        at: 0,
        message: error.to_string(),
    })
}

fn dumped(line: &str) -> String {
    let found = line
        .split_once("${{")
        .and_then(|(before, rest)| Some((before, rest.rsplit_once("}}")?)))
        .filter(|(_, (inner, _))| !inner.is_empty());
    found.map_or_else(
        || line.to_owned(),
        |(before, (inner, after))| format!("{before}${{{{ ( {inner} ) | dump }}}}{after}"),
    )
}

/// The context for `program`: a copy of its own if it changes lists.
fn names(context: &Context, program: &Program) -> Rc<Object> {
    if program.mutates {
        let copy = Value::Object(context.0.clone()).deep_clone();
        if let Value::Object(object) = copy {
            return object;
        }
    }
    context.0.clone()
}
