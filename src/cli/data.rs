//! Data for programs: JSON and YAML, cleaned of whatever could drive a terminal.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{CharEscape, Formatter, PrettyFormatter, Serializer};

use crate::catalog::{Entity, Problem, Relation, text};

/// Writes `value` as indented JSON and a newline.
pub(crate) fn write_json(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(
        &mut *out,
        Clean(PrettyFormatter::new()),
    ))?;
    writeln!(out)
}

/// Writes `value` as YAML.
pub(crate) fn write_yaml(out: &mut impl Write, value: &Value) -> io::Result<()> {
    let yaml = serde_yaml::to_string(&cleaned(value)).map_err(io::Error::other)?;
    out.write_all(yaml.as_bytes())
}

/// An array of values that are written as they come, so that a large catalog is never held whole.
pub(crate) struct JsonArray<'a, W> {
    out: &'a mut W,
    is_empty: bool,
}

impl<'a, W: Write> JsonArray<'a, W> {
    pub(crate) fn begin(out: &'a mut W) -> io::Result<Self> {
        write!(out, "[")?;
        Ok(Self {
            out,
            is_empty: true,
        })
    }

    pub(crate) fn push(&mut self, value: &Value) -> io::Result<()> {
        let separator = if self.is_empty { "\n" } else { ",\n" };
        self.is_empty = false;
        write!(self.out, "{separator}")?;
        value.serialize(&mut Serializer::with_formatter(
            &mut *self.out,
            Clean(PrettyFormatter::new()),
        ))?;
        Ok(())
    }

    pub(crate) fn end(self) -> io::Result<()> {
        let separator = if self.is_empty { "" } else { "\n" };
        writeln!(self.out, "{separator}]")
    }
}

/// A whole entity as Backstage's API gives it: its body and its relations, sorted as there.
pub(crate) fn entity(entity: &Entity, relations: &[Relation]) -> Value {
    let mut body = entity.body.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.insert("relations".to_owned(), relations_json(relations));
    }
    body
}

/// A finding: where it is, how bad, which rule, and what is wrong.
pub(crate) fn problem(problem: &Problem) -> Value {
    serde_json::json!({
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "level": problem.level.as_str(),
        "code": problem.rule.code(),
        "message": problem.message,
        "endColumn": problem.place.column + problem.length,
        "suggestion": problem.suggestion,
        "why": problem.rule.why(),
        "help": problem.rule.remedy(),
        "entity": problem.entity.as_ref().map(ToString::to_string),
    })
}

fn relations_json(relations: &[Relation]) -> Value {
    let mut pairs: Vec<(&str, String)> = relations
        .iter()
        .map(|relation| (relation.relation_type.as_str(), relation.target.to_string()))
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
        .into_iter()
        .map(|(name, target)| serde_json::json!({ "type": name, "targetRef": target }))
        .collect()
}

/// `value` with all text in it cleaned.
pub(crate) fn cleaned(value: &Value) -> Value {
    match value {
        Value::String(string) => text::clean(string).into(),
        Value::Array(items) => items.iter().map(cleaned).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| (text::clean(key).into_owned(), cleaned(value)))
            .collect(),
        other => other.clone(),
    }
}

/// A formatter that leaves out of strings what could drive a terminal, escaped or not.
struct Clean<F>(F);

impl<F: Formatter> Formatter for Clean<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, s: &str) -> io::Result<()> {
        self.0.write_string_fragment(out, &text::clean(s))
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        match escape {
            CharEscape::AsciiControl(_)
            | CharEscape::Backspace
            | CharEscape::FormFeed
            | CharEscape::CarriageReturn => Ok(()),
            other => self.0.write_char_escape(out, other),
        }
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_that_drives_a_terminal_is_written() -> io::Result<()> {
        let value =
            json!({ "a\u{202e}b": ["\u{1b}[31mred\u{7}\r\n\ttab \"q\"", { "c": "\u{9b}x" }] });
        let mut out = Vec::new();
        write_json(&mut out, &value)?;
        let text = String::from_utf8_lossy(&out);
        assert_eq!(
            text,
            "{\n  \"ab\": [\n    \"[31mred\\n\\ttab \\\"q\\\"\",\n    {\n      \"c\": \"x\"\n    }\n  ]\n}\n"
        );
        let mut out = Vec::new();
        write_yaml(&mut out, &value)?;
        assert!(!out.contains(&0x1b) && !String::from_utf8_lossy(&out).contains("\\e"));
        Ok(())
    }

    #[test]
    fn arrays_are_whole_whatever_their_length() -> io::Result<()> {
        for (values, expected) in [
            (vec![], "[]\n"),
            (vec![json!(1)], "[\n1\n]\n"),
            (vec![json!(1), json!("x")], "[\n1,\n\"x\"\n]\n"),
        ] {
            let mut out = Vec::new();
            let mut array = JsonArray::begin(&mut out)?;
            for value in &values {
                array.push(value)?;
            }
            array.end()?;
            assert_eq!(String::from_utf8_lossy(&out), expected);
        }
        Ok(())
    }
}
