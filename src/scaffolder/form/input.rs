//! Between what is typed and the value it means.

use serde_json::Value as Json;

use crate::catalog::entity_ref::{EntityRef, RefContext};

use super::field::label;
use super::{EntityPick, FieldKind};

impl FieldKind {
    /// The value that `text` means for a field of this kind: `None` for nothing, or what is wrong with it.
    ///
    /// Lists have a value a line; structures are YAML; entities may leave out what the field implies.
    pub fn parse(&self, text: &str) -> Result<Option<Json>, String> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Ok(None);
        }
        let value = match self {
            Self::Text { .. } => text.into(),
            Self::Integer => trimmed
                .parse::<i64>()
                .map_err(|_| "Must be a whole number".to_owned())?
                .into(),
            Self::Number => number(trimmed).ok_or("Must be a number")?,
            Self::Boolean => match trimmed.to_lowercase().as_str() {
                "true" | "yes" | "y" | "on" => true.into(),
                "false" | "no" | "n" | "off" => false.into(),
                _ => return Err("Must be yes or no".to_owned()),
            },
            Self::Choice(choices) => choices
                .iter()
                .find(|choice| label(&choice.value) == trimmed || choice.label == trimmed)
                .map_or_else(|| trimmed.into(), |choice| choice.value.clone()),
            Self::MultiChoice(choices) => {
                let choice = Self::Choice(choices.clone());
                list(trimmed, &[',', '\n'], |item| choice.parse(item))?
            }
            Self::List(item) => list(trimmed, &['\n'], |line| item.parse(line))?,
            Self::Structure | Self::Group | Self::Items(_) => {
                serde_yaml::from_str(text).map_err(|error| format!("This is no YAML: {error}"))?
            }
            Self::Entity(pick) => pick.reference(trimmed).into(),
            Self::Entities(pick) => list(trimmed, &[',', '\n'], |item| {
                Ok(Some(pick.reference(item).into()))
            })?,
            Self::Tags(_) => list(trimmed, &[',', '\n', ' '], |tag| {
                Ok(Some(tag.to_lowercase().into()))
            })?,
            Self::EntityName | Self::RepoUrl(_) | Self::Branch(_) | Self::RepoOwner { .. } => {
                trimmed.into()
            }
            Self::Variant { options, .. } => match options.iter().position(|one| one == trimmed) {
                Some(at) => at.into(),
                None => return Err(format!("One of: {}", options.join(", "))),
            },
        };
        Ok(Some(value))
    }

    /// A value as text that [`Self::parse`] reads back.
    pub fn show(&self, value: &Json) -> String {
        match (self, value) {
            (Self::Structure | Self::Group | Self::Items(_), value) => {
                serde_yaml::to_string(value).unwrap_or_default()
            }
            (Self::Choice(choices), value) => choices
                .iter()
                .find(|choice| choice.value == *value)
                .map_or_else(|| label(value), |choice| choice.label.clone()),
            (Self::Variant { options, .. }, value) => {
                let at = value.as_u64().and_then(|at| usize::try_from(at).ok());
                at.and_then(|at| options.get(at))
                    .cloned()
                    .unwrap_or_default()
            }
            (Self::List(_), Json::Array(items)) => {
                items.iter().map(label).collect::<Vec<_>>().join("\n")
            }
            (_, value) => label(value),
        }
    }
}

impl EntityPick {
    /// The full reference that `text` means; text that is none is kept as it is.
    pub fn reference(&self, text: &str) -> String {
        let context = RefContext {
            kind: self.default_kind.as_deref(),
            namespace: &self.default_namespace,
        };
        EntityRef::parse(text, context).map_or_else(|_| text.to_owned(), |r| r.to_string())
    }
}

fn number(text: &str) -> Option<Json> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    let number: f64 = text.parse().ok()?;
    serde_json::Number::from_f64(number).map(Json::Number)
}

fn list(
    text: &str,
    separators: &[char],
    parse: impl Fn(&str) -> Result<Option<Json>, String>,
) -> Result<Json, String> {
    let mut items = Vec::new();
    for item in text.split(separators).map(str::trim) {
        if item.is_empty() {
            continue;
        }
        if let Some(value) = parse(item)? {
            items.push(value);
        }
    }
    Ok(items.into())
}
