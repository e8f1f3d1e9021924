//! The template language against a table of our own: what the engines of Backstage's scaffolder (nunjitsu 0.6 as
//! `current`, nunjucks 3.2 as `legacy`) said to each template when they were asked.
//!
//! The first line holds the names that every template sees. A line says in which mode its template is read, and what came
//! out: `{"is": …}`, `{"error": …}`, or `{}` for JavaScript's undefined; `legacy` is left out where it is the same. What is
//! another thing here, and why, stands in `differs`.

#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Map, Value as Json, json};
use stagedoor::scaffolder::expr::{Context, Engine, Options, render_string, render_value};

const TABLE: &str = include_str!("fixtures/templates/expressions.jsonl");

/// Numbers are all of one kind in JavaScript.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k == l && same(a, b))
        }
        (a, b) => a == b,
    }
}

/// What this program makes of the template of `row`, as the table writes it.
fn rendered(row: &Json, context: &Context, engine: Engine) -> Json {
    let options = Options {
        engine,
        cookiecutter: row["mode"] == "cookiecutter",
        trim_blocks: row["trimBlocks"] == true,
        lstrip_blocks: row["lstripBlocks"] == true,
    };
    if row["mode"] == "value" {
        let value = render_value(&row["template"], context, options);
        return value.map_or_else(|| json!({}), |value| json!({ "is": value }));
    }
    match render_string(row["template"].as_str().unwrap(), context, options) {
        Ok(text) => json!({ "is": text }),
        Err(error) => json!({ "error": error.to_string() }),
    }
}

fn agree(wanted: &Json, got: &Json) -> bool {
    match (wanted.get("error"), got.get("error")) {
        (None, None) => same(wanted, got),
        (wanted, got) => wanted.is_some() == got.is_some(),
    }
}

#[test]
fn the_language_says_what_both_engines_say() {
    let mut lines = TABLE.lines();
    let head: Json = serde_json::from_str(lines.next().unwrap()).unwrap();
    let values = &head["values"];
    let mut names: Map<String, Json> = values.as_object().unwrap().clone();
    for root in ["values", "parameters", "cookiecutter"] {
        names.insert(root.to_owned(), values.clone());
    }
    let context = Context::new(&names.into());
    let mut wrong = Vec::new();
    let mut rows = 0;
    for line in lines {
        let row: Json = serde_json::from_str(line).unwrap();
        rows += 1;
        for (engine, name) in [(Engine::Current, "current"), (Engine::Legacy, "legacy")] {
            let wanted = row.get(name).unwrap_or(&row["current"]);
            let got = rendered(&row, &context, engine);
            let differs = row["differs"].get(name).is_some();
            if agree(wanted, &got) == differs {
                let template = &row["template"];
                wrong.push(format!("{name} {template}: wanted {wanted}, got {got}"));
            }
        }
    }
    assert!(rows > 2500, "{rows}");
    assert!(
        wrong.is_empty(),
        "{} of {rows}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn errors_name_the_place() {
    let context = Context::default();
    for (template, place) in [
        ("a\nb ${{ x | nope }}", "line 2, column"),
        ("{% if x %}\n\n{% endfor %}", "line 3, column 1"),
        ("${{ 'ä' ~ (1 }}", "line 1, column"),
        ("{% for x in y %}", "line 1, column 1"),
    ] {
        let error = render_string(template, &context, Options::default()).unwrap_err();
        assert!(error.to_string().contains(place), "{template}: {error}");
    }
}

#[test]
fn what_does_not_end_or_stop_growing_is_ended() {
    let context = Context::new(&json!({ "long": "a".repeat(1 << 16) }));
    let nested = "(".repeat(5000);
    for template in [
        "{% for a in range(100000000) %}x{% endfor %}".to_owned(),
        "{% for a in range(10000) %}{% for b in range(10000) %}{% endfor %}{% endfor %}".to_owned(),
        "{% set x = long %}{% for a in range(64) %}{% set x = x + x %}{% endfor %}".to_owned(),
        "{% macro m() %}${{ m() }}{% endmacro %}${{ m() }}".to_owned(),
        "{% set l = [] %}{% for a in range(1000000) %}${{ l.push(l) }}{% endfor %}".to_owned(),
        "{% set l = [1] %}${{ l.push(l) }}${{ l }}".to_owned(),
        format!("${{{{ {nested} }}}}"),
        "{% if 1 %}".repeat(5000),
        "${{ 'a' | center(999999999) }}".to_owned(),
        "${{ ''.padStart(1e12) }}".to_owned(),
        "${{ range(0, 1, 0) }}".to_owned(),
        "${{ long | replace(r/(a|aa)+!/, '') }}".to_owned(),
        format!(
            "${{{{ r/{}a{}/.test(long) }}}}",
            "(".repeat(5000),
            ")".repeat(5000)
        ),
    ] {
        let result = render_string(&template, &context, Options::default());
        let short: String = template.chars().take(60).collect();
        assert!(
            result.is_err() || short.contains("range(0, 1, 0)"),
            "{short}"
        );
    }
}
