//! The rules of the house, read from the sources: who may use whom, how long a file may be, what may stand where.
//!
//! The dependency table is the one in the documentation of `src/lib.rs`; this test has no copy of it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "architecture/source.rs"]
mod source;

use std::collections::{BTreeMap, BTreeSet};

use source::{Source, sources};

/// A file longer than this has more than one subject.
const MAX_LINES: usize = 600;

/// The only file that may say `unsafe`: it maps the snapshot.
const UNSAFE_MODULE: &str = "src/store/mapped.rs";

/// Names that a pure module may not know.
const IMPURE: [&str; 5] = ["tokio", "crossterm", "std::fs", "std::env", "SystemTime"];

/// Fails with all that was found, one finding a line.
fn expect_none(rule: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{rule}\n  {}\n", findings.join("\n  "));
}

#[test]
fn modules_use_only_what_the_table_in_lib_rs_allows() {
    let table =
        dependency_table(&std::fs::read_to_string(source::root().join("src/lib.rs")).unwrap());
    let mut findings = Vec::new();
    for source in sources("src").iter().filter(|source| !source.is_test()) {
        let Some(module) = source.top_module() else {
            continue;
        };
        let Some(allowed) = table.get(module) else {
            findings.push(format!(
                "{}: module `{module}` is not in the table of src/lib.rs",
                source.path
            ));
            continue;
        };
        for (line, used) in source.uses() {
            if used != module && table.contains_key(&used) && !allowed.contains(&used) {
                findings.push(format!(
                    "{}:{line}: `{module}` may not use `{used}`",
                    source.path
                ));
            }
        }
    }
    expect_none("Dependencies go one way (see src/lib.rs):", &findings);
}

#[test]
fn the_model_and_the_view_are_pure() {
    let mut findings = Vec::new();
    for source in sources("src").iter().filter(|source| !source.is_test()) {
        let module = source.top_module();
        let forbidden: &[&str] = match module {
            Some("app" | "ui" | "catalog") => &IMPURE,
            Some("term" | "runtime" | "input") | None => &[],
            Some(_) => &["crossterm"],
        };
        for name in forbidden {
            for line in source.lines_with(name) {
                findings.push(format!(
                    "{}:{line}: `{name}` does not belong here",
                    source.path
                ));
            }
        }
    }
    expect_none(
        "No I/O, clock or terminal in app, ui and catalog; crossterm only in term, runtime and input:",
        &findings,
    );
}

#[test]
fn colours_are_named_by_the_theme_alone() {
    let mut findings = Vec::new();
    for source in sources("src").iter().filter(|source| !source.is_test()) {
        // What the theme chose is written to the terminal in `term`.
        if source.path.starts_with("src/ui/theme") || source.path.starts_with("src/term/") {
            continue;
        }
        for line in source.lines_with("Color::") {
            findings.push(format!("{}:{line}: use a role of ui::theme", source.path));
        }
    }
    expect_none("Colours stand in src/ui/theme:", &findings);
}

/// Where keys stand that cannot be changed, or that are the first ones of commands.
const KEYS: [&str; 6] = [
    "src/app/command.rs",
    "src/app/key.rs",
    "src/app/keymap/",
    // The questions of the first run have keys of their own, and Esc leaves a chord whatever is bound.
    "src/app/welcome.rs",
    "src/ui/welcome.rs",
    "src/ui/overlay/pending.rs",
];

#[test]
fn texts_on_the_screen_name_no_key_that_can_be_changed() {
    let mut findings = Vec::new();
    let shown = |source: &&Source| matches!(source.top_module(), Some("app" | "ui"));
    let sources = sources("src");
    for source in sources.iter().filter(shown) {
        if source.is_test() || KEYS.iter().any(|keys| source.path.starts_with(keys)) {
            continue;
        }
        for (line, text) in source.texts() {
            if let Some(key) = named_key(text) {
                findings.push(format!("{}:{line}: {key:?}: ask ui::Keys", source.path));
            }
        }
    }
    expect_none("Keys come from the keymap:", &findings);
}

/// What a text tells to press, where that is written out.
fn named_key(text: &str) -> Option<&str> {
    let words: Vec<&str> = text.split([' ', '.', ',', ';', ':']).collect();
    let pressed = words
        .windows(2)
        .find(|pair| matches!(pair[0], "Press" | "press") && !pair[1].starts_with('{'));
    let is_named = |word: &&&str| {
        let word = word.to_lowercase();
        let function = word.strip_prefix('f').map(str::parse::<u8>);
        ["esc", "enter", "backspace", "pgup", "pgdn"].contains(&word.as_str())
            || word.starts_with("ctrl-")
            || function.is_some_and(|number| number.is_ok())
    };
    let named = words.iter().find(is_named).copied();
    pressed.map(|pair| pair[1]).or(named)
}

