//! YAML as the npm package `yaml` 2 writes it: what `catalog:write` leaves in a repository should be the same bytes.
//!
//! Two spaces a level, lists indented below their key, as few quotes as YAML 1.2's core schema allows, long texts folded
//! at 80 columns, texts of several lines as blocks.

mod fold;
mod scalar;

use serde_json::Value as Json;

/// `value` as a document.
pub(super) fn write(value: &Json) -> String {
    let mut out = String::new();
    node(value, 0, None, &mut out);
    out.push('\n');
    out
}

/// Writes `value`, whose own lines begin at column `indent`. `start` is how much its key takes of the first line.
fn node(value: &Json, indent: usize, start: Option<usize>, out: &mut String) {
    match value {
        Json::Object(map) if map.is_empty() => out.push_str("{}"),
        Json::Array(items) if items.is_empty() => out.push_str("[]"),
        Json::Object(map) => {
            for (index, (key, value)) in map.iter().enumerate() {
                new_line(index, indent, out);
                let key = scalar::key(key, indent);
                out.push_str(&key);
                out.push(':');
                let inner = indent + 2;
                if is_block(value) {
                    out.push('\n');
                    out.push_str(&" ".repeat(inner));
                    node(value, inner, None, out);
                } else {
                    out.push(' ');
                    node(value, inner, Some(key.chars().count() + 1), out);
                }
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                new_line(index, indent, out);
                out.push_str("- ");
                node(item, indent + 2, None, out);
            }
        }
        Json::String(text) => out.push_str(&scalar::text(text, indent, start)),
        Json::Number(number) => out.push_str(&scalar::number(number)),
        other => out.push_str(&other.to_string()),
    }
}

/// Whether `value` is written below its key.
fn is_block(value: &Json) -> bool {
    match value {
        Json::Object(map) => !map.is_empty(),
        Json::Array(items) => !items.is_empty(),
        _ => false,
    }
}

/// Begins the line of an entry; the first stands where the writer is already.
fn new_line(index: usize, indent: usize, out: &mut String) {
    if index > 0 {
        out.push('\n');
        out.push_str(&" ".repeat(indent));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_entity_is_written_as_npm_does() {
        let entity = json!({
            "apiVersion": "backstage.io/v1alpha1",
            "metadata": {
                "name": "svc", "annotations": {}, "tags": ["go", "1.5", "yes"],
                "links": [{"url": "https://x.dev", "title": "A: b"}],
                "quote": "say \"hi\"", "note": "l1\nl2\n", "none": null, "empty": "",
            },
            "n": 3,
        });
        let wanted = "apiVersion: backstage.io/v1alpha1\nmetadata:\n  name: svc\n  annotations: {}\n  tags:\n    - go\n    - \"1.5\"\n    - yes\n  links:\n    - url: https://x.dev\n      title: \"A: b\"\n  quote: say \"hi\"\n  note: |\n    l1\n    l2\n  none: null\n  empty: \"\"\nn: 3\n";
        assert_eq!(write(&entity), wanted);
    }

    #[test]
    fn long_texts_are_folded() {
        let text = "word ".repeat(30);
        let written = write(&json!({"description": text.trim()}));
        assert!(written.lines().all(|line| line.len() <= 82), "{written}");
        assert_eq!(written.lines().count(), 3);
        assert!(
            written
                .lines()
                .nth(1)
                .is_some_and(|line| line.starts_with("  word"))
        );
    }

    #[test]
    fn what_is_written_reads_back() {
        for text in [
            "- x",
            "a: b",
            "#x",
            "x #y",
            "0x1f",
            "1e3",
            " pad ",
            "it's \"so\"",
            "a\n\n b\n",
            "tail\n\n",
            "@x",
            "~",
        ] {
            let value = json!({"k": [text, {"in": text}]});
            let read: Result<Json, _> = serde_yaml::from_str(&write(&value));
            assert_eq!(
                read.ok(),
                Some(value),
                "{}",
                write(&json!({"k": [text, {"in": text}]}))
            );
        }
    }

    #[test]
    fn blocks_and_quotes_are_those_of_npm() {
        for (text, wanted) in [
            ("tail\n\n", "k: |+\n  tail\n\n"),
            ("a\n\n b\n", "k: |\n  a\n\n   b\n"),
            (" lead\nx", "k: |2-\n   lead\n  x\n"),
            ("tab\t", "k: \"tab\\t\"\n"),
            ("\u{7}bell", "k: \"\\abell\"\n"),
            ("#\"q\"", "k: '#\"q\"'\n"),
            ("it's \"so\"", "k: it's \"so\"\n"),
        ] {
            assert_eq!(write(&json!({ "k": text })), wanted);
        }
    }
}
