//! The relations that an entity's fields state (`BuiltinKindsEntityProcessor.postProcessEntity`).

use std::borrow::Cow;

use serde_json::Value;

use crate::catalog::entity_ref::{RefContext, RefError};
use crate::catalog::yaml::{Mark, Marks};
use crate::catalog::{EntityRef, Kind, Relation, RelationType};

/// A field that states relations.
#[derive(Debug)]
pub(super) struct Field {
    /// The field's name.
    pub(super) name: &'static str,
    /// The kind of a reference that names none; where it is `None`, the reference must name it.
    pub(super) kind: Option<&'static str>,
    relation_type: RelationType,
    /// The kinds that the field means. Backstage does not ask, but its pages show no others.
    pub(super) kinds: &'static [&'static str],
}

impl Field {
    /// Whether the field means entities of `kind`. Where a reference must name its kind, it may be one of a company's own.
    pub(super) fn may_refer_to(&self, kind: &str) -> bool {
        self.kinds.contains(&kind) || (self.kind.is_none() && Kind::parse(kind) == Kind::Other)
    }
}

/// A field that means one kind only.
const fn field(
    name: &'static str,
    kinds: &'static [&'static str; 1],
    relation_type: RelationType,
) -> Field {
    let [kind] = kinds;
    Field {
        name,
        kind: Some(*kind),
        relation_type,
        kinds,
    }
}

/// A field that means things, but neither people nor what only describes.
const fn things(name: &'static str, relation_type: RelationType) -> Field {
    Field {
        name,
        kind: None,
        relation_type,
        kinds: &["component", "resource", "api", "system", "domain"],
    }
}

const OWNER: Field = Field {
    name: "owner",
    kind: Some("group"),
    relation_type: RelationType::OwnedBy,
    kinds: &["group", "user"],
};
const SYSTEM: Field = field("system", &["system"], RelationType::PartOf);
const DEPENDS_ON: Field = things("dependsOn", RelationType::DependsOn);
const DEPENDENCY_OF: Field = things("dependencyOf", RelationType::DependencyOf);

const COMPONENT: &[Field] = &[
    OWNER,
    field("subcomponentOf", &["component"], RelationType::PartOf),
    field("providesApis", &["api"], RelationType::ProvidesApi),
    field("consumesApis", &["api"], RelationType::ConsumesApi),
    DEPENDS_ON,
    DEPENDENCY_OF,
    SYSTEM,
];
const API: &[Field] = &[OWNER, SYSTEM];
const RESOURCE: &[Field] = &[OWNER, DEPENDS_ON, DEPENDENCY_OF, SYSTEM];
const SYSTEM_FIELDS: &[Field] = &[OWNER, field("domain", &["domain"], RelationType::PartOf)];
const DOMAIN: &[Field] = &[
    OWNER,
    field("subdomainOf", &["domain"], RelationType::PartOf),
];
const TEMPLATE: &[Field] = &[OWNER];
const USER: &[Field] = &[field("memberOf", &["group"], RelationType::MemberOf)];
const GROUP: &[Field] = &[
    field("parent", &["group"], RelationType::ChildOf),
    field("children", &["group"], RelationType::ParentOf),
    field("members", &["user"], RelationType::HasMember),
];
/// As the model layer for AI has it (`aiResourceEntityModel`), where each type has some of these.
const AI_RESOURCE: &[Field] = &[
    OWNER,
    SYSTEM,
    field("dependsOn", &["airesource"], RelationType::DependsOn),
    field("skills", &["airesource"], RelationType::HasPart),
    field("plugins", &["airesource"], RelationType::HasPart),
];

/// Whether an AI resource of the type `ai_type` has the field named `field`.
fn has(ai_type: Option<&str>, field: &str) -> bool {
    match field {
        "dependsOn" => ai_type == Some("skill"),
        "skills" => ai_type == Some("plugin"),
        "plugins" => ai_type == Some("marketplace"),
        _ => true,
    }
}

/// One reference of an entity, as written in a field of its `spec`.
pub(super) struct Reference {
    /// The field.
    pub(super) field: &'static Field,
    /// Where it is written.
    pub(super) mark: Mark,
    /// What it says, or why it says nothing.
    pub(super) relation: Result<Relation, RefError>,
}

