//! Safe mends of a descriptor's text: what is written otherwise, but can only have been meant in one way.
//!
//! Only the bytes of what is wrong are touched; comments, order and line ends stay. A mend counts only if the file then
//! reads as before, but for the values that were to change.

use std::ops::Range;

use serde_json::Value;

use super::templated;
use super::token::{Lines, is_bare};
use crate::catalog::Rule;
use crate::catalog::policy::{self, Model, Violation};
use crate::catalog::yaml::{self, Bounds, Mark, Marks};

/// A change of a file's text that takes away a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mend {
    /// The line of the finding, from 1.
    pub line: u32,
    /// Its column, from 1.
    pub column: u32,
    /// The bytes to replace.
    pub range: Range<usize>,
    /// What takes their place.
    pub text: String,
    /// The number of the document.
    document: usize,
    /// The value that changes, as a JSON pointer.
    pointer: String,
    /// What it becomes.
    value: Value,
}

/// The safe mends of `text`, in its order, none of which touches another.
pub fn mends(text: &str) -> Vec<Mend> {
    let bounds = Bounds::default();
    let mut found: Vec<Mend> = Vec::new();
    let before = values(text, &bounds);
    let lines = Lines::new(text);
    for (n, document) in yaml::documents(text, &bounds).enumerate() {
        let Ok(document) = document else { continue };
        let body = &document.value;
        let mut violations = policy::envelope(body);
        if violations.is_empty() {
            violations = policy::entity(body, Model::default());
        }
        if templated::entity(body) || templated::violations(body, &violations) {
            continue;
        }
        let place = Place {
            lines: &lines,
            body,
            marks: &document.marks,
            document: n,
        };
        found.extend(
            violations
                .iter()
                .filter_map(|violation| place.mend(violation)),
        );
    }
    found.sort_by_key(|mend| (mend.range.start, mend.range.end));
    found.dedup_by(|b, a| b.range.start < a.range.end || b.range == a.range);
    let reads_as_meant = |mends: &[Mend]| {
        let after = values(&apply(text, mends), &bounds);
        expected(&before, mends).is_some_and(|expected| expected == after)
    };
    if !reads_as_meant(&found) {
        found.retain(|mend| reads_as_meant(std::slice::from_ref(mend)));
        if !reads_as_meant(&found) {
            found.clear();
        }
    }
    found
}

/// `text` with `mends`, which are some of its own in their order.
pub fn apply(text: &str, mends: &[Mend]) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut done = 0;
    for mend in mends {
        mended.push_str(text.get(done..mend.range.start).unwrap_or_default());
        mended.push_str(&mend.text);
        done = mend.range.end;
    }
    mended.push_str(text.get(done..).unwrap_or_default());
    mended
}

/// The documents of `text`; `None` for one that cannot be read.
fn values(text: &str, bounds: &Bounds) -> Vec<Option<Value>> {
    yaml::documents(text, bounds)
        .map(|document| document.ok().map(|document| document.value))
        .collect()
}

/// What the documents should be after `mends`.
fn expected(before: &[Option<Value>], mends: &[Mend]) -> Option<Vec<Option<Value>>> {
    let mut after = before.to_vec();
    for mend in mends {
        let body = after.get_mut(mend.document)?.as_mut()?;
        let (above, key) = mend.pointer.rsplit_once('/')?;
        let key = unescaped(key);
        match body.pointer_mut(above)? {
            Value::Object(map) => {
                map.insert(key, mend.value.clone());
            }
            Value::Array(items) => *items.get_mut(key.parse::<usize>().ok()?)? = mend.value.clone(),
            _ => return None,
        }
    }
    Some(after)
}

/// A document, and where its nodes stand.
struct Place<'a> {
    lines: &'a Lines<'a>,
    body: &'a Value,
    marks: &'a Marks,
    document: usize,
}

