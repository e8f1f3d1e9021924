//! Collections in brackets and braces.

use std::borrow::Cow;

use serde_json::Value;

use super::key::{Key, Mapping};
use super::marks::Mark;
use super::node::Node;
use super::property::{Open, Properties};
use super::reader::{Gap, Reader, Result, fail_at, is_blank, is_flow};

/// A flow collection that is being read.
#[derive(Clone, Copy)]
struct Bounds {
    /// What the indentation of its lines exceeds.
    parent: isize,
    /// Whether it stands in another one.
    nested: bool,
    close: u8,
    opened: u32,
}

/// One node in it.
struct Item<'a> {
    node: Node<'a>,
    properties: Properties<'a>,
    open: Option<Open<'a>>,
    mark: Mark,
    /// Whether a `:` behind it needs no space.
    json: bool,
}

impl<'a> Reader<'a> {
    /// The collection that begins here; its further lines are indented by more than `parent`.
    pub(super) fn flow_collection(&mut self, parent: isize, nested: bool) -> Result<Value> {
        let mark = self.mark(self.pos);
        let list = self.byte() == Some(b'[');
        let bounds = Bounds {
            parent,
            nested,
            close: if list { b']' } else { b'}' },
            opened: self.line,
        };
        self.enter(mark)?;
        let index = self.marks.len();
        self.place(mark)?;
        self.pos += 1;
        let value = if list {
            self.flow_list(bounds)?
        } else {
            self.flow_mapping(bounds, index)?
        };
        self.leave();
        Ok(value)
    }

    fn flow_list(&mut self, bounds: Bounds) -> Result<Value> {
        let mut items = Vec::new();
        while self.flow_begins(bounds)? {
            items.push(self.flow_list_item(bounds)?);
            self.flow_ends(bounds)?;
        }
        Ok(Value::Array(items))
    }

    fn flow_list_item(&mut self, bounds: Bounds) -> Result<Value> {
        let index = self.marks.len();
        let (mark, line) = (self.mark(self.pos), self.line);
        let explicit = self.flow_explicit(bounds)?;
        let item = self.flow_item(bounds)?;
        self.flow_gap(bounds)?;
        if !explicit && !self.flow_colon(item.json) {
            return self.flow_value(item);
        }
        if !explicit && line != self.line {
            return fail_at(mark, "a key (what stands before a `:`) must be on one line");
        }
        self.marks.truncate(index);
        self.place(mark)?;
        self.enter(mark)?;
        let mut pair = Mapping::new(index);
        self.flow_pair(bounds, item, &mut pair)?;
        self.leave();
        Ok(Value::Object(pair.map))
    }

    fn flow_mapping(&mut self, bounds: Bounds, index: usize) -> Result<Value> {
        let mut mapping = Mapping::new(index);
        while self.flow_begins(bounds)? {
            self.flow_explicit(bounds)?;
            let index = self.marks.len();
            let item = self.flow_item(bounds)?;
            self.flow_gap(bounds)?;
            self.marks.truncate(index);
            self.flow_pair(bounds, item, &mut mapping)?;
            self.flow_ends(bounds)?;
        }
        Ok(Value::Object(mapping.map))
    }

    /// The pair of the key `item` and the value that may follow.
    fn flow_pair(&mut self, bounds: Bounds, item: Item<'a>, mapping: &mut Mapping) -> Result<()> {
        let colon = self.flow_colon(item.json);
        let key: Key = self.key(item.node, item.properties, item.open, item.mark)?;
        self.claim(mapping, &key)?;
        let value = if colon {
            self.pos += 1;
            self.flow_gap(bounds)?;
            let item = self.flow_item(bounds)?;
            self.flow_value(item)?
        } else {
            self.place(key.mark)?;
            Value::Null
        };
        mapping.map.insert(key.text, value);
        Ok(())
    }

    fn flow_value(&mut self, item: Item<'a>) -> Result<Value> {
        let value = self.settle(item.node, item.properties.tag, item.mark)?;
        self.close(item.open, &value, item.mark)?;
        Ok(value)
    }

    /// Whether an item begins here; if not, the collection has ended.
    fn flow_begins(&mut self, bounds: Bounds) -> Result<bool> {
        self.flow_gap(bounds)?;
        match self.byte() {
            Some(byte) if byte == bounds.close => {
                self.pos += 1;
                Ok(false)
            }
            Some(b',') => self.fail("there is nothing before this comma"),
            None | Some(b']' | b'}') => self.flow_unclosed(bounds),
            Some(_) => Ok(true),
        }
    }

