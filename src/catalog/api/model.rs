//! The outline: plain data, cleaned, in the order of the definition.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Format;

/// What an API offers. All text is cleaned and on one line, but descriptions of entries, which may have several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outline {
    /// The format of the definition.
    pub format: Format,
    /// The format with its version: `OpenAPI 3.1.0`.
    pub dialect: String,
    /// What the definition calls itself.
    pub title: String,
    /// The API's version.
    pub version: String,
    /// Where it is served.
    pub servers: Vec<String>,
    /// Entries by tag, channel, service or kind.
    pub groups: Vec<Group>,
    /// How many entries there are beyond the limit.
    pub left_out: usize,
    /// The types that shapes refer to, by the name in [`Shape::target`].
    pub types: BTreeMap<String, Type>,
    /// What could not be read; the rest is here.
    pub faults: Vec<Fault>,
}

/// Entries that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Group {
    /// The tag, service or kind; empty for entries without one.
    pub name: String,
    /// What the definition says of it.
    pub description: String,
    /// The entries.
    pub entries: Vec<Entry>,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// Something that can be called, sent or received.
    #[default]
    Operation,
    /// A type.
    Type,
}

/// One thing that an API offers: an operation or, in a schema language, a type.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// What it does, in one word: `GET`, `SEND`, `QUERY`, `RPC`, `type`.
    pub verb: String,
    /// The path with its `{parameters}`, the channel, the field, the method or the type.
    pub name: String,
    /// The operation's id; empty without one.
    pub id: String,
    /// One line on what it does.
    pub summary: String,
    /// More on it, in Markdown.
    pub description: String,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// What is asked of a caller, each of the alternatives: `oauth (read, write)`.
    pub security: Vec<String>,
    /// What it takes beside a body.
    pub parameters: Vec<Parameter>,
    /// What it takes as body or message, by media type or name.
    pub bodies: Vec<Content>,
    /// What it answers.
    pub responses: Vec<Response>,
    /// What a type is made of.
    pub shape: Shape,
}

/// One parameter of an operation, or one argument of a field.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it stands: `path`, `query`, `header`, `cookie`; `argument` in GraphQL.
    pub place: String,
    /// Whether it must be given.
    pub required: bool,
    /// What it means.
    pub description: String,
    /// What it holds.
    pub shape: Shape,
}

/// A body or message.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Content {
    /// The media type, or the name of the message.
    pub name: String,
    /// What it means.
    pub description: String,
    /// What it holds.
    pub shape: Shape,
}

/// One answer of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Response {
    /// The status code, a range like `4XX`, `default`; empty where there is only one kind of answer.
    pub status: String,
    /// When it is given.
    pub description: String,
    /// What it holds, by media type.
    pub contents: Vec<Content>,
}

/// A type with a name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Type {
    /// Its name as people know it.
    pub name: String,
    /// What it is made of.
    pub shape: Shape,
}

/// What a value looks like.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Shape {
    /// Its type in a few words: `string (uuid)`, `list of Pet`, `one of Cat | Dog`.
    pub of: String,
    /// The type in [`Outline::types`] that it refers to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// What it means.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// What else holds of it: `default 20`, `1–100`, `deprecated`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
    /// What it is made of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

/// A part of a shape.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Part {
    /// What the part is to the whole.
    pub role: Role,
    /// The name of a field; empty for the other roles.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Whether it is always there.
    pub required: bool,
    /// What it is.
    pub shape: Shape,
}

/// What a part is to the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A field with a name.
    #[default]
    Field,
    /// One of several things that it may be.
    Choice,
    /// A type all of whose fields it has, too.
    Merged,
    /// A value of an enumeration.
    Value,
}

/// A mistake that left the rest readable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The line in the definition, from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

impl Outline {
    /// An outline that holds nothing yet.
    pub(super) fn new(format: Format, dialect: String) -> Self {
        Self {
            format,
            dialect,
            title: String::new(),
            version: String::new(),
            servers: Vec::new(),
            groups: Vec::new(),
            left_out: 0,
            types: BTreeMap::new(),
            faults: Vec::new(),
        }
    }

    /// All entries in their order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.groups.iter().flat_map(|group| &group.entries)
    }

    /// The operations in their order, without types: what a finder looks through.
    pub fn operations(&self) -> impl Iterator<Item = &Entry> {
        self.entries()
            .filter(|entry| entry.kind == EntryKind::Operation)
    }
}

impl Entry {
    /// Whether each of `words`, which are in lower case, is in its verb, name, id or summary.
    pub fn matches(&self, words: &[String]) -> bool {
        let texts =
            [&self.verb, &self.name, &self.id, &self.summary].map(|text| text.to_lowercase());
        words
            .iter()
            .all(|word| texts.iter().any(|text| text.contains(word.as_str())))
    }

    /// Whether `text` names it: its id, its name, or its verb and name.
    pub fn is_called(&self, text: &str) -> bool {
        let (verb, name) = text.split_once(char::is_whitespace).unwrap_or(("", text));
        text == self.id
            || text == self.name
            || self.verb.eq_ignore_ascii_case(verb) && name.trim() == self.name
    }
}
