//! What stands in a configuration for something else: `${NAME}`, `$env`, `$file`, `$include`.
//!
//! The rules are those of `@backstage/config-loader`: a text with a variable that is not set is as good as absent, `$${`
//! is a literal `${`, `${{ … }}` belongs to templates and stays, and an object whose only key begins with `$` is replaced.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::{ConfigError, Env, layers};

/// The deepest chain of `$include`s and nesting of values that is followed.
const MAX_DEPTH: usize = 64;

/// A value that is absent because a variable in it is not set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unset {
    /// Its key, as `integrations.github[0].token`.
    pub(super) key: String,
    /// The variable.
    pub(super) variable: String,
}

/// `value`, read from `file`, with everything replaced that stands for something else, and what is absent therefore.
pub(super) fn substitute(
    value: Value,
    file: &Path,
    env: &Env,
) -> Result<(Value, Vec<Unset>), ConfigError> {
    let unset = RefCell::default();
    let place = Place {
        file,
        env,
        key: String::new(),
        depth: 0,
        unset: &unset,
    };
    let value = place.value(value)?.unwrap_or(Value::Null);
    Ok((value, unset.into_inner()))
}

/// Where in which file a value stands.
struct Place<'a> {
    file: &'a Path,
    env: &'a Env,
    key: String,
    depth: usize,
    unset: &'a RefCell<Vec<Unset>>,
}

