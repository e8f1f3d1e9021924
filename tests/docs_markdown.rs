//! Small cases of Markdown against what MkDocs with TechDocs' plugins makes of them: `tests/fixtures/markdown`, whose
//! `refresh.py` asks MkDocs again.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "docs_markdown/hostile.rs"]
mod hostile;
#[path = "support/hostile.rs"]
mod hostile_pages;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use stagedoor::techdocs::markdown::{Files, Options};
use stagedoor::techdocs::page;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/markdown")
}

#[test]
fn pages_as_techdocs_reads_them() {
    assert_eq!(differing("plain"), "");
}

#[test]
fn pages_of_sites_that_turn_more_on() {
    assert_eq!(differing("rich"), "");
}

#[test]
fn blocks_between_slashes() {
    assert_eq!(differing("blocks"), "");
}

/// What is otherwise than MkDocs has it, case by case.
fn differing(name: &str) -> String {
    let folder = folder();
    let config = std::fs::read_to_string(folder.join(format!("{name}.yml"))).unwrap();
    let options = Options::read(&config);
    assert!(options.techdocs);
    let answers = std::fs::read_to_string(folder.join(format!("{name}.jsonl"))).unwrap();
    let files = |path: &str| {
        let file = path.strip_prefix("docs/").unwrap_or(path);
        std::fs::read_to_string(folder.join("files").join(file)).ok()
    };
    let mut out = String::new();
    for answer in answers.lines() {
        let wanted: Json = serde_json::from_str(answer).unwrap();
        let text = wanted["text"].as_str().unwrap();
        let files = Files {
            page: "docs/case.md",
            read: &files,
        };
        let got = facts(text, &options, files);
        for (fact, got) in got.as_object().unwrap() {
            if *got != wanted[fact] {
                let wanted = &wanted[fact];
                let _ = writeln!(out, "{text}\n--- {fact}\nMkDocs {wanted}\nhere   {got}\n");
            }
        }
    }
    out
}

fn facts(text: &str, options: &Options, files: Files<'_>) -> Json {
    const TITLE: &str = "title-of-the-theme";
    let facts = page::facts(text, TITLE, options, files);
    // The theme's own heading is not the page's.
    let headings: Vec<_> = facts
        .headings
        .iter()
        .filter(|heading| heading.2 != TITLE)
        .collect();
    let words: Vec<&str> = facts
        .words
        .iter()
        .map(String::as_str)
        .filter(|word| *word != TITLE)
        .collect();
    json!({
        "headings": headings,
        "links": facts.links,
        "code": facts.code,
        "admonitions": facts.admonitions,
        "tabs": facts.tabs,
        "tables": facts.tables,
        "images": facts.images,
        "words": words.join(" "),
    })
}
