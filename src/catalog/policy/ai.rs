//! The schemas of what Backstage's model layers for AI add: the kind `AiResource`, the API type `mcp-server`
//! (`AiResource.v1alpha1.*.schema.json`, `API.v1alpha1.mcp-server.schema.json` of `@backstage/catalog-model`).

use serde_json::{Map, Value};

use super::Found;
use super::shape::{Field, Shape, optional, required};
use crate::catalog::Rule;

/// The longest `spec.compatibility` of a skill, in characters.
const LONGEST_COMPATIBILITY: usize = 500;

const TYPE: Field = required("type", Shape::Text);
const LIFECYCLE: Field = required("lifecycle", Shape::Text);
const OWNER: Field = required("owner", Shape::Text);
const SYSTEM: Field = optional("system", Shape::Text);

/// The fields of an `AiResource` of any type.
pub(super) const ANY: &[Field] = &[TYPE, LIFECYCLE, OWNER, SYSTEM];
const SKILL: &[Field] = &[
    TYPE,
    LIFECYCLE,
    OWNER,
    SYSTEM,
    optional("disciplines", Shape::Texts),
    optional("categories", Shape::Texts),
    optional("agents", Shape::Texts),
    optional("dependsOn", Shape::Texts),
    optional("allowedTools", Shape::Text),
    optional("license", Shape::Text),
    optional("compatibility", Shape::Text),
];
const RULE: &[Field] = &[
    TYPE,
    LIFECYCLE,
    OWNER,
    SYSTEM,
    required("category", Shape::Text),
    required("rationale", Shape::Text),
    optional("disciplines", Shape::Texts),
];
const PLUGIN: &[Field] = &[
    TYPE,
    LIFECYCLE,
    OWNER,
    SYSTEM,
    required("skills", Shape::Texts),
    optional("version", Shape::Text),
];
const MARKETPLACE: &[Field] = &[
    TYPE,
    LIFECYCLE,
    OWNER,
    SYSTEM,
    required("plugins", Shape::Texts),
    optional("version", Shape::Text),
];
const MCP_SERVER: &[Field] = &[
    TYPE,
    LIFECYCLE,
    OWNER,
    SYSTEM,
    required("remotes", Shape::List(REMOTE)),
];
const REMOTE: &[Field] = &[required("type", Shape::Text), required("url", Shape::Text)];

/// The fields of an `AiResource` of this type.
pub(super) fn resource(spec: &Map<String, Value>) -> &'static [Field] {
    match spec.get("type").and_then(Value::as_str) {
        Some("skill") => SKILL,
        Some("rule") => RULE,
        Some("plugin") => PLUGIN,
        Some("marketplace") => MARKETPLACE,
        _ => ANY,
    }
}

/// The fields of an API that is an MCP server; `None` for other APIs.
pub(super) fn server(spec: &Map<String, Value>) -> Option<&'static [Field]> {
    is_server(spec).then_some(MCP_SERVER)
}

/// Whether an API is an MCP server.
pub(super) fn is_server(spec: &Map<String, Value>) -> bool {
    spec.get("type").and_then(Value::as_str) == Some("mcp-server")
}

/// Checks what a table of fields cannot say.
pub(super) fn check(spec: &Map<String, Value>, found: &mut Found) {
    let text = |key| spec.get(key).and_then(Value::as_str).unwrap_or_default();
    if text("type") == "skill" && text("compatibility").chars().count() > LONGEST_COMPATIBILITY {
        let message =
            format!("spec.compatibility must have at most {LONGEST_COMPATIBILITY} characters");
        found.add("/spec/compatibility", Rule::KindSchema, message);
    }
    let remotes = spec.get("remotes").and_then(Value::as_array);
    if is_server(spec) && remotes.is_some_and(Vec::is_empty) {
        let message = "spec.remotes must name at least one";
        found.add("/spec/remotes", Rule::KindSchema, message);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalog::policy::{self, Model};

    fn messages(kind: &str, spec: &Value, model: Model) -> Vec<String> {
        let body = json!({"apiVersion": "backstage.io/v1alpha1", "kind": kind, "metadata": {"name": "a"}, "spec": spec});
        let found = policy::entity(&body, model).into_iter();
        found.map(|violation| violation.message).collect()
    }

    #[test]
    fn what_ai_adds_is_known_only_where_it_is_installed() {
        let plugin = json!({"type": "plugin", "lifecycle": "x", "owner": "g", "skills": ["a"]});
        assert_eq!(messages("AiResource", &plugin, Model::WithAi), [""; 0]);
        assert_eq!(messages("AiResource", &plugin, Model::Usual).len(), 1);
        let rule = json!({"type": "rule", "lifecycle": "x", "owner": "g", "category": "c"});
        assert_eq!(
            messages("AiResource", &rule, Model::WithAi),
            ["spec.rationale is missing"]
        );
        let other = json!({"type": "prompt", "lifecycle": "x", "owner": "g"});
        assert_eq!(messages("AiResource", &other, Model::WithAi), [""; 0]);
    }

    #[test]
    fn a_server_of_the_model_context_protocol_has_remotes_in_place_of_a_definition() {
        let server = |remotes: Value| json!({"type": "mcp-server", "lifecycle": "x", "owner": "g", "remotes": remotes});
        let one = json!([{"type": "sse", "url": "https://h.dev"}]);
        assert_eq!(
            messages("API", &server(one.clone()), Model::WithAi),
            [""; 0]
        );
        assert_eq!(messages("API", &server(one), Model::Usual).len(), 1);
        assert_eq!(
            messages("API", &server(json!([])), Model::WithAi),
            ["spec.remotes must name at least one"]
        );
    }
}
