//! The reader as a whole: streams, places, what npm `yaml` was seen to do, hostile text.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::catalog::text;

/// What npm `yaml` 2.9 makes of texts of ours: `parseAllDocuments(text, {merge: false})`, one text a line.
const NPM_YAML: &str = include_str!("../../../tests/fixtures/yaml/npm-yaml.jsonl");

fn read(text: &str) -> Vec<Result<Value, String>> {
    documents(text, &Bounds::default())
        .map(|result| match result {
            Ok(document) => {
                assert_eq!(document.marks.len(), size(&document.value), "{text:?}");
                Ok(document.value)
            }
            Err(failure) => Err(format!(
                "{}:{} {}",
                failure.mark.line, failure.mark.column, failure.message
            )),
        })
        .collect()
}

/// Each text is one document with that value.
pub(super) fn reads(table: &[(&str, Value)]) {
    for (text, value) in table {
        assert_eq!(read(text), [Ok(value.clone())], "{text:?}");
    }
}

/// Each text is one document that cannot be read: the place and the beginning of what is said.
pub(super) fn fails(table: &[(&str, &str)]) {
    for (text, expected) in table {
        match read(text).as_slice() {
            [Err(message)] if message.starts_with(expected) => {}
            other => panic!("{text:?}: {other:?} instead of {expected:?}"),
        }
    }
}

