//! Entities that a running Backstage has processed already: their relations, their status and where they come from are
//! what it says, and nothing is checked again.
//!
//! A Backstage shows each relation at both of its ends and does not say which end states it. The end whose fields say so
//! does; of what no field says, a processor of the company's own, the end from which it is read forward. So with an
//! entity that another source has, too, all goes that it states, and nothing else.

use std::collections::HashMap;

use serde_json::Value;

use super::document::{identity, sentence};
use super::placeholder::cleaned;
use super::relation::references;
use super::{Ingested, IngestedEntity};
use crate::catalog::entity_ref::{DEFAULT_NAMESPACE, RefContext};
use crate::catalog::yaml::Marks;
use crate::catalog::{
    Entity, EntityRef, Level, Packed, Place, Problem, Provenance, Relation, RelationType, Rule,
};

/// The annotations that a Backstage writes.
const MANAGED_BY: &str = "backstage.io/managed-by-location";
const MANAGED_BY_ORIGIN: &str = "backstage.io/managed-by-origin-location";
const VIEW_URL: &str = "backstage.io/view-url";
const ORPHAN: &str = "backstage.io/orphan";

/// How many entries of one entity's status are told.
const MOST_STATUS: usize = 20;

/// What an instance has given so far.
#[derive(Debug)]
pub struct Processed {
    /// The name of the source.
    source: String,
    /// The address of the instance, without a slash at the end.
    base_url: String,
    shown: Vec<Shown>,
    known: HashMap<EntityRef, usize>,
    problems: Vec<Problem>,
}

/// One entity as the instance shows it.
#[derive(Debug)]
struct Shown {
    entity: Packed,
    /// The relations at it.
    relations: Vec<Relation>,
    /// What its fields say, each link in both directions, sorted.
    stated: Vec<Relation>,
}

impl Shown {
    fn states(&self, relation: &Relation) -> bool {
        self.stated.binary_search(relation).is_ok()
    }
}

impl Processed {
    /// Nothing yet of the instance at `base_url`, which is the source named `source`.
    pub fn new(source: &str, base_url: &str) -> Self {
        Self {
            source: source.to_owned(),
            base_url: base_url.to_owned(),
            shown: Vec::new(),
            known: HashMap::new(),
            problems: Vec::new(),
        }
    }

    /// How many entities there are.
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    /// Whether there is no entity.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// Takes in `body`, an entity as the instance answers it; false where it was there already or is none.
    pub fn add(&mut self, body: Value) -> bool {
        let mut body = cleaned(body);
        let Some(entity_ref) = identity(&body) else {
            return false;
        };
        if self.known.contains_key(&entity_ref) {
            return false;
        }
        let Some(fields) = body.as_object_mut() else {
            return false;
        };
        let relations = fields.shift_remove("relations").unwrap_or_default();
        let status = fields.shift_remove("status").unwrap_or_default();
        let entity = Entity {
            provenance: self.provenance(&entity_ref, &body),
            entity_ref: entity_ref.clone(),
            body,
        };
        self.judge(&entity, &status);
        self.known.insert(entity_ref, self.shown.len());
        self.shown.push(Shown {
            relations: shown(&entity.entity_ref, &relations),
            stated: stated(&entity),
            entity: entity.into(),
        });
        true
    }

    /// All that was taken in, as one catalog.
    pub fn finish(self) -> Ingested {
        let mut relations: Vec<Vec<Relation>> = self.shown.iter().map(|_| Vec::new()).collect();
        let mut give = |to: usize, relation: Relation| {
            if let Some(relations) = relations.get_mut(to) {
                relations.push(relation);
            }
        };
        for (here, shown) in self.shown.iter().enumerate() {
            for relation in &shown.relations {
                let there = self.known.get(&relation.target).copied();
                let states_there =
                    there.filter(|&n| self.shown.get(n).is_some_and(|end| end.states(relation)));
                let states_here = shown.states(relation);
                if let Some(there) = states_there {
                    give(there, relation.clone());
                }
                if states_here || states_there.is_none() {
                    let forward = states_here || relation.relation_type.is_forward();
                    let to = if forward { here } else { there.unwrap_or(here) };
                    give(to, relation.clone());
                }
                // What is not of this instance may be another source's, and is shown there, too.
                if there.is_none() {
                    give(here, relation.inverse());
                }
            }
        }
        let entities = self.shown.into_iter().zip(relations);
        Ingested {
            entities: entities
                .map(|(shown, mut relations)| {
                    relations.sort_unstable();
                    relations.dedup();
                    IngestedEntity {
                        entity: shown.entity,
                        relations,
                    }
                })
                .collect(),
            problems: self.problems,
            ..Ingested::default()
        }
    }

