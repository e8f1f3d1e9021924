//! The writer against what npm `yaml` 2 gave.

use serde_json::json;

use super::{Options, write as write_with};
use serde_json::Value as Json;

fn write(value: &Json) -> String {
    write_with(value, &Options::default())
}

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
