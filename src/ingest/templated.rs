//! Templates of descriptors (`name: {{ cookiecutter.name }}`), as scaffolder skeletons hold them: no descriptors, and no
//! mistakes either.

use serde_json::Value;

use crate::catalog::policy::Violation;
use crate::catalog::yaml::Failure;

/// Whether the identity of an entity is to be filled in by a template engine.
pub(super) fn entity(body: &Value) -> bool {
    let metadata = body.get("metadata");
    let of_metadata = |key| metadata.and_then(|metadata| metadata.get(key));
    [
        body.get("kind"),
        body.get("apiVersion"),
        of_metadata("name"),
        of_metadata("namespace"),
    ]
    .into_iter()
    .flatten()
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

/// Whether a document is no YAML because of a template engine's marks: on the line of the failure or one of the two before
/// it, or on a line of their own somewhere above.
pub(super) fn failure(failure: &Failure<'_>) -> bool {
    const NEAR: u32 = 2;
    let last = failure.mark.line.saturating_sub(failure.line);
    (0..=last).zip(failure.text.lines()).any(|(n, line)| {
        let near = n.saturating_add(NEAR) >= last;
        let start = line.trim_start();
        let alone = ["{%", "{{", "{#"]
            .iter()
            .any(|mark| start.starts_with(mark));
        alone || (near && text(line))
    })
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
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'{', bytes).any(|at| matches!(bytes.get(at + 1), Some(b'{' | b'%')))
}
