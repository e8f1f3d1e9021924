//! The envelope and the metadata, which all kinds share (`EntityEnvelope.schema.json`, `Entity.schema.json`, the field
//! format policy).

use serde_json::{Map, Value};

use super::format;
use super::shape::{self, Field, Shape, optional};
use super::{Found, Violation, below, dotted, quoted, type_name};
use crate::catalog::Rule;
use crate::catalog::nearest::nearest;

const ROOT: [&str; 4] = ["apiVersion", "kind", "metadata", "spec"];

const ENVELOPE: &[Field] = &[
    shape::required("apiVersion", Shape::Text),
    shape::required("kind", Shape::Text),
    shape::required("metadata", Shape::Map),
];
const IDENTITY: &[Field] = &[
    shape::required("name", Shape::Text),
    optional("namespace", Shape::Text),
];

const METADATA: &[Field] = &[
    optional("uid", Shape::Text),
    optional("etag", Shape::Text),
    optional("title", Shape::Text),
    optional("description", Shape::AnyText),
    optional("tags", Shape::Texts),
    optional("links", Shape::List(LINK)),
];

const LINK: &[Field] = &[
    shape::required("url", Shape::Text),
    optional("title", Shape::Text),
    optional("icon", Shape::Text),
    optional("type", Shape::Text),
];

/// Checks what makes an entity an entity at all.
pub(super) fn envelope(body: &Value) -> Vec<Violation> {
    let mut found = Found::default();
    let rule = Rule::Envelope;
    let Value::Object(root) = body else {
        found.add(
            "",
            Rule::NotAnObject,
            format!(
                "an entity must be a mapping, but this is {}",
                type_name(body)
            ),
        );
        return found.0;
    };
    shape::fields(root, ENVELOPE, "", rule, &mut found);
    if let Some(Value::Object(metadata)) = root.get("metadata") {
        shape::fields(metadata, IDENTITY, "/metadata", rule, &mut found);
        // What JavaScript takes for false becomes an empty mapping when Backstage adds its own annotations
        // (`ProcessorOutputCollector`); anything else that is no mapping costs the whole file.
        if let Some(annotations) = metadata.get("annotations")
            && !annotations.is_object()
            && !shape::is_false(annotations)
        {
            let message = format!(
                "metadata.annotations must be a mapping, but is {}",
                type_name(annotations)
            );
            found.add("/metadata/annotations", rule, message);
        }
    }
    found.0
}

/// Checks the root and `metadata`.
pub(super) fn check(body: &Value, found: &mut Found) {
    let Value::Object(root) = body else { return };
    for key in root.keys().filter(|key| !ROOT.contains(&key.as_str())) {
        let message = format!(
            "{} is no field of an entity; only apiVersion, kind, metadata and spec are",
            quoted(key)
        );
        let missing = ROOT.into_iter().filter(|field| !root.contains_key(*field));
        let meant = nearest(key, missing).map(str::to_owned);
        found.key(below("", key), Rule::Schema, message, meant);
    }
    if let Some(spec) = root.get("spec").filter(|spec| !spec.is_object()) {
        found.add(
            "/spec",
            Rule::Schema,
            format!("spec must be a mapping, but is {}", type_name(spec)),
        );
    }
    form(
        root.get("apiVersion"),
        "/apiVersion",
        format::is_api_version,
        "letters and digits, behind an optional lower-case domain and a slash",
        found,
    );
    form(
        root.get("kind"),
        "/kind",
        format::is_kind,
        "letters and digits, beginning with a letter, at most 63",
        found,
    );
    let Some(Value::Object(metadata)) = root.get("metadata") else {
        return;
    };
    form(
        metadata.get("name"),
        "/metadata/name",
        format::is_object_name,
        "letters, digits and -_. between them, at most 63",
        found,
    );
    form(
        metadata.get("namespace"),
        "/metadata/namespace",
        format::is_dns_label,
        "lower-case letters, digits and dashes between them, at most 63",
        found,
    );
    shape::fields(metadata, METADATA, "/metadata", Rule::Schema, found);
    labels(metadata, found);
    annotations(metadata, found);
    tags(metadata, found);
    links(metadata, found);
}

