//! The relations that an entity's fields state (`BuiltinKindsEntityProcessor.postProcessEntity`).

use serde_json::Value;

use crate::catalog::entity_ref::RefContext;
use crate::catalog::{EntityRef, Kind, Relation, RelationType};

/// A field that states relations.
struct Field {
    name: &'static str,
    /// The kind of a reference that names none; where it is `None`, the reference must name it.
    kind: Option<&'static str>,
    relation_type: RelationType,
}

const fn field(
    name: &'static str,
    kind: Option<&'static str>,
    relation_type: RelationType,
) -> Field {
    Field {
        name,
        kind,
        relation_type,
    }
}

const OWNER: Field = field("owner", Some("group"), RelationType::OwnedBy);
const SYSTEM: Field = field("system", Some("system"), RelationType::PartOf);
const DEPENDS_ON: Field = field("dependsOn", None, RelationType::DependsOn);
const DEPENDENCY_OF: Field = field("dependencyOf", None, RelationType::DependencyOf);

const COMPONENT: &[Field] = &[
    OWNER,
    field("subcomponentOf", Some("component"), RelationType::PartOf),
    field("providesApis", Some("api"), RelationType::ProvidesApi),
    field("consumesApis", Some("api"), RelationType::ConsumesApi),
    DEPENDS_ON,
    DEPENDENCY_OF,
    SYSTEM,
];
const API: &[Field] = &[OWNER, SYSTEM];
const RESOURCE: &[Field] = &[OWNER, DEPENDS_ON, DEPENDENCY_OF, SYSTEM];
const SYSTEM_FIELDS: &[Field] = &[OWNER, field("domain", Some("domain"), RelationType::PartOf)];
const DOMAIN: &[Field] = &[
    OWNER,
    field("subdomainOf", Some("domain"), RelationType::PartOf),
];
const TEMPLATE: &[Field] = &[OWNER];
const USER: &[Field] = &[field("memberOf", Some("group"), RelationType::MemberOf)];
const GROUP: &[Field] = &[
    field("parent", Some("group"), RelationType::ChildOf),
    field("children", Some("group"), RelationType::ParentOf),
    field("members", Some("user"), RelationType::HasMember),
];

/// One reference of an entity, as written in a field of its `spec`.
pub(super) struct Reference {
    /// The field and, in a list, the number of the item: `/spec/dependsOn/0`.
    pub(super) pointer: String,
    /// The field's name, for people.
    pub(super) field: &'static str,
    /// What it says, or why it says nothing.
    pub(super) relation: Result<Relation, String>,
}

/// What the fields of `body` say about `source`, in the order of the fields.
pub(super) fn references(source: &EntityRef, body: &Value) -> Vec<Reference> {
    let fields = match Kind::parse(source.kind()) {
        Kind::Component => COMPONENT,
        Kind::Api => API,
        Kind::Resource => RESOURCE,
        Kind::System => SYSTEM_FIELDS,
        Kind::Domain => DOMAIN,
        Kind::Template => TEMPLATE,
        Kind::User => USER,
        Kind::Group => GROUP,
        Kind::Location | Kind::Other => &[],
    };
    let Some(spec) = body.get("spec") else {
        return Vec::new();
    };
    let mut references = Vec::new();
    for field in fields {
        match spec.get(field.name) {
            Some(Value::String(text)) => {
                references.push(reference(
                    source,
                    field,
                    text,
                    format!("/spec/{}", field.name),
                ));
            }
            Some(Value::Array(items)) => {
                let texts = items
                    .iter()
                    .enumerate()
                    .filter_map(|(n, item)| Some((n, item.as_str()?)));
                references.extend(texts.map(|(n, text)| {
                    reference(source, field, text, format!("/spec/{}/{n}", field.name))
                }));
            }
            _ => {}
        }
    }
    references
}

fn reference(source: &EntityRef, field: &Field, text: &str, pointer: String) -> Reference {
    let context = RefContext {
        kind: field.kind,
        namespace: source.namespace(),
    };
    Reference {
        pointer,
        field: field.name,
        relation: EntityRef::parse(text, context)
            .map(|target| Relation {
                source: source.clone(),
                relation_type: field.relation_type,
                target,
            })
            .map_err(|error| error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn stated(source: &EntityRef, spec: Value) -> Vec<String> {
        references(source, &json!({ "spec": spec }))
            .into_iter()
            .map(|r| match r.relation {
                Ok(relation) => format!("{} {}", relation.relation_type, relation.target),
                Err(_) => format!("bad {}", r.pointer),
            })
            .collect()
    }

    #[test]
    fn the_entitys_own_namespace_and_the_fields_kind_fill_the_gaps() {
        assert_eq!(
            stated(
                &EntityRef::new("Component", "Own", "a"),
                json!({"owner": "Team", "system": "x/s", "providesApis": ["component:q"], "dependsOn": ["resource:db", "db"], "dependencyOf": "component:b"}),
            ),
            [
                "ownedBy group:own/team",
                "providesApi component:own/q",
                "dependsOn resource:own/db",
                "bad /spec/dependsOn/1",
                "dependencyOf component:own/b",
                "partOf system:x/s",
            ]
        );
    }

    #[test]
    fn owners_of_people_groups_and_locations_are_ignored() {
        for kind in ["user", "group", "location", "gadget"] {
            assert_eq!(
                stated(&EntityRef::new(kind, "default", "a"), json!({"owner": "b"})),
                [""; 0]
            );
        }
        assert_eq!(
            stated(
                &EntityRef::new("group", "default", "g"),
                json!({"parent": "user:x", "members": ["u"], "children": []})
            ),
            ["childOf user:default/x", "hasMember user:default/u"]
        );
    }
}
