//! The page about filters: the keys of queries, and the filters and tests of the templates' language with what they give.

use std::fmt::Write;

use serde_json::{Value, json};
use stagedoor::scaffolder::expr::{Context, Options, filter_names, render_value};
use stagedoor::search::query::{Flag, KEYS};

use super::{cell, expect_page};

/// Each filter, what it gives, and an example; what comes of the example is written by the engine itself.
const OF_TEMPLATES: &[(&str, &str, &str)] = &[
    ("abs", "a number without its sign", "-3 | abs"),
    ("batch", "a list in rows of so many", "[1, 2, 3] | batch(2)"),
    (
        "capitalize",
        "a capital letter first, small ones after it",
        "'tide Table' | capitalize",
    ),
    (
        "center",
        "a text in the middle of so many letters",
        "'a' | center(5)",
    ),
    ("d", "as `default`", "missing | d('x')"),
    (
        "default",
        "something else where there is nothing; with `true` also for what counts as false",
        "'' | default('x', true)",
    ),
    (
        "dictsort",
        "the pairs of an object, by key or by value",
        "{b: 1, a: 2} | dictsort",
    ),
    ("dump", "JSON", "{a: [1]} | dump"),
    ("e", "as `escape`", "'<b>' | e"),
    ("escape", "text for HTML", "'a & b' | escape"),
    ("first", "the first item", "[1, 2] | first"),
    ("float", "a number of a text", "'1.5' | float"),
    (
        "forceescape",
        "text for HTML, even where it was escaped",
        "'<b>' | safe | forceescape",
    ),
    (
        "groupby",
        "items by one of their fields",
        "[{k: 'a', n: 1}, {k: 'b', n: 2}] | groupby('k')",
    ),
    (
        "indent",
        "lines moved to the right; the first too with `true`",
        "'a\\nb' | indent(2)",
    ),
    ("int", "a whole number of a text", "'42 boats' | int"),
    (
        "join",
        "items in a text, with something between them",
        "['a', 'b'] | join('-')",
    ),
    ("last", "the last item", "[1, 2] | last"),
    ("length", "how many", "'tide' | length"),
    (
        "list",
        "the letters of a text, or the pairs of an object",
        "'abc' | list",
    ),
    ("lower", "small letters", "'Tide' | lower"),
    ("nl2br", "`<br />` at each end of a line", "'a\\nb' | nl2br"),
    (
        "parseEntityRef",
        "the parts of a reference",
        "'user:default/jane' | parseEntityRef",
    ),
    (
        "parseRepoUrl",
        "the parts of where a repository will be",
        "'github.com?owner=acme&repo=tide' | parseRepoUrl",
    ),
    (
        "pick",
        "one field",
        "'user:default/jane' | parseEntityRef | pick('name')",
    ),
    (
        "projectSlug",
        "owner and name of where a repository will be",
        "'github.com?owner=acme&repo=tide' | projectSlug",
    ),
    ("random", "any item of a list", "[7] | random"),
    (
        "reject",
        "what does not pass a test",
        "[1, 2, 3] | reject('odd')",
    ),
    (
        "rejectattr",
        "objects of which a field counts as false",
        "[{a: true}, {a: false}] | rejectattr('a')",
    ),
    (
        "replace",
        "another text in place of one",
        "'a-b-c' | replace('-', '_')",
    ),
    ("reverse", "backwards", "'abc' | reverse"),
    (
        "round",
        "a number with so many digits, also `ceil` or `floor`",
        "2.75 | round(1, 'floor')",
    ),
    ("safe", "text that is not escaped later", "'<b>' | safe"),
    ("select", "what passes a test", "[1, 2, 3] | select('odd')"),
    (
        "selectattr",
        "objects of which a field counts as true",
        "[{a: true}, {a: false}] | selectattr('a')",
    ),
    ("slice", "a list in so many parts", "[1, 2, 3] | slice(2)"),
    (
        "sort",
        "in order: backwards, by case, by a field",
        "[3, 1, 2] | sort",
    ),
    ("string", "a text", "1.5 | string"),
    ("striptags", "text without HTML", "'<b>a</b>' | striptags"),
    (
        "sum",
        "the numbers together, of a field, from a start",
        "[1, 2] | sum",
    ),
    (
        "title",
        "a capital letter for each word",
        "'tide table' | title",
    ),
    ("trim", "without space around it", "' a ' | trim"),
    (
        "truncate",
        "no more than so many letters",
        "'high water' | truncate(4)",
    ),
    ("upper", "capital letters", "'tide' | upper"),
    ("urlencode", "text for an address", "'a b&c' | urlencode"),
    (
        "urlize",
        "links of addresses in a text",
        "'see https://acme.dev' | urlize",
    ),
    ("wordcount", "how many words", "'high water' | wordcount"),
];