impl Place<'_> {
    /// The value to use instead; `None` where it is as good as absent.
    fn value(&self, value: Value) -> Result<Option<Value>, ConfigError> {
        if self.depth > MAX_DEPTH {
            return Err(self.error(format!("is nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(match value {
            Value::String(text) => self.variables(&text).map(Value::String),
            Value::Array(items) => {
                let mut kept = Vec::with_capacity(items.len());
                for (number, item) in items.into_iter().enumerate() {
                    kept.extend(self.below(&format!("[{number}]")).value(item)?);
                }
                Some(Value::Array(kept))
            }
            Value::Object(map) => match special(&map) {
                Some((name, argument)) => self.special(name, argument)?,
                None => Some(Value::Object(self.object(map)?)),
            },
            other => Some(other),
        })
    }

    fn object(&self, map: Map<String, Value>) -> Result<Map<String, Value>, ConfigError> {
        let mut kept = Map::with_capacity(map.len());
        for (key, value) in map {
            let dot = if self.key.is_empty() { "" } else { "." };
            if let Some(value) = self.below(&format!("{dot}{key}")).value(value)? {
                kept.insert(key, value);
            }
        }
        Ok(kept)
    }

    fn special(&self, name: &str, argument: &Value) -> Result<Option<Value>, ConfigError> {
        let Some(argument) = argument.as_str() else {
            return Err(self.error(format!("{name} expects a text")));
        };
        let Some(argument) = self.variables(argument) else {
            return Ok(None);
        };
        match name {
            "$env" => {
                let value = self.env.get(&argument);
                if value.is_none() {
                    self.note(&argument);
                }
                Ok(value.map(Value::from))
            }
            "$file" => {
                let text = self.read(&argument)?;
                Ok(Some(Value::from(text.trim())))
            }
            _ => self.include(&argument),
        }
    }

    fn include(&self, argument: &str) -> Result<Option<Value>, ConfigError> {
        let (target, path) = argument
            .split_once('#')
            .map_or((argument, None), |(target, path)| (target, Some(path)));
        let text = self.read(target)?;
        let file = self.beside(target);
        let mut value = layers::parse(&file, &text)?;
        for key in path.into_iter().flat_map(|path| path.split('.')) {
            value = match value {
                Value::Object(mut map) => map.remove(key),
                _ => None,
            }
            .ok_or_else(|| self.error(format!("$include: {target} has no value at {key:?}")))?;
        }
        Place {
            file: &file,
            env: self.env,
            key: self.key.clone(),
            depth: self.depth + 1,
            unset: self.unset,
        }
        .value(value)
    }

    fn variables(&self, text: &str) -> Option<String> {
        variables(text, self.env)
            .map_err(|variable| self.note(variable))
            .ok()
    }

    /// Notes that `variable`, which the value needs, is not set.
    fn note(&self, variable: &str) {
        self.unset.borrow_mut().push(Unset {
            key: self.key.clone(),
            variable: variable.to_owned(),
        });
    }

    fn read(&self, target: &str) -> Result<String, ConfigError> {
        let file = self.beside(target);
        std::fs::read_to_string(&file)
            .map_err(|error| self.error(format!("{} cannot be read: {error}", file.display())))
    }

    fn beside(&self, target: &str) -> PathBuf {
        self.file
            .parent()
            .map_or_else(|| PathBuf::from(target), |dir| dir.join(target))
    }

    fn below(&self, step: &str) -> Self {
        Self {
            file: self.file,
            env: self.env,
            key: format!("{}{step}", self.key),
            depth: self.depth + 1,
            unset: self.unset,
        }
    }

    fn error(&self, reason: String) -> ConfigError {
        ConfigError::Value {
            file: self.file.display().to_string(),
            key: self.key.clone(),
            reason,
        }
    }
}

/// The one key and argument of an object that stands for something else.
fn special(map: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut entries = map.iter();
    let (key, value) = entries.next()?;
    let known = matches!(key.as_str(), "$env" | "$file" | "$include");
    (known && entries.next().is_none()).then_some((key, value))
}

/// `text` with `${NAME}` and `${NAME:-fallback}` replaced; the error is a variable that is not set and has no fallback.
fn variables<'a>(text: &'a str, env: &Env) -> Result<String, &'a str> {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let end = after.find(['{', '}']);
        let parts = end.and_then(|end| after.split_at_checked(end));
        let Some((name, behind)) = parts.filter(|(_, behind)| behind.starts_with('}')) else {
            // `${{`, or never closed: no variable.
            result.push_str(before);
            result.push_str("${");
            rest = after;
            continue;
        };
        rest = behind.strip_prefix('}').unwrap_or(behind);
        if let Some(before) = before.strip_suffix('$') {
            result.push_str(before);
            result.push_str("${");
            result.push_str(name);
            result.push('}');
            continue;
        }
        let (name, fallback) = name
            .split_once(":-")
            .map_or((name, None), |(name, fallback)| (name, Some(fallback)));
        result.push_str(before);
        let name = name.trim();
        result.push_str(env.get(name).or(fallback).ok_or(name)?);
    }
    result.push_str(rest);
    Ok(result)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn variables_are_replaced_as_backstage_does() {
        let env = Env::fixed(Path::new("/"), &[("A", "1"), ("EMPTY", "")]);
        let cases = [
            ("x${A}y${A}", Some("x1y1")),
            ("${MISSING}", None),
            ("a ${MISSING} b", None),
            ("${MISSING:-other}", Some("other")),
            ("$${A}", Some("${A}")),
            ("${{ parameters.name }}", Some("${{ parameters.name }}")),
            ("${{ a }} ${A}", Some("${{ a }} 1")),
            ("${A", Some("${A")),
            ("plain", Some("plain")),
        ];
        for (text, expected) in cases {
            assert_eq!(variables(text, &env).ok().as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_set_is_absent() {
        let env = Env::fixed(Path::new("/"), &[("A", "1")]);
        let value =
            json!({ "a": "${A}", "b": "${B}", "c": ["${B}", "${A}"], "d": { "$env": "A" } });
        let (value, unset) = substitute(value, Path::new("/x.yaml"), &env).unwrap();
        assert_eq!(value, json!({ "a": "1", "c": ["1"], "d": "1" }));
        let names = ["b", "c[0]"].map(|key| Unset {
            key: key.to_owned(),
            variable: "B".to_owned(),
        });
        assert_eq!(unset, names);
    }

    #[test]
    fn files_are_read_beside_the_configuration() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("token"), "abc\n").unwrap();
        std::fs::write(dir.path().join("more.yaml"), "x: { y: [1] }").unwrap();
        let env = Env::fixed(dir.path(), &[]);
        let file = dir.path().join("app-config.yaml");
        let value = json!({ "a": { "$file": "token" }, "b": { "$include": "./more.yaml#x.y" } });
        assert_eq!(
            substitute(value, &file, &env).unwrap().0,
            json!({ "a": "abc", "b": [1] })
        );
        let error = substitute(json!({ "a": { "b": { "$file": "no" } } }), &file, &env)
            .unwrap_err()
            .to_string();
        assert!(error.contains("app-config.yaml: a.b: "), "{error}");
    }

    #[test]
    fn a_file_that_includes_itself_ends() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.yaml");
        std::fs::write(&file, "x: { $include: a.yaml }").unwrap();
        let env = Env::fixed(dir.path(), &[]);
        assert!(substitute(json!({ "$include": "a.yaml" }), &file, &env).is_err());
    }
}
