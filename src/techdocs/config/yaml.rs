//! YAML as MkDocs reads it, without what would be acted on: tags are resolved or kept as names, never executed.

use serde_yaml::Value;
use serde_yaml::value::{Tag, TaggedValue};

/// How deep a value may nest of which tags are resolved.
const MAX_DEPTH: usize = 64;

/// The value of `text`: aliases and merges resolved, `!ENV` its default, `!include x` the text that the monorepo plugin
/// knows, tags of Python's kept as `!python/…`, others looked through.
///
/// Variables of the environment are not asked for: what a file of somebody else's names could be a token of ours.
pub(in crate::techdocs) fn read(text: &str) -> Result<Value, serde_yaml::Error> {
    // As a local tag it stays in the value; as a tag of YAML's own it would be lost.
    let text = text.replace("!!python/", "!python/");
    let mut value: Value = serde_yaml::from_str(&text)?;
    // A merge of what is no mapping is no reason to lose the rest.
    let _ = value.apply_merge();
    Ok(resolved(value, 0))
}

fn resolved(value: Value, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return Value::Null;
    }
    match value {
        Value::Tagged(tagged) => tag(*tagged, depth),
        Value::Sequence(items) => items
            .into_iter()
            .map(|item| resolved(item, depth + 1))
            .collect(),
        Value::Mapping(map) => Value::Mapping(
            map.into_iter()
                .map(|(key, value)| (resolved(key, depth + 1), resolved(value, depth + 1)))
                .collect(),
        ),
        plain => plain,
    }
}

/// What a tag makes of its value.
fn tag(tagged: TaggedValue, depth: usize) -> Value {
    let TaggedValue { tag, value } = tagged;
    let name = tag.to_string();
    match name.trim_start_matches('!') {
        // https://github.com/waylan/pyyaml-env-tag: the last item of a list of more than one is the default.
        "ENV" => match value {
            Value::Sequence(mut items) if items.len() > 1 => {
                resolved(items.pop().unwrap_or_default(), depth + 1)
            }
            _ => Value::Null,
        },
        // Without quotes the statement of the monorepo plugin is a tag.
        "include" => match value {
            Value::String(path) => Value::String(format!("!include {path}")),
            other => resolved(other, depth + 1),
        },
        name if name.starts_with("python/") => Value::Tagged(Box::new(TaggedValue {
            tag: Tag::new(name),
            value: resolved(value, depth + 1),
        })),
        _ => resolved(value, depth + 1),
    }
}

/// What a switch says, as YAML 1.1 and so MkDocs reads it: `yes` and `on` are true.
pub(in crate::techdocs) fn switch(value: Option<&Value>) -> Option<bool> {
    match value? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "yes" | "on" => Some(true),
            "no" | "off" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn tags_become_defaults_texts_or_names() {
        let value = read(
            "a: !ENV [A, B, 3]\nb: !ENV A\nc: !ENV [A, [x, y]]\nd: !include ./x/mkdocs.yml\ne: !!python/name:a.b\nf: !own {g: 1}\n",
        )
        .unwrap();
        assert_eq!(value["a"], Value::from(3));
        assert_eq!(value["b"], Value::Null);
        assert_eq!(value["c"][1], Value::from("y"));
        assert_eq!(value["d"], Value::from("!include ./x/mkdocs.yml"));
        assert_eq!(value["f"]["g"], Value::from(1));
        let text = serde_yaml::to_string(&value).unwrap();
        assert!(text.contains("!python/name:a.b"), "{text}");
        assert_eq!(read(&text).unwrap(), value);
    }

    #[test]
    fn merges_are_resolved() {
        let value = read("base: &base {a: 1}\nx:\n  <<: *base\n  b: 2\n").unwrap();
        assert_eq!(value["x"]["a"], Value::from(1));
    }
}