/// Each test behind `is`, and an example.
const TESTS: &[(&str, &str)] = &[
    ("defined", "missing is defined"),
    ("undefined", "missing is undefined"),
    ("truthy", "'a' is truthy"),
    ("falsy", "0 is falsy"),
    ("null", "null is null"),
    ("number", "1 is number"),
    ("string", "'a' is string"),
    ("iterable", "[1] is iterable"),
    ("mapping", "{a: 1} is mapping"),
    ("callable", "range is callable"),
    ("escaped", "('a' | safe) is escaped"),
    ("even", "2 is even"),
    ("odd", "2 is odd"),
    ("divisibleby", "9 is divisibleby(3)"),
    ("eq", "1 is eq(1)"),
    ("equalto", "1 is equalto(2)"),
    ("sameas", "1 is sameas(1)"),
    ("ne", "1 is ne(2)"),
    ("gt", "2 is gt(1)"),
    ("greaterthan", "2 is greaterthan(1)"),
    ("ge", "2 is ge(2)"),
    ("lt", "1 is lt(2)"),
    ("lessthan", "1 is lessthan(2)"),
    ("le", "2 is le(1)"),
    ("lower", "'a' is lower"),
    ("upper", "'a' is upper"),
];

/// What comes of an expression, as JSON.
fn result(expression: &str) -> String {
    let text = json!(format!("${{{{ {expression} }}}}"));
    let value = render_value(&text, &Context::new(&json!({})), Options::default());
    let value = value.unwrap_or(Value::Null);
    assert_ne!(value, text, "{expression} is an error");
    value.to_string()
}

fn code(text: &str) -> String {
    let text = cell(text);
    if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}

#[test]
fn filters() {
    let named: Vec<&str> = OF_TEMPLATES.iter().map(|(name, ..)| *name).collect();
    let known: Vec<&str> = filter_names().collect();
    assert_eq!(named, known, "every filter has a row");
    let mut page = String::from(
        "# Filters\n\n## Of queries\n\nWhat may stand before the `:` in the finder, in the catalog, and behind `list` and `find`. How they combine, and \
         Backstage's own filter strings: [what you can type](../guide/finding.md#what-you-can-type).\n\n| key | asks for |\n|---|---|\n",
    );
    for (key, _, about) in KEYS.iter().filter(|(_, _, about)| !about.is_empty()) {
        writeln!(page, "| `{key}:` | {} |", cell(about)).unwrap();
    }
    let states: Vec<String> = Flag::NAMES
        .iter()
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    writeln!(page, "\nStates: {}.", states.join(", ")).unwrap();
    page.push_str(
        "\n## Of templates\n\nBehind a `|` in `${{ … }}`. The results are those of the engine that runs templates; Backstage's own say the same. \
         `stagedoor template eval '${{ \"tide\" | upper }}'` tries one.\n\n| filter | gives | example | result |\n|---|---|---|---|\n",
    );
    for (name, about, example) in OF_TEMPLATES {
        writeln!(
            page,
            "| `{name}` | {about} | {} | {} |",
            code(example),
            code(&result(example))
        )
        .unwrap();
    }
    page.push_str("\n## Tests of templates\n\nBehind `is`, and by their names in `select` and `reject`; `is not` turns them around.\n\n| test | example | result |\n|---|---|---|\n");
    for (name, example) in TESTS {
        writeln!(
            page,
            "| `{name}` | {} | `{}` |",
            code(example),
            result(example)
        )
        .unwrap();
    }
    expect_page("reference/filters.md", &page);
}
