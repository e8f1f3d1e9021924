//! Definitions that somebody made to do harm, or that broke on the way.

use std::fmt::Write;

use proptest::prelude::*;

use super::*;

/// Reads a text as every format and unfolds what came of it.
fn survive(text: &str) {
    for declared in [
        "openapi",
        "asyncapi",
        "graphql",
        "grpc",
        "json-schema",
        "avro",
        "",
    ] {
        let Ok(outline) = outline(declared, text) else {
            continue;
        };
        for entry in outline.entries().take(20) {
            let rows = sheet::rows(&outline, entry, &sheet::Folds::open(), 40);
            assert!(!rows.is_empty());
        }
    }
}

/// Valid definitions to be damaged.
const VALID: [&str; 4] = [
    PAYMENTS,
    "asyncapi: 3.0.0\nchannels: { a: { messages: { m: { payload: { type: object } } } } }\noperations: { o: { action: send, channel: { $ref: '#/channels/a' } } }",
    "type Query { a(b: [Int!]! = [1]): C @deprecated(reason: \"x\") } type C { c: C } enum E { A B } union U = C",
    "syntax = \"proto3\"; service S { rpc A(stream M) returns (M) { option deprecated = true; } } message M { oneof o { M m = 1; } map<string, M> n = 2; }",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_text_is_too_much(text in "\\PC*") {
        survive(&text);
    }

    #[test]
    fn no_signs_are_too_much(text in "[\\[\\]{}()<>:;=!@&|#$\"'\\\\/*, \n\\-a-z0-9]{0,200}") {
        survive(&text);
        survive(&format!("openapi: 3.0.0\n{text}"));
        survive(&format!("message M {{{text}"));
        survive(&format!("type T {{{text}"));
    }

    #[test]
    fn damaged_definitions_are_read_as_far_as_they_go(
        which in 0..VALID.len(),
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0..12_usize, "\\PC{0,3}"), 1..4),
    ) {
        let mut chars: Vec<char> = VALID[which].chars().collect();
        for (at, length, with) in cuts {
            let at = at.index(chars.len().max(1)).min(chars.len());
            let end = (at + length).min(chars.len());
            chars.splice(at..end, with.chars());
        }
        survive(&chars.into_iter().collect::<String>());
    }
}

#[test]
fn depth_is_bounded() {
    survive(&format!(
        "{{\"openapi\": \"3.0.0\", \"x\": {}",
        "[".repeat(100_000)
    ));
    survive(&"[".repeat(100_000));
    survive(&"{a: ".repeat(20_000));
    survive(&format!("type A {{ b: {}", "[".repeat(100_000)));
    survive(&format!("directive @a(b: I = {}", "{a:".repeat(50_000)));
    survive(&"message A { ".repeat(20_000));
    survive(&"message A { oneof b { ".repeat(20_000));
}

#[test]
fn aliases_do_not_multiply_for_ever() {
    let mut text = String::from("openapi: 3.0.0\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = format!("*a{}, ", level - 1).repeat(10);
        writeln!(text, "a{level}: &a{level} [{before}]").unwrap();
    }
    assert!(outline("openapi", &text).is_err());
}

#[test]
fn types_that_are_woven_into_each_other_are_cut_short() {
    let mut text = String::from(
        "openapi: 3.0.0\npaths: { /x: { get: { responses: { 200: { content: { a/b: { schema: { $ref: '#/components/schemas/T0' } } } } } } } }\ncomponents:\n  schemas:\n",
    );
    for level in 0..14 {
        let next = format!("{{ $ref: '#/components/schemas/T{}' }}, ", level + 1).repeat(10);
        writeln!(text, "    T{level}: {{ allOf: [{next}] }}").unwrap();
    }
    text += "    T14: {}\n";
    let outline = outline("openapi", &text).unwrap();
    let entry = outline.operations().next().unwrap();
    assert!(sheet::rows(&outline, entry, &sheet::Folds::open(), 80).len() < 20);
}
