//! API definitions: the operations of an OpenAPI or Swagger document, read leniently, so that a screen can list them.

mod read;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;

pub use read::outline;

/// Definitions longer than this many bytes are not read; their source is shown.
pub const MAX_DEFINITION: usize = 8 << 20;
/// At most so many operations are listed.
pub const MAX_OPERATIONS: usize = 5_000;

/// What an OpenAPI document offers. All text is cleaned and on one line, but descriptions, which may have several.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// Where it is served.
    pub servers: Vec<String>,
    /// Operations by their first tag, in the order of the document.
    pub groups: Vec<Group>,
    /// How many operations there are beyond the limit.
    pub left_out: usize,
}

/// Operations under one tag.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// The tag; empty for operations without one.
    pub tag: String,
    /// What the document says of the tag.
    pub description: String,
    /// The operations.
    pub operations: Vec<Operation>,
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Operation {
    /// The HTTP method in upper case.
    pub method: String,
    /// The path with its `{parameters}`.
    pub path: String,
    /// One line on what it does.
    pub summary: String,
    /// More on it, in Markdown.
    pub description: String,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// What it takes in path, query, headers and cookies.
    pub parameters: Vec<Parameter>,
    /// What it takes in its body, by media type.
    pub body: Vec<Content>,
    /// What it answers.
    pub responses: Vec<Response>,
}

/// One parameter of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it stands: `path`, `query`, `header`, `cookie`.
    pub place: String,
    /// What it holds, in a few words.
    pub schema: String,
    /// Whether it must be given.
    pub required: bool,
    /// What it means.
    pub description: String,
}

/// A body of one media type.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Content {
    /// The media type.
    pub media: String,
    /// What it holds, in a few words.
    pub schema: String,
}

/// One answer of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// The status code, a range like `4XX`, or `default`.
    pub status: String,
    /// When it is given.
    pub description: String,
    /// What it holds, in a few words.
    pub schema: String,
}

/// Why there is no outline.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutlineError {
    /// It is too long to be read while somebody waits.
    #[error("the definition is longer than 8 MiB, so only its source is shown")]
    TooLarge,
    /// It is neither YAML nor JSON.
    #[error("the definition cannot be read: {0}")]
    Syntax(String),
    /// It is, but it is no OpenAPI document.
    #[error("the definition has no openapi or swagger version, so only its source is shown")]
    NotOpenApi,
}
