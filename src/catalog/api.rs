//! API definitions: what an API offers, read leniently and within limits, so that screens and commands can list it.
//!
//! A definition becomes an [`Outline`]: groups of [entries](Entry), which are operations or, in a schema language, types,
//! and the named types that their [shapes](Shape) refer to. A reference is kept as a name and never copied, so that an
//! outline is no larger than its definition; [`sheet`] unfolds one entry into lines, and marks where types go in circles.
//!
//! | format | read by |
//! |---|---|
//! | OpenAPI 3.0, 3.1, Swagger 2 | `openapi` |
//! | AsyncAPI 2, 3 | `asyncapi` |
//! | JSON Schema, Avro | `types` |
//! | GraphQL SDL | `graphql`, on the syntax tree of `apollo-parser` |
//! | Protocol Buffers | `proto`, our own light reader |
//! | WSDL, tRPC, MCP | recognised; their source is shown |

mod asyncapi;
mod document;
mod error;
mod format;
mod graphql;
mod model;
mod openapi;
mod proto;
mod shape;
pub mod sheet;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
mod types;

pub use error::OutlineError;
pub use format::{Format, language};
pub use model::{
    Content, Entry, EntryKind, Fault, Group, Outline, Parameter, Part, Response, Role, Shape, Type,
};

/// Definitions longer than this many bytes are not read; their source is shown.
pub const MAX_DEFINITION: usize = 8 << 20;
/// At most so many entries are listed.
pub const MAX_ENTRIES: usize = 10_000;

/// Reads the definition of an API whose `spec.type` is `declared`.
///
/// What a definition says of itself counts for more than what it was declared to be: an AsyncAPI document in an API of
/// type `openapi` is read as what it is.
pub fn outline(declared: &str, definition: &str) -> Result<Outline, OutlineError> {
    if definition.len() > MAX_DEFINITION {
        return Err(OutlineError::TooLarge);
    }
    if definition.trim().is_empty() {
        return Err(OutlineError::Empty);
    }
    match Format::declared(declared).unwrap_or_else(|| Format::sniff(definition)) {
        Format::GraphQl => graphql::read(definition),
        Format::Proto => proto::read(definition),
        format @ (Format::Wsdl | Format::Trpc | Format::Mcp | Format::Other) => {
            Err(OutlineError::NotRead(format))
        }
        declared => {
            let root = document::parse(definition)?;
            match Format::of_document(&root) {
                Some(Format::OpenApi) => Ok(openapi::read(&root)),
                Some(Format::AsyncApi) => Ok(asyncapi::read(&root)),
                Some(format @ (Format::JsonSchema | Format::Avro)) => {
                    Ok(types::read(&root, format))
                }
                _ => Err(OutlineError::Unversioned(declared)),
            }
        }
    }
}
