//! What a template text says without being run: the names it mentions, and the filters and tests that nobody knows.

use std::collections::HashSet;

use super::ast::{Args, Body, Expr, Node, Program, SetValue, Statement, StatementKind};
use super::{Options, body, checks, filters};

/// The names that are there in every template.
const GLOBALS: [&str; 3] = ["range", "cycler", "joiner"];

/// A template text, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    /// What it is made of.
    pub(crate) shape: Shape,
    /// The names that it takes from its context, in their order.
    pub(crate) mentions: Vec<Mention>,
    /// The filters and tests that there are not.
    pub(crate) unknown: Vec<Unknown>,
}

/// What a template text is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Plain text, or nothing.
    Plain,
    /// One `${{ }}` and nothing else: its value keeps its type.
    Sole,
    /// Text with expressions in it: never empty.
    Mixed,
    /// Tags, of which some may print nothing.
    Tags,
}

/// A value that a template takes from its context: `parameters.name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mention {
    /// The name and the keys behind it as far as they are written out, each with its byte in the text.
    pub(crate) path: Vec<(String, usize)>,
    /// Whether the template says what happens where there is no such value: `default`, `or`, `if`, `is defined`.
    pub(crate) guarded: bool,
}

/// A filter or a test that there is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unknown {
    /// Its name.
    pub(crate) name: String,
    /// Whether it is a filter; a test otherwise.
    pub(crate) filter: bool,
    /// Its byte in the text.
    pub(crate) at: usize,
}

/// Why a text is no template, and at which byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NoTemplate {
    /// What is wrong.
    pub(crate) message: String,
    /// The byte in the text.
    pub(crate) at: usize,
}

/// Reads `text` as the current engine would.
pub(crate) fn read(text: &str) -> Result<Reading, NoTemplate> {
    let program = body::parse(text, Options::default()).map_err(|error| NoTemplate {
        message: error.message,
        at: error.at.min(text.len()),
    })?;
    let mut reader = Reader {
        locals: HashSet::new(),
        mentions: Vec::new(),
        unknown: Vec::new(),
        guards: 0,
    };
    reader.bind(&program.body);
    reader.body(&program.body);
    let mut mentions = reader.mentions;
    mentions.sort_by_key(|mention| mention.path.first().map(|(_, at)| *at));
    Ok(Reading {
        shape: shape(&program),
        mentions,
        unknown: reader.unknown,
    })
}

/// The names of the filters that there are.
pub(crate) fn filters() -> &'static [&'static str] {
    filters::NAMES
}

fn shape(program: &Program) -> Shape {
    let is_text = |statement: &Statement| matches!(statement.kind, StatementKind::Text(_));
    match &program.body[..] {
        [one] if matches!(one.kind, StatementKind::Output(_)) => Shape::Sole,
        all if all.iter().all(is_text) => Shape::Plain,
        all if all.iter().any(is_text) => Shape::Mixed,
        _ => Shape::Tags,
    }
}

struct Reader {
    /// The names that the template itself gives to something, anywhere.
    locals: HashSet<String>,
    mentions: Vec<Mention>,
    unknown: Vec<Unknown>,
    /// How many guards stand around what is read.
    guards: usize,
}

impl Reader {
    /// Notes the names that `body` gives.
    fn bind(&mut self, body: &Body) {
        for statement in body {
            match &statement.kind {
                StatementKind::Text(_) | StatementKind::Fails(_) | StatementKind::Output(_) => {}
                StatementKind::If {
                    then, otherwise, ..
                } => {
                    self.bind(then);
                    self.bind(otherwise);
                }
                StatementKind::For {
                    targets,
                    body,
                    otherwise,
                    ..
                } => {
                    self.locals.insert("loop".to_owned());
                    self.locals.extend(targets.iter().map(ToString::to_string));
                    self.bind(body);
                    self.bind(otherwise);
                }
                StatementKind::Set { targets, value } => {
                    self.locals.extend(targets.iter().map(ToString::to_string));
                    if let SetValue::Body(body) = value {
                        self.bind(body);
                    }
                }
                StatementKind::Macro(definition)
                | StatementKind::CallBlock {
                    caller: definition, ..
                } => {
                    let names = definition.params.iter();
                    let defaults = definition.defaults.iter().map(|(name, _)| name);
                    self.locals
                        .extend(names.chain(defaults).map(ToString::to_string));
                    self.locals.insert(definition.name.to_string());
                    self.locals.insert("caller".to_owned());
                    self.bind(&definition.body);
                }
                StatementKind::FilterBlock { body, .. } | StatementKind::Block(body) => {
                    self.bind(body);
                }
                StatementKind::Switch {
                    cases, otherwise, ..
                } => {
                    for (_, body) in cases {
                        self.bind(body);
                    }
                    self.bind(otherwise);
                }
            }
        }
    }

