//! Whether the definition of an API is what its type says: a finding where it cannot be read.

use serde_json::Value;

use super::{Located, SourceFile};
use crate::catalog::api::{Format, outline};
use crate::catalog::yaml::Marks;
use crate::catalog::{EntityRef, Kind, Problem, Rule};

/// Where a definition stands.
const POINTER: &str = "/spec/definition";

/// What is wrong with the definition of the API `body`, at its line where that is known.
pub(super) fn check(
    entity_ref: &EntityRef,
    body: &Value,
    marks: &Marks,
    file: &SourceFile,
) -> Option<Problem> {
    if Kind::parse(entity_ref.kind()) != Kind::Api {
        return None;
    }
    let declared = body.pointer("/spec/type").and_then(Value::as_str)?;
    let definition = body.pointer(POINTER).and_then(Value::as_str)?;
    let format = Format::declared(declared).filter(|format| format.is_checked())?;
    let (line, message) = match outline(declared, definition) {
        Ok(outline) => {
            let fault = outline.faults.into_iter().next()?;
            (
                fault.line,
                format!(
                    "The definition is not {} throughout: {}.",
                    format.label(),
                    fault.message
                ),
            )
        }
        Err(error) if error.is_mistake() => (error.line().unwrap_or(1), error.finding(format)),
        Err(_) => return None,
    };
    let located = Located::new(entity_ref.clone(), body.clone(), marks.clone(), file);
    let place = located.place_inside(POINTER, start_of(definition, line));
    Some(Problem::new(Rule::ApiDefinition, place, message).about(entity_ref.clone()))
}

/// The byte at which a line begins, from 1.
fn start_of(text: &str, line: usize) -> usize {
    text.split_inclusive('\n')
        .take(line - 1)
        .map(str::len)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_begin_behind_those_before_them() {
        assert_eq!(
            [1, 2, 3, 9].map(|line| start_of("ab\nc\nd", line)),
            [0, 3, 5, 6]
        );
    }
}
