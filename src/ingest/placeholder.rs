//! `$text`, `$json` and `$yaml` (`PlaceholderProcessor`): an object with just that one key becomes what its file holds.
//!
//! Any other key that begins with `$`, and any such key with company, is left alone and not looked into. What was put in
//! is not looked into either. In `file:` locations Backstage resolves none; we do, and say so.

use serde_json::Value;

use super::seen::is_same;
use super::{Limits, Location, LocationType, Options, Reader, SourceFile};
use crate::catalog::integration::repository;
use crate::catalog::yaml::{self, Mark, Marks};
use crate::catalog::{Integrations, Rule, policy, text};

/// What came of one placeholder that needs saying.
pub(super) struct Finding {
    pub(super) rule: Rule,
    pub(super) mark: Mark,
    pub(super) message: String,
    /// The JSON pointer of a node that could not be replaced.
    pub(super) failed: Option<String>,
}

/// Replaces the placeholders in `body` by what `reader` finds relative to `base`; `marks` follow.
pub(super) fn resolve(
    body: &mut Value,
    marks: &mut Marks,
    base: &Location,
    reader: &dyn Reader,
    options: &Options,
) -> Vec<Finding> {
    let mut walk = Walk {
        marks,
        base,
        reader,
        limits: &options.limits,
        hosts: &options.hosts,
        index: 0,
        room: options.limits.file_bytes,
        findings: Vec::new(),
    };
    walk.node(body, "");
    walk.findings
}

struct Walk<'a> {
    marks: &'a mut Marks,
    base: &'a Location,
    reader: &'a dyn Reader,
    limits: &'a Limits,
    hosts: &'a Integrations,
    /// The number of the mark of the node that comes next.
    index: usize,
    /// How many bytes may still be put into the document.
    room: usize,
    findings: Vec<Finding>,
}

impl Walk<'_> {
    fn node(&mut self, node: &mut Value, pointer: &str) {
        match node {
            Value::Object(map) if map.keys().any(|key| key.starts_with('$')) => {
                let old = yaml::size(node);
                // Backstage has put annotations of its own beside such a key before it looks.
                let has_company = pointer == "/metadata/annotations";
                match Resolver::of(node).filter(|_| !has_company) {
                    Some((resolver, target)) => {
                        self.placeholder(node, resolver, &target, pointer, old);
                    }
                    None => self.index += old,
                }
            }
            Value::Object(map) => {
                self.index += 1;
                for (key, child) in map.iter_mut() {
                    self.index += 1;
                    self.node(child, &policy::below(pointer, key));
                }
            }
            Value::Array(items) => {
                self.index += 1;
                for (n, item) in items.iter_mut().enumerate() {
                    self.node(item, &format!("{pointer}/{n}"));
                }
            }
            _ => self.index += 1,
        }
    }

    fn placeholder(
        &mut self,
        node: &mut Value,
        resolver: Resolver,
        target: &Value,
        pointer: &str,
        old: usize,
    ) {
        // The key stands right behind the object's own mark.
        let mark = self.marks.get(self.index + 1);
        let above = pointer.matches('/').count();
        match self.content(resolver, target, above) {
            Ok(value) => {
                let new = yaml::size(&value);
                self.marks.resize(self.index, old, new);
                self.index += new;
                *node = value;
                let is_url = target.as_str().is_some_and(|text| text.contains("://"));
                if self.base.location_type == LocationType::File && !is_url {
                    self.findings.push(Finding {
                        rule: Rule::PlaceholderInFile,
                        mark,
                        message: format!(
                            "${} is resolved here, but not by Backstage in a file location",
                            resolver.name()
                        ),
                        failed: None,
                    });
                }
            }
            Err(reason) => {
                self.index += old;
                self.findings.push(Finding {
                    rule: Rule::Placeholder,
                    mark,
                    message: format!(
                        "${} cannot be resolved: {}",
                        resolver.name(),
                        text::one_line(&reason)
                    ),
                    failed: (resolver == Resolver::Text).then(|| pointer.to_owned()),
                });
            }
        }
    }

    /// Whether Backstage would take `file` for what `target` names.
    fn check(&self, file: &SourceFile, target: &str) -> Result<(), String> {
        let base = &self.base.target;
        let repositories = (repository(base), repository(&file.location.target));
        if let (Some(own), Some(other)) = repositories
            && own != other
        {
            return Err(format!("{target} is of another repository, {other}"));
        }
        if self.base.location_type == LocationType::Url
            && !is_same(file, self.base, target, self.hosts)
        {
            let url = self.hosts.resolve(base, target).unwrap_or_default();
            return Err(format!("to Backstage {target} is {url}"));
        }
        Ok(())
    }

    /// What a placeholder that `above` collections hold stands for.
    fn content(
        &mut self,
        resolver: Resolver,
        target: &Value,
        above: usize,
    ) -> Result<Value, String> {
        let target = target.as_str().ok_or("it wants a path or a URL as text")?;
        let file = self
            .reader
            .read(self.base, target)
            .map_err(|error| error.to_string())?;
        self.check(&file, target)?;
        self.room = self.room.checked_sub(file.bytes.len()).ok_or_else(|| {
            format!(
                "placeholders add more than {} bytes to the entity",
                self.limits.file_bytes
            )
        })?;
        let content = String::from_utf8_lossy(&file.bytes);
        let value = match resolver {
            Resolver::Text => Ok(Value::String(text::clean(&content).into_owned())),
            Resolver::Json => serde_json::from_str(&content)
                .map(cleaned)
                .map_err(|error| format!("{target} is not JSON: {error}")),
            Resolver::Yaml => {
                let mut documents = yaml::documents(&content, &self.limits.document);
                match (documents.next(), documents.next()) {
                    (Some(Ok(document)), None) => Ok(document.value),
                    (Some(Err(failure)), _) => Err(format!(
                        "{target}:{}:{} {}",
                        failure.mark.line, failure.mark.column, failure.message
                    )),
                    _ => Err(format!("{target} must hold exactly one YAML document")),
                }
            }
        }?;
        if above + depth(&value) > self.limits.document.depth {
            let most = self.limits.document.depth;
            return Err(format!(
                "{target} nests the entity more than {most} levels deep"
            ));
        }
        Ok(value)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Resolver {
    Text,
    Json,
    Yaml,
}

impl Resolver {
    /// The resolver of an object with just one key, and what stands behind it.
    fn of(node: &Value) -> Option<(Self, Value)> {
        let map = node.as_object().filter(|map| map.len() == 1)?;
        let (key, target) = map.iter().next()?;
        let resolver = match key.as_str() {
            "$text" => Self::Text,
            "$json" => Self::Json,
            "$yaml" => Self::Yaml,
            _ => return None,
        };
        Some((resolver, target.clone()))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Yaml => "yaml",
        }
    }
}

