//! The pages of the docs that are made from the program's own tables.
//!
//! `UPDATE_DOCS=1 cargo test --test reference` writes them anew.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "reference/commands.rs"]
mod commands;
#[path = "reference/configuration.rs"]
mod configuration;
#[path = "reference/filters.rs"]
mod filters;
#[path = "reference/problems.rs"]
mod problems;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use stagedoor::app::command::COMMANDS;
use stagedoor::app::keymap::PRESETS;
use stagedoor::ui::Role;
use stagedoor::ui::glyphs::NAMES;
use stagedoor::ui::theme::BUILT_IN;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Compares `page` of the docs with what it should be, or writes it.
fn expect_page(page: &str, expected: &str) {
    expect_file(&Path::new("docs").join(page), expected);
}

/// Compares a file with what it should be, or writes it.
fn expect_file(file: &Path, expected: &str) {
    let path = root().join(file);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "{} is out of date; run UPDATE_DOCS=1 cargo test --test reference",
        file.display()
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
            let danger = match info.danger.words() {
                "" => String::new(),
                words => format!(" *It {words}.*"),
            };
            writeln!(
                page,
                "| {} | {}{danger} | `{}` |",
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
fn licences_of_the_syntaxes_of_code() {
    let text = two_face::acknowledgement::listing().to_md();
    expect_file(Path::new("assets/licences/syntaxes.md"), &text);
}

#[test]
fn the_guide_names_every_role_theme_set_of_signs_and_preset() {
    let guide = std::fs::read_to_string(root().join("docs/guide/keys-and-themes.md")).unwrap();
    let roles = Role::ALL.iter().map(|(_, name)| *name);
    let themes = BUILT_IN.iter().map(|(name, _)| *name);
    let signs = NAMES.iter().map(|(name, _)| *name);
    let presets = PRESETS.iter().map(|(name, _)| *name);
    for name in roles.chain(themes).chain(signs).chain(presets) {
        assert!(
            guide.contains(&format!("`{name}`")) || guide.contains(&format!("glyphs: {name}`")),
            "docs/guide/keys-and-themes.md does not tell of {name}"
        );
    }
}
