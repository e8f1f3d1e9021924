//! What a template text says without being run: the names it mentions, and the filters and tests that nobody knows.

use std::collections::HashSet;

use super::ast::{Args, Body, Expr, Macro, Node, Program, SetValue, Statement, StatementKind};
use super::filters::Filter;
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
        at: (error.at as usize).min(text.len()),
    })?;
    let mut reader = Reader {
        source: text,
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
pub(crate) fn filters() -> Vec<&'static str> {
    filters::names().collect()
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

struct Reader<'a> {
    source: &'a str,
    /// The names that the template itself gives to something, anywhere.
    locals: HashSet<String>,
    mentions: Vec<Mention>,
    unknown: Vec<Unknown>,
    /// How many guards stand around what is read.
    guards: usize,
}

impl Reader<'_> {
    /// Notes the names that `body` gives.
    fn bind(&mut self, body: &Body) {
        for statement in body {
            match &statement.kind {
                StatementKind::Text(_) | StatementKind::Fails(_) | StatementKind::Output(_) => {}
                StatementKind::If(branch) => {
                    self.bind(&branch.then);
                    self.bind(&branch.otherwise);
                }
                StatementKind::For(repeat) => {
                    self.locals.insert("loop".to_owned());
                    self.locals
                        .extend(repeat.targets.iter().map(ToString::to_string));
                    self.bind(&repeat.body);
                    self.bind(&repeat.otherwise);
                }
                StatementKind::Set(set) => {
                    self.locals
                        .extend(set.targets.iter().map(ToString::to_string));
                    if let SetValue::Body(body) = &set.value {
                        self.bind(body);
                    }
                }
                StatementKind::Macro(definition) => self.bind_macro(definition),
                StatementKind::CallBlock(block) => self.bind_macro(&block.caller),
                StatementKind::FilterBlock(block) => self.bind(&block.body),
                StatementKind::Block(body) => self.bind(body),
                StatementKind::Switch(switch) => {
                    for (_, body) in &switch.cases {
                        self.bind(body);
                    }
                    self.bind(&switch.otherwise);
                }
            }
        }
    }

    fn bind_macro(&mut self, definition: &Macro) {
        let names = definition.params.iter();
        let defaults = definition.defaults.iter().map(|(name, _)| name);
        self.locals
            .extend(names.chain(defaults).map(ToString::to_string));
        self.locals.insert(definition.name.to_string());
        self.locals.insert("caller".to_owned());
        self.bind(&definition.body);
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
            StatementKind::If(branch) => self.guarded(|reader| {
                reader.node(&branch.condition);
                reader.body(&branch.then);
                reader.body(&branch.otherwise);
            }),
            StatementKind::For(repeat) => {
                self.node(&repeat.over);
                self.body(&repeat.body);
                self.body(&repeat.otherwise);
            }
            StatementKind::Set(set) => match &set.value {
                SetValue::Expr(node) => self.node(node),
                SetValue::Body(body) => self.body(body),
            },
            StatementKind::Macro(definition) => {
                self.nodes(definition.defaults.iter().map(|(_, node)| node));
                self.body(&definition.body);
            }
            StatementKind::CallBlock(block) => {
                self.node(&block.call.callee);
                self.args(&block.call.args);
                self.body(&block.caller.body);
            }
            StatementKind::FilterBlock(block) => {
                self.filter(&block.filter, statement.at);
                self.args(&block.args);
                self.body(&block.body);
            }
            StatementKind::Block(body) => self.body(body),
            StatementKind::Switch(switch) => {
                self.node(&switch.value);
                for (node, body) in &switch.cases {
                    self.node(node);
                    self.body(body);
                }
                self.body(&switch.otherwise);
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
            Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) | Expr::Regex(_) => {}
            Expr::Name(_) | Expr::Member(..) | Expr::Index(_) => self.member(node),
            Expr::Array(nodes) | Expr::Group(nodes) => self.nodes(nodes),
            Expr::Object(pairs) => self.nodes(pairs.iter().map(|(_, node)| node)),
            Expr::Slice(slice) => {
                self.node(&slice.target);
                self.nodes(
                    [&slice.start, &slice.end, &slice.step]
                        .into_iter()
                        .flatten(),
                );
            }
            Expr::InlineIf(choice) => self.guarded(|reader| {
                reader.node(&choice.condition);
                reader.node(&choice.then);
                reader.nodes(&choice.otherwise);
            }),
            Expr::Or(sides) => {
                self.guarded(|reader| reader.node(&sides.0));
                self.node(&sides.1);
            }
            Expr::Not(one) => self.guarded(|reader| reader.node(one)),
            Expr::Negative(one) | Expr::Positive(one) | Expr::Floor(one) => self.node(one),
            Expr::And(sides) | Expr::In(sides) | Expr::Binary(_, sides) => {
                self.node(&sides.0);
                self.node(&sides.1);
            }
            Expr::Compare(compare) => {
                self.node(&compare.first);
                self.nodes(compare.rest.iter().map(|(_, node)| node));
            }
            Expr::Is(is) => {
                self.guarded(|reader| reader.node(&is.value));
                if !checks::exists(&is.test) {
                    self.unknown(&is.test, false, node.at);
                }
                if let Some(args) = &is.args {
                    self.args(args);
                }
            }
            Expr::Filter(filtered) => {
                if matches!(filtered.filter.name(), "default" | "d") {
                    self.guarded(|reader| reader.node(&filtered.input));
                } else {
                    self.node(&filtered.input);
                }
                self.filter(&filtered.filter, node.at);
                self.args(&filtered.args);
            }
            Expr::Call(call) => {
                self.node(&call.callee);
                self.args(&call.args);
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

    fn filter(&mut self, filter: &Filter, at: u32) {
        if let Filter::Unknown(name) = filter {
            self.unknown(name, true, at);
        }
    }

    fn unknown(&mut self, name: &str, filter: bool, at: u32) {
        self.unknown.push(Unknown {
            name: name.to_owned(),
            filter,
            at: at as usize,
        });
    }

    /// A name and the members behind it.
    fn member(&mut self, node: &Node) {
        let mut keys = Vec::new();
        let mut at = node;
        let root = loop {
            match &at.expr {
                Expr::Member(target, key) => {
                    keys.push(Some((key.of(self.source).to_owned(), key.start() as usize)));
                    at = target;
                }
                Expr::Index(sides) => {
                    let (target, key) = &**sides;
                    let written = match &key.expr {
                        Expr::Text(text) => Some(text.to_string()),
                        Expr::Number(number) => Some(number.to_string()),
                        _ => {
                            self.node(key);
                            None
                        }
                    };
                    keys.push(written.map(|text| (text, key.at as usize)));
                    at = target;
                }
                Expr::Name(name) => break name.of(self.source),
                _ => return self.node(at),
            }
        };
        if self.locals.contains(root) || GLOBALS.contains(&root) {
            return;
        }
        // What a computed key leads to is not known.
        let known = keys.into_iter().rev().map_while(|key| key);
        let path = std::iter::once((root.to_owned(), at.at as usize)).chain(known);
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
