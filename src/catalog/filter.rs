//! Backstage's filter strings: `kind=component,spec.owner=team-a`.
//!
//! A comma means AND, several strings mean OR, one key given twice in a string means OR of its values, a key alone means
//! that it exists. Keys and values are compared without case. As `parseEntityFilterParams` and the search table of
//! `@backstage/plugin-catalog-backend` have it.

use serde_json::Value;

use super::entity_ref::DEFAULT_NAMESPACE;
use super::{Relation, flatten};

/// Values longer than this are in the search table only as being there.
const LONGEST: usize = 200;

/// A parsed filter; the default lets everything through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    any: Vec<Vec<Condition>>,
}

/// What one field must be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Condition {
    /// The path, in lower case.
    pub key: String,
    /// What may stand there, in lower case; empty where it only must exist.
    pub values: Vec<String>,
}

/// Why a filter cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// A condition has a value but no key.
    #[error("the filter {0:?} has no key; write it as key=value, like kind=component")]
    NoKey(String),
}

impl Filter {
    /// Reads filter strings; none of them, or only empty ones, let everything through.
    pub fn parse(filters: &[String]) -> Result<Self, FilterError> {
        let mut any = Vec::new();
        for filter in filters {
            let mut all: Vec<Condition> = Vec::new();
            for statement in filter.split(',').map(str::trim).filter(|s| !s.is_empty()) {
                let (key, value) = match statement.split_once('=') {
                    Some((key, value)) => (key.trim(), Some(value.trim().to_lowercase())),
                    None => (statement, None),
                };
                if key.is_empty() {
                    return Err(FilterError::NoKey(statement.to_owned()));
                }
                let key = key.to_lowercase();
                match all.iter_mut().find(|condition| condition.key == key) {
                    Some(condition) => condition.values.extend(value),
                    None => all.push(Condition {
                        key,
                        values: value.into_iter().collect(),
                    }),
                }
            }
            if !all.is_empty() {
                any.push(all);
            }
        }
        Ok(Self { any })
    }

    /// A filter of one condition.
    pub fn of(condition: Condition) -> Self {
        Self {
            any: vec![vec![condition]],
        }
    }

    /// The conditions: all of one list, or all of another.
    pub fn into_conditions(self) -> Vec<Vec<Condition>> {
        self.any
    }

    /// Whether everything passes.
    pub fn is_everything(&self) -> bool {
        self.any.is_empty()
    }

    /// Whether an entity with this body and these relations (those shown at it) passes.
    pub fn matches(&self, body: &Value, relations: &[Relation]) -> bool {
        if self.any.is_empty() {
            return true;
        }
        let mut met: Vec<Vec<bool>> = self.any.iter().map(|all| vec![false; all.len()]).collect();
        let mut row = |path: &str, value: &dyn Fn() -> Option<String>| {
            for (all, met) in self.any.iter().zip(&mut met) {
                for (condition, met) in all.iter().zip(met) {
                    *met = *met || condition.is_met(path, value);
                }
            }
        };
        flatten::rows(body, |path, value| match value {
            Some(value) => row(path, &|| text(value)),
            None => row(path, &|| Some("true".to_owned())),
        });
        let metadata = |key| body.get("metadata").and_then(|metadata| metadata.get(key));
        row("metadata.name", &|| metadata("name").and_then(text));
        row("metadata.namespace", &|| {
            metadata("namespace").map_or_else(|| Some(DEFAULT_NAMESPACE.to_owned()), text)
        });
        if let Some(uid) = metadata("uid") {
            row("metadata.uid", &|| text(uid));
        }
        for relation in relations {
            row(&format!("relations.{}", relation.relation_type), &|| {
                Some(relation.target.to_string())
            });
        }
        met.iter().any(|all| all.iter().all(|met| *met))
    }
}

impl Condition {
    fn is_met(&self, path: &str, value: &dyn Fn() -> Option<String>) -> bool {
        same(path, &self.key)
            && (self.values.is_empty() || value().is_some_and(|value| self.values.contains(&value)))
    }
}

/// Whether `path` is `key` but for case; `key` is in lower case.
fn same(path: &str, key: &str) -> bool {
    if path.is_ascii() {
        path.eq_ignore_ascii_case(key)
    } else {
        path.to_lowercase() == key
    }
}

/// A scalar as the search table has it; `None` is there but equals nothing.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
        Value::String(text) => text.to_lowercase(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    };
    (text.chars().count() <= LONGEST).then_some(text)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalog::{EntityRef, RelationType};

    fn passes(filters: &[&str]) -> bool {
        let body = json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Component",
            "metadata": {"name": "Svc-A", "namespace": "default", "tags": ["java", "go"], "annotations": {"a.b/c": "D"}, "title": ""},
            "spec": {"type": "service", "n": 1, "b": true, "none": null, "parts": [{"x": 1}, {"x": 2}], "definition": "x".repeat(201)},
        });
        let source = EntityRef::new("component", "default", "svc-a");
        let target = EntityRef::new("group", "default", "Team");
        let relation = Relation {
            source,
            relation_type: RelationType::OwnedBy,
            target,
        };
        let filters: Vec<_> = filters.iter().map(|f| (*f).to_owned()).collect();
        Filter::parse(&filters).unwrap().matches(&body, &[relation])
    }

    #[test]
    fn commas_and_strings_combine() {
        assert!(passes(&[]) && passes(&["", " , "]));
        assert!(passes(&["kind=COMPONENT, Metadata.Name = svc-a"]));
        assert!(!passes(&["kind=component,spec.type=website"]));
        assert!(
            passes(&["kind=api", "spec.type=service"]),
            "several mean OR"
        );
        assert!(passes(&["kind=api,kind=component"]), "a key twice means OR");
        assert!(Filter::parse(&["=x".to_owned()]).is_err());
    }

    #[test]
    fn every_path_can_be_asked_for() {
        for filter in [
            "metadata.tags=java",
            "metadata.tags.java",
            "metadata.tags.java=true",
            "metadata.annotations.a.b/c=d",
            "spec.n=1",
            "spec.b=true",
            "spec.parts.x=2",
            "metadata.title=",
            "relations.ownedBy=group:default/team",
            "relations.ownedby",
            "metadata.namespace=default",
        ] {
            assert!(passes(&[filter]), "{filter}");
        }
    }

    #[test]
    fn nulls_and_long_texts_only_exist() {
        assert!(passes(&["spec.none"]) && !passes(&["spec.none="]) && !passes(&["spec.none=null"]));
        assert!(passes(&["spec.definition"]));
        assert!(!passes(&[&format!("spec.definition={}", "x".repeat(201))]));
        assert!(!passes(&["spec.missing"]) && !passes(&["metadata"]));
    }
}
