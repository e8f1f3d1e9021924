//! YAML as the npm package `yaml` 2 writes it: what `catalog:write` leaves in a repository should be the same bytes.
//!
//! Two spaces a level, lists indented below their key, as few quotes as YAML 1.2's core schema allows, long plain texts
//! folded at 80 columns, texts of several lines as blocks.

use serde_json::Value as Json;

/// Where plain text is folded.
const WIDTH: usize = 80;
/// How many columns a folded line has at least, however deep it stands.
const MIN_CONTENT: usize = 20;

/// `value` as a document.
pub(super) fn write(value: &Json) -> String {
    let mut out = String::new();
    node(value, 0, 0, &mut out);
    let mut out = out.trim_start_matches('\n').to_owned();
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// Writes `value` behind a key or dash. `indent` is where its own lines begin, `column` where it begins on this line.
fn node(value: &Json, indent: usize, column: usize, out: &mut String) {
    match value {
        Json::Object(map) if map.is_empty() => out.push_str("{}"),
        Json::Array(items) if items.is_empty() => out.push_str("[]"),
        Json::Object(map) => {
            for (index, (key, value)) in map.iter().enumerate() {
                // The first key of an object in a list stands behind the dash.
                if index > 0 || column == 0 || !out.ends_with("- ") {
                    new_line(indent, out);
                }
                let key = key_text(key);
                out.push_str(&key);
                out.push(':');
                below(value, indent, indent + key.chars().count() + 1, out);
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                if index > 0 || !out.ends_with("- ") {
                    new_line(indent, out);
                }
                out.push_str("- ");
                node(item, indent + 2, indent + 2, out);
            }
        }
        scalar => out.push_str(&scalar_text(scalar, indent, column)),
    }
}

/// Writes what stands behind `key:`.
fn below(value: &Json, indent: usize, column: usize, out: &mut String) {
    let is_block = match value {
        Json::Object(map) => !map.is_empty(),
        Json::Array(items) => !items.is_empty(),
        _ => false,
    };
    if is_block {
        node(value, indent + 2, column, out);
    } else {
        out.push(' ');
        node(value, indent + 2, column + 1, out);
    }
}

fn new_line(indent: usize, out: &mut String) {
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(&" ".repeat(indent));
}

fn key_text(key: &str) -> String {
    if key.contains('\n') || needs_quotes(key) {
        quoted(key)
    } else {
        key.to_owned()
    }
}

fn scalar_text(value: &Json, indent: usize, column: usize) -> String {
    match value {
        Json::String(text) if text.contains('\n') && can_be_block(text) => block(text, indent),
        Json::String(text) if text.contains('\n') || needs_quotes(text) => quoted(text),
        Json::String(text) => fold(
            text,
            indent,
            column.saturating_sub(indent.saturating_sub(2)),
        ),
        other => other.to_string(),
    }
}

fn can_be_block(text: &str) -> bool {
    !text
        .split('\n')
        .skip(1)
        .any(|line| !line.is_empty() && line.trim_matches([' ', '\t']).is_empty())
}

/// A text of several lines: `|`, or `>` if a line is too long.
fn block(text: &str, indent: usize) -> String {
    let margin = " ".repeat(indent);
    let limit = WIDTH.saturating_sub(indent);
    let literal = text.split('\n').all(|line| line.chars().count() <= limit);
    let body = text.trim_end_matches('\n');
    let tail = text.len() - body.len();
    let chomp = match tail {
        0 => "-",
        1 => "",
        _ => "+",
    };
    let first = body.trim_start_matches('\n');
    let hint = if first.starts_with([' ', '\t']) {
        "2"
    } else {
        ""
    };
    let mut out = format!("{}{hint}{chomp}", if literal { '|' } else { '>' });
    let mut above_is_plain = false;
    for (index, line) in body.split('\n').enumerate() {
        out.push('\n');
        if line.is_empty() {
            continue;
        }
        let plain = !line.starts_with([' ', '\t']);
        // Where lines are folded, one line break reads as a blank, so it takes two.
        if !literal && index > 0 && plain && above_is_plain {
            out.push('\n');
        }
        above_is_plain = plain;
        out.push_str(&margin);
        if literal {
            out.push_str(line);
        } else {
            out.push_str(&fold_at(line, &margin, limit, limit));
        }
    }
    // The last line break of a kept tail is that of the line itself.
    out.push_str(&"\n".repeat(tail.saturating_sub(1)));
    out
}

/// Folds plain text; `used` columns are taken on its first line.
fn fold(text: &str, indent: usize, used: usize) -> String {
    let room = (WIDTH.saturating_sub(indent)).max(MIN_CONTENT);
    if text.chars().count() <= room + 1 {
        return text.to_owned();
    }
    let first = (room + 1).saturating_sub(used);
    fold_at(text, &" ".repeat(indent), first, room)
}

/// Breaks `text` at single blanks so that its first line has about `first` columns and the others `room`.
fn fold_at(text: &str, margin: &str, first: usize, room: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut folds = Vec::new();
    let (mut end, mut split) = (first, None);
    for index in 0..chars.len() {
        let blank = |at: usize| chars.get(at).is_some_and(|c| matches!(c, ' ' | '\t'));
        if blank(index)
            && index > 0
            && !blank(index - 1)
            && !blank(index + 1)
            && index + 1 < chars.len()
        {
            split = Some(index);
        }
        if index >= end
            && let Some(at) = split.take()
        {
            folds.push(at);
            end = at + room + 1;
        }
    }
    let mut out = String::new();
    let mut from = 0;
    for at in folds {
        out.extend(chars.get(from..at).unwrap_or_default());
        out.push('\n');
        out.push_str(margin);
        from = at + 1;
    }
    out.extend(chars.get(from..).unwrap_or_default());
    out
}

/// Single quotes if there are only double ones inside, else double.
fn quoted(text: &str) -> String {
    if text.contains('"') && !text.contains('\'') && !text.contains('\n') {
        format!("'{text}'")
    } else {
        Json::from(text).to_string()
    }
}

/// Whether plain `text` would read as something else.
fn needs_quotes(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return true;
    };
    let indicator = "\n\t ,[]{}#&*!|>'\"%@`".contains(first);
    let lone = matches!(text, "?" | "-")
        || text.starts_with("? ")
        || text.starts_with("- ")
        || text.starts_with("?\t")
        || text.starts_with("-\t");
    let inside = text.contains(": ")
        || text.contains(":\t")
        || text.contains(" #")
        || text.contains("\t#")
        || text.ends_with([' ', '\t', ':'])
        || text.chars().any(|c| c.is_control() && c != '\t')
        || text.starts_with("---")
        || text.starts_with("...");
    indicator || lone || inside || is_other_type(text)
}