#[test]
fn a_key_that_is_written_out_is_seen() {
    let text = r#"
//! Press x.
// "Press a to go on."
const A: &str = "Then press R to refresh.";
const B: &str = "Esc shows all.";
const C: &str = "Press {key}: {} enters.";
const D: &str = "ctrl-t";
#[cfg(test)]
mod tests {
    const E: &str = "enter";
}
"#;
    let source = Source::new("src/ui/page/home.rs", text);
    let named = source
        .texts()
        .filter_map(|(line, text)| Some((line, named_key(text)?)));
    assert_eq!(
        named.collect::<Vec<_>>(),
        [(4, "R"), (5, "Esc"), (7, "ctrl-t")]
    );
}

#[test]
fn unsafe_stands_in_one_audited_module() {
    let mut findings = Vec::new();
    for source in sources("src").iter().chain(&sources("tests")) {
        if source.path == UNSAFE_MODULE {
            continue;
        }
        for line in source.lines_with("unsafe") {
            findings.push(format!("{}:{line}: unsafe code", source.path));
        }
    }
    expect_none(&format!("Only {UNSAFE_MODULE} may be unsafe:"), &findings);
}

#[test]
fn files_are_short_named_after_their_module_and_introduced() {
    let mut findings = Vec::new();
    for source in sources("src").iter().chain(&sources("tests")) {
        let lines = source.text.lines().count();
        if lines > MAX_LINES {
            findings.push(format!(
                "{}:{lines}: more than {MAX_LINES} lines",
                source.path
            ));
        }
        if source.path.ends_with("/mod.rs") {
            findings.push(format!(
                "{}:1: name it after its module, beside its folder",
                source.path
            ));
        }
        if !source.text.trim_start().starts_with("//!") {
            findings.push(format!(
                "{}:1: begin with a `//!` that says what lives here",
                source.path
            ));
        }
    }
    expect_none("One file, one subject:", &findings);
}

/// The table of `src/lib.rs`: module → the modules it may use.
fn dependency_table(lib: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut table: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let rows = lib
        .lines()
        .filter_map(|line| line.strip_prefix("//!"))
        .skip_while(|line| !line.contains("```text"))
        .skip(1)
        .take_while(|line| !line.contains("```"));
    for row in rows {
        // A row may hold several rules: `a b → c        d → e`. What stands between two arrows is parted by wide space.
        let parts: Vec<&str> = row.split('→').map(str::trim).collect();
        let mut users = parts.first().copied().unwrap_or_default();
        for (at, part) in parts.iter().enumerate().skip(1) {
            let last = at + 1 == parts.len();
            let (used, next) = match part.split_once("  ") {
                Some((used, next)) if !last => (used, next),
                _ => (*part, ""),
            };
            for user in users.split_whitespace() {
                let allowed = table.entry(user.to_owned()).or_default();
                if used != "nothing of ours" {
                    allowed.extend(used.split_whitespace().map(str::to_owned));
                }
            }
            users = next;
        }
    }
    assert!(
        table.len() > 10,
        "the dependency table of src/lib.rs could not be read"
    );
    table
}

#[test]
fn the_table_is_read_as_it_is_meant() {
    let table =
        dependency_table(&std::fs::read_to_string(source::root().join("src/lib.rs")).unwrap());
    let uses = |module: &str| -> Vec<&str> {
        let Some(allowed) = table.get(module) else {
            panic!("no row for {module}");
        };
        allowed.iter().map(String::as_str).collect()
    };
    assert_eq!(uses("catalog"), Vec::<&str>::new());
    assert_eq!(uses("store"), ["catalog"]);
    assert_eq!(uses("techdocs"), ["catalog"]);
    assert!(uses("host").contains(&"catalog"));
    assert!(uses("runtime").contains(&"sync"));
}

#[test]
fn a_forbidden_use_is_seen_however_it_is_written() {
    let source = Source::new(
        "src/app/page/home.rs",
        r#"
//! A page.
// use crate::comment::Nothing;
const TEXT: &str = "crate::text";
use crate::store::Store;
use crate::{
    catalog::{Index, Kind},
    sync,
};
fn f(x: crate::host::Host) -> super::super::super::cli::Exit {}
#[cfg(test)]
mod tests {
    use crate::runtime;
}
"#,
    );
    let used: Vec<(usize, String)> = source.uses();
    let names: Vec<&str> = used.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["store", "catalog", "sync", "host", "cli"]);
    assert_eq!(used.first().map(|(line, _)| *line), Some(5));
}
