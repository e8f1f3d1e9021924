//! Templates of descriptors (`name: {{ cookiecutter.name }}`), as scaffolder skeletons hold them: no descriptors, and no
//! mistakes either.

use serde_json::Value;

use super::yaml::Failure;
use crate::catalog::policy::Violation;

/// Whether the identity of an entity is to be filled in by a template engine.
pub(super) fn entity(body: &Value) -> bool {
    [
        "/kind",
        "/apiVersion",
        "/metadata/name",
        "/metadata/namespace",
    ]
    .iter()
    .filter_map(|pointer| body.pointer(pointer))
    .any(value)
        || body
            .as_object()
            .is_some_and(|map| map.keys().any(|key| text(key)))
}

/// Whether something that is wrong with an entity is to be filled in by a template engine. A Template's own expressions
/// are no such thing.
pub(super) fn violations(body: &Value, violations: &[Violation]) -> bool {
    body.get("kind").and_then(Value::as_str) != Some("Template")
        && violations
            .iter()
            .filter_map(|violation| body.pointer(&violation.pointer))
            .any(value)
}

/// Whether a document is no YAML because of a template engine's marks: on the line of the failure or the two before, or
/// on a line of their own before it.
pub(super) fn failure(content: &str, failure: &Failure) -> bool {
    let last = failure.mark.line.saturating_add(1);
    lines(content, (failure.lines.0, last))
        .enumerate()
        .any(|(n, line)| {
            let number = u32::try_from(n)
                .unwrap_or(u32::MAX)
                .saturating_add(failure.lines.0);
            let line = line.trim_start();
            line.starts_with("{%")
                || line.starts_with("{{")
                || line.starts_with("{#")
                || (number.saturating_add(3) >= last && (text(line) || line.contains("{%")))
        })
}

/// The lines of `content` from the first to the last of `range`, which count from 1.
pub(super) fn lines(content: &str, range: (u32, u32)) -> impl Iterator<Item = &str> {
    let skip = range.0.saturating_sub(1) as usize;
    content
        .lines()
        .skip(skip)
        .take((range.1 as usize).saturating_sub(skip))
}

/// Text with an expression, or what YAML makes of `{{ x }}` without quotes: a mapping from a mapping to nothing.
fn value(value: &Value) -> bool {
    match value {
        Value::String(string) => text(string),
        Value::Object(map) => {
            map.len() == 1
                && map
                    .iter()
                    .all(|(key, value)| key.starts_with('{') && value.is_null())
        }
        _ => false,
    }
}

/// Whether a text holds an expression.
pub(super) fn text(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}