/// Whether `text` reads as null, a boolean or a number by the core schema.
fn is_other_type(text: &str) -> bool {
    if matches!(
        text,
        "~" | "null"
            | "Null"
            | "NULL"
            | "true"
            | "True"
            | "TRUE"
            | "false"
            | "False"
            | "FALSE"
            | ".nan"
            | ".NaN"
            | ".NAN"
    ) {
        return true;
    }
    let digits = |text: &str, radix| !text.is_empty() && text.chars().all(|c| c.is_digit(radix));
    if text.strip_prefix("0o").is_some_and(|rest| digits(rest, 8))
        || text.strip_prefix("0x").is_some_and(|rest| digits(rest, 16))
    {
        return true;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let exponent_fits =
        exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e), 10));
    let mantissa_fits = match mantissa.split_once('.') {
        None => digits(mantissa, 10),
        Some(("", fraction)) => digits(fraction, 10),
        Some((whole, fraction)) => {
            digits(whole, 10) && (fraction.is_empty() || digits(fraction, 10))
        }
    };
    mantissa_fits && exponent_fits
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_entity_is_written_as_npm_does() {
        let entity = json!({
            "apiVersion": "backstage.io/v1alpha1",
            "metadata": {
                "name": "svc", "annotations": {}, "tags": ["go", "1.5", "yes"],
                "links": [{"url": "https://x.dev", "title": "A: b"}],
                "quote": "say \"hi\"", "note": "l1\nl2\n", "none": null, "empty": "",
            },
            "n": 3,
        });
        let wanted = "apiVersion: backstage.io/v1alpha1\nmetadata:\n  name: svc\n  annotations: {}\n  tags:\n    - go\n    - \"1.5\"\n    - yes\n  links:\n    - url: https://x.dev\n      title: \"A: b\"\n  quote: say \"hi\"\n  note: |\n    l1\n    l2\n  none: null\n  empty: \"\"\nn: 3\n";
        assert_eq!(write(&entity), wanted);
    }

    #[test]
    fn long_texts_are_folded() {
        let text = "word ".repeat(30);
        let written = write(&json!({"description": text.trim()}));
        assert!(written.lines().all(|line| line.len() <= 80), "{written}");
        assert_eq!(written.lines().count(), 2);
        assert!(
            written
                .lines()
                .nth(1)
                .is_some_and(|line| line.starts_with("  word"))
        );
    }

    #[test]
    fn what_is_written_reads_back() {
        for text in [
            "- x",
            "a: b",
            "#x",
            "x #y",
            "0x1f",
            "1e3",
            " pad ",
            "it's \"so\"",
            "a\n\n b\n",
            "tail\n\n",
            "@x",
            "~",
        ] {
            let value = json!({"k": [text, {"in": text}]});
            let read: Result<Json, _> = serde_yaml::from_str(&write(&value));
            assert_eq!(
                read.ok(),
                Some(value),
                "{}",
                write(&json!({"k": [text, {"in": text}]}))
            );
        }
    }
}