/// What the fields of `body` say about `source`, in the order of the fields.
pub(super) fn references(source: &EntityRef, body: &Value, marks: &Marks) -> Vec<Reference> {
    let kind = Kind::parse(source.kind());
    let fields = match kind {
        Kind::Component => COMPONENT,
        Kind::Api => API,
        Kind::Resource => RESOURCE,
        Kind::System => SYSTEM_FIELDS,
        Kind::Domain => DOMAIN,
        Kind::Template => TEMPLATE,
        Kind::User => USER,
        Kind::Group => GROUP,
        Kind::AiResource => AI_RESOURCE,
        Kind::Location | Kind::Other => &[],
    };
    let own_type = body.pointer("/spec/type").and_then(Value::as_str);
    let mut references = Vec::new();
    for field in fields {
        if kind == Kind::AiResource && !has(own_type, field.name) {
            continue;
        }
        let Some(value) = body.get("spec").and_then(|spec| spec.get(field.name)) else {
            continue;
        };
        let index = Marks::index(body, &["spec", field.name]);
        let items = match value {
            Value::Array(items) => marks.items(index, items),
            scalar => vec![(marks.get(index), scalar)],
        };
        references.extend(items.into_iter().filter_map(|(mark, item)| {
            let relation = relation(source, field, &text(item)?);
            let means = |relation: &Relation| {
                kind != Kind::AiResource || field.kinds.contains(&relation.target.kind())
            };
            relation
                .as_ref()
                .ok()
                .is_none_or(means)
                .then_some(Reference {
                    field,
                    mark,
                    relation,
                })
        }));
    }
    references
}

/// A reference as text: as it is written, or put together from a mapping's parts, which `dependencyOf` alone may have.
fn text(item: &Value) -> Option<Cow<'_, str>> {
    if let Value::String(text) = item {
        return Some(text.into());
    }
    let part = |key| item.get(key).and_then(Value::as_str);
    let (kind, name) = (part("kind")?, part("name")?);
    Some(match part("namespace").filter(|text| !text.is_empty()) {
        Some(namespace) => format!("{kind}:{namespace}/{name}").into(),
        None => format!("{kind}:{name}").into(),
    })
}

fn relation(source: &EntityRef, field: &Field, text: &str) -> Result<Relation, RefError> {
    let context = RefContext {
        kind: field.kind,
        namespace: source.namespace(),
    };
    Ok(Relation {
        source: source.clone(),
        relation_type: field.relation_type,
        target: EntityRef::parse(text, context)?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn stated(source: &EntityRef, spec: &Value) -> Vec<String> {
        references(source, &json!({ "spec": spec }), &Marks::default())
            .into_iter()
            .map(|r| match r.relation {
                Ok(relation) => format!("{} {}", relation.relation_type, relation.target),
                Err(_) => format!("bad {}", r.field.name),
            })
            .collect()
    }

    #[test]
    fn the_entitys_own_namespace_and_the_fields_kind_fill_the_gaps() {
        assert_eq!(
            stated(
                &EntityRef::new("Component", "Own", "a"),
                &json!({"owner": "Team", "system": "x/s", "providesApis": ["component:q"], "dependsOn": ["resource:db", "db"], "dependencyOf": "component:b"}),
            ),
            [
                "ownedBy group:own/team",
                "providesApi component:own/q",
                "dependsOn resource:own/db",
                "bad dependsOn",
                "dependencyOf component:own/b",
                "partOf system:x/s",
            ]
        );
    }

    #[test]
    fn owners_of_people_groups_and_locations_are_ignored() {
        for kind in ["user", "group", "location", "gadget"] {
            assert_eq!(
                stated(
                    &EntityRef::new(kind, "default", "a"),
                    &json!({"owner": "b"})
                ),
                [""; 0]
            );
        }
        assert_eq!(
            stated(
                &EntityRef::new("group", "default", "g"),
                &json!({"parent": "user:x", "members": ["u"], "children": []})
            ),
            ["childOf user:default/x", "hasMember user:default/u"]
        );
    }
}
