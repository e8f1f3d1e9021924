//! What Backstage demands of an entity: the envelope, the entity schema, the forms of names, the schema of each kind.
//!
//! Pure checks of a JSON value. A finding names its place by a JSON pointer; who read the text knows the line. The rules
//! are those of `@backstage/catalog-model` (schemas, `CommonValidatorFunctions`, the kinds' validators) and of the
//! policies of `@backstage/plugin-catalog-backend`. Where Backstage stops at the first mistake, all are told here.

mod ai;
mod annotation;
mod casing;
mod entity;
mod format;
mod hint;
mod kind;
mod shape;
mod template;

use serde_json::Value;

use super::{Kind, Rule};

/// One thing that Backstage would refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where, as a JSON pointer into the entity; what is missing is named by what should hold it.
    pub pointer: String,
    /// Which rule is broken.
    pub rule: Rule,
    /// One sentence: what is wrong.
    pub message: String,
    /// Whether it is the key there that is wrong, and not its value.
    pub at_key: bool,
    /// What was probably meant, as it would be written in place of what is there.
    pub suggestion: Option<String>,
}

/// Checks what the parser of descriptors checks: `apiVersion`, `kind` and `metadata.name` are there, the namespace is
/// text. Backstage drops the whole file for one document that fails here.
pub fn envelope(body: &Value) -> Vec<Violation> {
    entity::envelope(body)
}

/// Which kinds a Backstage has been taught.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Model {
    /// Those that it comes with, and templates.
    #[default]
    Usual,
    /// Also `AiResource` and APIs of the type `mcp-server`, which its model layers for AI add.
    WithAi,
}

/// Checks all that concerns only the entity itself: schema, forms, kind. Expects that [`envelope`] found nothing.
pub fn entity(body: &Value, model: Model) -> Vec<Violation> {
    let mut found = Found::default();
    entity::check(body, &mut found);
    kind::check(body, model, &mut found);
    casing::check(body, &mut found);
    found.0
}

/// What Backstage takes in silence, but that looks like a slip: fields and annotations of nearly a known name. Expects
/// that [`envelope`] found nothing.
pub fn hints(body: &Value) -> Vec<Violation> {
    let mut found = Found::default();
    hint::check(body, &mut found);
    found.0
}

/// What `written`, a number or a truth value without quotes, becomes as a text at `pointer`; `None` if no such text is
/// allowed there.
pub fn text_at(pointer: &str, written: &str) -> Option<String> {
    if pointer.starts_with("/metadata/tags/") {
        return Some(format::slug(written)).filter(|tag| format::is_tag(tag));
    }
    let fits = !pointer.starts_with("/metadata/labels/") || format::is_label_value(written);
    fits.then(|| written.to_owned())
}

/// Whether Backstage knows a kind of this name, in any case, be it only with its AI model.
pub fn is_known_kind(name: &str) -> bool {
    Kind::parse(name) != Kind::Other
}

/// How many violations of one entity are told; the rest would not be read.
const MOST: usize = 100;

/// The violations found so far.
#[derive(Debug, Default)]
struct Found(Vec<Violation>);

impl Found {
    fn add(&mut self, pointer: impl Into<String>, rule: Rule, message: impl Into<String>) {
        self.suggest(pointer, rule, message, None);
    }

    fn suggest(
        &mut self,
        pointer: impl Into<String>,
        rule: Rule,
        message: impl Into<String>,
        suggestion: Option<String>,
    ) {
        self.push(Violation {
            pointer: pointer.into(),
            rule,
            message: message.into(),
            at_key: false,
            suggestion,
        });
    }

    /// A finding about the key at `pointer`.
    fn key(
        &mut self,
        pointer: impl Into<String>,
        rule: Rule,
        message: impl Into<String>,
        suggestion: Option<String>,
    ) {
        self.push(Violation {
            pointer: pointer.into(),
            rule,
            message: message.into(),
            at_key: true,
            suggestion,
        });
    }

    fn push(&mut self, violation: Violation) {
        if self.0.len() < MOST {
            self.0.push(violation);
        }
    }
}

/// The JSON pointer `pointer` with one more step.
pub(crate) fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// `pointer` as a person would write it: `/metadata/tags/0` is `metadata.tags[0]`.
fn dotted(pointer: &str) -> String {
    let mut text = String::new();
    for step in pointer.split('/').skip(1) {
        if !step.is_empty() && step.bytes().all(|b| b.is_ascii_digit()) {
            text.push('[');
            text.push_str(step);
            text.push(']');
        } else {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(&step.replace("~1", "/").replace("~0", "~"));
        }
    }
    if text.is_empty() {
        "the entity".to_owned()
    } else {
        text
    }
}

/// What a value is, with its article.
fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "empty",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

/// A value as it may stand in a message: short, on one line.
fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let line = super::text::one_line(text);
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("\"{}…\"", line.get(..end).unwrap_or_default()),
        None => format!("\"{line}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_read_like_paths() {
        assert_eq!(dotted("/metadata/tags/0"), "metadata.tags[0]");
        assert_eq!(
            dotted("/metadata/annotations/a.b~1c"),
            "metadata.annotations.a.b/c"
        );
        assert_eq!(dotted(""), "the entity");
    }
}
