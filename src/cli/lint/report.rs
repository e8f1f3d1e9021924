//! Findings, printed: for people with the line itself, for programs as JSON, for GitHub as annotations and SARIF.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde_json::{Value, json};

use super::ByPlace;
use crate::catalog::problem::Rule;
use crate::catalog::{Level, text};
use crate::cli::console::Console;
use crate::cli::style::Ink;
use crate::cli::{data, show};

/// Excerpts are shown of files up to this size, in bytes.
const EXCERPT_BYTES: u64 = 8 << 20;

pub(super) fn text(problems: &BTreeSet<ByPlace>, console: &mut Console) -> io::Result<()> {
    let mut excerpts = Excerpts::default();
    for problem in problems {
        let place = console.paint(Ink::Bold, &text::one_line(&problem.place.to_string()));
        let level = console.paint(show::ink(problem.level), problem.level.as_str());
        let code = console.paint(Ink::Dim, &format!("[{}]", problem.rule.code()));
        let message = text::one_line(&problem.message);
        writeln!(console.out, "{place}: {level}: {message} {code}")?;
        if let Some(line) = excerpts.line(&problem.place.file, problem.place.line) {
            let number = format!("{:>5} │ ", problem.place.line);
            writeln!(console.out, "{}{line}", console.paint(Ink::Dim, &number))?;
            if problem.place.column > 0 {
                let indent = " ".repeat(7 + problem.place.column as usize);
                let mark = console.paint(show::ink(problem.level), "^");
                writeln!(console.out, "{indent}{mark}")?;
            }
        }
        let remedy = console.paint(Ink::Dim, problem.rule.remedy());
        writeln!(console.out, "        {remedy}\n")?;
    }
    let count = |level| problems.iter().filter(|p| p.level == level).count();
    let summary = format!(
        "{} errors, {} warnings, {} infos",
        count(Level::Error),
        count(Level::Warning),
        count(Level::Info)
    );
    if !console.is_quiet() {
        writeln!(console.out, "{summary}")?;
    }
    Ok(())
}

pub(super) fn json(problems: &BTreeSet<ByPlace>, out: &mut impl Write) -> io::Result<()> {
    let all: Vec<Value> = problems
        .iter()
        .map(|problem| data::problem(problem))
        .collect();
    data::write_json(out, &all)
}

/// Workflow commands of GitHub Actions, which show findings beside the changed lines.
pub(super) fn github(problems: &BTreeSet<ByPlace>, out: &mut impl Write) -> io::Result<()> {
    for problem in problems {
        let level = match problem.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info => "notice",
        };
        let file = escaped(&problem.place.file, true);
        let title = problem.rule.code();
        let message = escaped(&problem.message, false);
        let (line, column) = (problem.place.line.max(1), problem.place.column.max(1));
        writeln!(
            out,
            "::{level} file={file},line={line},col={column},title={title}::{message}"
        )?;
    }
    Ok(())
}

/// The escapes of workflow commands; properties have two more.
fn escaped(value: &str, property: bool) -> String {
    let mut escaped = text::one_line(value).replace('%', "%25");
    if property {
        escaped = escaped.replace(':', "%3A").replace(',', "%2C");
    }
    escaped
}

/// SARIF 2.1.0, as code scanning takes it.
pub(super) fn sarif(problems: &BTreeSet<ByPlace>, out: &mut impl Write) -> io::Result<()> {
    let used: BTreeSet<Rule> = problems.iter().map(|problem| problem.rule).collect();
    let rules: Vec<Value> = used
        .iter()
        .map(|rule| json!({ "id": rule.code(), "help": { "text": rule.remedy() } }))
        .collect();
    let results: Vec<Value> = problems
        .iter()
        .map(|problem| {
            let level = match problem.level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Info => "note",
            };
            json!({
                "ruleId": problem.rule.code(),
                "level": level,
                "message": { "text": problem.message },
                "locations": [{ "physicalLocation": {
                    "artifactLocation": { "uri": problem.place.file },
                    "region": {
                        "startLine": problem.place.line.max(1),
                        "startColumn": problem.place.column.max(1),
                    },
                } }],
            })
        })
        .collect();
    data::write_json(
        out,
        &json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "stagedoor",
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": rules,
                } },
                "results": results,
            }],
        }),
    )
}

/// The lines of files, each file read once.
#[derive(Default)]
struct Excerpts {
    files: BTreeMap<String, Vec<String>>,
}

impl Excerpts {
    fn line(&mut self, file: &str, line: u32) -> Option<&str> {
        let lines = self
            .files
            .entry(file.to_owned())
            .or_insert_with(|| lines(file));
        lines
            .get(usize::try_from(line).ok()?.checked_sub(1)?)
            .map(String::as_str)
    }
}

/// The lines of `file`, one column a character; none if it cannot be read.
fn lines(file: &str) -> Vec<String> {
    let small = std::fs::metadata(file).is_ok_and(|data| data.len() <= EXCERPT_BYTES);
    if !small {
        return Vec::new();
    }
    let text = std::fs::read(file).unwrap_or_default();
    String::from_utf8_lossy(&text)
        .lines()
        .map(|line| text::clean(line).replace('\t', " "))
        .collect()
}
