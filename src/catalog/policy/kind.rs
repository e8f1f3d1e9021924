//! The schemas of the kinds' `spec`, and which kinds there are.

use serde_json::Value;

use super::shape::{self, Field, Shape, optional, required};
use super::{Found, Model, ai, quoted, template, type_name};
use crate::catalog::nearest::nearest;
use crate::catalog::{Kind, Rule};

const BUILTIN: [&str; 2] = ["backstage.io/v1alpha1", "backstage.io/v1beta1"];
const TEMPLATE: [&str; 1] = ["scaffolder.backstage.io/v1beta3"];
const AI_RESOURCE: [&str; 1] = ["backstage.io/v1alpha1"];

/// In no schema, but read as references.
const DEPENDENCY_OF: Field = optional("dependencyOf", Shape::References);

const COMPONENT: &[Field] = &[
    required("type", Shape::Text),
    required("lifecycle", Shape::Text),
    required("owner", Shape::Text),
    optional("system", Shape::Text),
    optional("subcomponentOf", Shape::Text),
    optional("providesApis", Shape::Texts),
    optional("consumesApis", Shape::Texts),
    optional("dependsOn", Shape::Texts),
    DEPENDENCY_OF,
];
const API: &[Field] = &[
    required("type", Shape::Text),
    required("lifecycle", Shape::Text),
    required("owner", Shape::Text),
    required("definition", Shape::Text),
    optional("system", Shape::Text),
];
const RESOURCE: &[Field] = &[
    required("type", Shape::Text),
    required("owner", Shape::Text),
    optional("system", Shape::Text),
    optional("dependsOn", Shape::Texts),
    DEPENDENCY_OF,
];
const SYSTEM: &[Field] = &[
    required("owner", Shape::Text),
    optional("domain", Shape::Text),
    optional("type", Shape::Text),
];
const DOMAIN: &[Field] = &[
    required("owner", Shape::Text),
    optional("subdomainOf", Shape::Text),
    optional("type", Shape::Text),
];
const GROUP: &[Field] = &[
    required("type", Shape::Text),
    required("children", Shape::Texts),
    optional("parent", Shape::Text),
    optional("members", Shape::Texts),
    optional("profile", Shape::Fields(PROFILE)),
];
const USER: &[Field] = &[
    required("memberOf", Shape::Texts),
    optional("profile", Shape::Fields(PROFILE)),
];
const PROFILE: &[Field] = &[
    optional("displayName", Shape::Text),
    optional("email", Shape::Text),
    optional("picture", Shape::Text),
];
const LOCATION: &[Field] = &[
    optional("type", Shape::Text),
    optional("target", Shape::Text),
    optional("targets", Shape::Texts),
    optional("presence", Shape::OneOf(&["required", "optional"])),
];

/// The fields of the `spec` of `kind`.
pub(super) fn fields(kind: Kind) -> Option<&'static [Field]> {
    Some(match kind {
        Kind::Component => COMPONENT,
        Kind::Api => API,
        Kind::Resource => RESOURCE,
        Kind::System => SYSTEM,
        Kind::Domain => DOMAIN,
        Kind::Group => GROUP,
        Kind::User => USER,
        Kind::Location => LOCATION,
        Kind::Template => template::FIELDS,
        Kind::AiResource => ai::ANY,
        Kind::Other => return None,
    })
}

/// The apiVersions in which `kind` is known.
fn versions(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Template => &TEMPLATE,
        Kind::AiResource => &AI_RESOURCE,
        _ => &BUILTIN,
    }
}

/// Checks that the kind is known, and `spec` against its schema.
pub(super) fn check(body: &Value, model: Model, found: &mut Found) {
    let text = |key| body.get(key).and_then(Value::as_str).unwrap_or_default();
    let (kind_name, api_version) = (text("kind"), text("apiVersion"));
    let kind = Kind::parse(kind_name);
    if let Some(message) = unknown(kind, kind_name, api_version, model) {
        let (pointer, meant) = if kind_name == kind.as_str() {
            (
                "/apiVersion",
                nearest(api_version, versions(kind).iter().copied()),
            )
        } else {
            ("/kind", nearest(kind_name, Kind::ALL.map(Kind::as_str)))
        };
        found.suggest(
            pointer,
            Rule::UnknownKind,
            message,
            meant.map(str::to_owned),
        );
        // Only the case of a kind leaves no doubt which one is meant.
        if meant != Some(kind.as_str()) {
            return;
        }
    }
    let Some(fields) = fields(kind) else { return };
    match body.get("spec") {
        Some(Value::Object(spec)) => {
            let fields = match kind {
                Kind::AiResource => ai::resource(spec),
                Kind::Api if model == Model::WithAi => ai::server(spec).unwrap_or(fields),
                _ => fields,
            };
            shape::fields(spec, fields, "/spec", Rule::KindSchema, found);
            if model == Model::WithAi && matches!(kind, Kind::AiResource | Kind::Api) {
                ai::check(spec, found);
            }
            if kind == Kind::Template {
                template::check(spec, found);
            }
            mcp_server(kind, spec.get("type"), found);
        }
        Some(other) => found.add(
            "/spec",
            Rule::KindSchema,
            format!("spec must be a mapping, but is {}", type_name(other)),
        ),
        None => found.add("", Rule::KindSchema, "spec is missing"),
    }
}

