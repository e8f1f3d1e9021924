//! A step's input, by type.

use serde_json::{Map, Value as Json};

use super::ActionError;

/// The rendered input of an action.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input<'a> {
    action: &'a str,
    values: &'a Map<String, Json>,
}

impl<'a> Input<'a> {
    /// The input `values` of the action `action`.
    pub(crate) fn new(action: &'a str, values: &'a Map<String, Json>) -> Self {
        Self { action, values }
    }

    /// The value of `key`; null counts as missing.
    pub(super) fn get(&self, key: &str) -> Option<&'a Json> {
        self.values.get(key).filter(|value| !value.is_null())
    }

    /// All of it.
    pub(super) fn values(&self) -> &'a Map<String, Json> {
        self.values
    }

    /// An error about this input.
    pub(super) fn error(&self, problem: impl Into<String>) -> ActionError {
        ActionError::Input {
            action: self.action.to_owned(),
            problem: problem.into(),
        }
    }

    fn wrong(&self, key: &str, wanted: &str) -> ActionError {
        self.error(format!("instance.{key} is not of a type(s) {wanted}"))
    }

    /// The text at `key`.
    pub(super) fn text(&self, key: &str) -> Result<Option<&'a str>, ActionError> {
        match self.get(key) {
            None => Ok(None),
            Some(Json::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(key, "string")),
        }
    }

    /// The text at `key`, which must be there.
    pub(super) fn needed(&self, key: &str) -> Result<&'a str, ActionError> {
        self.text(key)?
            .ok_or_else(|| self.error(format!("instance requires property {key:?}")))
    }

    /// Yes or no at `key`.
    pub(super) fn flag(&self, key: &str, default: bool) -> Result<bool, ActionError> {
        match self.get(key) {
            None => Ok(default),
            Some(Json::Bool(flag)) => Ok(*flag),
            Some(_) => Err(self.wrong(key, "boolean")),
        }
    }

    /// The number at `key`.
    pub(super) fn number(&self, key: &str) -> Result<Option<f64>, ActionError> {
        match self.get(key) {
            None => Ok(None),
            Some(Json::Number(number)) => Ok(number.as_f64()),
            Some(_) => Err(self.wrong(key, "number")),
        }
    }

    /// The texts at `key`; none if it is missing.
    pub(super) fn texts(&self, key: &str) -> Result<Vec<&'a str>, ActionError> {
        self.list(key)?
            .iter()
            .map(|item| item.as_str().ok_or_else(|| self.wrong(key, "string")))
            .collect()
    }

    /// The list at `key`; empty if it is missing.
    pub(super) fn list(&self, key: &str) -> Result<&'a [Json], ActionError> {
        match self.get(key) {
            None => Ok(&[]),
            Some(Json::Array(items)) => Ok(items),
            Some(_) => Err(self.wrong(key, "array")),
        }
    }
}
