//! Findings for programs: as JSON, and as the annotations of GitHub Actions.

use std::io::{self, Write};

use serde_json::Value;

use super::{ByPlace, Checked};
use crate::catalog::{Level, Problem, text};
use crate::cli::data;

pub(super) fn json(checked: &Checked, out: &mut impl Write) -> io::Result<()> {
    let all: Vec<Value> = checked
        .problems
        .iter()
        .map(|ByPlace(problem)| data::problem(problem))
        .collect();
    data::write_json(out, &all)
}

/// Workflow commands of GitHub Actions, which show findings beside the changed lines.
pub(super) fn github(checked: &Checked, out: &mut impl Write) -> io::Result<()> {
    for ByPlace(problem) in &checked.problems {
        writeln!(out, "{}", annotation(problem))?;
    }
    Ok(())
}

fn annotation(problem: &Problem) -> String {
    let level = match problem.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "notice",
    };
    let mut properties = vec![("file", problem.place.file.clone())];
    let (line, column) = (problem.place.line, problem.place.column);
    if line > 0 {
        properties.push(("line", line.to_string()));
        properties.push(("endLine", line.to_string()));
    }
    if line > 0 && column > 0 {
        properties.push(("col", column.to_string()));
        let end = column.saturating_add(problem.length.max(1));
        properties.push(("endColumn", end.to_string()));
    }
    let title = format!("{} ({})", problem.rule.title(), problem.rule.code());
    properties.push(("title", title));
    let properties: Vec<String> = properties
        .into_iter()
        .map(|(name, value)| format!("{name}={}", escaped_property(&value)))
        .collect();
    let message = format!("{}\n{}", text::one_line(&problem.message), problem.remedy());
    format!("::{level} {}::{}", properties.join(","), escaped(&message))
}

/// The escapes of a workflow command's message (`@actions/core`, `escapeData`).
fn escaped(message: &str) -> String {
    message
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The escapes of a workflow command's properties (`@actions/core`, `escapeProperty`).
fn escaped_property(value: &str) -> String {
    escaped(&text::one_line(value))
        .replace(':', "%3A")
        .replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Place, Rule};

    #[test]
    fn annotations_are_escaped() {
        let place = Place {
            file: "a,b:c%.yaml".to_owned(),
            line: 3,
            column: 7,
        };
        let problem = Problem::new(Rule::DanglingReference, place, "100 % wrong: a, b")
            .over(4)
            .suggesting(Some("x".to_owned()));
        assert_eq!(
            annotation(&problem),
            "::warning file=a%2Cb%3Ac%25.yaml,line=3,endLine=3,col=7,endColumn=11,title=a reference to nothing \
             (dangling-reference)::100 %25 wrong: a, b%0ADid you mean `x`?"
        );
    }
}
