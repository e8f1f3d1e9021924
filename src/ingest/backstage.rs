//! The same input as a Backstage would show it.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::Ingested;
use crate::catalog::{EntityRef, Packed, Relation};

const MANAGED_BY: &str = "backstage.io/managed-by-location";
const MANAGED_BY_ORIGIN: &str = "backstage.io/managed-by-origin-location";

/// What a Backstage with the same locations would answer at `GET /api/catalog/entities`, sorted by reference: only the
/// entities that it accepts, with the relations that these state, and with its annotations of where they come from.
/// Without `uid` and `etag`, which are of no meaning elsewhere.
pub fn backstage_view(ingested: &Ingested) -> Vec<Value> {
    let accepted = || {
        ingested
            .entities
            .iter()
            .filter(|ingested| !ingested.entity.provenance.refused)
    };
    let mut relations: HashMap<&EntityRef, Vec<&Relation>> = HashMap::new();
    for relation in accepted().flat_map(|entity| &entity.relations) {
        relations
            .entry(&relation.source)
            .or_default()
            .push(relation);
    }
    let mut entities: Vec<&Packed> = accepted().map(|entity| &entity.entity).collect();
    entities.sort_unstable_by(|a, b| a.entity_ref.cmp(&b.entity_ref));
    entities
        .into_iter()
        .map(|entity| {
            whole(
                entity,
                relations.remove(&entity.entity_ref).unwrap_or_default(),
            )
        })
        .collect()
}

fn whole(entity: &Packed, relations: Vec<&Relation>) -> Value {
    let mut relations: Vec<(&str, String)> = relations
        .into_iter()
        .map(|relation| (relation.relation_type.as_str(), relation.target.to_string()))
        .collect();
    relations.sort_unstable();
    relations.dedup();
    let mut body = entity.body();
    if let Value::Object(root) = &mut body {
        if let Some(Value::Object(metadata)) = root.get_mut("metadata") {
            annotate(metadata, entity);
        }
        let relations = relations
            .into_iter()
            .map(|(name, target)| json!({"type": name, "targetRef": target}))
            .collect();
        root.insert("relations".to_owned(), relations);
    }
    body
}

fn annotate(metadata: &mut Map<String, Value>, entity: &Packed) {
    let annotations = metadata.entry("annotations").or_insert(Value::Null);
    if !annotations.is_object() {
        *annotations = json!({});
    }
    if let Value::Object(annotations) = annotations {
        annotations.insert(
            MANAGED_BY.to_owned(),
            Value::from(&*entity.provenance.location),
        );
        annotations.insert(
            MANAGED_BY_ORIGIN.to_owned(),
            Value::from(&*entity.provenance.origin),
        );
    }
}