    /// The page of an entity in the instance.
    fn page(&self, entity_ref: &EntityRef) -> String {
        let (kind, namespace) = (entity_ref.kind(), entity_ref.namespace());
        format!(
            "{}/catalog/{namespace}/{kind}/{}",
            self.base_url,
            entity_ref.name()
        )
    }

    /// Where `body` comes from. A file that is not behind a URL is one of the instance's machine, and nothing here may
    /// take it for one of this machine: its entity's page stands for it.
    fn provenance(&self, entity_ref: &EntityRef, body: &Value) -> Provenance {
        let location = |key| {
            annotation(body, key)
                .filter(|location| location.starts_with("url:"))
                .map_or_else(|| format!("url:{}", self.page(entity_ref)), str::to_owned)
        };
        Provenance {
            source: self.source.clone(),
            location: location(MANAGED_BY),
            origin: location(MANAGED_BY_ORIGIN),
            processed: true,
            ..Provenance::default()
        }
    }

    /// Takes note of what the instance says is wrong with `entity`.
    fn judge(&mut self, entity: &Entity, status: &Value) {
        let view = entity
            .annotation(VIEW_URL)
            .filter(|url| url.starts_with("https://") || url.starts_with("http://"))
            .map_or_else(|| self.page(&entity.entity_ref), str::to_owned);
        let mut problem = |rule: Rule, level: Level, message: &str| {
            let place = Place {
                file: sentence(&view),
                ..Place::default()
            };
            let problem = Problem {
                level,
                ..Problem::new(rule, place, sentence(message))
            };
            self.problems.push(problem.about(entity.entity_ref.clone()));
        };
        let items = status.get("items").and_then(Value::as_array);
        for item in items.into_iter().flatten().take(MOST_STATUS) {
            let text = |key| item.get(key).and_then(Value::as_str);
            let level = match text("level") {
                Some("error") => Level::Error,
                Some("warning") => Level::Warning,
                _ => Level::Info,
            };
            let message = text("message").unwrap_or("Backstage does not say what is wrong");
            problem(Rule::Processing, level, message);
        }
        if entity.annotation(ORPHAN) == Some("true") {
            let message = format!(
                "{} is an orphan: no location leads to it any more",
                entity.entity_ref
            );
            problem(Rule::Orphan, Rule::Orphan.level(), &message);
        }
    }
}

/// The annotation `key` of a body.
fn annotation<'a>(body: &'a Value, key: &str) -> Option<&'a str> {
    body.get("metadata")?.get("annotations")?.get(key)?.as_str()
}

/// The relations at `source`, as the instance lists them. Types of a company's own are left out: they have no inverse
/// that could be known.
fn shown(source: &EntityRef, relations: &Value) -> Vec<Relation> {
    let context = RefContext {
        kind: None,
        namespace: DEFAULT_NAMESPACE,
    };
    let relation = |relation: &Value| {
        Some(Relation {
            source: source.clone(),
            relation_type: RelationType::parse(relation.get("type")?.as_str()?)?,
            target: EntityRef::parse(relation.get("targetRef")?.as_str()?, context).ok()?,
        })
    };
    let items = relations.as_array().map_or(&[][..], Vec::as_slice);
    items.iter().filter_map(relation).collect()
}

