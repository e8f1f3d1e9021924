//! What a person answered: parameters, and secrets apart from them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value as Json};

/// The answers to a template's form.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    /// One flat object that all pages share, as in Backstage; values of hidden fields stay in it.
    pub parameters: Map<String, Json>,
    /// What `ui:field: Secret` fields hold. Parameters hold stars in their place.
    pub secrets: Secrets,
    /// Paths of fields that were emptied on purpose: their defaults do not come back.
    pub cleared: BTreeSet<String>,
    /// Which option was picked where a value can have several shapes, by the path of the choice.
    pub options: BTreeMap<String, usize>,
}

impl Answers {
    /// No answers yet.
    pub fn new() -> Self {
        Self {
            parameters: Map::new(),
            secrets: Secrets::default(),
            cleared: BTreeSet::new(),
            options: BTreeMap::new(),
        }
    }

    /// All that may be written down: no secrets, nor what stands for them.
    pub fn to_draft(&self) -> String {
        let draft = serde_json::json!({
            "parameters": self.parameters,
            "cleared": self.cleared,
            "options": self.options,
        });
        draft.to_string()
    }

    /// The answers in a draft; `None` if it is none.
    pub fn from_draft(text: &str) -> Option<Self> {
        let mut draft: Map<String, Json> = serde_json::from_str(text).ok()?;
        let mut take = |key: &str| draft.shift_remove(key).unwrap_or_default();
        Some(Self {
            parameters: serde_json::from_value(take("parameters")).ok()?,
            cleared: serde_json::from_value(take("cleared")).ok()?,
            options: serde_json::from_value(take("options")).ok()?,
            ..Self::new()
        })
    }

    /// The value at `path`, a JSON pointer into the parameters.
    pub(super) fn parameters_at(&mut self, path: &str) -> Option<&mut Json> {
        let path = path.strip_prefix('/')?;
        let (first, rest) = match path.split_once('/') {
            Some((first, rest)) => (first, format!("/{rest}")),
            None => (path, String::new()),
        };
        let first = first.replace("~1", "/").replace("~0", "~");
        self.parameters.get_mut(&first)?.pointer_mut(&rest)
    }
}

impl Default for Answers {
    fn default() -> Self {
        Self::new()
    }
}

/// Secret values by name. Never printed, never written: [`fmt::Debug`] shows the names alone.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secrets(BTreeMap<String, String>);

impl Secrets {
    /// Keeps `value` as `name`; an empty value removes it.
    pub fn set(&mut self, name: &str, value: String) {
        if value.is_empty() {
            self.0.remove(name);
        } else {
            self.0.insert(name.to_owned(), value);
        }
    }

    /// The secret named `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All secrets, as the template language sees them.
    pub(crate) fn to_json(&self) -> Json {
        self.0
            .iter()
            .map(|(name, value)| (name.clone(), Json::from(value.as_str())))
            .collect::<Map<_, _>>()
            .into()
    }

    /// The values themselves, to be masked in what is shown.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
