//! A value of the configuration together with its key, for reading with errors that name the place.

use std::time::Duration;

use serde_json::Value;

use super::ConfigError;

/// One value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Section<'a> {
    value: &'a Value,
    key: String,
    files: &'a str,
}

impl<'a> Section<'a> {
    /// The whole configuration.
    pub(super) fn root(value: &'a Value, files: &'a str) -> Self {
        Self {
            value,
            key: String::new(),
            files,
        }
    }

    /// Its key, as `integrations.github[0]`.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// The value below `key`; nothing where it is absent or null.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        let found = self.below(value, key);
        #[cfg(test)]
        asked::note(&found.key);
        Some(found)
    }

    /// The value at the end of a path of keys.
    pub(super) fn at(&self, path: &[&str]) -> Option<Self> {
        path.iter()
            .try_fold(self.clone(), |section, key| section.get(key))
    }

    /// The items of a list.
    pub(super) fn items(&self) -> Result<Vec<Self>, ConfigError> {
        let Some(items) = self.value.as_array() else {
            return Err(self.expected("a list"));
        };
        Ok(items
            .iter()
            .enumerate()
            .map(|(number, value)| Self {
                value,
                key: format!("{}[{number}]", self.key),
                files: self.files,
            })
            .collect())
    }

    /// The keys and values of an object.
    pub(super) fn entries(&self) -> Result<Vec<(&'a str, Self)>, ConfigError> {
        let Some(map) = self.value.as_object() else {
            return Err(self.expected("a mapping"));
        };
        Ok(map
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key.as_str(), self.below(value, key)))
            .collect())
    }

    /// The text; numbers are taken as written.
    pub(super) fn text(&self) -> Result<String, ConfigError> {
        match self.value {
            Value::String(text) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
            Value::Number(number) => Ok(number.to_string()),
            _ => Err(self.expected("a text")),
        }
    }

    /// Whether it is an object.
    pub(super) fn is_object(&self) -> bool {
        self.value.is_object()
    }

    /// The text below `key`, where there is one.
    pub(super) fn optional(&self, key: &str) -> Result<Option<String>, ConfigError> {
        self.get(key).map(|section| section.text()).transpose()
    }

    /// The text below `key`, which must be there.
    pub(super) fn required(&self, key: &str) -> Result<String, ConfigError> {
        self.optional(key)?
            .ok_or_else(|| self.error(format!("{key} is missing")))
    }

    /// The texts below `key`; one text counts as a list of one.
    pub(super) fn texts(&self, key: &str) -> Result<Vec<String>, ConfigError> {
        match self.get(key) {
            None => Ok(Vec::new()),
            Some(section) if section.value.is_string() => Ok(vec![section.text()?]),
            Some(section) => section.items()?.iter().map(Self::text).collect(),
        }
    }

    /// The truth value below `key`; Backstage takes the words, too.
    pub(super) fn flag(&self, key: &str, default: bool) -> Result<bool, ConfigError> {
        let Some(section) = self.get(key) else {
            return Ok(default);
        };
        match section.value {
            Value::Bool(flag) => Ok(*flag),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err(section.expected("true or false")),
        }
    }

    /// A duration: `15m`, `1h 30m`, or Backstage's `{ minutes: 15 }`; `off` is zero.
    pub(super) fn duration(&self) -> Result<Duration, ConfigError> {
        let seconds = match self.value {
            Value::String(text) if text.trim() == "off" => Some(0),
            Value::String(text) => text.split_whitespace().try_fold(0, |sum, word| {
                let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
                let number: u64 = digits.parse().ok()?;
                number
                    .checked_mul(unit(word.strip_prefix(digits)?)?)?
                    .checked_add(sum)
            }),
            Value::Object(map) => map.iter().try_fold(0, |sum, (name, number)| {
                number.as_u64()?.checked_mul(unit(name)?)?.checked_add(sum)
            }),
            _ => None,
        };
        seconds
            .map(Duration::from_secs)
            .ok_or_else(|| self.expected("a duration such as 15m, or off"))
    }

    /// An error about this value.
    pub(super) fn error(&self, reason: impl Into<String>) -> ConfigError {
        ConfigError::Value {
            file: self.files.to_owned(),
            key: self.key.clone(),
            reason: reason.into(),
        }
    }

    fn expected(&self, what: &str) -> ConfigError {
        self.error(format!("must be {what}"))
    }

    fn below(&self, value: &'a Value, key: &str) -> Self {
        let dot = if self.key.is_empty() { "" } else { "." };
        Self {
            value,
            key: format!("{}{dot}{key}", self.key),
            files: self.files,
        }
    }
}

/// How many seconds a unit of time has.
fn unit(name: &str) -> Option<u64> {
    match name {
        "s" | "second" | "seconds" => Some(1),
        "m" | "minute" | "minutes" => Some(60),
        "h" | "hour" | "hours" => Some(3600),
        "d" | "day" | "days" => Some(86400),
        _ => None,
    }
}

/// The keys that were found where they were asked for, by the tests of one thread: what the schema is held against.
#[cfg(test)]
pub(super) mod asked {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    thread_local! {
        static KEYS: RefCell<BTreeSet<String>> = RefCell::default();
    }

    pub(super) fn note(key: &str) {
        KEYS.with_borrow_mut(|keys| keys.insert(key.to_owned()));
    }

    pub(in crate::config) fn clear() {
        KEYS.with_borrow_mut(BTreeSet::clear);
    }

    pub(in crate::config) fn all() -> BTreeSet<String> {
        KEYS.with_borrow(Clone::clone)
    }
}