/// What the fields of `entity` say, each link in both directions, sorted.
fn stated(entity: &Entity) -> Vec<Relation> {
    let mut stated: Vec<Relation> = references(&entity.entity_ref, &entity.body, &Marks::default())
        .into_iter()
        .filter_map(|reference| reference.relation.ok())
        .flat_map(|relation| [relation.inverse(), relation])
        .collect();
    stated.sort_unstable();
    stated.dedup();
    stated
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entity(kind: &str, name: &str, spec: &Value, relations: &[(&str, &str)]) -> Value {
        let relations: Vec<Value> = relations
            .iter()
            .map(|(name, target)| json!({"type": name, "targetRef": target}))
            .collect();
        json!({
            "apiVersion": "backstage.io/v1alpha1", "kind": kind,
            "metadata": {"name": name, "namespace": "default", "uid": "u", "annotations": {
                MANAGED_BY: "url:https://h.dev/a.yaml", MANAGED_BY_ORIGIN: "url:https://h.dev/all.yaml",
            }},
            "spec": spec, "relations": relations,
        })
    }

    fn ingested(bodies: Vec<Value>) -> Ingested {
        let mut processed = Processed::new("backstage:hq", "https://b.dev");
        for body in bodies {
            assert!(processed.add(body));
        }
        processed.finish()
    }

    fn relations(ingested: &Ingested, n: usize) -> Vec<String> {
        let text = |r: &Relation| format!("{} {} {}", r.source, r.relation_type, r.target);
        ingested.entities[n].relations.iter().map(text).collect()
    }

    #[test]
    fn each_relation_belongs_to_the_end_that_states_it() {
        let all = ingested(vec![
            entity(
                "Component",
                "c",
                &json!({"owner": "g"}),
                &[
                    ("ownedBy", "group:default/g"),
                    ("dependsOn", "resource:default/made-up"),
                    ("dependsOn", "resource:default/elsewhere"),
                    ("wovenInto", "system:default/s"),
                ],
            ),
            entity(
                "Group",
                "g",
                &json!({"children": []}),
                &[("ownerOf", "component:default/c")],
            ),
            entity(
                "Resource",
                "made-up",
                &json!({}),
                &[("dependencyOf", "component:default/c")],
            ),
        ]);
        assert_eq!(
            relations(&all, 0),
            [
                "component:default/c ownedBy group:default/g",
                "component:default/c dependsOn resource:default/elsewhere",
                "component:default/c dependsOn resource:default/made-up",
                "group:default/g ownerOf component:default/c",
                "resource:default/elsewhere dependencyOf component:default/c",
                "resource:default/made-up dependencyOf component:default/c",
            ]
        );
        assert_eq!(relations(&all, 1), [""; 0]);
        assert_eq!(relations(&all, 2), [""; 0]);
    }

    #[test]
    fn what_an_instance_finds_wrong_is_a_problem_where_its_author_can_open_it() {
        let mut body = entity("Location", "l", &json!({}), &[]);
        body["status"] = json!({"items": [
            {"level": "error", "message": "NotFoundError: no \u{1b}[31mfile\nthere"},
            {"level": "warning"},
        ]});
        body["metadata"]["annotations"][ORPHAN] = "true".into();
        let mut local = entity("Component", "c", &json!({}), &[]);
        local["metadata"]["annotations"][VIEW_URL] = "https://h.dev/view".into();
        local["metadata"]["annotations"][MANAGED_BY] = "file:/etc/passwd".into();
        local["status"] = json!({"items": [{"level": "info", "message": "told"}]});
        let all = ingested(vec![body, local]);
        let told: Vec<String> = all
            .problems
            .iter()
            .map(|p| format!("{} {} {}: {}", p.level, p.rule, p.place, p.message))
            .collect();
        let page = "https://b.dev/catalog/default/location/l";
        assert_eq!(
            told,
            [
                format!("error processing {page}: NotFoundError: no [31mfile there"),
                format!("warning processing {page}: Backstage does not say what is wrong"),
                format!(
                    "warning orphan {page}: location:default/l is an orphan: no location leads to it any more"
                ),
                "info processing https://h.dev/view: told".to_owned(),
            ]
        );
        let [first, second] = all.entities.as_slice() else {
            return assert_eq!(all.entities.len(), 2);
        };
        let first = &first.entity.provenance;
        assert_eq!(first.location, "url:https://h.dev/a.yaml");
        assert_eq!(first.origin, "url:https://h.dev/all.yaml");
        assert!(first.processed && first.source == "backstage:hq");
        let second = second.entity.unpack();
        assert_eq!(
            second.provenance.location,
            "url:https://b.dev/catalog/default/component/c"
        );
        assert_eq!(second.annotation(MANAGED_BY), Some("file:/etc/passwd"));
        assert!(second.body.get("status").is_none() && second.body.get("relations").is_none());
    }

    #[test]
    fn what_is_no_entity_or_there_already_is_not_taken_in() {
        let mut processed = Processed::new("backstage:hq", "https://b.dev");
        let body = entity("Component", "C", &json!({}), &[]);
        assert!(processed.is_empty());
        assert!(processed.add(body.clone()));
        assert!(!processed.add(body));
        for other in [
            json!(null),
            json!([1]),
            json!({"kind": "Component", "metadata": {}}),
        ] {
            assert!(!processed.add(other));
        }
        assert_eq!(processed.len(), 1);
    }
}
