//! Parser events → a value with the marks of its nodes.

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Tag};
use serde_json::{Map, Value};

use super::marks::{Mark, Marks, size};
use super::scalar;
use crate::catalog::text;
use crate::ingest::Limits;

/// Why one document could not be loaded; the mark counts from the document's own first line.
#[derive(Debug, Clone)]
pub(super) struct LoadError {
    pub(super) mark: Mark,
    pub(super) message: String,
    pub(super) limit: bool,
}

/// One document as loaded.
pub(super) struct Loaded {
    pub(super) value: Value,
    pub(super) marks: Marks,
    pub(super) dollar_keys: bool,
}

/// Reads the one document in `input`.
pub(super) fn load(input: &str, limits: &Limits) -> Result<Loaded, LoadError> {
    let mut loader = Loader::new(limits, input.len());
    let mut parser = Parser::new_from_str(input);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| syntax(&error))?;
        loader.event(event, mark(&span.start))?;
    }
    Ok(Loaded {
        value: loader.root.unwrap_or_default(),
        marks: loader.marks,
        dollar_keys: loader.dollar_keys,
    })
}

fn mark(marker: &Marker) -> Mark {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Mark {
        line: number(marker.line()),
        column: number(marker.col()).saturating_add(1),
    }
}

fn syntax(error: &ScanError) -> LoadError {
    LoadError {
        mark: mark(error.marker()),
        message: text::one_line(error.info()),
        limit: false,
    }
}

/// How many keys of a map are looked at one by one.
const SMALL: usize = 16;

/// A collection that is not finished.
struct Frame {
    content: Content,
    anchor: usize,
    /// The number of its own mark.
    index: usize,
}

enum Content {
    List(Vec<Value>),
    Map(Map<String, Value>, Option<String>),
}

struct Loader<'a> {
    limits: &'a Limits,
    stack: Vec<Frame>,
    marks: Marks,
    anchors: HashMap<usize, Value>,
    alias_nodes: usize,
    dollar_keys: bool,
    root: Option<Value>,
}

impl<'a> Loader<'a> {
    fn new(limits: &'a Limits, bytes: usize) -> Self {
        Self {
            limits,
            stack: Vec::new(),
            marks: Marks::for_bytes(bytes),
            anchors: HashMap::new(),
            alias_nodes: 0,
            dollar_keys: false,
            root: None,
        }
    }

    fn event(&mut self, event: Event<'_>, mark: Mark) -> Result<(), LoadError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let index = self.marks.len();
                self.marks.push(mark);
                if self.wants_key() {
                    let key = scalar_key(text, style, tag.as_deref());
                    if anchor != 0 {
                        self.anchors.insert(anchor, Value::String(key.clone()));
                    }
                    return self.key(key, mark);
                }
                let value = scalar_value(text, style, tag.as_deref());
                self.finish(value, anchor, index, mark)
            }
            Event::SequenceStart(anchor, _) => self.open(Content::List(Vec::new()), anchor, mark),
            Event::MappingStart(anchor, _) => {
                self.open(Content::Map(Map::new(), None), anchor, mark)
            }
            Event::SequenceEnd | Event::MappingEnd => match self.stack.pop() {
                Some(Frame {
                    content,
                    anchor,
                    index,
                }) => {
                    let value = match content {
                        Content::List(items) => Value::Array(items),
                        Content::Map(map, _) => Value::Object(map),
                    };
                    self.finish(value, anchor, index, mark)
                }
                None => Ok(()),
            },
            Event::Alias(anchor) => self.alias(anchor, mark),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn open(&mut self, content: Content, anchor: usize, mark: Mark) -> Result<(), LoadError> {
        if self.stack.len() >= self.limits.depth {
            return Err(limit(
                mark,
                format!("nested more than {} levels deep", self.limits.depth),
            ));
        }
        let index = self.marks.len();
        self.marks.push(mark);
        self.stack.push(Frame {
            content,
            anchor,
            index,
        });
        Ok(())
    }