fn form(
    value: Option<&Value>,
    pointer: &str,
    fits: fn(&str) -> bool,
    expected: &str,
    found: &mut Found,
) {
    if let Some(Value::String(text)) = value
        && !fits(text)
    {
        found.suggest(
            pointer,
            Rule::FieldFormat,
            format!(
                "{} {} is not valid: use {expected}",
                dotted(pointer),
                quoted(text)
            ),
            [text.replace([' ', '_', '/'], "-"), format::slug(text)]
                .into_iter()
                .find(|meant| fits(meant)),
        );
    }
}

fn labels(metadata: &Map<String, Value>, found: &mut Found) {
    let Some(labels) = mapping(metadata, "labels", found) else {
        return;
    };
    for (key, value) in labels {
        let pointer = || below("/metadata/labels", key);
        key_form(key, "label", pointer, found);
        match value {
            Value::String(text) if format::is_label_value(text) => {}
            Value::String(text) => found.add(
                pointer(),
                Rule::FieldFormat,
                format!("the label {} has the value {}: use letters, digits and -_. between them, at most 63, or nothing", quoted(key), quoted(text)),
            ),
            other => not_text("label", key, other, pointer(), found),
        }
    }
}

fn annotations(metadata: &Map<String, Value>, found: &mut Found) {
    let Some(Value::Object(annotations)) = metadata.get("annotations") else {
        return;
    };
    for (key, value) in annotations {
        let pointer = || below("/metadata/annotations", key);
        key_form(key, "annotation", pointer, found);
        if !value.is_string() {
            not_text("annotation", key, value, pointer(), found);
        }
    }
}

fn mapping<'a>(
    metadata: &'a Map<String, Value>,
    field: &str,
    found: &mut Found,
) -> Option<&'a Map<String, Value>> {
    match metadata.get(field)? {
        Value::Object(map) => Some(map),
        other => {
            let pointer = below("/metadata", field);
            found.suggest(
                &*pointer,
                Rule::Schema,
                format!(
                    "{} must be a mapping, but is {}",
                    dotted(&pointer),
                    type_name(other)
                ),
                other.is_null().then(|| format!("{field}: {{}}")),
            );
            None
        }
    }
}

fn key_form(key: &str, what: &str, pointer: impl Fn() -> String, found: &mut Found) {
    if !format::is_key(key) {
        let lower = key
            .split_once('/')
            .map(|(domain, name)| format!("{}/{name}", domain.to_ascii_lowercase()));
        found.key(
            pointer(),
            Rule::FieldFormat,
            format!("the {what} key {} is not valid: use letters, digits and -_. between them, at most 63, behind an optional lower-case domain and a slash", quoted(key)),
            lower.filter(|meant| format::is_key(meant)),
        );
    }
}

fn not_text(what: &str, key: &str, value: &Value, pointer: String, found: &mut Found) {
    found.add(
        pointer,
        shape::unquoted(value).unwrap_or(Rule::Schema),
        format!(
            "the {what} {} must be a text, but is {}",
            quoted(key),
            type_name(value)
        ),
    );
}

fn tags(metadata: &Map<String, Value>, found: &mut Found) {
    let tags = metadata.get("tags").and_then(Value::as_array);
    for (n, tag) in tags.into_iter().flatten().enumerate() {
        if let Value::String(text) = tag
            && !text.is_empty()
            && !format::is_tag(text)
        {
            found.suggest(
                format!("/metadata/tags/{n}"),
                Rule::FieldFormat,
                format!("the tag {} is not valid: use lower-case letters, digits and :+#, parted by single dashes, at most 63", quoted(text)),
                Some(format::slug(text)).filter(|meant| format::is_tag(meant)),
            );
        }
    }
}

