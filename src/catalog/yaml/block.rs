//! Nodes whose extent is their indentation: mappings and lists with a line for each entry, and the document itself.

use std::borrow::Cow;

use serde_json::Value;

use super::key::{Key, Mapping};
use super::node::Node;
use super::property::{Open, Properties};
use super::reader::{Gap, Reader, Result, fail_at};
use super::scalar;

/// What a node stands behind, which decides what it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// Nothing, or `---`.
    Start,
    /// `-`: another list or a mapping may begin on the same line.
    Item,
    /// `?`, or the `:` that belongs to it. As behind `-`, and a list on the next line need not be indented.
    Explicit,
    /// `key:`. A list on the next line need not be indented.
    Key,
}

/// A node that is about to begin.
struct Start<'a> {
    /// What the indentation of what belongs to it exceeds.
    parent: isize,
    gap: Gap,
    /// Whether a mapping or a list of lines may begin here.
    may_nest: bool,
    /// Anchor and tag on lines above, and the anchor's node.
    above: Properties<'a>,
    outer: Option<Open<'a>>,
    /// Anchor and tag on the same line.
    own: Properties<'a>,
}

impl<'a> Reader<'a> {
    /// The whole document.
    pub(super) fn document(&mut self) -> Result<Value> {
        self.directives()?;
        let value = self.block_node(-1, After::Start)?;
        let gap = self.gap()?;
        if self.byte().is_some() {
            return self.unexpected(gap);
        }
        Ok(value)
    }

    /// The node inside of what is indented by `parent`; null if there is none.
    pub(super) fn block_node(&mut self, parent: isize, after: After) -> Result<Value> {
        let nothing = self.mark(self.pos);
        let mut above = Properties::default();
        let mut own = Properties::default();
        let mut gap = self.gap()?;
        let mut own_line = gap.newline;
        loop {
            if self.byte().is_none() || (gap.newline && !self.belongs(gap, parent, after)) {
                let properties = self.join(above, own)?;
                return self.empty(properties, nothing);
            }
            if !matches!(self.byte(), Some(b'&' | b'!')) {
                break;
            }
            self.property(&mut own, false)?;
            let next = self.gap()?;
            if next.newline {
                above = self.join(above, own)?;
                own = Properties::default();
                own_line = true;
                gap = next;
            }
        }
        let outer = self.open(above);
        let start = Start {
            parent,
            gap,
            may_nest: own_line || matches!(after, After::Item | After::Explicit),
            above,
            outer,
            own,
        };
        match self.byte() {
            Some(b'-' | b'?' | b':') if self.blank_at(self.pos + 1) => self.collection(&start),
            Some(b'|' | b'>') => {
                let properties = self.join(above, own)?;
                let inner = self.open(own);
                let mark = self.mark(self.pos);
                self.place(mark)?;
                let text = Cow::Owned(self.block_scalar(parent)?);
                let value = scalar::value(text, false, properties.tag, self.clean);
                self.close(inner.or(outer), &value, mark)?;
                Ok(value)
            }
            Some(byte)
                if gap.newline && gap.tab && gap.indent == 0 && !matches!(byte, b'[' | b'{') =>
            {
                self.tab()
            }
            _ => self.node_or_mapping(&start),
        }
    }

    /// Whether what begins a line belongs to a node inside of what is indented by `parent`.
    fn belongs(&self, gap: Gap, parent: isize, after: After) -> bool {
        gap.indent > parent
            || (gap.indent == parent
                && matches!(after, After::Key | After::Explicit)
                && self.byte() == Some(b'-')
                && self.blank_at(self.pos + 1))
    }

    /// A node of no text at all.
    pub(super) fn empty(&mut self, properties: Properties<'a>, mark: super::Mark) -> Result<Value> {
        self.place(mark)?;
        let open = self.open(properties);
        let value = scalar::value(Cow::Borrowed(""), true, properties.tag, true);
        self.close(open, &value, mark)?;
        Ok(value)
    }

