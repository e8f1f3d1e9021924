//! What a template gives when it is done: `spec.output`.

use serde_json::Value as Json;

use super::expression::{Scope, Where};
use super::names::Names;
use super::{Findings, Spot};
use crate::catalog::Rule;

/// Checks the output in `spec`.
pub(super) fn check(spec: &Json, names: &Names<'_>, found: &mut Findings) {
    let Some(output) = spec.get("output") else {
        return;
    };
    let scope = Scope {
        names,
        before: names.steps.len(),
        each: false,
        place: Where::Output,
    };
    scope.check(output, "/spec/output", found);
    let links = output.get("links").and_then(Json::as_array);
    for (number, link) in links.into_iter().flatten().enumerate() {
        if link.is_object() && link.get("url").is_none() && link.get("entityRef").is_none() {
            let spot = Spot::Node(format!("/spec/output/links/{number}"));
            let message = "The link is not shown: it has neither a url nor an entityRef.";
            found.add(Rule::Template, spot, message);
        }
    }
}
