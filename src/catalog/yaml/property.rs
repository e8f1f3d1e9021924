//! What may stand before a node: anchors and tags. Aliases, which stand for a node with an anchor.

use std::collections::HashMap;

use serde_json::Value;

use super::marks::{Mark, size};
use super::reader::{Reader, Result, fail_at, is_blank, is_flow, limit};

/// The prefix of YAML's own tags.
const CORE: &str = "tag:yaml.org,2002:";

/// How often `yaml` lets what has an anchor be repeated (`maxAliasCount`), the anchor itself counted.
const MOST_USES: u64 = 100;

/// A tag, as far as it makes a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag<'a> {
    /// One of YAML's own: what stands behind `tag:yaml.org,2002:`.
    Core(&'a str),
    /// `!`, or one that nobody knows: text stays text.
    Other,
}

/// The anchor and the tag of a node.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Properties<'a> {
    pub(super) anchor: Option<&'a str>,
    pub(super) tag: Option<Tag<'a>>,
    /// Where the first of them begins.
    pub(super) start: Option<usize>,
}

/// The tags' short forms that `%TAG` lines declare.
#[derive(Debug, Default)]
pub(super) struct Tags<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Tags<'a> {
    pub(super) fn declare(&mut self, handle: &'a str, prefix: &'a str) {
        self.0.push((handle, prefix));
    }

    fn prefix(&self, handle: &str) -> Option<&'a str> {
        let declared = self.0.iter().rev().find(|(name, _)| *name == handle);
        match (declared, handle) {
            (Some((_, prefix)), _) => Some(prefix),
            (None, "!") => Some(""),
            (None, "!!") => Some(CORE),
            (None, _) => None,
        }
    }
}

/// The nodes with anchors so far.
#[derive(Debug, Default)]
pub(super) struct Anchors<'a> {
    by_name: HashMap<&'a str, Anchor>,
    /// How much each alias so far repeats.
    repeats: Vec<u64>,
    /// How many anchors there were.
    count: usize,
    /// How much copying there was for them, in nodes.
    nodes: usize,
}

#[derive(Debug)]
struct Anchor {
    number: usize,
    /// `None` until its node ends.
    value: Option<Value>,
    uses: u64,
    /// How much one use of it repeats, what aliases within it repeat counted.
    weight: u64,
}

/// An anchor whose node has not ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open<'a> {
    name: &'a str,
    number: usize,
    repeats: usize,
}

impl Properties<'_> {
    pub(super) fn is_empty(&self) -> bool {
        self.start.is_none()
    }
}

impl<'a> Reader<'a> {
    /// The anchor or tag that begins here, added to `properties`.
    pub(super) fn property(&mut self, properties: &mut Properties<'a>, flow: bool) -> Result<()> {
        let start = self.pos;
        if self.byte() == Some(b'&') {
            let name = self.name();
            if name.is_empty() {
                self.pos = start;
                return self.fail(
                    "an anchor needs a name behind its `&`; put the text in quotes if it is none",
                );
            }
            if properties.anchor.replace(name).is_some() {
                self.pos = start;
                return self.fail("a value can have only one anchor (`&`)");
            }
        } else {
            let tag = self.tag()?;
            if properties.tag.replace(tag).is_some() {
                self.pos = start;
                return self.fail("a value can have only one tag (`!`)");
            }
        }
        properties.start.get_or_insert(start);
        let ends = self.blank_at(self.pos) || (flow && self.byte().is_some_and(is_flow));
        if ends {
            return Ok(());
        }
        self.fail("an anchor or a tag needs a space behind it")
    }

