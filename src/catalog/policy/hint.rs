//! Fields and annotations that Backstage takes without a word, but whose name is nearly one that means something.

use serde_json::{Map, Value};

use super::annotation::WELL_KNOWN;
use super::shape::Field;
use super::{Found, below, kind, quoted};
use crate::catalog::nearest::{distance_within, letters, may_be_alike, nearest};
use crate::catalog::{Kind, Rule};

/// The fields of `metadata`.
const METADATA: [&str; 10] = [
    "name",
    "namespace",
    "title",
    "description",
    "labels",
    "annotations",
    "tags",
    "links",
    "uid",
    "etag",
];

/// Fields of a Template whose shape is not fixed by a schema.
const FREE: [&str; 2] = ["parameters", "output"];

/// The most letters in which an annotation may differ from the one that was meant: keys of one domain are alike.
const MOST_SLIPS: usize = 2;

/// Looks for what was probably meant to be another name.
pub(super) fn check(body: &Value, found: &mut Found) {
    let mapping = |key| body.get(key).and_then(Value::as_object);
    let kind = body.get("kind").and_then(Value::as_str).unwrap_or_default();
    if let Some(metadata) = mapping("metadata") {
        fields(metadata, "/metadata", &METADATA, found);
        if let Some(Value::Object(annotations)) = metadata.get("annotations") {
            self::annotations(annotations, found);
        }
    }
    if let (Some(spec), Some(known)) = (mapping("spec"), kind::fields(Kind::parse(kind))) {
        let known = known.iter().map(|field: &Field| field.name);
        if !spec.keys().all(|key| known.clone().any(|name| name == key)) {
            let known: Vec<&str> = known.chain(FREE).collect();
            fields(spec, "/spec", &known, found);
        }
    }
}

fn fields(map: &Map<String, Value>, pointer: &str, known: &[&str], found: &mut Found) {
    for key in map.keys().filter(|key| !known.contains(&key.as_str())) {
        let missing = known
            .iter()
            .copied()
            .filter(|name| !map.contains_key(*name));
        if let Some(meant) = nearest(key, missing) {
            let message = format!("the field {} means nothing here", quoted(key));
            found.key(
                below(pointer, key),
                Rule::UnknownField,
                message,
                Some(meant.to_owned()),
            );
        }
    }
}

fn annotations(annotations: &Map<String, Value>, found: &mut Found) {
    for key in annotations.keys() {
        if WELL_KNOWN.binary_search(&key.as_str()).is_ok() {
            continue;
        }
        if let Some(meant) = annotation(key).filter(|meant| !annotations.contains_key(*meant)) {
            found.key(
                below("/metadata/annotations", key),
                Rule::MistypedAnnotation,
                format!(
                    "no plugin is known that looks for the annotation {}",
                    quoted(key)
                ),
                Some(meant.to_owned()),
            );
        }
    }
}

/// The well-known annotation that was probably meant by `key`.
fn annotation(key: &str) -> Option<&'static str> {
    let wanted = letters(key);
    WELL_KNOWN
        .iter()
        .filter(|known| known.len().abs_diff(key.len()) <= MOST_SLIPS)
        .filter(|known| may_be_alike(letters(known), wanted, MOST_SLIPS))
        .filter_map(|known| Some((distance_within(key, known, MOST_SLIPS)?, *known)))
        .min()
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn hints(body: &Value) -> Vec<(String, Option<String>)> {
        let mut found = Found::default();
        check(body, &mut found);
        found
            .0
            .into_iter()
            .map(|v| (v.pointer, v.suggestion))
            .collect()
    }

    #[test]
    fn the_table_of_annotations_is_sorted() {
        assert!(WELL_KNOWN.is_sorted());
    }

    #[test]
    fn fields_of_nearly_a_known_name_are_told() {
        let body = json!({
            "kind": "Component",
            "metadata": {"name": "a", "lables": {}, "team": "x"},
            "spec": {"type": "service", "lifecyle": "x", "owners": "b", "dependson": [], "runtime": "jvm"},
        });
        let meant: Vec<_> = hints(&body).into_iter().filter_map(|hint| hint.1).collect();
        assert_eq!(meant, ["labels", "lifecycle", "owner", "dependsOn"]);
    }

    #[test]
    fn a_field_beside_the_one_that_is_like_it_is_meant() {
        let spec = json!({"owner": "a", "owners": ["b"], "type": "x", "types": ["y"]});
        assert_eq!(hints(&json!({"kind": "Resource", "spec": spec})), []);
    }

    #[test]
    fn annotations_are_compared_with_the_well_known() {
        let told = |key: &str| {
            let body = json!({"kind": "X", "metadata": {"annotations": {key: "x"}}});
            hints(&body).into_iter().find_map(|hint| hint.1)
        };
        assert_eq!(
            told("backstage.io/techdocs-refs").as_deref(),
            Some("backstage.io/techdocs-ref")
        );
        assert_eq!(
            told("github.com/projectslug").as_deref(),
            Some("github.com/project-slug")
        );
        assert_eq!(told("gitlab.com/project-slug"), None);
        assert_eq!(told("acme.dev/cost-center"), None);
    }
}
