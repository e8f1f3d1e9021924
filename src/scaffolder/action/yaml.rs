//! YAML as the npm package `yaml` 2 writes it: what `catalog:write` leaves in a repository should be the same bytes.
//!
//! Two spaces a level, lists indented below their key, as few quotes as YAML 1.2's core schema allows, long texts folded
//! at 80 columns, texts of several lines as blocks; Roadie's actions may ask for something else in [`Options`].

mod fold;
mod options;
mod scalar;
mod text;

use serde_json::Value as Json;

use crate::scaffolder::js;

pub(super) use options::Options;

/// From this length on a key is written behind a `?`.
const LONG_KEY: usize = 1024;

/// `value` as a document.
pub(super) fn write(value: &Json, options: &Options) -> String {
    let place = Place {
        options,
        indent: 0,
        start: None,
        key: false,
        flow: options.flow,
    };
    let start = if options.marker { "---\n" } else { "" };
    format!("{start}{}\n", place.node(value))
}

/// Where something is written.
#[derive(Clone, Copy)]
struct Place<'a> {
    options: &'a Options,
    /// The column at which further lines begin.
    indent: usize,
    /// How much its key takes of the first line.
    start: Option<usize>,
    /// Whether it is a key.
    key: bool,
    /// Whether it stands between `[ ]` or `{ }`.
    flow: bool,
}

impl Place<'_> {
    fn node(self, value: &Json) -> String {
        match value {
            Json::Object(map) if map.is_empty() => "{}".to_owned(),
            Json::Array(items) if items.is_empty() => "[]".to_owned(),
            Json::Object(map) => {
                let inner = Self {
                    indent: self.indent + if self.flow { self.options.indent } else { 0 },
                    ..self
                };
                let pairs = js::entries(map);
                let pairs: Vec<_> = pairs.map(|(key, value)| inner.pair(key, value)).collect();
                self.collection(&pairs, '{', '}')
            }
            Json::Array(items) => {
                let step = if self.flow {
                    2 + self.options.indent
                } else {
                    2
                };
                let inner = Self {
                    indent: self.indent + step,
                    start: None,
                    ..self
                };
                let mark = if self.flow { "" } else { "- " };
                let items = items
                    .iter()
                    .map(|item| format!("{mark}{}", inner.node(item)));
                self.collection(&items.collect::<Vec<_>>(), '[', ']')
            }
            Json::Null => self.options.null.clone(),
            Json::Bool(true) => self.options.yes.clone(),
            Json::Bool(false) => self.options.no.clone(),
            Json::Number(number) => js::number(number),
            Json::String(text) => self.text(text),
        }
    }

    fn collection(self, lines: &[String], open: char, close: char) -> String {
        let margin = " ".repeat(self.indent);
        if !self.flow {
            return lines.join(&format!("\n{margin}"));
        }
        let width = self.options.width;
        let length: usize = lines
            .iter()
            .map(|line| text::length(line) + 3)
            .sum::<usize>()
            + 1;
        if lines.iter().any(|line| line.contains('\n')) || width > 0 && length > width {
            let step = " ".repeat(self.options.indent);
            let lines: Vec<String> = lines
                .iter()
                .map(|line| format!("\n{step}{margin}{line}"))
                .collect();
            return format!("{open}{}\n{margin}{close}", lines.join(","));
        }
        let pad = if self.options.padding { " " } else { "" };
        format!("{open}{pad}{}{pad}{close}", lines.join(", "))
    }

    /// `key: value`.
    fn pair(self, key: &str, value: &Json) -> String {
        let mut inner = Self {
            indent: self.indent + self.options.indent,
            start: None,
            key: true,
            ..self
        };
        let mut out = inner.text(key);
        inner.key = false;
        let long = !self.flow && text::length(&out) > LONG_KEY;
        if long {
            out = format!("? {out}\n{}:", " ".repeat(self.indent));
        } else {
            out.push(':');
            inner.start = Some(text::length(&out) + 1);
        }
        if matches!(value, Json::Array(items) if !items.is_empty())
            && !self.options.indent_lists
            && self.options.indent >= 2
            && !self.flow
            && !long
        {
            inner.indent = inner.indent.saturating_sub(2);
        }
        let is_list = value.is_object() || value.is_array();
        if is_list {
            inner.start = None;
        }
        let written = inner.node(value);
        let empty = matches!(written.as_str(), "{}" | "[]");
        if is_list && !long && !empty && (!self.flow || written.contains('\n')) {
            out.push('\n');
            out.push_str(&" ".repeat(inner.indent));
        } else if is_list || !written.starts_with('\n') && !written.is_empty() {
            out.push(' ');
        }
        out.push_str(&written);
        out
    }
}

#[cfg(test)]
mod tests;