    /// The list or mapping that begins with an indicator here.
    fn collection(&mut self, start: &Start<'a>) -> Result<Value> {
        self.may_nest(start)?;
        let list = self.byte() == Some(b'-');
        if !start.own.is_empty() && self.byte() != Some(b':') {
            return self
                .fail("an anchor or a tag of a list or mapping stands on the line before it");
        }
        let at = start.own.start.unwrap_or(self.pos);
        let (column, mark) = (self.column(at), self.mark(at));
        let index = self.marks.len();
        self.place(mark)?;
        self.enter(mark)?;
        let value = if list {
            self.block_list(column)?
        } else {
            let mut mapping = Mapping::new(index);
            if start.own.is_empty() {
                self.entry(column, &mut mapping)?;
            } else {
                let value = self.empty(start.own, mark)?;
                let key = Key::scalar(value, "", mark);
                self.value(column, key, &mut mapping)?;
            }
            self.block_mapping(column, mapping)?
        };
        self.leave();
        self.close(start.outer, &value, mark)?;
        Ok(value)
    }

    /// A scalar, alias or flow collection, or the mapping whose first key it turns out to be.
    fn node_or_mapping(&mut self, start: &Start<'a>) -> Result<Value> {
        let inner = self.open(start.own);
        let at = start.own.start.unwrap_or(self.pos);
        let (column, first, line) = (self.column(at), self.mark(at), self.line);
        let (mark, index) = (self.mark(self.pos), self.marks.len());
        let node = self.node(start.parent, start.own, false)?;
        let value_of_key = matches!(node, Node::Collection(_)) && !start.may_nest;
        if value_of_key || !self.key_follows() {
            let properties = self.join(start.above, start.own)?;
            if matches!(node, Node::Alias(_)) && !properties.is_empty() {
                return fail_at(mark, "an alias (`*`) can have no anchor or tag of its own");
            }
            let value = self.settle(node, properties.tag, mark)?;
            self.close(inner.or(start.outer), &value, mark)?;
            return Ok(value);
        }
        if line != self.line {
            return fail_at(
                first,
                "a key (what stands before a `:`) must be on one line",
            );
        }
        if !start.may_nest {
            return fail_at(
                mark,
                "a mapping cannot begin on the line of its key; put the value in quotes, or begin a new line",
            );
        }
        if start.gap.tab {
            return self.tab();
        }
        self.marks.truncate(index);
        self.place(first)?;
        self.enter(first)?;
        let mut mapping = Mapping::new(index);
        let key = self.key(node, start.own, inner, mark)?;
        self.value(column, key, &mut mapping)?;
        let value = self.block_mapping(column, mapping)?;
        self.leave();
        self.close(start.outer, &value, first)?;
        Ok(value)
    }

    /// That a list or mapping of lines may begin here.
    fn may_nest(&self, start: &Start<'a>) -> Result<()> {
        if start.gap.tab {
            return self.tab();
        }
        if start.may_nest {
            return Ok(());
        }
        match self.byte() {
            Some(b'-') => self.fail("a list begins on the line after its key; put the text in quotes if it is none"),
            _ => self.fail("a mapping cannot begin on the line of its key; put the value in quotes, or begin a new line"),
        }
    }

    /// Whether the `:` of a key is next on this line.
    pub(super) fn key_follows(&mut self) -> bool {
        self.skip_blanks();
        self.byte() == Some(b':') && self.blank_at(self.pos + 1)
    }

    /// The rest of a mapping at `column` behind its first entry.
    fn block_mapping(&mut self, column: isize, mut mapping: Mapping) -> Result<Value> {
        while self.bare_colon(column) || self.goes_on(column)? {
            self.entry(column, &mut mapping)?;
        }
        Ok(Value::Object(mapping.map))
    }

    /// The list at `column`, whose first `-` is here.
    fn block_list(&mut self, column: isize) -> Result<Value> {
        let mut items = Vec::new();
        loop {
            self.pos += 1;
            items.push(self.block_node(column, After::Item)?);
            let more =
                self.goes_on(column)? && self.byte() == Some(b'-') && self.blank_at(self.pos + 1);
            if !more {
                return Ok(Value::Array(items));
            }
        }
    }