    fn body(&mut self, body: &Body) {
        for statement in body {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match &statement.kind {
            StatementKind::Text(_) | StatementKind::Fails(_) => {}
            StatementKind::Output(node) => self.node(node),
            StatementKind::If {
                condition,
                then,
                otherwise,
            } => self.guarded(|reader| {
                reader.node(condition);
                reader.body(then);
                reader.body(otherwise);
            }),
            StatementKind::For {
                over,
                body,
                otherwise,
                ..
            } => {
                self.node(over);
                self.body(body);
                self.body(otherwise);
            }
            StatementKind::Set { value, .. } => match value {
                SetValue::Expr(node) => self.node(node),
                SetValue::Body(body) => self.body(body),
            },
            StatementKind::Macro(definition) => {
                self.nodes(definition.defaults.iter().map(|(_, node)| node));
                self.body(&definition.body);
            }
            StatementKind::CallBlock {
                callee,
                args,
                caller,
            } => {
                self.node(callee);
                self.args(args);
                self.body(&caller.body);
            }
            StatementKind::FilterBlock { name, args, body } => {
                self.filter(name, statement.at);
                self.args(args);
                self.body(body);
            }
            StatementKind::Block(body) => self.body(body),
            StatementKind::Switch {
                value,
                cases,
                otherwise,
            } => {
                self.node(value);
                for (node, body) in cases {
                    self.node(node);
                    self.body(body);
                }
                self.body(otherwise);
            }
        }
    }

    fn guarded(&mut self, read: impl FnOnce(&mut Self)) {
        self.guards += 1;
        read(self);
        self.guards -= 1;
    }

    fn node(&mut self, node: &Node) {
        match &node.expr {
            Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) | Expr::Regex { .. } => {}
            Expr::Name(_) | Expr::Member { .. } => self.member(node),
            Expr::Array(nodes) | Expr::Group(nodes) => self.nodes(nodes),
            Expr::Object(pairs) => self.nodes(pairs.iter().map(|(_, node)| node)),
            Expr::Slice {
                target,
                start,
                end,
                step,
            } => {
                self.node(target);
                for part in [start, end, step].into_iter().flatten() {
                    self.node(part);
                }
            }
            Expr::InlineIf {
                condition,
                then,
                otherwise,
            } => self.guarded(|reader| {
                reader.node(condition);
                reader.node(then);
                if let Some(otherwise) = otherwise {
                    reader.node(otherwise);
                }
            }),
            Expr::Or(left, right) => {
                self.guarded(|reader| reader.node(left));
                self.node(right);
            }
            Expr::Not(one) => self.guarded(|reader| reader.node(one)),
            Expr::Negative(one) | Expr::Positive(one) | Expr::Floor(one) => self.node(one),
            Expr::And(left, right) | Expr::In(left, right) | Expr::Binary { left, right, .. } => {
                self.node(left);
                self.node(right);
            }
            Expr::Compare { first, rest } => {
                self.node(first);
                self.nodes(rest.iter().map(|(_, node)| node));
            }
            Expr::Is { value, test, args } => {
                self.guarded(|reader| reader.node(value));
                if !checks::exists(test) {
                    self.unknown.push(Unknown {
                        name: test.to_string(),
                        filter: false,
                        at: node.at,
                    });
                }
                if let Some(args) = args {
                    self.args(args);
                }
            }
            Expr::Filter { name, input, args } => {
                if matches!(&**name, "default" | "d") {
                    self.guarded(|reader| reader.node(input));
                } else {
                    self.node(input);
                }
                self.filter(name, node.at);
                self.args(args);
            }
            Expr::Call { callee, args } => {
                self.node(callee);
                self.args(args);
            }
        }
    }