/// How many collections of `value` are nested.
fn depth(value: &Value) -> usize {
    let below = match value {
        Value::Array(items) => items.iter().map(depth).max(),
        Value::Object(map) => map.values().map(depth).max(),
        _ => return 0,
    };
    1 + below.unwrap_or_default()
}

/// `value` with all its text cleaned.
pub(super) fn cleaned(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(text::clean(&text).into_owned()),
        Value::Array(items) => items.into_iter().map(cleaned).collect(),
        Value::Object(map) => map
            .into_iter()
            .map(|(key, value)| (text::clean(&key).into_owned(), cleaned(value)))
            .collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ingest::tests::Files;

    type Places = Vec<(Rule, (u32, u32))>;

    fn resolved(text: &str) -> (Value, Places, Marks) {
        let deep = format!("{}1{}", "[".repeat(126), "]".repeat(126));
        let reader = Files::new(&[
            ("/r/deep.json", &deep),
            ("/r/a.txt", "hello\n"),
            ("/r/b.json", "{\"k\": [1, {\"$text\": \"a.txt\"}]}"),
            ("/r/c.yaml", "x: 1\n"),
            ("/r/two.yaml", "x: 1\n---\ny: 2\n"),
        ]);
        let bounds = yaml::Bounds::default();
        let mut document = yaml::documents(text, &bounds)
            .next()
            .and_then(Result::ok)
            .unwrap_or_else(|| yaml::Document {
                value: Value::Null,
                marks: Marks::default(),
                line: 0,
                dollar_keys: false,
            });
        let base = Location::url("/r/catalog-info.yaml");
        let findings = resolve(
            &mut document.value,
            &mut document.marks,
            &base,
            &reader,
            &Options::default(),
        );
        let findings = findings
            .into_iter()
            .map(|f| (f.rule, (f.mark.line, f.mark.column)))
            .collect();
        (document.value, findings, document.marks)
    }

    #[test]
    fn each_becomes_what_its_file_holds() {
        let (value, findings, marks) =
            resolved("a: {$text: ./a.txt}\nb:\n  - $json: b.json\nc:\n  $yaml: c.yaml\nd: e\n");
        assert_eq!(
            value,
            json!({"a": "hello\n", "b": [{"k": [1, {"$text": "a.txt"}]}], "c": {"x": 1}, "d": "e"})
        );
        assert_eq!(findings, []);
        assert_eq!(
            marks.find(&value, "/d"),
            Mark { line: 6, column: 4 },
            "places behind them still fit"
        );
    }

    #[test]
    fn what_is_put_in_nests_no_deeper_than_what_is_read() {
        let (value, findings, _) = resolved("a: {$json: deep.json}\n");
        assert_eq!((depth(&value), findings), (127, vec![]));
        let (value, findings, _) = resolved("a: [{$json: deep.json}]\n");
        assert_eq!((depth(&value), findings.len()), (3, 1));
    }

    #[test]
    fn keys_with_company_and_unknown_ones_are_left_alone() {
        let text = "a: {$text: a.txt, x: 1}\nb: {$openapi: a.txt}\nc: {$x: {$text: a.txt}}\n";
        assert_eq!(
            resolved(text).0,
            json!({"a": {"$text": "a.txt", "x": 1}, "b": {"$openapi": "a.txt"}, "c": {"$x": {"$text": "a.txt"}}})
        );
    }

    #[test]
    fn what_cannot_be_read_stays_and_is_told_with_its_place() {
        let (value, findings, _) =
            resolved("a:\n  $text: gone.txt\nb: {$yaml: two.yaml}\nc: {$text: [1]}\n");
        assert_eq!(value.pointer("/a/$text"), Some(&json!("gone.txt")));
        assert_eq!(
            findings,
            [
                (Rule::Placeholder, (2, 3)),
                (Rule::Placeholder, (3, 5)),
                (Rule::Placeholder, (4, 5))
            ]
        );
    }
}
