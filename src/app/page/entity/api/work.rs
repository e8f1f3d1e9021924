//! Work on definitions that is done beside the event loop: reading one takes milliseconds for each megabyte, colouring
//! it takes longer.

use std::sync::Arc;

use crate::app::message::EntityDetail;
use crate::catalog::api::{Outline, OutlineError, language, outline};
use crate::techdocs::highlight::{Highlighted, highlight};

/// A line longer than this was written by a program for a program.
const LONG_LINE: usize = 2_000;

/// A definition as it was read.
#[derive(Debug)]
pub struct Definition {
    /// What it offers.
    pub outline: Result<Arc<Outline>, OutlineError>,
    /// Its lines, tabs expanded. JSON without lines is given some.
    pub lines: Vec<String>,
    /// The language in which it is coloured.
    pub language: &'static str,
}

/// Work to be done. The detail comes back with the answer.
#[derive(Debug, Clone)]
pub enum ApiWork {
    /// Read the definition of an API.
    Read(Arc<EntityDetail>),
    /// Colour its source.
    Colour(Arc<EntityDetail>, Arc<Definition>),
}

/// What came of it.
#[derive(Debug, Clone)]
pub enum ApiDone {
    /// A definition was read.
    Read(Arc<EntityDetail>, Arc<Definition>),
    /// Its source was coloured; `None` where it has no colours.
    Coloured(Arc<EntityDetail>, Option<Arc<Highlighted>>),
}

impl ApiDone {
    /// The API whose definition it was.
    pub fn detail(&self) -> &Arc<EntityDetail> {
        match self {
            Self::Read(detail, _) | Self::Coloured(detail, _) => detail,
        }
    }
}

impl ApiWork {
    /// Does the work: call it in a worker.
    pub fn perform(self) -> ApiDone {
        match self {
            Self::Read(detail) => {
                let definition = detail.entity.spec_str("definition").unwrap_or_default();
                let declared = detail.entity.spec_str("type").unwrap_or_default();
                let definition = Definition {
                    outline: outline(declared, definition).map(Arc::new),
                    lines: lines(definition),
                    language: language(declared, definition),
                };
                ApiDone::Read(detail, Arc::new(definition))
            }
            Self::Colour(detail, definition) => {
                let text = definition.lines.join("\n");
                let colours = highlight(definition.language, &text).map(Arc::new);
                ApiDone::Coloured(detail, colours)
            }
        }
    }
}

fn lines(definition: &str) -> Vec<String> {
    let is_long = definition.lines().any(|line| line.len() > LONG_LINE);
    let pretty = is_long
        .then(|| serde_json::from_str::<serde_json::Value>(definition).ok())
        .flatten()
        .and_then(|value| serde_json::to_string_pretty(&value).ok());
    let text = pretty.as_deref().unwrap_or(definition);
    // What was escaped in a JSON definition stays escaped when it is written anew.
    text.lines()
        .map(|line| line.replace('\t', "    "))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_without_lines_is_given_some() {
        let long = format!("{{\"a\":\"{}\",\"b\":1}}", "x".repeat(LONG_LINE));
        assert_eq!(lines(&long).len(), 4);
        assert_eq!(lines("a:\n\tb"), ["a:", "    b"]);
    }
}