#[test]
fn texts_mean_what_they_mean_to_npm_yaml() {
    let mut different = Vec::new();
    for line in NPM_YAML.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let text = case["text"].as_str().unwrap();
        let expected: Vec<Option<Value>> = case["read"]
            .as_array()
            .unwrap()
            .iter()
            .map(|document| document.get("value").map(cleaned))
            .filter(|value| value.as_ref().is_none_or(|value| !value.is_null()))
            .collect();
        let ours: Vec<Option<Value>> = read(text).into_iter().map(Result::ok).collect();
        if ours != expected {
            different.push(format!("{text:?}\n  npm:  {expected:?}\n  ours: {ours:?}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

fn cleaned(value: &Value) -> Value {
    match value {
        Value::String(string) => text::clean(string).into(),
        Value::Array(items) => items.iter().map(cleaned).collect(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (text::clean(key).into_owned(), cleaned(value)))
            .collect(),
        Value::Number(number) => match number.as_f64() {
            Some(double) if number.is_f64() && double.fract() == 0.0 => number
                .to_string()
                .parse::<f64>()
                .ok()
                .map_or(Value::Null, Value::from),
            _ => value.clone(),
        },
        other => other.clone(),
    }
}

#[test]
fn scalars_mean_what_npm_yaml_means() {
    reads(&[(
        "a: yes\nb: on\nc: 0777\nd: 08\ne: 0b11\nf: 1_000\ng: .inf\nh: 2024-01-02\ni: 0o17\nj: 0xff\n\
         k: 1.0\nl: +12\nm: ~\nn: '1'\no: !!str 1\np: !custom 5\nq: -0\nr: 1e3\ns: .5\nt: TRUE\nu: .\nw: 1.e2\n",
        json!({"a":"yes","b":"on","c":777,"d":8,"e":"0b11","f":"1_000","g":null,"h":"2024-01-02","i":15,"j":255,
               "k":1,"l":12,"m":null,"n":"1","o":"1","p":"5","q":0,"r":1000,"s":0.5,"t":true,"u":".","w":100}),
    )]);
    let long = read("n: 12345678901234567890").remove(0).unwrap();
    assert_eq!(long["n"].as_f64(), Some(1.234_567_890_123_456_8e19));
}

#[test]
fn a_bad_document_costs_only_itself() {
    let all =
        read("a: 1\n---\na: [\n---\nb: 2\n...\n# only a comment\n---\nc: 'x\n---\nd: 3\n... e\n");
    let good: Vec<Option<&Value>> = all.iter().map(|result| result.as_ref().ok()).collect();
    assert_eq!(
        good,
        [
            Some(&json!({"a":1})),
            None,
            Some(&json!({"b":2})),
            None,
            None
        ]
    );
    assert!(
        all.iter()
            .any(|r| matches!(r, Err(m) if m.contains("behind the `...`")))
    );
}

#[test]
fn directives_come_before_a_document() {
    reads(&[("%YAML 1.2 # c\n%FOO bar\n---\na: 1", json!({"a": 1}))]);
    fails(&[
        (
            "%YAML 1.2\na: 1",
            "2:1 lines that begin with `%` need a `---`",
        ),
        ("%YAML\n---\na", "1:1 %YAML needs one version"),
        ("%TAG x\n---\na", "1:1 %TAG needs two parts"),
    ]);
}

#[test]
fn byte_order_marks_belong_to_no_key() {
    reads(&[
        ("\u{feff}a: 1\r\nb: 2\r\n", json!({"a": 1, "b": 2})),
        ("a: 1\n\u{feff}b: 2\n", json!({"a": 1, "b": 2})),
    ]);
}

#[test]
fn every_node_has_its_place() {
    let text = "# lead\n---\na:\n  - x\n  - {y: 1}\nb/c: q\né: [ü, ö]\n";
    let document = documents(text, &Bounds::default()).next().unwrap().unwrap();
    let at = |pointer: &str| {
        let mark = document.marks.find(&document.value, pointer);
        (mark.line, mark.column)
    };
    assert_eq!(at("/a"), (3, 1), "a collection stands at its key");
    assert_eq!(at("/a/0"), (4, 5));
    assert_eq!(at("/a/1/y"), (5, 9));
    assert_eq!(at("/b~1c"), (6, 6));
    assert_eq!(at("/é/1"), (7, 8), "columns are characters");
    assert_eq!(
        at("/a/missing"),
        (3, 1),
        "what is not there stands at what holds it"
    );
    assert_eq!(document.line, 2);
}

fn limited(text: &str) -> bool {
    matches!(documents(text, &Bounds::default()).next(), Some(Err(failure)) if failure.limit)
}

#[test]
fn bombs_meet_a_limit() {
    let level = |(this, last): (char, char)| {
        let item = format!("*{last},");
        format!("{this}: &{this} [{}]\n", item.repeat(9))
    };
    let levels = "bcdefghij".chars().zip("abcdefghi".chars()).map(level);
    let bomb = format!("a: &a [x,x,x,x,x,x,x,x,x]\n{}", levels.collect::<String>());
    assert!(limited(&bomb));
    for deep in ["[", "{a: ", "- ", "? ", "{? ", "[[a]: ", "- ? - "] {
        assert!(limited(&deep.repeat(10_000)), "{deep}");
    }
    let lines = (0..10_000).fold(String::new(), |text, n| text + &" ".repeat(n) + "a:\n");
    assert!(limited(&lines));
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), "*a,".repeat(90));
    assert!(limited(&long));
    let few = Bounds {
        nodes: 1_000,
        ..Bounds::default()
    };
    let many = format!("[{}]", "é,".repeat(1_000));
    assert!(matches!(documents(&many, &few).next(), Some(Err(failure)) if failure.limit));
}

#[test]
fn keys_that_replace_others_without_end_meet_a_limit() {
    let text = (0..1_000).fold(String::new(), |text, n| {
        text + &format!("{n}: a\n'{n}': b\n")
    });
    assert!(limited(&text));
}

/// What YAML is made of, so that chance comes upon something.
const PIECES: [&str; 44] = [
    " ", "  ", "\n", "\n", "\n  ", "\n    ", "a", "b", ": ", ":", "- ", "-", "? ", "\"", "'", "[",
    "]", "{", "}", ",", "#", " #", "|", ">-", "|2", "&a ", "*a", "!!str ", "!", "\t", "\r\n", "\r",
    "---\n", "...\n", "%TAG ", "\\", "\\x41", "é", "\u{feff}", "\0", "{{ x }}", "1e3", "~",
    "\u{202e}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever the text: no panic, a mark for each node, clean text, places within the file.
    #[test]
    fn any_text_is_read(pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..40)) {
        let text = pieces.concat();
        let lines = u32::try_from(text.split('\n').count()).unwrap();
        for result in documents(&text, &Bounds::default()) {
            match result {
                Ok(document) => {
                    prop_assert_eq!(document.marks.len(), size(&document.value));
                    prop_assert_eq!(&cleaned(&document.value), &document.value);
                }
                Err(failure) => prop_assert!((1..=lines).contains(&failure.mark.line)),
            }
        }
    }
}
