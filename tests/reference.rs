//! The pages of the docs that are made from the program's own tables.
//!
//! `UPDATE_DOCS=1 cargo test --test reference` writes them anew.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fmt::Write;
use std::path::Path;

use stagedoor::app::command::COMMANDS;
use stagedoor::catalog::problem::{Level, Rule};

/// Compares `page` of the docs with what it should be, or writes it.
fn expect_page(page: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(page);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "docs/{page} is out of date; run UPDATE_DOCS=1 cargo test --test reference"
    );
}

/// `text` in a table's cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[test]
fn keys() {
    let mut page = String::from(
        "# Keys\n\nA key belongs to where you are; what is under *Moving* and *Everywhere* works in all places that do not use \
         the key themselves.\nWhile you type into a field, letters are text.\n",
    );
    let mut contexts = Vec::new();
    for info in COMMANDS {
        if !contexts.contains(&info.context) {
            contexts.push(info.context);
        }
    }
    for context in contexts {
        writeln!(
            page,
            "\n## {}\n\n| key | does | command |\n|---|---|---|",
            context.title()
        )
        .unwrap();
        for info in COMMANDS.iter().filter(|info| info.context == context) {
            let keys: Vec<String> = info
                .keys
                .iter()
                .map(|key| format!("`{}`", cell(key)))
                .collect();
            writeln!(
                page,
                "| {} | {} | `{}` |",
                keys.join(" "),
                cell(info.help),
                info.id
            )
            .unwrap();
        }
    }
    expect_page("reference/keys.md", &page);
}

#[test]
fn problems() {
    let mut page = String::from(
        "# Problems\n\nWhat `stagedoor lint` and the Problems screen find. An *error* is what Backstage would refuse; a *warning* \
         it takes, but\nsomething is not as its author meant; an *info* is good to know.\n",
    );
    for level in [Level::Error, Level::Warning, Level::Info] {
        let title = level.as_str();
        let (first, rest) = title.split_at(1);
        writeln!(
            page,
            "\n## {}{rest}\n\n| code | what to do |\n|---|---|",
            first.to_uppercase()
        )
        .unwrap();
        for rule in Rule::ALL.iter().filter(|rule| rule.level() == level) {
            writeln!(page, "| `{}` | {} |", rule.code(), cell(rule.remedy())).unwrap();
        }
    }
    expect_page("reference/problems.md", &page);
}