impl Place<'_> {
    /// The mend of `violation`, if there is a safe one.
    fn mend(&self, violation: &Violation) -> Option<Mend> {
        if violation.at_key {
            return None;
        }
        let pointer = violation.pointer.as_str();
        let value = self.body.pointer(pointer)?;
        let mark = self.marks.find(self.body, pointer);
        let suggestion = violation.suggestion.as_deref();
        match (violation.rule, value) {
            (Rule::UnquotedValue, Value::Number(_) | Value::Bool(_)) => {
                let written = self.lines.token(mark, None).filter(|bare| is_bare(bare))?;
                let meant = policy::text_at(pointer, written)?;
                self.put(pointer, mark, written, format!("\"{meant}\""), meant.into())
            }
            (Rule::FieldFormat, Value::String(tag)) if pointer.starts_with("/metadata/tags/") => {
                let meant = suggestion?;
                let written = self.lines.token(mark, Some(tag))?;
                self.put(
                    pointer,
                    mark,
                    written,
                    quoted_as(written, meant),
                    meant.into(),
                )
            }
            (Rule::UnknownKind, Value::String(kind)) => {
                let meant = suggestion.filter(|meant| meant.eq_ignore_ascii_case(kind))?;
                let written = self.lines.token(mark, Some(kind))?;
                self.put(
                    pointer,
                    mark,
                    written,
                    quoted_as(written, meant),
                    meant.into(),
                )
            }
            (Rule::Schema | Rule::KindSchema, Value::Null) => {
                let (key, empty) = suggestion?.split_once(": ")?;
                let written = self.lines.empty_entry(mark, key)?;
                let kept = self.lines.key_and_colon(mark, key)?;
                let value = serde_json::from_str(empty).ok()?;
                self.put(pointer, mark, written, format!("{kept} {empty}"), value)
            }
            (Rule::KindSchema, Value::Object(spec)) => {
                let (key, empty) = suggestion?.split_once(": ")?;
                let value = serde_json::from_str(empty).ok()?;
                let (range, text) =
                    self.insertion(pointer, spec, mark, &format!("{key}: {empty}"))?;
                Some(Mend {
                    line: mark.line,
                    column: mark.column,
                    range,
                    text,
                    document: self.document,
                    pointer: policy::below(pointer, key),
                    value,
                })
            }
            _ => None,
        }
    }

    fn put(
        &self,
        pointer: &str,
        mark: Mark,
        written: &str,
        text: String,
        value: Value,
    ) -> Option<Mend> {
        let start = self.lines.offset(mark)?;
        Some(Mend {
            line: mark.line,
            column: mark.column,
            range: start..start + written.len(),
            text,
            document: self.document,
            pointer: pointer.to_owned(),
            value,
        })
    }

    /// Where and how `entry` is put into the mapping at `pointer`, whose key stands at `mark`.
    fn insertion(
        &self,
        pointer: &str,
        map: &serde_json::Map<String, Value>,
        mark: Mark,
        entry: &str,
    ) -> Option<(Range<usize>, String)> {
        let first = self
            .marks
            .find_key(self.body, &policy::below(pointer, map.keys().next()?));
        if first.line == mark.line {
            // `spec: {type: team}`: behind the brace.
            let brace = self.lines.line(mark.line)?.find('{')? + 1;
            let at = self.lines.offset(Mark { column: 1, ..mark })? + brace;
            return Some((at..at, format!("{entry}, ")));
        }
        // Behind the first entry that is sure to end on its line, or before all of them.
        let simple = map.iter().find(|(_, value)| match value {
            Value::String(text) => !text.contains(char::is_whitespace),
            value => value.is_number() || value.is_boolean(),
        });
        let line = simple.map(|(key, _)| {
            let pointer = policy::below(pointer, key);
            self.marks.find_key(self.body, &pointer).line
        });
        let start = Mark {
            line: line.map_or(first.line, |line| line + 1),
            column: 1,
        };
        let written = self.lines.line(first.line)?;
        let column = usize::try_from(first.column).ok()?;
        let indent: String = written.chars().take(column - 1).collect();
        let end = self.lines.end_of_line();
        let behind = self.lines.len();
        Some(self.lines.offset(start).map_or_else(
            || (behind..behind, format!("{end}{indent}{entry}")),
            |at| (at..at, format!("{indent}{entry}{end}")),
        ))
    }
}

/// `meant` with the quotes of what is `written`, or with those that it needs.
fn quoted_as(written: &str, meant: &str) -> String {
    match written.chars().next() {
        Some(quote @ ('"' | '\'')) => format!("{quote}{meant}{quote}"),
        _ if values(meant, &Bounds::default()) == [Some(meant.into())] => meant.to_owned(),
        _ => format!("\"{meant}\""),
    }
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests;