    /// What is behind an item: a comma, or the end.
    fn flow_ends(&mut self, bounds: Bounds) -> Result<()> {
        self.flow_gap(bounds)?;
        match self.byte() {
            Some(b',') => {
                self.pos += 1;
                Ok(())
            }
            Some(byte) if byte == bounds.close => Ok(()),
            None | Some(b']' | b'}') => self.flow_unclosed(bounds),
            Some(b':') => self.fail("this `:` needs quotes around the text it belongs to, or braces around key and value"),
            Some(_) => self.fail("a comma is missing before this"),
        }
    }

    fn flow_unclosed<T>(&self, bounds: Bounds) -> Result<T> {
        let (open, close) = match bounds.close {
            b']' => ('[', ']'),
            _ => ('{', '}'),
        };
        let line = bounds.opened;
        self.fail(format!("the `{open}` on line {line} has no `{close}`"))
    }

    /// Skips a `?`; whether there was one.
    fn flow_explicit(&mut self, bounds: Bounds) -> Result<bool> {
        let explicit = self.byte() == Some(b'?') && self.ends_in_flow(self.pos + 1);
        if explicit {
            self.pos += 1;
            self.flow_gap(bounds)?;
        }
        Ok(explicit)
    }

    /// Whether the `:` of a key is here.
    fn flow_colon(&self, json: bool) -> bool {
        self.byte() == Some(b':') && (json || self.ends_in_flow(self.pos + 1))
    }

    fn ends_in_flow(&self, at: usize) -> bool {
        self.byte_at(at).is_none_or(|b| is_blank(b) || is_flow(b))
    }

    /// The node that begins here, which may be one of no text.
    fn flow_item(&mut self, bounds: Bounds) -> Result<Item<'a>> {
        let mut properties = Properties::default();
        while matches!(self.byte(), Some(b'&' | b'!')) {
            self.property(&mut properties, true)?;
            self.flow_gap(bounds)?;
        }
        let mark = self.mark(self.pos);
        let open = self.open(properties);
        let json = matches!(self.byte(), Some(b'[' | b'{' | b'"' | b'\''));
        let nothing = match self.byte() {
            None | Some(b',' | b']' | b'}') => true,
            Some(b':') => self.ends_in_flow(self.pos + 1),
            _ => false,
        };
        let node = if nothing {
            Node::Scalar {
                text: Cow::Borrowed(""),
                plain: true,
            }
        } else {
            self.node(bounds.parent, properties, true)?
        };
        Ok(Item {
            node,
            properties,
            open,
            mark,
            json,
        })
    }

    /// Goes to the next token, which is indented deep enough.
    fn flow_gap(&mut self, bounds: Bounds) -> Result<Gap> {
        let gap = self.gap()?;
        let closes = !bounds.nested && self.byte() == Some(bounds.close);
        let deep = gap.indent > bounds.parent || (closes && gap.indent == bounds.parent);
        if gap.newline && !deep && self.byte().is_some() {
            return self.fail(format!(
                "what stands between brackets must be indented deeper than what the bracket on line {} belongs to",
                bounds.opened
            ));
        }
        Ok(gap)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::catalog::yaml::tests::{fails, reads};

    #[test]
    fn lists_and_mappings() {
        reads(&[
            (
                "[a, b: c, ? d : e, {f}, g:, : h, ]",
                json!(["a", {"b": "c"}, {"d": "e"}, {"f": null}, {"g": null}, {"": "h"}]),
            ),
            (
                "{a, b: , \"c\":1, d:1, ? e, f: [], }",
                json!({"a": null, "b": null, "c": 1, "d:1": null, "e": null, "f": []}),
            ),
            (
                "a: [\n  b, # c\n  d\n]\ne: f",
                json!({"a": ["b", "d"], "e": "f"}),
            ),
            ("{\"a\"\n:b, 'c'\n: d}", json!({"a": "b", "c": "d"})),
            (
                "{\n  \"a\": {\"b\": [1, 2.5, null]},\n\t\"c\": \"\\u0064\"\n}",
                json!({"a": {"b": [1, 2.5, null]}, "c": "d"}),
            ),
        ]);
    }

    #[test]
    fn mistakes() {
        fails(&[
            ("[a", "1:3 the `[` on line 1 has no `]`"),
            ("a: {b: c\n", "2:1 the `{` on line 1 has no `}`"),
            ("[a}", "1:3 the `[` on line 1 has no `]`"),
            ("[a,,b]", "1:4 there is nothing before this comma"),
            ("[\"a\" b]", "1:6 a comma is missing"),
            (
                "a: [b,\nc]",
                "2:1 what stands between brackets must be indented deeper",
            ),
            (
                "[a\n: b]",
                "1:2 a key (what stands before a `:`) must be on one line",
            ),
            ("[a: b: c]", "1:6 this `:` needs quotes"),
            ("{a: 1}}", "1:7 this `}` closes nothing"),
            ("{a: 1, a: 2}", "1:8 the key \"a\" is there twice"),
        ]);
    }
}
