//! The template language and template runs against what real Backstage code did.
//!
//! The goldens are outside of this repository; without `STAGEDOOR_SHARED` there is nothing to compare with.

#![expect(clippy::unwrap_used, reason = "tests")]
#![allow(
    clippy::print_stderr,
    reason = "ratios and what was skipped are for people"
)]

use std::path::PathBuf;

use serde_json::Value as Json;
use stagedoor::scaffolder::expr::{Context, Engine, Options, render_string, render_value};

fn shared() -> Option<PathBuf> {
    let shared = std::env::var_os("STAGEDOOR_SHARED").map(PathBuf::from);
    if shared.is_none() {
        eprintln!("skipped: STAGEDOOR_SHARED is not set");
    }
    shared
}

/// What came out: a value, undefined, or that it failed.
#[derive(Debug, PartialEq)]
enum Outcome {
    Value(Json),
    Undefined,
    Error(String),
}

fn wanted(golden: &Json) -> Outcome {
    if golden["ok"] != true {
        return Outcome::Error(golden["error"].as_str().unwrap_or_default().to_owned());
    }
    golden
        .get("result")
        .map_or(Outcome::Undefined, |result| Outcome::Value(result.clone()))
}

fn got(case: &Json, engine: Engine) -> Outcome {
    let context = Context::new(&case["context"]);
    let options = Options {
        engine,
        cookiecutter: case["mode"] == "cookiecutter",
        trim_blocks: case["trimBlocks"] == true,
        lstrip_blocks: case["lstripBlocks"] == true,
    };
    if case["mode"] == "value" {
        let value = render_value(&case["template"], &context, options);
        return value.map_or(Outcome::Undefined, Outcome::Value);
    }
    match render_string(case["template"].as_str().unwrap(), &context, options) {
        Ok(text) => Outcome::Value(text.into()),
        Err(error) => Outcome::Error(error.to_string()),
    }
}

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

fn agree(case: &Json, engine: Engine, name: &str) -> bool {
    let (wanted, got) = (wanted(&case[name]), got(case, engine));
    let agree = match (&wanted, &got) {
        (Outcome::Value(a), Outcome::Value(b)) => same(a, b),
        (Outcome::Error(_), Outcome::Error(_)) => true,
        (a, b) => a == b,
    };
    if !agree {
        eprintln!(
            "{} {name} {}\n  wanted {wanted:?}\n  got    {got:?}",
            case["id"], case["template"]
        );
    }
    agree
}

#[test]
fn expressions_agree_with_both_engines() {
    let Some(shared) = shared() else { return };
    let text = std::fs::read_to_string(shared.join("goldens/templates/expressions.jsonl")).unwrap();
    let cases: Vec<Json> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let count = |engine, name| {
        cases
            .iter()
            .filter(|case| agree(case, engine, name))
            .count()
    };
    let current = count(Engine::Current, "current");
    let legacy = count(Engine::Legacy, "legacy");
    let all = cases.len();
    eprintln!("expressions: current {current}/{all}, legacy {legacy}/{all}");
    assert_eq!(current, all, "current");
    assert!(legacy * 100 >= all * 96, "legacy {legacy}/{all}");
}