    /// Whether the next token stands at `column` and not further out.
    fn goes_on(&mut self, column: isize) -> Result<bool> {
        let gap = self.gap()?;
        if self.byte().is_none() {
            return Ok(false);
        }
        if !gap.newline {
            return self.unexpected(gap);
        }
        match gap.indent.cmp(&column) {
            std::cmp::Ordering::Less => Ok(false),
            std::cmp::Ordering::Equal if gap.tab => self.tab(),
            std::cmp::Ordering::Equal => Ok(true),
            std::cmp::Ordering::Greater => self
                .fail("this is indented deeper than what it stands beside; check its indentation"),
        }
    }

    /// What stands where nothing more is expected.
    fn unexpected<T>(&self, gap: Gap) -> Result<T> {
        if gap.newline && gap.tab {
            return self.tab();
        }
        if gap.newline {
            return self.fail("this does not belong to what stands above; check its indentation");
        }
        match self.byte() {
            Some(b':') => self.fail("a `:` is not expected here; put the text in quotes if it belongs to it"),
            Some(byte @ (b']' | b'}')) => self.fail(format!("this `{}` closes nothing", char::from(byte))),
            _ => self.fail("this does not belong to the value before it; put the whole value in quotes, or begin a new line"),
        }
    }

    pub(super) fn tab<T>(&self) -> Result<T> {
        let start = self.line_start;
        let line = self.bytes.get(start..self.pos).unwrap_or_default();
        let at = line.iter().position(|b| *b == b'\t').unwrap_or(line.len());
        fail_at(
            self.mark(start + at),
            "there is a tab in the indentation; indent with spaces",
        )
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::catalog::yaml::tests::{fails, reads};

    #[test]
    fn nesting() {
        reads(&[
            (
                "a:\n- b\n- - c\n  - d\n- e: f\n  g: h\ni:",
                json!({"a": ["b", ["c", "d"], {"e": "f", "g": "h"}], "i": null}),
            ),
            ("-\n  a: b\n-\n- c", json!([{"a": "b"}, null, "c"])),
            (
                "? a\n: b\n? c\nd: e\n: f",
                json!({"a": "b", "c": null, "d": "e", "": "f"}),
            ),
            ("? - a\n: - b", json!({"[ a ]": ["b"]})),
            ("a: # c\n\n  # d\n  b: c # e", json!({"a": {"b": "c"}})),
        ]);
    }

    #[test]
    fn tabs_may_part_but_not_indent() {
        reads(&[
            (
                "a:\t1\nb: \t'x\ty'\nc\t: d\t# e\n\t\ne: f",
                json!({"a": 1, "b": "x\ty", "c": "d", "e": "f"}),
            ),
            ("a:\n \tb", json!({"a": "b"})),
            ("-\ta\n-\tb", json!(["a", "b"])),
        ]);
        fails(&[
            ("a:\n\tb: 1", "2:1 there is a tab in the indentation"),
            (
                "a:\n  b: 1\n  \tc: 2",
                "3:3 there is a tab in the indentation",
            ),
            ("-\ta: 1", "1:2 there is a tab in the indentation"),
            ("\ta", "1:1 there is a tab in the indentation"),
        ]);
    }

    #[test]
    fn mistakes() {
        fails(&[
            (
                "a: b: c",
                "1:4 a mapping cannot begin on the line of its key",
            ),
            ("a: - b", "1:4 a list begins on the line after its key"),
            (
                "a: b\n c: d",
                "1:4 a key (what stands before a `:`) must be on one line",
            ),
            ("a:\n    b: 1\n  c: 2", "3:3 this is indented deeper"),
            ("a:\n  - b\n  c: 1", "3:3 this is indented deeper"),
            (
                " a: 1\nb: 2",
                "2:1 this does not belong to what stands above",
            ),
            ("a: 1\nb\nc: 2", "2:1 a key needs a `:`"),
            ("a: 1\n|b: 2", "2:1 a key cannot begin with `|` or `>`"),
            (
                "a: 'b' c",
                "1:8 this does not belong to the value before it",
            ),
            ("a: 'b'#c", "1:7 a comment needs a space"),
            (
                "a: 1\n- b",
                "2:1 a key is expected here, not an item of a list",
            ),
            ("--- a: b", "1:5 a mapping cannot begin"),
            (
                "a:\n  b: 1\n  [c]: 2",
                "3:3 a key in brackets cannot stand here",
            ),
        ]);
    }
}
