//! Findings as SARIF 2.1.0, for code scanning.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::{ByPlace, Checked};
use crate::catalog::{Level, Problem, Rule};
use crate::cli::data;
use crate::ingest::mend::Mend;

/// What paths are relative to: the folder in which lint ran, for code scanning that of the repository.
const ROOT: &str = "%SRCROOT%";

/// Characters of a path that stand for themselves in a URI.
const PLAIN: &[u8] = b"-._~/!$&'()*+,;=:@";

/// Writes `checked`; `mends` are those of each file.
pub(super) fn write(
    checked: &Checked,
    mends: &BTreeMap<&str, Vec<Mend>>,
    out: &mut impl Write,
) -> io::Result<()> {
    let used: BTreeSet<Rule> = checked.problems.iter().map(|p| p.rule).collect();
    let used: Vec<Rule> = used.into_iter().collect();
    let rules: Vec<Value> = used.iter().map(|rule| descriptor(*rule)).collect();
    let results: Vec<Value> = checked
        .problems
        .iter()
        .map(|ByPlace(problem)| {
            let mends = mends.get(problem.place.file.as_str());
            let mend = mends.into_iter().flatten().find(|mend| {
                mend.line == problem.place.line && mend.column == problem.place.column
            });
            let index = used.iter().position(|rule| *rule == problem.rule);
            result(problem, index, mend)
        })
        .collect();
    let report = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "stagedoor",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    data::write_json(out, &report)
}

fn descriptor(rule: Rule) -> Value {
    let info = rule.info();
    let markdown = format!("{}\n\n{}\n\n**{}**", info.why, info.backstage, info.remedy);
    json!({
        "id": info.code,
        "shortDescription": { "text": info.title },
        "fullDescription": { "text": info.why },
        "help": { "text": format!("{} {} {}", info.why, info.backstage, info.remedy), "markdown": markdown },
        "defaultConfiguration": { "level": level(info.level) },
        "properties": { "tags": [info.theme.title()] },
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

fn result(problem: &Problem, rule_index: Option<usize>, mend: Option<&Mend>) -> Value {
    let artifact = artifact(&problem.place.file);
    let mut location = json!({ "artifactLocation": artifact });
    if let Some(region) = region(problem.place.line, problem.place.column, problem.length) {
        location["region"] = region;
    }
    let text = match problem.suggestion {
        Some(_) => format!("{}. {}", problem.message, problem.remedy()),
        None => problem.message.clone(),
    };
    let mut result = json!({
        "ruleId": problem.rule.code(),
        "ruleIndex": rule_index,
        "level": level(problem.level),
        "message": { "text": text },
        "locations": [{ "physicalLocation": location }],
    });
    if let Some(mend) = mend {
        result["fixes"] = json!([{
            "description": { "text": format!("lint --fix {}", problem.rule.info().fix.unwrap_or_default()) },
            "artifactChanges": [{
                "artifactLocation": artifact,
                "replacements": [{
                    "deletedRegion": {
                        "byteOffset": mend.range.start,
                        "byteLength": mend.range.len(),
                    },
                    "insertedContent": { "text": mend.text },
                }],
            }],
        }]);
    }
    result
}

/// The region of so many characters; `None` where only the file is known.
fn region(line: u32, column: u32, length: u32) -> Option<Value> {
    match (line, column) {
        (0, _) => None,
        (line, 0) => Some(json!({ "startLine": line })),
        (line, column) => Some(json!({
            "startLine": line,
            "startColumn": column,
            "endColumn": column.saturating_add(length.max(1)),
        })),
    }
}

/// A number below 16 as a digit.
fn hexadecimal(number: u8) -> char {
    char::from_digit(number.into(), 16)
        .unwrap_or_default()
        .to_ascii_uppercase()
}

/// A file as SARIF names it: relative to the root, or by its whole URI.
fn artifact(file: &str) -> Value {
    if file.contains("://") {
        return json!({ "uri": file });
    }
    let path = file.strip_prefix("./").unwrap_or(file);
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || PLAIN.contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.extend(['%', hexadecimal(byte >> 4), hexadecimal(byte & 15)]);
        }
    }
    if Path::new(file).is_absolute() {
        json!({ "uri": format!("file://{uri}") })
    } else {
        json!({ "uri": uri, "uriBaseId": ROOT })
    }
}
