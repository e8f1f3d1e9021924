//! Nodes that may turn out to be keys: scalars, aliases, flow collections.

use std::borrow::Cow;

use serde_json::Value;

use super::key::Key;
use super::marks::Mark;
use super::property::{Open, Properties, Tag};
use super::reader::{Reader, Result};
use super::scalar;

/// A node of which it is not known yet whether it is a key.
pub(super) enum Node<'a> {
    /// Text as it stands there; quotes, escapes and folded lines are undone.
    Scalar { text: Cow<'a, str>, plain: bool },
    /// A flow collection; its marks are there.
    Collection(Value),
    /// What an alias stands for; its marks are there.
    Alias(Value),
}

impl<'a> Reader<'a> {
    /// The node that begins here and has `properties`; its further lines are indented by more than `parent`.
    pub(super) fn node(
        &mut self,
        parent: isize,
        properties: Properties<'a>,
        flow: bool,
    ) -> Result<Node<'a>> {
        Ok(match self.byte() {
            Some(b'[' | b'{') => Node::Collection(self.flow_collection(parent, flow)?),
            Some(b'*') => Node::Alias(self.alias(properties)?),
            Some(quote @ (b'"' | b'\'')) => Node::Scalar {
                text: self.quoted(quote, parent)?,
                plain: false,
            },
            _ => Node::Scalar {
                text: self.plain(parent, flow)?,
                plain: true,
            },
        })
    }

    /// The node as a value.
    pub(super) fn settle(
        &mut self,
        node: Node<'a>,
        tag: Option<Tag<'a>>,
        mark: Mark,
    ) -> Result<Value> {
        Ok(match node {
            Node::Scalar { text, plain } => {
                self.place(mark)?;
                scalar::value(text, plain, tag, self.clean)
            }
            Node::Collection(value) | Node::Alias(value) => value,
        })
    }

    /// The node as a key, with its one mark.
    pub(super) fn key(
        &mut self,
        node: Node<'a>,
        properties: Properties<'a>,
        open: Option<Open<'a>>,
        mark: Mark,
    ) -> Result<Key> {
        self.place(mark)?;
        let (value, key) = match node {
            Node::Scalar { text, plain: true } if open.is_none() && properties.tag.is_none() => {
                return Ok(Key::plain(text, mark, self.clean));
            }
            Node::Scalar { text, plain } => {
                let value = scalar::value(text.clone(), plain, properties.tag, self.clean);
                (value.clone(), Key::scalar(value, &text, mark))
            }
            Node::Collection(value) | Node::Alias(value) => {
                (value.clone(), Key::other(value, mark))
            }
        };
        self.close(open, &value, mark)?;
        Ok(key)
    }
}
