//! The `if` of a step: conditions that are true whatever happens.

use serde_json::Value as Json;

use super::expression::Scope;
use super::{Findings, Spot};
use crate::catalog::Rule;
use crate::scaffolder::expr::reading::{self, Shape};

/// Checks the condition `value` at `pointer`.
pub(super) fn check(value: &Json, pointer: &str, scope: &Scope<'_, '_>, found: &mut Findings) {
    let before = found.0.len();
    scope.check(value, pointer, found);
    let Some(text) = value.as_str().filter(|text| !text.is_empty()) else {
        return;
    };
    // Whatever else is wrong with it comes first.
    let Ok(reading) = reading::read(text) else {
        return;
    };
    if found.0.len() > before {
        return;
    }
    let (message, meant) = match reading.shape {
        Shape::Sole | Shape::Tags => return,
        Shape::Plain if matches!(text.trim(), "true" | "always") => return,
        Shape::Plain => {
            let meant = text
                .contains('.')
                .then(|| format!("${{{{ {} }}}}", text.trim()));
            let message =
                "This condition is plain text, and text is always true: the step always runs.";
            (message, meant)
        }
        Shape::Mixed if text.trim().len() < text.len() && is_sole(text.trim()) => {
            let message = "White space around the expression makes this condition a text, and text is always true: the \
                           step always runs.";
            (message, Some(text.trim().to_owned()))
        }
        Shape::Mixed => (
            "Text beside the expression makes this condition a text, and text is always true: the step always runs.",
            None,
        ),
    };
    let spot = Spot::Node(pointer.to_owned());
    found.add(Rule::TemplateCondition, spot, message).suggestion = meant;
}

fn is_sole(text: &str) -> bool {
    reading::read(text).is_ok_and(|reading| reading.shape == Shape::Sole)
}