fn links(metadata: &Map<String, Value>, found: &mut Found) {
    let links = metadata.get("links").and_then(Value::as_array);
    for (n, link) in links.into_iter().flatten().enumerate() {
        for key in ["title", "icon"] {
            if let Some(Value::String(text)) = link.get(key)
                && !text.is_empty()
                && text.trim().is_empty()
            {
                let message = format!("metadata.links[{n}].{key} is blank");
                found.add(
                    format!("/metadata/links/{n}/{key}"),
                    Rule::FieldFormat,
                    message,
                );
            }
        }
        if let Some(Value::String(url)) = link.get("url")
            && !url.is_empty()
            && !format::is_url(url)
        {
            found.suggest(
                format!("/metadata/links/{n}/url"),
                Rule::FieldFormat,
                format!(
                    "the link {} is no absolute URL; begin it with https://",
                    quoted(url)
                ),
                Some(format!("https://{url}")).filter(|meant| {
                    url.starts_with(char::is_alphanumeric) && format::is_url(meant)
                }),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rules(metadata: &Value) -> Vec<(String, Rule)> {
        let mut found = Found::default();
        check(
            &json!({"apiVersion": "backstage.io/v1alpha1", "kind": "X", "metadata": metadata}),
            &mut found,
        );
        found.0.into_iter().map(|v| (v.pointer, v.rule)).collect()
    }

    #[test]
    fn an_envelope_has_three_texts() {
        let pointers = |body: Value| {
            envelope(&body)
                .into_iter()
                .map(|v| v.pointer)
                .collect::<Vec<_>>()
        };
        assert_eq!(pointers(json!([])), [""]);
        assert_eq!(
            pointers(json!({"kind": "", "metadata": {"name": 123}})),
            ["", "/kind", "/metadata/name"]
        );
        assert_eq!(
            pointers(
                json!({"apiVersion": "a", "kind": "b", "metadata": {"name": "c", "namespace": null}})
            ),
            ["/metadata/namespace"]
        );
        assert_eq!(
            pointers(json!({"apiVersion": "a", "kind": "b", "metadata": {"name": "c"}, "more": 1})),
            [""; 0]
        );
    }

    #[test]
    fn annotations_may_be_empty_but_no_text() {
        let pointers = |annotations: Value| {
            let body = json!({"apiVersion": "a", "kind": "b", "metadata": {"name": "c", "annotations": annotations}});
            let found = envelope(&body).into_iter().map(|v| v.pointer);
            found.collect::<Vec<_>>()
        };
        for empty in [json!(null), json!(false), json!(0), json!("")] {
            assert_eq!(pointers(empty), [""; 0]);
        }
        assert_eq!(pointers(json!(["a"])), ["/metadata/annotations"]);
        assert_eq!(pointers(json!(true)), ["/metadata/annotations"]);
    }

    #[test]
    fn empty_collections_are_mistakes_but_for_annotations() {
        assert_eq!(
            rules(
                &json!({"name": "a", "labels": null, "annotations": null, "tags": null, "description": null})
            ),
            [
                ("/metadata/description".to_owned(), Rule::Schema),
                ("/metadata/tags".to_owned(), Rule::Schema),
                ("/metadata/labels".to_owned(), Rule::Schema),
            ]
        );
    }

    #[test]
    fn values_are_not_coerced() {
        assert_eq!(
            rules(
                &json!({"name": "a", "labels": {"a": 1}, "annotations": {"x/y": true, "Foo.com/x": ""}})
            ),
            [
                ("/metadata/labels/a".to_owned(), Rule::UnquotedValue),
                ("/metadata/annotations/x~1y".to_owned(), Rule::UnquotedValue),
                (
                    "/metadata/annotations/Foo.com~1x".to_owned(),
                    Rule::FieldFormat
                ),
            ]
        );
    }

    #[test]
    fn links_need_absolute_urls() {
        assert_eq!(
            rules(
                &json!({"name": "a", "links": [{"url": "mailto:a@b"}, {"url": "/foo", "more": 1}, {"title": "x"}]})
            ),
            [
                ("/metadata/links/2".to_owned(), Rule::Schema),
                ("/metadata/links/1/url".to_owned(), Rule::FieldFormat),
            ]
        );
    }

    #[test]
    fn the_root_has_four_fields() {
        let mut found = Found::default();
        check(
            &json!({"apiVersion": "a", "kind": "X", "metadata": {"name": "a"}, "relations": [], "spec": null}),
            &mut found,
        );
        let pointers: Vec<_> = found.0.iter().map(|v| v.pointer.as_str()).collect();
        assert_eq!(pointers, ["/relations", "/spec"]);
    }
}
