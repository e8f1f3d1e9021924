//! The values of a run: from a file and from `--set`.

use std::path::Path;

use color_eyre::eyre::Result;
use serde_json::{Map, Value};

use crate::cli::exit::Failure;
use crate::scaffolder::Answers;

/// A values file with these keys alone holds more than parameters.
const ENVELOPE: [&str; 6] = [
    "parameters",
    "secrets",
    "user",
    "catalog",
    "mocks",
    "taskId",
];

/// What a run is given.
#[derive(Debug, Default)]
pub(in crate::cli) struct Values {
    pub(in crate::cli) answers: Answers,
    /// `{ref, entity}` of who runs it, where the file says.
    pub(in crate::cli) user: Option<Value>,
    /// Entities that the run sees beside those of the catalog.
    pub(in crate::cli) catalog: Vec<Value>,
    /// Outputs given for actions, by id.
    pub(in crate::cli) mocks: Map<String, Value>,
    pub(in crate::cli) task_id: Option<String>,
}

impl Values {
    /// Adds what `more` says, which counts where both say something.
    pub(in crate::cli) fn add(&mut self, more: Self) {
        self.answers.parameters.extend(more.answers.parameters);
        for (name, secret) in more.answers.secrets.iter() {
            self.answers.secrets.set(name, secret.to_owned());
        }
        self.user = more.user.or(self.user.take());
        self.catalog.extend(more.catalog);
        self.mocks.extend(more.mocks);
    }

    /// Reads `file`, then each `KEY=VALUE` of `set`; dots in a key lead into objects.
    pub(in crate::cli) fn read(file: Option<&Path>, set: &[String]) -> Result<Self> {
        let mut values = match file {
            Some(file) => Self::of(read_values(file)?),
            None => Self::default(),
        };
        for text in set {
            let (key, value) = text
                .split_once('=')
                .filter(|(key, _)| !key.is_empty())
                .ok_or_else(|| Failure::usage(format!("--set {text}: write it as NAME=VALUE")))?;
            let value = serde_yaml::from_str(value).unwrap_or_else(|_| Value::from(value));
            put(&mut values.answers.parameters, key, value);
        }
        Ok(values)
    }

    fn of(mut fields: Map<String, Value>) -> Self {
        let is_envelope =
            !fields.is_empty() && fields.keys().all(|key| ENVELOPE.contains(&key.as_str()));
        let mut values = Self::default();
        if !is_envelope {
            values.answers.parameters = fields;
            return values;
        }
        if let Some(Value::Object(parameters)) = fields.remove("parameters") {
            values.answers.parameters = parameters;
        }
        if let Some(Value::Object(secrets)) = fields.remove("secrets") {
            for (name, secret) in secrets {
                let secret = secret
                    .as_str()
                    .map_or_else(|| secret.to_string(), str::to_owned);
                values.answers.secrets.set(&name, secret);
            }
        }
        values.user = fields.remove("user").filter(|user| !user.is_null());
        values.catalog = match fields.remove("catalog") {
            Some(Value::Array(entities)) => entities,
            Some(Value::Object(entities)) => entities.into_iter().map(|(_, e)| e).collect(),
            _ => Vec::new(),
        };
        if let Some(Value::Object(mocks)) = fields.remove("mocks") {
            values.mocks = mocks;
        }
        values.task_id = fields
            .remove("taskId")
            .and_then(|id| id.as_str().map(str::to_owned));
        values
    }
}

/// The object in a file of values, YAML or JSON.
pub(crate) fn read_values(file: &Path) -> Result<Map<String, Value>> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        Failure::usage(format!(
            "{}: the values cannot be read: {error}",
            file.display()
        ))
    })?;
    match parse(&text) {
        Ok(Value::Object(values)) => Ok(values),
        Ok(Value::Null) => Ok(Map::new()),
        Ok(_) => {
            Err(Failure::usage(format!("{}: must hold an object of values", file.display())).into())
        }
        Err(error) => {
            Err(Failure::usage(format!("{}: not valid YAML: {error}", file.display())).into())
        }
    }
}

/// What `text` says. JSON is tried first: it is YAML, too, but for the escapes of characters beyond U+FFFF.
fn parse(text: &str) -> serde_yaml::Result<Value> {
    serde_json::from_str(text).or_else(|_| serde_yaml::from_str(text))
}

/// Puts `value` at `key`; `a.b` is `b` in the object `a`.
fn put(fields: &mut Map<String, Value>, key: &str, value: Value) {
    match key.split_once('.') {
        None => {
            fields.insert(key.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = fields.entry(first).or_insert_with(|| Map::new().into());
            if !inner.is_object() {
                *inner = Map::new().into();
            }
            if let Some(inner) = inner.as_object_mut() {
                put(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(value: Value) -> Values {
        match value {
            Value::Object(fields) => Values::of(fields),
            _ => Values::default(),
        }
    }

    #[test]
    fn parameters_stand_alone_or_in_an_envelope() {
        let plain = of(json!({ "name": "x", "parameters": 1 }));
        assert_eq!(plain.answers.parameters.len(), 2);
        let all = of(json!({
            "parameters": { "name": "x" }, "secrets": { "T": "s" }, "taskId": "7",
            "catalog": [{ "kind": "User" }], "mocks": { "publish:github": {} }, "user": { "ref": "user:default/a" },
        }));
        assert_eq!(Value::from(all.answers.parameters), json!({ "name": "x" }));
        assert_eq!(all.answers.secrets.get("T"), Some("s"));
        assert_eq!(all.task_id.as_deref(), Some("7"));
        assert_eq!((all.catalog.len(), all.mocks.len()), (1, 1));
        assert!(all.user.is_some());
    }

    #[test]
    fn a_file_is_json_or_yaml() -> Result<()> {
        let file = tempfile::NamedTempFile::new()?;
        for text in [r#"{"u": "\ud83d\ude00"}"#, "u: 😀\n", "{u: '😀'}"] {
            std::fs::write(file.path(), text)?;
            let values = Value::from(read_values(file.path())?);
            assert_eq!(values, json!({ "u": "😀" }), "{text}");
        }
        Ok(())
    }

    #[test]
    fn set_reads_values_as_yaml_and_keys_as_paths() -> Result<()> {
        let set: Vec<String> = ["a=1", "b.c=true", "d=x: y", "e=", "f=a=b"]
            .map(str::to_owned)
            .to_vec();
        let values = Values::read(None, &set)?;
        assert_eq!(
            Value::from(values.answers.parameters),
            json!({ "a": 1, "b": { "c": true }, "d": { "x": "y" }, "e": null, "f": "a=b" })
        );
        assert!(Values::read(None, &["=x".to_owned()]).is_err());
        Ok(())
    }
}