/// Why Backstage knows no such kind, if it does not.
fn unknown(kind: Kind, name: &str, api_version: &str, model: Model) -> Option<String> {
    if kind == Kind::AiResource && model != Model::WithAi {
        return Some("AiResource is known only to a Backstage with the AI model installed (plugin-catalog-backend-module-ai-model)".to_owned());
    }
    if kind == Kind::Other {
        return Some(format!(
            "no kind {} is known in {}",
            quoted(name),
            quoted(api_version)
        ));
    }
    if name != kind.as_str() {
        return Some(format!("the kind {} must be written {kind}", quoted(name)));
    }
    let versions = versions(kind);
    // The scaffolder's old language had other braces.
    let braces = if api_version == "backstage.io/v1beta2" && kind == Kind::Template {
        ", and write ${{ parameters.x }} for {{ parameters.x }}"
    } else {
        ""
    };
    (!versions.contains(&api_version)).then(|| {
        format!(
            "{kind} is not known in the apiVersion {}; use {}{braces}",
            quoted(api_version),
            versions.join(" or ")
        )
    })
}

/// Says of the API type that only the new model layers know why its definition is missed.
fn mcp_server(kind: Kind, api_type: Option<&Value>, found: &mut Found) {
    if kind == Kind::Api
        && api_type.and_then(Value::as_str) == Some("mcp-server")
        && let Some(last) = found.0.last_mut()
        && last.message == "spec.definition is missing"
    {
        last.message.push_str(
            "; an mcp-server may leave it out only where Backstage's AI model is installed",
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn messages(api_version: &str, kind: &str, spec: &Value) -> Vec<String> {
        let mut found = Found::default();
        check(
            &json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "a"}, "spec": spec}),
            Model::Usual,
            &mut found,
        );
        found.0.into_iter().map(|v| v.message).collect()
    }

    fn builtin(kind: &str, spec: &Value) -> Vec<String> {
        messages("backstage.io/v1alpha1", kind, spec)
    }

    const NOTHING: [&str; 0] = [];

    #[test]
    fn required_fields_are_missed() {
        assert_eq!(
            builtin("Component", &json!({"type": "service", "owner": ""})),
            ["spec.lifecycle is missing", "spec.owner is an empty text"]
        );
        assert_eq!(
            builtin("Group", &json!({"type": "team", "children": []})),
            NOTHING
        );
        assert_eq!(
            builtin("Group", &json!({"type": "team"})),
            ["spec.children is missing"]
        );
        assert_eq!(
            builtin("User", &json!({"memberOf": null})),
            ["spec.memberOf must be a list of texts, but is empty"]
        );
        assert_eq!(builtin("Location", &json!({})), NOTHING);
        assert_eq!(
            builtin("System", &json!({"owner": "a", "domain": ["b"]})),
            ["spec.domain must be a text, but is a list"]
        );
    }

    #[test]
    fn unknown_fields_and_dependency_of_are_free() {
        assert_eq!(
            builtin(
                "Resource",
                &json!({"type": "db", "owner": "a", "dependencyOf": "b", "more": null})
            ),
            NOTHING
        );
        assert_eq!(
            builtin(
                "Resource",
                &json!({"type": "db", "owner": "a", "dependencyOf": [{"kind": "Component", "name": "x"}, null]})
            ),
            ["spec.dependencyOf[1] must be a text, but is empty"]
        );
    }

    #[test]
    fn kinds_are_matched_with_their_case_and_version() {
        assert_eq!(
            builtin("domain", &json!({})),
            [
                "the kind \"domain\" must be written Domain",
                "spec.owner is missing"
            ]
        );
        assert_eq!(
            builtin("Gadget", &json!({})),
            ["no kind \"Gadget\" is known in \"backstage.io/v1alpha1\""]
        );
        assert_eq!(
            builtin("Template", &json!({})),
            [
                "Template is not known in the apiVersion \"backstage.io/v1alpha1\"; use scaffolder.backstage.io/v1beta3"
            ]
        );
        assert_eq!(
            messages("backstage.io/v1beta2", "Template", &json!({})),
            [
                "Template is not known in the apiVersion \"backstage.io/v1beta2\"; use scaffolder.backstage.io/v1beta3, and write ${{ parameters.x }} for {{ parameters.x }}"
            ]
        );
        assert_eq!(
            messages("backstage.io/v1beta1", "Domain", &json!({"owner": "a"})),
            NOTHING
        );
    }

    #[test]
    fn spec_must_be_there() {
        let mut found = Found::default();
        check(
            &json!({"apiVersion": "backstage.io/v1alpha1", "kind": "System"}),
            Model::Usual,
            &mut found,
        );
        assert_eq!(
            found.0.first().map(|v| v.message.as_str()),
            Some("spec is missing")
        );
    }
}