    fn nodes<'a>(&mut self, nodes: impl IntoIterator<Item = &'a Node>) {
        for node in nodes {
            self.node(node);
        }
    }

    fn args(&mut self, args: &Args) {
        self.nodes(&args.positional);
        self.nodes(args.keyword.iter().map(|(_, node)| node));
    }

    fn filter(&mut self, name: &str, at: usize) {
        if !filters::NAMES.contains(&name) {
            self.unknown.push(Unknown {
                name: name.to_owned(),
                filter: true,
                at,
            });
        }
    }

    /// A name and the members behind it.
    fn member(&mut self, node: &Node) {
        let mut keys = Vec::new();
        let mut at = node;
        let root = loop {
            match &at.expr {
                Expr::Member { target, key } => {
                    match &key.expr {
                        Expr::Text(text) => keys.push(Some((text.to_string(), key.at))),
                        Expr::Number(number) => keys.push(Some((number.to_string(), key.at))),
                        _ => {
                            self.node(key);
                            keys.push(None);
                        }
                    }
                    at = target;
                }
                Expr::Name(name) => break name,
                _ => return self.node(at),
            }
        };
        if self.locals.contains(&**root) || GLOBALS.contains(&&**root) {
            return;
        }
        // What a computed key leads to is not known.
        let known = keys.into_iter().rev().map_while(|key| key);
        let path = std::iter::once((root.to_string(), at.at)).chain(known);
        self.mentions.push(Mention {
            path: path.collect(),
            guarded: self.guards > 0,
        });
    }
}

impl Mention {
    /// The key number `index` as it is written in `text`, with what follows a hyphen: `my-step`, which the language reads
    /// as a subtraction.
    pub(crate) fn written<'a>(&self, index: usize, text: &'a str) -> &'a str {
        let at = self.path.get(index).map_or(text.len(), |(_, at)| *at);
        let rest = text.get(at..).unwrap_or_default();
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default().trim_end_matches('-')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentions(text: &str) -> Vec<String> {
        let mention = |mention: &Mention| {
            let keys: Vec<&str> = mention.path.iter().map(|(key, _)| key.as_str()).collect();
            let mark = if mention.guarded { "?" } else { "" };
            format!("{}{mark}", keys.join("."))
        };
        let reading = read(text).map_err(|error| error.message);
        reading.map_or_else(
            |error| vec![error],
            |reading| reading.mentions.iter().map(mention).collect(),
        )
    }

    #[test]
    fn names_are_found_wherever_they_stand() {
        assert_eq!(
            mentions(
                "${{ parameters.a + steps['x-y'].output.b }} {% if user.entity %}${{ each }}{% endif %}"
            ),
            [
                "parameters.a",
                "steps.x-y.output.b",
                "user.entity?",
                "each?"
            ]
        );
        assert_eq!(
            mentions("${{ parameters[steps.x.output.key].z }}"),
            ["parameters", "steps.x.output.key"]
        );
    }

    #[test]
    fn names_of_its_own_are_no_mentions() {
        assert_eq!(
            mentions(
                "{% set a = parameters.x %}{% for k, v in a %}${{ loop.index ~ k ~ v ~ range(3) }}{% endfor %}"
            ),
            ["parameters.x"]
        );
        assert_eq!(
            mentions("{% macro m(x, y=1) %}${{ x + y }}{% endmacro %}${{ m(1) }}"),
            [""; 0]
        );
    }

    #[test]
    fn guards_are_noticed() {
        for text in [
            "parameters.a | default('b')",
            "parameters.a or 'b'",
            "'x' if parameters.a else 'y'",
            "parameters.a is defined",
            "not parameters.a",
        ] {
            assert_eq!(mentions(&format!("${{{{ {text} }}}}")), ["parameters.a?"]);
        }
    }

    #[test]
    fn filters_and_tests_that_are_not_there_are_named() {
        let reading = read("${{ x | uper | dump }} ${{ y is emty }}").map(|it| it.unknown);
        let names: Vec<_> = reading
            .iter()
            .flatten()
            .map(|unknown| (unknown.name.as_str(), unknown.filter, unknown.at))
            .collect();
        assert_eq!(names, [("uper", true, 8), ("emty", false, 32)]);
    }

    #[test]
    fn shapes_tell_what_is_always_true() {
        let shape = |text| read(text).map(|reading| reading.shape);
        assert_eq!(shape("parameters.a"), Ok(Shape::Plain));
        assert_eq!(shape("${{ a }}"), Ok(Shape::Sole));
        assert_eq!(shape("${{ a }}\n"), Ok(Shape::Mixed));
        assert_eq!(shape("{% if a %}x{% endif %}"), Ok(Shape::Tags));
    }

    #[test]
    fn hyphens_are_seen_as_their_author_meant_them() {
        let text = "${{ steps.my-big-step.output }}";
        let reading = read(text);
        let written = reading.map(|it| it.mentions[0].written(1, text).to_owned());
        assert_eq!(written.as_deref(), Ok("my-big-step"));
    }
}
