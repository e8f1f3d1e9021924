//! JSON as JavaScript holds and writes it.

use serde_json::{Map, Number, Value as Json};

use super::expr::number::print;
pub(crate) use super::expr::number::to_usize;

/// The keys and values of `map` in JavaScript's order: whole numbers first, by size.
pub(crate) fn entries(map: &Map<String, Json>) -> impl Iterator<Item = (&str, &Json)> {
    let mut entries: Vec<(&str, &Json)> = map.iter().map(|(k, v)| (k.as_str(), v)).collect();
    let index = |key: &str| super::expr::index_key(key).unwrap_or(u32::MAX);
    if entries.iter().any(|(key, _)| index(key) != u32::MAX) {
        entries.sort_by_key(|(key, _)| index(key));
    }
    entries.into_iter()
}

/// `number` as JavaScript prints it: `1` for `1.0`, `1e+21` for `1e21`.
pub(crate) fn number(number: &Number) -> String {
    print(number.as_f64().unwrap_or_default())
}

/// The number as JavaScript prints it.
pub(crate) fn number_text(number: f64) -> String {
    print(number)
}

/// The number in JSON: whole where it is whole, null where it is none.
pub(crate) fn json_number(number: f64) -> Json {
    super::expr::json_number(number)
}

/// `JSON.stringify(value, null, indent)`.
pub(crate) fn stringify(value: &Json, indent: &str) -> String {
    let writer = Writer { indent, only: None };
    writer.text(value, 0)
}

/// `JSON.stringify(value, only, indent)`: of objects only these keys, in this order.
pub(crate) fn stringify_only(value: &Json, only: &[&str], indent: &str) -> String {
    let writer = Writer {
        indent,
        only: Some(only),
    };
    writer.text(value, 0)
}

struct Writer<'a> {
    indent: &'a str,
    only: Option<&'a [&'a str]>,
}

impl Writer<'_> {
    fn text(&self, value: &Json, depth: usize) -> String {
        let mut out = String::new();
        self.write(value, depth, &mut out);
        out
    }

    fn write(&self, value: &Json, depth: usize, out: &mut String) {
        match value {
            Json::Number(value) => out.push_str(&number(value)),
            Json::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.next(index, depth, out);
                    self.write(item, depth + 1, out);
                }
                self.close(items.is_empty(), depth, out);
                out.push(']');
            }
            Json::Object(map) => {
                let pairs: Vec<(&str, &Json)> = match self.only {
                    None => entries(map).collect(),
                    Some(only) => {
                        let own = only.iter().filter_map(|key| map.get_key_value(*key));
                        own.map(|(key, value)| (key.as_str(), value)).collect()
                    }
                };
                out.push('{');
                for (index, (key, value)) in pairs.iter().enumerate() {
                    self.next(index, depth, out);
                    out.push_str(&Json::from(*key).to_string());
                    out.push(':');
                    if !self.indent.is_empty() {
                        out.push(' ');
                    }
                    self.write(value, depth + 1, out);
                }
                self.close(pairs.is_empty(), depth, out);
                out.push('}');
            }
            other => out.push_str(&other.to_string()),
        }
    }

    fn next(&self, index: usize, depth: usize, out: &mut String) {
        if index > 0 {
            out.push(',');
        }
        self.line(depth + 1, out);
    }

    fn close(&self, empty: bool, depth: usize, out: &mut String) {
        if !empty {
            self.line(depth, out);
        }
    }

    fn line(&self, depth: usize, out: &mut String) {
        if !self.indent.is_empty() {
            out.push('\n');
            out.extend(std::iter::repeat_n(self.indent, depth));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_written_as_javascript_does() {
        let value = json!({"b": 1.0, "2": 1e21, "1": [], "a": {"x": "\u{7f}\n\u{1}"}, "c": 12_345_678_901_234_567_890_u64});
        let wanted = "{\"1\":[],\"2\":1e+21,\"b\":1,\"a\":{\"x\":\"\u{7f}\\n\\u0001\"},\"c\":12345678901234567000}";
        assert_eq!(stringify(&value, ""), wanted);
        assert_eq!(
            stringify_only(&value, &["a", "b", "x", "z"], "  "),
            "{\n  \"a\": {\n    \"x\": \"\u{7f}\\n\\u0001\"\n  },\n  \"b\": 1\n}"
        );
        assert_eq!(
            stringify(&json!([{}, [1, [2]]]), "\t"),
            "[\n\t{},\n\t[\n\t\t1,\n\t\t[\n\t\t\t2\n\t\t]\n\t]\n]"
        );
    }
}
