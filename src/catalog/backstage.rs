//! An entity as Backstage shows it: with its relations and with the annotations that say where it comes from.

use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use super::{Entity, EntityRef, Integrations, Relation};

const MANAGED_BY: &str = "backstage.io/managed-by-location";
const MANAGED_BY_ORIGIN: &str = "backstage.io/managed-by-origin-location";
const SOURCE_LOCATION: &str = "backstage.io/source-location";
const VIEW_URL: &str = "backstage.io/view-url";
const EDIT_URL: &str = "backstage.io/edit-url";

/// What Backstage writes in place of an address that would run a script.
const REJECTED: &str = "https://backstage.io/annotation-rejected-for-security-reasons";

/// How many hexadecimal digits in a row are the name of a commit.
const COMMIT_DIGITS: usize = 40;

/// A location that was configured or found, which Backstage shows as an entity of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RootLocation {
    /// The location in Backstage's form, `file:/abs/path` or `url:https://…`.
    pub location: String,
    /// Whether it is no error if nothing is there, as with what a provider looks for in each repository.
    pub optional: bool,
}

impl RootLocation {
    /// The reference of its entity, `location:default/generated-<sha1>` (`locationSpecToMetadataName`).
    pub fn entity_ref(&self) -> EntityRef {
        EntityRef::new("location", "default", &self.name())
    }

    /// Its entity as Backstage shows it (`locationSpecToLocationEntity`).
    pub fn entity(&self, hosts: &Integrations) -> Value {
        let (kind, target) = self.location.split_once(':').unwrap_or_default();
        let mut spec = json!({"type": kind, "target": target});
        if self.optional
            && let Some(spec) = spec.as_object_mut()
        {
            spec.insert("presence".to_owned(), "optional".into());
        }
        let mut body = json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Location",
            "metadata": {"namespace": "default", "name": self.name()},
            "spec": spec,
        });
        annotate(&mut body, &self.location, &self.location, hosts);
        complete(&mut body, &[]);
        body
    }

    fn name(&self) -> String {
        use std::fmt::Write;
        let mut name = "generated-".to_owned();
        for byte in Sha1::digest(self.location.as_bytes()) {
            // Writing to a text does not fail.
            let _ = write!(name, "{byte:02x}");
        }
        name
    }
}

/// `entity` as Backstage shows it, with `relations`, which are those at it; without `uid` and `etag`, which mean nothing
/// elsewhere.
pub fn entity(entity: Entity, relations: &[Relation], hosts: &Integrations) -> Value {
    let Entity {
        mut body,
        provenance,
        ..
    } = entity;
    if !provenance.processed {
        annotate(&mut body, &provenance.location, &provenance.origin, hosts);
    }
    complete(&mut body, relations);
    body
}

fn complete(body: &mut Value, relations: &[Relation]) {
    let Some(root) = body.as_object_mut() else {
        return;
    };
    if let Some(Value::Object(metadata)) = root.get_mut("metadata") {
        metadata.shift_remove("uid");
        metadata.shift_remove("etag");
    }
    let mut relations: Vec<(&str, &str)> = relations
        .iter()
        .map(|relation| (relation.relation_type.as_str(), relation.target.as_str()))
        .collect();
    relations.sort_unstable();
    relations.dedup();
    let relations = relations
        .into_iter()
        .map(|(name, target)| json!({"type": name, "targetRef": target}))
        .collect();
    root.insert("relations".to_owned(), relations);
}

