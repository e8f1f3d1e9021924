//! The entries of mappings with a line for each: `key: value`, and `?` with `:`.

use std::borrow::Cow;

use serde_json::Value;

use super::block::After;
use super::key::{Key, Mapping};
use super::node::Node;
use super::property::Properties;
use super::reader::{Reader, Result, fail_at};

/// How far from its beginning the `:` of a key may be, in bytes.
const LONGEST_KEY: usize = 1_024;

impl Reader<'_> {
    /// The entry of a mapping at `column` that begins here.
    pub(super) fn entry(&mut self, column: isize, mapping: &mut Mapping) -> Result<()> {
        let mark = self.mark(self.pos);
        match self.byte() {
            Some(b'?') if self.blank_at(self.pos + 1) => return self.explicit(column, mapping),
            Some(b':') if self.blank_at(self.pos + 1) => {
                let value = self.empty(Properties::default(), mark)?;
                return self.value(column, Key::scalar(value, "", mark), mapping);
            }
            Some(b'-') if self.blank_at(self.pos + 1) => {
                return self
                    .fail("a key is expected here, not an item of a list; check its indentation");
            }
            Some(b'|' | b'>') => {
                return self.fail("a key cannot begin with `|` or `>`; put it in quotes");
            }
            _ => {}
        }
        let start = self.pos;
        let mut own = Properties::default();
        while matches!(self.byte(), Some(b'&' | b'!')) {
            self.property(&mut own, false)?;
            if self.gap()?.newline {
                return fail_at(
                    mark,
                    "a key is expected behind the anchor or tag, on the same line",
                );
            }
        }
        let brackets_fit = column == 0 && self.gap()?.lines < 2;
        let open = self.open(own);
        let (line, index, key_mark) = (self.line, self.marks.len(), self.mark(self.pos));
        let node = if self.byte() == Some(b':') && self.blank_at(self.pos + 1) {
            Node::Scalar {
                text: Cow::Borrowed(""),
                plain: true,
            }
        } else {
            self.node(isize::MAX, own, false)?
        };
        if !self.key_follows() {
            return fail_at(
                mark,
                "a key needs a `:` and a space behind it; indent this deeper if it belongs to the value above",
            );
        }
        if line != self.line {
            return fail_at(mark, "a key (what stands before a `:`) must be on one line");
        }
        if self.pos - start > LONGEST_KEY {
            return fail_at(
                mark,
                format!("a key can have at most {LONGEST_KEY} characters"),
            );
        }
        if matches!(node, Node::Collection(_)) && !brackets_fit {
            // Fine in YAML 1.2, but not to `yaml` ("Map comment with trailing content").
            return fail_at(
                mark,
                "a key in brackets cannot stand here; put it in quotes",
            );
        }
        self.marks.truncate(index);
        let key = self.key(node, own, open, key_mark)?;
        self.value(column, key, mapping)
    }

    /// The value of `key`, whose `:` is here.
    pub(super) fn value(&mut self, column: isize, key: Key, mapping: &mut Mapping) -> Result<()> {
        self.claim(mapping, &key)?;
        self.pos += 1;
        let value = self.block_node(column, After::Key)?;
        mapping.map.insert(key.text, value);
        Ok(())
    }

    /// An entry with `?`.
    fn explicit(&mut self, column: isize, mapping: &mut Mapping) -> Result<()> {
        let (mark, index) = (self.mark(self.pos), self.marks.len());
        self.pos += 1;
        let key = self.block_node(column, After::Explicit)?;
        self.marks.truncate(index);
        self.place(mark)?;
        let key = match key {
            Value::Array(_) | Value::Object(_) => Key::other(key, mark),
            Value::String(text) => Key::text(text, mark),
            scalar => Key::scalar(scalar, "", mark),
        };
        self.claim(mapping, &key)?;
        let gap = self.gap()?;
        let value = if gap.newline
            && gap.indent >= column
            && self.byte() == Some(b':')
            && self.blank_at(self.pos + 1)
        {
            if gap.tab {
                return self.tab();
            }
            self.pos += 1;
            self.block_node(column, After::Explicit)?
        } else {
            self.place(mark)?;
            Value::Null
        };
        mapping.map.insert(key.text, value);
        Ok(())
    }

    /// Whether a `:` without a key is next. `yaml` takes it for an entry with the key "", however deep it is indented.
    pub(super) fn bare_colon(&mut self, column: isize) -> bool {
        self.gap()
            .is_ok_and(|gap| !gap.newline || (gap.indent >= column && !gap.tab))
            && self.byte() == Some(b':')
            && self.blank_at(self.pos + 1)
    }
}