    fn alias(&mut self, anchor: usize, mark: Mark) -> Result<(), LoadError> {
        let Some(value) = self.anchors.get(&anchor) else {
            return Err(LoadError {
                mark,
                message: "the alias stands inside of what it refers to".to_owned(),
                limit: false,
            });
        };
        let nodes = size(value);
        self.alias_nodes += weight(value);
        if self.alias_nodes > self.limits.alias_nodes {
            return Err(limit(
                mark,
                format!("aliases add more than {} nodes", self.limits.alias_nodes),
            ));
        }
        let value = value.clone();
        let index = self.marks.len();
        self.marks.push_times(mark, nodes);
        self.finish(value, 0, index, mark)
    }

    fn wants_key(&self) -> bool {
        matches!(
            self.stack.last(),
            Some(Frame {
                content: Content::Map(_, None),
                ..
            })
        )
    }

    /// Hands a finished node to what holds it.
    fn finish(
        &mut self,
        value: Value,
        anchor: usize,
        index: usize,
        mark: Mark,
    ) -> Result<(), LoadError> {
        if anchor != 0 {
            self.alias_nodes += weight(&value);
            self.anchors.insert(anchor, value.clone());
        }
        match self.stack.last_mut().map(|frame| &mut frame.content) {
            None => self.root = Some(value),
            Some(Content::List(items)) => items.push(value),
            Some(Content::Map(map, key)) => {
                if let Some(key) = key.take() {
                    map.insert(key, value);
                    return Ok(());
                }
                // A key that is no scalar counts as one mark, whatever it holds.
                self.marks.truncate(index + 1);
                let key = match value {
                    Value::String(text) => text,
                    Value::Null => String::new(),
                    other => other.to_string(),
                };
                return self.key(key, mark);
            }
        }
        Ok(())
    }

    fn key(&mut self, key: String, mark: Mark) -> Result<(), LoadError> {
        if let Some(Frame {
            content: Content::Map(map, pending),
            ..
        }) = self.stack.last_mut()
        {
            // Most maps are small, and hashing a key takes longer than looking at a few.
            let is_there = match map.len() {
                0..=SMALL => map.keys().any(|other| *other == key),
                _ => map.contains_key(&key),
            };
            if is_there {
                return Err(LoadError {
                    mark,
                    message: format!("the key {:?} is there twice", text::one_line(&key)),
                    limit: false,
                });
            }
            self.dollar_keys |= key.starts_with('$');
            *pending = Some(key);
        }
        Ok(())
    }
}

/// What a copy of `value` costs, in nodes; long text counts as several.
fn weight(value: &Value) -> usize {
    const BYTES_A_NODE: usize = 64;
    1 + match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, child)| 1 + key.len() / BYTES_A_NODE + weight(child))
            .sum(),
        Value::Array(items) => items.iter().map(weight).sum(),
        Value::String(text) => text.len() / BYTES_A_NODE,
        _ => 0,
    }
}

fn limit(mark: Mark, message: String) -> LoadError {
    LoadError {
        mark,
        message,
        limit: true,
    }
}

fn scalar_value(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let resolved = match tag {
        Some(tag) if tag.is_yaml_core_schema() => scalar::resolve_as(&tag.suffix, &text),
        None if style == ScalarStyle::Plain => scalar::resolve(&text),
        Some(_) | None => None,
    };
    resolved.unwrap_or_else(|| Value::String(cleaned(text)))
}

fn scalar_key(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> String {
    match scalar_value(text, style, tag) {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn cleaned(text: Cow<'_, str>) -> String {
    let plain = text
        .bytes()
        .all(|b| matches!(b, b' '..=b'~' | b'\n' | b'\t'));
    if plain {
        text.into_owned()
    } else {
        text::clean(&text).into_owned()
    }
}
