//! Pages of real sites against what MkDocs with TechDocs' plugins made of them.
//!
//! The goldens are outside of this repository; without `STAGEDOOR_SHARED` there is nothing to compare with.

#![expect(clippy::unwrap_used, reason = "tests")]
#![expect(
    clippy::print_stderr,
    reason = "ratios and what was skipped are for people"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

/// What is compared, and the share of it that is found today: never lower it.
const FACTS: [(&str, f64); 7] = [
    ("headings", 0.998),
    ("links", 0.995),
    ("code", 0.998),
    ("admonitions", 0.996),
    ("tabs", 1.0),
    ("images", 1.0),
    ("words", 0.998),
];

#[test]
fn pages_have_the_facts_that_mkdocs_gives_them() {
    let Some(shared) = std::env::var_os("STAGEDOOR_SHARED") else {
        eprintln!("skipped: STAGEDOOR_SHARED is not set");
        return;
    };
    let shared = Path::new(&shared);
    let mut totals: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    for golden in std::fs::read_dir(shared.join("goldens/docs")).unwrap() {
        let golden = golden.unwrap().path();
        let site = golden.file_stem().unwrap().to_owned();
        let wanted: Json = serde_json::from_slice(&std::fs::read(&golden).unwrap()).unwrap();
        let got = facts(&shared.join("corpus/docs").join(&site));
        for (page, wanted) in wanted.as_object().unwrap() {
            let none = Json::Null;
            // One site's docs_dir is its whole repository; MkDocs was given its docs folder.
            let in_folder = format!("docs/{page}");
            let got = got
                .get(page)
                .or_else(|| got.get(&in_folder))
                .unwrap_or(&none);
            for (fact, _) in FACTS {
                let (found, want, have) = compare(&items(&wanted[fact]), &items(&got[fact]));
                let total = totals.entry(fact).or_default();
                *total = (total.0 + found, total.1 + want, total.2 + have);
            }
        }
    }
    for (fact, least) in FACTS {
        let (found, want, have) = totals.get(fact).copied().unwrap_or_default();
        let (recall, precision) = (share(found, want), share(found, have));
        eprintln!("{fact:9} {found:6} of {want:6}: recall {recall:.4}, precision {precision:.4}");
        assert!(recall >= least, "{fact}: {recall:.4} is less than {least}");
    }
}

/// The facts of every page of a site, as the command prints them.
fn facts(site: &Path) -> BTreeMap<String, Json> {
    let output = Command::new(env!("CARGO_BIN_EXE_stagedoor"))
        .args(["docs", "--all", "-o", "json", "--path"])
        .arg(site)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| {
            let facts: Json = serde_json::from_str(line).unwrap();
            (facts["page"].as_str().unwrap().to_owned(), facts)
        })
        .collect()
}

/// The items of a fact as texts.
fn items(value: &Json) -> Vec<String> {
    let text = |item: &Json| match item {
        Json::String(text) => text.trim_end().to_owned(),
        _ => item.to_string(),
    };
    value.as_array().into_iter().flatten().map(text).collect()
}

/// How many items are in both, in the one that is wanted, and in the one that was got.
fn compare(wanted: &[String], got: &[String]) -> (usize, usize, usize) {
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for item in got {
        *left.entry(item).or_default() += 1;
    }
    let mut found = 0;
    for item in wanted {
        if let Some(count) = left.get_mut(item.as_str()).filter(|count| **count > 0) {
            *count -= 1;
            found += 1;
        }
    }
    (found, wanted.len(), got.len())
}

#[expect(clippy::cast_precision_loss, reason = "counts of words")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}