    /// Adds what stands on the line above a node to what stands on its own.
    pub(super) fn join(
        &self,
        above: Properties<'a>,
        own: Properties<'a>,
    ) -> Result<Properties<'a>> {
        if above.anchor.is_some() && own.anchor.is_some() {
            return self.fail("a value can have only one anchor (`&`)");
        }
        if above.tag.is_some() && own.tag.is_some() {
            return self.fail("a value can have only one tag (`!`)");
        }
        Ok(Properties {
            anchor: above.anchor.or(own.anchor),
            tag: above.tag.or(own.tag),
            start: above.start.or(own.start),
        })
    }

    /// The name behind the `&` or `*` that is here.
    fn name(&mut self) -> &'a str {
        let start = self.pos + 1;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = rest
            .iter()
            .take_while(|b| !is_blank(**b) && !is_flow(**b))
            .count();
        self.pos = start + length;
        self.slice(start, self.pos)
    }

    fn tag(&mut self) -> Result<Tag<'a>> {
        let start = self.pos;
        let rest = self.bytes.get(start..).unwrap_or_default();
        if rest.get(1) == Some(&b'<') {
            let Some(length) =
                memchr::memchr2(b'>', b'\n', rest).filter(|n| rest.get(*n) == Some(&b'>'))
            else {
                return self.fail("a tag that begins with `!<` needs a `>` at its end");
            };
            self.pos = start + length + 1;
            let tag = self.slice(start + 2, start + length);
            return Ok(tag.strip_prefix(CORE).map_or(Tag::Other, Tag::Core));
        }
        let length = rest.iter().take_while(|b| is_tag(**b)).count();
        let text = self.slice(start, start + length);
        let (handle, name) = text.split_at(text.rfind('!').map_or(0, |at| at + 1));
        let Some(prefix) = self.tags.prefix(handle) else {
            return self.fail(format!(
                "the tag {text} begins with {handle}, which no %TAG line explains"
            ));
        };
        if name.is_empty() && handle != "!" {
            return self.fail(format!("the tag {text} has no name"));
        }
        self.pos = start + length;
        Ok(if prefix == CORE {
            Tag::Core(name)
        } else {
            Tag::Other
        })
    }

    /// Takes note of the anchor of a node that begins.
    pub(super) fn open(&mut self, properties: Properties<'a>) -> Option<Open<'a>> {
        let name = properties.anchor?;
        let anchors = &mut self.anchors;
        anchors.count += 1;
        anchors.by_name.insert(
            name,
            Anchor {
                number: anchors.count,
                value: None,
                uses: 1,
                weight: 1,
            },
        );
        Some(Open {
            name,
            number: anchors.count,
            repeats: anchors.repeats.len(),
        })
    }

    /// Keeps the node with an anchor, which has ended.
    pub(super) fn close(
        &mut self,
        open: Option<Open<'a>>,
        value: &Value,
        mark: Mark,
    ) -> Result<()> {
        let Some(open) = open else {
            return Ok(());
        };
        self.copied(weight(value), mark)?;
        let within = self.anchors.repeats.get(open.repeats..).unwrap_or_default();
        let most = within.iter().copied().max().unwrap_or(1);
        // An anchor of the same name within the node hides this one.
        if let Some(anchor) = self.anchors.by_name.get_mut(open.name)
            && anchor.number == open.number
        {
            anchor.weight = if size(value) == 1 && (value.is_array() || value.is_object()) {
                0
            } else {
                most
            };
            anchor.value = Some(value.clone());
        }
        Ok(())
    }

    fn copied(&mut self, nodes: usize, mark: Mark) -> Result<()> {
        self.anchors.nodes = self.anchors.nodes.saturating_add(nodes);
        if self.anchors.nodes > self.bounds.alias_nodes {
            return Err(limit(
                mark,
                format!("aliases add more than {} nodes", self.bounds.alias_nodes),
            ));
        }
        Ok(())
    }

    /// What the alias that begins here stands for; its marks are pushed.
    pub(super) fn alias(&mut self, properties: Properties<'a>) -> Result<Value> {
        let mark = self.mark(self.pos);
        if !properties.is_empty() {
            return self.fail("an alias (`*`) can have no anchor or tag of its own");
        }
        let name = self.name();
        if name.is_empty() {
            return fail_at(
                mark,
                "an alias needs a name behind its `*`; put the text in quotes if it is none",
            );
        }
        let Some(anchor) = self.anchors.by_name.get_mut(name) else {
            return fail_at(
                mark,
                format!(
                    "the alias *{name} stands for nothing: there is no anchor &{name} before it"
                ),
            );
        };
        let Some(value) = &anchor.value else {
            return fail_at(mark, "the alias stands inside of what it stands for");
        };
        anchor.uses += 1;
        let repeats = anchor.uses * anchor.weight;
        if repeats > MOST_USES {
            return Err(limit(
                mark,
                format!(
                    "the anchor &{name} is repeated more often than Backstage allows (100 times)"
                ),
            ));
        }
        let (value, nodes) = (value.clone(), size(value));
        self.anchors.repeats.push(repeats);
        self.copied(weight(&value), mark)?;
        self.marks.push_times(mark, nodes);
        Ok(value)
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

/// What may stand in a tag.
fn is_tag(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-#;/?:@&=+$_.!~*'()%".contains(&byte)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::catalog::yaml::tests::{fails, reads};

    #[test]
    fn aliases_stand_for_what_has_their_anchor() {
        reads(&[
            (
                "b: &b {x: 1}\nc:\n  <<: *b\n  y: 2\nd: *b\n",
                json!({"b": {"x": 1}, "c": {"<<": {"x": 1}, "y": 2}, "d": {"x": 1}}),
            ),
            (
                "&x a: &y\n  b: *x\nc: *y",
                json!({"a": {"b": "a"}, "c": {"b": "a"}}),
            ),
            ("a: &a [&a b]\nc: *a", json!({"a": ["b"], "c": "b"})),
            (
                "a: &a 1\nb: &a 2\nc: *a\n*a : d",
                json!({"a": 1, "b": 2, "c": 2, "2": "d"}),
            ),
        ]);
    }

    #[test]
    fn tags_of_yaml_say_what_text_means() {
        reads(&[
            (
                "a: !!str 1\nb: !!int \"2\"\nc: !custom 3\nd: ! 4\ne: !!float 5",
                json!({"a": "1", "b": 2, "c": "3", "d": "4", "e": "5"}),
            ),
            (
                "%TAG !e! tag:yaml.org,2002:\n---\na: !e!str 1\nb: !<tag:yaml.org,2002:str> 2",
                json!({"a": "1", "b": "2"}),
            ),
            (
                "a: !!map\n  b: c\nd: !!seq\n- e",
                json!({"a": {"b": "c"}, "d": ["e"]}),
            ),
        ]);
    }

    #[test]
    fn mistakes() {
        fails(&[
            ("a: *b", "1:4 the alias *b stands for nothing"),
            (
                "a: &a [*a]",
                "1:8 the alias stands inside of what it stands for",
            ),
            ("a: &x &y 1", "1:7 a value can have only one anchor"),
            ("a: !x !y 1", "1:7 a value can have only one tag"),
            ("a: &x *x", "1:7 an alias (`*`) can have no anchor or tag"),
            ("a: &", "1:4 an anchor needs a name"),
            ("a: !e!x 1", "1:4 the tag !e!x begins with !e!"),
            ("a: &x, 1", "1:6 an anchor or a tag needs a space"),
        ]);
    }

    #[test]
    fn an_anchor_is_repeated_no_more_often_than_backstage_allows() {
        let repeated = |times: usize| format!("a: &a 1\nb: [{}]", "*a,".repeat(times));
        reads(&[(&repeated(99), json!({"a": 1, "b": vec![1; 99]}))]);
        fails(&[(
            &repeated(100),
            "2:302 the anchor &a is repeated more often than Backstage allows",
        )]);
        let within = |inner: usize, outer: usize| {
            let (inner, outer) = ("*a,".repeat(inner), "*b,".repeat(outer));
            format!("a: &a 1\nb: &b [{inner}]\nc: [{outer}]")
        };
        reads(&[(
            &within(9, 9),
            json!({"a": 1, "b": vec![1; 9], "c": vec![vec![1; 9]; 9]}),
        )]);
        fails(&[(&within(9, 10), "3:32 the anchor &b is repeated")]);
    }
}