/// Adds what `AnnotateLocationEntityProcessor` adds. What the author wrote stays, except where an entity comes from.
fn annotate(body: &mut Value, location: &str, origin: &str, hosts: &Integrations) {
    let Some(Value::Object(metadata)) = body.get_mut("metadata") else {
        return;
    };
    let annotations = metadata.entry("annotations").or_insert(Value::Null);
    if !annotations.is_object() {
        *annotations = json!({});
    }
    let Some(annotations) = annotations.as_object_mut() else {
        return;
    };
    annotations.insert(MANAGED_BY.to_owned(), location.into());
    annotations.insert(MANAGED_BY_ORIGIN.to_owned(), origin.into());
    if let Some(url) = location.strip_prefix("url:") {
        let edit = (!names_a_commit(url))
            .then(|| hosts.edit_url(url))
            .flatten();
        let folder = hosts.folder(url).map(|folder| format!("url:{folder}"));
        for (key, value) in [
            (VIEW_URL, Some(url.to_owned())),
            (EDIT_URL, edit),
            (SOURCE_LOCATION, folder),
        ] {
            if let Some(value) = value {
                annotations.entry(key).or_insert_with(|| value.into());
            }
        }
    }
    for key in [VIEW_URL, EDIT_URL] {
        if let Some(Value::String(url)) = annotations.get_mut(key)
            && is_script(url)
        {
            REJECTED.clone_into(url);
        }
    }
}

/// Whether `url` holds a word of at least forty hexadecimal digits.
fn names_a_commit(url: &str) -> bool {
    url.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .any(|word| {
            word.len() >= COMMIT_DIGITS
                && word
                    .bytes()
                    .all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'))
        })
}

/// Whether `url` is one that a browser runs, with whatever white space a browser overlooks.
fn is_script(url: &str) -> bool {
    let text = url.trim_start_matches(|c: char| c <= ' ');
    let mut letters = text.chars().filter(|c| !matches!(c, '\r' | '\n' | '\t'));
    "javascript:".chars().all(|wanted| {
        letters
            .next()
            .is_some_and(|c| c.eq_ignore_ascii_case(&wanted))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Provenance;

    #[test]
    fn a_configured_location_is_an_entity_named_by_its_digest() {
        let root = RootLocation {
            location: "file:/tmp/mo/a/empty.yaml".to_owned(),
            optional: false,
        };
        assert_eq!(
            root.entity(&Integrations::default()),
            json!({
                "apiVersion": "backstage.io/v1alpha1",
                "kind": "Location",
                "metadata": {
                    "namespace": "default",
                    "name": "generated-35c3a16034843f347b08e09296cecd46e83853cc",
                    "annotations": {
                        "backstage.io/managed-by-location": "file:/tmp/mo/a/empty.yaml",
                        "backstage.io/managed-by-origin-location": "file:/tmp/mo/a/empty.yaml",
                    },
                },
                "spec": {"type": "file", "target": "/tmp/mo/a/empty.yaml"},
                "relations": [],
            })
        );
    }

    #[test]
    fn urls_lead_to_their_page_and_what_runs_scripts_is_replaced() {
        let annotations = |location: &str, own: Value| {
            let value = entity(
                Entity {
                    entity_ref: EntityRef::new("component", "default", "a"),
                    body: json!({"metadata": {"name": "a", "uid": "u", "annotations": own}}),
                    provenance: Provenance {
                        location: location.to_owned(),
                        ..Provenance::default()
                    },
                },
                &[],
                &Integrations::default(),
            );
            assert_eq!(value.pointer("/metadata/uid"), None);
            let text = |key: &str| {
                let annotations = &value["metadata"]["annotations"];
                annotations[key].as_str().map(str::to_owned)
            };
            [VIEW_URL, EDIT_URL, SOURCE_LOCATION].map(text)
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            annotations("url:https://github.com/o/r/blob/main/a.yaml", json!({})),
            [
                some("https://github.com/o/r/blob/main/a.yaml"),
                some("https://github.com/o/r/edit/main/a.yaml"),
                some("url:https://github.com/o/r/tree/main/")
            ]
        );
        let commit = "0123456789abcdef0123456789abcdef01234567";
        let at_commit = format!("url:https://github.com/o/r/blob/{commit}/a.yaml");
        assert_eq!(annotations(&at_commit, Value::Null)[1], None);
        assert_eq!(
            annotations(
                "url:https://h.dev/a.yaml",
                json!({EDIT_URL: " java\nScript:alert()"})
            ),
            [some("https://h.dev/a.yaml"), some(REJECTED), None]
        );
        assert_eq!(annotations("file:/a.yaml", json!({})), [None, None, None]);
    }
}
