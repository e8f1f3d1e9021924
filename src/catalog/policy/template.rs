//! The schema of a Template's `spec` (`Template.v1beta3.schema.json` of `@backstage/plugin-scaffolder-common`).

use serde_json::{Map, Value};

use super::shape::{self, Field, Shape, optional, required};
use super::{Found, below, dotted, type_name};
use crate::catalog::Rule;

pub(super) const FIELDS: &[Field] = &[
    required("type", Shape::Text),
    required("steps", Shape::List(STEP)),
    optional("owner", Shape::Text),
    optional("lifecycle", Shape::Text),
    optional("secrets", Shape::Fields(SECRETS)),
    optional("presentation", Shape::Fields(PRESENTATION)),
    optional("formDecorators", Shape::List(DECORATOR)),
    optional("EXPERIMENTAL_formDecorators", Shape::List(DECORATOR)),
    optional("EXPERIMENTAL_recovery", Shape::Fields(RECOVERY)),
];
const SECRETS: &[Field] = &[optional("schema", Shape::Map)];
const DECORATOR: &[Field] = &[
    optional("id", Shape::AnyText),
    optional("input", Shape::Map),
];
const RECOVERY: &[Field] = &[optional("EXPERIMENTAL_strategy", Shape::AnyText)];
const PERMISSIONS: Field = optional(
    "backstage:permissions",
    Shape::Fields(&[optional("tags", Shape::AnyTexts)]),
);
const STEP: &[Field] = &[
    PERMISSIONS,
    required("action", Shape::AnyText),
    optional("id", Shape::AnyText),
    optional("name", Shape::AnyText),
    optional("input", Shape::Map),
    optional("if", Shape::Condition),
];
const PRESENTATION: &[Field] = &[optional("buttonLabels", Shape::Fields(BUTTONS))];
const BUTTONS: &[Field] = &[
    optional("backButtonText", Shape::AnyText),
    optional("createButtonText", Shape::AnyText),
    optional("reviewButtonText", Shape::AnyText),
];
const OUTPUT: &[Field] = &[
    optional("links", Shape::List(LINK)),
    optional("text", Shape::List(TEXT)),
];
const LINK: &[Field] = &[
    optional("if", Shape::Condition),
    optional("url", Shape::Text),
    optional("entityRef", Shape::Text),
    optional("title", Shape::Text),
    optional("icon", Shape::Text),
];
const TEXT: &[Field] = &[
    optional("if", Shape::Condition),
    optional("title", Shape::Text),
    optional("icon", Shape::Text),
    optional("content", Shape::AnyText),
];

/// Checks what a table of fields cannot say: `parameters` and `output`.
pub(super) fn check(spec: &Map<String, Value>, found: &mut Found) {
    match spec.get("parameters") {
        None => {}
        Some(Value::Object(page)) => {
            shape::fields(
                page,
                &[PERMISSIONS],
                "/spec/parameters",
                Rule::KindSchema,
                found,
            );
        }
        Some(Value::Array(pages)) => {
            for (n, page) in pages.iter().enumerate() {
                let pointer = format!("/spec/parameters/{n}");
                if let Value::Object(page) = page {
                    shape::fields(page, &[PERMISSIONS], &pointer, Rule::KindSchema, found);
                } else {
                    let message = format!(
                        "{} must be a mapping, but is {}",
                        dotted(&pointer),
                        type_name(page)
                    );
                    found.add(pointer, Rule::KindSchema, message);
                }
            }
        }
        Some(other) => found.add(
            "/spec/parameters",
            Rule::KindSchema,
            format!(
                "spec.parameters must be a mapping or a list of mappings, but is {}",
                type_name(other)
            ),
        ),
    }
    match spec.get("output") {
        None => {}
        Some(Value::Object(output)) => {
            shape::fields(output, OUTPUT, "/spec/output", Rule::KindSchema, found);
            for (key, value) in output {
                if !matches!(key.as_str(), "links" | "text") && !value.is_string() {
                    let pointer = below("/spec/output", key);
                    let message = format!(
                        "{} must be a text, but is {}",
                        dotted(&pointer),
                        type_name(value)
                    );
                    found.add(pointer, Rule::KindSchema, message);
                }
            }
        }
        Some(other) => found.add(
            "/spec/output",
            Rule::KindSchema,
            format!("spec.output must be a mapping, but is {}", type_name(other)),
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::catalog::policy;

    fn messages(spec: &serde_json::Value) -> Vec<String> {
        let body = json!({"apiVersion": "scaffolder.backstage.io/v1beta3", "kind": "Template", "metadata": {"name": "a"}, "spec": spec});
        policy::entity(&body, policy::Model::Usual)
            .into_iter()
            .map(|v| v.message)
            .collect()
    }

    #[test]
    fn steps_are_checked_one_by_one() {
        assert_eq!(
            messages(
                &json!({"type": "service", "steps": [{"action": "x", "if": true}, {"id": 1, "action": "y"}, {"name": "z"}]})
            ),
            [
                "spec.steps[1].id must be a text, but is a number",
                "spec.steps[2].action is missing"
            ]
        );
    }

    #[test]
    fn what_surrounds_the_steps_has_a_shape_too() {
        assert_eq!(
            messages(
                &json!({"type": "a", "steps": [], "secrets": {"schema": []}, "formDecorators": "x", "EXPERIMENTAL_recovery": {"EXPERIMENTAL_strategy": 1},
                        "parameters": {"backstage:permissions": {"tags": ["", 1]}}, "output": {"text": [{"content": "", "if": 1}]}})
            ),
            [
                "spec.secrets.schema must be a mapping, but is a list",
                "spec.formDecorators must be a list of mappings, but is a text",
                "spec.EXPERIMENTAL_recovery.EXPERIMENTAL_strategy must be a text, but is a number",
                "spec.parameters.backstage:permissions.tags[1] must be a text, but is a number",
                "spec.output.text[0].if must be a text or a boolean, but is a number",
            ]
        );
    }

    #[test]
    fn parameters_and_output_have_two_forms_each() {
        assert_eq!(
            messages(&json!({"type": "a", "steps": [], "parameters": {}, "output": {"x": "y"}})),
            [""; 0]
        );
        assert_eq!(
            messages(
                &json!({"type": "a", "steps": [], "parameters": ["x"], "output": {"x": 1, "links": {}}})
            ),
            [
                "spec.parameters[0] must be a mapping, but is a text",
                "spec.output.links must be a list of mappings, but is a mapping",
                "spec.output.x must be a text, but is a number",
            ]
        );
    }
}
